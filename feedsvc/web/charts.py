"""Charts as inline SVG without style or script: paths only, so that a policy may forbid both."""

from collections.abc import Sequence

_STEP = 3
_SPARK_HEIGHT = 18


def spark(counts: Sequence[int], height: int = _SPARK_HEIGHT) -> str:
    """Return the path of a bar for each count; the highest takes all of the height, none is a dot."""
    return bars(counts, max(counts, default=0), height)


def bars(values: Sequence[float], top: float, height: int) -> str:
    """Return the path of bars three units apart, `top` being as high as `height`."""
    return "".join(
        f"M{index * _STEP + 1} {height}v{-_length(value, top, height)}" for index, value in enumerate(values)
    )


def stacked(layers: Sequence[Sequence[float]], height: int) -> tuple[str, ...]:
    """Return a path for each layer of bars that stand on each other."""
    tops = [sum(column) for column in zip(*layers, strict=True)]
    top = max(tops, default=0)
    below = [0.0] * len(tops)
    paths = []
    for layer in layers:
        lengths = [_length(value, top, height) if value else 0.0 for value in layer]
        drawn = (
            f"M{index * _STEP + 1} {_short(height - start)}v{-length}"
            for index, (start, length) in enumerate(zip(below, lengths, strict=True))
            if length
        )
        paths.append("".join(drawn))
        below = [start + length for start, length in zip(below, lengths, strict=True)]
    return tuple(paths)


def span(columns: int) -> int:
    """Return the width of a chart of that many bars."""
    return max(columns * _STEP - 1, _STEP)


def _length(value: float, top: float, height: int) -> float:
    """Return how long a bar is: whatever is more than nothing can be seen."""
    return _short(max(1.0, value / top * height)) if value > 0 and top > 0 else 0.5


def _short(number: float) -> float:
    return round(number, 1)

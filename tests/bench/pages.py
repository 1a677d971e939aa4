"""Time HTML pages, one core, beside `trafilatura.bare_extraction(fast=True, with_metadata=True)`.

    python -m tests.bench.pages [--folder PAGES] [--most N]

Each round reads the same pages with both, one after the other in alternating order, as a busy machine
changes its pace; printed are medians of processor time a page and of the rounds' ratios. Without PAGES
(`*.html` or `*.html.gz`) they are the corpus and the cases of these tests.
"""

import argparse
import gzip
import statistics
import time
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path

from tests.bench.table import Row, compared

ROOT = Path(__file__).parents[1]
ROUNDS = 7
MOST = 60
NOW = datetime(2026, 1, 1, tzinfo=UTC)


def pages(folder: Path | None, most: int) -> list[bytes]:
    """Return at most so many pages, spread over the folder."""
    folders = [folder] if folder else [ROOT / "corpus", ROOT / "extract"]
    found = sorted(path for each in folders for path in each.glob("*.html*"))
    taken = found[:: max(1, len(found) // most)][:most]
    return [
        gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes() for path in taken
    ]


def ours(content: bytes) -> None:
    """Read a page as feedsvc does."""
    from feedsvc.extract import extract  # noqa: PLC0415 - its cost is not a page's
    from feedsvc.model import Document, Hints  # noqa: PLC0415

    document = Document(
        source="bench", key="page", media_type="text/html", content=content, location="/page.html"
    )
    extract(document, Hints(source="bench"), NOW)


def theirs(content: bytes) -> None:
    """Read a page as trafilatura does."""
    from trafilatura import bare_extraction  # noqa: PLC0415

    bare_extraction(content, fast=True, with_metadata=True)


def milliseconds(read: Callable[[bytes], None], contents: list[bytes]) -> float:
    """Return the processor time that a page takes."""
    began = time.process_time()
    for content in contents:
        read(content)
    return 1000 * (time.process_time() - began) / len(contents)


def rows(rounds: int) -> Iterator[Row]:
    """Yield the row of the pages in these tests."""
    yield compared("an HTML page", measured(pages(None, MOST), rounds), "ms", "bare_extraction", "≥ 0.5")


def measured(contents: list[bytes], rounds: int) -> list[tuple[float, float]]:
    """Return what a page took us and them, round by round."""
    readers = (ours, theirs)
    for read in readers:
        milliseconds(read, contents)
    return [_round(contents, readers if number % 2 else readers[::-1]) for number in range(rounds)]


def _round(contents: list[bytes], order: Sequence[Callable[[bytes], None]]) -> tuple[float, float]:
    spent = {read: milliseconds(read, contents) for read in order}
    return spent[ours], spent[theirs]


def main() -> None:
    """Time both and print the medians."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--folder", type=Path)
    parser.add_argument("--most", type=int, default=MOST)
    arguments = parser.parse_args()
    contents = pages(arguments.folder, arguments.most)
    rounds = measured(contents, ROUNDS)
    here, there = (statistics.median(times) for times in zip(*rounds, strict=True))
    ratio = statistics.median(one / other for one, other in rounds)
    print(f"{len(contents)} pages: feedsvc {here:.1f} ms, bare_extraction {there:.1f} ms, ratio {ratio:.2f}")


if __name__ == "__main__":
    main()

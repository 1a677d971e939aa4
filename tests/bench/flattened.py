"""Time flattened pages, one core, beside another version of this code: PYTHONPATH decides which is "this".

    python tests/bench/flattened.py [OTHER-CHECKOUT] [--folder PAGES]

Each round runs both versions on the same pages one after the other, each in a process of its own, as a
busy machine changes its pace; printed are medians of processor time and of the rounds' ratios. Without OTHER
only this version.
Without PAGES the pages are the samples in `seeds/` and `tests/extract/`, repeated to about 5 KB each.
"""

import argparse
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.bench.table import Row

ROOT = Path(__file__).parents[2]
ROUNDS = 7
SIZE = 5_000  # bytes of a page
AGAIN = 20  # times each page is read in a round
NOW = datetime(2026, 1, 1, tzinfo=UTC)


def pages(folder: Path | None) -> list[bytes]:
    """Return pages of about 5 KB: those of a folder that are, else samples with their middle repeated."""
    if folder:
        found = [path.read_bytes() for path in sorted(folder.glob("*.txt"))]
        return [content for content in found if SIZE * 0.8 < len(content) < SIZE * 1.25]
    samples = sorted((*(ROOT / "seeds").rglob("*.txt"), *(ROOT / "tests/extract").glob("*.txt")))
    return [_grown(path.read_bytes()) for path in samples]


def _grown(content: bytes) -> bytes:
    lines = content.split(b"\n")
    while len(b"\n".join(lines)) < SIZE * 0.9:
        lines[len(lines) // 2 : len(lines) // 2] = lines[len(lines) // 3 : len(lines) // 2]
    return b"\n".join(lines)


def measure(folder: Path | None) -> float:
    """Return how many pages a second of processor time this version reads."""
    from feedsvc.extract import extract  # noqa: PLC0415 - of the version under test
    from feedsvc.model import Document, Hints  # noqa: PLC0415

    hints = Hints(source="bench", timezone="Asia/Shanghai")
    documents = [
        Document(source="bench", key=str(n), media_type="text/plain", content=page, location=f"{n}.txt")
        for n, page in enumerate(pages(folder))
    ]
    for document in documents:
        extract(document, hints, NOW)
    began = time.process_time()
    for _ in range(AGAIN):
        for document in documents:
            extract(document, hints, NOW)
    return AGAIN * len(documents) / (time.process_time() - began)


def run(checkout: Path, folder: Path | None) -> float:
    """Measure a checkout in a process of its own."""
    call = [sys.executable, __file__, "--measure", *(["--folder", str(folder)] if folder else [])]
    done = subprocess.run(
        call, env={**os.environ, "PYTHONPATH": str(checkout)}, capture_output=True, text=True, check=True
    )
    return float(done.stdout)


def rows(rounds: int) -> "Iterator[Row]":
    """Yield the row of this version alone."""
    from tests.bench.table import alone  # noqa: PLC0415 - this file also runs as a script, beside another checkout

    yield alone("flattened pages", [run(ROOT, None) for _ in range(rounds)], "a second of CPU", "≥ 2,000")


def main() -> None:
    """Print medians."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("other", nargs="?", type=Path)
    parser.add_argument("--folder", type=Path)
    parser.add_argument("--measure", action="store_true", help=argparse.SUPPRESS)
    args = parser.parse_args()
    if args.measure:
        sys.stdout.write(f"{measure(args.folder)}\n")
        return
    ours, theirs = [], []
    for _ in range(ROUNDS):
        ours.append(run(ROOT, args.folder))
        theirs += [run(args.other, args.folder)] if args.other else []
    sys.stdout.write(f"this: {statistics.median(ours):.0f} pages a second, best {max(ours):.0f}\n")
    if theirs:
        ratio = statistics.median(one / other for one, other in zip(ours, theirs, strict=True))
        sys.stdout.write(f"other: {statistics.median(theirs):.0f}, this is {ratio:.2f} times as fast\n")


if __name__ == "__main__":
    main()

"""Print one table of what feedsvc costs, beside what it is compared with.

    python -m tests.bench [PART…] [--rounds N]

Without PART all of them. Every part visits both sides in one run, in alternating rounds, and gives medians of
processor time; `ratio` is theirs to ours, the median over the rounds, so that more is better for feedsvc.
"""

import argparse
import shutil
import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from tests.bench import busy, flattened, freshness, ingest, memory, pages, rendering, serving, ticks
from tests.bench.table import HEAD, Row, line

ROUNDS = 7
_GET = "`apt-get install wrk nginx-light`"


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """Some rows of the table."""

    rows: Callable[[int], Iterator[Row]]
    """Takes the number of rounds."""
    programs: tuple[str, ...] = ()
    """What it cannot do without, beside Python."""


PARTS: Mapping[str, Part] = {
    "serving": Part(rows=serving.rows, programs=serving.PROGRAMS),
    "busy": Part(rows=busy.rows, programs=busy.PROGRAMS),
    "rendering": Part(rows=rendering.rows),
    "pages": Part(rows=pages.rows),
    "flattened": Part(rows=flattened.rows),
    "ingest": Part(rows=ingest.rows),
    "ticks": Part(rows=ticks.rows),
    "freshness": Part(rows=freshness.rows, programs=freshness.PROGRAMS),
    "memory": Part(rows=memory.rows),
}


def main() -> None:
    """Run the parts that are asked for and print each row when it is there."""
    parser = argparse.ArgumentParser(
        prog="python -m tests.bench",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("part", nargs="*", choices=[*PARTS, []], metavar="PART", help=", ".join(PARTS))
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    arguments = parser.parse_args()
    say(HEAD)
    for name in arguments.part or PARTS:
        part = PARTS[name]
        missing = [program for program in part.programs if not shutil.which(program)]
        if missing:
            say(f"| {name}: not measured, for want of {', '.join(missing)} ({_GET}) |")
            continue
        for row in part.rows(arguments.rounds):
            say(line(row))


def say(text: str) -> None:
    """Print at once: a part takes a while."""
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()

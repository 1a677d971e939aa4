"""A feed of which one entry changed, beside feedgen writing all of it.

What is compared with is feedgen as `feedsvc.feeds.xml` drives it, whose bytes ours are.
"""

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

from feedsvc.feeds import Feed, Writer
from feedsvc.feeds.xml import entry_of, generator_of
from tests.bench.table import Row, compared
from tests.builders import SITE, article, feed

SIZES = (20, 100, 1000)
BODY = "".join(f"<p>今年以来，溪口区第{number}间社区书屋开门迎客，借阅三千余册。</p>" for number in range(32))
AGAIN = 5
"""Times that a change is written in a round."""


def rows(rounds: int) -> Iterator[Row]:
    """Yield a row for each length of a feed."""
    for size in SIZES:
        shown = feed(*(article(number, html=BODY, text=BODY) for number in range(size)))
        writer = Writer(SITE)
        kept(writer, shown, 0)
        measured = [_round(writer, shown, number) for number in range(rounds)]
        what = f"1 of {size} entries changed, RSS + Atom"
        yield compared(what, measured, "ms", "feedgen", wanted="≥ 1")


def _round(writer: Writer, shown: Feed, number: int) -> tuple[float, float]:
    """Measure both in the other order than in the round before."""
    calls: Sequence[Callable[[], None]] = (
        lambda: _repeated(lambda again: kept(writer, shown, number * AGAIN + again + 1)),
        lambda: _repeated(lambda _: at_once(shown)),
    )
    order = calls if number % 2 else calls[::-1]
    times = {call: spent(call) / AGAIN for call in order}
    return times[calls[0]], times[calls[1]]


def kept(writer: Writer, shown: Feed, number: int) -> None:
    """Write a feed whose first entry is another one than before."""
    changed = replace(shown.articles[0], title=f"Change {number}")
    for suffix in ("rss", "atom"):
        writer.write(suffix, replace(shown, articles=(changed, *shown.articles[1:])))


def at_once(shown: Feed) -> None:
    """Write a whole feed by feedgen."""
    for suffix in ("rss", "atom"):
        generator = generator_of(shown, SITE, suffix)
        for each in shown.articles:
            generator.add_entry(entry_of(each, SITE), order="append")
        generator.rss_str() if suffix == "rss" else generator.atom_str()


def spent(call: Callable[[], object]) -> float:
    """Return the milliseconds of processor time that a call takes."""
    began = time.process_time()
    call()
    return 1000 * (time.process_time() - began)


def _repeated(call: Callable[[int], None]) -> None:
    for again in range(AGAIN):
        call(again)

"""Measures what every kind of page costs with 100,000 articles: `python -m tests.bench.html_pages`.

Each page is asked for by path as the server would, without the network; the floor is at 3 ms a page.
"""

import statistics
import sys
import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from itertools import islice
from random import Random

from feedsvc.feeds import article_path
from feedsvc.ingest import Ticked
from feedsvc.model import Article, Assignment, Health
from feedsvc.store import Limits, SqliteJournal, Store
from feedsvc.web import Catalogue, Pages, Responses, create_site
from tests.builders import PLAIN, SITE, START, ZONE, StoppedClock, Town, article

ARTICLES, TOPICS, ROUNDS = 100_000, 600, 200
FLOOR = 3.0
"""Milliseconds."""


def told(random: Random) -> Iterator[Article]:
    """Yield articles of sixty days with some topics each."""
    number = 0
    while True:
        number += 1
        names = [f"topic {int(random.paretovariate(0.7)) % TOPICS}" for _ in range(3)]
        topics = tuple(
            Assignment(slug=name.replace(" ", "-"), name=name, source="explicit", matched=name)
            for name in dict.fromkeys(names)
        )
        body = "All day long people came to see how the old bridge was lifted. " * 12
        yield article(
            number,
            title=f"The old bridge is lifted for the {number}th time this year",
            text=body,
            html="".join(f"<p>{body}</p>" for _ in range(3)),
            summary=body[:240],
            published=START - timedelta(days=60) * random.random(),
            topics=topics,
        )


def built() -> tuple[Town, Store]:
    """Return a town with all of the articles, ticked twice."""
    store = Store(PLAIN, [Health(source="town", kind="folder")], Limits(), SqliteJournal(None))
    catalogue = Catalogue(site=SITE, language="en", intervals={"town": 300})
    responses = Responses(store, catalogue)
    ticks = [
        Ticked(started=START, seconds=n / 9, new=n, changed=1, dropped=2, failed=False) for n in range(100)
    ]
    pages = Pages(store=store, catalogue=catalogue, clock=StoppedClock(), zone=ZONE, ticks=lambda: ticks)
    town = Town(store=store, responses=responses, web=create_site(responses, pages), pages=pages)
    articles = told(Random(1))  # noqa: S311 - a shuffled town, no secret
    for hours in range(2):
        town.tick(*islice(articles, ARTICLES // 2), at=START + timedelta(hours=hours))
    return town, store


def measured(town: Town, path: str) -> tuple[float, float, int]:
    """Return the median and the 95th percentile in milliseconds of processor time, and bytes as gzip."""
    environ = {
        "REQUEST_METHOD": "GET",
        "PATH_INFO": path.partition("?")[0],
        "QUERY_STRING": path.partition("?")[2],
        "SERVER_NAME": "localhost",
        "SERVER_PORT": "80",
        "HTTP_ACCEPT_ENCODING": "gzip, br",
        "HTTP_ACCEPT_LANGUAGE": "zh-CN,en;q=0.5",
        "wsgi.url_scheme": "http",
    }
    said: list[str] = []

    def start(status: str, *_: object) -> Callable[[bytes], object]:
        said.append(status)
        return print  # nothing here writes

    spent: list[float] = []
    size = 0
    for _ in range(ROUNDS):
        before = time.process_time()
        body = b"".join(town.web.wsgi_app(dict(environ), start))
        spent.append((time.process_time() - before) * 1000)
        size = len(body)
    if set(said) != {"200 OK"}:
        sys.exit(f"{path}: {set(said)}")
    return statistics.median(spent), statistics.quantiles(spent, n=20)[-1], size


def main() -> None:
    """Print a line for each kind of page; exit 1 where one takes longer than the floor."""
    town, store = built()
    edition = store.edition
    before = time.process_time()
    town.pages.refresh()
    print(
        f"counting {ARTICLES} articles anew after a commit of half of them: "
        f"{(time.process_time() - before) * 1000:.0f} ms, in the thread that commits"
    )
    some = article_path(edition.articles[article(50_000).id])
    paths = [
        "/",
        "/latest",
        "/latest?page=2",
        "/latest/archive/700",
        "/topics",
        "/topics?kind=own&page=2",
        "/topics?with=topic+1",
        "/topics/topic-1",
        "/topics/topic-1+topic-2",
        "/sources",
        "/sources/town",
        "/status",
        "/status/documents",
        "/status/documents?q=bridge",
        some,
        f"{some}/explain",
        "/combine?with=topic+1",
    ]
    print(f"{'page':48}{'median':>8}{'p95':>8}{'gzip':>9}")
    slow = False
    for path in paths:
        median, p95, size = measured(town, path)
        slow |= median > FLOOR
        print(f"{path:48}{median:6.2f} ms{p95:6.2f} ms{size:7} B")
    sys.exit(slow)


if __name__ == "__main__":
    main()

"""Which articles a feed shows: by count, by time, by size, by source."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedsvc import text
from feedsvc.beside import files_path
from feedsvc.feeds import FORMATS, write
from feedsvc.model import Article, Enclosure, Upstream
from feedsvc.store import Limits, Window
from feedsvc.store.window import Candidates, choose, newest_first
from feedsvc.weight import weight
from tests.builders import NOON, SITE, article, feed, rich, topic

HOUR = timedelta(hours=1)
TWO_DAYS = 48 * HOUR
BYTES = st.integers(1_000, 40_000)


def taken(number: int, hours: float, **changes: object) -> Article:
    """Return an article that the store took some hours before noon."""
    return article(number, revised=NOON - hours * HOUR, **changes)


def chosen(
    *articles: Article, limits: Limits, unarchived: int = 0, newest: datetime = NOON, holes: int = 0
) -> Window:
    """Return the window on articles that came in the order given, after some that left again."""
    recent = [each for each in articles if each.revised and each.revised >= newest - limits.time]
    candidates = Candidates(
        recent=tuple(each.id for each in sorted(recent, key=when)),
        slots=(*(each.id for each in articles), *[None] * holes),
        unarchived=unarchived,
    )
    return choose(candidates, {each.id: each for each in articles}, limits, newest)


def when(each: Article) -> datetime:
    assert each.revised
    return each.revised


def numbers(window: Window) -> list[int]:
    return [int(each.id[-12:]) for each in window.articles]


def test_an_empty_list_has_an_empty_window_that_covers_all_of_the_time() -> None:
    assert chosen(limits=Limits()) == Window(articles=(), covered=TWO_DAYS)


def test_by_count_the_window_holds_the_newest_by_arrival() -> None:
    old_news = taken(1, 5, published=NOON - timedelta(days=900))
    shown = chosen(taken(3, 100), taken(2, 90), old_news, limits=Limits(count=2, time=HOUR))
    assert numbers(shown) == [2, 1]


def test_by_time_the_window_holds_all_of_the_last_hours_however_many() -> None:
    many = [taken(number, 47 - number / 10) for number in range(99)]
    shown = chosen(taken(100, 48.1), taken(101, 48), *many, limits=Limits(count=2))
    assert set(numbers(shown)) == {*range(99), 101}
    assert shown.covered == TWO_DAYS


def test_the_window_holds_whichever_is_more() -> None:
    few = [taken(number, 50 + number) for number in (5, 4, 3)]
    assert numbers(chosen(*few, taken(2, 1), limits=Limits(count=3))) == [4, 3, 2]
    assert numbers(chosen(*few, taken(2, 2), taken(1, 1), limits=Limits(count=1))) == [2, 1]


def test_an_edit_brings_an_old_article_back_for_the_time_beside_those_of_the_count() -> None:
    old, *newer = [taken(number, 100 - number) for number in range(1, 6)]
    limits = Limits(count=2)
    assert numbers(chosen(old, *newer, limits=limits)) == [5, 4]
    assert numbers(chosen(replace(old, revised=NOON), *newer, limits=limits)) == [5, 4, 1]


def test_those_that_left_do_not_use_up_the_count() -> None:
    three = [taken(number, 100) for number in (1, 2, 3)]
    assert numbers(chosen(*three, limits=Limits(count=2), holes=7)) == [3, 2]


def test_what_no_archive_page_holds_is_shown_however_few_the_count_allows() -> None:
    many = [taken(number, 100) for number in range(1, 30)]
    assert len(chosen(*many, limits=Limits(count=2), unarchived=20).articles) == 20
    assert len(chosen(*many, limits=Limits(count=25), unarchived=20).articles) == 25
    assert len(chosen(*many, limits=Limits(count=2), unarchived=20, holes=5).articles) == 15


def test_articles_are_shown_by_date_and_those_of_one_moment_by_id() -> None:
    late, early = article(1, published=NOON), article(2, published=NOON - HOUR)
    twin = article(3, published=NOON)
    assert newest_first([twin, early, late]) == (late, twin, early)


def test_nothing_but_the_list_decides_what_time_it_is() -> None:
    articles = [taken(number, 100 - number) for number in range(9)]
    early = chosen(*articles, limits=Limits(count=1), newest=NOON - 91 * HOUR)
    assert set(numbers(early)) == set(range(9))
    assert numbers(chosen(*articles, limits=Limits(count=1))) == [8]


def heavy(number: int, hours: float, size: int) -> Article:
    """Return an article whose text makes it weigh that much."""
    plain = taken(number, hours)
    room = size - weight(replace(plain, html=""))
    return replace(plain, html="x" * room)


def test_a_heavy_article_weighs_what_it_was_built_to() -> None:
    assert weight(heavy(1, 0, 10_000)) == 10_000


def test_a_feed_ends_before_it_gets_too_big_and_says_how_much_time_it_covers() -> None:
    articles = [heavy(number, 10 - number, 10_000) for number in range(1, 9)]
    shown = chosen(*articles, limits=Limits(size=35_000))
    assert numbers(shown) == [8, 7, 6]
    assert shown.covered == 5 * HOUR  # the fifth was taken then, and whoever looks later misses it
    assert chosen(*articles, limits=Limits(size=80_000)).covered == TWO_DAYS


def test_nothing_smaller_slips_in_past_what_was_too_big() -> None:
    articles = [taken(1, 3), heavy(2, 2, 30_000), taken(3, 1)]
    shown = chosen(*articles, limits=Limits(size=31_000))
    assert numbers(shown) == [3]
    assert shown.covered == 2 * HOUR


def test_a_cut_among_those_that_only_the_count_brings_in_costs_no_time() -> None:
    old = [heavy(number, 100 - number, 10_000) for number in (1, 2, 3)]
    shown = chosen(*old, heavy(4, 1, 10_000), limits=Limits(size=25_000))
    assert numbers(shown) == [4, 3]
    assert shown.covered == TWO_DAYS


def test_where_not_even_one_commit_fits_nothing_is_covered() -> None:
    flood = [heavy(number, 0, 10_000) for number in range(1, 9)]
    shown = chosen(*flood, limits=Limits(size=25_000))
    assert len(shown.articles) == 2
    assert shown.covered == timedelta(0)


def test_an_article_heavier_than_a_feed_may_be_is_shown_with_its_summary_alone() -> None:
    told = taken(1, 0, html="<p>long</p>" * 9_000, text="long " * 9_000, summary="Short & <sweet>")
    (shown,) = chosen(told, limits=Limits(size=20_000)).articles
    assert (shown.text, shown.html) == ("Short & <sweet>", "<p>Short &amp; &lt;sweet&gt;</p>")
    assert replace(shown, text=told.text, html=told.html) == told
    (whole,) = chosen(told, limits=Limits()).articles
    assert whole is told


def test_an_abridged_article_makes_room_for_others() -> None:
    huge = taken(2, 1, html="<p>long</p>" * 9_000)
    shown = chosen(taken(1, 2), huge, taken(3, 0), limits=Limits(size=20_000))
    assert numbers(shown) == [3, 2, 1]
    assert shown.covered == TWO_DAYS


def test_the_newest_article_is_shown_even_where_its_summary_is_too_big() -> None:
    endless = taken(2, 0, summary="s" * 30_000)
    shown = chosen(taken(1, 1), endless, limits=Limits(size=20_000))
    assert numbers(shown) == [2]
    assert shown.covered == HOUR


def test_no_source_takes_more_than_its_share() -> None:
    loud = [taken(number, 20 - number, source="loud") for number in range(1, 9)]
    shown = chosen(taken(20, 30), *loud, taken(21, 0), limits=Limits(per_source=2))
    assert numbers(shown) == [21, 20, 8, 7]
    assert shown.covered == 14 * HOUR  # the sixth of the loud ones was left out


def test_without_a_share_a_source_may_fill_the_feed() -> None:
    loud = [taken(number, 20 - number, source="loud") for number in range(1, 9)]
    assert len(chosen(*loud, limits=Limits()).articles) == 8


LINES = st.builds(
    lambda line, times: text.one_line(line * times),
    st.text(st.characters(), min_size=1, max_size=20),
    st.sampled_from([1, 1, 4, 60]),
)
BODIES = st.text(st.characters() | st.sampled_from("<>&\"'\\\n\t\r "), max_size=300).map(text.clean)
LINKS = st.text(st.sampled_from("abc/&?%='"), max_size=300).map(lambda path: f"https://example.org/{path}")
ANY_ARTICLE = st.builds(
    article,
    st.just(7),
    title=LINES.filter(bool),
    text=BODIES,
    html=BODIES,
    summary=LINES,
    authors=st.lists(LINES, max_size=4).map(tuple),
    topics=st.lists(LINES, max_size=4).map(lambda names: tuple(topic(name, "t") for name in names)),
    images=st.lists(LINKS, max_size=2).map(tuple),
    enclosures=st.lists(
        st.builds(Enclosure, url=LINKS, media_type=st.just("audio/mpeg"), title=LINES), max_size=3
    ).map(tuple),
    upstream=st.none() | st.builds(Upstream, id=LINKS, title=LINES, url=LINKS, updated=st.just(NOON)),
    via=st.lists(LINKS, max_size=3).map(tuple),
    url=st.none() | LINKS,
)


HERE = f"{files_path(article().id)}a.png"
PICTURED = article(files=("a.png",), images=(HERE,), html=f'<img src="{HERE}">' * 500)


def added(suffix: str, told: Article) -> int:
    """Return how many bytes an article adds to a feed that has another already."""
    alone, both = (feed(*articles, updated=NOON) for articles in ([article()], [article(), told]))
    site = replace(SITE, base_url=f"https://{'feeds.' * 20}example.org/news")
    return len(write(suffix, both, site)) - len(write(suffix, alone, site))


@given(ANY_ARTICLE)
def test_an_article_never_adds_more_to_a_feed_than_it_weighs(told: Article) -> None:
    for suffix in FORMATS:
        assert added(suffix, told) <= weight(told), suffix


@pytest.mark.parametrize(
    "told",
    [
        rich(),
        article(summary="", html="&" * 5_000),
        article(summary="&" * 5_000),
        article(text='"\\\n\t' * 5_000),
        article(title="&<" * 2_000),
        article(text="结束😀" * 2_000, html="<p>结束😀</p>" * 2_000),
        article(authors=("A & B",) * 400),
        article(topics=(topic("R&D" * 20, "r-d"),) * 100),
        article(topics=(topic("&" * 9_000, "t"),)),
        article(topics=(topic("社区活动" * 900, "t"),)),
        article(images=("https://example.org/a?b=1&c=2",) * 99),
        article(via=("https://example.org/a?b=1&c=2",) * 99),
        article(enclosures=(Enclosure(url="https://example.org/a?b&c", media_type="audio/ogg"),) * 99),
        article(
            enclosures=(Enclosure(url="https://example.org/a", media_type="audio/ogg", title="t" * 9_000),)
        ),
        PICTURED,
        replace(PICTURED, html=PICTURED.html.replace("img src", "a href")),
        article(upstream=Upstream(id="i" * 900, title="&" * 900, url="u", updated=NOON)),
    ],
    ids=lambda told: max(
        (name for name in told.__slots__ if name not in {"id", "key"}),
        key=lambda name: len(str(getattr(told, name))),
    ),
)
def test_what_stands_in_a_feed_more_than_once_is_weighed_more_than_once(told: Article) -> None:
    assert max(added(suffix, told) for suffix in FORMATS) <= weight(told)


@dataclass
class Poller:
    """Somebody who looks at the window alone."""

    last: datetime
    met: dict[str, datetime] = field(default_factory=dict)

    def look(self, window: Window, now: datetime) -> None:
        self.last = now
        self.met |= {each.id: when(each) for each in window.articles}


ARRIVALS = st.lists(
    st.tuples(st.integers(0, 12), st.integers(0, 40), st.sampled_from([2_500, 6_000]), st.integers(0, 2)),
    min_size=1,
    max_size=40,
)
"""Number, half hours since the last one, weight, source."""


@given(
    ARRIVALS,
    st.lists(st.integers(0, 39), max_size=10),
    st.builds(
        Limits,
        count=st.integers(1, 9),
        time=st.sampled_from([timedelta(0), 6 * HOUR, TWO_DAYS]),
        size=BYTES,
        per_source=st.none() | st.integers(1, 3),
    ),
)
def test_whoever_looks_as_often_as_is_covered_misses_nothing(
    arrivals: list[tuple[int, int, int, int]], looks: list[int], limits: Limits
) -> None:
    held: dict[str, Article] = {}
    order: list[str] = []
    now = NOON
    poller = Poller(last=now)
    for step, (number, wait, size, source) in enumerate(arrivals):
        now += wait * HOUR / 2
        fresh = replace(heavy(number, 0, size), source=f"{source}", revised=now)
        order += [] if fresh.id in held else [fresh.id]
        held.pop(fresh.id, None)  # what is touched comes last
        held[fresh.id] = fresh
        window = windowed(held, order, limits, now)
        if now - poller.last < window.covered:
            before = dict(poller.met)
            poller.look(window, now)
            missed = {each.id for each in held.values() if before.get(each.id) != when(each)} - {
                id_ for id_, met in poller.met.items() if met == when(held[id_])
            }
            assert not missed, step
        elif step in looks:  # who comes too late starts anew
            poller.look(window, now)
            poller.met = {each.id: when(each) for each in held.values()}


def windowed(held: Mapping[str, Article], order: list[str], limits: Limits, now: datetime) -> Window:
    recent = tuple(each.id for each in held.values() if when(each) >= now - limits.time)
    candidates = Candidates(recent=recent, slots=tuple(order), unarchived=0)
    return choose(candidates, held, limits, now)

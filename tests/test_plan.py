"""What a changed configuration would do, told from a journal alone, and whether it comes true."""

import logging
import os
from collections.abc import Callable, Iterable
from dataclasses import replace
from functools import partial
from pathlib import Path

import pytest

from feedsvc import app, sections
from feedsvc.extract import article_id
from feedsvc.foretelling import fingerprint
from feedsvc.ingest import Wish
from feedsvc.model import Article, Assignment, Change, Commit, Health, Known
from feedsvc.opening import open_store
from feedsvc.plan import Consequence, Kind, Past, Plan, decide, said_by, spell, understood
from feedsvc.settings import Settings, load
from feedsvc.sources import Scan
from feedsvc.store import Limits, Store
from feedsvc.store.edition import first_edition
from tests.builders import PLAIN, START, article, calls, note, topic

TOWN = '[[source]]\npath = "town"\n'
COLD = '[[topic]]\nname = "Cold"\nmatch = "froze"\naliases = ["frozen"]\n'
Configured = Callable[[str], Settings]


@pytest.fixture
def configured(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Configured:
    """Return what reads a configuration in a folder with the folders `town` and `away`."""
    monkeypatch.chdir(tmp_path)
    for name in ("town", "away"):
        Path(name).mkdir()

    def configure(toml: str) -> Settings:
        Path("feedsvc.toml").write_text(toml, encoding="utf-8")
        return load({})

    return configure


def opened(settings: Settings) -> Store:
    return open_store(settings, sections.topics(settings))


def published(
    number: int, source: str = "town", site: str = "feedsvc", topics: Iterable[Assignment] = ()
) -> Article:
    """Return an article with the id that its document would give it."""
    key = f"{number}.md"
    id_ = article_id(site, source, key)
    return article(number, id=id_, source=source, key=key, topics=tuple(topics))


def serve(settings: Settings, *articles: Article) -> None:
    """Have a service of a configuration serve articles, and stop."""
    store = opened(settings)
    store.settle(fingerprint(settings), START)
    for source in settings.source:
        seen = Path(source.path).stat()
        mine = tuple(each for each in articles if each.source == source.name)
        health = Health(
            source=source.name,
            kind="folder",
            last_attempt=START,
            last_success=START,
            place=f"{seen.st_dev}:{seen.st_ino}",
        )
        known = {each.key: Known(version="1", digest="1", article=each.id) for each in mine}
        store.commit(Commit(at=START, change=Change(health=health, articles=mine, known=known)))
    store.close()


def planned(settings: Settings) -> Plan:
    found = app.plan(settings)
    assert found is not None
    return found


def only(plan: Plan, kind: Kind) -> Consequence:
    return next(each for each in plan.consequences if each.kind == kind)


def test_the_same_configuration_changes_nothing(configured: Configured) -> None:
    settings = configured(TOWN + COLD)
    serve(settings, published(1))
    plan = planned(settings)
    assert (plan.articles, plan.feeds, plan.consequences) == (1, 4, ())
    assert not plan.exceeds(0)


def test_a_topic_that_was_hidden_from_the_beginning_had_no_feed_that_could_vanish(
    configured: Configured,
) -> None:
    hidden = '[[topic]]\nname = "Hidden"\nmatch = "harbour"\nhide = true\n'
    settings = configured(TOWN + hidden)
    serve(settings, published(1))
    assert planned(settings).consequences == ()
    shown = configured(TOWN + hidden.replace("true", "false"))
    assert "vanished" not in {each.kind for each in planned(shown).consequences}


def test_another_site_id_gives_all_articles_new_ids_whatever_their_ids_are_made_of(
    configured: Configured,
) -> None:
    serve(configured(TOWN), published(1), article(2))
    plan = planned(configured(f'[site]\nid = "other"\n{TOWN}'))
    (found,) = plan.consequences
    assert (found.kind, found.count) == ("new ids", 2)
    assert found.says == "2 of 2 articles get new ids: everyone sees them unread"
    assert found.details == ("site.id is 'other' instead of 'feedsvc', once they are read again",)


def test_articles_read_under_a_site_id_long_ago_keep_their_ids_when_it_comes_back(
    configured: Configured,
) -> None:
    serve(configured(TOWN), published(1), published(2, site="other"))
    plan = planned(configured(f'[site]\nid = "other"\n{TOWN}'))
    assert plan.count("new ids") == 1


def test_a_source_that_reads_the_same_place_under_another_name_was_renamed(configured: Configured) -> None:
    serve(configured(TOWN), published(1), published(2))
    plan = planned(configured('[[source]]\npath = "town"\nname = "City"\n'))
    assert [each.kind for each in plan.consequences] == ["new ids", "vanished"]
    assert only(plan, "new ids").details == ("source 'town' is called 'city': 2 articles",)
    assert only(plan, "vanished").details == ("/sources/town answers 410",)
    assert plan.exceeds(100)


def test_a_folder_that_is_moved_and_renamed_is_still_the_same_place(configured: Configured) -> None:
    serve(configured(TOWN), published(1))
    Path("town").rename("city")
    assert planned(configured('[[source]]\npath = "city"\n')).count("new ids") == 1


def test_a_source_that_is_not_configured_hides_its_articles_and_another_place_is_a_new_source(
    configured: Configured,
) -> None:
    serve(configured(TOWN), published(1))
    plan = planned(configured('[[source]]\npath = "away"\n'))
    assert only(plan, "hidden").says == "1 of 1 articles are hidden: their source is not configured"
    assert only(plan, "sources").details == ("source 'away' is read",)
    assert plan.count("new ids") == 0


def test_a_source_that_comes_back_is_told_as_one(configured: Configured) -> None:
    both = '[[source]]\npath = "away"\n' + TOWN
    serve(configured(both), published(1), published(2, "away"))
    serve(configured(TOWN))
    plan = planned(configured(both))
    (found,) = plan.consequences
    assert (found.kind, found.details) == ("sources", ("source 'away' comes back with what it had",))
    assert plan.articles == 1


@pytest.mark.parametrize("mounted", [True, False])
def test_of_a_folder_that_is_not_mounted_it_cannot_be_told_and_nobody_need_look(
    configured: Configured, caplog: pytest.LogCaptureFixture, *, mounted: bool
) -> None:
    settings = configured(TOWN)
    serve(settings, published(1))
    Path("town").rename("unmounted")
    if mounted:
        Path("town").mkdir()
    (found,) = planned(settings).consequences
    assert (found.kind, found.says) == ("unseen", "what 1 source would read cannot be told")
    (why,) = found.details
    assert why.startswith("source 'town' reads town, where nothing is: is it mounted?") == mounted
    assert not planned(settings).exceeds(0)
    app.build(settings).store.close()
    assert caplog.messages == []


def written(folder: str, *names: str) -> None:
    """Put documents into a folder, finished long ago."""
    Path(folder).mkdir(parents=True, exist_ok=True)
    for name in names:
        path = Path(folder, name)
        path.write_text(note(f"{name} of {folder}"), encoding="utf-8")
        os.utime(path, (START.timestamp(), START.timestamp()))


def read(settings: Settings) -> None:
    """Have a service read what there is, and stop."""
    service = app.build(settings)
    service.ingest.tick(sections.now)
    service.store.close()


STOPS = (
    "source 'town' reads another folder: most of its documents are not there, so it stops at an incident; "
    "`feedsvc ingest --accept-removals` withdraws 2 articles, and what is there gets new ids"
)


@pytest.mark.parametrize("path", ["town/news", "away"])
def test_articles_of_a_source_that_would_read_another_folder_count_as_new_ids_do(
    path: str, configured: Configured, caplog: pytest.LogCaptureFixture
) -> None:
    written("town/news", "1.md", "2.md")
    written("away", "3.md")
    read(configured(TOWN))
    elsewhere = configured(f'[site]\nid = "other"\n[[source]]\npath = "{path}"\nname = "town"\n')
    plan = planned(elsewhere)
    (found,) = plan.consequences
    assert (found.kind, found.says) == ("places", "2 of 2 articles are not where their source will read")
    assert found.details == (STOPS,)
    assert (plan.disturbed, plan.exceeds(99)) == (2, True)
    app.build(elsewhere).store.close()
    assert caplog.messages == [f"changed configuration: {found}"]


def test_of_another_folder_only_what_is_not_there_and_not_left_out_counts(configured: Configured) -> None:
    written("town", "1.md", "2.md", "3.md", "5.md", "6.md")
    written("away", "1.md", "4.md", "5.md", "6.md")
    read(configured(TOWN))
    plan = planned(configured('[[source]]\npath = "away"\nname = "town"\nexclude = ["3*"]\n'))
    assert only(plan, "places").details == (
        "source 'town' reads another folder: 1 article not there, to be withdrawn",
    )
    assert plan.disturbed == 2


def test_what_is_left_out_does_not_make_a_copy_another_folder(configured: Configured) -> None:
    written("town", "1.md", "2.md", "3.md")
    read(configured(TOWN))
    written("away", "1.md", "2.md", "3.md")
    settings = configured('[[source]]\npath = "away"\nname = "town"\nexclude = ["2*", "3*"]\n')
    assert [each.kind for each in planned(settings).consequences] == ["withdrawn"]
    service = app.build(settings)
    report = service.ingest.tick(sections.now)
    service.store.close()
    assert not report.failed


def test_a_copy_of_a_folder_is_as_good_as_the_folder(configured: Configured) -> None:
    written("town", "1.md", "2.md")
    read(configured(TOWN))
    written("away", "1.md", "2.md")
    assert planned(configured('[[source]]\npath = "away"\nname = "town"\n')).consequences == ()


TWO = '[[source]]\npath = "{}"\nname = "town"\n[[source]]\npath = "{}"\nname = "away"\n'


def test_sources_whose_names_are_swapped_swap_what_stands_under_their_ids(configured: Configured) -> None:
    written("town", "1.md", "2.md")
    written("away", "1.md", "2.md")
    read(configured(TWO.format("town", "away")))
    plan = planned(configured(TWO.format("away", "town")))
    assert only(plan, "places").count == 4
    told = "and the other way round: 2 articles with other content under the same ids"
    assert only(plan, "places").details == (
        f"source 'town' reads the folder of 'away' {told}",
        f"source 'away' reads the folder of 'town' {told}",
    )
    same = planned(configured(TWO.format("away", "away")))
    assert only(same, "places").details == (
        "source 'town' reads the folder of 'away': 2 articles with other content under the same ids",
    )


def test_disks_that_change_their_numbers_are_the_same_disks(configured: Configured) -> None:
    written("town", "1.md")
    written("away", "1.md")
    settings = configured(TWO.format("town", "away"))
    read(settings)
    store = opened(settings)
    health = store.edition.health
    for name, other in (("town", "away"), ("away", "town")):  # as after a restart that counts them otherwise
        renumbered = replace(health[name], place=health[other].place)
        store.commit(Commit(at=START, change=Change(health=renumbered)))
    store.close()
    assert planned(settings).consequences == ()


def test_a_folder_that_becomes_a_feed_leaves_its_articles_unread_from_now_on(configured: Configured) -> None:
    written("town", "1.md")
    read(configured(TOWN))
    plan = planned(configured('[[source]]\nurl = "http://127.0.0.1:9/x"\nkind = "feed"\nname = "town"\n'))
    (told,) = only(plan, "places").details
    assert told == (
        "source 'town' reads the web instead of a folder: 1 article never read again, "
        "and what it reads gets new ids"
    )
    assert plan.disturbed == 1


def test_a_feed_that_becomes_a_folder_loses_its_articles(configured: Configured) -> None:
    at = "http://127.0.0.1:9/x"
    settings = configured(f'[[source]]\nurl = "{at}"\nkind = "feed"\nname = "town"\n')
    store = opened(settings)
    store.settle(fingerprint(settings), START)
    health = Health(source="town", kind="feed", last_attempt=START, last_success=START)
    known = {at: Known(version="1", digest="1", article=article(1).id)}
    store.commit(
        Commit(at=START, change=Change(health=health, articles=(article(1, source="town"),), known=known))
    )
    store.close()
    assert planned(settings).consequences == ()
    written("town", "1.md")
    assert only(planned(configured(TOWN)), "places").details == (
        "source 'town' reads a folder instead of the web: 1 article not there, to be withdrawn",
    )


def test_documents_that_the_patterns_leave_out_are_withdrawn_and_get_no_new_ids(
    configured: Configured,
) -> None:
    serve(configured(TOWN), published(1), published(2), published(3))
    plan = planned(configured(f'[site]\nid = "other"\n{TOWN}exclude = ["1*"]\ninclude = ["*.md"]\n'))
    assert only(plan, "withdrawn").details == ("source 'town': 1 article",)
    assert (plan.count("new ids"), plan.disturbed) == (2, 3)


def test_patterns_of_a_source_that_is_new_leave_out_nothing_that_was_published(
    configured: Configured,
) -> None:
    serve(configured(TOWN), published(1))
    plan = planned(configured(f'{TOWN}include = ["*.md"]\n[[source]]\npath = "away"\nexclude = ["1*"]\n'))
    assert plan.count("withdrawn") == 0


def at(url: str) -> str:
    return f'[site]\nbase_url = "{url}"\n{TOWN}'


def test_another_base_url_moves_all_feeds(configured: Configured) -> None:
    serve(configured(at("https://town.example.org")))
    plan = planned(configured(at("https://town.example.org/feeds")))
    (found,) = plan.consequences
    assert (found.kind, found.says) == (
        "elsewhere",
        "all feeds and links move to https://town.example.org/feeds",
    )
    assert plan.lost == plan.feeds == 2


def test_a_base_url_that_nobody_knows_moves_nothing(configured: Configured) -> None:
    serve(configured(at("https://town.example.org")))
    configured(TOWN)
    assert planned(load({"PORT": "8080"})).consequences == ()


@pytest.mark.parametrize("url", ["http://127.0.0.1:8765", "http://localhost:80", "http://[::1]:8000"])
def test_nobody_loses_a_feed_that_only_this_machine_could_ask_for(url: str, configured: Configured) -> None:
    serve(configured(at(url)))
    assert planned(configured(at("https://town.example.org"))).consequences == ()


def test_windows_are_compared_key_by_key(configured: Configured) -> None:
    serve(configured(TOWN))
    plan = planned(configured(f'[feeds]\nwindow = 20\nwindow_time = "1h"\n{TOWN}'))
    assert only(plan, "windows").details == (
        "feeds.window is 20 instead of 50",
        "feeds.window_time is 1h instead of 48h",
    )
    assert not plan.exceeds(0)


def test_topics_that_are_new_renamed_or_not_configured_any_more_are_told(configured: Configured) -> None:
    two = '[[topic]]\nname = "Warm"\n[[topic]]\nname = "Wet"\n'
    serve(configured(TOWN + two), published(1, topics=[topic("Warm", "warm")]))
    three = '[[topic]]\nname = "Rain"\nslug = "wet"\naliases = ["rainy"]\n[[topic]]\nname = "Cold"\n'
    plan = planned(configured(TOWN + three))
    assert [each.kind for each in plan.consequences] == ["topics", "rules"]
    found = only(plan, "topics")
    assert found.says == "topics change in 4 ways"
    assert found.details == (
        "/topics/wet is called 'Rain' instead of 'Wet'",
        "/topics/cold is new",
        "/topics/warm stays; documents that name it still go there, no rule files others",
        "/topics/rainy leads to /topics/wet",
    )
    assert not plan.exceeds(0)


BRIDGE = '[[topic]]\nname = "Bridge"\n'
HIDDEN = BRIDGE + "hide = true\n"
MERGED = BRIDGE + 'merge_into = "Harbour"\n'
HARBOUR = '[[topic]]\nname = "Harbour"\naliases = ["port"]\n'
SECTIONS = {
    "first": ("", BRIDGE, "/topics/bridge stays, and is configured now"),
    "first, hidden": (
        "",
        HIDDEN,
        "/topics/bridge is hidden: it stays with what it has, and nothing more is filed there",
    ),
    "hidden": (
        BRIDGE,
        HIDDEN,
        "/topics/bridge is hidden: it stays with what it has, and nothing more is filed there",
    ),
    "shown": (HIDDEN, BRIDGE, "/topics/bridge is hidden no longer: documents are filed there again"),
    "no longer hidden": (
        HIDDEN,
        "",
        "/topics/bridge is hidden no longer: documents that name it are filed there again",
    ),
    "no longer": (
        BRIDGE,
        "",
        "/topics/bridge stays; documents that name it still go there, no rule files others",
    ),
}


@pytest.mark.parametrize("change", SECTIONS)
def test_what_a_section_does_to_a_topic_that_has_a_feed_is_told(change: str, configured: Configured) -> None:
    before, after, told = SECTIONS[change]
    article = published(1, topics=[topic("Bridge", "bridge")])
    serve(configured(TOWN + before.replace("hide = true\n", "")), article)
    serve(configured(TOWN + before))
    assert planned(configured(TOWN + before)).count("topics") == 0
    assert only(planned(configured(TOWN + after)), "topics").details == (told,)


def test_a_hidden_topic_that_never_had_a_feed_gets_none(configured: Configured) -> None:
    serve(configured(TOWN), published(1))
    assert only(planned(configured(TOWN + HIDDEN)), "topics").details == (
        "/topics/bridge is hidden, and gets no feed",
    )
    serve(configured(TOWN + HIDDEN))
    assert planned(configured(TOWN)).count("topics") == 0
    assert only(planned(configured(TOWN + BRIDGE)), "topics").details == ("/topics/bridge is new",)


def test_a_merged_topic_leads_on_when_its_section_goes_and_has_a_feed_when_only_its_merger_does(
    configured: Configured,
) -> None:
    serve(configured(TOWN + HARBOUR), published(1, topics=[topic("Bridge", "bridge")]))
    merged = planned(configured(TOWN + HARBOUR + MERGED))
    assert only(merged, "redirected").details == ("/topics/bridge leads to /topics/harbour",)
    assert merged.count("topics") == 0
    serve(configured(TOWN + HARBOUR + MERGED + 'aliases = ["bridges"]\n'))
    gone = planned(configured(TOWN + HARBOUR))
    assert {each.kind for each in gone.consequences} <= {"rules"}
    assert only(planned(configured(TOWN + HARBOUR + BRIDGE)), "topics").details == (
        "/topics/bridge has a feed of its own again",
    )


def test_a_topic_merged_before_it_had_a_feed_leads_on(configured: Configured) -> None:
    serve(configured(TOWN + HARBOUR), published(1))
    assert only(planned(configured(TOWN + HARBOUR + MERGED)), "topics").details == (
        "/topics/bridge leads to /topics/harbour",
    )


def test_an_alias_that_goes_leads_on(configured: Configured) -> None:
    serve(configured(TOWN + COLD))
    plan = planned(configured(TOWN + COLD.replace('aliases = ["frozen"]\n', "")))
    assert (plan.consequences, plan.lost) == ((), 0)


def test_an_alias_that_leads_to_another_topic_is_a_redirect(configured: Configured) -> None:
    serve(configured(TOWN + COLD))
    plan = planned(
        configured(TOWN + COLD.replace("frozen", "chilly") + '[[topic]]\nname = "Ice"\naliases=["frozen"]\n')
    )
    assert only(plan, "redirected").details == ("/topics/frozen leads to /topics/ice",)
    assert plan.lost == 0


def test_an_alias_with_a_feed_of_its_own_takes_it_along(configured: Configured) -> None:
    serve(configured(TOWN + COLD), published(1, topics=[topic("Ice", "ice")]))
    plan = planned(configured(TOWN + COLD.replace("frozen", "ice")))
    assert only(plan, "redirected").details == ("/topics/ice leads to /topics/cold",)


def test_without_a_configuration_that_is_understood_ids_and_sources_are_compared_still(
    configured: Configured,
) -> None:
    settings = configured(TOWN + '[[source]]\npath = "away"\n')
    serve(settings, published(1), article(2), published(3, "away"))
    store = opened(settings)
    store.settle("of another version", START)
    store.close()
    plan = planned(configured(f"[feeds]\nwindow = 20\n{TOWN}"))
    assert [each.kind for each in plan.consequences] == ["hidden", "vanished", "unknown"]
    other = planned(configured(f'[site]\nid = "other"\n{TOWN}'))
    assert only(other, "new ids").details == (
        "none of their ids follows from site.id 'other': was it another one?",
    )


def test_a_journal_that_no_service_served_from_yet_is_not_from_another_version(
    configured: Configured,
) -> None:
    settings = configured(TOWN)
    serve(settings, published(1))
    store = opened(settings)
    store.settle("", START)
    store.close()
    assert planned(settings).consequences == ()


def test_there_is_no_plan_without_a_journal_and_none_is_begun(configured: Configured) -> None:
    settings = configured(TOWN)
    assert app.plan(settings) is None
    assert not Path(settings.state.path).exists()
    assert app.plan(load({"FEEDSVC_STATE__PATH": ":memory:"})) is None


def test_a_journal_before_its_first_commit_has_no_consequences(configured: Configured) -> None:
    settings = configured(TOWN)
    opened(settings).close()
    assert planned(settings) == Plan(generation=0, articles=0, feeds=1)


@pytest.mark.parametrize("count", [10, 11])
def test_a_threshold_is_exceeded_by_more_than_so_many_percent(count: int) -> None:
    plan = Plan(
        generation=1,
        articles=100,
        feeds=1,
        consequences=(Consequence(kind="hidden", count=count, says="hidden"),),
    )
    assert plan.exceeds(10) == (count == 11)


def test_a_consequence_is_told_in_one_line_with_its_first_reason() -> None:
    plain = Consequence(kind="hidden", count=1, says="hidden")
    assert str(plain) == "hidden"
    assert str(replace(plain, details=("a",))) == "hidden (a)"
    assert str(replace(plain, details=("a", "b", "c"))) == "hidden (a; and 2 more)"


def test_what_was_said_is_understood_again_and_nothing_else_is(configured: Configured) -> None:
    said = said_by(configured(TOWN + COLD))
    assert understood(spell(said)) == said
    assert [understood(text) for text in ("", "5d41402abc4b2a76b9719d911017c592", '{"site": {}}')] == [
        None
    ] * 3


def test_serving_warns_once_of_what_is_about_to_change(
    configured: Configured, caplog: pytest.LogCaptureFixture
) -> None:
    serve(configured(TOWN), published(1))
    settings = configured(f'[site]\nid = "other"\n[feeds]\nwindow = 20\n{TOWN}')
    with caplog.at_level(logging.WARNING):
        app.build(settings, "ingest").store.close()
        assert caplog.messages == []
        app.build(settings).store.close()
        ids, windows = caplog.messages
        assert ids == (
            "changed configuration: 1 of 1 articles get new ids: everyone sees them unread "
            "(site.id is 'other' instead of 'feedsvc', once they are read again)"
        )
        assert windows == (
            "changed configuration: feeds show more or fewer of their articles "
            "(feeds.window is 20 instead of 50)"
        )
        caplog.clear()
        app.build(settings, "serve").store.close()
        assert caplog.messages == []


def test_comparing_many_articles_is_little_work_for_each(configured: Configured) -> None:
    before = configured(TOWN)
    after = configured(f'[site]\nid = "other"\n{TOWN}exclude = ["1*"]\n')
    health = Health(source="town", kind="folder", last_success=START)

    def work(count: int) -> int:
        articles = {each.id: each for each in map(published, range(count))}
        edition = replace(
            first_edition(PLAIN, [health], Limits()),
            articles=articles,
            generation=1,
            fingerprint=fingerprint(before),
        )
        known = {each.key: Known(version="1", digest="1", article=each.id) for each in articles.values()}
        past = Past(edition=edition, known={"town": known})
        assert decide(past, after, {"town": Scan()}).disturbed == count
        return calls(partial(decide, past, after, {"town": Scan()}))

    few, many = work(10_000), work(20_000)
    assert few < 10 * 10_000  # of what differs a sample is told
    assert many < few * 2


CHANGES = {
    "a source renamed": '[[source]]\npath = "town"\nname = "city"\n' + COLD,
    "a source replaced": '[[source]]\npath = "away"\n' + COLD,
    "an alias less, a topic renamed": TOWN + '[[topic]]\nname = "Frost"\nslug = "cold"\nmatch = "froze"\n',
    "an alias moved": TOWN
    + COLD.replace("frozen", "chilly")
    + '[[topic]]\nname = "Ice"\naliases=["frozen"]\n',
    "a topic taken as alias": TOWN + '[[topic]]\nname = "Ice"\nmatch = "froze"\naliases=["cold"]\n',
    "documents left out": TOWN + 'exclude = ["lake*"]\n' + COLD,
    "another folder": '[[source]]\npath = "away"\nname = "town"\n' + COLD,
}


@pytest.mark.parametrize("change", CHANGES)
def test_what_a_plan_says_comes_true(change: str, configured: Configured) -> None:
    for name, title in (("lake", "The lake froze"), ("pond", "The pond froze")):
        Path("town", f"{name}.md").write_text(note(title), encoding="utf-8")
    Path("away", "lake.md").write_text(note("The lake froze"), encoding="utf-8")
    before = app.build(configured(TOWN + COLD))
    before.ingest.tick(sections.now)
    ids = before.store.edition.articles.keys()
    paths = ["/latest", "/sources/town", "/topics/cold", "/topics/frozen"]
    assert [answer(before, path) for path in paths] == ["200", "200", "200", "308 /topics/cold.rss"]
    before.store.close()

    settings = configured(CHANGES[change])
    plan = planned(settings)
    after = app.build(settings)
    for _ in range(2):  # the second one confirms what is missing
        after.ingest.tick(sections.now, wish=Wish(now=True))
    told = [line for each in plan.consequences for line in each.details]
    for path in paths[:3]:
        status = answer(after, path).split(" ")[0]
        assert (f"{path} answers {status}" in told) == (status in {"404", "410"})
    moved = answer(after, "/topics/frozen")
    if moved == "404":
        assert "/topics/frozen answers 404" in told
    else:
        target = moved.removeprefix("308 ").removesuffix(".rss")
        assert (f"/topics/frozen leads to {target}" in told) == (target != "/topics/cold")
    assert plan.disturbed == len(ids - after.store.edition.articles.keys())
    assert len(ids) == plan.articles == 2
    after.store.close()


def answer(service: app.Service, path: str) -> str:
    response = service.web.test_client().get(f"{path}.rss")
    return f"{response.status_code} {response.headers.get('Location', '')}".strip()

"""Lines that a source repeats, from its first look on."""

from feedsvc.extract import repeated
from feedsvc.ingest import sample
from feedsvc.model import Skipped
from feedsvc.sources import Found
from tests.fakes import MemorySource
from tests.test_ingest import World

FOOTER = (
    "Read the gazette every morning: it tells you what the town will talk about by noon, and why it will."
)
PLACES = ("mill", "weir", "barn", "lake", "quay", "ford")


def story(place: str) -> str:
    """Return a page saved as text whose footer looks like a paragraph."""
    body = [
        f"The {place} by the river opened again on Monday, and nobody in the village noticed it until noon.",
        f"The council had closed the {place} for two winters, as its roof let in more water than the river.",
    ]
    return "\n".join([f"The {place} opens again", "By Ann Otter", "", *body, "", FOOTER, ""])


def a_town(*places: str) -> tuple[World, MemorySource]:
    source = MemorySource(media_type="text/plain")
    for place in places:
        source.write(f"{place}.txt", story(place))
    return World([source]), source


def with_footer(world: World) -> set[str]:
    return {key for place in PLACES if FOOTER in text_of(world, key := f"{place}.txt")}


def text_of(world: World, key: str) -> str:
    texts = {each.key: each.text for each in world.store.edition.articles.values()}
    return texts.get(key, "")


def found(source: MemorySource) -> list[Found]:
    return [Found(key=key, version="1", address=key) for key in sorted(source.files)]


def test_five_pages_lose_what_they_share_and_keep_who_wrote_them() -> None:
    world, _ = a_town(*PLACES[:5])
    world.tick()
    assert with_footer(world) == set()
    assert {each.authors for each in world.store.edition.articles.values()} == {("Ann Otter",)}
    assert "two winters" in text_of(world, "mill.txt")


def test_fewer_pages_keep_it() -> None:
    world, _ = a_town(*PLACES[:4])
    world.tick()
    assert len(with_footer(world)) == 4


def test_the_fifth_page_is_read_with_what_four_have_shown_and_they_stay() -> None:
    world, source = a_town(*PLACES[:4])
    world.tick()
    before = dict(world.store.edition.articles)
    source.write("quay.txt", story("quay"))
    source.reads = 0
    world.tick()
    assert with_footer(world) == {f"{place}.txt" for place in PLACES[:4]}
    assert "two winters" in text_of(world, "quay.txt")
    assert before.items() <= world.store.edition.articles.items()
    assert source.reads == 1
    source.write("mill.txt", story("mill") + "It rained on the mill, and the mill did not mind the rain.\n")
    world.tick()
    assert "mill.txt" not in with_footer(world)


def test_a_page_that_is_edited_again_and_again_is_one_page() -> None:
    world, source = a_town(*PLACES[:4])
    world.tick()
    for day in range(3):
        source.write("mill.txt", f"{story('mill')}On day {day} it rained on the mill, and it did not mind.\n")
        world.tick()
    assert len(world.store.sample("town")) == 4
    assert "mill.txt" in with_footer(world)


def test_a_page_that_is_gone_for_good_is_forgotten() -> None:
    world, source = a_town(*PLACES)
    world.tick()
    del source.files["mill.txt"]
    world.tick()
    assert "mill.txt" in world.store.sample("town")
    world.tick()
    assert set(world.store.sample("town")) == {f"{place}.txt" for place in PLACES[1:]}


def test_nothing_is_read_twice() -> None:
    world, source = a_town(*PLACES)
    world.tick()
    assert source.reads == len(PLACES)


def test_a_page_that_vanishes_is_told_once_and_the_others_are_learnt_from() -> None:
    world, source = a_town(*PLACES)
    source.vanishing = {"mill.txt"}
    report = world.tick()
    assert [skipped.key for skipped in report.skipped] == ["mill.txt"]
    assert with_footer(world) == set()


def test_which_pages_are_learnt_from_depends_on_no_order() -> None:
    _, source = a_town(*(f"mill {number}" for number in range(sample.PAGES + 10)))
    once = found(source)
    ahead = sample.read_ahead(source, once)
    assert list(sample.read_ahead(source, once[::-1])) == list(ahead)
    assert len(ahead) == sample.PAGES
    assert list(ahead) != [each.key for each in once[: sample.PAGES]]


def test_reading_ahead_ends_at_enough_documents_of_any_kind() -> None:
    _, source = a_town(*(f"mill {number}" for number in range(sample.DOCUMENTS + 1)))
    source.media_type = "text/html"
    assert len(sample.read_ahead(source, found(source))) == sample.DOCUMENTS


def test_reading_ahead_ends_at_enough_bytes() -> None:
    _, source = a_town(*PLACES)
    source.files = dict.fromkeys(source.files, bytes(sample.BYTES))
    assert len(sample.read_ahead(source, found(source))) == 1


def test_the_oldest_pages_of_a_sample_give_way() -> None:
    _, source = a_town("mill", "weir")
    read = [source.read(each) for each in found(source)]
    old = [f"{number}.txt" for number in range(sample.PAGES - 1)]
    before = dict.fromkeys(["mill.txt", *old], frozenset({"as it was"}))
    after = sample.newest(before, [*read, Skipped(key="quay.txt", reason="vanished")])
    assert list(after) == [*old[1:], "mill.txt", "weir.txt"]
    assert FOOTER in after["mill.txt"]


def test_a_first_look_learns_what_a_tick_does() -> None:
    world, source = a_town(*PLACES)
    world.tick()
    learnt = sample.repeated_in(source, found(source))
    assert learnt == repeated.shared(world.store.sample("town").values()) == {FOOTER}

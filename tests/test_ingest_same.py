from dataclasses import replace

from feedsvc.ingest.same import Same
from feedsvc.model import Article, Known
from tests.builders import article

WORDS = " ".join(
    f"The keeper of week {number} counted {number * 7} boats at the quay." for number in range(30)
)


def one(number: int, source: str, url: str | None = None, text: str = WORDS) -> Article:
    return article(number, source=source, url=url, title="Boats", text=text, published=article(1).published)


def test_with_one_source_nothing_is_compared() -> None:
    same = Same(1, dict)
    assert same.place(one(1, "town")).is_itself
    assert same.place(one(2, "hill")).is_itself
    known = {"a": Known(version="1", digest="d")}
    assert same.orphaned(known) is known


def test_the_first_stays_and_names_where_else_it_was_published() -> None:
    same = Same(2, dict)
    first = one(1, "town", "https://a.example/1")
    assert same.place(first).article == first
    placed = same.place(one(2, "hill", "https://b.example/1"))
    assert (placed.is_itself, placed.article.id, placed.article.via) == (
        False,
        first.id,
        ("https://b.example/1",),
    )
    again = same.place(one(3, "dale", "https://www.b.example/1/"))
    assert again.article.via == ("https://b.example/1",)
    assert same.place(one(4, "vale")).article.via == ("https://b.example/1",)


def test_an_article_that_says_more_is_weighed_anew() -> None:
    same = Same(2, dict)
    same.place(replace(one(1, "town", "https://a.example/1"), weight=1_000))
    placed = same.place(replace(one(2, "hill", "https://b.example/1"), weight=1_000))
    assert placed.article.weight == 0


def test_what_has_readers_stays_itself_and_keeps_what_is_known_of_it() -> None:
    old = replace(
        one(1, "town"), sequence=1, via=("https://b.example/1",), problems=("nearly the same as x (y)",)
    )
    same = Same(2, lambda: {old.id: old})
    placed = same.place(replace(one(1, "town"), title="Boats again"))
    assert placed.is_itself
    assert (placed.article.via, placed.article.problems) == (old.via, old.problems)


def test_what_was_acknowledged_by_others_is_known_from_the_next_tick_on() -> None:
    published: dict[str, Article] = {}
    same = Same(2, lambda: published)
    same.place(one(9, "vale", text="Something else."))
    published[one(1, "town").id] = replace(one(1, "town"), sequence=1)
    same.begin()
    assert not same.place(one(2, "hill")).is_itself


def test_only_the_newest_are_remembered_however_many_ticks_there_are() -> None:
    ten = [replace(one(number, "town", text=f"{number} {WORDS}"), sequence=number) for number in range(1, 11)]
    published = {each.id: each for each in ten}
    same = Same(2, lambda: published, remembered=2)
    assert [same.place(replace(each, id=f"{each.id}0", source="hill")).is_itself for each in ten] == [
        *[True] * 8,
        False,
        False,
    ]
    for number in range(11, 31):
        same.begin()
        new = replace(one(number, "vale", text=f"{number} {WORDS}"), sequence=number)
        assert same.place(new).is_itself
        published[new.id] = new
    same.begin()
    assert same.place(replace(ten[-1], id="urn:uuid:31", source="dale")).is_itself, "it came long ago"
    assert not same.place(replace(published[one(29, "vale").id], id="urn:uuid:32", source="dale")).is_itself


def test_a_copy_of_what_was_forgotten_stands_for_others_again() -> None:
    published: dict[str, Article] = {}
    same = Same(2, lambda: published, remembered=1)
    assert same.place(one(1, "town")).is_itself
    assert not same.place(one(2, "hill")).is_itself  # nor is the other one acknowledged
    for number in (3, 4):
        new = replace(one(number, "vale", text=f"{number} {WORDS}"), sequence=number)
        assert same.place(new).is_itself
        published[new.id] = new
    same.begin()
    assert same.place(one(5, "dale")).is_itself


def test_articles_of_a_journal_that_counts_anew_are_known() -> None:
    published = {one(1, "town").id: replace(one(1, "town", text="Something else."), sequence=50)}
    same = Same(2, lambda: published)
    same.place(one(2, "hill", text="Quite another thing."))
    published.clear()
    published[one(3, "vale").id] = replace(one(3, "vale"), sequence=1)
    same.begin()
    assert not same.place(one(4, "dale")).is_itself


def test_one_that_left_its_source_stands_for_nothing() -> None:
    same = Same(2, dict)
    same.place(one(1, "town"))
    same.begin()
    assert same.place(one(2, "hill")).is_itself
    assert same.place(one(3, "dale")).article.id == one(2, "hill").id


def test_near_copies_are_told_and_stay_apart() -> None:
    same = Same(2, dict)
    same.place(one(1, "town"))
    placed = same.place(one(2, "hill", text=f"{WORDS} And one more was late that day."))
    assert placed.is_itself
    assert placed.article.problems == (f"nearly the same as {one(1, 'town').id} (town)",)


def test_documents_are_read_again_whose_article_has_left() -> None:
    stays = replace(one(1, "town"), sequence=1)
    same = Same(2, lambda: {stays.id: stays})
    known = {
        "a": Known(version="1", digest="d", article=stays.id),
        "b": Known(version="1", digest="d", article="urn:gone"),
        "c": Known(version="1", digest="d"),
    }
    after = same.orphaned(known)
    assert after == {**known, "b": Known(version="", digest="again")}

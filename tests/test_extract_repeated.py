from datetime import UTC, datetime

from feedsvc.extract import extract, lines, repeated
from feedsvc.model import Article, Document, Hints


def pages(*contents: str, media_type: str = "text/plain") -> list[Document]:
    return [
        Document(
            source="town",
            key=str(number),
            media_type=media_type,
            content=content.encode(),
            location=f"{number}.txt",
        )
        for number, content in enumerate(contents)
    ]


def test_lines_that_a_third_of_five_pages_carry_are_the_source_s() -> None:
    town = pages(*(f"Town gazette\n  Subject {number} \nSome write to us\n***" for number in range(5)))
    found = repeated.lines_of([*town, *pages("Other", media_type="text/html")])
    assert found == {"Town gazette", "Some write to us"}
    assert repeated.lines_of(reversed(town)) == found


def test_fewer_than_five_pages_say_nothing() -> None:
    assert repeated.lines_of(pages(*["Town gazette"] * 4)) == frozenset()


def test_what_two_pages_share_may_be_their_subject() -> None:
    assert repeated.lines_of(pages("Mill", "Mill", "Weir", "Barn", "Lake")) == frozenset()


def test_what_is_no_text_and_long_texts_are_left_out() -> None:
    long = "word " * 80
    town = pages(*[f"Town gazette\n{long}"] * 5)
    binary = [*town, *pages("\x00\x01\x02\x03\x04\x05\x06\x07\x08\x0e\x0f\x10")]
    assert repeated.lines_of(binary) == {"Town gazette"}


def test_a_repeated_sentence_is_furniture_where_it_stands() -> None:
    sentence = "Write to the office by the bridge and tell us what you saw on your way to town today."
    (line,) = lines.classify(sentence, frozenset({sentence}))
    assert line.kind == "furniture"


def test_what_a_source_repeats_is_left_out_of_its_articles() -> None:
    slogan = "Read the gazette every morning, it tells you what the town will talk about by noon, and why."
    story = "The mill by the river opened again on Monday, and nobody in the village noticed until noon."
    (page,) = pages(f"Mill opens again\n{story}\n{slogan}\n{story} It rained.")
    now = datetime(2026, 1, 1, tzinfo=UTC)
    plain = extract(page, Hints(source="town"), now)
    known = extract(page, Hints(source="town", repeated=frozenset({slogan})), now)
    assert isinstance(plain, Article)
    assert isinstance(known, Article)
    assert plain.text == f"{story}\n\n{slogan}\n\n{story} It rained."
    assert known.text == f"{story}\n\n{story} It rained."


def test_yesterday_is_meant_where_the_source_is() -> None:
    story = "溪口镇的新图书馆开馆了，馆里的书有八万册，来的人比去年多了一倍，有人从山后的村子走来。"
    (page,) = pages(f"溪口镇新图书馆开馆\n昨天 10:30\n{story}\n{story}完。")
    late = datetime(2026, 1, 1, 20, tzinfo=UTC)  # January the 2nd in Shanghai
    found = extract(page, Hints(source="town", timezone="Asia/Shanghai"), late)
    assert isinstance(found, Article)
    assert found.published == datetime(2026, 1, 1, 2, 30, tzinfo=UTC)

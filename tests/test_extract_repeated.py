from feedsvc.extract import lines, repeated
from feedsvc.model import Document


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

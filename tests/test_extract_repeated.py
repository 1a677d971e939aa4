from collections.abc import Iterable
from datetime import UTC, datetime

from feedsvc.extract import extract, lines, repeated
from feedsvc.model import Article, Document, Hints, Provenance


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


def lines_of(documents: Iterable[Document]) -> frozenset[str]:
    return repeated.shared(map(repeated.page_lines, filter(repeated.is_flattened, documents)))


def test_lines_that_a_third_of_five_pages_carry_are_the_source_s() -> None:
    town = pages(*(f"Town gazette\n  Subject {number} \nSome write to us\n***" for number in range(5)))
    found = lines_of([*town, *pages("Other", media_type="text/html")])
    assert found == {"Town gazette", "Some write to us"}
    assert lines_of(reversed(town)) == found


def test_fewer_than_five_pages_say_nothing() -> None:
    assert lines_of(pages(*(f"Town gazette\nSubject {number}" for number in range(4)))) == frozenset()


def test_copies_of_a_page_are_one_page() -> None:
    assert lines_of(pages(*["Town gazette\nThe mill is sold."] * 3, "Mill", "Weir", "Barn")) == frozenset()


def test_who_wrote_and_when_is_an_article_s_own_however_often_it_is_said() -> None:
    signed = "By Ann Otter\n2024-05-01\nAdmin - admin 于2023年06月15日发表\nTown gazette"
    assert lines_of(pages(*(f"{signed}\nSubject {number}" for number in range(5)))) == {"Town gazette"}


def test_what_two_pages_share_may_be_their_subject() -> None:
    assert lines_of(pages("Mill", "Mill", "Weir", "Barn", "Lake")) == frozenset()


def test_what_is_no_text_and_long_texts_are_left_out() -> None:
    long = "word " * 80
    town = pages(*(f"Town gazette\n{long}\nSubject {number}" for number in range(5)))
    binary = [*town, *pages("\x00\x01\x02\x03\x04\x05\x06\x07\x08\x0e\x0f\x10")]
    assert lines_of(binary) == {"Town gazette"}


def test_a_repeated_sentence_is_furniture_where_it_stands() -> None:
    sentence = "Write to the office by the bridge and tell us what you saw on your way to town today."
    line, _ = lines.classify(f"{sentence}\nThe mill is sold.", frozenset({sentence}))
    assert line.kind == "repeated"


def test_near_copies_of_a_page_keep_what_they_all_say() -> None:
    sentence = "The mill by the river opened again on Monday, and nobody in the village noticed until noon."
    assert lines.classify(sentence, frozenset({sentence})) == lines.classify(sentence)


def test_a_repeated_line_that_ends_articles_still_does() -> None:
    page = "The mill is sold.\nRelated articles\nDisclaimer: errors and omissions excepted\nSubscribe"
    known = lines.classify(page, frozenset(page.splitlines()[1:]))
    assert [line.kind for line in known] == ["prose", "end", "repeated", "repeated"]
    assert [line.score for line in known][1:] == [line.score for line in lines.classify(page)][1:]


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


def test_notices_that_are_called_the_same_keep_their_title() -> None:
    def notice(head: str) -> Article:
        body = "因溪口路供水管道改造，溪口街道将于本周三上午八时至下午五时停水，请各位居民提前储水。"
        (page,) = pages(f"{head}\n\n溪口供水公司 于2024年05月01日发表\n\n{body}\n{body}完。")
        hints = Hints(source="town", repeated=frozenset({"溪口供水网", "关于停水的通知"}))
        found = extract(page, hints, datetime(2026, 1, 1, tzinfo=UTC))
        assert isinstance(found, Article)
        return found

    assert notice("溪口供水网\n关于停水的通知").title == "关于停水的通知"
    assert notice("溪口供水网\n溪口路停水一天\n关于停水的通知").title == "溪口路停水一天"
    untitled = notice("")
    assert untitled.title.startswith("因溪口路供水管道改造")
    assert untitled.provenance[0] == Provenance(field="title", origin="beginning of the body")

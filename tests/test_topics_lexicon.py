import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedsvc.topics import lexicon
from feedsvc.topics.subjects import SUBJECTS
from feedsvc.topics.tables import sections


def first(language: str, title: str, body: str = "") -> str:
    found = lexicon.subjects(language, title, body)
    return SUBJECTS[found[0].subject].slug if found else ""


@pytest.mark.parametrize(
    ("title", "subject"),
    [
        ("溪口区税务局减税降费助企业", "economy"),
        ("石埠镇派出所民警抓获诈骗嫌疑人", "law"),
        ("社区居家养老服务惠及居民", "society"),
        ("溪口區社區居家養老服務惠及居民", "society"),
        ("医院开展疫苗接种", "health"),
        ("全市中小学生足球联赛夺冠球队出炉", "sport"),
        ("暴雨预警：今夜有雷阵雨", "weather"),
    ],
)
def test_a_chinese_text_is_about_what_its_words_tell(title: str, subject: str) -> None:
    assert first("zh-Hans", title, title) == subject


@pytest.mark.parametrize(
    ("title", "subject"),
    [
        ("Striker scores twice as hosts win the cup final", "sport"),
        ("Central bank raises interest rates as inflation climbs", "economy"),
        ("Hospital nurses vaccinate patients", "health"),
        ("Prime Minister's cabinet faces election", "politics"),
        ("Astronomers' telescopes find a black hole", "science"),
    ],
)
def test_an_english_text_is_about_what_its_words_tell(title: str, subject: str) -> None:
    assert first("en-GB", title, title) == subject


@pytest.mark.parametrize(
    ("language", "title"),
    [
        ("zh", "这件事情你怎么看"),
        ("zh", ""),
        ("en", "It was what it was"),
        ("de", "Steuern und Wirtschaft: die Zentralbank erhöht die Zinsen"),
        ("", "税务局减税"),
    ],
)
def test_a_text_that_says_too_little_or_in_another_language_has_no_subject(language: str, title: str) -> None:
    assert lexicon.subjects(language, title, title) == ()


def test_a_long_text_takes_more_than_a_stray_word() -> None:
    assert first("en", "A hospital", "It stands there. ") == "health"
    assert first("en", "A hospital", "It stands there. " * 200) == ""


def test_a_text_between_two_subjects_on_little_ground_has_none() -> None:
    assert [scored.subject for scored in lexicon.scores("zh", "草莓抽检", "")][:2] == ["04", "07"]
    assert lexicon.subjects("zh", "草莓抽检", "草莓抽检") == ()


def test_a_text_that_is_surely_about_two_subjects_has_both() -> None:
    found = lexicon.subjects("zh", "职业中专教职工广播体操比赛", "职业中专教职工广播体操比赛")
    assert {scored.subject for scored in found} == {"05", "15"}


def test_the_words_that_told_stand_weightiest_first_as_written() -> None:
    (found, *_) = lexicon.subjects("zh", "税务局减税", "减税，减税，纳税人")
    assert (found.subject, found.words) == ("04", ("减税", "税务局", "纳税人"))


def test_the_title_weighs_more_than_the_body() -> None:
    assert first("zh", "足球", "医院") == "sport"
    assert first("zh", "医院", "足球") == "health"


def test_the_longest_word_counts_and_not_what_is_inside() -> None:
    assert lexicon.scores("zh", "优化发展环境", "") != []
    assert {scored.subject for scored in lexicon.scores("zh", "营商环境", "")} == {"04"}
    assert lexicon.scores("en", "United States", "") == []


def test_latin_words_of_a_chinese_text_are_found_whole() -> None:
    (found, *_) = lexicon.scores("zh", "税务局谈gdp与gdps", "xgdp，纳税人的GDP。")
    assert (found.subject, set(found.words)) == ("04", {"税务局", "gdp", "纳税人"})
    assert lexicon.scores("zh", "suvs", "") == []
    (alone,) = lexicon.scores("zh", "xsuv与suv", "")
    assert alone.score == lexicon.scores("zh", "suv", "")[0].score


def test_english_words_are_found_whole_and_in_the_plural() -> None:
    assert lexicon.scores("en", "An article on starters", "") == []
    assert [scored.words for scored in lexicon.scores("en", "Universities and churches", "")] != []


@pytest.mark.parametrize("language", lexicon.LANGUAGES)
def test_every_subject_has_words_of_every_weight_and_no_other_section_stands_there(language: str) -> None:
    words = sections(f"subjects.{language}.txt")
    assert set(words) == {*SUBJECTS, "--"}
    for subject, listed in words.items():
        weights = [word for word in listed if word.startswith("=")]
        assert weights == sorted(weights, reverse=True)
        assert subject == "--" or len(listed) - len(weights) >= 60


@given(st.text(st.sampled_from("税务公安医院a b社区足球。\n"), max_size=40), st.text(max_size=40))
def test_scores_are_the_same_whenever_asked_and_fall(title: str, body: str) -> None:
    found = lexicon.scores("zh", title, body)
    assert found == lexicon.scores("zh", title, body)
    assert [scored.score for scored in found] == sorted((scored.score for scored in found), reverse=True)

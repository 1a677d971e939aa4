"""The directory of topics and the builder of combinations."""

import pytest
from lxml import html
from werkzeug.test import TestResponse

from feedsvc.model import Assignment, TopicOrigin
from feedsvc.topics import TopicRule, Topics
from feedsvc.web.pages.combining import Choice
from tests.builders import Town, article, topic, town


def of(origin: TopicOrigin, name: str) -> Assignment:
    return Assignment(slug=name, name=name, source=origin, matched=name)


@pytest.fixture
def place() -> Town:
    place = town(
        topics=[TopicRule(slug="quiet", name="Quiet", aliases=("still",))], filing=Topics(min_docs=1)
    )
    place.tick(
        *(article(number) for number in range(3, 9)),
        article(1, topics=(topic("社区"), of("subjects", "society"), of("entities", "溪口区"))),
        article(2, topics=(topic("社区"), of("entities", "税务局"))),
    )
    return place


def get(place: Town, path: str, **headers: str) -> TestResponse:
    response = place.web.test_client().get(path, headers={k.replace("_", "-"): v for k, v in headers.items()})
    assert response.status_code == 200, path
    return response


def page(place: Town, path: str) -> html.HtmlElement:
    return html.document_fromstring(get(place, path).data)


def test_the_directory_is_ordered_by_kind_and_by_size(place: Town) -> None:
    shown = page(place, "/topics")
    assert [h.text for h in shown.xpath("//main/section/h2")][1:] == [
        "Subjects",
        "Places",
        "Public bodies",
        "Own topics",
    ]
    assert [a.text for a in shown.xpath("//ul[contains(@class, 'directory')]//a")] == [
        "Society",
        "溪口区",
        "税务局",
        "社区",
        "Quiet",
    ]


def test_one_kind_has_pages_of_its_own(place: Town) -> None:
    shown = page(place, "/topics?kind=place")
    assert [a.text for a in shown.xpath("//ul[contains(@class, 'directory')]//a")] == ["溪口区"]
    assert len(page(place, "/topics?kind=nonsense").xpath("//ul[contains(@class, 'directory')]")) == 4
    many = town(filing=Topics(min_docs=1))
    many.tick(*(article(n, topics=(of("entities", f"第{n}区"),)) for n in range(1, 71)))
    assert "All 70" in page(many, "/topics").text_content()
    assert len(page(many, "/topics?kind=place").xpath("//ul[contains(@class, 'directory')]/li")) == 48
    second = page(many, "/topics?kind=place&page=2")
    assert len(second.xpath("//ul[contains(@class, 'directory')]/li")) == 22
    assert second.xpath("//a[@rel='prev']/@href") == ["/topics?kind=place"]


def test_a_place_without_topics_says_so() -> None:
    assert "No topics yet." in page(town(), "/topics").text_content()


@pytest.mark.parametrize(
    ("choice", "expression"),
    [
        (Choice(wanted=("b", "a", "b"), unwanted=("d", "c")), "a+b+-c+-d"),
        (Choice(wanted=("b", "a"), either=True), "a,b"),
        (Choice(wanted=("社区",)), "社区"),
    ],
)
def test_a_choice_is_written_as_addresses_write_it(choice: Choice, expression: str) -> None:
    assert choice.expression == expression


@pytest.mark.parametrize("name", ["社区", " 社区 ", "%E7%A4%BE%E5%8C%BA"])
def test_the_form_works_without_a_script(place: Town, name: str) -> None:
    shown = page(place, f"/topics?with={name}&with2=&without=")
    result = shown.get_element_by_id("combined")
    address = "https://feeds.example.org/topics/%E7%A4%BE%E5%8C%BA"
    assert result.text_content().split() == [
        *("/topics/社区", "2", "articles"),
        *("RSS", f"{address}.rss", "Atom", f"{address}.atom", "JSON", "Feed", f"{address}.json"),
    ]
    assert result.xpath(".//a/@href")[:2] == [
        "/topics/%E7%A4%BE%E5%8C%BA",
        "https://feeds.example.org/topics/%E7%A4%BE%E5%8C%BA.rss",
    ]
    assert shown.xpath("//input[@name='with']/@value") == [name.replace("%E7%A4%BE%E5%8C%BA", "社区")]


@pytest.mark.parametrize(
    ("query", "told"),
    [
        ("", "Choose a topic to begin."),
        ("?without=quiet", "Choose a topic to begin."),
        ("?with=nothing+here", "There is no feed like that"),
        ("?with=quiet&without=quiet", "There is no feed like that"),
        ("?join=any&with=quiet&with2=社区&without=society", "cannot leave topics out"),
    ],
)
def test_a_choice_that_leads_nowhere_says_why(place: Town, query: str, told: str) -> None:
    answer = get(place, f"/combine{query}").get_json()
    assert told in answer["told"]
    assert (answer["path"], answer["link"], answer["feeds"]) == ("", "", [])
    assert told in page(place, f"/topics{query}").get_element_by_id("combined").text_content()


def test_the_script_is_told_the_same(place: Town) -> None:
    answer = get(place, "/combine?with=Quiet&lang=zh").get_json()
    assert answer["told"] == "0 篇文章"
    assert answer["link"] == "/topics/quiet?lang=zh"
    assert [feed["url"].rpartition(".")[2] for feed in answer["feeds"]] == ["rss", "atom", "json"]
    shown = page(place, "/topics?with=Quiet&lang=zh").get_element_by_id("combined")
    assert [feed["what"] for feed in answer["feeds"]] == shown.xpath(".//a/@data-what")
    assert answer["feeds"][2]["what"] == "复制 JSON Feed 订阅源的地址"


@pytest.mark.parametrize(
    ("query", "path", "told"),
    [
        ("with=社区&with2=税务局", "/topics/社区+税务局", "1 article"),
        ("with=社区&without=税务局", "/topics/社区+-税务局", "1 article"),
        ("join=any&with=quiet&with2=社区", "/topics/quiet,社区", "2 articles"),
        ("with=税务局&with2=Society", "/topics/society+税务局", "0 articles"),
    ],
)
def test_several_topics_are_one_feed(place: Town, query: str, path: str, told: str) -> None:
    answer = get(place, f"/combine?{query}").get_json()
    assert (answer["path"], answer["told"]) == (path, told)
    count = int(told.split(maxsplit=1)[0])
    for feed in answer["feeds"]:
        local = feed["url"].removeprefix("https://feeds.example.org")
        assert get(place, local).data
    assert len(get(place, local).get_json()["items"]) == count
    assert told in page(place, f"/topics?{query}").get_element_by_id("combined").text_content()
    assert get(place, answer["link"]).status_code == 200


def test_an_alias_leads_to_its_topic(place: Town) -> None:
    assert get(place, "/combine?with=still").get_json()["path"] == "/topics/quiet"


def test_subjects_are_called_as_the_reader_calls_them_and_chosen_by_either_name() -> None:
    place = town()
    culture = Assignment(
        slug="culture", name="Arts, culture and media", source="subjects", matched="x", code="medtop:01000000"
    )
    place.tick(article(1, topics=(culture,)))
    shown = page(place, "/topics?lang=zh")
    assert [a.text for a in shown.xpath("//ul[contains(@class, 'directory')]//a")] == ["文化娱乐"]
    assert shown.xpath("//datalist/option/@value") == ["文化娱乐"]
    assert page(place, "/latest?lang=zh").find_class("topic")[0].text == "文化娱乐"
    assert page(place, "/topics/culture?lang=zh").xpath("string(//h1)") == "文化娱乐"
    for name in ("Arts, culture and media", "文化娱乐"):
        assert get(place, f"/combine?with={name}").get_json()["path"] == "/topics/culture"

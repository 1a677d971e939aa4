import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedsvc.topics.entities import entities

WORDS = [
    "溪口",
    "石埠",
    "望鹭湖",
    "甲",
    "区",
    "镇",
    "局",
    "公安分局",
    "社区",
    "在",
    "走进",
    "根据",
    "和",
    "我",
    "，",
    "\n",
]


def names(language: str, title: str, body: str = "") -> list[str]:
    return [entity.name for entity in entities(language, title, body)]


@pytest.mark.parametrize(
    ("title", "found"),
    [
        ("溪口区召开会议", {"溪口区"}),
        ("记者从石埠镇获悉", {"石埠镇"}),
        ("石埠镇、禾浦区联合开展活动", {"石埠镇", "禾浦区"}),
        ("2024年禾浦县春耕", {"禾浦县"}),
        ("走进南塘街道", {"南塘街道"}),
        ("南塘街道办事处", {"南塘街道办事处", "街道办事处"}),
        ("位于和平区", {"和平区"}),
        ("共和县召开会议", {"共和县"}),
        ("成都市与聊城市", {"成都市", "聊城市"}),
        ("公安分局破获案件", {"公安分局"}),
        ("溪口公安分局破获案件", {"溪口公安分局", "公安分局"}),
        ("区税务局发布公告", {"税务局"}),
        ("溪口区税务局发布公告", {"溪口区", "税务局", "溪口区税务局"}),
        ("区交运局落实要求", {"交通运输局"}),
        ("溪口区环保局", {"溪口区", "生态环境局", "溪口区生态环境局"}),
        ("省市场监管局调研", {"市场监管局"}),
        ("由区财政局负责", {"财政局"}),
        ("石埠派出所民警", {"石埠派出所", "派出所"}),
        ("石埠镇妇联", {"石埠镇", "妇联", "石埠镇妇联"}),
        ("江滨区人民法院", {"江滨区", "法院", "江滨区法院"}),
        ("溪口区教委", {"溪口区", "教委", "溪口区教委"}),
        ("水文局测流", {"水文局"}),
        ("溪口人民医院开诊", {"溪口人民医院"}),
        ("溪口區公安分局", {"溪口區", "公安分局", "溪口區公安分局"}),
        ("住溪口区市政协委员来访", {"溪口区"}),
    ],
)
def test_places_and_bodies_are_found_by_what_their_names_end_in(title: str, found: set[str]) -> None:
    assert set(names("zh-Hans", title)) == found


@pytest.mark.parametrize(
    "title",
    [
        "召开工作会议 开展活动 推进工作",
        "政协委员视察",
        "股市大跌 高校招生 楼市回暖",
        "我区启动行动",
        "全市动员 全省 各区 本县",
        "社区 小区 园区 山区 城镇 乡镇 家乡",
        "在全区推广",
        "根据区委要求，落实区人大评议",
        "贸易市场 镇压 局部 区块链 院子 所有",
        "两个区 这个县 其他地区",
        "打开新格局 比赛结局 当局表示",
        "建设文明城市",
        "十分遥远又非常美丽的地方小镇",
        "县",
        "人民医院开诊",
        "",
    ],
)
def test_what_only_looks_like_a_name_is_none(title: str) -> None:
    assert names("zh", title) == []


def test_a_place_with_a_stray_word_before_it_is_that_place() -> None:
    (entity,) = entities("zh", "溪口溪口区的书屋", "溪口区有书屋。\n\n走进溪口区，来到溪口区")
    assert (entity.name, entity.times, entity.in_title, entity.written) == ("溪口区", 4, True, "溪口区")


def test_a_longer_place_that_is_named_as_often_is_its_own() -> None:
    assert set(names("zh", "城溪口镇与溪口镇")) == {"城溪口镇", "溪口镇"}


def test_a_stray_place_of_the_title_puts_its_place_in_the_title() -> None:
    (entity,) = entities("zh", "城溪口镇", "溪口镇、溪口镇")
    assert (entity.name, entity.times, entity.in_title) == ("溪口镇", 3, True)


@pytest.mark.parametrize(
    ("title", "body"), [("走进溪口", "区召开会议"), ("溪口公安", "分局"), ("走进\n溪口", "区")]
)
def test_no_name_goes_on_from_the_title_to_the_body(title: str, body: str) -> None:
    assert names("zh", title, body) == []


def test_a_title_of_two_lines_is_one_title() -> None:
    found = {entity.name: entity.in_title for entity in entities("zh", "溪口区\n石埠镇", "禾浦区")}
    assert found == {"溪口区": True, "石埠镇": True, "禾浦区": False}


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("来到溪口石埠镇", ["溪口石埠镇"]),
        ("来到望鹭湖石埠镇", []),  # more than four characters before a place
        ("来到溪口石埠禾浦局", ["溪口石埠禾浦局"]),
        ("来到望鹭湖石埠溪口局", []),  # more than six before a body
        ("位于社区溪口镇", ["社区溪口镇"]),
        ("溪口的区", []),
        ("溪口走访区", []),
        ("溪口走访镇区", []),
    ],
)
def test_a_name_begins_at_the_nearest_border_or_is_none(text: str, found: list[str]) -> None:
    assert names("zh", text) == found


@given(st.lists(st.sampled_from(WORDS), max_size=12), st.lists(st.sampled_from(WORDS), max_size=12))
def test_names_of_lines_apart_are_those_of_the_text(title: list[str], body: list[str]) -> None:
    lines = ["".join(title), *"".join(body).splitlines()]
    found = {entity.name for line in lines for entity in entities("zh", line, "")}
    assert set(names("zh", "".join(title), "".join(body))) <= found


def test_names_of_the_title_come_first_then_the_most_frequent() -> None:
    body = "石埠镇、石埠镇、禾浦区\n\n禾浦区、石埠镇、南塘乡"
    assert names("zh", "走进南塘乡", body) == ["南塘乡", "石埠镇", "禾浦区"]


@pytest.mark.parametrize(
    ("title", "found"),
    [
        ("The Harrow County Council met", {"Harrow County Council"}),
        ("Officers of Millbrook Police Department said", {"Millbrook Police Department"}),
        ("the Ministry of Health and Welfare said", {"Ministry of Health and Welfare"}),
        ("In Orange County, the City of Westbrook voted", {"Orange County", "City of Westbrook"}),
        ("The City Council and the Local District voted", set()),
        ("A Millbrook-based Council of elders, the Delhi-based Council", set()),
        ("a county, a council and the court of law", set()),
    ],
)
def test_english_places_and_bodies_are_capitalised_with_a_word_of_their_kind(
    title: str, found: set[str]
) -> None:
    assert set(names("en", title)) == found


def test_a_text_in_another_language_has_no_entities() -> None:
    assert names("fr", "Orange County 溪口区") == []

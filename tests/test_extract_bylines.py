import pytest

from feedsvc.extract import bylines


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("By Jane Doe", ("Jane Doe",)),
        ("By Jane Doe, John Roe and Ann Lee", ("Jane Doe", "John Roe", "Ann Lee")),
        ("BY JANE DOE | March 3, 2024", ("JANE DOE",)),
        ("March 3, 2024 | by Jane Doe", ("Jane Doe",)),
        ("By Jane Doe on March 3, 2024", ("Jane Doe",)),
        ("By Jane Doe, Science Editor", ("Jane Doe",)),
        ("作者：张三", ("张三",)),
        ("作者：张三 李四 2022-04-21", ("张三", "李四")),
        ("2022-04-21 本报记者：王五", ("王五",)),
        ("文/赵六", ("赵六",)),
        ("责任编辑：孙七", ()),
        ("Admin - admin 于2022年04月21日发表", ()),
        ("By admin", ()),
        ("By Webmaster2, Jane Doe", ("Jane Doe",)),
        ("作者：管理员", ()),
        ("By https://example.org/jane", ()),
        ("By " + "a very long sentence that names nobody at all and goes on and on " * 2, ()),
        ("Stand by me", ()),
    ],
)
def test_people_are_named_and_accounts_are_nobody(line: str, expected: tuple[str, ...]) -> None:
    assert tuple(bylines.authors(line)) == expected


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("Jane Doe <jane@example.org>", ("Jane Doe",)),
        ("Jane Doe <jane@example.org>, John Roe <john", ("Jane Doe", "John Roe")),
        ("jane@example.org (Jane Doe)", ("Jane Doe",)),
        ("jane@example.org", ()),
        ("Ann & Bob <x>", ("Ann", "Bob")),
        ("记者：许山遥", ("许山遥",)),
        ("By Jane Doe, Science Editor", ("Jane Doe",)),
        ("Jane Doe", ("Jane Doe",)),
    ],
)
def test_a_field_names_people_without_their_addresses(written: str, expected: tuple[str, ...]) -> None:
    assert bylines.field(written) == expected


@pytest.mark.parametrize(
    "line", ["May 3, 2024 – May 5, 2024", "3. Mai 2024 bis 5. Mai 2024", "3.5.2024-5.5.2024"]
)
def test_a_period_is_when_something_takes_place(line: str) -> None:
    assert bylines.read(line) == bylines.Byline()


def test_updates_are_told_from_publication() -> None:
    assert len(bylines.read("3 May 2024 | 5 May 2024").published) == 2
    found = bylines.read("Published 2024-03-03 · Updated 2024-03-04")
    assert ([when.day for when in found.published], [when.day for when in found.updated]) == ([3], [4])
    for line in ("更新时间：2024年3月5日", "Aktualisiert: 5. März 2024", "Mis à jour le 5 mars 2024"):
        assert ([*bylines.read(line).published], [at.day for at in bylines.read(line).updated]) == ([], [5])


@pytest.mark.parametrize(
    "name",
    [
        "admin",
        "Admin - admin",
        "ADMIN_01",
        "网站管理员",
        "網站管理員",
        "佚名",
        "webmaster",
        "---",
        "作者",
        "記者",
        "編輯",
    ],
)
def test_an_account_is_known_in_any_spelling(name: str) -> None:
    assert bylines.is_account(name)


@pytest.mark.parametrize("name", ["Jane Doe", "Adminton", "张三", "Root Beer"])
def test_a_person_is_no_account(name: str) -> None:
    assert not bylines.is_account(name)


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("Von Anna Berg und Jan Feld", ("Anna Berg", "Jan Feld")),
        ("Par Marie de la Roche", ("Marie de la Roche",)),
        ("Autor: Anna Berg", ("Anna Berg",)),
        ("Autorin: Anna Berg, Leiterin des Museums", ("Anna Berg",)),
        ("Autor: die Redaktion, Berlin", ()),
        ("Text von Anna Berg Illustration von Jan Feld", ("Anna Berg",)),
        ("Texto: Ana Vega, Fotos: Luis Mar", ("Ana Vega",)),
        ("Von Berlin Mitte, dem Herzen der Stadt", ()),
        ("03/01/2017 by Jane Doe, who edits what the Gazette prints", ("Jane Doe",)),
        ("Por fin llega la lluvia", ()),
        ("Von Berlin nach Paris", ()),
        ("Di Maio", ()),
        ("By Jane DoeStaff Writer", ("Jane Doe",)),
    ],
)
def test_bylines_of_other_languages_name_people_in_capitals(line: str, expected: tuple[str, ...]) -> None:
    assert bylines.read(line).authors == expected


def test_a_source_is_told_from_the_people() -> None:
    found = bylines.read("2024-03-04 来源：溪口日报 作者：许山遥")
    assert (found.authors, found.source) == (("许山遥",), "溪口日报")
    assert bylines.read("来源：网络").source == ""


def test_several_lines_are_one_byline_and_the_last_date_counts() -> None:
    found = bylines.merged(
        [bylines.read(line) for line in ("2024-03-03", "By Jane Doe", "2024-03-04", "By Jane Doe")]
    )
    assert (found.authors, [when.day for when in found.published]) == (("Jane Doe",), [4])


@pytest.mark.parametrize("name", ["我已授权", "Name; Email Com", "Your name", "互联网", "综合整理"])
def test_a_placeholder_is_nobody(name: str) -> None:
    assert tuple(bylines.people(name)) == ()


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("ByAnn Lee", ("Ann Lee",)),
        ("ByAnn Lee UpdatedMay 6, 2024", ("Ann Lee",)),
        ("By Ann Lee ⋅ Miller ⋅ Updated", ("Ann Lee",)),
        ("By Ann Lee, PhD and Bo Roe, Jr.", ("Ann Lee, PhD", "Bo Roe, Jr")),
        ("ByteMill Opens", ()),
    ],
)
def test_names_touch_their_by_and_keep_their_degrees(line: str, expected: tuple[str, ...]) -> None:
    assert bylines.read(line).authors == expected


def test_a_login_is_an_account() -> None:
    assert bylines.is_account("ann.lee")
    assert not bylines.is_account("A. Lee")

import pytest

from feedsvc.extract import reporters


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("作者：许山遥 李青禾", ["许山遥", "李青禾"]),
        ("作者：John Smith 2020", ["John Smith"]),
        ("本文作者：许山遥 编辑：王五", ["许山遥"]),
        ("文｜许山遥 编辑｜王五", ["许山遥"]),
        ("文/图 许山遥", ["许山遥"]),
        ("2022-04-21 本报记者：许山遥", ["许山遥"]),
        ("溪口日报记者 许山遥 李青禾", ["许山遥", "李青禾"]),
        ("本报记者 许 山 通讯员 李青禾 摄", ["许山"]),
        ("采写：溪报见习记者 许山遥", ["许山遥"]),
        ("原创： 许山遥编译 溪口译社", ["许山遥"]),
        ("时间：2019-09-25 作者：许山遥阅读：1644", ["许山遥"]),
        ("责任编辑：王五", []),
        ("编辑 王五 校对 赵六", []),
        ("撰\u3000文：许\u3000山", ["许山"]),
        ("评论员 许山遥", ["许山遥"]),
        ("图/溪口图库", []),
        ("溪口社记者许山遥摄", []),
        ("2026年11月3日 10:30 記者 王小明/台北報導", ["王小明"]),
        ("記者王小明、李大華／台北報導", ["王小明", "李大華"]),
        ("作者：王小明／台北報導", ["王小明"]),
        ("记者从区政府获悉", []),
        ("中国记者节快乐", []),
    ],
)
def test_who_wrote_is_told_from_who_edited_and_who_took_pictures(line: str, expected: list[str]) -> None:
    assert list(reporters.wrote(line)) == expected


@pytest.mark.parametrize(
    ("paragraph", "expected"),
    [
        ("溪口日报讯（记者 许山遥）4月11日，记者登录页面发现", ["许山遥"]),
        ("溪口社4月29日电（记者许山遥、李青禾）今天", ["许山遥", "李青禾"]),
        ("本报讯(通讯员 李青禾 记者 许山遥 文/摄)昨日", ["李青禾", "许山遥"]),
        ("〔記者王小明／台北報導〕渡輪今天恢復通航", ["王小明"]),
        ("据记者 许山遥了解，桥已修好。", []),
    ],
)
def test_a_story_names_its_reporter_in_brackets(paragraph: str, expected: list[str]) -> None:
    assert list(reporters.opening(paragraph)) == expected
    assert list(reporters.closing(paragraph)) == expected


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("2019-11-25 11:01:53 来源: 溪口日报 举报", "溪口日报"),
        ("发布日期：2016-11-22 浏览次数：  信息来源：区民政局", "区民政局"),
        ("来源：《溪口日报》", "溪口日报"),
        ("转载自：溪口日报阅读：12", "溪口日报"),
        ("能源消耗下降", ""),
    ],
)
def test_a_line_says_where_an_article_comes_from(line: str, expected: str) -> None:
    assert reporters.source(line) == expected

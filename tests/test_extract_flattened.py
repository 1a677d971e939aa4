from datetime import UTC, datetime

import pytest

from feedsvc.extract import flattened, lines, vocabulary
from feedsvc.extract.reading import Reading
from feedsvc.model import Document

PROSE = "The mill by the river opened again on Monday, and nobody in the village noticed until noon."


def read(page: str, repeated: frozenset[str] = frozenset()) -> Reading:
    document = Document(source="s", key="k", media_type="text/plain", content=b"", location="page.txt")
    return flattened.read(page, document, datetime(2026, 1, 1, tzinfo=UTC), repeated)


@pytest.mark.parametrize(
    ("line", "kind"),
    [
        (PROSE, "prose"),
        ("云溪镇新图书馆六月八日上午正式开馆，馆内藏书八万册。", "prose"),
        ("He said there were three reasons, and he listed them one by one:", "prose"),
        ("A line of over a hundred and twenty columns, " * 3 + "that just does not care to end", "prose"),
        ("A long wait", "short"),
        ("1. 青石镇举办春季茶会", "listed"),
        ("3、山前村完成水渠清淤", "listed"),
        ("• Who won the boat race this year?", "listed"),
        ("• Mix the flour with the water and let it rest for one hour before you go on.", "prose"),
        ("The mill by the river opened again on Monday, and nobody in the ...", "teaser"),
        ("我不知道该说什么……", "prose"),
        ("November 19, 2019 at 6:44 am", "stamp"),
        ("3 hours ago", "stamp"),
        ("03/04/2024", "stamp"),
        ("an hour ago", "stamp"),
        ("5分钟前", "stamp"),
        ("Home | News | Sport | Weather", "links"),
        ("关于我们 加入我们 网站地图 友情链接", "links"),
        ("By Jane Doe | March 3, 2024 | News | Mills", "stamp"),
        ("Advertisement", "furniture"),
        ("[640]", "furniture"),
        ("42", "number"),
        ("Comments (12)", "end"),
        ("相关阅读：", "end"),
        (
            "A paragraph names the hotline. It goes on about something else for quite a while. " + PROSE,
            "prose",
        ),
        (
            "The hotline is open on Mondays, and on Tuesdays, and on all the other days of the week",
            "disclaimer",
        ),
        ("This page is for general information only.", "disclaimer"),
        ("© 2024 The Bay Gazette", "disclaimer"),
        ("客服热线:0300-5550 1188", "disclaimer"),
        ("溪口年度人物评选正在进行，大家都来看看！【点击投票】选出你心目中的一位", "disclaimer"),
        ("print (12)", "furniture"),
        ("print(12)", "short"),
    ],
)
def test_a_line_is_classified_by_its_looks(line: str, kind: str) -> None:
    (found,) = lines.classify(line)
    assert found.kind == kind


def test_a_paragraph_about_a_notice_is_no_notice() -> None:
    story = "The council wrote to the owners of the site about their privacy policy in May. " * 4
    (found,) = lines.classify(story.replace("privacy policy", "rules", 3))
    assert found.kind == "prose"


def test_chinese_lines_are_joined_without_a_space() -> None:
    first = "云溪镇新图书馆六月八日上午正式开馆馆内藏书八万册设有儿童阅"
    page = f"{first}\n览区自习区和地方文献室全年免费开放周末也开放到晚上九\n点钟。"
    (found,) = lines.classify(page)
    assert "儿童阅览区" in found.text


def test_a_list_is_not_joined() -> None:
    full = "x" * 70
    assert len(lines.classify(f"{full}\n{full}\n{full}\n- entry\n{full}")) == 3


def test_a_page_of_short_lines_is_a_note_below_its_title() -> None:
    found = read("Meeting moved\nNow on Friday at ten\nBring tea")
    assert (found.title, found.body.text) == ("Meeting moved", "Now on Friday at ten\n\nBring tea")


def test_a_single_line_is_title_and_text() -> None:
    assert read("Hello world").body.text == "Hello world"
    assert read(PROSE).body.text == PROSE


def test_nothing_is_nothing() -> None:
    assert read("") == Reading(origin="lines of the page")
    assert read("Advertisement\n42").body.text == ""


def test_a_notice_above_the_byline_is_not_body() -> None:
    notice = "This site works best with the browser of your choice and a cup of tea, as they say here. " * 4
    found = read(f"{notice}\n{notice}\nMill opens again\nMarch 3, 2024\n" + f"{PROSE}\n" * 40)
    assert (found.title, found.body.text[:8]) == ("Mill opens again", "The mill")
    assert found.published[0].when.day == 3


def test_a_date_deep_in_the_body_does_not_cut_it() -> None:
    found = read("Mill opens again\n" + f"{PROSE}\n" * 12 + "2024-01-02\n" + f"{PROSE}\n" * 12)
    assert found.body.text.count("The mill") == 24


def test_a_title_is_the_line_that_the_first_line_repeats() -> None:
    found = read(
        f"Mill opens_The Bay Gazette\nA section of this paper\nMill opens\nBy Jane Doe\n{PROSE}\n{PROSE}"
    )
    assert (found.title, found.authors) == ("Mill opens", ("Jane Doe",))


def test_a_story_about_a_hotline_keeps_its_title() -> None:
    assert read(f"New hotline for lost cats\n{PROSE}\n{PROSE}").title == "New hotline for lost cats"


def test_a_byline_may_open_the_body() -> None:
    found = read(f"Mill opens again\n{PROSE[:40]}.\n{PROSE}\n{PROSE}")
    assert found.published == ()


def test_a_list_below_its_heading_needs_no_numbers() -> None:
    listed = "Related stories\nThe weir is mended\nHens on the loose again\nA short walk to the sea\n"
    found = read(
        f"Mill opens again\n{PROSE}\n{PROSE}\n{listed}1. A numbered one\nHome | News | Sport | Tea\n"
    )
    assert [headline.title for headline in found.related] == [
        "The weir is mended",
        "Hens on the loose again",
        "A short walk to the sea",
    ]
    assert read(f"Mill opens again\n{PROSE}\n{PROSE}\n{listed[16:]}").related == ()


def test_teasers_below_such_a_heading_are_no_body() -> None:
    teasers = "".join(f"• {PROSE} It is teaser {number} of a list that never ends.\n" for number in range(8))
    found = read("Mill opens again\n" + f"{PROSE}\n" * 20 + "Related stories\n" + teasers)
    assert "teaser" not in found.body.text
    assert found.body.text.count("The mill") == 20


def test_menus_are_no_headlines() -> None:
    page = f"Mill opens again\n{PROSE}\n{PROSE}\n" + "".join(
        f"• {name}\n" for name in ("Home", "News", "Sport", "Law", "Tea", "Cats")
    )
    assert read(page).related == ()


@pytest.mark.parametrize("title", ["Storm", "通知", "供水", "Minutes"])
def test_one_word_above_the_body_is_its_title(title: str) -> None:
    found = read(f"{title}\n\n{PROSE}\n\n{PROSE}!\n")
    assert (found.title, found.body.text) == (title, f"{PROSE}\n\n{PROSE}!")


def test_a_first_paragraph_is_no_title_and_stays() -> None:
    found = read(f"{PROSE}\n\n{PROSE} Then it rained.\n")
    assert (found.title, found.body.text) == ("", f"{PROSE}\n\n{PROSE} Then it rained.")


@pytest.mark.parametrize(
    "sentence",
    [
        "On 3 August 1998 the river rose four metres in one night, and took the bridge with it.",
        "我校定于2024年9月1日上午9时在镇文化站举办招生咨询会，欢迎参加。",
    ],
)
def test_a_day_in_a_sentence_is_when_it_happened_not_when_it_was_published(sentence: str) -> None:
    assert read(f"What happened in our town\n\n{sentence}\n\n{PROSE}\n").published == ()


def test_a_sentence_that_says_when_it_was_published_is_believed() -> None:
    found = read(f"What happened in our town\n\nPublished on 3 August 1998.\n\n{PROSE}\n\n{PROSE}!\n")
    assert [claim.when.year for claim in found.published] == [1998]


def test_a_notice_is_dated_where_it_is_signed() -> None:
    found = read(f"关于举办咨询会的通知\n\n{PROSE}\n\n{PROSE}!\n\n溪口区图书馆\n\n2024年8月20日\n")
    assert [claim.when.day for claim in found.published] == [20]
    below = read(f"What happened in our town\n\n{PROSE}\n\n{PROSE}!\n\nAnn\n\n2024-08-20 10:31\n")
    assert below.published == ()


HAN = "云溪镇的新图书馆上个月开馆了，馆里的书有八万册，来的人比去年多了一倍，有人从山后的村子走来。"


@pytest.mark.parametrize(
    ("line", "kind"),
    [
        ("42", "number"),
        ("More from the Gazette", "end"),
        ("Tags: mill, river", "end"),
        ("mill_by_the_river", "furniture"),
        ("mill-2.jpg", "furniture"),
        ("the mill.jpg", "short"),
        ("[mill by the river", "short"),
        ("3 miles:40", "short"),
        ("Long ago", "short"),
        ("Name(required) [           ]", "furniture"),
        ("这座小镇的图书馆里有八百多种地方文献，以卡片目录的形式整理在旧粮仓二楼，读者可以随时翻阅", "prose"),
        ("그래서 처음 사진 공개에 대한 반응은 달랐다.", "prose"),
    ],
)
def test_more_lines_give_themselves_away(line: str, kind: str) -> None:
    (found,) = lines.classify(line)
    assert found.kind == kind


@pytest.mark.parametrize(
    ("beginnings", "kind"),
    [(vocabulary.END_BEGINNINGS, "end"), (vocabulary.LABEL_BEGINNINGS, "furniture")],
)
def test_a_short_line_is_known_by_its_beginning(beginnings: tuple[str, ...], kind: str) -> None:
    for beginning in beginnings:
        (found,) = lines.classify(f"{beginning} mill".capitalize())
        assert found.kind in {kind, "disclaimer"}, beginning


@pytest.mark.parametrize(
    "credit",
    [
        "Photos by Jane Doe", "Image: Jane Doe", "Pictures Jane Doe", "Photograph Jane Doe", "Caption",
        "File photo", "Credit Jane Doe", "Jane Doe, Getty Images", "Courtesy of Jane Doe", "The mill (AP)",
        "The mill, AP", "The mill, Reuters", "Jane Doe, Shutterstock", "The mill (image: Jane Doe)",
        "Pİcture Jane Doe",
    ],
)  # fmt: skip
def test_a_picture_s_credit_is_no_body(credit: str) -> None:
    page = ["Mill opens again", PROSE, credit, f"{PROSE} It rained."]
    assert read("\n".join(page)).body.text == f"{PROSE}\n\n{PROSE} It rained."


def test_the_first_of_heavy_runs_is_the_article() -> None:
    story = "\n".join(f"{PROSE} Part {number} of it." for number in range(6))
    teasers = "\n".join(f"Somewhere Else\n{PROSE} Teaser {number} of many." for number in range(9))
    found = read(f"Mill opens again\n{story}\nMore from the Gazette\n{teasers}")
    assert found.body.text.count("Part") == 6
    assert "Teaser" not in found.body.text


def test_a_box_of_related_titles_does_not_end_an_article() -> None:
    story = [f"{PROSE} Part {number} of it." for number in range(6)]
    box = ["Related stories", "The weir is mended", "Hens on the loose"]
    found = read("\n".join(["Mill opens again", *story[:2], *box, *story[2:]]))
    assert found.body.text == "\n\n".join(story)


@pytest.mark.parametrize(
    "below",
    [["A title", PROSE, "Another title"], ["A title", "Comments", PROSE], ["A title"], [PROSE, PROSE]],
)
def test_other_lists_end_it(below: list[str]) -> None:
    story = [f"{PROSE} Part {number} of it." for number in range(6)]
    found = read("\n".join(["Mill opens again", *story, "Related stories", *below]))
    assert found.body.text == "\n\n".join(story)


def test_what_a_template_wrote_twice_and_credits_of_pictures_are_no_body() -> None:
    caption = "The miller, his two daughters and the dog stand before the open door of the mill on Monday."
    page = [
        "Mill opens again",
        PROSE,
        caption,
        "Photo: Jane Doe",
        "Gallery",
        caption,
        f"{PROSE} It rained.",
        PROSE + "!",
    ]
    assert read("\n".join(page)).body.text == f"{PROSE}\n\nGallery\n\n{PROSE} It rained.\n\n{PROSE}!"


def test_notes_of_origin_credits_and_pointers_to_others_are_no_body() -> None:
    page = f"Mill opens again\n{PROSE}\nRead more: The ferry is back, and it is blue.\n{PROSE[:-1]} again."
    assert read(f"{page}\nReporting by Ann Lee; editing by Bo Roe.").body.text == (
        f"{PROSE}\n\n{PROSE[:-1]} again."
    )
    tea = "柳溪镇的老茶厂停产三年后，上周重新点火烘茶，镇上的人都来看，一直看到天黑才回家。"
    assert read(f"茶厂点火\n{tea}\n（原题为《三年之后，茶厂点火》。）").body.text == tea


def test_a_question_asked_of_everybody_stays() -> None:
    question = "What was it that made you leave the town and come here to live by the river?"
    answers = [f"{PROSE} So says number {number}." for number in range(4)]
    page = "\n".join(["Five who stayed", *(f"{question}\n{answer}" for answer in answers)])
    assert read(page).body.text.count(question) == 4


def test_an_editor_s_credit_closes_a_chinese_body() -> None:
    page = ["新馆开馆", HAN, HAN + "欢迎。", "开放时间表", "周一到周五", "编辑｜许山遥", "别处的消息"]
    assert read("\n".join(page)).body.text.endswith("开放时间表\n\n周一到周五")
    assert read("\n".join([*page[:3], "别处的消息", "相关阅读", "编辑｜许山遥"])).body.text.endswith("欢迎。")


def test_code_in_a_chinese_body_stays() -> None:
    code = [f"value_of({number}) = next(rows)" for number in range(7)] + ["return value"]
    page = ["用代码算账", HAN, f"{HAN}好。", *code, f"{HAN}{HAN}完。"]
    assert "return value" in read("\n".join(page)).body.text


def test_a_letter_keeps_its_salutation_and_its_signature() -> None:
    page = [
        "Water off on Friday",
        "Dear neighbours,",
        PROSE,
        f"{PROSE} Thank you.",
        "Yours,",
        "Jane Doe",
        "The Waterworks",
    ]
    found = read("\n\n".join(page))
    assert (found.title, found.body.text) == (page[0], "\n\n".join(page[1:]))
    notice = ["关于停水的通知", "各位居民：", HAN, HAN + "请备水。", "溪口水务所", "2024年8月20日"]
    found = read("\n\n".join(notice))
    assert (found.title, found.body.text) == (notice[0], "\n\n".join(notice[1:]))
    assert [claim.when.day for claim in found.published] == [20]


@pytest.mark.parametrize(
    ("above", "below", "authors"),
    [
        ("溪口日报 2024-03-04 10:30:00", "", ("溪口日报",)),
        ("2024-03-04 10:30 来源：溪口日报 举报", "", ("溪口日报",)),
        ("来源：溪口日报\n作者：许山遥\n2024-03-04 10:30", "", ("许山遥",)),
        ("许山遥/溪口日报\n2024-03-04 10:30", "", ("许山遥",)),
        ("溪口发布\n发布时间：2024-03-04 10:30", "", ("溪口发布",)),
        ("原创 许山遥  溪口周刊", "", ("许山遥",)),
        ("2024-03-04 10:30 阅读 12", "采写：溪口日报记者 许山遥", ("许山遥",)),
        ("2024-03-04 10:30", "责任编辑：王五", ()),
        ("来源：网络", "", ()),
    ],
)
def test_a_chinese_page_credits_a_person_or_else_its_source(
    above: str, below: str, authors: tuple[str, ...]
) -> None:
    title = "溪口镇新图书馆昨天开馆"
    menu = "首页 新闻 体育 财经 图片"
    page = "\n".join([f"{title}_溪口网", "首页", menu, title, above, HAN, f"{HAN}完。", below, menu])
    found = read(page)
    assert (found.title, found.authors) == (title, authors)


def test_a_reporter_named_in_the_story_is_its_author() -> None:
    page = f"溪口镇新图书馆昨天开馆\n2024-03-04 来源：溪口日报\n溪口日报讯（记者 许山遥）{HAN}\n{HAN}完。\n"
    assert read(page).authors == ("许山遥",)
    page = f"溪口镇新图书馆昨天开馆\n2024-03-04 来源：溪口日报\n{HAN}\n{HAN}（记者 许山遥）\n"
    assert read(page).authors == ("许山遥",)


def test_an_age_counts_back_from_the_file_s_time() -> None:
    saved = datetime(2024, 3, 4, 9, 30, tzinfo=UTC)
    document = Document(
        source="s", key="k", media_type="text/plain", content=b"", location="page.txt", modified=saved
    )
    now = datetime(2026, 1, 1, tzinfo=UTC)
    page = f"Mill opens again\n3 hours ago\n{PROSE}\n{PROSE} It rained.\n"
    (claim,) = flattened.read(page, document, now).published
    assert claim.when == datetime(2024, 3, 4, 6, 30, tzinfo=UTC)
    page = f"溪口镇新图书馆开馆\n四月二十一日\n二〇二二年的春天来了。{HAN}\n{HAN}完。\n"
    (claim,) = flattened.read(page, document, now).published
    assert (claim.when.month, claim.when.day) == (4, 21)


def test_a_browser_s_title_far_above_is_the_title_without_the_site() -> None:
    menu = [f"Some Section {number}" for number in range(30)]
    page = ["Mill by the river opens again | The Bay Gazette", *menu, PROSE, f"{PROSE} It rained."]
    assert read("\n".join(page)).title == "Mill by the river opens again"
    page[0] = "Bay Gazette"
    assert read("\n".join(page)).title == "Some Section 29"


def test_full_lines_left_out_because_other_pages_have_them_too_are_told() -> None:
    shared = "The market on the quay is open on Saturdays from eight in the morning until noon all year."
    page = f"Mill opens again\n\n{PROSE} {PROSE}\n\n{shared}\n\n{PROSE} It stays open until the autumn.\n"
    found = read(page, frozenset({shared}))
    assert shared not in found.body.text
    assert found.problems == ("full lines left out because other pages have them, too: 1",)
    assert read(page).problems == ()

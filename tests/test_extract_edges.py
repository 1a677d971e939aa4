from feedsvc.extract import blocks, edges, markup

PROSE = (
    "The mill by the river opened again on Monday after a long winter, and many people came to see it turn."
)


def trimmed(*lines: str, title: str = "Mill opens again") -> list[str]:
    tree = markup.parse("<html><body>" + "".join(f"<p>{line}</p>" for line in lines) + "</body></html>")
    assert tree is not None
    return [block.text for block in edges.trim(blocks.divide(tree), title)]


def test_title_and_byline_on_top_go() -> None:
    assert trimmed("Mill opens again", "By Ann Lee, 3 May 2024", "A kicker", PROSE) == ["A kicker", PROSE]
    assert trimmed("By Ann Lee", "03/04/2024", PROSE) == [PROSE]


def test_a_title_further_down_stays() -> None:
    assert trimmed(PROSE, "Mill opens again", PROSE) == [PROSE, "Mill opens again", PROSE]


def test_pointers_to_other_articles_go_wherever_they_stand() -> None:
    assert trimmed(PROSE, "Read more: Ferry back", "Related post: Jam", PROSE) == [PROSE, PROSE]
    assert trimmed(PROSE, "Relatedness is a word", PROSE) == [PROSE, "Relatedness is a word", PROSE]


def test_credits_below_an_article_go() -> None:
    below = (
        "(Reporting by Ann Lee; editing by Bo Roe)",
        "Follow us on Mastodon",
        "Copyright 2024 The Gazette",
    )
    assert trimmed(PROSE, *below) == [PROSE]
    assert trimmed("Follow us on Mastodon, they said.", PROSE)[0] == "Follow us on Mastodon, they said."


def test_notes_at_either_end_of_a_chinese_article_go() -> None:
    body = "柳溪镇的老茶厂停产三年后，上周重新点火烘茶。"
    assert trimmed("（原标题：茶厂点火）", body, "（责任编辑：白简）") == [body]
    assert trimmed("本报记者 钟一苇", body, title="茶厂") == ["本报记者 钟一苇", body]


def test_where_nothing_else_would_be_left_all_stays() -> None:
    assert trimmed("Subscribe to our newsletter") == ["Subscribe to our newsletter"]


def test_lines_that_cling_to_a_text_are_told_by_their_places() -> None:
    lines = [PROSE, "Read more: Ferry back", PROSE, "Copyright 2024 The Gazette", "Follow us on Mastodon"]
    assert edges.clinging(lines) == {1, 3, 4}
    assert edges.clinging([]) == frozenset()

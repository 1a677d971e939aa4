from feedsvc.extract import markup, metadata
from feedsvc.extract.metadata import Metadata


def said(head: str, body: str = "") -> Metadata:
    tree = markup.parse(f"<html><head>{head}</head><body>{body}</body></html>")
    assert tree is not None
    return metadata.read(tree)


def linked(written: str) -> str:
    return f"<script type='application/ld+json'>{written}</script>"


def test_an_author_is_looked_up_by_its_id() -> None:
    graph = (
        '{"@graph": [{"@type": "BlogPosting", "headline": "A &amp; B", "author": {"@id": "#ann"}},'
        '{"@type": "Person", "@id": "#ann", "name": "Ann Lee"}, {"@type": "Person", "name": "Bo Roe"}]}'
    )
    found = said(linked(graph))
    assert [(author.value, author.origin) for author in found.authors] == [("Ann Lee", "JSON-LD author")]
    assert found.titles[0].value == "A & B"


def test_an_author_not_called_a_person_may_be_an_organisation() -> None:
    found = said(
        linked('{"@type": "NewsArticle", "author": [{"@type": "Organization", "name": "Gazette"}, "Ann"]}')
    )
    assert found.authors == ()
    assert [each.value for each in found.organisations] == ["Gazette", "Ann"]


def test_the_site_s_names_are_gathered_but_no_person_s() -> None:
    found = said(
        "<meta property='og:site_name' content='Mill Notes'>"
        + linked(
            '[{"@type": "WebSite", "name": "Notes"},'
            '{"@type": ["Person", "Organization"], "name": "Ann Lee"},'
            '{"@type": "Article", "publisher": {"@type": "Organization", "name": "Gazette"}},'
            '{"@type": "Article", "publisher": {"@type": "Person", "name": "Ann Lee"}}]'
        )
    )
    assert found.sites == ("Mill Notes", "Notes", "Gazette")


def test_microdata_and_rdfa_are_read() -> None:
    found = said(
        "",
        "<article><span itemprop='author' itemscope><a href='/'>more</a><b itemprop='name'>Ann Lee</b></span>"
        "<time itemprop='datePublished' datetime='2024-05-06'>Monday</time>"
        "<span property='schema:dateModified' content='2024-05-07'>Tuesday</span>"
        f"<p itemprop='author'>{'long ' * 50}</p></article>",
    )
    assert [(credit.value, credit.origin) for credit in found.credits] == [("Ann Lee", "itemprop author")]
    assert [(date.value, date.origin) for date in found.published] == [
        ("2024-05-06", "itemprop datePublished")
    ]
    assert found.updated == ("2024-05-07",)


def test_only_so_many_elements_of_a_name_are_looked_at() -> None:
    assert len(said("", "<b itemprop='author'>Ann</b>" * 50).credits) == 20


def test_the_picture_that_leads_comes_from_the_head() -> None:
    assert said("<meta property='og:image' content='/a.jpg'>").picture.value == "/a.jpg"
    images = linked('{"@type": "Article", "image": [{"@type": "ImageObject", "url": "/b.jpg"}, "/c.jpg"]}')
    assert (said(images).picture.value, said(images).picture.origin) == ("/b.jpg", "JSON-LD image")


def test_the_day_of_a_page_that_only_a_script_writes_is_found() -> None:
    script = '<script>var t="1581605093",n="1581418070",s="2020-02-11";</script>'
    assert [(date.value, date.origin) for date in said(script).published] == [("2020-02-11", "script")]


def test_the_day_a_page_came_to_be_is_kept_apart() -> None:
    found = said(
        linked(
            '{"@type": "WebPage", "datePublished": "2019-01-02","author": {"@type": "Person", "name": "Ann"}}'
        )
    )
    assert found.published == ()
    assert [date.value for date in found.created] == ["2019-01-02"]
    assert [credit.origin for credit in found.credits] == ["JSON-LD author of the page"]


def test_a_card_for_twitter_says_who_wrote_an_article() -> None:
    card = "<meta name='twitter:label{0}' content='{1}'><meta name='twitter:data{0}' content='{2}'>"
    found = said(card.format(1, "Written by", "Ann Lee") + card.format(2, "Time to read", "9 minutes"))
    assert [(credit.value, credit.origin) for credit in found.credits] == [("Ann Lee", "twitter:data")]


def test_the_authors_and_days_of_works_that_an_article_cites_are_not_its_own() -> None:
    cited = (
        "<li itemprop=citation><meta itemprop=author content='Bo Roe'><b itemprop=datePublished>1988</b></li>"
    )
    found = said("", f"{cited}<p itemprop=author>Ann Lee</p>")
    assert [each.value for each in found.credits] == ["Ann Lee"]
    assert found.published == ()

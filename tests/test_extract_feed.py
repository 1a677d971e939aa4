import gc
import socket
import time
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedsvc.extract import feed, guess, opml, sitemap
from feedsvc.listed import Entry
from feedsvc.model import Enclosure

BASE = "https://osk.example/feeds/all.xml"
RSS = """<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE rss PUBLIC "-//N//DTD RSS 0.91//EN" "http://n.example/rss-0.91.dtd">
<rss version="2.0"><channel><title>Quay &amp;amp; Pier</title><link>/</link>
<lastBuildDate>Sat, 21 Nov 2026 12:00:00 GMT</lastBuildDate>
<atom:link rel="next" href="?page=2"/><atom:link rel="self" href="x:y"/>
<item><title>Pier &lt;b&gt;opens&lt;/b&gt; at caf&eacute;</title>
 <link>/a?x=1&y=2</link><guid isPermaLink="false">../1</guid>
 <pubDate>Sat, 21 Nov 2026 10:00:00 +0200</pubDate><dc:creator>Ann Vale</dc:creator><category>Boats</category>
 <category>Boats</category><description>Short.</description><odd:thing odd:x="1"/>
 <content:encoded><![CDATA[<p>Long <a href="b?c=1&d=2">text</a>.</p><script>x()</script>]]></content:encoded>
 <enclosure url="/a.mp3" type="audio/mpeg" length="5"/><enclosure url="y:z"/>
 <enclosure url="/b.bin" length="many"/></item>
<item><guid>https://osk.example/p/2</guid><description>Only &lt;i&gt;this&lt;/i&gt;</description></item>
<item><link>https://osk.example/3?utm_source=rss#x</link></item>
<item><title>No id and no link</title></item>
<item><category>Nothing</category></item>
<item><guid>https://osk.example/p/2</guid></item>
</channel></rss>"""
ATOM = """<feed xmlns="http://www.w3.org/2005/Atom" xml:base="https://osk.example/x/" xml:lang="en">
<id>../f</id><title>Osk</title><updated>2026-11-01T00:00:00Z</updated><link rel="alternate" href="/"/>
<entry xml:base="e/"><id>https://osk.example/a/../1</id>
 <title type="html">A &amp;amp; &amp;lt;b&amp;gt;</title>
 <link href="one"/>
 <updated>2026-11-02T00:00:00Z</updated><published>2026-11-01T00:00:00+08:00</published>
 <author><name>Bo</name></author>
 <summary>Said</summary><content type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml"><p>Hi <a
 href="z">z</a></p></div></content></entry>
<entry><id>2</id><title>a &lt; b</title><content type="text">one &lt; two</content>
 <updated>nonsense</updated></entry>
</feed>"""


ODD = (
    "<", ">", "&", "<a:", "<![CDATA[", "]]>", "<!--", "-->", "<?x", '"', "<item>", "</item>", ":", "\x00",
    "\ud800", "xmlns:a=''", "<id>", "&#0;", "<link/>", " xml:base='http://['", "http://[", "é",
)  # fmt: skip


@pytest.mark.parametrize(
    "end", ["<guid>9</guid><description>These words stop in the mid", "", "<title/></ite"]
)
def test_a_feed_that_breaks_off_is_read_up_to_the_entry_that_is_not_whole(end: str) -> None:
    whole = feed.read(RSS.encode(), BASE)
    found = feed.read(RSS.replace("</channel></rss>", f"<item>{end}").encode(), BASE)
    assert found.entries == whole.entries
    assert found.problem == "1 empty entries; breaks off within an entry, which is left out"
    assert found.broken
    unclosed = feed.read(RSS.replace("</channel></rss>", "").encode(), BASE)
    assert (unclosed.entries, unclosed.problem) == (whole.entries, whole.problem)


def test_entries_within_entries_and_namespaces_of_any_length_take_no_time() -> None:
    nested = "<item><guid>1</guid><title>T</title>" + "<item>" * 200 + "<a/>" * 45_000 + "</item>" * 201
    long = f'<rss version="2.0" xmlns="{"n" * 100_000}"><channel>{"<a/>" * 45_000}</channel></rss>'
    start = time.process_time()
    (entry,) = feed.read(f'<rss version="2.0"><channel>{nested}</channel></rss>'.encode(), BASE).entries
    assert entry.title == "T"
    assert feed.read(long.encode(), BASE).problem == "a namespace of more than 200 characters"
    assert time.process_time() - start < 5  # a minute without; half a second alone


def item(inside: str, *, title: str = "<title>T</title>") -> Entry:
    """Return an item of a feed that declares what extensions use."""
    spaces = 'xmlns:media="http://search.yahoo.com/mrss/" xmlns:itunes="http://www.itunes.com/dtds/podcast-1.0.dtd"'
    written = (
        f'<rss version="2.0" {spaces}><channel><item><guid>1</guid>{title}{inside}</item></channel></rss>'
    )
    (entry,) = feed.read(written.encode(), BASE).entries
    return entry


PICTURE = (
    '<media:content url="/a.png"><media:title>Boat</media:title><media:description>{}</media:description>'
    "</media:content>"
)
TOOT = "<description>&lt;p&gt;The ferry is back.&lt;/p&gt;</description>"


@pytest.mark.parametrize(
    "inside",
    [
        TOOT + PICTURE.format("A boat"),
        PICTURE.format("A boat") + TOOT,
        TOOT + PICTURE.format("A boat") + PICTURE.format("Another boat"),
        TOOT
        + "<media:group><media:description>A boat, "
        + "far out " * 9
        + "</media:description></media:group>",
        TOOT + "<itunes:summary>The ferry.</itunes:summary>",
    ],
)
def test_what_is_said_of_a_picture_or_in_short_is_not_what_an_entry_says(inside: str) -> None:
    entry = item(inside, title="")
    assert (entry.title, entry.html, entry.text, entry.summary) == ("", "<p>The ferry is back.</p>", "", "")


def test_an_extension_is_known_by_the_safe_spelling_of_its_address_too() -> None:
    written = (
        '<rss version="2.0" xmlns:media="https://search.yahoo.com/mrss/"><channel><item><guid>1</guid>'
        f"{TOOT}{PICTURE.format('A boat')}</item></channel></rss>"
    )
    (entry,) = feed.read(written.encode(), BASE).entries
    assert (entry.html, entry.text) == ("<p>The ferry is back.</p>", "")


def test_what_extensions_say_stands_for_an_entry_that_says_nothing() -> None:
    group = (
        "<media:group><media:title>Two</media:title><media:description{}>I &lt;3 boats\n\nnext"
        "</media:description></media:group>"
    )
    video = item(group.format(""), title="")
    assert (video.title, video.text, video.html) == ("Two", "I <3 boats\n\nnext", "")
    assert item(group.format(' type="html"')).html == "I <3 boats\n\nnext"
    assert item(group.format("")).title == "T"
    longer = item("<description>Short.</description><itunes:summary>Show notes at length.</itunes:summary>")
    assert (longer.html or longer.text, longer.summary) == ("Show notes at length.", "Short.")


@pytest.mark.parametrize(
    ("written", "names"),
    [
        ("<author>ann@osk.media (Ann Vale)</author>", ("Ann Vale",)),
        ("<author>desk@osk.photography</author>", ()),
        ("<dc:creator>Ann Vale &lt;ann@osk.online&gt;</dc:creator>", ("Ann Vale",)),
        ("<author>Ann Vale</author>", ("Ann Vale",)),
        ("<author>Ann Vale (@annvale)</author>", ("Ann Vale (@annvale)",)),
    ],
)
def test_an_author_is_a_name_whatever_address_stands_beside_it(written: str, names: tuple[str, ...]) -> None:
    assert item(written).authors == names


def test_an_entry_has_the_authors_of_its_source_or_of_its_feed() -> None:
    source = "<source><id>s</id><author><name>Sue</name></author></source>"
    written = ATOM.replace(
        "<entry><id>2</id>",
        f"<author><name>Ed</name></author><entry><id>3</id>{source}</entry><entry><id>2</id>",
    )
    assert [entry.authors for entry in feed.read(written.encode(), BASE).entries] == [
        ("Bo",),
        ("Sue",),
        ("Ed",),
    ]
    edited = RSS.replace("<item>", "<managingEditor>Ed</managingEditor><language>de-CH</language><item>", 1)
    (first, second, *_) = feed.read(edited.encode(), BASE).entries
    assert (first.authors, second.authors) == (("Ann Vale",), ())
    assert second.language is None, "English is the default of many systems"


def test_an_id_is_an_address_only_where_it_is_a_whole_one() -> None:
    assert item("<guid>buzz-12345</guid>").link is None
    found = feed.read(ATOM.encode(), BASE).entries
    assert [entry.link for entry in found] == ["https://osk.example/x/e/one", None]


def test_content_that_is_no_text_is_no_words_of_an_entry() -> None:
    written = ATOM.replace(
        '<content type="text">one', '<summary>All of it</summary><content type="application/pdf">JVBERi0='
    )
    assert [entry.text for entry in feed.read(written.encode(), BASE).entries][1] == "All of it"


def test_rss_comes_out_as_it_says() -> None:
    found = feed.read(RSS.encode(), BASE)
    assert (found.title, found.link) == ("Quay & Pier", "https://osk.example/")
    assert found.next == "https://osk.example/feeds/all.xml?page=2"
    assert found.updated == datetime(2026, 11, 21, 12, tzinfo=UTC)
    assert found.problem == "1 empty entries"
    first, second, third, fourth = found.entries
    assert first == Entry(
        key="../1",
        title="Pier opens at café",
        link="https://osk.example/a?x=1&y=2",
        html='<p>Long <a href="b?c=1&d=2">text</a>.</p><script>x()</script>',
        base=BASE,
        summary="Short.",
        authors=("Ann Vale",),
        categories=("Boats",),
        published=datetime(2026, 11, 21, 10, tzinfo=timezone(timedelta(hours=2))),
        enclosures=(
            Enclosure(url="https://osk.example/a.mp3", media_type="audio/mpeg", length=5),
            Enclosure(url="https://osk.example/b.bin", media_type="application/octet-stream"),
        ),
    )
    assert (second.key, second.link) == ("https://osk.example/p/2",) * 2
    assert (second.html, second.summary) == ("Only <i>this</i>", "")
    assert (third.key, third.link) == ("https://osk.example/3#x", "https://osk.example/3?utm_source=rss#x")
    assert (fourth.key[0], len(fourth.key), fourth.title) == ("#", 33, "No id and no link")


def test_atom_comes_out_as_it_says() -> None:
    found = feed.read(ATOM.encode(), BASE)
    assert (found.id, found.title, found.problem) == ("../f", "Osk", "")
    first, second = found.entries
    assert first.key == "https://osk.example/a/../1"
    assert first.title == "A & <b>"
    assert first.link == "https://osk.example/x/e/one"
    assert (first.html, first.base) == ('<p>Hi <a href="z">z</a></p>', "https://osk.example/x/e/")
    assert (first.summary, first.authors, first.language) == ("Said", ("Bo",), "en")
    assert first.published == datetime(2026, 11, 1, tzinfo=timezone(timedelta(hours=8)))
    assert first.updated == datetime(2026, 11, 2, tzinfo=UTC)
    assert (second.key, second.title, second.text, second.html) == ("2", "a < b", "one < two", "")
    assert second.updated is None


def test_rdf_and_other_charsets_are_read() -> None:
    rdf = """<?xml version="1.0" encoding="GB18030"?><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"
     xmlns="http://purl.org/rss/1.0/"><channel><title>临江</title></channel>
     <item rdf:about="https://osk.example/1"><title>渡轮恢复通航</title><link>https://osk.example/1</link></item></rdf:RDF>"""
    (entry,) = feed.read(rdf.encode("gb18030"), BASE).entries
    assert entry.title == "渡轮恢复通航"
    utf_16 = feed.read(RSS.replace("UTF-8", "UTF-16").encode("utf-16"), BASE)
    assert utf_16 == feed.read(RSS.encode(), BASE)


def test_a_broken_feed_gives_what_can_be_recovered() -> None:
    broken = RSS.replace("</channel></rss>", "<item><guid>9</guid><b>never closed</item></channel></rss>")
    assert [entry.key for entry in feed.read(broken.encode(), BASE).entries][-1] == "9"


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"<html><body>x</body></html>", "no feed"),
        (b"", "no feed"),
        (b"\x89PNG\r\n\x1a\n\0", "binary"),
        (b"<!DOCTYPE rss [<!ENTITY a SYSTEM 'file:///etc/hostname'>]><rss>&a;</rss>", "document type"),
        (b"<rss>" + b" " * (10 << 20), "more than 10 MiB"),
        (b"<rss " + b"a='1' " * 2_000 + b"/>", "attributes"),
        (b"<rss>" + b"<a/>" * 60_000 + b"</rss>", "50,000 elements"),
        (b"<-:rss>", "no feed"),
    ],
    ids=["html", "empty", "binary", "entity", "long", "attributes", "elements", "cut"],
)
def test_what_is_no_feed_says_why(content: bytes, words: str) -> None:
    found = feed.read(content, BASE)
    assert found.entries == ()
    assert words in found.problem


def test_no_more_than_the_limit_is_read() -> None:
    many = b"<rss><channel>" + b"".join(b"<item><guid>%d</guid></item>" % n for n in range(feed.MOST + 9))
    found = feed.read(many + b"</channel></rss>", BASE)
    assert len(found.entries) == feed.MOST
    assert found.problem == ""


def test_names_that_are_none_are_passed_over() -> None:
    odd = b"<rss><channel><item><guid>1</guid><rss:/><a:1b/><::/><dc:creator>Bo</dc:creator></item>"
    (entry,) = feed.read(odd, BASE).entries
    assert entry.authors == ("Bo",)


def test_an_item_within_an_item_is_none() -> None:
    nested = b"<rss><channel><item><guid>1</guid><category>B<item></category></item></channel></rss>"
    found = feed.read(nested, BASE)
    assert ([entry.key for entry in found.entries], found.problem) == (["1"], "")


@given(
    st.lists(st.tuples(st.integers(0, len(RSS)), st.sampled_from(ODD)), max_size=6),
    st.sampled_from([RSS, ATOM]),
)
def test_nothing_that_is_done_to_a_feed_raises(changes: list[tuple[int, str]], written: str) -> None:
    for place, piece in changes:
        written = written[:place] + piece + written[place + len(piece) // 2 :]
    content = written.encode("utf-8", "surrogatepass")
    assert len(feed.read(content, BASE).entries) <= 5
    sitemap.read(content)
    opml.read(content)
    guess.kind(content, BASE)


@pytest.mark.parametrize("content", [b"/etc/hostname", b"file:///etc/hostname", b"https://osk.example/feed"])
def test_a_feed_that_is_a_path_or_an_address_opens_nothing(
    content: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    feed.read(RSS.encode(), BASE)  # what is imported late opens files of its own
    opened: list[object] = []
    monkeypatch.setattr(socket.socket, "connect", lambda *_: opened.append("socket"))
    monkeypatch.setattr("builtins.open", lambda *arguments, **_: opened.append(arguments))
    monkeypatch.setattr(Path, "open", lambda *arguments, **_: opened.append(arguments))
    inside = b"<rss><channel><item><link>%s</link><description>%s</description></item></channel></rss>"
    found = [feed.read(each, BASE) for each in (content, inside % (content, content))]
    monkeypatch.undo()
    assert opened == []
    assert found[0].problem == "no feed"


@pytest.mark.parametrize(
    "content",
    [
        b"<" * 1_000_000,
        b"<rss>" + b"<" * 999_000,
        b"<rss><channel>" + b"<item>" * 100_000,
        b"<rss><channel><item><guid>1</guid><description>" + b"&lt;!--" * 200_000,
        b"<rss><channel><item><guid>1</guid><description>" + b"&lt;div&gt;" * 200_000,
        b"<rss><channel>" + b"&" * 1_000_000,
    ],
    ids=["brackets", "more", "nested", "comments", "mark-up", "references"],
)
def test_hostile_feeds_take_no_time(content: bytes) -> None:
    gc.collect()
    begun = time.process_time()
    feed.read(content, BASE)
    assert time.process_time() - begun < 12  # watched, on a busy machine; under a second alone


def test_a_very_long_id_is_a_key_that_a_journal_can_hold() -> None:
    ids = ["1" * 1000, "村" * 5000 + "a", "村" * 5000 + "b"]
    items = "".join(f"<item><guid>{each}</guid><title>T</title></item>" for each in ids)
    found = feed.read(f"<rss version='2.0'><channel>{items}</channel></rss>".encode(), BASE)
    keys = [entry.key for entry in found.entries]
    assert keys[0] == ids[0]
    assert len(set(keys)) == 3
    assert max(len(key.encode()) for key in keys) < 8000


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("Mon, 01 Apr 24 08:00:00 GMT", "2024-04-01T08:00:00+00:00"),
        ("Mon, 01 Apr 24 8:00:00 GMT", "2024-04-01T08:00:00+00:00"),
        ("1 apr 98 08:00 +0200", "1998-04-01T08:00:00+02:00"),
        ("Mon, 01 Apr 24", "2024-04-01T00:00:00"),
        ("1 Sept 24 08:00 GMT", "2024-09-01T08:00:00+00:00"),
        ("Mon Apr  1 08:00:00 2024", "2024-04-01T08:00:00"),
    ],
)
def test_dates_of_old_mail_are_read(written: str, expected: str) -> None:
    item = f"<item><guid>1</guid><pubDate>{written}</pubDate></item>"
    (entry,) = feed.read(f"<rss version='2.0'><channel>{item}</channel></rss>".encode(), BASE).entries
    assert entry.published
    assert entry.published.isoformat() == expected


@pytest.mark.parametrize(
    "written", ["1709550000", "2024-13-45", "03-04-24", "-2024", "2403", "10:30", "May 4"]
)
def test_no_date_is_made_of_what_is_none(written: str) -> None:
    item = f"<item><guid>1</guid><pubDate>{written}</pubDate></item>"
    (entry,) = feed.read(f"<rss version='2.0'><channel>{item}</channel></rss>".encode(), BASE).entries
    assert entry.published is None


def test_a_summary_that_is_plain_text_stays_what_it_says() -> None:
    entry = "<entry><id>1</id><summary>a &lt; b, use Vec&lt;T></summary><content>Long.</content></entry>"
    found = feed.read(f"<feed xmlns='http://www.w3.org/2005/Atom'>{entry}</feed>".encode(), BASE)
    assert found.entries[0].summary == "a &lt; b, use Vec&lt;T&gt;"


def test_of_a_feed_of_many_elements_the_newest_entries_are_read() -> None:
    item = "<item><guid>{}</guid><description>T</description>" + "<a:b/>" * 30 + "</item>"
    items = "".join(item.format(number) for number in range(1_700))
    found = feed.read(f"<rss><channel>{items}</channel></rss>".encode(), BASE)
    assert len(found.entries) == 1515
    assert (found.entries[0].key, found.entries[-1].key) == ("0", "1514")
    assert found.problem == "more than 50,000 elements: older entries left out"

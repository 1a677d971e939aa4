"""Every code point of the basic plane, and one of each other plane, on the whole way into the feeds."""

import json
import os
import unicodedata
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from lxml import etree

from feedsvc.extract import MEDIA_TYPES, extract
from feedsvc.feeds import FORMATS, write
from feedsvc.model import Article, Document, Hints
from feedsvc.sources.folder import Folder
from feedsvc.topics import Topics
from tests.builders import SITE, feed

ATOM = "{http://www.w3.org/2005/Atom}"
CONTENT = "{http://purl.org/rss/1.0/modules/content/}"
SAFE = etree.XMLParser(no_network=True, resolve_entities=False, huge_tree=True)
NOW = datetime(2026, 1, 1, tzinfo=UTC)
HINTS = Hints(source="planes")
PLANES = [*map(chr, range(0x10000)), *(chr(plane << 16 | 0xF4A9) for plane in range(1, 17))]
ALIKE = frozenset({"Ll", "Lm", "Lo", "Lu", "Nd", "Nl", "No", "Mc", "Mn", "So", "Co", "Cn"})
"""Letters, digits, marks, pictures, private and unassigned: nothing tells one from its neighbours."""
NO_CHARACTERS = "\ufdd0\ufdef\ufffe\uffff"
ODD = [char for char in PLANES if unicodedata.category(char) not in ALIKE or char in NO_CHARACTERS]

Told = tuple[str | None, str | None, str | None]
"""Id, title and body."""


def blocks(chars: list[str], size: int) -> list[str]:
    """Part characters so that each block takes from everywhere; one of controls alone would be no text."""
    count = len(chars) // size
    return ["".join(chars[start::count]) for start in range(count)]


def raw(block: str) -> str:
    """Spell a YAML string with its characters as they are, but for those that YAML forbids."""
    forbidden = {ord("\\"): "\\\\", ord('"'): '\\"', 0x7F: "\\x7f"}
    return f'"{block.translate(forbidden)}"'


def escaped(block: str) -> str:
    """Spell a YAML string in ASCII; what comes out is nothing that the decoder of the file has seen."""
    return json.dumps(block)


def note(number: int, spelled: str, body: str) -> str:
    """Return a note that holds a block wherever it matters."""
    return (
        f'---\ntitle: {spelled}\nid: {spelled[:-1]}{number}"\ntags: [{spelled}]\n'
        f"date: 2024-05-01\nlanguage: en\n---\nThis is {body} within a sentence.\n"
    )


def extracted(documents: Iterable[Document]) -> list[Article]:
    """Return the articles as ingest would commit them; every document must give one."""
    outcomes = [extract(each, HINTS, NOW) for each in documents]
    articles = [Topics().assign(outcome) for outcome in outcomes if isinstance(outcome, Article)]
    assert len(articles) == len(outcomes), [each for each in outcomes if not isinstance(each, Article)][:3]
    assert len({article.id for article in articles}) == len(articles)
    return articles


def in_memory(notes: Iterable[tuple[str, str]], media_type: str) -> Iterator[Document]:
    for name, content in notes:
        written = content.encode("utf-8", "surrogatepass")
        yield Document(source="planes", key=name, media_type=media_type, content=written, location=name)


def told(suffix: str, content: bytes) -> list[Told]:
    """Return the items of a feed as a strict parser reads them."""
    if suffix == "json":
        return [(each["id"], each["title"], each["content_html"]) for each in json.loads(content)["items"]]
    root = etree.fromstring(content, SAFE)
    if suffix == "rss":
        names, items = ("guid", "title", f"{CONTENT}encoded"), root.iterfind("channel/item")
    else:
        names = (f"{ATOM}id", f"{ATOM}title", f"{ATOM}content")
        items = root.iterfind(f"{ATOM}entry")
    return [(each.findtext(names[0]), each.findtext(names[1]), each.findtext(names[2])) for each in items]


def assert_nothing_is_lost(articles: list[Article]) -> None:
    """Assert that each format is well formed and holds every article, whole and in order."""
    for start in range(0, len(articles), 1000):
        shown = articles[start : start + 1000]
        expected: list[Told] = [(each.id, each.title, each.html) for each in shown]
        for suffix in FORMATS:
            assert told(suffix, write(suffix, feed(*shown), SITE)) == expected


def letters(block: str) -> list[str]:
    """Return what of a block must come through whatever else is dropped."""
    return [char for char in block if char.isalnum()]


def assert_letters_come_through(article: Article, block: str) -> None:
    for place in (article.title, article.text):
        assert set(letters(block)) <= set(place), (place, block)


@pytest.mark.parametrize(
    ("spell", "written"), [(raw, blocks(PLANES, 64)), (escaped, blocks(ODD, 16))], ids=["raw", "escaped"]
)
def test_no_code_point_in_a_note_costs_an_item(spell: Callable[[str], str], written: list[str]) -> None:
    notes = ((f"{number}.md", note(number, spell(block), block)) for number, block in enumerate(written))
    articles = extracted(in_memory(notes, "text/markdown"))
    for article, block in zip(articles, written, strict=True):
        assert_letters_come_through(article, block)
    assert_nothing_is_lost(articles)


def test_no_code_point_alone_in_a_line_of_a_page_costs_an_item() -> None:
    page = "{}\n\n  A word {} of text.\n\n  Another sentence.\n"
    pages = ((f"{char}-{ord(char)}.txt", page.format(char, char)) for char in ODD)
    assert_nothing_is_lost(extracted(in_memory(pages, "text/plain")))


def test_no_code_point_in_the_name_of_a_file_costs_an_item(tmp_path: Path) -> None:
    names = blocks(PLANES, 64)
    for number, block in enumerate(names):
        name = f"n{number}-{block}.txt".replace("/", "").replace("\0", "")
        path = tmp_path / os.fsdecode(name.encode("utf-8", "surrogatepass"))
        path.write_bytes(b"Where the path ends\n\n  The path ends at a gate.\n")
    folder = Folder(name="planes", path=tmp_path, media_types=MEDIA_TYPES)
    scan = folder.scan({}, datetime.now(UTC) + timedelta(seconds=5))
    assert not scan.skipped
    read = [folder.read(found) for found in scan.found]
    documents = [each for each in read if isinstance(each, Document)]
    assert len(documents) == len(names)
    assert_nothing_is_lost(extracted(documents))

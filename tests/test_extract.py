import subprocess
import sys
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from feedsvc.extract import MEDIA_TYPES, article_id, extract, markdown
from feedsvc.model import Article, Document, Hints, Skipped
from feedsvc.text import clean

NOW = datetime(2026, 1, 1, tzinfo=UTC)
HINTS = Hints(source="folder")
HEAVY = (
    "trafilatura",
    "lxml",
    "nh3",
    "numpy",
    "htmldate",
    "yaml",
    "markdown_it",
    "py3langid",
    "charset_normalizer",
)


def document(content: bytes | str, suffix: str = ".txt", **fields: object) -> Document:
    made = {
        "source": "folder",
        "key": f"note{suffix}",
        "media_type": MEDIA_TYPES.get(suffix, "image/png"),
        "content": content.encode() if isinstance(content, str) else content,
        "location": f"/docs/note{suffix}",
    }
    return Document(**{**made, **fields})  # type: ignore[arg-type] # a test's fields are what it says


def article(content: bytes | str, suffix: str = ".txt", hints: Hints = HINTS, **fields: object) -> Article:
    found = extract(document(content, suffix, **fields), hints, NOW)
    assert isinstance(found, Article), found
    return found


def reason(content: bytes | str, suffix: str = ".txt") -> str:
    found = extract(document(content, suffix), HINTS, NOW)
    assert isinstance(found, Skipped)
    return found.reason


def strings(found: Article) -> list[str]:
    return [
        *(found.title, found.text, found.html, found.summary, found.url or "", found.language or ""),
        *(*found.authors, *found.images, *found.problems),
        *(headline.title for headline in found.related),
        *(label.name for label in found.labels),
    ]


def pieces() -> st.SearchStrategy[str]:
    telling = [
        *(
            "---\n",
            "+++\n",
            "title: a\n",
            "date: 2022-02-30\n",
            "# h\n",
            "[a](",
            "|-|\n",
            "&#1;",
            "&#xFFFE;",
            "\0",
            "\ud800",
        ),
        *(
            "<p>",
            "</p>",
            "<div>",
            "<a href='x'>",
            "<img src=//x/y>",
            "<script>",
            "<!--",
            "<table><td>",
            "<title>",
            "<pre>",
        ),
        *(
            "2022年04月21日",
            "March 3, 2024",
            "By Jane Doe\n",
            "  1. 标题\n",
            "。",
            "今天",
            "\u2028",
            "\r",
            "\x85",
            ". ",
        ),
        *(
            "<script type=application/ld+json>",
            '{"@type":"Article","author":[[1]],"datePublished":7}',
            "</script>",
        ),
        *(
            "<meta name=date content=2024-13-01>",
            "<time datetime=99>",
            "<html lang=zh>",
            "<link rel=canonical href='http://[x'>",
        ),
    ]
    return st.lists(st.sampled_from(telling) | st.text(max_size=20), max_size=30).map("".join)


@settings(max_examples=150, deadline=None)
@given(
    content=st.binary(max_size=400) | pieces().map(lambda text: text.encode("utf-8", "surrogatepass")),
    suffix=st.sampled_from(sorted(MEDIA_TYPES)),
    charset=st.sampled_from(
        [None, "utf-8", "gbk", "utf-16", "latin-1", "unicode_escape", "base64", "no such"]
    ),
)
def test_whatever_the_bytes_nothing_raises_and_every_string_is_clean(
    content: bytes, suffix: str, charset: str | None
) -> None:
    found = extract(document(content, suffix, charset=charset), HINTS, NOW)
    if isinstance(found, Skipped):
        assert found.reason
    else:
        assert all(clean(said) == said for said in strings(found))
        assert found.title
        assert len(found.title) <= 500
        assert found.text
        assert found.published <= found.updated <= NOW


def test_importing_the_package_loads_no_heavy_library() -> None:
    code = f"import feedsvc.extract, sys; print([name for name in {HEAVY} if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


@pytest.mark.parametrize(
    ("content", "suffix", "expected"),
    [
        (b"", ".txt", "empty"),
        (b" \n\t ", ".md", "empty"),
        (b"\x89PNG\r\n\x1a\n", ".txt", "binary, not text"),
        (bytes(range(256)) * 4, ".txt", "binary, not text"),
        ("---\n---\n", ".txt", "no text found"),
        ("", ".html", "empty"),
        ("<!-- nothing -->", ".html", "no text found"),
        ("<html><body><img src='x.png'></body></html>", ".html", "no text found"),
        ("---\ndraft: true\n---\nNot yet.", ".md", "draft"),
        ("+++\ndraft = true\n+++\nNot yet.", ".md", "draft"),
        ("<div>" * 1000, ".html", "elements nested more than 512 deep"),
        ("<div>" * 1000, ".md", "elements nested more than 512 deep"),
        ("x", ".png", "unsupported media type image/png"),
    ],
)
def test_a_document_without_an_article_says_why(content: bytes | str, suffix: str, expected: str) -> None:
    assert reason(content, suffix) == expected


def test_a_media_type_may_carry_parameters() -> None:
    assert article("Hello there.", media_type="Text/Plain; charset=utf-8").text == "Hello there."


def test_an_id_comes_from_site_source_and_key_alone() -> None:
    first = article("One.\n\nBody of it.")
    again = article("Two.\n\nAnother body.", location="/elsewhere/x.txt", url="https://example.org/x")
    assert first.id == again.id == article_id("feedsvc", "folder", "note.txt")
    assert first.id.startswith("urn:uuid:")
    assert len({article_id("a", "b", "c"), article_id("a", "bc", ""), article_id("x", "b", "c")}) == 3


def test_an_id_in_front_matter_overrides_the_key_and_is_never_another_documents_path() -> None:
    named = article("---\nid: note.md\n---\nText.", ".md").id
    assert named == article("---\nid: note.md\n---\nText.", ".md", key="moved.md").id
    assert named != article_id("feedsvc", "folder", "note.md") == article("Text.", ".md").id


def test_a_key_with_a_lone_surrogate_has_an_id() -> None:
    assert article_id("s", "f", "\udcff.txt") != article_id("s", "f", "\udcfe.txt")


def test_a_title_is_never_empty() -> None:
    assert article("---\na: b\n---\nOnly a body, no heading.", ".md").title == "Only a body, no heading."
    assert len(article("# " + "long " * 300 + "\n\nText.", ".md").title) <= 500


def test_control_characters_and_noncharacters_are_cleaned() -> None:
    found = article("# A\x01 b\ufffe\n\nText\x00 with &#x1; and &#xFFFE; ends.", ".md")
    assert (found.title, found.text) == ("A b", "Text with and ends.")


def test_the_file_time_dates_a_document_that_names_no_day() -> None:
    modified = datetime(2025, 5, 5, 5, tzinfo=UTC)
    found = article("Hello there.", modified=modified)
    assert (found.published, found.published_from, found.problems) == (modified, "file time", ())


@pytest.mark.parametrize("suffix", [".txt", ".md", ".html"])
def test_an_address_or_file_name_dates_a_document_its_folder_does_not(suffix: str) -> None:
    day = datetime(2024, 5, 6, tzinfo=UTC)
    found = article("<p>Hello there.", suffix, location=f"/2001-01-01/2024-05-06-mill{suffix}")
    assert (found.published, found.published_from) == (day, "url")
    assert article("<p>Hello.", suffix, url="https://example.org/2024/05/06/mill").published == day


@pytest.mark.parametrize(
    "modified", [datetime(1, 1, 1, tzinfo=UTC), datetime.max.replace(tzinfo=UTC), NOW + timedelta(days=1)]
)
def test_an_impossible_file_time_is_a_problem_and_no_date(modified: datetime) -> None:
    found = article("Hello there.", modified=modified)
    assert (found.published, found.published_from, len(found.problems)) == (NOW, "first seen", 1)


def test_undecodable_bytes_are_counted() -> None:
    found = article("Grüße aus der kleinen Stadt am großen Fluss.".encode() * 5 + b"\xff", charset="utf-8")
    assert found.problems == ("1 place could not be read as utf-8",)


def test_labels_keep_their_first_origin() -> None:
    found = article('---\ntags: [b, a, "\\x01"]\ncategories: [a]\n---\nText.', ".md")
    assert [(label.name, label.origin) for label in found.labels] == [
        ("a", "front matter"),
        ("b", "front matter"),
    ]


def test_a_flood_of_labels_is_cut_and_said() -> None:
    found = article(
        "---\ntags: [" + ",".join(f"t{number}" for number in range(2500)) + "]\n---\nText.", ".md"
    )
    assert [label.name for label in found.labels] == [f"t{number}" for number in range(20)]
    assert found.problems == ("of 2,500 labels the first 20 were taken",)
    kept = article("---\ntags: [" + "a, " * 30 + "b]\n---\nText.", ".md")
    assert (len(kept.labels), kept.problems) == (2, ())


def test_a_language_is_declared_detected_or_hinted() -> None:
    assert article("Hello.", hints=Hints(source="folder", language="en")).language == "en"
    assert article("Hello.").language is None
    assert (
        article("---\nlang: fr\n---\nBonjour.", ".md", hints=Hints(source="folder", language="en")).language
        == "fr"
    )


def test_an_unnamed_zone_is_the_source_s() -> None:
    found = article(
        "---\ndate: 2024-01-02\n---\nText.", ".md", hints=Hints(source="folder", timezone="Asia/Tokyo")
    )
    assert found.published == datetime(2024, 1, 1, 15, tzinfo=UTC)


def test_markdown_needs_no_document_url() -> None:
    found = markdown.read("[a](b.html) ![c](d.png)", document(b""), NOW)
    assert not isinstance(found, Skipped)
    assert found.body.html == "<p>a </p>"


def test_running_out_of_memory_is_told_to_whoever_set_the_limit() -> None:
    script = (
        "import resource; from datetime import UTC, datetime;"
        "from feedsvc.extract import extract; from feedsvc.model import Document, Hints;"
        "page = Document("
        "source='s', key='k', media_type='text/plain', content=b'word. ' * 10**7, location='k');"
        "resource.setrlimit(resource.RLIMIT_DATA, (100 << 20, 100 << 20));"
        "extract(page, Hints(source='s'), datetime.now(UTC))"
    )
    ran = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False)
    assert ran.stderr.splitlines()[-1] == "MemoryError"


@pytest.mark.parametrize("char", "\x00\x01\x0b\x0c\x1b\x1c\x1f\x7f\ufffe\uffff\ufffd\u2028")
def test_a_character_that_nobody_sees_ends_no_line(char: str) -> None:
    found = article(
        f"The har{char}bour opens\n\nIt opens on Monday, the{char} mayor said, if the crane arrives.\n"
    )
    assert found.title in {"The harbour opens", "The har bour opens", "The har\x7fbour opens"}
    assert found.text.startswith("It opens")
    assert found.text.endswith("arrives.")


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("Great day 😀 at the harbour.", "Great day 😀 at the harbour."),
        ("Great day \ud800at the harbour.", "Great day at the harbour."),
        ("今天天气\udfff很好，大家都很高兴。", "今天天气很好，大家都很高兴。"),
    ],
)
def test_surrogates_in_utf_8_are_joined_or_dropped(written: str, read: str) -> None:
    units = written.encode("utf-16-be", "surrogatepass")
    codes = [int.from_bytes(units[at : at + 2], "big") for at in range(0, len(units), 2)]
    as_java_writes = "".join(map(chr, codes)).encode("utf-8", "surrogatepass")
    assert article(b"A title\n\n" + as_java_writes).text == read


def test_latin_text_between_zeros_is_binary_and_no_chinese() -> None:
    assert reason(b"abc\0def\0ghi\0jkl\0" * 20) == "binary, not text"


def test_a_body_longer_than_parsers_take_is_cut_and_says_so() -> None:
    found = article("A long day\n\n" + "& it went on. " * 100_000)
    assert len(found.text) <= 500_000
    assert len(found.html) < 5_000_000
    assert any("characters were taken" in problem for problem in found.problems)


@pytest.mark.parametrize("field", ["draft: true", "published: false"])
def test_what_its_author_does_not_publish_is_a_draft(field: str) -> None:
    assert extract(document(f"---\n{field}\n---\nText.", ".md"), HINTS, NOW) == Skipped(
        key="note.md", reason="draft", expected=True
    )


def test_a_title_with_nothing_to_see_in_it_is_none() -> None:
    unseen = '---\ntitle: "\\u200b\\u200b"\n---\nThe crane has arrived.'
    assert article(unseen, ".md").title == "The crane has arrived."

import time

import pytest

from feedsvc.extract import xmltext
from feedsvc.extract.xmltext import Refused

LAUGHS = '<!DOCTYPE r [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;">]><r>&b;</r>'


@pytest.mark.parametrize(
    "content",
    [
        LAUGHS.encode(),
        LAUGHS.encode("utf-16"),
        b'<?xml version="1.0"?><!-- a --><?b?> ' + LAUGHS.encode(),
        b'<!DOCTYPE r SYSTEM "file:///etc/hostname" [<!ENTITY % p SYSTEM "x"> %p;]><r/>',
        b"<!DOCTYPE r><!DOCTYPE r [<!ENTITY a 'b'>]><r>&a;</r>",
        b"<!ENTITY a 'b'><r>&a;</r>",
        b"<!DOCTYPE r",
    ],
)
def test_a_document_type_that_declares_anything_is_refused(content: bytes) -> None:
    refused = xmltext.readable(content)
    assert isinstance(refused, Refused)
    assert "document type" in refused.reason


def test_seven_bits_hide_nothing() -> None:
    hidden = b'<?xml version="1.0" encoding="UTF-7"?>' + LAUGHS.encode("utf-7")
    read = xmltext.readable(hidden)
    assert isinstance(read, Refused) or "<!ENTITY" not in read


def test_a_document_type_that_only_names_one_is_cut_out() -> None:
    rss = b'<?xml version="1.0"?>\n<!DOCTYPE rss PUBLIC "-//N//DTD RSS 0.91//EN" "http://n.example/0.91.dtd">\n<rss/>'
    assert xmltext.readable(rss) == "\n<rss/>"


def test_what_is_no_text_is_refused() -> None:
    assert xmltext.readable(b"\x89PNG\r\n\x1a\n\0") == Refused("binary, not text")


@pytest.mark.parametrize(
    ("written", "root"),
    [
        ("<rss version='2.0'>", "rss"),
        ("<rdf:RDF xmlns:rdf='x'>", "RDF"),
        ("  <!-- <feed> --><?x <y> ?><urlset>", "urlset"),
        ("", ""),
        ("words", ""),
        ("<!-- never closed <rss>", ""),
    ],
)
def test_the_root_is_the_first_element(written: str, root: str) -> None:
    assert xmltext.root(written) == root


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("<a>caf&eacute; &amp; bar &#233; &#xE9;</a>", "<a>café &amp; bar &#233; &#xE9;</a>"),
        ("<a>?b=1&c=2&copy=3&lt;x &nosuch;</a>", "<a>?b=1&amp;c=2&amp;copy=3&lt;x &amp;nosuch;</a>"),
        ("<a><![CDATA[x & &eacute;]]> & </a>", "<a><![CDATA[x & &eacute;]]> &amp; </a>"),
        ("<a><![CDATA[ & ", "<a><![CDATA[ & "),
        ("<a>&LT;b</a>", "<a>&lt;b</a>"),
        ("<a>none</a>", "<a>none</a>"),
    ],
)
def test_references_are_xmls_own_or_text(written: str, expected: str) -> None:
    assert xmltext.mended(written) == expected


def test_what_takes_parsers_long_is_named() -> None:
    assert xmltext.too_much("<a>" * 1_000_001) == "more than 1,000,000 tags"
    assert xmltext.too_much("<a " + "b = '1' " * 1_001 + ">") == "a tag with more than 1,000 attributes"
    assert xmltext.too_much("<a b='1' c=\"2\">" * 10_000) == ""


@pytest.mark.parametrize("piece", ["<", "<!--", "<?", "&", "<![CDATA[", " ", "&a", "= ", "<!DOCTYPE "])
def test_a_million_pieces_take_half_a_second(piece: str) -> None:
    begun = time.process_time()
    read = xmltext.readable((piece * (1_000_000 // len(piece))).encode())
    if isinstance(read, str):
        xmltext.root(read)
        xmltext.too_much(read)
        xmltext.mended(read)
    assert time.process_time() - begun < 12  # watched, on a busy machine; half a second alone

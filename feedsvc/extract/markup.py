"""HTML as a tree (the one place of lxml): parsed, tidied, read as text."""

import re
import sys
from collections.abc import Iterator
from typing import TYPE_CHECKING

from feedsvc import text
from feedsvc.extract import urls
from feedsvc.extract.reading import Body
from feedsvc.extract.sanitise import ATTRIBUTES, HIDDEN, sanitise
from feedsvc.extract.urls import Place

if TYPE_CHECKING:
    from lxml.etree import _Element
    from lxml.html import HtmlElement

BLOCKS = frozenset({
    "address", "article", "aside", "blockquote", "body", "br", "caption", "center", "dd", "div", "dl",
    "dt", "fieldset", "figcaption", "figure", "footer", "h1", "h2", "h3", "h4", "h5", "h6", "header",
    "hr", "html", "li", "main", "nav", "ol", "p", "pre", "section", "table", "tbody", "td", "tfoot", "th",
    "thead", "tr", "ul",
})  # fmt: skip
CELLS = frozenset({"td", "th"})
_REFERENCE = re.compile(r"&#(?:[xX](?P<hex>[0-9a-fA-F]{1,6})|(?P<number>[0-9]{1,7}));?")
_PAGE_END = re.compile(r"</(?:html|body)\s*>", re.IGNORECASE)
_LONGEST = 1 << 20  # characters of mark-up; sanitising takes the square of that where all of it is `&amp;`
_SPACE = re.compile(r"\s+")
_DROPPED = "dropped"
_LAZY = ("data-src", "data-original", "data-lazy-src")
_NEVER_SHOWN = ("script", "style", "head", "template", "noscript", "iframe", "svg", "math")


def readable(html: str) -> str:
    """Return HTML without the characters and references that no tree may hold; a second time changes nothing.

    This comes before any look at the tags: a control character within one hides it.
    """
    return _REFERENCE.sub(_readable, text.clean(html)) if "&#" in html else text.clean(html)


def parse(html: str) -> "HtmlElement | None":
    """Return the tree of a readable page or fragment, None where there is no element in it.

    Browsers read on after `</html>`, the parser does not, so these end tags go.
    """
    from lxml import etree  # noqa: PLC0415 - loaded with the first document that needs it
    from lxml.html import HTMLParser, document_fromstring  # noqa: PLC0415

    # Huge, because the parser reads nothing past a depth of 256 otherwise; `prescan` bounds the page.
    parser = HTMLParser(
        encoding="utf-8", remove_comments=True, remove_pis=True, collect_ids=False, huge_tree=True
    )
    try:
        # As bytes, because lxml refuses strings that carry an encoding declaration of their own.
        return document_fromstring(_PAGE_END.sub(" ", html).encode("utf-8"), parser=parser)
    except etree.ParserError:  # an empty document
        return None


def _readable(reference: re.Match[str]) -> str:
    """Return a character reference as it is, or a space, which joins nothing to a tag or a new reference."""
    code = int(reference["hex"], 16) if reference["hex"] else int(reference["number"])
    return reference[0] if code <= sys.maxunicode and text.clean(chr(code)) else " "


def one_space(written: str) -> str:
    """Return a text with white space folded."""
    return _SPACE.sub(" ", written).strip()


def serialise(tree: "_Element") -> str:
    """Return a tree as HTML."""
    from lxml import etree  # noqa: PLC0415

    return etree.tostring(tree, encoding="unicode", method="html", with_tail=False)


def total_depth(tree: "HtmlElement") -> tuple[int, int]:
    """Return the depths of all elements of a tree, added up, and of all its characters."""
    from lxml import etree  # noqa: PLC0415

    depth = elements = characters = 0
    for event, element in etree.iterwalk(tree, events=("start", "end")):
        if event == "start":
            depth += 1
            elements += depth
            characters += depth * len(element.text or "")
        else:
            depth -= 1
            characters += depth * len(element.tail or "")
    return elements, characters


def strip_hidden(tree: "HtmlElement") -> None:
    """Remove what is not for readers; what holds half of the page is the page, if as a button without end."""
    from lxml import etree  # noqa: PLC0415

    etree.strip_elements(tree, *_NEVER_SHOWN, with_tail=False)
    half = _letters(tree) / 2
    for element in list(tree.iter(*HIDDEN)):
        if _letters(element) > half:
            element.tag = "div"
    etree.strip_elements(tree, *HIDDEN, with_tail=False)


def body_of(html: str, place: Place) -> Body:
    """Return readable HTML as an article's body."""
    from lxml import etree  # noqa: PLC0415

    tree = parse(html)
    if tree is None:
        return Body()
    etree.strip_elements(tree, *HIDDEN, with_tail=False)
    return body(tree, place)


def body(tree: "HtmlElement", place: Place) -> Body:
    """Return a tree without hidden elements as an article's body: links absolute or gone; changes the tree.

    Captions stay with their pictures: they are in the HTML, not in the text.
    """
    images = tuple(dict.fromkeys(_absolute_images(tree, place)))
    _absolute_links(tree, place)
    written, blocks = serialise(tree), list(_paragraphs(tree, mute="figcaption"))
    if len(written) > _LONGEST:
        return Body.plain(blocks)
    return Body(html=sanitise(written), text="\n\n".join(blocks), images=images)


def picture(image: "HtmlElement") -> str:
    """Return the address of a picture, "" for none; `src` may only hold its place until a script runs."""
    written = ((image.get(name) or "").strip() for name in (*_LAZY, "src"))
    return next((each for each in written if each and not each.lower().startswith("data:")), "")


def visible_lines(tree: "HtmlElement") -> str:
    """Return all a page shows, a line a block; nothing hidden may be left in it."""
    return "\n".join(_paragraphs(tree))


def _letters(element: "HtmlElement") -> int:
    return sum(len("".join(piece.split())) for piece in element.itertext())


def _paragraphs(tree: "HtmlElement", mute: str = "") -> Iterator[str]:
    """Yield the text of each block, white space folded except in `pre`; the cells of a row are one block."""
    buffer: list[str] = []
    for piece in _pieces(tree, mute):
        if piece is not None:
            buffer.append(piece)
            continue
        if block := "".join(buffer).replace("\xa0", " ").strip("\n "):
            yield block
        buffer.clear()


def _pieces(tree: "HtmlElement", mute: str) -> Iterator[str | None]:
    """Yield strings of text, and None where a block begins or ends."""
    from lxml import etree  # noqa: PLC0415

    preformatted = 0
    walk = etree.iterwalk(tree, events=("start", "end"))
    for event, element in walk:
        tag = str(element.tag)
        if tag == mute and event == "start":
            walk.skip_subtree()
            continue
        preformatted += {"start": 1, "end": -1}[event] if tag == "pre" else 0
        if tag in CELLS:
            yield " " if event == "end" else ""
        elif tag in BLOCKS:
            yield None
        written = element.text if event == "start" else element.tail
        if written:
            yield written if preformatted else _SPACE.sub(" ", written)
    yield None


def _absolute_images(tree: "HtmlElement", place: Place) -> Iterator[str]:
    for image in list(tree.iter("img")):
        if source := place.resolve(picture(image)):
            _set_first(image, "src", source)
            yield source
        else:
            image.drop_tree()


def _absolute_links(tree: "HtmlElement", place: Place) -> None:
    from lxml import etree  # noqa: PLC0415

    for link in list(tree.iter("a")):
        href = link.get("href") or ""
        target = urls.mail(href) or place.resolve(href)
        if "footnote-backref" in link.get("class", ""):
            link.drop_tree()
        elif target and not href.startswith("#"):
            _set_first(link, "href", target)
        else:
            link.tag = _DROPPED
    etree.strip_tags(tree, _DROPPED)  # all at once: one by one takes the square of neighbouring links


def _set_first(element: "HtmlElement", name: str, address: str) -> None:
    """Set an attribute before all others that are kept, so that addresses can be found in what is written.

    The parser takes names from hostile pages that it does not let anybody set.
    """
    kept = ATTRIBUTES[str(element.tag)] - {name}
    others = [(key, value) for key, value in element.attrib.items() if key in kept]
    element.attrib.clear()
    element.attrib.update([(name, address), *others])

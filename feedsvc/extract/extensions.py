"""Extensions of feeds, Media RSS and iTunes, kept from passing for what an entry says itself.

feedparser takes their titles and descriptions for the entry's own, wherever they stand: a picture's caption
becomes the article.
"""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from lxml.etree import _Element

_MEDIA = (
    "{http://search.yahoo.com/mrss",
    "{https://search.yahoo.com/mrss",
)  # also without a slash at the end
_ITUNES = ("{http://www.itunes.com/dtds/podcast-1.0.dtd}", "{https://www.itunes.com/dtds/podcast-1.0.dtd}")
_ATOM = "{http://www.w3.org/2005/Atom}"
_TEXTS = frozenset({"description", "summary", "content", "encoded"})
_OF_MANY = frozenset({"group", "item", "entry"})


def settle(entry: "_Element") -> None:
    """Take out of an entry what extensions say besides its own words; what stands for them is text."""
    own = max((_length(each) for each in entry if _is_own(each, _TEXTS)), default=0)
    titled = any(_is_own(each, frozenset({"title"})) and _length(each) for each in entry)
    for summary in _of(entry, _ITUNES, "summary"):
        if own >= _length(summary):
            _remove(summary)
    for title in _of(entry, _MEDIA, "title"):
        if titled or _name(title.getparent()) not in _OF_MANY:
            _remove(title)
    for number, description in enumerate(_of(entry, _MEDIA, "description")):
        if own or number:
            _remove(description)
        else:  # Media RSS 1.5.1: plain unless it says otherwise
            description.attrib["type"] = "html" if description.get("type") == "html" else "text"
            description.tag = f"{_ATOM}content"


def _is_own(element: "_Element", names: frozenset[str]) -> bool:
    return _name(element) in names and not _is_of(element, _MEDIA) and not _is_of(element, _ITUNES)


def _of(entry: "_Element", namespace: tuple[str, ...], name: str) -> list["_Element"]:
    """Return the elements of an extension that have a name, wherever they stand in an entry."""
    return [each for each in entry.iter() if _is_of(each, namespace) and _name(each) == name]


def _is_of(element: "_Element", namespace: tuple[str, ...]) -> bool:
    return str(element.tag).lower().startswith(namespace)


def _name(element: "_Element | None") -> str:
    return "" if element is None else str(element.tag).rpartition("}")[2]


def _length(element: "_Element") -> int:
    return len("".join(map(str, element.itertext())).strip())


def _remove(element: "_Element") -> None:
    parent = element.getparent()
    if parent is not None:
        parent.remove(element)

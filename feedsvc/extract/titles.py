"""Titles: one line, without the site's name, never empty."""

import re
from collections import defaultdict
from collections.abc import Collection, Sequence
from pathlib import PurePosixPath

from feedsvc import text
from feedsvc.extract.metadata import Metadata, Said

_LENGTH = 500
_SHORTEST = 8  # columns; what is left must still be a title
_WORDS = 60  # columns of a title made from the body
_HEADING = 300  # characters; a longer `h1` holds more than a title
_PARTS = 20  # of a title between separators
# Between words, and behind Chinese without spaces; a hyphen within a word parts nothing.
_SEPARATOR = re.compile(
    r"\s+[|｜\-–—·•»«]+\s+|\s*[|｜»«_]\s*|\s::?\s|(?<=[\u3000-\u9fff\uff00-\uffef”’])\s?[-–—]+\s?"
)
_PERMALINK = re.compile(r"\s*[¶#]$")
_NO_LETTER = re.compile(r"\W+")
_WORD = re.compile(r"[\u3400-\u9fff\uf900-\ufaff]|[^\W\u3400-\u9fff\uf900-\ufaff]+")
_THIRD = 3
_ALONE = 0.25  # of the words of a page's only `h1` are in its other titles
_AMONG = 0.5  # the same of one among several


def tidy(title: str) -> str:
    """Return a title as one clean line of at most 500 characters, "" where there is nothing to see in it."""
    tidied = text.one_line(title)[:_LENGTH].rstrip()
    return tidied if text.width(tidied) else ""


def without_site(title: str, sites: Collection[str] = ()) -> str:
    """Return a page's title without the site's name.

    That is the part that is one of `sites` (as `letters` gives them), else what follows the last separator if
    it is the shorter part.
    """
    parts = [(title[: m.start()], title[m.end() :]) for m in _SEPARATOR.finditer(title)][:_PARTS]
    for before, after in parts:
        for kept, site in ((before, after), (after, before)):
            if letters(site) in sites and letters(kept):
                return without_site(kept, sites)
    kept, site = parts[-1] if parts else (title, "")
    if parts and text.width(kept) >= max(_SHORTEST, text.width(site)):
        return without_site(kept.rstrip(), sites)
    return title


def letters(title: str) -> str:
    """Return what of a title is compared."""
    return _NO_LETTER.sub("", text.fold(title))


def choose(meta: Metadata) -> Said:
    """Return a page's title: the heading that its head confirms, else what most of its head says.

    A heading is what readers see. One that shares no words with the head is the site's name, a section's or
    a related article's.
    """
    sites = {letters(site) for site in meta.sites} - {""}
    told = [Said(_bare(said.value), said.origin) for said in meta.titles]
    headings = [
        bare for heading in meta.headings if len(heading) < _HEADING and letters(bare := _bare(heading))
    ]
    headings = [heading for heading in dict.fromkeys(headings) if letters(heading) not in sites]
    ends = {letters(end) for said in told for end in _ends(said.value)}
    headings = [heading for heading in headings if letters(heading) not in ends] or headings
    if heading := _confirmed(headings, [said.value for said in told]):
        return Said(heading, "h1")
    return _voted(told, sites) or Said("", "")


def is_site(name: str, meta: Metadata) -> bool:
    """Tell whether a name is the site's: as it says itself, or as it stands at an end of the page's title."""
    key = letters(name)
    ends = {letters(part) for said in meta.titles for part in _ends(said.value)}
    return names_site(name, meta) or any(key in end for end in ends if key)


def names_site(name: str, meta: Metadata) -> bool:
    """Tell whether a name is all of what the site calls itself."""
    return letters(name) in {letters(site) for site in meta.sites}


def _ends(title: str) -> tuple[str, ...]:
    """Return what stands behind a title's last separator, nothing where that is most of it."""
    found = list(_SEPARATOR.finditer(title))[:_PARTS]
    return (title[found[-1].end() :],) if found and found[-1].start() * _THIRD > len(title) else ()


def fallback(body: str, location: str) -> str:
    """Return a title for an article without one: the first words of its body, else its file's name."""
    first = body.lstrip().partition("\n")[0]
    return tidy(text.summarise(first, _WORDS)) or tidy(PurePosixPath(location.rstrip("/")).stem) or "Untitled"


def _bare(title: str) -> str:
    return _PERMALINK.sub("", tidy(title))


def _confirmed(headings: Sequence[str], told: Sequence[str]) -> str:
    """Return the heading with most of its words in another title of the page."""
    if not told:
        return headings[0] if headings else ""
    shares = {heading: max(_share(heading, title) for title in told) for heading in headings}
    best = max(shares, key=lambda heading: shares[heading], default="")
    return best if best and shares[best] >= (_ALONE if len(headings) == 1 else _AMONG) else ""


def _share(heading: str, title: str) -> float:
    """Return which share of a heading's words a title holds, an ideograph being a word."""
    words = set(_WORD.findall(text.fold(heading)))
    return len(words & set(_WORD.findall(text.fold(title)))) / len(words) if words else 0.0


def _voted(told: Sequence[Said], sites: Collection[str]) -> Said | None:
    """Return what most say once the site's name is gone; of equals what is said first."""
    first: dict[str, Said] = {}
    votes: dict[str, int] = defaultdict(int)
    for said in told:
        title = without_site(said.value, sites)
        if (key := letters(title)) and key not in sites:
            first.setdefault(key, Said(title, said.origin))
            votes[key] += 1
    return first[max(votes, key=lambda key: votes[key])] if votes else (told[0] if told else None)

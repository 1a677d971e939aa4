"""English names of places and public bodies: capitalised words with a word of their kind before or behind.

"Harrow County", "Ministry of Health", "Millbrook City Council": the forms that gazetteers and newspapers use.
"""

import re
from collections.abc import Iterator

_NAME = r"[A-Z][\w'’-]+"
_PLACE = "County|District|Township|Borough|Parish|Municipality|Province|Prefecture|Village"
_BODY = (
    "(?:City |Town |County |Borough |District |Parish |Village )?Council|Police Department|Police Service|"
    "Sheriff's Office|Fire Department|Fire Service|Health Department|School District|School Board|"
    "High Court|Crown Court|Magistrates' Court|District Court|Supreme Court|Court of Appeal|"
    "Housing Authority|Port Authority|Transport Authority|Water Authority|Planning Commission|"
    "Electoral Commission|Public Library|City Hall"
)
_OF = (
    "Ministry|Department|Bureau|Board|Office|Agency|Commission|Court|City|Town|County|Borough|District|"
    "Province"
)
_LATER = "|".join(f"(?<={word[0]}){word[1:]}" for word in _OF.split("|"))
# A capital letter stands first and not in alternatives, so that the engine leaps from one to the next.
_FORMS = re.compile(
    rf"[A-Z](?<!\w[A-Z])(?:[\w'’-]+ (?:{_NAME} ){{0,2}}(?:{_PLACE}|{_BODY})\b"
    rf"|(?:{_LATER}) of (?:the )?{_NAME}(?:(?: and|,)? {_NAME}){{0,3}})"
)
_PLACES = re.compile(rf"\b(?:{_PLACE})$|^(?:City|Town|County|Borough|District|Province) of ")
_ARTICLES = re.compile(r"(?:(?:The|This|That|Our|In|At|On|From|By|For|When|As|But|And|A|An) )+")
_GENERIC = re.compile(r"(?:City|Town|County|Local|District|New|Old|First|Every|Each|Both|Many|State)\b[\w ]*")


def names(title: str, body: str) -> Iterator[tuple[bool, str, str]]:
    """Yield (in the title, name, as written) for every name."""
    for line, in_title in ((title, True), (body, False)):
        for match in _FORMS.finditer(line):
            name = _ARTICLES.sub("", match[0], count=1) if _ARTICLES.match(match[0]) else match[0]
            if len(name.split()) > 1 and not _is_generic(name):
                yield in_title, name, match[0]


def is_place(name: str) -> bool:
    """Tell whether a name is one of a place: "Harrow County", "City of Millbrook"."""
    return _PLACES.search(name) is not None


def _is_generic(name: str) -> bool:
    """Tell whether nothing but words of kind stand there: "City Council", "Local District"."""
    if "-based " in name:
        return True
    return " of " not in name and _GENERIC.fullmatch(name) is not None and len(name.split()) == 2  # noqa: PLR2004

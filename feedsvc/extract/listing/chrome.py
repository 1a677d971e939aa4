"""The parts of a page that are the site's and not the list's: menus, footers, sidebars."""

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from lxml.html import HtmlElement

_TAGS = frozenset({"nav", "footer", "aside", "menu", "dialog"})
_CUSTOM = re.compile(r"\w+-(?:nav|header|footer|menu|sidebar)\b")  # elements of a site's own, such as `x-nav`
_ROLES = frozenset(
    {"navigation", "banner", "contentinfo", "complementary", "search", "menu", "menubar", "tablist", "dialog"}
)
_WORDS = frozenset({
    "nav", "navbar", "navigation", "subnav", "topnav", "menu", "submenu", "dropdown", "footer", "sidebar",
    "breadcrumb", "breadcrumbs", "pagination", "pager", "paging", "paginator", "share", "sharing", "social",
    "cookie", "cookies", "consent", "newsletter", "masthead", "topbar", "toolbar", "popular", "trending",
    "modal", "popup", "login", "comments", "ads", "advert", "sponsor", "sponsored", "offcanvas", "related",
})  # fmt: skip
"""Words of which the names of such parts are made."""
_NAME = re.compile(r"[a-z]+|[A-Z][a-z]*")
_LONGEST = 500  # characters of names that are looked at
_WHOLE = frozenset({"html", "body", "main", "article"})
_LEADS = frozenset({"article", "section", "main", "li"})
"""Within these a header is a story's, not the site's."""


SURE, MAYBE, NOT = 0.0, 0.3, 1.0
"""What a link there is worth: names may mislead (a list in a "widget"), tags and roles do not."""


def trust(element: "HtmlElement") -> float:
    """Return what a link in an element is worth, as its tag, role and name say."""
    tag = str(element.tag)
    if tag in _WHOLE:
        return NOT
    if tag in _TAGS or _CUSTOM.fullmatch(tag) or (element.get("role") or "").lower() in _ROLES:
        return SURE
    if tag == "header" and not any(above.tag in _LEADS for above in element.iterancestors()):
        return SURE
    return NOT if _WORDS.isdisjoint(_words(element)) else MAYBE


def _words(element: "HtmlElement") -> set[str]:
    named = f"{element.get('class') or ''} {element.get('id') or ''}"
    return {word.lower() for word in _NAME.findall(named[:_LONGEST])}

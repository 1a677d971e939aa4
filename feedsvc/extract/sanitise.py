"""HTML that nothing runs in: nh3 and its allow-list (its one place)."""

from feedsvc import text

_TAGS = {
    "a", "abbr", "b", "blockquote", "br", "caption", "cite", "code", "dd", "del", "dfn", "dl", "dt", "em",
    "figcaption", "figure", "h1", "h2", "h3", "h4", "h5", "h6", "hr", "i", "img", "ins", "kbd", "li",
    "mark", "ol", "p", "pre", "q", "rp", "rt", "ruby", "s", "samp", "small", "strong", "sub", "sup",
    "table", "tbody", "td", "tfoot", "th", "thead", "tr", "u", "ul", "var",
}  # fmt: skip
ATTRIBUTES = {
    "a": {"href", "title"},
    "img": {"src", "alt", "title", "width", "height"},
    "td": {"colspan", "rowspan"},
    "th": {"colspan", "rowspan"},
    "ol": {"start"},
    "abbr": {"title"},
}
"""What is kept of elements, by their names."""
HIDDEN = (
    "script", "style", "iframe", "object", "embed", "form", "svg", "math", "template", "noscript", "select",
    "button", "textarea", "title", "head", "audio", "video", "canvas",
)  # fmt: skip
"""Elements of which not even the text is for readers."""
_SCHEMES = {"http", "https", "mailto"}


def sanitise(html: str) -> str:
    """Return HTML in which nothing runs, frames, posts or points to a relative or odd address."""
    import nh3  # noqa: PLC0415 - loaded with the first document that needs it

    safe = nh3.clean(
        html,
        tags=_TAGS,
        clean_content_tags=set(HIDDEN),
        attributes=ATTRIBUTES,
        url_schemes=_SCHEMES,
        url_relative="deny",
        link_rel=None,
    )
    return text.clean(safe).strip()  # character references became characters only now

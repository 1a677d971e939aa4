"""Pictures that stand on other hosts, which would learn who reads what: named until the reader wants them."""

import re
from html import unescape

from markupsafe import Markup

_IMAGE = re.compile(r'<img((?: [a-z]+="[^"]*")*)>')
"""As the sanitiser writes it: quotes around every value, and none within."""
_VALUE = re.compile(r' ([a-z]+)="([^"]*)"')


def hosts(html: str) -> tuple[str, ...]:
    """Return the hosts that a body's pictures would be fetched from, each once."""
    return tuple(dict.fromkeys(_host(source) for source in map(_source, _IMAGE.finditer(html)) if source))


def named(html: str) -> Markup:
    """Return a body with what those pictures show in words, in their place."""

    def name(image: re.Match[str]) -> str:
        source = _source(image)
        if not source:
            return image[0]
        alt = unescape(_values(image).get("alt", ""))
        return Markup('<span class="picture">{} <small>{}</small></span>').format(alt, _host(source))

    return Markup(_IMAGE.sub(name, html))  # noqa: S704 (the body was sanitised, and what is new is escaped)


def _source(image: re.Match[str]) -> str:
    """Return the address of a picture that stands elsewhere; "" for one of ours, and for none."""
    source = unescape(_values(image).get("src", ""))
    return source if source.lower().startswith(("http://", "https://")) else ""


def _host(source: str) -> str:
    """Return what stands between the slashes: an address that no parser takes has that, too."""
    return source.split("/", 3)[2].rpartition("@")[2]


def _values(image: re.Match[str]) -> dict[str, str]:
    return dict(_VALUE.findall(image[1]))

"""Content codings: the compressed variants of a body, and which one a request asks for (RFC 9110 12.5.3)."""

import gzip
import re
from collections.abc import Callable, Mapping
from functools import lru_cache
from operator import itemgetter

import brotli

from feedsvc import zstd

IDENTITY = "identity"
_ANY = "*"
_LEAST = 0.0001  # below every weight that can be written
_ALIASES = {"x-gzip": "gzip"}  # RFC 9110 8.4.1.3
_WEIGHT = re.compile(r"^q\s*=\s*(0(?:\.\d{0,3})?|1(?:\.0{0,3})?)$", re.IGNORECASE)

CODINGS: Mapping[str, Callable[[bytes], bytes]] = {
    # mtime=0: equal bodies compress to equal bytes, which a strong entity tag promises.
    "gzip": lambda body: gzip.compress(body, 6, mtime=0),
    "br": lambda body: brotli.compress(body, quality=5),
    "zstd": lambda body: zstd.compress(body, 6),
}
"""What makes each variant."""


@lru_cache(maxsize=1024)  # pollers send few different fields, but thousands of times
def preferred(field: str | None, offered: tuple[str, ...]) -> str:
    """Return the coding to answer with, of those offered, the smallest body first.

    A request without the field gets identity, as one does whose every wish is beyond us.
    """
    if field is None:
        return IDENTITY
    weights = _weights(field)
    others = weights.get(_ANY, 0.0)
    # Identity that is not named is acceptable, though less than anything named.
    unnamed = {IDENTITY: others if _ANY in weights else _LEAST}
    weighed = [(weights.get(name, unnamed.get(name, others)), name) for name in offered]
    best, name = max(weighed, key=itemgetter(0))
    return name if best else IDENTITY


def _weights(field: str) -> dict[str, float]:
    """Return the weight of each coding named; a weight that cannot be read counts as none given."""
    weights: dict[str, float] = {}
    for part in field.lower().split(","):
        name, *parameters = (piece.strip() for piece in part.split(";"))
        found = (_WEIGHT.match(parameter) for parameter in parameters)
        weight = next((float(match[1]) for match in found if match), 1.0)
        if name:
            weights[_ALIASES.get(name, name)] = weight
    return weights

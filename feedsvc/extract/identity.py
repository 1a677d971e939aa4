"""Who an article is: an id that outlives host, port, time, title and topic."""

import uuid

_NAMESPACE = uuid.UUID("6f1d1c5e-8c0b-5d0a-9c55-3b0c7b1f2a64")  # fixed for ever: every id hangs on it


def article_id(site_id: str, source: str, key: str) -> str:
    """Return the `urn:uuid:` of an article, from the site, the source's name and the document's key alone."""
    name = f"{site_id}\0{source}\0{key}"
    # A file's name that is not UTF-8 reaches us with lone surrogates, which no encoder takes.
    return uuid.uuid5(_NAMESPACE, name.encode("utf-8", "backslashreplace").decode()).urn

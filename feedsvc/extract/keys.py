"""What entries of a feed are called: by their id, else by their link, else by what they say."""

from hashlib import sha256

from feedsvc import weburl

_LONGEST = 1_900  # characters; the journal has to hold a key as a name, and Redis takes 8 KiB


def key(id_: str, link: str | None, *said: str) -> str | None:
    """Return the key of an entry, always the same for what says the same; None for one that says nothing.

    RSS 2.0 lets an entry have neither guid nor link. A very long id is its beginning and its hash. A part of
    a page is called by the part: a list of changes has one for each of them.
    """
    if id_:
        return id_ if len(id_) <= _LONGEST else f"{id_[:_LONGEST]}…{_hash(id_)}"
    if link and (page := weburl.key(link)):
        return page + weburl.part(link)
    words = "\n".join(filter(None, said))
    return f"#{_hash(words)[:32]}" if words else None


def _hash(written: str) -> str:
    return sha256(written.encode()).hexdigest()

"""What entries of a feed are called: by their id, else by their link, else by what they say."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from hashlib import sha256
from urllib.parse import urlsplit

from feedsvc import weburl
from feedsvc.listed import Entry

_LONGEST = 1_900  # characters; the journal has to hold a key as a name, and Redis takes 8 KiB


def key(id_: str, link: str | None, *said: str) -> str | None:
    """Return the key of an entry, always the same for what says the same; None for one that says nothing.

    RSS 2.0 lets an entry have neither guid nor link. A very long id is its beginning and its hash.
    """
    if id_:
        return id_ if len(id_) <= _LONGEST else f"{id_[:_LONGEST]}…{_hash(id_)}"
    words = "\n".join(filter(None, said))
    return (link and weburl.key(link)) or (f"#{_hash(words)[:32]}" if words else None)


def distinct(entries: Sequence[Entry]) -> tuple[Entry, ...]:
    """Return entries with each key once, the first of each; parts of one page are called by their parts.

    A list of changes links to a part of one page for each: changes#v1, changes#v2.
    """
    parts: defaultdict[str, set[str]] = defaultdict(set)
    for entry in entries:
        parts[entry.key].add(_part(entry))
    found: dict[str, Entry] = {}
    for entry in entries:
        key = f"{entry.key}#{_part(entry)}" if len(parts[entry.key]) > 1 and _part(entry) else entry.key
        found.setdefault(key, replace(entry, key=key))
    return tuple(found.values())


def _part(entry: Entry) -> str:
    """Return the part of a page that an entry is called by, "" where it has an id, or stands for the page."""
    if not entry.link or entry.key != weburl.key(entry.link):
        return ""
    part = urlsplit(entry.link).fragment
    return "" if "=" in part else part  # #utm_source=rss


def _hash(written: str) -> str:
    return sha256(written.encode()).hexdigest()

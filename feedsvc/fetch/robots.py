"""What a host wants of programs: its robots.txt (RFC 9309), read by Protego."""

import re
from dataclasses import dataclass

from protego import Protego

MOST = 500 * 1024
"""Bytes of a robots.txt that are read (RFC 9309 2.5)."""
LONGEST_DELAY = 10.0
"""Seconds; a longer Crawl-delay is honoured so far."""
_TOKEN = re.compile(r"[a-z_-]+", re.IGNORECASE | re.ASCII)
_NAMING = re.compile(r"(?im)^([ \t]*user-agent[ \t]*:[ \t]*)([^#\r\n]*)")
_NOBODY = "another"


@dataclass(frozen=True, slots=True)
class Rules:
    """What a robots.txt says to one program."""

    _parsed: Protego
    _token: str

    def allow(self, url: str) -> bool:
        """Tell whether a URL may be asked for."""
        return self._parsed.can_fetch(url, self._token)

    @property
    def delay(self) -> float:
        """Return the seconds it wants between two requests, 0 where it does not say."""
        return min(self._parsed.crawl_delay(self._token) or 0.0, LONGEST_DELAY)

    @property
    def sitemaps(self) -> tuple[str, ...]:
        """Return the URLs of the site's sitemaps, as they stand there."""
        return tuple(self._parsed.sitemaps)


def parse(content: bytes, agent: str) -> Rules:
    """Return what a robots.txt says to the program of this User-Agent."""
    token = product(agent)

    def named(match: re.Match[str]) -> str:
        """Keep a group for us or for all: Protego would take one for `feed` as ours."""
        who = match[2].strip()
        meant = who if who == "*" else product(who).lower()
        return match[1] + (meant if meant in {"*", token.lower()} else _NOBODY)

    text = content.decode("utf-8-sig", errors="replace")
    return Rules(Protego.parse(_NAMING.sub(named, text)), token)


def product(agent: str) -> str:
    """Return the product token of a User-Agent (RFC 9309 2.2.1)."""
    match = _TOKEN.match(agent.strip())
    return match[0] if match else _NOBODY


OPEN = parse(b"", "")
"""What a host without a robots.txt says."""

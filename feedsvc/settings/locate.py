"""Where each key of a TOML file stands, which tomllib does not tell: for the messages of errors only."""

import re
from collections import Counter

_TABLE = re.compile(r"\s*(\[\[?)\s*([^\[\]]+?)\s*\]\]?\s*(?:#.*)?$")
_KEY = re.compile(r"\s*([\w.\-\"']+(?:\s*\.\s*[\w\-\"']+)*)\s*=")
_QUOTES = ('"""', "'''")


def locate(toml: str) -> dict[str, int]:
    """Return the line of every table and key, from 1, by path such as "feeds.window" or "source[0].path"."""
    lines: dict[str, int] = {}
    tables: Counter[str] = Counter()
    table, open_quote = "", ""
    for number, line in enumerate(toml.splitlines(), 1):
        if open_quote:
            open_quote = "" if open_quote in line else open_quote
        elif match := _TABLE.match(line):
            table = _plain(match[2])
            if match[1] == "[[":
                tables[table] += 1
                table = f"{table}[{tables[table] - 1}]"
            lines.setdefault(table, number)
        elif match := _KEY.match(line):
            key = _plain(match[1])
            lines.setdefault(f"{table}.{key}" if table else key, number)
            open_quote = next((quote for quote in _QUOTES if line.count(quote) % 2), "")
    return lines


def _plain(key: str) -> str:
    return ".".join(part.strip().strip("\"'") for part in key.split("."))

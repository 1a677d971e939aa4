"""Where each key of a TOML file stands, which tomllib does not tell: for the messages of errors only."""

import re
from collections import Counter
from collections.abc import Mapping

_TABLE = re.compile(r"""\s*(\[\[?)\s*((?:"[^"]*"|'[^']*'|[^\[\]"'])+?)\s*\]\]?\s*(?:#.*)?$""")
_KEY = re.compile(r"\s*([\w.\-\"']+(?:\s*\.\s*[\w\-\"']+)*)\s*=")
_OPENS = re.compile(r"""\s*(\"{3}|'{3})""")


def locate(toml: str) -> dict[str, int]:
    """Return the line of every table and key, from 1, by path such as "feeds.window" or "source[0].path"."""
    lines: dict[str, int] = {}
    tables: Counter[str] = Counter()
    table, open_quote = "", ""
    for number, line in enumerate(toml.split("\n"), 1):
        if open_quote:
            open_quote = "" if open_quote in line else open_quote
        elif match := _TABLE.match(line):
            parent, _, name = _plain(match[2]).rpartition(".")
            table = f"{_indexed(parent, tables)}.{name}" if parent else name
            tables[table] += match[1] == "[["
            table = _indexed(table, tables)
            lines.setdefault(table, number)
        elif match := _KEY.match(line):
            key = _plain(match[1])
            lines.setdefault(f"{table}.{key}" if table else key, number)
            opens = _OPENS.match(line, match.end())
            open_quote = opens[1] if opens and opens[1] not in line[opens.end() :] else ""
    return lines


def _indexed(table: str, tables: Mapping[str, int]) -> str:
    """Return the path of a table, each array of tables in it with the index of its last element."""
    path = ""
    for part in table.split("."):
        path = f"{path}.{part}" if path else part
        path += f"[{tables[path] - 1}]" if tables.get(path) else ""
    return path


def _plain(key: str) -> str:
    return ".".join(part.strip().strip("\"'") for part in key.split("."))

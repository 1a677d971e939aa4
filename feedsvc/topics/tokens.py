"""Cut a rule into words, phrases, patterns and signs, and refuse what has no meaning.

What is refused today (wildcards, other fields) can mean something tomorrow and no accepted rule changes its
meaning.
"""

import difflib
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal, NoReturn

from feedsvc.errors import RuleError
from feedsvc.text import slug, width
from feedsvc.topics.patterns import refused

Sign = Literal["term", "pattern", "and", "or", "not", "open", "close", "end"]
Field = Literal["", "intitle:", "intext:", "author:", "source:", "inurl:", "lang:", "#"]
FIELDS: tuple[Field, ...] = ("intitle:", "intext:", "author:", "source:", "inurl:", "lang:", "#")
"""What a term can be looked for in, as it is written before the term; without one in title and body."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Token:
    """One word, phrase, pattern or sign of a rule."""

    sign: Sign
    text: str
    """As written; of a term or pattern what it means, without field, quotes or slashes."""
    position: int
    field: Field = ""


# Full-width signs are what a Chinese keyboard gives. A `-` or `!` inside a word belongs to it.
_TOKEN = re.compile(
    r"""(?P<sign>[(（)）!！]|-(?=[^\s)）]))
      | (?P<field>(?:intitle|intext|author|source|inurl|lang):|\#)?
        (?:"(?P<phrase>(?:\\.|[^"\\])*)" | “(?P<chinese>[^”]*)”
          | /(?P<pattern>(?:\\.|[^/\\])+)/(?P<flags>\w*)(?=[\s()（）]|\Z)
          | (?P<unclosed>["“”]) | (?P<word>[^\s()（）"“”]+))""",
    re.VERBOSE | re.DOTALL,
)
_SIGNS: dict[str, Sign] = {
    "(": "open",
    "（": "open",
    ")": "close",
    "）": "close",
    "!": "not",
    "！": "not",
    "-": "not",
}
_OPERATORS: dict[str, Sign] = {"AND": "and", "OR": "or", "NOT": "not"}
_FIELD = re.compile(r"[^\W\d_][\w-]*:")
_ESCAPE = re.compile(r"\\(.)", re.DOTALL)
_SLASH = re.compile(r"(?P<escape>\\.)|/", re.DOTALL)
_RESERVED = {
    "#": "a tag and needs its name right after it",
    "/": "a regular expression and needs a / behind it",
    "'": "nothing, as phrases stand in double quotes",
    "+": "nothing, as every word is wanted anyway",
}
_PUNCTUATION = frozenset({"Pc", "Pd", "Pe", "Pf", "Pi", "Po", "Ps", "Sk", "Sm"})
_COMMAS = frozenset(",;")
_WIDE_SIGNS = frozenset("，、；：。！？")


def tokens(rule: str) -> Iterator[Token]:
    """Yield the tokens of a rule and an end; raise RuleError at the first that has no meaning."""
    for match in _TOKEN.finditer(rule):
        yield _token(rule, match)
    yield Token(sign="end", text="", position=len(rule))


def spelled(text: str, field: Field = "") -> str:
    """Return a term with its field, in quotes where it would not mean itself without them."""
    try:
        words = [(token.field, token.text) for token in tokens(field + text) if token.sign == "term"]
    except RuleError:
        words = []
    return field + (text if words == [(field, text)] else quoted(text))


def quoted(text: str) -> str:
    r"""Return a term in quotes, `"` and `\` behind a backslash."""
    return '"' + re.sub(r'(["\\])', r"\\\1", text) + '"'


def slashed(pattern: str) -> str:
    r"""Return a regular expression between slashes, its own slashes behind a backslash."""
    return "/" + _SLASH.sub(lambda match: match["escape"] or r"\/", pattern) + "/"


def fault(message: str, rule: str, position: int) -> NoReturn:
    """Raise a RuleError with the rule on one line and a caret under the character at `position`."""
    line = re.sub(r"\s", " ", rule)
    raise RuleError(message, pointed=f"    {line}\n    {' ' * width(line[:position])}^")


def _token(rule: str, match: re.Match[str]) -> Token:
    if match["sign"]:
        return Token(sign=_SIGNS[match[0]], text=match[0], position=match.start())
    if match["unclosed"]:
        fault(f"the quote {match['unclosed']} has no partner", rule, match.start("unclosed"))
    if match["pattern"] is not None:
        return _pattern(rule, match)
    if match["word"] is not None:
        return _word(rule, match)
    if match["phrase"] is not None:
        return _phrase(rule, match, re.sub(r'\\(["\\])', r"\1", match["phrase"]))
    return _phrase(rule, match, match["chinese"])


def _phrase(rule: str, match: re.Match[str], text: str) -> Token:
    if not text.strip():
        fault("an empty phrase is in every text: write words between the quotes", rule, match.start())
    return _term(rule, match, text)


def _pattern(rule: str, match: re.Match[str]) -> Token:
    """Return a token for a regular expression; its flag `i` says what holds anyway."""
    if match["flags"] not in {"", "i"}:
        fault(f"a regular expression has no flag but i, not {match['flags']}", rule, match.start("flags"))
    text = _ESCAPE.sub(lambda escape: "/" if escape[1] == "/" else escape[0], match["pattern"])
    if match["field"] == "#":
        fault("a tag is no regular expression; write its name after #", rule, match.start())
    if reason := refused(text):
        fault(reason, rule, match.start("pattern") - 1)
    return Token(sign="pattern", text=text, position=match.start(), field=_field(match))


def _word(rule: str, match: re.Match[str]) -> Token:
    word, position = match["word"], match.start()
    if match["field"] is None and word in _OPERATORS:
        return Token(sign=_OPERATORS[word], text=word, position=position)
    if refusal := _refusal(word, _field(match)):
        fault(refusal, rule, position)
    return _term(rule, match, word)


def _term(rule: str, match: re.Match[str], text: str) -> Token:
    if match["field"] in {"#", "source:"} and not slug(text):
        fault(f"{match['field']} needs a name with a letter or digit", rule, match.start())
    return Token(sign="term", text=text, position=match.start(), field=_field(match))


def _field(match: re.Match[str]) -> Field:
    return next((field for field in FIELDS if field == match["field"]), "")


def _refusal(word: str, field: Field) -> str:
    """Say why a word means nothing; "" for one that means itself."""
    written = field + quoted(word)
    reserved = _RESERVED.get(word[0])
    punctuation = all(unicodedata.category(char) in _PUNCTUATION for char in word)
    if reserved and (not punctuation or len(word) == 1):
        return f"{word[0]} begins {reserved}; quote the word if you mean the sign: {written}"
    if punctuation:
        return f"{word} is no word: combine words with AND, OR, NOT and parentheses, or quote it: {written}"
    if not field and (match := _FIELD.match(word)):
        return _no_field(match[0], written)
    if word.endswith("*"):
        return f"a * stands for nothing; write the whole word, or quote it if you mean the sign: {written}"
    if signs := {word[0], word[-1]} & _COMMAS | _WIDE_SIGNS & set(word):
        return f"{min(signs)} separates nothing: write a space for AND, or OR; or quote it: {written}"
    return ""


def _no_field(name: str, written: str) -> str:
    if name in FIELDS:
        return f"{name} needs a word, a phrase or a regular expression right after it"
    near = difflib.get_close_matches(name.lower(), FIELDS, 1)
    known = f"did you mean {near[0]}" if near else f"known are {' '.join(FIELDS)}"
    return f"no field {name} is known, {known}; quote the word if you mean the colon: {written}"

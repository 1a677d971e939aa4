"""Cut a rule into words, phrases and signs, and refuse what has no meaning yet.

What is refused today (fields, tags, regular expressions, wildcards) can mean something tomorrow and no
accepted rule changes its meaning.
"""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal, NoReturn

from feedsvc.errors import RuleError
from feedsvc.text import width

Sign = Literal["term", "and", "or", "not", "open", "close", "end"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Token:
    """One word, phrase or sign of a rule."""

    sign: Sign
    text: str
    """As written; of a term what it means, without quotes."""
    position: int


# Full-width signs are what a Chinese keyboard gives. A `-` or `!` inside a word belongs to it.
_TOKEN = re.compile(
    r"""(?P<sign>[(（)）!！]|-(?=[^\s)）]))
      | "(?P<phrase>(?:\\.|[^"\\])*)" | “(?P<chinese>[^”]*)” | (?P<unclosed>["“”])
      | (?P<word>[^\s()（）"“”]+)""",
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
_RESERVED = {
    "#": "a tag, which rules cannot ask for",
    "/": "a regular expression, which rules do not know",
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


def is_bare(text: str) -> bool:
    """Tell whether a term means itself without quotes."""
    try:
        return [token.text for token in tokens(text) if token.sign == "term"] == [text]
    except RuleError:
        return False


def quoted(text: str) -> str:
    r"""Return a term in quotes, `"` and `\` behind a backslash."""
    return '"' + re.sub(r'(["\\])', r"\\\1", text) + '"'


def fault(message: str, rule: str, position: int) -> NoReturn:
    """Raise a RuleError with the rule on one line and a caret under the character at `position`."""
    line = re.sub(r"\s", " ", rule)
    raise RuleError(message, pointed=f"    {line}\n    {' ' * width(line[:position])}^")


def _token(rule: str, match: re.Match[str]) -> Token:
    position = match.start()
    match match.lastgroup:
        case "sign":
            return Token(sign=_SIGNS[match[0]], text=match[0], position=position)
        case "word":
            return _word(rule, match[0], position)
        case "phrase":
            return _phrase(rule, re.sub(r'\\(["\\])', r"\1", match["phrase"]), position)
        case "chinese":
            return _phrase(rule, match["chinese"], position)
        case _:
            fault(f"the quote {match[0]} has no partner", rule, position)


def _phrase(rule: str, text: str, position: int) -> Token:
    if not text.strip():
        fault("an empty phrase is in every text: write words between the quotes", rule, position)
    return Token(sign="term", text=text, position=position)


def _word(rule: str, word: str, position: int) -> Token:
    if word in _OPERATORS:
        return Token(sign=_OPERATORS[word], text=word, position=position)
    if refusal := _refusal(word):
        fault(refusal, rule, position)
    return Token(sign="term", text=word, position=position)


def _refusal(word: str) -> str:
    """Say why a word means nothing; "" for one that means itself."""
    if all(unicodedata.category(char) in _PUNCTUATION for char in word):
        return (
            f"{word} is no word: combine words with AND, OR, NOT and parentheses, or quote it: {quoted(word)}"
        )
    if meaning := _RESERVED.get(word[0]):
        return f"{word[0]} begins {meaning}; quote the word if you mean the sign: {quoted(word)}"
    if field := _FIELD.match(word):
        return f"no field {field[0]} is known; quote the word if you mean the colon: {quoted(word)}"
    if word.endswith("*"):
        return (
            f"a * stands for nothing; write the whole word, or quote it if you mean the sign: {quoted(word)}"
        )
    if signs := {word[0], word[-1]} & _COMMAS | _WIDE_SIGNS & set(word):
        return f"{min(signs)} separates nothing: write a space for AND, or OR; or quote it: {quoted(word)}"
    return ""

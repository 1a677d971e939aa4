"""What still clings to an article's blocks: its title and byline on top, credits and calls at its end."""

import re
from collections.abc import Sequence

from feedsvc import text
from feedsvc.extract import bylines, titles
from feedsvc.extract.blocks import Block

_PROSE = 100  # characters; what stands above the first such block may be title or byline
_ABOVE = 15  # blocks between a title and its article
_LINKS = 0.6  # of a heading's text make it a link, as the site's name to its first page
_OTHER = re.compile(
    r"\W{0,3}(?:related|read more|also read|read also|see also|you (?:may|might) also|more from|read next"
    r"|don[’']t miss|recommended|siehe auch|lesen sie|mehr zum|lire aussi|相关阅读|延伸阅读|推荐阅读)(?!\w)",
    re.IGNORECASE,
)
_LINE = 160  # characters; longer than a pointer to another article
_CREDIT = re.compile(
    r"^\W{0,2}(?:additional )?(?:reporting|editing|writing|compiled) by\b|\bcontributed (?:reporting|to this)"
    r"|^reach the reporters?\b|^e-?mail \w+|\bfollow (?:her|him|us|them|me|@?\w+) (?:on|@)|^have a tip"
    r"|\bnewsletters?\b|^subscribe|^sign up|\binbox\b|^filed under|^tags?:|^copyright|©|\ball rights reserved"
    r"|^associated press writers|^this (?:story|article) (?:was|has|originally|first)|^click here",
    re.IGNORECASE,
)
_NOTICE = 300  # characters
_CREDITS = 4  # lines of them below an article
_NOTE = re.compile(
    r"[（(【\[]?(?:本文)?(?:原标题|原題|原题|来源|來源|来自|责编|責編|责任编辑|責任編輯|声明"
    r"|免责|免責|版权|版權|END$)|[^\w]{0,2}(?:点击|回复|关注|扫码|长按)"
)
_WIDE = 1.5  # columns a character: Chinese
_SHORT = 80  # characters
_TOP, _END = 3, 8  # blocks at either end where Chinese pages put such notes


def trim(kept: Sequence[Block], title: str) -> list[Block]:
    """Return an article's blocks without what is not its text; where nothing else would be left, all."""
    body = _without_head(kept, titles.letters(title))
    foreign = clinging([block.text for block in body])
    return [block for place, block in enumerate(body) if place not in foreign] or list(kept)


def title_above(page: Sequence[Block], kept: Sequence[Block], title: str) -> Block | None:
    """Return the block close above an article that says its title or is a first heading, and no link."""
    if not kept:
        return None
    first = next(index for index, block in enumerate(page) if block.element is kept[0].element)
    key = titles.letters(title)
    return next(
        (block for block in reversed(page[max(0, first - _ABOVE) : first]) if _is_title(block, key)), None
    )


def clinging(written: Sequence[str]) -> frozenset[int]:
    """Return the places of lines that are no text: pointers to others, notes at either end, credits below."""
    left = [place for place, line in enumerate(written) if not _is_pointer(line)]
    ends = {*left[:_TOP], *left[-_END:]}
    left = [place for place in left if not (place in ends and _is_note(written[place]))]
    end = len(left)
    while end > max(0, len(left) - _CREDITS) and _is_credit(written[left[end - 1]]):
        end -= 1
    return frozenset(range(len(written))).difference(left[:end])


def _without_head(kept: Sequence[Block], title: str) -> list[Block]:
    first = next((index for index, block in enumerate(kept) if len(block.text) >= _PROSE), len(kept))
    head = [
        block for block in kept[:first] if titles.letters(block.text) != title and not _is_byline(block.text)
    ]
    return [*head, *kept[first:]]


def _is_title(block: Block, title: str) -> bool:
    said = title and titles.letters(block.text) == title
    return bool(said) or (block.tag == "h1" and block.link_share < _LINKS)


def _is_byline(line: str) -> bool:
    """Tell whether a line is a byline; Chinese stories begin with their reporter and belong together.

    Whichever of two days 03/04/2024 means, it is one.
    """
    return text.columns(line) < len(line) * _WIDE and bool(bylines.alone(line, "day"))


def _is_pointer(line: str) -> bool:
    return len(line) < _LINE and bool(_OTHER.match(line))


def _is_note(line: str) -> bool:
    return len(line) < _SHORT and bool(_NOTE.match(line))


def _is_credit(line: str) -> bool:
    return len(line) < _NOTICE and bool(_CREDIT.search(line))

"""Lines of a flattened page, each classified by what it looks like."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Literal

from feedsvc import text
from feedsvc.extract import dates

Kind = Literal["prose", "short", "listed", "teaser", "stamp", "links", "furniture", "disclaimer", "end"]

_LABELS = frozenset(
    [
        "advertisement",
        "ad",
        "share",
        "share this",
        "share this article",
        "tweet",
        "print",
        "email",
        "facebook",
        "twitter",
        "whatsapp",
        "linkedin",
        "pinterest",
        "reddit",
        "subscribe",
        "sign up",
        "log in",
        "sign in",
        "menu",
        "search",
        "skip to content",
        "skip to main content",
        "continue reading the main story",
        "read more",
        "load more",
        "show more",
        "close",
        "follow",
        "save",
        "back to top",
        "story continues below",
        "article continues below",
        "分享",
        "分享到",
        "分享至",
        "微信",
        "微博",
        "qq空间",
        "打印",
        "收藏",
        "举报",
        "关闭",
        "返回顶部",
        "展开全文",
        "阅读全文",
        "点击查看",
        "广告",
        "登录",
        "注册",
        "首页",
    ]
)
_ENDS = frozenset(
    [
        "comments",
        "comment",
        "leave a reply",
        "leave a comment",
        "add a comment",
        "post a comment",
        "join the conversation",
        "view comments",
        "responses",
        "related",
        "related articles",
        "related stories",
        "related posts",
        "related news",
        "related content",
        "related topics",
        "related coverage",
        "more stories",
        "more news",
        "more on this",
        "more from",
        "recommended",
        "recommended for you",
        "you may also like",
        "you might also like",
        "read next",
        "up next",
        "most popular",
        "most read",
        "most viewed",
        "trending",
        "trending now",
        "top stories",
        "latest news",
        "editors' picks",
        "about the author",
        "相关阅读",
        "相关新闻",
        "相关文章",
        "相关推荐",
        "相关报道",
        "延伸阅读",
        "推荐阅读",
        "猜你喜欢",
        "为您推荐",
        "热门推荐",
        "热门文章",
        "热点推荐",
        "精彩推荐",
        "最新文章",
        "更多推荐",
        "阅读下一篇",
        "上一篇",
        "下一篇",
        "网友评论",
        "热门评论",
        "最新评论",
        "全部评论",
        "发表评论",
        "评论",
        "用户评论",
        "相關閱讀",
        "相關新聞",
        "延伸閱讀",
        "推薦閱讀",
    ]
)
_DISCLAIMERS = (
    "©", "copyright", "all rights reserved", "privacy policy", "terms of use", "terms of service", "cookie", "newsletter",
    "subscribe", "sign up", "hotline", "disclaimer", "javascript", "your browser",
    "版权", "版權", "免责", "免責", "仅供参考", "僅供參考", "转载", "轉載", "热线", "熱線", "客服", "责任编辑", "icp备", "本文来源",
    "不代表", "举报", "二维码", "公众号", "许可证", "投稿", "编辑：", "编辑:",
)  # fmt: skip
_ITEM = re.compile(r"(?:\d{1,3}\s?[.、．)）]|[•·▪■□◦○●*–-])\s+(?=\S)|\d{1,3}[、．）](?=\S)")
_PLACEHOLDER = re.compile(r"\[[^\]\s]*\]$")
_PAUSES = "，、；。！？,;"
_STOPS = ("。", "！", "？", ".", "!", "?", "……")
_CALLS = ("！", "？", "!", "?")
_COLONS = ("；", "：", ":", ";", "，", ",", "—")  # a full line may lead over to the next
_CUT = ("...", "…", "[…]", "[...]")
_AGO = re.compile(r"(?:(?:\d|\ban?\b).{1,12}(?:\bago|前)|\d:\d\d)$")
_CLOSERS = "”’」』）)\"'】》 "
_PROSE = 60  # columns: a full line of type
_LONG = 120  # prose of that length need not end a sentence
_SENTENCE = 400  # columns that count; past that a paragraph says no more by being longer
_NOTICE = 240  # a longer disclaimer is a paragraph about one
_NAMES = 20  # columns of the widest entry in a row of links
_ROW = 4  # so many entries are a row
_WRAPPED = range(50, 101)  # columns at which dumps break lines
_FULL = 0.75  # of the longest line: such a line was broken, not ended

_SCORES: dict[Kind, int] = {
    "short": -25,
    "listed": -40,
    "teaser": -60,
    "stamp": -_SENTENCE,  # the paragraph below it is a teaser or a comment, and must not pay for the way there
    "links": -60,
    "furniture": -25,
    "disclaimer": -150,
    "end": -300,
}


@dataclass(frozen=True, slots=True)
class Line:
    """A line that is not blank; `score` says how much it speaks for being body, in columns."""

    text: str
    kind: Kind
    score: int
    width: int
    """Columns, roughly: East Asian characters two."""


def classify(page: str, repeated: frozenset[str] = frozenset()) -> tuple[Line, ...]:
    """Return the lines of a page, classified; `repeated` are lines that other pages of the source carry too."""
    written = [line for line in map(_trim, _unwrapped(page.splitlines())) if line]
    folded = page.casefold()
    notices = tuple(words for words in _DISCLAIMERS if words in folded)
    return tuple(_line(line, repeated, notices) for line in written)


def item(line: str) -> str | None:
    """Return what a list's entry says, without its number or bullet; None for what is no entry."""
    match = _ITEM.match(line)
    return line[match.end() :] if match else None


def columns(line: str) -> int:
    """Estimate the width of a text from its length in UTF-8, 20 times faster than by character."""
    return len(line) if line.isascii() else (len(line) + len(line.encode("utf-8", "replace"))) // 2


def _line(line: str, repeated: frozenset[str], notices: tuple[str, ...]) -> Line:
    width = columns(line)
    kind = _kind(line, width, repeated, notices)
    return Line(line, kind, _prose_score(line, width) if kind == "prose" else _SCORES[kind], width)


def _kind(line: str, width: int, repeated: frozenset[str], notices: tuple[str, ...]) -> Kind:
    if line in repeated:
        return "furniture"
    folded = line.casefold()
    if notices and sum(map(folded.count, notices)) > (width > _NOTICE):
        return "disclaimer"
    if width < _PROSE and (label := _label(folded)):
        return label
    if _is_row(line, width) and dates.parse(line) is None:  # a byline is a row too
        return "links"
    return _by_ending(line, width)


def _by_ending(line: str, width: int) -> Kind:
    end = line.rstrip(_CLOSERS)
    if end.endswith(_CUT) and not end.endswith("……"):
        return "teaser"
    if end.endswith(_STOPS) or (width >= _PROSE and end.endswith(_COLONS)):
        # An entry that asks or exclaims is a headline; one that states is a point the article makes.
        return "listed" if end.endswith(_CALLS) and item(line) else "prose"
    if width >= _LONG and _pauses(line) > 1:
        return "prose"
    if width < _PROSE and _is_stamp(line):
        return "stamp"
    return "listed" if item(line) else "short"


def _is_stamp(line: str) -> bool:
    """Tell whether a short line says when: in a body dates stand in sentences, under teasers and comments by themselves."""
    return (("20" in line or "19" in line) and dates.parse(line) is not None) or bool(_AGO.search(line))


def _label(folded: str) -> Kind | None:
    words = folded.strip(":： >»#0123456789()（）")
    if words in _ENDS:
        return "end"
    return "furniture" if words in _LABELS or not words or _PLACEHOLDER.match(folded) else None


def _is_row(line: str, width: int) -> bool:
    """Tell whether a line is a row of short entries side by side, as navigation and link farms are."""
    if line.count("|") + line.count("｜") + line.count(" · ") + line.count(" > ") >= _ROW - 1:
        return True
    if width * 2 < len(line) * 3:  # between words of Latin script a space says nothing
        return False
    words = line.split()
    return len(words) >= _ROW and len(line) * 2 <= len(words) * _NAMES and _pauses(line) == 0


def _pauses(line: str) -> int:
    return sum(map(line.count, _PAUSES))


def _prose_score(line: str, width: int) -> int:
    return min(width, _SENTENCE) if width >= _PROSE else width // 4


def _trim(line: str) -> str:
    return line.strip(" \t\xa0\u3000\ufeff\u200b\r\n\f\v")


def _unwrapped(lines: list[str]) -> Iterable[str]:
    """Join lines that a dump broke at its margin; pages with longer lines have no margin."""
    margin = max(map(columns, lines), default=0)
    return _joined(lines, int(margin * _FULL)) if margin in _WRAPPED and _has_margin(lines, margin) else lines


def _has_margin(lines: list[str], margin: int) -> bool:
    """Tell whether most lines that go on (a line follows at once) reach the margin."""
    going_on = [
        columns(line) >= margin * _FULL
        for line, after in zip(lines, lines[1:], strict=False)
        if line.strip() and after.strip()
    ]
    return len(going_on) > 1 and sum(going_on) * 2 > len(going_on)


def _joined(lines: list[str], full: int) -> Iterator[str]:
    held = ""
    goes_on = False
    for line in lines:
        if goes_on and line.strip() and not item(line.strip()):
            held += _glue(held, line.strip()) + line.strip()
        else:
            yield held
            held = line
        goes_on = columns(line) >= full
    yield held


def _glue(before: str, after: str) -> str:
    """Return what stands between two halves of a broken line: a space, but nothing between ideographs."""
    wide = max(text.width(before[-1:]), text.width(after[:1]))
    return " " if wide == 1 else ""

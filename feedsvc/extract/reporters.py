"""Whom a Chinese line credits: who wrote it, where it comes from; editors and photographers did not."""

import re
from collections.abc import Iterator

_HAN = "\u4e00-\u9fff"
_NAME = f"[{_HAN}]{{2,4}}(?:·[{_HAN}]{{1,8}})*"
_LABELS = (
    "阅读|閱讀|浏览|瀏覽|点击|點擊|来源|來源|发布|發布|發佈|时间|時間|日期|编辑|編輯|编译|责编|責編|校对|摄影|评论|字号|举报|"
    "我要|分享|关注"
)
"""What follows a name without a space where a dump lost it."""
_TOKEN = rf"(?:(?!{_LABELS})[^\s\d:：|｜()（）【】\[\],，;；])"
_WROTE = re.compile(
    r"(?:^|[\s|｜(（【，,]|本文|原文)(?:文[/／][图圖]\s?[:：|｜]?"
    r"|(?:作\s?者|撰\s?[文稿]|执\s?笔|采\s?写|文\s?字?|[图圖]文|原\s?创|原\s?創)\s?[:：|｜/／])\s?"
    rf"(?P<names>(?:(?![/／]){_TOKEN}){{2,24}}(?:[ \u3000、](?:{_TOKEN}{{2,4}}(?!\S)|[A-Z][A-Za-z.'-]+))*)"
)
# In a line without brackets the word may be part of another (记者节), or of a sentence (记者从…).
_MARKED = (
    r"(?:(?:记者|記者|通讯员|通訊員|特约撰稿人|评论员)(?:\s?[:：/／|｜]\s*|\s+)"
    r"|(?:本[报報台网網刊]|[报報社网網台]|见习|实习|特约)(?:记者|記者|通讯员)"
    rf"|(?<!\S)(?:记者|記者)(?={_NAME}(?:[、,，]{_NAME})*[/／]))"  # a place follows, as in Taiwan
)
_NAMES = (  # but not of those who took a picture
    rf"(?P<names>{_NAME}(?:[\s、,，]+(?!通讯员|通訊員|记者|記者|实习生?){_NAME})*)"
    r"(?<![摄攝])(?!\s*[摄攝])(?=$|[\s)）】〕\]。，、/／]|通讯员|通訊員|报道|報[道導]|[文图圖]|编辑|实习)"
)
_REPORTED = re.compile(_MARKED + _NAMES)
_REPORTED_HERE = re.compile(r"(?:记者|記者|通讯员|通訊員)\s?[:：/／|｜]?\s*" + _NAMES)
_BRACKETED = re.compile(
    r"[（(【〔\[][^（）()【】〔〕\[\]]{0,24}(?:记者|記者|通讯员|通訊員)[^（）()【】〔〕\[\]]{1,60}[)）】〕\]]"
)
_PARTED = re.compile(rf"(?<![{_HAN}])([{_HAN}])[ \u3000]([{_HAN}])(?![{_HAN}])")
_SOURCE = re.compile(
    rf"(?:来\s?源|來\s?源|稿\s?源|转载自|转自|轉自|出\s?处|来自)\s?[:：|｜]\s?[《“\"]?(?P<name>{_TOKEN}{{2,30}})"
)
# What lines hold that name a writer: asked first, as most do not.
_WRITTEN = re.compile("[文作撰执采图圖原]")
_REPORTER = re.compile("记者|記者|通讯员|通訊員|特约撰稿人|评论员")
_GAP = re.compile(rf"[ \u3000](?<=[{_HAN}].)[{_HAN}]")
_ROLES = re.compile(r"(?:编译|整理|报道|報道|综合|撰写|供稿)$")
_SPLIT = re.compile(rf"\s*[、,，]\s*|(?<=[{_HAN}])\s+(?=[{_HAN}])")
_OPENING = 200  # characters of a paragraph in which its reporter is named
_CLOSING = 80  # the same at its end


def wrote(line: str) -> Iterator[str]:
    """Yield the people a byline of its own names as writers ("作者：张三", "本报记者 王五 通讯员 赵六")."""
    written = _PARTED.sub(r"\1\2", line) if _GAP.search(line) else line
    if found := _WRITTEN.search(written) and _WROTE.search(written):
        # "采写：本报记者 张三": the title is none of the names
        inner = tuple(_named(_REPORTED_HERE, written[found.start("names") :]))
        yield from inner or (_ROLES.sub("", name) for name in _SPLIT.split(found["names"]))
    elif _REPORTER.search(written):
        yield from _named(_REPORTED, written)


def opening(paragraph: str) -> Iterator[str]:
    """Yield the reporters that a story names in brackets as it begins ("（记者 张三）")."""
    yield from _in_brackets(paragraph[:_OPENING])


def closing(paragraph: str) -> Iterator[str]:
    """Yield the reporters that a story names in brackets as it ends."""
    yield from _in_brackets(paragraph[-_CLOSING:])


def source(line: str) -> str:
    """Return where a line says that an article comes from, "" where it does not."""
    found = _SOURCE.search(line)
    return found["name"].strip("》”\"'·") if found else ""


def _in_brackets(part: str) -> Iterator[str]:
    found = _BRACKETED.search(part)
    yield from _named(_REPORTED_HERE, _PARTED.sub(r"\1\2", found[0])) if found else ()


def _named(pattern: re.Pattern[str], written: str) -> Iterator[str]:
    for found in pattern.finditer(written):
        yield from _SPLIT.split(found["names"])

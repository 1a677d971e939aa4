"""Many documents of one kind: pages made from a template, each with words of its own."""

import os
import random
import time
from collections.abc import Callable
from pathlib import Path

from tests.builders import HEADLINES, PARAGRAPHS

SIZE = 50_000
"""Bytes of a page with its furniture, about."""
_QUIET = 10  # seconds that a file has to have been left alone, and more
_FOLDER = 1_000
_PLACES = ("溪口区", "石埠镇", "禾浦区", "南塘街道", "望鹭湖社区")
_VERBS = [
    "opened",
    "closed",
    "moved",
    "mended",
    "painted",
    "measured",
    "counted",
    "planted",
    "lifted",
    "lent",
]
_NOUNS = [
    "bridge",
    "ferry",
    "library",
    "kitchen",
    "market",
    "garden",
    "school",
    "lantern",
    "harbour",
    "orchard",
    "mill",
    "tower",
]


def write(folder: Path, count: int, page: Callable[[int], tuple[str, str]]) -> None:
    """Write pages, a thousand to a folder, as files that were left alone for long enough to be finished."""
    past = time.time() - _QUIET
    for number in range(count):
        suffix, content = page(number)
        path = folder / f"{number // _FOLDER:03}" / f"{number}{suffix}"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content, encoding="utf-8")
        os.utime(path, (past, past))


def flattened(number: int) -> tuple[str, str]:
    """Return a page of about 5 KB saved as text."""
    chosen = random.Random(number)  # noqa: S311 - the same documents each time
    paragraphs = [f"{_serial(chosen)}{chosen.choice(PARAGRAPHS)}" for _ in range(6)]
    listed = chosen.sample(HEADLINES, 40)
    lines = [
        "客服热线:0600-5550 0188",
        "",
        f"{chosen.choice(_PLACES)}第{number}间社区书屋开门迎客",
        "",
        f"Admin\u00a0- admin 于2023年{1 + number % 12:02}月{1 + number % 28:02}日发表\u00a0\u00a0",
        "",
        *(line for each in paragraphs for line in (f"  {each}", "")),
        "本文章内容来源于网络公开内容,仅供参考!不对文章内容时效、真实性负责",
        *[""] * 15,
        "关于我们 加入我们 人力资讯TOP500 网站地图 临时工招聘信息兼职招聘信息",
        *(f"  {place}. {headline}" for place, headline in enumerate(listed, 1)),
    ]
    return ".txt", "\n".join(lines)


def html(number: int) -> tuple[str, str]:
    """Return a page of about 50 KB: an article of some 4 KB among navigation, lists, scripts and a footer."""
    chosen = random.Random(number)  # noqa: S311 - the same documents each time
    title = f"The {chosen.choice(_NOUNS)} of ward {number} is {chosen.choice(_VERBS)}"
    date = f"2024-{1 + number % 12:02}-{1 + number % 28:02}"
    body = "\n".join(f"<p>{' '.join(_sentence(chosen) for _ in range(5))}</p>" for _ in range(12))
    links = "\n".join(
        f'<li class="item item-{each}"><a href="/news/{number}-{each}.html" title="">'
        f"{_sentence(chosen)}</a><span>{date}</span></li>"
        for each in range(120)
    )
    head = f"""<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>{title} - Ward news</title>
<meta property="og:title" content="{title}">
<meta property="article:published_time" content="{date}T08:00:00Z">
<meta name="author" content="Ada Lind"><link rel="stylesheet" href="/site.css"></head><body>
<nav><ul>{links[: len(links) // 4]}</ul></nav>
<main><article><h1>{title}</h1><p class="by">Ada Lind, {date}</p>
{body}</article></main><aside><h2>More</h2><ul>{links}</ul></aside>"""
    script = "".join(f"window.slot{each}={{width:{each},name:'place-{each}'}};" for each in range(SIZE // 45))
    room = max(0, SIZE - len(head) - 200)
    return ".html", f"{head}<footer><p>Ward news</p></footer><script>{script[:room]}</script></body></html>"


def _serial(chosen: random.Random) -> str:
    return f"{chosen.choice(_PLACES)}{chosen.randint(2, 900)}人参加。"


def _sentence(chosen: random.Random) -> str:
    noun, verb, other = chosen.choice(_NOUNS), chosen.choice(_VERBS), chosen.choice(_NOUNS)
    return f"The {noun} by the {other} was {verb} by {chosen.randint(2, 900)} people on the day."

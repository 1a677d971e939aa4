"""What tests are built from: articles, feeds, a town with a store and its pages, processes."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from http.client import HTTPConnection
from itertools import count
from pathlib import Path
from types import MappingProxyType
from typing import Any
from zoneinfo import ZoneInfo

from flask import Flask

from feedsvc.feeds import Feed, Site
from feedsvc.model import (
    Article,
    Assignment,
    Change,
    Commit,
    Enclosure,
    Headline,
    Health,
    Incident,
    Skipped,
    Tick,
    Upstream,
)
from feedsvc.store import Limits, SqliteJournal, Store
from feedsvc.topics import TopicRule, Topics
from feedsvc.web import Catalogue, Pages, Responses, create_site
from feedsvc.web.files import Pictures
from tests.fakes import Stage

Value = Any
"""Of whatever type the field has."""

SITE = Site(title="Town news", base_url="https://feeds.example.org", id="feedsvc")
NOON = datetime(2024, 3, 4, 12, 0, 0, tzinfo=UTC)
ZONE = ZoneInfo("Asia/Shanghai")
START = datetime(2026, 1, 1, tzinfo=UTC)
LIMITS = Limits()
PLAIN = Topics(origins=frozenset({"explicit", "rules"}))
"""What decides on topics where documents and rules name them."""


def article(number: int = 1, **changes: Value) -> Article:
    """Return one of many articles; a higher number was published an hour later."""
    plain = Article(
        id=f"urn:uuid:00000000-0000-5000-8000-{number:012d}",
        source="town",
        key=f"{number}.txt",
        title=f"Story {number}",
        text=f"What happened, part {number}.",
        html=f"<p>What happened, part {number}.</p>",
        summary=f"What happened, part {number}.",
        published=NOON + timedelta(hours=number),
        published_from="metadata",
        updated=NOON + timedelta(hours=number),
        language="en",
    )
    return replace(plain, **changes)


def rich(number: int = 9) -> Article:
    """Return an article that holds what formats tend to lose or break."""
    return article(
        number,
        title="5 < 6 & ]]> 结束 “quoted” 😀 & AT&T",
        text="5 < 6 & ]]> 结束 😀\n\na\u00a0\u00a0b",
        html="<p>5 &lt; 6 &amp; ]]&gt; 结束 😀 a\u00a0\u00a0b</p>\n<pre>one\n  two\t three\n\n</pre>",
        summary="5 < 6 & ]]> 结束",
        updated=NOON + timedelta(days=3),
        authors=("林见鹿", "Ann O'Hara & Sons"),
        language="zh-Hans",
        topics=(topic("社区"), topic("R&D", "r-d")),
        related=(Headline(title="Elsewhere"), Headline(title="There", url="https://example.org/there")),
        images=("https://example.org/lake.jpg?w=1&h=2", "https://example.org/reeds.jpg"),
        enclosures=(
            Enclosure(
                url="https://example.org/talk.mp3?a=1&b=2",
                media_type="audio/mpeg",
                length=4_200_000,
                title="A talk on “reeds” & rain",
            ),
            Enclosure(url="https://example.org/map.pdf", media_type="application/pdf"),
        ),
        upstream=Upstream(
            id="https://hill.example.net/feed?a=1&b=2",
            title="Hill & Dale <gazette>",
            url="https://hill.example.net/feed.atom?a=1&b=2",
            updated=NOON + timedelta(days=2),
        ),
        via=("https://valley.example.net/a?b=1&c=2", "https://dale.example.net/3"),
        url="https://example.org/a?b=1&c=2",
    )


def topic(name: str, slug: str = "") -> Assignment:
    """Return a topic that an article names itself."""
    return Assignment(slug=slug or name, name=name, source="explicit", matched="front matter")


def feed(*articles: Article, **changes: Value) -> Feed:
    """Return a feed of articles in the order given."""
    plain = Feed(
        path="/latest",
        title="Town news",
        subtitle="The newest articles of Town news",
        updated=max((each.updated for each in articles), default=datetime(2000, 1, 1, tzinfo=UTC)),
        articles=articles,
        language="en",
        ttl=300,
    )
    return replace(plain, **changes)


@dataclass(frozen=True, slots=True, kw_only=True)
class Town:
    """A store with its feeds and pages, wired as the application does it, ticked by the test."""

    store: Store
    responses: Responses
    web: Flask
    pages: Pages

    def tick(
        self,
        *articles: Article,
        withdrawn: Iterable[str] = (),
        at: datetime = START,
        failing: str = "",
        read: Iterable[str] = ("town",),
        skipped: Iterable[Skipped] = (),
    ) -> None:
        """Commit what a tick would bring and refresh the feeds in use."""
        changes = [
            Change(
                health=replace(self._health(name, at, failing), skipped=tuple(skipped)),
                articles=tuple(each for each in articles if each.source == name),
                withdrawn=tuple(withdrawn) if name == "town" else (),
            )
            for name in read
        ]
        self.store.commit(*(Commit(at=at, change=change) for change in changes))
        self.responses.refresh()

    def _health(self, name: str, at: datetime, failing: str) -> Health:
        before = self.store.edition.health[name]
        if not failing:
            return replace(before, last_attempt=at, last_success=at, failures=0, incident=None)
        incident = before.incident or Incident(source=name, reason=failing, opened=at)
        return replace(before, last_attempt=at, failures=before.failures + 1, incident=incident)


class StoppedClock:
    """A clock that ticked once."""

    def next_tick(self) -> datetime | None:
        return START

    def last_tick(self) -> Tick | None:
        return Tick(started=NOON, seconds=1.26)


def never(seconds: float, function: Callable[[], object]) -> None:
    """Fail where something is put off that a test did not expect to be."""
    message = f"{function} was put off by {seconds} s"
    raise AssertionError(message)


def at_once(task: Callable[[], object]) -> None:
    """Do what would be done aside now."""
    task()


def town(  # noqa: PLR0913 - a test names what matters to it
    *,
    base_url: str = SITE.base_url,
    topics: Iterable[TopicRule] = (),
    filing: Topics = PLAIN,
    sources: Iterable[str] = ("town", "away"),
    limits: Limits = LIMITS,
    clock: Callable[[], float] = (START + timedelta(days=1)).timestamp,
    pictures: Mapping[str, Pictures] = MappingProxyType({}),
) -> Town:
    """Return a town before its first tick; by default its clock is past everything, so that nothing waits."""
    later = clock.later if isinstance(clock, Stage) else never
    health = [Health(source=name, kind="folder") for name in sources]
    store = Store(replace(filing, rules=tuple(topics)), health, limits, SqliteJournal(None))
    site = replace(SITE, base_url=base_url)
    catalogue = Catalogue(site=site, language="en", intervals=dict.fromkeys(sources, 300))
    responses = Responses(store, catalogue, clock, later, aside=at_once)
    pages = Pages(store=store, catalogue=catalogue, clock=StoppedClock(), zone=ZONE)
    web = create_site(responses, pages, pictures)
    return Town(store=store, responses=responses, web=web, pages=pages)


HEADLINES = tuple(
    f"{place}{what}"
    for place in ("溪口区", "石埠镇", "禾浦区", "南塘街道", "望鹭湖社区")
    for what in (
        "召开春季河道清淤现场会",
        "举办第三届邻里读书节",
        "启动老旧电梯更新改造",
        "组织消防演练进校园活动",
        "开通夜间便民流动图书车",
        "完成雨水花园二期种植",
        "发布公共厕所导航地图",
        "新增共享单车停放点位",
        "评选年度最美阳台名单",
        "征集早市搬迁居民意见",
        "试行周末菜场错峰经营",
        "修缮百年石桥护栏工程",
        "推广厨余堆肥入户指导",
        "设立骑手歇脚暖心驿站",
        "公布观鸟步道开放时间",
        "培训社区急救志愿队伍",
        "更换主干道节能路灯灯具",
        "举行渡口夜航安全演练",
        "补栽行道树三千余株",
        "开放校园操场供居民使用",
    )
)
"""A hundred titles as a flattened page lists them."""
PARAGRAPHS = (
    "今年以来，溪口区把社区书屋作为家门口的第一间公共客厅来办，截至五月底，全区十八个社区书屋全部开门迎客。",
    "区文化馆与各社区商定选址，腾挪闲置用房、借用校舍、请物业出让底商，解决了场地不足的难题。",
    "书屋由居民自己管理。每间有八到十名志愿者轮值，晚上开到九点，周末有讲故事的老人和修补旧书的师傅。",
    "下一步，溪口区将把流动图书车开进山里的四个村，让住得最远的孩子也能在放学路上借到一本书。",
)
FLATTENED = "\n".join(
    [
        "客服热线:0600-5550 0188",
        "",
        "溪口区18个社区书屋全部开门迎客",
        "",
        "Admin\u00a0- admin 于2023年06月15日发表\u00a0\u00a0",
        "",
        *(line for paragraph in PARAGRAPHS for line in (f"  {paragraph}", "")),
        "",
        "本文章内容来源于网络公开内容,仅供参考!不对文章内容时效、真实性负责",
        *[""] * 15,
        "关于我们 加入我们 人力资讯TOP500 网站地图 临时工招聘信息兼职招聘信息",
        "",
        "劳务派遣 溪口劳务派遣公司 劳务派遣公司 溪口临时工派遣公司 溪口临时工派遣中介 2",
        *(f"  {number}. {headline}" for number, headline in enumerate(HEADLINES, 1)),
    ]
)
"""A page saved as text: hotline, title, byline, body, disclaimer, navigation, a hundred headlines."""


def note(title: str, day: int = 1, **front: str) -> str:
    """Return a Markdown document with front matter."""
    lines = [
        f"{key}: {value}" for key, value in {"title": title, "date": f"2024-05-{day:02}", **front}.items()
    ]
    body = f"{title} is what happened that day, and this paragraph says enough of it to be an article."
    return "\n".join(["---", *lines, "---", body, ""])


def calls(work: Callable[[], object]) -> int:
    """Return how many functions work calls: what it costs, whatever else the machine does meanwhile."""
    made = 0

    def seen(_frame: object, event: str, _argument: object) -> None:
        nonlocal made
        made += event in {"call", "c_call"}

    before = sys.getprofile()
    sys.setprofile(seen)
    try:
        work()
    finally:
        sys.setprofile(before)
    return made


def wait_until(condition: Callable[[], object], what: str = "it holds", seconds: float = 60) -> None:
    """Return once a condition holds; fail when it does not within a bound."""
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, f"waited {seconds} s until {what}"
        time.sleep(0.01)


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What a server said."""

    status: int
    headers: Mapping[str, str]
    body: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Server:
    """A feedsvc that runs as a process of its own."""

    process: "subprocess.Popen[bytes]"
    port: int
    log: Path

    def get(self, path: str, method: str = "GET", headers: Mapping[str, str] | None = None) -> Answer:
        """Ask with no header that is not named."""
        connection = HTTPConnection("127.0.0.1", self.port, timeout=30)
        try:
            connection.putrequest(method, path, skip_accept_encoding=True)
            for name, value in (headers or {}).items():
                connection.putheader(name, value)
            connection.endheaders()
            response = connection.getresponse()
            named = {name.lower(): value for name, value in response.getheaders()}
            return Answer(status=response.status, headers=named, body=response.read())
        finally:
            connection.close()

    def status(self, path: str) -> int:
        """Return the status of an answer, 0 where nothing listens."""
        try:
            return self.get(path).status
        except OSError:
            return 0

    def wait_until_ready(self) -> "Server":
        """Return once the first tick finished."""
        wait_until(self._is_ready, "feedsvc is ready")
        return self

    def said(self) -> str:
        """Return what it wrote to its terminal."""
        return self.log.read_text(encoding="utf-8")

    def ticks(self) -> int:
        """Return how many lines about ticks of the one source there are."""
        return sum(" new, " in line for line in self.said().splitlines())

    def terminate(self, seconds: float = 20) -> int:
        """Ask it to end and return its exit code; fail when it does not end in time."""
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(timeout=seconds)

    def _is_ready(self) -> bool:
        assert self.process.poll() is None, self.said()
        return self.status("/readyz") == 200 and self.get("/readyz").body == b"ready\n"  # not "warm"


QUICK = 0.5 if sys.gettrace() is None else 2.5
"""Seconds of processor time that anything made to be slow may take; measuring coverage multiplies them."""


_WORKER = int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw"))
_PORTS = 1_000
_PORT = count(os.getpid())


def free_port() -> int:
    """Return a port that nothing listens on, and that no process that tests beside this one is given.

    The system may give one port to two of them, before either's server listens on it.
    """
    while True:
        port = 20_000 + _WORKER % 10 * _PORTS + next(_PORT) % _PORTS  # below those of outgoing connections
        with socket.socket() as probe, suppress(OSError):
            probe.bind(("127.0.0.1", port))
            return port

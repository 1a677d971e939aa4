"""Words of the pages that people read: lists, topics, articles, and what is around them."""

from collections.abc import Mapping

READING: Mapping[str, tuple[str, str]] = {
    # around every page
    "skip": ("Skip to the content", "跳到正文"),
    "site": ("Site", "站点"),
    "latest": ("Latest", "最新"),
    "latest articles": ("Latest articles", "最新文章"),
    "topics": ("Topics", "主题"),
    "sources": ("Sources", "来源"),
    "status": ("Status", "状态"),
    "search": ("Search", "搜索"),
    "search for": ("Search for", "搜索内容"),
    "language": ("Language", "语言"),
    "colophon": (
        "Served by feedsvc, which turns documents into feeds.",
        "由 feedsvc 提供：把文档变成订阅源。",
    ),
    # home
    "what this is": (
        (
            "Documents, read as they appear, filed under topics and served as feeds. "
            "Follow all of it, a topic or a source in any reader; no account, no tracking."
        ),
        "文档一经出现即被读取，按主题归类，以订阅源提供。用任何阅读器即可关注全部、某个主题或某个来源；无需注册，不作跟踪。",
    ),
    "newest": ("Newest articles", "最新文章"),
    "all latest": ("All of the latest articles", "查看全部最新文章"),
    "all topics": ("All {n} topics", "全部 {n} 个主题"),
    "nothing yet": ("Nothing to show yet: {why}.", "暂无内容：{why}。"),
    "why no source": ("no source could be read yet", "还没有任何来源可以读取"),
    "why first": ("the sources are being read for the first time", "正在首次读取来源"),
    # subscribing
    "subscribe": ("Subscribe", "订阅"),
    "subscribe how": (
        "Give one of these addresses to your feed reader. They never change.",
        "把下面任一地址交给你的阅读器。地址永久不变。",
    ),
    "copy": ("Copy", "复制"),
    "copied": ("Copied", "已复制"),
    "copy what": ("Copy the address of the {feed}", "复制 {feed}的地址"),
    "open": ("Open", "打开"),
    "open what": ("Open the {feed} in a feed reader", "用阅读器打开 {feed}"),
    "source text": ("Source", "源码"),
    "source what": ("Source text of the {feed}", "{feed}的源码"),
    "feed rss": ("RSS feed", "RSS 订阅源"),
    "feed atom": ("Atom feed", "Atom 订阅源"),
    "feed json": ("JSON Feed", "JSON Feed 订阅源"),
    "opml": ("All feeds as OPML", "全部订阅源（OPML）"),
    "opml how": ("for readers that import lists", "供阅读器批量导入"),
    # lists
    "articles": ("{n} article|{n} articles", "{n} 篇文章"),
    "no article yet": (
        "No article yet. Subscribe, and the first one will come to you.",
        "还没有文章。订阅后，第一篇会自动送达。",
    ),
    "promise": ("What this feed promises", "此订阅源的承诺"),
    "promise count": ("The feed holds the newest {n} articles.", "订阅源包含最新的 {n} 篇文章。"),
    "promise kept": (
        "A reader that polls at least every {often} misses nothing.",
        "阅读器至少每 {often}轮询一次，就不会错过任何文章。",
    ),
    "promise cut": (
        (
            "More arrived lately than the feed may hold: only a reader that polls at least every "
            "{often} misses nothing, {older}."
        ),
        "近期文章多于订阅源的容量：至少每 {often}轮询一次的阅读器才不会错过，{older}。",
    ),
    "promise burst": (
        "More arrived lately than the feed may hold: it shows {n} of them, {older}.",
        "近期文章多于订阅源的容量：其中显示 {n} 篇，{older}。",
    ),
    "older there": ("the archive has the rest", "其余见存档"),
    "older nowhere": ("the rest stands in the feeds of its topics", "其余见各主题的订阅源"),
    "older later": ("the rest follows in its archive", "其余随后进入存档"),
    "hours": ("{n} h", "{n} 小时"),
    "minutes": ("{n} min", "{n} 分钟"),
    "seconds": ("{n} s", "{n} 秒"),
    "last change": ("Last change", "最近变化"),
    "next check": ("Next check", "下次检查"),
    "never": ("never", "从未"),
    "at once": ("now", "即刻"),
    "not planned": ("none planned", "未安排"),
    "pages": ("Pages", "翻页"),
    "newer": ("Newer", "较新"),
    "older": ("Older", "较早"),
    "archive": ("Archive, page {n}", "存档，第 {n} 页"),
    "archive how": (
        "Articles as they were first published; a full page never changes.",
        "文章保持首次发布时的样子；满页不再变动。",
    ),
    "page": ("Page {n}", "第 {n} 页"),
    "activity": ("{n} article in 30 days|{n} articles in 30 days", "30 天内 {n} 篇"),
    # topics
    "kind subject": ("Subjects", "题材"),
    "kind place": ("Places", "地点"),
    "kind body": ("Public bodies", "机构"),
    "kind own": ("Own topics", "自定主题"),
    "about subject": ("What an article is about, in broad strokes", "文章大致讲什么"),
    "about place": ("Where it happens", "发生在哪里"),
    "about body": ("Who is at work in it", "与哪个机构有关"),
    "about own": ("Named by documents, folders or the configuration", "由文档、文件夹或配置命名"),
    "topics how": (
        "Every topic is a page and a feed: append .rss, .atom or .json to its address.",
        "每个主题既是页面也是订阅源：在地址后加 .rss、.atom 或 .json。",
    ),
    "all of kind": ("All {n}", "全部 {n} 个"),
    "no topics": ("No topics yet.", "还没有主题。"),
    "topic": ("Topic", "主题"),
    "last 30 days": ("Last 30 days", "近 30 天"),
    "combine": ("Combine topics into a feed", "组合主题为订阅源"),
    "combine how": (
        "Up to five topics; the address and the number of articles appear as you choose.",
        "最多五个主题；选择时即显示地址与文章数。",
    ),
    "join": ("An article has", "文章包含"),
    "join all": ("all of these", "以下全部"),
    "join any": ("any of these", "以下任一"),
    "with": ("Topic {n}", "主题 {n}"),
    "without": ("but not {n}", "排除 {n}"),
    "without any": ("But none of these", "但不含"),
    "show": ("Show the feed", "显示订阅源"),
    "combine empty": ("Choose a topic to begin.", "请先选择一个主题。"),
    "combine none": (
        "There is no feed like that: a topic is unknown, or is both asked for and left out.",
        "没有这样的订阅源：主题不存在，或同时被包含与排除。",
    ),
    "combine mixed": (
        "“Any of these” cannot leave topics out: choose “all of these” for that.",
        "“以下任一”不能排除主题：请选择“以下全部”。",
    ),
    # article
    "read there": ("Read it where it was published", "阅读原文"),
    "also there": ("Also published at", "另见"),
    "pictures elsewhere": (
        (
            "The pictures stand at {host}, which would learn that you read this."
            "|The pictures stand at {host} and elsewhere, where it would be learnt that you read this."
        ),
        "图片存放在 {host} 等处，显示图片会让对方得知你在阅读。",
    ),
    "show pictures": ("Show them", "显示图片"),
    "related": ("Related headlines", "相关标题"),
    "explain": ("Where each of this comes from", "各项内容的出处"),
    "earlier": ("Earlier", "前一篇"),
    "later": ("Later", "后一篇"),
    "neighbours": ("Neighbouring articles", "相邻文章"),
    "updated": ("updated {when}", "更新于 {when}"),
    "date from": ("Date from: {rung}", "日期出处：{rung}"),
    "rung front matter": ("front matter", "文首元数据"),
    "rung upstream": ("upstream", "上游订阅源"),
    "rung metadata": ("metadata", "网页元数据"),
    "rung byline": ("byline", "署名行"),
    "rung url": ("url", "网址"),
    "rung file time": ("file time", "文件时间"),
    "rung first seen": ("first seen", "首次发现"),
}

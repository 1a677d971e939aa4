"""Words of the pages that tell how things came about and how the service fares; of searches and errors."""

from collections.abc import Mapping

RUNNING: Mapping[str, tuple[str, str]] = {
    # explain
    "explained": ("explained", "出处"),
    "where from": ("Where it comes from", "出处"),
    "field": ("Field", "字段"),
    "as published": ("As published", "发布内容"),
    "from": ("From", "出处"),
    "field title": ("Title", "标题"),
    "field authors": ("Authors", "作者"),
    "field published": ("Published", "发布时间"),
    "field language": ("Language", "语言"),
    "field body": ("Body", "正文"),
    "field summary": ("Summary", "摘要"),
    "field url": ("Address", "网址"),
    "characters": ("{n} character|{n} characters", "{n} 个字符"),
    "not known": ("not known", "未知"),
    "none found": ("none found", "未找到"),
    "its date": ("Its date", "日期"),
    "ladder": ("The date is the best that there is, in this order:", "日期按以下顺序取最可靠的一种："),
    "this rung": ("This one is from: {rung}.", "本文取自：{rung}。"),
    "this weak rung": (
        "This one is from: {rung}, which tells when the document was met, not when it was published.",
        "本文取自：{rung}。它说明何时发现文档，而非何时发布。",
    ),
    "its topics": ("Its topics", "主题"),
    "what matched": ("What matched", "匹配内容"),
    "origin explicit": ("explicit", "明示"),
    "origin rules": ("rules", "规则"),
    "origin subjects": ("subjects", "题材"),
    "origin entities": ("entities", "地名与机构"),
    "no topics of it": ("None: it names none, and no rule matches.", "无：文档未注明，也没有规则匹配。"),
    "no feed of it": (
        "no feed: too few documents share it, or it was hidden or deleted",
        "没有订阅源：涉及的文档太少，或已被隐藏或删除",
    ),
    "problems": ("Problems", "问题"),
    "none": ("None.", "无。"),
    "its document": ("Its document", "文档"),
    "document": ("Document", "文档"),
    "id": ("Id", "标识"),
    "acknowledged": ("Acknowledged", "收录时间"),
    "revised": ("As it is now since", "现有版本始于"),
    "field updated": ("Updated", "更新时间"),
    "not since": ("not since it was published", "发布后未更新"),
    "for programs": ("All of it for programs:", "供程序使用："),
    # sources and status
    "source": ("Source", "来源"),
    "kind": ("Kind", "种类"),
    "documents": ("Documents", "文档"),
    "last read": ("Last read", "上次读取"),
    "next look": ("Next look", "下次查看"),
    "state": ("State", "状况"),
    "well": ("well", "正常"),
    "never again": ("never: it has ended", "不再读取：已终止"),
    "stale from": ("What it gave counts as stale from", "其内容过时始于"),
    "moved to": ("It moved to", "已迁至"),
    "failing": ("{why} ({n} time in a row)|{why} ({n} times in a row)", "{why}（连续 {n} 次）"),
    "missing": (
        (
            "{n} document missing: its article stays until another look confirms that"
            "|{n} documents missing: their articles stay until another look confirms that, "
            "or for an hour where it is more than half (feedsvc ingest --accept-removals)"
        ),
        (
            "缺少 {n} 份文档：再次查看确认之前保留其文章；"
            "超过半数时保留一小时（feedsvc ingest --accept-removals）"
        ),
    ),
    "source kind folder": ("folder", "文件夹"),
    "source kind page": ("page", "网页"),
    "source kind listing": ("listing", "列表页"),
    "source kind sitemap": ("sitemap", "站点地图"),
    "source kind feed": ("feed", "订阅源"),
    "all sources": ("All {n} sources", "全部 {n} 个来源"),
    "first time": ("being read for the first time", "正在首次读取"),
    "numbers": (
        "{articles}, {topics}, {sources}, generation {generation}.",
        "{articles}，{topics}，{sources}，第 {generation} 代。",
    ),
    "topics counted": ("{n} topic|{n} topics", "{n} 个主题"),
    "sources counted": ("{n} source|{n} sources", "{n} 个来源"),
    "not ready": ("Not ready: {why}.", "尚未就绪：{why}。"),
    "clock": ("Clock", "时钟"),
    "underway": ("Underway", "正在进行"),
    "documents read": (
        "{source}: {done} of {total} documents read",
        "{source}：已读取 {done} 篇，共 {total} 篇",
    ),
    "last tick": ("Last tick", "上次运行"),
    "next tick": ("Next tick", "下次运行"),
    "tick took": ("{when}, {seconds} s", "{when}，{seconds} 秒"),
    "tick failed": ("ended by {why}", "因 {why} 中止"),
    "no tick": ("none has ended yet", "尚无运行结束"),
    "durations": ("How long ticks took", "每次运行的耗时"),
    "durations of": (
        "the last tick, {seconds} s|the last {n} ticks, the longest {seconds} s",
        "最近 {n} 次运行，最长 {seconds} 秒",
    ),
    "brought": ("What ticks brought", "每次运行的结果"),
    "brought of": (
        (
            "the last tick: {new} new, {changed} changed, {dropped} dropped"
            "|the last {n} ticks: {new} new, {changed} changed, {dropped} dropped"
        ),
        "最近 {n} 次运行：新增 {new}，变更 {changed}，移除 {dropped}",
    ),
    "from when": ("from", "自"),
    "to when": ("to", "至"),
    "new": ("new", "新增"),
    "changed": ("changed", "变更"),
    "dropped": ("dropped", "移除"),
    "no ticks": (
        "No tick has ended in this process yet. Where another one reads the sources, it has the chart.",
        "本进程尚无运行结束。若由另一进程读取来源，图表在那里。",
    ),
    "when": ("When", "时间"),
    "seconds took": ("Seconds", "耗时（秒）"),
    "as numbers": ("As numbers", "数值"),
    "incidents": ("Incidents", "事件"),
    "since": ("since {when}", "自 {when}"),
    "over": ("over since {when}", "{when} 恢复"),
    "polls": ("Polls", "轮询"),
    "format": ("Format", "格式"),
    "requests": ("Requests", "请求"),
    "unchanged": ("Answered 304", "304 应答"),
    "no polls": ("No feed was asked for yet.", "还没有人请求订阅源。"),
    "without article": ("Documents without an article", "没有产生文章的文档"),
    "without article how": (
        "Why something is not in a feed: what each document lacked.",
        "为何某文档不在订阅源中：每份文档缺少什么。",
    ),
    "find document": (
        "Why is something not in my feed? Look for its document:",
        "为何某内容不在我的订阅源中？查找其文档：",
    ),
    "find": ("Find", "查找"),
    "gave article": ("This document gave an article:", "此文档已产生文章："),
    "was withdrawn": (
        "This document gave an article, which was withdrawn when the document left its source.",
        "此文档曾产生文章；文档离开来源后，文章已撤回。",
    ),
    "not among": (
        "No document of that name went without an article.",
        "没有名称相符且未产生文章的文档。",
    ),
    "search for it": ("Search the articles for it", "在文章中搜索"),
    "all documents": ("The {n} document|All {n} documents", "全部 {n} 份文档"),
    "reason": ("Reason", "原因"),
    # search
    "results": ("{n} article found|{n} articles found", "找到 {n} 篇文章"),
    "results at least": (
        "At least {n} article found|At least {n} articles found",
        "至少找到 {n} 篇文章",
    ),
    "earlier results": ("Back", "上一页"),
    "further results": ("More", "下一页"),
    "no results": ("Nothing found for “{query}”.", "没有找到“{query}”。"),
    "no results how": (
        "Try fewer or shorter words, or subscribe: the feed will bring what comes.",
        "试试更少或更短的词；也可以订阅，有新文章时自动送达。",
    ),
    "search how": ("How to search", "如何搜索"),
    "search example 1": ("bridge river", "大桥 河道"),
    "search meaning 1": ("articles with both words, anywhere", "同时包含两个词的文章"),
    "search example 2": ('"over the bridge"', '"跨河大桥"'),
    "search meaning 2": ("with these words side by side", "包含完整短语"),
    "search example 3": ("bridge OR ferry", "大桥 OR 渡船"),
    "search meaning 3": ("with one or the other", "包含其中之一"),
    "search example 4": ("bridge !toll", "大桥 !收费"),
    "search meaning 4": ("with the one but not the other", "包含前者，不含后者"),
    "search example 5": ("intitle:bridge", "intitle:大桥"),
    "search meaning 5": (
        "in the title; also intext: author: source: inurl: lang:",
        "在标题中；另有 intext: author: source: inurl: lang:",
    ),
    "search example 6": ("#transport bridge", "#交通 大桥"),
    "search meaning 6": ("within a topic", "在某一主题内"),
    "search example 7": ("(bridge OR ferry) !lang:zh", "(大桥 OR 渡船) !lang:en"),
    "search meaning 7": ("all of it together", "以上的组合"),
    "order": ("Order", "排序"),
    "order relevance": ("by relevance", "按相关度"),
    "order date": ("by date", "按日期"),
    "saved search": (
        "This search is a feed: subscribe, and new matches come to you.",
        "此搜索即订阅源：订阅后，新结果自动送达。",
    ),
    "search wait": (
        "{why}. Try again in {n} second.|{why}. Try again in {n} seconds.",
        "{why}，请在 {n} 秒后重试。",
    ),
    "search empty": (
        "an empty search finds nothing: add ?q= and a word to the address",
        "没有搜索词：请在地址后加 ?q= 和一个词",
    ),
    "search building": ("the search index is being built", "正在建立搜索索引"),
    "search interrupted": (
        "this took too long: ask for less, or later",
        "搜索用时过长：请缩小范围，或稍后再试",
    ),
    "search broad": (
        "this takes too long: add a word that few articles have",
        "搜索用时过长：请加一个较少见的词",
    ),
    # errors
    "error 404": ("Nothing here", "这里没有内容"),
    "error 404 how": (
        "There is nothing at this address. Perhaps it was typed by hand, or its topic was renamed.",
        "此地址没有内容。也许是手工输入有误，或主题已改名。",
    ),
    "error 410": ("Withdrawn", "已撤回"),
    "error 410 how": (
        (
            "What was here was withdrawn where it was published. It will not come back by itself: "
            "a feed reader may drop this address."
        ),
        "原发布处已撤回此内容。它不会自行恢复：阅读器可以删除此地址。",
    ),
    "error 503": ("Not yet", "尚未就绪"),
    "error 503 how": (
        "Not yet: {why}. Try again in a moment; feed readers do so by themselves.",
        "尚未就绪：{why}。请稍后再试；阅读器会自动重试。",
    ),
    "error 500": ("Our mistake", "内部错误"),
    "error 500 how": (
        "Something went wrong here, not with what you asked. It has been noted; try again later.",
        "是我们出了错，与你的请求无关。问题已记录；请稍后再试。",
    ),
    "error 405": ("Not that way", "方法不允许"),
    "error other how": ("{why}", "{why}"),
    "next": ("What to do next", "接下来"),
    "next latest": ("See the latest articles", "查看最新文章"),
    "next topics": ("Find it among the topics", "在主题中查找"),
    "next status": ("See how the service fares", "查看服务状态"),
}

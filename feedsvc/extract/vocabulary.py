"""Words that give a line away: labels of buttons, headings of what follows an article, notices, accounts."""


def _phrases(listed: str) -> frozenset[str]:
    return frozenset(phrase.strip() for phrase in listed.split("|"))


LABELS = _phrases(
    """advertisement|ad|share|share this|share this article|tweet|print|email|facebook|twitter|whatsapp|
    linkedin|pinterest|reddit|subscribe|sign up|log in|sign in|menu|search|skip to content|
    skip to main content|continue reading the main story|
    read more|load more|show more|close|follow|save|back to top|
    story continues below|article continues below|
    字号|大|中|小|超大|标准|默认|分享|分享到|分享至|微信|微博|qq空间|打印|收藏|举报|关闭|返回顶部|展开全文|阅读全文|点击查看|广告|登录|注册|首页"""
)
"""Whole lines, case folded, that are buttons or menus wherever they stand."""

RELATED = _phrases(
    """related|related articles|related stories|related posts|related news|related content|related topics|
    related coverage|more stories|more news|more on this|more from|recommended|recommended for you|
    you may also like|you might also like|read next|up next|don't miss|don’t miss|
    相关阅读|相关新闻|相关文章|相关推荐|相关报道|延伸阅读|推荐阅读|猜你喜欢|您可能感兴趣的文章|您可能感兴趣|你可能感兴趣|为您推荐|热门推荐|热门文章|热点推荐|
    精彩推荐|最新文章|最新资讯|热门资讯|更多推荐|相關閱讀|相關新聞|相關文章|延伸閱讀|推薦閱讀"""
)
"""Whole lines, case folded, above lists of other articles' titles."""

ENDS = RELATED | _phrases(
    """comments|comment|leave a reply|leave a comment|add a comment|post a comment|join the conversation|
    view comments|responses|most popular|most read|most viewed|trending|trending now|top stories|latest news|
    editors' picks|about the author|about the authors|about author|leave a reply cancel reply|
    leave a comment cancel reply|comments are closed|your email address will not be published|
    tags|tag|article tags|related tags|post tags|topics|filed under|in this topic|
    follow us|newsletter|newsletters|featured video|featured videos|popular posts|recent posts|popular|
    previous post|next post|previous article|next article|share your feedback|
    was this page helpful|was this article helpful|
    阅读下一篇|上一篇|下一篇|网友评论|热门评论|最新评论|全部评论|发表评论|评论|用户评论"""
)
"""Whole lines, case folded, below which the article is over."""

END_BEGINNINGS = (
    "more from ",
    "more stories ",
    "related topics",
    "you may also ",
    "you might also ",
    "you’ll also ",
    "other articles ",
    "also in ",
    "next up ",
    "first published on ",
    "comments on ",
    "leave a ",
    "read next",
    "posted in ",
    "filed under ",
    "tagged ",
    "tags:",
    "topics:",
    "categories:",
    "about the author",
    "about this article",
    "about this statement",
    "about this story",
    "comment via",
    "follow me on ",
    "recent posts",
    "related articles",
    "related posts",
    "related stories",
    "you may be interested",
    "sign up for ",
    "subscribe to ",
    "want more ",
    "点击进入专题",
    "声明",
    "特别声明",
    "标签",
    "关键词：",
    "关键字：",
    "更多精彩",
    "更多内容",
)
"""How short lines begin, case folded, below which the article is over."""

END_MORE = (" stories", " articles", " videos", " posts", " news")
"""How they end where they begin with "more": "More great stories"."""

LABEL_BEGINNINGS = (
    "click to ", "copy link", "copy this page", "print this ", "share on ", "share this on ", "share to ",
)  # fmt: skip
"""How the buttons of a page begin, case folded."""

COUNTERS = (
    "阅读", "閱讀", "浏览", "瀏覽", "点击", "評論", "评论", "字号", "字體", "字体", "分享", "关注", "举报",
    "星期", "周",
    "发布", "更新", "阅", "人参与", "编辑", "责编", "打印", "收藏", "我要", "视频", "图片", "原标题", "本文",
)  # fmt: skip
"""How words beside a date begin that are no publisher."""

NOTICES = tuple(
    sorted(
        _phrases(
            """©|copyright|all rights reserved|privacy policy|terms of use|terms of service|cookie|newsletter|
            subscribe|sign up|hotline|disclaimer|javascript|your browser|
            general information only|accepts no liability|errors or omissions|
            版权|版權|免责|免責|仅供参考|僅供參考|转载|轉載|热线|熱線|客服|责任编辑|icp备|本文来源|不代表|举报|二维码|
            公众号|许可证|投稿|编辑：|编辑:|【点击|【點擊"""
        )
    )
)
"""Words, case folded, of notices about the site instead of its subject."""

NOTICES_LATIN = tuple(words for words in NOTICES if max(words) < "\u3040")
"""Those that a line without ideographs can hold."""

ACCOUNTS = _phrases(
    """admin|administrator|administrators|anonymous|author|com|email|e-mail|name|required|your|editor|editorial|editors|guest|moderator|nobody|
    none|null|root|staff|superuser|support|sysadmin|system|test|unknown|user|webmaster|website|wordpress|
    管理员|系统管理员|网站管理员|超级管理员|编辑|小编|本站|本站编辑|本站原创|佚名|匿名|未知|网络|网络整理|作者|记者|
    原创|站长|通讯员|我已授权|已授权|互联网|综合|综合整理|网友|转载|投稿|供稿"""
)
"""Names, case folded and simplified, of content systems' accounts and placeholders for an author."""

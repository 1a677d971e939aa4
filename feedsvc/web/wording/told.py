"""In Chinese what programs say in English: where a field came from, why a document gave none, faults."""

from collections.abc import Mapping

TOLD: Mapping[str, str] = {
    # where a field came from
    "front matter": "文首元数据",
    "Markdown": "Markdown 正文",
    "beginning of the body": "正文开头",
    "name of the file": "文件名",
    "configuration": "配置",
    "script of the text": "正文的文字",
    "words of the text": "正文的用词",
    "address of the document": "文档网址",
    "lines of the page": "页面各行",
    "trafilatura and readability agree": "trafilatura 与 readability 一致",
    "prose of the page": "页面中的文章",
    "upstream": "上游订阅源",
    "upstream {name}": "上游订阅源 {name}",
    "list that led here": "指向本文的列表",
    "byline {line}": "署名行 {line}",
    "dateline {line}": "电头 {line}",
    "label {line}": "标注 {line}",
    "file time": "文件时间",
    "first seen": "首次发现",
    "url": "网址",
    # why a document gave no article
    "empty": "空文件",
    "no text found": "没有找到正文",
    "binary, not text": "二进制文件，不是文本",
    "draft": "草稿",
    "still being written": "仍在写入",
    "symbolic link": "符号链接",
    "HTML of more than {most} million characters": "HTML 超过 {most} 百万个字符",
    "more than {most} tags and attributes": "标签与属性超过 {most} 个",
    "a tag with more than {most} attributes": "某个标签的属性超过 {most} 个",
    "elements nested more than {most} deep": "元素嵌套超过 {most} 层",
    "interrupted": "被中断",
    "over 10 MiB": "超过 10 MiB",
    "unsupported: no suffix": "不支持：没有扩展名",
    "unsupported: {suffix}": "不支持：{suffix}",
    "given up: {why}": "已放弃：{why}",
    "same id as {other}": "与 {other} 标识相同",
    "vanished before it was read": "读取之前已消失",
    "changed before it was read to the end": "读取期间发生变化",
    "never asked for": "从未请求",
    "no entry of a feed: {why}": "不是订阅源条目：{why}",
    "extraction {why}": "提取未完成：{why}",
    "the same article as {other}": "与 {other} 是同一篇文章",
    # what an article says is wrong with it
    "nearly the same as {other}": "与 {other} 几乎相同",
    "its page gave no article: {why}": "网页没有给出文章：{why}",
    "the first {count} of {all} characters were taken": "只取了 {all} 个字符中的前 {count} 个",
    "front matter could not be read: {why}": "文首元数据无法读取：{why}",
    "date {date} is not understood": "无法识别日期 {date}",
    "date {date} is in the future": "日期 {date} 在未来",
    "date {date} is before 1990": "日期 {date} 早于 1990 年",
    "possible repost: the text still expects {latest}, published {year}": (
        "可能是转载：正文仍在期待 {latest}，却发布于 {year}"
    ),
    "full lines left out because other pages have them, too: {count}": "因其他页面也有而略去的整行：{count}",
    "read as plain lines, {why}": "按纯文本逐行读取：{why}",
    "of {all} labels the first {count} were taken": "{all} 个标签只取了前 {count} 个",
    "{count} places could not be read as {charset}": "有 {count} 处无法按 {charset} 读取",
    "1 place could not be read as {charset}": "有 1 处无法按 {charset} 读取",
    "{library} failed, {error}": "{library} 出错：{error}",
    "enclosure {name} has no web address or no media type": "附件 {name} 没有网址或媒体类型",
    # why a source cannot be read
    "{place}: No such file or directory": "{place}：没有这个文件夹",
    "{place}: Permission denied": "{place}：没有读取权限",
    "{url}: refused: {why}": "{url}：拒绝访问：{why}",
    # what is wrong with a search
    "a search has at most {most} characters, not {count}: leave something out": (
        "搜索最多 {most} 个字符，现有 {count} 个：请删减"
    ),
    "a search has at most {most} words, not {count}: leave something out": (
        "搜索最多 {most} 个词，现有 {count} 个：请删减"
    ),
    "this parenthesis is never closed: write ) after its last word": "括号没有闭合：请在最后一个词之后写 )",
    "this parenthesis closes nothing: remove it, or open one before": (
        "多余的右括号：请删除，或在前面写左括号"
    ),
    "a word is missing here": "此处缺少一个词",
    "no field {name} is known, {known}; quote the word if you mean the colon: {written}": (
        "没有名为 {name} 的字段，{known}；若冒号是词的一部分，请加引号：{written}"
    ),
    "there is nothing in these parentheses": "括号里没有内容",
    "the quote {sign} has no partner": "引号 {sign} 没有配对",
    "{sign} joins two parts: write a word before it, or quote it if it is a word itself": (
        "{sign} 连接两个部分：请在前面写一个词；若它本身就是词，请加引号"
    ),
    "{sign} needs a word after it; quote it if it is a word itself": (
        "{sign} 之后需要一个词；若它本身就是词，请加引号"
    ),
    "{field} needs a word, a phrase or a regular expression right after it": (
        "{field} 之后须紧跟词、短语或正则表达式"
    ),
}
"""By the English, `{…}` standing for whatever it says there; what is not here is shown as it is."""

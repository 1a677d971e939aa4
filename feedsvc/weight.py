"""How much room an article takes in a feed."""

from feedsvc import beside
from feedsvc.model import Article

LEAST = 1_000
"""Bytes of dates, ids, element names and an address here, which every article has."""
_ESCAPED = 8  # bytes that a special character grows by at most: escaped for XML, and once more as HTML
_PART = 300  # bytes around a topic, an author, an enclosure or a picture here, with our own address


def weight(article: Article) -> int:
    """Return how many bytes an article takes in a feed, at most, whatever the format."""
    texts = [article.summary, article.title, article.url or ""]
    parts = [*article.authors, *article.via, *article.images[:1]]
    parts += [topic.name * 2 for topic in article.topics]  # Atom has a term and a label
    parts += [each.url + each.media_type + each.title for each in article.enclosures]
    if upstream := article.upstream:
        parts.append(upstream.id + upstream.title + upstream.url)
    here = beside.files_path(article.id)
    pictures = sum(article.html.count(opening + here) for opening in beside.OPENINGS) if article.files else 0
    # JSON Feed repeats the text, XML escapes the mark-up; nothing does both.
    body = max(_in_xml(article.html), _in_json(article.html) + _in_json(article.text))
    return LEAST + (len(parts) + pictures) * _PART + _spelled("".join((*texts, *parts))) + body


def _in_xml(html: str) -> int:
    return len(html.encode()) + 4 * html.count("&") + 3 * (html.count("<") + html.count(">"))


def _in_json(text: str) -> int:
    return len(text.encode()) + sum(map(text.count, '"\\\n\t'))


def _spelled(text: str) -> int:
    return len(text.encode()) + _ESCAPED * sum(map(text.count, "<>&\"'\\\n\t"))

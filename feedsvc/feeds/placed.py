"""An article with links to the pictures beside its document that work where it is read."""

from dataclasses import replace

from feedsvc import beside
from feedsvc.model import Article


def placed(article: Article, base: str) -> Article:
    """Return an article whose pictures here have addresses that begin with `base`, without trailing slash."""
    if not article.files or not base:
        return article
    here = beside.files_path(article.id)
    images = tuple(f"{base}{image}" if image.startswith(here) else image for image in article.images)
    return replace(article, html=beside.readdressed(article.html, here, base + here), images=images)

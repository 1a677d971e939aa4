"""Pages for people: readable, quick, the same without scripts."""

from feedsvc.web.pages.absence import RETRY_AFTER, absent, article_of, waiting
from feedsvc.web.pages.pages import Pages, Ticking
from feedsvc.web.pages.searching import Hit, Results

__all__ = ["RETRY_AFTER", "Hit", "Pages", "Results", "Ticking", "absent", "article_of", "waiting"]

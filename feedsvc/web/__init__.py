"""Who asks: prepared responses in front, pages behind."""

from feedsvc.web.catalogue import Catalogue
from feedsvc.web.metrics import Ticks
from feedsvc.web.pages import Pages
from feedsvc.web.responses import Responses
from feedsvc.web.routes import create_site

__all__ = ["Catalogue", "Pages", "Responses", "Ticks", "create_site"]

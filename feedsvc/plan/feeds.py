"""What happens to feeds: where they stand, and where they lead."""

from collections.abc import Iterator
from urllib.parse import urlsplit

from feedsvc.plan.case import Case
from feedsvc.plan.fates import LOST
from feedsvc.plan.plan import Consequence
from feedsvc.plan.topics import led_before
from feedsvc.settings.resolve import LOOPBACK
from feedsvc.web.addresses import list_path


def vanished(case: Case) -> Iterator[Consequence]:
    """Yield that feeds are no longer where their subscribers ask."""
    gone = [(list_path(key), fate) for key in case.addresses if (fate := case.fates[key]) in LOST]
    if gone:
        says = f"{len(gone)} of {len(case.addresses)} feeds vanish"
        details = tuple(f"{path} answers {fate}" for path, fate in gone)
        yield Consequence(kind="vanished", count=len(gone), says=says, details=details)


def elsewhere(case: Case) -> Iterator[Consequence]:
    """Yield that everything stands at another address; who runs the old one may lead readers here."""
    was, now = (case.before.site.base_url if case.before else ""), case.now.site.base_url
    if now and was != now and not _is_local(was):
        count = sum(case.fates[key] not in LOST for key in case.addresses)
        says = f"all feeds and links move to {now}"
        details = (f"site.base_url was {was}: its readers stay there, unless it redirects them",)
        yield Consequence(kind="elsewhere", count=count, says=says, details=details)


def redirected(case: Case) -> Iterator[Consequence]:
    """Yield that feeds lead to others, where their subscribers follow."""
    led = {("topic", name): ("topic", slug) for name, slug in led_before(case).items()}
    moved = [
        (list_path(key), list_path(fate))
        for key in case.addresses
        if not isinstance(fate := case.fates[key], int) and led.get(key) != fate
    ]
    if moved:
        says = f"{len(moved)} of {len(case.addresses)} feeds lead to another"
        details = tuple(f"{old} leads to {new}" for old, new in moved)
        yield Consequence(kind="redirected", count=len(moved), says=says, details=details)


def _is_local(url: str) -> bool:
    """Tell whether only this machine could ask there, as before a base_url was set; "" is nowhere."""
    host = urlsplit(url).hostname
    return host in {None, LOOPBACK, "::1", "localhost"}

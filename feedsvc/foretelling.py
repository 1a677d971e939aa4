"""What a configuration does to readers, told before it is live and when it goes live."""

import logging
from collections.abc import Iterable, Mapping
from contextlib import suppress
from pathlib import Path

from feedsvc.errors import JournalError, SourceError
from feedsvc.opening import configured
from feedsvc.plan import Past, Plan, decide, said_by, spell
from feedsvc.settings import Settings
from feedsvc.sources import Folder
from feedsvc.store import MEMORY, Store
from feedsvc.store.edition import first_edition
from feedsvc.store.peek import kinds, remembered
from feedsvc.topics import Topics

logger = logging.getLogger(__name__)


def fingerprint(settings: Settings) -> str:
    """Return what differs whenever feeds of the same articles may; `plan` reads it again."""
    return spell(said_by(settings))


def plan(settings: Settings, topics: Topics, folders: Iterable[Folder]) -> Plan | None:
    """Return what a configuration would do to what its journal holds; None where there is no journal.

    Touches neither journal nor sources. Raises JournalError.
    """
    path = settings.state.path
    if path == MEMORY or not Path(path).exists():
        return None
    edition, memory = remembered(Path(path), first_edition(*configured(settings, topics)))
    return decide(Past(edition=edition, known=memory.known), settings, _places(folders))


def remembered_kinds(settings: Settings) -> Mapping[str, str]:
    """Return what each source was when it was read last, by name, as far as a journal says so."""
    path = settings.state.path
    if path == MEMORY or not Path(path).exists():
        return {}
    with suppress(JournalError):  # whoever opens it will say what is wrong with it
        return kinds(Path(path))
    return {}


def warn(settings: Settings, store: Store, folders: Iterable[Folder]) -> None:
    """Say what the configuration changes for readers, now that it is about to."""
    known = {source.name: store.known(source.name) for source in settings.source}
    foretold = decide(Past(edition=store.edition, known=known), settings, _places(folders))
    for consequence in foretold.consequences:
        logger.warning("changed configuration: %s", consequence)


def _places(folders: Iterable[Folder]) -> dict[str, str]:
    """Return the place that each source reads, as far as it can be seen."""
    places: dict[str, str] = {}
    for folder in folders:
        with suppress(SourceError):
            places[folder.name] = folder.place()
    return places

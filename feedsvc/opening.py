"""Opening the journal: the file, shared with other machines or not, and memory where there can be none."""

from datetime import UTC, datetime
from pathlib import Path

from feedsvc.errors import ConfigurationError, JournalError
from feedsvc.model import Health
from feedsvc.settings import FeedsSection, Settings, duration
from feedsvc.store import MEMORY, Journal, Limits, SqliteJournal, Store
from feedsvc.store.shared import share
from feedsvc.topics import Topics


def open_store(settings: Settings, topics: Topics) -> Store:
    """Return the store with what its journal holds; one that never can be is replaced by memory."""
    journal = open_journal(settings)
    try:
        return Store(*configured(settings, topics), journal)
    except JournalError as error:
        journal.close()
        store = Store(*configured(settings, topics), _journal(settings, None))
        store.note(f"{error}. Going on in memory: a restart will begin anew", datetime.now(UTC))
        return store


def open_journal(settings: Settings) -> Journal:
    """Return this machine's journal, shared with others if there is where."""
    path = settings.state.path
    return _journal(settings, None if path == MEMORY else Path(path))


def configured(settings: Settings, topics: Topics) -> tuple[Topics, list[Health], Limits]:
    """Return what an edition owes to the configuration."""
    health = [Health(source=source.name, kind=source.known_kind) for source in settings.source]
    return topics, health, _limits(settings.feeds)


def _journal(settings: Settings, path: Path | None) -> Journal:
    """Return a journal; `path` None forgets at the end."""
    journal, url = SqliteJournal(path), settings.state.shared
    try:
        return share(journal, path, url, settings.site.id) if url else journal
    except ConfigurationError as error:
        raise ConfigurationError(str(error), where=settings.where.get("state.shared", "")) from error


def _limits(feeds: FeedsSection) -> Limits:
    return Limits(
        count=feeds.window,
        time=duration(feeds.window_time),
        size=feeds.max_bytes,
        per_source=feeds.max_per_source,
    )

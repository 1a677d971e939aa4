"""Watch folders: a file that was moved in, or closed after writing, is finished and need not wait for a scan.

Only Linux tells these two from a file that is still being written (inotify, through `watchdog`); elsewhere,
and on network mounts, where nothing is told, the timer's scans find everything.
"""

import logging
import os
import sys
from collections import defaultdict
from collections.abc import Callable, Iterable
from threading import Condition, Thread

from watchdog.events import (
    DirCreatedEvent,
    DirMovedEvent,
    FileClosedEvent,
    FileMovedEvent,
    FileSystemEvent,
    FileSystemEventHandler,
)
from watchdog.observers.api import BaseObserver, ObservedWatch

from feedsvc.errors import SourceError
from feedsvc.sources.base import MANY, Arrivals
from feedsvc.sources.folder import Folder

logger = logging.getLogger(__name__)

GATHERING = 0.02
"""Seconds to wait for more after a first event: files come in bursts."""

_AT_ONCE = (FileClosedEvent, DirCreatedEvent)
_WHOLE = (DirCreatedEvent, DirMovedEvent)
"""After these a scan is due: what stands in a folder before it is watched, nobody tells."""
_TOLD: list[type[FileSystemEvent]] = [FileClosedEvent, FileMovedEvent, *_WHOLE]


class Watch:
    """Collects what is finished in folders, and tells in a thread of its own when there is some."""

    def __init__(
        self,
        folders: Iterable[Folder],
        *,
        observe: Callable[[], BaseObserver] | None = None,
        gathering: float = GATHERING,
    ) -> None:
        self._folders = {folder.name: folder for folder in folders}
        self._told: Callable[[], object] = _nobody
        self._observe = observe or _observer
        self._gathering = gathering
        self._observer: BaseObserver | None = None
        self._places: dict[str, str] = {}
        self._watches: dict[str, ObservedWatch] = {}
        self._names: defaultdict[str, set[str]] = defaultdict(set)
        self._whole: set[str] = set()
        self._news = Condition()
        self._stopped = False
        self._thread = Thread(target=self._tell, name="watch", daemon=True)

    def start(self, told: Callable[[], object]) -> None:
        """Start to watch, where the system can; `told` is called when something is finished."""
        self._told = told
        if not self._folders or not (observer := self._begun()):
            return
        self._observer = observer
        self.renew()
        self._thread.start()

    def stop(self) -> None:
        """Watch no more; a call that runs is its owner's to end."""
        with self._news:
            self._stopped = True
            self._news.notify_all()
        if self._observer:
            self._observer.stop()

    def renew(self) -> None:
        """Watch anew what another folder stands in the place of since, such as a disk that was mounted."""
        observer = self._observer
        if observer is None:
            return
        for name, folder in self._folders.items():
            place = _place(folder)
            if place == self._places.get(name):
                continue
            self._places[name] = place
            if old := self._watches.pop(name, None):
                observer.unschedule(old)
            if place:
                self._watch(observer, folder)

    def taken(self, name: str) -> Arrivals:
        """Return what is finished in a folder since the last call."""
        with self._news:
            return Arrivals(names=frozenset(self._names.pop(name, ())), scan=self._drop_whole(name))

    def _drop_whole(self, name: str) -> bool:
        whole = name in self._whole
        self._whole.discard(name)
        return whole

    def _begun(self) -> BaseObserver | None:
        try:
            observer = self._observe()
            observer.start()
        except (ImportError, OSError) as error:
            logger.warning("folders are not watched, only scanned: %s", error)
            return None
        return observer

    def _watch(self, observer: BaseObserver, folder: Folder) -> None:
        try:
            self._watches[folder.name] = observer.schedule(
                _Ear(self, folder), str(folder.path), recursive=True, event_filter=_TOLD
            )
        except OSError as error:  # such as too many folders for the system's limit
            logger.warning("%s is not watched, only scanned: %s", folder.location, error)

    def hear(self, folder: Folder, event: FileSystemEvent) -> None:
        """Take one event in; the observer's thread calls this."""
        path = os.fsdecode(event.src_path if isinstance(event, _AT_ONCE) else event.dest_path)
        if not path:
            return  # moved out
        name = os.path.relpath(path, folder.path)
        if "/." in f"/{name}":
            return  # such as an editor's own files
        with self._news:
            if isinstance(event, _WHOLE) or len(self._names[folder.name]) >= MANY:
                self._names.pop(folder.name, None)
                self._whole.add(folder.name)
            else:
                self._names[folder.name].add(name)
            self._news.notify_all()

    def _tell(self) -> None:
        while True:
            with self._news:
                self._news.wait_for(lambda: self._stopped or self._whole or any(self._names.values()))
                self._news.wait_for(lambda: self._stopped, self._gathering)
                if self._stopped:
                    return
            try:
                self._told()
            except Exception:  # the watch outlives any bug of a tick
                logger.exception("bug after a file came")


class _Ear(FileSystemEventHandler):
    """What the observer calls; watches are told apart by it."""

    def __init__(self, watch: Watch, folder: Folder) -> None:
        self._watch = watch
        self._folder = folder

    def dispatch(self, event: FileSystemEvent) -> None:
        """Pass one event on."""
        self._watch.hear(self._folder, event)


def _observer() -> BaseObserver:
    if sys.platform != "linux":
        raise ImportError("only Linux tells when a file is finished")
    from watchdog.observers.inotify import InotifyObserver  # noqa: PLC0415 (elsewhere it cannot be imported)

    # Full events: a file moved in from outside is told as moved, not as one that was just created.
    return InotifyObserver(generate_full_events=True)


def _nobody() -> None:
    """Tell nobody: the watch has not started."""


def _place(folder: Folder) -> str:
    try:
        return folder.place()
    except SourceError:
        return ""

"""Several servers of one town, side by side: what they show, and that they agree."""

import json
import os
import re
import time
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from tests.builders import Server, note, wait_until

MEMBERS = 4
STORIES = 50
"""As many as a feed shows."""


def write(folder: Path, number: int) -> None:
    """Put a finished file into the folder at once."""
    fresh = folder.parent / "fresh"
    fresh.write_text(note(f"Story {number}", number % 28 + 1), encoding="utf-8")
    os.utime(fresh, (1_700_000_000, 1_700_000_000))
    fresh.rename(folder / f"{number}.md")


def a_town(parent: Path) -> Path:
    """Return a folder with a note in it that is not being written any more."""
    folder = parent / "town"
    folder.mkdir()
    write(folder, 1)
    return folder


def items(server: Server) -> dict[str, str]:
    """Return dates by title of what a server shows."""
    answer = server.get("/latest.json")
    return {item["title"]: item["date_modified"] for item in json.loads(answer.body)["items"]}


def generation(server: Server) -> int:
    found = re.search(rb"generation (\d+)", server.get("/status").body)
    return int(found[1]) if found else 0


def news(servers: Sequence[Server]) -> int:
    """Return how many lines about a new story there are."""
    return sum(" 1 new, " in line for server in servers for line in server.said().splitlines())


@dataclass
class Watcher:
    """Looks at all servers in turn and remembers what they showed."""

    servers: Sequence[Server]
    newest: dict[int, tuple[int, int]] = field(default_factory=dict)
    """By server, its generation and how many stories it showed."""
    said: defaultdict[int, set[tuple[str, bytes]]] = field(default_factory=lambda: defaultdict(set))
    """Tags and bytes by number of stories."""

    def look(self) -> None:
        """Ask each server once; nothing may go back."""
        for index, server in enumerate(self.servers):
            answer = server.get("/latest.json")
            assert answer.status == 200
            shown = len(json.loads(answer.body)["items"])
            self.said[shown].add((answer.headers["etag"], answer.body))
            before, now = self.newest.get(index, (0, 0)), (generation(server), shown)
            assert now >= before, "no generation goes back"
            assert shown >= before[1]
            self.newest[index] = now

    def all_show(self, stories: int) -> bool:
        return all(shown == stories for _, shown in self.newest.values())


def agree_side_by_side(
    servers: Sequence[Server], town: Path, *, seconds: float = 60, enough: int = STORIES
) -> None:
    """Let servers tick until there are enough stories, or so long; one comes when all show the one before."""
    for server in servers:
        server.wait_until_ready()
    watcher = Watcher(servers)
    stories, began = 1, time.monotonic()
    looks = sum(server.ticks() for server in servers)
    while time.monotonic() - began < seconds and not (stories == enough < STORIES):
        watcher.look()
        if stories < STORIES and watcher.all_show(stories):
            stories += 1
            write(town, stories)
    wait_until(lambda: all(len(items(each)) == stories for each in servers), "all show all")
    watcher.look()
    wait_until(lambda: news(servers) >= stories, "whoever read a story says so")
    looks = sum(server.ticks() for server in servers) - looks
    passed = time.monotonic() - began
    assert all(len(found) == 1 for found in watcher.said.values()), "the same articles are the same bytes"
    assert stories >= min(3, enough)
    assert news(servers) == stories, "each story is read by one"
    assert stories - 2 <= looks, "none is missed"
    # Who hears late of a file, on a busy machine, looks at it once more; all of them would look four times.
    assert looks <= passed + 2 * stories + MEMBERS, "each source is read once a tick, and when a file came"
    end_all(servers)


def end_all(servers: Sequence[Server]) -> None:
    """Ask all to end, then see that they did in good order."""
    for server in servers:
        server.process.terminate()
    for server in servers:
        assert server.process.wait(timeout=20) == 0
        assert "Traceback" not in server.said()

"""What one machine does in the very moment in which another one asks Redis."""

from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from feedsvc.errors import BehindError, JournalError, UnreadableError
from feedsvc.store import SqliteJournal
from feedsvc.store.journal import Delta
from feedsvc.store.rows import LEDGER
from feedsvc.store.shared import share
from feedsvc.store.shared.server import Server
from feedsvc.store.shared.wire import FRAME, INLINE, INLINE_ROWS, VALUE, bucket, field_name
from tests.builders import Value
from tests.redis_server import RedisServer, machine
from tests.test_store_shared import HEAD, LOG, Dying, Overtaken, many, row, rows, write, write_ledger

pytestmark = pytest.mark.usefixtures("patient_redis")

ELECTION = "feedsvc:{town}:election"


class Interrupted(Server):
    """A server to which something happens just before a script runs: once, or every time."""

    def __init__(self, url: str, *, always: bool = False) -> None:
        super().__init__(url, "town")
        self.before: dict[str, Callable[[], object]] = {}
        self._always = always

    def run(self, script: str, *arguments: str | bytes | int) -> tuple[str, list[Value]]:
        happens = self.before.get(script)
        if happens:
            if not self._always:
                del self.before[script]
            happens()
        return super().run(script, *arguments)


def test_a_log_that_another_machine_opened_meanwhile_is_followed(server: RedisServer) -> None:
    via = Interrupted(server.url)
    via.before["bid"] = lambda: write(machine(server), "a")
    assert rows(machine(server, via=via)) == {"a": b"a"}


def test_while_the_newest_journal_fills_redis_the_others_wait(server: RedisServer) -> None:
    newest = machine(server, via=(via := Interrupted(server.url)))
    older, twin = machine(server), machine(server)
    write(newest, "a")
    older.read(0)
    write(newest, "b")
    twin.read(0)
    server.restart()
    seen: list[int] = []
    via.before["lease"] = lambda: seen.append(older.read(1).generation)
    via.before["fill"] = lambda: seen.append(twin.read(2).generation)
    assert newest.read(2).generation == 3
    assert seen == [1, 2]
    assert rows(older) == rows(twin) == {"a": b"a", "b": b"b"}


def test_bids_that_get_lost_are_taken_again(server: RedisServer, client: Value) -> None:
    here = machine(server, via=(via := Interrupted(server.url)))
    write(here, "a")
    server.restart()
    via.before["fill"] = lambda: client.delete(ELECTION)
    assert here.read(1).generation == 1
    assert not client.keys("feedsvc:{town}:rows:*")
    assert here.read(1).generation == 2
    assert rows(machine(server)) == {"a": b"a"}


def test_of_two_processes_of_a_machine_one_fills_redis(server: RedisServer, tmp_path: Path) -> None:
    via = Interrupted(server.url)
    one, two = (machine(server, SqliteJournal(tmp_path / "feedsvc.db"), via=each) for each in (via, None))
    write(one, "a")
    server.restart()
    via.before["lease"] = lambda: two.read(1)
    assert one.read(1).generation == 2
    assert rows(one) == rows(two) == rows(machine(server)) == {"a": b"a"}


def test_of_two_processes_of_a_machine_one_writes_down_that_it_filled_redis(
    server: RedisServer, tmp_path: Path
) -> None:
    path = tmp_path / "feedsvc.db"
    other = machine(server, SqliteJournal(path))
    write(other, "a")
    server.restart()
    assert machine(server, Overtaken(path, lambda: other.read(1))).read(1).generation == 2
    assert rows(other) == {"a": b"a"}


def left_unfolded(server: RedisServer) -> None:
    write(machine(server), "first")
    killed = machine(server, local=Dying())
    killed.read(0)
    with pytest.raises(KeyboardInterrupt):
        killed.write(Delta(generation=2, rows={row(name): b"R" for name in many(INLINE_ROWS * 2)}), 1, {})


def test_of_two_machines_that_fold_a_generation_each_part_counts_once(server: RedisServer) -> None:
    left_unfolded(server)
    here, there = machine(server, via=(via := Interrupted(server.url))), machine(server)
    via.before["fold"] = lambda: write(there, "there")
    here.read(0)
    with pytest.raises(BehindError):
        here.write(Delta(generation=3, rows={row("here"): b"H"}), 2, {})
    write(here, "here")
    assert rows(here) == rows(machine(server))
    assert len(rows(here)) == INLINE_ROWS * 2 + 3


def test_a_generation_that_does_not_get_folded_stops_commits(server: RedisServer, client: Value) -> None:
    left_unfolded(server)
    client.hset(HEAD, "part", 9)
    with pytest.raises(JournalError, match="does not get folded"):
        write(machine(server), "a")


def test_a_commit_that_was_decided_too_late_is_told_so(server: RedisServer) -> None:
    here, there = machine(server, via=(via := Interrupted(server.url))), machine(server)
    write(there, "a")
    via.before["commit"] = lambda: write(there, "b")
    here.read(0)
    with pytest.raises(BehindError, match="decided on generation 1, but the journal is at 2"):
        here.write(Delta(generation=2, rows={row("c"): b"c"}), 1, {})
    via.before["commit"] = lambda: write(there, "d")
    with pytest.raises(BehindError):  # what was staged is deleted
        here.write(Delta(generation=here.read(0).generation + 1, rows={}, whole=True), 2, {})


def test_a_commit_during_a_restart_fails(server: RedisServer, client: Value) -> None:
    here = machine(server, via=(via := Interrupted(server.url)))
    write(here, "a")
    via.before["commit"] = lambda: client.hset(HEAD, "life", "another")
    with pytest.raises(JournalError, match="restarted while this was committed"):
        write(here, "b")
    write(here, "b")
    assert rows(machine(server)) == {"a": b"a", "b": b"b"}


def test_a_claim_during_restart_after_restart_fails(server: RedisServer, client: Value) -> None:
    here = machine(server, via=(via := Interrupted(server.url, always=True)))
    write(here, "a")
    via.before["claim"] = lambda: client.hset(HEAD, "life", "another")
    with pytest.raises(JournalError, match="restarted once more"):
        here.claim("town", "one", 12)


def test_a_log_that_never_comes_to_rest_is_given_up(server: RedisServer, client: Value) -> None:
    here = machine(server, via=(via := Interrupted(server.url, always=True)))
    write(here, "a")
    via.before["look"] = lambda: client.hset(HEAD, "damaged", "1")
    via.before["bid"] = lambda: client.hdel(HEAD, "damaged")
    with pytest.raises(JournalError, match="does not come to rest"):
        here.read(1)


def test_a_journal_that_is_replaced_while_redis_is_asked_is_read_anew(
    server: RedisServer, tmp_path: Path
) -> None:
    path = tmp_path / "feedsvc.db"
    here = machine(server, SqliteJournal(path), via=(via := Interrupted(server.url)))
    write(here, "a")
    via.before["look"] = lambda: path.rename(tmp_path / "away.db")
    followed = here.read(1)
    assert followed.generation == 1
    assert rows(here) == {"a": b"a"}


def test_a_new_file_in_place_of_the_journal_gets_all_again_at_the_next_look(
    server: RedisServer, tmp_path: Path
) -> None:
    path = tmp_path / "feedsvc.db"
    here = machine(server, SqliteJournal(path), via=(via := Interrupted(server.url)))
    write(here, "a")
    via.before["commit"] = lambda: path.rename(tmp_path / "away.db")
    with pytest.raises(JournalError, match="has yet to catch up"):
        write(here, "b")
    assert rows(here) == {"a": b"a", "b": b"b"}


def test_a_damaged_journal_is_put_aside_and_that_is_said_although_redis_is_there(
    server: RedisServer, tmp_path: Path
) -> None:
    path = tmp_path / "feedsvc.db"
    here = machine(server, SqliteJournal(path), via=(via := Interrupted(server.url)))
    write(here, "a")

    def damage() -> None:
        (tmp_path / "fresh").write_bytes(b"no database" * 1000)
        (tmp_path / "fresh").replace(path)
        (tmp_path / "feedsvc.db-wal").unlink()

    via.before["look"] = damage
    with pytest.raises(UnreadableError, match="kept as"):
        here.read(1)
    assert rows(here) == {"a": b"a"}


# Reading while others write


def test_a_log_that_is_gone_is_no_loss(server: RedisServer, client: Value) -> None:
    here, there = machine(server), machine(server)
    write(here, "a")
    there.read(0)
    write(here, "b")
    client.delete(LOG)
    assert there.read(1).whole
    assert rows(there) == {"a": b"a", "b": b"b"}


def test_a_log_of_many_megabytes_is_read_in_pages(server: RedisServer) -> None:
    here, there = machine(server), machine(server, SqliteJournal(None))
    write(here, "a")
    there.read(0)
    for generation in range(2, 14):
        changed = {row(f"{generation}"): b"x" * (INLINE - 100)}
        here.write(Delta(generation=generation, rows=changed), generation - 1, {})
    followed = there.read(1)
    assert (followed.whole, len(followed.rows)) == (False, 12)
    assert rows(there) == rows(here)


def test_rows_that_are_swapped_while_they_are_read_are_read_again(server: RedisServer) -> None:
    here = machine(server)
    write(here, "a", "b")
    cold = machine(server, via=(via := Interrupted(server.url)))
    via.before["names"] = lambda: write(here, "c", whole=True)
    assert cold.read(0).generation == 0
    assert rows(cold) == {"c": b"c"}


def test_rows_that_change_while_they_are_read_are_the_newest(server: RedisServer) -> None:
    here = machine(server)
    write(here, "a", "b")
    cold = machine(server, via=(via := Interrupted(server.url)))
    via.before["take"] = lambda: here.write(
        Delta(generation=2, rows={row("a"): None, row("b"): b"B", row("c"): b"C"}), 1, {}
    )
    assert rows(cold) == {"b": b"B", "c": b"C"}


def test_a_follower_that_comes_after_a_large_generation_was_tidied_up_reads_everything(
    server: RedisServer, client: Value
) -> None:
    here, there = machine(server), machine(server)
    write(here, "a")
    there.read(0)
    write(here, *many(INLINE_ROWS + 1))
    client.delete(*client.keys("feedsvc:{town}:parts:*"))
    assert there.read(1).whole
    assert rows(there) == rows(here)


def test_a_row_that_grows_without_end_while_it_is_read_is_refused(server: RedisServer, client: Value) -> None:
    write(machine(server), "a")
    cold = machine(server, via=(via := Interrupted(server.url)))
    key = f"feedsvc:{{town}}:rows:{client.hget(HEAD, 'rows').decode()}:{bucket(field_name(row('a')))}"

    def grow() -> None:
        client.setrange("long", VALUE * 2, "x")
        line = "redis.call('HSET', KEYS[1], ARGV[1], redis.call('GET', 'long'))"
        client.eval(line, 1, key, field_name(row("a")))

    via.before["take"] = grow
    assert cold.read(0).generation == 0
    assert "a value is too long" in cold.trouble


def test_a_bucket_of_many_megabytes_is_read_in_pages(server: RedisServer) -> None:
    here = machine(server)
    here.read(0)
    alike = [name for name in map(str, range(5_000)) if bucket(field_name(row(name))) == "00"][:5]
    long = b"x" * (INLINE + FRAME)
    here.write(Delta(generation=1, rows={row(name): long for name in alike}), 0, {})
    assert rows(machine(server)) == dict.fromkeys(alike, long)


def test_no_rows_at_all_are_a_whole_journal_too(server: RedisServer) -> None:
    here, there = machine(server), machine(server)
    write(here, "a")
    there.read(0)
    write(here, whole=True)
    assert rows(there) == rows(machine(server)) == rows(here) == {}


@pytest.mark.parametrize(
    ("name", "said"), [("one.db", r"kept as one\.db\.aside-"), (None, "nothing, as it was in memory")]
)
def test_the_journal_that_share_makes_puts_aside_what_the_log_goes_on_without(
    server: RedisServer, tmp_path: Path, name: str | None, said: str
) -> None:
    write_ledger(machine(server))
    path = tmp_path / name if name else None
    local = SqliteJournal(path)
    local.write(Delta(generation=1, rows={row("solo"): b"S"}), 0, {})
    with closing(share(local, path, server.url, "town")) as joining:
        with pytest.raises(UnreadableError, match=said):
            joining.read(0)
        assert list(joining.read(0).rows) == [LEDGER]

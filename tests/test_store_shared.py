"""What machines that share a journal owe each other, whatever happens to the Redis between them."""

import pickle
import resource
import sys
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest

from feedsvc.errors import BehindError, ConfigurationError, JournalError, StaleClaimError, UnreadableError
from feedsvc.store import Journal, SqliteJournal
from feedsvc.store.journal import Delta, RowKey
from feedsvc.store.rows import LEDGER, MARK, Ledger, decode, encode
from feedsvc.store.shared import put_aside, share
from feedsvc.store.shared.commit import LOG_ENTRIES
from feedsvc.store.shared.journal import Shared
from feedsvc.store.shared.server import Server
from feedsvc.store.shared.wire import INLINE_ROWS, NAME, SCHEMA, VALUE, bucket, field_name
from tests.builders import Value, wait_until
from tests.redis_server import RedisServer, machine

pytestmark = pytest.mark.usefixtures("patient_redis")

HEAD = "feedsvc:{town}:head"
LOG = "feedsvc:{town}:log"


def row(name: str, kind: str = "article") -> RowKey:
    return kind, name


def rows(journal: Journal) -> dict[str, bytes | None]:
    return {key[1]: value for key, value in journal.read(0).rows.items()}


def write(journal: Journal, *names: str, whole: bool = False) -> int:
    """Commit rows that say their own names, on top of what the journal holds; return the generation."""
    base = journal.read(0).generation
    changed = {row(name): name.encode() for name in names}
    journal.write(Delta(generation=base + 1, rows=changed, whole=whole), base, {})
    return base + 1


def write_ledger(journal: Journal) -> None:
    """Commit a row that a store can read."""
    base = journal.read(0).generation
    journal.write(Delta(generation=base + 1, rows={LEDGER: encode(Ledger())}), base, {})


def many(count: int, size: int = 100) -> tuple[str, ...]:
    return tuple(f"{number:06d}".ljust(size, "x") for number in range(count))


# Commits of every size


def test_the_first_rows_are_staged_and_everybody_has_them(server: RedisServer) -> None:
    here, there = machine(server), machine(server)
    write(here, *many(INLINE_ROWS * 2))
    assert rows(there) == rows(here)
    assert len(rows(there)) == INLINE_ROWS * 2


def test_a_large_generation_shows_at_once_and_is_one_for_followers_and_cold_starts(
    server: RedisServer, client: Value
) -> None:
    here, there = machine(server), machine(server)
    write(here, "first")
    there.read(0)
    names = many(INLINE_ROWS + 1)
    here.write(Delta(generation=2, rows={row("first"): None, **{row(name): b"R" for name in names}}), 1, {})
    followed = there.read(1)
    assert (followed.generation, followed.whole, len(followed.rows)) == (2, False, len(names) + 1)
    assert client.hget(HEAD, "unfolded") == b""
    assert int(client.hget(HEAD, "count")) == len(names)
    assert rows(machine(server)) == rows(here) == dict.fromkeys(names, b"R")


def test_rows_of_megabytes_are_shared_too(server: RedisServer) -> None:
    here, there = machine(server), machine(server)
    write(here, "small")
    here.write(Delta(generation=2, rows={row("long"): b"x" * 9_000_000, row("b"): b"y" * 3_000_000}), 1, {})
    assert rows(there) == rows(here)


def test_a_row_that_no_document_can_give_is_refused_before_it_is_sent(server: RedisServer) -> None:
    here = machine(server)
    with pytest.raises(JournalError, match="too large to be shared"):
        here.write(Delta(generation=1, rows={row("huge"): bytes(VALUE + 1)}), 0, {})
    wide = "村" * (NAME // 3)
    with pytest.raises(JournalError, match="too large to be shared"):
        here.write(Delta(generation=1, rows={row(wide): b""}), 0, {})
    assert here.read(0).generation == 0
    here.write(Delta(generation=1, rows={row(wide[:-8]): b"1"}), 0, {})
    assert rows(machine(server)) == {wide[:-8]: b"1"}


def test_whoever_commits_next_folds_what_a_process_left_when_it_was_killed(
    server: RedisServer, client: Value
) -> None:
    here, there = machine(server), machine(server)
    write(here, "first")
    killed = machine(server, local=Dying())
    killed.read(0)
    with pytest.raises(KeyboardInterrupt):
        killed.write(Delta(generation=2, rows={row(name): b"R" for name in many(INLINE_ROWS * 2)}), 1, {})
    assert client.hget(HEAD, "unfolded") == b"2"
    assert len(rows(machine(server))) == INLINE_ROWS * 2 + 1  # from the parts, where the buckets lack them
    assert write(there, "next") == 3
    assert client.hget(HEAD, "unfolded") == b""
    assert rows(machine(server)) == rows(here) == rows(there)


class Dying(SqliteJournal):
    """A journal whose process dies when it would write down what Redis acknowledged."""

    def __init__(self) -> None:
        super().__init__(None)

    def write(self, delta: Delta, base: int, claims: Value) -> None:
        if delta.generation > 1:
            raise KeyboardInterrupt
        super().write(delta, base, claims)


def test_who_was_away_for_longer_than_the_log_reaches_reads_everything(
    server: RedisServer, client: Value
) -> None:
    here, there = machine(server), machine(server)
    write(here, "a", "b")
    there.read(0)
    here.write(Delta(generation=2, rows={row("a"): None}), 1, {})
    write(here, "c")
    client.xtrim(LOG, maxlen=1, approximate=False)
    followed = there.read(1)
    assert followed.whole
    assert rows(there) == {"b": b"b", "c": b"c"}


def test_the_log_is_kept_short(server: RedisServer, client: Value) -> None:
    here = machine(server)
    write(here, "a")
    for generation in range(2, LOG_ENTRIES + 20):
        here.write(Delta(generation=generation, rows={row("a"): b"%d" % generation}), generation - 1, {})
    assert client.xlen(LOG) == LOG_ENTRIES
    assert int(client.hget(HEAD, "logged")) > 0
    assert rows(machine(server)) == rows(here)


def test_a_process_of_the_same_machine_may_fetch_a_commit_before_its_author_wrote_it_down(
    server: RedisServer, tmp_path: Path
) -> None:
    path = tmp_path / "feedsvc.db"
    other = machine(server, SqliteJournal(path))
    author = machine(server, Overtaken(path, lambda: other.read(0)))
    assert write(author, "a") == 1
    assert rows(author) == rows(other) == {"a": b"a"}


class Overtaken(SqliteJournal):
    """A journal that another process writes to just before this one does."""

    def __init__(self, path: Path, first: Callable[[], object]) -> None:
        super().__init__(path)
        self._first = first

    def write(self, delta: Delta, base: int, claims: Value) -> None:
        self._first()
        super().write(delta, base, claims)


def test_what_cannot_be_written_down_here_comes_again_from_redis(server: RedisServer) -> None:
    here = machine(server, failing := Failing())
    failing.full = True
    with pytest.raises(JournalError, match="full"):
        write(here, "a")
    with pytest.raises(JournalError, match="full"):
        here.read(0)
    failing.full = False
    assert rows(here) == {"a": b"a"}


class Failing(SqliteJournal):
    """A journal on a disk that may be full."""

    def __init__(self) -> None:
        super().__init__(None)
        self.full = False

    def write(self, delta: Delta, base: int, claims: Value) -> None:
        if self.full:
            raise JournalError("the disk is full")
        super().write(delta, base, claims)


# An emptied Redis, a forgetful one, and a journal that was cut off


def test_an_emptied_redis_is_filled_again_and_the_next_commit_goes_on(server: RedisServer) -> None:
    here, there = machine(server), machine(server)
    write(here, "a", "b")
    there.read(0)
    server.restart()
    assert rows(there) == {"a": b"a", "b": b"b"}
    after = write(here, "c")
    assert after > 2
    assert rows(there) == rows(machine(server)) == {"a": b"a", "b": b"b", "c": b"c"}


def test_nobody_reads_anything_anew_when_a_journal_filled_redis(server: RedisServer) -> None:
    here, there = machine(server), machine(server)
    write(here, "a")
    before = there.read(0)
    server.restart()
    here.read(1)
    followed = there.read(1)
    assert (followed.whole, dict(followed.rows), followed.origin) == (False, {}, before.origin)


def test_of_two_journals_that_meet_an_emptied_redis_the_newest_fills_it(server: RedisServer) -> None:
    newest, older = machine(server, window=0.5), machine(server, window=0.5)
    assert newest.claim("town", "one", 12) is not None  # waits until the bids are in
    write(newest, "a")
    older.read(0)
    write(newest, "b")
    server.restart()
    assert older.read(1).generation == 1  # it bids first
    wait_until(lambda: newest.read(2).generation > 2)
    assert older.claim("town", "two", 12) is not None
    assert rows(older) == rows(newest) == {"a": b"a", "b": b"b"}


def test_a_redis_that_went_back_to_an_old_save_is_brought_forward(server: RedisServer) -> None:
    here, there = machine(server), machine(server)
    write(here, "a")
    server.save()
    write(here, "b")
    there.read(0)
    server.restart()
    assert write(there, "c") > 2
    assert rows(here) == rows(there) == rows(machine(server)) == {"a": b"a", "b": b"b", "c": b"c"}


def test_a_restart_that_lost_nothing_fills_nothing(server: RedisServer, client: Value) -> None:
    here = machine(server)
    write(here, "a")
    before = client.hget(HEAD, "rows")
    server.save()
    server.restart()
    assert here.read(1).rows == {}
    assert client.hget(HEAD, "rows") == before
    write(here, "b")
    assert rows(machine(server)) == {"a": b"a", "b": b"b"}


def test_a_journal_without_which_the_log_went_on_is_put_aside_and_says_so(
    server: RedisServer, tmp_path: Path
) -> None:
    path = tmp_path / "feedsvc.db"
    cut = Shared(
        SqliteJournal(path),
        Server(server.url, "town"),
        readable=lambda *_: None,
        aside=lambda delta: put_aside(delta, path),
        window=0,
    )
    here = machine(server)
    write(cut, "a")
    here.read(0)
    server.save()
    write(cut, "only there")
    server.restart()  # forgets the second commit while its author is cut off
    write(here, "b")
    with pytest.raises(UnreadableError, match=r"went on without generation 2 .* kept as feedsvc\.db\.aside-"):
        cut.read(2)
    assert rows(cut) == rows(here) == {"a": b"a", "b": b"b"}
    (aside,) = tmp_path.glob("*.aside-????????T??????.??????")
    with closing(SqliteJournal(aside)) as kept:
        assert kept.read(0).rows == {row("a"): b"a", row("only there"): b"only there"}
    assert cut.read(0).generation == here.read(0).generation


def test_a_generation_never_goes_back_nor_means_two_things_here(server: RedisServer) -> None:
    here, lone = machine(server), SqliteJournal(None)
    write(here, "a")
    for generation in range(1, 40):
        lone.write(Delta(generation=generation, rows={row("solo"): b"%d" % generation}), generation - 1, {})
    joined = machine(server, lone)
    with pytest.raises(UnreadableError, match="kept as nothing"):
        joined.read(39)
    taken = joined.read(39)
    assert taken.generation > 39
    assert taken.whole
    assert rows(joined) == rows(here) == {"a": b"a"}
    assert write(here, "b") == taken.generation + 1


def test_the_journal_of_one_machine_fills_the_redis_it_joins(server: RedisServer) -> None:
    lone = SqliteJournal(None)
    lone.write(Delta(generation=3, rows={row("solo"): b"S"}), 0, {})
    alone = lone.read(3).origin
    joined = machine(server, lone)
    assert rows(joined) == {"solo": b"S"}
    assert rows(machine(server)) == {"solo": b"S"}
    assert joined.read(0).origin != alone


def test_a_journal_of_another_log_does_not_win_over_a_restarted_redis(
    server: RedisServer, client: Value
) -> None:
    local = SqliteJournal(None)
    stranger = machine(server, local)
    for _ in range(5):
        write(stranger, "strange")
    client.flushall()
    here = machine(server)
    write(here, "a")
    server.save()
    server.restart()
    with pytest.raises(UnreadableError):
        stranger.read(5)
    assert rows(stranger) == rows(here) == {"a": b"a"}


def test_a_log_that_went_back_without_a_restart_is_filled_by_who_has_more(
    server: RedisServer, client: Value
) -> None:
    here, there = machine(server), machine(server)
    write(here, "a")
    saved = {key: client.dump(key) for key in client.keys("*")}
    write(here, "b")
    there.read(0)
    client.flushall()
    for key, value in saved.items():
        client.restore(key, 0, value)
    assert rows(there) == {"a": b"a", "b": b"b"}
    assert rows(machine(server)) == rows(here) == {"a": b"a", "b": b"b"}


def test_rows_that_redis_evicted_are_noticed_and_filled_in(server: RedisServer, client: Value) -> None:
    here = machine(server)
    write(here, "a", "b", "c")
    (evicted, *_) = client.keys("feedsvc:{town}:rows:*")
    client.delete(evicted)
    cold = machine(server)
    assert cold.read(0).generation == 0
    assert "maxmemory-policy noeviction" in cold.trouble
    here.read(1)
    assert rows(cold) == rows(here) == {"a": b"a", "b": b"b", "c": b"c"}
    assert cold.trouble == ""


def test_an_evicted_part_of_a_large_generation_is_filled_in(server: RedisServer, client: Value) -> None:
    here = machine(server)
    write(here, "first")
    killed = machine(server, local=Dying())
    killed.read(0)
    with pytest.raises(KeyboardInterrupt):
        killed.write(Delta(generation=2, rows={row(name): b"R" for name in many(INLINE_ROWS + 1)}), 1, {})
    here.read(1)
    client.delete(*client.keys("feedsvc:{town}:parts:*"))
    with pytest.raises(JournalError, match="lost a part"):
        write(here, "next")
    assert write(here, "next") > 2
    assert len(rows(machine(server))) == INLINE_ROWS + 3


def test_staged_rows_that_got_lost_are_not_committed(server: RedisServer, client: Value) -> None:
    here = machine(server)
    write(here, "first")
    forgetful = machine(server, via=Losing(server.url, "town", client))
    with pytest.raises(JournalError, match="on their way"):
        write(forgetful, "a", whole=True)
    with pytest.raises(JournalError, match="on their way"):
        write(forgetful, *many(INLINE_ROWS + 1))
    assert rows(here) == {"first": b"first"}


class Losing(Server):
    """A server that evicts what is staged."""

    def __init__(self, url: str, site: str, client: Value) -> None:
        super().__init__(url, site)
        self._client = client

    def stage(self, fields: Value, seconds: int) -> None:
        super().stage(fields, seconds)
        self._client.delete(*(f"feedsvc:{{town}}:{key}" for key in fields))


# Claims


def test_tokens_grow_over_a_redis_that_forgot_them(server: RedisServer) -> None:
    here = machine(server)
    first = here.claim("town", "one", 12)
    server.restart()
    second = here.claim("town", "two", 12)
    assert first is not None
    assert second is not None
    assert second.token > first.token
    with pytest.raises(StaleClaimError):
        here.write(
            Delta(generation=here.read(0).generation + 1), here.read(0).generation, {"town": first.token}
        )


def test_a_machine_that_cannot_follow_claims_nothing(server: RedisServer, client: Value) -> None:
    here = machine(server)
    write(here, "a")
    client.hset(HEAD, "generation", "many")
    assert rows(here) == {"a": b"a"}
    with pytest.raises(JournalError, match="makes no sense"):
        here.claim("town", "one", 12)


# What does not belong there


@pytest.fixture
def cold(server: RedisServer) -> Iterator[Shared]:
    """Return a machine that has yet to read all there is, and believes only rows that it knows."""
    journal = Shared(
        SqliteJournal(None), Server(server.url, "town"), readable=decode, aside=lambda _: "nothing", window=0
    )
    yield journal
    journal.close()


class Planted:
    """What runs if it is unpickled."""

    ran = False

    def __reduce__(self) -> tuple[Value, tuple[Value, ...]]:
        return (setattr, (Planted, "ran", True))


def plant(client: Value, name: RowKey, value: bytes) -> None:
    """Put a value into the bucket where a row belongs."""
    field = field_name(name)
    folder = client.hget(HEAD, "rows").decode()
    key = f"feedsvc:{{town}}:rows:{folder}:{bucket(field)}"
    client.hincrby(HEAD, "count", 1 - client.hexists(key, field))
    client.hset(key, field, value)


def wrong_head(client: Value) -> None:
    client.delete(HEAD)
    client.lpush(HEAD, "a")


def wrong_bucket(client: Value) -> None:
    for key in client.keys("feedsvc:{town}:rows:*"):
        client.delete(key)
        client.set(key, "text")


PLANTED: dict[str, Callable[[Value], object]] = {
    "a head of another type": wrong_head,
    "buckets of another type": wrong_bucket,
    "a pickled row": lambda client: plant(client, row("a"), pickle.dumps(Planted())),
    "a pickle as a row's value": lambda client: plant(
        client, row("a"), b"\x92\x01\xc4" + bytes([len(pickle.dumps(Planted()))]) + pickle.dumps(Planted())
    ),
    "a row of a kind unknown here": lambda client: plant(client, row("a", "novelty"), b"\x92\x01\xc4\x01a"),
    "another machine's mark": lambda client: plant(client, MARK, b"\x92\x01\xc4\x01a"),
    "a field without a kind": lambda client: client.hset(
        f"feedsvc:{{town}}:rows:{client.hget(HEAD, 'rows').decode()}:00", "nameless", b"\x92\x01\xc4\x01a"
    ),
    "a field that is no text": lambda client: client.hset(
        f"feedsvc:{{town}}:rows:{client.hget(HEAD, 'rows').decode()}:00", b"\xff\x00", b"\x92\x01\xc4\x01a"
    ),
    "a field with an endless name": lambda client: client.hset(
        f"feedsvc:{{town}}:rows:{client.hget(HEAD, 'rows').decode()}:00", "x" * 100_000, "1"
    ),
    "a head that is no number": lambda client: client.hset(HEAD, "count", "many"),
    "epochs that are none": lambda client: client.hset(HEAD, "epochs", "[1]"),
    "an endless head": lambda client: client.hset(HEAD, "epochs", "x" * 100_000),
    "a newer schema": lambda client: client.hset(HEAD, "schema", str(SCHEMA + 1)),
}


def test_what_belongs_there_is_read(server: RedisServer, cold: Shared) -> None:
    write_ledger(machine(server))
    assert list(cold.read(0).rows) == [LEDGER]
    assert not cold.trouble


@pytest.mark.parametrize("what", PLANTED)
def test_what_does_not_belong_there_is_refused_and_nothing_runs(
    server: RedisServer, client: Value, cold: Shared, what: str
) -> None:
    write_ledger(machine(server))
    PLANTED[what](client)
    assert cold.read(0).generation == 0
    assert cold.trouble
    with pytest.raises(JournalError) as caught:
        write(cold, "b")
    assert str(caught.value)
    with pytest.raises(JournalError):
        cold.claim("town", "one", 12)
    assert not Planted.ran


ENTRIES: dict[str, dict[str, Value]] = {
    "no rows": {"size": 1, "base": 1, "epoch": "e", "rows": pickle.dumps(Planted())},
    "no number": {"size": "x", "base": 1, "epoch": "e"},
    "no text": {"size": 1, "base": 1, "epoch": b"\xff"},
    "no base": {"size": 1},
    "too long": {"size": 1, "base": 1, "epoch": "e", "rows": b"x" * 30_000_000},
}


@pytest.mark.parametrize("what", ENTRIES)
def test_an_entry_of_the_log_that_makes_no_sense_is_refused(
    server: RedisServer, client: Value, what: str
) -> None:
    here, there = machine(server), machine(server)
    write(here, "a")
    there.read(0)
    client.xadd(LOG, ENTRIES[what], id="2-0")
    client.hset(HEAD, "generation", 2)
    with pytest.raises(JournalError, match=r"makes no sense|too long"):
        there.read(1)
    assert there.read(0).rows == {row("a"): b"a"}
    assert not Planted.ran


def test_a_log_of_another_type_stops_commits_before_they_change_anything(
    server: RedisServer, client: Value
) -> None:
    here, there = machine(server), machine(server)
    write(here, "a")
    client.delete(LOG)
    client.set(LOG, "text")
    for journal in (here, there):
        with pytest.raises(JournalError, match="WRONGTYPE"):
            write(journal, "b")
    assert rows(machine(server)) == rows(here) == {"a": b"a"}


def test_an_entry_out_of_line_is_refused(server: RedisServer, client: Value) -> None:
    here, there = machine(server), machine(server)
    write(here, "a")
    there.read(0)
    client.xadd(LOG, {"size": 1, "base": 1, "epoch": "e"}, id="1-5")
    client.hset(HEAD, "generation", 2)
    with pytest.raises(JournalError, match="entry b'1-5'"):
        there.read(1)


def test_a_newer_schema_is_left_as_it_is(server: RedisServer, client: Value) -> None:
    here = machine(server)
    write(here, "a")
    client.hset(HEAD, "schema", SCHEMA + 1)
    before = {key: client.dump(key) for key in client.keys("*")}
    attempts: tuple[Callable[[], object], ...] = (
        lambda: write(here, "b"),
        lambda: here.claim("town", "one", 12),
    )
    for attempt in attempts:
        assert rows(here) == {"a": b"a"}
        with pytest.raises(JournalError, match="a newer feedsvc writes to this Redis"):
            attempt()
    assert {key: client.dump(key) for key in client.keys("*")} == before


@pytest.mark.parametrize("size", [VALUE * 2, pytest.param(1024**3, marks=pytest.mark.long)])
def test_a_value_without_end_is_never_fetched(
    server: RedisServer, client: Value, cold: Shared, size: int
) -> None:
    write_ledger(machine(server))
    client.config_set("proto-max-bulk-len", 2 * 1024**3)
    key = f"feedsvc:{{town}}:rows:{client.hget(HEAD, 'rows').decode()}:{bucket(field_name(row('a')))}"
    client.setrange("long", size - 1, "x")
    client.eval(
        "redis.call('HSET', KEYS[1], ARGV[1], redis.call('GET', 'long'))", 1, key, field_name(row("a"))
    )
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    wait_until(lambda: cold.read(0).generation == 0 and f"a value of {size} bytes" in cold.trouble)
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 20 * 1024


# Settings


def test_without_the_client_library_sharing_is_refused_with_what_to_install(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for name in [name for name in sys.modules if name.startswith("feedsvc.store.shared.")]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "redis", None)
    with pytest.raises(ConfigurationError, match=r"pip install 'feedsvc\[redis\]'"):
        share(SqliteJournal(None), None, "redis://127.0.0.1", "town")


def test_an_address_with_a_wrong_port_is_a_wrong_setting() -> None:
    with pytest.raises(ConfigurationError, match=r"state\.shared"):
        share(SqliteJournal(None), None, "redis://127.0.0.1:port", "town")


def test_sites_that_share_a_redis_do_not_meet(server: RedisServer) -> None:
    hill = share(SqliteJournal(None), None, server.url, "hill")
    town = share(SqliteJournal(None), None, server.url, "town")
    with closing(hill), closing(town):
        assert hill.claim("notes", "one", 12) is not None
        assert town.claim("notes", "two", 12) is not None


def test_a_stale_base_is_told_by_redis_too(server: RedisServer) -> None:
    here, there = machine(server), machine(server)
    write(here, "a")
    there.read(0)
    write(here, "b")
    with pytest.raises(BehindError, match="decided on generation 1, but the journal is at 2"):
        there.write(Delta(generation=2, rows={row("c"): b"c"}), 1, {})
    with pytest.raises(BehindError, match="decided on generation 1, but the journal is at 2"):
        there.write(Delta(generation=2, rows={row("c"): b"c"}), 1, {})
    assert rows(there) == {"a": b"a", "b": b"b"}

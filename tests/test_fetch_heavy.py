"""Bombs and drips as they come, in a process of their own whose memory is measured."""

import gzip
import json
import socket
import subprocess
import sys
import time
import zlib
from collections.abc import Callable

import brotli
import pytest

from feedsvc import zstd
from tests.conftest import ROOT
from tests.sites import Behaviour, Pages, answered, site

pytestmark = pytest.mark.real_time

MIB = 2**20
ASKING = """
import json, re, sys, time
from feedsvc.errors import FetchError
from feedsvc.fetch import Asker, Fetcher, Guard, Turns

def memory(kind):
    status = open("/proc/self/status", encoding="ascii").read()
    return int(re.search(kind + r":\\s+(\\d+)", status)[1]) / 1024

port, path = int(sys.argv[1]), sys.argv[2]
fetcher = Fetcher(Asker(agent="feedsvc/0"), Guard(["127.0.0.1"], [port]), Turns(lambda _: False))
fetcher.get(f"http://127.0.0.1:{port}/idle")
open("/proc/self/clear_refs", "w", encoding="ascii").write("5")  # VmHWM begins anew
before, began = memory("VmRSS"), time.monotonic()
try:
    outcome = f"{len(fetcher.get(f'http://127.0.0.1:{port}{path}').content or b'')} bytes"
except FetchError as error:
    outcome = error.reason
print(json.dumps([outcome, memory("VmHWM") - before, time.monotonic() - began]))
"""
"""Asks for a path; says what came of it, the mebibytes it took above idle, and the seconds."""


def bomb(packer: Callable[[bytes], bytes], end: Callable[[], bytes], mebibytes: int = 256) -> bytes:
    """Return so much of nothing, packed."""
    piece = bytes(MIB)
    return b"".join(packer(piece) for _ in range(mebibytes)) + end()


def gzip_bomb() -> bytes:
    packer = zlib.compressobj(1, zlib.DEFLATED, 31)
    return bomb(packer.compress, packer.flush)


def brotli_bomb() -> bytes:
    packer = brotli.Compressor(quality=1)
    return bomb(packer.process, packer.finish)


def zstd_bomb() -> bytes:
    packer = zstd.ZstdCompressor(1)
    return bomb(packer.compress, packer.flush)


def tiny_chunks(line: socket.socket) -> None:
    """Send a body two bytes at a time, as fast as they are taken, for half a minute at most."""
    line.sendall(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
    until = time.monotonic() + 40
    while time.monotonic() < until:
        line.sendall(b"2\r\nab\r\n" * 8192)


def asked(pages: dict[str, Behaviour]) -> dict[str, tuple[str, float, float]]:
    """Return what came of each page, each in a process of its own."""
    behave = Pages({"/idle": answered(), **pages})
    with site(behave, secure=True) as served:
        return {path: _asked(served.port, path) for path in pages}


def _asked(port: int, path: str) -> tuple[str, float, float]:
    done = subprocess.run(
        [sys.executable, "-c", ASKING, str(port), path],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=120,
        check=True,
    )
    words, mib, seconds = json.loads(done.stdout)
    return words, mib, seconds


def chunked(body: bytes) -> Behaviour:
    return answered(body=body, Content_Length="", Transfer_Encoding="chunked")


def test_a_bomb_takes_neither_memory_nor_time() -> None:
    once = gzip_bomb()
    twice = gzip.compress(once)
    pages = {
        "/gzip": answered(body=once, Content_Encoding="gzip"),
        "/twice": answered(body=twice, Content_Encoding="gzip, gzip"),
        "/brotli": answered(body=brotli_bomb(), Content_Encoding="br"),
        "/zstd": answered(body=zstd_bomb(), Content_Encoding="zstd"),
        "/redirect": answered(302, once, Content_Encoding="gzip", Location="/idle"),
        "/missing": answered(404, once, Content_Encoding="gzip"),
        "/plain": answered(body=bytes(128 * MIB)),
        "/chunk": chunked(b"-1\r\n" + bytes(128 * MIB)),
        "/trailer": chunked(b"0\r\n" + bytes(128 * MIB)),
        "/line": chunked(b"1;" + bytes(128 * MIB)),
    }
    came = asked(pages)
    assert {path: words for path, (words, _, _) in came.items()} == {
        **dict.fromkeys(pages, "refused: larger than 10 MiB"),
        "/redirect": "0 bytes",
        "/missing": "0 bytes",
        "/chunk": "the answer was cut short",
        "/trailer": "0 bytes",
        "/line": "the answer was cut short",
    }
    assert all(mib <= 64 for _, mib, _ in came.values()), came
    assert all(seconds < 10 for _, _, seconds in came.values()), came


def test_the_largest_page_takes_little_more_than_itself() -> None:
    body = bytes(range(256)) * (10 * MIB // 256)
    packed = gzip.compress(body, 1)
    came = asked({"/": answered(body=body), "/gzip": answered(body=packed, Content_Encoding="gzip")})
    assert all(words == f"{10 * MIB} bytes" and mib <= 64 for words, mib, _ in came.values()), came


def dripping_each_half_second(first: bytes, drop: bytes = b"x") -> Behaviour:
    def behave(line: socket.socket) -> None:
        line.sendall(first)
        for _ in range(80):
            line.sendall(drop)
            time.sleep(0.5)

    return behave


@pytest.mark.long
@pytest.mark.parametrize(
    "behave",
    [
        dripping_each_half_second(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n"),
        dripping_each_half_second(b"HTTP/1.1 200 OK\r\nX: "),
        dripping_each_half_second(b"", b"HTTP/1.1 100 Continue\r\n\r\n"),
        tiny_chunks,
    ],
)
def test_a_drip_is_over_after_thirty_seconds(behave: Behaviour) -> None:
    ((words, mib, seconds),) = asked({"/": behave}).values()
    assert words in {"no answer within 30 s", "refused: larger than 10 MiB"}
    assert words.startswith("refused") or 29 <= seconds <= 31
    assert seconds <= 31
    assert mib <= 64

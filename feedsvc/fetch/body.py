"""The body of an answer, unpacked while it streams: what it unpacks to is counted before it is held."""

import errno
import sys
import zlib
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from itertools import chain

import brotli
from requests import Response

from feedsvc import zstd
from feedsvc.fetch.transport import Take

PIECE = 2**16
"""Bytes read and unpacked at a time, so that a bomb takes no more."""
MOST_CODINGS = 2
_ZSTD_WINDOW = 23
"""Binary logarithm of bytes: what every decoder must have (RFC 8878 3.1.1.1.2), and no more."""
_READ = frozenset({200, 203})
_MEMBER = b"\x1f"
"""How a gzip member begins."""

Pieces = Iterator[bytes]
Check = Callable[[], None]
"""Raises TimeoutError when the time is over."""


def whole(most: int) -> Take:
    """Return what reads a whole body, and refuses one of more than `most` bytes, sent or unpacked."""

    def take(answer: Response, check: Check) -> bytes | None:
        if answer.status_code not in _READ:
            return None
        said = answer.headers.get("Content-Length", "")
        if said.isdecimal() and int(said[:20]) > most:
            raise _too_large(most)
        body = bytearray()  # many small pieces, held as they are, would weigh many times as much
        for piece in _decoded(answer, partial(_counted, most=most, check=check)):
            body += piece
        return bytes(body)

    return take


def beginning(most: int) -> Take:
    """Return what reads the first `most` bytes of a body and leaves the rest."""

    def take(answer: Response, check: Check) -> bytes | None:
        if answer.status_code not in _READ:
            return None
        body = bytearray()
        for piece in _decoded(answer, partial(_counted, most=sys.maxsize, check=check)):
            body += piece
            if len(body) >= most:
                break
        return bytes(body[:most])

    return take


def _counted(pieces: Pieces, most: int, check: Check) -> Pieces:
    """Yield pieces while there is time; raise OSError for more than `most` bytes."""
    count = 0
    for piece in pieces:
        check()
        count += len(piece)
        if count > most:
            raise _too_large(most)
        yield piece


def _decoded(answer: Response, counted: Callable[[Pieces], Pieces]) -> Pieces:
    """Yield a body without its content codings, the last applied first (RFC 9110 8.4).

    Each layer is counted: what unpacks to little may unpack to much on the way. Codings that are none,
    such as a charset, are passed over, as browsers do.
    """
    said = answer.headers.get("Content-Encoding", "")[:200].lower()
    codings = [each.strip() for each in said.split(",") if each.strip() in CODINGS]
    if len(codings) > MOST_CODINGS:
        raise OSError(errno.EACCES, "refused: packed more than twice")
    pieces = counted(answer.raw.stream(PIECE, decode_content=False))
    for coding in reversed(codings):
        pieces = counted(_unpacked(coding, pieces))
    return pieces


def _unpacked(coding: str, pieces: Pieces) -> Pieces:
    """Yield what pieces unpack to, in small pieces; raise OSError for a damaged or unfinished whole."""
    read = filter(None, pieces)
    first = next(read, b"")
    try:
        yield from CODINGS[coding](chain((first,), read)) if first else ()
    except (zlib.error, brotli.error, zstd.ZstdError, EOFError) as error:
        raise OSError(errno.EBADMSG, f"its {coding} packing is damaged or cut short") from error


def _inflated(pieces: Pieces) -> Pieces:
    inflate = zlib.decompressobj(zlib.MAX_WBITS | 32)  # gzip or zlib, by its head
    for read in pieces:
        piece = read
        while True:
            if inflate.eof and piece:
                if not piece.startswith(_MEMBER):  # padding, which all clients ignore
                    return
                inflate = zlib.decompressobj(zlib.MAX_WBITS | 32)
            out = inflate.decompress(piece, PIECE)
            yield out
            piece = inflate.unused_data if inflate.eof else inflate.unconsumed_tail
            if not piece and len(out) < PIECE:
                break
    if not inflate.eof:
        raise EOFError


def _brotli(pieces: Pieces) -> Pieces:
    decompressor = brotli.Decompressor()
    for piece in pieces:
        out = decompressor.process(piece, output_buffer_limit=PIECE)
        yield out
        while not decompressor.is_finished() and (
            len(out) >= PIECE or not decompressor.can_accept_more_data()
        ):
            out = decompressor.process(b"", output_buffer_limit=PIECE)
            yield out
    if not decompressor.is_finished():
        raise EOFError


def _zstd(pieces: Pieces) -> Pieces:
    options: Mapping[int, int] = {zstd.DecompressionParameter.window_log_max: _ZSTD_WINDOW}
    decompressor = zstd.ZstdDecompressor(options=options)
    for read in pieces:
        piece = read
        while True:
            if decompressor.eof and piece:  # another frame
                decompressor = zstd.ZstdDecompressor(options=options)
            yield decompressor.decompress(piece, PIECE)
            piece = decompressor.unused_data if decompressor.eof else b""
            if not piece and (decompressor.eof or decompressor.needs_input):
                break
    if not decompressor.eof:
        raise EOFError


CODINGS: Mapping[str, Callable[[Pieces], Pieces]] = {
    "gzip": _inflated,
    "x-gzip": _inflated,
    "deflate": _inflated,
    "br": _brotli,
    "zstd": _zstd,
}


def _too_large(most: int) -> OSError:
    return OSError(errno.EACCES, f"refused: larger than {most / 2**20:g} MiB")

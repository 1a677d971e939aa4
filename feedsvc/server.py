"""Serving: granian in front of the WSGI application, with the clock in its one worker.

granian builds the application in a worker process of its own. There `atexit` never runs and
`multiprocessing.util.Finalize` does, and a worker outlives a killed parent unless it asks not to.
"""

import ctypes
import gc
import os
import signal
import socket
import sys
import threading
import time
from errno import EADDRINUSE
from functools import partial
from multiprocessing.util import Finalize
from types import FrameType

from flask import Flask
from granian.constants import Interfaces
from granian.log import LogLevels
from granian.server import Server

from feedsvc import app
from feedsvc.errors import ServeError
from feedsvc.settings import Settings, require_address

THREADS = 4
"""Enough that a slow page does not stop the feeds, few enough for the interpreter's lock."""
SWITCH_SECONDS = 0.00002
"""For how long a request waits for the interpreter's lock each time while a tick computes: else 5 ms."""
STOP_SECONDS = 4
_SETTLED = 0.1
_PR_SET_PDEATHSIG = 1
_FIRST = 10  # multiprocessing runs finalizers by priority; ours goes before its own


def check(settings: Settings, role: app.Role = "both") -> None:
    """Raise ConfigurationError or ServeError for what would keep `serve` from working."""
    require_address(settings)
    app.check(settings, role)
    _refuse_occupied(settings.server.host, settings.server.port)


def serve(settings: Settings, role: app.Role = "both") -> None:
    """Serve until a signal."""
    server = Server(
        "feedsvc",
        address=settings.server.host,
        port=settings.server.port,
        interface=Interfaces.WSGI,
        workers=1,
        blocking_threads=THREADS,
        workers_kill_timeout=STOP_SECONDS,
        log_level=LogLevels.warning,
    )
    if signal.getsignal(signal.SIGHUP) is not signal.SIG_IGN:  # as under nohup
        # granian would start a second worker, with a clock of its own, before it ends the first.
        server.on_startup(lambda: signal.signal(signal.SIGHUP, server.signal_handler_interrupt))
    server.serve(target_loader=partial(_worker, settings, os.getpid(), role), wrap_loader=False)


def _worker(settings: Settings, parent: int, role: app.Role = "both") -> Flask:
    """Build the service in the worker and start its clock there."""
    signal.signal(signal.SIGTERM, _leave)
    _send_signals_again()
    sys.setswitchinterval(SWITCH_SECONDS)
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)
    if os.getppid() != parent:  # it died before we asked
        sys.exit(1)
    service = _built(settings, role)
    Finalize(None, service.stop, exitpriority=_FIRST)
    service.start()
    return service.web


def tick_forever(settings: Settings) -> None:
    """Read the sources on a timer, without serving, until a signal."""
    over = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        if signal.getsignal(number) is not signal.SIG_IGN:  # as under nohup
            signal.signal(number, lambda *_: over.set())
    service = _built(settings, "ingest")
    service.start()
    try:
        over.wait()
    finally:
        service.stop()


def _built(settings: Settings, role: app.Role) -> app.Service:
    """Build the service; no garbage collection looks through what a warm start loads, then or later."""
    gc.disable()
    service = app.build(settings, role)
    gc.freeze()
    gc.enable()
    return service


def _leave(number: int, _frame: FrameType | None) -> None:
    """End the worker until granian sets its own handler; the parent's, inherited, would do nothing."""
    signal.signal(number, signal.SIG_IGN)
    sys.exit()


def _send_signals_again() -> None:
    """Send the first signal a second time, when the main thread has settled.

    A signal that arrives while that thread gives up the interpreter's lock in order to wait is noted and
    wakes nobody: seen in one of ten TERMs during a first ingest.
    """
    noted, noting = os.pipe()
    os.set_blocking(noting, False)
    signal.set_wakeup_fd(noting)
    main = threading.get_ident()

    def again() -> None:
        number = os.read(noted, 1)[0]
        time.sleep(_SETTLED)
        signal.pthread_kill(main, number)

    threading.Thread(target=again, name="signals", daemon=True).start()


def _refuse_occupied(host: str, port: int) -> None:
    """Raise ServeError when something listens already; granian's SO_REUSEPORT would start beside it."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            busy = error.errno == EADDRINUSE
            why = "something listens there already; use another --port" if busy else str(error.strerror)
            raise ServeError(f"cannot listen on {host}:{port}: {why}") from error

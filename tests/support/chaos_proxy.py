"""Chaos proxy: stands between a client and a server and behaves like a bad network, by a seed.

With a TLS context it opens the encryption and cuts what the server says where no network would;
without, it passes the encrypted bytes on, and can spoil them.
"""

from __future__ import annotations

import random
import socket
import ssl
import struct
import threading
import time
from collections.abc import Callable, Iterable
from contextlib import suppress
from enum import Enum
from functools import partial
from pathlib import Path
from types import TracebackType
from typing import Self

_SLICES = 20_000  # bytes that are cut into crumbs; after that the pieces are larger
_LINGER_NOT = struct.pack("ii", 1, 0)  # close with a reset


class Fault(Enum):
    """What happens to a connection."""

    NONE = "none"
    SPLIT = "split"  # bytes come one, two or three at a time
    LATENCY = "latency"  # every piece is late
    HALF_CLOSE = "half close"  # the server's direction ends in the middle of a line
    DROP = "drop"  # a reset in the middle of anything
    SILENCE = "silence"  # from some byte on nothing comes any more
    GARBAGE = "garbage"  # some bytes are others (only without a TLS context)


class ChaosProxy:
    """Listens on `port`; each connection gets the next of the faults, then all are sound."""

    def __init__(
        self,
        upstream: int,
        faults: Iterable[Fault],
        *,
        seed: int,
        tls: ssl.SSLContext | None = None,
        ca_file: Path | None = None,
        most: int = 60_000,
    ) -> None:
        """`most`: a fault that comes once comes before so many bytes of the server."""
        self._upstream = upstream
        self._faults = iter(tuple(faults))
        self._random = random.Random(seed)
        self._tls = tls
        self._ca_file = ca_file
        self._most = most
        self._open: list[socket.socket] = []
        self._threads: list[threading.Thread] = []
        self._lock = threading.Lock()
        self.connections = 0
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]
        self._spawn(self._accept)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        with suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        with self._lock:
            for line in self._open:
                _end(line)
        for thread in tuple(self._threads):
            thread.join(60)
        for line in self._open:
            line.close()

    def _spawn(self, step: Callable[[], None]) -> None:
        thread = threading.Thread(target=step, daemon=True)
        self._threads.append(thread)
        thread.start()

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                client, _ = self._listener.accept()
                self.connections += 1
                fault = next(self._faults, Fault.NONE)
                chance = random.Random(self._random.random())
                self._spawn(partial(self._join, client, fault, chance))

    def _join(self, client: socket.socket, fault: Fault, chance: random.Random) -> None:
        server = socket.create_connection(("127.0.0.1", self._upstream))
        with self._lock:
            self._open += [client, server]
        with suppress(OSError):
            if self._tls is not None:
                client = self._tls.wrap_socket(client, server_side=True)
                context = ssl.create_default_context(cafile=str(self._ca_file))
                server = context.wrap_socket(server, server_hostname="localhost")
                with self._lock:
                    self._open += [client, server]
            self._spawn(lambda: _pass_on(client, server))
            self._spoil(server, client, fault, chance)

    def _spoil(
        self, server: socket.socket, client: socket.socket, fault: Fault, chance: random.Random
    ) -> None:
        """Pass on what the server says, with one fault."""
        left = chance.randrange(200, self._most)
        passed = 0
        while piece := _received(server):
            once = fault in (Fault.HALF_CLOSE, Fault.DROP, Fault.SILENCE, Fault.GARBAGE)
            if once and passed + len(piece) > left:
                with suppress(OSError):
                    client.sendall(piece[: left - passed])
                    _commit(client, fault, piece[left - passed :])
                if fault is not Fault.GARBAGE:
                    return
                fault = Fault.NONE
                continue
            passed += len(piece)
            _say(client, piece, fault, chance, crumbs=passed < _SLICES)
        _end(client)


def _commit(client: socket.socket, fault: Fault, rest: bytes) -> None:
    """The one moment of a fault that comes once."""
    if fault is Fault.HALF_CLOSE:
        if isinstance(client, ssl.SSLSocket):
            socket.socket.shutdown(client, socket.SHUT_WR)
        else:
            client.shutdown(socket.SHUT_WR)
    elif fault is Fault.DROP:
        client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _LINGER_NOT)
        socket.socket.shutdown(client, socket.SHUT_RD)  # whoever reads it lets go of it
        client.close()
    elif fault is Fault.GARBAGE:
        client.sendall(bytes(byte ^ 0x5A for byte in rest))


def _say(
    client: socket.socket, piece: bytes, fault: Fault, chance: random.Random, *, crumbs: bool
) -> None:
    at = 0
    while at < len(piece):
        size = chance.randint(1, 3) if crumbs else chance.randint(1, 3000)
        if fault is Fault.LATENCY:
            time.sleep(chance.uniform(0, 0.02))
        if fault is not Fault.SPLIT:
            size = len(piece)
        client.sendall(piece[at : at + size])
        at += size


def _pass_on(source: socket.socket, target: socket.socket) -> None:
    with suppress(OSError):
        while piece := _received(source):
            target.sendall(piece)
    _end(target)


def _received(line: socket.socket) -> bytes:
    try:
        return line.recv(16_384)
    except OSError:
        return b""


def _end(line: socket.socket) -> None:
    with suppress(OSError):
        socket.socket.shutdown(line, socket.SHUT_RDWR)

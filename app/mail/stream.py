"""Stream: what a mail server says, in lines and bytes, from a buffer of our own. Under the gateway.

imaplib reads through a file over the socket, and such a file is spoilt by the first wait that ends
without a byte: half a line is lost and the next read fails. Waiting for push needs just that wait,
so everything is read through here, by imaplib too, once the connection is encrypted. So is what
is sent, and a server that takes or gives only a byte now and then is left when its time is over.
"""

from __future__ import annotations

import imaplib
import selectors
import socket
import ssl
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Any

LONGEST_LINE = 1_000_000
# Of 340,000 mails every other may vanish, and their numbers come in one line (RFC 7162 3.2.10).
LONGEST_OF_NUMBERS = 16_000_000
_NUMBERS = b"* VANISHED "
_CHUNK = 256 * 1024
_NEVER = float("inf")


class Stream:
    """The bytes that came and are not read yet, and the socket that more of them come from."""

    def __init__(self, line: socket.socket, kept: bytes = b"") -> None:
        self._socket = line
        self._kept = bytearray(kept)
        self._searched = 0
        self._end = _NEVER
        self.overhear: Callable[[bytes], None] | None = None  # each line, whoever reads it

    @classmethod
    def over(cls, connection: Any) -> Stream:
        """The reading of imaplib's connection from now on, with what imaplib had read ahead."""
        return cls(connection.sock, _read_ahead(connection))

    @contextmanager
    def within(self, seconds: float) -> Iterator[None]:
        """What is read and sent in here takes no longer than that; else TimeoutError."""
        before = self._end
        self._end = min(before, time.monotonic() + seconds)
        try:
            yield
        finally:
            self._end = before

    def send(self, data: bytes) -> None:
        """Send everything."""
        for start in range(0, len(data), _CHUNK):
            with self._in_time():
                self._socket.sendall(data[start : start + _CHUNK])

    def readline(self) -> bytes:
        """The next line with its end; what there is of it, or nothing, when the server is gone."""
        while (line := self._line()) is None:
            if not self._more():
                return self._taken(len(self._kept))
        return line

    def read(self, size: int) -> bytes:
        """Exactly so many bytes; fewer when the server is gone."""
        while len(self._kept) < size and self._more():
            pass
        return self._taken(size)

    def ready_line(self) -> bytes | None:
        """The next whole line if it has come already; never waits.

        Raises imaplib's abort when the server is gone, OSError when the connection broke.
        """
        while (line := self._line()) is None:
            before = self._socket.gettimeout()
            self._socket.settimeout(0)
            try:
                if not self._more():
                    raise imaplib.IMAP4.abort("the server ended the connection")
            except (BlockingIOError, ssl.SSLWantReadError, ssl.SSLWantWriteError):
                return None
            finally:
                with suppress(OSError):
                    self._socket.settimeout(before)
        return line

    def wait(self, seconds: float, *, bell: socket.socket | None = None) -> bool:
        """Wait until the server says something or the bell rings; False when the time is over.

        To be asked when `ready_line` has nothing: what lies in a buffer wakes nobody.
        """
        with selectors.DefaultSelector() as both:
            both.register(self._socket, selectors.EVENT_READ)
            if bell is not None:
                both.register(bell, selectors.EVENT_READ)
            return bool(both.select(max(0.0, seconds)))

    def _line(self) -> bytes | None:
        end = self._kept.find(b"\n", self._searched)
        if end >= 0:
            line = self._taken(end + 1)
            if self.overhear is not None:
                self.overhear(line)
            return line
        self._searched = len(self._kept)
        if self._searched > LONGEST_LINE and not self._tells_numbers():
            raise imaplib.IMAP4.abort("the server says a line without an end")
        return None

    def _tells_numbers(self) -> bool:
        """Whether what has come of the line is a list of numbers, of a length that can be."""
        begins = self._kept[: len(_NUMBERS)].upper() == _NUMBERS
        return begins and self._searched <= LONGEST_OF_NUMBERS

    def _more(self) -> bool:
        with self._in_time():
            piece = self._socket.recv(_CHUNK)
        self._kept += piece
        return bool(piece)

    @contextmanager
    def _in_time(self) -> Iterator[None]:
        """One step at the socket, cut short where the time for the whole is nearly over."""
        left, usual = self._end - time.monotonic(), self._socket.gettimeout()
        if left <= 0:
            raise TimeoutError("the server takes too long")
        if left == _NEVER or (usual is not None and usual <= left):
            yield
            return
        self._socket.settimeout(left)
        try:
            yield
        finally:
            with suppress(OSError):
                self._socket.settimeout(usual)

    def _taken(self, size: int) -> bytes:
        taken = bytes(self._kept[:size])
        del self._kept[:size]
        self._searched = 0
        return taken


def _read_ahead(connection: Any) -> bytes:
    """What lies unread in imaplib's own buffer."""
    line = connection.sock
    before = line.gettimeout()
    line.settimeout(0)
    try:
        return bytes(connection.file.peek())
    except (BlockingIOError, ssl.SSLWantReadError):
        return b""
    finally:
        line.settimeout(before)

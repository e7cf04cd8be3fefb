"""Stream: what a mail server says, in lines and bytes, from a buffer of our own. Under the gateway.

imaplib reads through a file over the socket, and such a file is spoilt by the first wait that ends
without a byte: half a line is lost and the next read fails. Waiting for push needs just that wait,
so everything is read through here, by imaplib too, once the connection is encrypted.
"""

from __future__ import annotations

import imaplib
import selectors
import socket
import ssl
from contextlib import suppress
from typing import Any

LONGEST_LINE = 1_000_000
_CHUNK = 256 * 1024


class Stream:
    """The bytes that came and are not read yet, and the socket that more of them come from."""

    def __init__(self, line: socket.socket, kept: bytes = b"") -> None:
        self._socket = line
        self._kept = bytearray(kept)
        self._searched = 0

    @classmethod
    def over(cls, connection: Any) -> Stream:
        """The reading of imaplib's connection from now on, with what imaplib had read ahead."""
        return cls(connection.sock, _read_ahead(connection))

    def send(self, data: bytes) -> None:
        """Send everything."""
        self._socket.sendall(data)

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
            return self._taken(end + 1)
        self._searched = len(self._kept)
        if self._searched > LONGEST_LINE:
            raise imaplib.IMAP4.abort("the server says a line without an end")
        return None

    def _more(self) -> bool:
        piece = self._socket.recv(_CHUNK)
        self._kept += piece
        return bool(piece)

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

"""Push: waiting until the server tells of news by itself (IDLE, RFC 2177). Before every round.

imapclient's way of waiting takes the end of a connection for silence and stumbles over a line that
comes in two pieces; this one reads whole lines only, and an end is an error. A connection that
died without a word is noticed by the kernel's probes, by a missing "Still here" of a server that
says so regularly, and at the latest when IDLE is begun afresh.
"""

from __future__ import annotations

import imaplib
import re
import time
from enum import Enum, auto

from app.mail.bell import Bell
from app.mail.stream import Stream

REFRESH, FLOOR = 540.0, 120.0  # routers forget a silent connection after ten minutes, some earlier
ANSWER = 15.0  # seconds in which IDLE has begun, and in which it has ended
_MISSED = 3  # of the server's own regular signs of life
_CHATTER = 1.0  # seconds: what comes sooner than that is no sign of life, and no IDLE that ended

_EXISTS = re.compile(rb"\* (\d{1,10}) EXISTS\b", re.IGNORECASE)
_GONE = re.compile(rb"\* (?:\d{1,10} EXPUNGE|VANISHED)\b", re.IGNORECASE)
_STILL_HERE = re.compile(rb"\* OK\b", re.IGNORECASE)
_BYE = re.compile(rb"\* BYE\b", re.IGNORECASE)


class NoPush(Exception):
    """The server offers IDLE and then does not do it."""


class _Heard(Enum):
    NOTHING = auto()
    BELL = auto()
    NEWS = auto()
    ENDED = auto()  # by the server itself


class Rhythm:
    """After how many seconds IDLE is begun afresh; shorter where connections die in silence.

    `answer`: in how many it has begun or ended. `chatter`: what comes sooner after the sign of life
    before it is none, and an IDLE that the server itself ends sooner was none.
    """

    def __init__(
        self,
        seconds: float = REFRESH,
        *,
        floor: float = FLOOR,
        answer: float = ANSWER,
        chatter: float = _CHATTER,
    ) -> None:
        self.seconds = seconds
        self.answer = answer
        self.chatter = chatter
        self._floor = floor

    def shorten(self) -> None:
        """A connection died without a word: come by twice as often, within reason."""
        self.seconds = max(self.seconds / 2, min(self._floor, self.seconds))


class _SignsOfLife:
    """The server's "Still here": how regular it is, and when it is overdue."""

    def __init__(self, chatter: float) -> None:
        self._chatter = chatter
        self._last: float | None = None
        self._longest = 0.0
        self._gaps = 0

    def begin(self) -> None:
        """The server starts counting anew."""
        self._last = None

    def felt(self, now: float) -> None:
        """It said so just now."""
        if self._last is not None and now - self._last >= self._chatter:
            self._longest = max(self._longest, now - self._last)
            self._gaps += 1
        self._last = now

    def due(self) -> float:
        """The instant at which it has been missed too often; far away where it has no rhythm."""
        if self._last is None or self._gaps < 2:
            return float("inf")
        return self._last + _MISSED * self._longest


class Push:
    """IDLE in the selected folder of a signed-in connection, as often as it takes."""

    def __init__(self, stream: Stream, *, exists: int, bell: Bell, rhythm: Rhythm) -> None:
        """`exists`: how many mails the folder is known to hold. The bell must be listening."""
        self._stream = stream
        self._exists = exists
        self._bell = bell
        self._rhythm = rhythm
        self._life = _SignsOfLife(rhythm.chatter)
        self._count = 0

    def wait(self, seconds: float) -> bool:
        """Whether there are news; False when the time is over or the bell rang.

        Raises NoPush, imaplib's abort when the server hung up, OSError when the connection broke;
        after a death without a word the rhythm is shorter.
        """
        end = time.monotonic() + seconds
        try:
            while (left := end - time.monotonic()) > 0:
                heard = self._once(min(left, self._rhythm.seconds))
                if heard in (_Heard.NEWS, _Heard.BELL):
                    return heard is _Heard.NEWS
        except OSError:
            self._rhythm.shorten()
            raise
        return False

    def _once(self, seconds: float) -> _Heard:
        """One IDLE from its beginning to its end."""
        self._count += 1
        tag = b"FI%d " % self._count
        began = time.monotonic()
        self._life.begin()
        self._stream.send(tag + b"IDLE\r\n")
        news = self._begin(tag)
        heard = _Heard.NEWS if news else self._listen(tag, began + seconds)
        if heard is _Heard.ENDED:
            if time.monotonic() - began < self._rhythm.chatter:
                raise NoPush
            return _Heard.NOTHING
        self._stream.send(b"DONE\r\n")
        return _Heard.NEWS if self._finish(tag) else heard

    def _begin(self, tag: bytes) -> bool:
        """Until the server is ready to tell; whether it told something before."""
        news, end = False, time.monotonic() + self._rhythm.answer
        while not (line := self._line_before(end)).startswith(b"+"):
            if line.startswith(tag):
                raise NoPush
            news |= self._is_news(line)
        return news

    def _listen(self, tag: bytes, end: float) -> _Heard:
        while True:
            while (line := self._stream.ready_line()) is not None:
                if line.startswith(tag):
                    return _Heard.ENDED
                if self._is_news(line):
                    return _Heard.NEWS
            if self._bell.heard():
                return _Heard.BELL
            now = time.monotonic()
            if now >= end:
                return _Heard.NOTHING
            if now >= self._life.due():
                raise TimeoutError("the server's signs of life stopped")
            until = min(end, self._life.due())
            self._stream.wait(until - now, bell=self._bell.clapper)

    def _finish(self, tag: bytes) -> bool:
        """Until the server says that IDLE is over; whether it told something meanwhile."""
        news, end = False, time.monotonic() + self._rhythm.answer
        while not (line := self._line_before(end)).startswith(tag):
            news |= self._is_news(line)
        return news

    def _line_before(self, end: float) -> bytes:
        """The next line; TimeoutError if it does not come until then."""
        while (line := self._stream.ready_line()) is None:
            if (left := end - time.monotonic()) <= 0:
                raise TimeoutError("the server does not answer any more")
            self._stream.wait(left)
        return line

    def _is_news(self, line: bytes) -> bool:
        if _BYE.match(line):
            raise imaplib.IMAP4.abort(line[2:].decode("utf-8", errors="replace").strip())
        if _STILL_HERE.match(line):
            self._life.felt(time.monotonic())
        elif exists := _EXISTS.match(line):
            before, self._exists = self._exists, int(exists[1])
            return self._exists != before
        return bool(_GONE.match(line))

"""Thumbnails: an attached picture, small, as plain points: decoded neither here nor in the window.

Each is decoded by a process of its own (`thumbnail_process`), which is capped and gone afterwards.
The newest are kept in memory, so that turning back to an issue costs nothing.
"""

from __future__ import annotations

import base64
import threading
from collections import OrderedDict
from collections.abc import Callable, Sequence
from contextlib import suppress
from subprocess import Popen
from typing import Any

from app.config.processes import own_command, spawn_helper
from app.domain.errors import NotFound
from app.engine.desk import Verb
from app.engine.thumbnail_process import NUMBER
from app.mail import parse
from app.storage import messages
from app.storage.writer import Writer

_MOST_BYTES = 20_000_000  # of a file that is looked at
_SIDES = range(16, 1025)
_LONGEST = 8.0  # seconds for one picture, its process's start included
_KEPT = 48


class Thumbnails:
    """Answers one verb."""

    def __init__(
        self,
        *,
        writer: Writer,
        command: Callable[[], Sequence[str]] | None = None,
        longest: float = _LONGEST,
    ) -> None:
        """`command` starts the process; this program's own unless told otherwise."""
        self._writer, self._longest = writer, longest
        self._command = command or (lambda: own_command("engine", "--thumbnail"))
        self._one = threading.Lock()  # one process at a time: it may take a whole core
        self._kept: OrderedDict[tuple[int, int, int], dict[str, Any]] = OrderedDict()

    def verbs(self) -> dict[str, Verb]:
        """The verbs by the names that desks use."""
        return {"thumbnail": self.thumbnail}

    def thumbnail(self, message: int, part: int, side: int) -> dict[str, Any]:
        """The picture with its longer side at most `side`: width, height, and points in base64.

        No width where there is nothing to show: no picture, too large, not downloaded yet. Raises
        NotFound where there is no such attachment.
        """
        side = min(max(side, _SIDES.start), _SIDES.stop - 1)
        stored = self._writer.do(lambda db: messages.get(db, message))
        found = next((one for one in stored.attachments if one.part == part), None)
        if found is None:
            raise NotFound("That attachment is not in the mail")
        if found.section or found.size > _MOST_BYTES:
            return _answer(b"")
        with self._one:
            asked = (message, part, side)
            if asked not in self._kept:
                self._keep(asked, _answer(self._drawn(message, part, side)))
            self._kept.move_to_end(asked)
            return self._kept[asked]

    def _keep(self, asked: tuple[int, int, int], answer: dict[str, Any]) -> None:
        self._kept[asked] = answer
        while len(self._kept) > _KEPT:
            self._kept.popitem(last=False)

    def _drawn(self, message: int, part: int, side: int) -> bytes:
        raw = self._writer.do(lambda db: messages.raw(db, message))
        content = parse.attachment(raw, part) or b""
        if not content or len(content) > _MOST_BYTES:
            return b""
        process = spawn_helper(self._command())
        alarm = threading.Timer(self._longest, process.kill)
        alarm.daemon = True
        alarm.start()
        try:
            return _asked(process, side.to_bytes(NUMBER) + content, most=_most(side))
        finally:
            alarm.cancel()
            process.kill()
            process.wait()


def _asked(process: Popen[bytes], question: bytes, *, most: int) -> bytes:
    """What the process answers; nothing where it dies, is stopped, or says too much."""
    assert process.stdin is not None
    assert process.stdout is not None
    with process.stdout as answer:
        with suppress(OSError), process.stdin as ask:  # it may be gone before it has read all
            ask.write(question)
        said = answer.read(most + 1)
    return said if len(said) <= most else b""


def _most(side: int) -> int:
    return 2 * NUMBER + 3 * side * side


def _answer(said: bytes) -> dict[str, Any]:
    """The process is not believed: width and height must fit what it sent."""
    head, points = said[: 2 * NUMBER], said[2 * NUMBER :]
    width, height = int.from_bytes(head[:NUMBER]), int.from_bytes(head[NUMBER:])
    if not width or not height or len(points) != 3 * width * height:
        return {"width": 0, "height": 0, "points": ""}
    return {"width": width, "height": height, "points": base64.b64encode(points).decode()}

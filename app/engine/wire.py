"""Wire: how engine and desks talk, one JSON object a frame over a local socket.

`multiprocessing.connection` gives the socket and the challenge with the profile's key; its
pickling `send` is never used, so a frame can carry data and nothing else.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

import msgspec

from app.config.paths import Profile
from app.domain.changes import Changes

MAX_FRAME = 64 * 1024 * 1024
PROTOCOL = 1
_FAREWELL = {"ending": True}


class Line(Protocol):
    """A connection of `multiprocessing`: of a socket or, on Windows, of a pipe."""

    def send_bytes(self, buf: bytes, /) -> None:
        """Send a frame."""

    def recv_bytes(self, maxlength: int, /) -> bytes:
        """Wait for a frame."""

    def poll(self, timeout: float, /) -> bool:
        """Whether a frame comes in so many seconds."""

    def close(self) -> None:
        """Send and hear no more."""


class Ending(EOFError):
    """The engine ends, and took up nothing of what was asked after its last answer."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """Something that happened in the engine, for every desk that listens.

    `kind` is "changes", "open" (data: key), "progress" (data: account, folder, done, total),
    "unwritable" (data: the error while nothing can be stored, nothing since something was),
    and on the desk's own side "lost" (data: the error that keeps it from starting) and "back".
    """

    kind: str
    changes: Changes = field(default_factory=Changes)
    data: dict[str, Any] = field(default_factory=dict)


def write(connection: Line, frame: dict[str, Any]) -> None:
    """Send one frame."""
    connection.send_bytes(msgspec.json.encode(frame))


def read(connection: Line) -> dict[str, Any]:
    """Wait for one frame. Raises EOFError when the other side is gone, Ending when it said so."""
    frame = msgspec.json.decode(connection.recv_bytes(MAX_FRAME))
    if frame == _FAREWELL:
        raise Ending("the engine ends")
    if not isinstance(frame, dict):
        raise EOFError("a frame is an object")
    return frame


def write_farewell(connection: Line) -> None:
    """Tell a desk that nothing is taken up any more; one that is gone need not hear it."""
    # A handle that is None was closed by another thread; a pipe of Windows takes one frame at a
    # time, and what another thread writes there just now is the farewell as well.
    with suppress(OSError, TypeError, ValueError):
        write(connection, _FAREWELL)


def event_frame(event: Event) -> dict[str, Any]:
    """The event as it travels."""
    return {"event": event.kind, "changes": event.changes.as_dict(), "data": event.data}


def event_of(frame: dict[str, Any]) -> Event:
    """The event that `event_frame` described."""
    return Event(
        kind=str(frame["event"]),
        changes=Changes.from_dict(frame.get("changes", {})),
        data=frame.get("data", {}),
    )


def last_words(profile: Profile) -> Path:
    """Where an engine that cannot start leaves the reason, as a KnownError in JSON."""
    return profile.folder / "engine.last"

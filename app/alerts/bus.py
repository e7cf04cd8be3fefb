"""Bus: the desktop's notification service as D-Bus tells it; the only place that speaks jeepney.

Follows the Desktop Notifications Specification 1.2. Blocking, for use in one thread; every call
has a deadline, and foreign errors become NoDesktop.
"""

from __future__ import annotations

import contextlib
import os
from collections import deque
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from app.config.system import user_runtime_folder
from app.domain.errors import KnownError

SERVICE = "org.freedesktop.Notifications"

_PATH = "/org/freedesktop/Notifications"
_NOBODY = ("org.freedesktop.DBus.Error.ServiceUnknown", "org.freedesktop.DBus.Error.Spawn")


class NoDesktop(KnownError):
    """There is nobody on this desktop who shows pop-ups, or they do not answer."""


class TooSlow(NoDesktop):
    """They did not answer in time."""


class MayCome(TooSlow):
    """They were asked to show a pop-up and may still do it: then there is a Happening "shown"."""


class BusLost(NoDesktop):
    """The connection is gone; a new one may do."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    """The arguments of Notify; `hints` are pairs of D-Bus signature and value."""

    title: str
    body: str
    replaces: int = 0
    icon: str = ""
    actions: tuple[str, ...] = ()
    hints: Mapping[str, tuple[str, Any]] = field(default_factory=dict)
    expires_ms: int = -1


@dataclass(frozen=True, slots=True, kw_only=True)
class Happening:
    """What the service told: `name` is its signal, `id` the pop-up, `detail` action or reason.

    Three names are ours. "shown": a pop-up is on the screen after all, of those that were given up
    (MayCome) the one that was asked for first; its id is 0 where it was refused. "gone": the
    program that showed the pop-ups went away, and they with it. "came": there is one that shows
    them from now on.
    """

    name: str
    id: int = 0
    detail: str = ""


class NotificationBus:
    """One connection to the session bus, listening to the notification service."""

    def __init__(self, *, seconds: float = 5.0) -> None:
        """Connect. Raises BusLost where there is no session bus."""
        from jeepney.io.blocking import open_dbus_connection  # type: ignore[import-untyped]

        self._seconds = seconds
        self._signals: deque[Any] = deque()
        self._capabilities: frozenset[str] | None = None
        with _bus_errors():
            self._connection = open_dbus_connection(_session_bus(), auth_timeout=seconds)
        try:
            self._connection.sock.settimeout(seconds)
            self._listen()
        except NoDesktop:
            self._connection.close()
            raise

    def fileno(self) -> int:
        """For `select`: readable when the service may have told something."""
        return int(self._connection.sock.fileno())

    def capabilities(self) -> frozenset[str]:
        """What the service can show, such as "body-markup" or "actions"."""
        if self._capabilities is None:
            (found,) = self._ask("GetCapabilities")
            self._capabilities = frozenset(found)
        return self._capabilities

    def notify(self, note: Note) -> int:
        """Show the pop-up and return its number. Raises NoDesktop, MayCome or BusLost."""
        arguments = (
            "Frontburner",
            note.replaces,
            note.icon,
            note.title,
            note.body,
            list(note.actions),
            dict(note.hints),
            note.expires_ms,
        )
        try:
            (number,) = self._ask("Notify", "susssasa{sv}i", arguments)
        except TooSlow as error:
            raise MayCome(error.title) from error
        return int(number)

    def close_note(self, number: int) -> None:
        """Take a pop-up off the screen; one that is gone already is fine."""
        self._ask("CloseNotification", "u", (number,))

    def happenings(self) -> Iterator[Happening]:
        """What was told since the last time, without waiting. Raises BusLost at the end of it."""
        with _bus_errors(), contextlib.suppress(TimeoutError):
            while True:
                self._connection.recv_messages(timeout=0)
        while self._signals:
            yield from self._read(self._signals.popleft())

    def close(self) -> None:
        """Let go of the connection."""
        self._connection.close()

    def _listen(self) -> None:
        """Ask for what the service tells, and for who the service is."""
        from jeepney import MatchRule, message_bus  # type: ignore[import-untyped]

        told = MatchRule(type="signal", interface=SERVICE, path=_PATH)
        owner = MatchRule(type="signal", interface=message_bus.interface, member="NameOwnerChanged")
        owner.add_arg_condition(0, SERVICE)
        for kind in ("method_return", "error"):  # that come when nobody waits for them any more
            self._connection.filter(MatchRule(type=kind), queue=self._signals)
        for rule in (told, owner):
            self._connection.filter(rule, queue=self._signals)
            with _bus_errors():
                self._call(message_bus.AddMatch(rule))

    def _read(self, signal: Any) -> Iterator[Happening]:
        from jeepney import HeaderFields, MessageType

        if signal.header.message_type is not MessageType.signal:
            yield from _late(signal.body)
            return
        name, body = str(signal.header.fields[HeaderFields.member]), signal.body
        if name == "NameOwnerChanged":
            self._capabilities = None
            _, before, after = body
            yield from (Happening(name="gone"),) if before else ()
            yield from (Happening(name="came"),) if after else ()
        elif name in ("ActionInvoked", "NotificationClosed"):
            yield Happening(name=name, id=int(body[0]), detail=str(body[1]))

    def _ask(self, method: str, signature: str | None = None, body: tuple[Any, ...] = ()) -> Any:
        from jeepney import DBusAddress, new_method_call

        address = DBusAddress(_PATH, bus_name=SERVICE, interface=SERVICE)
        with _bus_errors():
            return self._call(new_method_call(address, method, signature, body))

    def _call(self, message: Any) -> Any:
        from jeepney.wrappers import unwrap_msg  # type: ignore[import-untyped]

        return unwrap_msg(self._connection.send_and_get_reply(message, timeout=self._seconds))


def _late(body: tuple[Any, ...]) -> Iterator[Happening]:
    """A late answer: a number is that of a pop-up, words are those of a refusal."""
    match body:
        case (int(number),):
            yield Happening(name="shown", id=number)
        case (str(),):
            yield Happening(name="shown")


def _session_bus() -> str:
    """The session bus by its variable, else where systemd puts it: a timer has no variables."""
    if os.environ.get("DBUS_SESSION_BUS_ADDRESS"):
        return "SESSION"
    usual = user_runtime_folder() / "bus"
    if not usual.exists():
        raise BusLost("This desktop cannot be reached", "There is no session bus")
    return f"unix:path={usual}"


@contextlib.contextmanager
def _bus_errors() -> Iterator[None]:
    """Turn what jeepney and its socket raise into our two errors."""
    from jeepney.wrappers import DBusErrorResponse

    try:
        yield
    except TimeoutError as error:
        raise TooSlow("The desktop did not answer in time") from error
    except DBusErrorResponse as error:
        nobody = error.name.startswith(_NOBODY)
        title = "No program on this desktop shows pop-ups" if nobody else "The desktop refused"
        raise NoDesktop(title, "" if nobody else error.name) from error
    except (OSError, RuntimeError, ValueError, KeyError, StopIteration) as error:
        raise BusLost("This desktop cannot be reached", "The session bus is gone") from error

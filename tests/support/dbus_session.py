"""A session bus of a test's own, and what can live on it: a desktop that shows pop-ups (real
dunst or a recorded one), and a keyring (real gnome-keyring, unlocked, locked, or none).

The bus starts nothing by itself: "there is no daemon" means that.
"""

from __future__ import annotations

import socket
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from jeepney import DBusAddress, message_bus, new_method_call  # type: ignore[import-untyped]
from jeepney.io.blocking import open_dbus_connection  # type: ignore[import-untyped]
from jeepney.wrappers import unwrap_msg  # type: ignore[import-untyped]

from tests.support.processes import PATIENCE, need, running, wait_until

NOTIFICATIONS = "org.freedesktop.Notifications"
SECRETS = "org.freedesktop.secrets"

_CONFIG = """<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN"
 "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig>
  <type>session</type>
  <listen>unix:path={socket}</listen>
  <auth>EXTERNAL</auth>
  <policy context="default">
    <allow send_destination="*" eavesdrop="true"/>
    <allow eavesdrop="true"/>
    <allow own="*"/>
  </policy>
</busconfig>
"""


@dataclass(frozen=True, slots=True)
class Bus:
    """A running session bus; `env` is what a process needs to live on it."""

    address: str
    process: subprocess.Popen[bytes]
    env: dict[str, str] = field(default_factory=dict)

    def call(
        self,
        name: str,
        path: str,
        interface: str,
        method: str,
        signature: str | None = None,
        *body: Any,
    ) -> Any:
        """Call a method on the bus from outside and return what it answered."""
        with open_dbus_connection(self.address) as connection:
            address = DBusAddress(path, bus_name=name, interface=interface)
            message = new_method_call(address, method, signature, body)
            return unwrap_msg(connection.send_and_get_reply(message, timeout=PATIENCE))

    def has(self, name: str) -> bool:
        """Whether somebody on the bus goes by that name."""
        with open_dbus_connection(self.address) as connection:
            reply = connection.send_and_get_reply(message_bus.NameHasOwner(name), timeout=PATIENCE)
            return bool(unwrap_msg(reply)[0])

    def stop(self) -> None:
        """End the bus, as a desktop that logs out does."""
        self.process.terminate()
        self.process.wait(PATIENCE)


@contextmanager
def session_bus(folder: Path, *, name: str = "bus") -> Iterator[Bus]:
    """A session bus with nothing on it."""
    need("dbus-daemon")
    place = folder / name
    config = folder / f"{name}.conf"
    config.write_text(_CONFIG.format(socket=place))
    place.unlink(missing_ok=True)
    with running(["dbus-daemon", f"--config-file={config}", "--nofork"]) as process:
        wait_until(lambda: _answers(place), what="the session bus")
        address = f"unix:path={place}"
        yield Bus(address, process, {"DBUS_SESSION_BUS_ADDRESS": address})


def _answers(path: Path) -> bool:
    """Whether somebody listens there; the socket lies in its folder a moment before."""
    with socket.socket(socket.AF_UNIX) as asked:
        return asked.connect_ex(str(path)) == 0


@dataclass(frozen=True, slots=True)
class RecordedDesktop:
    """A desktop that shows nothing, remembers every call, and clicks when told."""

    bus: Bus
    process: subprocess.Popen[bytes]

    def notes(self) -> list[tuple[Any, ...]]:
        """The arguments of every Notify so far: app, replaces, icon, title, body, ..."""
        (calls,) = self._mock("GetMethodCalls", "s", "Notify")
        return [tuple(_plain(one) for one in arguments) for _at, arguments in calls]

    def closed(self) -> list[int]:
        """The numbers that were asked to be closed."""
        (calls,) = self._mock("GetMethodCalls", "s", "CloseNotification")
        return [int(_plain(arguments[0])) for _at, arguments in calls]

    def click(self, number: int, action: str = "default") -> None:
        """Act as if somebody clicked the pop-up, or one of its buttons."""
        self._emit("ActionInvoked", "us", ("u", number), ("s", action))

    def close(self, number: int, reason: int = 2) -> None:
        """Act as if the pop-up went away; 2 is by a person, 1 by itself."""
        self._emit("NotificationClosed", "uu", ("u", number), ("u", reason))

    def _emit(self, signal: str, signature: str, *arguments: tuple[str, Any]) -> None:
        self._mock("EmitSignal", "sssav", NOTIFICATIONS, signal, signature, list(arguments))

    def _mock(self, method: str, signature: str, *body: Any) -> Any:
        path = "/org/freedesktop/Notifications"
        return self.bus.call(
            NOTIFICATIONS, path, "org.freedesktop.DBus.Mock", method, signature, *body
        )


@contextmanager
def recorded_desktop(
    bus: Bus, *, capabilities: str = "body body-markup actions"
) -> Iterator[RecordedDesktop]:
    """A notification service that records what it is told (python3-dbusmock)."""
    python = "/usr/bin/python3"
    if subprocess.run(
        [python, "-c", "import dbusmock"], capture_output=True, check=False
    ).returncode:
        need("python3-dbusmock")
    argv = [python, "-m", "dbusmock", "--template", "notification_daemon"]
    argv += ["--parameters", f'{{"capabilities": "{capabilities}"}}']
    with running(argv, env=bus.env) as process:
        wait_until(lambda: bus.has(NOTIFICATIONS), what="the recorded desktop")
        yield RecordedDesktop(bus, process)


@contextmanager
def unlocked_keyring(bus: Bus, home: Path) -> Iterator[subprocess.Popen[bytes]]:
    """A real gnome-keyring with an open "login" collection; first on its bus, as it must be."""
    with _keyring(bus, home, "--unlock", stdin=b"a test's password") as process:
        wait_until(lambda: _unlocked(bus), what="the open keyring")
        yield process


@contextmanager
def locked_keyring(bus: Bus, home: Path) -> Iterator[subprocess.Popen[bytes]]:
    """A real gnome-keyring whose "login" collection exists and is locked."""
    with unlocked_keyring(bus, home) as process:
        _secret_service(bus, "Lock", "ao", [_login_collection(bus)])
        wait_until(lambda: not _unlocked(bus), what="the locked keyring")
        yield process


def _login_collection(bus: Bus) -> str:
    return str(_secret_service(bus, "ReadAlias", "s", "default")[0])


def _unlocked(bus: Bus) -> bool:
    if not bus.has(SECRETS):
        return False
    path = _login_collection(bus)
    if path == "/":
        return False
    properties = "org.freedesktop.DBus.Properties"
    locked = bus.call(
        SECRETS, path, properties, "Get", "ss", "org.freedesktop.Secret.Collection", "Locked"
    )
    return not locked[0][1]


def _secret_service(bus: Bus, method: str, signature: str, *body: Any) -> Any:
    interface = "org.freedesktop.Secret.Service"
    return bus.call(SECRETS, "/org/freedesktop/secrets", interface, method, signature, *body)


@contextmanager
def _keyring(
    bus: Bus, home: Path, *arguments: str, stdin: bytes
) -> Iterator[subprocess.Popen[bytes]]:
    need("gnome-keyring-daemon")
    home.mkdir(parents=True, exist_ok=True)
    env = {
        **bus.env,
        "HOME": str(home),
        "XDG_DATA_HOME": str(home / "data"),
        "XDG_RUNTIME_DIR": str(home),
        "DISPLAY": "",
    }
    argv = ["gnome-keyring-daemon", "--foreground", "--components=secrets", *arguments]
    with running(argv, env=env, stdin=stdin) as process:
        wait_until(lambda: bus.has(SECRETS), what="the keyring")
        yield process


def _plain(value: Any) -> Any:
    """A value without the variant that the recording put round it."""
    return value[1] if isinstance(value, tuple) and len(value) == 2 else value

"""A place beside the clock: the service on the session bus that Qt asks before it shows a mark
(org.kde.StatusNotifierWatcher), played by python3-dbusmock, and hands that click the mark."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from tests.support.dbus_session import Bus
from tests.support.processes import need, running, wait_until

_WATCHER = "org.kde.StatusNotifierWatcher"
_ITEM = "org.kde.StatusNotifierItem"
_PATH = "/StatusNotifierWatcher"
_MOCK = "org.freedesktop.DBus.Mock"


@dataclass(frozen=True, slots=True)
class TrayHost:
    """What came to it, and what it says."""

    bus: Bus

    def item(self) -> str:
        """The name on the bus of the last mark that came; empty while none did."""
        calls = self.bus.call(
            _WATCHER, _PATH, _MOCK, "GetMethodCalls", "s", "RegisterStatusNotifierItem"
        )[0]
        return str(calls[-1][1][0][1]) if calls else ""

    def tool_tip(self) -> str:
        """What the mark says to whoever points at it."""
        _, _, title, text = self._property("ToolTip")
        return f"{title}\n{text}".strip()

    def click(self) -> None:
        """Click the mark."""
        self.bus.call(self.item(), "/StatusNotifierItem", _ITEM, "Activate", "ii", 0, 0)

    def _property(self, name: str) -> Any:
        properties = "org.freedesktop.DBus.Properties"
        path = "/StatusNotifierItem"
        return self.bus.call(self.item(), path, properties, "Get", "ss", _ITEM, name)[0][1]


@contextmanager
def tray_host(bus: Bus) -> Iterator[TrayHost]:
    """A desktop's tray on this bus; what is started afterwards finds it."""
    python = "/usr/bin/python3"
    if subprocess.run(
        [python, "-c", "import dbusmock"], capture_output=True, check=False
    ).returncode:
        need("python3-dbusmock")
    argv = [python, "-m", "dbusmock", "--session", _WATCHER, _PATH, _WATCHER]
    with running(argv, env=bus.env):
        wait_until(lambda: bus.has(_WATCHER), what="the tray")
        for name, value in (
            ("IsStatusNotifierHostRegistered", ("b", True)),
            ("ProtocolVersion", ("i", 0)),
            ("RegisteredStatusNotifierItems", ("as", [])),
        ):
            bus.call(_WATCHER, _PATH, _MOCK, "AddProperty", "ssv", _WATCHER, name, value)
        method = ("RegisterStatusNotifierItem", "s", "", "")
        bus.call(_WATCHER, _PATH, _MOCK, "AddMethod", "sssss", _WATCHER, *method)
        yield TrayHost(bus)

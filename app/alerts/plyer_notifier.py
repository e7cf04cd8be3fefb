"""Plyer: the last resort where no better notifier works; it announces and cannot be clicked.

What it is given comes from mails, and on Linux it hands it to notify-send, so everything goes
through `safe_text`. It never tells whether the desktop showed anything: a delivery through it
counts as not shown, and the banner in the window stays.
"""

from __future__ import annotations

import logging
import queue
import shutil
import subprocess
import sys
import threading
from collections.abc import Callable

from app.alerts.notifier import Delivered
from app.alerts.text import BODY_UNITS, TITLE_UNITS, safe_text
from app.domain.alert import Alert, Delivery

NAME = "plyer"

_LINUX, _MACOS = sys.platform.startswith("linux"), sys.platform == "darwin"
_SECONDS = 10.0
_WAITING = 16
_SCRIPT = "on run argv\ndisplay notification (item 2 of argv) with title (item 1 of argv)\nend run"
_ON_SCREEN = 5  # on Windows its thread sleeps that long and would hold up our end

_log = logging.getLogger(__name__)

Announce = Callable[[str, str], None]


class PlyerNotifier:
    """Announces alerts through plyer one after the other, from a thread of its own."""

    def __init__(self, *, announce: Announce | None = None, seconds: float = _SECONDS) -> None:
        """`announce` shows a title and a body, by default through plyer; it gets `seconds`."""
        self._announce = announce or _plyer
        self._seconds = seconds
        self._jobs: queue.Queue[tuple[Alert, Delivered]] = queue.Queue(_WAITING)
        self._lock = threading.Lock()
        self._worker: threading.Thread | None = None
        self._call: threading.Thread | None = None
        self._stopped = False

    def notify(self, alert: Alert, delivered: Delivered) -> None:
        """Announce it soon; reported as not shown, because nobody tells us otherwise."""
        with self._lock:
            taken = not self._stopped and not self._jobs.full()
            if taken:
                self._jobs.put_nowait((alert, delivered))
                self._started()
        if not taken:
            delivered(alert, _unproven("plyer takes no more alerts."))

    def withdraw(self, what: str) -> None:
        """Nothing: plyer cannot take back what it announced."""

    def when_back(self, call: Callable[[], None]) -> None:
        """Nothing: plyer does not know whether anybody shows what it announces."""

    def stop(self) -> None:
        """Announce nothing more; what waits is reported."""
        with self._lock:
            self._stopped = True
            worker = self._worker
        if worker is not None and worker is not threading.current_thread():
            worker.join(self._seconds + 1)

    def _started(self) -> None:
        if self._worker is None:
            self._worker = threading.Thread(target=self._work, name="alerts-plyer", daemon=True)
            self._worker.start()

    def _work(self) -> None:
        """Announce what waits, and end: an idle notifier costs no thread."""
        while True:
            with self._lock:
                if self._jobs.empty():
                    self._worker = None
                    return
                alert, delivered = self._jobs.get_nowait()
            detail = self._tried(alert)
            try:
                delivered(alert, _unproven(detail))
            except Exception:  # noqa: BLE001 - whatever it is, it is logged whole
                _log.exception("an alert's callback failed")

    def _tried(self, alert: Alert) -> str:
        """Announce it in a thread that can be given up, and say what came of it."""
        if self._stopped:
            return "Frontburner is ending."
        if self._call is not None and self._call.is_alive():
            return "plyer still hangs on an alert before."
        outcome: list[str] = []
        self._call = threading.Thread(
            target=lambda: outcome.append(_announced(self._announce, alert)),
            name="alerts-plyer-call",
            daemon=True,
        )
        self._call.start()
        self._call.join(self._seconds)
        return outcome[0] if outcome else "plyer did not come back."


def _announced(announce: Announce, alert: Alert) -> str:
    """Announce it and say what came of it, in a sentence."""
    title = safe_text(alert.title, units=TITLE_UNITS, markup=False)
    body = safe_text(alert.body.replace("\n", " - "), units=BODY_UNITS, markup=_LINUX)
    try:
        announce(title, body)
    except NotImplementedError:
        return "plyer knows no way to show it."
    except Exception as error:  # noqa: BLE001 - plyer raises whatever its platform's calls raise
        return f"plyer failed ({type(error).__name__})."
    return "Handed over; the desktop does not say whether it was shown."


def _plyer(title: str, body: str) -> None:
    """Hand it to plyer.

    On Linux past its chooser: that takes any folder /app for a Flatpak and joins the text into a
    command, and it warns whenever dbus-python is missing. On macOS it needs a bridge to Objective-C
    for a call that macOS has given up; the system's own script language shows it there.
    """
    if _MACOS:
        subprocess.run(told_to_macos(title, body), check=True, timeout=_SECONDS)  # noqa: S603
        return
    if not _LINUX:
        import plyer

        plyer.notification.notify(
            title=title, message=body, app_name="Frontburner", timeout=_ON_SCREEN
        )
        return
    if shutil.which("notify-send") is None:
        raise NotImplementedError
    from plyer.platforms.linux.notification import NotifySendNotification

    NotifySendNotification().notify(title=title, message=body, app_name="Frontburner")


def told_to_macos(title: str, body: str) -> list[str]:
    """The command by which macOS shows it (Mac Automation Scripting Guide, "Displaying
    Notifications"); what comes from mails stands beside the script and never in it."""
    return ["/usr/bin/osascript", "-e", _SCRIPT, title, body]


def _unproven(detail: str) -> Delivery:
    return Delivery(shown=False, by=NAME, detail=detail)

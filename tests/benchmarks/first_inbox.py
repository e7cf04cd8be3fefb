"""First inbox: from the start of the program on a new profile to a list in its order.

    python -m tests.benchmarks.first_inbox

A real window on a screen, a real Dovecot over TLS with 5,000 mails of three years, a thousand of
them of these days, and a hand that types as slowly as a person. The server is unknown to us, so
its six details are typed too: a mailbox of a known provider needs the address and a password.
"""

from __future__ import annotations

import sys
import tempfile
import time
from datetime import timedelta
from pathlib import Path

from app.storage import awaiting, folders
from app.storage.database import open_reader
from tests.benchmarks import ingest
from tests.benchmarks.figures import Budget, report
from tests.support.dbus_session import unlocked_keyring
from tests.support.dovecot import DovecotServer, Mailbox
from tests.support.program import Program
from tests.support.window import Desktop, Window, desktop, opened

_MAILS = 5_000
_YEARS = timedelta(days=3 * 365)
_A_LETTER_MS = 200  # forty words a minute
_LONGEST = 600.0


def main() -> int:
    """One newcomer."""
    with (
        tempfile.TemporaryDirectory(prefix="first-inbox-") as name,
        DovecotServer() as server,
        desktop(Path(name)) as desk,
        unlocked_keyring(desk.bus, Path(name) / "keyring"),
    ):
        mailbox = server.user(password="benchmark")
        for first in range(0, _MAILS, 1000):
            some = ingest.mails(range(first, first + 1000), total=_MAILS)
            mailbox.add(some, at=ingest.arrival(first, total=_MAILS, over=_YEARS))
        home = {"HOME": name, "XDG_CONFIG_HOME": f"{name}/config"}
        program = Program(profile=Path(name) / "profile", environment={**desk.environment, **home})
        try:
            _newcomer(program, desk, mailbox)
        finally:
            program.stop()
    return 0


def _newcomer(program: Program, desk: Desktop, mailbox: Mailbox) -> None:
    began = time.monotonic()
    with opened(program, desk) as window:
        window.wait_for_focus("Mail address of the shop")
        seen = time.monotonic()
        _type_everything(window, mailbox)
        typed = time.monotonic()
        window.wait_for("Fold the reasons", seconds=_LONGEST)  # an issue, why, and its place
        first = time.monotonic()
        window.wait(lambda: _is_all_judged(program), what="all is judged", seconds=_LONGEST)
        whole = time.monotonic()
    report(
        "first_inbox",
        f"start to a first list in its order, a new mailbox of {_MAILS:,} mails, typed by hand",
        "s",
        [first - began],
        Budget(statistic="median", at_most=180),
        start_to_the_first_page=round(seen - began, 1),
        typing_by_hand=round(typed - seen, 1),
        return_key_to_the_first_list=round(first - typed, 1),
        until_the_recent_thousand_is_judged_too=round(whole - first, 1),
    )


def _type_everything(window: Window, mailbox: Mailbox) -> None:
    settings = mailbox.settings()
    _write(window, settings["address"])
    window.press("Return")
    window.wait_for_focus("Password")
    _write(window, mailbox.password)
    for name, value in (
        ("User name", settings["user"]),
        ("Incoming server", settings["host"]),
        ("Port", settings["port"]),
        ("Certificate file", settings["ca_file"]),
    ):
        window.tab_to(name)
        window.press("ctrl+a")
        _write(window, value)
    window.press("Return")
    window.wait_for("Connect all the same")  # nothing is sent here
    window.tab_to("Connect all the same")
    window.press("space")


def _write(window: Window, text: str) -> None:
    for letter in text:
        window.write(letter)
        time.sleep(_A_LETTER_MS / 1000)


def _is_all_judged(program: Program) -> bool:
    db = open_reader(program.profile / "frontburner.db")
    try:
        stored = sum(one.stored for one in folders.proofs(db))
        return stored >= _MAILS and not awaiting.count(db)
    finally:
        db.close()


if __name__ == "__main__":
    sys.exit(main())

"""Verbs: from the key to its painted answer while a first sync of 20,000 mails runs beside it.

    python -m tests.benchmarks.verbs

The window of a profile with 200,000 messages, its engine, and a real Dovecot over TLS. First a
minute in peace, then a second mailbox is connected and the same hands work until all is stored.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from app.config.paths import Profile
from app.engine.client import EngineClient
from app.storage import folders
from app.storage.database import open_reader
from tests.benchmarks.figures import Budget, percentile, report
from tests.benchmarks.large_profile import FOLDER, ROOT, YEARS, profile
from tests.benchmarks.mail import MAILS, fill
from tests.benchmarks.real_window import stop_engine, surroundings
from tests.support.dovecot import DovecotServer

_SETTLED, _PEACE, _LONGEST = 10.0, 60.0, 900.0
_READ = ("next, the issue is there", "the search has found")  # what is read from the disk first


def main() -> int:
    """In peace, then beside the sync."""
    with DovecotServer() as server, _copy(profile(YEARS)) as place:
        mailbox = server.user(password="benchmark")
        fill(mailbox)
        with _hands(place) as hands:
            time.sleep(_SETTLED)
            hands.begin()
            time.sleep(_PEACE)
            _report(hands.end(), "in peace")
            hands.begin()
            seconds = _first_sync(place, mailbox.settings(folders="INBOX"), hands)
            _report(hands.end(), f"while a first sync of {MAILS:,} mails runs", seconds=seconds)
    return 0


class _Hands:
    """The window's process (tests/benchmarks/hands)."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self._process = process
        self._line()

    def begin(self) -> None:
        """Work."""
        self._ask()

    def end(self) -> dict[str, Any]:
        """Stop; what was measured."""
        self._ask()
        found: dict[str, Any] = json.loads(self._line())
        return found

    def require(self) -> None:
        """Raise if they work no more: what they should measure could go on without them."""
        if (status := self._process.poll()) is not None:
            raise RuntimeError(f"the window ended with {status}")

    def _ask(self) -> None:
        assert self._process.stdin is not None
        self._process.stdin.write("\n")
        self._process.stdin.flush()

    def _line(self) -> str:
        assert self._process.stdout is not None
        said = self._process.stdout.readline()
        if not said:
            raise RuntimeError(f"the window ended with {self._process.wait()}")
        return said


@contextmanager
def _hands(place: Profile) -> Iterator[_Hands]:
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.benchmarks.hands", str(place.folder)],
        cwd=ROOT,
        env=surroundings(),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        yield _Hands(process)
    finally:
        process.kill()
        process.communicate()
        stop_engine(place)


@contextmanager
def _copy(place: Profile) -> Iterator[Profile]:
    """The same profile once more, since this one gets mail."""
    with tempfile.TemporaryDirectory(prefix="hands-", dir=FOLDER) as folder:
        made = Path(folder) / "profile"
        shutil.copytree(place.folder, made, ignore=shutil.ignore_patterns("*.sock", "*.lock"))
        yield Profile(made).make()


def _first_sync(place: Profile, settings: dict[str, str], hands: _Hands) -> float:
    """Connect the mailbox; the seconds until all its mail is stored."""
    client, began = EngineClient(place, stay=True), time.monotonic()
    client.call(
        "account_add", name="Second", type="imap", settings=settings,
        secret_command="echo benchmark",
    )  # fmt: skip
    db = open_reader(place.database)
    while _stored(db) < MAILS:
        hands.require()
        if time.monotonic() - began > _LONGEST:
            raise RuntimeError(f"after {_LONGEST:.0f} s only {_stored(db):,} mails were stored")
        time.sleep(0.1)
    db.close()
    client.close()
    return round(time.monotonic() - began, 1)


def _stored(db: Any) -> int:
    return sum(one.stored for one in folders.proofs(db) if one.account == "Second")


def _report(found: dict[str, Any], when: str, **notes: object) -> None:
    times: dict[str, list[float]] = found["times"]
    at_once = [each for name, some in times.items() if name not in _READ for each in some]
    report(
        "verbs",
        f"a key to its painted answer, {when}",
        "ms",
        at_once,
        Budget(statistic="p99", at_most=50),
        p99_of=_p99(times),
        p99_of_work=_p99(found["work"]),
        n_of={name: len(some) for name, some in times.items()},
        **notes,
    )
    read = [each for name in _READ for each in times.get(name, ())]
    what = "an issue whole, or what a search found, to its painting"
    report("verbs", f"{what}, {when}", "ms", read, Budget(statistic="p99", at_most=150))
    gaps = found["gaps"]
    what = "how much later than asked the window's own timer was"
    report("verbs", f"{what}, {when}", "ms", gaps, Budget(statistic="p99", at_most=50))


def _p99(times: dict[str, list[float]]) -> dict[str, float]:
    return {name: round(percentile(sorted(some), 99), 1) for name, some in times.items()}


if __name__ == "__main__":
    sys.exit(main())

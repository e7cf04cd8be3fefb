"""Copies of a profile watched: real files, a real writer, a time that is moved by hand.

What a second engine would do after a kill is done with a second `Copying` on the same profile.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass, field
from datetime import UTC, timedelta
from pathlib import Path

from app.config.paths import Profile
from app.config.settings import Settings
from app.engine.copying import Copying
from app.engine.customer_desk import CustomerDesk
from app.storage import alerts, messages
from app.storage import profile as profile_rows
from tests.support.engine import Engine


@dataclass
class Watched:
    """Copying over an engine's profile, with all that moves it in a test's hand."""

    engine: Engine
    settings: Settings = field(default_factory=Settings)
    seconds: float = 0.0
    is_busy: bool = False
    portions: int = 0
    between: Callable[[], object] = bool

    def __post_init__(self) -> None:
        self.profile = Profile(self.engine.database.parent)
        self.copying = self.anew()

    def anew(self) -> Copying:
        """As an engine that starts makes it."""
        return Copying(
            profile=self.profile, writer=self.engine.writer, settings=lambda: self.settings,
            clock=self.engine.clock, busy=lambda: self.is_busy, publish=lambda _: None,
            zone=lambda: UTC, steady=lambda: self.seconds, rest=self._rest,
        )  # fmt: skip

    def _rest(self, seconds: float) -> None:
        self.seconds += seconds
        self.portions += 1
        self.between()

    def work_for(self, **length: float) -> None:
        """Time passes for both clocks, and it looks at the end."""
        gone = timedelta(**length)
        self.seconds += gone.total_seconds()
        self.engine.clock.at += gone
        self.copying.step()

    @property
    def files(self) -> list[Path]:
        return [one.file for one in self.copying._shelf().daily()]

    def told(self) -> list[str]:
        return [one.title for one in self.engine.writer.do(alerts.queued)]


def mails(file: Path) -> int:
    with closing(sqlite3.connect(f"{file.as_uri()}?mode=ro&immutable=1", uri=True)) as db:
        assert db.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        return messages.count(db)


def fill(watched: Watched) -> None:
    """As much as is copied in several portions."""
    watched.engine.writer.do(lambda db: profile_rows.set_meta(db, "filling", "x" * 6_000_000))


def damage(path: Path) -> None:
    """Zeroes in the middle of the file, as a disk that forgets leaves them."""
    with closing(sqlite3.connect(path)) as db:
        db.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
        (root,) = db.execute("SELECT rootpage FROM sqlite_master WHERE name = 'journal'").fetchone()
    with path.open("r+b") as file:
        file.seek((root - 1) * 4096)
        file.write(bytes(4096))


def bring(watched: Watched) -> None:
    """130 MB of something."""
    for _ in range(2):
        watched.engine.writer.do(
            lambda db: db.execute("INSERT INTO bulk VALUES (zeroblob(65000000))")
        )


def desk(watched: Watched) -> CustomerDesk:
    return CustomerDesk(
        profile=watched.profile, writer=watched.engine.writer, standing=watched.engine.standing,
        clock=watched.engine.clock, publish=lambda _: None, unlearn=lambda: None,
        copying=watched.copying,
    )  # fmt: skip

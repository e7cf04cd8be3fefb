"""A desktop that is played, and mails that make it ring."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import UTC

from app.domain.alert import Alert, Delivery
from app.engine.rewording import Rewording
from app.engine.ringer import Ringer
from app.storage import alerts
from tests.support.engine import Engine, a_letter


class PlayedDesktop:
    """Takes alerts, shows them or not, or never says; and remembers what was taken away again."""

    def __init__(self, *, shows: bool = True, says: bool = True) -> None:
        self.shows, self.says = shows, says
        self.taken: list[Alert] = []
        self.withdrawn: list[str] = []
        self.reported = threading.Event()

    def notify(self, alert, delivered) -> None:
        self.taken.append(alert)
        if self.says:
            delivered(alert, Delivery(shown=self.shows, by="played"))
        self.reported.set()

    def withdraw(self, what: str) -> None:
        self.withdrawn.append(what)

    def when_back(self, call: Callable[[], None]) -> None:
        self.comes_back = call

    def stop(self) -> None:
        pass


def an_injury(number: int = 1) -> bytes:
    """Something that cannot wait."""
    return a_letter(
        "My daughter was cut by the chipped bowl and is in hospital. Our lawyer will sue you.",
        subject=f"Injury {number}",
        sender=f"Person {number} <p{number}@customer.example>",
        message_id=f"<injury{number}@customer.example>",
    )


def queued(engine: Engine) -> tuple[Alert, ...]:
    return engine.writer.do(alerts.queued)


def ringer_of(engine: Engine, desktop: PlayedDesktop) -> Ringer:
    return Ringer(
        writer=engine.writer,
        notifier=desktop,
        clock=engine.clock,
        publish=engine.moved.append,
        settings=lambda: engine.settings,
        zone=lambda: UTC,
        first=engine.ringing.first,
        rewording=Rewording(ringing=engine.ringing, disputing=engine.disputing, zone=lambda: UTC),
    )

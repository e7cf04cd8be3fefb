"""Demo: the postman of the sample shop, who puts its mails into the folder that is watched.

What is past lies there at once; the live mails come when they are due, from a thread of his own.
From the folder on they are mail like any other.
"""

from __future__ import annotations

import logging
import os
import threading
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

from app.config.system import put_in_place
from app.domain.clock import Clock
from app.engine.sample_mail import SampleMail
from app.engine.sample_shop import SampleShop

_log = logging.getLogger(__name__)


class Feeder:
    """Writes the sample shop's mails as <id>.eml; the time of each file is its arrival."""

    def __init__(self, folder: Path, shop: SampleShop, *, clock: Clock, speed: float = 1.0) -> None:
        """`speed` 2.0 lets the live mails arrive twice as fast."""
        self._folder = folder
        self._shop = shop
        self._clock = clock
        self._speed = speed
        self._stopped = threading.Event()
        self._thread: threading.Thread | None = None

    def start(self) -> None:
        """Write what is past, and begin to wait for what is due later. Only once."""
        now = self._clock.now()
        mails = self._shop.mails(now)
        self._write([mail for mail in mails if mail.live_after is None])
        live = tuple(mail for mail in mails if mail.live_after is not None)
        self._thread = threading.Thread(
            target=self._deliver, args=(now, live), name="sample-shop", daemon=True
        )
        self._thread.start()

    def stop(self) -> None:
        """Bring nothing more; returns when the thread has ended."""
        self._stopped.set()
        if self._thread is not None:
            self._thread.join()

    def write_all(self) -> int:
        """Write every mail at once, the live ones as if the last of them came now; how many."""
        return self._write(self._shop.mails(self._clock.now() - self._shop.longest_wait))

    def _deliver(self, began_at: datetime, mails: Sequence[SampleMail]) -> None:
        try:
            for mail in mails:
                wait = (mail.live_after or timedelta()) / self._speed
                if not self._waited_until(began_at + wait):
                    return
                self._write([replace(mail, arrives_at=self._clock.now())])
        except OSError:
            _log.warning("The sample shop brings no more mail: its folder is gone or full")

    def _waited_until(self, due_at: datetime) -> bool:
        """Wait; False when the feeder was stopped meanwhile."""
        left = (due_at - self._clock.now()).total_seconds()
        return not self._stopped.wait(max(0.0, left))

    def _write(self, mails: Sequence[SampleMail]) -> int:
        """Write those that are not there yet, each whole or not at all; how many were given."""
        self._folder.mkdir(parents=True, exist_ok=True)
        for mail in mails:
            path = self._folder / f"{mail.id}.eml"
            if path.exists():
                continue
            part = path.with_suffix(".part")
            part.write_bytes(mail.to_bytes())
            arrived = mail.arrives_at.timestamp()
            os.utime(part, (arrived, arrived))
            put_in_place(part, path)
        return len(mails)

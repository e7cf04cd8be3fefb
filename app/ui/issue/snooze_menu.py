"""Until when an issue sleeps, asked in a menu: each choice by its figure, and any other instant."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from PySide6.QtWidgets import QMenu

from app.domain.translation import tr
from app.ui.issue.moment_picker import MomentPicker
from app.ui.issue.snooze_choices import another_day, snooze_choices


def fill_snooze(menu: QMenu, local_now: datetime, sleep: Callable[[datetime], object]) -> None:
    """Until when; `local_now` is aware, in the owner's zone, and `sleep` gets the instant."""
    for number, choice in enumerate(snooze_choices(local_now), 1):
        action = menu.addAction(f"&{number}   {choice.words}")
        action.triggered.connect(lambda _=False, until=choice.until: sleep(until))
    menu.addSeparator()
    picker = MomentPicker(
        menu, local_now=local_now, at=another_day(local_now), verb=tr("Snooze until then")
    )
    picker.picked.connect(sleep)
    menu.addAction(picker)

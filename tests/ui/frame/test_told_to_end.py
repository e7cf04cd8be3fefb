"""A window that is told to end by a signal ends as if a person had closed it."""

from __future__ import annotations

import os
import signal

import pytest
from PySide6.QtCore import QObject

from app.ui.told_to_end import ToldToEnd


@pytest.mark.skipif(os.name == "nt", reason="Windows ends a process without asking it")
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_is_heard_though_nothing_happens_in_the_window(qtbot, number):
    """Once, and in the loop; whoever insists is obeyed by the system."""
    parent, heard = QObject(), []
    told = ToldToEnd(lambda: heard.append(number), parent)
    os.kill(os.getpid(), number)
    qtbot.waitUntil(lambda: heard == [number], timeout=20_000)
    assert signal.getsignal(number) is signal.SIG_DFL
    told.stop()


def test_afterwards_signals_mean_what_they_meant(qtbot):
    before = [signal.getsignal(number) for number in (signal.SIGTERM, signal.SIGINT)]
    parent = QObject()
    told = ToldToEnd(lambda: None, parent)
    told.stop()
    assert [signal.getsignal(one) for one in (signal.SIGTERM, signal.SIGINT)] == before

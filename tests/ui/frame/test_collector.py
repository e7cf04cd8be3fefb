"""Garbage is collected in Qt's thread only."""

from __future__ import annotations

import gc
import threading

from pytestqt.qtbot import QtBot

from app.ui.collector import Collector


class Cycle:
    """Something that only the collector can free; notes in which thread it went."""

    def __init__(self, went: list[int]) -> None:
        self.me = self
        self.went = went

    def __del__(self) -> None:
        self.went.append(threading.get_ident())


def test_a_busy_thread_frees_nothing_and_qts_thread_does(qtbot: QtBot):
    went: list[int] = []
    collector = Collector()
    try:
        thread = threading.Thread(target=lambda: [Cycle(went) for _ in range(5000)])
        thread.start()
        thread.join()
        assert went == []
        collector.collect()
        assert set(went) == {threading.get_ident()}
    finally:
        collector.stop()
    assert gc.isenabled()

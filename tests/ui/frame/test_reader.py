"""The reader: answers in Qt's thread, and only the newest question of a topic."""

from __future__ import annotations

import threading
from functools import partial

from app.ui.reader import Queries, Reader


def test_an_answer_arrives_in_qts_thread_and_is_read_in_another(reader: Reader, until):
    heard: list[tuple[int, int]] = []
    reader.ask(
        "ids", lambda _: threading.get_ident(), lambda at: heard.append((at, threading.get_ident()))
    )
    until(lambda: bool(heard))
    read_at, told_at = heard[0]
    assert told_at == threading.get_ident() != read_at


def _say(text: str, _queries: Queries) -> str:
    return text


def test_who_types_on_gets_only_the_newest_answer(reader: Reader, until):
    heard: list[str] = []
    gate = threading.Event()
    reader.ask("search", lambda _: gate.wait(60), lambda _: heard.append("old"))
    for text in "mugs":
        reader.ask("search", partial(_say, text), heard.append)
    gate.set()
    until(lambda: bool(heard))
    assert heard == ["s"]


def test_a_dropped_topic_stays_silent(reader: Reader, until):
    heard: list[str] = []
    gate = threading.Event()
    reader.ask("changes", lambda _: gate.wait(60), lambda _: heard.append("changes"))
    reader.drop("changes")
    gate.set()
    reader.ask("ids", lambda _: "ids", heard.append)
    until(lambda: bool(heard))
    assert heard == ["ids"]


def test_what_was_on_its_way_when_it_was_stopped_does_not_arrive(reader: Reader, qtbot):
    """A page may be deleted by then."""
    heard: list[str] = []
    read = threading.Event()

    def answer(_queries: Queries) -> str:
        read.set()
        return "ids"

    reader.ask("ids", answer, heard.append)
    assert read.wait(60)
    reader.stop()
    qtbot.wait(50)
    assert heard == []


def test_an_error_goes_to_who_asked_or_else_to_everybody(reader: Reader, until):
    def fail(_queries):
        raise ValueError("no")

    beside: list[Exception] = []
    everybody: list[Exception] = []
    reader.failed.connect(everybody.append)
    reader.ask("one", fail, print, failed=beside.append)
    reader.ask("two", fail, print)
    until(lambda: bool(everybody) and bool(beside))

"""Large deliveries are read by a process beside the engine: the same words, whatever befalls it."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path

import pytest

from app.config.processes import own_command, spawn_helper
from app.domain.mailbox import FetchedMail
from app.engine.reader import Reader, read
from app.engine.reading import Reading
from tests.support.engine import NOON, a_letter
from tests.support.mails import a_mail
from tests.support.processes import wait_until

_OWNER = """
import time
from app.config.processes import own_command, spawn_helper
print(spawn_helper(own_command("engine", "--read")).pid, flush=True)
time.sleep(60)
"""
_LARGE = 60  # mails; from 50 on a batch counts as large
_STRANGE = (
    b"",
    b"\n\n",
    b"no header at all, and no end either",
    b"From: a@b.example\nDate: Tue, 99 Zed 0000 99:99:99 +9999\n\n\xff\xfe\x00half",
    (
        b"Subject: =?utf-7?q?+2D0-?= and =?utf-16?b?2D0=?=\nContent-Type: text/plain; charset=utf-7"
        b"\n\n+2D0- half a letter"
    ),
    (
        b"From: x@y.example\nContent-Type: multipart/mixed; boundary=b\n\n--b\n\nhello\n--b\n"
        b"Content-Type: application/pdf; name=invoice.pdf\nContent-Transfer-Encoding: base64\n\n"
        b"JVBERi0xLjQK\n--b--\n"
    ),
    b"To: a@b.example\nContent-Type: text/html\n\n<p style='display:none'>x</p><b>&#x1F600;</b>",
)


@cache
def some(count: int = _LARGE) -> tuple[FetchedMail, ...]:
    """Letters, with the strangest mails among them; the server does not say when one came."""
    raws = [*_STRANGE, *(a_letter(message_id=f"<{n}@customer.example>") for n in range(count))]
    never = datetime(1970, 1, 1, tzinfo=UTC)
    return tuple(
        FetchedMail(
            uid=uid,
            raw=raw,
            received_at=never if uid == 9 else NOON,
            size=len(raw),
            complete=uid != 11,
        )
        for uid, raw in enumerate(raws[:count], 1)
    )


@cache
def here(mails: tuple[FetchedMail, ...]) -> tuple[Reading, ...]:
    """What is to come out."""
    return tuple(read(one, now=NOON) for one in mails)


@pytest.fixture
def make() -> Iterator[Callable[..., Reader]]:
    """A reader that has seen two large batches, so that the next one goes to the process."""
    made: list[Reader] = []

    def reader(**settings: object) -> Reader:
        one = Reader(**settings)  # type: ignore[arg-type]
        made.append(one)
        for _ in range(2):
            assert one.begin(some(), now=NOON).done()
        return one

    yield reader
    for one in made:
        one.stop()


def _lives(pid: int) -> bool:
    """Whether there is such a process that has not ended."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def answered(reader: Reader, mails: Sequence[FetchedMail]) -> tuple[Reading, ...]:
    return reader.begin(mails, now=NOON).result(timeout=60)


def test_what_the_process_reads_is_what_is_read_here(make):
    """Letters, broken mails, half letters, a mail left in part on its server: all equal."""
    reader = make()
    assert answered(reader, some()) == here(some())
    assert reader.pid is not None


def test_a_few_mails_are_read_at_once_without_a_process(make):
    """New mail on a quiet day waits for nobody."""
    reader = make()
    asked = reader.begin(some(49), now=NOON)
    assert asked.done()
    assert asked.result() == here(some(49))
    assert reader.pid is None


def test_a_killed_process_costs_nothing_but_time(make):
    """kill -9: the batch is read in the engine, and the next large ones by a new process."""
    reader = make()
    answered(reader, some())
    pid = reader.pid
    os.kill(pid, signal.SIGKILL)
    assert answered(reader, some()) == here(some())
    for _ in range(3):
        assert answered(reader, some()) == here(some())
    assert reader.pid not in (None, pid)


@pytest.mark.parametrize(
    "program",
    [
        "raise SystemExit(3)",
        "import sys; sys.stdin.buffer.read(4); sys.stdout.write('what do you want?'); sys.exit()",
        "import sys; sys.stdout.buffer.write((9).to_bytes(4) + bytes(9)); sys.stdout.flush()",
        "import sys; sys.stdout.buffer.write((1).to_bytes(4) + bytes((0x90,))); sys.stdout.flush()",
    ],
)
def test_a_process_that_cannot_read_is_not_asked_for_long(make, program):
    """It ends at once, says nonsense, or leaves mails out: they are read here, and soon always."""
    started: list[str] = []

    def command() -> list[str]:
        started.append(program)
        return [sys.executable, "-c", program]

    reader = make(command=command)
    for _ in range(16):
        assert answered(reader, some()) == here(some())
    assert len(started) == 3


def test_a_program_that_is_not_there_is_no_failure_of_the_mailbox(make, tmp_path):
    """A bundle without its own program, a machine without room for a process."""
    reader = make(command=lambda: [str(tmp_path / "nothing")])
    assert answered(reader, some()) == here(some())


def test_the_process_ends_when_nothing_has_come_for_a_while(make):
    """Its memory is given back."""
    reader = make(kept=0.2)
    answered(reader, some())
    pid = reader.pid
    wait_until(lambda: not _lives(pid), what="its end")
    assert reader.pid is None


def test_the_process_ends_with_the_engine_however_that_ends():
    """Nobody is left to ask it when the engine is killed: its stdin ends."""
    owner = subprocess.Popen(
        [sys.executable, "-c", _OWNER],
        cwd=Path(__file__).parents[3],
        stdout=subprocess.PIPE,
        text=True,
    )
    assert owner.stdout is not None
    pid = int(owner.stdout.readline())
    owner.kill()
    owner.communicate()
    wait_until(lambda: not _lives(pid), what="its end")


def test_the_process_holds_neither_window_nor_models():
    """What it does not load it cannot leak, and does not pay for."""
    process = spawn_helper(own_command("engine", "--read"))
    assert process.stdin is not None
    try:
        maps = Path(f"/proc/{process.pid}/maps")
        wait_until(lambda: "selectolax" in maps.read_text(), what="its start")
        mapped = maps.read_text()
        assert not [name for name in ("Qt6", "numpy", "cryptography") if name in mapped]
    finally:
        process.stdin.close()
        assert process.wait(60) == 0
        if process.stdout is not None:
            process.stdout.close()


@pytest.mark.parametrize(
    ("said", "sent", "expected"),
    [
        (1970, NOON - timedelta(days=3), NOON - timedelta(days=3)),
        (26, NOON - timedelta(days=3), NOON - timedelta(days=3)),  # "01-May-26"
        (1970, NOON + timedelta(days=400), NOON),  # its sender's clock is wrong
        (1970, datetime(1975, 1, 1, tzinfo=UTC), NOON),
        (1970, None, NOON),
        (2024, NOON, datetime(2024, 1, 1, tzinfo=UTC)),
    ],
)
def test_a_mail_whose_arrival_cannot_be_read_came_when_it_was_sent_and_never_later_than_now(
    said, sent, expected
):
    """Else it counts as a mail of 1970: closed at once, and never told of."""
    raw = a_mail(at=sent)
    arrived = datetime(said, 1, 1, tzinfo=UTC)
    mail = FetchedMail(uid=1, raw=raw, received_at=arrived, size=len(raw))
    assert read(mail, now=NOON).mail.received_at == expected

"""The machine itself, cases 118, 121, 122, 124 and 125 of the list of threats.

The number in a test's name is the case's. Two engines, keyrings and a tray that is missing stand in
tests/journeys and integration/config; a desktop that hangs in integration/alerts; bad networks in
integration/mail (test_chaos); disks, kills and updates beside this file.
"""

from __future__ import annotations

import json
import os
import shlex
import subprocess
import sys
import threading
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from app.domain.errors import CertificateRejected, Unreachable
from app.domain.mailbox import Batch
from app.mail.imap import ImapSource
from app.storage import alerts, messages
from tests.support.certificates import Authority
from tests.support.engine import NOON, Engine, a_letter, an_engine
from tests.support.imap_script import ScriptedServer, account_at, tls_context
from tests.support.mail_memory import Memory
from tests.support.mailbox_script import Box, Letter, MailboxServer
from tests.support.mails import a_mail
from tests.support.processes import need
from tests.support.program import ROOT, Program

pytestmark = pytest.mark.timeout(300)

# What lies in the folder of case 121: few in a check, FRONTBURNER_MESSAGES=200000 for all of it.
MESSAGES = int(os.environ.get("FRONTBURNER_MESSAGES", "150"))
CAP = 300  # MB


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    with an_engine(tmp_path) as made:
        yield made


@pytest.mark.parametrize("days", [1, -1, -365, 400], ids=lambda days: f"{days} days")
def test_case_118_a_clock_that_jumps_loses_no_mail_and_rings_nothing_twice(
    engine: Engine, days: int
) -> None:
    """Somebody sets it, a battery is empty, a zone is changed: and then it is right again."""
    words = "My son burned his hand on the mug, he is in hospital."
    engine.receive(a_letter(words, subject="Burned"))
    (first,) = engine.rows()
    engine.watch.look()
    engine.clock.forward(days=days)
    engine.watch.look()
    engine.receive(
        a_letter("The lid is cracked.", sender="a@a.example", message_id="<2@a.example>")
    )
    engine.clock.forward(days=-days)
    engine.watch.look()
    engine.receive(
        a_letter("Where is it?", sender="b@b.example", message_id="<3@b.example>", subject="Late")
    )
    rows = engine.rows()
    assert len(rows) == engine.writer.do(messages.count) == 3
    rang = engine.writer.do(lambda db: alerts.recent(db, NOON - timedelta(days=900)))
    arrivals = [one for one in rang if one.dedupe.startswith("new")]
    assert len({one.dedupe for one in rang}) == len(rang)
    assert len(arrivals) <= 1
    for row in rows:
        view = engine.issue(row.key)
        assert sum(reason.points for reason in view.reasons) == view.row.score
        assert 0 <= view.row.score <= 100
    assert engine.issue(first.key).row.severity is first.severity


def test_case_121_a_mailbox_is_read_judged_and_listed_in_300_megabytes(tmp_path: Path) -> None:
    """At its fullest the engine has no more of the machine's memory than that, shared pages too.

    What is only kept free for it in its range of addresses, as stacks of threads are, is no memory.
    """
    folder = _mails_in(tmp_path / "mails", MESSAGES)
    program = Program(profile=tmp_path / "profile")
    try:
        program.do("account", "add", "folder", "Mails", "--set", f"path={folder}")
        (summary,) = program.json("poll")
        (books,) = summary["accounts"][0]["folders"]
        assert (books["stored"], books["unexplained"]) == (MESSAGES, 0)
        assert program.inbox()
        log = (program.profile / "engine.log").read_text()
        assert "MemoryError" not in log
        assert 0 < program.engine_peak() < CAP
    finally:
        program.stop()


def test_a_library_that_does_not_load_costs_no_mail(tmp_path: Path) -> None:
    """As numpy's in a bundle whose files were stripped too far: the rules judge, and it is said."""
    library, folder = tmp_path / "libraries" / "numpy", _mails_in(tmp_path / "mails", 3)
    library.mkdir(parents=True)
    (library / "__init__.py").write_text(
        "try:\n    raise ImportError('libblas.so: not page-aligned')\n"
        "except ImportError as error:\n    raise ImportError('Read this advice') from error\n"
    )
    where = os.pathsep.join(map(str, (library.parent, ROOT)))
    program = Program(profile=tmp_path / "profile", environment={"PYTHONPATH": where})
    try:
        program.do("account", "add", "folder", "Mails", "--set", f"path={folder}")
        (summary,) = program.json("poll")
        (books,) = summary["accounts"][0]["folders"]
        assert (books["stored"], books["unexplained"]) == (3, 0)
        assert {row["kind"] for row in program.inbox()} == {"damaged"}
        (check,) = (one for one in program.json("doctor") if one["check"] == "judgement")
        assert check["state"] == "warn"
        assert check["found"].endswith("is off: libblas.so: not page-aligned")
        assert "bug" not in (program.profile / "engine.log").read_text()
    finally:
        program.stop()


def _mails_in(folder: Path, count: int) -> Path:
    folder.mkdir()
    for number in range(count):
        mail = a_mail(f"Mug {number} is broken.", message_id=f"<{number}@example.org>")
        (folder / f"{number}.eml").write_bytes(mail)
    return folder


_NO_ANSWER = """
import socket, sys, time
from app.domain.errors import Unreachable
from app.mail.gateway import Gateway
from app.mail.imap_server import ImapServer
silent = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
silent.bind(("127.0.0.1", 53))
began = time.monotonic()
try:
    Gateway(ImapServer(host="mail.shop.example", port=993, security="tls", user="x", ca_file=""))
except Unreachable as error:
    print(error.sentence, time.monotonic() - began)
"""


def test_case_122_names_that_nobody_answers_for_are_given_up_in_time(tmp_path: Path) -> None:
    """A resolver that is silent, in a network of the test's own: one sentence, and a retry."""
    need("unshare", "ip")
    resolver = tmp_path / "resolv.conf"
    resolver.write_text("nameserver 127.0.0.1\noptions timeout:1 attempts:1\n")
    script = tmp_path / "ask.py"
    script.write_text(_NO_ANSWER)
    mount = f"mount --bind {shlex.quote(str(resolver))} /etc/resolv.conf"
    ask = shlex.join((sys.executable, str(script)))
    inside = f"ip link set lo up && {mount} && exec {ask}"
    done = subprocess.run(
        ["unshare", "-rmn", "sh", "-c", inside], cwd=ROOT, capture_output=True, text=True,
        env={**os.environ, "PYTHONPATH": str(ROOT)}, timeout=120, check=False,
    )  # fmt: skip
    if done.returncode:
        pytest.skip(f"no network of one's own here: {done.stderr.strip()[-80:]}")
    assert "mail.shop.example" in done.stdout


def test_case_122_a_captive_portal_is_no_mail_server(tmp_path: Path) -> None:
    """A hotel's page on the mail's port, with its own certificate or with none: nothing is said."""
    page = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n<html>Welcome, sign in</html>\r\n"
    ours, hotel = Authority(tmp_path / "ours"), Authority(tmp_path / "hotel", name="Hotel")
    for context in (None, tls_context(hotel), tls_context(ours)):
        server = ScriptedServer(page, {}, context)
        try:
            source = ImapSource(account_at(server.port, ours), "secret")
            with pytest.raises((Unreachable, CertificateRejected)) as refused:
                source.round(Memory(), lambda batch: None, threading.Event())
            assert refused.value.hint
            assert not any(b"secret" in line for line in server.heard)
            source.close()
        finally:
            server.close()


_SURROUNDINGS = {
    "C": {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"},
    "POSIX, ASCII": {"LC_ALL": "POSIX", "PYTHONUTF8": "0", "PYTHONIOENCODING": "ascii"},
    "Turkish": {"LC_ALL": "tr_TR.UTF-8", "LANG": "tr_TR.UTF-8", "LANGUAGE": "tr"},
    "Arabic": {"LC_ALL": "ar_EG.UTF-8", "LANG": "ar_EG.UTF-8", "LANGUAGE": "ar"},
}


def test_case_124_in_every_surrounding_a_mail_says_the_same(tmp_path: Path) -> None:
    """Bytes of the terminal, the Turkish i, a language that nobody wrote: the answer is one."""
    mail = tmp_path / "istanbul.eml"
    mail.write_bytes(
        a_mail("Ilık IŞIK: the LID is broken. İade?", subject="Ürün kırık ٣ İSTANBUL",
               from_="Işıl Çınar <ISIL@Example.org>")
    )  # fmt: skip
    said: dict[str, str] = {}
    for name, surroundings in {"usual": {"LC_ALL": "C.UTF-8"}, **_SURROUNDINGS}.items():
        done = subprocess.run(
            [sys.executable, "-m", "app", "parse", "--json", str(mail)],
            cwd=ROOT, env={**os.environ, **surroundings}, capture_output=True, timeout=200,
            check=False,
        )  # fmt: skip
        assert done.returncode == 0, (name, done.stderr)
        said[name] = json.dumps(json.loads(done.stdout.decode("utf-8")))
    assert set(said.values()) == {said["usual"]}
    assert "isil@example.org" in said["usual"].lower()


MAILS = 500_000


class Half(MailboxServer):
    """A mailbox of half a million mails, each made when it is asked for."""

    def _fetched(self, box: Box, rest: bytes) -> bytes:
        uids, items = rest.split(b" ", 3)[2:]
        first, _, last = uids.partition(b":")
        return b"".join(
            b"* %d FETCH (UID %d%s)\r\n" % (uid, uid, self._items(LETTER, items))
            for uid in range(int(first), int(last or first) + 1)
        )


LETTER = Letter(raw=a_mail())


class Enough(Exception):
    """The first page is full."""


def test_case_125_of_half_a_million_mails_the_newest_come_first_and_soon(tmp_path: Path) -> None:
    """After a few questions, not after a list of half a million numbers."""
    memory = Memory()

    def deliver(batch: Batch) -> None:
        memory.deliver(batch)
        if len(memory.mails) >= 50:
            raise Enough

    box = Box(letters=dict.fromkeys(range(1, MAILS + 1), LETTER))
    with Half(Authority(tmp_path), {"INBOX": box}) as server:
        source = ImapSource(server.account(folders="INBOX"), "secret")
        with pytest.raises(Enough):
            source.round(memory, deliver, threading.Event())
        source.close()
        asked = [line for line in server.heard if b"FETCH" in line]
    assert {one.uid for one in memory.mails} >= set(range(MAILS - 49, MAILS + 1))
    assert len(asked) < 10
    assert not any(b" 1:" in line for line in asked)

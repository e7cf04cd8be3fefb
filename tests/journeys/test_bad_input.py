"""Bad input gets one sentence that says what to do, and harms nothing that is stored."""

from __future__ import annotations

import json
import os
import signal
import socket
import sqlite3
import subprocess
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.support.correspondence import letters
from tests.support.mails import a_mail
from tests.support.program import ROOT, Program
from tests.support.small_disk import small_disk

pytestmark = [pytest.mark.servers, pytest.mark.xdist_group("bad-input")]


def one_sentence(done: subprocess.CompletedProcess[str]) -> str:
    """Refused: exit status 1, one line on standard error, no traceback."""
    assert done.returncode == 1, done
    lines = done.stderr.strip().splitlines()
    assert len(lines) == 1, done.stderr
    assert "Traceback" not in done.stderr
    return lines[0]


def words_of(settings: dict[str, str]) -> list[str]:
    return [word for name, value in settings.items() for word in ("--set", f"{name}={value}")]


def test_with_nothing_connected_it_says_so_and_what_comes_first(program: Program):
    """And not that nothing waits, as in a shop whose work is done."""
    for words in (["inbox"], ["account", "list"]):
        assert "Nothing is connected yet" in program.do(*words)
        assert program.json(*words) == []


def test_a_wrong_password(program: Program, mailbox):
    """Who is refused, and what to do; the account is not kept half-made."""
    done = program.run(
        "account", "add", "imap", "Shop", *words_of(mailbox.settings()),
        "--secret-command", "printf wrong",
    )  # fmt: skip
    sentence = one_sentence(done)
    assert "password" in sentence.lower()
    assert "wrong" not in sentence
    assert program.json("account", "list") == []


def test_a_password_that_stops_working(connected: Program, mailbox, dovecot):
    """The account asks for its person, and everything stored is still there."""
    mailbox.add(letters(5))
    connected.do("poll")
    users = dovecot.base / "users"
    users.write_text(
        users.read_text().replace(f"{mailbox.user}:{{PLAIN}}", f"{mailbox.user}:{{PLAIN}}other")
    )
    connected.stop()  # who is signed in would stay so
    assert "password" in one_sentence(connected.run("poll")).lower()
    (account,) = connected.json("account", "list")
    assert account["state"] == "asking"
    assert len(connected.inbox()) == 5


def test_a_host_that_does_not_answer(program: Program, mailbox):
    """Nobody listens there: the sentence names the host."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port = str(taken.getsockname()[1])
        done = program.run(
            "account", "add", "imap", "Shop", *words_of(mailbox.settings(port=port)),
            "--secret-command", "printf x",
        )  # fmt: skip
    assert "localhost" in one_sentence(done)


def test_a_certificate_that_does_not_fit(program: Program, mailbox):
    """An authority that nobody knows: refused before any password is sent."""
    settings = mailbox.settings()
    del settings["ca_file"]
    done = program.run(
        "account", "add", "imap", "Shop", *words_of(settings), "--secret-command", "printf x"
    )
    assert "certificate" in one_sentence(done).lower()


def test_a_setting_that_does_not_exist(program: Program):
    """The sentence lists what can be set."""
    done = program.run(
        "account", "add", "imap", "S", "--set", "colour=red", "--secret-command", "x"
    )
    sentence = one_sentence(done)
    assert "colour" in sentence
    assert "host" in sentence


def test_a_view_a_key_and_a_template_that_do_not_exist(connected: Program, mailbox):
    """Each is named, with what there is instead."""
    mailbox.add(letters(1))
    connected.do("poll")
    key = connected.inbox()[0]["key"]
    assert "urgent" in one_sentence(connected.run("inbox", "--view", "nonsense"))
    assert "i1_nothing" in one_sentence(connected.run("show", "i1_nothingatall"))
    assert "nonsense" in one_sentence(connected.run("reply", key, "--template", "nonsense"))


def test_a_template_with_an_unknown_name(connected: Program, mailbox):
    """The file, the line and the nearest name are said; the other templates still work."""
    mailbox.add(letters(1))
    connected.do("poll")
    own = connected.profile / "templates" / "other"
    own.mkdir(parents=True)
    (own / "mine.en.txt").write_text("Title: Mine\n\nHi {{ custmer.name }},\n\nthanks.\n")
    connected.stop()
    key = connected.inbox()[0]["key"]
    sentence = one_sentence(connected.run("reply", key, "--template", "other/mine"))
    assert "mine.en.txt" in sentence
    assert "customer.name" in sentence
    assert connected.json("reply", key, "--templates")


def test_a_reply_to_a_no_reply_address(connected: Program, mailbox):
    """Refused with the reason; nothing is queued."""
    mailbox.add([a_mail("Your parcel is late.", from_="Carrier <no-reply@carrier.example>")])
    connected.do("poll")
    key = connected.inbox()[0]["key"]
    done = connected.run("reply", key, "--body", "-", "--send", said="Hello, where is it?\n\nJo")
    assert "no-reply@carrier.example" in one_sentence(done)
    assert connected.json("show", key)[0]["replies"] == []


def test_a_profile_from_a_newer_version(connected: Program, mailbox):
    """Case 123: refused by engine and desk alike, and not a byte of it is touched."""
    mailbox.add(letters(2))
    connected.do("poll")
    connected.stop()
    database = connected.profile / "frontburner.db"
    with sqlite3.connect(database) as db:
        db.execute(
            "INSERT INTO _sqlite_migrations (migration_set, name, applied_at)"
            " SELECT migration_set, 'm999_from_the_future', applied_at"
            " FROM _sqlite_migrations LIMIT 1"
        )
        db.execute("PRAGMA user_version = 999")
    db.close()
    before = database.read_bytes()
    assert "newer" in one_sentence(connected.run("inbox"))
    assert "newer" in one_sentence(connected.run("poll"))
    assert database.read_bytes() == before


def test_mails_that_break_the_rules(connected: Program, mailbox):
    """No header at all, nothing at all, fifty megabytes: each is stored, none stops the round."""
    huge = a_mail(
        "x" * 76 + "\r\n",
        subject="Huge",
        message_id="<huge@example.org>",
        from_="Hal <hal@example.org>",
    )
    mailbox.add(
        [
            b"just text, and no header anywhere\r\n",
            b"\r\n",
            huge + b"y" * 50_000_000,
            a_mail("A proper one."),
        ]
    )
    (summary,) = connected.json("poll")
    folder, *_ = summary["accounts"][0]["folders"]
    assert (folder["on_server"], folder["unexplained"]) == (4, 0)
    rows = connected.inbox()
    assert folder["stored"] == sum(row["message_count"] for row in rows) == 4
    huge_key = next(row["key"] for row in rows if row["subject"] == "Huge")
    (message,) = connected.json("show", huge_key)[0]["messages"]
    assert message["warnings"]


def test_a_full_disk(tmp_path: Path, mailbox, smtp):
    """Case 115: one sentence; what was acknowledged is readable, and the round goes on."""
    with small_disk(tmp_path / "small") as disk, ExitStack() as in_the_end:
        program = Program(profile=disk.path / "profile")
        in_the_end.callback(program.stop)
        program.do(
            "account", "add", "imap", "Shop", *words_of(mailbox.settings(**smtp.settings)),
            "--secret-command", f"printf %s {mailbox.password!r}",
        )  # fmt: skip
        mailbox.add(letters(20))
        program.do("poll")
        mailbox.add([a_mail(os.urandom(1_500_000).hex(), message_id=f"<f{n}@x>") for n in range(3)])
        sentence = one_sentence(program.run("poll"))
        assert "full" in sentence or "space" in sentence or "room" in sentence
        assert sum(row["message_count"] for row in program.inbox()) >= 20
        disk.grow(megabytes=60)
        (summary,) = program.json("poll")
        assert summary["accounts"][0]["folders"][0]["unexplained"] == 0


def test_what_is_named_and_not_there_is_named_in_the_answer(program: Program):
    """A way to tell somebody, a time of a promise, a moment: nothing is done in silence."""
    program.do("contact", "add", "Jo", "--email", "jo@team.example")
    program.do("contact", "add", "Kim", "--email", "kim@team.example")
    assert "Jo is not told" in one_sentence(program.run("contact", "test", "Jo", "--way", "99"))
    assert "P1 has no soonest" in one_sentence(program.run("promise", "--set", "P1.soonest=1 h"))
    program.do("contact", "rota", "Jo", "Kim")
    said = one_sentence(program.run("contact", "replace", "Jo", "Kim", "soon", "later"))
    assert said.startswith("'soon' is no moment.")


def test_nobody_is_asked_for_a_password_that_nothing_needs(program: Program, tmp_path: Path):
    """Neither for an account that is not there, nor for a folder."""
    program.do("account", "add", "folder", "Mails", "--set", f"path={tmp_path}")
    assert "no account called Nobody" in one_sentence(program.run("account", "sign-in", "Nobody"))
    said = one_sentence(program.run("account", "sign-in", "Mails", said="secret"))
    assert "no password" in said


@pytest.mark.skipif(os.name == "nt", reason="Windows ends a program without asking it")
def test_a_demo_that_is_told_to_end_leaves_no_folder_behind(program: Program, tmp_path: Path):
    """As `timeout` tells it, in a script."""
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    running = subprocess.Popen(
        [*program.command, "demo", "--headless", "--json"],
        cwd=ROOT,
        env={**os.environ, "TMPDIR": str(scratch), "DBUS_SESSION_BUS_ADDRESS": "disabled:"},
        stdout=subprocess.DEVNULL,
    )
    program.wait(lambda: list(scratch.glob("*/engine.log")), what="the sample shop opens")
    running.terminate()
    assert running.wait(60) == 128 + signal.SIGTERM
    assert list(scratch.iterdir()) == []


def test_a_doctor_that_finds_a_fault_says_so_where_reasons_are_said(program: Program):
    """Exit status 1 has its reason on standard error, and the checks stay JSON, a line each."""
    program.do("inbox")
    (program.profile / "rules").mkdir()
    (program.profile / "rules" / "patterns.toml").write_text("x = [")
    done = program.run("doctor", "--json")
    assert one_sentence(done).startswith("Not well: ")
    assert all("state" in json.loads(line) for line in done.stdout.splitlines())


def test_a_reply_is_looked_after_under_its_own_issue_alone(connected: Program, mailbox):
    """A slip in the key or the number must not take back a reply to somebody else."""
    mailbox.add(letters(2))
    connected.do("poll")
    connected.do("settings", "undo_seconds=120")
    one, other = (row["key"] for row in connected.inbox())
    done = connected.run("reply", "i1_nothingatall", "--body", "-", said="Hello")
    assert "i1_nothingatall" in one_sentence(done)
    sent = connected.run(
        "reply", one, "--body", "-", "--send", "--json", said="Hello,\n\nyes.\n\nJo"
    )
    reply = str(json.loads(sent.stdout)["reply"])
    assert f"no reply {reply}" in one_sentence(connected.run("reply", other, "--undo", reply))
    assert connected.json("show", one)[0]["replies"][0]["state"] == "queued"
    connected.do("reply", one, "--undo", reply)


def test_what_is_no_mail_for_triage_and_parse(program: Program, tmp_path: Path):
    """A bad line and a missing file are named; the good ones are answered."""
    good = json.dumps({"id": "a", "from": "ben@x.example", "subject": "Hi", "text": "Broken mug"})
    done = program.run("triage", "--json", said=f"{good}\nnot json\n")
    assert done.returncode == 1
    assert json.loads(done.stdout)["id"] == "a"
    assert "Line 2" in done.stderr
    mail = tmp_path / "a.eml"
    mail.write_bytes(a_mail())
    done = program.run("parse", "--json", str(tmp_path / "missing.eml"), str(mail))
    assert done.returncode == 1
    assert json.loads(done.stdout)["subject"] == "My order"
    assert "missing.eml" in done.stderr


def test_nothing_secret_is_written_anywhere(connected: Program, mailbox):
    """The password stands in no file of the profile, and in no command line of the engine."""
    mailbox.add(letters(2))
    connected.do("poll")
    secret = mailbox.password.encode()
    kept = [path for path in connected.profile.rglob("*") if path.is_file()]
    # the command that prints it is the owner's own words, kept as they are
    command = f"printf %s {mailbox.password!r}".encode()
    assert any(command in path.read_bytes() for path in kept)
    for path in kept:
        assert secret not in path.read_bytes().replace(command, b""), path


def test_wrong_usage_is_two(program: Program):
    """A command that does not exist ends with 2, as everywhere."""
    assert program.run("explode").returncode == 2


@pytest.mark.parametrize(
    ("words", "because"),
    [
        (("--queue", "0"), "0 runs are not possible"),
        (("--queue", "--ring-for", "high"), "has no alert rules"),
    ],
)
def test_a_model_that_cannot_be_run_is_refused_in_one_sentence(
    program: Program, words: tuple[str, ...], because: str
) -> None:
    done = program.run("simulate", *words)
    assert (done.returncode, done.stdout) == (1, "")
    assert because in done.stderr
    assert done.stderr.count("\n") == 1


def test_a_mistyped_word_is_said_before_a_password_is_asked_for(program: Program):
    """Nobody types a password in vain."""
    done = program.run("account", "add", "imap", "Shop", "--set", "adress=a@gmx.de")
    assert "adress cannot be set" in one_sentence(done)
    done = program.run("account", "add", "shopify", "Shop", "--set", "shop=Mill & Moss")
    assert "not the shop's name at Shopify" in one_sentence(done)


def test_a_path_of_a_user_that_there_is_not_is_a_file_that_is_not_there(program: Program):
    """A shell hands "~jo/copy.db" on as it is where nobody is called jo."""
    said = one_sentence(program.run("restore", "~nobody-of-this-name/copy.db"))
    assert said.startswith("There is no file ")
    said = one_sentence(program.run("settings", "copies_folder=~nobody-of-this-name/copies"))
    assert "is not a folder" in said

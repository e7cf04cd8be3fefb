"""A reply with all that can be said of it, through the whole program and real servers."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from app.config.paths import Profile
from app.engine.client import EngineClient
from tests.support.correspondence import letters
from tests.support.dovecot import Mailbox
from tests.support.program import Program
from tests.support.smtp_server import SmtpServer

pytestmark = [pytest.mark.servers, pytest.mark.xdist_group("journeys")]

WORDS = "Hello,\n\nthe label for your parcel goes with this mail.\n\nBest wishes,\nJo"
LABEL = "Rücksendeetikett – Bestellung 10001, bitte ausdrucken und auf das Paket kleben.pdf"
RETURNS = "returns@mill-moss.example"


@pytest.fixture
def body(tmp_path: Path) -> Path:
    path = tmp_path / "words.txt"
    path.write_text(WORDS, encoding="utf-8")
    return path


def test_a_file_an_alias_and_a_signature_arrive(
    connected: Program, mailbox: Mailbox, smtp: SmtpServer, body: Path, tmp_path: Path
) -> None:
    """As real servers take it; the mail that came in is taken out byte by byte as it was."""
    (letter,) = letters(1)
    mailbox.add([letter])
    connected.do("poll")
    key = connected.inbox()[0]["key"]
    senders = [
        {"address": mailbox.settings()["address"], "name": "Mill & Moss"},
        {"address": RETURNS, "name": "Returns", "signature": "River Road 1\n12345 Moss"},
    ]
    listed = tmp_path / "senders.json"
    listed.write_text(json.dumps(senders), encoding="utf-8")
    (kept,) = connected.json("account", "set", "Shop", f"identities=@{listed}")
    assert [one["email"] for one in kept["identities"]] == [mailbox.settings()["address"], RETURNS]
    label = tmp_path / LABEL
    label.write_bytes(bytes(range(256)) * 2000)

    connected.do(
        *("reply", key, "--body", str(body), "--from", RETURNS, "--attach", str(label)),
        *("--follow-up", "3", "--send"),
    )
    (received,) = smtp.wait_for(1)
    assert received.sender == RETURNS
    assert received.mail["From"] == f"Returns <{RETURNS}>"
    (file,) = received.mail.iter_attachments()
    assert file.get_filename() == LABEL
    assert file.get_content() == label.read_bytes()
    text = received.mail.get_body().get_content().replace("\r\n", "\n")  # type: ignore[union-attr]
    assert "Jo\n\n-- \nRiver Road 1\n12345 Moss\n\n" in text

    connected.wait(lambda: mailbox.files("Sent"), what="a copy lies in Sent")
    (shown,) = connected.json("show", key)
    assert shown["snoozed_until"] is not None
    assert shown["messages"][-1]["attachments"][0]["filename"] == LABEL
    out = tmp_path / "out.eml"
    connected.do("show", key, "--raw", "1", str(out))
    assert out.read_bytes().replace(b"\r\n", b"\n") == letter.replace(b"\r\n", b"\n")
    missing = connected.run("show", key, "--raw", "9", str(out))
    assert (missing.returncode, missing.stderr.count("\n")) == (1, 1)


def test_a_setting_that_does_not_work_is_not_kept(connected: Program) -> None:
    """The account goes on with what it had; what says nothing about signing in is not tried."""
    refused = connected.run("account", "set", "Shop", "port=1")
    assert (refused.returncode, refused.stderr.count("\n")) == (1, 1)
    assert "found" in connected.json("account", "set", "Shop", "plus_address=yes")[0]
    connected.do("account", "test", "Shop")
    for wrong in ("identities=nobody", "plus_address=perhaps", "smtp_port=x", "colour=red"):
        assert connected.run("account", "set", "Shop", wrong).returncode == 1


def test_an_engine_that_is_to_end_sends_first_what_counts_down(
    connected: Program, mailbox: Mailbox, smtp: SmtpServer, body: Path
) -> None:
    """As "Quit, and stop watching" asks: the reply of a moment ago is not left behind."""
    connected.do("settings", "undo_seconds=6")
    mailbox.add(letters(1))
    connected.do("poll")
    key = connected.inbox()[0]["key"]
    connected.do("reply", key, "--body", str(body), "--insist", "--send")
    client = EngineClient(Profile(connected.profile))
    client.call("stop", finish=True)
    client.close()
    assert smtp.received == []
    smtp.wait_for(1)
    connected.wait(lambda: connected.engine_pid() is None, what="the engine has ended")


def test_a_planned_reply_survives_a_kill_and_can_go_now(
    connected: Program, mailbox: Mailbox, smtp: SmtpServer, body: Path
) -> None:
    """The next engine knows it; nothing went before."""
    mailbox.add(letters(1))
    connected.do("poll")
    key = connected.inbox()[0]["key"]
    (queued,) = connected.json(
        "reply", key, "--body", str(body), "--at", "3d", "--insist", "--send"
    )
    assert queued["scheduled"]
    assert connected.kill_engine()
    (shown,) = connected.json("show", key)
    (waiting,) = shown["replies"]
    assert f"planned for {queued['not_before']}" in connected.do("show", key)
    assert (waiting["state"], waiting["scheduled"]) == ("queued", True)
    assert smtp.received == []
    connected.do("reply", key, "--now", str(queued["reply"]))
    (received,) = smtp.wait_for(1)
    assert received.mail["Message-ID"] == f"<{queued['message_id']}>"


def test_a_server_that_takes_little_is_believed_from_then_on(
    connected: Program, mailbox: Mailbox, smtp: SmtpServer, body: Path, tmp_path: Path
) -> None:
    """Its SIZE refuses the first before the body; the second is refused before it is queued."""
    smtp.size = 50_000
    mailbox.add(letters(1))
    connected.do("poll")
    key = connected.inbox()[0]["key"]
    photo = tmp_path / "photo.jpg"
    photo.write_bytes(bytes(60_000))
    send = ("reply", key, "--body", str(body), "--attach", str(photo), "--send")
    connected.do(*send)
    connected.wait(
        lambda: connected.json("show", key)[0]["replies"][0]["state"] == "failed",
        what="the server refuses it",
    )
    (shown,) = connected.json("show", key)
    assert "too big for localhost" in shown["replies"][0]["error"]
    again = connected.run(*send)
    assert again.returncode == 1
    assert "your mail server takes 0.1 MB" in again.stderr
    assert smtp.received == []


def test_a_reply_whose_yes_was_lost_is_found_among_the_sent_mail(
    connected: Program, mailbox: Mailbox, smtp: SmtpServer, body: Path
) -> None:
    """As at Gmail: the line breaks at the last dot, the provider files its copy. Nobody is asked in
    the end, and who had asked for it again would not have sent it twice."""
    mailbox.add(letters(1))
    connected.do("poll")
    key = connected.inbox()[0]["key"]
    smtp.drop("commit")
    connected.do("reply", key, "--body", str(body), "--send")
    (received,) = smtp.wait_for(1)

    def state() -> str:
        return str(connected.json("show", key)[0]["replies"][0]["state"])

    connected.wait(lambda: state() == "unknown", what="nobody knows whether it left")
    smtp.heal()
    mailbox.add([received.content], folder="Sent")
    again = connected.run("reply", key, "--retry", "1")
    assert again.returncode in (0, 1)  # it may have been found by then
    connected.wait(lambda: state() == "filed", what="the copy is found")
    assert len(smtp.received) == 1
    assert len(mailbox.files("Sent")) == 1

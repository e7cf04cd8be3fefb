"""One real e-mail, from the mailbox to a sent reply, through the whole program."""

from __future__ import annotations

from typing import Any

import pytest

from app.mail import parse
from tests.support.correspondence import letters
from tests.support.program import Program

pytestmark = [pytest.mark.servers, pytest.mark.xdist_group("journeys")]

MAILS = 300


def books(program: Program) -> dict[str, Any]:
    (summary,) = program.json("poll")
    (account,) = summary["accounts"]
    assert account["ok"], account
    folder: dict[str, Any]
    (folder,) = (one for one in account["folders"] if one["folder"] == "INBOX")
    return folder


def ready_template(program: Program, key: str) -> str:
    """The best template that needs nothing more from a person."""
    for offered in program.json("reply", key, "--templates"):
        (draft,) = program.json("reply", key, "--template", offered["id"])
        if not draft["holes"]:
            return str(offered["id"])
    raise AssertionError("every template has a hole")


def test_three_hundred_mails_and_one_reply(connected, mailbox, smtp):
    """Every mail is accounted for; the edited template arrives once, in the right thread."""
    mailbox.add(letters(MAILS))
    folder = books(connected)
    assert (folder["on_server"], folder["stored"], folder["unexplained"]) == (MAILS, MAILS, 0)
    rows = connected.inbox()
    assert sum(row["message_count"] for row in rows) == MAILS
    scores = [row["score"] for row in rows]
    assert scores == sorted(scores, reverse=True)

    row = next(one for one in rows if one["kind"] == "wrong_size" and one["message_count"] == 1)
    key = row["key"]
    template = ready_template(connected, key)
    (queued,) = connected.json("reply", key, "--template", template, "--send")
    (received,) = smtp.wait_for(1)
    (before,) = connected.json("show", key)
    question = before["messages"][0]
    assert received.mail["Message-ID"] == f"<{queued['message_id']}>"
    assert received.mail["In-Reply-To"] == f"<{question['message_id']}>"
    assert received.mail["References"].split()[-1] == f"<{question['message_id']}>"
    assert received.recipients == (row["customer"],)
    assert received.mail["Subject"] == f"Re: {row['subject']}"

    connected.wait(lambda: mailbox.files("Sent"), what="a copy lies in Sent")
    (copy,) = mailbox.files("Sent")
    assert parse.read(copy.read_bytes()).message_id == queued["message_id"]
    connected.wait(
        lambda: connected.json("show", key)[0]["replies"][0]["state"] == "filed",
        what="the copy is known to be filed",
    )
    (after,) = connected.json("show", key)
    assert after["state"] == "waiting"
    assert after["deadlines"][0]["met_at"] is not None
    assert len(smtp.received) == 1


def test_mail_that_is_gone_from_the_server_stays_and_the_books_balance(connected, mailbox):
    """What somebody deletes elsewhere is not lost here, and nothing is unexplained."""
    mailbox.add(letters(20))
    assert books(connected)["stored"] == 20
    for path in mailbox.files()[:5]:
        path.unlink()
    folder = books(connected)
    assert (folder["on_server"], folder["stored"], folder["unexplained"]) == (15, 15, 0)
    assert sum(row["message_count"] for row in connected.inbox()) == 20


def test_a_folder_that_is_numbered_anew_is_read_anew_and_nothing_is_doubled(connected, mailbox):
    """UIDVALIDITY changes: the same mails are found again, not stored again."""
    mailbox.add(letters(30))
    books(connected)
    before = connected.inbox()
    mailbox.change_uid_validity(4242)
    folder = books(connected)
    assert (folder["stored"], folder["unexplained"]) == (30, 0)
    assert [row["key"] for row in connected.inbox()] == [row["key"] for row in before]


def test_reading_never_marks_a_mail_as_read(connected, mailbox):
    """The server's flags are as they were: somebody's phone still shows the mail as new."""
    mailbox.add(letters(3))
    books(connected)
    assert not any(path.name.endswith("S") for path in mailbox.files())

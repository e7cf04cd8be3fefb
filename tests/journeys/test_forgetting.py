"""A customer asks for their data, and then to be forgotten: over a real mail server."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from app.domain.clock import SystemClock
from tests.support.mails import a_mail
from tests.support.program import Program

pytestmark = [pytest.mark.servers, pytest.mark.xdist_group("journeys")]

RARE = "Quittenmarmeladenglas"  # a word that stands nowhere else


def letter(number: int, *, name: str = "Mira", words: str = RARE) -> bytes:
    address = f"{name.lower()}@{name.lower()}.example"
    return a_mail(
        f"Hello,\n\nmy {words} of order #10{number} arrived broken.\n\n{name}\n",
        subject=f"Broken {words} {number}",
        from_=f"{name} Sommer <{address}>",
        message_id=f"<{number}@{name.lower()}.example>",
        at=SystemClock().now(),
    )


def bytes_of(profile: Path) -> bytes:
    return b"".join(path.read_bytes() for path in profile.rglob("*") if path.is_file())


def books(program: Program, *words: str) -> tuple[int, int, dict[str, int], int]:
    (summary,) = program.json("poll", *words)
    (account,) = summary["accounts"]
    (inbox,) = (one for one in account["folders"] if one["folder"] == "INBOX")
    return inbox["on_server"], inbox["stored"], inbox["skipped"], inbox["unexplained"]


def test_a_customer_is_given_their_data_and_forgotten(connected, mailbox, smtp, tmp_path: Path):
    """Three mails and an answer: all of it lies in the export; after the deletion nothing of it is
    found, shown or in the file; the books say why; no look brings it back; others stay."""
    mailbox.add([letter(1), letter(2), letter(3), letter(4, name="Otto", words="mug")])
    assert books(connected)[:2] == (4, 4)
    hers = [row for row in connected.inbox() if row["customer"] == "mira@mira.example"]
    body = tmp_path / "body.txt"
    body.write_text(f"Dear Mira, a new {RARE} is on its way.\n\nThe shop\n")
    connected.do("reply", hers[0]["key"], "--body", str(body), "--send", "--insist")
    smtp.wait_for(1)
    connected.wait(lambda: mailbox.files("Sent"), what="a copy lies in Sent")
    connected.do("note", hers[0]["key"], f"She collects every {RARE}")
    books(connected)

    (listed,) = connected.json("customer", "list", "Mira", "Sommer")
    assert listed["email"] == "mira@mira.example"
    folder = tmp_path / "hers"
    connected.do("customer", "export", "mira@mira.example", str(folder))
    mails = [path.read_bytes() for path in folder.rglob("*.eml")]
    assert len(mails) == 4
    assert all(RARE.encode() in one for one in mails)
    told = json.loads((folder / "issues.json").read_text())
    assert RARE in json.dumps(told)

    connected.stop()
    assert RARE.encode() in bytes_of(connected.profile)
    before = connected.do("customer", "delete", "mira@mira.example")
    assert "Nothing was deleted" in before
    assert connected.json("search", RARE)
    said = connected.do("customer", "delete", "mira@mira.example", "--yes")
    assert "Mails on the mail server" in said

    assert connected.json("search", RARE) == []
    assert [row["customer"] for row in connected.inbox()] == ["otto@otto.example"]
    refused = connected.run("customer", "show", "mira@mira.example")
    assert (refused.returncode, refused.stderr.startswith("Nothing is known")) == (1, True)
    left = (4, 1, {"Deleted at your wish": 3}, 0)
    assert books(connected) == left
    assert books(connected, "--again") == left  # what was left out is tried again; not this

    connected.stop()
    assert RARE.encode() not in bytes_of(connected.profile)
    assert b"mira@mira.example" not in bytes_of(connected.profile)


def test_a_deleted_mail_stays_away_where_a_folder_is_numbered_anew(connected, mailbox):
    """Under a new UIDVALIDITY every mail is new to us by its number; hers is known by its mark.
    What she writes afterwards is a new conversation and comes in."""
    mailbox.add([letter(1), letter(2, name="Otto", words="mug")])
    books(connected)
    connected.do("customer", "delete", "mira@mira.example", "--yes")
    mailbox.change_uid_validity(4242)
    assert books(connected) == (2, 1, {"Deleted at your wish": 1}, 0)
    mailbox.add([letter(7)])
    assert books(connected) == (3, 2, {"Deleted at your wish": 1}, 0)
    assert {row["customer"] for row in connected.inbox()} == {
        "mira@mira.example",
        "otto@otto.example",
    }


def test_nobody_is_forgotten_with_a_reply_on_the_way(connected, mailbox, tmp_path: Path):
    """One sentence says what to do; nothing is deleted; and one's own address cannot be named."""
    mailbox.add([letter(1)])
    books(connected)
    (row,) = connected.inbox()
    body = tmp_path / "body.txt"
    body.write_text("Dear Mira, we look into it.\n")
    connected.do("reply", row["key"], "--body", str(body), "--send", "--at", "2h")
    refused = connected.run("customer", "delete", "mira@mira.example", "--yes")
    assert refused.returncode == 1
    assert refused.stderr.startswith("A reply to them is on its way")
    assert len(connected.inbox()) == 1
    own = connected.run("customer", "show", mailbox.settings()["address"])
    assert own.stderr.count("your own address") == 1

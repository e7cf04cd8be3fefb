"""A correction, from the command that makes it to the mail that follows it, in a real engine."""

from __future__ import annotations

from email.utils import format_datetime
from pathlib import Path

import pytest

from app.domain.clock import SystemClock
from tests.support.engine import a_letter
from tests.support.program import Program

pytestmark = [pytest.mark.xdist_group("journeys"), pytest.mark.timeout(900)]

TASTINGS = (
    "Is there still room at the tasting next month? We are four and one is vegan.",
    "Could you hold two seats at the chocolate tasting for my parents?",
    "My sister and I want to come to a tasting, which dates are free?",
)


def written(folder: Path, name: str, text: str) -> None:
    letter = a_letter(
        text,
        subject="A tasting",
        sender=f"{name} <{name}@customer.example>",
        message_id=f"<{name}@customer.example>",
    )
    today = f"Date: {format_datetime(SystemClock().now())}".encode()
    lines = [today if line.startswith(b"Date:") else line for line in letter.split(b"\n")]
    (folder / f"{name}.eml").write_bytes(b"\n".join(lines))


def test_a_correction_is_learnt_told_listed_and_taken_back(program: Program, tmp_path: Path):
    """Learnt by one engine, used by the next one; forgotten, it decides no more."""
    folder = tmp_path / "mails"
    folder.mkdir()
    program.do("account", "add", "folder", "Shop", "--set", f"path={folder}",
               "--set", "address=hello@shop.example")  # fmt: skip
    for number, text in enumerate(TASTINGS[:2]):
        written(folder, f"guest{number}", text)
    program.do("poll")
    for row in program.inbox():
        (answer,) = program.json("override", row["key"], "--kind", "site_account")
        assert answer["lesson"]["known"]
        assert answer["lesson"]["learnt"]
    program.stop()

    written(folder, "late", TASTINGS[2])
    program.do("poll")
    (late,) = (row for row in program.inbox() if row["customer"] == "late@customer.example")
    assert late["kind"] == "site_account"
    lessons = program.json("learned")
    assert {one["kind"] for one in lessons} == {"site_account"}
    (shown,) = program.json("show", late["key"])
    assert set(shown["taught_by"]) <= {one["entry"] for one in lessons}
    assert shown["taught_by"]

    for one in lessons:
        program.do("learned", "forget", one["entry"])
    assert program.json("learned") == []
    (learnt,) = (one for one in program.json("doctor") if one["check"] == "learning")
    assert learnt["state"] == "ok"
    program.wait(
        lambda: (
            "site_account"
            not in {
                row["kind"] for row in program.inbox() if row["customer"] == "late@customer.example"
            }
        ),
        what="what was forgotten decides no more",
    )


def test_a_lesson_that_does_not_exist_cannot_be_forgotten(program: Program):
    """One line, and what to do about it."""
    done = program.run("learned", "forget", "nothing")
    assert done.returncode == 1
    assert "Nothing that was learnt has this name" in done.stderr
    assert program.run("learned", "forget").returncode == 1

"""Working hours, why a deadline is when it is, and who is told, through the whole program."""

from __future__ import annotations

import pytest

from tests.support.dovecot import Mailbox
from tests.support.engine import a_letter
from tests.support.program import Program
from tests.support.smtp_server import SmtpServer

pytestmark = [pytest.mark.servers, pytest.mark.xdist_group("journeys")]

ADA = "ada@team.example"


def test_hours_move_deadlines_and_somebody_else_is_told(
    connected: Program, mailbox: Mailbox, smtp: SmtpServer
) -> None:
    mailbox.add([a_letter()])
    connected.do("poll")
    engine = connected.start_engine("--stay")  # every command would start one of its own
    (row,) = connected.inbox()
    before = row["deadline_at"]
    (set_,) = connected.json(
        *("hours", "--set", "weekdays=9-12,13-17", "--set", "weekend=free"),
        *("--set", "country=DE", "--set", "tz=Europe/Berlin"),
    )
    assert set_["zone"] == "Europe/Berlin"
    connected.wait(
        lambda: connected.inbox()[0]["deadline_at"] != before, what="the deadline is moved"
    )
    (shown,) = connected.json("show", row["key"])
    assert "working time" in " ".join(shown["deadlines"][0]["explanation"])
    assert "become due" in set_["effect"]["said"]
    refused = connected.run("hours", "--set", "every_day=free")
    assert refused.returncode == 1
    assert "never opens" in refused.stderr

    connected.do("contact", "add", "Ada", "--email", ADA)
    (tested,) = connected.json("contact", "test", "Ada")
    assert tested["ok"]
    connected.do("escalate", row["key"])
    connected.wait(lambda: len(smtp.received) == 2, what="Ada is told")
    assert [one.recipients for one in smtp.received] == [(ADA,), (ADA,)]
    (shown,) = connected.json("show", row["key"])
    assert [(one["contact"], one["forced"]) for one in shown["calls"]] == [("Ada", True)]
    (cover,) = connected.json("contact", "rota", "Ada")
    assert cover["on_call"] == ["Ada"]
    assert cover["gaps"] == []
    connected.stop()
    engine.wait(timeout=60)


def test_promises_and_ladders_are_changed_tried_and_taken_back_on_the_command_line(
    connected: Program, smtp: SmtpServer
) -> None:
    engine = connected.start_engine("--stay")
    (promised,) = connected.json("promise", "--set", "P3.first=1 d", "--set", "P1.first=30m")
    assert promised["times"]["first_response"]["P1"] == "30 min"
    assert promised["effect"]["said"] == "Nothing is open now, so nothing moves."
    (reverted,) = connected.json("promise", "--revert")
    assert reverted["changed"] is False
    connected.do("contact", "add", "Ada", "--email", ADA)
    (ladders,) = connected.json("escalate", "--set", "High.night=5 min: Ada by email")
    assert ladders["ladders"][1]["said"]["night"] == ["After 5 min: Ada, by mail"]
    (tried,) = connected.json("escalate", "--try", "High", "--at", "2026-12-01T23:00")
    assert [call["contact"] for call in tried["told"][0]["calls"]] == ["Ada"]
    connected.do("contact", "remove", "Ada")
    (back,) = connected.json("contact", "restore", "Ada")
    assert back["channels"][0]["label"] == ADA
    assert smtp.received == []  # trying tells nobody
    connected.stop()
    engine.wait(timeout=60)


def test_a_namesake_and_who_leaves_the_turns_are_said_on_the_command_line(
    connected: Program,
) -> None:
    engine = connected.start_engine("--stay")
    assert "Added." in connected.do("contact", "add", "Ada", "--email", ADA)
    further = ("--email", "ada.two@team.example", "--hours", "monday=9-17")
    assert "Ada is told in 2 ways now." in connected.do("contact", "add", "ada", *further)
    assert "monday 09:00-17:00" in connected.do("contact", "list")
    connected.do("contact", "rota", "Ada", "--handoff", "9:00")
    assert "Turns are left that nobody takes" in connected.do("contact", "remove", "Ada")
    connected.stop()
    engine.wait(timeout=60)

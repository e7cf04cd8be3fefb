"""Figures of a shop's weeks, from its mails, its journal and its alerts."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from app.domain.clock import rfc3339
from app.domain.errors import Refused
from app.domain.journal import EntryType
from app.engine.metrics import wall
from app.engine.reporting import Reporting
from app.storage import accounts, issues, journal
from tests.support.engine import NOON, Engine, a_letter


def a_report(engine, **asked) -> dict[str, Any]:
    reporting = Reporting(
        database=engine.database, clock=engine.clock, clocks=lambda: {"wall": wall}
    )
    return reporting.report(**asked)


def named(answer, name: str):
    return next(one for one in answer["figures"] if one["name"] == name)


def from_customer(number: int, *, answers: str = "", id_: str = "") -> bytes:
    return a_letter(
        f"My order MM-{number} arrived broken, what now?",
        sender=f"Customer {number} <c{number}@customer.example>",
        message_id=id_ or f"<{number}@customer.example>",
        answers=answers,
    )


def from_us(number: int) -> bytes:
    return a_letter(
        "We send a new one.",
        sender="Shop <hello@shop.example>",
        to=f"c{number}@customer.example",
        message_id=f"<our-{number}@shop.example>",
        answers=f"<{number}@customer.example>",
    )


def decide(engine, key: str, entry: EntryType, **data: str | float) -> None:
    def write(db):
        id_ = issues.by_key(db, key)
        journal.append(db, issue_id=id_, type=entry, at=engine.clock.now(), data=data)
        engine.standing.refresh(db, id_, now=engine.clock.now())

    engine.writer.do(write)


def key_of(engine: Engine, number: int) -> str:
    return next(
        row.key for row in engine.rows() if row.customer.email == f"c{number}@customer.example"
    )


def test_times_to_answers_and_what_is_open(engine):
    """Two answered after one and three hours, one open: the median is of all three."""
    for number in (1, 2, 3):
        engine.receive(from_customer(number))
    engine.clock.forward(hours=1)
    engine.receive(from_us(1))
    engine.clock.forward(hours=2)
    engine.receive(from_us(2))
    first = named(a_report(engine), "first_response")
    assert (first["n"], first["open"]) == (3, 1)
    assert first["median_minutes"] == 180
    assert "first answer" in first["definition"]


def test_newsletters_and_machines_count_for_nothing(engine):
    """They neither ask nor answer."""
    engine.receive(
        a_letter(
            "Big sale! Unsubscribe here.",
            sender="news@list.example",
            message_id="<n@list.example>",
            List_Unsubscribe="<mailto:u@list.example>",
            Precedence="bulk",
        )
    )
    assert named(a_report(engine), "first_response")["n"] == 0


def test_overrides_verdicts_and_rework_are_counted_with_their_reasons(engine):
    """By what was said, and what came back."""
    engine.receive(from_customer(1), from_customer(2))
    decide(engine, key_of(engine, 1), EntryType.OVERRIDE, kind="late")
    decide(engine, key_of(engine, 2), EntryType.VERDICT, verdict="missed")
    decide(engine, key_of(engine, 1), EntryType.RESOLVE)
    engine.clock.forward(days=2)
    engine.receive(from_customer(1, answers="<1@customer.example>", id_="<again@customer.example>"))
    answer = a_report(engine)
    assert named(answer, "overridden_kind")["by"] == {"late": 1}
    assert named(answer, "missed")["by"] == {"you said so": 1}
    assert named(answer, "rework")["by"] == {"came back within seven days": 1}
    assert named(answer, "rework")["share"] == 1.0
    assert named(answer, "resolution")["open"] == 2


def test_an_undone_decision_was_never_made(engine):
    """The figures fold the journal as everything does."""
    engine.receive(from_customer(1))
    key = key_of(engine, 1)
    entry = engine.desk.override(key, kind="late")["entry"]
    assert named(a_report(engine), "overridden_kind")["by"] == {"late": 1}
    engine.desk.undo(entry)
    assert named(a_report(engine), "overridden_kind")["by"] == {}


def test_a_false_alarm_is_one_that_a_person_called_so_or_put_away_unanswered(engine):
    """Each with its reason; "it was right" beats what it looks like."""
    engine.receive(
        a_letter(
            "My daughter was cut by the chipped bowl and is in hospital. Our lawyer will sue you.",
            subject="Injury",
        )
    )
    (row,) = engine.rows()
    assert named(a_report(engine), "false_alarms")["n"] == 1, row
    engine.desk.resolve(row.key)
    said = named(a_report(engine), "false_alarms")
    assert said["by"] == {"put away within a day, without an answer": 1}
    engine.desk.verdict(row.key, "right")
    assert named(a_report(engine), "false_alarms")["by"] == {}


def test_a_dispute_that_was_answered_at_its_provider_did_not_ring_for_nothing(engine):
    """No mail of ours answers it; put away the same day it is dealt with, and nothing was false."""
    engine.receive(a_letter("Someone was cut by the bowl and is in hospital.", subject="Injury"))
    key = engine.only_key()
    engine.desk.resolve(key)
    unsaid = {"put away within a day, without an answer": 1}
    assert named(a_report(engine), "false_alarms")["by"] == unsaid
    engine.desk.override(key, kind="dispute")
    alarms = named(a_report(engine), "false_alarms")
    assert (alarms["n"], alarms["by"]) == (1, {})


def test_an_alarm_of_which_somebody_says_that_it_is_no_issue_was_false(engine):
    """It does not vanish from what rang and what was sorted anew; of all else it is no part."""
    letter = "My daughter was cut by the chipped bowl and is in hospital. Our lawyer will sue you."
    engine.receive(a_letter(letter, subject="Injury"))
    engine.desk.override(engine.only_key(), kind="not_an_issue")
    answer = a_report(engine)
    alarms, sorted_anew = named(answer, "false_alarms"), named(answer, "overridden_kind")
    assert (alarms["n"], alarms["by"]) == (1, {"you said that it is no issue": 1})
    assert (sorted_anew["n"], sorted_anew["by"]) == (1, {"not_an_issue": 1})
    assert answer["issues"] == 0
    assert named(answer, "first_response")["n"] == named(answer, "compliance")["n"] == 0


def test_a_thank_you_that_was_put_away_is_not_still_open(engine):
    """Asked, answered after an hour, thanked, put away: one wait, and none that is open."""
    engine.receive(from_customer(1))
    engine.clock.forward(hours=1)
    engine.receive(from_us(1))
    engine.clock.forward(hours=1)
    thanks = from_customer(1, answers="<our-1@shop.example>", id_="<thanks@customer.example>")
    engine.receive(thanks)
    assert named(a_report(engine), "next_response")["open"] == 1
    engine.desk.resolve(key_of(engine, 1))
    answer = a_report(engine)
    assert (named(answer, "next_response")["n"], named(answer, "first_response")["n"]) == (0, 1)


def test_a_promise_about_what_was_put_away_in_time_is_neither_kept_nor_broken(engine):
    """Settled by a call after ten minutes: a month later nobody had broken anything."""
    engine.receive(from_customer(1), from_customer(2))
    engine.clock.forward(minutes=10)
    engine.desk.resolve(key_of(engine, 1))
    engine.clock.forward(days=30)
    kept = named(a_report(engine), "compliance")
    assert (kept["n"], kept["by"]) == (1, {"broken": 1, "kept": 0})
    engine.desk.resolve(key_of(engine, 2))  # too late to make good what was broken
    assert named(a_report(engine), "compliance")["by"] == {"broken": 1, "kept": 0}


def test_what_was_put_together_and_still_waits_is_not_done(engine):
    """One of two was done; the other goes on waiting, and so does what they became."""
    engine.receive(from_customer(1))
    engine.clock.forward(days=1)
    engine.receive(from_customer(2))
    engine.clock.forward(hours=1)
    one, other = key_of(engine, 1), key_of(engine, 2)
    engine.desk.resolve(other)
    engine.clock.forward(hours=1)
    engine.desk.merge(other, into=one)
    assert engine.issue(one).row.state == "new"
    answer = a_report(engine)
    assert named(answer, "resolution")["open"] == 1
    assert named(answer, "first_response")["open"] == 1


def test_a_mail_that_a_person_says_is_no_answer_ends_no_wait(engine):
    """The figures go by it as the deadline does."""
    engine.receive(from_customer(1))
    engine.clock.forward(hours=1)
    engine.receive(from_us(1))
    key = key_of(engine, 1)
    found = {"message_id": "our-1@shop.example"}

    def write(db):
        id_ = issues.by_key(db, key)
        return journal.append(
            db, issue_id=id_, type=EntryType.REPLY_FOUND, at=engine.clock.now(), data=found
        )

    entry = engine.writer.do(write)
    assert named(a_report(engine), "first_response")["open"] == 0
    engine.desk.undo(entry.id)
    assert engine.issue(key).row.state == "new"
    assert named(a_report(engine), "first_response")["open"] == 1


def test_a_mail_that_crossed_our_reply_still_waits(engine):
    """It came while the reply could still be taken back, so that reply did not answer it."""
    engine.receive(from_customer(1))
    engine.clock.forward(hours=1)
    engine.writing.send_reply(key_of(engine, 1), "We send a new one.")
    engine.clock.forward(seconds=5)
    more = from_customer(1, answers="<1@customer.example>", id_="<more@customer.example>")
    engine.receive(more)
    engine.clock.forward(seconds=15)
    engine.outbox().step()
    assert engine.issue(key_of(engine, 1)).row.state == "new"
    answer = a_report(engine)
    assert named(answer, "first_response")["open"] == 0
    assert named(answer, "next_response")["open"] == 1


def test_what_is_left_after_a_split_begins_with_its_own_first_mail(engine):
    """An issue whose old first mail was split off is one of this week, and so it is counted;
    taken back, it is as old as it was."""
    engine.receive(from_customer(1))
    engine.clock.forward(days=60)
    again = from_customer(1, answers="<1@customer.example>", id_="<again@customer.example>")
    engine.receive(again)
    key = key_of(engine, 1)
    engine.clock.forward(hours=1)
    week = {"since": rfc3339(engine.clock.now() - timedelta(days=7))}
    assert a_report(engine, **week)["issues"] == 0
    entry = engine.desk.split(key, [engine.issue(key).messages[0].id])["entry"]
    assert a_report(engine, **week)["issues"] == 1
    engine.desk.undo(entry)
    assert a_report(engine, **week)["issues"] == 0


def test_half_of_two_templates_is_between_them(engine):
    """One was hardly changed and one nearly wholly: usually half, not nine tenths."""
    engine.receive(from_customer(1))
    for changed in (0.1, 0.9):
        decide(engine, key_of(engine, 1), EntryType.REPLY_SENT, template="x", changed=changed)
    assert named(a_report(engine), "template_changed")["share"] == 0.5


def test_the_time_before_is_told_from_its_mails(engine):
    """Old conversations give the baseline of answers; what cannot be compared is said."""
    long_ago = NOON - timedelta(days=40)
    engine.receive(from_customer(7), at=long_ago)
    engine.receive(from_us(7), at=long_ago + timedelta(hours=30))
    engine.receive(from_customer(8))
    answer = a_report(engine)
    before = named(answer["before"], "first_response")
    assert (before["n"], before["median_minutes"]) == (1, 1800)
    assert named(answer, "first_response")["n"] == 1
    assert answer["before"]["not_compared"]


def test_what_was_there_when_the_mailbox_was_connected_is_none_of_our_time(engine):
    """Ten minutes after connecting nothing was promised, missed or answered here yet: the weeks
    before are the time before, though they are read as mail of today."""
    long_ago = NOON - timedelta(days=40)
    engine.receive(from_customer(7), at=long_ago)
    engine.receive(from_us(7), at=long_ago + timedelta(hours=30))
    engine.receive(from_customer(8), at=NOON - timedelta(days=20))
    engine.clock.forward(minutes=10)
    answer = a_report(engine)
    assert (answer["issues"], answer["before"]["issues"]) == (0, 1)
    assert [named(answer, name)["n"] for name in ("first_response", "compliance", "missed")] == [
        0, 0, 0
    ]  # fmt: skip


def test_a_second_mailbox_has_its_own_time_before(engine):
    """Connected later than the first: what it held by then is none of our time either."""
    engine.receive(from_customer(1))
    engine.clock.forward(days=30)
    first = engine.account
    engine.account = engine.writer.do(
        lambda db: accounts.add(
            db,
            name="Other",
            type=first.type,
            settings={**first.settings, "address": "help@other.example"},
            secret=None,
            secret_command="",
            now=engine.clock.now(),
        )
    )
    engine.receive(from_customer(2), at=engine.clock.now() - timedelta(days=10))
    engine.receive(from_customer(3))
    assert a_report(engine)["issues"] == 2


def test_what_nobody_answered_before_is_left_out_of_the_time_before(engine):
    """Of an old "thank you" nobody wrote down that it was done: it is not open since years."""
    long_ago = NOON - timedelta(days=40)
    engine.receive(from_customer(7), at=long_ago)
    engine.receive(from_us(7), at=long_ago + timedelta(hours=30))
    thanks = from_customer(7, answers="<our-7@shop.example>", id_="<thanks@customer.example>")
    engine.receive(thanks, at=long_ago + timedelta(hours=31))
    before = a_report(engine)["before"]
    assert named(before, "next_response")["n"] == named(before, "next_response")["open"] == 0
    assert named(before, "first_response")["n"] == 1


def test_a_time_without_length_is_refused(engine):
    """With the two instants."""
    with pytest.raises(Refused, match="no length"):
        a_report(engine, since="2026-11-20T00:00:00Z", until="2026-11-19T00:00:00Z")
    with pytest.raises(Refused, match="no instant"):
        a_report(engine, since="yesterday")


@pytest.mark.parametrize(
    "asked",
    [
        {"until": "0001-01-02"},
        {"until": "1969-12-31T23:59:59Z"},
        {"since": "0001-01-01T00:00:00+14:00"},
        {"until": "9999-12-31T23:59:59-05:00"},
    ],
)
def test_an_instant_at_the_edge_of_the_calendar_is_refused(engine, asked):
    """Nobody reports on it, and no date before it can be reckoned."""
    with pytest.raises(Refused, match="No report reaches to"):
        a_report(engine, **asked)
    assert a_report(engine, until="1970-01-02")["issues"] == 0
    assert a_report(engine, since="1970-01-01", until="9999-12-31T00:00:00Z")["issues"] == 0

"""What is owed about an issue, through the walk of a mail, the watch, and a change of hours."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from pathlib import Path

import pytest

from app.config.paths import rules
from app.domain.alert import AlertState
from app.domain.assessment import LEFT_OVER
from app.domain.deadline import Deadline, Metric
from app.domain.errors import KnownError, Refused
from app.domain.journal import EntryType, State
from app.engine.effect import Effect
from app.engine.own_rules import OwnRules
from app.engine.working_hours import WorkingHours
from app.escalation.terms import Terms
from app.storage import alerts, deadlines, issues, journal
from app.storage.connection import Connection
from tests.support.engine import NOON, SHOP, Engine, a_letter
from tests.support.storage import an_issue

HOUR = timedelta(hours=1)
WEEK = {day: [["09:00", "17:00"]] for day in ("monday", "tuesday", "wednesday", "thursday")}


@pytest.fixture
def hours(engine: Engine, tmp_path: Path) -> WorkingHours:
    """The verbs about working hours, over the engine's own parts."""

    def renew(terms: Terms) -> None:
        engine.standing.renew(terms)
        engine.watch.work_out_anew()

    own = OwnRules(
        folder=tmp_path / "rules",
        load=lambda: Terms.load(rules(), tmp_path / "rules", home="Europe/Berlin"),
        renew=renew,
    )
    return WorkingHours(
        own=own,
        home="Europe/Berlin",
        present=lambda: engine.standing.terms,
        effect=Effect(writer=engine.writer, standing=engine.standing, clock=engine.clock),
        clock=engine.clock,
    )


def our_answer(number: int, answers: str) -> bytes:
    return a_letter(
        "Two new mugs are on their way.",
        sender=SHOP,
        to="ben@customer.example",
        message_id=f"<ours{number}@shop.example>",
        answers=answers,
    )


def a_notice(text: str, *, message_id: str = "<dispute@stripe.com>") -> bytes:
    mail = EmailMessage()
    mail["From"], mail["To"] = "Stripe <notifications@stripe.com>", SHOP
    mail["Subject"] = "A customer has disputed a payment of 50.00 EUR"
    mail["Message-ID"] = message_id
    if message_id != "<dispute@stripe.com>":
        mail["In-Reply-To"] = "<dispute@stripe.com>"
    mail["Date"] = "Fri, 20 Nov 2026 11:58:00 +0000"
    mail["Auto-Submitted"] = "auto-generated"
    mail.set_content(text)
    return mail.as_bytes()


def owed(engine: Engine) -> tuple[Deadline, ...]:
    return engine.issue(engine.only_key()).deadlines


def rung(engine: Engine) -> list[str]:
    return [one.title for one in engine.writer.do(alerts.unseen)]


def test_a_second_question_is_owed_an_answer_of_its_own(engine: Engine) -> None:
    engine.receive(a_letter())
    engine.clock.forward(hours=1)
    engine.receive(our_answer(1, "<first@customer.example>"))
    engine.clock.forward(hours=5)
    engine.receive(
        a_letter("And when do they come?", message_id="<b@c>", answers="<ours1@shop.example>")
    )
    first, following = owed(engine)
    assert (first.metric, first.met_at) == (Metric.FIRST_RESPONSE, NOON + HOUR)
    assert (following.metric, following.started_at) == (Metric.NEXT_RESPONSE, NOON + 6 * HOUR)
    (row,) = engine.rows()
    assert row.deadline_at == following.planned_at


def test_an_automatic_mail_starts_no_clock_and_a_note_stops_none(engine: Engine) -> None:
    engine.receive(a_letter())
    key = engine.only_key()
    engine.desk.note(key, "Called them, nobody there.")
    assert owed(engine)[0].is_open
    engine.receive(our_answer(1, "<first@customer.example>"), at=NOON + HOUR)
    engine.receive(
        a_letter(
            "I am out of office.",
            message_id="<away@c>",
            answers="<ours1@shop.example>",
            Auto_Submitted="auto-replied",
        ),
        at=NOON + 2 * HOUR,
    )
    assert [one.metric for one in owed(engine)] == [Metric.FIRST_RESPONSE]


def test_a_reminder_comes_ahead_and_only_once(engine: Engine) -> None:
    """Something for the same day is due in four hours: one tap an hour before."""
    engine.receive(a_letter())
    engine.desk.override(engine.only_key(), severity="high")
    (deadline,) = owed(engine)
    engine.clock.at = deadline.planned_at - HOUR - timedelta(minutes=1)
    engine.watch.look()
    assert not any("First answer" in one for one in rung(engine))
    engine.clock.forward(minutes=1)
    engine.watch.look()
    engine.clock.forward(minutes=20)
    engine.watch.look()
    assert [one for one in rung(engine) if one.startswith("First answer due")] == [
        f"First answer due {deadline.planned_at:%H:%M}: Damaged item"
    ]


def test_a_reminder_asks_anew_whether_it_is_still_needed(engine: Engine) -> None:
    """Somebody said that they are at it."""
    engine.receive(a_letter())
    (deadline,) = owed(engine)
    engine.desk.acknowledge(engine.only_key())
    engine.clock.at = deadline.planned_at - timedelta(minutes=30)
    engine.watch.look()
    assert not any("First answer" in one for one in rung(engine))


def test_a_providers_clock_rings_72_and_24_hours_ahead_and_at_the_end(engine: Engine) -> None:
    """Also where somebody is at it, and asleep in between; only putting it away stops it."""
    engine.receive(a_notice("The cardholder's bank opened a dispute. Send evidence in time."))
    (clock,) = owed(engine)
    assert (clock.name, clock.verify) == ("stripe_dispute", True)
    key = engine.only_key()
    engine.desk.acknowledge(key)
    said: list[int] = []
    for ahead in (73, 71, 25, 23, 1, -1):
        engine.clock.at = clock.planned_at - ahead * HOUR
        engine.watch.look()
        said.append(sum("Evidence for Stripe" in one for one in rung(engine)))
    assert said == [0, 1, 1, 2, 2, 3]
    (row,) = engine.rows()
    assert row.deadline_for == "Evidence for Stripe"


def test_an_issue_that_cannot_be_worked_out_keeps_back_no_reminder(engine: Engine) -> None:
    """Not its own, and not those of the others: here what was judged of its mail is destroyed."""
    for number in range(3):
        notice = a_notice("The cardholder's bank opened a dispute. Send evidence in time.")
        engine.receive(notice.replace(b"<dispute@", f"<dispute{number}@".encode()))
    rows = engine.rows()
    (clock,) = (engine.issue(one.key).deadlines for one in rows[:1])
    spoilt = rows[1].key

    def spoil(db: Connection) -> None:
        issue_id = issues.by_key(db, spoilt)
        db.execute("UPDATE message SET assessment = '{}' WHERE issue_id = ?", (issue_id,))

    engine.writer.do(spoil)
    engine.clock.at = clock[0].planned_at - 71 * HOUR
    engine.watch.look()
    told = [one for one in engine.writer.do(alerts.unseen) if "Evidence for Stripe" in one.title]
    assert {one.issue_keys[0] for one in told} == {one.key for one in rows}


def test_claims_that_one_card_only_counts_are_each_told_by_name(engine: Engine) -> None:
    """Three days begin with the mail: what rang on a card with "and 3 more" did not name it."""
    for number in range(6):
        mail = EmailMessage()
        mail["From"], mail["To"] = "Amazon <cb@amazon.de>", SHOP
        mail["Subject"] = f"A buyer opened a dispute: case C{number}-2214"
        mail["Message-ID"] = f"<claim{number}@amazon.de>"
        mail["Date"] = "Fri, 20 Nov 2026 11:58:00 +0000"
        mail["Auto-Submitted"] = "auto-generated"
        mail.set_content("An A-to-z claim was opened.")
        engine.receive(mail.as_bytes())
    engine.clock.forward(minutes=1)
    engine.watch.look()
    told = [one for one in engine.writer.do(alerts.unseen) if one.by_name]
    assert all(any(f"C{n}-2214" in one.body for one in told) for n in range(6))


def test_a_clock_of_what_is_put_away_is_silent(engine: Engine) -> None:
    engine.receive(a_notice("The cardholder's bank opened a dispute. Send evidence in time."))
    (clock,) = owed(engine)
    engine.desk.resolve(engine.only_key())
    engine.clock.at = clock.planned_at - HOUR
    engine.watch.look()
    assert not any("Evidence" in one for one in rung(engine))
    (after,) = owed(engine)
    assert after.met_at == NOON


def test_new_hours_move_every_promise_as_if_they_had_always_held(
    engine: Engine, hours: WorkingHours
) -> None:
    """24 hours of a mail of Friday noon: until Wednesday evening, where Fridays are free."""
    engine.receive(a_letter())
    engine.clock.forward(hours=30)
    engine.watch.look()
    assert owed(engine)[0].breached_at is not None
    answer = hours.set({"tz": "Europe/Berlin", "hours": WEEK})
    assert answer["open_now"] is False
    assert answer["opens_at"] == "2026-11-23T08:00:00Z"
    engine.watch.look()
    (deadline,) = owed(engine)
    assert deadline.breached_at is None
    assert deadline.planned_at == datetime(2026, 11, 25, 16, 0, tzinfo=UTC)


def test_new_hours_hold_at_once_for_what_is_open_and_soon_for_the_years_before(
    engine: Engine, hours: WorkingHours
) -> None:
    """Ten years are minutes of work: until all of it was done, no reminder rang."""
    engine.receive(a_letter())
    key = engine.only_key()
    old = engine.writer.do(lambda db: [_done_long_ago(db, number) for number in range(250)])
    hours.set({"tz": "Europe/Berlin", "hours": WEEK})
    engine.watch.look()
    (deadline,) = engine.issue(key).deadlines
    assert deadline.planned_at == datetime(2026, 11, 25, 16, 0, tzinfo=UTC)
    behind = [engine.watch.is_behind]
    assert engine.writer.do(lambda db: deadlines.of_issue(db, min(old)))
    while behind[-1]:
        engine.watch.look()
        behind.append(engine.watch.is_behind)
    assert behind == [True, True, False]
    # Nobody wrote a mail there: worked out anew, nothing is owed.
    assert engine.writer.do(lambda db: deadlines.by_issue(db, old)) == {}


def _done_long_ago(db: Connection, number: int) -> int:
    issue = an_issue(db, f"{number}@old.example", first_at=NOON - timedelta(days=3000))
    journal.append(db, issue_id=issue, type=EntryType.RESOLVE, at=NOON - timedelta(days=2999))
    issues.update(db, issue, state=State.RESOLVED)
    due_at = NOON - timedelta(days=2998)
    made = Deadline(metric=Metric.FIRST_RESPONSE, planned_at=due_at, met_at=due_at)
    deadlines.put(db, issue, made)
    return issue


def test_hours_are_checked_before_they_are_kept(hours: WorkingHours, tmp_path: Path) -> None:
    with pytest.raises(KnownError, match="never opens"):
        hours.set({"hours": {}})
    with pytest.raises(Refused, match="cannot be used"):
        hours.check({"hours": {"monday": "all day"}})
    assert not (tmp_path / "rules").exists()


def test_what_the_owner_wrote_by_hand_stays_beside_what_the_window_writes(
    hours: WorkingHours, tmp_path: Path
) -> None:
    file = tmp_path / "rules" / "calendar.toml"
    file.parent.mkdir()
    file.write_text('# mine\n[calendar.night]\nhours = { monday = [["22:00", "06:00"]] }\n')
    closure = {"first": "2026-12-24", "last": "2026-12-31", "because": "break"}
    hours.set({"hours": WEEK, "closures": [closure], "exceptions": {"2026-12-23": []}})
    assert file.read_text().startswith("# mine\n[calendar.night]")
    again = hours.hours()["hours"]
    assert again["closures"] == [closure]
    assert again["exceptions"] == {"2026-12-23": []}
    assert "night" in Terms.load(rules(), tmp_path / "rules").calendars.by_name


def test_a_holiday_list_is_offered_for_a_country(hours: WorkingHours) -> None:
    found = hours.holidays("DE", "BY", 2026)
    assert {"day": "2026-12-25", "name": "Christmas Day"} in found["holidays"]
    assert "BY" in found["regions"]
    assert "GB" in hours.holiday_countries()["countries"]


def test_a_reminder_of_something_long_over_is_not_rung(engine: Engine) -> None:
    """A mailbox that was connected just now has old notices; nobody is woken for them."""
    engine.receive(
        a_notice("The cardholder's bank opened a dispute. Send evidence in time."),
        at=NOON - timedelta(days=30),
    )
    engine.watch.look()
    assert not any("Evidence" in one for one in rung(engine))


def test_states_of_alerts_are_those_of_others(engine: Engine) -> None:
    """A reminder waits to be shown like any other tap."""
    engine.receive(a_notice("The cardholder's bank opened a dispute. Send evidence in time."))
    (clock,) = owed(engine)
    engine.clock.at = clock.planned_at - 24 * HOUR
    engine.watch.look()
    found = [one for one in engine.writer.do(alerts.unseen) if "Evidence" in one.title]
    assert [one.state for one in found] == [AlertState.QUEUED]
    assert "If it is missed: the dispute is lost" in found[0].body


def test_a_lawyers_letter_that_gives_a_week_rises_when_its_day_is_near(engine: Engine) -> None:
    """Its day is a clock of its own; three days before it, time is no comfort any more."""
    said = "We act for our client, who instructs us as follows: your product page misleads."
    until = "Please return the signed undertaking by 30 November 2026 at the latest."
    engine.receive(a_letter(f"{said} {until}"))
    (clock,) = (one for one in owed(engine) if one.name == "letters_day")
    assert clock.planned_at == datetime(2026, 11, 30, tzinfo=UTC)
    calm = engine.issue(engine.only_key())
    assert "begin today" in calm.reasons[0].because
    engine.clock.forward(days=6, hours=13)
    engine.watch.look()
    near = engine.issue(engine.only_key())
    assert "within the hour" in near.reasons[0].because
    assert near.row.score > calm.row.score


def test_nobody_had_promised_what_was_late_when_the_mailbox_was_connected(engine: Engine) -> None:
    """It stands below the same mail of today, with its reason, until they write again."""
    engine.receive(a_letter(message_id="<old@c>"), at=NOON - timedelta(days=20))
    engine.receive(a_letter(sender="Eva <eva@customer.example>", message_id="<new@c>"))
    new, old = engine.rows()
    assert old.deadline_at is None
    assert new.deadline_at is not None
    assert old.score < new.score
    assert LEFT_OVER in {one.factor for one in engine.issue(old.key).reasons}
    engine.clock.forward(hours=1)
    engine.receive(a_letter("Hello? Still broken.", message_id="<more@c>", answers="<old@c>"))
    again = next(row for row in engine.rows() if row.key == old.key)
    assert again.deadline_at is not None
    assert again.score > new.score
    assert LEFT_OVER not in {one.factor for one in engine.issue(old.key).reasons}


def test_a_promise_that_still_ran_when_the_mailbox_was_connected_is_kept(engine: Engine) -> None:
    engine.receive(a_letter(), at=NOON - HOUR)
    (row,) = engine.rows()
    assert row.deadline_at == owed(engine)[0].planned_at
    assert row.deadline_at > NOON


@pytest.mark.parametrize(
    ("said", "ahead"),
    [
        ("You must respond by November 20, 2026 or lose it.", timedelta()),
        ("You have 3 days to respond.", timedelta(days=3)),
        ("It was opened on November 20, 2026. Please respond in time.", timedelta(days=7)),
    ],
)
def test_a_notices_own_day_is_due_at_once_and_a_length_counts_as_it_is_given(
    engine: Engine, said: str, ahead: timedelta
) -> None:
    """The day on which it was written is no date for an answer."""
    engine.receive(a_notice(f"The cardholder's bank opened a dispute. {said}"))
    (clock,) = owed(engine)
    assert clock.planned_at == engine.clock.now() + ahead


def test_a_reminder_with_an_earlier_date_moves_the_providers_clock(engine: Engine) -> None:
    engine.receive(a_notice("The bank opened a dispute. Please respond by December 20, 2026."))
    engine.clock.forward(days=1)
    sooner = "The bank wants to hear of the dispute sooner. Please respond by November 27, 2026."
    engine.receive(a_notice(sooner, message_id="<sooner@stripe.com>"))
    clocks = [one for key in engine.rows() for one in engine.issue(key.key).deadlines]
    assert f"{min(one.planned_at for one in clocks):%m-%d}" == "11-27"

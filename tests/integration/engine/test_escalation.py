"""Nobody takes it: who is told by real mail, a real service and a pop-up, and what comes back."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from app.domain.errors import KnownError, NotFound, Refused
from app.domain.journal import EntryType, State
from app.storage import alerts, contacts
from tests.support.engine import SHOP, a_letter
from tests.support.office import (
    ADA,
    CRITICAL,
    Office,
)
from tests.support.reports import a_report

pytestmark = pytest.mark.servers


def test_who_is_on_call_is_told_by_mail_after_ten_minutes_and_then_everybody(
    burning: Office,
) -> None:
    burning.pass_minutes(9)
    assert burning.calls() == []
    burning.pass_minutes(1)
    assert burning.calls() == [("Ada", "email", "sent")]
    (mail,) = burning.post.received
    assert mail.recipients == (ADA,)
    assert mail.mail["Auto-Submitted"] == "auto-generated"
    burning.pass_minutes(15)
    assert burning.calls()[1:] == [("Ada", "email", "sent"), ("Ben", "service", "sent")]
    (body,) = burning.web.bodies
    assert "Legal" in body["title"] or "Damaged" in body["title"] or body["title"]
    assert "Nobody has taken it yet." in body["message"]


def test_nothing_of_the_customer_goes_to_other_peoples_screens(burning: Office) -> None:
    burning.pass_minutes(10)
    burning.pass_minutes(15)
    told = burning.post.received[0].mail.get_content() + str(burning.web.bodies)
    for word in ("Ben Costa", "candle", "daughter", "customer.example", "Broken mugs"):
        assert word not in told


def test_whoever_acknowledges_stops_it(burning: Office) -> None:
    burning.pass_minutes(10)
    burning.engine.desk.acknowledge(burning.engine.only_key())
    burning.pass_minutes(60)
    assert len(burning.calls()) == 1


def test_an_automatic_answer_of_who_is_away_acknowledges_nothing(burning: Office) -> None:
    """Nobody has read it: it lies with the issue, and the next one is called."""
    burning.pass_minutes(10)
    ours = burning.post.received[0].mail["Message-ID"]
    away = a_letter(
        "I am away until Monday.",
        sender=f"Ada <{ADA}>",
        subject="Automatic reply",
        message_id="<away@team>",
        answers=ours,
        **{"Auto-Submitted": "auto-replied"},
    )
    burning.engine.receive(away)
    (row,) = burning.engine.rows()
    assert (row.state, row.message_count) == (State.NEW, 2)
    told = len(burning.post.received)
    burning.pass_minutes(60)
    assert len(burning.post.received) > told


def test_an_answer_of_who_was_told_acknowledges_and_is_no_customers_word(burning: Office) -> None:
    burning.pass_minutes(10)
    ours = burning.post.received[0].mail["Message-ID"]
    burning.engine.receive(
        a_letter("On it.", sender=f"Ada <{ADA}>", message_id="<a@team>", answers=ours)
    )
    (row,) = burning.engine.rows()
    assert row.state is State.ACKNOWLEDGED
    (entry,) = (
        one for one in burning.engine.issue(row.key).journal if one.type is EntryType.ACKNOWLEDGE
    )
    assert entry.data == {"by": "Ada"}
    burning.pass_minutes(60)
    assert len(burning.calls()) == 1
    ada = burning.desk.every()["contacts"][0]
    assert ada["acknowledged_at"] is not None


def test_somebody_else_cannot_acknowledge_by_mail(burning: Office) -> None:
    burning.pass_minutes(10)
    ours = burning.post.received[0].mail["Message-ID"]
    burning.engine.receive(
        a_letter("On it.", sender="Eve <eve@evil.example>", message_id="<e@e>", answers=ours)
    )
    assert State.NEW in {row.state for row in burning.engine.rows() if row.severity == "critical"}


def test_a_call_that_bounces_is_known_of_its_contact(burning: Office) -> None:
    burning.pass_minutes(10)
    ours = burning.post.received[0].mail["Message-ID"]
    burning.engine.receive(a_report(ours, to=ADA))
    ada = burning.desk.every()["contacts"][0]
    assert "came back" in ada["channels"][0]["failure"]
    assert burning.calls() == [("Ada", "email", "failed")]
    assert len(burning.engine.rows()) == 1


def test_where_nobody_could_be_reached_it_is_said_loudly(burning: Office) -> None:
    burning.post.fail("rcpt", "550 5.1.1 no such user")
    burning.pass_minutes(10)
    assert burning.calls() == [("Ada", "email", "failed")]
    (title,) = (one for one in burning.rung() if one.startswith("Nobody could be reached"))
    assert title
    channel = burning.desk.every()["contacts"][0]["channels"][0]
    assert channel["failure"]


def test_where_nobody_is_on_call_it_is_said_loudly_and_the_next_step_follows(
    office: Office,
) -> None:
    office.desk.add("Ben", addresses=[office.web.address()])
    office.rota.set_rota(["Ben"], starts="2027-01-04")
    office.engine.receive(a_letter(CRITICAL))
    office.escalating.step()
    office.pass_minutes(10)
    assert office.calls() == [("", "None", "nobody")]
    (told,) = (
        one
        for one in office.engine.writer.do(alerts.unseen)
        if one.title.startswith("Nobody could be reached")
    )
    assert told.body == "Who is on call: nobody is there"
    office.pass_minutes(15)
    assert office.calls()[1:] == [("Ben", "service", "sent")]


def test_when_every_round_is_used_up_that_is_said_too(burning: Office) -> None:
    for _ in range(6):
        burning.pass_minutes(15)
    assert any(one.startswith("Everybody was told and nobody took it") for one in burning.rung())
    before = len(burning.calls())
    burning.pass_minutes(600)
    assert len(burning.calls()) == before


def test_forced_it_is_told_at_once_also_when_acknowledged(burning: Office) -> None:
    key = burning.engine.only_key()
    burning.engine.desk.acknowledge(key)
    burning.escalating.step()
    answer = burning.escalating.force(key)
    assert [one["contact"] for one in answer["calls"]] == ["Ada"]
    burning.escalating.step()
    assert "Somebody wants you to look at it." in burning.post.received[0].mail.get_content()
    assert burning.engine.rows()[0].state is State.ACKNOWLEDGED


def test_a_call_that_an_engine_did_not_live_to_make_is_made_by_the_next(burning: Office) -> None:
    burning.escalating.force(burning.engine.only_key())
    assert burning.post.received == []
    burning.escalating.step()
    assert len(burning.post.received) == 1


def test_without_contacts_nothing_climbs_and_forcing_says_what_to_do(office: Office) -> None:
    office.engine.receive(a_letter(CRITICAL))
    office.pass_minutes(120)
    assert office.calls() == []
    with pytest.raises(Refused, match="nobody to tell"):
        office.escalating.force(office.engine.only_key())


def test_a_pop_up_on_this_machine_is_a_way_too(office: Office) -> None:
    office.desk.add("Jo", desktop=True)
    office.engine.receive(a_letter(CRITICAL))
    office.escalating.step()
    before = len(office.rung())
    office.pass_minutes(10)
    assert office.calls() == [("Jo", "desktop", "sent")]
    assert len(office.rung()) == before + 1


def test_a_test_says_of_each_way_whether_it_works(office: Office) -> None:
    office.desk.add("Ada", desktop=True, emails=[ADA], addresses=[office.web.address()])
    office.web.status = 500
    answer = office.desk.test("Ada")
    assert [(one["kind"], one["ok"]) for one in answer["calls"]] == [
        ("desktop", True),
        ("email", True),
        ("service", False),
    ]
    ways = answer["contact"]["channels"]
    assert ways[1]["worked_at"]
    assert not ways[1]["failure"]
    assert "did not take the message" in ways[2]["failure"]
    office.web.status = 200
    assert office.desk.test("Ada")["calls"][2]["ok"]


def test_what_is_secret_of_a_service_is_sealed_and_said_nowhere(
    office: Office, tmp_path: Path
) -> None:
    office.desk.add("Ada", addresses=[office.web.address("t0p-secret")])
    office.web.status = 403
    told = str(office.desk.test("Ada")) + str(office.desk.every())
    assert "t0p-secret" not in told
    files = list(tmp_path.glob("frontburner.db*"))
    assert files
    assert not any(b"t0p-secret" in file.read_bytes() for file in files)


def test_what_cannot_be_a_contact_is_refused(office: Office) -> None:
    with pytest.raises(Refused, match="no way to tell"):
        office.desk.add("Ada")
    with pytest.raises(Refused, match="no address of a service"):
        office.desk.add("Ada", addresses=["file:///etc/passwd"])
    with pytest.raises(KnownError):
        office.desk.add("Ada", emails=["no address"])
    with pytest.raises(Refused, match="somebody else"):
        office.desk.add("everyone", desktop=True)
    with pytest.raises(NotFound):
        office.desk.test("Ada")


def test_gaps_in_cover_are_said_in_words(office: Office) -> None:
    office.desk.add("Ada", emails=[ADA], hours={"monday": [["09:00", "17:00"]]})
    gaps = [one["said"] for one in office.rota.rota()["gaps"]]
    assert gaps[0] == "nobody Fri 20 Nov 2026 12:00 to Mon 23 Nov 2026 09:00"


def test_a_replacement_stands_in(office: Office) -> None:
    office.desk.add("Ada", emails=[ADA])
    office.desk.add("Ben", desktop=True)
    office.rota.set_rota(["Ada"], starts="2026-11-16")
    found = office.rota.replace("ada", "ben", "2026-11-20T10:00", "2026-11-20T20:00")
    assert found["on_call"] == ["Ben"]
    with pytest.raises(Refused, match="ends before"):
        office.rota.replace("Ada", "Ben", "2026-11-20T10:00", "2026-11-20T09:00")


def test_once_a_quarter_somebody_is_asked_whether_it_is_still_true(office: Office) -> None:
    office.desk.add("Ada", emails=[ADA])
    office.pass_minutes(1)
    assert office.rung() == []
    office.engine.clock.forward(days=93)
    office.escalating.step()
    office.escalating.step()
    assert [one for one in office.rung() if "right ones to tell" in one] == [
        "Are these people still the right ones to tell?"
    ]
    office.desk.review("Ada")
    assert not office.desk.every()["contacts"][0]["review_due"]


def test_who_is_removed_is_told_no_more_and_what_was_told_stays(burning: Office) -> None:
    burning.pass_minutes(10)
    burning.desk.remove("Ada")
    burning.pass_minutes(15)
    assert [one[0] for one in burning.calls()] == ["Ada", "Ben"]
    assert burning.engine.writer.do(contacts.every)[0].name == "Ben"


def test_an_issue_that_was_answered_climbs_no_further(burning: Office) -> None:
    answer = a_letter(
        "We are so sorry.",
        sender=SHOP,
        to="ben@customer.example",
        message_id="<ours@shop.example>",
        answers="<first@customer.example>",
    )
    burning.engine.receive(answer)
    burning.pass_minutes(120)
    assert burning.calls() == []


def test_who_was_removed_can_be_had_back_with_every_way(office: Office) -> None:
    office.desk.add("Ada", emails=[ADA], addresses=[office.web.address()])
    office.rota.set_rota(["Ada"], starts="2026-11-16")
    office.desk.remove("ada")
    assert office.desk.every()["contacts"] == []
    assert office.desk.every()["on_call"] == []
    office.desk.restore("Ada")
    assert [one["kind"] for one in office.desk.every()["contacts"][0]["channels"]] == [
        "email",
        "service",
    ]
    assert office.desk.every()["on_call"] == ["Ada"]
    assert office.desk.test("Ada")["calls"][1]["ok"]


def test_what_was_removed_a_week_ago_is_forgotten(office: Office) -> None:
    office.desk.add("Ada", emails=[ADA])
    office.desk.remove("Ada")
    office.engine.clock.forward(days=8)
    office.desk.add("Ben", desktop=True)
    with pytest.raises(NotFound, match="removed lately"):
        office.desk.restore("Ada")


def test_a_way_is_removed_and_had_back_but_never_the_last(office: Office) -> None:
    office.desk.add("Ada", emails=[ADA], desktop=True)
    first, second = office.desk.every()["contacts"][0]["channels"]
    office.desk.remove_way("Ada", first["id"])
    with pytest.raises(Refused, match="only way"):
        office.desk.remove_way("Ada", second["id"])
    assert len(office.desk.restore_way("Ada", first["id"])["contact"]["channels"]) == 2


def test_one_way_is_tested_alone(office: Office) -> None:
    office.desk.add("Ada", emails=[ADA], desktop=True)
    way = office.desk.every()["contacts"][0]["channels"][1]
    (call,) = office.desk.test("Ada", way["id"])["calls"]
    assert call["kind"] == way["kind"]


def test_a_new_name_holds_in_the_turns_and_in_the_ladders(office: Office) -> None:
    office.desk.add("Ada", emails=[ADA])
    office.rota.set_rota(["Ada"], starts="2026-11-16")
    office.ladders.set([{"name": "All", "working": [{"after": "5 min", "whom": ["Ada"]}]}])
    office.desk.rename("Ada", "Adele")
    assert list(office.rota.rota()["rotation"]["members"]) == ["Adele"]
    (ladder,) = office.ladders.ladders()["ladders"]
    assert list(ladder["working"][0]["whom"]) == ["Adele"]
    assert ladder["problems"] == []


@pytest.mark.parametrize("hour", [0, 3, 8, 9, 15])
def test_turns_that_begin_on_a_monday_morning_leave_no_gap_before_they_are_handed_over(
    office: Office, hour: int
) -> None:
    """Whoever sets them up at any hour has somebody on call from that moment on."""
    clock = office.engine.clock
    monday = (clock.now() + timedelta(days=7 - clock.now().weekday())).replace(hour=hour, minute=1)
    clock.forward(minutes=int((monday - clock.now()).total_seconds() // 60))
    office.desk.add("Ada", emails=[ADA])
    found = office.rota.set_rota(["Ada"])
    assert (found["on_call"], found["gaps"]) == (["Ada"], [])


def test_a_replacement_is_taken_back(office: Office) -> None:
    office.desk.add("Ada", emails=[ADA])
    office.desk.add("Ben", desktop=True)
    office.rota.set_rota(["Ada"], starts="2026-11-16")
    (one,) = office.rota.replace("Ada", "Ben", "2026-11-20T10:00", "2026-11-20T20:00")["rotation"][
        "replacements"
    ]
    assert office.rota.rota()["on_call"] == ["Ben"]
    found = office.rota.end_replacement("Ada", "Ben", one["from"])
    assert found["on_call"] == ["Ada"]
    with pytest.raises(NotFound):
        office.rota.end_replacement("Ada", "Ben", one["from"])
    with pytest.raises(Refused, match="themselves"):
        office.rota.replace("Ada", "Ada", "2026-11-20T10:00", "2026-11-20T20:00")


def test_a_ladder_that_is_tried_tells_whom_it_would_reach_and_tells_nobody(
    burning: Office,
) -> None:
    told = burning.ladders.attempt("critical", "2026-11-23T10:00")["told"]
    assert [[call["contact"] for call in one["calls"]] for one in told[:2]] == [
        ["Ada"],
        ["Ada", "Ben"],
    ]
    assert [one["at"] for one in told[:2]] == ["2026-11-23T10:10:00Z", "2026-11-23T10:25:00Z"]
    assert len(told) == 6  # two steps, once and twice more
    assert burning.calls() == []
    assert burning.post.received == []


def test_a_ladder_is_climbed_as_it_was_tried(burning: Office) -> None:
    """The trial and the climb are one walk: the same people at the same minutes."""
    told = burning.ladders.attempt("Critical")["told"]
    burning.pass_minutes(10)
    assert [one[0] for one in burning.calls()] == [one["contact"] for one in told[0]["calls"]]
    burning.pass_minutes(15)
    assert [one[0] for one in burning.calls()[1:]] == [one["contact"] for one in told[1]["calls"]]


def test_steps_that_would_tell_nobody_are_said_while_a_ladder_is_written(office: Office) -> None:
    office.desk.add("Ada", emails=[ADA], hours={"monday": [["09:00", "17:00"]]})
    ladder = {
        "name": "New",
        "working": [
            {"after": "5 min", "whom": ["Ada"], "how": ["service"]},
            {"after": "5 min", "whom": ["Tom"]},
            {"after": "5 min", "whom": ["on_call"]},
        ],
    }
    said = [one["said"] for one in office.ladders.check(ladder)["ladder"]["problems"]]
    assert said[0] == "Ada cannot be told by messenger or push"
    assert said[1] == "There is no contact called Tom"
    assert said[2].startswith("Nobody is on call Fri 20 Nov 12:00 to Mon 23 Nov 09:00, and")


def test_only_changed_ladders_are_written_and_removed_ones_are_off(
    office: Office, tmp_path: Path
) -> None:
    critical, high = office.ladders.ladders()["ladders"]
    answer = office.ladders.set([{**critical, "repeat": 1}])
    text = (tmp_path / "rules" / "escalation.toml").read_text()
    assert text.count("[[policy]]") == 2
    assert "off = true" in text
    assert [(one["name"], one["origin"]) for one in answer["ladders"]] == [("Critical", "changed")]
    assert [one.name for one in office.engine.standing.terms.ladder] == ["Critical"]
    back = office.ladders.set(answer["before"])
    assert [one["name"] for one in back["ladders"]] == [critical["name"], high["name"]]
    assert back["changed"] is False


@pytest.mark.parametrize(
    ("ladder", "why"),
    [
        ({"name": ""}, "needs a name"),
        ({"name": "A"}, "no step for working hours"),
        ({"name": "A", "working": [{"after": "soon", "whom": ["Ada"]}]}, "step 1: 'soon'"),
        ({"name": "A", "working": [{"after": "1 h", "whom": []}]}, "tells nobody"),
        ({"name": "A", "working": [{"after": "1 h", "how": ["pigeon"]}]}, "no way called pigeon"),
        ({"name": "A", "working": [{"after": "1 h"}], "repeat": 11}, "from 0 to 10"),
    ],
)
def test_what_cannot_be_climbed_is_refused_in_a_sentence(
    office: Office, ladder: dict[str, Any], why: str
) -> None:
    with pytest.raises(KnownError) as caught:
        office.ladders.set([ladder])
    assert why in caught.value.sentence
    assert not office.ladders.ladders()["changed"]

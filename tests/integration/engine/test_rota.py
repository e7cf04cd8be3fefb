"""Who is on call over the weeks: people come, leave, are renamed and stand in for each other."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.domain.errors import NotFound, Refused, Unreachable
from tests.support.certificates import Authority
from tests.support.engine import a_letter
from tests.support.office import ADA, CRITICAL, Office, an_office

pytestmark = pytest.mark.servers


def of_three(office: Office, starts: str = "2026-10-19") -> Office:
    """Ada, Ben and Cy take turns of a week; on 20 November it is Ben's."""
    for name in ("Ada", "Ben", "Cy"):
        office.desk.add(name, emails=[f"{name.lower()}@team.example"])
    office.rota.set_rota(["Ada", "Ben", "Cy"], starts=starts)
    return office


def test_who_comes_takes_nobodys_turn_and_a_day_that_is_given_begins_anew(office: Office) -> None:
    of_three(office).desk.add("Di", emails=["di@team.example"])
    everybody = ["Ada", "Ben", "Cy", "Di"]
    assert office.rota.set_rota(everybody)["on_call"] == ["Ben"]
    assert office.rota.set_rota(everybody, starts="2026-11-16")["on_call"] == ["Ada"]


def test_two_who_left_are_taken_out_one_after_the_other_and_stood_in_for(office: Office) -> None:
    """Each change once needed the other to be a contact still."""
    of_three(office)
    office.desk.remove("Ada")
    office.desk.remove("Ben")
    covered = office.rota.replace("Ben", "Cy", "2026-11-20T09:00", "2026-11-23T09:00")
    assert covered["on_call"] == ["Cy"]
    assert office.rota.set_rota(["Ben", "Cy"])["rotation"]["members"] == ("Ben", "Cy")
    assert office.rota.set_rota(["Cy"])["on_call"] == ["Cy"]
    with pytest.raises(NotFound):
        office.rota.set_rota(["Ada", "Cy"])


def test_nobody_takes_turns_twice(office: Office) -> None:
    of_three(office)
    assert office.rota.set_rota(["Ada", "ada", "Cy"])["rotation"]["members"] == ("Ada", "Cy")


@pytest.mark.parametrize("written", ["8", "8:00", "8.00", "08:00"])
def test_the_hour_of_handing_over_is_read_as_people_write_it(office: Office, written: str) -> None:
    of_three(office)
    turns = office.rota.set_rota(["Ada", "Ben"], handoff=written)
    assert turns["rotation"]["handoff"] == "08:00:00"


def test_standing_in_that_is_over_is_refused_and_the_same_is_said_once(office: Office) -> None:
    of_three(office)
    with pytest.raises(Refused, match="over already"):
        office.rota.replace("Ben", "Cy", "2025-12-24T09:00", "2025-12-27T09:00")
    for _ in range(2):
        rota = office.rota.replace("Ben", "Cy", "2026-12-24T09:00", "2026-12-27T09:00")
    assert len(rota["rotation"]["replacements"]) == 1


def test_days_alone_are_from_hand_over_to_hand_over_the_last_one_too(office: Office) -> None:
    """As in the window; the last day was once nobody's, because it ended where it began."""
    of_three(office)
    rota = office.rota.replace("Ben", "Cy", "2026-12-24", "2026-12-27")
    (one,) = rota["rotation"]["replacements"]
    assert (one["from"], one["to"]) == ("2026-12-24T09:00:00Z", "2026-12-28T09:00:00Z")
    assert office.rota.end_replacement("Ben", "Cy", "2026-12-24")["rotation"]["replacements"] == []


def on_fire(office: Office) -> Office:
    """Ada is told ten minutes after a critical mail, by her name."""
    office.desk.add("Ada", emails=[ADA])
    office.desk.add("Ben", emails=["ben@team.example"])
    steps = [{"after": "10 min", "whom": ["Ada"]}]
    office.ladders.set([{"name": "Critical", "severities": ["critical"], "working": steps}])
    office.engine.receive(a_letter(CRITICAL))
    office.escalating.step()
    return office


def test_who_is_called_otherwise_in_the_middle_of_an_alarm_is_told_all_the_same(
    office: Office,
) -> None:
    """What is under way has a copy of its ladder, with the name as it was."""
    on_fire(office).desk.rename("Ada", "Ada Berg")
    office.pass_minutes(10)
    assert office.calls() == [("Ada Berg", "email", "sent")]


@pytest.mark.parametrize("leaves", ["the person", "the way"])
def test_a_call_that_still_waits_is_not_made_to_who_is_told_no_more(
    office: Office, leaves: str
) -> None:
    """The laptop had no network when Ada's turn to be told came; then she, or her address, left."""
    on_fire(office).desk.add("Ada", emails=["new@team.example"])
    office.connections.faults[1] = Unreachable("There is no network")
    office.pass_minutes(10)
    assert office.calls() == [("Ada", "email", "queued")] * 2
    if leaves == "the person":
        office.desk.remove("Ada")
    else:
        office.desk.remove_way("Ada", office.desk.every()["contacts"][0]["channels"][0]["id"])
    office.connections.faults.clear()
    office.pass_minutes(2)
    told = [address for mail in office.post.received for address in mail.recipients]
    assert told == ([] if leaves == "the person" else ["new@team.example"])


def test_somebody_new_is_no_namesakes_further_way(office: Office) -> None:
    """A second Anna once became the first one's address, with the hours of the second."""
    office.desk.add("Anna", emails=["anna.meier@team.example"])
    with pytest.raises(Refused, match="called Anna already"):
        office.desk.add("anna", emails=["anna.schulz@team.example"], is_new=True)
    (anna,) = office.desk.every()["contacts"]
    assert [one["label"] for one in anna["channels"]] == ["anna.meier@team.example"]


def test_the_same_address_is_one_way(office: Office) -> None:
    office.desk.add("Ada", emails=[ADA], desktop=True)
    ada = office.desk.add("Ada", emails=[ADA.upper()], desktop=True)["contact"]
    assert [one["kind"] for one in ada["channels"]] == ["desktop", "email"]


def test_who_works_by_day_is_not_woken_by_the_step_for_everybody(office: Office) -> None:
    """The shop is open around the clock here; by day Cy is told as well."""
    office.desk.add("Ada", emails=[ADA])
    office.desk.add("Cy", emails=["cy@team.example"], hours={"tuesday": [["09:00", "17:00"]]})

    def told(at: str) -> set[str]:
        steps = office.ladders.attempt("Critical", at=at)["told"]
        return {call["contact"] for step in steps for call in step["calls"]}

    assert told("2026-12-01T01:00:00Z") == {"Ada"}
    assert told("2026-12-01T10:00:00Z") == {"Ada", "Cy"}


def test_who_can_be_told_can_be_given_an_issue_until_they_leave(office: Office) -> None:
    of_three(office).desk.remove("Ben")
    assert office.engine.queries.people() == ("Ada", "Cy")


@pytest.mark.parametrize("written", ["ada", "ada@", "a@x.example, b@x.example"])
def test_what_is_no_address_is_refused_whole_and_nobody_is_told_to_send_it_again(
    office: Office, written: str
) -> None:
    with pytest.raises(Refused) as refused:
        office.desk.add("Ada", emails=[written])
    assert refused.value.title == f"“{written}” is not a mail address"
    assert "ada@example.com" in refused.value.hint


def test_on_the_next_laptop_a_service_says_what_to_do_about_it(
    tmp_path: Path, authority: Authority
) -> None:
    """Its keyring has no key to the address; signing in to the mailboxes would not help."""
    with an_office(tmp_path, authority) as first:
        first.desk.add("Ben", addresses=[first.web.address()])
    with an_office(tmp_path, authority) as second:
        (call,) = second.desk.test("Ben")["calls"]
    assert not call["ok"]
    assert "is not known on this computer" in call["said"]
    assert "Remove the contact and add it again" in call["said"]

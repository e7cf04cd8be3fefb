"""What is promised, changed through the engine's verbs: tried first, kept in a file, taken back."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from app.config.paths import rules
from app.domain.errors import KnownError, Refused
from app.engine.effect import Effect
from app.engine.own_rules import OwnRules
from app.engine.promise_desk import PromiseDesk
from app.escalation.terms import Terms
from tests.support.engine import Engine, a_letter, an_engine


@dataclass
class Office:
    """An engine with one letter that waits, and the verbs about promises."""

    engine: Engine
    desk: PromiseDesk
    file: Path

    def wanted(self) -> dict[str, Any]:
        found = self.desk.promises()
        return {"times": found["times"], "policies": found["policies"]}

    def due(self) -> Any:
        (row,) = self.engine.rows()
        return row.deadline_at


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    own_folder = tmp_path / "rules"
    with an_engine(tmp_path) as engine:

        def renew(terms: Terms) -> None:
            engine.standing.renew(terms)
            engine.watch.work_out_anew()

        own = OwnRules(folder=own_folder, load=lambda: Terms.load(rules(), own_folder), renew=renew)
        desk = PromiseDesk(
            shipped=(rules(),),
            own=own,
            present=lambda: engine.standing.terms,
            effect=Effect(writer=engine.writer, standing=engine.standing, clock=engine.clock),
        )
        engine.receive(a_letter())
        yield Office(engine=engine, desk=desk, file=own_folder / "sla.toml")


def priority(office: Office) -> str:
    return str(office.engine.rows()[0].priority.value)


def test_what_a_change_would_do_is_told_and_nothing_is_written(office: Office) -> None:
    office.engine.clock.forward(minutes=45)
    before, wanted = office.due(), office.wanted()
    wanted["times"]["first_response"][priority(office)] = "30 min"
    told = office.desk.effect(wanted)
    assert told["said"] == "1 open issue would become due earlier, 1 of them at once late."
    assert (told["earlier"], told["late_at_once"], told["later"]) == (1, 1, 0)
    assert told["examples"][0]["key"] == office.engine.only_key()
    assert office.due() == before
    assert not office.file.exists()


def test_what_promises_more_time_or_none_is_told_too(office: Office) -> None:
    wanted = office.wanted()
    wanted["times"]["first_response"][priority(office)] = "20 d"
    assert office.desk.effect(wanted)["said"] == "1 open issue would become due later."
    wanted["times"]["first_response"][priority(office)] = "none"
    assert "nothing would be promised any more" in office.desk.effect(wanted)["said"]
    assert "at another time" in office.desk.effect(office.wanted())["said"]


def test_a_kept_promise_holds_at_once_and_can_be_taken_back(office: Office) -> None:
    before, wanted = office.due(), office.wanted()
    wanted["times"]["first_response"][priority(office)] = "30 min"
    answer = office.desk.set(wanted)
    office.engine.watch.look()
    started_at = office.engine.issue(office.engine.only_key()).deadlines[0].started_at
    assert started_at is not None
    assert office.due() == started_at + timedelta(minutes=30)
    office.desk.set(answer["before"])
    office.engine.watch.look()
    assert office.due() == before
    assert office.desk.promises()["changed"] is False


def test_only_what_differs_is_written_and_comments_stay(office: Office) -> None:
    office.file.parent.mkdir()
    office.file.write_text('# mine\n[first_response]\nP1 = "20 min" # quick\nP2 = "2 h"\n')
    wanted = office.wanted()
    wanted["times"]["first_response"]["P2"] = "4 hours"
    wanted["policies"] = [{"name": "Wholesale", "customers": ["*@Chain.example"], "warn": "never",
                           "first_response": "half", "kinds": ["damaged"]}]  # fmt: skip
    wanted["policies"][0]["first_response"] = "30m"
    office.desk.set(wanted)
    text = office.file.read_text()
    assert text.startswith('# mine\n[first_response]\nP1 = "20 min" # quick\n')
    assert "P2" not in text
    assert 'customers = ["*@chain.example"]' in text
    assert 'first_response = "30 min"' in text
    assert 'warn = "none"' in text


def test_reverting_promises_what_is_shipped(office: Office) -> None:
    wanted = office.wanted()
    wanted["times"]["warn"]["P1"] = "5 min"
    wanted["policies"] = [{"name": "A", "resolution": "2 d"}]
    office.desk.set(wanted)
    answer = office.desk.revert()
    assert answer["times"] == answer["shipped"]["times"]
    assert answer["policies"] == []
    assert office.desk.set(answer["before"])["policies"][0]["name"] == "A"


@pytest.mark.parametrize(
    ("policy", "why"),
    [
        ({"name": " "}, "needs a name"),
        ({"name": "P1", "resolution": "1 h"}, "is a priority"),
        ({"name": "A"}, "promises nothing"),
        ({"name": "A", "resolution": "soon"}, "A: Done: 'soon' is no length of time"),
        ({"name": "A", "resolution": "1 h", "customers": ["anna"]}, "no customer's address"),
        ({"name": "A", "resolution": "1 h", "calendar": "moon"}, "no hours called moon"),
        ({"name": "A", "resolution": "1 h", "kinds": ["lost"]}, "cannot be used"),
    ],
)
def test_what_cannot_be_promised_is_refused_in_a_sentence_and_nothing_is_kept(
    office: Office, policy: dict[str, Any], why: str
) -> None:
    wanted = {**office.wanted(), "policies": [policy]}
    with pytest.raises(Refused) as caught:
        office.desk.set(wanted)
    assert why in caught.value.sentence
    assert not office.file.exists()


def test_a_file_that_a_person_broke_is_left_as_it_is(office: Office) -> None:
    office.file.parent.mkdir()
    office.file.write_text("[first_response\n")
    with pytest.raises(KnownError, match=r"sla\.toml"):
        office.desk.promises()
    assert office.file.read_text() == "[first_response\n"


def test_a_change_that_other_rules_forbid_puts_the_file_back(office: Office) -> None:
    own = office.desk._own
    office.file.parent.mkdir()
    office.file.write_text('[warn]\nP1 = "5 min"\n')

    def edit(document: Any) -> None:
        document["first_response"] = {"P1": "never ever"}

    with pytest.raises(KnownError, match="cannot be used"):
        own.change("sla.toml", edit)
    assert office.file.read_text() == '[warn]\nP1 = "5 min"\n'

"""The owner's rules through the real parts of an engine: asked after the judgement, before alerts;
a person's word stands; what a rule did is told, counted among the reasons, and can be undone."""

from __future__ import annotations

import sqlite3
import threading
from datetime import timedelta
from typing import Any

import pytest

from app.domain.assessment import Kind, Severity
from app.domain.errors import KnownError, NotFound, Refused
from app.domain.journal import Entry, EntryType, fold
from app.domain.money import Money
from app.domain.order import Order
from app.domain.owner_rule import Deed, OwnerRule
from app.engine.rules_desk import RulesDesk
from app.engine.rules_on_open import RulesOnOpen
from app.storage import orders
from tests.support.engine import Engine, a_letter
from tests.support.ringing import an_injury, queued

WHOLESALE: dict[str, Any] = {
    "name": "Wholesale",
    "if": 'customer_domain = "customer.example" and subject contains "MUGS"',
    "then": {"tags": ["b2b"], "assign": "Mara"},
}


@pytest.fixture
def desk(engine):
    return RulesDesk(
        book=engine.book,
        database=engine.database,
        calendar=lambda: engine.standing.terms.calendars.shop,
        templates=engine.shelf,
        clock=engine.clock,
    )


@pytest.fixture
def on_open(engine):
    return RulesOnOpen(
        book=engine.book,
        database=engine.database,
        writer=engine.writer,
        standing=engine.standing,
        calendar=lambda: engine.standing.terms.calendars.shop,
        clock=engine.clock,
        publish=engine.moved.append,
    )


def _ruled(engine: Engine, key: str) -> list[Entry]:
    return [one for one in engine.issue(key).journal if one.type is EntryType.RULE]


def _again(number: int = 1) -> bytes:
    return a_letter(
        "And now the plates, too.",
        subject="Re: Broken mugs",
        message_id=f"<again{number}@customer.example>",
        answers="<first@customer.example>",
    )


def test_a_rule_does_its_deeds_when_a_mail_begins_an_issue(engine, desk):
    """The tag and the person stand at once; the journal names the rule, once."""
    desk.set([WHOLESALE])
    engine.receive(a_letter())
    key = engine.only_key()
    view = engine.issue(key)
    assert view.tags == ("b2b",)
    assert view.row.assignee == "Mara"
    (entry,) = _ruled(engine, key)
    done = {"tags": ["b2b"], "assign": "Mara"}
    assert {name: entry.data[name] for name in ("name", *done)} == {"name": "Wholesale", **done}


def test_what_a_rule_did_stands_among_the_reasons_and_moves_no_points(engine, desk):
    """The points still add up to the score."""
    desk.set([WHOLESALE])
    engine.receive(a_letter())
    view = engine.issue(engine.only_key())
    said = [one for one in view.reasons if one.factor == "rule"]
    assert [(one.points, one.because) for one in said] == [
        (0, "your rule “Wholesale” added the tag b2b and gave it to Mara")
    ]
    assert sum(one.points for one in view.reasons) == view.row.score


def test_a_rule_says_how_bad_it_is_and_the_reason_names_it(engine, desk):
    """Critical by a rule rings, and the score follows."""
    engine.receive(a_letter(message_id="<before@other.example>", sender="Al <al@other.example>"))
    assert queued(engine) == ()
    desk.set([{**WHOLESALE, "then": {"severity": "critical"}}])
    engine.receive(a_letter())
    row = next(one for one in engine.rows() if one.customer.email == "ben@customer.example")
    assert row.severity is Severity.CRITICAL
    (alert,) = queued(engine)
    assert alert.issue_keys == (row.key,)
    because = [one.because for one in engine.issue(row.key).reasons if one.factor == "severity"]
    assert because == ["critical: act within the hour, by your rule “Wholesale”"]


def test_a_rule_may_be_asked_when_the_customer_writes_again(engine, desk):
    """And is not asked at the first mail where it says so."""
    desk.set([{**WHOLESALE, "when": ["mail"], "if": "unanswered > 1"}])
    engine.receive(a_letter())
    key = engine.only_key()
    assert _ruled(engine, key) == []
    engine.receive(_again())
    assert engine.only_key() == key
    assert engine.issue(key).tags == ("b2b",)


def test_what_is_so_already_is_not_done_twice(engine, desk):
    """Three mails, one entry."""
    desk.set([WHOLESALE])
    engine.receive(a_letter())
    engine.receive(_again(1))
    engine.receive(_again(2))
    assert len(_ruled(engine, engine.only_key())) == 1


def test_a_persons_word_is_never_overwritten(engine, desk):
    """Severity, person and a tag that was taken off stay, whatever a rule says afterwards."""
    engine.receive(a_letter())
    key = engine.only_key()
    engine.desk.override(key, severity="low")
    engine.desk.assign(key, "")
    engine.desk.tag(key, add=["b2b"])
    engine.desk.tag(key, remove=["b2b"])
    desk.set([{**WHOLESALE, "then": {**WHOLESALE["then"], "severity": "critical"}}])
    engine.receive(_again())
    view = engine.issue(key)
    assert (view.row.severity, view.row.assignee, view.tags) == (Severity.LOW, "", ())
    assert _ruled(engine, key) == []


def test_a_person_who_decides_later_wins_too(engine, desk):
    """A rule gave it to Mara and made it high; a person says otherwise."""
    desk.set([{**WHOLESALE, "then": {"assign": "Mara", "severity": "high"}}])
    engine.receive(a_letter())
    key = engine.only_key()
    engine.desk.assign(key, "Jo")
    engine.desk.override(key, severity="low")
    engine.receive(_again())
    row = engine.issue(key).row
    assert (row.assignee, row.severity) == ("Jo", Severity.LOW)


def test_what_a_rule_did_can_be_undone_and_is_not_done_again(engine, desk):
    """Undone means undone for this issue, also at its next mail."""
    desk.set([WHOLESALE])
    engine.receive(a_letter())
    key = engine.only_key()
    engine.desk.undo(_ruled(engine, key)[0].id)
    assert (engine.issue(key).tags, engine.issue(key).row.assignee) == ((), "")
    engine.receive(_again())
    assert engine.issue(key).tags == ()


def test_what_a_person_took_back_stays_taken_back_when_the_rule_is_renamed(engine, desk):
    """Another rule that asks the same and does something else is another rule."""
    desk.set([WHOLESALE])
    engine.receive(a_letter())
    key = engine.only_key()
    (entry,) = _ruled(engine, key)
    engine.desk.undo(entry.id)
    other = {**WHOLESALE, "name": "Also", "then": {"tags": ["mugs"]}}
    desk.set([{**WHOLESALE, "name": "Whole sale"}, other])
    engine.receive(_again())
    view = engine.issue(key)
    assert (view.tags, view.row.assignee) == (("mugs",), "")


def test_the_first_stop_wins_and_an_upper_rule_goes_before_a_lower_one(engine, desk):
    """Both say whose it is: the upper does; what stands below the stop is not asked."""
    everything = "score > 0 or not score > 0"
    desk.set(
        [
            {"name": "One", "if": everything, "then": {"assign": "Mara"}},
            {
                "name": "Two",
                "if": everything,
                "then": {"assign": "Jo", "tags": ["x"]},
                "stop": True,
            },
            {"name": "Three", "if": everything, "then": {"tags": ["y"]}},
        ]
    )
    engine.receive(a_letter())
    view = engine.issue(engine.only_key())
    assert (view.row.assignee, view.tags) == ("Mara", ("x",))


def test_a_rule_that_is_switched_off_does_nothing(engine, desk):
    """It stays in the file."""
    desk.set([{**WHOLESALE, "on": False}])
    engine.receive(a_letter())
    assert _ruled(engine, engine.only_key()) == []
    assert len(desk.owner_rules()["rules"]) == 1


def test_mute_keeps_the_pop_up_away_and_danger_rings_all_the_same(engine, desk):
    """A muted critical mail is silent; one that tells of an injury is not."""
    mute = {"name": "Hush", "if": 'not subject contains "?!"', "then": {"mute": True}}
    loud = {"name": "Loud", "if": "unanswered > 0", "then": {"severity": "critical"}}
    desk.set([mute, loud])
    engine.receive(a_letter())
    assert queued(engine) == ()
    engine.receive(an_injury())
    assert len(queued(engine)) == 1


def test_a_rule_that_says_low_does_not_silence_a_danger(engine, desk):
    """Whoever said of a partner that nothing is urgent did not know of the injury; its place in the
    list stays that of the rule."""
    desk.set([{**WHOLESALE, "if": "unanswered > 0", "then": {"severity": "low"}}])
    engine.receive(an_injury())
    assert len(queued(engine)) == 1
    assert engine.rows()[0].severity is Severity.LOW


def test_a_forger_gets_nothing_by_a_rule_about_the_true_customer(engine, desk):
    """Our own mail host says that it does not come from there: neither the address nor the orders
    speak for it, and a rule can ask for just that."""
    order = Order(
        platform="sample",
        platform_id="1",
        number="1042",
        customer_name="Vip",
        customer_email="vip@big.example",
        placed_at=engine.clock.now() - timedelta(days=5),
        total=Money(99_900, "EUR"),
    )

    def write(db: sqlite3.Connection) -> None:
        orders.upsert(db, order)

    engine.writer.do(write)
    about = ('customer_domain = "big.example"', "orders > 0", "total > 500")
    desk.set(
        [
            *({"name": one, "if": one, "then": {"tags": ["vip"]}} for one in about),
            {"name": "False", "if": "suspicious", "then": {"tags": ["forged"]}},
        ]
    )
    for number, found in enumerate(("pass", "fail")):
        letter = a_letter(
            "Where is order 1042?",
            sender="Vip <vip@big.example>",
            message_id=f"<vip{number}@big.example>",
            Authentication_Results=f"localhost; dmarc={found} header.from=big.example",
        )
        engine.receive(letter)
        engine.desk.resolve(row := engine.rows("open")[0].key)
        assert engine.issue(row).tags == (("vip",) if found == "pass" else ("forged",))
        engine.clock.forward(days=60)


def test_a_mail_is_asked_about_by_the_hour_in_which_it_came(engine, desk):
    """It came in the night, the laptop slept until ten: live, on what is open, and in a trial."""
    early = {"name": "Night", "if": "hour < 6", "then": {"tags": ["night"]}}
    desk.set([early])
    came_at = engine.clock.at = engine.clock.at.replace(hour=3)
    engine.clock.at = came_at.replace(hour=10)
    engine.receive(a_letter(), at=came_at)
    assert engine.issue(engine.only_key()).tags == ("night",)
    assert desk.try_(early)["matched"] == 1
    engine.clock.at = came_at.replace(hour=4) + timedelta(days=1)
    engine.receive(
        a_letter(message_id="<day@other.example>", sender="al@other.example"),
        at=came_at.replace(hour=12),
    )
    late = next(row.key for row in engine.rows() if row.customer.email == "al@other.example")
    assert engine.issue(late).tags == ()


def test_what_was_no_issue_and_becomes_one_begins_for_the_rules(engine, desk):
    """A newsletter by its headers, until a person says what it is; undone and said again, the rule
    does nothing twice, and what a person took from it stays away."""
    desk.set([{**WHOLESALE, "if": 'customer_domain = "customer.example"', "when": ["new"]}])
    engine.receive(a_letter("Our news. Unsubscribe here.", List_Id="<news.customer.example>"))
    key = engine.only_key()
    assert engine.issue(key).row.kind is Kind.NOT_AN_ISSUE
    assert engine.issue(key).tags == ()
    first = engine.desk.override(key, kind="product_question")
    assert engine.issue(key).tags == ("b2b",)
    engine.desk.tag(key, remove=["b2b"])
    engine.desk.undo(first["entry"])
    engine.desk.override(key, kind="late")
    assert engine.issue(key).tags == ()
    assert len(_ruled(engine, key)) == 1


def test_a_template_that_a_rule_chose_is_offered_first(engine, desk):
    """And one that does not exist is refused when the rule is made."""
    engine.receive(a_letter())
    usual = [one["id"] for one in engine.writing.templates(engine.only_key())["templates"]]
    desk.set([{**WHOLESALE, "when": ["mail"], "then": {"template": usual[-1]}}])
    engine.receive(_again())
    offered = [one["id"] for one in engine.writing.templates(engine.only_key())["templates"]]
    assert offered[0] == usual[-1]
    assert sorted(offered) == sorted(usual)
    gone = {**WHOLESALE, "then": {"template": "damaged/nonsense"}}
    with pytest.raises(NotFound, match="no template"):
        desk.check(gone)
    with pytest.raises(NotFound, match="no template"):
        desk.set([gone])


def test_a_rule_whose_template_is_gone_does_not_hold_up_the_others(engine, desk):
    """They can still be moved, switched and deleted; the usual templates are offered."""
    gone = OwnerRule(name="Gone", condition="unanswered > 0", then=Deed(template="damaged/gone"))
    engine.book.keep([gone])
    (plain,) = desk.owner_rules()["rules"]
    desk.set([WHOLESALE, plain])
    engine.receive(a_letter())
    assert engine.writing.templates(engine.only_key())["templates"]


def test_a_deadline_that_comes_near_is_a_moment_for_rules(engine, desk):
    """Asked at the reminders that the deadline has, and when it passes."""
    desk.set([{**WHOLESALE, "when": ["deadline"], "if": "days_left < 1"}])
    engine.receive(a_letter())
    key = engine.only_key()
    assert _ruled(engine, key) == []
    engine.clock.forward(days=12)
    engine.watch.look()
    assert len(_ruled(engine, key)) == 1


def test_a_broken_file_leaves_the_last_good_rules_over_a_start_too(engine, desk, tmp_path):
    """It says what is wrong and where; mended, it holds again without anything else."""
    desk.set([WHOLESALE])
    good = engine.book.file.read_text("utf-8")
    engine.book.file.write_text(good.replace("customer_domain", "customer_domian"), "utf-8")
    assert "Did you mean customer_domain?" in desk.owner_rules()["trouble"]
    with pytest.raises(KnownError, match=r"owner.toml cannot be used"):
        desk.reload()
    engine.receive(a_letter())
    assert engine.issue(engine.only_key()).tags == ("b2b",)
    fresh = type(engine.book)(tmp_path / "rules")
    assert [one.rule.name for one in fresh.rules()] == ["Wholesale"]
    fresh.keep([one.rule for one in fresh.rules()])
    assert "domian" in (tmp_path / "rules" / "owner.toml.broken").read_text("utf-8")
    assert fresh.trouble == ""
    engine.book.file.write_text(good, "utf-8")
    assert desk.owner_rules()["trouble"] == ""


def test_an_edited_file_holds_at_once(engine, desk):
    """No restart, no command."""
    desk.set([WHOLESALE])
    text = engine.book.file.read_text("utf-8")
    engine.book.file.write_text(text.replace('"b2b"', '"trade customers"'), "utf-8")
    engine.receive(a_letter())
    assert engine.issue(engine.only_key()).tags == ("trade customers",)


def test_a_rule_is_tried_on_what_has_happened_and_changes_nothing(engine, desk):
    """Two of three issues would have matched; the journal and the rules stay as they are."""
    engine.receive(a_letter())
    engine.receive(_again())
    for number in range(2):
        engine.receive(
            a_letter(
                "Where is it?",
                subject="Mugs" if number else "Plates",
                message_id=f"<{number}@other.example>",
                sender=f"Al <al{number}@other.example>",
            )
        )
    told = desk.try_({**WHOLESALE, "if": 'subject contains "mugs"'})
    assert (told["matched"], told["asked"], told["whole"], told["days"]) == (2, 3, True, 90)
    assert {one["subject"] for one in told["issues"]} == {"Broken mugs", "Mugs"}
    assert desk.owner_rules()["rules"] == []
    assert all(not engine.issue(row.key).journal for row in engine.rows())


def test_a_trial_looks_at_each_mail_as_it_was_then(engine, desk):
    """Two mails without an answer there were only after the second."""
    engine.receive(a_letter(), at=engine.clock.now() - timedelta(days=3))
    assert desk.try_({**WHOLESALE, "when": ["new"], "if": "unanswered > 1"})["matched"] == 0
    engine.receive(_again())
    assert desk.try_({**WHOLESALE, "when": ["new"], "if": "unanswered > 1"})["matched"] == 0
    assert desk.try_({**WHOLESALE, "when": ["mail"], "if": "unanswered > 1"})["matched"] == 1


def test_rules_that_were_changed_elsewhere_are_not_overwritten(engine, desk):
    """Two windows: the second is told."""
    state = desk.owner_rules()["state"]
    desk.set([WHOLESALE], state=state)
    with pytest.raises(Refused, match="changed elsewhere"):
        desk.set([], state=state)
    assert len(desk.owner_rules()["rules"]) == 1


def test_of_two_desks_that_change_the_rules_at_once_one_is_told(engine, desk):
    """Both saw the same rules: only one of them can have changed those."""
    state = desk.owner_rules()["state"]
    told: list[str] = []

    def change(name: str) -> None:
        try:
            desk.set([{**WHOLESALE, "name": name}], state=state)
            told.append(name)
        except Refused:
            told.append("")

    names = [f"Rule {number}" for number in range(6)]
    desks = [threading.Thread(target=change, args=(name,)) for name in names]
    for one in desks:
        one.start()
    for one in desks:
        one.join()
    kept = [name for name in told if name]
    assert len(told) == len(names)
    assert [one["name"] for one in desk.owner_rules()["rules"]] == kept


def test_undoing_an_entry_is_part_of_the_fold(engine, desk):
    """The same entries give the same decisions, on any laptop."""
    desk.set([{**WHOLESALE, "then": {"severity": "high", "mute": True}}])
    engine.receive(a_letter())
    view = engine.issue(engine.only_key())
    decided = fold(view.journal)
    assert (decided.by_rule, decided.severity, decided.muted) == (Severity.HIGH, None, True)


def test_what_is_tagged_is_found_by_its_tag(engine, desk):
    """By `tag:` alone, in any case, and narrowing words; no more once the tag is taken off."""
    desk.set([{**WHOLESALE, "then": {"tags": ["trade customers"]}}])
    engine.receive(a_letter())
    key = engine.only_key()
    engine.receive(
        a_letter("Mugs?", message_id="<o@other.example>", sender="Al <al@other.example>")
    )

    def found(query: str) -> list[str]:
        return [
            row.key
            for row in engine.queries.rows(engine.queries.search(query, now=engine.clock.now()))
        ]

    assert found('tag:"Trade Customers"') == [key]
    assert found('tag:"trade customers" mugs') == [key]
    assert found('tag:"trade customers" is:done') == []
    assert found("tag:nothing") == found("tag:nothing mugs") == []
    engine.desk.tag(key, remove=["trade customers"])
    assert found('tag:"trade customers"') == []


def _three_open(engine: Engine) -> list[str]:
    """Of the third a person said already whose it is."""
    for who in ("ann", "bo", "cy"):
        engine.receive(
            a_letter(
                subject=f"Mugs of {who}",
                sender=f"{who} <{who}@customer.example>",
                message_id=f"<{who}@customer.example>",
            )
        )
    keys = {row.customer.email[:2]: row.key for row in engine.rows()}
    engine.desk.assign(keys["cy"], "Jo")
    return [keys["an"], keys["bo"], keys["cy"]]


def test_a_rule_is_told_and_then_done_with_what_is_open_and_one_undo_takes_it_back(
    engine, desk, on_open
):
    keys = _three_open(engine)
    desk.set([WHOLESALE])
    told = on_open.tell("Wholesale")
    assert {one["key"]: one["plan"] for one in told["issues"]} == {
        keys[0]: "adds the tag b2b and gives it to Mara",
        keys[1]: "adds the tag b2b and gives it to Mara",
        keys[2]: "adds the tag b2b",
    }
    assert all(_ruled(engine, key) == [] for key in keys)
    done = on_open.apply("Wholesale", keys)
    assert done["done"] == len(done["entries"]) == 3
    assert [engine.issue(key).row.assignee for key in keys] == ["Mara", "Mara", "Jo"]
    assert on_open.tell("Wholesale")["issues"] == []
    engine.desk.undo(done["entries"])
    assert [engine.issue(key).row.assignee for key in keys] == ["", "", "Jo"]
    assert [engine.issue(key).tags for key in keys] == [(), (), ()]
    assert queued(engine) == ()


def test_on_what_is_open_an_upper_rule_goes_first_too(engine, desk, on_open):
    """And one that stops keeps the lower one away."""
    keys = _three_open(engine)
    upper = {"name": "Ann", "if": 'subject contains "ann"', "then": {"tags": ["vip"]}}
    desk.set([{**upper, "stop": True}, WHOLESALE])
    assert {one["key"] for one in on_open.tell("Wholesale")["issues"]} == set(keys[1:])
    assert on_open.apply("Wholesale", keys)["done"] == 2
    assert engine.issue(keys[0]).tags == ()


def test_what_changed_after_it_was_told_is_looked_at_again(engine, desk, on_open):
    """A person was quicker: their word stands."""
    keys = _three_open(engine)
    desk.set([{**WHOLESALE, "then": {"assign": "Mara"}}])
    engine.desk.assign(keys[0], "Kim")
    assert on_open.apply("Wholesale", keys)["done"] == 1
    assert engine.issue(keys[0]).row.assignee == "Kim"


def test_a_rule_that_is_switched_off_is_not_applied(engine, desk, on_open):
    desk.set([{**WHOLESALE, "on": False}])
    with pytest.raises(NotFound):
        on_open.tell("Wholesale")

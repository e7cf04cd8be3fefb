"""The owner's rules in the settings, by real keys and clicks: read as sentences, made in a form
that is checked and tried while it is filled, moved, switched, deleted and brought back."""

from __future__ import annotations

import pytest
import shiboken6
from PySide6.QtCore import Qt

from app.domain.errors import Refused
from app.domain.rule_text import Row
from app.ui.settings.dialog import RULES, SettingsDialog
from app.ui.settings.rule_words import if_words, then_words, trial_words, when_words
from app.ui.settings.rules_card import RulesCard
from tests.support import ui_issue_fakes as fakes
from tests.support.ui_answers import A_RULE as WHOLESALE
from tests.support.ui_answers import ANOTHER_RULE as LATE
from tests.support.ui_answers import own_rules as _rules

FOUND = [
    {
        "key": "i1_mugs",
        "subject": "Mugs broken",
        "customer": "Ben Costa",
        "at": "2026-11-20T12:00:00Z",
    },
    {"key": "i1_bowl", "subject": "Bowl chipped", "customer": "Al", "at": "2026-11-20T12:00:00Z"},
]


ON_OPEN = {"matched": 2, "issues": [{**one, "plan": "adds the tag b2b"} for one in FOUND]}


@pytest.fixture
def asked() -> fakes.FakeBridge:
    return fakes.FakeBridge(
        {
            "owner_rules": _rules(WHOLESALE, LATE),
            "set_owner_rules": lambda args: _rules(*args["rules"]),
            "check_owner_rule": lambda args: {"rule": args["rule"]},
            "try_owner_rule": {
                "matched": 2,
                "asked": 340,
                "days": 90,
                "whole": True,
                "issues": FOUND,
            },
            "owner_rule_on_open": lambda args: {**ON_OPEN, "name": args["name"]},
            "apply_owner_rule": lambda args: {
                "done": len(args["keys"]),
                "entries": ["e1", "e2"],
                "changes": {},
            },
            "undo": {"changes": {}, "entries": ["e3", "e4"]},
        }
    )


@pytest.fixture
def card(qtbot, theme, asked):
    made = RulesCard(bridge=asked, theme=theme)
    made.reload()
    made.resize(620, 900)
    made.show()
    qtbot.waitExposed(made)
    yield made
    shiboken6.delete(made)


def _kept(asked: fakes.FakeBridge) -> list[str]:
    return [one["name"] for one in asked.args_of("set_owner_rules")["rules"]]


def test_a_rule_reads_as_three_sentences(card):
    assert card.rows[0].said.text() == (
        "When a new issue begins or the customer writes again\n"
        "If customer's domain is “bigshop.example” and order total is more than 500\n"
        "Adds the tag b2b and gives it to Mara, then asks no rule below."
    )


def test_words_for_what_rows_cannot_say():
    """A condition with brackets stands as it is written."""
    assert when_words(LATE) == "When a deadline comes near or passes"
    assert if_words(LATE) == 'If kind = "late" and (total > 5 or has_dispute)'
    assert then_words(LATE) == "Sets how bad it is to high"
    assert if_words({"if": "not has_order"}) == "If not: there is an order"
    assert trial_words({"matched": 0, "asked": 0, "days": 90}).startswith("Nothing came in")
    told = trial_words({"matched": 12, "asked": 340, "days": 90, "whole": True})
    assert told == "Would have matched 12 of 340 issues of the last 90 days."


def test_a_new_rule_is_made_by_keyboard_and_tried_on_what_happened(card, asked, qtbot):
    qtbot.mouseClick(card.new_button, Qt.MouseButton.LeftButton)
    assert card.editor.form.name.hasFocus() or card.editor.form.name.isVisible()
    assert not card.editor.keep_button.isEnabled()
    qtbot.keyClicks(card.editor.form.name, "Mugs")
    (row,) = card.editor.form.conditions.rows
    qtbot.keyClicks(row.words, "mugs")
    qtbot.keyClicks(card.editor.form.tags, "fragile, mugs")
    qtbot.waitUntil(lambda: card.editor.said.text().startswith("Would have matched 2 of 340"))
    assert asked.args_of("check_owner_rule")["rule"] == {
        "name": "Mugs",
        "on": True,
        "when": ["new", "mail"],
        "if": 'subject contains "mugs"',
        "then": {"tags": ["fragile", "mugs"]},
        "stop": False,
    }
    qtbot.mouseClick(card.editor.keep_button, Qt.MouseButton.LeftButton)
    assert _kept(asked) == ["Wholesale", "Late", "Mugs"]
    assert asked.args_of("set_owner_rules")["state"] == "state of 2"
    assert not card.editor.isVisible()
    assert len(card.rows) == 3


def test_what_is_wrong_is_said_while_somebody_types_and_cannot_be_kept(card, asked, qtbot):
    """The sentence of the engine, without naming the rule that everybody sees."""
    asked.answers["check_owner_rule"] = Refused("The rule “x” cannot be used", "No field “totl”.")
    asked.answers["try_owner_rule"] = Refused(
        "The rule “This rule” cannot be used", "No field “totl”."
    )
    card.open_new()
    qtbot.mouseClick(card.editor.form.conditions.other_way, Qt.MouseButton.LeftButton)
    qtbot.keyClicks(card.editor.form.conditions.free, "totl > 3")
    qtbot.waitUntil(lambda: card.editor.said.text() == "No field “totl”.")
    assert not card.editor.keep_button.isEnabled()
    assert not card.editor.show_all.isVisible()


def test_what_is_still_to_be_filled_in_is_no_fault(card, asked, qtbot):
    """The condition is tried before anything else of the rule is there."""
    card.open_new()
    qtbot.keyClicks(card.editor.form.name, "A")
    qtbot.waitUntil(lambda: "Nothing is said about: subject" in card.editor.lacks.text())
    asked.answers["check_owner_rule"] = Refused("The rule “A” cannot be used", "It does nothing.")
    qtbot.keyClicks(card.editor.form.conditions.rows[0].words, "mugs")
    qtbot.waitUntil(lambda: card.editor.lacks.text() == "It does nothing.")
    assert card.editor.said.text().startswith("Would have matched")
    assert not card.editor.keep_button.isEnabled()


def test_an_answer_that_comes_too_late_is_not_shown(card, asked, qtbot):
    """What was tried before the last key says nothing about what stands there now."""
    asked.answers["try_owner_rule"] = None
    card.open_new()
    qtbot.keyClicks(card.editor.form.conditions.rows[0].words, "m")
    qtbot.waitUntil(lambda: bool(asked.held))
    qtbot.keyClicks(card.editor.form.conditions.rows[0].words, "u")
    asked.answer("try_owner_rule", {"matched": 9, "asked": 9, "days": 90, "issues": []})
    assert "9" not in card.editor.said.text()


def test_the_issues_that_it_would_have_matched_can_be_opened(card, qtbot):
    shown: list[tuple[object, str]] = []
    card.issues_asked.connect(lambda keys, what: shown.append((keys, what)))
    qtbot.mouseClick(card.rows[0].edit, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(card.editor.show_all.isVisible)
    qtbot.mouseClick(card.editor.show_all, Qt.MouseButton.LeftButton)
    assert shown == [(("i1_mugs", "i1_bowl"), "“Wholesale” would have matched")]


def test_a_simple_rule_is_changed_in_rows_and_another_in_a_line(card, asked, qtbot):
    qtbot.mouseClick(card.rows[0].edit, Qt.MouseButton.LeftButton)
    conditions = card.editor.form.conditions
    assert [one.value() for one in conditions.rows] == [
        Row(field="customer_domain", how="is", value="bigshop.example"),
        Row(field="total", how="is more than", value="500"),
    ]
    qtbot.mouseClick(conditions.rows[1].remove_button, Qt.MouseButton.LeftButton)
    card.editor.keep()
    kept = asked.args_of("set_owner_rules")["rules"]
    assert kept[0] == {**WHOLESALE, "if": 'customer_domain = "bigshop.example"'}
    assert kept[1] == LATE
    qtbot.mouseClick(card.rows[1].edit, Qt.MouseButton.LeftButton)
    assert card.editor.form.conditions.is_free
    assert card.editor.form.value() == LATE
    assert not card.editor.form.conditions.other_way.isEnabled()


def test_rows_become_a_line_and_the_line_rows_again(card, qtbot):
    qtbot.mouseClick(card.rows[0].edit, Qt.MouseButton.LeftButton)
    conditions = card.editor.form.conditions
    qtbot.mouseClick(conditions.other_way, Qt.MouseButton.LeftButton)
    assert conditions.free.text() == WHOLESALE["if"]
    qtbot.mouseClick(conditions.other_way, Qt.MouseButton.LeftButton)
    assert len(conditions.rows) == 2
    assert conditions.value() == WHOLESALE["if"]


def test_rules_are_moved_and_switched_by_clicks(card, asked, qtbot):
    assert not card.rows[0].up.isEnabled()
    assert not card.rows[1].down.isEnabled()
    qtbot.mouseClick(card.rows[1].up, Qt.MouseButton.LeftButton)
    assert _kept(asked) == ["Late", "Wholesale"]
    asked.answers["owner_rules"] = _rules(LATE, WHOLESALE)
    qtbot.mouseClick(card.rows[0].switch, Qt.MouseButton.LeftButton)
    assert [one["on"] for one in asked.args_of("set_owner_rules")["rules"]] == [False, True]


def test_a_deleted_rule_can_be_brought_back(card, asked, qtbot):
    qtbot.mouseClick(card.rows[0].delete, Qt.MouseButton.LeftButton)
    assert _kept(asked) == ["Late"]
    assert card.deleted.text() == "“Wholesale” is deleted."
    qtbot.mouseClick(card.undo_button, Qt.MouseButton.LeftButton)
    assert _kept(asked) == ["Wholesale", "Late"]
    assert not card.undo_button.isVisible()


def test_the_keyboard_stays_with_the_rules_whatever_becomes_of_a_click(card, asked, qtbot):
    """A row that is drawn anew must not hand the keyboard to the top of the page."""
    card.activateWindow()
    qtbot.waitUntil(card.isActiveWindow)
    card.rows[1].up.setFocus()
    qtbot.keyClick(card.rows[1].up, Qt.Key.Key_Space)
    assert card.rows[0].edit.hasFocus()  # it is the first now: nothing is above it
    asked.answers["set_owner_rules"] = Refused("The disk is full")
    card.rows[0].delete.setFocus()
    qtbot.keyClick(card.rows[0].delete, Qt.Key.Key_Space)
    assert card.new_button.hasFocus()
    assert card.trouble.text() == "The disk is full."


def test_a_file_that_cannot_be_used_is_said(card, asked):
    asked.answers["owner_rules"] = _rules(WHOLESALE, trouble="owner.toml cannot be used. Line 3.")
    card.reload()
    assert card.trouble.text() == "owner.toml cannot be used. Line 3."
    assert card.trouble.isVisible()


def test_rules_that_were_changed_elsewhere_are_said_and_the_form_stays(card, asked):
    """And what stands now is shown."""
    asked.answers["set_owner_rules"] = Refused("The rules were changed elsewhere meanwhile")
    asked.answers["owner_rules"] = _rules(LATE)
    card.open_new()
    card.editor.form.conditions.rows[0].words.setText("mugs")
    card.editor.keep()
    assert "changed elsewhere" in card.editor.said.text()
    assert len(card.rows) == 1
    assert card.editor.isVisible()


def test_without_rules_a_sentence_says_what_rules_are(card, asked):
    asked.answers["owner_rules"] = _rules()
    card.reload()
    assert "It never sends anything" in card.state.text()


def test_a_kept_rule_offers_itself_to_what_is_open_already(card, asked, qtbot):
    """One click does it with the issues that were told, one takes it back."""
    qtbot.mouseClick(card.rows[0].edit, Qt.MouseButton.LeftButton)
    card.editor.form.name.setText("Wholesale now")
    card.editor.keep()
    offer = card.offer
    assert offer.isVisibleTo(card)
    assert "It also fits 2 open issues" in offer.said.text()
    assert offer.apply_button.text() == "Apply to 2 open issues"
    assert not offer.undo_button.isVisibleTo(card)
    qtbot.mouseClick(offer.apply_button, Qt.MouseButton.LeftButton)
    assert asked.args_of("apply_owner_rule") == {
        "name": "Wholesale now",
        "keys": ("i1_mugs", "i1_bowl"),
    }
    assert offer.said.text() == "“Wholesale now” is applied to 2 open issues."
    qtbot.mouseClick(offer.undo_button, Qt.MouseButton.LeftButton)
    assert asked.args_of("undo") == {"entry": ["e1", "e2"]}
    assert not offer.undo_button.isVisibleTo(card)


def test_a_rule_that_is_there_can_be_applied_and_says_where_it_has_nothing_to_do(
    card, asked, qtbot
):
    asked.answers["owner_rule_on_open"] = {"name": "Late", "matched": 0, "issues": []}
    qtbot.mouseClick(card.rows[1].apply, Qt.MouseButton.LeftButton)
    assert "nothing left to do" in card.offer.said.text()
    assert not card.offer.apply_button.isVisibleTo(card)
    qtbot.mouseClick(card.offer.close_button, Qt.MouseButton.LeftButton)
    assert not card.offer.isVisibleTo(card)


def test_escape_leaves_the_form_and_only_then_the_settings(theme, asked, qtbot):
    """A half-made rule does not take the whole window with it."""
    dialog = SettingsDialog(bridge=asked, theme=theme, accounts=lambda: ())
    dialog.show_page(RULES)
    dialog.show()
    rules = dialog.findChild(RulesCard)
    assert rules is not None
    rules.open_new()
    qtbot.keyClicks(rules.editor.form.name, "Wholesale")
    qtbot.keyClick(rules.editor.form.name, Qt.Key.Key_Escape)
    assert (dialog.isVisible(), rules.editor.isVisible()) == (True, False)
    qtbot.keyClick(dialog, Qt.Key.Key_Escape)
    assert not dialog.isVisible()

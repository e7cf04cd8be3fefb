"""Tags at the head of an issue, and what a rule did in its conversation: real clicks and keys."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QPushButton

from app.domain.assessment import Reason
from app.domain.journal import EntryType
from app.ui.issue.event_lines import RuleLine
from tests.support import ui_issue_fakes as fakes


def _chips(panel) -> list[str]:
    tags = panel.page.tags
    return [one.text() for one in tags.findChildren(QPushButton) if one.isVisibleTo(tags)]


def test_tags_stand_at_the_head_and_a_click_takes_one_off(panel_of, qtbot):
    panel = panel_of(fakes.issue(tags=("b2b", "trade")))
    assert _chips(panel) == ["b2b ×", "trade ×"]
    chip = panel.page.tags.findChildren(QPushButton)[0]
    qtbot.mouseClick(chip, Qt.MouseButton.LeftButton)
    assert panel._bridge.args_of("tag") == {"key": fakes.KEY, "remove": ["b2b"]}


def test_an_issue_without_tags_has_no_line_for_them(panel_of):
    assert not panel_of(fakes.issue()).page.tags.isVisible()


def test_a_tag_is_added_by_the_menu_and_the_keyboard(panel_of, qtbot):
    panel = panel_of(fakes.issue())
    panel.page.header.more.tag_asked.emit()
    field = panel.page.tags.field
    assert field.isVisible()
    qtbot.keyClicks(field, "trade customers")
    qtbot.keyClick(field, Qt.Key.Key_Return)
    assert panel._bridge.args_of("tag") == {"key": fakes.KEY, "add": ["trade customers"]}
    assert not field.isVisible()


def test_what_a_rule_did_is_told_with_a_button_that_undoes_it(panel_of, qtbot):
    entry = fakes.entry(1, fakes.NOW, EntryType.RULE, name="Wholesale", tags=["b2b"])
    panel = panel_of(fakes.issue(journal=(entry,)))
    (told,) = panel.page.timeline.findChildren(RuleLine)
    assert told.line.toolTip().startswith("Your rule “Wholesale” added the tag b2b")
    qtbot.mouseClick(told.undo, Qt.MouseButton.LeftButton)
    assert panel._bridge.args_of("undo") == {"entry": entry.id}


def test_what_was_undone_of_a_rule_has_no_button_any_more(panel_of):
    entry = fakes.entry(1, fakes.NOW, EntryType.RULE, name="Wholesale", tags=["b2b"])
    undo = fakes.entry(2, fakes.NOW, EntryType.UNDO, entry=entry.id)
    panel = panel_of(fakes.issue(journal=(entry, undo)))
    assert panel.page.timeline.findChildren(RuleLine) == []


def test_what_rules_did_stands_under_the_reasons(panel_of):
    """It moves no points, so it is no bar."""
    words = "your rule “Wholesale” added the tag b2b"
    reasons = (*fakes.issue().reasons, Reason(factor="rule", points=0, because=words))
    why = panel_of(fakes.issue(reasons=reasons)).page.why
    assert why._rules.text() == "Your rule “Wholesale” added the tag b2b"
    why.fold(folded=True)
    assert not why._rules.isVisibleTo(why)

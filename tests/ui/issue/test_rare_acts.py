"""What the palette names is done where the issue is: a note, a tag, a merge, a split, a verdict."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtWidgets import QMenu

from tests.support import ui_issue_fakes as fakes


def test_a_note_and_a_tag_are_written_at_once(panel_of):
    panel = panel_of(fakes.issue())
    panel.activateWindow()
    panel.act("note")
    assert panel.focusWidget() is panel.page.timeline.note
    panel.act("tag")
    assert panel.focusWidget() is panel.page.tags.field


def test_a_false_alarm_is_said_once(panel_of, asked):
    panel = panel_of(fakes.issue(rang=True))
    panel.act("ringing")
    assert asked.args_of("verdict")["verdict"] == "false_alarm"
    panel = panel_of(fakes.issue(rang=False))
    panel.act("ringing")
    assert asked.args_of("verdict")["verdict"] == "missed"


def test_a_mail_to_split_off_is_chosen_from_those_that_are_there(panel_of, asked):
    panel = panel_of(fakes.issue())
    panel.act("split")
    menu = next(each for each in panel.page.findChildren(QMenu) if each.isVisible())
    menu.actions()[0].trigger()
    menu.close()
    assert asked.args_of("split")["messages"] == [panel.page.timeline.cards()[0].message.id]


def test_with_one_mail_it_is_said_that_there_is_nothing_to_split(panel_of, asked):
    panel = panel_of(fakes.issue(messages=fakes.issue().messages[-1:]))
    panel.act("split")
    assert "only one mail" in panel.page.trouble.text()
    assert "split" not in asked.verbs()


def test_the_other_issues_of_the_customer_are_offered_for_a_merge(panel_of, asked):
    other = fakes.row(key="i1_other", id=99, subject="Where is my refund")
    panel = panel_of(fakes.issue(), replace(fakes.issue(), row=other))
    flashed: list[bool] = []
    panel.page.header.more.aboutToShow.connect(lambda: flashed.append(True))
    panel.act("merge")
    others = panel.page.header.more.others
    assert others.isVisible()
    assert not flashed, "the menu that they also stand in is not shown first"
    others.actions()[0].trigger()
    others.close()
    assert asked.args_of("merge")["into"] == "i1_other"


def test_with_nothing_to_merge_into_the_menu_that_says_so_is_opened(panel_of, asked):
    panel = panel_of(fakes.issue())
    panel.act("merge")
    more = panel.page.header.more
    assert more.isVisible()
    assert more.others.title() == "No other issue of theirs"
    more.close()

"""The reply: template, holes, refusal, sending once, and drafts that are never lost."""

from __future__ import annotations

from PySide6.QtCore import QMimeData, Qt, QUrl
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QPushButton

from app.domain.errors import DiskFull, EngineLost, Refused
from tests.support import ui_issue_fakes as fakes

OTHER = fakes.issue(row=fakes.row(key="i1_other", subject="Another"))


def press(widget, text: str) -> None:
    QApplication.processEvents()
    buttons = (one for one in widget.findChildren(QPushButton) if one.isVisible())
    next(one for one in buttons if one.text() == text).click()


def words_of(widget) -> str:
    return "\n".join(one.text() for one in widget.findChildren(QLabel) if not one.isHidden())


def test_the_best_templates_are_at_hand(box, asked):
    """In the engine's order."""
    chips = [chip.text() for chip in box.picker._chips if chip.isVisible()]
    assert chips == ["Replacement on its way", "Money back", "Ask for photos"]
    assert asked.args_of("templates") == {"key": fakes.KEY}


def test_a_template_fills_the_editor_and_its_holes_are_named(box, asked):
    """The first hole is selected, so that the next key fills it."""
    press(box, "Replacement on its way")
    assert asked.args_of("render")["template"] == "damaged/replacement"
    assert asked.args_of("render")["language"] == "en"
    assert box.editor.textCursor().selectedText() == "{{ delivery_date }}"
    assert "2 places to fill:" in words_of(box.holes)
    QTest.keyClicks(box.editor, "Thursday")
    assert "be with you by Thursday. No need" in box.editor.toPlainText()
    QApplication.processEvents()
    assert "1 place to fill:" in words_of(box.holes)
    press(box.holes, "agent name")
    assert box.editor.textCursor().selectedText() == "{{ agent_name }}"


def test_a_hole_behind_an_emoji_is_selected_whole(box):
    """Qt counts an emoji as two letters, Python as one."""
    box.editor.put("🎉🎉 Dear {{ name }},")
    box.holes.go_to_first()
    assert box.editor.textCursor().selectedText() == "{{ name }}"


def test_holes_are_marked_in_the_text(box):
    """Not by colour alone: they are listed too."""
    box.editor.put("Dear {{ name }},")
    marks = box.editor.document().firstBlock().layout().formats()
    assert [(mark.start, mark.length) for mark in marks] == [(5, 10)]


def test_another_template_can_be_taken_back_with_ctrl_z(box):
    """What was written is not lost to a click on a template."""
    QTest.keyClicks(box.editor, "My own words")
    press(box, "Money back")
    assert "sorry" in box.editor.toPlainText()
    box.editor.undo()
    assert box.editor.toPlainText() == "My own words"


def test_the_language_can_be_changed_where_there_is_another(box, asked):
    """The same template, rendered anew."""
    press(box, "Replacement on its way")
    box.picker._open_languages()
    next(a for a in box.picker._menu.actions() if a.text() == "Deutsch").trigger()
    box.picker._menu.hide()
    assert asked.args_of("render")["language"] == "de"


def test_all_templates_stand_in_a_menu_by_kind(box, asked):
    """With a mark on the owner's own."""
    box.picker._open_all()
    words = [action.text() for action in box.picker._menu.actions()]
    assert words[0] == "Damaged"
    assert "Still on its way (yours)" in words
    box.picker._menu.hide()


def test_it_says_to_whom_it_goes(box):
    """Before Send, not after."""
    assert box.addressing.to.text() == "To Ben Costa <ben.costa@mailbox.example>"


def test_ctrl_enter_sends_with_the_template_that_it_began_with(box, asked, qtbot):
    """Body, template and what the template gave, so that the engine can learn the difference."""
    press(box, "Replacement on its way")
    box.editor.put("Done by hand")
    with qtbot.waitSignal(box.sent):
        QTest.keyClick(box.editor, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    sent = asked.args_of("send_reply")
    assert sent["key"] == fakes.KEY
    assert sent["body"] == "Done by hand"
    assert sent["template"] == "damaged/replacement"
    assert sent["rendered"] == fakes.RENDERED["text"]
    assert box.editor.toPlainText() == ""
    assert not box.drafts.is_dirty


def test_a_refusal_names_every_hole_beside_the_button(box, asked):
    """All reasons at once, and the words stay."""
    holes = (
        "{{ delivery_date }} is not filled in.",
        "{{ agent_name }} is not filled in.",
        "It says “attached”.",
    )
    asked.answers["send_reply"] = Refused("The reply has holes", "", "", holes=holes)
    press(box, "Replacement on its way")
    press(box, "Send reply   Ctrl+Enter")
    for hole in holes:
        assert hole in box.said.text()
    assert "sorry about the broken mugs" in box.editor.toPlainText()
    assert box.verbs.button.isEnabled()


def test_nothing_is_not_sent(box, asked):
    """An empty reply asks for words."""
    box.send()
    assert "send_reply" not in asked.verbs()
    assert "nothing to send" in box.said.text()


def test_a_second_click_while_it_is_sent_does_nothing(box, asked):
    """Once is once."""
    asked.answers["send_reply"] = None
    QTest.keyClicks(box.editor, "Hello")
    box.send()
    box.send()
    assert asked.verbs().count("send_reply") == 1
    assert box.editor.isReadOnly()


def test_the_same_words_asked_again_are_the_same_request(box, asked):
    """The engine may have heard the first time; other words are another request."""
    asked.answers["send_reply"] = EngineLost("The engine went away")
    QTest.keyClicks(box.editor, "Hello")
    box.send()
    first = asked.args_of("send_reply")["request"]
    box.send()
    assert asked.args_of("send_reply")["request"] == first
    QTest.keyClicks(box.editor, "!")
    box.send()
    assert asked.args_of("send_reply")["request"] != first


def test_a_draft_is_saved_after_a_pause(box, asked, qtbot):
    """Once for a run of keys, not for each."""
    QTest.keyClicks(box.editor, "Hello")
    assert "save_draft" not in asked.verbs()
    assert box.drafts.is_dirty
    qtbot.waitUntil(lambda: "save_draft" in asked.verbs())
    assert asked.verbs().count("save_draft") == 1
    assert asked.args_of("save_draft")["body"] == "Hello"
    assert not box.drafts.is_dirty
    assert box.kept.text() == "Draft kept"


def test_leaving_the_issue_saves_at_once(box, asked):
    """Without waiting for the pause."""
    QTest.keyClicks(box.editor, "Hello")
    box.show_issue(OTHER)
    assert asked.args_of("save_draft") == {
        "key": fakes.KEY,
        "body": "Hello",
        "template": "",
        "rendered": "",
        "files": [],
        "sender": "",
        "cc": [],
    }
    assert box.editor.toPlainText() == ""


def test_words_that_are_not_confirmed_yet_are_there_when_one_comes_back(box, asked):
    """The profile does not hold them yet; the window does."""
    asked.answers["save_draft"] = None
    QTest.keyClicks(box.editor, "Hello Ben")
    box.show_issue(OTHER)
    QTest.keyClicks(box.editor, "Hello Anna")
    box.show_issue(fakes.issue())
    assert box.editor.toPlainText() == "Hello Ben"
    box.show_issue(OTHER)
    assert box.editor.toPlainText() == "Hello Anna"
    assert box.drafts.is_dirty
    asked.answer("save_draft", {"changes": {}})
    asked.answer("save_draft", {"changes": {}})
    assert not box.drafts.is_dirty


def test_a_draft_that_could_not_be_kept_says_so_and_is_tried_again(box, asked):
    """A full disk costs no words."""
    asked.answers["save_draft"] = DiskFull("The disk is full", "Nothing more can be written")
    QTest.keyClicks(box.editor, "Hello")
    box.drafts.flush()
    assert "The draft is not kept yet. The disk is full." in box.said.text()
    assert box.drafts.is_dirty
    asked.answers["save_draft"] = {"changes": {}}
    QTest.keyClicks(box.editor, "!")
    box.drafts.flush()
    assert not box.drafts.is_dirty
    assert asked.args_of("save_draft")["body"] == "Hello!"


def test_a_draft_that_was_refused_is_kept_without_another_word_when_there_is_room(
    box, asked, qtbot
):
    """Whoever stopped writing need not come back to it; and what said so is gone."""
    box.drafts._again.setInterval(20)
    asked.answers["save_draft"] = DiskFull("The disk is full", "Nothing more can be written")
    QTest.keyClicks(box.editor, "Hello")
    box.drafts.flush()
    assert box.drafts.unkept() == (
        "The disk is full. Nothing more can be written.", "Hello",
    )  # fmt: skip
    asked.answers["save_draft"] = {"changes": {}}
    qtbot.waitUntil(lambda: not box.drafts.is_dirty)
    assert box.drafts.unkept() == ("", "")
    assert box.said.text() == ""


def test_a_stored_draft_is_shown_and_a_refresh_does_not_touch_what_is_written(box):
    """The human wins."""
    box.show_issue(OTHER)
    stored = fakes.issue(draft=fakes.draft("From yesterday"))
    box.show_issue(stored)
    assert box.editor.toPlainText() == "From yesterday"
    QTest.keyClicks(box.editor, ", and today")
    box.show_issue(stored)
    assert box.editor.toPlainText() == "From yesterday, and today"


def test_an_answer_that_comes_when_another_issue_is_shown_is_dropped(box, asked):
    """A slow template does not land in the wrong reply."""
    asked.answers["render"] = None
    box.use_template("damaged/refund", "en")
    box.show_issue(OTHER)
    asked.answer("render", fakes.RENDERED)
    assert box.editor.toPlainText() == ""


def test_a_reply_refused_after_one_has_left_does_not_write_into_another(box, asked):
    """Its words are still a draft."""
    asked.answers["send_reply"] = None
    QTest.keyClicks(box.editor, "Hello")
    box.send()
    box.show_issue(OTHER)
    asked.answer("send_reply", Refused("No", holes=("x",)))
    assert box.said.text() == ""
    assert not box.editor.isReadOnly()


def test_pasting_takes_text_only(box):
    """No other program's HTML, no file."""
    pasted = QMimeData()
    pasted.setHtml("<b>bold</b><img src='file:///etc/hostname'>")
    pasted.setText("bold")
    pasted.setUrls([QUrl("file:///etc/hostname")])
    box.editor.insertFromMimeData(pasted)
    assert "<" not in box.editor.toPlainText()


def test_a_template_says_why_it_stands_there(box):
    """In its tool tip, for a screen reader, and in the menu of all."""
    (first, *_) = (chip for chip in box.picker._chips if chip.isVisible())
    assert "used 9 times for damaged, changed little" in first.toolTip()
    assert "Alt+1" in first.toolTip()
    assert first.accessibleDescription() == "used 9 times for damaged, changed little"
    box.picker.open_all()
    words = [action.text() for action in box.picker._menu.actions()]
    assert words[1].endswith("– used 9 times for damaged, changed little")
    box.picker._menu.hide()


def test_a_template_is_taken_by_its_place(box, asked):
    """What Alt+2 does; a place without a template does nothing."""
    box.picker.take(1)
    assert asked.args_of("render")["template"] == box.picker._at_hand[1].id
    before = asked.verbs().count("render")
    box.picker.take(9)
    assert asked.verbs().count("render") == before


def test_the_menu_leads_to_the_editor(box, qtbot):
    """On the template in use."""
    press(box, "Replacement on its way")
    box.picker.open_all()
    last = box.picker._menu.actions()[-1]
    assert last.text() == "Edit templates …"
    with qtbot.waitSignal(box.picker.edit_asked) as asked_for:
        last.trigger()
    assert asked_for.args == ["damaged/replacement", "en"]
    box.picker._menu.hide()

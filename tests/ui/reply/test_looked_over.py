"""What speaks against a draft is told while somebody writes, with its place."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QTextCursor
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QPushButton

from app.domain.errors import Refused
from app.domain.message import Direction
from app.domain.reply import Draft
from app.ui.reply.looked_over import PAUSE_MS
from tests.support import ui_issue_fakes as fakes

ADA = "You greet “Ada”, and this customer is Ben Costa."
GONE = "You promise something for 3 November, and that day has passed."


def objection(body: str, words: str, because: str, weight: str = "asks") -> dict[str, object]:
    start = body.index(words) if words else 0
    return {"weight": weight, "because": because, "start": start, "end": start + len(words)}


def write(box, asked, qtbot, body: str, *objections: dict[str, object]) -> None:
    """Type it, and wait until it was looked over."""
    asked.answers["check_reply"] = {"objections": list(objections)}
    QTest.keyClicks(box.editor, body)
    before = asked.verbs().count("check_reply")
    qtbot.waitUntil(lambda: asked.verbs().count("check_reply") > before)


def told(box) -> list[str]:
    return [one.text() for one in box.looked_over.findChildren(QLabel) if one.isVisible()]


def underlined(box) -> list[str]:
    return [one.cursor.selectedText() for one in box.editor.extraSelections()]


def test_reasons_stand_below_the_text_after_a_pause_in_writing(box, asked, qtbot):
    """Asked once for what stands there, not once a letter; each is underlined in the text."""
    body = "Hi Ada, it comes by 3 November."
    write(box, asked, qtbot, body, objection(body, "Ada", ADA), objection(body, "3 November", GONE))
    assert asked.verbs().count("check_reply") == 1
    assert asked.args_of("check_reply")["body"] == body
    assert told(box) == [ADA, GONE]
    assert underlined(box) == ["Ada", "3 November"]


def test_a_click_selects_the_words_and_typing_mends_them(box, asked, qtbot):
    """The mouse goes there, the keyboard writes; then the reason is gone."""
    box.editor.put("🎉 ")
    box.editor.moveCursor(QTextCursor.MoveOperation.End)
    body = "Hi Ada, thanks."
    there = {**objection("🎉 " + body, "Ada", ADA)}
    write(box, asked, qtbot, body, there)
    show = next(one for one in box.looked_over.findChildren(QPushButton) if one.text() == "Show")
    QTest.mouseClick(show, Qt.MouseButton.LeftButton)
    assert box.editor.textCursor().selectedText() == "Ada"
    write(box, asked, qtbot, "Ben")
    assert box.editor.toPlainText() == "🎉 Hi Ben, thanks."
    assert told(box) == []
    assert underlined(box) == []


def test_marks_move_with_the_text(box, asked, qtbot):
    """Until it is looked over again, the right words are underlined."""
    body = "Hi Ada, thanks."
    write(box, asked, qtbot, body, objection(body, "Ada", ADA))
    QTest.keyClick(box.editor, Qt.Key.Key_Home)
    QTest.keyClicks(box.editor, "Oh! ")
    assert underlined(box) == ["Ada"]


def test_an_answer_about_other_words_says_nothing(box, asked, qtbot):
    """Somebody wrote on while the engine looked."""
    asked.answers["check_reply"] = None
    QTest.keyClicks(box.editor, "Hi Ada,")
    qtbot.waitUntil(lambda: "check_reply" in asked.verbs())
    QTest.keyClicks(box.editor, " hello")
    asked.answer("check_reply", {"objections": [objection("Hi Ada,", "Ada", ADA)]})
    assert told(box) == []


def test_a_hole_is_not_told_twice(box, asked, qtbot):
    """It is marked and listed at once, before the engine has looked."""
    body = "Hi {{ name }}, XXX"
    hole = objection(body, "{{ name }}", "Fill in {{ name }} or take it out.", "stops")
    write(box, asked, qtbot, body, hole, objection(body, "XXX", "XXX looks …", "stops"))
    assert told(box) == ["XXX looks …"]


def test_what_asks_can_be_sent_all_the_same_by_key(box, asked, qtbot):
    """Ctrl+Enter asks, Alt+Enter is the answer; the reason stands there once."""
    body = "Hi Ada, thanks."
    write(box, asked, qtbot, body, objection(body, "Ada", ADA))
    asked.answers["send_reply"] = Refused("Is this meant so?", ADA, holes=(ADA,), asks=True)
    QTest.keyClick(box.editor, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    assert box.said.text() == "Is this meant so?"
    assert told(box) == [ADA]
    del asked.answers["send_reply"]
    with qtbot.waitSignal(box.sent):
        QTest.keyClick(box.editor, Qt.Key.Key_Return, Qt.KeyboardModifier.AltModifier)
    assert asked.args_of("send_reply")["insist"] is True
    assert told(box) == []


def test_what_was_just_sent_is_not_looked_over_any_more(box, asked, qtbot):
    """Ctrl+Enter right after the last letter: nothing is asked about the empty editor, so nothing
    red stands under a reply that is on its way."""
    empty = {"weight": "stops", "because": "There is no text yet; write one.", "start": 0, "end": 0}
    asked.answers["check_reply"] = {"objections": [empty]}
    QTest.keyClicks(box.editor, "Hi Ben, thanks.")
    with qtbot.waitSignal(box.sent):
        QTest.keyClick(box.editor, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    qtbot.wait(2 * PAUSE_MS)
    assert "check_reply" not in asked.verbs()
    assert told(box) == []


def test_alt_enter_sends_nothing_that_nobody_asked_about(box, asked):
    """It is an answer, and no second way to send."""
    QTest.keyClicks(box.editor, "Hi Ben, thanks.")
    QTest.keyClick(box.editor, Qt.Key.Key_Return, Qt.KeyboardModifier.AltModifier)
    assert "send_reply" not in asked.verbs()
    assert box.editor.toPlainText() == "Hi Ben, thanks."


def test_another_issue_begins_without_reasons(box, asked, qtbot):
    """They were about other words."""
    body = "Hi Ada, thanks."
    write(box, asked, qtbot, body, objection(body, "Ada", ADA))
    box.show_issue(fakes.issue(row=fakes.row(key="i1_other")))
    assert told(box) == []
    assert underlined(box) == []


def heard(asked) -> object:
    """Which mail the engine was told to be the newest, when it last looked the words over."""
    told = [args["heard"] for verb, args in asked.asked if verb == "check_reply"]
    return told[-1] if told else None


class TestWhileItIsWritten:
    """What comes meanwhile."""

    def test_the_engine_is_told_which_mail_was_the_newest_when_the_words_were_begun(
        self, box, asked, qtbot
    ):
        """And looks the words over anew when another one comes, though nobody typed."""
        QTest.keyClicks(box.editor, "Hello")
        before = fakes.issue()
        newest = max(one.id for one in before.messages if one.direction is Direction.IN)
        qtbot.waitUntil(lambda: heard(asked) == newest)
        looked = asked.verbs().count("check_reply")
        come = fakes.message(99, fakes.NOW, "Please cancel it all.")
        box.show_issue(fakes.issue(messages=(*before.messages, come)))
        qtbot.waitUntil(lambda: asked.verbs().count("check_reply") > looked)
        assert heard(asked) == newest
        box.send()
        assert asked.args_of("send_reply")["heard"] == newest
        QTest.keyClicks(box.editor, "Again")
        qtbot.waitUntil(lambda: heard(asked) == 99)

    def test_a_draft_of_yesterday_was_begun_before_what_came_since(self, box, asked, qtbot):
        first = fakes.message(7, fakes.ago(days=2), "Where is it?")
        since = fakes.message(8, fakes.ago(hours=1), "It has come.")
        draft = Draft(issue_key="i1_old", body="We look into it.", updated_at=fakes.ago(days=1))
        row = fakes.row(key="i1_old")
        box.show_issue(fakes.issue(row=row, messages=(first, since), draft=draft))
        qtbot.waitUntil(lambda: heard(asked) == 7)

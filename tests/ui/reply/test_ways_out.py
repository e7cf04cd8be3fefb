"""What is said of a reply beside its words: files, sender, hour, and what if nobody answers."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QEvent, QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QFocusEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDateTimeEdit, QLabel, QPushButton

from app.domain.clock import instant
from app.domain.errors import Refused
from app.domain.message import Address
from app.domain.reply import Draft
from app.ui.reply.later_choices import later_choices
from tests.support import ui_issue_fakes as fakes

ADDRESSING: dict[str, Any] = {
    "to": [{"name": "Ben Costa", "email": fakes.BEN.email}],
    "way": "answer",
    "note": "",
    "sender": "hello@oakandwick.example",
    "most_bytes": 25_000_000,
    "senders": [
        {"email": "hello@oakandwick.example", "name": "Oak", "signature": "Oak & Wick\nMill Lane"},
        {"email": "returns@oakandwick.example", "name": "Returns", "signature": ""},
    ],
}


@pytest.fixture
def asked() -> fakes.FakeBridge:
    """An engine that answers at once, also from whom and to whom a reply goes."""
    made = fakes.answering()
    made.answers["addressing"] = ADDRESSING
    return made


@pytest.fixture
def label(tmp_path) -> Path:
    path: Path = tmp_path / "label & co.pdf"
    path.write_bytes(b"x" * 48_000)
    return path


def words_of(widget) -> str:
    QApplication.processEvents()
    return "\n".join(one.text() for one in widget.findChildren(QLabel) if not one.isHidden())


def press(widget, name: str) -> None:
    QApplication.processEvents()
    buttons = (one for one in widget.findChildren(QPushButton) if one.isVisible())
    next(one for one in buttons if one.accessibleName() == name).click()


def begin(box) -> None:
    """The keyboard comes into the reply, as by a click."""
    QApplication.sendEvent(box.editor, QFocusEvent(QEvent.Type.FocusIn))


def choose(menu, words: str) -> None:
    next(action for action in menu.actions() if action.text() == words).trigger()
    menu.hide()


def drop(widget, *paths: Path) -> None:
    source = QMimeData()
    source.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
    where, action = QPoint(20, 20), Qt.DropAction.CopyAction
    mouse = (Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier)
    entered = QDragEnterEvent(where, action, source, *mouse)
    QApplication.sendEvent(widget, entered)
    assert entered.isAccepted()
    QApplication.sendEvent(widget, QDropEvent(QPointF(where), action, source, *mouse))


class TestFiles:
    """Attached by a button or by a drop, and taken off again."""

    def test_a_chosen_file_stands_there_with_its_size_and_goes_along(self, box, asked, label):
        """Its name is text; the path travels, the engine reads it."""
        box.attachments._ask_files = lambda _: [str(label)]
        begin(box)
        press(box, "Attach files")
        assert "label & co.pdf" in words_of(box.attachments)
        assert "48 kB" in words_of(box.attachments)
        QTest.keyClicks(box.editor, "Hello")
        box.send()
        assert asked.args_of("send_reply")["files"] == [str(label)]
        assert box.attachments.isHidden()

    def test_a_file_dropped_on_the_editor_is_attached_and_not_read(self, box, label):
        """Neither its address nor its words land in the text."""
        drop(box.editor.viewport(), label)
        assert box.attachments.files == (str(label),)
        assert box.editor.toPlainText() == ""

    def test_a_file_dropped_beside_the_editor_is_attached_once(self, box, label):
        """Twice the same is once."""
        drop(box, label, label)
        drop(box, label)
        assert box.attachments.files == (str(label),)

    def test_a_page_of_the_web_is_no_file(self, box):
        """Only what lies on this machine."""
        source = QMimeData()
        source.setUrls([QUrl("https://evil.example/x.pdf")])
        box.editor.insertFromMimeData(source)
        assert box.attachments.files == ()

    def test_it_can_be_taken_off_again(self, box, label):
        """And the draft forgets it too."""
        box.attachments.add([str(label)])
        press(box.attachments, "Remove label & co.pdf")
        assert box.attachments.files == ()
        assert box.attachments.isHidden()

    def test_files_are_part_of_the_draft(self, box, asked, label):
        """Kept without a word, and there again when one comes back."""
        box.attachments.add([str(label)])
        box.drafts.flush()
        assert asked.args_of("save_draft")["files"] == [str(label)]
        stored = Draft(issue_key="i1_other", body="", files=(str(label),))
        box.show_issue(fakes.issue(row=fakes.row(key="i1_other"), draft=stored))
        assert box.attachments.files == (str(label),)

    def test_too_big_is_said_at_once(self, box, asked, label):
        """Before Send, with the numbers."""
        with label.open("wb") as file:
            file.truncate(40_000_000)
        box.attachments.add([str(label)])
        assert "Too big: the mail would have 54 MB, and 25 MB can be sent" in words_of(box)

    def test_a_file_that_is_gone_says_so(self, box, label):
        """The list does not pretend."""
        box.attachments.add([str(label)])
        label.unlink()
        box.attachments.show_files(box.attachments.files)
        assert "not there any more" in words_of(box.attachments)

    def test_undo_brings_files_and_sender_back(self, box, label):
        """As they were, beside what was begun since."""
        sender = "returns@oakandwick.example"
        box.restore(fakes.KEY, {"body": "Hello", "files": [str(label)], "sender": sender})
        assert box.attachments.files == (str(label),)
        assert box._words.sender == "returns@oakandwick.example"


class TestSender:
    """From which of our addresses."""

    def test_it_is_shown_and_can_be_chosen(self, box, asked):
        """With the signature that goes with it."""
        assert box.addressing.leaves_from.text() == "From hello@oakandwick.example"
        assert box.signature.text() == "Signed: Oak & Wick, Mill Lane"
        box.addressing._open_senders()
        choose(box.addressing._menu, "Returns <returns@oakandwick.example>")
        assert box.signature.isHidden()
        QTest.keyClicks(box.editor, "Hello")
        box.send()
        assert asked.args_of("send_reply")["sender"] == "returns@oakandwick.example"

    def test_one_address_alone_is_not_worth_a_button(self, box, asked):
        """There is nothing to choose."""
        asked.answers["addressing"] = {**ADDRESSING, "senders": ADDRESSING["senders"][:1]}
        box.show_issue(fakes.issue(row=fakes.row(key="i1_other")))
        assert box.addressing.leaves_from.isHidden()

    def test_a_notices_reply_goes_to_the_customer_and_can_be_switched(self, box, asked):
        """It says so above the editor; the provider can be meant all the same."""
        note = "A new mail to the customer of order OW-1; nothing of the notice goes along."
        asked.answers["addressing"] = lambda args: {
            **ADDRESSING,
            "way": "machine" if args.get("to_sender") else "customer",
            "note": "" if args.get("to_sender") else note,
            "machine": "service@paypal.com",
        }
        box.show_issue(fakes.issue(row=fakes.row(key="i1_other")))
        begin(box)
        assert note in words_of(box)
        press(box, "Answer service@paypal.com instead")
        assert asked.args_of("addressing")["to_sender"]
        QTest.keyClicks(box.editor, "Hello")
        box.send()
        assert asked.args_of("send_reply")["to_sender"]
        press(box, "Write to the customer instead")
        assert not asked.args_of("addressing")["to_sender"]


class TestDoubt:
    """What only looks wrong."""

    def test_a_doubt_is_asked_once_and_can_be_answered(self, box, asked):
        """The same click again, with the person's word."""
        holes = ("You write “is attached”, and nothing is attached.",)
        asked.answers["send_reply"] = Refused("Is this meant so?", holes=holes, asks=True)
        QTest.keyClicks(box.editor, "The label is attached.")
        box.send()
        assert holes[0] in box.said.text()
        request = asked.args_of("send_reply")["request"]
        asked.answers["send_reply"] = {"changes": {}}
        press(box, "Send anyway")
        assert asked.args_of("send_reply")["insist"] is True
        assert asked.args_of("send_reply")["request"] == request
        assert box.editor.toPlainText() == ""

    def test_a_hole_cannot_be_insisted_on(self, box, asked):
        """Only a doubt has the button, and it goes when something is changed."""
        asked.answers["send_reply"] = Refused("This reply cannot go out yet", holes=("Fill in.",))
        QTest.keyClicks(box.editor, "Hello")
        box.send()
        assert box.insist.isHidden()
        asked.answers["send_reply"] = Refused("Is this meant so?", holes=("x",), asks=True)
        box.send()
        assert not box.insist.isHidden()
        QTest.keyClicks(box.editor, "!")
        assert box.insist.isHidden()


class TestLater:
    """Send later, and ask again."""

    def test_a_later_hour_is_two_clicks(self, box, asked):
        """The instant travels in UTC; nothing else is different."""
        QTest.keyClicks(box.editor, "Hello")
        press(box, "Send later")
        words = [action.text() for action in box.verbs._menu.actions()]
        assert "Tomorrow, 8:00" in words
        choose(box.verbs._menu, "Tomorrow, 8:00")
        at = instant(asked.args_of("send_reply")["at"]).astimezone()
        assert (at.hour, at.minute) == (8, 0)

    def test_the_keyboard_opens_the_same_hours(self, box, asked):
        """Ctrl+Shift+Enter, where Ctrl+Enter sends; nothing goes before an hour is chosen."""
        QTest.keyClicks(box.editor, "Hello")
        both = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier
        QTest.keyClick(box.editor, Qt.Key.Key_Return, both)
        assert "send_reply" not in asked.verbs()
        assert "Tomorrow, 8:00" in [action.text() for action in box.verbs._menu.actions()]
        box.verbs._menu.hide()

    def test_any_other_minute_can_be_picked(self, box, asked):
        """In the menu itself, an hour ahead at first."""
        QTest.keyClicks(box.editor, "Hello")
        press(box, "Send later")
        field = box.verbs._menu.findChild(QDateTimeEdit)
        picked = field.dateTime().addDays(2)
        field.setDateTime(picked)
        press(box.verbs._menu, "Send then")
        sent = instant(asked.args_of("send_reply")["at"]).astimezone()
        assert sent.replace(tzinfo=None) == picked.toPython().replace(second=0, microsecond=0)

    def test_ask_again_is_chosen_beside_send_and_holds_for_one_reply(self, box, asked):
        """The button says what was chosen."""
        begin(box)
        press(box, "Follow up")
        choose(box.verbs._menu, "Bring it back if no answer in 3 days")
        assert box.verbs.follow.text() == "If no answer in 3 days"
        QTest.keyClicks(box.editor, "Hello")
        box.send()
        assert asked.args_of("send_reply")["follow_up_days"] == 3
        assert box.verbs.follow.text() == "Follow up"

    def test_the_choices_are_those_that_make_sense(self):
        """At night this morning, by day this evening, on a Friday also Monday."""
        zone = UTC
        night = [one.words for one in later_choices(datetime(2026, 11, 20, 2, tzinfo=zone))]
        assert night[0] == "This morning, 8:00"
        late = later_choices(datetime(2026, 11, 20, 17, 45, tzinfo=zone))
        assert [one.words for one in late] == ["Tomorrow, 8:00", "Monday, 8:00"]
        assert late[1].at - late[0].at == timedelta(days=2)
        sunday = [one.words for one in later_choices(datetime(2026, 11, 22, 12, tzinfo=zone))]
        assert sunday == ["This evening, 18:00", "Tomorrow, 8:00"]


class TestCopies:
    """Who gets a copy of it."""

    @pytest.fixture
    def asked(self) -> fakes.FakeBridge:
        made = fakes.answering()
        others = [{"name": "Ida", "email": "ida@x.example"}, {"name": "", "email": "max@x.example"}]
        made.answers["addressing"] = {**ADDRESSING, "others": others}
        return made

    def test_one_click_copies_in_whom_the_customer_wrote_to_as_well(self, box, asked):
        """The link names them; before the click they get nothing."""
        QTest.keyClicks(box.editor, "Hello")
        press(box, "Copy to Ida and 1 more")
        assert box.addressing.copies.text() == "ida@x.example, max@x.example"
        box.send()
        assert asked.args_of("send_reply")["cc"] == ["ida@x.example", "max@x.example"]
        begin(box)
        press(box, "Copy to Ida and 1 more")  # the next reply begins without them

    def test_any_address_can_be_entered_and_a_name_beside_it_is_understood(self, box, asked):
        """What stands there is looked over as it is written, and kept with the draft."""
        QTest.keyClicks(box.editor, "Hello")
        press(box, "Copy to Ida and 1 more")
        box.addressing.copies.clear()
        QTest.keyClicks(box.addressing.copies, "Mia <mia@y.example>; no address")
        box.leave()
        assert asked.args_of("save_draft")["cc"] == ["mia@y.example", "no address"]

    def test_an_emptied_field_is_the_link_again(self, box, asked):
        QTest.keyClicks(box.editor, "Hello")
        press(box, "Copy to Ida and 1 more")
        box.addressing.copies.selectAll()
        QTest.keyClick(box.addressing.copies, Qt.Key.Key_Backspace)
        QTest.keyClick(box.addressing.copies, Qt.Key.Key_Return)
        assert not box.addressing.copies.isVisible()
        box.send()
        assert asked.args_of("send_reply")["cc"] == []

    def test_the_copies_of_a_kept_draft_stand_there_when_the_issue_is_opened(self, box):
        draft = Draft(issue_key=fakes.KEY, body="Hello", cc=(Address(email="mia@y.example"),))
        box.show_issue(fakes.issue(row=fakes.row(key="i1_other"), draft=draft))
        assert box.addressing.copies.text() == "mia@y.example"
        assert box.addressing.copies.isVisible()

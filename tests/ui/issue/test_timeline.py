"""The conversation: order, folding, quotes, formatted mails, attachments, notes."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from PySide6.QtCore import QUrl
from PySide6.QtWidgets import QLabel, QMenu, QPushButton

from app.domain.changes import Changes
from app.domain.deadline import Deadline, Metric
from app.domain.errors import NotFound
from app.domain.journal import EntryType
from app.domain.message import Direction
from app.domain.reply import OutboxState
from app.ui.issue.events import Happened, Noted, Said, happenings, under_way
from app.ui.issue.journal_words import entry_words
from app.ui.issue.message_card import MessageCard
from app.ui.issue.safe_mail_view import SafeMailView
from tests.support import ui_issue_fakes as fakes


def words_of(widget) -> str:
    return "\n".join(one.text() for one in widget.findChildren(QLabel) if not one.isHidden())


def press(widget, text: str) -> None:
    buttons = (one for one in widget.findChildren(QPushButton) if one.isVisible())
    next(one for one in buttons if one.text() == text).click()


def test_everything_stands_in_the_order_in_which_it_happened():
    """Mails, notes and decisions, oldest first."""
    kinds = [type(one) for one in happenings(fakes.issue())]
    assert kinds == [Said, Said, Happened, Noted, Said]


def test_a_reply_that_is_sent_stands_there_before_the_mailbox_gives_it_back():
    """And once, when it has."""
    sent = fakes.reply(3, OutboxState.SENT, sent_at=fakes.NOW)
    view = fakes.issue(replies=(sent,))
    mails = [one.message for one in happenings(view) if isinstance(one, Said)]
    assert mails[-1].direction is Direction.OUT
    back = fakes.message(9, fakes.NOW, "x", direction=Direction.OUT, message_id=sent.message_id)
    both = fakes.issue(replies=(sent,), messages=(*view.messages, back))
    assert len([one for one in happenings(both) if isinstance(one, Said)]) == len(mails)


def test_only_replies_that_somebody_waits_for_are_under_way():
    """A sent, filed or undone one is not."""
    replies = tuple(fakes.reply(at, state) for at, state in enumerate(OutboxState))
    states = {reply.state for reply in under_way(fakes.issue(replies=replies))}
    assert not states & {OutboxState.SENT, OutboxState.FILED, OutboxState.UNDONE}
    assert len(states) == 6


def test_a_promise_that_was_broken_stands_in_the_conversation():
    """A kept one does not."""
    broken = Deadline(
        metric=Metric.FIRST_RESPONSE, planned_at=fakes.NOW, breached_at=fakes.ago(minutes=5)
    )
    lines = [
        one.text
        for one in happenings(fakes.issue(deadlines=(broken,)))
        if isinstance(one, Happened)
    ]
    assert "The promised time for a first answer passed" in lines


@pytest.mark.parametrize(
    ("type_", "data", "words"),
    [
        (EntryType.OVERRIDE, {"kind": "damaged"}, "You set the kind to Damaged"),
        (
            EntryType.OVERRIDE,
            {"kind": "late", "severity": "high"},
            "You set the kind to Late and how bad it is to High",
        ),
        (EntryType.OVERRIDE, {"kind": "no such kind"}, ""),
        (EntryType.VERDICT, {"verdict": "false_alarm"}, "You called it a false alarm"),
        (EntryType.ASSIGN, {"to": "Marta"}, "You gave it to Marta"),
        (EntryType.TAG, {"add": ["vip"]}, "You tagged it vip"),
        (EntryType.RESOLVE, {}, "You marked it done"),
        (EntryType.MERGE, {"from": "i1_b"}, "You put another issue into this one"),
        (
            EntryType.MERGE,
            {"from": "i1_b", "because": "a mail names mails of both"},
            "Another issue was put into this one: a mail names mails of both",
        ),
        (
            EntryType.LINK,
            {"into": "i1_b", "because": "it was long done"},
            "The conversation goes on in issue i1_b: it was long done",
        ),
        (
            EntryType.LINK,
            {"from": "i1_a", "subject": "Broken mugs", "because": "it was long done"},
            "It follows the issue “Broken mugs” (i1_a): it was long done",
        ),
        (EntryType.REPLY_SENT, {}, ""),
        (EntryType.REPLY_FAILED, {"error": "550 no"}, "The reply was refused: 550 no"),
        (
            EntryType.REPLY_BOUNCED,
            {"recipient": "ben@customer.example", "reason": "the mailbox is full"},
            "What you wrote could not be delivered to ben@customer.example: the mailbox is full",
        ),
    ],
)
def test_a_decision_is_a_sentence(type_, data, words):
    """What somebody decided, in the owner's words."""
    assert entry_words(fakes.entry(1, fakes.NOW, type_, **data)) == words


def test_every_type_of_entry_has_words_or_is_told_elsewhere():
    """No decision falls out of the conversation by being forgotten here."""
    data = {"until": "2026-11-18T09:00:00Z", "to": "x", "add": ["x"], "kind": "late"}
    silent = {
        type_
        for type_ in EntryType
        if not entry_words(fakes.entry(1, fakes.NOW, type_, **data, verdict="missed"))
    }
    assert silent == {EntryType.REPLY_QUEUED, EntryType.REPLY_SENT, EntryType.UNDO}


def test_what_was_undone_says_so():
    """And a note that was undone is gone."""
    journal = (
        fakes.entry(1, fakes.NOW, EntryType.RESOLVE),
        fakes.entry(2, fakes.NOW, EntryType.NOTE, text="x"),
        fakes.entry(3, fakes.NOW, EntryType.UNDO, entry="e1"),
        fakes.entry(4, fakes.NOW, EntryType.UNDO, entry="e2"),
    )
    told = happenings(fakes.issue(journal=journal, messages=()))
    assert [one.text for one in told if not isinstance(one, Said)] == [
        "You marked it done, then took it back"
    ]


def test_the_unanswered_mails_are_open_and_the_newest_is_in_view(panel_of, qtbot):
    """Older ones are one line each."""
    timeline = panel_of(fakes.issue()).page.timeline
    assert [card.is_open for card in timeline.cards()] == [False, True, True]
    bar = timeline.verticalScrollBar()
    qtbot.waitUntil(lambda: bar.maximum() > 0 and bar.value() == bar.maximum())


def test_a_mail_is_read_from_its_beginning_though_its_events_do_not_fit_below(panel_of, qtbot):
    """Where there is little room; who is at the bottom and adds a note stays there."""
    later = [fakes.NOW + timedelta(minutes=at) for at in range(40)]
    done = [fakes.entry(at, when, EntryType.RESOLVE) for at, when in enumerate(later, start=1)]
    view = fakes.issue(journal=tuple(done))
    panel = panel_of(view)
    bar, newest = panel.page.timeline.verticalScrollBar(), panel.page.timeline.cards()[-1]
    qtbot.waitUntil(lambda: 0 < bar.value() == newest.y() - 8 < bar.maximum())
    bar.setValue(bar.maximum())
    note = fakes.entry(9, later[-1], EntryType.NOTE, text="She called")
    panel._queries.views[fakes.KEY] = replace(view, journal=(*done, note))
    panel.refresh(Changes.of_issues([fakes.KEY]))
    qtbot.waitUntil(lambda: bar.value() == bar.maximum() > 0)


def test_quoted_text_waits_for_a_click(panel_of):
    """And goes again with another."""
    card = panel_of(fakes.issue()).page.timeline.cards()[1]
    assert "your parcel left our workshop" not in words_of(card)
    press(card, "Show quoted text")
    assert "your parcel left our workshop" in words_of(card)
    press(card, "Hide quoted text")
    assert "your parcel left our workshop" not in words_of(card)


def test_formatted_is_asked_for_and_goes_back(panel_of, asked):
    """Plain text by default; the HTML is fetched only on demand."""
    card = panel_of(fakes.issue()).page.timeline.cards()[1]
    assert "html" not in asked.verbs()
    assert card.findChildren(SafeMailView) == []
    press(card, "Show formatted")
    assert asked.args_of("html") == {"message": 2}
    assert "4 of 6 mugs are broken" in card.findChild(SafeMailView).toPlainText()
    assert "1 picture not loaded" in words_of(card)
    press(card, "Show plain text")
    assert "I got my parcel today" in words_of(card)


def test_the_keyboard_stays_on_the_button_that_shows_the_mail_formatted(panel_of, asked):
    """Asked twice before the answer is there, it is fetched once."""
    html = asked.answers["html"]
    asked.answers["html"] = None
    panel = panel_of(fakes.issue())
    card = panel.page.timeline.cards()[1]
    card._switch.setFocus()
    assert card._switch.isEnabled()
    card._switch.click()
    card._switch.click()
    assert asked.verbs().count("html") == 1
    asked.answer("html", html)
    assert panel.focusWidget() is card._switch
    press(card, "Show plain text")
    assert panel.focusWidget() is card._switch


def test_html_that_cannot_be_had_says_so_under_the_mail(panel_of, asked):
    """The plain text stays."""
    asked.answers["html"] = NotFound("The mail's bytes are gone")
    card = panel_of(fakes.issue()).page.timeline.cards()[1]
    press(card, "Show formatted")
    assert "Not shown formatted: The mail's bytes are gone." in words_of(card)
    assert "I got my parcel today" in words_of(card)


def test_a_link_opens_only_after_its_true_host_was_shown(panel_of):
    """First click: where it leads. Second click: the browser."""
    opened: list[str] = []
    card = panel_of(fakes.issue(), open_link=opened.append).page.timeline.cards()[1]
    press(card, "Show formatted")
    view = card.findChild(SafeMailView)
    view.anchorClicked.emit(QUrl("https://photos.evil.example/x"))
    assert opened == []
    assert "photos.evil.example" in words_of(card)
    assert "The text says photos.example.com." in words_of(card)
    press(card, "Open in browser")
    assert opened == ["https://photos.evil.example/x"]


def test_an_attachment_is_saved_where_somebody_says(panel_of, asked, tmp_path):
    """With a file name that is safe to suggest; cancelled, nothing is asked of the engine."""
    suggested = []
    where = str(tmp_path / "a.jpg")
    answers = ["", where]

    def ask(_, name):
        suggested.append(name)
        return answers.pop(0)

    asked.answers["save_attachment"] = {"path": where}
    card = panel_of(fakes.issue(), ask_path=ask).page.timeline.cards()[1]
    press(card, "Save as…")
    assert "save_attachment" not in asked.verbs()
    press(card, "Save as…")
    assert suggested[0] == "crushed-box.jpg"
    assert asked.args_of("save_attachment") == {"message": 2, "part": 2, "path": where}
    assert f"Saved to {where}" in words_of(card)


def test_attachments_tell_what_they_are(panel_of):
    """Name, type, size, and a word of warning."""
    words = words_of(panel_of(fakes.issue()).page.timeline.cards()[1])
    assert "JPEG picture, 1.8 MB" in words
    assert "A program. Open it only if you asked for it." in words


def test_a_long_conversation_shows_its_end_and_gives_the_rest_on_demand(panel_of):
    """Twelve mails at a time."""
    timeline = panel_of(fakes.long_issue()).page.timeline
    assert len(timeline.cards()) == 12
    assert timeline._earlier.text() == "Show 68 earlier mails"
    timeline._earlier.click()
    assert len(timeline.cards()) == 24


def test_what_was_unfolded_stays_unfolded_when_the_issue_moves(panel_of):
    """A new mail does not fold what somebody reads."""
    view = fakes.issue()
    panel = panel_of(view)
    panel.page.timeline.cards()[0].toggle()
    newer = fakes.message(50, fakes.NOW, "One more")
    panel._queries.views[fakes.KEY] = fakes.issue(messages=(*view.messages, newer))
    panel.refresh(Changes.of_issues([fakes.KEY]))
    assert [card.is_open for card in panel.page.timeline.cards()] == [True] * 4


def test_a_note_is_kept_and_the_field_is_empty_again(panel_of, asked):
    """Where it could not be kept, the words stay."""
    panel = panel_of(fakes.issue())
    note = panel.page.timeline.note
    note.setText("  be kind ")
    asked.answers["note"] = NotFound("There is no such issue")
    note.returnPressed.emit()
    assert note.text() == "  be kind "
    asked.answers["note"] = {"entry": "e5", "changes": {}}
    note.returnPressed.emit()
    assert asked.args_of("note")["text"] == "be kind"
    assert note.text() == ""


def test_a_very_long_mail_keeps_its_end_back(panel_of):
    """The rest comes on demand."""
    view = fakes.issue(messages=(fakes.message(1, fakes.NOW, "word " * 10_000),))
    card = panel_of(view).page.timeline.cards()[0]
    more = next(b for b in card.findChildren(QPushButton) if b.text().startswith("Show the rest"))
    before = len(words_of(card))
    more.click()
    assert len(words_of(card)) > before * 2


def test_any_mail_can_be_saved_as_it_came(panel_of, asked, tmp_path):
    """The engine writes the bytes; the card says where."""
    where = tmp_path / "mail.eml"
    names: list[str] = []

    def ask(_, name: str) -> str:
        names.append(name)
        return str(where)

    panel = panel_of(fakes.issue(), ask_path=ask)
    card = panel.page.timeline.findChildren(MessageCard)[-1]
    asked.answers["raw"] = {"path": str(where)}
    card.save()
    assert asked.args_of("raw") == {"message": card.message.id, "path": str(where)}
    assert names == ["Mugs arrived smashed.eml"]
    assert f"Saved to {where}" in "\n".join(one.text() for one in card.findChildren(QLabel))


def test_the_menu_of_a_lone_mail_has_what_fits(panel_of):
    """A single mail can be saved, and not be split off."""
    panel = panel_of(fakes.issue(messages=fakes.issue().messages[1:2]))
    card = panel.page.timeline.findChildren(MessageCard)[-1]
    card._open_menu(card.mapToGlobal(card.rect().center()))
    (menu,) = card.findChildren(QMenu)
    assert [action.text() for action in menu.actions()] == ["Save message as .eml…"]
    menu.close()

"""Replies on their way: counting down, stuck, and what helps."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from PySide6.QtWidgets import QLabel, QPushButton

from app.domain.errors import Refused
from app.domain.reply import OutboxState
from app.ui.issue.card_head import CardHead
from app.ui.issue.outgoing import way_words
from tests.support import ui_issue_fakes as fakes

_CHECK = ["confirm_reply", "retry_reply", "discard_reply"]
_AGAIN = ["retry_reply", "discard_reply"]


def press(widget, text: str) -> None:
    buttons = (one for one in widget.findChildren(QPushButton) if one.isVisible())
    next(one for one in buttons if one.text() == text).click()


@pytest.mark.parametrize(
    ("state", "error", "title", "verbs"),
    [
        (OutboxState.QUEUED, "", "Sending in 15 s", ["undo_send"]),
        (OutboxState.SENDING, "", "Sending to ben.costa", []),
        (OutboxState.DATA_SENT, "", "Sending to ben.costa", []),
        (OutboxState.UNKNOWN, "", "May have been sent, please check", _CHECK),
        (OutboxState.FAILED, "550 no box", "Refused by the server: 550 no box", _AGAIN),
        (OutboxState.BLOCKED, "", "Waits until the account can sign in", _AGAIN),
    ],
)
def test_each_state_has_its_sentence_and_its_way_out(state, error, title, verbs):
    """No state leaves the owner without knowing what to do."""
    words = way_words(fakes.reply(state=state, error=error), fakes.NOW)
    assert words.title.startswith(title)
    assert [verb for verb, _ in words.verbs] == verbs


def test_what_is_tried_for_more_than_a_day_stands_out():
    """It was calm until then: most servers are back within hours."""
    since = fakes.NOW - timedelta(days=1)
    waits = fakes.reply(
        error="The server does not answer.", not_before=fakes.NOW, tried_since=since
    )
    soon = replace(waits, not_before=fakes.NOW + timedelta(hours=1))
    assert way_words(soon, fakes.NOW).tone == "high"
    lately = replace(soon, tried_since=fakes.NOW)
    assert way_words(lately, fakes.NOW).tone == "normal"


def test_what_was_given_up_is_not_called_refused():
    """No server said no: it was tried for days."""
    given_up = fakes.reply(
        state=OutboxState.FAILED,
        error="It could not be sent for 5 days.",
        not_before=fakes.NOW,
        tried_since=fakes.NOW - timedelta(days=5),
    )
    words = way_words(given_up, fakes.NOW)
    assert words.title == "Not sent: It could not be sent for 5 days."
    assert [verb for verb, _ in words.verbs] == _AGAIN


def test_what_may_have_been_sent_says_why_that_is_not_known():
    """A line that broke is one reason, a profile that was copied is another."""
    copied = fakes.reply(state=OutboxState.UNKNOWN, error="It came with a copy of the profile.")
    words = way_words(copied, fakes.NOW)
    asked = f"Did {', '.join(copied.recipients)} get it?"
    assert words.detail == f"It came with a copy of the profile. {asked}"


def test_the_countdown_counts_and_then_has_no_undo(panel_of, clock, qtbot):
    """The strip tells the seconds that are left."""
    strip = panel_of(fakes.issue(replies=(fakes.reply(),))).page.outgoing

    def words() -> str:
        return " ".join(one.text() for one in strip.findChildren(QLabel))

    assert "Sending in 15 s" in words()
    clock.forward(3)
    qtbot.waitUntil(lambda: "Sending in 12 s" in words())
    clock.forward(20)
    qtbot.waitUntil(lambda: "Sending to" in words())
    assert not strip._timer.isActive()


def test_undo_brings_the_words_back_into_the_editor(panel_of, asked):
    """As they were, with their template and what it gave: sent again, they still teach."""
    sent = "Hi Ben,\n\nfour new ones leave today."
    back = {"body": sent, "template": "damaged/replacement", "rendered": "Hi Ben,", "changes": {}}
    asked.answers["undo_send"] = back
    panel = panel_of(fakes.issue(replies=(fakes.reply(),)))
    press(panel.page.outgoing, "Undo")
    assert asked.args_of("undo_send") == {"reply": 7}
    assert panel.page.reply.editor.toPlainText() == sent
    kept = asked.args_of("save_draft")
    assert {name: kept[name] for name in ("body", "template", "rendered")} == {
        name: back[name] for name in ("body", "template", "rendered")
    }


def test_a_reply_that_was_called_back_leaves_the_strip(panel_of, asked):
    """Its words are a draft again: nothing counts down, and nothing is on its way."""
    asked.answers["undo_send"] = None  # the change is told before the verb is answered
    strip = panel_of(fakes.issue(replies=(fakes.reply(),))).page.outgoing
    press(strip, "Undo")
    strip.show_replies(())
    assert strip.isHidden()
    assert strip.counting() is None
    assert not strip._timer.isActive()


def test_a_reply_that_was_called_back_is_not_told_under_the_next_issue(panel_of, asked):
    """J right after Undo, before the engine has answered: the next issue has no strip."""
    asked.answers["undo_send"] = None
    panel = panel_of(fakes.issue(replies=(fakes.reply(),)))
    press(panel.page.outgoing, "Undo")
    panel.page.show_view(fakes.issue(row=fakes.row(key="i1_other")), fakes.NOW)
    assert panel.page.outgoing.isHidden()


def test_undo_loses_nothing_that_was_begun_since(panel_of, asked):
    """The words that came back stand before the new ones."""
    asked.answers["undo_send"] = {"body": "Old words", "template": "", "changes": {}}
    panel = panel_of(fakes.issue(replies=(fakes.reply(),)))
    panel.page.reply.editor.insertPlainText("New words")
    press(panel.page.outgoing, "Undo")
    assert panel.page.reply.editor.toPlainText() == "Old words\n\nNew words"


def test_an_undo_that_comes_too_late_says_so(panel_of, asked):
    """And the strip is read again."""
    asked.answers["undo_send"] = Refused("It is too late to undo", "The reply has left")
    panel = panel_of(fakes.issue(replies=(fakes.reply(),)))
    press(panel.page.outgoing, "Undo")
    assert "It is too late to undo" in panel.page.trouble.text()


def test_a_refused_reply_can_be_tried_again_or_dropped(panel_of, asked):
    """Dropped, its words come back to be changed."""
    failed = fakes.reply(state=OutboxState.FAILED, error="550 no")
    panel = panel_of(fakes.issue(replies=(failed,)))
    press(panel.page.outgoing, "Try again")
    assert asked.args_of("retry_reply") == {"reply": 7}
    panel.show_issue(None)
    panel.show_issue(fakes.KEY)
    asked.answers["discard_reply"] = {"body": failed.body, "changes": {}}
    press(panel.page.outgoing, "Discard")
    assert asked.args_of("discard_reply") == {"reply": 7}
    assert "sorry about the broken mugs" in panel.page.reply.editor.toPlainText()


def test_a_reply_that_did_arrive_leaves_no_draft_behind(panel_of, asked):
    """From now on it counts as sent."""
    panel = panel_of(fakes.issue(replies=(fakes.reply(state=OutboxState.UNKNOWN),)))
    press(panel.page.outgoing, "It did arrive")
    assert asked.args_of("confirm_reply") == {"reply": 7}
    assert panel.page.reply.editor.toPlainText() == ""


def test_a_reply_that_went_out_says_so_for_a_moment(panel_of, qtbot):
    """Where the countdown stood; its card says when."""
    waiting = fakes.reply(state=OutboxState.SENDING)
    panel = panel_of(fakes.issue(replies=(waiting,)))
    sent = replace(waiting, state=OutboxState.SENT, sent_at=fakes.NOW)
    panel.page.outgoing.show_replies((), every=(sent,))
    shown = [one.text() for one in panel.page.outgoing.findChildren(QLabel) if one.isVisible()]
    assert shown[0].startswith("Sent to ")
    qtbot.waitUntil(panel.page.outgoing.isHidden)


def test_what_was_sent_long_ago_is_not_told_again(panel_of):
    sent = fakes.reply(state=OutboxState.SENT, sent_at=fakes.NOW)
    assert panel_of(fakes.issue(replies=(sent,))).page.outgoing.isHidden()


def test_the_card_of_a_sent_reply_says_when_it_was_sent(panel_of):
    sent = fakes.reply(state=OutboxState.SENT, sent_at=fakes.NOW)
    card = panel_of(fakes.issue(replies=(sent,))).page.timeline.cards()[-1]
    head = card.findChild(CardHead)
    assert head.accessibleName().startswith("Mail from You, sent today ")


def test_a_planned_reply_says_when_and_can_be_edited_or_sent_now(panel_of, asked):
    """No countdown by seconds; the words come back into the editor as they were."""
    at = fakes.NOW + timedelta(hours=19)
    planned = fakes.reply(scheduled=True, not_before=at, created_at=fakes.NOW)
    panel = panel_of(fakes.issue(replies=(planned,)))
    words = way_words(planned, fakes.NOW)
    assert words.title.startswith("Goes out tomorrow ")
    assert not panel.page.outgoing._timer.isActive()
    assert not panel.call_back(), "u takes back what was just sent, not a plan"
    asked.answers["undo_send"] = {"body": "Hi Ben", "template": "", "files": ["/tmp/a.pdf"]}
    press(panel.page.outgoing, "Edit")
    assert panel.page.reply.editor.toPlainText() == "Hi Ben"
    assert panel.page.reply.attachments.files == ("/tmp/a.pdf",)


def test_a_plan_that_they_overtook_asks_to_be_looked_at(panel_of, asked):
    """They wrote after it was planned: what it says may be wrong by now."""
    before = fakes.NOW - timedelta(hours=3)
    at = fakes.NOW + timedelta(hours=19)
    planned = fakes.reply(scheduled=True, not_before=at, created_at=before)
    words = way_words(planned, fakes.NOW, heard_at=fakes.NOW)
    assert "written since" in words.detail
    assert words.tone == "high"
    panel = panel_of(fakes.issue(replies=(planned,)))
    press(panel.page.outgoing, "Send now")
    assert asked.args_of("send_now") == {"reply": planned.id}

"""In the narrowest pane that it gets beside a list, nothing of an issue is cut off at the right."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from gettext import NullTranslations

import pytest
from PySide6.QtWidgets import QAbstractButton, QLabel, QWidget

from app.config.language import translations
from app.domain.assessment import Kind
from app.domain.message import Attachment
from app.domain.reply import OutboxState
from app.domain.translation import speak, tr
from app.ui import placing
from app.ui.issue.message_card import MessageCard
from app.ui.issue.parts import button
from app.ui.widgets.giving_way import IfRoom
from tests.support import ui_issue_fakes as fakes

LONG_NAME = "Foto von dem zerbrochenen Henkel am Montag nach dem Auspacken.jpg"


@pytest.fixture(params=["en", "de"])
def language(request) -> Iterator[str]:
    if request.param == "de":
        speak(translations("de"))
    yield request.param
    speak(NullTranslations())


def _sticks_out(page: QWidget, most: int) -> list[str]:
    """The buttons that end beyond what can be seen."""
    return [
        each.text() or each.accessibleName()
        for each in page.findChildren(QAbstractButton)
        if each.isVisible() and each.mapTo(page, each.rect().topRight()).x() > most
    ]


def test_nothing_sticks_out_of_the_narrowest_pane(panel_of, theme, qtbot, language: str):
    """Verbs, what it is about, and the arrow beside Send; what gives way is that the draft is kept,
    the key on the button, and the ends of long words."""
    row = fakes.row(kind=Kind.REFUND_BILLING)
    panel = panel_of(fakes.issue(row=row))
    panel.resize(placing.least_panes(theme)[2], 620)
    box = panel.page.reply
    box.editor.insertPlainText("Hello Ben")
    box.drafts.flush()
    qtbot.waitUntil(lambda: box.kept.text() == tr("Draft kept"))
    qtbot.waitUntil(lambda: panel.page.width() <= panel.width())
    assert _sticks_out(panel.page, panel.width()) == []


@pytest.mark.parametrize(
    "state", [OutboxState.UNKNOWN, OutboxState.BLOCKED, OutboxState.FAILED, OutboxState.QUEUED]
)
def test_a_reply_on_its_way_keeps_its_verbs_in_the_narrowest_pane(
    panel_of, theme, qtbot, language: str, state: OutboxState
):
    """Three verbs stand below the words, which have the height that they need."""
    why = tr("It came with a copy of the profile.")
    panel = panel_of(fakes.issue(replies=(fakes.reply(state=state, error=why),)))
    panel.resize(placing.least_panes(theme)[2], 860)
    qtbot.waitUntil(lambda: panel.page.width() <= panel.width())
    assert _sticks_out(panel.page, panel.width()) == []
    qtbot.waitUntil(lambda: _are_whole(panel.page.outgoing))


def _are_whole(inside: QWidget) -> bool:
    """Whether every label is as high as its words need at its width."""
    shown = [each for each in inside.findChildren(QLabel) if each.isVisible()]
    return all(each.height() >= each.heightForWidth(each.width()) for each in shown)


def test_a_mail_with_a_photo_is_not_wider_than_the_room_beside_its_order(
    panel_of, qtbot, language: str
):
    """The file's name gives way, so that no word of the mail is cut off."""
    photo = Attachment(filename=LONG_NAME, content_type="image/jpeg", size=2_400_000, part=1)
    last = replace(fakes.issue().messages[-1], attachments=(photo,))
    panel = panel_of(fakes.issue(messages=(last,)))
    panel.resize(640, 860)
    panel.page.order.strip.click()
    timeline = panel.page.timeline
    card = timeline.cards()[-1]
    assert isinstance(card, MessageCard)
    qtbot.waitUntil(panel.page.order.paper.isVisible)
    qtbot.waitUntil(lambda: card.mapTo(timeline, card.rect().topRight()).x() <= timeline.width())
    assert card.minimumSizeHint().width() < 300


def test_a_button_shortens_its_words_before_it_is_cut_and_keeps_its_name(qtbot):
    shown = button("Erstattung, Rechnung und alles", shortens=True)
    qtbot.addWidget(shown)
    whole = shown.sizeHint().width()
    assert shown.minimumSizeHint().width() < whole * 2 // 3
    shown.resize(shown.minimumSizeHint())
    shown.show()
    assert shown.text() == shown.accessibleName() == "Erstattung, Rechnung und alles"
    assert shown.sizeHint().width() == whole


def test_words_that_need_room_are_whole_or_not_drawn(qtbot):
    words = IfRoom()
    words.setText("Draft kept")
    qtbot.addWidget(words)
    words.resize(words.sizeHint())
    blank = IfRoom()
    qtbot.addWidget(blank)
    blank.resize(words.size())
    assert words.grab().toImage() != blank.grab().toImage()
    for each in (words, blank):
        each.resize(each.width() // 2, each.height())
    assert words.grab().toImage() == blank.grab().toImage()


def test_send_says_its_key_only_where_there_is_room(panel_of, qtbot):
    panel = panel_of(fakes.issue())
    panel.page.reply.editor.setPlainText("Hello Anna")
    verbs = panel.page.reply.verbs
    assert verbs.button.text() == "Send reply   Ctrl+Enter"
    verbs.resize(verbs.minimumSizeHint().width(), verbs.height())
    assert verbs.button.text() == "Send reply"
    assert verbs.button.accessibleName() == "Send reply"

"""The mail that is answered and the reply that is sent can both be read, also in a small window."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtWidgets import QScrollArea

from app.domain.reply import Draft
from tests.support import ui_issue_fakes as fakes
from tests.support.ui_disputes import EVIDENCE, every_kind

_LONG = "\n".join(f"Line {n}" for n in range(60))
_SETTLED_MS = 250  # what is below the words comes one after the other, and each takes its room
_LEGAL = (
    "Hi Rachel,\n\nYour message has reached me, and I am dealing with it myself.\n\n"
    "By {{ reply.date }} you will have a full answer. If there is anything I should see before"
    " then, please send them to this address.\n\nBest wishes\nHanne Ohlsen\nOhlsen & Wiek"
)


@pytest.fixture
def long_mail():
    view = fakes.issue()
    return replace(view, messages=(replace(view.messages[0], text=_LONG),))


def test_a_reply_that_holds_nothing_is_a_line_and_the_mail_has_the_room(panel_of, qtbot, long_mail):
    panel = panel_of(long_mail)
    panel.resize(640, 640)
    reply = panel.page.reply
    qtbot.waitUntil(lambda: 0 < reply.height() < 110)
    assert reply.is_at_rest
    assert not reply.verbs.button.isVisible()
    assert panel.page.timeline.height() > 2 * reply.height()


def test_who_writes_has_all_but_what_it_takes_to_read_the_mail(panel_of, qtbot, long_mail):
    """What was written is read on while the mail is read again, but with less room."""
    panel = panel_of(long_mail)
    panel.resize(640, 640)
    page = panel.page
    panel.focus_reply()
    page.reply.editor.setPlainText(_LONG)
    qtbot.waitUntil(lambda: page._middle.height() <= 150)
    assert page.reply.verbs.button.isVisible()
    page.header.setFocus()
    page.reply._attendance._leave()
    qtbot.waitUntil(lambda: page._middle.height() > 200)
    assert page.reply.verbs.button.isVisible(), "what holds words is no line"


def test_a_kept_draft_is_drawn_from_its_top_and_goes_on_at_its_end(panel_of, qtbot, long_mail):
    draft = Draft(issue_key=fakes.KEY, body=_LONG)
    panel = panel_of(replace(long_mail, draft=draft))
    editor = panel.page.reply.editor
    qtbot.waitUntil(lambda: editor.verticalScrollBar().maximum() > 0)
    assert editor.firstVisibleBlock().blockNumber() == 0
    assert editor.textCursor().atEnd()


def test_the_place_to_fill_of_a_template_is_in_view_where_there_is_little_room(
    panel_of, asked, qtbot, long_mail
):
    """The box grows after the template came; what is to be written next must not slip out of it."""
    asked.answers["render"] = {"text": _LEGAL, "to": []}
    panel = panel_of(long_mail)
    panel.resize(690, 520)
    editor = panel.page.reply.editor
    qtbot.waitUntil(lambda: 0 < panel.page.reply.height() < 110)
    panel.page.reply.use_template("legal/received")
    qtbot.waitUntil(lambda: editor.height() > 60)
    qtbot.wait(_SETTLED_MS)
    assert editor.viewport().rect().contains(editor.cursorRect())
    assert editor.textCursor().selectedText() == "{{ reply.date }}"


def test_below_a_window_of_900_the_reasons_are_one_line(panel_of, qtbot):
    panel = panel_of(fakes.issue())
    panel.resize(760, 820)
    qtbot.waitUntil(lambda: panel.page.why.is_folded)
    panel.resize(760, 980)
    qtbot.waitUntil(lambda: not panel.page.why.is_folded)


def test_a_disputes_checklist_is_as_high_as_its_content_and_only_the_page_scrolls(
    panel_of, asked, qtbot
):
    """Neither a list in a list nor a mail of two lines beside it."""
    asked.answers["evidence"] = {**EVIDENCE, "items": EVIDENCE["items"] * 5}
    case = next(one for one in every_kind(fakes.NOW) if one.dispute.platform_id == "dp_soon")
    panel = panel_of(replace(fakes.issue(), disputes=(case,)))
    panel.resize(700, 700)
    page = panel.page
    page.case.toggle.click()
    qtbot.waitUntil(lambda: page.height() > 700)
    inside = page.case._inside
    assert inside.height() >= inside.heightForWidth(inside.width()) > 400
    assert not page.case.findChildren(QScrollArea)
    assert page.timeline.height() > 300
    page.case.toggle.click()
    qtbot.waitUntil(lambda: page.height() == panel.height())

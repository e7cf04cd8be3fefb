"""The issue panel: what it shows in each of its states, and what its verbs ask for."""

from __future__ import annotations

from dataclasses import replace
from datetime import time, timedelta

import pytest
from PySide6.QtCore import QDate, QDateTime, QTime
from PySide6.QtWidgets import QApplication, QDateTimeEdit, QLabel, QPushButton, QWidget

from app.domain.changes import Changes
from app.domain.clock import rfc3339
from app.domain.errors import Refused, Unreachable
from app.domain.journal import EntryType, State
from app.domain.message import Address
from app.domain.views import Pretender
from app.ui.issue.snooze_choices import on_the_wall
from tests.support import ui_issue_fakes as fakes


def texts(widget) -> str:
    """Every word that a label of the widget shows."""
    return "\n".join(found.text() for found in widget.findChildren(QLabel) if not found.isHidden())


def test_it_says_what_who_and_how_long_is_left(panel_of):
    """The head of an issue."""
    header = panel_of(fakes.issue()).page.header
    words = texts(header)
    assert "Mugs arrived smashed" in words
    assert "Ben Costa" in words
    assert "OW-10227" in words
    assert "1 h 36 left" in words


def test_nothing_chosen_says_how_the_day_stands(panel_of):
    """The calm page counts; it does not say "nothing here"."""
    panel = panel_of()
    assert "2 urgent issues" in texts(panel.nothing)
    assert "14 issues open. 3 wait for customers." in texts(panel.nothing)


def test_an_issue_that_is_gone_says_so_with_a_way_out(panel_of, qtbot):
    """The error stands where the issue would stand, and "Try again" reads anew."""
    panel = panel_of(fakes.issue(), show=False)
    panel.show_issue("i1_gone")
    assert panel._pages.currentWidget() is panel.failed
    assert "There is no such issue" in texts(panel.failed)
    panel._queries.views["i1_gone"] = fakes.issue(row=fakes.row(key="i1_gone"))
    panel.failed._again.click()
    assert panel.page.isVisible()


def test_bones_are_drawn_only_when_reading_takes_200_ms(panel_of, qtbot):
    """Sooner than that, the old page stays; no flicker."""
    panel = panel_of(fakes.issue(), show=False)
    panel._reader.ask = lambda key: None  # an answer that does not come
    panel.show_issue(fakes.KEY)
    assert panel._pages.currentWidget() is panel.nothing
    qtbot.waitUntil(lambda: panel._pages.currentWidget() is panel.skeleton)


def test_an_own_reader_answers_in_the_window_and_only_the_newest_question(panel_of, qtbot):
    """With a reader of its own, the disk is read in another thread."""
    first, second = fakes.issue(), fakes.issue(row=fakes.row(key="i1_b", subject="The other"))
    made = []

    def another():
        made.append(fakes.FakeQueries(first, second))
        return made[-1]

    panel = panel_of(first, second, show=False, another_reader=another)
    panel.show_issue(fakes.KEY)
    panel.show_issue("i1_b")
    qtbot.waitUntil(lambda: panel.page.key == "i1_b")
    assert len(made) == 1


@pytest.mark.parametrize(
    ("press", "verb", "args"),
    [
        (lambda page: page.header.acknowledge.emit(), "acknowledge", {}),
        (lambda page: page.header._done.click(), "resolve", {}),
        (lambda page: page.why.kind_chosen.emit("late"), "override", {"kind": "late"}),
        (lambda page: page.why.severity_chosen.emit("low"), "override", {"severity": "low"}),
        (lambda page: page.why._alarm.click(), "verdict", {"verdict": "false_alarm"}),
        (lambda page: page.timeline.noted.emit("be kind"), "note", {"text": "be kind"}),
    ],
)
def test_a_verb_asks_the_engine_about_the_shown_issue(panel_of, asked, press, verb, args):
    """One click, one verb, the shown key."""
    press(panel_of(fakes.issue()).page)
    assert asked.args_of(verb) == {"key": fakes.KEY, **args}


def test_what_was_decided_is_told_with_the_entry_that_undoes_it(panel_of, asked, qtbot):
    """The window makes a toast with Undo of it."""
    asked.answers["resolve"] = {"entry": "e9", "changes": {}}
    panel = panel_of(fakes.issue())
    with qtbot.waitSignal(panel.decided) as told:
        panel.resolve()
    assert told.args == ["Done", "e9"]


def test_a_refused_verb_says_why_beside_the_verbs(panel_of, asked):
    """And the issue stays as it was."""
    asked.answers["resolve"] = Refused("It is done already", "Somebody was faster")
    panel = panel_of(fakes.issue())
    panel.resolve()
    assert "Somebody was faster" in panel.page.trouble.text()
    assert not panel.page.trouble.isHidden()


def test_a_put_away_issue_offers_to_reopen(panel_of, asked):
    """Done becomes Reopen; there is nothing to snooze or to acknowledge."""
    header = panel_of(fakes.issue(row=fakes.row(state=State.RESOLVED))).page.header
    assert header._done.text() == "Reopen"
    assert header._snooze.isHidden()
    assert header._acknowledge.isHidden()
    header._done.click()
    assert "reopen" in asked.verbs()


def test_snooze_sends_an_instant_in_utc(panel_of, asked, clock):
    """And says when the issue comes back."""
    panel = panel_of(fakes.issue())
    panel.snooze(clock.now() + timedelta(hours=1))
    assert asked.args_of("snooze")["until"] == "2026-11-17T14:26:00Z"


def test_the_snooze_menu_offers_its_instants(panel_of, asked):
    """Choosing one snoozes."""
    panel = panel_of(fakes.issue())
    panel.page.header.open_snooze_menu()
    menu = panel.page.header._menu
    assert "&1   For an hour" in [action.text() for action in menu.actions()]
    menu.actions()[0].trigger()
    menu.hide()
    assert asked.args_of("snooze")["until"] == "2026-11-17T14:26:00Z"


def test_any_other_day_can_be_picked_in_the_snooze_menu(panel_of, asked, clock):
    """Below the choices; today is the first day that can be chosen, and the menu closes."""
    panel = panel_of(fakes.issue())
    panel.page.header.open_snooze_menu()
    menu = panel.page.header._menu
    field = menu.findChild(QDateTimeEdit)
    assert field.minimumDate() == QDate(2026, 11, 17)
    assert field.dateTime() == QDateTime(QDate(2026, 11, 19), QTime(9, 0))
    field.setDateTime(QDateTime(QDate(2026, 12, 4), QTime(10, 30)))
    menu.findChild(QPushButton).click()
    wanted = on_the_wall(clock.now().astimezone(), 17, time(10, 30))
    assert asked.args_of("snooze")["until"] == rfc3339(wanted)
    assert menu.isHidden()


def test_opening_an_unseen_issue_tells_the_engine_once(panel_of, asked):
    """A refresh of the same issue does not tell it again."""
    panel = panel_of(fakes.issue())
    panel.refresh(Changes.of_issues([fakes.KEY]))
    assert asked.verbs().count("seen") == 1


def test_it_reads_again_only_when_its_own_issue_moved(panel_of):
    """Another issue's move costs nothing here."""
    panel = panel_of(fakes.issue())
    moved = fakes.issue(row=fakes.row(subject="Mugs, again"))
    panel._queries.views[fakes.KEY] = moved
    panel.refresh(Changes.of_issues(["i1_other"]))
    assert "Mugs, again" not in texts(panel.page.header)
    panel.refresh(Changes.of_issues([fakes.KEY]))
    assert "Mugs, again" in texts(panel.page.header)


def test_an_issue_that_was_merged_answers_under_its_new_key(panel_of):
    """The old key leads to the issue that took it over, and verbs go there."""
    panel = panel_of(fakes.issue(), show=False)
    panel._queries.views["i1_old"] = fakes.issue()
    panel.show_issue("i1_old")
    assert panel._key == fakes.KEY


def test_a_reply_that_is_queued_late_does_not_call_its_issue_back(panel_of, asked):
    """Whoever went on to another issue stays there."""
    asked.answers["send_reply"] = None
    other = fakes.issue(row=fakes.row(key="i1_b", subject="The other"))
    panel = panel_of(fakes.issue(), other)
    panel.page.reply.editor.insertPlainText("Hello")
    panel.send()
    panel.show_issue("i1_b")
    asked.answer("send_reply", {"reply": 7, "changes": {}})
    assert panel.page.key == "i1_b"


def test_a_reading_that_fails_later_leaves_the_issue_in_view(panel_of):
    """An engine that is being restarted does not take the page away."""
    panel = panel_of(fakes.issue())
    panel._queries.error = Unreachable("The disk does not answer")
    panel.refresh(Changes.of_issues([fakes.KEY]))
    assert panel.page.isVisible()
    assert "The disk does not answer" in panel.page.trouble.text()


def test_a_suspicious_issue_says_what_it_claims_to_be(panel_of):
    """With what gives it away, and what not to do."""
    row = fakes.row(suspicious=True, customer=replace(fakes.BEN, name="Stripe"))
    because = ("The mail came from pay.example.", "Its signature does not fit.")
    view = fakes.issue(row=row, suspicious_because=because)
    banner = panel_of(view).page.suspicion
    words = texts(banner)
    assert "Claims to be Stripe, but:" in words
    assert "Its signature does not fit." in words
    assert not banner.isHidden()


def test_a_suspicious_mails_headline_says_whom_it_claims_to_be(panel_of):
    """What gives it away stands below, a line each."""
    because = ("it claims to be Stripe, but was sent from pay.example", "a link leads elsewhere")
    view = fakes.issue(row=fakes.row(suspicious=True), suspicious_because=because)
    said = texts(panel_of(view).page.suspicion)
    assert "Claims to be Ben Costa, but:" in said
    assert "–  it claims to be Stripe, but was sent from pay.example\n–  a link leads" in said


def test_a_pretender_in_a_true_conversation_is_named_and_not_its_customer(panel_of):
    joined = Pretender(
        who=Address(email="service@pay.example", name="Stripe"), because=("It lies.",)
    )
    banner = panel_of(fakes.issue(pretender=joined)).page.suspicion
    assert "A mail in here claims to be Stripe, but:" in texts(banner)
    assert "–  It lies." in texts(banner)
    assert not banner.isHidden()


def test_the_order_is_a_receipt_at_the_right_and_a_strip_where_it_is_narrow(panel_of, qtbot):
    """The strip unfolds the receipt."""
    panel = panel_of(fakes.issue())
    side = panel.page.order
    assert side.paper.isVisible()
    assert "6 × Stoneware mug, moss €132.00" in side.receipt.lines.accessibleName()
    assert "Total €162.00" in side.receipt.lines.accessibleName()
    panel.resize(500, 860)
    qtbot.waitUntil(side.strip.isVisible)
    assert not side.paper.isVisible()
    side.strip.click()
    assert side.paper.isVisible()


def test_without_an_order_there_is_neither(panel_of):
    """No empty receipt."""
    side = panel_of(fakes.issue(order=None)).page.order
    assert side.paper.isHidden()
    assert side.strip.isHidden()


def test_low_windows_fold_the_reasons_into_one_line(panel_of, qtbot):
    """The words stay, the bars go."""
    panel = panel_of(fakes.issue())
    panel.resize(760, 560)
    qtbot.waitUntil(lambda: panel.page.why.is_folded)
    assert panel.page.why._title.accessibleName() == "Unfold the reasons"
    assert "Damaged goods, photos attached +34" in texts(panel.page.why)


def test_every_control_has_a_name_that_can_be_said(panel_of):
    """For a screen reader no button, field or list is nameless."""
    from PySide6.QtGui import QAccessible
    from PySide6.QtWidgets import QAbstractButton, QComboBox, QLineEdit, QPlainTextEdit

    panel = panel_of(fakes.issue(replies=(fakes.reply(),)))
    controls = [
        found
        for kind in (QAbstractButton, QComboBox, QLineEdit, QPlainTextEdit)
        for found in panel.findChildren(kind)
        if not found.isHidden() and not found.objectName().startswith("qt_")
    ]
    assert len(controls) > 15
    nameless = [
        found
        for found in controls
        if not QAccessible.queryAccessibleInterface(found).text(QAccessible.Text.Name)
    ]
    assert nameless == []


def test_no_label_of_the_page_guesses_what_its_text_is(panel_of):
    """A subject, a name, a file name or a note with HTML in it is shown letter by letter."""
    from PySide6.QtCore import Qt

    evil = '<img src="/etc/hostname"><b>x</b>'
    row = fakes.row(
        subject=evil, customer=replace(fakes.BEN, name=evil), suspicious=True, order_number=evil
    )
    view = fakes.issue(
        row=row,
        suspicious_because=(evil,),
        journal=(fakes.entry(1, fakes.NOW, EntryType.NOTE, text=evil),),
        order=replace(fakes.order(), number=evil, customer_name=evil, carrier=evil),
        replies=(fakes.reply(error=evil),),
    )
    panel = panel_of(view)
    for found in panel.findChildren(QLabel):
        assert found.textFormat() is Qt.TextFormat.PlainText or not found.text()
    for found in panel.findChildren(QLabel):
        assert "<img" not in found.toolTip()


def test_eighty_mails_open_with_few_cards(panel_of, qtbot):
    """Only what is near is made: a long conversation costs hardly more than a short one."""
    panel = panel_of(fakes.issue(), fakes.long_issue())
    panel.show_issue("i1_long")
    panel.grab()
    QApplication.processEvents()
    assert len(panel.page.timeline.cards()) < 20


def test_a_name_for_who_hears_it_holds_the_words_too(panel_of):
    """What a thing is, then what it says: subject, time left, customer, recipient, the mail."""
    panel = panel_of(fakes.issue())
    names = [one.accessibleName() for one in panel.page.findChildren(QWidget)]
    for begins in (
        "Subject: Mugs arrived smashed", "Time left: 1 h 36 left", "Customer and order: Ben Costa",
        "Goes to: Ben Costa <ben.costa@mailbox.example>", "Text of the mail: ",
    ):  # fmt: skip
        assert any(name.startswith(begins) and len(name) >= len(begins) for name in names), begins
    assert not {"Subject", "Time left", "Goes to", "Text of the mail"} & set(names)


def test_where_there_is_room_the_reply_is_whole_without_scrolling(panel_of, qtbot):
    """Conversation and order give way, however much they would like to have."""
    long = "\n".join(f"Line {n}" for n in range(200))
    view = fakes.issue()
    panel = panel_of(replace(view, messages=(replace(view.messages[0], text=long),)))
    panel.resize(1000, 780)
    page, button = panel.page, panel.page.reply.verbs.button
    panel.focus_reply()
    qtbot.waitUntil(lambda: page.height() == panel.height() and page.reply.is_written_in)
    assert button.mapTo(panel, button.rect().bottomRight()).y() <= panel.height()
    assert page.timeline.height() >= 100


def test_on_a_very_low_screen_the_issue_is_scrolled_and_a_reply_comes_into_view(panel_of, qtbot):
    """Nothing is cut: the mail has most of what is seen, the reply what it needs to be written."""
    panel = panel_of(fakes.issue())
    panel.resize(900, 300)
    page, button = panel.page, panel.page.reply.verbs.button
    qtbot.waitUntil(lambda: page.timeline.height() >= 150)
    assert page.order.strip.isVisible(), "the order is one line"
    reply = page.reply
    assert reply.mapTo(panel, reply.rect().bottomLeft()).y() > panel.height(), "below what is seen"
    panel.focus_reply()
    qtbot.waitUntil(lambda: button.mapTo(panel, button.rect().bottomRight()).y() <= panel.height())
    assert page.reply.height() >= page.reply.minimumSizeHint().height()

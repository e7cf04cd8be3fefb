"""The window of the reply templates, over the real engine's verbs and real files."""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import partial

import pytest
import shiboken6
from PySide6.QtCore import Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QPushButton

from app.domain.assessment import Kind
from app.domain.errors import KnownError
from app.ui.templates.dialog import TemplatesDialog
from app.ui.theme import Theme
from tests.support.engine import Engine, a_letter, an_engine

PHOTOS = ("damaged/ask_photos", "en")


class Straight:
    """Asks the real engine's verbs in the same thread, and answers at once."""

    def __init__(self, engine: Engine) -> None:
        self._verbs = {
            **engine.template_desk.verbs(),
            **engine.template_import.verbs(),
        }

    def run(self, verb, *, then=None, failed=None, **args):
        try:
            answer = self._verbs[verb](**args)
        except KnownError as error:
            if failed is not None:
                failed(error)
        else:
            if then is not None:
                then(answer)


@pytest.fixture
def engine(tmp_path) -> Iterator[Engine]:
    with an_engine(tmp_path / "profile") as made:
        made.receive(a_letter("My mug arrived broken, it is damaged. Order MM-10227."))
        yield made


@pytest.fixture
def file(tmp_path):
    """An export with one reply that can be taken and one that cannot."""
    path = tmp_path / "replies.json"
    replies = [
        {"title": "Late parcel", "content": "Hi {{ticket.requester.name}}, {{ticket.shelf}}."},
        {"title": "Empty", "content": ""},
    ]
    path.write_text(json.dumps(replies))
    return path


@pytest.fixture
def dialog(theme: Theme, engine: Engine, file) -> Iterator[TemplatesDialog]:
    made = TemplatesDialog(
        bridge=Straight(engine),
        theme=theme,
        template=PHOTOS[0],
        language=PHOTOS[1],
        ask_file=lambda _: str(file),
    )
    made.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, on=False)
    made.show()
    yield made
    made.close()
    shiboken6.delete(made)


def press(widget, text: str) -> None:
    QApplication.processEvents()
    buttons = (one for one in widget.findChildren(QPushButton) if one.isVisible())
    found = next(one for one in buttons if one.text() == text)
    QTest.mouseClick(found, Qt.MouseButton.LeftButton)


def test_it_opens_on_the_template_in_use_and_shows_it_filled_in(dialog):
    """With the name of a real customer, and the file that it lies in."""
    assert dialog.form.title.text() == "Sorry it broke: ask for photos"
    assert dialog.form.preview.toPlainText().startswith("Hi Ben,")
    assert "Ben Costa" in dialog.form.about.text()
    assert "Came with Frontburner" in dialog.file.text()
    assert not dialog.keep.isEnabled()


def test_what_is_typed_is_shown_kept_and_taken_back(dialog, engine, qtbot):
    """By key; the engine uses it at once, and Undo brings ours back."""
    dialog.form.body.selectAll()
    QTest.keyClicks(dialog.form.body, "Hi {{ customer.first_name }}, photos? {{ reply.date }}")
    qtbot.waitUntil(lambda: "photos?" in dialog.form.preview.toPlainText())
    assert dialog.form.hint.text() == "Whoever takes it fills in: the day that you promise or name."
    QTest.keyClick(dialog, Qt.Key.Key_S, Qt.KeyboardModifier.ControlModifier)
    key = engine.only_key()
    assert "Hi Ben, photos?" in engine.writing.render(key, *PHOTOS)["text"]
    assert "Your file" in dialog.file.text()
    assert not dialog.form.is_dirty
    press(dialog, "Undo")
    assert "two photos" in engine.writing.render(key, *PHOTOS)["text"]
    assert "two photos" in dialog.form.body.toPlainText()


def test_what_cannot_be_kept_says_why_and_stays_written(dialog, engine):
    """A name that no template can ask for: the sentence names the nearest."""
    dialog.form.body.selectAll()
    QTest.keyClicks(dialog.form.body, "Hi {{ custommer.name }}")
    QTest.keyClick(dialog, Qt.Key.Key_S, Qt.KeyboardModifier.ControlModifier)
    assert "customer.name" in dialog.said.text()
    assert dialog.form.is_dirty
    assert not list(engine.shelf.own.glob("*/*"))
    dialog.form.kept()


def test_going_to_another_one_keeps_what_was_written(dialog, engine):
    """Nobody has to think of Save."""
    QTest.keyClicks(dialog.form.body, "PS: thank you.")
    assert dialog.list.go_to("damaged/refund", "en")
    assert "PS: thank you." in engine.shelf.present.get(*PHOTOS).body
    assert dialog.form.title.text() == "Sorry it broke: money back"
    assert dialog.list.current().id == "damaged/refund"


def test_a_new_one_is_made_for_a_kind(dialog, engine):
    """Its title names its file."""
    dialog._open_kinds()
    next(one for one in dialog._menu.actions() if one.text() == "Damaged").trigger()
    dialog._menu.hide()
    QTest.keyClicks(dialog.form.title, "Glaze crack")
    QTest.keyClicks(dialog.form.body, "Hello!")
    press(dialog, "Save   Ctrl+S")
    assert engine.shelf.present.get("damaged/glaze_crack", "en").body == "Hello!"
    assert dialog.list.current().title == "Glaze crack"
    press(dialog, "Delete")
    assert ("damaged/glaze_crack", "en") not in engine.shelf.present.by_key
    press(dialog, "Undo")
    assert ("damaged/glaze_crack", "en") in engine.shelf.present.by_key


def test_a_new_one_that_is_only_begun_is_no_fault_and_shows_nothing_of_another(dialog, qtbot):
    dialog._open_kinds()
    next(one for one in dialog._menu.actions() if one.text() == "Damaged").trigger()
    dialog._menu.hide()
    qtbot.waitUntil(lambda: dialog.form.preview.toPlainText() == "")
    assert dialog.form.hint.text() == ""
    dialog.form.body.setPlainText("Hi {{ customer.first_name | there }}")
    qtbot.waitUntil(lambda: dialog.form.preview.toPlainText().startswith("Hi "))


def test_a_copy_in_another_language_begins_with_these_words(dialog, engine):
    """Kept when it is saved; ours stays as it is."""
    dialog.list.go_to("damaged/refund", "en")
    dialog._open_languages()
    next(one for one in dialog._menu.actions() if one.text() == "Nederlands").trigger()
    dialog._menu.hide()
    assert "I have refunded" in dialog.form.body.toPlainText()
    assert ("damaged/refund", "nl") not in engine.shelf.present.by_key
    press(dialog, "Save   Ctrl+S")
    assert ("damaged/refund", "nl") in engine.shelf.present.by_key


def test_a_name_that_is_filled_in_by_itself_can_be_put_in(dialog):
    """Chosen by what it means."""
    place = dialog.form.names.findData("order.number")
    assert dialog.form.names.itemText(place) == "the order's number, without #"
    dialog.form.names.setCurrentIndex(place)
    dialog.form.names.activated.emit(place)
    assert dialog.form.body.toPlainText().endswith("{{ order.number }}")
    dialog.form.kept()


def test_an_export_is_told_first_taken_then_and_taken_back(dialog, engine):
    """What becomes of each placeholder, and what is left out, before anything is written."""
    press(dialog, "Import …")
    told = dialog.importing.list.toPlainText()
    assert "Late parcel  (Late, en)" in told
    assert "{{ticket.requester.name}} becomes customer.name" in told
    assert "[ticket shelf] has to be filled in by hand" in told
    assert "Empty: it has no text" in told
    assert not list(engine.shelf.own.glob("*/*"))
    press(dialog, "Import 1")
    assert ("late/late_parcel", "en") in engine.shelf.present.by_key
    assert dialog.said.text() == "1 template imported."
    press(dialog, "Undo")
    assert not list(engine.shelf.own.glob("*/*"))


def test_the_list_can_be_searched_and_shown_in_one_language(dialog):
    """By title; nothing else is left."""
    QTest.keyClicks(dialog.list.search, "photos")
    dialog.list.language.setCurrentIndex(dialog.list.language.findData("en"))
    heads = [dialog.list.tree.topLevelItem(n) for n in range(dialog.list.tree.topLevelItemCount())]
    rows = [head.child(n).text(0) for head in heads for n in range(head.childCount())]
    assert rows == ["Sorry it broke: ask for photos  (English)"]


def test_it_begins_with_the_language_in_use_and_shows_another_that_is_asked_for(dialog):
    """Eight languages in one list are eight times as much to look through."""
    heads = [dialog.list.tree.topLevelItem(n) for n in range(dialog.list.tree.topLevelItemCount())]
    rows = [head.child(n).text(0) for head in heads for n in range(head.childCount())]
    assert rows
    assert all(row.endswith("(English)") for row in rows)
    dialog.list.go_to("damaged/refund", "en")
    dialog._copy("nl")
    press(dialog, "Save   Ctrl+S")
    assert (dialog.list.current().id, dialog.list.current().language) == (
        "damaged/refund",
        "nl",
    )


def test_opened_from_the_menu_it_begins_with_the_language_of_the_window(theme, engine):
    """There no template is asked for, and none in a language of its own."""
    made = TemplatesDialog(bridge=Straight(engine), theme=theme)
    assert made.list.language.currentData() == "en"
    shown = made.list.current()
    assert shown is not None
    assert shown.language == "en"
    shiboken6.delete(made)


def test_escape_closes_it_and_keeps_what_was_written(dialog, engine):
    """Nobody is asked whether they are sure."""
    QTest.keyClicks(dialog.form.body, "PS: thank you.")
    QTest.keyClick(dialog, Qt.Key.Key_Escape)
    assert not dialog.isVisible()
    assert "PS: thank you." in engine.shelf.present.get(*PHOTOS).body


class Later(Straight):
    """Answers in the next turn of the window, as an engine in another process does."""

    def run(self, verb, **asked):
        QTimer.singleShot(0, partial(super().run, verb, **asked))


@pytest.fixture
def slow(theme: Theme, engine: Engine, qtbot) -> Iterator[TemplatesDialog]:
    """The dialog over an engine whose answers take their time."""
    made = TemplatesDialog(
        bridge=Later(engine), theme=theme, template=PHOTOS[0], language=PHOTOS[1]
    )
    made.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, on=False)
    made.show()
    qtbot.waitUntil(lambda: "two photos" in made.form.body.toPlainText())
    yield made
    made.form.kept()
    made.close()
    QTest.qWait(20)
    shiboken6.delete(made)


def test_a_new_one_begun_with_changes_open_stays_in_view(slow, engine, qtbot):
    """Before, the answer to what was kept on the way brought the other one back."""
    QTest.keyClicks(slow.form.body, "PS: thank you.")
    slow._begin(Kind.DAMAGED)
    qtbot.waitUntil(lambda: "PS: thank you." in engine.shelf.present.get(*PHOTOS).body)
    QTest.qWait(50)
    assert (slow.form.title.text(), slow.form.body.toPlainText()) == ("", "")
    QTest.keyClicks(slow.form.title, "Glaze crack")
    QTest.keyClicks(slow.form.body, "Hello!")
    slow.save()
    qtbot.waitUntil(lambda: ("damaged/glaze_crack", "en") in engine.shelf.present.by_key)


def test_a_copy_begun_with_changes_open_stays_in_view(slow, engine, qtbot):
    QTest.keyClicks(slow.form.body, "PS: thank you.")
    slow._copy("sv")
    qtbot.waitUntil(lambda: "PS: thank you." in engine.shelf.present.get(*PHOTOS).body)
    QTest.qWait(50)
    assert slow.form.is_dirty
    assert slow.file.text() == "In SV; it is kept when you save it."


def test_what_is_typed_while_it_is_being_kept_stays_written(slow, engine, qtbot):
    QTest.keyClicks(slow.form.body, "PS: thank you.")
    slow.save()
    QTest.keyClicks(slow.form.body, "More.")
    qtbot.waitUntil(lambda: "Your file" in slow.file.text())
    QTest.qWait(50)
    assert "More." in slow.form.body.toPlainText()
    assert slow.form.is_dirty


def test_what_cannot_be_kept_is_not_lost_by_closing(slow, engine, qtbot):
    """It says why; who closes again means it."""
    slow._begin(Kind.DAMAGED)
    QTest.qWait(20)
    QTest.keyClicks(slow.form.body, "Many words, and no title.")
    QTest.keyClick(slow, Qt.Key.Key_Escape)
    QTest.qWait(50)
    assert slow.isVisible()
    assert slow.said.text() == "The template has no title yet. Write one above its text."
    QTest.keyClick(slow, Qt.Key.Key_Escape)
    assert not slow.isVisible()


def test_a_broken_file_is_told_beside_the_list_and_takes_no_undo_away(dialog, engine):
    """Before, the sentence about it stood where "Saved" and its Undo are."""
    broken = engine.shelf.own / "late" / "mine.en.txt"
    broken.parent.mkdir(parents=True)
    broken.write_bytes("Title: Mine\n\nGrüße\n".encode("cp1252"))
    dialog.reload()
    assert "late/mine.en.txt is not UTF-8 text" in dialog.faults.text()
    QTest.keyClicks(dialog.form.body, "PS: thank you.")
    dialog.save()
    assert dialog.said.text() == "Saved. It is in use from now on."
    press(dialog, "Undo")
    assert "two photos" in engine.writing.render(engine.only_key(), *PHOTOS)["text"]
    broken.unlink()
    dialog.reload()
    assert not dialog.faults.isVisible()

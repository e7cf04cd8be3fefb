"""A choice among sentences gives way: its words are whole where there is room, else shortened."""

from __future__ import annotations

import pytest
from PySide6.QtWidgets import QStyleOptionComboBox
from pytestqt.qtbot import QtBot

from app.ui.theme import Theme
from app.ui.widgets.choice import Choice

SENTENCE = "Slack, Teams, Discord, Telegram, ntfy, Pushover, SMS"


def _drawn(choice: Choice) -> str:
    option = QStyleOptionComboBox()
    choice.initStyleOption(option)
    return str(option.currentText)


@pytest.mark.parametrize("words", ["5", "Light", SENTENCE])
def test_at_the_width_that_it_likes_its_words_are_drawn_whole(
    qtbot: QtBot, theme: Theme, words: str
):
    choice = Choice("Way", [(words, "x")])
    qtbot.addWidget(choice)
    choice.resize(choice.sizeHint())
    choice.show()
    assert _drawn(choice) == words


def test_a_sentence_is_shortened_before_it_is_cut_and_what_is_chosen_stays(
    qtbot: QtBot, theme: Theme
):
    choice = Choice("Way", [("E-mail", "email"), (SENTENCE, "service")])
    qtbot.addWidget(choice)
    choice.choose("service")
    assert choice.minimumSizeHint().width() < choice.sizeHint().width() // 2
    choice.resize(choice.minimumSizeHint())
    choice.show()
    assert _drawn(choice).endswith("…")
    assert (choice.currentText(), choice.value) == (SENTENCE, "service")

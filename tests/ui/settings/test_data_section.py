"""The whole profile, out and in, from the settings."""

from __future__ import annotations

import pytest
from PySide6.QtWidgets import QLabel, QPushButton

from app.domain.errors import Refused
from app.ui.settings.data_section import DataSection
from tests.support import ui_issue_fakes as fakes

COUNTS = {"mails": 1204, "issues": 310, "orders": 0, "decisions": 12}


@pytest.fixture
def asked():
    return fakes.FakeBridge(
        {
            "status": {"profile": "/home/jo/shop"},
            "export": {"folder": "/tmp/out", **COUNTS},
            "import": {"folder": "/tmp/out", **COUNTS},
            "backup": {"file": "/tmp/copy.db"},
        }
    )


@pytest.fixture
def section(qtbot, theme, asked):
    made = DataSection(
        bridge=asked,
        ask_new_folder=lambda _: "/tmp/out",
        ask_new_file=lambda _: "/tmp/copy.db",
        ask_export=lambda _: "/tmp/in",
    )
    qtbot.addWidget(made)
    made.show()
    return made


def press(section, text: str) -> None:
    next(one for one in section.findChildren(QPushButton) if one.text() == text).click()


def words(section) -> str:
    return "\n".join(one.text() for one in section.findChildren(QLabel) if one.isVisible())


def test_it_says_where_everything_lies(section):
    """The folder is there to read and to copy."""
    assert "/home/jo/shop" in words(section)


@pytest.mark.parametrize(
    ("text", "verb", "args", "said"),
    [
        ("Export everything", "export", {"folder": "/tmp/out"}, "1,204 mails"),
        ("Save a copy of the database", "backup", {"file": "/tmp/copy.db"}, "/tmp/copy.db"),
        ("Import an export", "import", {"folder": "/tmp/in"}, "ask for their passwords"),
    ],
)
def test_each_button_asks_the_engine_and_says_what_came_of_it(
    section, asked, text, verb, args, said
):
    """With the path that a person chose."""
    press(section, text)
    assert asked.args_of(verb) == args
    assert said in words(section)
    assert all(one.isEnabled() for one in section.findChildren(QPushButton))


def test_a_refusal_is_shown_as_it_is(section, asked):
    """The sentence of the engine, and the buttons work again."""
    asked.answers["import"] = Refused("This profile is not empty")
    press(section, "Import an export")
    assert "This profile is not empty" in words(section)


def test_who_chooses_nothing_asks_for_nothing(qtbot, theme, asked):
    """A cancelled choice changes nothing."""
    made = DataSection(bridge=asked, ask_new_folder=lambda _: "")
    qtbot.addWidget(made)
    press(made, "Export everything")
    assert "export" not in asked.verbs()

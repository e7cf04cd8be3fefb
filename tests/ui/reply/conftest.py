"""The reply box over fakes."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import shiboken6

from app.ui.reply.box import ReplyBox
from app.ui.theme import Theme
from tests.support import ui_issue_fakes as fakes


@pytest.fixture
def asked() -> fakes.FakeBridge:
    """An engine that answers at once."""
    return fakes.answering()


@pytest.fixture
def box(theme: Theme, asked: fakes.FakeBridge) -> Iterator[ReplyBox]:
    """A reply box that shows the issue about the mugs."""
    made = ReplyBox(bridge=asked, theme=theme)
    made.resize(720, 320)
    made.show()
    made.show_issue(fakes.issue())
    yield made
    made.close()
    shiboken6.delete(made)

"""The issue panel over fakes: one shop, one issue about broken mugs."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from app.ui.issue.panel import IssuePanel
from tests.support import ui_issue_fakes as fakes


@pytest.fixture
def asked() -> fakes.FakeBridge:
    """An engine that answers at once."""
    return fakes.answering()


@pytest.fixture
def clock() -> fakes.FixedClock:
    return fakes.FixedClock()


@pytest.fixture
def panel_of(qtbot, theme, asked, clock) -> Callable[..., IssuePanel]:
    """Makes a panel that shows the first of some issues."""

    def make(*views, show: bool = True, **more) -> IssuePanel:
        made = IssuePanel(
            bridge=asked, queries=fakes.FakeQueries(*views), theme=theme, clock=clock, **more
        )
        qtbot.addWidget(made)
        made.resize(760, 860)
        made.show()
        if show and views:
            made.show_issue(views[0].row.key)
        return made

    return make

"""The issue panel over fakes: one shop, one issue about broken mugs."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
import shiboken6

from app.ui.issue.panel import IssuePanel
from app.ui.theme import Theme
from tests.support import ui_issue_fakes as fakes


@pytest.fixture
def asked() -> fakes.FakeBridge:
    """An engine that answers at once."""
    return fakes.answering()


@pytest.fixture
def clock() -> fakes.FixedClock:
    """Stands until it is moved."""
    return fakes.FixedClock()


@pytest.fixture
def panel_of(
    theme: Theme, asked: fakes.FakeBridge, clock: fakes.FixedClock
) -> Iterator[Callable[..., IssuePanel]]:
    """Makes a panel that shows the first of some issues."""
    made: list[IssuePanel] = []

    def make(*views, show: bool = True, **more) -> IssuePanel:
        panel = IssuePanel(
            bridge=asked, queries=fakes.FakeQueries(*views), theme=theme, clock=clock, **more
        )
        made.append(panel)
        panel.resize(760, 860)
        panel.show()
        if show and views:
            panel.show_issue(views[0].row.key)
        return panel

    yield make
    for panel in made:
        panel.close()
        shiboken6.delete(panel)

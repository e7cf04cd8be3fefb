"""The pages of disputes over a shop that has one of every kind."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import shiboken6

from app.ui.disputes.page import DisputesPage
from app.ui.reader import Reader
from app.ui.theme import Theme
from tests.support import ui_issue_fakes as fakes
from tests.support.ui_disputes import FIGURES, every_kind
from tests.support.ui_fakes import FakeClock, FakeShop


@pytest.fixture
def asked() -> fakes.FakeBridge:
    """An engine that answers at once."""
    return fakes.FakeBridge({"dispute_figures": FIGURES})


@pytest.fixture
def page(
    reader: Reader, shop: FakeShop, theme: Theme, clock: FakeClock, asked: fakes.FakeBridge,
    until,
) -> Iterator[DisputesPage]:  # fmt: skip
    """The page with every kind of dispute in it."""
    shop.cases = every_kind(clock.now())
    made = DisputesPage(reader=reader, bridge=asked, theme=theme, clock=clock)
    made.resize(1100, 700)
    made.show()
    made.refresh()
    until(lambda: made.list.model().rowCount() == 5)
    yield made
    reader.stop()
    made.close()
    shiboken6.delete(made)

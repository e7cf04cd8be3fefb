"""The page that connects an account, before an engine that is played."""

from __future__ import annotations

import pytest
import shiboken6

from app.ui.onboarding.connect_page import ConnectPage
from tests.support import ui_issue_fakes as fakes
from tests.support.ui_onboarding import GMAIL


@pytest.fixture
def asked():
    return fakes.FakeBridge({"preset": GMAIL, "account_add": {"found": "INBOX has 1,204 mails"}})


class Browser:
    """Remembers what it was asked to open; `works` is whether there is one."""

    def __init__(self) -> None:
        self.pages: list[str] = []
        self.works = True

    def __call__(self, url: str) -> bool:
        self.pages.append(url)
        return self.works


@pytest.fixture
def opened():
    return Browser()


@pytest.fixture
def page(theme, asked, opened):
    made = ConnectPage(bridge=asked, theme=theme, open_url=opened)
    made.resize(900, 800)
    made.show()
    yield made
    made.close()
    shiboken6.delete(made)

"""Journeys of somebody who sees nothing and holds no mouse: every control has a name, and the
day's work is done by keys alone. What is read is what AT-SPI says on the bus."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.program import Program
from tests.support.window import Desktop, Window, at_desk, came_up, opened

pytestmark = [pytest.mark.servers, pytest.mark.xdist_group("window")]


@pytest.fixture
def program(desk: Desktop, tmp_path: Path) -> Iterator[Program]:
    with at_desk(desk, tmp_path) as made:
        yield made


def test_no_control_of_the_first_page_is_nameless(program: Program, desk: Desktop):
    """With the server settings unfolded, as for a provider that nobody knows."""
    with opened(program, desk) as window:
        window.wait_for_focus("Mail address of the shop")
        assert window.nameless() == []
        window.write("shop@nobody-knows-this.example")
        window.press("Return")
        window.wait_for("Incoming server")
        window.wait_for("Security")
        assert window.nameless() == []
        window.close()


def test_no_control_of_any_page_is_nameless(sample_shop: Program, desk: Desktop):
    """The desk with an issue, disputes, numbers, keys, and all settings with what unfolds there."""
    with opened(sample_shop, desk) as window:
        window.wait_for("Issues", role="table")
        window.wait_for("Reply", role="text")
        found = {"desk": window.nameless()}
        window.press("g", "c")
        window.wait_for("Decided", role="check box")
        found["disputes"] = window.nameless()
        window.press("Escape", "question")
        window.wait_for("These keys")
        found["keys"] = window.nameless()
        window.press("Escape")
        window.wait_until_gone("These keys")
        window.press("g", "f")
        window.wait_for("The last 90 days", role="combo box")
        window.wait_for_words("Of ")
        found["numbers"] = window.nameless()
        window.press("Escape")
        window.wait_until_gone("The last 90 days")
        window.press("ctrl+comma")
        window.wait_for("Mail that counts as history", role="text")
        found["settings"] = window.nameless()
        for way_in in ("Connect a shop", "Addresses: ", "Remove: "):
            window.tab_to(way_in)
            window.press("space")
        window.wait_for("Remove the account")
        found["settings, unfolded"] = window.nameless()
        window.press("Escape", "Escape")  # leaves the form of the addresses, and the shop's
        window.press("Escape")
        window.wait_until_gone("Mail that counts as history")
        window.close()
    assert not any(found.values()), found


def test_the_whole_job_by_keyboard_alone(program: Program, desk: Desktop, tmp_path: Path):
    """From the first page to the sample shop; the worst is in hand at once; read, a template
    chosen, sent, and the next one is there: not one click."""
    with opened(program, desk) as first:
        first.wait_for_focus("Mail address of the shop")
        first.tab_to("Look at the sample shop first")
        first.press("space")
        first.wait_for_words("The sample shop opens in a window of its own.")
        first.close()
    with came_up(desk) as window:
        window.wait_for("Reply", role="text")
        window.wait_for("Issues", role="table")
        window.press("r")
        window.wait_for_focus("Reply")
        window.tab_to("Template: ", back=True)
        window.press("space")
        window.wait_for_focus("Reply")
        window.wait(lambda: len(window.text("Reply")) > 100, what="the template is in")
        window.picture(tmp_path / "pictures" / "template.png")
        window.send_reply(filling="52.90")
        worst = title(window)
        window.press("Escape", "j")
        window.wait(lambda: title(window) not in ("", worst), what="the next issue is there")
        window.close()


def title(window: Window) -> str:
    """The subject of the issue that is shown; nothing while there is none."""
    shown = window.find("Subject: ")
    return shown.name if shown else ""

"""A newcomer's tasks in the sample shop, each by real keys and without having read anything: what
is pressed is what the window itself names. (Connecting is the first journey of test_window.)"""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from tests.support.program import Program
from tests.support.window import Desktop, Window, opened

pytestmark = [
    pytest.mark.servers,
    pytest.mark.xdist_group("window"),
    pytest.mark.timeout(900),
]


def title(window: Window) -> str:
    shown = window.find("Subject: ")
    return shown.name if shown else ""


def test_a_newcomers_tasks(sample_shop: Program, desk: Desktop, tmp_path: Path):
    """Find the worst, answer it, correct a mistake, snooze, find an old mail, put a newsletter
    away, add a template, see this week's numbers, take the data out: one after the other, in one
    sitting."""
    pictures = tmp_path / "pictures"
    with opened(sample_shop, desk) as window:
        worst = find_the_worst(window)
        desk.pop_ups.close_all()
        window.picture(pictures / "worst.png")
        answer_it(window)
        window.picture(pictures / "answered.png")
        correct_a_mistake(window)
        window.picture(pictures / "corrected.png")
        snooze(window)
        find_an_old_mail(window)
        window.picture(pictures / "found.png")
        put_away_what_is_no_issue(window)
        add_a_template(window)
        window.picture(pictures / "template.png")
        see_the_weeks_numbers(window)
        window.picture(pictures / "numbers.png")
        folder = take_the_data_out(window, tmp_path / "taken out")
        window.picture(pictures / "taken_out.png")
        window.close()
    assert (folder / "export.json").exists()
    own = [one["title"] for one in sample_shop.json("template", "list") if one["own"]]
    assert own == ["Where the mug is made"]
    end = time.monotonic() + 120  # the time to take the reply back may not be over yet
    while True:
        states = {f"Subject: {row['subject']}": row["state"] for row in sample_shop.inbox()}
        if states[worst] == "waiting" or time.monotonic() > end:
            break
        time.sleep(0.5)
    assert states[worst] == "waiting"
    assert "new" in states.values()


def find_the_worst(window: Window) -> str:
    """It stands on top and is open already, with why."""
    window.wait_for("Issues", role="table")
    window.wait_for("Unfold the reasons")
    window.wait_for("Reply", role="text")
    return title(window)


def answer_it(window: Window) -> None:
    """Reply, a template with Tab, send; what is missing is named, and filled in where it leads."""
    window.press("r")
    window.wait_for_focus("Reply")
    window.tab_to("Template: ", back=True)
    window.press("space")
    window.wait(lambda: len(window.text("Reply")) > 40, what="the template is in")
    window.send_reply(filling="https://ohlsenwiek.example/invoice")
    window.press("Escape")


def correct_a_mistake(window: Window) -> None:
    """The next issue is about something else: said by the button beside its reasons."""
    to_the_next(window)
    window.tab_to("Change what it is about")
    window.open_menu("space")
    window.press("Down", "Return")
    window.wait_for("Undo")
    window.press("Escape")


def snooze(window: Window) -> None:
    """S, and the first of the times that are offered."""
    to_the_next(window)
    window.open_menu("s")
    window.press("Return")
    window.wait_for_words("Snoozed")


def find_an_old_mail(window: Window) -> None:
    """A word that stood in it, typed where it says Search."""
    window.press("slash")
    window.wait_for_focus("Search")
    window.write("gudrun lenz")
    window.wait_for_words("Found for “gudrun lenz”")
    window.wait(lambda: "from Gudrun Lenz" in window.words(), what="it is found")
    window.press("Return")
    window.wait_for_words("Mail from Gudrun Lenz")
    window.press("Escape", "Escape")


def put_away_what_is_no_issue(window: Window) -> None:
    """By the menu that belongs to a row of the list."""
    window.press("g", "o")
    window.wait_for("Unfold the reasons")
    window.press("End")
    window.open_menu("Menu")
    window.press("Up", "Return")
    window.wait_for_words("Not an issue")
    window.wait_for("Undo")


def add_a_template(window: Window) -> None:
    """With the mouse: everything that can be done, reply templates, New, of what, words, Save."""
    window.desk.pop_ups.close_all()  # a reminder that is due just now would lie over the button
    window.click_first_of_menu("More: ")
    window.wait_for_focus("What do you want to do")
    window.write("reply templates")
    window.click("Reply templates", role="list item")
    window.wait_for("Templates by kind")
    window.click("New", role="push button")
    time.sleep(0.5)
    window.press("Down", "Return")
    window.wait(lambda: window.text("Title of the template") == "", what="a new one is there")
    window.click("Title of the template", role="text")
    window.write("Where the mug is made")
    window.click("Text of the template", role="text")
    window.write("Each of our mugs is thrown by hand in our own workshop.")
    window.click("Save", role="push button")
    window.wait_for_words("Saved. It is in use from now on.")
    window.press("Escape")
    window.wait(lambda: not window.find("Templates by kind"), what="the list is back")


def see_the_weeks_numbers(window: Window) -> None:
    """Numbers, and there the last seven days."""
    window.press("g", "f")
    window.wait_for("The last 90 days", role="combo box")
    window.tab_to("The last 90 days")
    window.press("Home")
    window.wait_for("The last 7 days", role="combo box")
    window.wait_for_words("To the first answer")
    window.press("Escape")


def take_the_data_out(window: Window, folder: Path) -> Path:
    """Settings, Your data, Export everything, a place."""
    folder.mkdir()
    window.press("ctrl+comma")
    window.tab_to("Pages of the settings")
    window.press("End")
    window.wait_for("Export everything")
    window.tab_to("Export everything", back=True)
    window.press("space")
    window.wait_for("Directory:")
    window.press("ctrl+a")
    window.write(f"{folder}/")
    window.press("Return")
    made = folder / "Frontburner export"
    window.wait((made / "export.json").exists, what="the export is there")
    window.wait_for_words("decisions are in")
    window.press("Escape")
    return made


def to_the_next(window: Window) -> None:
    before = title(window)
    window.press("j")
    window.wait(lambda: title(window) not in ("", before), what="another issue is shown")
    window.wait_for("Unfold the reasons")

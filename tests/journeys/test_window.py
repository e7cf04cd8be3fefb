"""The window as its owner has it: on a real desktop, with a real keyring, worked by hand."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from app.config.system import FileLock, lock_file
from app.domain.clock import SystemClock
from tests.support.correspondence import letters
from tests.support.dbus_session import locked_keyring, session_bus
from tests.support.dovecot import Mailbox
from tests.support.mails import a_mail
from tests.support.program import Program
from tests.support.smtp_server import SmtpServer
from tests.support.window import Desktop, Window, at_desk, came_up, look_of, opened

pytestmark = [pytest.mark.servers, pytest.mark.xdist_group("window")]

MAYA = "Mail from Maya Brandt"
PHOTOS = "Template: Sorry it broke: ask for photos"


def urgent(number: int = 1) -> bytes:
    """A mail that rings whoever wrote it and whatever else is in it: somebody was hurt."""
    return a_mail(
        "Hello,\n\nthe handle of the mug from order #1042 arrived cracked and broke off with hot "
        "tea in it. My daughter burned her hand on it.\n\nMaya Brandt\n",
        subject=f"The handle broke off {number}",
        from_="Maya Brandt <maya@brandt.example>",
        message_id=f"<urgent-{number}@brandt.example>",
        at=SystemClock().now(),
    )


def words_of(settings: Mapping[str, str]) -> list[str]:
    return [word for name, value in settings.items() for word in ("--set", f"{name}={value}")]


def held(path: Path) -> FileLock:
    """The lock of a profile, which a killed engine has just let go of."""
    lock = lock_file(path, wait=5)
    assert lock is not None, "a new engine was quicker"
    return lock


@pytest.fixture
def program(desk: Desktop, tmp_path: Path) -> Iterator[Program]:
    """On that desktop, with an open keyring, and with a home of its own."""
    with at_desk(desk, tmp_path) as made:
        yield made


@pytest.fixture
def at_home(program: Program, mailbox: Mailbox, smtp: SmtpServer) -> Program:
    """Its mailbox is connected by command, the password is kept under the keyring's key."""
    settings = words_of(mailbox.settings(**smtp.settings))
    program.do("account", "add", "imap", "Shop", *settings, said=f"{mailbox.password}\n")
    return program


def rung(window: Window) -> None:
    """Look for new mail now, and wait until a pop-up is on the screen."""
    window.press("F5")
    pops = window.desk.pop_ups
    window.wait(lambda: pops.displayed() == 1, what="a pop-up is on the screen")


def connect(window: Window, mailbox: Mailbox, smtp: SmtpServer) -> None:
    """Fill in the first page, with the keyboard alone and a wrong password at first."""
    settings = mailbox.settings(**smtp.settings)
    window.wait_for_focus("Mail address of the shop")
    window.write(settings["address"])
    window.press("Return")
    window.wait_for_focus("Password")
    window.write("wrong")
    window.fill("User name", settings["user"])
    window.fill("Incoming server", settings["host"])
    window.fill("Port", settings["port"])
    window.fill("Outgoing server", settings["smtp_host"])
    window.fill("Port for sending", settings["smtp_port"])
    window.fill("Certificate file", settings["ca_file"])
    window.press("Return")
    window.wait_for_words("refused the password for")
    window.wait_for_focus("Password")  # selected, so that typing replaces it
    window.write(mailbox.password)
    window.press("Return")


def test_from_the_first_page_to_a_sent_reply(
    program: Program, desk: Desktop, mailbox: Mailbox, smtp: SmtpServer, tmp_path: Path
):
    """Connected by typing; an urgent mail rings; a click on the pop-up opens it; a template is
    chosen, edited, sent, called back and sent again: the customer gets it once, in her thread."""
    mailbox.add(letters(6))
    program.do("settings", "undo_seconds=120")
    with opened(program, desk) as window:
        connect(window, mailbox, smtp)
        window.wait_for_words("INBOX 6 = 6 on server")
        window.wait_for("Issues", role="table")
        mailbox.add([urgent()])
        rung(window)
        window.wait_for_words("Damaged item, answer by")  # the banner says it too
        light = window.picture(tmp_path / "pictures" / "light.png")
        desk.pop_ups.click()
        window.wait_for(MAYA)

        window.press("r")
        window.wait_for_focus("Reply")
        window.tab_to(PHOTOS, back=True)
        window.press("space")
        window.wait(lambda: "two photos" in window.text("Reply"), what="the template is in")
        window.wait_for_focus("Reply")
        window.press("ctrl+End")
        window.write(" And is her hand better?")
        written = window.text("Reply")
        assert written.endswith(" And is her hand better?")
        window.press("ctrl+Return")
        window.wait_for("Sending in")
        window.wait_for_text("Reply", "")
        window.picture(tmp_path / "pictures" / "sending.png")
        window.tab_to("Undo")
        window.press("space")
        window.wait_for_text("Reply", written)
        window.wait_for_focus("Reply")
        window.wait_until_gone("Sending")
        assert smtp.received == []

        program.do("settings", "undo_seconds=1")
        window.press("ctrl+Return")
        (received,) = smtp.wait_for(1)
        dark = in_the_dark(window, tmp_path / "pictures" / "dark.png")
        window.close()
    assert received.mail["In-Reply-To"] == "<urgent-1@brandt.example>"
    assert received.mail["References"] == "<urgent-1@brandt.example>"
    assert received.recipients == ("maya@brandt.example",)
    said = received.mail.get_content()
    assert "two photos" in said
    assert "And is her hand better?" in said
    (row,) = [one for one in program.inbox() if one["customer"] == "maya@brandt.example"]
    program.wait(lambda: mailbox.files("Sent"), what="a copy lies in Sent")
    program.wait(
        lambda: (
            [one["state"] for one in program.json("show", row["key"])[0]["replies"]]
            == ["undone", "filed"]
        ),
        what="one reply was called back and the other is filed",
    )
    (issue,) = program.json("show", row["key"])
    assert (issue["state"], issue["draft"]) == ("waiting", None)
    assert len(smtp.received) == 1
    (_, brightness), (_, darkness) = not_blank(light), not_blank(dark)
    assert darkness < 0.3 < 0.7 < brightness


def in_the_dark(window: Window, path: Path) -> Path:
    """Choose the dark appearance in the menu, and take a picture."""
    window.press("Escape")
    window.tab_to("More")
    window.open_menu("space")
    window.press("Up", "Up", "Return")
    window.wait(lambda: look_of(window.picture(path))[1] < 0.3, what="the window is dark")
    return path


def not_blank(picture: Path) -> tuple[int, float]:
    colours, brightness = look_of(picture)
    assert colours > 200, f"{picture} is almost empty: {colours} colours"
    return colours, brightness


def test_a_click_on_a_pop_up_starts_a_window_where_none_is_open(
    at_home: Program, desk: Desktop, mailbox: Mailbox
):
    """The account was connected by command with its password under the keyring's key; the engine
    alone reads, rings, and a click brings up the window with that issue."""
    stored = [path for path in at_home.profile.rglob("*") if path.is_file()]
    assert stored
    assert not [path for path in stored if mailbox.password.encode() in path.read_bytes()]
    at_home.stop()  # the next engine has to open the stored password
    engine = at_home.start_engine("--stay")
    try:
        mailbox.add([*letters(3), urgent()])
        at_home.do("poll")
        at_home.wait(lambda: desk.pop_ups.displayed() == 1, what="a pop-up is on the screen")
        desk.pop_ups.click()
        with came_up(desk) as window:
            window.wait_for(MAYA)
            window.close()
    finally:
        at_home.stop()
        engine.wait(60)


def test_the_program_that_is_started_twice_has_one_window(
    at_home: Program, desk: Desktop, mailbox: Mailbox
):
    """The second start brings the first window up with the issue that it was given, and ends; the
    commands work beside it; a window that was killed keeps nobody out."""
    mailbox.add(letters(3))
    at_home.do("poll")
    last = at_home.inbox("open")[-1]
    with opened(at_home, desk) as window:
        window.wait_for("Issues", role="table")
        at_home.do(timeout=60)
        at_home.do("--open", last["key"], timeout=60)
        window.wait_for(f"Subject: {last['subject']}")
        assert at_home.inbox("open"), "a command works beside it"
        shown = desk.display.do("search", "--onlyvisible", "--name", "Frontburner").split()
        assert len(shown) == 1
        os.kill(window.pid, signal.SIGKILL)
        window.gone()
    with opened(at_home, desk) as window:
        window.wait_for("Issues", role="table")
        window.close()


def test_a_killed_engine_is_said_restarted_and_obeys(
    at_home: Program, desk: Desktop, mailbox: Mailbox
):
    """SIGKILL while the window is open: a banner says it, a new engine works, a key given
    afterwards is in the journal."""
    mailbox.add(letters(3))
    at_home.do("poll")
    first = at_home.inbox("open")[0]
    with opened(at_home, desk) as window:
        window.wait_for(f"Mail from {first['customer_name']}")
        mailbox.add([urgent()])
        rung(window)  # the window hears its engine
        desk.pop_ups.close_all()
        before = at_home.engine_pid()
        assert at_home.kill_engine()
        # one that is back within 0.8 s is never missed: it is kept from coming until it is
        with held(at_home.profile / "engine.lock"):
            window.wait_for_words("The engine stopped and is being started again")
        ours = (None, before, os.getpid())
        window.wait(lambda: at_home.engine_pid() not in ours, what="there is a new engine")
        window.wait(lambda: "The engine stopped" not in window.words(), what="the banner goes away")
        window.press("a")
        window.wait_for_words("Acknowledged")
        window.close()
    (issue,) = at_home.json("show", first["key"])
    assert issue["state"] == "acknowledged"
    assert [entry["type"] for entry in issue["journal"]] == ["acknowledge"]


def test_half_a_reply_is_there_again_after_closing_the_window(
    at_home: Program, desk: Desktop, mailbox: Mailbox
):
    """Closed in the middle of a word, with no pause to save in: the words are there again."""
    mailbox.add([urgent()])
    at_home.do("poll")
    half = "Dear Maya, we are sorry. Tomorrow we wi"
    with opened(at_home, desk) as window:
        begin_reply(window, at_home)
        window.write(half)
        window.close()
    (row,) = at_home.inbox()
    assert at_home.json("show", row["key"])[0]["draft"] == half
    with opened(at_home, desk) as window:
        window.wait_for(MAYA)
        window.wait_for_text("Reply", half)
        window.close()


def test_half_a_reply_is_kept_although_the_engine_is_busy(
    at_home: Program, desk: Desktop, mailbox: Mailbox
):
    """The engine answers nothing for two seconds while the window is closed: no word is lost."""
    mailbox.add([urgent()])
    at_home.do("poll")
    with opened(at_home, desk) as window:
        begin_reply(window, at_home)
        engine = at_home.engine_pid()
        assert engine is not None
        os.kill(engine, signal.SIGSTOP)
        try:
            window.write("Dear Maya,")
            time.sleep(1.2)  # a pause, in which the words so far are on their way
            window.write(" we are sorry")
            window.press("ctrl+q")
            time.sleep(2)
        finally:
            os.kill(engine, signal.SIGCONT)
        window.gone()
    (row,) = at_home.inbox()
    at_home.wait(
        lambda: at_home.json("show", row["key"])[0]["draft"] == "Dear Maya, we are sorry",
        what="every word is kept",
    )


def begin_reply(window: Window, program: Program) -> None:
    """With the keyboard in the reply to Maya, and an engine that has answered this window."""
    window.wait_for(MAYA)
    window.wait_for(PHOTOS)
    program.wait(lambda: program.engine_pid() is not None, what="the window has an engine")
    window.press("r")
    window.wait_for_focus("Reply")


def test_a_key_acts_on_the_issue_that_the_pop_up_opened(
    at_home: Program, desk: Desktop, mailbox: Mailbox
):
    """Another issue was selected when the pop-up was clicked: E is about what is shown now."""
    mailbox.add(letters(3))
    at_home.do("poll")
    with opened(at_home, desk) as window:
        window.wait_for("Mail from Customer")
        mailbox.add([urgent()])
        rung(window)
        desk.pop_ups.click()
        window.wait_for(MAYA)
        window.press("e")
        window.wait_for_words("Done: ")
        window.close()
    done = [row["subject"] for row in at_home.inbox() if row["state"] == "resolved"]
    assert done == ["The handle broke off 1"]


def test_words_being_written_stay_with_their_customer(
    at_home: Program, desk: Desktop, mailbox: Mailbox, smtp: SmtpServer
):
    """A sent issue leaves the list while somebody goes on writing to it: what is typed never
    turns up in another customer's reply."""
    mailbox.add(letters(3))
    at_home.do("poll")
    at_home.do("settings", "undo_seconds=3")
    first = at_home.inbox("open")[0]
    with opened(at_home, desk) as window:
        window.wait_for(f"Mail from {first['customer_name']}")
        window.press("r")
        window.wait_for_focus("Reply")
        window.write("The first answer.")
        window.press("ctrl+Return")
        window.wait_for_text("Reply", "")
        window.write("And what was forgotten ")
        smtp.wait_for(1)
        window.wait_for("Waiting, 1")
        window.write("comes after it.")
        window.close()
    drafts = {row["key"]: at_home.json("show", row["key"])[0]["draft"] for row in at_home.inbox()}
    assert drafts.pop(first["key"]) == "And what was forgotten comes after it."
    assert set(drafts.values()) == {None}


def test_a_second_engine_is_refused(program: Program):
    """Case 117: one sentence that names the other process, exit status 1; the first one goes on."""
    first = program.start_engine("--stay")
    try:
        program.wait(lambda: program.engine_pid() == first.pid, what="the engine runs")
        second = program.run("engine", timeout=120)
        assert second.returncode == 1
        (sentence,) = second.stderr.strip().splitlines()
        assert sentence.startswith("Another engine works on this profile")
        assert str(first.pid) in sentence
        assert first.poll() is None
        assert program.run("account", "list").returncode == 0
    finally:
        program.stop()
        assert first.wait(60) == 0


@pytest.mark.parametrize("is_there", [True, False], ids=["locked", "none"])
def test_a_locked_and_a_missing_keyring_are_told_apart(
    is_there: bool, mailbox: Mailbox, tmp_path: Path
):
    """Case 119: one line that says which of the two it is and what to do; nothing is stored."""
    with session_bus(tmp_path) as bus:
        home = {"HOME": str(tmp_path), "XDG_CONFIG_HOME": str(tmp_path / "config")}
        program = Program(profile=tmp_path / "profile", environment={**bus.env, **home})
        settings = words_of(mailbox.settings())
        command = ("account", "add", "imap", "Shop", *settings)
        try:
            if is_there:
                with locked_keyring(bus, tmp_path / "keyring"):
                    done = program.run(*command, said=f"{mailbox.password}\n", timeout=60)
            else:
                done = program.run(*command, said=f"{mailbox.password}\n", timeout=60)
            assert done.returncode == 1
            (sentence,) = done.stderr.strip().splitlines()
            if is_there:
                assert sentence.startswith("The keyring is locked")
                assert "Unlock it" in sentence
            else:
                assert sentence.startswith("There is no keyring on this machine")
                assert "--secret-command" in sentence
            assert program.json("account", "list") == []
        finally:
            program.stop()
        stored = [path for path in program.profile.rglob("*") if path.is_file()]
        assert not [path for path in stored if mailbox.password.encode() in path.read_bytes()]

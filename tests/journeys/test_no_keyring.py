"""A machine on whose bus no keyring is: the window says so, and a program of the owner's helps."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.correspondence import letters
from tests.support.dovecot import Mailbox
from tests.support.program import Program
from tests.support.smtp_server import SmtpServer
from tests.support.window import Desktop, Window, opened

pytestmark = [
    pytest.mark.servers,
    pytest.mark.xdist_group("window"),
    pytest.mark.timeout(900),
]

COMMAND = "Command that prints it"


def test_a_mailbox_is_connected_without_a_keyring(
    desk: Desktop, mailbox: Mailbox, smtp: SmtpServer, tmp_path: Path
):
    """Case 119: by keys alone; a command that fails is told, and no password lies anywhere."""
    mailbox.add(letters(6))
    told = tmp_path / "told"
    told.write_text(f"{mailbox.password}\n")
    home = {"HOME": str(tmp_path), "XDG_CONFIG_HOME": str(tmp_path / "config")}
    program = Program(profile=tmp_path / "profile", environment={**desk.environment, **home})
    try:
        with opened(program, desk) as window:
            fill_in(window, mailbox.settings(**smtp.settings), mailbox.password)
            window.wait_for_words("There is no keyring on this machine")
            window.wait_for_focus(COMMAND)
            window.write("cat /no/such/file")
            window.tab_to("Try the command")
            window.press("space")
            window.wait_for_words("cat gave no password")
            window.tab_to(COMMAND, back=True)
            window.fill(COMMAND, f"cat {told}")
            window.tab_to("Try the command")
            window.press("space")
            window.wait_for_words(f"The program tells {len(mailbox.password)} characters.")
            window.picture(tmp_path / "pictures" / "no_keyring.png")
            window.tab_to(COMMAND, back=True)
            window.press("Return")
            window.wait_for_words("INBOX 6 = 6 on server")
            window.close()
    finally:
        program.stop()
    stored = [path for path in program.profile.rglob("*") if path.is_file()]
    assert not [path for path in stored if mailbox.password.encode() in path.read_bytes()]


def fill_in(window: Window, settings: dict[str, str], password: str) -> None:
    """The first page, with the keyboard."""
    window.wait_for_focus("Mail address of the shop")
    window.write(settings["address"])
    window.press("Return")
    window.wait_for_focus("Password")
    window.write(password)
    for name, setting in (
        ("User name", "user"),
        ("Incoming server", "host"),
        ("Port", "port"),
        ("Outgoing server", "smtp_host"),
        ("Port for sending", "smtp_port"),
        ("Certificate file", "ca_file"),
    ):
        window.fill(name, settings[setting])
    window.press("Return")

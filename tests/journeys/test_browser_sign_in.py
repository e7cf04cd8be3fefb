"""An account that is signed in to in the browser, by the command line, with a real keyring."""

from __future__ import annotations

import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.dbus_session import session_bus, unlocked_keyring
from tests.support.dovecot import DovecotServer, Mailbox
from tests.support.oauth_server import CLIENT_SECRET, OAuthServer
from tests.support.processes import need
from tests.support.program import ROOT, Program

pytestmark = [pytest.mark.servers, pytest.mark.xdist_group("journeys")]


@pytest.fixture(scope="module")
def provider() -> Iterator[OAuthServer]:
    with OAuthServer(client_secret=CLIENT_SECRET) as running:
        yield running


@pytest.fixture(scope="module")
def token_mailbox(provider: OAuthServer) -> Iterator[Mailbox]:
    need("dovecot")
    with DovecotServer(introspection=provider.introspection) as server:
        yield server.user()


@pytest.fixture
def house(tmp_path: Path) -> Iterator[Program]:
    """The program on a desktop with a keyring."""
    with session_bus(tmp_path) as bus, unlocked_keyring(bus, tmp_path / "home"):
        made = Program(profile=tmp_path / "profile", environment=bus.env)
        yield made
        made.stop()


def in_the_browser(program: Program, provider: OAuthServer, *words: str, said: str = "") -> str:
    """Run a command that prints a page, open the page, and return all that it said."""
    child = subprocess.Popen(
        [sys.executable, "-m", "app", "--profile", str(program.profile), *words],
        cwd=ROOT,
        env=program._surroundings(),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    end = threading.Timer(400, child.kill)
    end.start()
    assert child.stdin is not None
    assert child.stdout is not None
    child.stdin.write(said)
    child.stdin.close()
    heard = []
    for line in child.stdout:
        heard.append(line)
        if line.startswith("http"):
            provider.consent(line.strip())
    child.stdout.close()
    assert child.wait(60) == 0, "".join(heard)
    end.cancel()
    return "".join(heard)


def test_from_nothing_to_mail_that_is_read_and_back_after_a_revoked_permission(
    house, provider, token_mailbox
):
    """Connect, read, lose the permission, be told once what to do, sign in again, read on."""
    token_mailbox.add([b"Message-ID: <a@b>\r\nFrom: ben@c.example\r\nSubject: x\r\n\r\nHi\r\n"])
    settings = {**token_mailbox.settings(), **provider.settings}
    words = [word for name, value in settings.items() for word in ("--set", f"{name}={value}")]
    said = in_the_browser(
        house, provider, "account", "add", "imap", "Shop", *words, "--client-secret",
        said=CLIENT_SECRET + "\n",
    )  # fmt: skip
    assert "Open this page" in said
    assert "INBOX holds 1 mail" in said
    assert house.json("poll")[0]["new"] == 1

    house.stop()
    provider.revoke()
    done = house.run("account", "test", "Shop")
    assert done.returncode == 1
    assert "asks you to sign in again" in done.stderr
    assert "account sign-in" in done.stderr

    assert "INBOX holds 1 mail" in in_the_browser(house, provider, "account", "sign-in", "Shop")
    assert house.run("account", "test", "Shop").returncode == 0
    house.stop()
    log = (house.profile / "engine.log").read_text()
    assert not [secret for secret in provider.secrets_given() if secret in log]

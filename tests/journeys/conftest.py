"""What journeys need: mail servers, a shop, a provider of payments, a desktop, the program."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.dovecot import DovecotServer, Mailbox
from tests.support.processes import need
from tests.support.program import Program
from tests.support.smtp_server import SmtpServer
from tests.support.stripe_server import StripeServer
from tests.support.window import Desktop, at_desk, desktop
from tests.support.woocommerce_server import WooCommerceServer


@pytest.fixture(scope="session")
def dovecot() -> Iterator[DovecotServer]:
    need("dovecot")
    with DovecotServer() as server:
        yield server


@pytest.fixture
def mailbox(dovecot: DovecotServer) -> Mailbox:
    return dovecot.user()


@pytest.fixture
def smtp(dovecot: DovecotServer, mailbox: Mailbox) -> Iterator[SmtpServer]:
    leaf = dovecot.authority.leaf(stem="smtp")
    with SmtpServer(leaf, users={mailbox.user: mailbox.password}) as server:
        yield server


@pytest.fixture
def woo(dovecot: DovecotServer) -> Iterator[WooCommerceServer]:
    with WooCommerceServer(dovecot.authority.leaf(stem="woo")) as shop:
        yield shop


@pytest.fixture
def stripe(dovecot: DovecotServer) -> Iterator[StripeServer]:
    with StripeServer(dovecot.authority.leaf(stem="stripe")) as provider:
        yield provider


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desktop]:
    """A desktop of this test's own."""
    with desktop(tmp_path) as made:
        yield made


@pytest.fixture
def sample_shop(desk: Desktop, tmp_path: Path) -> Iterator[Program]:
    """The sample shop with all its mail, on that desktop, and its engine stays."""
    with at_desk(desk, tmp_path) as made:
        engine = made.start_engine("--demo", "at-once", "--stay")
        made.wait(lambda: made.engine_pid() is not None, what="the sample shop opens")
        made.do("poll")
        yield made
    engine.wait(60)


@pytest.fixture
def program(tmp_path: Path) -> Iterator[Program]:
    made = Program(profile=tmp_path / "profile")
    yield made
    made.stop()


@pytest.fixture
def connected(program: Program, mailbox: Mailbox, smtp: SmtpServer) -> Program:
    """The program with the mailbox as its account, and no time to lose before a reply leaves."""
    settings = mailbox.settings(**smtp.settings)
    words = [word for name, value in settings.items() for word in ("--set", f"{name}={value}")]
    secret = ("--secret-command", f"printf %s {mailbox.password!r}")
    program.do("account", "add", "imap", "Shop", *words, *secret)
    program.do("settings", "undo_seconds=0", "shop_name=Mill & Moss", "agent_name=Jo")
    return program

"""Hostile and broken servers, cases 91 to 105 of the list of threats, each over real sockets.

The number in a test's name is the case's. Where a case has more forms, the others stand in
tests/integration/mail; here is the one that decides.
"""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator
from concurrent.futures import Future
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

from app.domain.account import Account, AccountType
from app.domain.clock import SystemClock
from app.domain.errors import CertificateRejected, KnownError, SignInRefused, Unreachable
from app.mail.access_tokens import AccessTokens
from app.mail.gateway import Gateway
from app.mail.imap import ImapSource
from app.mail.imap_server import ImapServer
from app.mail.limits import USUAL, Limits
from app.mail.oauth import Service, Tokens
from app.mail.oauth_sign_in import BrowserSignIn
from app.mail.push import Rhythm
from app.mail.smtp import SendDelayed, SendRefused, SendUnknown, SmtpMailer
from app.mail.stumbles import FALLS_OVER
from tests.support.certificates import Authority
from tests.support.imap_script import ANSWERS, CAPABLE, ScriptedServer, tls_context
from tests.support.mail_memory import Memory
from tests.support.mailbox_script import Box, Letter, MailboxServer
from tests.support.mails import a_mail
from tests.support.oauth_server import CLIENT_SECRET, OAuthServer
from tests.support.smtp_server import SmtpServer, Stage

pytestmark = [pytest.mark.servers, pytest.mark.timeout(300)]

SECRETS = (b"LOGIN", b"AUTHENTICATE")


@pytest.fixture
def authority(tmp_path: Path) -> Authority:
    return Authority(tmp_path / "ca")


def at(port: int, *, security: str = "starttls", ca: str = "") -> ImapServer:
    return ImapServer(host="localhost", port=port, security=security, user="shop", ca_file=ca)


def heard_secret(server: ScriptedServer | MailboxServer) -> bool:
    return any(word in line.upper() for line in server.heard for word in SECRETS)


@contextmanager
def scripted(server: ScriptedServer) -> Iterator[ScriptedServer]:
    try:
        yield server
    finally:
        server.close()


def box(count: int = 3, *, validity: int = 1, uid_next: int = 0) -> Box:
    letters = {
        uid: Letter(raw=a_mail(f"Mail {uid}.", message_id=f"<{uid}@example.org>"))
        for uid in range(1, count + 1)
    }
    return Box(letters=letters, validity=validity, uid_next=uid_next)


def a_round(server: MailboxServer, memory: Memory, limits: Limits = USUAL) -> Memory:
    source = ImapSource(server.account(folders="INBOX"), "secret", limits=limits)
    try:
        source.round(memory, memory.deliver, threading.Event())
    finally:
        source.close()
    return memory


def uids(memory: Memory) -> list[int]:
    return sorted(one.uid for one in memory.mails)


@pytest.mark.parametrize(
    "answer",
    [b"%s NO not today\r\n", b"%s BAD what\r\n", b"* BYE\r\n", b"", None],
    ids=["no", "bad", "bye", "gone", "not offered"],
)
def test_case_091_without_encryption_nothing_secret_is_said(answer):
    stripped = b"* CAPABILITY IMAP4rev1\r\n%s OK done\r\n"
    answers = {b"CAPABILITY": stripped} if answer is None else {b"STARTTLS": answer}
    greeting = b"* OK ready\r\n" if answer is None else CAPABLE
    with scripted(ScriptedServer(greeting, answers, None)) as server:
        with pytest.raises(KnownError):
            Gateway(at(server.port))
        assert not heard_secret(server)


@pytest.mark.parametrize("security", ["tls", "starttls"])
def test_case_092_a_server_that_lets_everybody_in_is_refused(authority, security):
    tls = tls_context(authority) if security == "tls" else None
    with scripted(ScriptedServer(b"* PREAUTH welcome\r\n", {}, tls)) as server:
        with pytest.raises(Unreachable, match="without a password"):
            Gateway(at(server.port, security=security, ca=str(authority.ca_file)))
        assert not heard_secret(server)


def upgrading(authority: Authority, *, before: bytes, with_yes: bytes) -> ScriptedServer:
    """A server that says `before` in the clear, and `with_yes` in one breath with its yes."""
    context = tls_context(authority)

    class Upgrading(ScriptedServer):
        def _talk(self, line: socket.socket) -> None:
            line.sendall(CAPABLE + before)
            for command in iter(lambda: line.recv(200), b""):
                tag = command.split(b" ")[0]
                if b"STARTTLS" in command:
                    line.sendall(before + tag + b" OK go\r\n" + with_yes)
                    break
                line.sendall(before + ANSWERS[b"CAPABILITY"].replace(b"%s", tag))
            with suppress(OSError), context.wrap_socket(line, server_side=True) as safe:
                for command in safe.makefile("rb"):
                    self.heard.append(command)
                    tag, _, rest = command.strip().partition(b" ")
                    opened = b"* 1 EXISTS\r\n* OK [UIDVALIDITY 1] x\r\n* OK [UIDNEXT 2] x\r\n"
                    said = {
                        b"LIST": b'* LIST () "/" "INBOX"\r\n',
                        b"CAPABILITY": b"* CAPABILITY IMAP4rev1\r\n",
                        b"SELECT": opened,
                        b"EXAMINE": opened,
                    }.get(rest.split(b" ")[0].upper(), b"")
                    safe.sendall(said + tag + b" OK done\r\n")

    return Upgrading(CAPABLE, {}, None)


def test_case_093_what_comes_in_one_breath_with_the_yes_to_encryption_is_not_taken(authority):
    forged = b'* LIST () "/" "Click me"\r\n* CAPABILITY IMAP4rev1 LOGINDISABLED\r\n'
    with scripted(upgrading(authority, before=b"", with_yes=forged)) as server:
        try:
            found = Gateway(at(server.port, ca=str(authority.ca_file)))
        except KnownError:
            return  # the forged words spoil the handshake: an error, and nothing was said
        found.sign_in("secret")
        assert found.list_folders() == ("INBOX",)
        found.close()


def test_case_094_what_was_told_before_encryption_is_forgotten(authority):
    forged = b'* LIST () "/" "Click me"\r\n* 99 EXISTS\r\n* 1 FETCH (UID 7 FLAGS ())\r\n'
    with scripted(upgrading(authority, before=forged, with_yes=b"")) as server:
        found = Gateway(at(server.port, ca=str(authority.ca_file)))
        found.sign_in("secret")
        assert found.list_folders() == ("INBOX",)
        assert found.select("INBOX").exists == 1
        found.close()


@pytest.mark.parametrize(
    "answer",
    [
        "%s NO [REFERRAL imap://localhost:{port}/] Try there\r\n",
        "%s OK [REFERRAL imap://shop@localhost:{port}/INBOX] go on there\r\n",
    ],
    ids=["no", "ok"],
)
def test_case_095_nobody_is_followed_to_another_server(authority, answer):
    tls = tls_context(authority)
    with socket.create_server(("localhost", 0)) as other:
        told = answer.format(port=other.getsockname()[1]).encode()
        with scripted(ScriptedServer(b"* OK ready\r\n", {b"LOGIN": told}, tls)) as server:
            found = Gateway(at(server.port, security="tls", ca=str(authority.ca_file)))
            with suppress(KnownError):
                found.sign_in("secret")
            found.close()
            assert heard_secret(server)
        other.setblocking(False)
        with pytest.raises(BlockingIOError):  # nobody waits at its door
            other.accept()


def test_case_096_words_of_a_server_are_plain_and_short_and_never_markup(authority):
    lure = (
        b"%s NO [ALERT] <a href='http://evil.example'>Click</a>\x1b[31m\xe2\x80\xae" + b"x" * 5_000
    )
    tls = tls_context(authority)
    with scripted(ScriptedServer(b"* OK ready\r\n", {b"LOGIN": lure + b"\r\n"}, tls)) as server:
        found = Gateway(at(server.port, security="tls", ca=str(authority.ca_file)))
        with pytest.raises(SignInRefused) as caught:
            found.sign_in("secret")
        found.close()
    assert len(caught.value.sentence) < 600
    assert "\x1b" not in caught.value.sentence
    assert "[ALERT]" not in caught.value.sentence


def test_case_097_a_certificate_that_proves_nothing_gets_nothing(authority, tmp_path):
    other = Authority(tmp_path / "other", name="Somebody else")
    faults = [
        (tls_context(authority, expired=True), "expired"),
        (tls_context(authority, "elsewhere.example"), "another name"),
        (tls_context(other), "does not know"),
    ]
    for context, why in faults:
        with scripted(ScriptedServer(b"* OK ready\r\n", {}, context)) as server:
            with pytest.raises(CertificateRejected, match=why):
                Gateway(at(server.port, security="tls", ca=str(authority.ca_file)))
            assert server.heard == []


def test_case_097_a_certificate_that_changed_overnight_stops_the_next_round(authority, tmp_path):
    with MailboxServer(authority, {"INBOX": box()}) as server:
        source = ImapSource(server.account(folders="INBOX"), "secret")
        memory = Memory()
        source.round(memory, memory.deliver, threading.Event())
        server.use_certificate_of(Authority(tmp_path / "new", name="New"))
        source.drop()
        heard = len(server.heard)
        with pytest.raises(CertificateRejected):
            source.round(memory, memory.deliver, threading.Event())
        assert len(server.heard) == heard
        source.close()


@pytest.mark.parametrize(
    "literal", [b"{4294967295}\r\nx", b"{99999999999}\r\n", b"{67108865}\r\nxx"]
)
def test_case_098_a_literal_larger_than_what_was_asked_for_is_not_waited_for(
    authority: Authority, literal: bytes
) -> None:
    answer: bytes = b"* 1 FETCH (UID 1 BODY[] " + literal

    def instead(tag: bytes, rest: bytes) -> bytes | None:
        return answer if b"BODY.PEEK[]" in rest else None

    with MailboxServer(authority, {"INBOX": box(1)}, instead=instead) as server:
        memory = a_round(server, Memory())
    assert memory.mails == []
    assert memory.skipped == {1: FALLS_OVER}  # it is in the books, with the reason


def test_case_098_a_line_without_an_end_is_left(authority):
    def instead(tag: bytes, rest: bytes) -> bytes | None:
        return b"* 1 FETCH (" + b"x" * 2_000_000 if b"RFC822.SIZE" in rest else None

    with (
        MailboxServer(authority, {"INBOX": box(1)}, instead=instead) as server,
        pytest.raises(Unreachable),
    ):
        a_round(server, Memory())


def test_case_098_a_server_that_drips_a_byte_at_a_time_is_left_after_its_time(authority):
    over = threading.Event()

    def instead(tag: bytes, rest: bytes) -> bytes | None:
        if b"RFC822.SIZE" in rest:
            over.wait(60)
        return None

    with MailboxServer(authority, {"INBOX": box(1)}, instead=instead) as server:
        with pytest.raises(Unreachable):
            a_round(server, Memory(), Limits(whole=0.5))
        over.set()


def test_case_099_what_was_not_asked_for_is_not_stored_and_a_shrinking_folder_is_believed(
    authority,
):
    """A FETCH of a stranger, an EXPUNGE in the middle, EXISTS that shrinks: then the next round."""
    strange = b"* 9 FETCH (UID 77 BODY[] {5}\r\nevil!)\r\n* 2 EXPUNGE\r\n* 1 EXISTS\r\n"

    def instead(tag: bytes, rest: bytes) -> bytes | None:
        if b"BODY.PEEK[]" in rest:
            own: bytes = server.usual(tag, rest, server.boxes["INBOX"])
            return strange + own
        return None

    with MailboxServer(authority, {"INBOX": box(3)}) as server:
        server.instead = instead
        memory = a_round(server, Memory())
        assert uids(memory) == [1, 2, 3]
        server.instead = None
        del server.boxes["INBOX"].letters[2]
        server.boxes["INBOX"].uid_next = 4
        a_round(server, memory)
    assert memory.gone == [2]
    assert uids(memory) == [1, 2, 3]


def test_case_100_another_validity_a_count_that_goes_back_and_gaps_lose_nothing(authority):
    with MailboxServer(authority, {"INBOX": box(3)}) as server:
        memory = a_round(server, Memory())
        inbox = server.boxes["INBOX"]
        inbox.letters[4_000_000_000] = Letter(raw=a_mail(message_id="<gap@x>"))  # a gap
        a_round(server, memory)
        assert uids(memory)[-1] == 4_000_000_000
        del inbox.letters[4_000_000_000]
        inbox.uid_next = 3  # it goes back, and lies about what is there
        inbox.letters[4] = Letter(raw=a_mail(message_id="<4@x>"))
        a_round(server, memory)
        inbox.uid_next = 0
        a_round(server, memory)
        assert 4 in uids(memory)
        server.boxes["INBOX"] = box(2, validity=99)
        a_round(server, memory)
    assert memory.known["INBOX", 99].keys() == {1, 2}


def test_case_101_an_idle_that_died_in_silence_is_noticed_and_a_round_made(authority):
    """No byte comes, as behind a router that forgot us: the next DONE is not answered."""

    def instead(tag: bytes, rest: bytes) -> bytes | None:
        return b"+ idling\r\n" if rest == b"IDLE" else None

    capabilities = b"IMAP4rev1 IDLE"
    with MailboxServer(
        authority, {"INBOX": box(1)}, capabilities=capabilities, instead=instead
    ) as server:
        rhythm = Rhythm(0.3, floor=0.1, answer=1.0)
        source = ImapSource(server.account(folders="INBOX"), "secret", rhythm=rhythm)
        memory = Memory()
        source.round(memory, memory.deliver, threading.Event())
        server.silent_to = b"DONE"
        began = time.monotonic()
        with pytest.raises(Unreachable):
            source.wait_for_news(pause=60.0, safety=60.0)
        assert time.monotonic() - began < 40
        assert rhythm.seconds < 0.3  # it comes by more often from now on
        server.silent_to = b""
        source.round(memory, memory.deliver, threading.Event())
        source.close()


@pytest.mark.parametrize("word", ["UNAVAILABLE", "OVERQUOTA", "THROTTLED", "INUSE", "LIMIT"])
def test_case_102_a_server_that_cannot_now_is_asked_again_later(authority, word):
    answer = f"%s NO [{word}] later\r\n".encode()
    tls = tls_context(authority)
    with scripted(ScriptedServer(b"* OK ready\r\n", {b"LOGIN": answer}, tls)) as server:
        found = Gateway(at(server.port, security="tls", ca=str(authority.ca_file)))
        with pytest.raises(Unreachable) as caught:
            found.sign_in("secret")
        found.close()
    assert caught.value.retry


def test_case_102_a_goodbye_in_the_middle_of_a_mail_costs_only_repetition(authority):
    fell = threading.Event()

    def instead(tag: bytes, rest: bytes) -> bytes | None:
        if b"BODY.PEEK[]" in rest and not fell.is_set():
            fell.set()
            return b"* 1 FETCH (UID 1 BODY[] {3}\r\nabc)\r\n* BYE going down\r\n"
        return None

    with MailboxServer(authority, {"INBOX": box(3)}, instead=instead) as server:
        memory = a_round(server, Memory())
    assert uids(memory) == [1, 2, 3]
    assert all(one.raw.startswith(b"From:") for one in memory.mails)


def test_case_102_a_refused_sign_in_that_works_the_next_time_brings_the_mail(authority):
    refusals = iter([b" NO [AUTHENTICATIONFAILED] no\r\n"])

    def instead(tag: bytes, rest: bytes) -> bytes | None:
        if rest.upper().startswith(b"LOGIN"):
            refusal = next(refusals, None)
            return tag + refusal if refusal else None
        return None

    with MailboxServer(authority, {"INBOX": box(1)}, instead=instead) as server:
        memory = Memory()
        with pytest.raises(SignInRefused):
            a_round(server, memory)
        assert uids(a_round(server, memory)) == [1]


@pytest.mark.parametrize(
    ("stage", "answer", "error"),
    [
        ("connect", "421 4.3.2 later", SendDelayed),
        ("mail", "450 4.2.1 later", SendDelayed),
        ("rcpt", "450 4.2.0 later", SendDelayed),
        ("data", "451 4.3.0 later", SendDelayed),
        ("commit", "452 4.3.1 later", SendDelayed),
        ("mail", "550 5.7.1 no", SendRefused),
        ("rcpt", "550 5.1.1 no", SendRefused),
        ("data", "554 5.6.0 no", SendRefused),
        ("commit", "554 5.6.0 no", SendRefused),
        ("commit", "", SendUnknown),
    ],
)
def test_case_103_what_became_of_a_mail_is_told_at_every_stage(authority, stage, answer, error):
    """An answer that is lost after the last dot is unknown: never sent again in silence."""
    place: Stage = stage
    with SmtpServer(authority.leaf(), users={"shop@example.com": "secret"}) as server:
        if answer:
            server.fail(place, answer)
        else:
            server.drop(place)
        settings = {
            **server.settings,
            "ca_file": str(authority.ca_file),
            "user": "shop@example.com",
            "address": "shop@example.com",
        }
        account = Account(id=1, name="Shop", type=AccountType.IMAP, settings=settings)
        with pytest.raises(error):
            SmtpMailer(account, "secret").send(
                b"Subject: x\r\n\r\nHi\r\n",
                sender="shop@example.com",
                recipients=("ben@example.org",),
                about_to_commit=lambda: None,
            )
        assert len(server.received) == (1 if error is SendUnknown else 0)


def test_case_104_only_the_browser_that_was_sent_can_answer_and_only_once():
    """A foreign process on the port, a wrong state, a code that comes again."""
    with OAuthServer(client_secret=CLIENT_SECRET, user="ada") as provider:
        settings = {"host": "mail.own.example", "user": "ada", **provider.settings}
        sign_in = BrowserSignIn(
            Service.of(settings), client_secret=CLIENT_SECRET, clock=SystemClock(), patience=20
        )
        base = f"http://127.0.0.1:{sign_in._loopback.port}/"
        for path in ("?state=guessed&code=stolen", "?code=stolen", "favicon.ico"):
            assert "not the answer" in provider.consent(base + path)
        tokens: Future[Tokens] = Future()
        waiter = threading.Thread(target=lambda: tokens.set_result(sign_in.wait()), daemon=True)
        waiter.start()
        provider.consent(sign_in.url)
        assert provider.user_of(tokens.result(60).access) == "ada"
        with pytest.raises(OSError, match="refused"):
            socket.create_connection(("127.0.0.1", sign_in._loopback.port), timeout=2)


class Drawer:
    """Where tokens lie."""

    def __init__(self, tokens: Tokens) -> None:
        self.kept = tokens.text

    def read(self) -> str:
        return self.kept

    def replace(self, before: str, after: str) -> bool:
        if before != self.kept:
            return False
        self.kept = after
        return True


def test_case_105_a_permission_taken_back_at_night_asks_a_person_once():
    with OAuthServer(client_secret=CLIENT_SECRET, user="ada") as provider:
        settings = {"host": "mail.own.example", "user": "ada", **provider.settings}
        service = Service.of(settings)
        sign_in = BrowserSignIn(
            service, client_secret=CLIENT_SECRET, clock=SystemClock(), patience=20
        )
        tokens: Future[Tokens] = Future()
        threading.Thread(target=lambda: tokens.set_result(sign_in.wait()), daemon=True).start()
        provider.consent(sign_in.url)
        access = AccessTokens(service, Drawer(tokens.result(60)), clock=SystemClock())
        first = access.token()
        provider.revoke()
        asked = provider.asked.total()
        for _ in range(3):
            with pytest.raises(SignInRefused) as caught:
                access.token(refused=first)
            assert not caught.value.retry
        assert provider.asked.total() - asked == 1

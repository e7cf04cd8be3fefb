"""Sealing, refusing, waiting: secrets with keyrings that misbehave on purpose."""

from __future__ import annotations

import base64
import shlex
import sys
import threading
import time
from typing import Any

import pytest
from keyring.backends.chainer import ChainerBackend
from keyring.backends.fail import Keyring as FailKeyring
from keyring.backends.null import Keyring as NullKeyring
from keyring.backends.SecretService import Keyring as SecretService
from keyring.errors import InitError, KeyringLocked, NoKeyringError

from app.config.secrets import SecretBox, refused, run_secret_command
from app.domain.errors import KnownError, SecretsLocked, SecretsMissing


class _Drawer:
    """A keyring in memory; it can be told to raise, to forget, or to take its time."""

    def __init__(self, *, error: Exception | None = None, forgets: bool = False) -> None:
        self.kept: dict[tuple[str, str], str] = {}
        self.error = error
        self.forgets = forgets
        self.gate = threading.Event()
        self.gate.set()
        self.threads: set[int] = set()

    def get_password(self, service: str, username: str) -> str | None:
        self._pause()
        return self.kept.get((service, username))

    def set_password(self, service: str, username: str, password: str) -> None:
        self._pause()
        if not self.forgets:
            self.kept[service, username] = password

    def _pause(self) -> None:
        self.threads.add(threading.get_ident())
        self.gate.wait(60)
        if self.error is not None:
            raise self.error


def _box(drawer: _Drawer, *, seconds: float = 60, person_seconds: float = 60) -> SecretBox:
    return SecretBox(
        "profile-1", keyring=lambda: drawer, seconds=seconds, person_seconds=person_seconds
    )


def test_what_was_sealed_opens_and_looks_different_each_time() -> None:
    box = _box(_Drawer())
    first, second = box.seal("geheim ✓"), box.seal("geheim ✓")
    assert first != second
    assert b"geheim" not in first
    assert box.open(first) == box.open(second) == "geheim ✓"


def test_the_key_has_32_bytes_and_lies_under_the_name_of_the_program() -> None:
    drawer = _Drawer()
    _box(drawer).seal("x")
    assert list(drawer.kept) == [("Frontburner", "profile-1")]
    assert len(base64.b64decode(drawer.kept["Frontburner", "profile-1"])) == 32


def test_another_key_or_a_changed_blob_is_said_as_such() -> None:
    blob = _box(_Drawer()).seal("x")
    other = _Drawer()
    _box(other).seal("y")
    for changed in (blob, blob[:-1] + bytes([blob[-1] ^ 1]), b"", b"fb1:", b"other form"):
        with pytest.raises(SecretsMissing, match="cannot be opened"):
            _box(other).open(changed)


def test_a_key_that_is_gone_is_never_replaced_by_opening() -> None:
    drawer = _Drawer()
    with pytest.raises(SecretsMissing, match="is gone"):
        _box(drawer).open(_box(_Drawer()).seal("x"))
    assert drawer.kept == {}


def test_a_key_that_is_taken_out_of_the_keyring_meanwhile_is_put_back_with_the_next_password() -> (
    None
):
    """Else all that is stored could not be opened after the next start."""
    drawer = _Drawer()
    box = _box(drawer)
    first = box.seal("first")
    drawer.kept.clear()
    assert box.open(first) == "first", "what runs goes on"
    second = box.seal("second")
    later = _box(drawer)
    assert (later.open(first), later.open(second)) == ("first", "second")


def test_a_keyring_that_is_locked_meanwhile_keeps_no_password_from_being_stored() -> None:
    drawer = _Drawer()
    box = _box(drawer)
    first = box.seal("first")
    drawer.error = KeyringLocked("locked")
    second = box.seal("second")
    drawer.error = None
    assert (_box(drawer).open(first), _box(drawer).open(second)) == ("first", "second")


def test_a_token_that_is_renewed_by_itself_asks_no_keyring() -> None:
    """It may ask its owner for a password, who is not there."""
    drawer = _Drawer()
    box = _box(drawer)
    box.seal("first")
    drawer.kept.clear()
    assert box.open(box.seal("renewed", by_person=False)) == "renewed"
    assert drawer.kept == {}


@pytest.mark.parametrize(
    ("error", "kind"),
    [
        (KeyringLocked("Failed to unlock the collection!"), SecretsLocked),
        (InitError("Failed to create the collection: Prompt dismissed.."), SecretsLocked),
        (NoKeyringError("No recommended backend was available"), SecretsMissing),
        (ConnectionResetError("bus gone"), SecretsLocked),
    ],
)
def test_locked_and_missing_are_told_apart(error: Exception, kind: type[KnownError]) -> None:
    with pytest.raises(kind):
        _box(_Drawer(error=error)).seal("hunter2")


def test_a_keyring_that_forgets_is_found_out_before_anything_is_lost() -> None:
    with pytest.raises(SecretsMissing, match="does not keep"):
        _box(_Drawer(forgets=True)).seal("x")


def test_a_keyring_that_asks_its_owner_costs_a_deadline_and_is_used_once_it_opens() -> None:
    drawer = _Drawer()
    drawer.gate.clear()
    box = _box(drawer, person_seconds=0.1)
    began = time.monotonic()
    with pytest.raises(SecretsLocked, match="does not answer") as refused:
        box.seal("x")
    assert time.monotonic() - began < 30  # of sixty
    assert "then try again" in refused.value.hint  # nobody tries again by itself what was typed
    drawer.gate.set()
    later = _box(drawer)
    assert later.open(later.seal("x")) == "x"


def test_a_person_who_stores_a_password_has_longer_than_the_engine_waits_for_one() -> None:
    """A new keyring asks its owner to think of a password; that takes more than twenty seconds."""
    drawer = _Drawer()
    blob = _box(drawer).seal("x")
    drawer.gate.clear()
    with pytest.raises(SecretsLocked, match="does not answer") as refused:
        _box(drawer, seconds=0.1).open(blob)
    assert "tries again by itself" in refused.value.hint
    threading.Timer(0.5, drawer.gate.set).start()
    assert _box(drawer, seconds=0.1).seal("y")


def test_every_call_to_a_keyring_comes_from_one_thread() -> None:
    drawer = _Drawer()
    threads = [threading.Thread(target=lambda: _box(drawer).seal("x")) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(drawer.threads) == 1
    assert threading.get_ident() not in drawer.threads


def test_keyrings_that_forget_or_write_in_the_clear_are_refused_by_class() -> None:
    kinds: tuple[Any, ...] = (FailKeyring, NullKeyring, SecretService)
    fail, null, service = (kind() for kind in kinds)
    plain = type("PlaintextKeyring", (), {"__module__": "keyrings.alt.file"})()
    assert [refused(one) for one in (fail, null, plain, service)] == [True, True, True, False]
    for links, verdict in (([], True), ([service, plain], True), ([service], False)):
        kind = type("Chain", (ChainerBackend,), {"backends": links, "__module__": CHAINER})
        assert refused(kind()) is verdict


CHAINER = ChainerBackend.__module__


def _python(code: str) -> str:
    return f"{shlex.quote(sys.executable)} -c {shlex.quote(code)}"


def test_the_first_line_of_a_command_is_the_secret() -> None:
    assert run_secret_command(_python("print('pass wörd '); print('user: ana')")) == "pass wörd "


def test_no_shell_reads_the_command() -> None:
    assert run_secret_command("echo $HOME; echo x") == "$HOME; echo x"


@pytest.mark.parametrize(
    ("command", "sentence"),
    [
        (_python("print('hunter2'); raise SystemExit(3)"), "ended with status 3"),
        (_python("import sys; sys.stderr.write('hunter2')"), "empty or not text"),
        (_python("import sys; sys.stdout.buffer.write(b'\\xff hunter2')"), "empty or not text"),
        ("/no/such/program hunter2", "cannot be started"),
        ("pass 'hunter2", "a quote in it is not closed"),
        ("", "empty"),
    ],
)
def test_a_command_that_fails_is_said_without_its_words(command: str, sentence: str) -> None:
    with pytest.raises(KnownError, match=sentence) as caught:
        run_secret_command(command)
    assert "hunter2" not in caught.value.sentence
    assert "hunter2" not in repr(caught.value.__cause__)


@pytest.mark.parametrize(
    "code",
    [
        "import time; print('x', flush=True); time.sleep(60)",
        "import os, time; os.fork() or time.sleep(60)",  # the child keeps the pipe open
    ],
)
def test_a_command_that_does_not_end_is_ended_with_its_children(code: str) -> None:
    began = time.monotonic()
    with pytest.raises(KnownError, match=r"did not finish within 0\.6 s"):
        run_secret_command(_python(code), seconds=0.6)
    assert time.monotonic() - began < 30  # of sixty


def test_a_command_that_never_stops_talking_is_bounded() -> None:
    with pytest.raises(KnownError, match="gave no password"):
        run_secret_command("yes hunter2", seconds=2)


@pytest.mark.parametrize("kept", ["", "no base64 at all!", "YWJj", "Ã¤"])
def test_a_damaged_key_is_a_missing_one_and_a_new_password_makes_another(kept: str) -> None:
    """It opens nothing any more; only who never meets a fault of ours can sign in again."""
    drawer = _Drawer()
    blob = _box(drawer).seal("secret")
    drawer.kept = dict.fromkeys(drawer.kept, kept)
    with pytest.raises(SecretsMissing, match="is gone"):
        _box(drawer).open(blob)
    box = _box(drawer)
    assert box.open(box.seal("new")) == "new"

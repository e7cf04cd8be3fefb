"""Secrets with a real keyring: open, locked, none, and none of ours."""

from __future__ import annotations

import contextlib
import gc
import threading
from collections.abc import Iterator
from pathlib import Path

import keyring.core
import pytest
from keyring import backend

from app.config.secrets import SERVICE, SecretBox
from app.domain.errors import SecretsLocked, SecretsMissing
from tests.support.dbus_session import Bus, locked_keyring, session_bus, unlocked_keyring

pytestmark = [
    pytest.mark.servers,
    # keyring leaves its connection open when it finds the collection locked
    pytest.mark.filterwarnings("ignore::ResourceWarning"),
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
]


@pytest.fixture
def bus(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Bus]:
    """A fresh bus, and a keyring library that has not looked at any other yet."""
    with session_bus(tmp_path) as bus:
        monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", bus.address)
        monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
        monkeypatch.setenv("DISPLAY", "")
        monkeypatch.delenv("PYTHON_KEYRING_BACKEND", raising=False)
        _forget()
        yield bus
    _forget()
    gc.collect()


def _forget() -> None:
    with contextlib.suppress(KeyError):
        backend.get_all_keyring.reset()
    keyring.core._keyring_backend = None


def test_a_secret_comes_back_in_another_process_of_ours(bus: Bus, tmp_path: Path) -> None:
    """Another SecretBox has nothing but the blob and the keyring."""
    with unlocked_keyring(bus, tmp_path / "home"):
        blob = SecretBox("profile-1").seal("päss wörd")
        assert SecretBox("profile-1").open(blob) == "päss wörd"
        assert "SecretService" in SecretBox("profile-1").check()


def test_the_keyring_holds_one_key_and_never_the_password(bus: Bus, tmp_path: Path) -> None:
    with unlocked_keyring(bus, tmp_path / "home"):
        box = SecretBox("profile-1")
        blobs = [box.seal("first"), box.seal("second")]
        kept = keyring.core.get_password(SERVICE, "profile-1")
    assert kept is not None
    assert len(kept) == 44
    assert not any(b"first" in blob or b"second" in blob for blob in blobs)


def test_a_locked_keyring_is_told_from_a_missing_one(bus: Bus, tmp_path: Path) -> None:
    """Case 119: and no word of the secret is in the sentence."""
    with locked_keyring(bus, tmp_path / "home"):
        with pytest.raises(SecretsLocked) as caught:
            SecretBox("profile-1").seal("secret")
        assert "secret" not in caught.value.sentence
        with pytest.raises(SecretsLocked):
            SecretBox("profile-1").open(b"fb1:" + bytes(40))
        with pytest.raises(SecretsLocked):
            SecretBox("profile-1").check()


def test_no_keyring_is_said_and_nothing_is_kept(bus: Bus) -> None:
    """Case 119: there is no way back to plain text; the hint names the owner's own command."""
    with pytest.raises(SecretsMissing) as caught:
        SecretBox("profile-1").seal("secret")
    assert "--secret-command" in caught.value.hint


def test_a_keyring_that_starts_later_is_found_without_a_restart(bus: Bus, tmp_path: Path) -> None:
    box = SecretBox("profile-1")
    with pytest.raises(SecretsMissing):
        box.seal("secret")
    with unlocked_keyring(bus, tmp_path / "home"):
        assert box.open(box.seal("secret")) == "secret"


def test_no_session_bus_at_all_is_a_missing_keyring(
    bus: Bus, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Case 119: D-Bus itself is dead."""
    monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nowhere/bus")
    with pytest.raises(SecretsMissing):
        SecretBox("profile-1").seal("secret")


def test_a_keyring_that_forgets_is_refused(bus: Bus, monkeypatch: pytest.MonkeyPatch) -> None:
    """keyring.backends.null answers every question with None and keeps nothing."""
    monkeypatch.setenv("PYTHON_KEYRING_BACKEND", "keyring.backends.null.Keyring")
    with pytest.raises(SecretsMissing):
        SecretBox("profile-1").seal("secret")


def test_a_keyring_that_does_not_exist_is_a_missing_one(
    bus: Bus, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PYTHON_KEYRING_BACKEND", "no.such.Keyring")
    with pytest.raises(SecretsMissing):
        SecretBox("profile-1").seal("secret")


def test_many_threads_at_once_get_their_secrets(bus: Bus, tmp_path: Path) -> None:
    """The library fails now and then when two threads ask; ours asks from one."""
    opened: list[str] = []
    with unlocked_keyring(bus, tmp_path / "home"):
        blob = SecretBox("profile-1").seal("secret")
        threads = [
            threading.Thread(target=lambda: opened.append(SecretBox("profile-1").open(blob)))
            for _ in range(12)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert opened == ["secret"] * 12

"""Secrets: one random key in the system's keyring, and what it locks.

Passwords and tokens are sealed with that key and kept in the profile's database; in the keyring
lies nothing else, because some keyrings hold 1,280 characters at most. Every call to the keyring
happens in one thread with a deadline: two at once fail now and then, and a locked keyring may ask
its owner and wait for minutes.
"""

from __future__ import annotations

import base64
import contextlib
import os
import queue
import threading
from collections.abc import Callable
from concurrent.futures import Future
from concurrent.futures import TimeoutError as StillWaiting
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

from app.config.processes import ask_program
from app.domain.errors import KnownError, SecretsLocked, SecretsMissing
from app.domain.translation import to_translate, tr

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

T = TypeVar("T")

SERVICE = "Frontburner"
KEYRING_SECONDS = 20.0
# Whoever gives us a password sits there and may have to think of one for a new keyring first.
PERSON_SECONDS = 180.0
COMMAND_SECONDS = 10.0

_KEY_BYTES = 32
_NONCE_BYTES = 12  # NIST SP 800-38D 8.2.2: 96 random bits
_FORM = b"fb1:"  # AES-256-GCM, nonce first
_LONGEST_SECRET = 64 * 1024
_REFUSED_BACKENDS = ("keyring.backends.fail", "keyring.backends.null", "keyrings.alt")

_USE_COMMAND = to_translate("Or connect the account with --secret-command, which needs no keyring.")


class Keyring(Protocol):
    """What is asked of a keyring; the library's backends have this form."""

    def get_password(self, service: str, username: str) -> str | None:
        """The text kept under these names, or None."""

    def set_password(self, service: str, username: str, password: str) -> None:
        """Keep the text under these names."""


class SecretBox:
    """Seals and opens secrets with the key that the keyring holds for one profile."""

    def __init__(
        self,
        profile_id: str,
        *,
        keyring: Callable[[], Keyring] | None = None,
        seconds: float = KEYRING_SECONDS,
        person_seconds: float = PERSON_SECONDS,
    ) -> None:
        """Nothing is asked of the keyring yet. `seconds` is how long each answer may take,
        `person_seconds` where a person has just given us something to lock."""
        self._profile_id = profile_id
        self._keyring = keyring or system_keyring
        self._seconds = seconds
        self._person_seconds = person_seconds
        self._key: bytes | None = None

    def seal(self, text: str, *, by_person: bool = True) -> bytes:
        """The secret, locked; the first one makes the key.

        `by_person`: somebody has just given it and may be asked by the keyring, which is looked
        into: a key that was taken out of it while we run is put back, or all that is stored could
        not be opened after the next start. Raises SecretsLocked or SecretsMissing.
        """
        nonce, key = os.urandom(_NONCE_BYTES), self._key
        if key is None:
            key = self._found_or_made()
        elif by_person:
            self._put_back(key)
        return _FORM + nonce + _cipher(key).encrypt(nonce, text.encode(), _FORM)

    def open(self, blob: bytes) -> str:
        """The secret that `seal` locked.

        Raises SecretsLocked; SecretsMissing also when the key is gone or is another one.
        """
        key = self._found()
        if key is None:
            raise SecretsMissing(
                tr("The key to the stored passwords is gone"),
                tr("It was removed from the keyring, or the profile came from another computer."),
                tr("Sign in again for each account."),
            )
        from cryptography.exceptions import InvalidTag

        start = len(_FORM)
        nonce, locked = blob[start : start + _NONCE_BYTES], blob[start + _NONCE_BYTES :]
        try:
            if not blob.startswith(_FORM):
                raise InvalidTag
            return _cipher(key).decrypt(nonce, locked, _FORM).decode()
        except (InvalidTag, ValueError):
            raise SecretsMissing(
                tr("A stored password cannot be opened"),
                tr("The key in the keyring is not the one that it was locked with."),
                tr("Sign in again for this account."),
            ) from None

    def check(self, *, for_person: bool = False) -> str:
        """Ask the keyring for the key and return the keyring's name, for a report.

        `for_person`: somebody is about to give us something to lock, and may have to unlock it
        first. Raises SecretsLocked or SecretsMissing; that there is no key yet is fine.
        """

        def name() -> str:
            self._find()
            kind = type(_asked(self._keyring))
            return f"{kind.__module__}.{kind.__qualname__}"

        seconds = self._person_seconds if for_person else self._seconds
        return _THREAD.ask(name, seconds=seconds)

    def _found(self) -> bytes | None:
        if self._key is None:
            self._key = _THREAD.ask(self._find, seconds=self._seconds)
        return self._key

    def _found_or_made(self) -> bytes:
        if self._key is None:
            hint = tr("Unlock it, then try again.")
            self._key = _THREAD.ask(self._find_or_make, seconds=self._person_seconds, hint=hint)
        return self._key

    def _put_back(self, key: bytes) -> None:
        """Where the keyring says that it has no key; one that says nothing keeps nobody waiting."""

        def put() -> None:
            if self._find() is None:
                self._keep(key)

        with contextlib.suppress(SecretsLocked):
            _THREAD.ask(put, seconds=self._seconds)

    def _find(self) -> bytes | None:
        kept = _asked(lambda: self._keyring().get_password(SERVICE, self._profile_id))
        try:
            key = base64.b64decode(kept or "", validate=True)
        except ValueError:
            return None
        return key if len(key) == _KEY_BYTES else None  # a damaged one opens nothing

    def _find_or_make(self) -> bytes:
        return self._find() or self._keep(os.urandom(_KEY_BYTES))

    def _keep(self, key: bytes) -> bytes:
        text = base64.b64encode(key).decode()
        _asked(lambda: self._keyring().set_password(SERVICE, self._profile_id, text))
        if self._find() != key:  # a keyring that forgets would cost every password later
            raise SecretsMissing(
                tr("The keyring does not keep what it is given"),
                tr("A password stored with it would be lost."),
                tr("Set up the system's keyring. {use_command}", use_command=tr(_USE_COMMAND)),
            )
        return key


def system_keyring() -> Keyring:
    """The keyring of this desktop, chosen anew while there is none.

    Raises SecretsMissing if there is none, or only one that forgets or writes in the clear.
    """
    from keyring import backend, core

    try:
        found = core.get_keyring()
        if refused(found):
            with contextlib.suppress(KeyError):  # it has not looked yet
                backend.get_all_keyring.reset()  # it looks once only; a desktop may start later
            core.init_backend()
            found = core.get_keyring()
    except Exception as error:  # a backend named in its settings may fail anyhow
        raise _missing() from error
    if refused(found):
        raise _missing()
    return found


def refused(keyring: object) -> bool:
    """Whether a keyring forgets, fails, or writes in the clear; told by its class."""
    kind = type(keyring)
    if kind.__module__.startswith(_REFUSED_BACKENDS):
        return True
    if kind.__module__.startswith("keyring.backends.chainer"):
        links = list(getattr(keyring, "backends", ()))
        return not links or any(refused(link) for link in links)
    return False


def run_secret_command(command: str, *, seconds: float = COMMAND_SECONDS) -> str:
    """The first line that a command of the owner prints: a password that is kept elsewhere.

    No shell reads the command on POSIX. Errors name the program only: neither what it printed nor
    its arguments, either may hold the secret.
    """
    answer = ask_program(command, seconds=seconds, most=_LONGEST_SECRET)
    name = answer.program or tr("The secret command")
    hint = tr("Run the command in a terminal to see what is wrong.")
    if answer.failure:
        raise KnownError(tr("{name} gave no password", name=name), answer.failure, hint)
    try:
        secret = answer.output.decode().split("\n", 1)[0].rstrip("\r")
    except UnicodeDecodeError:
        secret = ""
    if not secret:
        raise KnownError(
            tr("{name} gave no password", name=name),
            tr("Its first line is empty or not text."),
            hint,
        )
    return secret


# --- One thread for the keyring ---------------------------------------------------------------


class _KeyringThread:
    """The one thread in which keyrings are asked; it starts with the first question."""

    def __init__(self) -> None:
        self._questions: queue.SimpleQueue[tuple[Callable[[], Any], Future[Any]]] = (
            queue.SimpleQueue()
        )
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None

    def ask(self, question: Callable[[], T], *, seconds: float, hint: str = "") -> T:
        """What the question answers; SecretsLocked if the keyring takes longer."""
        answer: Future[T] = Future()
        self._started()
        self._questions.put((question, answer))
        try:
            return answer.result(seconds)
        except StillWaiting:
            answer.cancel()
            raise SecretsLocked(
                tr("The keyring does not answer"),
                tr("It may be asking you to unlock it."),
                hint or tr("Unlock it; Frontburner tries again by itself."),
            ) from None

    def _started(self) -> None:
        with self._lock:
            if self._thread is None:
                self._thread = threading.Thread(target=self._answer, name="keyring", daemon=True)
                self._thread.start()

    def _answer(self) -> None:
        while True:
            question, answer = self._questions.get()
            if not answer.set_running_or_notify_cancel():
                continue
            try:
                answer.set_result(question())
            except BaseException as error:  # noqa: BLE001 - belongs to whoever asked
                answer.set_exception(error)
            del question, answer


_THREAD = _KeyringThread()


def _asked(call: Callable[[], T]) -> T:
    """Make the call, and turn whatever a keyring raises into our two answers."""
    from keyring.errors import KeyringError, NoKeyringError

    try:
        return call()
    except KnownError:
        raise
    except NoKeyringError as error:
        raise _missing() from error
    except KeyringError as error:
        raise _locked() from error
    except Exception as error:  # each backend brings the errors of its own library
        raise _locked() from error


def _missing() -> SecretsMissing:
    return SecretsMissing(
        tr("There is no keyring on this machine"),
        tr("Passwords are kept in the system's keyring only, never in the clear."),
        tr(
            "Install and unlock one (on Linux gnome-keyring or KWallet). {use_command}",
            use_command=tr(_USE_COMMAND),
        ),
    )


def _locked() -> SecretsLocked:
    return SecretsLocked(
        tr("The keyring is locked"),
        tr("Stored passwords cannot be read until it is open."),
        tr("Unlock it (on Linux: Passwords and Keys, or sign in to the desktop again)."),
    )


def _cipher(key: bytes) -> AESGCM:
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    return AESGCM(key)

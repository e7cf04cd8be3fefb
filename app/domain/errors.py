"""What can go wrong, said in the words of the person who has to mend it.

    FrontburnerError            anything that Frontburner raises on purpose
    └── KnownError              the world: title, message and hint are shown as they are
        ├── Refused             a verb that may not be done as asked
        ├── NotFound            a key, an account or a template that does not exist
        ├── FolderUnread        a folder that could not be read; the others of its account were
        ├── Unreachable         a server that does not answer; trying again may help
        │   └── Busy            a server that asks to come back later; not before a minute
        ├── SignInRefused       a server that does not accept who we are; a person must act
        ├── CertificateRejected a server that cannot prove who it is
        ├── SecretsLocked       the keyring is there and closed
        ├── SecretsMissing      there is no keyring on this machine
        ├── ProfileInUse        another engine works on this profile
        ├── ProfileTooNew       the profile was written by a newer Frontburner
        ├── Unwritable          the profile cannot be used just now; it passes without a restart
        │   └── DiskFull        nothing more can be written
        ├── Damaged             the profile's database cannot be read as a whole any more
        └── EngineLost          the engine went away while it was asked

Everything else is a bug: it is logged whole and shown once.
"""

from __future__ import annotations

from typing import Any

from app.domain.translation import to_translate

# Said where something stands or is left out because of what is our own fault.
OUR_MISTAKE = to_translate("Frontburner made a mistake; the details are in the log")


class FrontburnerError(Exception):
    """Anything that Frontburner raises on purpose."""


class KnownError(FrontburnerError):
    """A fact about the world that the owner can do something about.

    `title` says what happened in a few words, `message` what it means, `hint` what to do next.
    """

    retry = False

    def __init__(self, title: str, message: str = "", hint: str = "") -> None:
        super().__init__(title, message, hint)
        self.title = title
        self.message = message
        self.hint = hint

    def __str__(self) -> str:
        return self.sentence

    @property
    def sentence(self) -> str:
        """The whole error as one line, for a terminal or a status line."""
        parts = (_closed(part) for part in (self.title, self.message, self.hint) if part)
        return " ".join(" ".join(parts).split())

    def as_dict(self) -> dict[str, Any]:
        """The error as it travels from the engine to a desk."""
        return {
            "error": type(self).__name__,
            "title": self.title,
            "message": self.message,
            "hint": self.hint,
        }


class Refused(KnownError):
    """A verb that may not be done as asked; `holes` names each thing in the way.

    `asks`: it is done all the same if a person insists.
    """

    def __init__(
        self,
        title: str,
        message: str = "",
        hint: str = "",
        *,
        holes: tuple[str, ...] = (),
        asks: bool = False,
    ) -> None:
        super().__init__(title, message, hint)
        self.holes = holes
        self.asks = asks

    def as_dict(self) -> dict[str, Any]:
        """The error as it travels, with its holes."""
        return {**super().as_dict(), "holes": list(self.holes), "asks": self.asks}


class NotFound(KnownError):
    """A key, an account or a template that does not exist."""


class FolderUnread(KnownError):
    """A folder of a mailbox that could not be read, while its others were and are watched on."""

    def __init__(
        self, title: str, message: str = "", hint: str = "", *, retry: bool = False
    ) -> None:
        """`retry`: it passes by itself, as far as the server says."""
        super().__init__(title, message, hint)
        self.retry = retry


class Unreachable(KnownError):
    """A server that does not answer; trying again may help."""

    retry = True


class Busy(Unreachable):
    """A server that asks to come back later; not before `seconds` (a minute: RFC 5530)."""

    seconds = 60.0


class SignInRefused(KnownError):
    """A server that does not accept who we are; a person must act."""


class CertificateRejected(KnownError):
    """A server that cannot prove who it is."""


class SecretsLocked(KnownError):
    """The keyring is there and closed."""


class SecretsMissing(KnownError):
    """There is no keyring on this machine."""


class ProfileInUse(KnownError):
    """Another engine works on this profile."""


class ProfileTooNew(KnownError):
    """The profile was written by a newer Frontburner."""


class Unwritable(KnownError):
    """The profile cannot be read or written just now; once it can, all goes on by itself."""

    retry = True


class DiskFull(Unwritable):
    """Nothing more can be written."""


class Damaged(KnownError):
    """The profile's database cannot be read as a whole any more; a copy can take its place."""


class EngineLost(KnownError):
    """The engine went away while it was asked."""

    retry = True


_FAMILY: dict[str, type[KnownError]] = {
    kind.__name__: kind
    for kind in (
        KnownError,
        NotFound,
        FolderUnread,
        Unreachable,
        Busy,
        SignInRefused,
        CertificateRejected,
        SecretsLocked,
        SecretsMissing,
        ProfileInUse,
        ProfileTooNew,
        Unwritable,
        DiskFull,
        Damaged,
        EngineLost,
    )
}


def known_error(data: dict[str, Any]) -> KnownError:
    """The error that `as_dict` described, on the other side of the socket."""
    title, message, hint = (str(data.get(key, "")) for key in ("title", "message", "hint"))
    if data.get("error") == Refused.__name__:
        holes, asks = tuple(data.get("holes", ())), bool(data.get("asks"))
        return Refused(title, message, hint, holes=holes, asks=asks)
    return _FAMILY.get(str(data.get("error")), KnownError)(title, message, hint)


def _closed(part: str) -> str:
    return part if part.endswith((".", "!", "?", ":")) else f"{part}."

"""Addresses: who a mail says it is from and to. A step of parse.

Names are decoded only after the addresses were told apart, so that an encoded name cannot bring
an address of its own. Where a mail shows one address and comes from another, the one in angle
brackets counts and a warning says so (CVE-2023-27043 is what happens otherwise).
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from app.domain import remarks
from app.domain.message import Address
from app.mail.headers import words

MAX_HEADER = 64_000
MAX_ADDRESSES = 1_000
_LONGEST = 320  # 64 letters, @, 255 letters (RFC 5321 4.5.3.1)

_ATOM = r"[^\s<>@,;:\"()\\\[\]]{1,64}"
_SPEC = rf"{_ATOM}@{_ATOM}(?:{_ATOM}){{0,3}}"
_SIMPLE = re.compile(rf"([^<>@,;:\"()\\]*)<({_SPEC})>")
_QUOTED = re.compile(rf"\"([^\"\\@]*)\"\s*<({_SPEC})>")
_BARE = re.compile(_SPEC)
_SPACE = re.compile(r"\s+")
# Who signs with a word alone and is known by it; any other word alone is a name.
_DAEMONS = frozenset(("mailer-daemon", "mail-daemon", "mailerdaemon", "postmaster", "root"))


@dataclass(slots=True)
class _Mailbox:
    """What was read of one mailbox so far."""

    shown: list[str] = field(default_factory=list)
    remark: list[str] = field(default_factory=list)
    angles: list[str] = field(default_factory=list)
    ended_by: str = ""

    @property
    def is_addressed(self) -> bool:
        """Whether it says where it is, and not only who."""
        return bool(self.angles) or "@" in "".join(self.shown)

    def __bool__(self) -> bool:
        return bool("".join(self.shown).strip() or self.angles or self.remark)


def addresses(text: str) -> tuple[tuple[Address, ...], tuple[str, ...]]:
    """The addresses in an unfolded, still encoded field, and what is odd about them."""
    text = text.strip()
    if not text:
        return (), ()
    simple = _SIMPLE.fullmatch(text) or _QUOTED.fullmatch(text)
    if simple:
        return _one(simple[2], simple[1])
    if _BARE.fullmatch(text):
        return _one(text, "")
    found: list[Address] = []
    warnings: list[str] = []
    for mailbox in _named(_mailboxes(text[:MAX_HEADER])):
        address, odd = _address(mailbox)
        warnings.extend(odd)
        if address and len(found) < MAX_ADDRESSES:
            found.append(address)
    return tuple(found), tuple(dict.fromkeys(warnings))


def _one(email: str, name: str) -> tuple[tuple[Address, ...], tuple[str, ...]]:
    decoded = _name(name)
    return (Address(email=email, name=decoded),), _disagreement(decoded, email)


def _mailboxes(text: str) -> list[_Mailbox]:
    """The field cut at its commas, but not at those in quotes, comments and angle brackets."""
    found, current = [], _Mailbox()
    place, size = 0, len(text)
    while place < size:
        letter = text[place]
        if letter in ",;" or (letter == ":" and not current.angles):
            # A colon ends the name of a group (RFC 5322 3.4): its name is nobody's address.
            if letter != ":":
                current.ended_by = letter
                found.append(current)
            current = _Mailbox()
            place += 1
        elif letter == '"':
            quoted, place = _until(text, place + 1, '"')
            current.shown.append(quoted)
        elif letter == "(":
            remark, place = _comment(text, place)
            current.remark.append(remark)
        elif letter == "<":
            close = text.find(">", place)
            close = size if close < 0 else close
            current.angles.append(text[place + 1 : close].rpartition("<")[2])
            place = close + 1
        else:
            current.shown.append(letter)
            place += 1
    return [mailbox for mailbox in (*found, current) if mailbox]


def _named(found: list[_Mailbox]) -> list[_Mailbox]:
    """Where a name has a comma that nobody quoted ("Mueller, Anna <...>"), it is one mailbox."""
    whole: list[_Mailbox] = []
    names: list[_Mailbox] = []
    for one in found:
        if not one.is_addressed:
            names.append(one)
            continue
        above = [piece for name in names for piece in (*name.shown, name.ended_by)]
        remarks_above = [remark for name in names for remark in name.remark]
        one.shown, one.remark = [*above, *one.shown], [*remarks_above, *one.remark]
        whole.append(one)
        names = []
    return [*whole, *names]


def _until(text: str, place: int, closing: str) -> tuple[str, int]:
    """A quoted string with its backslashes resolved, and where it ends."""
    letters: list[str] = []
    while place < len(text) and text[place] != closing:
        place += text[place] == "\\" and place + 1 < len(text)
        letters.append(text[place])
        place += 1
    return "".join(letters), place + 1


def _comment(text: str, place: int) -> tuple[str, int]:
    """A comment, which may hold others, and where it ends."""
    depth, letters = 0, []
    while place < len(text):
        letter = text[place]
        place += 1
        depth += (letter == "(") - (letter == ")")
        if not depth:
            break
        letters.append(letter)
    return "".join(letters[1:]), place


def _address(mailbox: _Mailbox) -> tuple[Address | None, tuple[str, ...]]:
    shown = "".join(mailbox.shown).strip()
    remark = " ".join(mailbox.remark).strip()
    if mailbox.angles:
        email = _SPACE.sub("", mailbox.angles[-1].rpartition(":")[2])
        name = _name(shown or remark)
        odd = (remarks.BRACKETS,) if len(mailbox.angles) > 1 else ()
        return _checked(email, name), (*odd, *_disagreement(name, email))
    email, name = _loose(shown)
    if not email and "=?" in shown:
        decoded = words(shown)
        inner = decoded.rpartition("<")[2].rstrip("> ") if "<" in decoded else decoded
        email, name = _loose(inner)
        name = name or decoded.partition("<")[0]
    return _checked(email, _name(name or remark)), ()


def _loose(shown: str) -> tuple[str, str]:
    """The address among loose words: "Ann ann@shop.example" and the like."""
    parts = shown.split()
    at = next((part for part in reversed(parts) if "@" in part), "")
    if at:
        return at, " ".join(part for part in parts if part is not at)
    return (shown, "") if shown.lower() in _DAEMONS else ("", shown)


def _checked(email: str, name: str) -> Address | None:
    email = email.strip("'\" \t")
    if len(email) > _LONGEST:
        return Address(email="", name=(name or email)[:200])
    return Address(email=email, name=name) if email or name else None


def _name(text: str) -> str:
    return _SPACE.sub(" ", words(text)).strip(" \t'\"").rstrip(" ,;")[:500]


def _disagreement(name: str, email: str) -> tuple[str, ...]:
    if "@" not in name:
        return ()
    shown = next((part.strip("<>()'\",;") for part in name.split() if "@" in part), "")
    if shown.lower() == email.lower() or "." not in shown.rpartition("@")[2]:
        return ()
    return (remarks.OTHER_ADDRESS.format(shown=shown, email=email),)

"""Header lines of an outgoing mail, encoded and folded here and nowhere else.

The standard library's own folding is not good enough to write to a customer with: measured on
Python 3.11.7, `policy.SMTP` turns a Message-ID of more than 78 characters in References into
encoded words (the thread breaks), and drops the quotes of "Costa, Ben" when it folds (the mail
goes to nobody). On the walk: compose -> here.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from email.header import Header

from app.domain.errors import Refused
from app.domain.message import Address
from app.domain.translation import tr
from app.mail.mail_address import wire_address

_CRLF = "\r\n"
_LINE = 76
_NAME_MAX = 200  # characters of a display name; longer ones are not names
_ID_MAX = 900  # characters of one Message-ID; a line may have 998 (RFC 5322 2.1.1)
_PLAIN_WORD_MAX = 60  # an ASCII word longer than this cannot be folded: it is encoded instead
_ATEXT = re.compile(r"[A-Za-z0-9!#$%&'*+\-/=?^_`{|}~ ]*")  # RFC 5322 3.2.3
_FIELD_NAME = re.compile(r"[A-Za-z][A-Za-z0-9-]{0,60}")
_MESSAGE_ID = re.compile(rf"[!-;=?-~]{{1,{_ID_MAX}}}")


def flat(text: str) -> str:
    """The text on one line: controls and line breaks are spaces, the edges are trimmed."""
    spaced = ("" if unicodedata.category(c) == "Cs" else c for c in text)
    return " ".join("".join(" " if _breaks(c) else c for c in spaced).split())


def text_line(name: str, text: str) -> str:
    """A header with free text; Refused if the text would begin another header."""
    if any(_breaks(c) for c in text):
        raise Refused(
            tr("The {lower} has more than one line", lower=name.lower()),
            tr("A second line there could be read as an instruction to the mail server."),
            tr("Write it on one line and send again."),
        )
    return f"{name}: {_encoded(text, first=len(name) + 2)}{_CRLF}"


def address_line(name: str, addresses: Iterable[Address]) -> str:
    """A header with addresses, one to a line."""
    return f"{name}: {f',{_CRLF} '.join(_mailbox(one) for one in addresses)}{_CRLF}"


def id_line(name: str, ids: Sequence[str]) -> str:
    """A header with Message-IDs, folded between them and never within; empty without any."""
    written = [f"<{one}>" for one in ids if is_message_id(one)]
    return f"{name}: {f'{_CRLF} '.join(written)}{_CRLF}" if written else ""


def is_message_id(text: str) -> bool:
    """Whether this (without angle brackets) can stand in a header: printable ASCII, no blanks."""
    return bool(_MESSAGE_ID.fullmatch(text))


def is_field_name(text: str) -> bool:
    """Whether this can be the name of a header."""
    return bool(_FIELD_NAME.fullmatch(text))


def _mailbox(address: Address) -> str:
    email = wire_address(address.email)
    name = flat(address.name)[:_NAME_MAX].strip()
    if not name or name == address.email:
        return email
    if not name.isascii() or "=?" in name:
        return f"{_encoded(name, first=1)}{_CRLF} <{email}>"
    if not _ATEXT.fullmatch(name):
        name = '"' + name.replace("\\", "\\\\").replace('"', '\\"') + '"'
    return f"{name} <{email}>"


def _encoded(text: str, *, first: int) -> str:
    """ASCII as it is, folded at blanks; anything else as encoded words (RFC 2047)."""
    long_word = any(len(word) > _PLAIN_WORD_MAX for word in text.split(" "))
    if not text.isascii() or "=?" in text or long_word:
        header = Header(text, "utf-8", maxlinelen=_LINE, header_name="x" * (first - 2))
        return header.encode(linesep=_CRLF)
    return _folded(text, first)


def _folded(text: str, first: int) -> str:
    lines, line = [], ""
    for word in re.findall(r" *[^ ]+| +$", text):
        if line.strip() and first + len(line) + len(word) > _LINE and word.strip():
            lines.append(line)
            line, first = "", 0
        line += word
    return _CRLF.join([*lines, line])


def _breaks(char: str) -> bool:
    return unicodedata.category(char) in ("Cc", "Zl", "Zp")

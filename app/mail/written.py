"""Written: how a text is written in the bytes of its part, and what it then says.

Asked by both readers of bodies, so that what a text says does not depend on which of them found it.
"""

from __future__ import annotations

import binascii
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from app.mail import flowed, headers
from app.mail.charsets import named_inside, names_one, text_of

MAX_TEXT = 1_000_000
_MOST_BYTES = 4 * MAX_TEXT
_AT_HAND = 256  # each mail program writes its texts in a way of its own
_UU_BEGIN = re.compile(rb"^begin [0-7]{3,4} [^\r\n]{1,200}\r?\n", re.MULTILINE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """How a text is written; `flowed` and `delsp` as RFC 3676 has them.

    `unnamed`: it is HTML, and no label says in which charset.
    """

    html: bool = False
    encoding: str = ""
    charset: str = ""
    unnamed: bool = False
    flowed: bool = False
    delsp: bool = False

    def read(self, data: bytes) -> str:
        """What it says."""
        data = without_encoding(data, self.encoding)[:_MOST_BYTES]
        charset = named_inside(data) if self.unnamed else self.charset
        text = text_of(data, charset)
        return flowed.unflow(text, delsp=self.delsp) if self.flowed else text


def as_labelled(content_type: str, words: Mapping[str, str], encoding: str) -> Written:
    """How a text with these labels is written: its type, the words behind it, its encoding."""
    said = words.get
    return _written(
        content_type == "text/html",
        encoding,
        said("charset", ""),
        (said("format", "").lower(), said("delsp", "").lower()),
    )


@lru_cache(maxsize=_AT_HAND)
def _written(html: bool, encoding: str, charset: str, flow: tuple[str, str]) -> Written:
    return Written(
        html=html,
        encoding=encoding_named(encoding),
        charset=charset,
        unnamed=html and not names_one(charset),
        flowed=not html and flow[0] == "flowed",
        delsp=flow[1] == "yes",
    )


def encoding_named(value: str) -> str:
    """The transfer encoding that a header names, in lower case."""
    return value.partition(";")[0].strip().lower()


def without_encoding(data: bytes, encoding: str) -> bytes:
    """The bytes with this transfer encoding undone, as far as it can be."""
    if encoding == "base64":
        return headers.base64_bytes(data)
    if encoding == "quoted-printable":
        return binascii.a2b_qp(data)
    if encoding in ("x-uuencode", "uuencode", "x-uue", "uue"):
        return _uudecoded(data)
    return data


def _uudecoded(data: bytes) -> bytes:
    begin = _UU_BEGIN.search(data)
    lines: list[bytes] = []
    for line in data[begin.end() if begin else 0 :].splitlines():
        if line.strip() in (b"end", b"`", b""):
            break
        try:
            lines.append(binascii.a2b_uu(line))
        except ValueError:
            # Some encoders pad the line; its first letter says how much of it counts.
            size = (((line[0] - 32) & 63) * 4 + 5) // 3
            try:
                lines.append(binascii.a2b_uu(line[:size]))
            except ValueError:
                break
    return b"".join(lines)

"""Charsets: what the bytes of a mail say, whatever they are labelled. Used wherever mail is read.

Labels lie: "us-ascii" with umlauts, "iso-8859-1" that is Windows-1252, names nobody registered.
Nothing here raises.
"""

from __future__ import annotations

import codecs
import re

from app.mail import jis

# What mail programs write, and what they mean; "" is "look at the bytes".
_MEANT = {
    "": "",
    "us-ascii": "",
    "ascii": "",
    "ansi_x3.4-1968": "",
    "ansi_x3.110-1983": "",
    "unknown-8bit": "",
    "x-unknown": "",
    "unknown": "",
    "default": "",
    "utf8": "utf-8",
    "utf-8": "utf-8",
    "unicode-1-1-utf-7": "utf-7",
    "iso-8859-1": "cp1252",
    "latin1": "cp1252",
    "latin-1": "cp1252",
    "iso8859-1": "cp1252",
    "iso-8859-9": "cp1254",
    "iso-8859-8-i": "iso-8859-8",
    "iso-8859-8-e": "iso-8859-8",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "x-gbk": "gb18030",
    "ks_c_5601-1987": "cp949",
    "ks_c_5601": "cp949",
    "euc-kr": "cp949",
    "shift_jis": "cp932",
    "shift-jis": "cp932",
    "x-sjis": "cp932",
    "iso-2022-jp-ms": "iso2022_jp",
    "cp50220": "iso2022_jp",
    "cp50221": "iso2022_jp",
    "x-windows-50221": "iso2022_jp",
    "big5": "cp950",
    "tis-620": "cp874",
    "windows-874": "cp874",
    "macintosh": "mac_roman",
    "x-mac-roman": "mac_roman",
}
# Codecs that are not charsets, though Python would take them for one.
_NOT_CHARSETS = frozenset(
    ("idna", "punycode", "unicode_escape", "raw_unicode_escape", "undefined", "mbcs", "oem")
)
# Charsets that are written in seven bits: ASCII bytes prove nothing against them.
_SEVEN_BITS = ("utf-7", "utf_7", "iso-2022", "iso2022", "hz")
# Charsets in which bytes below 0x80 are not the letters that they look like.
_NOT_ASCII = (*_SEVEN_BITS, "utf-16", "utf_16", "utf-32", "utf_32")
_META = re.compile(rb"<meta[^>]{1,200}?charset\s{0,3}=\s{0,3}[\"']?([\w.:+-]{2,40})", re.IGNORECASE)
_LOOKED_AT = 4_096  # HTML asks for the first 1,024 bytes; style sheets stand above it all the same
_CP_NUMBER = re.compile(r"(?:cp-|windows-?|x-cp|ibm-)(\d{3,5})")
# C0 except tab and newline, DEL, and C1: nothing that a person wrote.
_CONTROLS = dict.fromkeys((*range(9), 11, 12, *range(14, 32), *range(127, 160)))
_PLAIN = bytes((9, 10, *range(32, 127)))  # ASCII that stays as it is
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")


def decode(data: bytes, charset: str = "") -> str:
    """The text in the bytes: by their label where that fits, else UTF-8, else Windows-1252."""
    codec = _codec(charset)
    if data.isascii() and not codec.startswith(_NOT_ASCII):
        return data.decode("ascii")
    for name in (codec, "utf-8") if codec else ("utf-8",):
        try:
            return data.decode(name)
        except (LookupError, ValueError):
            if codec.startswith(_SEVEN_BITS) and data.isascii():
                break
    return _forced(data, codec or "cp1252")


def text_of(data: bytes, charset: str = "") -> str:
    """The text in the bytes, with \\n as its only line end and without control characters."""
    if data.isascii() and not _codec(charset).startswith(_NOT_ASCII):
        rare = data.translate(None, _PLAIN)
        if not rare:
            return data.decode("ascii")
        if len(rare) == data.count(b"\r\n") == rare.count(b"\r"):
            return data.translate(None, b"\r").decode("ascii")
    return clean(decode(data, charset))


def names_one(charset: str) -> bool:
    """Whether the label names a charset, and does not only say that nobody knows."""
    return bool(_codec(charset))


def named_inside(html: bytes) -> str:
    """The charset that an HTML text without a label names itself; empty where it need not be asked.

    It is asked only of bytes that do not speak for themselves: a page that was made anew on its way
    keeps the old name.
    """
    if html.isascii() and b"\x1b$" not in html:
        return ""
    found = _META.search(html[:_LOOKED_AT])
    named = found[1].decode("ascii", errors="replace") if found else ""
    codec = _codec(named)
    if not codec or codec.startswith(("utf", "unicode")):
        return ""
    try:
        html.decode("utf-8")
    except ValueError:
        return named
    return named if codec.startswith("iso2022") else ""


def is_known(charset: str) -> bool:
    """Whether the label names a charset that this machine can read, or a usual way to say none."""
    return charset.strip().lower() in _MEANT or names_one(charset)


def clean(text: str) -> str:
    """The text with \\n as its only line end and without NUL and other control characters."""
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    # Most text is plain, and looking whether it is costs a tenth of going through it.
    if text.replace("\n", "").isprintable() or not _CONTROL.search(text):
        return text
    return text.translate(_CONTROLS)


def _codec(charset: str) -> str:
    label = charset.strip().strip("\"'").lower()
    if label in _MEANT:
        return _MEANT[label]
    numbered = _CP_NUMBER.fullmatch(label)
    name = f"cp{numbered[1]}" if numbered else label
    try:
        found = codecs.lookup(name).name
    except (LookupError, ValueError):
        return ""
    return "" if found.replace("-", "_") in _NOT_CHARSETS else found


def _forced(data: bytes, codec: str) -> str:
    if codec.startswith("iso2022_jp"):
        return jis.text_in(data)
    try:
        return data.decode(codec, errors="replace")
    except (LookupError, ValueError):
        return data.decode("cp1252", errors="replace")

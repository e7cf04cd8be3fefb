"""Remarks: what was odd about a mail, in the owner's language.

They are stored as they are written in English, whatever was spoken when the mail was read, and
said anew whenever somebody looks.
"""

from __future__ import annotations

import re

from app.domain.translation import grouped, to_translate, tr

FIRST_HEADERS = to_translate("only the first {n} headers were read")
FIRST_PARTS = to_translate("only the first {n} parts were read")
FIRST_LETTERS = to_translate("only the first {n} letters of the text are shown")
TOO_DEEP = to_translate("parts nested more than {n} deep were not opened")
UNKNOWN_CHARSET = to_translate("the charset {name} is not known")
BRACKETS = to_translate("an address has several angle brackets")
OTHER_ADDRESS = to_translate("shows the address {shown} but comes from {email}")
_FORMS = (FIRST_HEADERS, FIRST_PARTS, FIRST_LETTERS, TOO_DEEP, UNKNOWN_CHARSET, OTHER_ADDRESS)
# What stands before a remark about one of the fields that name people.
_FIELDS = {
    "from": to_translate("sender"),
    "sender": to_translate("sender"),
    "to": to_translate("recipient"),
    "cc": to_translate("copy"),
    "reply-to": to_translate("answers to"),
}
_PLACE = re.compile(r"\\{(\w+)\\}")


def said(remark: str) -> str:
    """A stored remark, said anew; one that nobody knows stays as it is."""
    if (spoken := tr(remark)) != remark:
        return spoken
    field, _, rest = remark.partition(": ")
    if rest and field in _FIELDS:
        return f"{tr(_FIELDS[field])}: {said(rest)}"
    for form in _FORMS:
        found = re.fullmatch(_PLACE.sub(r"(?P<\1>.+)", re.escape(form)), remark)
        if found:
            return tr(form, **{name: _figure(value) for name, value in found.groupdict().items()})
    return remark


def _figure(value: str) -> str:
    """A count as the language has it; everything else as it is."""
    plain = value.replace(",", "")
    return grouped(int(plain)) if plain.isdecimal() and plain.isascii() else value

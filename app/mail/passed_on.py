"""Passed on: who wrote the letter that a mail passes on, as the mail program wrote it above it."""

from __future__ import annotations

import re

from app.domain.header_labels import header_of
from app.domain.message import Address
from app.mail.contact_form import EMAIL, name_in
from app.mail.quoting import header_block

_LOOKED_AT = 20_000
_MARKS = re.compile(r"^[ \t]*(?:>[ \t]?)+", re.MULTILINE)  # Apple Mail quotes what it passes on
_AROUND = "*_ \t\u00a0\u202f"
_LONGEST_NAME = 120


def writer(text: str) -> Address | None:
    """The sender that the first lines of headers in this text name; None where none names one."""
    lines = _MARKS.sub("", text[:_LOOKED_AT]).split("\n")
    for place in range(len(lines)):
        if (span := header_block(lines, place)) is not None:
            return _sender(lines[span.first : span.last])
    return None


def _sender(block: list[str]) -> Address | None:
    for at, line in enumerate(block):
        if header_of(line) == "from":
            said = line.partition(":")[2].strip(_AROUND)
            if "@" not in said and at + 1 < len(block) and not header_of(block[at + 1]):
                said = f"{said} {block[at + 1]}"  # a long name takes the line
            said = said.replace("mailto:", "")  # "[mailto:ben@example.org]", as Outlook has it
            found = EMAIL.search(said)
            name = " ".join(name_in(said).split())[:_LONGEST_NAME]
            return Address(email=found[0], name=name) if found else None
    return None

"""Large mail: read without its attachments: headers, texts, and the frame in which they stood.

Asked by the folder walk for a mail above the owner's limit. What comes back is a mail like any
other, in which the files that stay on the server are empty and carry a header that says where they
lie; so reading, storing and showing need to know nothing of it, and a part has the same place
whether the rest was brought or not.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Protocol

from app.mail import headers, parameters
from app.mail.body_structure import Branch, Leaf, Structure, branches, leaves, read

LEFT_OUT = "X-Frontburner-Left-Out"
MOST_TEXT = 1024 * 1024  # of one text, as it lies on the server
_SMALL = 48 * 1024  # pictures of a signature and the like come along
_TOGETHER = 2 * 1024 * 1024
_OWN_LINE = re.compile(
    rb"^" + LEFT_OUT.encode() + rb"[ \t]*:[^\n]*(?:\n[ \t][^\n]*)*\n?", re.I | re.M
)


class Door(Protocol):
    """What is asked of the server."""

    def structure(self, uid: int) -> bytes:
        """What it says of the parts of a mail; empty when the mail is gone."""

    def sections(self, uid: int, wanted: Mapping[str, int]) -> dict[str, bytes]:
        """These sections of a mail, each up to so many bytes (0: whole)."""


def without_files(door: Door, uid: int) -> bytes | None:
    """The mail with its large files left out; None where the server cannot say what it is made of.

    Raises what the door raises.
    """
    structure = read(door.structure(uid))
    if not isinstance(structure, Branch):
        return None
    chosen = _chosen(structure)
    wanted = {"HEADER": 0}
    wanted |= {f"{one.section}.MIME": 0 for one in leaves(structure)}
    wanted |= {f"{one.section}.MIME": 0 for one in branches(structure) if one.section}
    wanted |= {section: MOST_TEXT for section in chosen}
    found = door.sections(uid, wanted)
    if "HEADER" not in found:
        return None
    return _assembled(structure, found["HEADER"], found, chosen)


def _chosen(structure: Structure) -> frozenset[str]:
    """The sections that are brought: texts first, then what is small."""
    found: set[str] = set()
    left = _TOGETHER
    for one in sorted(leaves(structure), key=lambda leaf: (not _is_text(leaf), leaf.octets)):
        size = min(one.octets, MOST_TEXT)
        if (_is_text(one) or one.octets <= _SMALL) and size <= left:
            found.add(one.section)
            left -= size
    return frozenset(found)


def _is_text(one: Leaf) -> bool:
    is_words = one.content_type in ("text/plain", "text/html", "message/delivery-status")
    return (is_words and not one.is_file) or one.content_type == "text/calendar"


def _assembled(
    structure: Structure, head: bytes, found: Mapping[str, bytes], chosen: frozenset[str]
) -> bytes:
    """The part with these headers, and below them what was brought of it."""
    head = _tidy(head)
    if isinstance(structure, Leaf):
        if structure.section in chosen:
            return head + found.get(structure.section, b"")
        where = f"{LEFT_OUT}: {structure.section}; {structure.octets}\r\n".encode()
        return where + head
    block = headers.split(head)
    _, words = parameters.parse(block.text("content-type"))
    line = b"--" + words.get("boundary", "").encode("utf-8", errors="replace")
    pieces = [head]
    for child in structure.children:
        mime = found.get(f"{child.section}.MIME", b"\r\n")
        pieces += [line, b"\r\n", _assembled(child, mime, found, chosen), b"\r\n"]
    return b"".join((*pieces, line, b"--\r\n"))


def _tidy(head: bytes) -> bytes:
    """The header lines with the blank one behind them; none of a sender's pretends to be ours."""
    return _OWN_LINE.sub(b"", head).rstrip(b"\r\n").lstrip(b"\r\n") + b"\r\n\r\n"

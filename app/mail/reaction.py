"""Reaction: one sign as the whole answer to a mail, as Gmail sends it. A step of parse.

For programs that know none it is a mail like any other, of the sign and a line that says so; for
those that do there is a part with the sign alone. Both must agree: a letter that only carries such
a part is a letter.
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence

from app.domain.message import Attachment
from app.mail.fallback import Part

KIND = "text/vnd.google.email-reaction+json"
_LONGEST_SIGN = 40  # letters; a family of four with their colours is 25
_LONGEST_LINE = 120
_MOST_BYTES = 1_000
_LINK = re.compile(r"<?https?://[^\s<>]{1,500}>?|\[image: [^\]\n]{0,80}\]")


def sign_of(files: Sequence[Part], mail: bytes, new_text: str) -> str:
    """The sign with which somebody reacts, where this mail says nothing else; or nothing."""
    part = next((one for one in files if one.content_type == KIND), None)
    sign = _sign(part.content(mail)[:_MOST_BYTES]) if part is not None else ""
    if not sign or len(new_text) > 10 * _LONGEST_LINE:
        return ""
    words = " ".join(_LINK.sub("", new_text).replace(sign, "").split())
    announces = len(words) <= _LONGEST_LINE and "gmail" in words.lower()
    return sign if announces or not words else ""


def without(attachments: tuple[Attachment, ...]) -> tuple[Attachment, ...]:
    """The files but the one that holds the sign: there is nothing in it to save."""
    return tuple(one for one in attachments if one.content_type != KIND)


def _sign(content: bytes) -> str:
    try:
        said = json.loads(content)
    except (ValueError, RecursionError):
        return ""
    sign = said.get("emoji", "") if isinstance(said, dict) else ""
    is_sign = isinstance(sign, str) and 0 < len(sign) <= _LONGEST_SIGN
    return sign if is_sign and not any(letter.isalnum() for letter in sign[1:]) else ""

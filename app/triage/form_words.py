"""Form words: where in a contact form's mail the person's own words begin.

Part of looking. What stands around them was written by the shop's software, in its own language and
with its own date: neither is the customer's.
"""

from __future__ import annotations

import re

_LABELS = (
    r"(?:your |ihre |votre |su |tu |il tuo |uw |sua )?(?:message|comments?|body|question|inquiry"
    r"|enquiry|nachricht|mitteilung|kommentar|anliegen|frage|commentaire|mensaje|comentarios?|messaggio"
    r"|commento|bericht|opmerking(?:en)?|vraag|mensagem|wiadomo[śs][ćc]|tre[śs][ćc]|pytanie)"
    r"(?: body| or comment)?"
)
_LABEL = re.compile(
    rf"(?:\A|\n)(?!\n)[ \t*_>-]{{0,6}}{_LABELS}[ \t*_]{{0,4}}[:：][ \t*_]{{0,4}}", re.IGNORECASE
)


def own_words_begin(text: str) -> int:
    """The place behind the label of the message; 0 where none is labelled, or nothing follows."""
    label = _LABEL.search(text)
    return label.end() if label and text[label.end() :].strip() else 0

"""Header labels: what mail programs write before the colon of a header line that they quote.

English, German, French, Spanish, Italian, Dutch, Portuguese and Polish, and what their neighbours
write. Here, because two rooms ask: mail cuts off what is quoted, triage reads what is passed on.
"""

from __future__ import annotations

import re

_WORDS = {
    "from": (
        "from", "von", "de", "da", "van", "od", "mittente", "desde", "от",
    ),
    "sent": (
        "sent", "date", "gesendet", "datum", "envoyé", "envoye", "envoyé le", "envoye le",
        "date d'envoi", "enviado", "enviado el", "enviado em", "enviada", "enviada em", "fecha",
        "inviato", "data", "verzonden", "wysłano", "wyslano", "data wysłania", "data wyslania",
        "отправлено", "дата",
    ),
    "to": ("to", "an", "à", "a", "pour", "para", "aan", "do", "destinatario", "naar", "кому"),
    "cc": (
        "cc", "kopie", "copie à", "copie a", "dw", "cópia", "copia", "bcc", "копия",
    ),
    "subject": (
        "subject", "betreff", "objet", "asunto", "oggetto", "onderwerp", "assunto", "temat", "тема",
    ),
    "other": (
        "reply-to", "antwort an", "importance", "wichtigkeit", "attachments", "anlagen",
    ),
}  # fmt: skip
_MEANINGS = {word: meaning for meaning, words in _WORDS.items() for word in words}
_LABEL = re.compile(r"[\s>*_]{0,8}([^\W\d_][\w'’ -]{0,20}?)[\s*_]{0,3}:")
_FURTHEST = 60  # characters in which the colon stands


def header_of(line: str) -> str:
    """Which header a line quotes ("from", "sent"), by its program's word for it; empty for none."""
    match = _LABEL.match(line[:_FURTHEST])
    return _MEANINGS.get(match[1].strip().lower().replace("’", "'"), "") if match else ""

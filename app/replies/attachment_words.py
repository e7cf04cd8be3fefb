"""Attachment words: whether a text speaks of something attached, in the eight languages of a shop.

Asked by the guard where nothing is attached. Only what the writer says they attach themselves
counts: not what the customer sent ("the photo you attached", "in Ihrem Anhang").
"""

from __future__ import annotations

import re

_MOST = 20_000  # characters that are looked through
_SAYS = re.compile(
    r"\b(?:"
    # English
    r"(?:please )?(?:find|see) (?:the )?(?:\w+ ){0,3}(?:attached|enclosed)"
    r"|(?:(?:i|we)(?:['’]ve| have)?|i am|we are|i['’]m|we['’]re) (?:also |now |just )?"
    r"(?:attach(?:ed|ing)?|enclos(?:ed?|ing)) (?!you\b)"
    r"|attached (?:is|are|you|to this|please|below)|(?:is|are) (?:attached|enclosed)"
    r"|in the attachment|see (?:the )?attachment|the attached \w+"
    # German
    r"|im anhang|in der anlage|anbei (?:\w+)|(?:als|im) anhang (?:\w+)|beigefügt(?:e[nrs]?)?"
    r"|angehängt(?:e[nrs]?)?|füge ich (?:ihnen |dir )?\w+ bei|hänge ich (?:ihnen |dir )?\w+ an"
    # French
    r"|ci-joint(?:e?s?)?|en pièce jointe|en pièces jointes|vous trouverez joint"
    r"|je (?:vous )?joins"
    # Spanish
    r"|adjunt(?:o|amos)|(?:le|te|les|os) adjunt\w+"
    r"|(?:archivo|documento|etiqueta|factura) adjunt[oa]"
    # Italian
    r"|in allegato|allego|alleghiamo|(?:file|documento) allegato"
    # Dutch
    r"|(?:in de |als )bijlage|bijgevoegd\w*|bijgesloten"
    # Portuguese
    r"|em anexo|segue(?:m)? (?:em )?anex\w+|anexo (?:o|a|os|as|envio)\b|anexei|anexamos"
    # Polish
    r"|w załącz(?:niku|eniu)|załączam|załączamy|załączon[aeoy]\w*"
    r")",
    re.IGNORECASE,
)
# What stands before or behind such words where it is the customer who attached something.
_THEIRS_BEFORE = re.compile(
    r"(?:\byour|\byou(?:['’]ve| have)?|\bihre[mnrs]?|\bdeine[mnrs]?|\bvotre|\bvos|\bvous avez"
    r"|\bsu|\btu|\bsua|\bsuo|\btuo|\bvostr\w|\buw|\bjouw|\bsu[ao]s?|\bpani?|\btwo\w+)"
    r"(?:\s+\w+){0,2}\s*$",
    re.IGNORECASE,
)
_THEIRS_BEHIND = re.compile(
    r"^\W*(?:\w+\W+){0,2}(?:you(?:['’]ve| have)? (?:sent|attached)|ihrer (?:mail|e-mail|nachricht)"
    r"|deiner (?:mail|e-mail|nachricht)|in your|of your|de votre|de su|della sua|van uw)\b",
    re.IGNORECASE,
)
_NOT = re.compile(
    r"(?:\bnot|\bno|n['’]t|\bnicht|\bkeine?n?|\bpas|\bnon|\bniet|\bgeen|\bnão|\bnie"
    r"|\bbitte(?! finden)|\bplease|\bif|\bwenn|\bcould|\bcan|\bkönn\w+)(?:\s+\w+){0,3}\s*$",
    re.IGNORECASE,
)


def place(text: str) -> tuple[int, int] | None:
    """Where the writer says that something is attached, or None."""
    for found in _SAYS.finditer(text[:_MOST]):
        before = text[max(0, found.start() - 40) : found.start()]
        behind = text[found.end() : found.end() + 60]
        sentence = re.split(r"[.!?\n]", before)[-1]
        theirs = _THEIRS_BEFORE.search(sentence) or _THEIRS_BEHIND.search(behind)
        if not theirs and not _NOT.search(sentence):
            return found.span()
    return None

"""Temper: whether a draft reads as if its writer were angry, in the eight languages of a shop.

Only for a hint late in the evening. One sharp word is enough, because nobody is stopped by it; what
a customer could say about a parcel ("ridiculous" of a carrier) may be meant so.
"""

from __future__ import annotations

import re

_SHARP = re.compile(
    r"\b(?:ridiculous|outrageous|pathetic|nonsense|liar|lying|stop (?:writing|wasting|lying)"
    r"|shame on you|your own fault|how dare you|sick (?:and tired )?of|fed up|idiot\w*|stupid"
    r"|read the (?:f\w+ )?(?:manual|description|terms)|learn to read|once and for all"
    r"|unverschämt\w*|lächerlich\w*|frechheit|unfassbar|schwachsinn|blödsinn|lügner\w*|lügen"
    r"|ihre eigene schuld|selbst schuld|mir reicht es|es reicht|dreist\w*|idiot\w*"
    r"|ridicule|scandaleux|n['’]importe quoi|menteu\w+|votre faute|j['’]en ai (?:marre|assez)"
    r"|honteux|ridículo|mentir\w*|mentiros\w+|culpa suya|estoy hart[oa]|vergüenza"
    r"|ridicol\w+|bugiard\w+|colpa sua|vergogn\w+|sono stuf[oa]|belachelijk|leugen\w*|schandalig"
    r"|eigen schuld|ik ben het zat|vergonha|mentiros\w+|culpa sua|estou fart[oa]"
    r"|śmieszne|żenad\w+|kłam\w+|pana wina|pani wina|mam dość|bezczeln\w+)\b",
    re.IGNORECASE,
)
_SHOUTED = re.compile(r"[!?]{3,}|!!")
_CAPITALS = re.compile(r"\b[^\W\d_]{4,}\b")
_ENOUGH_CAPITALS = 3


def angry_at(text: str) -> tuple[int, int] | None:
    """Where it reads angry: a sharp word, !!!, or three words in capitals; or None."""
    found = _SHARP.search(text) or _SHOUTED.search(text)
    if found:
        return found.span()
    loud = [word for word in _CAPITALS.finditer(text) if word[0].isupper()]
    return loud[0].span() if len(loud) >= _ENOUGH_CAPITALS else None

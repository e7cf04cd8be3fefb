"""Cues: the small words that say what a sentence is about: money that goes back, or what will be.

In the eight languages of a shop; asked by doubts and by promises. Looked for in small letters.
"""

from __future__ import annotations

import re

_MONEY_BACK = re.compile(
    r"\b(?:refund\w*|money back|pay (?:you )?back|reimburs\w+|credit(?:ed)? (?:you|back|to)"
    r"|erstatt\w*|rückerstatt\w*|gutschr\w*|gutgeschrieben|geld zurück|zurücküberw\w*|überweis\w*"
    r"|rembours\w*|reembols\w*|devolu\w*|devolver\w*|abon(?:o|amos|aremos)|rimbors\w*|accredit\w*"
    r"|terugbeta\w*|terugstort\w*|terug te storten|estorn\w*|zwr(?:ot|óc|ac)\w*)",
    re.IGNORECASE,
)
# What lies ahead, as it stands before the day that it is for.
_AHEAD = re.compile(
    r"\b(?:will|shall|going to|by|until|till|no later than|latest|expect|expected|goes out|go out"
    r"|leaves?|ships|arrives|comes|scheduled|be|get"
    r"|wird|werden|werde|geht|gehen|kommt|kommen|bis|spätestens|voraussichtlich|trifft"
    r"|verschicken?|versenden?|senden?|schicken?|erhalten sie|bekommen sie"
    r"|sera|serons|seront|partira|partiront|part|recevrez|arrivera|enverr\w+|expédierons|expédierai"
    r"|d['’]ici|avant le|au plus tard|jusqu"
    r"|será|saldrá|recibirá\w*|llegará|enviaré\w*|enviaremos|antes del|a más tardar|hasta el"
    r"|sarà|partirà|riceverà\w*|arriverà|invier\w+|spedir[òe]\w*|entro|al più tardi"
    r"|zal|zullen|wordt|worden|gaat|komt|uiterlijk|tot|ontvangt u"
    r"|seguirá|receberá|chegará|até|o mais tardar"
    r"|zostanie|wyśl\w+|otrzyma\w*|dotrze|dojdzie|do|najpóźniej)\b|['’]ll\b",
    re.IGNORECASE,
)
# What has been; after "be" or "will" a participle is none of these.
_BEFORE = re.compile(
    r"(?<!be )(?<!get )(?<!being )\b(?:was|were|had|did|ordered|placed|bought|paid|since|ago|from"
    r"|dated|of|wrote|left|arrived|received|sent|shipped|dispatched|delivered|refunded|collected"
    r"|posted|began|started|ended"
    r"|war|waren|wurde|wurden|hatten?|hat|habe|haben|seit|vom|begann"
    r"|était|été|avez|avons|ai|a|du|depuis"
    r"|fue|fueron|ha|han|he|hemos|desde"
    r"|è|stato|stata|ho|abbiamo|dal"
    r"|was|werd|heeft|hebben|heb|sinds|van"
    r"|foi|foram|tem|desde"
    r"|był\w*|został\w*|od|z)\b",
    re.IGNORECASE,
)
# What should have been is past, whatever stands behind it.
_SHOULD_HAVE = re.compile(
    r"\b(?:should have|was (?:due|to)|were to|was supposed|hätte\w*|sollte\w*|aurait|devait"
    r"|debería haber|debía|avrebbe|doveva|had .{0,20}moeten|zou|deveria ter|devia|miał\w*)\b",
    re.IGNORECASE,
)
_LOOKED_AT = 60  # characters before the day


def gives_money_back(sentence: str) -> bool:
    """Whether a sentence speaks of money that goes back to the customer."""
    return bool(_MONEY_BACK.search(sentence))


def looks_ahead(before: str) -> bool:
    """Whether what stands before a day makes it one to come: the last such word decides."""
    near = before[-_LOOKED_AT:].rpartition(";")[2]
    if _SHOULD_HAVE.search(near):
        return False
    ahead = max((one.start() for one in _AHEAD.finditer(near)), default=-1)
    been = max((one.start() for one in _BEFORE.finditer(near)), default=-1)
    return ahead > been

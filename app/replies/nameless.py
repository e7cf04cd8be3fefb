"""Nameless: a greeting that was to have a name and has none, as a half-filled template leaves it.

Asked by the guard. What shops write on purpose to nobody in particular ("Madame, Monsieur,", "Dear
Sir/Madam,", "Geachte heer/mevrouw,") is in order.
"""

from __future__ import annotations

import re

from app.replies.greetings import HELLO, TITLE

_LINES = 3  # a greeting stands at the top
_MOST = 160  # characters of a line; no greeting is longer

# The first group may stand alone ("Hello,"), but not with a blank before its comma; the third never
# stands alone. (In Dutch "Beste," and "Geachte," do.)
_EMPTY = re.compile(
    rf"^(?:(?:{HELLO})[ \t]+,"
    r"|(?:hi|hello|hey|hallo|hola|hoi|ol[aá]|ciao),[ \t]*,"
    r"|(?:dear|lieber?|liebes|liebe/r|sehr geehrte[rs]?|cher|chère|estimad[oa]s?|querid[oa]"
    r"|gentile|gentilissim[oa]|egregi[oa]|car[oa]|prezad[oa]|szanown[ay]|drog[ai]"
    r"|(?:dear |sehr geehrte[rs]? |hallo |guten tag )?(?:mr|mrs|ms|herr|frau)\.?)[ \t]*[,:!])",
    re.IGNORECASE,
)
# Titles that ask for a name, and nobody has chosen between them: "Dear Mr/Mrs,".
_TITLE = r"(?:mrs?|ms|miss|herrn?|frau|m\.|mme|mlle|srta|sra?|sig(?:\.?ra)?|dhr|mevr)\.?"
_EITHER = re.compile(
    r"^(?:[^\W\d]\S*[ \t]+){0,2}"
    rf"(?:{_TITLE}(?:[ \t]*/[ \t]*{_TITLE})+|sr(?:\(a\)|/a)\.?)[ \t]*[,:!]",
    re.IGNORECASE,
)
# What a program writes where it knows no name. It stops also where the shop's data say that the
# customer is called so: that is how such a word comes into a greeting. (Null is a name, null none.)
_NOTHING = r"(?:(?i:undefined)|null|NULL|\(null\)|None|NaN|nan|nil|N/A|n/a)"
_TO_NOTHING = re.compile(
    rf"^(?i:{HELLO})(?:[ \t]+(?i:{HELLO}))?(?:[ \t]+(?i:{TITLE})\.?)?"
    rf"(?:[ \t]+{_NOTHING})+[ \t]*(?:[,!:;.]|$)"
)

# The name of the field itself, however it was marked: "Dear (Name),", "Hallo *Vorname*,".
_FIELD = (
    r"(?:(?:first|last|full|customer|client|user|sur|f|l)?[ _-]?names?|(?:vor|nach|kunden)?name"
    r"|pr[ée]nom|nom|nombre|apellidos?|nome|cognome|(?:voor|achter|klant)?naam|apelido|sobrenome"
    r"|imi[ęe]|nazwisko)"
)
_BESIDE = r"(?:insert|your|the|of|here|customer|client|kunde|kundin|einfügen|eintragen|hier|du|del)"
_BEFORE = (
    rf"^(?i:{HELLO})(?:/r|\(r\))?(?:[ \t]+(?i:{HELLO}))?"
    rf"(?:[ \t]+(?i:{TITLE})\.?(?:[ \t]?/[ \t]?(?i:{TITLE})\.?)?)?[ \t]+"
)
_TO_A_FIELD = re.compile(
    rf"{_BEFORE}[\W_]*(?:&#?\w{{1,6}};)?(?i:(?:{_BESIDE}[\W_]+)*{_FIELD}(?:[\W_]+(?:{_FIELD}|{_BESIDE}))*)"
    r"[\W_]*?(?:&#?\w{1,6};)?(?:[,!:;.](?=\s|$)|$)"
)
# What is put down until the name is known: "Hi ...,", "Hallo Herr XY,".
_TO_DOTS = re.compile(
    rf"{_BEFORE}(?:\.{{2,}}|…|\?{{2,}}|[\[(<{{][\s.…_?-]*[\])>}}]|X{{2,3}}|x{{2,3}}|XY|N\. ?N\."
    r"|TBD|TODO|%s)[ \t]*[,!:;](?=\s|$)"
)
_EACH = (_EMPTY, _EITHER, _TO_NOTHING, _TO_A_FIELD, _TO_DOTS)
# Blanks that no reader sees as anything else; a program puts the first before a comma.
_BLANKS = str.maketrans("\xa0\u202f\u200b\u2060", "    ")


def nameless(body: str) -> tuple[int, int] | None:
    """Where the first lines greet without a name; None where they do not."""
    at, seen = 0, 0
    for line in body.translate(_BLANKS).splitlines(keepends=True):
        bare = line.strip()[:_MOST]
        seen += bool(bare)
        if found := next(filter(None, (one.match(bare) for one in _EACH)), None):
            start = at + line.index(bare)
            return start, start + found.end()
        if seen == _LINES:
            break
        at += len(line)
    return None

"""Greetings: whom the first lines of a text address, in the eight languages of a shop.

On the walk: doubts compares the name with those that the customer goes by. Unsure means nobody: a
line that only looks like a greeting is none.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

_LINES = 3  # a greeting stands at the top
_MOST_WORDS = 6
HELLO = (
    r"hi|hello|hey|dear|good (?:morning|afternoon|evening|day)|hallo|moin|servus"
    r"|gr[uü](?:ß|ss) gott|guten (?:tag|morgen|abend)|liebe[rs]?|sehr geehrte[rs]?|bonjour|bonsoir"
    r"|salut|chère?|cher|hola|buen[oa]s (?:d[ií]as|tardes|noches)|estimad[oa]s?"
    r"|querid[oa]s?|apreciad[oa]|ciao|buon ?giorno|buona ?sera|salve|gentile"
    r"|gentilissim[oa]|car[oa]|egregi[oa]|hoi|dag|beste|geachte"
    r"|goede(?:morgen|middag|navond|n ?dag)|ol[aá]|oi|bom dia|boa (?:tarde|noite)|prezad[oa]"
    r"|dzie[nń] dobry|cze[sś][cć]|witam|witaj|drog[ai]|szanown[ay]"
)
TITLE = (
    r"(?:mr|mrs|ms|miss|mx|sir|madam|dr|prof|herrn?|frau|fr|hr|monsieur|madame|mademoiselle|mme|mlle"
    r"|m|señora?|sra?|don|doña|signora?|sig|sig\.ra|dott|dottor|dottoressa|heer|mevrouw|dhr|mevr"
    r"|senhora?|pan|pani|panie|de heer|again|nochmals?)"
)
_GREETING = re.compile(
    rf"[ \t]*(?:{HELLO})(?:[ \t]+(?:{HELLO}))?[ \t]+(?P<who>[^\n,!:;?()\"“„<>{{}}\[\]@]{{1,60}}?)"
    r"[ \t]*(?:[,!:;]|[ ][–-][ ]|[ \t]*$)",
    re.IGNORECASE,
)
_LEADING_TITLES = re.compile(rf"(?:{TITLE}\.?[ \t]+)+", re.IGNORECASE)
_WORD = re.compile(r"[^\W\d_](?:[^\W\d_]|['’.-](?=[^\W\d_]))*\.?")
# Words with a capital that address somebody without naming them.
_NOBODY_WORDS = """there all everyone everybody team folks friends friend sir madam customer
    customers both again damen herren kunde kundin kunden zusammen alle team freunde leser nachbarn
    ihr sie euch du madame monsieur messieurs client cliente clienti clientes klant klanten todos
    tutti señor señora señores amigo amiga signore signora signori equipo equipe squadra allemaal
    mevrouw meneer heer dames heren senhor senhora senhores państwo panie pani panu pan klient
    kliencie und and et y e en i from von thanks thank danke vielen merci gracias grazie bedankt
    obrigado dziękuję the wir we ich je yes no ja nein mr mrs ms herr frau liebe lieber liebes
    valued lovely wonderful support service kundenservice freund freundin"""
_NOBODY = frozenset(_NOBODY_WORDS.split())
_PARTICLES = frozenset(("van", "von", "der", "den", "de", "del", "della", "di", "da", "la", "le"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Greeted:
    """The name in a greeting as it is written, and where."""

    name: str
    start: int
    end: int


def greeted(text: str) -> Greeted | None:
    """Whom the text greets by name, or None."""
    at, seen = 0, 0
    for line in text.splitlines(keepends=True):
        if line.strip():
            seen += 1
            if found := _of_line(line.rstrip(), at):
                return found
        if seen == _LINES:
            break
        at += len(line)
    return None


def _of_line(line: str, at: int) -> Greeted | None:
    match = _GREETING.match(line)
    if match is None or len(match["who"].split()) > _MOST_WORDS:
        return None
    who = match["who"]
    titles = _LEADING_TITLES.match(who)
    begin = titles.end() if titles else 0
    words = list(_name_words(who, begin))
    if not words:
        return None
    start, end = match.start("who") + words[0].start(), match.start("who") + words[-1].end()
    return Greeted(name=line[start:end], start=at + start, end=at + end)


def _name_words(who: str, begin: int) -> list[re.Match[str]]:
    """The words of a name at the beginning: capitals, with "van der" between them."""
    named: list[re.Match[str]] = []
    for word in _WORD.finditer(who, begin):
        bare = word[0].casefold().rstrip(".")
        if bare in _NOBODY or (not word[0][0].isupper() and bare not in _PARTICLES):
            break
        named.append(word)
    while named and named[-1][0].casefold() in _PARTICLES:
        named.pop()
    return named

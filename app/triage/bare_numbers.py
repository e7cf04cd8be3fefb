"""Bare numbers: four to six digits that nobody calls an order, in a place where one stands.

Part of the entities, for `order_numbers`. "Can I send 31877 back?": people who write so little mean
their order. What stands before and behind must both allow it; years, round sums, postcodes, phone
numbers, the end of a card and the numbers of other things are none.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from app.triage.words import fold

_DIGITS = re.compile(r"(?<![\w.,:/@#+&=€£$-])[1-9]\d{3,5}(?![\w/@€£$%]|[.,:-]\d|-\w)")
_AROUND = 60
_LONE = 5


def _set(words: str) -> frozenset[str]:
    return frozenset(words.split())


# Words that lead up to an order, folded: each language's small words, and what one does with it.
_LEADS = _set(
    """for about regarding re on was were is its thats with of to with cancel return returning
    refund refunding exchange place placed got get bought one ones where wheres
    zu fur wegen kommt kommen ist sind war waren bzgl betr betrifft betreffs lautet bleibt zur zum
    storniert stornieren mit von aus um bei
    pour sur la est etait concernant concerne du de des annuler dans
    del para por es era sobre con el cancelar
    per di e su riguardo il dell annullare
    van voor over met om annuleren
    do da o a sobre com
    za dla to z ze w sprawie anulowac dotyczy"""
)
_NUMBER_WORDS = _set("number numbers no nr nummer numero numer numerem num n")
_OURS = _set(
    "my the this with is mine die meine der mit ma la le avec el mi con il mio mia het mijn met o a"
    " minha com moj moje z ze"
)
# What may follow without making it a number of something.
_FOLLOWS = _set(
    """and or which that but because please pls is was has have hasnt isnt still not to i we you my
    the it as when from came arrived never thanks thank asap since if so this been back with
    showed shows says went didnt doesnt should would could
    und oder bitte ist war wurde noch nicht ich wir mit von aus zum zur da weil aber kam kommt seit
    ging fehlt sind soll sollte
    et ou est a pas je nous que qui car mais merci pour avec depuis svp
    y o es fue no pero porque por con desde gracias se ha esta llego
    e ed non ho che ma perche per da grazie si sono
    en of niet ik wij dat die maar want met van heeft graag aub al
    nao mas com obrigado obrigada ainda foi chegou
    i lub nie jest ale bo od mam prosze dziekuje czy jeszcze"""
)
# In a line with one of these a row of digits is something else.
_ELSE = re.compile(
    r"\b(?:tel|telefon\w*|phone|mobile?|mob|handy|call|fax|whatsapp|movil|telemovel|tlf|hp"
    r"|iban|konto\w*|pin|code|kod|codigo|codice|passwor\w*|otp|zip|plz|cap|postcode|cedex|vat|ust"
    r"|nif|nip|siret|kvk|ending|ended|ends|endet|endend\w*|endziffern|termina\w*|eindig\w*|acaba\w*"
    r"|konczac\w*|letzten|str|strasse|\w+str|\w+strasse|street|road|rd|ave\w*|rue|via|viale|calle"
    r"|ulica|ul|straat|\w+straat|laan|\w+laan|rua|piazza|platz|lane|drive|po box|postfach|apartado"
    r"|invoice|rechnung\w*|facture|factura|fattura|factuur|fatura|faktur\w*)\b"
)
# Directly behind these it is their number.
_THEIRS = re.compile(
    r"\b(?:card|karte|carte|tarjeta|carta|kaart|cartao|kart[ay]|visa|amex|account|bank|case|ticket"
    r"|claim|fall|vorgang|dossier|caso|sprawa|model\w*|modele?|article|artikel|articulo|articolo"
    r"|item|art|room|apt|flat|unit|lot|batch|charge|version|serial|serie|sku|ref|size|tracking"
    r"|sendung|colis|since|until|seit|bis|depuis|desde|dal|sinds|year|jahr|ano|anno|jaar|over|uber"
    r"|plus|than|als|almost|nearly|etwa|circa|chargeback|dispute|litige|disputa|build"
    r"|clients?|customer|kunde\w*|clientes?|klant\w*|klient\w*)"
    r"(?: (?:no|nr|number|nummer|numero))?\W{0,3}$"
)
_WORD_BEFORE = re.compile(r"([^\W\d_]+(?:'[^\W\d_]+)?)[^\w\n'(,;]{0,3}$")
_TWO_BEFORE = re.compile(r"([^\W\d_]+)[ .'-]{1,2}[^\W\d_]+[^\w\n]{0,3}$")
_WORD_AFTER = re.compile(r"^[ \n]([^\W\d_]+)")
_MORE_DIGITS = re.compile(r"\d[ /-]{0,2}$|^[ /-]\d")
_ENDS_HERE = re.compile(r"\s*$|\s{0,3}\n| ?[,.;:!?)\]…]| ?[-–—] ")
_NOTHING_MORE = re.compile(r"[ ,.!?]{0,3}(?:\n|$)")
_LIST_BEFORE = re.compile(
    r"(?P<number>\d{4,6})(?:,? (?:and|und|et|y|e|en|i|oraz|or|oder|ou|o|of|lub|&)|,) $"
)
_SENTENCE_BEFORE = re.compile(r"(?:[^\W\d_]{3,}|\)|\d\d)[.!?] {1,2}$")


def bare_numbers(text: str) -> Iterator[tuple[str, int]]:
    """Numbers that can only be orders by where they stand, each with its place."""
    accepted: set[int] = set()
    for match in _DIGITS.finditer(text):
        before = text[max(0, match.start() - _AROUND) : match.start()]
        after = text[match.end() : match.end() + _AROUND]
        if _may_be(match.group(), before, after) and (
            _is_alone(before, after)
            or (_is_led_to(before, match.start(), accepted) and is_left(after))
        ):
            accepted.add(match.end())
            yield match.group(), match.start()


def lone_number(text: str) -> tuple[str, int] | None:
    """Five or six digits that follow any word, where a text has only this one row of digits.

    Asked only where nothing else in the text is an order.
    """
    found = [
        (match.group(), match.start())
        for match in _DIGITS.finditer(text)
        if len(match.group()) >= _LONE
        and _follows_a_word(text[max(0, match.start() - _AROUND) : match.start()])
        and is_left(text[match.end() : match.end() + _AROUND])
        and _may_be(
            match.group(),
            text[max(0, match.start() - _AROUND) : match.start()],
            text[match.end() : match.end() + _AROUND],
        )
    ]
    return found[0] if len(found) == 1 else None


def _follows_a_word(before: str) -> bool:
    """Whether an ordinary word in small letters stands before it, and no word for a number."""
    word = _WORD_BEFORE.search(before.rpartition("\n")[2].replace("’", "'"))
    if word is None or not word.group(1).islower():
        return False
    said = fold(word.group(1))
    return said not in _NUMBER_WORDS and not said.endswith(("nummer", "number", "nr"))


def is_left(after: str) -> bool:
    """Whether what follows a number does not make it a number of something."""
    if _ENDS_HERE.match(after):
        return True
    word = _WORD_AFTER.match(after)
    return word is not None and fold(word.group(1)) in _FOLLOWS


def is_round(number: str) -> bool:
    """Whether it is more likely a count: 500, 1200, 15000."""
    return number.endswith("00" if len(number) <= 4 else "000")


def _may_be(number: str, before: str, after: str) -> bool:
    year = len(number) == 4 and 1900 <= int(number) <= 2049
    if is_round(number) or year or _MORE_DIGITS.search(before) or _MORE_DIGITS.search(after):
        return False
    return not _THEIRS.search(_line(before)) and not _ELSE.search(_line(before))


def _line(before: str) -> str:
    return fold(before.rpartition("\n")[2])


def _is_alone(before: str, after: str) -> bool:
    """A line of its own, or a sentence; but not the last line of an address."""
    line = before.rpartition("\n")[2]
    if not line.strip(" >"):
        above = before.rstrip("\n >").rpartition("\n")[2]
        return bool(_NOTHING_MORE.match(after)) and not _ELSE.search(fold(above))
    return bool(_SENTENCE_BEFORE.search(line)) and bool(re.match(r"[.,!?\n]|$", after))


def _is_led_to(before: str, start: int, accepted: set[int]) -> bool:
    listed = _LIST_BEFORE.search(before)
    if listed:
        return start - len(before) + listed.end("number") in accepted
    line = before.rpartition("\n")[2]
    if line.endswith((", ", "; ", "(")):
        return True
    word = _WORD_BEFORE.search(line.replace("’", "'"))
    if word is None or re.fullmatch("[A-Z]{2}", word.group(1)):  # DE 19801: a state's postcode
        return False
    lead = fold(word.group(1)).replace("'", "")
    return lead in _LEADS or (lead in _NUMBER_WORDS and _is_our_number(line))


def _is_our_number(line: str) -> bool:
    """ "my number 20417", but not "customer number 20417"."""
    two = _TWO_BEFORE.search(line)
    return two is None or fold(two.group(1)) in _OURS

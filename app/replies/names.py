"""Names: how to address somebody of whom we know only what stands beside an address.

On the walk: variables asks here. Unsure means empty: "Hi there" is better than "Hi Costa GmbH".
"""

from __future__ import annotations

import re
import unicodedata
from itertools import takewhile

_LONGEST = 60
_LOOKED_AT = 300  # characters of what stands there; nothing longer is a name
_MOST_WORDS = 5
_NEVER_IN_A_NAME = re.compile(r"[@{}<>\[\]|\\/=*#$%^~_;:!?+]|www\.|\.(?:com|de|fr|es|net|org)\b")
_ASIDE = re.compile(r"\([^)]*\)|\s+via\s+\S.*$", re.IGNORECASE)
_TITLES = re.compile(
    r"^(?:(?:mr|mrs|ms|miss|mx|sir|herr|herrn|frau|hr|fr|monsieur|madame|mme|mlle|m|maître|me"
    r"|señor|señora|sr|sra|don|doña|signora?|sig|sig\.ra|dhr|mevr|mevrouw|senhora?|pan|pani)"
    r"(?:\.?\s+|\.?$))+",
    re.IGNORECASE,
)
_DEGREES = re.compile(
    r"^(?:(?:(?:dr|dra|drs|prof|dipl|mag|ing|med|dott\.ssa|dott|ph\.?d|b\.?sc|m\.?sc|mba|ra)\b"
    r"|(?:eng|ir|lic|avv)\.)[.\-]*\s*"
    r"(?:-?ing\.?\s*|(?:med|dent|vet|phil|rer|nat|jur|pol|oec|habil|h\.\s?c)\.\s*)*)+",
    re.IGNORECASE,
)
_SUFFIXES = frozenset({"jr", "sr", "phd", "md", "esq", "mba", "ii", "iii", "iv", "msc", "bsc"})
_NOT_ONE_PERSON = frozenset(
    {
        *(
            "&",
            "and",
            "und",
            "et",
            "y",
            "e",
            "en",
            "the",
            "family",
            "familie",
            "famille",
            "familia",
        ),
        *("gmbh", "ag", "kg", "ohg", "gbr", "ug", "e.k.", "ek", "mbh", "e.v.", "ev", "se", "co"),
        *("ltd", "limited", "llc", "inc", "corp", "plc", "llp", "company", "group", "gruppe"),
        *("sa", "sarl", "sas", "sasu", "eurl", "s.a.", "s.l.", "sl", "slu", "srl", "spa", "s.p.a."),
        *("bv", "nv", "b.v.", "oy", "ab", "as", "aps", "sro", "doo", "zoo"),
        *("shop", "store", "boutique", "tienda", "laden", "team", "support", "service", "office"),
        *(
            "info",
            "contact",
            "kontakt",
            "sales",
            "customer",
            "customers",
            "kunde",
            "kundin",
            "guest",
        ),
        *("kundenservice", "kundendienst", "billing", "buchhaltung", "einkauf", "admin", "user"),
        *(
            "noreply",
            "no-reply",
            "praxis",
            "verlag",
            "hotel",
            "restaurant",
            "café",
            "cafe",
            "studio",
        ),
        *(
            "atelier",
            "verein",
            "schule",
            "school",
            "agency",
            "agentur",
            "client",
            "cliente",
            "mail",
        ),
        *("ceramics", "keramik", "design", "designs", "trading", "handel", "media", "solutions"),
        *("consulting", "books", "bücher", "blumen", "flowers", "bakery", "bäckerei", "kaffee"),
        *("coffee", "foods", "house", "interiors", "supplies", "products", "marketing", "events"),
        *("anonymous", "unknown", "unbekannt", "n/a", "na", "none", "null", "test"),
    }
)
# What a shop's form writes where nobody told a name. Some are names beside another one: Eva Gast.
_NOBODY_WORDS = """guest gast invité invitée invitado invitada ospite hóspede gość visitor besucher
    customer customers kunde kundin client cliente klant klient user anonymous anonym anonyme
    anónimo anonimo unknown unbekannt inconnu desconocido undefined n/a na none null test"""
_NOBODY = frozenset(_NOBODY_WORDS.split())
_UMLAUTS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss"})
_PARTICLES = frozenset(
    {*("van", "der", "den", "von", "vom", "zu", "zur", "de", "del", "la", "le", "du", "di", "da")}
    | {*("dos", "das", "do", "des", "y", "e", "ter", "ten", "und", "und")}
)


def flat(text: str) -> str:
    """The text on one line, without controls, direction overrides and half characters."""
    kept = []
    for char in text:
        category = unicodedata.category(char)
        if category in ("Cc", "Zl", "Zp", "Zs"):
            kept.append("\xa0" if char in "\xa0\u202f" else " ")
        elif category not in ("Cs", "Co") and not _turns(char):
            kept.append(char)
    return " ".join(part for part in "".join(kept).split(" ") if part)


def first_name(display: str, email: str = "") -> str:
    """The given name in "Ben Costa", "Costa, Ben", "DUPONT Camille" or "ben costa", or nothing.

    With the address beside it, a name that is only the name of the domain counts as a firm's.
    """
    words = _person(display)
    if not words or _is_domain(words, email) or _is_surname(words, email):
        return ""
    given = words[0]
    if len(words) == 1 and given != _cased(given):
        return ""  # a lone "bcosta" or "BCO" is a user name, not a name
    letters = [c for c in given if c.isalpha()]
    if len(letters) < 2 or "." in given:
        return ""  # an initial
    name = _cased(given)
    return name if name[0].isupper() else ""


def full_name(display: str, email: str = "") -> str:
    """The name as one writes it above a letter; a firm's name stays as it is.

    With the address beside it, a lone surname is none: nobody writes "Hallo Costa".
    """
    words = _person(display)
    if len(words) == 1:
        is_name = words[0] == _cased(words[0]) and len(words[0]) > 1
        return words[0] if is_name and not _is_surname(words, email) else ""
    if words:
        plain = " ".join(words).isupper() or " ".join(words).islower()
        return " ".join(_particle(w) or _cased(w) for w in words) if plain else " ".join(words)
    name = _tidied(display)
    usable = len(name) <= _LONGEST and not _NEVER_IN_A_NAME.search(name) and not _is_nobody(name)
    is_shown = (_is_firm(name) and name != name.lower()) or _is_degree_and_surname(name)
    return name if usable and is_shown else ""


def _person(display: str) -> list[str]:
    """The words of one person's name, the given name first; none if it is not one."""
    name = _tidied(display)
    if not name or len(name) > _LONGEST or _NEVER_IN_A_NAME.search(name):
        return []
    bare = _bare(name)
    words = [] if _is_firm(name) or _is_nobody(name) else _given_name_first(bare)
    if bare != name and len(words) == 1:
        return []  # "Frau Costa" and "Dr. Costa" tell no first name
    fits = 1 <= len(words) <= _MOST_WORDS and all(_is_word(word) for word in words)
    return words if fits else []


def _given_name_first(name: str) -> list[str]:
    family, comma, given = name.partition(",")
    if comma and "," not in given:
        if given.strip().rstrip(".").lower().replace(".", "") in _SUFFIXES:
            return family.split()
        first = _bare(given.strip()).split()
        return [*first, *family.split()] if first else []
    words = name.replace(",", " , ").split()
    loud = list(takewhile(str.isupper, words))
    is_family = len("".join(loud)) > 2 and all(len(one) > 1 and "." not in one for one in loud)
    if is_family and len(loud) < len(words) and not any(map(str.isupper, words[len(loud) :])):
        return [*words[len(loud) :], *loud]  # as the French write it: LE GOFF Camille
    return words


def _bare(name: str) -> str:
    """The name without Frau, Dr. and such before it."""
    return _DEGREES.sub("", _TITLES.sub("", name)).strip()


def _is_degree_and_surname(name: str) -> bool:
    """Dr. Costa: one writes to somebody so in any language; Frau Dr. Costa only in German."""
    words = _bare(name).split()
    is_degree = _TITLES.match(name) is None and _DEGREES.match(name) is not None
    return is_degree and len(words) == 1 and _is_word(words[0]) and words[0] == _cased(words[0])


def _tidied(display: str) -> str:
    pictures = str.maketrans("", "", "\ufe0f\u200d")
    plain = "".join(" " if unicodedata.category(c) == "So" else c for c in display[:_LOOKED_AT])
    return _ASIDE.sub("", flat(plain.translate(pictures)).strip(" \"'“”„`«»")).strip(" \"'.,")


def _is_nobody(name: str) -> bool:
    """Guest, Undefined Undefined: what stands there is no name, whoever wrote."""
    return all(word in _NOBODY for word in name.lower().replace(",", " ").split())


def _is_firm(name: str) -> bool:
    words = name.lower().replace(",", " ").split()
    return any(word in _NOT_ONE_PERSON or word.rstrip(".") in _NOT_ONE_PERSON for word in words)


def _is_domain(words: list[str], email: str) -> bool:
    """Blue Kiln at hello@bluekiln.example is a firm; Ben Costa at ben@bencosta.example is not."""
    local, _, domain = email.lower().rpartition("@")
    joined = "".join(c for c in "".join(words).lower() if c.isalnum())
    label = domain.partition(".")[0].replace("-", "")
    return joined == label and words[0].lower() not in local


def _is_surname(words: list[str], email: str) -> bool:
    """A lone Weber at anna.weber@ is a surname; a lone Anna there is none."""
    *before, last = re.split(r"[._-]", email.lower().partition("@")[0])
    return len(words) == 1 and bool(before) and last in _spelt(words[0]) and last not in before


def _spelt(word: str) -> set[str]:
    """The ways in which an address can have a word: müller, mueller, muller."""
    small = word.lower()
    plain = unicodedata.normalize("NFKD", small).encode("ascii", "ignore").decode()
    return {small, plain, small.translate(_UMLAUTS)}


def _is_word(word: str) -> bool:
    """Letters with a case (a script without one has another order of names), - ' ’ and dots."""
    letters = [c for c in word if c not in "-'’."]
    return bool(letters) and all(
        (c.isalpha() and c.lower() != c.upper()) or unicodedata.category(c) == "Mn" for c in letters
    )


def _cased(word: str) -> str:
    """The word with capitals where a name has them, if it was all in one case."""
    if not (word.isupper() or word.islower()):
        return word
    return re.sub(r"[^\W\d_]+", lambda part: part[0].capitalize(), word)


def _particle(word: str) -> str:
    return word.lower() if word.lower() in _PARTICLES else ""


def _turns(char: str) -> bool:
    """Whether the character is invisible and changes how others read (bidirectional controls)."""
    return (
        char in "\u200e\u200f\u061c\ufeff\u200b"
        or "\u202a" <= char <= "\u202e"
        or ("\u2066" <= char <= "\u2069")
    )

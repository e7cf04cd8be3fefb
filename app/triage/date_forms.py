"""Date forms: how each of the eight languages writes a day of the calendar.

What `days` looks for. Each form names its groups alike (`day`, `month` or `name`, `year`); what is
a date in one language is a size, a fraction or a word in the next, so most belong to one.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache

from app.triage.time_words import LANGUAGES

_MONTHS = {
    "en": "january february march april may june july august september october november december",
    "de": "januar februar marz april mai juni juli august september oktober november dezember",
    "fr": "janvier fevrier mars avril mai juin juillet aout septembre octobre novembre decembre",
    "es": "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre"
    " diciembre",
    "it": "gennaio febbraio marzo aprile maggio giugno luglio agosto settembre ottobre novembre"
    " dicembre",
    "nl": "januari februari maart april mei juni juli augustus september oktober november december",
    "pt": "janeiro fevereiro marco abril maio junho julho agosto setembro outubro novembro"
    " dezembro",
    "pl": "stycznia lutego marca kwietnia maja czerwca lipca sierpnia wrzesnia pazdziernika"
    " listopada grudnia",
    "pl, as it is": "styczen luty marzec kwiecien maj czerwiec lipiec sierpien wrzesien pazdziernik"
    " listopad grudzien",
}
# Short ones are words of other languages, so each counts in its own; English ones everywhere.
_SHORT_MONTHS = {
    "en": "jan feb mar apr may jun jul aug sep oct nov dec",
    "de": "jan feb mrz apr mai jun jul aug sept okt nov dez",
    "fr": "janv fevr mars avr mai juin juil aout sept oct nov dec",
    "es": "ene feb mar abr may jun jul ago sept oct nov dic",
    "it": "gen feb mar apr mag giu lug ago set ott nov dic",
    "nl": "jan feb mrt apr mei jun jul aug sept okt nov dec",
    "pt": "jan fev mar abr mai jun jul ago set out nov dez",
    "pl": "sty lut mar kwi maj cze lip sie wrz paz lis gru",
}
_NO_MONTH = {"pl": frozenset(("sie",)), "": frozenset(("sie", "set", "out", "mag", "ago"))}
_YEAR = r"(?:[,./ -] ?(?:de |del |of |roku )?(?P<year>20\d\d))?(?!\d)"
_YEAR_AFTER_A_DOT = r"(?: ?(?P<year>20\d\d)|(?P<short_year>\d\d(?![\d:.])))?"
_AS_A_TURN = r"(?:st|nd|rd|th|er|º|ª|°|e|o|\.|-?(?:ego|tego|go))?"
# Before a day and a month in figures: that it is a date and no fraction, size or hour.
_CUE = (
    r"(?<![a-z])(?:by|before|until|till|on|for|due|bis|am|zum|vom|ab|den|dem|seit|avant le|le"
    r"|pour le|d'ici le|el|il|entro il|per il|del|dal|al|voor|op|tot|uiterlijk|ate|dia|em|do|na"
    r"|przed|dnia)"
)


def _not_before(words: str) -> str:
    return rf"(?! ?(?:{words})(?![a-z]))"


_NO_AMOUNT = _not_before("uhr|h|eur|euro|zl|pln|usd|kg|g|cm|mm|m|l|km|[%€$£]")
_NO_SIZE = _not_before(
    "ans?|anni|anos|jaar|lat|mois|mesi|meses|maanden|cm|dias?|giorni|days?|pkt|gwiazdek|de|gli"
)
# A number that no day is: an hour, an amount, a range of hours, a count of things.
_NO_COUNT = r"(?![.,:/-]?\d| ?(?:-|to|bis) ?\d)" + _not_before(
    "uhr|h|heures?|horas?|hs|ore|ora|uur|godz|am|pm|ans?|anos|anni|jahre?|jaar|lat|dias|giorni|gg"
    "|tage?|dagen|dni|minut|minuten|minutos|minuti|minutes|min|cm|mm|ml|kg|eur|euro|zl|[%€$£]|x"
    "|stuck|stk|st|people|personen|pezzi|piezas|units|sztuk"
)
_NO_TURN = _not_before(
    "stock|etage|tag|mal|klasse|platz|geburtstag|versuch|jahr|lieferung|mail|nachricht|keer|etap"
    "|pietro|raz"
)
# After "the 3rd" stands a thing that is counted, unless it is one of these.
_NO_THING = (
    r"(?! (?!(?:and|or|of|at|for|please|to|but|so|because|latest|if|as|is|was|we|i|it|we've"
    r"|i've)\b)[a-z])"
)
_STOP = r"(?=[.,;!?)\n](?!\d)|$)"


@dataclass(frozen=True, slots=True)
class Forms:
    """How a language writes days. Earlier forms win the text that they cover; `bare` ones name no
    month; `months` has the number of each name."""

    whole: tuple[re.Pattern[str], ...]
    bare: tuple[re.Pattern[str], ...]
    months: Mapping[str, int]


@lru_cache(maxsize=9)
def forms_of(language: str) -> Forms:
    """The forms of a language; all that are plain in any where it is not known ("")."""
    months = _month_numbers(language)
    name = rf"(?:{'|'.join(sorted(months, key=len, reverse=True))})(?![a-z])\.?"
    english = "|".join(f"{_MONTHS['en']} {_SHORT_MONTHS['en']}".split())
    day, month = r"(?P<day>\d{1,2})", r"(?P<month>\d{1,2})"
    whole = (
        r"(?<![\d-])(?P<year>20\d\d)(?P<sign>[/-])(?P<month>\d\d)(?P=sign)(?P<day>\d\d)(?!\d)",
        rf"(?<![\d.]){day}\. ?{month}\.{_YEAR_AFTER_A_DOT}(?![\d.])",
        rf"(?<![\d/.-]){day}[/-]{month}[/-](?P<year>20\d\d|\d\d)(?!\d)",
        rf"(?<![\d/.]){day}\.{month}\.?(?P<year>20\d\d)(?!\d)",
        (
            rf"(?<![\d.:,])(?<![^\dhdt.]-)(?<!\d{{3}}-){day}{_AS_A_TURN}[ /-]?(?:of |de |d')?"
            rf"(?P<name>{name}){_YEAR}"
        ),
        (
            rf"(?<![a-z])(?P<name>(?:{english})(?![a-z])\.?) (?:the )?{day}(?:st|nd|rd|th)?"
            rf"(?![\d:./]\d|\d|%){_YEAR}"
        ),
        *_in_figures(language),
    )
    return Forms(
        whole=tuple(re.compile(one) for one in whole),
        bare=tuple(re.compile(one) for one in _bare_forms(language)),
        months=months,
    )


def _month_numbers(language: str) -> Mapping[str, int]:
    short = [_SHORT_MONTHS["en"], *([_SHORT_MONTHS[language]] if language in _SHORT_MONTHS else [])]
    every = [*_MONTHS.values(), *(short if language else _SHORT_MONTHS.values())]
    numbers: dict[str, int] = {}
    for names in every:
        for index, name in enumerate(names.split(), start=1):
            if name not in _NO_MONTH.get(language, ()):
                numbers.setdefault(name, index)
    return numbers


def _in_figures(language: str) -> Iterator[str]:
    """Day and month without a year: what would be something else in another language."""
    slash = rf"(?P<day>\d{{1,2}})/(?P<month>\d{{1,2}})(?![\d/.,]*\d){_NO_SIZE}"
    dot = rf"(?P<day>\d{{1,2}})\.(?P<month>\d{{2}})(?![\d.,:]*\d){_NO_AMOUNT}"
    cue = f"(?:{_CUE}|{_weekdays(language)})"
    yield rf"{cue}[.,]? {slash}"
    if language not in ("en", ""):
        yield rf"(?<![\d/.,-])(?!(?P<same>\d{{1,2}})/(?P=same)(?!\d)){slash}"
    if language == "pl":
        yield rf"(?<![\d.,:-]){dot}"
    if language in ("de", "it"):
        yield rf"{cue}[.,]? (?:den |dem )?{dot}"
    if language == "nl":
        yield r"(?<![a-z])(?:voor|op|tot|uiterlijk) (?P<day>\d{1,2})-(?P<month>\d{1,2})(?![\d-])"


def _bare_forms(language: str) -> Iterator[str]:
    """A day without its month: "the 12th", "sabato 31", "dia 12"; but "it's the 23rd" only says
    what day it is. What stands after `limit` lies ahead."""
    number = r"(?P<day>\d{1,2})"
    yield (
        rf"(?:{_weekdays(language)})['.]?,? (?:the |den |dem |le |el |il |dia |dnia )?{number}"
        rf"(?:st|nd|rd|th|ten|\.|e|º)?(?!\w){_NO_COUNT}"
    )
    if language in ("en", ""):
        yield (
            r"(?<!it's )(?<!its )(?<!it is )\b(?:the|on|since|until|till|by) (?:the )?"
            rf"{number}(?:st|nd|rd|th)\b{_NO_THING}"
        )
    for one in _LIMITS.get(language, ()):
        yield f"{one.replace('NUMBER', number)}{_NO_COUNT}"


_LIMITS = {
    "de": (
        r"\b(?P<limit>bis(?: spatestens)?(?: zum)?) NUMBER(?:\.|ten\b)" + _NO_TURN,
        r"\b(?:zum|vom|seit dem) NUMBER(?:\.|ten\b)" + _NO_TURN,
        r"\bam NUMBER(?:\.|ten\b)",
    ),
    "fr": (
        r"\b(?P<limit>avant le|pour le|d'ici le) NUMBER\b",
        r"\ble NUMBER\b(?= (?:au plus tard|et|au matin|au soir|mais|car|c'est)\b)",
        r"\b(?:le|du) NUMBER\b" + _STOP,
    ),
    "es": (
        r"\b(?P<limit>para el|antes del|hasta el) (?:dia )?NUMBER\b",
        r"\bdias? NUMBER\b",
        r"\b(?:desde el|del|el) NUMBER\b" + _STOP,
    ),
    "it": (
        r"\b(?P<limit>entro il|per il|prima del|entro l'|per l') ?(?:giorno )?NUMBER\b",
        r"\b(?:giorno|giorni) NUMBER\b(?! ?(?:lavorativi|giorni))",
        r"\b(?:il|dal|del) NUMBER\b" + _STOP,
        r"\bil NUMBER\b(?= (?:e|che|c'e|mi|ma|sono|parto)\b)",
    ),
    "nl": (
        (
            r"\b(?P<limit>voor|uiterlijk|tot) (?:de )?NUMBER(?:e|de|ste)\b"
            r"(?=\s*(?:[.,;!?)\n]|$|binnen|in huis|graag|nodig|a\.?s|moet|svp|aub|is|want|en|dan|om"
            r"|hebben))"
        ),
        r"\b(?:de|op) NUMBER(?:e|de|ste)\b(?=\s*(?:[.,;!?)\n]|$|binnen|in huis|moet))",
    ),
    "pt": (
        r"\b(?P<limit>ate(?: ao| o)?) dia NUMBER\b",
        r"\bdias? NUMBER(?:º|o)?\b",
    ),
    "pl": (
        r"\b(?P<limit>do|na|przed|najpozniej) NUMBER-?(?:ego|tego|go)\b" + _NO_TURN,
        r"\b(?:dnia|od|z) NUMBER-?(?:ego|tego|go)?\b" + _STOP,
    ),
}


def _weekdays(language: str) -> str:
    every = [LANGUAGES[language]] if language in LANGUAGES else list(LANGUAGES.values())
    names = (name for one in every for name in one.weekdays.split("/"))
    short = (name for one in every for name in one.short_days.split("/") if name)
    pieces = "|".join((*names, *(() if not language else short), *_SHORT_DAYS.get(language, ())))
    return rf"(?<![a-z])(?:{pieces})(?![a-z])(?:'s)?".replace(" ", r"\s")


# Only before a number: they are other words too often.
_SHORT_DAYS = {
    "es": ("lun", "mar", "mie", "jue", "vie", "sab", "dom"),
    "it": ("lun", "mar", "mer", "gio", "ven", "sab", "dom"),
    "fr": ("lun", "mar", "mer", "jeu", "ven", "sam", "dim"),
    "nl": ("ma", "di", "wo", "do", "vr", "za", "zo"),
}

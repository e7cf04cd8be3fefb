"""Days that a text names by the calendar: 2026-11-07, 06.10., 7 Nov, October 2nd, 19 de octubre.

Part of the entities, and what severity measures deadlines by. Where the year is missing, it is the
one that brings the day closest to the mail's own date.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from app.triage.lines import unwrapped
from app.triage.time_words import LANGUAGES
from app.triage.words import fold

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
# Before a day and a month in figures, that it is a date and no fraction, size or hour.
_CUE = (
    r"(?<![a-z])(?:by|before|until|till|on|for|due|bis|am|zum|vom|ab|den|dem|seit|avant le|le|pour le"
    r"|d'ici le|el|il|entro il|per il|del|dal|al|voor|op|tot|uiterlijk|ate|dia|em|do|na|przed|dnia)"
)
_NO_DATE = r"(?! ?(?:uhr|h(?![a-z])|eur|euro|zl|pln|usd|kg|g(?![a-z])|cm|mm|m(?![a-z])|l(?![a-z])|km|[%€$\xa3]))"
_SIZES = r"(?! ?(?:ans?|anni|anos|jaar|lat|mois|mesi|meses|maanden|cm|dias?|giorni|days?|pkt|gwiazdek|de |gli ))"
_MARKS = re.compile(
    r"(?:tailles?|tallas?|taglia|tg\.?|maat|maten|gro(?:ss|ß)e|gr\.?|rozmiar|tamanho|tam\.?|size|note|nota"
    r"|voto|cijfer|mets|ocena|oceniam|daje|wam|dou|een|un|fattura|factura|n\.?|nr\.?|no\.?|caduca|vence"
    r"|scade|scadenza|parcela|volume|caixa|rata|raty|paczka|karton|pakket|paket|service|fascia) $"
)
# A number that no day is: an hour, an amount, a range of hours, a count of things.
_OTHERWISE = (
    r"(?![.,:/-]?\d| ?-\s?\d| ?(?:uhr|h(?![a-z])|heures?|horas?|hs|ore|ora|uur|godz|am(?![a-z])|pm"
    r"|ans?(?![a-z])|anos|anni|jahre?|jaar|lat|dias|giorni|gg|tage?|dagen|dni|minut|min(?![a-z])|cm|mm|ml|kg"
    r"|eur|euro|zl|[%€$\xa3]|x(?![a-z])|stuck|stk|st(?![a-z])|people|personen|pezzi|piezas|units|sztuk))"
)
_NOT_COUNTED = (
    r"(?! ?(?:stock|etage|tag|mal|klasse|platz|geburtstag|versuch|jahr|lieferung|mail|nachricht|keer"
    r"|etap|pietro|raz))"
)
_STREET = re.compile(
    r"(?:rua|r\.|av\.?|avenida|praca|travessa|largo|alameda|ul\.?|ulica|ulicy|al\.|aleja|plac|pl\.|os\."
    r"|rue du|place du|boulevard du|avenue du|via|viale|piazza|corso|calle|plaza|strasse des"
    r"|platz des) $"
)
_TIME_BEFORE = re.compile(r"(?:alle|ore|le|delle|dalle|dopo le|las|as|o|um|gegen|ab) $")


@dataclass(frozen=True, slots=True)
class _Forms:
    """How a language writes days. Each names its groups alike; earlier forms win the text that they
    cover; `bare` ones name no month."""

    whole: tuple[re.Pattern[str], ...]
    bare: tuple[re.Pattern[str], ...]
    months: Mapping[str, int]


@lru_cache(maxsize=9)
def _forms(language: str) -> _Forms:
    months = _month_numbers(language)
    name = rf"(?:{'|'.join(sorted(months, key=len, reverse=True))})(?![a-z])\.?"
    english = "|".join(f"{_MONTHS['en']} {_SHORT_MONTHS['en']}".split())
    whole = (
        r"(?<![\d-])(?P<year>20\d\d)-(?P<month>\d\d)-(?P<day>\d\d)(?!\d)",
        r"(?<![\d.])(?P<day>\d{1,2})\. ?(?P<month>\d{1,2})\.(?: ?(?P<year>20\d\d)|(?P<short_year>\d\d"
        r"(?![\d:.])))?(?![\d.])",
        r"(?<![\d/.-])(?P<day>\d{1,2})[/-](?P<month>\d{1,2})[/-](?P<year>20\d\d|\d\d)(?!\d)",
        r"(?<![\d/.])(?P<day>\d{1,2})\.(?P<month>\d{1,2})\.?(?P<year>20\d\d)(?!\d)",
        r"(?<![\d.:,])(?<![^\dhdt.]-)(?<!\d{3}-)(?P<day>\d{1,2})"
        r"(?:st|nd|rd|th|er|º|ª|°|e|o|\.|-?(?:ego|tego|go))?[ /-]?(?:of |de |d')?"
        rf"(?P<name>{name}){_YEAR}",
        rf"(?<![a-z])(?P<name>(?:{english})(?![a-z])\.?) (?:the )?(?P<day>\d{{1,2}})"
        rf"(?:st|nd|rd|th)?(?![\d:./]\d|\d|%){_YEAR}",
        *_in_figures(language),
    )
    return _Forms(
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
    slash = rf"(?P<day>\d{{1,2}})/(?P<month>\d{{1,2}})(?![\d/.,]*\d){_SIZES}"
    dot = rf"(?P<day>\d{{1,2}})\.(?P<month>\d{{2}})(?![\d.,:]*\d){_NO_DATE}"
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
    """A day without its month: "the 12th", "sabato 31", "dia 12"; but "it's the 23rd" only says what
    day it is. What stands after `limit` lies ahead."""
    number = r"(?P<day>\d{1,2})"
    yield (
        rf"(?:{_weekdays(language)})['.]?,? (?:the |den |dem |le |el |il |dia |dnia )?{number}"
        rf"(?:st|nd|rd|th|ten|\.|e|º)?(?!\w){_OTHERWISE}"
    )
    if language in ("en", ""):
        yield (
            r"(?<!it's )(?<!its )(?<!it is )\b(?:the|on|since|until|till|by) (?:the )?(?P<day>\d{1,2})"
            r"(?:st|nd|rd|th)\b(?! (?!(?:and|or|of|at|for|please|to|but|so|because|latest|if|as|is|was"
            r"|we|i|it|we've|i've)\b)[a-z])"
        )
    for one in _LIMITS.get(language, ()):
        yield f"{one.replace('NUMBER', number)}{_OTHERWISE}"


_LIMITS = {
    "de": (
        r"\b(?P<limit>bis(?: spatestens)?(?: zum)?) NUMBER(?:\.|ten\b)" + _NOT_COUNTED,
        r"\b(?:am|zum|vom|seit dem) NUMBER(?:\.|ten\b)" + _NOT_COUNTED,
    ),
    "fr": (
        r"\b(?P<limit>avant le|pour le|d'ici le) NUMBER\b",
        r"\ble NUMBER\b(?= au plus tard)",
        r"\b(?:le|du) NUMBER\b(?=[.,;!?)\n](?!\d)|$)",
    ),
    "es": (
        r"\b(?P<limit>para el|antes del|hasta el) (?:dia )?NUMBER\b",
        r"\bdias? NUMBER\b",
        r"\b(?:desde el|del|el) NUMBER\b(?=[.,;!?)\n](?!\d)|$)",
    ),
    "it": (
        r"\b(?P<limit>entro il|per il|prima del|entro l'|per l') ?(?:giorno )?NUMBER\b",
        r"\b(?:giorno|giorni) NUMBER\b(?! ?(?:lavorativi|giorni))",
        r"\b(?:il|dal|del) NUMBER\b(?=[.,;!?)\n](?!\d)|$)",
    ),
    "nl": (
        r"\b(?P<limit>voor|uiterlijk|tot) (?:de )?NUMBER(?:e|de|ste)\b(?=\s*(?:[.,;!?)\n]|$|binnen|in huis"
        r"|graag|nodig|a\.?s|moet|svp|aub))",
        r"\b(?:de|op) NUMBER(?:e|de|ste)\b(?=\s*(?:[.,;!?)\n]|$|binnen|in huis|moet))",
    ),
    "pt": (
        r"\b(?P<limit>ate(?: ao| o)?) dia NUMBER\b",
        r"\bdias? NUMBER(?:º|o)?\b",
    ),
    "pl": (
        r"\b(?P<limit>do|na|przed) NUMBER-?(?:ego|tego|go)\b" + _NOT_COUNTED,
        r"\b(?:dnia|od|z) NUMBER-?(?:ego|tego|go)?\b(?=[.,;!?)\n](?!\d)|$)",
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
_RANGE_BEFORE = re.compile(
    r"(?<![\d.,:])(?P<day>\d{1,2})(?:st|nd|rd|th|\.)? ?"
    r"(?:- ?|to|and|&|bis|und|et|au|y|al|e|a|en|tot|i|do|t/m) ?(?:(?:the|el|il|le|den) )?$"
)
_SAME_BREATH = 100
_PARTS = frozenset(("day", "month", "name", "year"))  # of a match; a cue before them is none of it
_ROUND_THE_CLOCK = ("24/7", "24/24", "7/7", "1/2", "1/4", "3/4")


@dataclass(frozen=True, slots=True)
class NamedDay:
    """A day, and where in the text it stands."""

    day: date
    start: int
    end: int


def named_days(text: str, *, sent: date, language: str = "") -> tuple[NamedDay, ...]:
    """The calendar days that a text names, in order of appearance."""
    folded = fold(unwrapped(text))
    looked = _Looked(text, folded, sent=sent, language=language)
    forms, found = _forms(language if language in LANGUAGES else ""), list[NamedDay]()
    for form in (*forms.whole, *forms.bare):
        matches = (one for one in form.finditer(folded) if looked.is_a_day(one))
        _collect(matches, forms, looked, bare=form in forms.bare, into=found)
    _add_range_starts(folded, found)
    return tuple(sorted(found, key=lambda named: named.start))


@dataclass(frozen=True, slots=True)
class _Looked:
    """A text that is looked through: as it was written, and folded."""

    text: str
    folded: str
    sent: date
    language: str

    def is_a_day(self, match: re.Match[str]) -> bool:
        """Whether it is none of what is only written like one: an hour, a size, a mark, a street."""
        parts, start = match.groupdict(), match.start("day")
        before = self.folded[max(0, match.start() - 16) : match.start()]
        if match.group() in _ROUND_THE_CLOCK or self._is_a_time(match, before):
            return False
        if parts.get("name"):
            end = match.end("name")
            is_they_have = (
                self.folded[match.start("name") : end] == "maja" and self.text[end - 1 : end] == "ą"
            )
            return not (is_they_have or _STREET.search(before))
        near = self.folded[max(0, start - 16) : start]
        return "/" not in match.group() or bool(parts.get("year")) or not _MARKS.search(near)

    def _is_a_time(self, match: re.Match[str], before: str) -> bool:
        """Whether the clock is meant: "at 13.06.", "alle 10.30."."""
        parts = match.groupdict()
        in_figures = "month" in parts and "." in match.group()
        if not in_figures or parts.get("year") or parts.get("short_year"):
            return False
        return self.language == "en" or bool(_TIME_BEFORE.search(before))

    @property
    def month_first(self) -> bool:
        """Whether it is written in America."""
        return self.language == "en" and "$" in self.text


def _add_range_starts(folded: str, found: list[NamedDay]) -> None:
    """The first day of "10 to 20 November", which shares the month of the second."""
    for named in tuple(found):
        before = folded[max(0, named.start - 16) : named.start]
        match = _RANGE_BEFORE.search(before)
        day = match and _valid(named.day.year, named.day.month, int(match["day"]))
        if match and day and day < named.day:
            start = named.start - len(before) + match.start()
            found.append(NamedDay(day, start, named.start))


def _collect(
    matches: Iterable[re.Match[str]],
    forms: _Forms,
    looked: _Looked,
    *,
    bare: bool,
    into: list[NamedDay],
) -> None:
    for match in matches:
        named = (match.start(part) for part in match.re.groupindex if part in _PARTS)
        start, end = min(place for place in named if place >= 0), match.end()
        if any(start < other.end and other.start < end for other in into):
            continue
        day = _day(match, forms, looked)
        if day is not None and bare and not match.groupdict().get("limit"):
            day = _in_the_month_before(day, start, into, sent=looked.sent) or day
        if day is not None:
            into.append(NamedDay(day, start, end))


def _in_the_month_before(
    day: date, start: int, found: list[NamedDay], *, sent: date
) -> date | None:
    """A bare day after a whole one: "sent back on 22 September, received on the 28th"."""
    near = [named for named in found if 0 <= start - named.end <= _SAME_BREATH]
    if not near:
        return None
    whole = max(near, key=lambda named: named.end).day
    same = _valid(whole.year, whole.month, day.day)
    return same if same and whole <= same <= sent else None


def _day(match: re.Match[str], forms: _Forms, looked: _Looked) -> date | None:
    parts = match.groupdict()
    day, name = int(parts["day"]), parts.get("name")
    if name is None and "month" not in parts:
        return _day_of_a_month(day, match, looked)
    month = forms.months[name.rstrip(".")] if name else int(parts["month"])
    may_be_turned = not name and ("/" in match.group() or "-" in match.group())
    american = may_be_turned and looked.month_first and day <= 12
    if american or (may_be_turned and month > 12 >= day):
        day, month = month, day
    year = parts.get("year") or parts.get("short_year")
    if year:
        return _valid(int(year) + (2000 if len(year) == 2 else 0), month, day)
    return _closest(month, day, looked.sent)


def _day_of_a_month(day: int, match: re.Match[str], looked: _Looked) -> date | None:
    """Of the months about the mail's the one that is meant: where the weekday fits, or ahead where
    it is a limit, or the closest."""
    sent, text = looked.sent, match.group()
    days = [one for one in _in_the_months_about(day, sent) if one]
    weekday = _weekday_in(text, looked.language)
    fitting = [one for one in days if one.weekday() == weekday]
    ahead = [one for one in days if one >= sent] if match.groupdict().get("limit") else []
    return min(fitting or ahead or days, key=lambda one: abs((one - sent).days), default=None)


def _weekday_in(text: str, language: str) -> int | None:
    """The weekday with which a match begins; Monday is 0."""
    every = [LANGUAGES[language]] if language in LANGUAGES else list(LANGUAGES.values())
    for one in every:
        for number, names in enumerate(one.weekdays.split("/")):
            if re.match(rf"(?:{names})(?![a-z])", text):
                return number
    return None


def _closest(month: int, day: int, sent: date) -> date | None:
    years = (_valid(sent.year + step, month, day) for step in (-1, 0, 1))
    return min((day for day in years if day), key=lambda day: abs((day - sent).days), default=None)


def _in_the_months_about(day: int, sent: date) -> tuple[date | None, ...]:
    """The day of this, the last and the next month."""
    last = (sent.year - (sent.month == 1), (sent.month - 2) % 12 + 1)
    following = (sent.year + (sent.month == 12), sent.month % 12 + 1)
    return tuple(
        _valid(year, month, day) for year, month in ((sent.year, sent.month), last, following)
    )


def _valid(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None

"""Public holidays: which days are free in a country or region, by name; a thin face of `holidays`.

Loaded only where a calendar names a country: the library takes a third of a second.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from functools import lru_cache

from app.domain.errors import KnownError
from app.domain.translation import to_translate, tr

# As the library calls languages. A country that does not have one of them says it in English, or
# in its own.
_ENGLISH = to_translate("en_US")
_LANGUAGES = (_ENGLISH, "de")


def holidays_of(country: str, region: str, year: int) -> Mapping[date, str]:
    """The holidays of a year by day, named in the owner's language where the country has it.

    Raises KnownError for a country or region that is not known.
    """
    return _named_in(tr(_ENGLISH), country, region, year)


def names_of(country: str, region: str, day: date) -> frozenset[str]:
    """Whatever the holiday of a day is called; its name may have been kept in another language."""
    every = (_named_in(one, country, region, day.year).get(day, "") for one in _LANGUAGES)
    return frozenset(every) - {""}


@lru_cache(maxsize=64)
def _named_in(language: str, country: str, region: str, year: int) -> Mapping[date, str]:
    from holidays import country_holidays

    try:
        found = country_holidays(country, subdiv=region or None, years=year, language=language)
    except NotImplementedError as error:
        raise _unknown(country, region) from error
    return dict(found)


def countries() -> Mapping[str, tuple[str, ...]]:
    """The countries (ISO 3166 letters) whose holidays are known, with their regions."""
    from holidays import list_supported_countries

    known = list_supported_countries(include_aliases=False)
    return {code: tuple(regions) for code, regions in sorted(known.items()) if len(code) == 2}


def _unknown(country: str, region: str) -> KnownError:
    where = tr("{region} in {country}", region=region, country=country) if region else country
    return KnownError(
        tr("The calendar cannot be used"),
        tr("The holidays of {where} are not known", where=where),
        tr('Write a country as two letters ("DE") and a region as its own short name ("BY")'),
    )

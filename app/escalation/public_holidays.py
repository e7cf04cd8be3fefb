"""Public holidays: which days are free in a country or region, by name; a thin face of `holidays`.

Loaded only where a calendar names a country: the library takes a third of a second.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from functools import lru_cache

from app.domain.errors import KnownError
from app.domain.translation import tr


@lru_cache(maxsize=64)
def holidays_of(country: str, region: str, year: int) -> Mapping[date, str]:
    """The holidays of a year by day, named in the country's English or its own language.

    Raises KnownError for a country or region that is not known.
    """
    from holidays import country_holidays

    try:
        found = country_holidays(country, subdiv=region or None, years=year, language="en_US")
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

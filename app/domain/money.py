"""Money: integer minor units and an ISO 4217 currency, never a float."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from app.domain.translation import figured, priced

# ISO 4217: currencies whose minor unit is not a hundredth.
EXPONENTS = {
    **dict.fromkeys(
        ("BIF", "CLP", "DJF", "GNF", "ISK", "JPY", "KMF", "KRW", "PYG", "RWF", "UGX", "VND"), 0
    ),
    **dict.fromkeys(("VUV", "XAF", "XOF", "XPF"), 0),
    **dict.fromkeys(("BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND"), 3),
}
# What a dollar sign alone means depends on where one reads it; elsewhere the country is said.
_SIGNS = {"EUR": "€", "GBP": "£", "JPY": "¥", "PLN": "zł", "USD": "$"}


def exponent(currency: str) -> int:
    """How many decimals the currency has (ISO 4217): 2 unless it is listed otherwise."""
    return EXPONENTS.get(currency.upper(), 2)


@dataclass(frozen=True, slots=True, order=True)
class Money:
    """An amount in the smallest unit of its currency: Money(18400, "USD") is 184.00 USD."""

    minor: int
    currency: str

    @classmethod
    def of(cls, value: Decimal | str, currency: str) -> Money:
        """The amount that a decimal number of whole units names, rounded half up."""
        scaled = Decimal(value).scaleb(exponent(currency))
        return cls(int(scaled.quantize(Decimal(1), rounding=ROUND_HALF_UP)), currency.upper())

    @property
    def value(self) -> Decimal:
        """The amount in whole units, with the decimals of its currency."""
        return Decimal(self.minor).scaleb(-exponent(self.currency))

    @property
    def said(self) -> str:
        """The same in a sentence for the owner, as the window writes it: $184.00, or 184,00 $;
        184.00 CHF where the currency has no sign that everybody reads alike."""
        if self.minor < 0:  # a minus, not the brackets of a ledger
            return f"-{Money(-self.minor, self.currency).said}"
        figure = figured(self.value, exponent(self.currency))
        symbol = _SIGNS.get(self.currency)
        return priced(figure, symbol) if symbol else f"{figure} {self.currency}"

    def __str__(self) -> str:
        return f"{self.value:.{exponent(self.currency)}f} {self.currency}"

"""Translation: what is said to the owner, in the owner's language.

Every text that a person reads is written in English where it is said and goes through `tr`. Which
language a process speaks is decided once, when it starts (`config.language`); until then, and for
a text that has no translation, it is the English one. Names as in GNU gettext's manual, ch. 4.
"""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from gettext import NullTranslations

_spoken = NullTranslations()


def speak(translations: NullTranslations) -> None:
    """From now on say everything as these translations have it."""
    global _spoken  # noqa: PLW0603 - a process speaks one language
    _spoken = translations


def spoken() -> object:
    """What stands for the language that is spoken now, for whoever keeps what was said in it."""
    return _spoken


def language() -> str:
    """The code of the language that is spoken, as a web page names it: "de"."""
    return str(_spoken.info().get("language", "") or "en").replace("_", "-")


def tr(text: str, /, **values: object) -> str:
    """The text in the owner's language, with the values in its {places}.

    The text is written out where this is called, so that it can be collected; or was marked by
    `to_translate`. Braces in a value are no places.
    """
    said = _spoken.gettext(text) if text else ""
    return said.format_map(values) if values else said


def trn(one: str, many: str, number: int, /, **values: object) -> str:
    """The form that the number asks for, with the number at {n} and the values in their places."""
    said = _spoken.ngettext(one, many, number)
    return said.format_map({"n": grouped(number), **values})


def to_translate(text: str) -> str:
    """The same text, marked to be collected: for tables that are made before a language is known.

    Who shows it puts it through `tr`.
    """
    return text


def grouped(number: int) -> str:
    """A count with its thousands set apart as the language has it: 1,204 or 1.204."""
    return f"{number:,}".replace(",", _spoken.pgettext("thousands", ","))


def pointed(figure: str) -> str:
    """A figure written with a decimal point, with the language's own mark: 1.5 or 1,5."""
    return figure.replace(".", _spoken.pgettext("decimal", "."))


def figured(value: Decimal, decimals: int) -> str:
    """A figure with so many decimals, its thousands set apart: 1,204.50 or 1.204,50."""
    whole, point, rest = f"{value:.{decimals}f}".partition(".")
    return f"{grouped(int(whole))}{pointed(point)}{rest}"


def priced(figure: str, symbol: str) -> str:
    """An amount of money, its sign on the side where the language has it: €1.50 or 1,50 €."""
    return _spoken.pgettext("amount", "{symbol}{figure}").format(symbol=symbol, figure=figure)


def amid(words: str) -> str:
    """The name of something within a sentence: English writes it small, German as it stands."""
    return words if _spoken.pgettext("amid a sentence", "small") == "as it is" else words.lower()


def joined(parts: Iterable[str]) -> str:
    """Several things as people list them: "a", "a and b", "a, b and c"."""
    every = list(parts)
    if len(every) < 2:
        return "".join(every)
    return tr("{several} and {last}", several=", ".join(every[:-1]), last=every[-1])

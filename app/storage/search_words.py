"""Search words: which mails say the words of a search, as SQL.

Every word is quoted for FTS5, so no text can be a syntax error, and the last one counts as a
beginning. The index knows words by the blanks between them: in languages that write none, the
newest mails are also looked through for what stands within.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from app.domain.search_folding import is_without_blanks, spellings
from app.domain.search_query import Word
from app.storage import codec

_LOOKED_THROUGH = 3000


@dataclass(frozen=True, slots=True)
class Said:
    """What is looked for: `indexed` as an FTS5 expression, or, where some of it may stand within
    other words, `apart` those words and `others` the expression of the rest."""

    indexed: str = ""
    others: str = ""
    apart: tuple[Word, ...] = ()

    @property
    def values(self) -> dict[str, Any]:
        """What `newest` and `among` ask for."""
        return {
            "words": self.indexed,
            "others": self.others,
            "looked_through": _LOOKED_THROUGH,
            **{f"apart{number}": word.text for number, word in enumerate(self.apart)},
        }


def said(words: Sequence[Word]) -> Said:
    """What mails are searched for."""
    apart = tuple(word for word in words if is_without_blanks(word.text))
    rest = [word for word in words if word not in apart]
    return Said(_expression(words), _expression(rest), apart)


def newest(what: Said) -> str:
    """The newest mails that say it; the ids of mails tell when they came (`messages`).

    Asks for first_id, last_id and candidates beside `values`.
    """
    hits = f"SELECT rowid FROM words WHERE words MATCH :words AND {_DAYS.format('rowid')}"  # noqa: S608
    hits += " ORDER BY rowid DESC LIMIT :candidates"
    if not what.apart:
        return hits
    pool = f"SELECT id FROM message WHERE {_DAYS.format('id')} ORDER BY id DESC"  # noqa: S608
    pool += " LIMIT :looked_through"
    return f"SELECT rowid FROM ({hits}) UNION {_within(what, pool)}"  # noqa: S608


def among(what: Said) -> str:
    """Those of these mails (`mails`, a list of ids) that say it.

    One walk through all that have the words, from the first to the last of these: asked for each of
    them, FTS5 would gather all words that begin so each time.
    """
    hits = f"SELECT rowid FROM words WHERE words MATCH :words AND {_DAYS.format('rowid')}"  # noqa: S608
    hits += " AND +rowid IN (SELECT value FROM json_each(:mails))"
    if not what.apart:
        return hits
    pool = f"SELECT value AS id FROM json_each(:mails) WHERE {_DAYS.format('value')}"  # noqa: S608
    return f"{hits} UNION {_within(what, pool)}"


_DAYS = "{0} >= :first_id AND {0} < :last_id"


def _within(what: Said, pool: str) -> str:
    """Those mails of a pool in whose text the words stand apart, and the others as ever."""
    places = [
        f"instr({'sender' if word.where == 'from' else _EVERYWHERE}, :apart{number})"
        for number, word in enumerate(what.apart)
    ]
    if what.others:
        days = _DAYS.format("rowid")
        hits = f"SELECT rowid FROM words WHERE words MATCH :others AND {days}"  # noqa: S608
        places.append(f"id IN ({hits})")
    return f"SELECT id FROM ({pool}) JOIN message_words USING (id) WHERE {' AND '.join(places)}"  # noqa: S608


_EVERYWHERE = "subject || char(10) || sender || char(10) || body"


def _expression(words: Sequence[Word]) -> str:
    """The FTS5 expression of all words that mails are searched for; the last one is a prefix."""
    parts = [_phrase(word) for word in words]
    if words and _says_nothing_yet(words[-1].text):
        parts = parts[:-1] or parts
    elif words and words[-1].where != "order":
        parts[-1] = _phrase(words[-1], " *")
    return " AND ".join(parts)


def _says_nothing_yet(value: str) -> bool:
    """Whether a last word is one letter: it begins a tenth of all words, and costs 0.2 s to try."""
    return len(value) == 1 and value.isascii()


def _phrase(word: Word, ending: str = "") -> str:
    written = (word.text,) if word.where == "order" else spellings(word.text)
    ways = " OR ".join(_quoted(one) + ending for one in written)
    ways = f"({ways})" if len(written) > 1 else ways
    return f"sender : {ways}" if word.where == "from" else ways


def _quoted(text: str) -> str:
    return '"' + codec.text(text).replace('"', '""') + '"'

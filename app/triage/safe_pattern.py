"""Safe pattern: which regular expressions a rule may search with: those whose cost has a bound.

Python's `re` has no time limit, and a few nested repeats take years on a mail of one line. So a
pattern may repeat only single characters, only so often, and all its choices together are few.
"""

from __future__ import annotations

import re

from app.domain.errors import Refused
from app.domain.translation import tr

LONGEST = 200
MOST_CHOICES = 128  # ways in which one place of the text can be tried
_PIECE = re.compile(
    r"""(?P<one>\[\^?(?:\\.|[^\]\\\[])+\]|\\[dwsDWSbB]|\\[^\w\s]|[^\\^$|?*+(){}\[\]])
    |(?P<edge>[\^$])
    |(?P<open>\((?:\?:)?)
    |(?P<bar>\|)
    |(?P<close>\))
    |(?P<maybe>\?)
    |(?P<endless>[*+]|\{\d+,\})
    |(?P<times>\{(?P<least>\d{1,3})(?:,(?P<most>\d{1,3}))?\})""",
    re.VERBOSE,
)
_INSIDE = re.compile(r"(?<!-).(?!-)")  # of "[...]", what bounds no range
_EXAMPLES = "order.{0,20}late", "invoice|receipt"


def checked(pattern: str) -> str:
    """The pattern, if searching for it always ends soon. Raises Refused saying why not."""
    if not pattern or len(pattern) > LONGEST:
        raise _refused(tr("A pattern has 1 to {longest} characters", longest=LONGEST))
    place, choices, before = 0, 1, ""
    while place < len(pattern):
        match = _PIECE.match(pattern, place)
        if match is None:
            what = pattern[place]
            raise _refused(
                tr("“{what}” at its character {at} cannot stand there", what=what, at=place + 1)
            )
        choices *= _choices(match, before, place)
        before, place = match.lastgroup or "", match.end()
    if choices > MOST_CHOICES:
        raise _refused(tr("It could take too long: repeat less, or less often"))
    try:
        re.compile(pattern)
    except re.error as error:
        raise _refused(tr("It cannot be read: {error}", error=error.msg)) from error
    return pattern


def folded(pattern: str) -> str:
    """A checked pattern for words whose letters are folded: where one letter became several, as ß
    became ss, it looks for those."""
    found = (
        _folded(match[0]) if match.lastgroup == "one" else match[0]
        for match in _PIECE.finditer(pattern)
    )
    return "".join(found)


def _folded(one: str) -> str:
    """One place of a pattern. Among letters to choose from only the first of several counts: with
    more, how long a search takes would have no bound. A letter beside a dash may bound a range,
    which stays."""
    if one.startswith("["):
        return _INSIDE.sub(lambda letter: _first_of_several(letter[0]), one)
    letters = one.casefold()
    return f"(?:{re.escape(letters)})" if len(one) == 1 < len(letters) else one


def _first_of_several(letter: str) -> str:
    letters = letter.casefold()
    return letters[0] if len(letters) > 1 else letter


def _choices(match: re.Match[str], before: str, place: int) -> int:
    """In how many ways a piece can be taken."""
    kind = match.lastgroup
    if kind == "endless":
        raise _refused(
            tr(
                "“{what}” at its character {at} has no end; write for example {example}",
                what=match[0],
                at=place + 1,
                example="{0,20}",
            )
        )
    if kind in ("maybe", "times") and before != "one":
        raise _refused(
            tr("Only single characters can be repeated, not what ends at {at}", at=place)
        )
    if kind == "times":
        least, most = int(match["least"]), int(match["most"] or match["least"])
        if most < least:
            raise _refused(tr("{what} ends before it begins", what=match[0]))
        return most - least + 1
    return 2 if kind in ("maybe", "bar") else 1


def _refused(why: str) -> Refused:
    one, other = _EXAMPLES
    hint = tr("Write for example {one}, or {other}", one=one, other=other)
    return Refused(tr("The pattern after =~ cannot be used"), why, hint)

"""Joined text: why a mail lies with its issue, in the owner's language.

What is stored stays as it is written in English: a reason that a person took apart is found again
by it, whatever language was spoken when.
"""

from __future__ import annotations

import re

from app.domain.translation import to_translate, tr

BY_ORDER = to_translate("the same customer wrote about order {number} before")
BY_NOTICE = to_translate("a provider's notice about order {number}")
TOO_LONG_AGO = to_translate("it was put away more than {number} days before")
_BETWEEN = "; "


def why_joined(because: str) -> str:
    """Each reason of a stored sentence, said anew."""
    return _BETWEEN.join(_said(one) for one in because.split(_BETWEEN))


def _said(because: str) -> str:
    for text in (BY_ORDER, BY_NOTICE, TOO_LONG_AGO):
        before, after = text.split("{number}")
        found = re.fullmatch(f"{re.escape(before)}(.+){re.escape(after)}", because)
        if found:
            return tr(text, number=found[1])
    return tr(because)

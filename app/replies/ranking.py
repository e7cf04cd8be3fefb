"""Ranking: which templates to offer first, learnt from what was taken for issues like this one.

On the walk: the reply pane asks -> here -> three at hand. Without any use the order is that of
`Templates.ranked`: the kind's own texts first, in the customer's language.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from statistics import fmean

from app.domain.assessment import Kind
from app.domain.reply import Template
from app.domain.template_use import TemplateUse
from app.domain.translation import to_translate, tr, trn
from app.replies.templates import Templates

_OTHER_KIND = 0.2  # what a use for another kind counts, of one for this kind
_OTHER_LANGUAGE = 0.5
_KEPT_AT_LEAST = 0.2  # even a text that is always rewritten was taken
_BROUGHT_IN = 2  # uses for this kind that bring in a template of another one
_LITTLE, _PARTLY = 0.15, 0.45  # shares that were changed
_RULED = to_translate("your rule suggests it")


@dataclass(frozen=True, slots=True, kw_only=True)
class Ranked:
    """A template with its uses for this kind, and why it stands where it stands; `because` is empty
    where it was never used."""

    template: Template
    used: int = 0
    because: str = ""


def ranked(
    templates: Templates,
    uses: Sequence[TemplateUse],
    *,
    kind: Kind,
    language: str,
    ruled: str = "",
) -> tuple[Ranked, ...]:
    """What fits, best first: what was taken most for this kind and language and changed least.

    `ruled` is the one that a rule of the owner suggests; it goes before all others.
    """
    fitting = list(templates.ranked(kind, language))
    known = {one.id for one in fitting}
    for id_ in _brought_in(uses, kind):
        if id_ not in known and any(id_ == one for one, _ in templates.by_key):
            fitting.append(templates.get(id_, language))
    order = {one.id: place for place, one in enumerate(fitting)}
    worth = {id_: _worth(_of(uses, id_), kind=kind, language=language) for id_ in order}
    fitting.sort(key=lambda one: (-worth[one.id], order[one.id]))
    told = tuple(_told(one, _of(uses, one.id), kind) for one in fitting)
    if not any(id_ == ruled for id_, _ in templates.by_key):
        return told
    first = Ranked(template=templates.get(ruled, language), because=tr(_RULED))
    return (first, *(one for one in told if one.template.id != ruled))


def changed_words(share: float) -> str:
    """How much of a template people change, in a word or two."""
    if share <= _LITTLE:
        return tr("changed little")
    return tr("changed in part") if share <= _PARTLY else tr("mostly rewritten")


def _of(uses: Iterable[TemplateUse], id_: str) -> list[TemplateUse]:
    return [one for one in uses if one.template == id_]


def _brought_in(uses: Iterable[TemplateUse], kind: Kind) -> tuple[str, ...]:
    taken = [one.template for one in uses if one.kind is kind]
    return tuple(id_ for id_ in dict.fromkeys(taken) if taken.count(id_) >= _BROUGHT_IN)


def _worth(uses: Iterable[TemplateUse], *, kind: Kind, language: str) -> float:
    return sum(
        max(1 - one.changed, _KEPT_AT_LEAST)
        * (1 if one.kind is kind else _OTHER_KIND)
        * (1 if one.language == language[:2].lower() else _OTHER_LANGUAGE)
        for one in uses
    )


def _told(template: Template, uses: Sequence[TemplateUse], kind: Kind) -> Ranked:
    here = [one for one in uses if one.kind is kind]
    told = here or list(uses)
    if not told:
        return Ranked(template=template)
    changed = changed_words(fmean(one.changed for one in told))
    if here:
        used = trn(
            "used once for this kind, {changed}",
            "used {n} times for this kind, {changed}",
            len(told),
            changed=changed,
        )
    else:
        used = trn(
            "used once for other things, {changed}",
            "used {n} times for other things, {changed}",
            len(told),
            changed=changed,
        )
    return Ranked(template=template, used=len(here), because=used)

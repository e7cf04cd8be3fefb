"""What an empty list says: each view has its own calm sentence, and the counts that matter then."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from app.domain.assessment import Kind
from app.domain.translation import grouped, to_translate, tr, trn
from app.domain.views import View
from app.ui import words
from app.ui.issue.foreign_text import line
from app.ui.widgets.page import PageText

_SAID = {
    View.URGENT: ("check", to_translate("Nothing urgent.")),
    View.OPEN: ("check", to_translate("Everything is answered.")),
    View.MINE: ("person", to_translate("Nothing is assigned to you.")),
    View.WAITING: ("hourglass", to_translate("You wait for nobody.")),
    View.SNOOZED: ("snooze", to_translate("Nothing sleeps.")),
    View.INCIDENTS: ("check", to_translate("No cause is shared by many.")),
    View.DONE: ("done", to_translate("Nothing is done yet.")),
    View.NOISE: ("noise", to_translate("No newsletters, no receipts.")),
    View.ALL: ("mail", to_translate("No mail yet.")),
}
_MEANS = {
    View.WAITING: to_translate("When you have answered, an issue waits here for the customer."),
    View.SNOOZED: to_translate("Press S on an issue and it comes back when you say."),
    View.INCIDENTS: to_translate(
        "When several customers report one cause, their issues gather here."
    ),
    View.DONE: to_translate("Press E on an issue that needs nothing more."),
    View.NOISE: to_translate("What nobody waits for would lie here, so that you can check."),
}


def empty_view(
    view: str,
    counts: Mapping[str, int],
    *,
    go: Callable[[str], object],
    trouble: str = "",
    reading: bool = False,
    awaiting: int = 0,
) -> PageText:
    """The page of a view that holds nothing; `trouble` is why that may not be the whole truth.

    `reading`: a mailbox is being read for the first time, and nothing of it is there yet.
    `awaiting`: so many mails are there and nobody knows yet what they are.
    """
    if trouble and view in (View.URGENT, View.OPEN):
        return PageText(icon="alert", tone="high", title=tr("Nothing to show"), text=line(trouble))
    if reading and not counts.get(View.ALL):
        title, text = tr("Reading your mail …"), tr("The newest comes first, in a moment.")
        return PageText(icon="mail", title=title, text=text)
    if awaiting and view in (View.URGENT, View.OPEN, *Kind):
        title, text = tr("Sorting your mail …"), words.sorting_words(awaiting)
        return PageText(icon="mail", title=title, text=text)
    if view == View.OPEN and not counts.get(View.ALL):
        return PageText(icon="mail", title=tr("No mail yet."), text=_rest(view, counts))
    if view in set(Kind):
        said = tr("Nothing open about: {kind}.", kind=words.kind_word(Kind(view)))
        return PageText(icon="check", title=said, text=_rest(view, counts), tone="good")
    if view.startswith("incident:"):
        return PageText(icon="check", title=tr("These issues went into others."), tone="good")
    icon, title = _SAID[View(view)]
    title = tr(title)
    tone = "good" if icon == "check" else "text_muted"
    text = tr(_MEANS.get(View(view), "")) or _rest(view, counts)
    if view == View.URGENT and counts.get(View.OPEN):
        said = trn("Show the {n} open", "Show the {n} open", counts[View.OPEN])
        show = (said, lambda: go(View.OPEN))
        return PageText(icon=icon, title=title, text=text, tone=tone, actions=(show,))
    return PageText(icon=icon, title=title, text=text, tone=tone)


def empty_search(
    text: str, *, clear: Callable[[], object], troubles: Sequence[str] = ()
) -> PageText:
    """The page of a search that found nothing, or of which something was not understood."""
    if troubles:
        return PageText(
            icon="search",
            title=tr("Not understood"),
            text="\n".join(line(trouble) for trouble in troubles),
            actions=((tr("Clear the search"), clear),),
        )
    said = line(text)
    return PageText(
        icon="search",
        title=tr("Nothing found for “{text}”", text=said if len(said) <= 40 else said[:39] + "…"),
        text=tr("Try an order number, a name, or fewer words."),
        actions=((tr("Clear the search"), clear),),
    )


def _rest(view: str, counts: Mapping[str, int]) -> str:
    """The counts that are worth a look from here: "12 open, 3 wait for customers."."""
    waiting, open_ = counts.get(View.WAITING, 0), counts.get(View.OPEN, 0)
    parts = []
    if open_ and view != View.OPEN:
        parts.append(tr("{n} open", n=grouped(open_)))
    if waiting:
        parts.append(trn("{n} waits for a customer", "{n} wait for customers", waiting))
    return f"{', '.join(parts)}." if parts else tr("New mail shows up here by itself.")

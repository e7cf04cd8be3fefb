"""What an empty list says: each view has its own calm sentence, and the counts that matter then."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from app.domain.assessment import Kind
from app.domain.views import View
from app.ui import words
from app.ui.issue.foreign_text import line
from app.ui.widgets.page import PageText

_SAID = {
    View.URGENT: ("check", "Nothing urgent."),
    View.OPEN: ("check", "Everything is answered."),
    View.MINE: ("person", "Nothing is assigned to you."),
    View.WAITING: ("hourglass", "You wait for nobody."),
    View.SNOOZED: ("snooze", "Nothing sleeps."),
    View.INCIDENTS: ("check", "No cause is shared by many."),
    View.DONE: ("done", "Nothing is done yet."),
    View.NOISE: ("noise", "No newsletters, no receipts."),
    View.ALL: ("mail", "No mail yet."),
}
_MEANS = {
    View.WAITING: "When you have answered, an issue waits here for the customer.",
    View.SNOOZED: "Press S on an issue and it comes back when you say.",
    View.INCIDENTS: "When several customers report one cause, their issues gather here.",
    View.DONE: "Press E on an issue that needs nothing more.",
    View.NOISE: "What nobody waits for would lie here, so that you can check.",
}


def empty_view(
    view: str,
    counts: Mapping[str, int],
    *,
    go: Callable[[str], object],
    trouble: str = "",
    reading: bool = False,
) -> PageText:
    """The page of a view that holds nothing; `trouble` is why that may not be the whole truth.

    `reading`: a mailbox is being read for the first time, and nothing of it is there yet.
    """
    if trouble and view in (View.URGENT, View.OPEN):
        return PageText(icon="alert", tone="high", title="Nothing to show", text=line(trouble))
    if reading and not counts.get(View.ALL):
        return PageText(
            icon="mail", title="Reading your mail …", text="The newest comes first, in a moment."
        )
    if view == View.OPEN and not counts.get(View.ALL):
        return PageText(icon="mail", title="No mail yet.", text=_rest(view, counts))
    if view in set(Kind):
        said = f"Nothing open about: {words.KIND_WORDS[Kind(view)]}."
        return PageText(icon="check", title=said, text=_rest(view, counts), tone="good")
    if view.startswith("incident:"):
        return PageText(icon="check", title="These issues went into others.", tone="good")
    icon, title = _SAID[View(view)]
    tone = "good" if icon == "check" else "text_muted"
    text = _MEANS.get(View(view)) or _rest(view, counts)
    if view == View.URGENT and counts.get(View.OPEN):
        show = (f"Show the {words.count(counts[View.OPEN])} open", lambda: go(View.OPEN))
        return PageText(icon=icon, title=title, text=text, tone=tone, actions=(show,))
    return PageText(icon=icon, title=title, text=text, tone=tone)


def empty_search(
    text: str, *, clear: Callable[[], object], troubles: Sequence[str] = ()
) -> PageText:
    """The page of a search that found nothing, or of which something was not understood."""
    if troubles:
        return PageText(
            icon="search",
            title="Not understood",
            text="\n".join(line(trouble) for trouble in troubles),
            actions=(("Clear the search", clear),),
        )
    said = line(text)
    return PageText(
        icon="search",
        title=f"Nothing found for “{said if len(said) <= 40 else said[:39] + '…'}”",
        text="Try an order number, a name, or fewer words.",
        actions=(("Clear the search", clear),),
    )


def _rest(view: str, counts: Mapping[str, int]) -> str:
    """The counts that are worth a look from here: "12 open, 3 wait for customers."."""
    waiting, open_ = counts.get(View.WAITING, 0), counts.get(View.OPEN, 0)
    parts = []
    if open_ and view != View.OPEN:
        parts.append(f"{words.count(open_)} open")
    if waiting:
        verb = "waits for a customer" if waiting == 1 else "wait for customers"
        parts.append(f"{words.count(waiting)} {verb}")
    return f"{', '.join(parts)}." if parts else "New mail shows up here by itself."

"""Alert notices: what rang and was not looked at, on one banner, each issue once.

The same issue may have rung, stood on a card and been reminded of: here it is one of "8 urgent,
none opened yet". What is about no issue (a mailbox that is silent) has a banner of its own.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

from app.domain.alert import (
    AWAY,
    BUNDLE,
    COPIES,
    DIGEST,
    OF_FIRST,
    OF_INCIDENT,
    OF_REVIEW,
    STILL,
    Alert,
    AlertLevel,
    Rang,
)
from app.domain.translation import tr, trn
from app.ui import words
from app.ui.issue.foreign_text import line
from app.ui.widgets.banner import Notice

Deed = Callable[[Alert], object]
_CARDS = (OF_INCIDENT, AWAY)  # each says itself what it is about
_GATHERED = (BUNDLE, DIGEST, STILL)  # cards that count what is urgent, of any sort
_BETWEEN = "  ·  "
_NAMED = 3


def is_review(alert: Alert) -> bool:
    """Whether it asks if those who are told are still the right ones."""
    return alert.dedupe.startswith(OF_REVIEW)


def page_of(alert: Alert) -> str:
    """The page of the settings that it is about; empty where it is about none."""
    if alert.dedupe.startswith(COPIES):
        return "Your data"
    return "Who is told" if is_review(alert) else ""


def is_first_reading(alert: Alert) -> bool:
    """Whether it tells what a mailbox held when it was connected."""
    return alert.dedupe.startswith(OF_FIRST)


def of_alerts(
    alerts: Sequence[Alert], rang: Rang | None, *, open_alert: Deed, put_away: Deed
) -> Iterator[Notice]:
    """The banners for these, what stands highest first; `rang` says how much of it was opened."""
    urgent = [alert for alert in alerts if alert.issue_keys and not _tells_itself(alert)]
    calm = [alert for alert in alerts if is_first_reading(alert)]
    keys = {key for alert in urgent for key in alert.issue_keys}
    if len(keys) > 1 and _are_counted(urgent):  # what a mailbox held is behind them in the list
        yield _several(urgent, calm, rang, open_alert, put_away)
        calm = []
    elif len(keys) == 1:
        yield _single(urgent, open_alert, put_away)
    elif urgent:
        yield _card(urgent[0], open_alert, put_away)
    for alert in alerts:
        if alert in calm or alert.dedupe.startswith(_CARDS):
            yield _card(alert, open_alert, put_away)
        elif not alert.issue_keys:
            yield _silence(alert, open_alert, put_away)


def _tells_itself(alert: Alert) -> bool:
    return is_first_reading(alert) or alert.dedupe.startswith(_CARDS)


def _are_counted(urgent: Sequence[Alert]) -> bool:
    return len(urgent) > 1 or any(one.dedupe.startswith(_GATHERED) for one in urgent)


def _single(about: Sequence[Alert], open_alert: Deed, put_away: Deed) -> Notice:
    """However often one issue rang, it is one banner; a date of others is what it says."""
    told = next((alert for alert in about if alert.by_name), about[0])
    return Notice(
        name=_name(told),
        also=_names(about, told),
        tone=_tone(about),
        icon="flame",
        title=line(told.title),
        body=_BETWEEN.join(_lines(told)),
        actions=((tr("Open it"), lambda: _open(told, about, open_alert, put_away)),),
        close=lambda: _put_all_away(about, put_away),
    )


def _card(alert: Alert, open_alert: Deed, put_away: Deed) -> Notice:
    """A card that says itself what it is about: disputes that were found, a first reading."""
    said = _lines(alert)
    return Notice(
        name=_name(alert),
        tone=_tone([alert]),
        icon="inbox" if is_first_reading(alert) else "storm",
        title=line(alert.title),
        body=_BETWEEN.join(said[:1]),
        below=_BETWEEN.join(said[1:]),
        actions=((tr("Show them"), lambda: open_alert(alert)),),
        close=lambda: put_away(alert),
    )


def _several(
    about: Sequence[Alert],
    calm: Sequence[Alert],
    rang: Rang | None,
    open_alert: Deed,
    put_away: Deed,
) -> Notice:
    """All of these on one; the calm ones go with them."""
    every = [*about, *calm]
    keys = tuple(dict.fromkeys(key for alert in about for key in alert.issue_keys))
    card = replace(about[0], dedupe="", issue_keys=keys, title=tr("Alerts"))
    dates_first = sorted(about, key=lambda alert: not alert.by_name)
    said = list(dict.fromkeys(_in_short(alert) for alert in dates_first))[:_NAMED]
    return Notice(
        name=_name(about[0]),
        also=_names(every, about[0]),
        tone=_tone(about),
        icon="storm",
        title=_counted(
            rang if rang and rang.issues else Rang(issues=len(keys), unopened=len(keys))
        ),
        body=said[0],
        below=_BETWEEN.join(said[1:]),
        actions=((tr("Show them"), lambda: _open(card, every, open_alert, put_away)),),
        close=lambda: _put_all_away(every, put_away),  # where every banner has it
    )


def _silence(alert: Alert, open_alert: Deed, put_away: Deed) -> Notice:
    """A mailbox that could not be looked into for too long, contacts to be looked at again, or
    copies that cannot be made."""
    way = tr("Look at them") if page_of(alert) else tr("Look now")
    return Notice(
        name=_name(alert),
        tone=_tone((alert,)) if alert.dedupe.startswith(COPIES) else "high",
        icon="alert",
        title=line(alert.title),
        body=line(words.sentences(*alert.body.splitlines())),
        actions=((way, lambda: open_alert(alert)),),
        close=lambda: put_away(alert),
    )


def _counted(rang: Rang) -> str:
    if rang.unopened >= rang.issues:
        return trn("{n} urgent, not opened yet", "{n} urgent, none opened yet", rang.issues)
    if not rang.unopened:
        return trn("{n} urgent, opened", "{n} urgent, all opened", rang.issues)
    return trn(
        "{n} urgent, {unopened} not opened yet",
        "{n} urgent, {unopened} not opened yet",
        rang.issues,
        unopened=rang.unopened,
    )


def _in_short(alert: Alert) -> str:
    """Its own issue on a line; of a card, which only counts, the first that it names; of a
    provider's disputes, which are counted with their sums, these."""
    said = _lines(alert)
    if alert.dedupe.startswith(_GATHERED) and said:
        return said[0]
    named = said[:1] if len(alert.issue_keys) == 1 else []
    return ", ".join((line(alert.title), *named))


def _open(shown: Alert, about: Sequence[Alert], open_alert: Deed, put_away: Deed) -> None:
    _put_all_away([alert for alert in about if alert.id != shown.id], put_away)
    open_alert(shown)


def _put_all_away(about: Sequence[Alert], put_away: Deed) -> None:
    for alert in about:
        put_away(alert)


def _lines(alert: Alert) -> list[str]:
    return [line(each) for each in alert.body.splitlines() if each.strip()]


def _tone(about: Sequence[Alert]) -> str:
    loud = any(alert.level is AlertLevel.URGENT for alert in about)
    return "critical" if loud else "high"


def _name(alert: Alert) -> str:
    return f"now alert {alert.id}"


def _names(about: Sequence[Alert], but: Alert) -> tuple[str, ...]:
    return tuple(_name(alert) for alert in about if alert.id != but.id)

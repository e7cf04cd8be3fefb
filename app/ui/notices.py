"""Notices: what of the overview must not be missed, as banners with the way out."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from app.domain.account import AccountType, Health, HealthState
from app.domain.alert import Alert, AlertLevel
from app.domain.incident import Incident
from app.domain.reply import TRIED_LONG, TRIED_LONGEST, OutboxState
from app.domain.translation import grouped, to_translate, tr
from app.domain.views import Overview, ReplyView
from app.ui import words
from app.ui.issue.foreign_text import line
from app.ui.widgets.banner import Notice

_STUCK = {
    OutboxState.FAILED: to_translate("A reply was refused by the server"),
    OutboxState.UNKNOWN: to_translate("Nobody knows whether a reply arrived"),
    OutboxState.BLOCKED: to_translate("A reply waits until the mailbox is signed in"),
}
_WAY_OUT = {AccountType.IMAP: to_translate("Sign in"), AccountType.FOLDER: to_translate("Look")}
_OF_INCIDENT = "incident:"
_OF_REVIEW = "review/"
_OF_FIRST = "first-reading/"
_BETWEEN = "  ·  "
LOST = "engine"


@dataclass(frozen=True, slots=True, kw_only=True)
class Ways:
    """Where a banner's buttons lead."""

    open_alert: Callable[[Alert], object]
    put_away: Callable[[Alert], object]
    open_issue: Callable[[str], object]
    sign_in: Callable[[Health], object]
    open_incident: Callable[[Incident], object]
    put_incident_away: Callable[[Incident], object]


def notices(overview: Overview, ways: Ways) -> Iterator[Notice]:
    """The banners for what is so now, each under its own name."""
    for health in overview.health:
        if health.state is HealthState.ASKING:
            yield _asking(health, ways)
    for alert in overview.alerts:
        if alert.dedupe.startswith(_OF_INCIDENT) and overview.incidents:
            continue  # the incident has its own banner, which stays until it is put away
        yield _alert(alert, ways)
    for incident in overview.incidents:
        yield _incident(incident, ways)
    for reply in overview.replies:
        if why := _stuck_words(reply):
            yield _stuck(reply, why, ways)


def lost() -> Notice:
    """The banner while the engine is away."""
    return Notice(
        name=LOST,
        tone="high",
        icon="engine",
        title=tr("The engine stopped and is being started again."),
        body=tr("What you see is what is stored; nothing is lost."),
        is_first=True,
    )


def broken(copy: Callable[[], object], close: Callable[[], object]) -> Notice:
    """The banner for a bug, once."""
    return Notice(
        name="bug",
        tone="normal",
        title=tr("Frontburner made a mistake. Your mail is as it was."),
        body=tr("What happened is in the log. A report helps to mend it."),
        actions=((tr("Copy the report"), copy),),
        close=close,
    )


def is_review(alert: Alert) -> bool:
    """Whether it asks if those who are told are still the right ones."""
    return alert.dedupe.startswith(_OF_REVIEW)


def is_first_reading(alert: Alert) -> bool:
    """Whether it tells what a mailbox held when it was connected."""
    return alert.dedupe.startswith(_OF_FIRST)


def _alert(alert: Alert, ways: Ways) -> Notice:
    if not alert.issue_keys:
        return _silence(alert, ways)
    is_storm = len(alert.issue_keys) > 1
    said = [line(each) for each in alert.body.splitlines() if each.strip()]
    return Notice(
        name=f"now alert {alert.id}",
        tone="critical" if alert.level is AlertLevel.URGENT else "high",
        icon="inbox" if is_first_reading(alert) else "storm" if is_storm else "flame",
        title=line(alert.title),
        body=_BETWEEN.join(said[:1] if is_storm else said),
        below=_BETWEEN.join(said[1:]) if is_storm else "",
        actions=((tr("Show them") if is_storm else tr("Open it"), lambda: ways.open_alert(alert)),),
        close=lambda: ways.put_away(alert),
    )


def _silence(alert: Alert, ways: Ways) -> Notice:
    """A mailbox that could not be looked into for too long, or contacts to be looked at again."""
    return Notice(
        name=f"now alert {alert.id}",
        tone="high",
        icon="alert",
        title=line(alert.title),
        body=line(words.sentences(*alert.body.splitlines())),
        actions=(
            (
                tr("Look at them") if is_review(alert) else tr("Look now"),
                lambda: ways.open_alert(alert),
            ),
        ),
        close=lambda: ways.put_away(alert),
    )


def _incident(incident: Incident, ways: Ways) -> Notice:
    cause = tr("It looks like one cause.")
    lately = tr("{n} within a day.", n=grouped(incident.lately))
    return Notice(
        name=f"now incident {incident.id}",
        tone="critical" if incident.grave else "high",
        icon="storm",
        title=line(words.incident_words(incident)),
        body=f"{lately} {cause}" if incident.lately > 1 else cause,
        actions=((tr("Show them"), lambda: ways.open_incident(incident)),),
        close=lambda: ways.put_incident_away(incident),
    )


def _asking(health: Health, ways: Ways) -> Notice:
    return Notice(
        name=f"now account {health.account}",
        tone="high",
        icon="alert" if health.type is AccountType.FOLDER else "key",
        title=line(health.title) or tr("{account} needs you", account=line(health.account)),
        body=line(words.sentences(health.message, health.hint)),
        actions=(
            (tr(_WAY_OUT.get(health.type, to_translate("New key"))), lambda: ways.sign_in(health)),
        ),
    )


def _stuck_words(reply: ReplyView) -> str:
    """Why a reply needs somebody; empty while it does not."""
    if reply.tried_for >= TRIED_LONGEST and reply.state is OutboxState.FAILED:
        return tr("A reply could not be sent")
    if reply.tried_for >= TRIED_LONG and reply.state is OutboxState.QUEUED:
        return tr("A reply could not be sent for more than a day")
    return tr(_STUCK[reply.state]) if reply.state in _STUCK else ""


def _stuck(reply: ReplyView, why: str, ways: Ways) -> Notice:
    return Notice(
        name=f"now reply {reply.id}",
        tone="high",
        icon="send",
        title=f"{why}: {line(', '.join(reply.recipients))}",
        body=line(reply.error),
        actions=((tr("Open it"), lambda: ways.open_issue(reply.issue_key)),),
    )

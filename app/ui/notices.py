"""Notices: what of the overview must not be missed, as banners with the way out."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from app.domain.account import AccountType, Health, HealthState, Wanted
from app.domain.alert import OF_INCIDENT, Alert
from app.domain.errors import KnownError
from app.domain.incident import Incident
from app.domain.reply import TRIED_LONG, TRIED_LONGEST, OutboxState
from app.domain.translation import grouped, to_translate, tr
from app.domain.views import Overview, ReplyView
from app.ui import words
from app.ui.alert_notices import of_alerts
from app.ui.issue.foreign_text import line
from app.ui.widgets.banner import Notice

_STUCK = {
    OutboxState.FAILED: to_translate("A reply was refused by the server"),
    OutboxState.UNKNOWN: to_translate("Nobody knows whether a reply arrived"),
    OutboxState.BLOCKED: to_translate("A reply waits until its mailbox works again"),
}
_SIGN_IN = {AccountType.IMAP: to_translate("Sign in"), AccountType.FOLDER: to_translate("Look")}
LOST, UNWRITABLE, UNKEPT = "engine", "profile", "draft"


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
    yield from _asking(overview.health, ways)
    yield from of_alerts(
        [  # an incident has its own banner, which stays until it is put away
            alert
            for alert in overview.alerts
            if not (alert.dedupe.startswith(OF_INCIDENT) and overview.incidents)
        ],
        overview.rang,
        open_alert=ways.open_alert,
        put_away=ways.put_away,
    )
    for incident in overview.incidents:
        yield _incident(incident, ways)
    for reply in overview.replies:
        if why := _stuck_words(reply):
            yield _stuck(reply, why, ways)


def lost(why: KnownError | None = None) -> Notice:
    """The banner while the engine is away; `why` it does not come back, where that is known."""
    if why is not None:
        said = tr("Nothing is watched: {why}", why=line(why.title))
        return _trouble(LOST, "engine", said, why)
    return Notice(
        name=LOST,
        tone="high",
        icon="engine",
        title=tr("The engine stopped and is being started again."),
        body=tr("What you see is what is stored; nothing is lost."),
        is_first=True,
    )


def unwritable(why: KnownError) -> Notice:
    """The banner while nothing can be stored: what a mailbox says of itself is from before."""
    return _trouble(
        UNWRITABLE, "alert", tr("New mail is not stored: {why}", why=line(why.title)), why
    )


def _trouble(name: str, icon: str, said: str, why: KnownError) -> Notice:
    return Notice(
        name=name,
        tone="critical",
        icon=icon,
        title=said,
        body=line(words.sentences(why.hint, why.message)),
        is_first=True,
    )


def unkept(why: str, *, copy: Callable[[], object], close: Callable[[], object]) -> Notice:
    """The banner where closing the window would lose what was written."""
    return Notice(
        name=UNKEPT,
        tone="critical",
        icon="edit",
        title=tr("The reply that you began is not kept: it would be lost."),
        body=line(why),
        actions=((tr("Copy its words"), copy), (tr("Close all the same"), close)),
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


def _asking(every: Sequence[Health], ways: Ways) -> Iterator[Notice]:
    """What accounts need of their owner: what several need is one banner, which leads to the first
    of them; the key to all passwords may be gone."""
    together: dict[tuple[str, ...], list[Health]] = {}
    for health in every:
        if health.state is HealthState.ASKING:
            said = (health.title, health.message, health.hint, _way_out(health))
            together.setdefault(said, []).append(health)
    for some in together.values():
        is_named = len(every) == 1 or some[0].account in f"{some[0].title} {some[0].message}"
        names = "" if is_named and len(some) == 1 else ", ".join(one.account for one in some)
        yield _needs(some[0], names, ways)


def _needs(health: Health, names: str, ways: Ways) -> Notice:
    return Notice(
        name=f"now account {health.account}",
        tone="high",
        icon="key" if _wants_secret(health) else "alert",
        title=line(health.title) or tr("{account} needs you", account=line(health.account)),
        body=line(words.sentences(names, health.message, health.hint)),
        actions=((_way_out(health), lambda: ways.sign_in(health)),),
    )


def _wants_secret(health: Health) -> bool:
    return health.wants is Wanted.SIGN_IN and health.type is not AccountType.FOLDER


def _way_out(health: Health) -> str:
    """A password mends neither a folder nor a certificate."""
    if health.wants is Wanted.FOLDERS:
        return tr("Choose folders")
    if health.wants is Wanted.SERVER:
        return tr("Look")
    return tr(_SIGN_IN.get(health.type, to_translate("New key")))


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

"""Desk: every verb that a person has, as the engine does it. The window and the command line ask
for these by name; each answers with what changed, and a decision with the entry that undoes it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import reduce
from itertools import count
from operator import or_
from typing import Any

from app.domain.assessment import Kind, Severity
from app.domain.changes import Changes
from app.domain.clock import Clock, instant, rfc3339
from app.domain.deadline import Metric
from app.domain.errors import NotFound, Refused
from app.domain.issue import Issue, message_atom
from app.domain.journal import Entry, EntryType, undone_in
from app.domain.lessons import TEACHING
from app.domain.mailbox import MailFlag
from app.domain.message import Direction
from app.domain.order import Order
from app.domain.owner_rule import LONGEST_TAG
from app.domain.translation import grouped, tr
from app.engine.calming import dealt_with
from app.engine.joining import put_together, still_unanswered
from app.engine.leading import speakers
from app.engine.one_person import is_of_one
from app.engine.standing import Standing
from app.engine.taking_apart import UNDOES
from app.storage import deadlines, issues, journal, on_server, orders
from app.storage import messages as stored
from app.storage.connection import Connection
from app.storage.learned import pick_words, place_words
from app.storage.messages import StoredMessage
from app.storage.writer import Writer
from app.triage.grouping import BY_ORDER, GUESSED

Verb = Callable[..., dict[str, Any]]
Keys = str | Sequence[str]  # one issue, or several in one go: all of them, or none
_AT_ONCE = 1000
_LONGEST_SLEEP = timedelta(days=3653)
VERDICTS = ("false_alarm", "missed", "right")
_KNOWS_OF_IT = (  # who decides this has seen what rang
    *(EntryType.ACKNOWLEDGE, EntryType.SNOOZE, EntryType.RESOLVE),
    *(EntryType.OVERRIDE, EntryType.VERDICT),
)
_STANDS = (  # what has happened to mails, not what somebody thinks of them
    *(EntryType.LINK, EntryType.REPLY_QUEUED, EntryType.REPLY_SENT, EntryType.REPLY_UNDONE),
    *(EntryType.REPLY_FAILED, EntryType.UNDO),
)


@dataclass(frozen=True, slots=True)
class Verbs:
    """A table of verbs by name, made of several desks' tables."""

    table: Mapping[str, Verb]

    def answer(self, name: str, args: Mapping[str, Any]) -> dict[str, Any]:
        """Do the verb. Raises Refused for a verb or an argument that does not exist."""
        verb = self.table.get(name)
        if verb is None:
            raise Refused(tr("There is no verb '{name}'", name=name))
        try:
            return verb(**args)
        except TypeError as error:
            if "argument" not in str(error):
                raise
            raise Refused(
                tr("The verb {name} does not take these arguments", name=name), str(error)
            ) from error


class Desk:
    """What a person decides about issues: each verb one journal entry and what follows from it."""

    def __init__(
        self,
        *,
        writer: Writer,
        standing: Standing,
        clock: Clock,
        publish: Callable[[Changes], None],
        taught: Callable[[], None] = lambda: None,
    ) -> None:
        """`taught` is told when something was decided, or undone, that the learner learns from."""
        self._writer = writer
        self._standing = standing
        self._clock = clock
        self._publish = publish
        self._taught = taught

    def verbs(self) -> dict[str, Verb]:
        """The verbs by the names that desks use."""
        return {
            "acknowledge": self.acknowledge,
            "resolve": self.resolve,
            "reopen": self.reopen,
            "assign": self.assign,
            "snooze": self.snooze,
            "override": self.override,
            "verdict": self.verdict,
            "link_order": self.link_order,
            "note": self.note,
            "promise_done": self.promise_done,
            "tag": self.tag,
            "merge": self.merge,
            "split": self.split,
            "undo": self.undo,
            "seen": self.seen,
        }

    def acknowledge(self, key: Keys) -> dict[str, Any]:
        """Say that somebody is at it; alarms about it stop."""
        return self._decide(key, EntryType.ACKNOWLEDGE, {})

    def resolve(self, key: Keys) -> dict[str, Any]:
        """Put it away as done, until the customer writes again."""
        return self._decide(key, EntryType.RESOLVE, {})

    def reopen(self, key: Keys) -> dict[str, Any]:
        """Bring it back."""
        return self._decide(key, EntryType.REOPEN, {})

    def assign(self, key: Keys, to: str) -> dict[str, Any]:
        """Give it to somebody; an empty name gives it to nobody."""
        return self._decide(key, EntryType.ASSIGN, {"to": to.strip()})

    def snooze(self, key: Keys, until: str) -> dict[str, Any]:
        """Let it sleep until an instant (RFC 3339), or until the customer writes."""
        until_at = _future(until, now=self._clock.now())
        return self._decide(key, EntryType.SNOOZE, {"until": rfc3339(until_at)})

    def override(
        self, key: Keys, kind: str | None = None, severity: str | None = None
    ) -> dict[str, Any]:
        """Replace the machine's word about kind or severity; it is kept, and it teaches."""
        if kind is None and severity is None:
            raise Refused(tr("Nothing to override"), tr("Name a kind, a severity or both"))
        wanted = {
            "kind": _one_of(kind, Kind, what="kind"),
            "severity": _one_of(severity, Severity, what="severity"),
        }
        return self._decide(key, EntryType.OVERRIDE, {k: v for k, v in wanted.items() if v})

    def verdict(self, key: Keys, verdict: str) -> dict[str, Any]:
        """Say whether ringing (or not ringing) for it was right."""
        if verdict not in VERDICTS:
            raise Refused(
                tr("'{verdict}' is no verdict", verdict=verdict),
                tr("It is one of: {verdicts}", verdicts=", ".join(VERDICTS)),
            )
        return self._decide(key, EntryType.VERDICT, {"verdict": verdict})

    def link_order(self, key: str, number: str) -> dict[str, Any]:
        """Say which order it is about; an empty number says that it is about none. It stays.

        An order's atom names one of two shops' orders of the same number.
        """
        wanted = number.strip().lstrip("#").strip()

        def known(db: Connection) -> dict[str, str]:
            issue = issues.get(db, issues.by_key(db, key))
            order = _order_meant(db, issue, wanted) if wanted else None
            if wanted and order is None and orders.count(db):
                raise NotFound(
                    tr("No shop knows an order {wanted}", wanted=wanted),
                    "",
                    tr("See the number in the shop, or wait until its orders have been fetched"),
                )
            if order is None:
                return {"number": wanted}
            return {"number": order.number, "atom": order.atom}

        answer = self._decide(key, EntryType.ORDER, self._writer.do(known))
        if says := self._writer.do(lambda db: pick_words(db, issues.by_key(db, key))):
            answer["teaches"] = tr("From now on {says}.", says=says)
        return answer

    def note(self, key: str, text: str) -> dict[str, Any]:
        """Write something down that customers never see."""
        if not text.strip():
            raise Refused(tr("The note is empty"))
        return self._decide(key, EntryType.NOTE, {"text": text.strip()})

    def promise_done(self, key: str, promise: str) -> dict[str, Any]:
        """Say that what a mail of ours promised is done, or was never meant so."""

        def known(db: Connection) -> bool:
            every = deadlines.of_issue(db, issues.by_key(db, key))
            return any(one.metric is Metric.GIVEN_WORD and one.name == promise for one in every)

        if not self._writer.do(known):
            raise NotFound(tr("That was not promised here"), "", tr("See `promises` of this issue"))
        return self._decide(key, EntryType.PROMISE_DONE, {"promise": promise})

    def tag(self, key: Keys, add: Sequence[str] = (), remove: Sequence[str] = ()) -> dict[str, Any]:
        """Put tags on it, or take them off."""
        wanted = {"add": _tags(add), "remove": _tags(remove)}
        if not any(wanted.values()):
            raise Refused(tr("No tag is named"), "", tr("Write a word, like b2b"))
        return self._decide(key, EntryType.TAG, wanted)

    def merge(self, key: Keys, into: str) -> dict[str, Any]:
        """Make issues one: everything of `key` goes to `into`, its key keeps resolving."""
        now = self._clock.now()

        def write(db: Connection, one: str) -> tuple[Changes, Entry]:
            source, target = issues.by_key(db, one), issues.by_key(db, into)
            if source == target:
                raise Refused(tr("An issue cannot be merged with itself"))
            gone, kept = issues.get(db, source), issues.get(db, target)
            of_one = is_of_one(db, gone) and is_of_one(db, kept)
            said = {
                "customer": gone.customer.key if of_one else "",
                "with": kept.customer.key if of_one else "",
                "crossed": still_unanswered(db, source, target),
            }
            entry = put_together(db, source, target, now=now, said=said)
            changes = self._standing.refresh(db, target, now=now)
            return changes | Changes.of_issues((gone.key,)), entry

        return self._each(key, write)

    def split(self, key: str, messages: Sequence[int]) -> dict[str, Any]:
        """Make a new issue of some messages of this one, in whatever order they are named."""
        named = frozenset(int(one) for one in messages)
        now = self._clock.now()

        def write(db: Connection) -> tuple[Changes, Entry]:
            source = issues.by_key(db, key)
            every = stored.of_issue(db, source)
            taken = _taken(every, named)
            new = _split_off(db, source, taken, every)
            fresh, old = issues.get(db, new), issues.get(db, source)
            data = {
                "into": fresh.key,
                "messages": [one.id for one in taken],
                "customer": taken[0].customer.key,
                "because": _joined_because(every, taken),
            }
            entry = journal.append(db, issue_id=source, type=EntryType.SPLIT, at=now, data=data)
            journal.append(db, issue_id=new, type=EntryType.SPLIT, at=now, data={"from": old.key})
            changes = self._standing.refresh(db, source, now=now)
            changes |= self._standing.refresh(db, new, now=now)
            return changes | Changes(added=frozenset({fresh.key})), entry

        return self._answer(*self._writer.do(write))

    def undo(self, entry: Keys) -> dict[str, Any]:
        """Take decisions back, as if they had never been made; both stay in the journal."""
        now = self._clock.now()

        def write(db: Connection, one: str) -> tuple[Changes, Entry]:
            issue_id, undone = _undoable(db, one)
            if undone.type in UNDOES:
                moved = UNDOES[undone.type](db, issue_id, undone, standing=self._standing, now=now)
                return moved, journal.last(db, issue_id) or undone
            data = {"entry": undone.id}
            new = journal.append(db, issue_id=issue_id, type=EntryType.UNDO, at=now, data=data)
            return self._standing.refresh(db, issue_id, now=now), new

        newest_first = entry if isinstance(entry, str) else tuple(reversed(entry))
        answer = self._each(newest_first, write)
        self._taught()
        return answer

    def seen(self, key: str) -> dict[str, Any]:
        """The owner has looked at it: no longer bold, its alert no longer waits, nor the card of
        several that were all looked at."""
        now = self._clock.now()

        def write(db: Connection) -> Changes:
            issue_id = issues.by_key(db, key)
            issue = issues.get(db, issue_id)
            issues.update(db, issue_id, unseen=False)
            on_server.want_flags(db, _theirs(db, issue_id), frozenset((MailFlag.SEEN,)))
            return Changes.of_issues((issue.key,)) | dealt_with(db, issue_id, now=now)

        return self._answer(self._writer.do(write))

    def _decide(self, key: Keys, type_: EntryType, data: dict[str, Any]) -> dict[str, Any]:
        now = self._clock.now()

        def write(db: Connection, one: str) -> tuple[Changes, Entry]:
            issue_id = issues.by_key(db, one)
            base = journal.last(db, issue_id)
            seen = _seen(db, issue_id, data) if type_ in TEACHING else {}
            entry = journal.append(
                db,
                issue_id=issue_id,
                type=type_,
                at=now,
                data={**data, **seen},
                base=base.id if base else "",
            )
            changes = self._standing.refresh(db, issue_id, now=now)
            if type_ in _KNOWS_OF_IT and data.get("verdict") != "missed":
                changes |= dealt_with(db, issue_id, now=now)
            return changes, entry

        answer = self._each(key, write)
        if type_ in TEACHING:
            self._taught()
        return answer

    def _each(
        self, keys: Keys, write: Callable[[Connection, str], tuple[Changes, Entry]]
    ) -> dict[str, Any]:
        """Write about one issue, or about several in one transaction: all of it, or nothing.

        The answer names the `entry`, of several all `entries`; what changed is told once.
        """
        if isinstance(keys, str):
            return self._answer(*self._writer.do(lambda db: write(db, keys)))
        wanted = tuple(dict.fromkeys(keys))
        if not 0 < len(wanted) <= _AT_ONCE:
            raise Refused(
                tr("At most {number} issues can be done at once", number=grouped(_AT_ONCE)),
                tr("Name at least one"),
            )
        done = self._writer.do(lambda db: [write(db, one) for one in wanted])
        answer = self._answer(reduce(or_, (changes for changes, _ in done)))
        return {**answer, "entries": [entry.id for _, entry in done]}

    def _answer(self, changes: Changes, entry: Entry | None = None) -> dict[str, Any]:
        self._publish(changes)
        answer: dict[str, Any] = {"changes": changes.as_dict()}
        if entry is not None:
            answer["entry"] = entry.id
            if entry.type in (EntryType.SPLIT, EntryType.MERGE) and (says := place_words(entry)):
                answer["teaches"] = tr("From now on {says}.", says=says)
        return answer


def _taken(every: Sequence[StoredMessage], named: frozenset[int]) -> list[StoredMessage]:
    """The named messages of an issue as they came. Raises Refused for none, for one that is not of
    it, and for all of them."""
    taken = [one for one in every if one.id in named]
    if not named or len(taken) < len(named):
        raise Refused(tr("These messages are not of that issue"), tr("Name ids that `show` lists"))
    if len(taken) == len(every):
        raise Refused(tr("All messages of an issue cannot be split off"))
    return taken


def _split_off(
    db: Connection, source: int, taken: Sequence[StoredMessage], every: Sequence[StoredMessage]
) -> int:
    """A new issue of some of all the messages of another one; both begin with their first."""
    issue, first = issues.get(db, source), taken[0]
    theirs = next((one for one in taken if one.direction is Direction.IN), None)
    new = issues.create(
        db,
        atoms=(_atom_of_split(db, first.message_id),),
        subject=first.subject,
        customer=(theirs.from_ if theirs else None) or issue.customer,
        account_id=issue.account_id,
        judgement=issue.judgement,
        first_at=first.received_at,
        history=issue.history,
    )
    stored.move(db, [one.id for one in taken], new)
    if issue.first_at == first.received_at:
        left = min(one.received_at for one in every if one not in taken)
        issues.update(db, source, first_at=left)
    return new


def _atom_of_split(db: Connection, message_id: str) -> str:
    """A name for what begins with a mail whose own atom stays with the rest: of the mail, and
    numbered where it was split off before and stands at the beginning of another issue."""
    names = (f"{message_id}#split{number or ''}" for number in count() if number != 1)
    atoms = (message_atom(name) for name in names)
    return next(atom for atom in atoms if not issues.is_owned(db, atom))


def _seen(db: Connection, issue_id: int, said: Mapping[str, Any]) -> dict[str, Any]:
    """What a person had before them: the mail that spoke for the issue in what they decide, and the
    machine's word. Of kind and severity in one go it is the mail that spoke for the kind."""
    spoke = speakers(db, issue_id)
    if spoke is None:
        return {}
    mail = spoke.ringing if "verdict" in said else spoke.severity
    mail = spoke.kind if "kind" in said else mail
    if mail.assessment is None:
        return {}
    made = mail.assessment
    saw = {"kind": made.kind.value, "severity": made.severity.value, "unsure": made.unsure}
    return {"mail": mail.message_id, "rang": made.alert, "saw": saw}


def _joined_because(every: Sequence[StoredMessage], taken: Sequence[StoredMessage]) -> list[str]:
    """Why the mails that are split off, or the rest, lay there: not reasons enough, it turned out.

    Of a proof (a mail that is answered) nothing is learnt: it holds for other mails.
    """
    ids = {one.id for one in taken}
    joined = every[0].id not in ids  # else the first was taken out: the rest had joined it
    apart = (one for one in every if (one.id in ids) is joined)
    said = dict.fromkeys(one.joined_because for one in apart if one.joined_because)
    return [because for because in said if because in GUESSED or because.startswith(BY_ORDER)]


def _theirs(db: Connection, issue_id: int) -> list[int]:
    """The rows of what came in about an issue."""
    return [one.id for one in stored.of_issue(db, issue_id) if one.direction is Direction.IN]


def _undoable(db: Connection, entry_id: str) -> tuple[int, Entry]:
    entry, issue_id = journal.find(db, entry_id), journal.issue_of(db, entry_id)
    if entry is None or issue_id is None:
        raise Refused(tr("There is nothing to undo"), tr("That decision is not in the journal"))
    if entry.id in undone_in(journal.of_issue(db, issue_id)):
        raise Refused(tr("There is nothing to undo"), tr("That decision was taken back already"))
    if entry.type in _STANDS:
        raise Refused(
            tr("A {what} cannot be undone this way", what=entry.type.value.replace("_", " "))
        )
    return issue_id, entry


def _one_of(value: str | None, family: type[Kind] | type[Severity], *, what: str) -> str | None:
    if value is None:
        return None
    try:
        return family(value).value
    except ValueError:
        names = ", ".join(member.value for member in family)
        raise Refused(
            tr("'{value}' is no {what}", value=value, what=what),
            tr("It is one of: {names}", names=names),
        ) from None


def _order_meant(db: Connection, issue: Issue, wanted: str) -> Order | None:
    """The order that a person means by an atom or a number: of several shops' the customer's own,
    else the next likely one, else the newest."""
    if wanted.startswith("o:"):
        return orders.by_atom(db, (wanted,))
    every = orders.of_number(db, wanted)
    link = issue.order_link
    likely = (one for one in every if link is not None and one.atom == link.runner_up_atom)
    theirs = (one for one in every if one.is_of(issue.customer.key))
    return next(theirs, None) or next(likely, None) or next(iter(every), None)


def _tags(words: Sequence[str]) -> list[str]:
    """Tags as they are kept: each once, on one line. Raises Refused for what cannot be one."""
    found = dict.fromkeys(" ".join(str(word).split()) for word in words)
    for tag in found:
        if len(tag) > LONGEST_TAG or "," in tag or not tag.isprintable():
            raise Refused(
                tr("'{tag}' cannot be a tag", tag=tag[:LONGEST_TAG]),
                "",
                tr(
                    "A tag has up to {longest_tag} characters and no comma", longest_tag=LONGEST_TAG
                ),
            )
    return [tag for tag in found if tag]


def _future(text: str, *, now: datetime) -> datetime:
    try:
        at = instant(text)
    except ValueError:
        raise Refused(
            tr("'{text}' is not an instant", text=text), tr("Write it like 2026-12-24T09:00:00Z")
        ) from None
    if at <= now:
        raise Refused(tr("That moment has passed"), tr("An issue can only sleep until a later one"))
    if at - now > _LONGEST_SLEEP:
        raise Refused(
            tr("That is more than ten years away"), tr("An issue can sleep for ten years at most")
        )
    return at

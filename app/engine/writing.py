"""Writing: the verbs around a reply until it is queued: which template, what it says, to send it.

First half of the walk "Send reply"; `outbox` takes it from the moment it is queued, and what a
person can do with it from then on is `on_its_way`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

from app.config.settings import Settings
from app.domain.account import Account
from app.domain.changes import Changes
from app.domain.clock import Clock, local_zone, rfc3339
from app.domain.errors import Refused
from app.domain.issue import Issue
from app.domain.journal import EntryType
from app.domain.message import Address
from app.domain.objection import Objection, Weight
from app.domain.reply import Draft, Enclosure, OutboxState, Reply, Template
from app.domain.translation import tr
from app.engine import composing, drafting
from app.engine.addressing import Leaving, Letter, Way, copied, is_aside, leaving, letter
from app.engine.calming import dealt_with
from app.engine.desk import Verb
from app.engine.enclosing import MOST_BYTES, enclose
from app.engine.looking_over import Around, LookingOver
from app.engine.standing import Standing
from app.engine.template_desk import USED_WITHIN, USES_RANKED
from app.mail import compose
from app.replies import render, variables
from app.replies.ranking import ranked
from app.replies.shelf import Shelf
from app.storage import drafts, issues, journal, messages, orders, outbox, profile, template_use
from app.storage.connection import Connection
from app.storage.messages import StoredMessage
from app.storage.profile import signing_key
from app.storage.writer import Writer

_MANY = 20  # replies to one address in a day: more than people write to each other
_DAY = timedelta(days=1)


class Writing:
    """What a person does with a reply until it is on its way."""

    def __init__(
        self,
        *,
        writer: Writer,
        standing: Standing,
        shelf: Shelf,
        settings: Callable[[], Settings],
        clock: Clock,
        publish: Callable[[Changes], None],
        wake: Callable[[], None],
    ) -> None:
        self._writer = writer
        self._standing = standing
        self._shelf = shelf
        self._settings = settings
        self._clock = clock
        self._publish = publish
        self._wake = wake
        self._looking_over = LookingOver(zone=local_zone)

    def verbs(self) -> dict[str, Verb]:
        """The verbs by the names that desks use."""
        return {
            "templates": self.templates,
            "addressing": self.addressing,
            "render": self.render,
            "save_draft": self.save_draft,
            "check_reply": self.check_reply,
            "send_reply": self.send_reply,
        }

    def templates(self, key: str) -> dict[str, Any]:
        """The templates for this issue, best first."""
        issue, _ = self._writer.do(lambda db: _whole(db, key))
        kind, language, present = issue.judgement.kind, self._language(issue), self._shelf.present
        since = self._clock.now() - USED_WITHIN
        uses = self._writer.do(lambda db: template_use.since(db, since, newest=USES_RANKED))
        fitting = ranked(
            present,
            uses,
            kind=kind,
            language=language,
            ruled=issue.decisions.template or "",
        )
        return {
            "templates": [
                {
                    "id": one.template.id,
                    "kind": one.template.kind.value,
                    "name": one.template.name,
                    "language": one.template.language,
                    "languages": list(present.languages(one.template.id, language)),
                    "title": one.template.title,
                    "own": one.template.own,
                    "used": one.used,
                    "because": one.because,
                }
                for one in fitting
            ],
            "language": language,
            "faults": [fault.sentence for fault in present.faults],
        }

    def render(
        self, key: str, template: str, language: str = "", values: Mapping[str, str] | None = None
    ) -> dict[str, Any]:
        """A template filled in for this issue; its holes are named and stay visible."""
        issue, _ = self._writer.do(lambda db: _whole(db, key))
        chosen = self._shelf.present.get(template, language or self._language(issue))
        return self.fill(key, chosen, values)

    def fill(
        self, key: str, chosen: Template, values: Mapping[str, str] | None = None
    ) -> dict[str, Any]:
        """A template, kept or not, filled in for this issue."""
        variables.refuse_unknown(values or ())
        issue, post = self._writer.do(lambda db: _to_answer(db, key))
        person = next(iter(post.to), issue.customer)
        known = self._values(issue, person, language=chosen.language)
        filled = render.render(chosen, {**known, **(values or {})})
        return {
            "text": filled.text,
            "holes": list(filled.holes),
            "subject": post.subject,
            "to": _people(post.to),
            "language": chosen.language,
        }

    def addressing(self, key: str, sender: str = "", to_sender: bool = False) -> dict[str, Any]:
        """Whom a reply goes to and why, and from which of our addresses it can leave."""
        issue, _, post, way = self._addressed(key, sender=sender, to_sender=to_sender)
        return {
            "to": _people(post.to),
            "subject": post.subject,
            "way": post.way.value,
            "note": post.note,
            "machine": post.machine,
            "others": _people(post.others),
            "sender": way.identity.email,
            "senders": [
                {
                    "email": one.email,
                    "name": one.name or self._settings().shop_name,
                    "account": account.name,
                    "signature": one.signature_in(self._language(issue)),
                }
                for account, one in way.choices
            ],
            "most_bytes": self._server_takes(way.account) or MOST_BYTES,
        }

    def _addressed(
        self, key: str, *, sender: str, to_sender: bool
    ) -> tuple[Issue, tuple[StoredMessage, ...], Letter, Leaving]:
        """The issue whole, the letter that a reply would be, and the way it would leave."""

        def read(db: Connection) -> tuple[Issue, tuple[StoredMessage, ...], Letter, Leaving]:
            issue, stored = _whole(db, key)
            post = letter(db, issue, stored, to_sender=to_sender)
            return issue, stored, post, leaving(db, issue, post.answered, wanted=sender)

        return self._writer.do(read)

    def save_draft(
        self,
        key: str,
        body: str,
        *,
        template: str = "",
        rendered: str = "",
        files: Sequence[str] = (),
        sender: str = "",
        cc: Sequence[str] = (),
    ) -> dict[str, Any]:
        """Keep what is written so far; with neither words nor files nothing is kept.

        Nor are the words of a reply that is on its way: it holds them, and brings them back.
        """
        now = self._clock.now()

        def write(db: Connection) -> Changes:
            issue = issues.get(db, issues.by_key(db, key))
            is_on_its_way = outbox.with_words(db, issue.key, body, files) is not None
            if (body.strip() or files) and not is_on_its_way:
                draft = Draft(
                    issue_key=issue.key,
                    body=body,
                    template=template,
                    rendered=rendered,
                    files=tuple(files),
                    sender=sender,
                    cc=tuple(Address(email=one) for one in cc),
                )
                drafts.save(db, draft, now)
            else:
                drafts.drop(db, issue.key)
            return Changes()

        return {"changes": self._writer.do(write).as_dict()}

    def check_reply(
        self,
        key: str,
        body: str,
        *,
        files: Sequence[str] = (),
        sender: str = "",
        to_sender: bool = False,
        heard: int = 0,
        cc: Sequence[str] = (),
    ) -> dict[str, Any]:
        """What speaks against sending this text now; asked at every pause in writing."""
        issue, stored, post, way = self._addressed(key, sender=sender, to_sender=to_sender)
        draft = Draft(
            issue_key=issue.key,
            body=body,
            subject=post.subject,
            to=post.to,
            cc=copied(post, cc),
            files=tuple(files),
        )
        found = self._objections(issue, stored, draft, way, heard=heard)
        return {
            "objections": [
                {"weight": one.weight.value, "because": one.because, "start": one.start,
                 "end": one.end}
                for one in found
            ]
        }  # fmt: skip

    def send_reply(  # one keyword a part of the reply
        self,
        key: str,
        body: str,
        *,
        template: str = "",
        rendered: str = "",
        subject: str = "",
        request: str = "",
        files: Sequence[str] = (),
        sender: str = "",
        at: str = "",
        follow_up_days: int = 0,
        insist: bool = False,
        to_sender: bool = False,
        heard: int = 0,
        cc: Sequence[str] = (),
    ) -> dict[str, Any]:
        """Queue a reply; it leaves when the undo window is over, or at the instant `at`.

        `request` names this click: the same request asked twice queues one reply. `files` are read
        now. `sender` is the address of ours that it leaves from, empty for the one that fits;
        `to_sender` writes to the machine that wrote, and not to the order's customer. `heard` is
        the id of the newest mail that was there when the words were begun. `cc` are the addresses
        that get a copy. What only looks wrong is asked about, and goes out if the person insists.

        Raises:
            Refused: with every hole; with `asks` where `insist` would let it go.
        """
        if request and (known := self._writer.do(lambda db: outbox.by_request(db, request))):
            return self._answer_about(known)
        now = self._clock.now()
        planned = composing.planned(at, now=now)
        wait = composing.days(follow_up_days)
        issue, stored, post, way = self._addressed(key, sender=sender, to_sender=to_sender)
        draft = Draft(
            issue_key=issue.key,
            body=body,
            subject=subject or post.subject,
            to=post.to,
            cc=copied(post, cc),
            template=template,
            rendered=rendered,
            files=tuple(files),
            sender=sender,
        )
        late = composing.too_late(issue, planned, now=now)
        doubts = [
            *([post.note] if post.way is Way.MACHINE and not to_sender else ()),
            *late,
            *self._said_already(draft),
        ]
        found = self._objections(issue, stored, draft, way, heard=heard)
        self._refuse_holes(found, draft, doubts=doubts, insist=insist)
        reply = replace(
            self._composed(issue, post, way, draft=draft),
            not_before=planned or now + timedelta(seconds=self._settings().undo_seconds),
            scheduled=planned is not None,
            follow_up_days=wait,
            request=request,
        )
        return self._queue(reply, draft)

    def _composed(self, issue: Issue, post: Letter, way: Leaving, *, draft: Draft) -> Reply:
        """The reply with its last bytes, but for the Date of a planned one."""
        now = self._clock.now()
        outgoing = composing.outgoing(
            issue,
            post,
            way,
            draft=draft,
            enclosures=self._enclosures(draft, way.account),
            shop_name=self._settings().shop_name,
            key=self._writer.do(signing_key),
            now=now,
            language=self._language(issue),
            zone=local_zone(),
        )
        return Reply(
            issue_key=issue.key,
            account_id=way.account.id,
            message_id=outgoing.message_id,
            mime=compose.compose(outgoing),
            sender=outgoing.sender.email,
            recipients=tuple(one.email for one in (*draft.to, *draft.cc)),
            state=OutboxState.QUEUED,
            created_at=now,
            not_before=now,
            template=draft.template,
            rendered=draft.rendered,
            body=draft.body,
            files=draft.files,
        )

    def _queue(self, reply: Reply, draft: Draft) -> dict[str, Any]:
        now = self._clock.now()

        def write(db: Connection) -> tuple[Changes, Reply]:
            issue_id = issues.by_key(db, reply.issue_key)
            reply_id = outbox.queue(db, reply)
            queued = outbox.get(db, reply_id)
            if queued.message_id == reply.message_id:  # else this click was already heard
                journal.append(
                    db,
                    issue_id=issue_id,
                    type=EntryType.REPLY_QUEUED,
                    at=now,
                    data=_queued_data(db, issue_id, queued),
                )
                drafting.take(db, draft)
            changes = self._standing.refresh(db, issue_id, now=now)
            changes |= dealt_with(db, issue_id, now=now)
            return changes | Changes(outbox=frozenset({reply_id})), queued

        changes, queued = self._writer.do(write)
        self._wake()
        return {**self._answer_about(queued), **self._told(changes)}

    def _answer_about(self, queued: Reply) -> dict[str, Any]:
        return {
            "changes": Changes().as_dict(),
            "reply": queued.id,
            "message_id": queued.message_id,
            "not_before": rfc3339(queued.not_before),
            "scheduled": queued.scheduled,
        }

    def _refuse_holes(
        self,
        found: Sequence[Objection],
        draft: Draft,
        *,
        doubts: Sequence[str],
        insist: bool,
    ) -> None:
        """Raise Refused with all that must not go out, or else with what a person must confirm."""
        holes = tuple(one.because for one in found if one.weight is Weight.STOPS)
        if holes:
            raise Refused(tr("This reply cannot go out yet"), " ".join(holes), holes=holes)
        if insist:
            return
        asked = (one.because for one in found if one.weight is Weight.ASKS)
        every = (*asked, *doubts, *self._too_many(draft))
        if every:
            raise Refused(tr("Is this meant so?"), " ".join(every), holes=every, asks=True)

    def _objections(
        self,
        issue: Issue,
        stored: tuple[StoredMessage, ...],
        draft: Draft,
        way: Leaving,
        *,
        heard: int,
    ) -> tuple[Objection, ...]:
        person = next(iter(draft.to), issue.customer)
        settings = self._settings()
        around = Around(
            issue=issue,
            stored=stored,
            to=draft.to,
            own=way.own,
            our_names=(settings.agent_name, settings.shop_name, settings.me, way.identity.name),
            values=self._values(issue, person, language=self._language(issue)),
            heard=heard,
        )
        now = self._clock.now()
        return self._writer.do(lambda db: self._looking_over.objections(db, draft, around, now=now))

    def _said_already(self, draft: Draft) -> list[str]:
        """Two clicks that queue the same words are asked about: they would arrive twice."""
        same = self._writer.do(
            lambda db: outbox.with_words(db, draft.issue_key, draft.body, draft.files)
        )
        if same is None:
            return []
        if same.state is OutboxState.UNKNOWN:
            return [tr("A reply with the same words may have arrived already.")]
        return [tr("A reply with the same words is on its way already.")]

    def _too_many(self, draft: Draft) -> list[str]:
        """A loop of two programs, or of a script, ends here: from now on a person is asked."""
        since = self._clock.now() - _DAY
        return [
            tr(
                "{email} got {many} replies from you in the last 24 hours.",
                email=one.email,
                many=many,
            )
            for one in (*draft.to, *draft.cc)
            if (many := self._writer.do(lambda db, one=one: outbox.sent_to(db, one.email, since)))  # type: ignore[misc]
            >= _MANY
        ]

    def _server_takes(self, account: Account) -> int:
        """The size of a mail that the account's server named when it was last used; 0: unknown."""
        known = self._writer.do(lambda db: profile.get_meta(db, profile.size_name(account.id)))
        return int(known or 0)

    def _enclosures(self, draft: Draft, account: Account) -> tuple[Enclosure, ...]:
        if not draft.files:
            return ()
        return enclose(draft.files, server_takes=self._server_takes(account))

    def _values(self, issue: Issue, person: Address, *, language: str) -> dict[str, str]:
        settings = self._settings()
        order = self._writer.do(lambda db: orders.of_issue(db, issue))
        return variables.values(
            order=order,
            customer=person,
            shop_name=settings.shop_name,
            agent_name=settings.agent_name,
            language=language,
            zone=self._standing.terms.calendars.shop.zone,
        )

    def _language(self, issue: Issue) -> str:
        """The customer's, and where nobody knows it the one that the owner set for that."""
        return issue.judgement.language[:2].lower() or self._settings().language

    def _told(self, changes: Changes) -> dict[str, Any]:
        self._publish(changes)
        return {"changes": changes.as_dict()}


def _whole(db: Connection, key: str) -> tuple[Issue, tuple[StoredMessage, ...]]:
    issue_id = issues.by_key(db, key)
    return issues.get(db, issue_id), messages.of_issue(db, issue_id)


def _to_answer(db: Connection, key: str) -> tuple[Issue, Letter]:
    issue, stored = _whole(db, key)
    return issue, letter(db, issue, stored)


def _people(addresses: Sequence[Address]) -> list[dict[str, str]]:
    return [{"name": one.name, "email": one.email} for one in addresses]


def _queued_data(db: Connection, issue_id: int, reply: Reply) -> dict[str, Any]:
    data: dict[str, Any] = {"reply": reply.id, "template": reply.template}
    if reply.scheduled:
        data["scheduled_for"] = rfc3339(reply.not_before)
        stored = messages.of_issue(db, issue_id)
        data["aside"] = is_aside(db, issues.get(db, issue_id), stored, reply.recipients)
    return data

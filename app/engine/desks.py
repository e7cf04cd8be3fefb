"""Desks: every verb an engine answers to, collected from the desks that have them."""

from __future__ import annotations

from functools import partial

from app.config.desktop import font_folders
from app.config.paths import resources
from app.domain.clock import local_zone
from app.engine.casework import Casework
from app.engine.causes import IncidentDesk
from app.engine.checkup import Checkup
from app.engine.connecting import Connecting
from app.engine.contacts_desk import ContactsDesk
from app.engine.customer_desk import CustomerDesk
from app.engine.desk import Desk, Verb
from app.engine.effect import Effect
from app.engine.ladder_desk import LadderDesk
from app.engine.lesson_desk import LessonDesk
from app.engine.machinery import Heard, Machinery
from app.engine.metrics import Elapsed, wall
from app.engine.on_its_way import OnItsWay
from app.engine.opening import Opening
from app.engine.own_rules import OwnRules
from app.engine.packing import Packing
from app.engine.parts import Parts
from app.engine.promise_desk import PromiseDesk
from app.engine.readiness_desk import ReadinessDesk
from app.engine.reporting import Reporting
from app.engine.rota_desk import RotaDesk
from app.engine.rules_desk import RulesDesk
from app.engine.rules_on_open import RulesOnOpen
from app.engine.saved_views_desk import SavedViewsDesk
from app.engine.signing_in import SigningIn
from app.engine.simulating import Simulating
from app.engine.standing import Standing
from app.engine.template_desk import TemplateDesk
from app.engine.template_import import TemplateImport
from app.engine.thumbnails import Thumbnails
from app.engine.working_hours import WorkingHours
from app.engine.writing import Writing
from app.escalation.terms import Terms
from app.escalation.working_time import WorkingTime


def issue_desk(parts: Parts, machinery: Machinery, heard: Heard) -> Desk:
    """What a person decides about issues."""
    return Desk(
        writer=parts.writer,
        standing=machinery.judgement.standing,
        clock=parts.clock,
        publish=heard.moved,
        taught=machinery.judgement.learning.wake,
    )


def issue_verbs(parts: Parts, machinery: Machinery, heard: Heard) -> dict[str, Verb]:
    """Beside what is decided about an issue: its causes, its lessons, its replies, its mails."""
    judgement, feeds = machinery.judgement, machinery.feeds
    incidents = IncidentDesk(writer=parts.writer, clock=parts.clock, publish=heard.moved)
    lessons = LessonDesk(
        database=parts.profile.database,
        writer=parts.writer,
        standing=judgement.standing,
        learning=judgement.learning,
        clock=parts.clock,
    )
    writing = Writing(
        writer=parts.writer,
        standing=judgement.standing,
        shelf=parts.templates,
        settings=parts.settings,
        clock=parts.clock,
        publish=heard.moved,
        wake=feeds.outbox.wake,
    )
    on_its_way = OnItsWay(
        writer=parts.writer,
        standing=judgement.standing,
        clock=parts.clock,
        publish=heard.moved,
        wake=feeds.outbox.wake,
    )
    templates = TemplateDesk(
        shelf=parts.templates, writer=parts.writer, clock=parts.clock, fill=writing.fill
    )
    customers = CustomerDesk(
        profile=parts.profile,
        writer=parts.writer,
        standing=judgement.standing,
        clock=parts.clock,
        publish=heard.moved,
        unlearn=judgement.learning.wake,
        copying=machinery.copying,
    )
    opening = Opening(writer=parts.writer, connections=parts.connections, publish=heard.moved)
    thumbnails = Thumbnails(writer=parts.writer)
    packing = Packing(
        casework=Casework(
            writer=parts.writer, profile=parts.profile, shop=lambda: parts.settings().shop_name
        ),
        rules=parts.evidence,
        costs=parts.disputes,
        fonts=resources() / "fonts",
        font_folders=font_folders(),
        clock=parts.clock,
        publish=heard.moved,
    )
    saved_views = SavedViewsDesk(
        writer=parts.writer,
        clock=parts.clock,
        me=lambda: parts.settings().me,
        publish=heard.moved,
    )
    return {
        **incidents.verbs(),
        **saved_views.verbs(),
        **lessons.verbs(),
        **writing.verbs(),
        **on_its_way.verbs(),
        **templates.verbs(),
        **TemplateImport(shelf=parts.templates).verbs(),
        **opening.verbs(),
        **thumbnails.verbs(),
        **packing.verbs(),
        **customers.verbs(),
    }


def account_verbs(parts: Parts, machinery: Machinery, heard: Heard) -> dict[str, Verb]:
    """What connects mailboxes and platforms."""
    connecting = Connecting(
        writer=parts.writer,
        secrets=parts.secrets,
        connections=parts.connections,
        poller=machinery.feeds.poller,
        clock=parts.clock,
        publish=heard.moved,
        wake_outbox=machinery.feeds.outbox.wake,
        catch_up=machinery.feeds.historian.catch_up,
    )
    signing_in = SigningIn(connecting=connecting, clock=parts.clock)
    return {**connecting.verbs(), **signing_in.verbs()}


def promise_verbs(parts: Parts, machinery: Machinery, heard: Heard) -> dict[str, Verb]:
    """When the shop works, who is told when a promise slips, and what the owner's rules are."""
    standing, rounds = machinery.judgement.standing, machinery.rounds

    def renew(terms: Terms) -> None:
        standing.renew(terms)
        rounds.watch.work_out_anew()

    own = OwnRules(folder=parts.profile.rules, load=parts.load_terms, renew=renew)
    effect = Effect(writer=parts.writer, standing=standing, clock=parts.clock)
    working_hours = WorkingHours(
        own=own,
        home=parts.home_zone,
        present=lambda: standing.terms,
        effect=effect,
        clock=parts.clock,
    )
    promises = PromiseDesk(
        shipped=parts.shipped_rules, own=own, present=lambda: standing.terms, effect=effect
    )
    ladders = LadderDesk(
        writer=parts.writer,
        shipped=parts.shipped_rules,
        own=own,
        terms=lambda: standing.terms,
        clock=parts.clock,
    )
    rota = RotaDesk(writer=parts.writer, terms=lambda: standing.terms, clock=parts.clock)
    contacts = ContactsDesk(
        writer=parts.writer,
        secrets=parts.secrets,
        calling=rounds.calling,
        escalating=rounds.escalating,
        rota=rota.rota,
        renamed=ladders.rename,
        clock=parts.clock,
        publish=heard.moved,
    )
    rules_desk = RulesDesk(
        book=parts.owner_rules,
        database=parts.profile.database,
        calendar=lambda: standing.terms.calendars.shop,
        templates=parts.templates,
        clock=parts.clock,
    )
    on_open = RulesOnOpen(
        book=parts.owner_rules,
        database=parts.profile.database,
        writer=parts.writer,
        standing=standing,
        calendar=lambda: standing.terms.calendars.shop,
        clock=parts.clock,
        publish=heard.moved,
    )
    return {
        **working_hours.verbs(),
        **promises.verbs(),
        **ladders.verbs(),
        **rota.verbs(),
        **contacts.verbs(),
        **rules_desk.verbs(),
        **on_open.verbs(),
    }


def looking_verbs(parts: Parts, machinery: Machinery, *, begin_anew: Verb) -> dict[str, Verb]:
    """What only looks: whether all is well, how it went, how it would have gone.

    `begin_anew` ends the engine, for whoever needs another one.
    """
    checkup = Checkup(
        profile=parts.profile,
        writer=parts.writer,
        secrets=parts.secrets,
        read_settings=parts.read_settings,
        load_rules=parts.load_rules,
        classifier=parts.classifier,
        clock=parts.clock,
        begin_anew=begin_anew,
        retell=machinery.judgement.retelling.begin,
        copying=machinery.copying,
    )
    readiness = ReadinessDesk(
        profile=parts.profile,
        writer=parts.writer,
        settings=parts.settings,
        terms=lambda: machinery.judgement.standing.terms,
        clock=parts.clock,
    )
    reporting = Reporting(
        database=parts.profile.database,
        clock=parts.clock,
        clocks=partial(_clocks, machinery.judgement.standing),
    )
    simulating = Simulating(
        database=parts.profile.database,
        clock=parts.clock,
        settings=parts.settings,
        zone=local_zone,
        rules=parts.owner_rules.rules,
        calendar=lambda: machinery.judgement.standing.terms.calendars.shop,
    )
    return {
        **checkup.verbs(),
        **readiness.verbs(),
        **reporting.verbs(),
        **simulating.verbs(),
    }


def _clocks(standing: Standing) -> dict[str, Elapsed]:
    """The ways to tell how long something took; working time once there are hours."""
    shop = standing.terms.calendars.shop
    working: dict[str, Elapsed] = {} if shop.is_round_the_clock else {"working": WorkingTime(shop)}
    return {"wall": wall, **working}

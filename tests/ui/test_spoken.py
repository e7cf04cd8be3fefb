"""Every text of the window goes through the language: in one that nobody speaks, none leaks.

One more page: a function that builds it in a `House`, and its name in `PAGES`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import timedelta
from gettext import NullTranslations
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QPoint
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from app.config.settings import Settings, described
from app.domain.account import HealthState
from app.domain.alert import Alert
from app.domain.assessment import Kind, Severity
from app.domain.deadline import Deadline, Metric
from app.domain.incident import Incident
from app.domain.journal import EntryType, State
from app.domain.message import Attachment
from app.domain.reply import OutboxState
from app.domain.rule_fields import BY_NAME
from app.domain.saved_view import SavedView
from app.domain.search_query import OPERATORS
from app.domain.translation import speak, tr
from app.domain.views import InboxRow, IssueView, LessonView, TaughtBy, View
from app.ui import notices, words
from app.ui.bridge import EngineBridge
from app.ui.disputes.page import DisputesPage
from app.ui.errors import ErrorDoor
from app.ui.health.dialog import HealthDialog
from app.ui.inbox.empty import empty_search, empty_view
from app.ui.issue.attachment_words import file_words, size_words
from app.ui.issue.journal_words import entry_words
from app.ui.issue.panel import IssuePanel
from app.ui.main_window import MainWindow
from app.ui.onboarding.connect_page import ConnectPage
from app.ui.onboarding.connecting import HOSTS_OF_DOMAINS
from app.ui.reader import Reader
from app.ui.reply.template_picker import LANGUAGES
from app.ui.reports.dialog import ReportsDialog
from app.ui.settings.dialog import SettingsDialog
from app.ui.shortcuts import KeySheet
from app.ui.templates.dialog import TemplatesDialog
from app.ui.theme import Theme
from app.ui.widgets.account_card import AccountCard
from app.ui.widgets.status_line import progress_words
from tests.support import ui_issue_fakes as fakes
from tests.support.spoken import Nobodys, leaks
from tests.support.ui_answers import (
    A_RULE,
    ANOTHER_RULE,
    COPIES,
    HEALTH,
    PROMISES,
    READINESS,
    REPORT,
    SIMULATED,
    own_rules,
)
from tests.support.ui_disputes import FIGURES, every_kind
from tests.support.ui_fakes import NOW, FakeClock, FakeEngine, FakeQueries, FakeShop, a_reply, a_row
from tests.support.ui_frame import StandInPages, StandInPanel

_TOLD = ("title", "because")  # what a template is called, and why it is offered
_NO_PART_OF_IT = (StandInPanel,)


@dataclass
class House:
    """What a page is built of. `data` is what may stand on it as it is."""

    bridge: EngineBridge
    reader: Reader
    queries: FakeQueries
    shop: FakeShop
    engine: FakeEngine
    theme: Theme
    clock: FakeClock
    qtbot: QtBot
    folder: Path
    data: list[object] = field(default_factory=list)

    def window(self) -> MainWindow:
        """The window over the made-up shop, with the list and all counts in it."""
        made = MainWindow(
            bridge=self.bridge, queries=self.queries, reader=self.reader, theme=self.theme,
            clock=self.clock, errors=ErrorDoor(), pages=StandInPages(),
            memory=self.folder / "window.ini",
        )  # fmt: skip
        self.qtbot.addWidget(made)
        self.bridge.start()
        made.begin()
        made.show()
        self.qtbot.waitUntil(lambda: made.bench.inbox.state == "list")
        self.qtbot.waitUntil(lambda: bool(made.bench.sidebar.views.count(View.URGENT)))
        return made

    def panel(self, view: IssueView, **answers: Any) -> IssuePanel:
        """The pane of one issue."""
        self.data += [view, answers]
        self.data += [
            one[key] for one in fakes.TEMPLATES["templates"] for key in _TOLD if key in one
        ]
        bridge = fakes.FakeBridge({"templates": fakes.TEMPLATES, **answers})
        made = IssuePanel(
            bridge=bridge, queries=fakes.FakeQueries(view), theme=self.theme, clock=self.clock
        )
        self.qtbot.addWidget(made)
        made.resize(760, 860)
        made.show()
        made.show_issue(view.row.key)
        return made

    def answering(self, **answers: Any) -> fakes.FakeBridge:
        """An engine that gives these answers at once."""
        return fakes.FakeBridge(answers)

    def pasted(self, texts: Iterable[str]) -> QWidget:
        """A page of texts that are drawn somewhere, or stand there for a moment."""
        made = QWidget()
        self.qtbot.addWidget(made)
        column = QVBoxLayout(made)
        for text in texts:
            column.addWidget(QLabel(text))
        return made


@pytest.fixture
def house(
    bridge: EngineBridge, reader: Reader, queries: FakeQueries, shop: FakeShop,
    engine: FakeEngine, theme: Theme, clock: FakeClock, qtbot: QtBot, tmp_path: Path,
) -> Iterator[House]:  # fmt: skip
    speak(Nobodys())
    made = House(
        bridge=bridge, reader=reader, queries=queries, shop=shop, engine=engine, theme=theme,
        clock=clock, qtbot=qtbot, folder=tmp_path,
    )  # fmt: skip
    made.data += [shop, engine.answers]
    yield made
    bridge.stop()
    reader.stop()
    speak(NullTranslations())


def _list(house: House) -> QWidget:
    """List, side bar with all kinds and a saved view, status line."""
    house.shop.saved = (SavedView(name="Mugs", search="mugs"),)
    house.shop.rows += [a_row(60 + at, kind=kind) for at, kind in enumerate(Kind)]
    window = house.window()
    window.bench.sidebar.views.model().turn_over(keep=str(View.OPEN))  # type: ignore[attr-defined]
    return window


def _marked(house: House) -> QWidget:
    """Several issues are selected, and the menus that ask about them are open."""
    window = house.window()
    window.bench.inbox.view.mark_all()
    for verb in ("snooze", "assign", "override", "merge"):
        window.bench.together.do(verb, QPoint(0, 0))
    return window


def _asked(house: House) -> QWidget:
    """What a right click opens, and what a search offers."""
    window = house.window()
    row = window.bench.inbox.model.row_at(0)
    window.bench.inbox.menu_asked.emit(row, QPoint(0, 0))
    house.data += [f"{name}:" for name in OPERATORS]
    window.bench.inbox.search.begin()
    window.bench.inbox.search.completions.offer()
    return window


def _banners(house: House) -> QWidget:
    """Everything that a banner can say."""
    shop, healthy = house.shop, house.shop.health[0]
    ill = replace(healthy, state=HealthState.ASKING)
    shop.alerts = tuple(
        Alert(id=at, dedupe=name, issue_keys=keys, title="Storm", body="Of mugs", created_at=NOW)
        for at, (name, keys) in enumerate(
            (
                ("one", ("i1",)),
                ("two", ("i1", "i2")),
                ("silence/x", ()),
                ("review/x", ()),
                ("copies/x", ()),
            ),
            1,
        )
    )
    shop.replies = tuple(
        a_reply(at, state=state, not_before=NOW)
        for at, state in enumerate((OutboxState.FAILED, OutboxState.UNKNOWN, OutboxState.BLOCKED))
    )
    shop.health = (ill, replace(healthy, account="Till", state=HealthState.FAILING))
    window = house.window()
    incident = Incident(
        name="x", sort="goods", title="Mug", grave=True, customers=3, first_at=NOW, last_at=NOW,
        id=4, lately=2,
    )  # fmt: skip
    house.data += [incident, shop]
    overview = replace(house.queries.overview(now=NOW), incidents=(incident,))
    nothing = notices.Ways(*[lambda _: None] * 0, **dict.fromkeys(_WAYS, lambda _: None))
    every = [*notices.notices(overview, nothing), notices.lost()]
    every += [notices.broken(lambda: None, lambda: None)]
    for notice in every:
        window.banners.put(notice)
    window.banners._toggle()
    return window


_WAYS = (
    "open_alert", "put_away", "open_issue", "sign_in", "open_incident", "put_incident_away",
)  # fmt: skip


def _palette(house: House) -> QWidget:
    """All commands, with what the engine tells of."""
    window = house.window()
    window._open_palette()
    house.qtbot.waitUntil(lambda: "settings" in house.engine.verbs())
    return window


def _sprint(house: House) -> QWidget:
    """One issue at a time, and the page of its end."""
    window = house.window()
    window.bench.sprint()
    window.bench.sprinting.skip()
    window.bench.sprinting.end()
    return window


def _keys(house: House) -> QWidget:
    made = KeySheet()
    house.qtbot.addWidget(made)
    return made


def _account(house: House) -> QWidget:
    """An account that asks for its password, with mail that was left out."""
    ill = replace(house.shop.health[0], state=HealthState.ASKING, title="Refused", hint="Again")
    proof = replace(house.shop.proofs[0], skipped={"Too large": 2}, left={"In Junk": 3})
    house.data += [ill, "Too large", "in Junk"]
    made = AccountCard(ill, (proof,), now=NOW, bridge=house.bridge, theme=house.theme)
    house.qtbot.addWidget(made)
    return made


def _issue(house: House) -> QWidget:
    """An issue about broken mugs."""
    return house.panel(fakes.issue())


def _doubtful(house: House) -> QWidget:
    """One of which the machine is unsure, suspicious, one of many, with all that can be there."""
    incident = Incident(
        name="x", sort="size", title="Mug", grave=False, customers=3, first_at=NOW, last_at=NOW,
        id=4, issues=4,
    )  # fmt: skip
    lesson = LessonView(entry="e", at=NOW, issue_key="i", subject="")
    view = fakes.issue(
        row=fakes.row(unsure=True, suspicious=True, assignee="Mara", subject=""),
        incident=incident,
        unconfirmed="Kontorpay",
        suspicious_because=("Its sender is new",),
        taught=TaughtBy(kind=(lesson, lesson)),
        tags=tuple(f"tag{at}" for at in range(12)),
        earlier=(fakes.row(key="i1_other", subject=""),),
        other_orders=(fakes.order(),),
        replies=tuple(fakes.reply(at, state) for at, state in enumerate(OutboxState)),
        deadlines=_deadlines(),
        rang=False,
    )
    panel = house.panel(view)
    panel.page.header.more.offer(view.row, names=["Mara"], others=(), now=NOW)
    panel.page.header.open_snooze_menu()
    panel.page.why.open_kinds()
    return panel


def _no_issue(house: House) -> QWidget:
    panel = house.panel(fakes.issue())
    panel.show_issue(None)
    return panel


def _deadlines() -> tuple[Deadline, ...]:
    soon, late = NOW + timedelta(hours=3), NOW - timedelta(days=3)
    return (
        *(Deadline(metric=metric, planned_at=soon, verify=True) for metric in Metric),
        Deadline(metric=Metric.GIVEN_WORD, planned_at=late, consequence="Money back", source="Law"),
        Deadline(metric=Metric.RESOLUTION, planned_at=late, met_at=NOW, breached_at=late),
        Deadline(metric=Metric.RESOLUTION, planned_at=soon, met_at=NOW),
        Deadline(metric=Metric.RESOLUTION, planned_at=soon, paused_at=NOW),
    )


def _rows(house: House) -> QWidget:
    """What a row draws, in every place that time and state give it."""
    at = [timedelta(minutes=-90), timedelta(seconds=9), timedelta(hours=5), timedelta(days=2),
          timedelta(days=40), timedelta(days=-400)]  # fmt: skip
    rows = [a_row(1, deadline_at=NOW + one, last_at=NOW - abs(one)) for one in at]
    rows += [replace(row, deadline_for="Kontorpay") for row in rows]
    rows += [replace(rows[2], deadline_at=None, waiting_since=since) for since in (None, NOW)]
    rows += [replace(rows[2], state=state, deadline_at=None) for state in State]
    rows += [replace(rows[2], snoozed_until=NOW + timedelta(days=3), suspicious=True)]
    rows += [replace(rows[2], second_kind=Kind.DISPUTE), replace(rows[2], message_count=4)]
    house.data += rows
    return house.pasted(text for row in rows for text in _of_row(row))


def _of_row(row: InboxRow) -> Iterator[str]:
    stands = words.standing(row, NOW)
    yield from (stands.text, stands.exact, words.spoken(row, NOW))
    yield from (words.kind_chip(row), words.warning_chip(row))


def _sentences(house: House) -> QWidget:
    """What stands on an empty list, in the timeline, over the editor and beside an attachment."""
    return house.pasted(_of_lists())


def _of_lists() -> Iterator[str]:
    for view in (*View, Kind.DAMAGED, "incident:4"):
        for counts in ({}, {"open": 2, "waiting": 1, "all": 9}):
            page = empty_view(view, counts, go=lambda _: None)
            yield from (page.title, page.text, *(said for said, _ in page.actions))
    found = empty_search("is:nothing", clear=lambda: None)
    yield from (found.title.replace("is:nothing", ""), found.text)
    yield from (words.severity_word(one) for one in Severity)
    yield progress_words({"done": 3, "total": 9})
    yield from (size_words(size) for size in (1, 900, 4500, 45_000_000, 4_500_000_000))
    for type_ in ("image/png", "message/rfc822", "application/ms-tnef", "text/calendar", "x/x"):
        for name in ("", "a.exe", "b.zip", "c.docm", "d.html"):
            said = file_words(Attachment(filename=name, content_type=type_, size=9, part=1))
            yield said.what
            yield from (said.warning, said.inside)


def _journal(house: House) -> QWidget:
    """Every decision as a line, with everything that can be in it."""
    data: dict[str, Any] = {
        "kind": Kind.LATE, "severity": Severity.LOW, "verdict": "missed", "to": "Mara",
        "add": ["b2b"], "remove": ["vip"], "scheduled_for": "2026-11-19T09:00:00Z",
        "planned_at": "2026-11-19T09:00:00Z", "follow_up_at": "2026-11-20T09:00:00Z",
        "into": "i1_other", "number": "OW-1", "by": "Lotte",
    }  # fmt: skip
    house.data += [data]
    every = [one for one in EntryType if one is not EntryType.RULE]
    made = [replace(fakes.entry(1, NOW, one), data=some) for one in every for some in ({}, data)]
    return house.pasted(entry_words(one, undone=gone) for one in made for gone in (False, True))


def _connect(house: House) -> QWidget:
    """Connecting a mailbox, with the servers by hand and in the browser."""
    house.data += ["Google Workspace", "Microsoft", *(name for name, _ in HOSTS_OF_DOMAINS)]
    made = ConnectPage(bridge=house.answering(), theme=house.theme)
    house.qtbot.addWidget(made)
    return made


def _settings(house: House) -> QWidget:
    """Every page of the settings, with promises and rules in them."""
    answers = {
        "settings": {"settings": described(Settings()), "complaints": []},
        "promises": PROMISES,
        "owner_rules": own_rules(A_RULE, ANOTHER_RULE),
        "contacts": {"contacts": []},
        "copies": COPIES,
    }
    accounts = (replace(house.shop.health[0], title="Refused", hint="Again"),)
    house.data += [PROMISES, A_RULE, ANOTHER_RULE, COPIES, accounts, *LANGUAGES.values()]
    house.data += [list(BY_NAME), 'total > 500 and subject contains "invoice"']
    made = SettingsDialog(
        bridge=house.answering(**answers), theme=house.theme, accounts=lambda: accounts
    )
    house.qtbot.addWidget(made)
    made.show()
    for page in range(made.list.count()):
        made.list.setCurrentRow(page)
    return made


def _health(house: House) -> QWidget:
    bridge = house.answering(readiness=READINESS, health=HEALTH, support={"text": ""})
    house.data += [READINESS, HEALTH, "it is larger than 50 MB"]
    made = HealthDialog(bridge=bridge, theme=house.theme, clock=house.clock)
    house.qtbot.addWidget(made)
    made.show()
    return made


def _reports(house: House) -> QWidget:
    bridge = house.answering(report=REPORT, simulate=SIMULATED)
    house.data += [REPORT, SIMULATED]
    made = ReportsDialog(bridge=bridge, theme=house.theme, clock=house.clock)
    house.qtbot.addWidget(made)
    made.show()
    return made


def _templates(house: House) -> QWidget:
    house.data += fakes.TEMPLATES["templates"]
    made = TemplatesDialog(bridge=house.answering(templates=fakes.TEMPLATES), theme=house.theme)
    house.qtbot.addWidget(made)
    made.show()
    return made


def _disputes(house: House) -> QWidget:
    """The page of disputes with one of every kind."""
    house.shop.cases = every_kind(house.clock.now())
    house.data += [house.shop, FIGURES]
    house.data += [one.dispute.reason_word.replace("_", " ") for one in house.shop.cases]
    bridge = house.answering(dispute_figures=FIGURES)
    made = DisputesPage(reader=house.reader, bridge=bridge, theme=house.theme, clock=house.clock)
    house.qtbot.addWidget(made)
    made.show()
    made.refresh()
    house.qtbot.waitUntil(lambda: made.list.model().rowCount() > 0)
    return made


PAGES: Mapping[str, Callable[[House], QWidget]] = {
    build.__name__.strip("_"): build
    for build in (
        _list, _marked, _asked, _banners, _palette, _sprint, _keys, _account, _issue, _doubtful,
        _no_issue, _rows, _sentences, _journal, _connect, _settings, _health, _reports, _templates,
        _disputes,
    )
}  # fmt: skip


@pytest.mark.parametrize("page", PAGES)
def test_no_text_of_a_page_is_only_english(house: House, page: str) -> None:
    """In a language that nobody speaks every text is in that language, or is data."""
    found = leaks(PAGES[page](house), house.data, but=_NO_PART_OF_IT)
    assert found == []


def test_a_text_that_was_not_translated_is_found(house: House) -> None:
    """Beside one that was, as a value of one, and where it is half of one."""
    said = [tr("Undo"), "Undo now", tr("Undo: {what}", what="the lot"), tr("Undo") + " it"]
    page = house.pasted([*said, tr("Undo: {what}", what="Mugs arrived smashed")])
    assert leaks(page, house.data) == [
        "QLabel.text: 'Undo now' in 'Undo now'",
        "QLabel.text: 'the lot' in '⟦Undo: ⟧the lot'",
        "QLabel.text: 'it' in '⟦Undo⟧ it'",
    ]

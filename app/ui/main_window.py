"""MainWindow: the frame around the panes: what must be seen, how it is, and every key.

banners      alerts, an engine that went away, a mailbox that needs its owner
pages        starting | connect a mailbox | the workbench
status line  the health of every account and the books of its folders
toast        what was just done, with Undo
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from PySide6.QtCore import QByteArray, QEvent, QPoint, QSettings, QTimer, Signal
from PySide6.QtGui import QCloseEvent, QGuiApplication
from PySide6.QtWidgets import (
    QApplication,
    QMainWindow,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from app.domain.account import Health
from app.domain.alert import Alert, AlertLevel
from app.domain.changes import Changes
from app.domain.clock import Clock
from app.domain.errors import DiskFull, KnownError, NotFound, Unwritable
from app.domain.incident import Incident
from app.domain.translation import to_translate, tr
from app.domain.views import Overview, View
from app.ui import notices, placing, tab_walk
from app.ui.alert_notices import is_first_reading, page_of
from app.ui.bridge import EngineBridge
from app.ui.closing import Closing
from app.ui.errors import ErrorDoor
from app.ui.inbox.deeds import Deed
from app.ui.inbox.sidebar import Offer
from app.ui.inbox.views_list import DISPUTES
from app.ui.notices import Ways
from app.ui.onboarding.tour import Tour
from app.ui.palette.catalogue import Catalogue
from app.ui.palette.palette import Palette
from app.ui.panes import Pages
from app.ui.putting_back import PuttingBack
from app.ui.reader import Queries, Reader
from app.ui.replies_told import RepliesTold
from app.ui.shortcuts import KeySheet, bind
from app.ui.theme import Theme
from app.ui.tokens import Appearance
from app.ui.widgets.account_card import AccountCard
from app.ui.widgets.banner import BannerArea
from app.ui.widgets.page import Page, PageText
from app.ui.widgets.status_line import StatusLine
from app.ui.widgets.toast import Toast
from app.ui.workbench import Workbench

_MAY_PASS = (NotFound, KnownError, Unwritable, DiskFull)
_PATIENCE_MS = 800  # an engine that is back sooner was never missed


class MainWindow(QMainWindow):
    """The window. `counted` carries what frames the list, an Overview; `hidden` says that it was
    closed and goes on in the tray, `left` that it was closed for good, `watched` whether there is
    an engine that watches."""

    counted = Signal(object)
    watched = Signal(bool)
    hidden = Signal()
    left = Signal()
    again = Signal()

    def __init__(
        self, *, bridge: EngineBridge, queries: Queries, reader: Reader, theme: Theme,
        clock: Clock, errors: ErrorDoor, pages: Pages, memory: Path,
    ) -> None:  # fmt: skip
        super().__init__()
        self._bridge, self._reader, self._theme = bridge, reader, theme
        self._clock, self._errors, self._pages = clock, errors, pages
        self._memory = QSettings(str(memory), QSettings.Format.IniFormat)
        self._overview: Overview | None = None
        self._open_key = ""
        self._hides = self._leaves_for_another = False
        self._language = ""
        self._lost = QTimer(self, singleShot=True, interval=_PATIENCE_MS)
        issue = pages.issue_panel(bridge=bridge, queries=queries, theme=theme, clock=clock)
        self.bench = Workbench(
            bridge=bridge, queries=queries, reader=reader, theme=theme, clock=clock,
            issue=issue, offers=self._offers(),
        )  # fmt: skip
        self.banners, self.status = BannerArea(theme), StatusLine(theme)
        self._closing = Closing(issue=issue, banners=self.banners, close=self.close)
        self.tour = Tour(bench=self.bench, theme=theme, memory=self._memory)
        self.start_page = Page(theme)
        self.putting_back = PuttingBack(bridge=bridge, page=self.start_page, clock=clock)
        self.putting_back.done.connect(self._open_anew)
        self.stack = QStackedWidget()
        self.connect_page: QWidget | None = None
        self.toast = Toast(theme, self._lay_out())
        self._replies = RepliesTold(bridge=bridge, bench=self.bench, toast=self.toast, clock=clock)
        acts = self._acts()
        self.palette_card = Palette(theme, self)
        self._catalogue = Catalogue(
            bench=self.bench, bridge=bridge, acts=acts, offers=self._offers(), go=self._go,
            settings=self._show_setting, page=self._show_page,
        )  # fmt: skip
        self.palette_card.otherwise = self._catalogue.search_for
        self._connect()
        bind(self, acts)
        self._restore()

    def begin(self, open_key: str = "") -> None:
        """Read the profile and show it; `open_key` is the issue to open with."""
        self._open_key = open_key
        self.bench.go(View.OPEN)
        self._read_overview()

    def open_issue(self, key: str) -> None:
        """Come to the front with this issue; without a key, just come."""
        self.setVisible(True)
        if self.isMinimized():
            self.showNormal()
        self.raise_()
        self.activateWindow()
        QApplication.alert(self)  # where the desktop lets nobody come to the front by himself
        if key:
            self.stack.setCurrentWidget(self.bench)
            self.bench.open_issue(key)

    def hide_on_close(self, *, hides: bool) -> None:
        """Whether closing the window leaves the program in the tray."""
        self._hides = hides

    def sync_now(self) -> None:
        """Have every account looked into now."""
        self._bridge.run("sync_now", then=lambda _: self.toast.say(tr("Looking for new mail")))

    def quit(self) -> None:
        """End the window; the engine goes on watching."""
        self._hides = False
        self.close()

    def closeEvent(self, event: QCloseEvent) -> None:  # noqa: N802 - Qt's name
        """What was being written is kept, or said to be lost first; with a tray the window only
        hides."""
        self.bench.issue.save()
        if not (self._hides or self._closing.may()):
            event.ignore()
            return
        self._memory.setValue("geometry", self.saveGeometry())
        self._memory.setValue("commands", self.palette_card.recent)
        if self.bench.panes.by_hand is not None:
            self._memory.setValue("panes", self.bench.panes.by_hand)
        if self._hides:
            self.hide()
            event.ignore()
            self.hidden.emit()
            return
        super().closeEvent(event)
        (self.again if self._leaves_for_another else self.left).emit()

    def focusNextPrevChild(self, next: bool) -> bool:  # noqa: A002, N802 - Qt's names
        """Tab goes the way of the eye, whatever was made first; where the keyboard was on something
        that went, it goes home and not to what comes first, an alert."""
        here = self.focusWidget()
        if here is not None and not here.isVisible() and self.bench.keyboard.come_home():
            return True
        return tab_walk.step(self, here, onward=next)

    def changeEvent(self, event: QEvent) -> None:  # noqa: N802 - Qt's name
        """Nobody looks at a window that is not in front: the list may settle."""
        super().changeEvent(event)
        if event.type() is QEvent.Type.ActivationChange and not self.isActiveWindow():
            self.bench.inbox.settle()

    def _lay_out(self) -> QWidget:
        self.setWindowTitle("Frontburner")
        self.setWindowIcon(self._theme.app_icon)
        placing.fit(self, self._theme)
        self.start_page.setProperty("ground", "surface")
        self.stack.addWidget(self.start_page)
        self.stack.addWidget(self.bench)
        self.stack.setCurrentWidget(self.bench)
        middle = QWidget()
        middle.setProperty("ground", "surface")
        column = QVBoxLayout(middle)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.banners)
        column.addWidget(self.stack, 1)
        column.addWidget(self.tour.bar)
        column.addWidget(self.status)
        self.setCentralWidget(middle)
        return middle

    def _connect(self) -> None:
        bridge, bench = self._bridge, self.bench
        bridge.changed.connect(self._changed)
        bridge.opened.connect(self.open_issue)
        bridge.progress.connect(self._progressed)
        bridge.engine_lost.connect(self._lost.start)
        self._lost.timeout.connect(self._say_lost)
        bridge.engine_refused.connect(lambda why: self.banners.put(notices.lost(why)))
        bridge.unwritable.connect(self._say_unwritable)
        bridge.engine_back.connect(self._engine_back)
        bridge.setting_changed.connect(self._heard_setting)
        bridge.failed.connect(self._errors.show)
        bridge.broke.connect(self._errors.show)
        self._reader.failed.connect(self._errors.show)
        self._errors.known.connect(self._say_error)
        self._errors.bug.connect(self._say_bug)
        bench.said.connect(self._say)
        bench.told.connect(lambda text, back: self.toast.say(text, action=tr("Undo"), act=back))
        bench.turned.connect(self._replies.tell)
        bench.issue.reply_not_sent.connect(self._replies.say_not_sent)
        bench.failed.connect(self._errors.show)
        bench.issue.templates_asked.connect(self._show_templates)
        self.status.account_asked.connect(self._show_account)
        self.status.keys_asked.connect(self._show_keys)

    def _acts(self) -> dict[str, Any]:
        bench = self.bench
        views = ("urgent", "open", "disputes", "waiting", "snoozed", "done", "noise", "all")
        return {
            **{f"go {view}": lambda view=view: self._go(view) for view in views},
            **{
                verb: lambda verb=verb: bench.verb(verb)
                for verb in ("resolve", "snooze", "acknowledge")
            },
            **{
                f"sort {place}": lambda place=place: bench.with_issue(
                    lambda issue: issue.sort_as(place)
                )
                for place in range(1, 5)
            },
            **{
                f"template {place}": lambda place=place: bench.with_issue(
                    lambda issue: issue.take_template(place)
                )
                for place in range(1, 4)
            },
            "templates": lambda: bench.with_issue(lambda issue: issue.open_templates()),
            "next": lambda: bench.step(1),
            "previous": lambda: bench.step(-1),
            "sprint": self._sprint,
            "pause": bench.sprinting.pause,
            "mark": bench.mark,
            "mark all": bench.mark_all,
            "palette": self._open_palette,
            "search": bench.begin_search,
            "list": bench.focus_list,
            "leave": self._leave,
            "undo": self._undo,
            "reply": lambda: bench.with_issue(lambda issue: issue.focus_reply()),
            "send": lambda: bench.with_issue(lambda issue: issue.send()),
            "sync": self.sync_now,
            "new": bench.inbox.settle,
            "settings": self._show_settings,
            "numbers": self._show_numbers,
            "health": self._show_health,
            "keys": self._show_keys,
            "close": self.close,
            "quit": self.quit,
        }

    def _offers(self) -> tuple[Offer, ...]:
        return (
            Offer(to_translate("Everything that can be done"), "keyboard", self._open_palette),
            Offer(to_translate("One issue at a time"), "focus", self._sprint),
            Offer(to_translate("Look for new mail"), "refresh", self.sync_now),
            Offer(to_translate("Disputes"), "shield", lambda: self._go(DISPUTES)),
            Offer(to_translate("Connect a mailbox"), "plug", self._show_connect),
            Offer(to_translate("Numbers"), "chart", self._show_numbers),
            Offer(to_translate("Your rules"), "rules", self._show_rules),
            Offer(to_translate("How it stands"), "info", self._show_health),
            Offer(to_translate("Reply templates"), "edit", self._show_templates),
            Offer(to_translate("Settings"), "gear", self._show_settings),
            Offer(to_translate("Keys"), "keyboard", self._show_keys),
            Offer(to_translate("Show me around"), "info", self._begin_tour),
            Offer(),
            self._appearance_offer(to_translate("As the desktop"), Appearance.SYSTEM),
            self._appearance_offer(to_translate("Light"), Appearance.LIGHT),
            self._appearance_offer(to_translate("Dark"), Appearance.DARK),
            Offer(),
            Offer(to_translate("Quit"), "close", self.quit),
        )

    def _appearance_offer(self, words: str, appearance: Appearance) -> Offer:
        return Offer(
            words,
            act=lambda: self._appear(appearance),
            is_chosen=lambda: self._theme.appearance is appearance,
        )

    def _restore(self) -> None:
        for name, restore in (
            ("geometry", self.restoreGeometry),
            ("panes", self.bench.panes.restore),
        ):
            kept = self._memory.value(name)
            if isinstance(kept, QByteArray) and not kept.isEmpty():
                restore(kept)
        lately = self._memory.value("commands")
        lately = [lately] if isinstance(lately, str) else lately  # of one, Qt keeps no list
        self.palette_card.recent = [str(name) for name in lately or ()]
        placing.keep_on_screen(self)

    def _read_overview(self) -> None:
        now = self._clock.now()
        self._reader.ask(
            "overview",
            lambda queries: queries.overview(now=now),
            self._show_overview,
            failed=self._not_readable,
        )

    def _show_overview(self, overview: Overview) -> None:
        first, self._overview = self._overview is None, overview
        self.bench.show_overview(overview)
        self.status.show_overview(overview, self._clock.now())
        self.bench.inbox.show_progress(*self.status.reading)
        self._place(overview)
        self._put_banners(overview)
        self._replies.show(overview.replies)
        if overview.counts.get(View.OPEN):
            self.tour.offer()
        self.counted.emit(overview)
        if first and self._open_key:
            self.open_issue(self._open_key)

    def _place(self, overview: Overview) -> None:
        """A profile without a mailbox begins with connecting one."""
        if not overview.health and not overview.counts.get(View.ALL):
            self._show_connect()
        elif self.stack.currentWidget() is self.start_page:
            self.stack.setCurrentWidget(self.bench)
            self.bench.inbox.refresh_all()

    def _put_banners(self, overview: Overview) -> None:
        ways = Ways(
            open_alert=self._open_alert,
            put_away=self._put_away,
            open_issue=self.open_issue,
            open_incident=self._open_incident,
            put_incident_away=self._put_incident_away,
            sign_in=lambda health: self._show_account(health, self._above_status()),
        )
        wanted = list(notices.notices(overview, ways))
        before = set(self.banners.names)
        self.banners.put_all("now ", wanted)
        urgent = {f"now alert {each.id}" for each in overview.alerts
                  if each.level is AlertLevel.URGENT}  # fmt: skip
        if urgent - before and not self.isActiveWindow():
            QApplication.alert(self)

    def _not_readable(self, error: Exception) -> None:
        """No database yet, or one that the engine has to bring up to date first: start it."""
        self.stack.setCurrentWidget(self.start_page)
        may_wait = type(error) in _MAY_PASS and self._overview is None
        if not may_wait:
            self._say_unreadable(error)
            return
        self.start_page.say(
            PageText(icon="engine", title=tr("Frontburner starts"), text=tr("This takes a moment."))
        )
        self._bridge.run("status", then=lambda _: self._read_again(), failed=self._say_unreadable)

    def _read_again(self) -> None:
        self._reader.ask(
            "overview",
            lambda queries: queries.overview(now=self._clock.now()),
            self._show_overview,
            failed=self._say_unreadable,
        )

    def _say_unreadable(self, error: Exception) -> None:
        if not isinstance(error, KnownError):
            self._errors.show(error)
        ways = ((tr("Try again"), self._read_overview), (tr("Quit"), self.quit))
        self.putting_back.say(error, ways=ways)
        self.stack.setCurrentWidget(self.start_page)

    def _changed(self, changes: Changes) -> None:
        self.bench.refresh(changes)
        self._read_overview()

    def _progressed(self, progress: Mapping[str, Any]) -> None:
        self.status.show_progress(progress, self._clock.now())
        self.bench.inbox.show_progress(*self.status.reading)

    def _say_lost(self) -> None:
        if notices.LOST not in self.banners.names:  # it may stand there with its reason
            self.banners.put(notices.lost())
        self.watched.emit(False)

    def _say_unwritable(self, why: KnownError | None) -> None:
        if why is None:
            self.banners.drop(notices.UNWRITABLE)
        else:
            self.banners.put(notices.unwritable(why))

    def _engine_back(self) -> None:
        self._lost.stop()
        self.banners.drop(notices.UNWRITABLE)  # it says so itself, if it is still so
        self.banners.drop(notices.LOST)
        self.watched.emit(True)
        self.bench.inbox.refresh_all()
        self._read_overview()
        self._bridge.run("settings", then=self._heard_settings, failed=lambda _: None)

    def _heard_settings(self, answer: dict[str, Any]) -> None:
        for setting in answer.get("settings", ()):
            self._heard_setting(str(setting.get("name")), setting.get("value"))

    def _heard_setting(self, name: str, value: object) -> None:
        if name == "appearance" and value in set(Appearance):
            self._theme.set_appearance(Appearance(str(value)))
            self._memory.setValue("appearance", str(value))
        elif name == "window_language":
            before, self._language = self._language, str(value)
            if before not in ("", self._language):
                self._open_anew()

    def _open_anew(self) -> None:
        """Another window takes the place of this one: it reads and says everything anew."""
        self._leaves_for_another = True
        self.quit()

    def _appear(self, appearance: Appearance) -> None:
        self._heard_setting("appearance", str(appearance))
        self._bridge.run("set_setting", name="appearance", value=str(appearance))

    def _open_alert(self, alert: Alert) -> None:
        self._put_away(alert)
        if is_first_reading(alert):
            self._go(View.OPEN)
        elif len(alert.issue_keys) > 1:
            self._list_keys(alert.issue_keys, alert.title)
        elif alert.issue_keys:
            self.open_issue(alert.issue_keys[0])
        elif page := page_of(alert):
            self._show_page(page)
        else:  # a mailbox that was silent for too long
            self._bridge.run("sync_now")

    def _put_away(self, alert: Alert) -> None:
        self.banners.drop(f"now alert {alert.id}")
        self._bridge.run("alert_seen", id=alert.id)

    def _open_incident(self, incident: Incident) -> None:
        self.bench.leave_sprint()
        self._leave()
        self.bench.show_incident(incident)

    def _put_incident_away(self, incident: Incident) -> None:
        self.banners.drop(f"now incident {incident.id}")
        self._bridge.run("incident_seen", incident=incident.id)

    def _say(self, text: str, back: Deed | None) -> None:
        if back is None:
            self.toast.say(text)
        else:
            self.toast.say(text, action=tr("Undo"), act=self.bench.undo)

    def _say_error(self, error: KnownError) -> None:
        self.toast.say(error.sentence)

    def _say_bug(self, report: str) -> None:
        self.banners.put(
            notices.broken(
                lambda: QGuiApplication.clipboard().setText(report),
                lambda: self.banners.drop("bug"),
            )
        )

    def _show_account(self, health: Health, corner: QPoint) -> None:
        proofs = self._overview.proofs if self._overview else ()
        card = AccountCard(
            health, proofs, now=self._clock.now(), bridge=self._bridge, theme=self._theme,
            parent=self,
        )  # fmt: skip
        card.show_above(corner)

    def _above_status(self) -> QPoint:
        return self.status.mapToGlobal(QPoint(self._theme.px(8), 0))

    def _show_keys(self) -> None:
        sheet = KeySheet(self)
        sheet.finished.connect(sheet.deleteLater)
        sheet.open()

    def _show_settings(self) -> QWidget:
        dialog = self._pages.settings_dialog(
            bridge=self._bridge, theme=self._theme, accounts=self._accounts, parent=self
        )
        dialog.connect_asked.connect(self._show_connect)  # type: ignore[attr-defined]
        dialog.issues_asked.connect(self._show_found)  # type: ignore[attr-defined]
        dialog.put_back_asked.connect(self.putting_back.put_back)  # type: ignore[attr-defined]
        dialog.show()
        return dialog

    def _show_rules(self) -> None:
        self._show_page("Your rules")

    def _show_page(self, name: str) -> None:
        self._show_settings().show_page(name)  # type: ignore[attr-defined]

    def _show_found(self, keys: Sequence[str], what: str) -> None:
        """Issues that somebody asked for in another window: one is opened, several are listed."""
        if len(keys) == 1:
            self.open_issue(keys[0])
        else:
            self._list_keys(keys, what)
            self.activateWindow()

    def _list_keys(self, keys: Sequence[str], title: str) -> None:
        self.stack.setCurrentWidget(self.bench)
        self.bench.show_keys(keys, title)

    def _show_setting(self, name: str) -> None:
        self._show_settings().point_to(name)  # type: ignore[attr-defined]

    def _sprint(self) -> None:
        self.bench.sprint()

    def _begin_tour(self) -> None:
        """On what is open; with nothing there, there would be nothing to do it with."""
        self._go(View.OPEN)
        if self._overview is not None and self._overview.counts.get(View.OPEN):
            self.tour.begin()
        else:
            self.toast.say(tr("The tour needs a mail in the list: connect a mailbox first"))

    def _open_palette(self) -> None:
        self.palette_card.open(self._catalogue.commands())
        self._catalogue.ask(self.palette_card.offer_more)

    def _connect_shop(self) -> None:
        self._show_settings().connect_platform()  # type: ignore[attr-defined]

    def _show_templates(self, template: str = "", language: str = "") -> None:
        issue = self.bench.issue
        dialog = self._pages.templates_dialog(
            bridge=self._bridge, theme=self._theme, key=issue.key, template=template,
            language=language, parent=self,
        )  # fmt: skip
        dialog.destroyed.connect(issue.templates_changed)
        dialog.show()

    def _show_numbers(self) -> None:
        dialog = self._pages.reports_dialog(
            bridge=self._bridge, theme=self._theme, clock=self._clock, parent=self
        )
        dialog.opened.connect(self.open_issue)  # type: ignore[attr-defined]
        dialog.show()

    def _show_health(self) -> None:
        dialog = self._pages.health_dialog(
            bridge=self._bridge, theme=self._theme, clock=self._clock, parent=self
        )
        dialog.connect_asked.connect(self._show_connect)  # type: ignore[attr-defined]
        dialog.shop_asked.connect(self._connect_shop)  # type: ignore[attr-defined]
        dialog.settings_asked.connect(self._show_settings)  # type: ignore[attr-defined]
        dialog.show()

    def _accounts(self) -> tuple[Health, ...]:
        return self._overview.health if self._overview else ()

    def _undo(self) -> None:
        """A reply that counts down comes first: it is the only thing that cannot wait."""
        if not self._replies.call_back():
            self.bench.undo()

    def _go(self, view: str) -> None:
        self._leave()
        self.bench.go(view)

    def _leave(self) -> None:
        """Back to the list, from wherever one is."""
        if self._overview is not None and self._overview.health:
            self.stack.setCurrentWidget(self.bench)
        self.bench.leave()

    def _show_connect(self) -> None:
        if self.connect_page is None:
            page = self._pages.connect_page(bridge=self._bridge, theme=self._theme)
            page.done.connect(self._connected)  # type: ignore[attr-defined]
            page.shop_asked.connect(self._connect_shop)  # type: ignore[attr-defined]
            page.left.connect(self._leave)  # type: ignore[attr-defined]
            self.stack.addWidget(page)
            self.connect_page = page
        self.connect_page.be_first(is_first=not self._accounts())  # type: ignore[attr-defined]
        self.stack.setCurrentWidget(self.connect_page)

    def _connected(self) -> None:
        self.stack.setCurrentWidget(self.bench)
        self.bench.leave()
        self.bench.inbox.refresh_all()
        self._read_overview()

"""Catalogue: every command of the window: its keys, its views, its menu, and what is about the
issue in view: what it is, how bad, its templates; and the settings by their names.

What the engine has to tell (templates, settings) comes a moment later and joins the rest.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from itertools import chain
from typing import Any

from app.domain.assessment import Kind, Severity
from app.domain.search_query import OPERATORS
from app.domain.translation import to_translate, tr
from app.domain.views import View
from app.ui import words
from app.ui.bridge import EngineBridge
from app.ui.inbox.sidebar import Offer
from app.ui.inbox.views_list import SAVED
from app.ui.issue.foreign_text import line
from app.ui.palette.commands import Command
from app.ui.reply.template_picker import choices
from app.ui.shortcuts import KEYS
from app.ui.workbench import Workbench

_NO_ISSUE = to_translate("no issue is shown")
_OF_AN_ISSUE = frozenset({"resolve", "snooze", "acknowledge", "reply", "send"})
_LEFT_OUT = frozenset({"palette", "sort 1", "leave"})  # what only means something with its key
# What is done most comes first.
_GROUPS = {
    "Issues": "check", "Reply": "reply", "Views": "inbox", "Move": "chevron_right",
    "Program": "keyboard",
}  # fmt: skip
_PAGES = {
    "Working hours": to_translate("opening times holidays calendar"),
    "Promises": to_translate("deadline target answer sla"),
    "Who is told": to_translate("escalation ladder contact rota cover"),
    "Your data": to_translate("export import backup copy restore delete customer privacy"),
}
# What stands in a menu or a field of the issue's pane: act, words, drawing, what else it is called.
_RARE = (
    ("note", to_translate("Write a note to yourselves"), "edit", to_translate("internal comment")),
    ("tag", to_translate("Add a tag"), "bookmark", to_translate("label mark")),
    ("merge", to_translate("Merge with another issue"), "merge", to_translate("join combine")),
    ("split", to_translate("Split a mail off as an issue of its own"), "mail",
     to_translate("separate apart")),
    ("ringing", to_translate("False alarm, or it should have rung"), "flame",
     to_translate("alert missed verdict")),
    ("tell", to_translate("Tell the next people now"), "person", to_translate("escalate")),
)  # fmt: skip
_ALSO = {
    "resolve": to_translate("close finish reopen solved"),
    "acknowledge": to_translate("take seen mine"),
    "snooze": to_translate("later remind sleep"),
    "undo": to_translate("back revert"),
    "search": to_translate("find filter"),
    "sprint": to_translate("sprint zen"),
    "sync": to_translate("refresh fetch reload"),
    "keys": to_translate("shortcuts help keyboard"),
    "go noise": to_translate("newsletter spam"),
    "go disputes": to_translate("chargebacks"),
}


class Catalogue:
    """Makes the commands anew each time, so that each knows whether it is possible now."""

    def __init__(
        self, *, bench: Workbench, bridge: EngineBridge, acts: Mapping[str, Callable[[], object]],
        offers: Sequence[Offer], go: Callable[[str], object], settings: Callable[[str], object],
        page: Callable[[str], object],
    ) -> None:  # fmt: skip
        """`go` shows a view, `settings` opens the settings at one of them, `page` at a page."""
        self._bench, self._bridge, self._acts = bench, bridge, acts
        self._offers, self._go, self._settings, self._page = offers, go, settings, page

    def commands(self) -> list[Command]:
        """All that is known at once."""
        said = (self._keyed(), self._of_issue(), self._views(), self._menu(), self._pages())
        return [*chain.from_iterable(said), *self._searches()]

    def ask(self, then: Callable[[Sequence[Command]], object]) -> None:
        """Have the engine tell of templates and settings; they come one after the other."""
        self._bridge.run(
            "settings",
            then=lambda answer: then(self._setting_commands(answer)),
            failed=lambda _: None,
        )
        if key := self._bench.shown_key:
            self._bridge.run(
                "templates",
                then=lambda answer: then(self._template_commands(answer)),
                failed=lambda _: None,
                key=key,
            )

    def search_for(self, text: str) -> Command:
        """What is left to do with words that name no command."""
        said = tr("Search for “{text}”", text=line(text))
        return Command(name="search", words=said, drawing="search", act=partial(self._search, text))

    def _keyed(self) -> list[Command]:
        return [
            Command(
                name=key.act,
                words=_go_to(tr(key.words)) if key.group == "Views" else tr(key.words),
                keys=key.keys_said,
                drawing=_GROUPS[key.group],
                also=tr(_ALSO.get(key.act, "")),
                act=self._acts[key.act],
                why_not=self._why_not(key.act),
            )
            for key in sorted(KEYS, key=lambda key: list(_GROUPS).index(key.group))
            if key.shown and key.act not in _LEFT_OUT
        ]

    def _of_issue(self) -> list[Command]:
        bench = self._bench
        named = (
            ("assign", tr("Give it to somebody"), "person", tr("assign delegate owner")),
            ("noise", tr("Not an issue"), "noise", tr("mute newsletter spam ignore")),
        )
        verbs = [
            Command(name=verb, words=said, drawing=drawing, also=also,
                    act=partial(bench.verb, verb), why_not=self._why_no_issue)
            for verb, said, drawing, also in named
        ]  # fmt: skip
        rare = [
            Command(name=act, words=tr(said), drawing=drawing, also=tr(also),
                    act=partial(self._act, act), why_not=self._why_no_issue)
            for act, said, drawing, also in _RARE
        ]  # fmt: skip
        kinds = (kind for kind in Kind if kind is not Kind.NOT_AN_ISSUE)
        abouts = [
            Command(name=f"kind {kind}",
                    words=tr("It is about: {kind}", kind=words.kind_word(kind)),
                    drawing="edit", also=tr("kind type change override"),
                    act=partial(bench.override, kind=kind), why_not=self._why_no_issue)
            for kind in kinds
        ]  # fmt: skip
        grades = [
            Command(name=f"severity {grade}",
                    words=tr("How bad: {severity}", severity=words.severity_word(grade)),
                    drawing="edit", also=tr("severity priority change override"),
                    act=partial(bench.override, severity=grade),
                    why_not=self._why_no_issue)
            for grade in Severity
        ]  # fmt: skip
        return [*verbs, *rare, *abouts, *grades]

    def _act(self, name: str) -> None:
        """What is marked is merged together; all else is about the issue in view."""
        if name == "merge" and self._bench.inbox.view.marks:
            self._bench.verb("merge")
        else:
            self._bench.with_issue(lambda issue: issue.act(name))

    def _views(self) -> list[Command]:
        known = {key.act.removeprefix("go ") for key in KEYS}
        names = [view for view in (*View, *Kind) if view not in known | {Kind.NOT_AN_ISSUE}]
        saved = [f"{SAVED}{name}" for name in self._bench.saved.names]
        return [
            Command(name=f"go {name}", words=_go_to(_view_word(name)),
                    drawing="bookmark" if name.startswith(SAVED) else "inbox",
                    act=partial(self._go, name))
            for name in [*map(str, names), *saved]
        ]  # fmt: skip

    def _menu(self) -> list[Command]:
        keyed = {key.words for key in KEYS} | {"One issue at a time"}
        return [
            Command(
                name=f"menu {offer.words}",
                words=tr("Appearance: {name}", name=said) if offer.is_chosen else said,
                drawing=offer.drawing or "appearance",
                also=tr("theme colours") if offer.is_chosen else "",
                act=offer.act,
                why_not=partial(_is_so, offer),
            )
            for offer, said in ((one, tr(one.words)) for one in self._offers)
            if offer.words and offer.words not in keyed
        ]

    def _pages(self) -> list[Command]:
        """The pages of the settings, by what one looks for there."""
        return [
            Command(name=f"page {name}", words=tr("Settings: {page}", page=tr(name)), also=tr(also),
                    drawing="gear", act=partial(self._page, name))
            for name, also in _PAGES.items()
        ]  # fmt: skip

    def _searches(self) -> list[Command]:
        return [
            Command(name=f"search {one.name}",
                    words=tr("Search: {what}", what=tr(one.means)), keys=f"{one.name}:",
                    drawing="search", also=tr("find filter"),
                    act=partial(self._search, f"{one.name}:"))
            for one in OPERATORS.values()
        ]  # fmt: skip

    def _setting_commands(self, answer: Mapping[str, Any]) -> list[Command]:
        return [
            Command(name=f"setting {one['name']}", words=tr("Setting: {name}", name=one["label"]),
                    also=str(one.get("help", "")), drawing="gear",
                    act=partial(self._settings, str(one["name"])))
            for one in answer.get("settings", ())
        ]  # fmt: skip

    def _template_commands(self, answer: Mapping[str, Any]) -> list[Command]:
        return [
            Command(name=f"template {one.id}",
                    words=tr("Reply with: {template}", template=one.title), drawing="reply",
                    also=tr("template {kind}", kind=words.kind_word(Kind(one.kind))),
                    act=partial(self._reply_with, one.id, one.languages[0]),
                    why_not=self._why_no_issue)
            for one in choices(answer.get("templates", ()))
        ]  # fmt: skip

    def _reply_with(self, template: str, language: str) -> None:
        self._bench.with_issue(lambda issue: issue.use_template(template, language))

    def _search(self, text: str) -> None:
        field = self._bench.inbox.search
        self._go(self._bench.sidebar.views.current)
        field.begin()
        field.setText(text)
        field.completions.offer()

    def _why_no_issue(self) -> str:
        return "" if self._bench.shown_key or self._bench.inbox.view.marks else tr(_NO_ISSUE)

    def _why_not(self, act: str) -> Callable[[], str]:
        bench = self._bench
        if act in _OF_AN_ISSUE:
            return self._why_no_issue
        if act == "undo":
            return lambda: "" if bench.can_undo else tr("nothing was done yet")
        if act == "new":
            return lambda: "" if bench.inbox.has_news else tr("nothing new waits")
        if act in ("mark", "mark all", "sprint"):
            return lambda: "" if bench.inbox.model.rowCount() else tr("the list is empty")
        if act == "pause":
            return lambda: "" if bench.sprinting.is_on else tr("only with one issue at a time")
        return str


def _go_to(view: str) -> str:
    return tr("Go to {view}", view=view)


def _view_word(name: str) -> str:
    if name.startswith(SAVED):
        return line(name.removeprefix(SAVED))
    return words.view_word(name)


def _is_so(offer: Offer) -> str:
    return tr("it is so now") if offer.is_chosen is not None and offer.is_chosen() else ""

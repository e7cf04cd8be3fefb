"""One contact: who it is, whether each way works, and what can be done: test, change, review,
remove; what was removed can be had back."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QVBoxLayout, QWidget

from app.domain import hours_text
from app.domain.clock import instant
from app.domain.errors import KnownError
from app.domain.translation import to_translate, tr
from app.ui.issue.foreign_text import line
from app.ui.issue.parts import button, cancel_button, label, link_button, row
from app.ui.issue.ports import Answer, Asks
from app.ui.settings.contact_form import ContactForm
from app.ui.settings.kept_line import KeptLine
from app.ui.words import exact

_KINDS = {
    "desktop": to_translate("Pop-up on this computer"),
    "email": to_translate("E-mail"),
    "service": to_translate("Service"),
}


class ContactRow(QFrame):
    """Shows one contact; `changed` says that the list should be read anew, `gone` a sentence and
    the verb with its arguments that takes it back."""

    changed = Signal()
    gone = Signal(str, str, dict)

    def __init__(self, contact: Mapping[str, Any], *, bridge: Asks) -> None:
        super().__init__()
        self.setProperty("card", "true")
        self._contact = dict(contact)
        self._name = str(contact.get("name", ""))
        self._bridge = bridge
        self.form: ContactForm | None = None
        self.line = KeptLine()
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(14, 10, 14, 8)
        self._column.setSpacing(4)
        self._lay_out()

    def _lay_out(self) -> None:
        contact, column = self._contact, self._column
        taken = label(taken_words(contact), role="meta")
        column.addLayout(row(label(line(self._name), role="title"), 1, taken))
        if hours := reached_words(contact):
            column.addWidget(label(hours, role="muted", wrap=True))
        for channel in contact.get("channels", ()):
            column.addLayout(self._way(channel))
        if contact.get("review_due"):
            column.addWidget(
                label(
                    tr("Nobody has looked for a quarter whether this is still true."),
                    tone="high",
                    wrap=True,
                )
            )
        column.addWidget(self.line)
        verbs = row(self._verb(tr("Test"), partial(self._test, 0)), gap=4)
        verbs.addWidget(self._verb(tr("Change"), self.edit))
        verbs.addWidget(self._verb(tr("Still true"), self._review))
        verbs.addWidget(self._verb(tr("Remove"), self._remove))
        verbs.addStretch(1)
        column.addLayout(verbs)

    def edit(self) -> None:
        """Open the form under it."""
        if self.form is not None:
            return
        self.form = ContactForm(self._contact)
        self._column.addWidget(self.form)
        cancel = cancel_button(self.changed.emit, name=tr("Cancel the changes"))
        keep = button(
            tr("Keep"), self.keep, variant="primary", name=tr("Keep: {name}", name=line(self._name))
        )
        buttons = QWidget()
        buttons.setLayout(row(1, cancel, keep))
        self._column.addWidget(buttons)
        self.form.name.setFocus()

    def keep(self) -> None:
        """Have the engine keep what stands in the form: hours and ways first, then the name."""
        if self.form is None:
            return
        try:
            week = self.form.week()
        except KnownError as error:
            self.line.refuse(error)
            return
        self._ask("contact_hours", self._keep_way, hours=week)

    def _keep_way(self, _: Answer) -> None:
        assert self.form is not None
        ways = self.form.ways()
        if any(ways.values()):
            self._ask("contact_add", self._keep_name, **ways)
        else:
            self._keep_name(_)

    def _keep_name(self, _: Answer) -> None:
        assert self.form is not None
        name = self.form.name.text().strip()
        if name == self._name:
            self.changed.emit()
        else:
            self._ask("contact_rename", self._done, to=name)

    def _way(self, channel: Mapping[str, Any]) -> Any:
        words, tone = way_words(channel)
        shown = row(label(words, tone=tone, wrap=True), gap=4)
        shown.setStretch(0, 1)
        if len(self._contact.get("channels", ())) > 1:
            way = int(channel.get("id", 0))
            name = tr("{way}, of {name}", way=words.partition(". ")[0], name=line(self._name))
            shown.addWidget(
                link_button(
                    tr("Test"), partial(self._test, way), name=tr("Test: {name}", name=name)
                )
            )
            remove = partial(self._remove_way, way, words)
            shown.addWidget(link_button(tr("Remove"), remove, name=tr("Remove: {name}", name=name)))
        return shown

    def _verb(self, text: str, on_click: Any) -> Any:
        return link_button(text, on_click, name=f"{text}: {line(self._name)}")

    def _ask(self, verb: str, then: Any, **args: Any) -> None:
        self._bridge.run(verb, name=self._name, **args, then=then, failed=self.line.refuse)

    def _test(self, way: int) -> None:
        self.line.say(tr("Telling …"))
        self._ask("contact_test", self._tested, **({"way": way} if way else {}))

    def _tested(self, answer: Answer) -> None:
        bad = [one for one in answer.get("calls", ()) if not one.get("ok")]
        if bad:
            self.line.say("\n".join(str(one.get("said", "")) for one in bad), tone="critical")
        else:
            self.line.say(tr("Every way took the test. Ask whether it was seen."), tone="good")

    def _review(self) -> None:
        self._ask("contact_review", self._done)

    def _remove(self) -> None:
        self._ask("contact_remove", self._removed)

    def _removed(self, _: Answer) -> None:
        words = tr("{name} is told no more.", name=line(self._name))
        self.gone.emit(words, "contact_restore", {"name": self._name})

    def _remove_way(self, way: int, words: str) -> None:
        back = {"name": self._name, "way": way}
        said = tr(
            "{name} is not told by {way} any more.",
            name=line(self._name),
            way=words.partition(",")[0],
        )
        self._ask(
            "contact_way_remove",
            lambda _: self.gone.emit(said, "contact_way_restore", back),
            way=way,
        )

    def _done(self, _: Answer) -> None:
        self.changed.emit()


def way_words(channel: Mapping[str, Any]) -> tuple[str, str]:
    """A way to tell somebody, whether it works, and the tone."""
    kind = tr(_KINDS.get(str(channel.get("kind")), ""))
    label_ = line(str(channel.get("label", "")))
    name = f"{kind}: {label_}" if label_ else kind
    if channel.get("failure"):
        return f"{name}. {line(str(channel['failure']))}", "critical"
    if channel.get("worked_at"):
        return tr("{name}, worked {worked_at}", name=name, worked_at=_day(channel["worked_at"])), ""
    return tr("{name}, not tested yet", name=name), "high"


def taken_words(contact: Mapping[str, Any]) -> str:
    """When somebody last took an issue."""
    at = contact.get("acknowledged_at")
    return tr("last took an issue {at}", at=_day(at)) if at else tr("has not taken an issue yet")


def reached_words(contact: Mapping[str, Any]) -> str:
    """When they can be reached; empty for always."""
    hours = contact.get("hours") or {}
    said: dict[str, list[str]] = {}
    for day, pairs in hours.items():
        if pairs:
            said.setdefault(", ".join("-".join(one) for one in pairs), []).append(
                tr(hours_text.SHORT_DAYS[day])
            )
    days = "; ".join(f"{', '.join(names)} {times}" for times, names in said.items())
    return tr("Can be reached {days}, by the shop's clock.", days=days) if days else ""


def _day(at: Any) -> str:
    return exact(instant(str(at)))

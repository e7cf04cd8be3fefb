"""RuleForm: one rule as fields: its name, WHEN it is asked, IF what, THEN what is done."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QCheckBox, QGridLayout, QLineEdit, QVBoxLayout, QWidget

from app.domain.assessment import Severity
from app.domain.owner_rule import When
from app.domain.translation import to_translate, tr
from app.ui.issue.foreign_text import line
from app.ui.issue.parts import label
from app.ui.settings.rule_conditions import RuleConditions
from app.ui.settings.rule_words import WHEN_WORDS
from app.ui.widgets.choice import Choice
from app.ui.words import severity_word

_LEAVE = to_translate("Leave it as it is")
_AT_FIRST = {"when": [When.NEW.value, When.MAIL.value], "on": True}


class RuleForm(QWidget):
    """Edits a rule; `changed` after every change. The rule is read by `value`."""

    changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._rule: dict[str, Any] = {}
        self.name = self._field(tr("Name of the rule"), tr("For example Wholesale"))
        self.when = {when: self._box(_capital(tr(words))) for when, words in WHEN_WORDS.items()}
        self.conditions = RuleConditions()
        self.conditions.changed.connect(self.changed)
        self.tags = self._field(tr("Tags to add"), tr("b2b; several with commas between"))
        self.assign = self._field(tr("Person to give it to"), tr("A name"))
        self.severity = Choice(
            tr("How bad it is"),
            [(tr(_LEAVE), ""), *((severity_word(one), one.value) for one in Severity)],
        )
        self.template = Choice(tr("Template to suggest first"), [(tr(_LEAVE), "")])
        for box in (self.severity, self.template):
            box.currentIndexChanged.connect(lambda _: self.changed.emit())
        still = tr("Deadlines, disputes and danger still ring.")
        self.mute, self._still = self._box(tr("No pop-up")), label(still, role="meta", wrap=True)
        self.mute.setAccessibleDescription(still)
        self.stop = self._box(tr("Ask no rule below this one"))
        self._lay_out()

    def show_rule(self, rule: Mapping[str, Any], *, templates: Iterable[Mapping[str, str]]) -> None:
        """Show this rule; an empty one is a new one."""
        self._rule = {**_AT_FIRST, **rule}
        then = self._rule.get("then", {})
        self.blockSignals(True)
        self.name.setText(str(rule.get("name", "")))
        for when, box in self.when.items():
            box.setChecked(when.value in self._rule["when"])
        self.conditions.show_condition(str(rule.get("if", "")))
        self.tags.setText(", ".join(then.get("tags", ())))
        self.assign.setText(str(then.get("assign", "")))
        self.severity.choose(str(then.get("severity", "")))
        offered = [(line(f"{one['title']} ({one['id']})"), one["id"]) for one in templates]
        self.template.offer([(tr(_LEAVE), ""), *offered], str(then.get("template", "")))
        self.mute.setChecked(bool(then.get("mute")))
        self.stop.setChecked(bool(rule.get("stop")))
        self.blockSignals(False)

    def value(self) -> dict[str, Any]:
        """The rule that stands in the fields. Raises Refused for a condition that says nothing."""
        tags = [one.strip() for one in self.tags.text().split(",") if one.strip()]
        then = {
            "tags": tags,
            "assign": self.assign.text().strip(),
            "severity": self.severity.value,
            "template": self.template.value,
            "mute": self.mute.isChecked(),
        }
        return {
            "name": self.name.text().strip(),
            "on": bool(self._rule.get("on", True)),
            "when": [when.value for when, box in self.when.items() if box.isChecked()],
            "if": self.conditions.value(),
            "then": {name: value for name, value in then.items() if value},
            "stop": self.stop.isChecked(),
        }

    def _field(self, name: str, example: str) -> QLineEdit:
        field = QLineEdit()
        field.setAccessibleName(name)
        field.setPlaceholderText(example)
        field.textChanged.connect(lambda _: self.changed.emit())
        return field

    def _box(self, words: str) -> QCheckBox:
        box = QCheckBox(words)
        box.toggled.connect(lambda _: self.changed.emit())
        return box

    def _lay_out(self) -> None:
        grid = QGridLayout()
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setVerticalSpacing(6)
        at = 0

        def add(words: str, part: QWidget) -> None:
            nonlocal at
            grid.addWidget(label(words), at, 0)
            grid.addWidget(part, at, 1)
            at += 1

        add(tr("Name"), self.name)
        for number, box in enumerate(self.when.values()):
            add("" if number else tr("When"), box)
        grid.addWidget(self.conditions, at, 0, 1, 2)
        at += 1
        for words, part in (
            (tr("Then add tags"), self.tags),
            (tr("Give it to"), self.assign),
            (tr("How bad it is"), self.severity),
            (tr("Suggest template"), self.template),
            ("", self.mute),
            ("", self._still),
            ("", self.stop),
        ):
            add(words, part)
        grid.setColumnStretch(1, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addLayout(grid)


def _capital(words: str) -> str:
    return words[:1].upper() + words[1:]

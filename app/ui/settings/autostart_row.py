"""Whether Frontburner starts with the computer: a switch whose truth lies with the system."""

from __future__ import annotations

from app.domain.errors import KnownError
from app.domain.translation import tr
from app.ui.issue.ports import Answer, Asks
from app.ui.settings.setting_row import SettingRow
from app.ui.theme import Theme

_NAME = "autostart"


class AutostartRow(SettingRow):
    """Looks like every other setting; it is asked for and kept by its own verbs."""

    def __init__(self, *, bridge: Asks, theme: Theme) -> None:
        words = {
            "name": _NAME,
            "type": "yes_no",
            "value": False,
            "label": tr("Start with the computer"),
            "help": tr("After you sign in, Frontburner watches from beside the clock."),
        }
        super().__init__(words, theme=theme)
        self._bridge = bridge
        self.changed.connect(self._choose)
        bridge.run("autostart", then=self._tell, failed=self._refused)

    def _choose(self, _name: str, value: object) -> None:
        self._bridge.run("set_autostart", on=bool(value), then=self._tell, failed=self._refused)

    def _tell(self, answer: Answer) -> None:
        self.keep(bool(answer.get("on")))
        self.show_kept()

    def _refused(self, error: Exception) -> None:
        known = error.sentence if isinstance(error, KnownError) else ""
        self.refuse(known or tr("It could not be changed."))

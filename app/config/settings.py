"""Settings: what the owner may set, each with its words, its bounds and what stands without it.

They live in the profile's settings.toml, which people edit by hand and the window through the
engine; the owner's comments and order stay. A value that cannot be used is named in one sentence
and its default stands in for it; nothing stops for it.
"""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from app.config import toml_text
from app.config.language import AS_THE_DESKTOP, languages
from app.config.system import write_private
from app.domain.errors import NotFound, Refused
from app.domain.translation import to_translate, tr

Value = str | int | bool

_TRUE = {"true", "yes", "on", "1"}
_FALSE = {"false", "no", "off", "0"}
_LONGEST_TEXT = 200
_HOURS = re.compile(r"(?:[01]\d|2[0-3]):[0-5]\d-(?:[01]\d|2[0-3]):[0-5]\d")


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """What can be said of one setting: its words for the window and what it may be.

    `type` is "whole" (a whole number from `lowest` to `highest`), "text" (one line), "yes_no",
    "choice" (one of `choices`), or "hours" (22:00-07:00, or nothing).
    """

    name: str
    label: str
    help: str
    type: str
    default: Value
    lowest: int = 0
    highest: int = 0
    unit: str = ""
    choices: tuple[str, ...] = ()

    @property
    def allowed(self) -> str:
        """What the value may be, in words."""
        if self.type == "whole":
            return tr(
                "a whole number from {lowest} to {highest}",
                lowest=self.lowest,
                highest=self.highest,
            )
        if self.type == "choice":
            return tr("one of {choices}", choices=", ".join(f'"{one}"' for one in self.choices))
        if self.type == "yes_no":
            return tr("true or false")
        if self.type == "hours":
            return tr("two times of the day, as 22:00-07:00, or nothing")
        return tr("one line of text, at most {longest_text} characters", longest_text=_LONGEST_TEXT)

    def accepts(self, value: object) -> bool:
        """Whether the value, as TOML gives it, may stand."""
        if self.type == "yes_no":
            return isinstance(value, bool)
        if self.type == "whole":
            whole = isinstance(value, int) and not isinstance(value, bool)
            return whole and self.lowest <= int(str(value)) <= self.highest
        if not isinstance(value, str):
            return False
        if self.type == "choice":
            return value in self.choices
        if self.type == "hours":
            return not value or _HOURS.fullmatch(value) is not None
        return len(value) <= _LONGEST_TEXT and value.isprintable()

    def read(self, value: object) -> object:
        """The value that a word from a command line or a form means; others as they are."""
        if not isinstance(value, str) or self.type in {"text", "choice"}:
            return value
        if self.type == "hours":
            return value.replace("–", "-").replace(" ", "")
        word = value.strip()
        if self.type == "whole":
            return int(word) if word.lstrip("-").isdecimal() else value
        if word.lower() in _TRUE | _FALSE:
            return word.lower() in _TRUE
        return value


def _is(kind: str, label: str, help_: str, **bounds: Any) -> dict[str, Any]:
    return {"type": kind, "label": label, "help": help_, **bounds}


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """What the owner set, with a default for everything."""

    shop_name: str = field(
        default="",
        metadata=_is(
            "text",
            to_translate("Name of the shop"),
            to_translate("Stands in reply templates as {{ shop.name }}."),
        ),
    )
    agent_name: str = field(
        default="",
        metadata=_is(
            "text",
            to_translate("Your name under replies"),
            to_translate("The name that signs your replies."),
        ),
    )
    me: str = field(
        default="",
        metadata=_is(
            "text",
            to_translate("Your name in the team"),
            to_translate('Issues assigned to it are in the view "Mine".'),
        ),
    )
    language: str = field(
        default="en",
        metadata=_is(
            "choice",
            to_translate("Language of replies"),
            to_translate(
                "Templates in this language are offered first where the customer's is not known."
            ),
            choices=("en", "de", "fr", "es", "it", "nl", "pt", "pl"),
        ),
    )
    window_language: str = field(
        default=AS_THE_DESKTOP,
        metadata=_is(
            "choice",
            to_translate("Language of Frontburner"),
            to_translate(
                "What the window and the alerts speak. The window is opened again for it; what is"
                " open tells its reasons anew, what is done stays as it was written."
            ),
            choices=(AS_THE_DESKTOP, *languages()),
        ),
    )
    appearance: str = field(
        default="system",
        metadata=_is(
            "choice",
            to_translate("Appearance"),
            to_translate("Light, dark, or as the desktop has it."),
            choices=("system", "light", "dark"),
        ),
    )
    undo_seconds: int = field(
        default=15,
        metadata=_is(
            "whole",
            to_translate("Time to take back a reply"),
            to_translate(
                "For so many seconds after Send, nothing has gone out and Undo takes it back."
            ),
            lowest=0,
            highest=120,
            unit="s",
        ),
    )
    poll_seconds: int = field(
        default=60,
        metadata=_is(
            "whole",
            to_translate("Time between two looks into a mailbox"),
            to_translate(
                "Mailboxes that cannot tell of new mail by themselves are asked this often."
            ),
            lowest=15,
            highest=3600,
            unit="s",
        ),
    )
    large_mail_mb: int = field(
        default=5,
        metadata=_is(
            "whole",
            to_translate("Mail that is read without its attachments"),
            to_translate(
                "Of larger mails the words are read at once; a file is fetched when you save it."
            ),
            lowest=1,
            highest=50,
            unit="MB",
        ),
    )
    history_days: int = field(
        default=90,
        metadata=_is(
            "whole",
            to_translate("Mail that counts as history"),
            to_translate(
                "Mail older than this when an account is connected is kept and "
                "found, and never rings."
            ),
            lowest=1,
            highest=3650,
            unit=to_translate("days"),
        ),
    )
    mark_mail_on_server: bool = field(
        default=False,
        metadata=_is(
            "yes_no",
            to_translate("Mark mail on the server"),
            to_translate(
                "What you open here is marked as read there, what you answer as "
                "answered, within a minute. Without this, nothing is ever changed "
                "there."
            ),
        ),
    )
    reopen_days: int = field(
        default=14,
        metadata=_is(
            "whole",
            to_translate("Time in which an answer opens an issue again"),
            to_translate(
                "An answer to an issue that was done longer ago than this begins a new, linked one."
            ),
            lowest=1,
            highest=3650,
            unit=to_translate("days"),
        ),
    )
    show_customer_text_in_alerts: bool = field(
        default=False,
        metadata=_is(
            "yes_no",
            to_translate("Customers' words in alerts"),
            to_translate(
                "Shows the beginning of the mail in pop-ups; they can be read on a locked screen."
            ),
        ),
    )
    ring_for: str = field(
        default="urgent",
        metadata=_is(
            "choice",
            to_translate("Ring for"),
            to_translate(
                "What may tap you on the shoulder. Numbers, in the menu, tells how "
                "often each of these would have rung."
            ),
            choices=("critical", "urgent", "high"),
        ),
    )
    quiet_hours: str = field(
        default="",
        metadata=_is(
            "hours",
            to_translate("Quiet hours"),
            to_translate(
                "As 22:00-07:00. Alerts wait until the end and then come as one "
                "card. A dispute that ends within a day, danger to people and a "
                "shop that is down ring all the same."
            ),
        ),
    )
    alerts_per_hour: int = field(
        default=12,
        metadata=_is(
            "whole",
            to_translate("Most alerts in an hour"),
            to_translate("What would be more waits and comes as one card."),
            lowest=1,
            highest=120,
            unit=to_translate("alerts"),
        ),
    )
    repeat_minutes: int = field(
        default=10,
        metadata=_is(
            "whole",
            to_translate("Ring again for what is critical"),
            to_translate("As long as nobody looked, three times at most. 0 is never."),
            lowest=0,
            highest=240,
            unit=to_translate("minutes"),
        ),
    )
    alert_sound: bool = field(
        default=True,
        metadata=_is(
            "yes_no",
            to_translate("Sound with alerts"),
            to_translate("Lets the desktop ring with a pop-up, where it has a sound for that."),
        ),
    )
    daily_copy: bool = field(
        default=True,
        metadata=_is(
            "yes_no",
            to_translate("A copy of mail and decisions each day"),
            to_translate(
                "Made when it is calm; your rules and templates are files beside it. The newest"
                " stays, and one of a week or two ago; a new one takes at most half of what is free"
                " on its disk."
            ),
        ),
    )
    copies_folder: str = field(
        default="",
        metadata=_is(
            "text",
            to_translate("Folder for these copies"),
            to_translate(
                "A folder on another disk is safer than the profile's own. Whoever can read it can"
                " read your mail there, but not your passwords."
            ),
        ),
    )


SETTINGS: tuple[Setting, ...] = tuple(
    Setting(name=one.name, default=getattr(Settings(), one.name), **one.metadata)
    for one in dataclasses.fields(Settings)
)


def setting(name: str) -> Setting:
    """The setting of that name; NotFound names the nearest one."""
    for one in SETTINGS:
        if one.name == name:
            return one
    raise NotFound(tr('"{name}" is not a setting', name=name), hint=_nearest(name))


def read_settings(path: Path) -> tuple[Settings, tuple[str, ...]]:
    """What is set in the file, and one sentence for each thing in it that cannot be used."""
    try:
        found = toml_text.loads(path.read_text("utf-8"))
    except FileNotFoundError:
        return Settings(), ()
    except ValueError as error:
        return Settings(), (_closed(path.name, error),)
    except OSError as error:
        return Settings(), (_closed(path.name, error.strerror),)
    return _checked(found, path.name)


def write_setting(path: Path, name: str, value: object) -> Settings:
    """Set one value in the file, keeping every comment, and return what is set now.

    Raises NotFound for an unknown name; Refused for a value that may not stand and for a file that
    is too damaged to be changed without losing what the owner wrote.
    """
    one = setting(name)
    read = one.read(value)
    if not one.accepts(read):
        raise Refused(
            tr("{label} cannot be {value}", label=tr(one.label), value=_shown(value)),
            tr("It must be {allowed}.", allowed=one.allowed),
            tr("Nothing changed."),
        )
    write_private(path, _with_value(path, one, read).encode())
    return read_settings(path)[0]


def described(settings: Settings) -> list[dict[str, Any]]:
    """Every setting with its words and its value, as a desk shows them."""
    return [
        {
            "name": one.name,
            "value": getattr(settings, one.name),
            "default": one.default,
            "type": one.type,
            "label": tr(one.label),
            "help": tr(one.help),
            "choices": list(one.choices),
            "lowest": one.lowest,
            "highest": one.highest,
            "unit": tr(one.unit),
        }
        for one in SETTINGS
    ]


def _closed(file: str, why: object) -> str:
    return tr(
        "{file} cannot be read ({why}); every setting has its default meanwhile.",
        file=file,
        why=why,
    )


def _checked(found: Mapping[str, Any], file: str) -> tuple[Settings, tuple[str, ...]]:
    known = {one.name: one for one in SETTINGS}
    good: dict[str, Any] = {}
    problems: list[str] = []
    for name, value in found.items():
        if name not in known:
            said = tr('{file}: "{name}" is not a setting.', file=file, name=name)
            problems.append(f"{said} {_nearest(name)}".strip())
        elif known[name].accepts(value):
            good[name] = value
        else:
            problems.append(
                tr(
                    "{file}: {name} is {value} but must be {allowed}; {default} is used meanwhile.",
                    file=file,
                    name=name,
                    value=_shown(value),
                    allowed=known[name].allowed,
                    default=_shown(known[name].default),
                )
            )
    return Settings(**good), tuple(problems)


def _with_value(path: Path, one: Setting, value: object) -> str:
    import tomlkit  # only writing needs it: 25 ms that reading does not pay
    from tomlkit.exceptions import TOMLKitError

    try:
        text = path.read_text("utf-8-sig") if path.exists() else ""
        toml_text.loads(text)  # what this refuses, the other reader would stumble over
        document = tomlkit.parse(text)
    except (OSError, ValueError, TOMLKitError) as error:
        raise Refused(
            tr("{name} cannot be changed", name=path.name),
            tr("It cannot be read as it is ({error}).", error=error),
            tr("Mend or remove {path}, then try again.", path=path),
        ) from error
    if one.name in document:
        document[one.name] = value
    else:
        item = tomlkit.item(value)
        document.add(one.name, item.comment(tr(one.label)))
    return tomlkit.dumps(document)


def _nearest(name: str) -> str:
    near = get_close_matches(name, [one.name for one in SETTINGS], n=1)
    return tr("Did you mean {near}?", near=near[0]) if near else ""


def _shown(value: object) -> str:
    text = str(value).lower() if isinstance(value, bool) else str(value)
    text = text if len(text) <= 40 else text[:40] + "…"
    return f'"{text}"' if isinstance(value, str) else text

"""Checkup: the verbs about the program itself: is everything there, settings, rules, a backup,
and everything out of it and in again."""

from __future__ import annotations

import shutil
import ssl
import time
from collections.abc import Callable, Sequence
from contextlib import closing
from functools import partial
from pathlib import Path
from typing import Any

from app.config.autostart import Autostart
from app.config.language import as_set, speak_as_set
from app.config.paths import Profile, rules
from app.config.secrets import SecretBox
from app.config.settings import Settings, described, write_setting
from app.config.system import has_authorities
from app.domain.changes import Changes
from app.domain.clock import Clock, rfc3339
from app.domain.daily_copy import CopyKind
from app.domain.errors import Damaged, KnownError, Refused, SecretsLocked, SecretsMissing
from app.domain.feed import FeedHealth, left_out_text
from app.domain.mailbox import FolderProof
from app.domain.translation import grouped, tr, trn
from app.engine.bringing_in import bring_in
from app.engine.copy_folder import said_of, usable_folder
from app.engine.copying import Copying
from app.engine.desk import Verb
from app.engine.taking_out import take_out, told
from app.storage import database, feeds, folders, messages
from app.storage import profile as profile_rows
from app.storage.learned import learned
from app.storage.writer import Writer
from app.triage import owner_rules
from app.triage.classifier import LearnedClassifier

_REST = 0.002  # seconds between two portions of a copy
_LOW_DISK = 500 * 1024 * 1024


class Checkup:
    """Looks at the machine and at the profile."""

    def __init__(
        self,
        *,
        profile: Profile,
        writer: Writer,
        secrets: SecretBox,
        read_settings: Callable[[], tuple[Settings, tuple[str, ...]]],
        load_rules: Callable[[], int],
        classifier: LearnedClassifier,
        clock: Clock,
        begin_anew: Callable[[], object],
        retell: Callable[[], None] = lambda: None,
        copying: Copying | None = None,
    ) -> None:
        """`load_rules` reads every rule file anew and counts the rules; `begin_anew` ends this
        engine after its answer, so that the next one works with what is there then; `retell` is
        told that another language is spoken; `copying` makes the regular copies."""
        self._profile = profile
        self._writer = writer
        self._secrets = secrets
        self._read_settings = read_settings
        self._load_rules = load_rules
        self._classifier = classifier
        self._clock = clock
        self._begin_anew = begin_anew
        self._retell = retell
        self._copying = copying

    def verbs(self) -> dict[str, Verb]:
        """The verbs by the names that desks use."""
        return {
            "doctor": self.doctor,
            "settings": self.settings,
            "set_setting": self.set_setting,
            "rules_check": self.rules_check,
            "backup": self.backup,
            "export": self.export,
            "import": self.import_,
            "autostart": self.autostart,
            "set_autostart": self.set_autostart,
            **({} if self._copying is None else self._copying.verbs()),
        }

    def doctor(self) -> dict[str, Any]:
        """Every check with its state: ok, warn (works without), fail (does not work)."""
        checks = [
            self._database(),
            self._books(),
            *self._feeds(),
            self._keyring(),
            self._rules(),
            self._judgement(),
            self._learnt(),
            self._settings_file(),
            self._disk(),
            *([] if self._copying is None else [_of_copies(self._copying.copies())]),
            _tls(),
        ]
        return {"checks": checks}

    def settings(self) -> dict[str, Any]:
        """Each setting with its value, its words and what it may be."""
        settings, complaints = self._read_settings()
        return {"settings": described(settings), "complaints": list(complaints)}

    def set_setting(self, name: str, value: str | int | bool) -> dict[str, Any]:
        """Change a setting. Raises Refused saying what is allowed."""
        if name == "copies_folder":
            value = usable_folder(str(value))
        spoken = as_set(self._profile.settings)
        with database.disk_errors():
            settings = write_setting(self._profile.settings, name, value)
        if name == "window_language" and speak_as_set(self._profile.settings) != spoken:
            self._retell()
        return {"settings": described(settings), "changes": Changes().as_dict()}

    def rules_check(self) -> dict[str, Any]:
        """Read all rule files; raises the KnownError that names file and fault."""
        count = self._load_rules()
        if strange := self._strange_rules():
            raise strange
        return {"rules": count}

    def _strange_rules(self) -> Refused | None:
        """What to say of a rule file that nothing reads: who wrote it thinks that it holds."""
        read = {one.name for one in rules().glob("*.toml")} | {owner_rules.FILE}
        for path in sorted(self._profile.rules.glob("*.toml")):
            if path.name not in read:
                return Refused(
                    tr("Nothing reads {path}", path=path),
                    tr("What it says holds nowhere"),
                    tr("Give it one of these names: {names}", names=", ".join(sorted(read))),
                )
        return None

    def backup(self, file: str) -> dict[str, Any]:
        """Copy the database to a file, consistent while in use."""
        target = Path(file)
        if target.exists():
            raise Refused(
                tr("{target} is there already", target=target),
                hint=tr("Choose a name that is free"),
            )
        with (
            said_of(target.parent),
            closing(database.open_reader(self._profile.database)) as reader,
        ):
            database.backup(reader, target, pause=partial(time.sleep, _REST))
        return {"file": str(target)}

    def export(self, folder: str) -> dict[str, Any]:
        """Write everything into a new folder, as files that any program reads."""
        with said_of(Path(folder).parent):
            contents = take_out(self._profile, Path(folder), clock=self._clock)
        return {"folder": folder, **told(contents)}

    def import_(self, folder: str) -> dict[str, Any]:
        """Fill this profile, which has to be empty, from an export; then the engine begins anew."""
        contents = bring_in(self._profile, Path(folder), writer=self._writer, now=self._clock.now())
        self._begin_anew()
        return {"folder": folder, **told(contents)}

    def autostart(self) -> dict[str, Any]:
        """Whether this profile starts with the desktop, and where that is written."""
        found = Autostart(self._profile.folder)
        return {"on": found.is_on(), "where": found.where}

    def set_autostart(self, *, on: bool) -> dict[str, Any]:
        """Start with the desktop, or not."""
        Autostart(self._profile.folder).set(on=on)
        return self.autostart()

    def _database(self) -> dict[str, Any]:
        version, has_search = self._writer.do(profile_rows.sqlite_facts)
        stored = self._writer.do(messages.count)
        return _check(
            "database",
            "ok" if has_search else "fail",
            trn(
                "SQLite {version}, {n} message",
                "SQLite {version}, {n} messages",
                stored,
                version=version,
            ),
        )

    def _books(self) -> dict[str, Any]:
        books = self._writer.do(folders.proofs)
        unexplained = sum(proof.unexplained for proof in books)
        if unexplained:
            return _check(
                "books",
                "warn",
                trn(
                    "{n} mail on the server is not accounted for",
                    "{n} mails on the server are not accounted for",
                    unexplained,
                ),
                tr("A round is under way, or run `poll`"),
            )
        return _check("books", "ok", _summed(books))

    def _feeds(self) -> list[dict[str, Any]]:
        """One line for each stream of a platform: when it was last read, or what is in the way."""
        return [_of_feed(one) for one in self._writer.do(feeds.health)]

    def _keyring(self) -> dict[str, Any]:
        try:
            self._secrets.open(self._secrets.seal("check"))
        except (SecretsLocked, SecretsMissing) as error:
            return _check("keyring", "warn", error.title, error.hint)
        return _check("keyring", "ok", tr("keeps the key to the passwords"))

    def _rules(self) -> dict[str, Any]:
        try:
            count = self._load_rules()
        except KnownError as error:
            return _check("rules", "fail", error.sentence)
        if strange := self._strange_rules():
            return _check("rules", "warn", strange.title, strange.hint)
        return _check("rules", "ok", tr("{count} rules", count=count))

    def _judgement(self) -> dict[str, Any]:
        if not self._classifier.missing():
            self._classifier.warm()  # what is there may not work on this machine
        missing = self._classifier.missing()
        if missing:
            return _check("judgement", "warn", missing, tr("The rules judge alone; install again"))
        return _check("judgement", "ok", tr("the rules, and what was learnt from examples"))

    def _learnt(self) -> dict[str, Any]:
        found = self._writer.do(learned)
        if not found.accepted:
            hint = tr("See and take back what was learnt: learned, or Settings in the window")
            return _check("learning", "warn", found.because, hint)
        return _check("learning", "ok", found.because or tr("nothing was corrected yet"))

    def _settings_file(self) -> dict[str, Any]:
        _, complaints = self._read_settings()
        if complaints:
            return _check("settings", "warn", complaints[0], tr("The default is used meanwhile"))
        return _check("settings", "ok", str(self._profile.settings))

    def _disk(self) -> dict[str, Any]:
        free = shutil.disk_usage(self._profile.folder).free
        if free < _LOW_DISK:
            return _check(
                "disk",
                "warn",
                tr("only {free} MB are free", free=grouped(free // 2**20)),
                tr("Make room"),
            )
        return _check("disk", "ok", tr("{free} MB free", free=grouped(free // 2**20)))


def _of_feed(one: FeedHealth) -> dict[str, Any]:
    name = f"{one.account} {one.stream.value}"
    read = tr("last read {when}", when=rfc3339(one.ok_at)) if one.ok_at else tr("never read")
    every = tr("asked every {seconds} s", seconds=int(one.stream.rhythm.total_seconds()))
    if one.trouble:
        return _check(name, "warn", f"{read}, {every}", one.trouble)
    if one.left_out:
        return _check(name, "warn", f"{read}, {every}", left_out_text(one.left_out))
    return _check(name, "ok" if one.ok_at else "warn", f"{read}, {every}")


def _of_copies(found: dict[str, Any]) -> dict[str, Any]:
    """The regular copies: the newest, or what is in the way of the next."""
    daily = [one for one in found["copies"] if one["kind"] == CopyKind.DAILY]
    when = tr("the newest copy is of {when}", when=daily[0]["made_at"]) if daily else ""
    if (trouble := found["trouble"]) is not None:
        state = "fail" if trouble["error"] == Damaged.__name__ else "warn"
        said = ". ".join(filter(None, (when, trouble["title"], trouble["message"])))
        return _check("copies", state, said, trouble["hint"])
    if not found["on"]:
        return _check("copies", "ok", tr("no daily copy: turned off in the settings"))
    if not daily:
        return _check("copies", "ok", tr("the first is made when it is calm"))
    return _check("copies", "ok", tr("{when}, in {folder}", when=when, folder=found["folder"]))


def _summed(books: Sequence[FolderProof]) -> str:
    """The books of all folders in one line."""
    seen, stored = (sum(getattr(one, what) for one in books) for what in ("on_server", "stored"))
    skipped = sum(sum(one.skipped.values()) for one in books)
    left = sum(sum(one.left.values()) for one in books)
    said = tr(
        "{folders} folders: {seen} on server = {stored} stored + {skipped} skipped",
        folders=len(books),
        seen=grouped(seen),
        stored=grouped(stored),
        skipped=grouped(skipped),
    )
    return tr("{books} + {left} left in Junk", books=said, left=grouped(left)) if left else said


def _tls() -> dict[str, Any]:
    if has_authorities():
        return _check("tls", "ok", ssl.OPENSSL_VERSION)
    return _check(
        "tls", "warn", tr("no certificate authorities are installed"), tr("Install ca-certificates")
    )


def _check(name: str, state: str, found: str, hint: str = "") -> dict[str, Any]:
    return {"check": name, "state": state, "found": found, "hint": hint}

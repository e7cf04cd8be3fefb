"""Paths: where the program's own files and a profile's files lie, from source and frozen."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from app.config.system import home, is_private, make_private_folder, private_key, socket_address
from app.domain.errors import KnownError
from app.domain.translation import tr

PROFILE_VARIABLE = "FRONTBURNER_PROFILE"


def resources() -> Path:
    """Icons, reply templates, provider presets, the sample shop: what comes with the program."""
    return home() / "resources"


def rules() -> Path:
    """The rules that come with the program; a profile's own `rules` folder goes over them."""
    return home() / "rules"


def caches() -> Path:
    """Where lies what can be made again: the user's folder for that, the same for all profiles."""
    from platformdirs import user_cache_path

    return user_cache_path("Frontburner", appauthor=False)


def expanded(named: str | os.PathLike[str]) -> Path:
    """A path as somebody names it; "~" is their home, and of a user that there is not just a name.

    What comes from people goes through here or `whole_path`: pathlib's own raise RuntimeError.
    """
    return Path(os.path.expanduser(named))  # noqa: PTH111


def whole_path(named: str | os.PathLike[str]) -> Path:
    """The same, absolute and without symbolic links; links in a circle stay as they are."""
    return Path(os.path.realpath(expanded(named)))


def profile_dir(
    argument: str | os.PathLike[str] | None = None, *, environ: Mapping[str, str] | None = None
) -> Path:
    """The profile's folder: as asked for, else FRONTBURNER_PROFILE, else the user's data folder.

    Absolute and without symbolic links, so that two ways to one folder meet at one engine.
    """
    named = argument or (os.environ if environ is None else environ).get(PROFILE_VARIABLE)
    if named:
        return whole_path(named)
    from platformdirs import user_data_path  # 5 ms that a named profile does not pay

    return user_data_path("Frontburner", appauthor=False).resolve()


@dataclass(frozen=True, slots=True)
class Profile:
    """One profile: a private folder with everything that one shop's Frontburner knows."""

    folder: Path

    def make(self) -> Profile:
        """Make the folder if need be, private (0700).

        Raises KnownError where that cannot be done, and for a folder that others may enter and
        that holds something else: it is not ours to close.
        """
        if self._is_somebody_elses():
            raise KnownError(
                tr("{folder} holds other things", folder=self.folder),
                tr("A profile is a folder of its own, which only you may enter."),
                tr("Name a new folder with --profile."),
            )
        try:
            make_private_folder(self.folder)
        except OSError as error:
            raise KnownError(
                tr("The profile folder {folder} cannot be made", folder=self.folder),
                error.strerror or "",
                tr("Name another folder with --profile."),
            ) from error
        return self

    def _is_somebody_elses(self) -> bool:
        if not self.folder.is_dir() or is_private(self.folder):
            return False
        # What a first start may leave that came to nothing; Windows tells nobody what is private.
        begun = (self.log, self.folder / "window.lock")
        ours = (self.database, self.lock, self.key_file, self.settings, *begun)
        # There the cache lies in the same folder, and the sample shop fills it before this profile.
        found = [one for one in self.folder.iterdir() if one != whole_path(caches())]
        return bool(found) and not any(file.exists() for file in ours)

    @property
    def database(self) -> Path:
        """The one SQLite file."""
        return self.folder / "frontburner.db"

    @property
    def lock(self) -> Path:
        """The file whose lock the one engine holds."""
        return self.folder / "engine.lock"

    @property
    def socket(self) -> str:
        """The address at which the engine listens: a path, or a pipe's name on Windows."""
        return socket_address(self.folder)

    @property
    def key_file(self) -> Path:
        """The random bytes by which engine and desks know each other."""
        return self.folder / "engine.key"

    @property
    def log(self) -> Path:
        """What the engine wrote down; nothing secret is in it."""
        return self.folder / "engine.log"

    @property
    def settings(self) -> Path:
        """What the owner set, as TOML."""
        return self.folder / "settings.toml"

    @property
    def rules(self) -> Path:
        """The owner's own rules, laid over those of the program."""
        return self.folder / "rules"

    @property
    def templates(self) -> Path:
        """The owner's own reply templates, beside those of the program."""
        return self.folder / "templates"

    @property
    def policies(self) -> Path:
        """The owner's terms (refund.pdf, shipping.txt), which speak in a dispute."""
        return self.folder / "policies"

    @property
    def evidence(self) -> Path:
        """Files that the owner added to disputes, a folder for each."""
        return self.folder / "evidence"

    @property
    def backups(self) -> Path:
        """Copies of the database: from before updates, and the regular ones."""
        return self.folder / "backups"

    def auth_key(self) -> bytes:
        """The key by which engine and desks know each other, made on first use (0600)."""
        return private_key(self.key_file)

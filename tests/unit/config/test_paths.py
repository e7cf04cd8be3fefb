"""Where a profile and its files lie."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest

from app.config.paths import Profile, caches, profile_dir, resources, rules, whole_path
from app.domain.errors import KnownError


def test_what_was_asked_for_beats_the_variable_and_that_the_usual_folder(tmp_path: Path) -> None:
    asked, named = tmp_path / "asked", tmp_path / "named"
    environ = {"FRONTBURNER_PROFILE": str(named)}
    assert profile_dir(asked, environ=environ) == asked
    assert profile_dir(environ=environ) == named
    assert profile_dir(environ={}).name == "Frontburner"


def test_two_ways_to_one_folder_are_one_profile(tmp_path: Path) -> None:
    """A symbolic link and the folder itself lead to the same engine."""
    (tmp_path / "real").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "real")
    linked, real = (Profile(profile_dir(tmp_path / name)) for name in ("link", "real"))
    assert linked == real
    assert linked.socket == real.socket


def test_a_path_that_cannot_be_followed_is_one_at_which_nothing_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A slip in a user's name, links in a circle: it was said as a bug."""
    monkeypatch.chdir(tmp_path)
    assert whole_path("~nobody-of-this-name/copy.db") == tmp_path / "~nobody-of-this-name/copy.db"
    (tmp_path / "link").symlink_to(tmp_path / "link")
    assert not whole_path(tmp_path / "link").exists()
    assert whole_path("~") == Path.home().resolve()


def test_a_new_profile_is_closed_to_everybody_else(tmp_path: Path) -> None:
    profile = Profile(tmp_path / "new").make()
    profile.auth_key()
    assert stat.S_IMODE(profile.folder.stat().st_mode) == 0o700
    assert stat.S_IMODE(profile.key_file.stat().st_mode) == 0o600


def test_a_folder_with_other_things_in_it_is_not_closed_to_everybody(tmp_path: Path) -> None:
    """`--profile ~` must not change who may enter somebody's home."""
    home = tmp_path / "home"
    home.mkdir(mode=0o755)
    (home / "letter.txt").touch()
    with pytest.raises(KnownError, match="holds other things"):
        Profile(home).make()
    assert stat.S_IMODE(home.stat().st_mode) == 0o755


def test_what_windows_keeps_in_the_same_folder_is_nothing_else(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """There the cache is a folder of the profile: who looked at the sample shop first could never
    open a profile of their own, it "held other things"."""
    folder = tmp_path / "Frontburner"
    monkeypatch.setenv("XDG_CACHE_HOME", str(folder))
    caches().mkdir(parents=True)
    folder.chmod(0o755)
    assert Profile(folder).make().folder == folder


@pytest.mark.parametrize("left", ["engine.log", "window.lock"])
def test_a_first_start_that_came_to_nothing_is_no_other_thing(tmp_path: Path, left: str) -> None:
    """On Windows nobody can tell whether a folder is private, so it was refused ever after."""
    folder = tmp_path / "Frontburner"
    folder.mkdir(mode=0o755)
    (folder / left).touch()
    assert Profile(folder).make().folder == folder


def test_a_profile_that_became_readable_is_closed_again(tmp_path: Path) -> None:
    profile = Profile(tmp_path / "new").make()
    profile.auth_key()
    profile.folder.chmod(0o755)
    assert stat.S_IMODE(profile.make().folder.stat().st_mode) == 0o700


def test_a_file_in_the_place_of_the_folder_is_said(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(KnownError, match="cannot be made"):
        Profile(tmp_path / "file").make()


def test_the_key_between_engine_and_desks_is_made_once(tmp_path: Path) -> None:
    profile = Profile(tmp_path).make()
    assert len(profile.auth_key()) == 32
    assert profile.auth_key() == Profile(tmp_path).auth_key()


def test_the_rules_come_with_the_program() -> None:
    assert (rules() / "sla.toml").is_file()
    assert resources().parent == rules().parent

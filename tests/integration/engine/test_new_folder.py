"""What is written into a new folder of the owner's is there whole, or not at all."""

from __future__ import annotations

import errno
import os
from contextlib import suppress
from pathlib import Path

import pytest

from app.domain.errors import DiskFull, KnownError, Refused
from app.engine.new_folder import new_folder


def test_it_appears_with_all_that_was_written_and_not_before(tmp_path: Path) -> None:
    """An empty folder of that name may be there already, as a file dialog makes one."""
    target = tmp_path / "out"
    target.mkdir()
    with new_folder(target) as draft:
        (draft / "mails").mkdir()
        (draft / "mails" / "1.eml").write_bytes(b"Hello")
        assert not list(target.iterdir())
    assert (target / "mails" / "1.eml").read_bytes() == b"Hello"
    assert list(tmp_path.iterdir()) == [target]


def test_what_ends_half_way_leaves_nothing(tmp_path: Path) -> None:
    with suppress(EOFError), new_folder(tmp_path / "out") as draft:
        (draft / "one").write_bytes(b"half")
        raise EOFError
    assert not list(tmp_path.iterdir())


def test_a_folder_in_use_is_left_as_it_is(tmp_path: Path) -> None:
    (tmp_path / "mine").write_bytes(b"mine")
    with pytest.raises(Refused, match="not empty"), new_folder(tmp_path):
        pass
    with pytest.raises(Refused, match="is a file"), new_folder(tmp_path / "mine"):
        pass
    assert (tmp_path / "mine").read_bytes() == b"mine"


def test_a_place_that_takes_nothing_is_named_and_not_the_profile() -> None:
    """Where nobody can make a folder: the profile is not at fault, and is not said to be."""
    refused = pytest.raises(KnownError, match=r"/proc/out cannot be written.*another folder")
    with refused, new_folder(Path("/proc/out")):
        pass


def test_a_full_stick_is_not_said_to_be_the_disk_of_the_profile(tmp_path: Path) -> None:
    """On its own disk Frontburner goes on storing."""
    refused = pytest.raises(KnownError, match=r"out cannot be written.*No space left")
    with refused as caught, new_folder(tmp_path / "out"):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
    assert not isinstance(caught.value, DiskFull)

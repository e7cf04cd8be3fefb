"""A file that is saved where its owner wants it is whole, or what was there is as it was."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from app.domain.errors import KnownError, Refused
from app.engine.saving import asked_path, save
from tests.support.small_disk import small_disk


def test_the_packet_of_yesterday_is_whole_where_todays_has_no_room(tmp_path: Path) -> None:
    with small_disk(tmp_path / "disk") as disk:
        packet = disk.path / "packet.pdf"
        packet.write_bytes(b"yesterday's" * 1000)
        disk.leave(3)
        with pytest.raises(KnownError, match="cannot be written"):
            save(packet, os.urandom(200_000))
        assert packet.read_bytes() == b"yesterday's" * 1000
        disk.free()
        assert [one.name for one in disk.path.iterdir()] == ["packet.pdf"]
        save(packet, b"today's")
        assert packet.read_bytes() == b"today's"


def test_where_to_save_is_a_whole_path() -> None:
    with pytest.raises(Refused):
        asked_path("packet.pdf")

"""Locks, private files, sockets and other programs, as far as they need no server."""

from __future__ import annotations

import errno
import os
import socket
import stat
import subprocess
import sys
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from multiprocessing.connection import Client, Listener
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from app.config import system
from app.domain.errors import KnownError


def test_only_one_holds_a_lock_and_a_dead_holder_gives_it_back(tmp_path: Path) -> None:
    """Case 117: the holder is another process, killed without a chance to tidy up."""
    path = tmp_path / "lock"
    hold = (
        "import sys, time; from pathlib import Path; from app.config.system import lock_file; "
        "lock = lock_file(Path(sys.argv[1])); print('held', flush=True); time.sleep(60)"
    )
    argv = [sys.executable, "-c", hold, str(path)]
    with subprocess.Popen(argv, stdout=subprocess.PIPE, cwd=system.home()) as holder:
        assert holder.stdout is not None
        holder.stdout.readline()
        assert system.lock_file(path) is None
        assert system.lock_holder(path) == holder.pid
        holder.kill()
        lock = system.lock_file(path, wait=5)
    assert lock is not None
    assert system.lock_holder(path) == os.getpid()
    lock.release()


def test_a_released_lock_is_free_and_releasing_twice_is_harmless(tmp_path: Path) -> None:
    path = tmp_path / "lock"
    with system.lock_file(path) or pytest.fail("not locked") as lock:
        assert system.lock_file(path, wait=0.05) is None
        assert system.is_locked(path)
    lock.release()
    assert not system.is_locked(path)
    again = system.lock_file(path)
    assert again is not None
    again.release()


def test_a_lock_file_with_rubbish_names_nobody(tmp_path: Path) -> None:
    (tmp_path / "lock").write_text("not a number")
    assert system.lock_holder(tmp_path / "lock") is None
    assert system.lock_holder(tmp_path / "absent") is None


def test_a_private_file_is_replaced_whole_and_leaves_no_draft(tmp_path: Path) -> None:
    path = tmp_path / "settings.toml"
    system.write_private(path, b"old")
    system.write_private(path, b"new")
    assert path.read_bytes() == b"new"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert [found.name for found in tmp_path.iterdir()] == ["settings.toml"]


def test_a_write_that_fails_leaves_the_old_file(tmp_path: Path) -> None:
    """Case 115: half a file is never what is left."""
    (tmp_path / "taken").mkdir()
    (tmp_path / "taken" / "inside").touch()
    with pytest.raises(OSError, match="taken"):
        system.write_private(tmp_path / "taken", b"new")
    assert [found.name for found in tmp_path.iterdir()] == ["taken"]


def refusing(times: int, *, winerror: int | None) -> Callable[[Path, Path], object]:
    """Moves a file as Windows does while another program has the target open."""
    left = [times]

    def move(draft: Path, target: Path) -> None:
        if left[0]:
            left[0] -= 1
            error = PermissionError(13, "in use")
            if winerror is not None:
                error.winerror = winerror  # type: ignore[attr-defined,unused-ignore]
            raise error
        draft.replace(target)

    return move


@pytest.mark.parametrize("winerror", [5, 32])
def test_a_file_that_somebody_reads_is_replaced_a_moment_later(
    tmp_path: Path, winerror: int
) -> None:
    """On Windows the window that reads the settings kept the engine from writing them."""
    draft, target = tmp_path / "draft", tmp_path / "target"
    draft.write_bytes(b"new")
    target.write_bytes(b"old")
    system.put_in_place(draft, target, move=refusing(3, winerror=winerror))
    assert target.read_bytes() == b"new"


def test_what_is_not_allowed_is_not_tried_again(tmp_path: Path) -> None:
    (tmp_path / "draft").touch()
    with pytest.raises(PermissionError):
        system.put_in_place(
            tmp_path / "draft", tmp_path / "target", move=refusing(1, winerror=None)
        )


def test_a_log_that_is_put_aside_takes_what_is_still_written_to_it(tmp_path: Path) -> None:
    """A process keeps its stderr open, and each write goes to the end, whoever else writes there:
    a file that could not be renamed while it is open would end the log for good."""
    log = tmp_path / "engine.log"
    with system.open_private(log) as first, system.open_private(log) as second:
        for file, words in ((first, b"one\n"), (second, b"two\n"), (first, b"three\n")):
            file.write(words)
            file.flush()
        log.rename(tmp_path / "engine.log.1")
        first.write(b"four\n")
    assert (tmp_path / "engine.log.1").read_bytes() == b"one\ntwo\nthree\nfour\n"


def test_who_reads_no_more_is_known_on_each_system() -> None:
    """`inbox | more`, left with q: the C library of Windows calls that an invalid argument."""
    broken, invalid = BrokenPipeError(errno.EPIPE, "x"), OSError(errno.EINVAL, "x")
    assert system.reads_no_more(broken, platform="linux")
    assert not system.reads_no_more(invalid, platform="linux")
    assert system.reads_no_more(broken, platform="win32")
    assert system.reads_no_more(invalid, platform="win32")


@pytest.mark.parametrize("left", [b"", b"half of it"])
def test_a_damaged_key_is_made_anew(tmp_path: Path, left: bytes) -> None:
    """With an empty one the engine would ask nobody for it, and its desks would wait for ever."""
    (tmp_path / "key").write_bytes(left)
    made = system.private_key(tmp_path / "key")
    assert len(made) == 32
    assert system.private_key(tmp_path / "key") == made


def test_many_who_ask_for_a_key_at_once_get_the_same_one(tmp_path: Path) -> None:
    with ThreadPoolExecutor(8) as pool:
        keys = set(pool.map(lambda _: system.private_key(tmp_path / "key"), range(40)))
    assert len(keys) == 1
    assert len(keys.pop()) == 32
    assert [found.name for found in tmp_path.iterdir()] == ["key"]


def test_a_short_profile_has_its_socket_inside_and_a_long_one_a_short_address(
    tmp_path: Path,
) -> None:
    """A socket's path may have about a hundred bytes; profiles may be deeper."""
    deep = tmp_path / ("x" * 60) / ("ü" * 40)
    assert system.socket_address(Path("/p")) == "/p/engine.sock"
    address = system.socket_address(deep)
    assert len(os.fsencode(address)) <= system.SOCKET_PATH_LIMIT
    assert address == system.socket_address(deep)
    assert address != system.socket_address(deep / "other")


@pytest.mark.parametrize("depth", [0, 150])
def test_engine_and_desk_meet_at_the_address_even_after_a_kill(tmp_path: Path, depth: int) -> None:
    """The socket of a killed engine still lies there; the next one listens all the same."""
    folder = tmp_path / ("x" * depth) if depth else tmp_path
    folder.mkdir(exist_ok=True)
    address = system.socket_address(folder)
    system.prepare_socket(address)
    with socket.socket(socket.AF_UNIX) as killed:
        killed.bind(address)
    system.prepare_socket(address)
    with (
        Listener(address, system.socket_family(), authkey=b"key") as listener,
        ThreadPoolExecutor(1) as pool,
    ):
        accepted = pool.submit(listener.accept)
        with Client(address, authkey=b"key") as desk:
            desk.send_bytes(b"hello")
            with accepted.result(60) as engine:
                assert engine.recv_bytes() == b"hello"


def test_a_socket_folder_that_is_a_link_is_refused(tmp_path: Path) -> None:
    """Whoever made the link could listen in our place."""
    (tmp_path / "theirs").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "theirs")
    with pytest.raises(KnownError, match="is not ours"):
        system.prepare_socket(str(tmp_path / "link" / "a.sock"))


def test_a_connection_is_kept_alive_by_the_system_and_a_foreign_socket_is_no_error() -> None:
    with socket.socket(socket.AF_INET) as line:
        system.keep_alive(line, idle=7)
        assert line.getsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE)
        if sys.platform == "linux":
            assert line.getsockopt(socket.IPPROTO_TCP, socket.TCP_KEEPIDLE) == 7
    local, other = socket.socketpair()
    with local, other:
        system.keep_alive(local)


@pytest.mark.skipif(not hasattr(time, "tzset"), reason="there the zone comes from the registry")
@pytest.mark.parametrize(
    ("zone", "name"),
    [
        ("Europe/Berlin", "Europe/Berlin"),
        ("CET-1", "Etc/GMT-1"),
        ("AAA5", "Etc/GMT+5"),
        ("AAA-5:30", "UTC"),
        ("Nowhere/Land", "UTC"),
    ],
)
def test_a_zone_without_a_name_keeps_no_engine_from_starting(
    zone: str, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Windows calls its zone by no name that the world knows once summer time is switched off."""
    with monkeypatch.context() as away:
        away.setenv("TZ", zone)
        time.tzset()
        found = system.home_zone()
    time.tzset()
    assert found == name
    ZoneInfo(found)


def test_a_name_that_nobody_could_be_asked_for_is_not_said_to_be_none() -> None:
    """Windows and macOS without a connection say the same as of a name that there is not."""
    none, later = socket.gaierror(socket.EAI_NONAME, "x"), socket.gaierror(socket.EAI_AGAIN, "x")
    assert not system.may_be_offline(none, platform="linux")
    assert system.may_be_offline(later, platform="linux")
    assert system.may_be_offline(none, platform="darwin")
    assert system.may_be_offline(none, platform="win32")

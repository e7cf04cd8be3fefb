"""System: what differs by platform; everybody above asks here or at `desktop`, and never `sys`.

Private files, the lock of a profile and the address of its socket; `processes` says how programs
are started. POSIX is measured; the Windows branches follow the documentation of their calls.
"""

from __future__ import annotations

import contextlib
import errno
import hashlib
import os
import secrets
import socket
import stat
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import BinaryIO

from app.domain.errors import KnownError
from app.domain.translation import tr

if sys.platform == "win32":
    import _winapi
    import msvcrt

    # FILE_GENERIC_WRITE without FILE_WRITE_DATA: each write goes to the end, wherever that is then.
    _TO_APPEND = 0x120114
    _SHARED_WITH_ALL = 1 | 2 | 4  # to read, to write, to rename and take away
    _OPEN_ALWAYS, _NORMAL = 4, 0x80
    _CLOSED: set[Path] = set()  # what this process closed to others already: icacls takes its time
else:
    import fcntl

# sun_path holds 108 bytes on Linux, 104 on macOS and the BSDs, with the closing NUL.
SOCKET_PATH_LIMIT = 100
# Far behind the holder's number, which must stay readable: Windows locks are mandatory.
_LOCKED_BYTE = 0x7FFF0000
_RETRY = 0.02
_OPEN_SECONDS = 2.0
# Windows' ERROR_ACCESS_DENIED and ERROR_SHARING_VIOLATION (System Error Codes).
_OPEN_ELSEWHERE = (5, 32)
_UNCONFIRMED = 30_000  # milliseconds


# --- The program itself ---------------------------------------------------------------------


def is_frozen() -> bool:
    """Whether this is the bundle that PyInstaller made, and not the source tree."""
    return bool(getattr(sys, "frozen", False))


def home() -> Path:
    """The folder in which resources/ and rules/ lie: the bundle's, or the source tree's root."""
    if is_frozen():
        return Path(str(getattr(sys, "_MEIPASS", Path(sys.executable).parent)))
    return Path(__file__).resolve().parents[2]


def home_zone() -> str:
    """The name of this machine's time zone, like Europe/Berlin; UTC where it has none.

    One that has no name in the world's list, as on Windows with summer time switched off, is called
    by its distance from UTC: Etc/GMT-1 is an hour ahead of it.
    """
    from babel.localtime import get_localzone  # it knows how each system says it

    try:
        return str(getattr(get_localzone(), "key", None) or "UTC")
    except LookupError:
        hours, rest = divmod(time.timezone, 3600)
        return f"Etc/GMT{hours:+d}" if hours and not rest else "UTC"


# --- What only its owner may read -----------------------------------------------------------


def make_private_folder(path: Path) -> Path:
    """Make the folder if need be, and let nobody but its owner in (0700)."""
    path.mkdir(mode=0o700, parents=True, exist_ok=True)
    return make_private(path)


def make_private(path: Path) -> Path:
    """Let nobody but the owner read this file (0600) or enter this folder (0700).

    Raises KnownError where the disk or its owner does not allow it.
    """
    try:
        _keep_to_owner(path)
    except PermissionError as error:
        raise KnownError(
            tr("{path} cannot be made private", path=path),
            tr("It belongs to somebody else, or lies on a disk without permissions."),
            tr("Choose a folder of your own with --profile."),
        ) from error
    return path


def is_private(path: Path) -> bool:
    """Whether nobody but its owner may read it; on Windows, where nobody can tell, no."""
    return _keeps_others_out(path)


def is_closed_to_writing(folder: Path) -> bool:
    """Whether the disk under this folder is mounted for reading only, so that nothing changes."""
    return _is_closed_to_writing(folder)


def open_private(path: Path) -> BinaryIO:
    """Open a file for appending bytes; a new one is private from its first moment.

    It may be renamed and taken away while it is open, as a log is in which a process still writes.
    """
    return os.fdopen(_opened_to_append(path), "ab")


def write_private(path: Path, content: bytes) -> None:
    """Replace a private file whole: whoever reads it sees the old bytes or the new ones."""
    draft = _private_draft(path, content)
    try:
        put_in_place(draft, path)
    except OSError:
        draft.unlink(missing_ok=True)
        raise


def put_in_place(
    draft: Path, target: Path, *, move: Callable[[Path, Path], object] = os.replace
) -> None:
    """Put the draft in the place of the target, whoever reads that just now.

    On Windows nothing that is open can be replaced, by whatever program: ours that reads it, one
    that looks for viruses, the one that indexes. That takes a moment, and is waited for.
    """
    deadline = time.monotonic() + _OPEN_SECONDS
    while True:
        try:
            move(draft, target)
        except PermissionError as error:
            if not is_open_elsewhere(error) or time.monotonic() >= deadline:
                raise
            time.sleep(_RETRY)
        else:
            return


def is_open_elsewhere(error: OSError) -> bool:
    """Whether Windows did not replace a file because a program has it open."""
    return getattr(error, "winerror", None) in _OPEN_ELSEWHERE


def private_key(path: Path, *, size: int = 32) -> bytes:
    """The random bytes kept in a private file, made by whoever asks first.

    What has another size is damaged, an empty one would let everybody in: it is made anew.
    """
    with contextlib.suppress(FileNotFoundError):
        if len(kept := path.read_bytes()) == size:
            return kept
        write_private(path, secrets.token_bytes(size))
    draft = _private_draft(path, secrets.token_bytes(size))
    try:
        os.link(draft, path)  # unlike a rename, it never replaces the key of somebody faster
    except FileExistsError:
        pass
    except OSError:  # a disk without hard links
        if not path.exists():
            put_in_place(draft, path)
    finally:
        draft.unlink(missing_ok=True)
    return path.read_bytes()


def _private_draft(path: Path, content: bytes) -> Path:
    draft = path.with_name(f".{path.name}.{secrets.token_hex(6)}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
    except OSError:  # the disk is full; nobody else would take it away
        draft.unlink(missing_ok=True)
        raise
    return draft


def reads_no_more(error: OSError, *, platform: str = sys.platform) -> bool:
    """Whether this came of writing to somebody who reads no more. The C library of Windows has no
    name for that: there it is an invalid argument."""
    return isinstance(error, BrokenPipeError) or (
        platform == "win32" and error.errno == errno.EINVAL
    )


# --- One engine per profile -----------------------------------------------------------------


class FileLock:
    """A lock between processes that the system takes back when its holder dies."""

    def __init__(self, descriptor: int) -> None:
        self._descriptor = descriptor

    def release(self) -> None:
        """Let others have it; a second call does nothing."""
        descriptor, self._descriptor = self._descriptor, -1
        if descriptor >= 0:
            os.close(descriptor)

    def __enter__(self) -> FileLock:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.release()


def lock_file(path: Path, *, wait: float = 0.0) -> FileLock | None:
    """Take the lock of a file and write our process id into it; None if another holds it.

    `wait` is for how many seconds to try: a holder that is just ending needs a moment.
    """
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    deadline = time.monotonic() + wait
    while not _try_lock(descriptor):
        if time.monotonic() >= deadline:
            os.close(descriptor)
            return None
        time.sleep(_RETRY)
    with contextlib.suppress(OSError):  # on a full disk the lock is ours, and nobody is told whose
        os.lseek(descriptor, 0, os.SEEK_SET)
        os.truncate(descriptor, 0)
        os.write(descriptor, str(os.getpid()).encode())
    return FileLock(descriptor)


def is_locked(path: Path) -> bool:
    """Whether another holds the lock of this file, right now."""
    try:
        descriptor = os.open(path, os.O_RDWR)
    except OSError:
        return False
    try:
        return not _try_lock(descriptor)
    finally:
        os.close(descriptor)


def lock_holder(path: Path) -> int | None:
    """The process that took the lock last, as it wrote itself; it may be gone."""
    try:
        return int(path.read_bytes())
    except (OSError, ValueError):
        return None


# --- Where the engine listens ---------------------------------------------------------------


def socket_family() -> str:
    """What multiprocessing.connection calls this platform's local socket."""
    return "AF_PIPE" if sys.platform == "win32" else "AF_UNIX"


def socket_address(folder: Path) -> str:
    """Where the engine of the profile in `folder` listens; desk and engine derive it alike.

    In the profile, if the path is short enough for a socket; else in a folder under /tmp that is
    ours alone. No variable of the environment has a say: a terminal, a login and a timer see
    different ones.
    """
    return _address(folder, hashlib.sha256(os.fsencode(folder)).hexdigest()[:20])


def prepare_socket(address: str) -> None:
    """Make the way free for listening; only the holder of the profile's lock may call it.

    Removes the socket of an engine that was killed. Raises KnownError if the folder under /tmp
    belongs to somebody else.
    """
    if socket_family() == "AF_UNIX":
        path = Path(address)
        _require_own_folder(path.parent)
        path.unlink(missing_ok=True)


def user_runtime_folder() -> Path:
    """Where a Linux session keeps its sockets, whatever the environment says; it may not exist."""
    return Path(f"/run/user/{_user_number()}")


# --- Connections: whom they believe, and that they do not die unnoticed --------------------------


def has_authorities(*, platform: str = sys.platform) -> bool:
    """Whether this machine knows whose certificates to believe; Windows and macOS always do."""
    if not platform.startswith("linux"):
        return True
    import ssl  # the window need not load it

    paths = ssl.get_default_verify_paths()
    roots = ssl.create_default_context().cert_store_stats()["x509_ca"]
    return bool(roots or (paths.capath and Path(paths.capath).is_dir()))


def may_be_offline(error: socket.gaierror, *, platform: str = sys.platform) -> bool:
    """Whether perhaps nobody could be asked for a name; Windows and macOS say without a connection
    what they say of a name that there is not."""
    return platform in ("win32", "darwin") or error.errno in (socket.EAI_AGAIN, socket.EAI_FAIL)


def keep_alive(line: socket.socket, *, idle: int = 60, every: int = 15, probes: int = 4) -> None:
    """Let the system ask, after `idle` silent seconds, whether the other side is still there.

    It asks `probes` times, `every` so many seconds, then the connection is an error. On Linux
    bytes that nobody confirms are one after 30 s. What a platform does not know is left out.
    """
    with contextlib.suppress(OSError):
        line.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
        _set_keep_alive(line, idle, every, probes)


# --- The two platforms ----------------------------------------------------------------------

if sys.platform == "win32":

    def _set_keep_alive(line: socket.socket, idle: int, every: int, probes: int) -> None:
        line.ioctl(socket.SIO_KEEPALIVE_VALS, (1, idle * 1000, every * 1000))

    def _user_number() -> int:
        return 0

    def _address(folder: Path, mark: str) -> str:
        return rf"\\.\pipe\frontburner-{mark}"

    def _require_own_folder(folder: Path) -> None:
        make_private_folder(folder)

    def _opened_to_append(path: Path) -> int:
        """Python's own `open` lets nobody rename what is open, and a process that inherits the file
        would not write at its end; by these rights and ways to share both holds (CreateFileW)."""
        handle = _winapi.CreateFile(
            str(path), _TO_APPEND, _SHARED_WITH_ALL, 0, _OPEN_ALWAYS, _NORMAL, 0
        )
        return msvcrt.open_osfhandle(handle, os.O_APPEND)

    def _try_lock(descriptor: int) -> bool:
        os.lseek(descriptor, _LOCKED_BYTE, os.SEEK_SET)
        try:
            msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        return True

    def _keeps_others_out(path: Path) -> bool:
        return False

    def _is_closed_to_writing(folder: Path) -> bool:
        return False

    def _keep_to_owner(path: Path) -> None:
        """Cut what a folder inherits and grant it to this user alone; files inherit from it."""
        if not path.is_dir() or not _CLOSED.isdisjoint((path, *path.parents)):
            return
        user = f"{os.environ.get('USERDOMAIN', '.')}\\{os.environ.get('USERNAME', '')}"
        tool = Path(os.environ.get("SYSTEMROOT", r"C:\Windows")) / "System32" / "icacls.exe"
        try:
            subprocess.run(  # noqa: S603 - a system tool by its full path, no shell
                [str(tool), str(path), "/inheritance:r", "/grant:r", f"{user}:(OI)(CI)F"],
                capture_output=True,
                timeout=30,
                creationflags=subprocess.CREATE_NO_WINDOW,
                check=True,
            )
        except subprocess.SubprocessError as error:
            raise PermissionError(path) from error
        _CLOSED.add(path)

else:

    def _set_keep_alive(line: socket.socket, idle: int, every: int, probes: int) -> None:
        named = {
            "TCP_KEEPIDLE": idle,
            "TCP_KEEPALIVE": idle,  # what macOS calls it
            "TCP_KEEPINTVL": every,
            "TCP_KEEPCNT": probes,
            "TCP_USER_TIMEOUT": _UNCONFIRMED,
        }
        for name, value in named.items():
            if hasattr(socket, name):
                line.setsockopt(socket.IPPROTO_TCP, getattr(socket, name), value)

    def _user_number() -> int:
        return os.getuid()

    def _address(folder: Path, mark: str) -> str:
        inside = folder / "engine.sock"
        if len(os.fsencode(inside)) <= SOCKET_PATH_LIMIT:
            return str(inside)
        return f"/tmp/frontburner-{_user_number()}/{mark}.sock"  # noqa: S108 - owner is checked

    def _require_own_folder(folder: Path) -> None:
        with contextlib.suppress(FileExistsError):
            folder.mkdir(mode=0o700)
        found = folder.lstat()
        if not stat.S_ISDIR(found.st_mode) or found.st_uid != os.getuid():
            raise KnownError(
                tr("{folder} is not ours", folder=folder),
                tr("Another user of this machine made it, so the engine cannot listen there."),
                tr("Choose a profile folder with a shorter path."),
            )
        make_private(folder)

    def _opened_to_append(path: Path) -> int:
        return os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)

    def _try_lock(descriptor: int) -> bool:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True

    def _keeps_others_out(path: Path) -> bool:
        return not path.stat().st_mode & 0o077

    def _is_closed_to_writing(folder: Path) -> bool:
        with contextlib.suppress(OSError):
            return bool(os.statvfs(folder).f_flag & os.ST_RDONLY)
        return False

    def _keep_to_owner(path: Path) -> None:
        wanted = 0o700 if path.is_dir() else 0o600
        if stat.S_IMODE(path.stat().st_mode) != wanted:
            path.chmod(wanted)

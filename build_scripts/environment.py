"""Environment: makes .venv from the pinned, hashed lock, and finds or installs system packages.

Standard library only: it runs before anything is installed. Used by start.py and check.py.
"""

from __future__ import annotations

import hashlib
import importlib.util
import os
import shutil
import subprocess
import sys
import venv
from collections.abc import Iterable, Sequence
from pathlib import Path

from one_at_a_time import one_at_a_time

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
_LINUX = sys.platform == "linux"
_STAMP = VENV / ".installed"
_HALF_MADE = VENV / ".half-made"
LOCKS = {True: "requirements-dev.lock", False: "requirements.lock"}
VERSIONS = ((3, 11), (3, 12), (3, 13))  # for which every pinned package has a wheel

# Debian's names of what the window needs beside Python packages: drawing, fonts, X11.
WINDOW_PACKAGES = (
    "libgl1", "libegl1", "libxkbcommon0", "libdbus-1-3", "libglib2.0-0", "libfontconfig1",
    "libxcb-cursor0", "libxcb-icccm4", "libxcb-keysyms1", "libxcb-shape0", "libxkbcommon-x11-0",
    "ca-certificates",
)  # fmt: skip
# A command that a test needs -> the Debian package that brings it.
TEST_COMMANDS = {
    "dovecot": "dovecot-imapd",
    "Xvfb": "xvfb",
    "openbox": "openbox",
    "dunst": "dunst",
    "busctl": "systemd",  # dunstctl asks with it
    "xdotool": "xdotool",
    "dbus-daemon": "dbus",
    "dbus-run-session": "dbus",
    "gnome-keyring-daemon": "gnome-keyring",
    "import": "imagemagick",
    "strace": "strace",
    "gio": "libglib2.0-bin",
    "ip": "iproute2",
}
_DISPLAYS = ("DISPLAY", "WAYLAND_DISPLAY")
_NO_DISPLAY = b"could not connect to display"  # Qt's words for it
SECOND_SERVER = ("courier-imap", "courier-authlib", "libcourier-unicode4", "libgamin0")
TEST_PACKAGES = ("python3-dbusmock", "fonts-dejavu-core", "dbus-x11", "libnotify-bin")


class Stop(SystemExit):
    """Ends the script with one sentence that says what to do."""

    def __init__(self, sentence: str) -> None:
        super().__init__(f"\n{sentence}")


def python() -> Path:
    """The interpreter inside .venv."""
    windows = os.name == "nt"
    return VENV / ("Scripts/python.exe" if windows else "bin/python")


def make(*, dev: bool) -> Path:
    """Make or renew .venv if the lock has changed; returns its interpreter."""
    _refuse_another_python(sys.version_info[:2])
    lock = Path(__file__).with_name(LOCKS[dev])
    if _is_made(lock):
        return python()
    try:
        with one_at_a_time(ROOT / "build" / "environment.lock", waiting=_say_that_it_waits):
            if not _is_made(lock):  # else the other one has made it meanwhile
                _renew(lock)
    except OSError as error:
        raise Stop(
            f"The environment cannot be made in {VENV}: {error.strerror or error}.\n"
            "Copy the folder to a place where you may write, and where there is room; "
            "then start again."
        ) from error
    return python()


def _refuse_another_python(version: tuple[int, int]) -> None:
    """Ours are named in words; one that lies here already is named by its command."""
    if version in VERSIONS:
        return
    names = [f"python{major}.{minor}" for major, minor in reversed(VERSIONS)]
    here = next(filter(shutil.which, names), "")
    script = Path(sys.argv[0])
    way = f"It is here: {here} {script}" if here else "Install one from python.org, then use that."
    is_version = ".".join(map(str, version))
    raise Stop(f"Frontburner needs Python 3.11, 3.12 or 3.13; this is {is_version}. {way}")


def _is_made(lock: Path) -> bool:
    return _wanted(lock) in _installed() and python().exists() and not _HALF_MADE.exists()


def _wanted(lock: Path) -> str:
    digest = hashlib.sha256(lock.read_bytes()).hexdigest()
    return f"{lock.name} {digest} {tuple(sys.version_info[:2])}"


def _installed() -> list[str]:
    return _STAMP.read_text().splitlines() if _STAMP.exists() else []


def _renew(lock: Path) -> None:
    """Whatever is broken off in the middle leaves a mark, and is begun anew the next time."""
    _make_venv(_installed())
    installed = _installed()  # nothing, where it was made anew
    say(f"Installing {lock.name} into .venv (some minutes, the first time)")
    _HALF_MADE.touch()
    _install(lock)
    others = {line for line in installed if not line.startswith(f"{lock.name} ")}
    _STAMP.write_text("\n".join((*sorted(others), _wanted(lock))) + "\n")
    _HALF_MADE.unlink()


def _say_that_it_waits() -> None:
    say("Another start makes .venv just now; this one waits for it.")


def make_beside(lock: Path, place: Path) -> None:
    """Make or renew a folder with what another lock names, for the environment's interpreter."""
    stamp, wanted = place / ".installed", hashlib.sha256(lock.read_bytes()).hexdigest()
    if stamp.exists() and stamp.read_text() == wanted:
        return
    say(f"Installing {lock.name} into {place.relative_to(ROOT)}")
    _install(lock, "--upgrade", "--target", place)
    stamp.write_text(wanted)


def run_again(script: str, arguments: Sequence[str] = (), **settings: str) -> int:
    """Run a script anew by the environment's interpreter, with hashes in one order; its code."""
    fixed = {**os.environ, "PYTHONHASHSEED": "0", **settings}
    command = [str(python()), str(Path(script).resolve()), *arguments]
    return subprocess.run(command, env=fixed, cwd=ROOT).returncode


def _install(lock: Path, *options: object) -> None:
    run(
        [python(), "-m", "pip", "install", "--quiet", "--disable-pip-version-check",
         "--require-hashes", "--no-deps", *options, "-r", lock],
        hint="Its packages could not be had. If this machine is not connected to the internet, "
        "connect it and start again; what pip says above tells more.",
    )  # fmt: skip


def _make_venv(installed: Sequence[str]) -> None:
    ours = any(str(sys.version_info[:2]) in line for line in installed)
    whole = not _HALF_MADE.exists()
    if whole and python().exists() and (ours or not installed) and _runs(python()):
        return
    if importlib.util.find_spec("ensurepip") is None:
        need(("python3-venv",), why="to make the environment")
    say("Making .venv")
    if VENV.exists():
        shutil.rmtree(VENV)
    builder = venv.EnvBuilder(with_pip=True, symlinks=os.name != "nt")
    if importlib.util.find_spec("ensurepip") is None:  # installed a moment ago, for a new process
        run([sys.executable, "-m", "venv", VENV])
    else:
        builder.create(VENV)


def _runs(interpreter: Path) -> bool:
    try:
        done = subprocess.run([interpreter, "-m", "pip", "--version"], capture_output=True)
    except OSError:
        return False
    return done.returncode == 0


def need_window() -> None:
    """See that the window's libraries load; install or name them where they do not."""
    if window_loads():
        return
    leave_dead_display()
    if window_loads():
        return
    if _LINUX:
        need(WINDOW_PACKAGES, why="for the window")
    if not window_loads():
        raise Stop(
            f"The window's libraries do not load. This says which:\n  {python()} -m app doctor"
        )


def window_loads() -> bool:
    """Whether Qt's widgets can be used on this machine, on its display where it has one."""
    done = _probed({} if has_display() else {"QT_QPA_PLATFORM": "offscreen"})
    return done.returncode == 0


def has_display() -> bool:
    """Whether a display is named here."""
    return not _LINUX or any(map(os.environ.get, _DISPLAYS))


def leave_dead_display() -> None:
    """Forget a display that is named and does not answer, as after `su` or a lost connection: no
    package brings it back, and the program would end on it."""
    if not _LINUX or not has_display():
        return
    done = _probed({})
    if done.returncode and _NO_DISPLAY in done.stderr:
        named = next(filter(None, map(os.environ.get, _DISPLAYS)))
        say(f"The display {named} does not answer, or does not let this user in.")
        for name in (*_DISPLAYS, "QT_QPA_PLATFORM"):
            os.environ.pop(name, None)


def _probed(more: dict[str, str]) -> subprocess.CompletedProcess[bytes]:
    probe = "from PySide6.QtWidgets import QApplication; QApplication([])"
    return subprocess.run([python(), "-c", probe], env={**os.environ, **more}, capture_output=True)


def need_servers() -> None:
    """See that everything the tests start is there; install or name what is not."""
    if not _LINUX:
        raise Stop("The tests with servers run on Linux; elsewhere use check.py --fast.")
    missing = {package for name, package in TEST_COMMANDS.items() if not _has(name)}
    missing |= {package for package in TEST_PACKAGES if not _is_installed(package)}
    missing |= {package for package in WINDOW_PACKAGES if not _is_installed(package)}
    if missing:
        need(sorted(missing), why="for the tests")


def need_second_server() -> None:
    """Unpack an IMAP server of another make for its tests; Debian installs only one at a time.

    Where that cannot be done, those tests skip and say so.
    """
    place = ROOT / "build" / "courier"
    if (place / "usr/bin/imapd").exists() or shutil.which("apt-get") is None:
        return
    say("Unpacking Courier into build/courier, for the tests")
    fresh = place.with_name("courier.part")
    shutil.rmtree(fresh, ignore_errors=True)
    fresh.mkdir(parents=True)
    got = subprocess.run(
        ["apt-get", "-qo", "APT::Sandbox::User=", "download", *SECOND_SERVER], cwd=fresh
    )
    if got.returncode:
        say("Courier could not be had; its tests will skip")
        return
    for package in sorted(fresh.glob("*.deb")):
        run(["dpkg-deb", "-x", package, fresh])
        package.unlink()
    shutil.rmtree(place, ignore_errors=True)
    fresh.replace(place)


def need_bare_root() -> None:
    """Where we may, see that another Debian can be made; elsewhere that test says why it skips."""
    if _is_root() and shutil.which("apt-get") is not None and not _has("debootstrap"):
        need(("debootstrap",), why="to try the bundle in an empty root")


def need(packages: Iterable[str], *, why: str) -> None:
    """Install Debian packages where we may; else stop and say the command."""
    names = list(packages)
    command = ["apt-get", "install", "-y", "--no-install-recommends", *names]
    if shutil.which("apt-get") is None:
        raise Stop(f"Missing {why}: {' '.join(names)} (Debian's names). Please install them.")
    if not _is_root():
        raise Stop(f"Missing {why}. Please run:\n  sudo {' '.join(command)}")
    say(f"Installing {why}: {' '.join(names)}")
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    lock = ["-o", "DPkg::Lock::Timeout=240"]
    run(["apt-get", "-qq", *lock, "update"], environment=environment)
    run(["apt-get", "-qq", *lock, *command[1:]], environment=environment, quiet=True)


def run(
    command: Sequence[object],
    *,
    environment: dict[str, str] | None = None,
    quiet: bool = False,
    hint: str = "",
) -> None:
    """Run a command to its end; stop with its words, and with what helps, if it fails."""
    words = [str(word) for word in command]
    done = subprocess.run(
        words, cwd=ROOT, env=environment, capture_output=quiet, text=True, check=False
    )
    if done.returncode:
        if quiet:
            sys.stderr.write(done.stdout + done.stderr)
        raise Stop(f"{hint}\n\nThis failed: {' '.join(words)}".lstrip())


def say(text: str) -> None:
    """Tell what is going on."""
    print(text, flush=True)


def _is_root() -> bool:
    return sys.platform != "win32" and os.geteuid() == 0


def _has(command: str) -> bool:
    places = os.environ.get("PATH", "") + os.pathsep + "/usr/sbin" + os.pathsep + "/usr/bin"
    return shutil.which(command, path=places) is not None


def _is_installed(package: str) -> bool:
    if shutil.which("dpkg-query") is None:
        return True  # another system: what is missing shows when it is used
    done = subprocess.run(
        ["dpkg-query", "-W", "-f=${db:Status-Status}", package], capture_output=True, text=True
    )
    return done.stdout.strip() == "installed"

"""The heap: one for all threads, and what was needed only for a while goes back to the system."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from platform import libc_ver

import pytest

pytestmark = pytest.mark.skipif(libc_ver()[0] != "glibc", reason="the allocator is GNU's")

_HELD = "def held():\n    return int(open('/proc/self/statm').read().split()[1]) / 256\n"


def _said(code: str) -> float:
    """What a process of its own prints; megabytes."""
    done = subprocess.run(
        [sys.executable, "-c", _HELD + code], check=True, capture_output=True, text=True
    )
    return float(done.stdout)


def test_what_was_freed_below_something_that_stays_is_given_back() -> None:
    back = _said(
        "from app.config.heap import unpacking\n"
        "some = [bytes(2000) for _ in range(50_000)]\n"
        "last = some[-1]\n"
        "before = held()\n"
        "with unpacking():\n"
        "    del some\n"
        "print(before - held())\n"
    )
    assert back > 50  # of 100


def test_what_is_unpacked_lies_by_itself_and_what_comes_after_it_in_the_heap() -> None:
    """Bytes in mappings (`hblkhd`, the fifth of mallinfo2), in megabytes."""
    code = (
        "from app.config.heap import unpacking\n"
        "import ctypes\n"
        "libc = ctypes.CDLL(None)\n"
        "class Told(ctypes.Structure):\n"
        "    _fields_ = [(name, ctypes.c_size_t) for name in 'abcdefghij']\n"
        "libc.mallinfo2.restype = Told\n"
        "with unpacking():\n"
        "    {inside}\n"
        "{outside}\n"
        "print(libc.mallinfo2().e / 1e6)\n"
    )
    assert _said(code.format(inside="one = bytes(1_000_000)", outside="pass")) > 1
    assert _said(code.format(inside="pass", outside="one = bytes(1_000_000)")) < 1


def test_threads_share_one_heap(tmp_path: Path) -> None:
    code = (
        "from app.config.heap import share_one_heap\n"
        "import ctypes, threading\n"
        "{first}\n"
        "kept, all_have = [], threading.Barrier(4)\n"
        "def work():\n"
        "    kept.append([bytes(600) for _ in range(100)])\n"
        "    all_have.wait()\n"
        "some = [threading.Thread(target=work) for _ in range(4)]\n"
        "[one.start() for one in some], [one.join() for one in some]\n"
        "libc = ctypes.CDLL(None)\n"
        "libc.fopen.restype = ctypes.c_void_p\n"
        "file = ctypes.c_void_p(libc.fopen({path!r}, b'w'))\n"
        "libc.malloc_info(0, file), libc.fclose(file)\n"
        "print(open({path!r}).read().count('<heap nr='))\n"
    )
    path = bytes(tmp_path / "heaps.xml")
    assert _said(code.format(first="share_one_heap()", path=path)) == 1
    assert _said(code.format(first="pass", path=path)) > 1, "else this test shows nothing"

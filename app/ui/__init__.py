"""QT. The window, one of the two desks: it reads the profile, asks the engine, writes nothing.

Of each module that is loaded, PySide reads the source to see whether it may want Qt's names spelled
otherwise (`__feature__`), and Python keeps what was read: 80,000 lines, 7 MB and a tenth of a
second before the first list. Nothing here wants that, so PySide is told what it finds out by itself
where there are no sources, as in the packaged program.
"""

import sys
from types import ModuleType

import PySide6.QtCore  # noqa: F401 - brings what is asked below


def _wants_nothing(_module: ModuleType) -> bool:
    return False


if hasattr(_features := sys.modules.get("shibokensupport.feature"), "_mod_uses_pyside"):
    vars(_features)["_mod_uses_pyside"] = _wants_nothing

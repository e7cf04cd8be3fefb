"""Connection: the type of an open profile, for whoever is handed one; only `database` opens it."""

from __future__ import annotations

from sqlite3 import Connection

__all__ = ["Connection"]

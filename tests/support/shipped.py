"""The rules that come with Frontburner, read once for all tests: to read them takes a moment."""

from __future__ import annotations

from app.config.paths import rules
from app.triage.rules import Rules

RULES = Rules.load(rules())

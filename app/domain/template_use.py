"""Template use: a template began a reply that went out; what for, and how much was changed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from app.domain.assessment import Kind


@dataclass(frozen=True, slots=True, kw_only=True)
class TemplateUse:
    """One reply that went out: `changed` is the share of the template that was changed, 0 to 1."""

    template: str
    kind: Kind
    language: str
    changed: float
    at: datetime

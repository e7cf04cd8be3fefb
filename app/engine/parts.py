"""Parts: what the composition root hands over to an engine."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from app.alerts.notifier import OnAction
from app.config.paths import Profile
from app.config.secrets import SecretBox
from app.config.settings import Settings
from app.domain.clock import Clock
from app.engine.ports import Connections, Notifier
from app.escalation.dispute_rules import DisputeRules
from app.escalation.terms import Terms
from app.replies.evidence_rules import EvidenceRules
from app.replies.templates import Templates
from app.storage.writer import Writer
from app.triage.classifier import LearnedClassifier
from app.triage.rules import Rules


@dataclass(frozen=True, slots=True, kw_only=True)
class Parts:
    """The rooms of one profile, loaded, and the ways to read again what an owner may edit."""

    profile: Profile
    writer: Writer
    clock: Clock
    rules: Rules
    disputes: DisputeRules
    terms: Terms
    home_zone: str
    load_terms: Callable[[], Terms]
    templates: Templates
    secrets: SecretBox
    connections: Connections
    notifier: Callable[[OnAction], Notifier]
    open_window: Callable[[str], None]
    read_settings: Callable[[], tuple[Settings, tuple[str, ...]]]
    load_rules: Callable[[], int]
    evidence: Callable[[], EvidenceRules]
    classifier: LearnedClassifier

    def settings(self) -> Settings:
        """As they stand now, without what could not be read of them."""
        return self.read_settings()[0]

"""Finding: something that a platform's records show and that needs a person, without any mail.

Payments that fail in a row, a parcel that does not arrive. A finding opens an issue, or joins one;
its `atom` names it for good.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from app.domain.assessment import Kind, Severity


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """What was found: `factor` names it for the score, `because` says it in a sentence.

    `rings`: it deserves a tap. `over_at`: since then it needs nobody any more.
    """

    atom: str
    kind: Kind
    severity: Severity
    factor: str
    because: str
    began_at: datetime
    rings: bool = False
    order_number: str = ""
    over_at: datetime | None = None

    @property
    def is_over(self) -> bool:
        """Whether it has passed."""
        return self.over_at is not None

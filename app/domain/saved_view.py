"""SavedView: a search that its owner keeps under a name, beside the views that are always there."""

from __future__ import annotations

from dataclasses import dataclass

from app.domain.assessment import Kind
from app.domain.errors import Refused
from app.domain.translation import tr
from app.domain.views import View

MOST = 30
LONGEST_NAME = 40


@dataclass(frozen=True, slots=True, kw_only=True)
class SavedView:
    """`place` is where it stands among the saved ones, from 0."""

    name: str
    search: str
    place: int = 0

    def as_dict(self) -> dict[str, str | int]:
        """The view as it travels to a desk."""
        return {"name": self.name, "search": self.search, "place": self.place}


def checked_name(name: str) -> str:
    """The name as it is kept. Raises Refused where it could not be told from another view's."""
    wanted = " ".join("".join(c if c.isprintable() else " " for c in name).split())
    if not wanted:
        raise Refused(tr("The view needs a name"))
    if len(wanted) > LONGEST_NAME:
        raise Refused(
            tr("The name has more than {n} letters", n=LONGEST_NAME), "", tr("Choose a shorter one")
        )
    if wanted.lower() in {*View, *Kind, "disputes"} or wanted.lower().startswith("incident:"):
        raise Refused(
            tr("There is always a view named {name}", name=wanted), "", tr("Choose another name")
        )
    return wanted

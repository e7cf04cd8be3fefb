"""A payment provider read into a real profile, with what really changed in its disputes noted."""

from __future__ import annotations

from app.domain.alert import Alert
from app.domain.dispute import Dispute
from app.domain.dispute_views import DisputeRow
from app.domain.views import InboxRow
from app.platforms.connect import Source
from app.storage import alerts, disputes
from app.storage.codec import EPOCH
from app.storage.connection import Connection
from tests.support.feed_desk import FeedDesk

_LOG = (
    "CREATE TABLE test_told (id INTEGER PRIMARY KEY, platform_id TEXT, hash TEXT)",
    """
CREATE TRIGGER test_told_new AFTER UPDATE ON dispute WHEN OLD.hash <> NEW.hash BEGIN
    INSERT INTO test_told (platform_id, hash) VALUES (NEW.platform_id, NEW.hash);
END
""",
)


class DisputeDesk(FeedDesk):
    """One provider's account of one profile."""

    def watch_events(self) -> None:
        """From now on note each change of a dispute."""
        self.engine.writer.do(_log_events)

    def read_all(self, source: Source | None = None) -> None:
        """Every stream of the provider until nothing is left of it."""
        mine = source or self.source()
        try:
            for stream in mine.streams:
                self.pages.clear()
                while not self.pages or not self.pages[-1].complete:
                    self.read(mine, stream=stream)
        finally:
            if source is None:
                mine.close()

    def stored(self) -> dict[str, Dispute]:
        """What is kept, by the provider's id."""
        return {
            source.dispute.platform_id: source.dispute
            for row in self.cases()
            for source in row.sources
        }

    def cases(self) -> tuple[DisputeRow, ...]:
        """The cases as a desk lists them."""
        return self.engine.writer.do(disputes.every)

    def case(self, platform_id: str) -> DisputeRow:
        """The case of this dispute."""
        return next(
            row
            for row in self.cases()
            if platform_id in {one.dispute.platform_id for one in row.sources}
        )

    def issues(self) -> list[InboxRow]:
        """The issues, in the order in which they matter."""
        return self.engine.rows()

    def rang(self) -> list[Alert]:
        """Every alert so far."""
        return list(self.engine.writer.do(lambda db: alerts.recent(db, EPOCH)))

    def told(self) -> list[tuple[str, str]]:
        """Each change of a dispute's content, in order."""
        return self.engine.writer.do(
            lambda db: db.execute("SELECT platform_id, hash FROM test_told ORDER BY id").fetchall()
        )


def _log_events(db: Connection) -> None:
    for statement in _LOG:
        db.execute(statement)

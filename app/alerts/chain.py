"""Chain: the first notifier that works shows the alert; if none does, that is said."""

from __future__ import annotations

from collections.abc import Callable

from app.alerts.notifier import Delivered, Notifier
from app.domain.alert import Alert, Delivery
from app.domain.translation import tr


class FirstThatWorks:
    """Several notifiers as one, asked in order until one proves that it shows the alert."""

    def __init__(self, *notifiers: Notifier) -> None:
        self._notifiers = notifiers

    def notify(self, alert: Alert, delivered: Delivered) -> None:
        """Show it with the first that can; the report names who did, or why each could not."""
        self._try(alert, delivered, self._notifiers, ())

    def withdraw(self, what: str) -> None:
        """Take the issue's or the alert's pop-up off the screen, whoever shows it."""
        for notifier in self._notifiers:
            notifier.withdraw(what)

    def when_back(self, call: Callable[[], None]) -> None:
        """Call this whenever the desktop of one of them came back."""
        for notifier in self._notifiers:
            notifier.when_back(call)

    def stop(self) -> None:
        """Stop each of them."""
        for notifier in self._notifiers:
            notifier.stop()

    def _try(
        self,
        alert: Alert,
        delivered: Delivered,
        left: tuple[Notifier, ...],
        failed: tuple[Delivery, ...],
    ) -> None:
        if not left:
            delivered(alert, _unshown(failed))
            return

        def report(alert: Alert, delivery: Delivery) -> None:
            if delivery.shown or delivery.may_come:
                delivered(alert, delivery)
            else:
                self._try(alert, delivered, left[1:], (*failed, delivery))

        left[0].notify(alert, report)


def _unshown(failed: tuple[Delivery, ...]) -> Delivery:
    detail = " ".join(delivery.detail for delivery in failed if delivery.detail)
    by = next((delivery.by for delivery in reversed(failed) if delivery.by), "")
    return Delivery(
        shown=False, by=by, detail=detail or tr("Nothing on this machine shows pop-ups.")
    )

"""Ten thousand open deadlines: what the watch takes of one core while nothing happens, and what
working all of them out anew takes when the hours are changed; the report over years of mail; and a
model owner who answers the same mails in order of arrival and in ours (`simulate --queue` prints
what it assumes).

    python -m tests.benchmarks.promises
"""

from __future__ import annotations

import tempfile
import time
from pathlib import Path

from app.config.paths import rules
from app.domain.clock import SystemClock
from app.engine import metrics
from app.engine.queueing import compare_orders
from app.engine.reporting import Reporting
from app.escalation.terms import Terms
from app.triage.rules import Rules
from tests.benchmarks import large_profile
from tests.benchmarks.figures import Budget, report
from tests.support.engine import Engine, a_letter, an_engine

ISSUES, AT_ONCE = 10_000, 500
TICK = 5.0  # seconds, as in the watch
LOOKS = 60
REPORTS = 7
RUNS = 10
KEPT, QUICK = 0.65, 30  # share of the urgent in time, and their minutes: what README says at worst
OFFICE = """
[calendar.shop]
tz = "Europe/Berlin"
country = "DE"
region = "BY"
[calendar.shop.hours]
monday = [["09:00", "12:00"], ["13:00", "17:00"]]
tuesday = [["09:00", "12:00"], ["13:00", "17:00"]]
wednesday = [["09:00", "12:00"], ["13:00", "17:00"]]
thursday = [["09:00", "12:00"], ["13:00", "17:00"]]
friday = [["09:00", "15:00"]]
"""


def main() -> None:
    """Fill a profile, look at it for five minutes of its clock, then change the hours."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "calendar.toml").write_text(OFFICE)
        with an_engine(folder) as engine:
            _fill(engine)
            engine.watch.look()
            _looks(engine)
            _new_hours(engine, folder)
    _reports()
    _orders()


def _fill(engine: Engine) -> None:
    for start in range(0, ISSUES, AT_ONCE):
        engine.receive(
            *(
                a_letter(
                    f"Mug number {one} of order MM-{one} arrived broken.",
                    subject=f"Broken mug {one}",
                    sender=f"Customer {one} <c{one}@customer{one}.example>",
                    message_id=f"<{one}@customer{one}.example>",
                )
                for one in range(start, start + AT_ONCE)
            )
        )


def _looks(engine: Engine) -> None:
    shares = []
    for _ in range(LOOKS):
        engine.clock.forward(seconds=TICK)
        before = time.process_time()
        engine.watch.look()
        shares.append(100 * (time.process_time() - before) / TICK)
    report(
        "promises",
        "the watch over 10,000 open deadlines, of one core",
        "%",
        shares,
        Budget(statistic="median", at_most=0.5),
        issues=len(engine.rows("open")),
    )


def _new_hours(engine: Engine, folder: Path) -> None:
    before = time.process_time()
    engine.standing.renew(Terms.load(rules(), folder))
    engine.watch.work_out_anew()
    while engine.watch.is_behind:
        engine.watch.look()
    took = time.process_time() - before
    report(
        "promises",
        "10,000 promises worked out anew by other hours",
        "s",
        [took],
        Budget(statistic="median", at_most=60),
    )


def _reports() -> None:
    """The figures of the last ninety days beside the time before, over three years of mail."""
    place = large_profile.profile(large_profile.YEARS)
    asked = Reporting(
        database=place.database, clock=SystemClock(), clocks=lambda: {"wall": metrics.wall}
    )
    asked.report()
    took, of_cpu = [], []
    for _ in range(REPORTS):
        began, cpu = time.perf_counter(), time.process_time()
        issues = asked.report()["issues"]
        took.append(time.perf_counter() - began)
        of_cpu.append(time.process_time() - cpu)
    about = "the report over 200,000 messages"
    budget = Budget(statistic="median", at_most=1.0)
    report("promises", about, "s", took, budget, issues=issues)
    report("promises", f"{about}, of one core", "s", of_cpu, budget, issues=issues)


def _orders() -> None:
    """Urgent mails in our order, judged as measured; beside each figure that of the other order."""
    found = compare_orders(rules=Rules.load(rules()), sla=Terms.load(rules()).sla, seeds=RUNS)
    lines = {(one["shop"], one["order"], one["judging"]): one for one in found["orders"]}
    for (shop, order, judging), ours in lines.items():
        if (order, judging) != ("ours", "as measured"):
            continue
        arrival = lines[shop, "arrival", ""]
        for name, unit, budget in (
            (
                "urgent_first_working_minutes_median",
                "min",
                Budget(statistic="median", at_most=QUICK),
            ),
            ("urgent_kept", "of 1", Budget(statistic="median", at_least=KEPT)),
        ):
            about = f"a model, {shop} shop: {name.replace('_', ' ')}"
            by_arrival = arrival[name]["median"]
            report(
                "promises", about, unit, ours[name]["runs"], budget, in_order_of_arrival=by_arrival
            )


if __name__ == "__main__":
    main()

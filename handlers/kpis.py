"""Say how a KPI stands, the same on every screen."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Final
from uuid import UUID

from db.enums import Cadence, Direction, KpiSource, Membership
from handlers.blocks import BlockKit, button
from handlers.ids import Action
from handlers.text import counted, inline, listed, named
from workflows import people
from workflows.checkins import BaselineSnapshot, KpiSnapshot, Rhythm, as_typed, target_of

NAME_SHOWN, UNIT_SHOWN = 80, 40
NOT_LOCKED = "baseline not locked yet"
CADENCES: Final[Mapping[Cadence, str]] = {
    Cadence.WEEKLY: "weekly",
    Cadence.FORTNIGHTLY: "every two weeks",
    Cadence.MONTHLY: "monthly",
    Cadence.EVERY_WEEKS: "every {weeks} weeks",
}
SOURCES: Final[Mapping[KpiSource, str]] = {
    KpiSource.SELF: "self-reported",
    KpiSource.SYSTEM: "from a system",
    KpiSource.SURVEY: "from a survey",
}


def kpi_line(kpi: KpiSnapshot) -> str:
    """Return a KPI in one line.

    “Hours per file: baseline 6 (locked 3 Nov 2026, n=40), target 3 hours by 1 Dec 2026, weekly, self-reported”.
    """
    return f"{inline(kpi.name, limit=NAME_SHOWN)}: {kpi_stands(kpi)}"


def kpi_stands(kpi: KpiSnapshot) -> str:
    """Return the same without the name."""
    return ", ".join((_baseline(kpi), target_text(kpi), rhythm_text(kpi.rhythm), SOURCES[kpi.source]))


def kpis_in_short(kpis: Sequence[KpiSnapshot]) -> list[str]:
    """Return how many KPIs are in use and whose baseline is still to be locked or amended, in one line."""
    in_use = [kpi for kpi in kpis if kpi.in_use]
    to_lock = sum(kpi.baseline is None for kpi in in_use)
    to_amend = sum(kpi.baseline is not None and kpi.baseline.unit != kpi.unit for kpi in in_use)
    told = [f"{counted(to_lock, 'baseline')} to lock"] if to_lock else []
    told += [f"⚠️ {counted(to_amend, 'baseline')} to amend"] if to_amend else []
    gone = dict.fromkeys(named(kpi.owner.name) for kpi in in_use if kpi.owner.membership is not Membership.MEMBER)
    left = f" ⚠️ {listed([*gone], last='and')} reported them and left: press KPIs, then Edit." if gone else ""
    return [f"📈 {counted(len(in_use), 'KPI')}: {', '.join(told) or 'baselines locked'}.{left}"] if in_use else []


def kpis_button(use_case_id: UUID, what: str) -> BlockKit:
    """Return the way to the KPIs of a use case; `what` names it for a screen reader."""
    return button(Action.KPIS, "KPIs", str(use_case_id), label=f"KPIs of {what}")


def target_text(kpi: KpiSnapshot) -> str:
    way = "stay within" if kpi.direction is Direction.BAND else "target"
    return f"{way} {target_of(kpi.says)} {unit_text(kpi.unit)} by {short_day(kpi.says.due)}"


def rhythm_text(rhythm: Rhythm) -> str:
    return CADENCES[rhythm.cadence].format(weeks=rhythm.weeks)


def unit_text(unit: str) -> str:
    return inline(unit, limit=UNIT_SHOWN)


def locked_when(baseline: BaselineSnapshot) -> str:
    """Return the day a baseline was locked, where whoever did it is."""
    return short_day(people.local_day(baseline.locked_by, baseline.locked_at))


def short_day(day: date) -> str:
    return f"{day.day} {day:%b %Y}"


def _baseline(kpi: KpiSnapshot) -> str:
    baseline, proposed = kpi.baseline, kpi.says.baseline
    if baseline is None:
        return NOT_LOCKED if proposed is None else f"{NOT_LOCKED} (proposed {as_typed(proposed)})"
    did = "amended" if baseline.reason is not None else "locked"
    told = f"{did} {locked_when(baseline)}, n={baseline.n}"
    if baseline.unit != kpi.unit:
        return f"baseline {as_typed(baseline.value)} {unit_text(baseline.unit)} ({told}; ⚠️ in another unit: amend it)"
    beside = f"proposed {as_typed(proposed)}; " if proposed not in (None, baseline.value) else ""
    return f"baseline {as_typed(baseline.value)} ({beside}{told})"

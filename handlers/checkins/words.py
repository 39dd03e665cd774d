"""What people are told about KPIs: why something cannot be, what was done, and what changed."""

from collections.abc import Mapping
from datetime import date
from typing import Final
from uuid import UUID

from db.enums import Direction, KpiField, KpiSource
from handlers.kpis import SOURCES, locked_when, rhythm_text, short_day, unit_text
from handlers.text import DIRECTIONS, USE_CASE_STATES, inline, listed, moment, named
from workflows.checkins import (
    BaselineSnapshot,
    ChangeSnapshot,
    Edited,
    KpiSnapshot,
    Locked,
    NotDone,
    Why,
    as_typed,
    rhythm_read,
)
from workflows.intake import UseCaseSnapshot
from workflows.people import Actor

UNKNOWN = "That KPI does not exist, or you have no part in it. Nothing was changed."
WHY: Final[Mapping[Why, str]] = {
    Why.UNKNOWN: UNKNOWN,
    Why.NOT_YOURS: "Only {who} can change this KPI. Please ask one of them; nothing was changed.",
    Why.ENDED: "{reference} is {state}. Its KPIs can still be read, but not changed any more.",
    Why.RETIRED: "“{name}” is no longer among the KPIs that were approved. It can be read, but not changed any more.",
    Why.LOCKED_MEANWHILE: "{locked} That counts, and nothing of yours was stored. If it is wrong, amend it.",
    Why.CHANGED_MEANWHILE: (
        "Somebody changed “{name}” while your form was open, and nothing of yours was stored. "
        "Look at how it is now, and edit it again."
    ),
    Why.UNCHANGED: "“{name}” is reported like that already. Nothing was changed.",
}
FIELDS: Final[Mapping[KpiField, str]] = {
    KpiField.NAME: "name",
    KpiField.UNIT: "unit",
    KpiField.DIRECTION: "direction",
    KpiField.TARGET: "target",
    KpiField.DUE: "date",
    KpiField.PROPOSED: "where it was said to stand",
    KpiField.IN_USE: "in use",
    KpiField.CADENCE: "how often",
    KpiField.SOURCE: "source",
    KpiField.OWNER: "who answers for it",
}
_VALUE_SHOWN = 120


def not_done_text(outcome: NotDone, use_case: UseCaseSnapshot, who_may: tuple[Actor, ...]) -> str:
    """Say why nothing was changed, and who or what can."""
    kpi = outcome.kpi
    if kpi is None:
        return UNKNOWN
    return why_text(outcome.why, kpi, use_case, who_may)


def why_text(why: Why, kpi: KpiSnapshot, use_case: UseCaseSnapshot, who_may: tuple[Actor, ...]) -> str:
    return WHY[why].format(
        who=who_text(kpi, who_may),
        reference=use_case.reference,
        state=USE_CASE_STATES[use_case.state].lower(),
        name=inline(kpi.name),
        locked=_locked_by(kpi),
    )


def who_text(kpi: KpiSnapshot, who_may: tuple[Actor, ...]) -> str:
    """Return “Ann, Marek or a programme lead”."""
    people: dict[UUID, str] = {each.id: named(each.name) for each in (kpi.owner, *who_may)}
    return listed([*people.values(), "a programme lead"])


def locked_text(outcome: Locked) -> str:
    baseline, kpi = outcome.baseline, outcome.kpi
    value = f"{as_typed(baseline.value)} {unit_text(baseline.unit)}"
    if outcome.amends:
        return f"✅ The baseline of “{inline(kpi.name)}” is {value} now. The one before stays on record."
    return f"🔒 The baseline of “{inline(kpi.name)}” is locked at {value}. Nobody can edit it; it can be amended."


def edited_text(outcome: Edited) -> str:
    kpi = outcome.kpi
    how = f"{rhythm_text(kpi.rhythm)}, {SOURCES[kpi.source]}"
    return f"✅ “{inline(kpi.name)}” is reported {how}; {named(kpi.owner.name)} answers for it."


def baseline_text(baseline: BaselineSnapshot) -> str:
    """Return everything about a baseline but its method and reason, in one line."""
    value = f"{as_typed(baseline.value)} {unit_text(baseline.unit)}"
    did = "amended" if baseline.reason is not None else "locked"
    window = f"{short_day(baseline.first_day)} to {short_day(baseline.last_day)}"
    by = f"{did} by {named(baseline.locked_by.name)}, {locked_when(baseline)}"
    return f"{value}, measured {window}, n={baseline.n}; {by}"


def change_text(change: ChangeSnapshot) -> str:
    """Return who changed what and when, in one line."""
    came = ", by an approved change" if change.revision is not None else ""
    by = f"{named(change.by.name)}, {moment(change.at)}{came}"
    if change.field is KpiField.IN_USE:
        return f"{'Taken up again' if change.after == 'yes' else 'Retired'}: {by}"
    ends = " → ".join(_value(change.field, end) for end in (change.before, change.after))
    return f"{FIELDS[change.field].capitalize()}: {ends} ({by})"


def _value(field: KpiField, value: str | None) -> str:
    if value is None:
        return "not known"
    match field:
        case KpiField.DIRECTION:
            return DIRECTIONS[Direction(value)].lower()
        case KpiField.DUE:
            return short_day(date.fromisoformat(value))
        case KpiField.SOURCE:
            return SOURCES[KpiSource(value)]
        case KpiField.CADENCE if rhythm := rhythm_read(value):
            return rhythm_text(rhythm)
        case _:
            return inline(value, limit=_VALUE_SHOWN)


def _locked_by(kpi: KpiSnapshot) -> str:
    if kpi.baseline is None:
        return "There is no baseline to amend."
    locked, when = kpi.baseline, moment(kpi.baseline.locked_at)
    value = f"{as_typed(locked.value)} {unit_text(locked.unit)}"
    return f"{named(locked.locked_by.name)} was faster, {when}: the baseline of “{inline(kpi.name)}” is {value}."

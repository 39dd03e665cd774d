"""KPIs of what is approved: what each counts and is to reach, where it stood before, and who reports it."""

from workflows.checkins.changing import edit, lock_baseline, may_change, who_may
from workflows.checkins.following import take_over
from workflows.checkins.numbers import as_typed, plain_number
from workflows.checkins.reading import answered_for_by, changes_of, kpi_of, kpis_of, owners_of
from workflows.checkins.rules import (
    FEWEST_WEEKS,
    LONGEST_METHOD,
    LONGEST_REASON,
    MOST_WEEKS,
    Kpi,
    Measured,
    Part,
    Rhythm,
    Why,
    rhythm_read,
    rhythm_typed,
    target_of,
)
from workflows.checkins.snapshots import (
    BaselineSnapshot,
    ChangeSnapshot,
    Edited,
    KpiSnapshot,
    Locked,
    NotDone,
    NotLocked,
    Standing,
)

__all__ = [
    "FEWEST_WEEKS",
    "LONGEST_METHOD",
    "LONGEST_REASON",
    "MOST_WEEKS",
    "BaselineSnapshot",
    "ChangeSnapshot",
    "Edited",
    "Kpi",
    "KpiSnapshot",
    "Locked",
    "Measured",
    "NotDone",
    "NotLocked",
    "Part",
    "Rhythm",
    "Standing",
    "Why",
    "answered_for_by",
    "as_typed",
    "changes_of",
    "edit",
    "kpi_of",
    "kpis_of",
    "lock_baseline",
    "may_change",
    "owners_of",
    "plain_number",
    "rhythm_read",
    "rhythm_typed",
    "take_over",
    "target_of",
    "who_may",
]

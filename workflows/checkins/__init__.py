"""KPIs of what is approved: what each counts and is to reach, where it stood before, and who reports it."""

from workflows.checkins.answering import answer, answer_unchanged, to_answer
from workflows.checkins.changing import edit, lock_baseline, may_change, who_may
from workflows.checkins.corrections import LONGEST_FIX, USUALLY_DUE_AFTER, Looked, NoFix, Rate, leading, said_of
from workflows.checkins.fix_reading import corrections_of, fix_of, fixes_to_do
from workflows.checkins.fix_snapshots import Corrections, Fixed, FixSnapshot, NotFixed, Wanted
from workflows.checkins.fixing import accept as accept_fix
from workflows.checkins.fixing import change as change_fix
from workflows.checkins.fixing import drop as drop_fix
from workflows.checkins.fixing import finish as finish_fix
from workflows.checkins.fixing import to_accept as to_accept_fix
from workflows.checkins.fixing import to_change as to_change_fix
from workflows.checkins.following import take_over
from workflows.checkins.numbers import NotANumberError, as_typed, both_ends, mark_of, number, plain_number, whole
from workflows.checkins.putting_off import hand_over, skip, snooze, to_put_off
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
from workflows.checkins.run_reading import (
    asked_of,
    check_in_of,
    check_in_prompted,
    next_of,
    place_prompt,
    schedules_of,
)
from workflows.checkins.run_snapshots import (
    AnswerSnapshot,
    Asked,
    CheckInSnapshot,
    Done,
    NotDoneNow,
    ReadingSnapshot,
    Said,
    ScheduleSnapshot,
)
from workflows.checkins.running import anything_due, run
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
from workflows.checkins.turns import AskedFrom, No, Snooze, is_far_off, why_no_answer, why_not_put_off

__all__ = [
    "FEWEST_WEEKS",
    "LONGEST_FIX",
    "LONGEST_METHOD",
    "LONGEST_REASON",
    "MOST_WEEKS",
    "USUALLY_DUE_AFTER",
    "AnswerSnapshot",
    "Asked",
    "AskedFrom",
    "BaselineSnapshot",
    "ChangeSnapshot",
    "CheckInSnapshot",
    "Corrections",
    "Done",
    "Edited",
    "FixSnapshot",
    "Fixed",
    "Kpi",
    "KpiSnapshot",
    "Locked",
    "Looked",
    "Measured",
    "No",
    "NoFix",
    "NotANumberError",
    "NotDone",
    "NotDoneNow",
    "NotFixed",
    "NotLocked",
    "Part",
    "Rate",
    "ReadingSnapshot",
    "Rhythm",
    "Said",
    "ScheduleSnapshot",
    "Snooze",
    "Standing",
    "Wanted",
    "Why",
    "accept_fix",
    "answer",
    "answer_unchanged",
    "answered_for_by",
    "anything_due",
    "as_typed",
    "asked_of",
    "both_ends",
    "change_fix",
    "changes_of",
    "check_in_of",
    "check_in_prompted",
    "corrections_of",
    "drop_fix",
    "edit",
    "finish_fix",
    "fix_of",
    "fixes_to_do",
    "hand_over",
    "is_far_off",
    "kpi_of",
    "kpis_of",
    "leading",
    "lock_baseline",
    "mark_of",
    "may_change",
    "next_of",
    "number",
    "owners_of",
    "place_prompt",
    "plain_number",
    "rhythm_read",
    "rhythm_typed",
    "run",
    "said_of",
    "schedules_of",
    "skip",
    "snooze",
    "take_over",
    "target_of",
    "to_accept_fix",
    "to_answer",
    "to_change_fix",
    "to_put_off",
    "who_may",
    "whole",
    "why_no_answer",
    "why_not_put_off",
]

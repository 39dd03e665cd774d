"""KPIs of what is approved: what each counts and is to reach, where it stood before, and who reports it."""

from workflows.checkins.answering import answer, answer_unchanged, to_answer
from workflows.checkins.changing import edit, lock_baseline, may_change, who_may
from workflows.checkins.following import take_over
from workflows.checkins.giving import Given, given_of
from workflows.checkins.handing_back import what_became
from workflows.checkins.leaving import follow_leave
from workflows.checkins.numbers import NotANumberError, as_typed, both_ends, mark_of, number, plain_number, whole
from workflows.checkins.organisation import AsksWhen, ask_when, asks_when
from workflows.checkins.putting_off import hand_over, skip, snooze, to_put_off
from workflows.checkins.quiet import Quiet
from workflows.checkins.quiet_times import AskedSoon, keep_quiet_times, to_ask_about
from workflows.checkins.reading import answered_for_by, changes_of, kpi_of, kpis_of, owners_of
from workflows.checkins.redrawing import redraw_asked
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
    "LONGEST_METHOD",
    "LONGEST_REASON",
    "MOST_WEEKS",
    "AnswerSnapshot",
    "Asked",
    "AskedFrom",
    "AskedSoon",
    "AsksWhen",
    "BaselineSnapshot",
    "ChangeSnapshot",
    "CheckInSnapshot",
    "Done",
    "Edited",
    "Given",
    "Kpi",
    "KpiSnapshot",
    "Locked",
    "Measured",
    "No",
    "NotANumberError",
    "NotDone",
    "NotDoneNow",
    "NotLocked",
    "Part",
    "Quiet",
    "ReadingSnapshot",
    "Rhythm",
    "Said",
    "ScheduleSnapshot",
    "Snooze",
    "Standing",
    "Why",
    "answer",
    "answer_unchanged",
    "answered_for_by",
    "anything_due",
    "as_typed",
    "ask_when",
    "asked_of",
    "asks_when",
    "both_ends",
    "changes_of",
    "check_in_of",
    "check_in_prompted",
    "edit",
    "follow_leave",
    "given_of",
    "hand_over",
    "is_far_off",
    "keep_quiet_times",
    "kpi_of",
    "kpis_of",
    "lock_baseline",
    "mark_of",
    "may_change",
    "next_of",
    "number",
    "owners_of",
    "place_prompt",
    "plain_number",
    "redraw_asked",
    "rhythm_read",
    "rhythm_typed",
    "run",
    "schedules_of",
    "skip",
    "snooze",
    "take_over",
    "target_of",
    "to_answer",
    "to_ask_about",
    "to_put_off",
    "what_became",
    "who_may",
    "whole",
    "why_no_answer",
    "why_not_put_off",
]

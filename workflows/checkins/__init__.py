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
from workflows.checkins.giving import Given, given_of
from workflows.checkins.handing_back import what_became
from workflows.checkins.hits import Progress, Reached, VerdictSnapshot, Witnessed
from workflows.checkins.importing import ImportedReading, PlannedReadings, carry_out_import, plan_import
from workflows.checkins.leaving import follow_leave
from workflows.checkins.measurement import Measurement
from workflows.checkins.measuring import hit_at, measured_since
from workflows.checkins.numbers import NotANumberError, as_typed, both_ends, mark_of, number, plain_number, whole
from workflows.checkins.organisation import AsksWhen, ask_when, asks_when, states_asked
from workflows.checkins.putting_off import hand_over, skip, snooze, to_put_off
from workflows.checkins.quiet import Quiet
from workflows.checkins.quiet_times import AskedSoon, keep_quiet_times, to_ask_about
from workflows.checkins.reading import answered_for_by, changes_of, kpi_of, kpis_of, owners_of
from workflows.checkins.reading_files import ReadingFile, read_readings
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
    to_answer_of,
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
from workflows.checkins.trend_reading import how_kpis_went
from workflows.checkins.trends import Gap, Point, Trend, Trends
from workflows.checkins.turns import AskedFrom, No, Snooze, is_far_off, why_no_answer, why_not_put_off
from workflows.checkins.verdicts import LONGEST_DOUBT, NoVerdict, NoVerifier, why_no_verifier
from workflows.checkins.verifying import (
    NotAVerifier,
    NotWitnessed,
    Witness,
    ask_to_confirm,
    confirm_reading,
    say,
    use_case_ended,
)
from workflows.checkins.withholding import ask_who_may_know
from workflows.checkins.witnessing import (
    AskedToConfirm,
    Confirmations,
    Line,
    asked_to_confirm,
    confirmable_by,
    confirmations_of,
    place_request,
    progress_of,
    progress_of_kpis,
    to_confirm,
)

__all__ = [
    "FEWEST_WEEKS",
    "LONGEST_DOUBT",
    "LONGEST_FIX",
    "LONGEST_METHOD",
    "LONGEST_REASON",
    "MOST_WEEKS",
    "USUALLY_DUE_AFTER",
    "AnswerSnapshot",
    "Asked",
    "AskedFrom",
    "AskedSoon",
    "AskedToConfirm",
    "AsksWhen",
    "BaselineSnapshot",
    "ChangeSnapshot",
    "CheckInSnapshot",
    "Confirmations",
    "Corrections",
    "Done",
    "Edited",
    "FixSnapshot",
    "Fixed",
    "Gap",
    "Given",
    "ImportedReading",
    "Kpi",
    "KpiSnapshot",
    "Line",
    "Locked",
    "Looked",
    "Measured",
    "Measurement",
    "No",
    "NoFix",
    "NoVerdict",
    "NoVerifier",
    "NotANumberError",
    "NotAVerifier",
    "NotDone",
    "NotDoneNow",
    "NotFixed",
    "NotLocked",
    "NotWitnessed",
    "Part",
    "PlannedReadings",
    "Point",
    "Progress",
    "Quiet",
    "Rate",
    "Reached",
    "ReadingFile",
    "ReadingSnapshot",
    "Rhythm",
    "Said",
    "ScheduleSnapshot",
    "Snooze",
    "Standing",
    "Trend",
    "Trends",
    "VerdictSnapshot",
    "Wanted",
    "Why",
    "Witness",
    "Witnessed",
    "accept_fix",
    "answer",
    "answer_unchanged",
    "answered_for_by",
    "anything_due",
    "as_typed",
    "ask_to_confirm",
    "ask_when",
    "ask_who_may_know",
    "asked_of",
    "asked_to_confirm",
    "asks_when",
    "both_ends",
    "carry_out_import",
    "change_fix",
    "changes_of",
    "check_in_of",
    "check_in_prompted",
    "confirm_reading",
    "confirmable_by",
    "confirmations_of",
    "corrections_of",
    "drop_fix",
    "edit",
    "finish_fix",
    "fix_of",
    "fixes_to_do",
    "follow_leave",
    "given_of",
    "hand_over",
    "hit_at",
    "how_kpis_went",
    "is_far_off",
    "keep_quiet_times",
    "kpi_of",
    "kpis_of",
    "leading",
    "lock_baseline",
    "mark_of",
    "may_change",
    "measured_since",
    "next_of",
    "number",
    "owners_of",
    "place_prompt",
    "place_request",
    "plain_number",
    "plan_import",
    "progress_of",
    "progress_of_kpis",
    "read_readings",
    "redraw_asked",
    "rhythm_read",
    "rhythm_typed",
    "run",
    "said_of",
    "say",
    "schedules_of",
    "skip",
    "snooze",
    "states_asked",
    "take_over",
    "target_of",
    "to_accept_fix",
    "to_answer",
    "to_answer_of",
    "to_ask_about",
    "to_change_fix",
    "to_confirm",
    "to_put_off",
    "use_case_ended",
    "what_became",
    "who_may",
    "whole",
    "why_no_answer",
    "why_no_verifier",
    "why_not_put_off",
]

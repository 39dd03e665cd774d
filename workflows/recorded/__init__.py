"""What is in use already and was never proposed: recorded, proposed by a day, and counted as no deployment."""

from workflows.recorded.asking import anything_due, run
from workflows.recorded.files import COLUMNS, Register, read
from workflows.recorded.importing import Line, Outcome, Planned, carry_out, plan
from workflows.recorded.inventory import NOT_PROPOSED
from workflows.recorded.reading import (
    PAGE,
    counts,
    find,
    listed,
    may_propose,
    may_read,
    owned_by,
    recordings_of,
    steers,
)
from workflows.recorded.recording import Said, begin_proposal, drop, number_for, proposed, record, stream_of, usual_day
from workflows.recorded.rules import LONGEST, Missing, has_passed
from workflows.recorded.snapshots import Counts, DropReason, Listed, NotDone, RecordingSnapshot

__all__ = [
    "COLUMNS",
    "LONGEST",
    "NOT_PROPOSED",
    "PAGE",
    "Counts",
    "DropReason",
    "Line",
    "Listed",
    "Missing",
    "NotDone",
    "Outcome",
    "Planned",
    "RecordingSnapshot",
    "Register",
    "Said",
    "anything_due",
    "begin_proposal",
    "carry_out",
    "counts",
    "drop",
    "find",
    "has_passed",
    "listed",
    "may_propose",
    "may_read",
    "number_for",
    "owned_by",
    "plan",
    "proposed",
    "read",
    "record",
    "recordings_of",
    "run",
    "steers",
    "stream_of",
    "usual_day",
]

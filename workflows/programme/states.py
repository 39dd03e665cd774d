"""What may become of a gate, and by what. `docs/states.md` draws it.

No state is stored: what follows what is what `rules.gate` says as evidence comes, ends, and time passes.
"""

from enum import StrEnum
from typing import Final

from workflows.approvals.states import table_of
from workflows.programme.rules import GateState


class Event(StrEnum):
    """What causes a transition."""

    PROGRAMME_BEGINS = "programme_begins"
    LAST_CRITERION_MET = "last_criterion_met"
    A_CRITERION_ENDS = "a_criterion_ends"
    OPENED = "opened"
    NO_GRACE = "no_grace"
    ALL_MET_AGAIN = "all_met_again"
    GRACE_IS_OVER = "grace_is_over"
    LONGEST_LAPSE_MENDED = "longest_lapse_mended"


GATE: Final = table_of(
    "gate",
    [
        (None, Event.PROGRAMME_BEGINS, GateState.CLOSED),
        (GateState.CLOSED, Event.LAST_CRITERION_MET, GateState.READY),
        (GateState.READY, Event.A_CRITERION_ENDS, GateState.CLOSED),
        (GateState.READY, Event.OPENED, GateState.OPEN),
        (GateState.OPEN, Event.A_CRITERION_ENDS, GateState.AT_RISK),
        (GateState.OPEN, Event.NO_GRACE, GateState.HELD),
        (GateState.AT_RISK, Event.ALL_MET_AGAIN, GateState.OPEN),
        (GateState.AT_RISK, Event.GRACE_IS_OVER, GateState.HELD),
        (GateState.HELD, Event.ALL_MET_AGAIN, GateState.OPEN),
        (GateState.HELD, Event.LONGEST_LAPSE_MENDED, GateState.AT_RISK),
    ],
)

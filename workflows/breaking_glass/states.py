"""What may become of a break-glass, and by what. `docs/states.md` draws it."""

from enum import StrEnum
from typing import Final

from db.enums import BreakGlassStatus
from workflows.approvals.states import table_of


class Event(StrEnum):
    """What causes a transition."""

    CALLED = "called"
    SECOND_AGREES = "second_agrees"
    SECOND_DOES_NOT_AGREE = "second_does_not_agree"
    TAKEN_BACK = "taken_back"
    NO_ANSWER = "no_answer"
    REQUEST_DECIDED = "request_decided"
    APPROVED = "approved"
    NOT_APPROVED = "not_approved"
    TIME_UP = "time_up"


BREAK_GLASS: Final = table_of(
    "break-glass",
    [
        (None, Event.CALLED, BreakGlassStatus.CALLED),
        (BreakGlassStatus.CALLED, Event.SECOND_AGREES, BreakGlassStatus.IN_FORCE),
        (BreakGlassStatus.CALLED, Event.SECOND_DOES_NOT_AGREE, BreakGlassStatus.DECLINED),
        (BreakGlassStatus.CALLED, Event.TAKEN_BACK, BreakGlassStatus.OVERTAKEN),
        (BreakGlassStatus.CALLED, Event.NO_ANSWER, BreakGlassStatus.OVERTAKEN),
        (BreakGlassStatus.CALLED, Event.REQUEST_DECIDED, BreakGlassStatus.OVERTAKEN),
        (BreakGlassStatus.IN_FORCE, Event.APPROVED, BreakGlassStatus.RATIFIED),
        (BreakGlassStatus.IN_FORCE, Event.NOT_APPROVED, BreakGlassStatus.REFUSED),
        (BreakGlassStatus.IN_FORCE, Event.TIME_UP, BreakGlassStatus.ENDED),
    ],
)

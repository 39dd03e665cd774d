"""Where the programme, its use cases and their requests stand."""

from datetime import datetime

from db.enums import Phase
from db.session import Session
from workflows.digests.snapshots import (
    Approvals,
    Coming,
    Count,
    Funnel,
    Head,
    ProgrammeNow,
    StandingNow,
)
from workflows.digests.windows import Window


def standing_at(session: Session, window: Window, *, team: str | None, now: datetime) -> StandingNow:
    """Return how things stand at the end of a window, or `now` where that is earlier; of one `team` where one is named.

    The programme and the ledger are the organisation's, whatever the team.
    """
    none = Count(0, 0)
    return StandingNow(
        Funnel((), none, 0, 0, 0, 0),
        ProgrammeNow(Phase.FOUNDATION, None, ()),
        Approvals(none, none, None, None, 0, 0, 0, None),
        Coming(0, 0, 0, 0, ()),
        none,
        (),
        0,
        Head(0, ""),
    )

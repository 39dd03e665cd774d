"""Where the programme, its use cases and their requests stand."""

from datetime import datetime

from db.session import Session
from workflows import ledger
from workflows.digests.snapshots import Head, StandingNow
from workflows.digests.standing_approvals import approvals_in
from workflows.digests.standing_coming import coming_at, ownerless_at
from workflows.digests.standing_funnel import funnel_at
from workflows.digests.standing_programme import programme_now
from workflows.digests.standing_scope import scope_of
from workflows.digests.windows import Window


def standing_at(session: Session, window: Window, *, team: str | None, now: datetime) -> StandingNow:
    """Return how things stand at the end of a window, or `now` where that is earlier; of one `team` where one is named.

    The programme and the ledger are the organisation's, whatever the team, and the ledger's head is as it is `now`.
    Confidential use cases count in every total and are named nowhere.
    """
    scope = scope_of(session, window, team=team, now=now)
    funnel, break_glass = funnel_at(session, scope)
    ownerless, in_all = ownerless_at(session, scope)
    head = ledger.head_of_all(session)
    return StandingNow(
        funnel=funnel,
        programme=programme_now(session, scope),
        approvals=approvals_in(session, scope),
        coming=coming_at(session, scope),
        break_glass=break_glass,
        ownerless=ownerless,
        ownerless_in_all=in_all,
        head=Head(head.streams, head.hash),
    )

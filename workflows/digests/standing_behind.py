"""What stands behind a number of a digest: which requests, which use cases. Whoever shows it asks who may read each."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from db.enums import RequestStatus
from db.queries import digest_decisions, digest_standing
from db.queries.digest_cases import Spans
from db.session import Session
from workflows import approvals
from workflows.digests.snapshots import Named, Stage
from workflows.digests.standing_scope import named, spellings
from workflows.digests.windows import Window


@dataclass(frozen=True, slots=True)
class RequestBehind:
    """A request people decided. `days` are working days of whoever sent it; `decided_by` names who gave the votes.

    Only who may read `request_id` may see who decided, and know of it at all where it is `confidential`.
    """

    of: Named
    confidential: bool
    request_id: UUID
    settled_at: datetime
    days: float
    decided_by: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class CaseBehind:
    """A use case that reached a stage. Where it is `confidential` only who may read `request_id` may know of it."""

    of: Named
    confidential: bool
    request_id: UUID | None  # the newest about it
    reached_at: datetime


def requests_behind(
    session: Session, window: Window, *, team: str | None, outcome: RequestStatus
) -> tuple[RequestBehind, ...]:
    """Return the requests about use cases that people approved, or rejected, in a window, the first decided first."""
    since, until = window.begins_at, window.ends_at
    rows = [
        row
        for row in digest_decisions.decided(session, since, until, spellings(session, team))
        if row.status is outcome
    ]
    if not rows:
        return ()
    days = approvals.working_days_of(session, [(row.requester_id, row.opened_at, row.settled_at) for row in rows])
    cases = digest_decisions.cases_about(session, since, until)
    deciders: defaultdict[UUID, dict[str, None]] = defaultdict(dict)
    for request_id, name in digest_decisions.deciders(session, since, until, outcome):
        deciders[request_id][name] = None
    return tuple(
        RequestBehind(
            of=named(cases[row.id]),
            confidential=cases[row.id].confidential,
            request_id=row.id,
            settled_at=row.settled_at,
            days=taken,
            decided_by=tuple(deciders[row.id]),
        )
        for row, taken in zip(rows, days, strict=True)
    )


def reached_behind(session: Session, window: Window, stage: Stage, *, team: str | None) -> tuple[CaseBehind, ...]:
    """Return the use cases that first reached a stage, or one after it, in a window, first come first."""
    spans = Spans(window.before.begins_at, window.begins_at, window.ends_at)
    found = digest_standing.reached_in(session, spans, list(Stage).index(stage), spellings(session, team))
    return tuple(CaseBehind(named(case), case.confidential, case.request_id, at) for case, at in found)

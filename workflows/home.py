"""What waits for a person, and how what they proposed or own stands: everything their Home shows."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from db.session import Session
from workflows import approvals, breaking_glass, intake
from workflows.approvals import Outlook, RequestSnapshot
from workflows.breaking_glass import GlassSnapshot
from workflows.intake import DraftSnapshot, UseCaseSnapshot

QUEUE_SHOWN = 15
PROPOSALS_SHOWN = 10
DRAFTS_SHOWN = 5


@dataclass(frozen=True, slots=True)
class Item:
    """A use case and the newest request about it."""

    use_case: UseCaseSnapshot
    request: RequestSnapshot | None


@dataclass(frozen=True, slots=True)
class HomeSnapshot:
    """`calls` are those of break-glass somebody made or has to answer; `glass` is what is in use by one, by its id."""

    queue: tuple[Item, ...]
    proposals: tuple[Item, ...]
    owned: tuple[Item, ...] = ()
    drafts: tuple[DraftSnapshot, ...] = ()
    calls: tuple[tuple[GlassSnapshot, UseCaseSnapshot], ...] = ()
    glass: Mapping[UUID, GlassSnapshot] = field(default_factory=dict)


def outlooks_of(session: Session, snapshot: HomeSnapshot, *, now: datetime) -> Mapping[UUID, Outlook]:
    """Return what to expect of what a person proposed or owns and is in review, by its request."""
    requests = [item.request for item in (*snapshot.proposals, *snapshot.owned) if item.request is not None]
    return approvals.outlooks_of(session, requests, now=now)


def home_of(session: Session, person_id: UUID) -> HomeSnapshot:
    """Return what waits for this person, longest first, what they are writing, their proposals and what they own."""
    queue = []
    for request in approvals.waiting_for(session, person_id, limit=QUEUE_SHOWN):
        use_case = intake.use_case_of(session, request.subject_id)
        if use_case is not None:
            queue.append(Item(use_case, request))
    proposals = intake.proposed_by(session, person_id, limit=PROPOSALS_SHOWN)
    owned = intake.owned_by(session, person_id, limit=PROPOSALS_SHOWN)
    requests = approvals.latest_about(session, intake.SUBJECT_KIND, [each.id for each in (*proposals, *owned)])

    def items(use_cases: list[UseCaseSnapshot]) -> tuple[Item, ...]:
        return tuple(Item(each, requests.get(each.id)) for each in use_cases)

    drafts = intake.drafts_of(session, person_id, limit=DRAFTS_SHOWN)
    cases = [*proposals, *owned, *(item.use_case for item in queue)]
    glass = breaking_glass.in_force_about(session, [each.id for each in cases if each.provisional])
    calls = tuple(_calls(session, person_id))
    return HomeSnapshot(tuple(queue), items(proposals), items(owned), tuple(drafts), calls, glass)


def _calls(session: Session, person_id: UUID) -> Iterator[tuple[GlassSnapshot, UseCaseSnapshot]]:
    for each in breaking_glass.calls_of(session, person_id):
        use_case = intake.use_case_of(session, each.subject_id)
        if use_case is not None:
            yield each, use_case

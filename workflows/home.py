"""What waits for a person, and how what they proposed or own stands: everything their Home shows."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from db.session import Session
from workflows import approvals, checkins, intake
from workflows.approvals import Outlook, RequestSnapshot
from workflows.checkins import KpiSnapshot
from workflows.intake import DraftSnapshot, UseCaseSnapshot

QUEUE_SHOWN = 15
PROPOSALS_SHOWN = 10
DRAFTS_SHOWN = 5
MEASURED_SHOWN = 3


@dataclass(frozen=True, slots=True)
class Item:
    """A use case and the newest request about it."""

    use_case: UseCaseSnapshot
    request: RequestSnapshot | None


@dataclass(frozen=True, slots=True)
class HomeSnapshot:
    """`kpis` are those of what this person proposed or owns; `measured` what they answer for in others' use cases."""

    queue: tuple[Item, ...]
    proposals: tuple[Item, ...]
    owned: tuple[Item, ...] = ()
    drafts: tuple[DraftSnapshot, ...] = ()
    kpis: Mapping[UUID, Sequence[KpiSnapshot]] = field(default_factory=dict)
    measured: tuple[tuple[UseCaseSnapshot, Sequence[KpiSnapshot]], ...] = ()


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
    theirs = [each.id for each in (*proposals, *owned)]
    kpis, measured = checkins.kpis_of(session, theirs), tuple(_measured(session, person_id, besides=theirs))
    return HomeSnapshot(tuple(queue), items(proposals), items(owned), tuple(drafts), kpis, measured)


def _measured(
    session: Session, person_id: UUID, *, besides: Collection[UUID]
) -> Iterator[tuple[UseCaseSnapshot, Sequence[KpiSnapshot]]]:
    """Yield use cases besides these, with the KPIs in use that this person answers for."""
    ids = [each for each in checkins.answered_for_by(session, person_id) if each not in besides][:MEASURED_SHOWN]
    kpis = checkins.kpis_of(session, ids)
    for use_case in filter(None, (intake.use_case_of(session, each) for each in ids)):
        yield use_case, [each for each in kpis[use_case.id] if each.in_use and each.owner.id == person_id]

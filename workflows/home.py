"""What waits for a person, and how what they proposed or own stands: everything their Home shows."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from db.enums import Tier
from db.session import Session
from workflows import approvals, breaking_glass, checkins, intake, subjects
from workflows.approvals import Outlook, RequestSnapshot, Titled
from workflows.breaking_glass import GlassSnapshot
from workflows.checkins import KpiSnapshot
from workflows.intake import DraftSnapshot, UseCaseSnapshot

QUEUE_SHOWN = 15
PROPOSALS_SHOWN = 10
DRAFTS_SHOWN = 5
OTHERS_SHOWN = 5
MEASURED_SHOWN = 3


@dataclass(frozen=True, slots=True)
class Item:
    """A use case and the newest request about it; or something else people decide on, as it is called."""

    use_case: UseCaseSnapshot | None
    request: RequestSnapshot | None
    called: Titled | None = None

    @property
    def titled(self) -> Titled:
        """Return what it is called, whatever it is."""
        if self.use_case is not None:
            return Titled(self.use_case.reference, self.use_case.name, self.use_case.team)
        if self.called is None:
            raise LookupError("an item is a use case, or has a title")
        return self.called


@dataclass(frozen=True, slots=True)
class HomeSnapshot:
    """`proposals` are use cases; `sent` is what else this person asked people to decide.

    `calls` are those of break-glass somebody made or has to answer; `glass` is what is in use by one, by its id.
    `kpis` are those of what this person proposed or owns; `measured` what they answer for in others' use cases.
    """

    queue: tuple[Item, ...]
    proposals: tuple[Item, ...]
    owned: tuple[Item, ...] = ()
    drafts: tuple[DraftSnapshot, ...] = ()
    sent: tuple[Item, ...] = ()
    several: bool = False  # of low tier wait for them, which may be decided together
    calls: tuple[tuple[GlassSnapshot, UseCaseSnapshot], ...] = ()
    glass: Mapping[UUID, GlassSnapshot] = field(default_factory=dict)
    kpis: Mapping[UUID, Sequence[KpiSnapshot]] = field(default_factory=dict)
    measured: tuple[tuple[UseCaseSnapshot, Sequence[KpiSnapshot]], ...] = ()


def outlooks_of(session: Session, snapshot: HomeSnapshot, *, now: datetime) -> Mapping[UUID, Outlook]:
    """Return what to expect of what a person proposed or owns and is in review, by its request."""
    requests = [
        item.request for item in (*snapshot.proposals, *snapshot.owned, *snapshot.sent) if item.request is not None
    ]
    return approvals.outlooks_of(session, requests, now=now)


def home_of(session: Session, person_id: UUID) -> HomeSnapshot:
    """Return what waits for this person, longest first, what they are writing, their proposals and what they own."""
    queue = [_item(session, each) for each in approvals.waiting_for(session, person_id, limit=QUEUE_SHOWN)]
    proposals = intake.proposed_by(session, person_id, limit=PROPOSALS_SHOWN)
    owned = intake.owned_by(session, person_id, limit=PROPOSALS_SHOWN)
    requests = approvals.latest_about(session, intake.SUBJECT_KIND, [each.id for each in (*proposals, *owned)])

    def items(use_cases: list[UseCaseSnapshot]) -> tuple[Item, ...]:
        return tuple(Item(each, requests.get(each.id)) for each in use_cases)

    drafts = intake.drafts_of(session, person_id, limit=DRAFTS_SHOWN)
    others = [kind for kind in subjects.FEATURES if kind != intake.SUBJECT_KIND and subjects.is_sent(kind)]
    sent = [_item(session, each) for each in approvals.sent_by(session, person_id, others, limit=OTHERS_SHOWN)]
    cases = [*proposals, *owned, *(item.use_case for item in queue if item.use_case)]
    theirs = [each.id for each in (*proposals, *owned)]
    return HomeSnapshot(
        queue=tuple(queue),
        proposals=items(proposals),
        owned=items(owned),
        drafts=tuple(drafts),
        sent=tuple(sent),
        several=len(queue) > 1 and approvals.wait_several_for(session, person_id, Tier.LOW),
        calls=tuple(_calls(session, person_id)),
        glass=breaking_glass.in_force_about(session, [each.id for each in cases if each.provisional]),
        kpis=checkins.kpis_of(session, theirs),
        measured=tuple(_measured(session, person_id, besides=theirs)),
    )


def _measured(
    session: Session, person_id: UUID, *, besides: Collection[UUID]
) -> Iterator[tuple[UseCaseSnapshot, Sequence[KpiSnapshot]]]:
    """Yield use cases besides these, with the KPIs in use that this person answers for."""
    ids = [each for each in checkins.answered_for_by(session, person_id) if each not in besides][:MEASURED_SHOWN]
    kpis = checkins.kpis_of(session, ids)
    for use_case in filter(None, (intake.use_case_of(session, each) for each in ids)):
        yield use_case, [each for each in kpis[use_case.id] if each.in_use and each.owner.id == person_id]


def _item(session: Session, request: RequestSnapshot) -> Item:
    if request.subject_kind == intake.SUBJECT_KIND:
        use_case = intake.use_case_of(session, request.subject_id)
        if use_case is not None:
            return Item(use_case, request)
    feature = subjects.FEATURES.get(request.subject_kind)
    called = feature.titled(session, request.subject_id) if feature else None
    return Item(None, request, called or Titled(request.reference, ""))


def _calls(session: Session, person_id: UUID) -> Iterator[tuple[GlassSnapshot, UseCaseSnapshot]]:
    for each in breaking_glass.calls_of(session, person_id):
        use_case = intake.use_case_of(session, each.subject_id)
        if use_case is not None:
            yield each, use_case

"""The KPIs of use cases: they follow the approved text, and who answers for the use case may change them."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from db.enums import KpiSource, Membership, OutboxKind, UseCaseState
from db.queries import intake as stored
from db.session import Session
from workflows import checkins, outbox, people
from workflows.checkins import (
    ChangeSnapshot,
    Edited,
    KpiSnapshot,
    Locked,
    Measured,
    NotDone,
    NotLocked,
    Progress,
    Standing,
    Why,
    Witnessed,
)
from workflows.intake import reading
from workflows.intake.rules import CHANGEABLE
from workflows.intake.snapshots import UseCaseSnapshot
from workflows.outbox import Promise
from workflows.people import Actor

AT_ONCE = 50
"""How many use cases one beat takes over: after an upgrade there may be thousands."""

_ENDED = (UseCaseState.REJECTED, UseCaseState.WITHDRAWN, UseCaseState.EXPIRED, UseCaseState.RETIRED)


@dataclass(frozen=True, slots=True)
class KpiBoard:
    """The KPIs of one use case as somebody sees them. `history` is the newest first.

    `who_may` names who may change them besides their owners; `why_not` says why the viewer may not, KPI by KPI.
    `may_ask`: they may ask for a change of what was approved. `progress` says how far each KPI is on the way to being
    hit, `may_confirm` which readings they can confirm.
    """

    use_case: UseCaseSnapshot
    kpis: tuple[KpiSnapshot, ...]
    history: tuple[ChangeSnapshot, ...]
    who_may: tuple[Actor, ...]
    why_not: dict[UUID, Why]
    may_ask: bool
    progress: Mapping[UUID, Progress] = field(default_factory=dict)
    may_confirm: frozenset[UUID] = frozenset()


def kpis_behind(session: Session) -> Sequence[UUID]:
    """Return use cases that are approved and whose KPIs do not follow their text in force yet, some at a time."""
    return stored.with_kpis_behind(session, CHANGEABLE, limit=AT_ONCE)


def follow_kpis(session: Session, use_case_id: UUID, *, now: datetime) -> bool:
    """Take the KPIs over from the text in force; return False when they follow it, or it is not approved.

    Only where they do not, the use case is locked, then its KPIs and schedules: whoever holds a check-in or a KPI must
    not call this. Its owner's Home is drawn anew.
    """
    if not stored.is_behind(session, use_case_id):
        return False
    case = stored.lock(session, use_case_id)
    use_case = reading.use_case_of(session, use_case_id)
    if case is None or use_case is None or not use_case.may_change or case.kpis_revision == case.revision:
        return False
    checkins.take_over(
        session,
        use_case_id,
        use_case.says.kpis,
        revision=case.revision,
        owner=use_case.owner.id,
        owner_before=stored.owner_by(session, use_case_id, case.kpis_revision),
        approved_for=stored.submitter(session, use_case_id, case.revision) or case.proposer_id,
        now=now,
    )
    stored.set_kpis_revision(session, use_case_id, case.revision)
    _redraw(session, {use_case.owner.id, case.proposer_id}, now=now)
    return True


def kpi_board(session: Session, use_case_id: UUID, viewer: Actor) -> KpiBoard | None:
    """Return the KPIs of a use case, which `follow_kpis` makes those of its text in force; None when there is none."""
    use_case = reading.use_case_of(session, use_case_id)
    if use_case is None:
        return None
    kpis = tuple(checkins.kpis_of(session, [use_case_id]).get(use_case_id, ()))
    changes = checkins.changes_of(session, [each.id for each in kpis])
    standing = _standing(use_case)
    progress = checkins.progress_of(session, [each for each in kpis if each.in_use])
    refusals = {each.id: checkins.may_change(session, each, standing, viewer.id) for each in kpis}
    return KpiBoard(
        use_case=use_case,
        kpis=kpis,
        history=tuple(sorted((each for found in changes.values() for each in found), key=lambda c: c.at, reverse=True)),
        who_may=_answering(use_case),
        why_not={kpi_id: why for kpi_id, why in refusals.items() if why is not None},
        may_ask=viewer.id in (use_case.proposer.id, use_case.owner.id)
        and use_case.may_change
        and use_case.pending_revision is None,
        progress=progress,
        may_confirm=checkins.confirmable_by(session, use_case_id, list(_readings_in(progress)), viewer.id),
    )


def lock_baseline(
    session: Session, kpi_id: UUID, said: Measured, *, amends: UUID | None, actor: Actor, now: datetime
) -> Locked | NotLocked | NotDone:
    """Lock a KPI's baseline, or amend the one that counts, as `checkins.lock_baseline` says."""
    use_case = _use_case_with(session, kpi_id)
    if use_case is None:
        return NotDone(Why.UNKNOWN)
    standing = _standing(use_case)
    outcome = checkins.lock_baseline(session, kpi_id, said, amends=amends, standing=standing, actor=actor, now=now)
    if isinstance(outcome, Locked):
        _redraw(session, {use_case.owner.id, use_case.proposer.id, outcome.kpi.owner.id}, now=now)
    return outcome


def edit_kpi(
    session: Session,
    kpi_id: UUID,
    *,
    seen: int,
    rhythm: checkins.Rhythm,
    source: KpiSource,
    owner: Actor,
    actor: Actor,
    now: datetime,
) -> Edited | NotDone:
    """Change who reports a KPI, how often and from where, as `checkins.edit` says."""
    use_case, before = _use_case_with(session, kpi_id), checkins.kpi_of(session, kpi_id)
    if use_case is None or before is None:
        return NotDone(Why.UNKNOWN)
    outcome = checkins.edit(
        session,
        kpi_id,
        seen=seen,
        rhythm=rhythm,
        source=source,
        owner=owner,
        standing=_standing(use_case),
        actor=actor,
        now=now,
    )
    if isinstance(outcome, Edited):
        _redraw(session, {use_case.owner.id, use_case.proposer.id, before.owner.id, owner.id}, now=now)
    return outcome


def who_may_change_kpis(session: Session, use_case_id: UUID) -> tuple[Actor, ...]:
    """Return who may change the KPIs of a use case besides their owners and programme leads."""
    use_case = reading.use_case_of(session, use_case_id)
    return _answering(use_case) if use_case else ()


def _use_case_with(session: Session, kpi_id: UUID) -> UseCaseSnapshot | None:
    kpi = checkins.kpi_of(session, kpi_id)
    return reading.use_case_of(session, kpi.use_case_id) if kpi else None


def _readings_in(progress: Mapping[UUID, Progress]) -> Iterator[Witnessed]:
    """Yield the readings that are shown: the newest of each KPI, and the two that would hit it."""
    for each in progress.values():
        yield from filter(None, (each.newest, *(each.pair or ())))


def _standing(use_case: UseCaseSnapshot) -> Standing:
    return Standing(frozenset(each.id for each in _answering(use_case)), has_ended=use_case.state in _ENDED)


def _answering(use_case: UseCaseSnapshot) -> tuple[Actor, ...]:
    """Return the owner, or the sponsor when the owner has left."""
    is_there = use_case.owner.membership is Membership.MEMBER
    return (use_case.owner,) if is_there else (use_case.sponsor,)


def _redraw(session: Session, ids: set[UUID], *, now: datetime) -> None:
    homes = [
        Promise(OutboxKind.HOME_SYNC, outbox.home_of(each.slack_id), each.id)
        for each in people.with_home_open(session, ids)
    ]
    outbox.promise(session, homes, now=now)

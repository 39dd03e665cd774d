"""Rollouts as frozen pictures, and what the engine and the screens ask about them."""

from collections.abc import Collection, Mapping, Sequence
from typing import Final
from uuid import UUID

from db.enums import Section
from db.queries import rollouts as stored
from db.session import Session
from db.tables import Rollout, RolloutDifference, RolloutStep
from workflows import approvals, intake, ledger, people, policy
from workflows.approvals import Subject, Titled
from workflows.people import LEAD, Actor
from workflows.policy import Facts, PolicySnapshot
from workflows.rollouts.rules import SECTIONS
from workflows.rollouts.snapshots import RolloutSnapshot, StepSnapshot, Wanted

SUBJECT_KIND: Final = "rollout"
PREFIX: Final = "ROL"


def rollout_of(session: Session, rollout_id: UUID) -> RolloutSnapshot | None:
    row = stored.rollout(session, rollout_id)
    return next(iter(_snapshots(session, [row])), None) if row else None


def existing(session: Session, rollout_id: UUID) -> RolloutSnapshot:
    """Return a rollout that is there. Raises LookupError when it is not."""
    found = rollout_of(session, rollout_id)
    if found is None:
        raise LookupError(f"rollout {rollout_id} was there and is gone")
    return found


def rollouts_of(session: Session, use_case_id: UUID) -> Sequence[RolloutSnapshot]:
    """Return every rollout of a use case, the first one first."""
    return _snapshots(session, stored.rollouts_of(session, use_case_id))


def under_way_of(session: Session, person_id: UUID) -> Sequence[RolloutSnapshot]:
    """Return the approved rollouts whose steps are this person's to see to, also in place of an owner who left."""
    leads = LEAD in people.roles_of(session, person_id)
    return _snapshots(session, stored.under_way_of(session, person_id, leads=leads))


def subject_of(session: Session, rollout_id: UUID) -> tuple[Subject, Facts] | None:
    """Return what is decided about a rollout as it is stored, and the facts of its use case, which give its tier."""
    row = stored.rollout(session, rollout_id)
    if row is None:
        return None
    found = existing(session, rollout_id)
    wanted = Wanted(found.team, found.owner, found.people, found.starts_on, found.differences)
    return subject(session, row, row.revision, wanted)


def subject(session: Session, row: Rollout, revision: int, wanted: Wanted) -> tuple[Subject, Facts] | None:
    """Return the same for what is `wanted` in this revision.

    Every section's digest is over what differs there and over what all look at: team, owner, people, start, and the
    text of the use case that was approved.
    """
    about = intake.subject_of(session, row.use_case_id)
    case = intake.use_case_of(session, row.use_case_id)
    if about is None or case is None:
        return None
    for_all: dict[str, object] = {
        "use_case": str(row.use_case_id),
        "team": wanted.team,
        "owner": str(wanted.owner.id),
        "people": wanted.people,
        "starts_on": wanted.starts_on.isoformat() if wanted.starts_on else None,
    }
    sections: dict[Section, str] = {
        each: ledger.salted_digest(row.salt, ledger.canonical({**for_all, "differs": wanted.differences.get(each, "")}))
        for each in SECTIONS
    }
    reference = reference_of(row.number)
    return Subject(SUBJECT_KIND, row.id, reference, revision, sections, about[0].relations), case.says.facts()


def route(session: Session, rollout_id: UUID, facts: Facts) -> PolicySnapshot:
    """Return who decides about a rollout if it is sent now: of its chain the lanes that look at what differs."""
    found = existing(session, rollout_id)
    return policy.route(session, SUBJECT_KIND, facts, subject_id=rollout_id, sections=found.differences)


def titled(session: Session, rollout_id: UUID) -> Titled | None:
    row = stored.rollout(session, rollout_id)
    case = intake.use_case_of(session, row.use_case_id) if row else None
    if row is None or case is None:
        return None
    return Titled(reference_of(row.number), title_of(case.name, row.team), row.team)


def owner_of(session: Session, rollout_id: UUID) -> UUID | None:
    """Return who owns its use case: they answer for its request when whoever asked leaves."""
    row = stored.rollout(session, rollout_id)
    return intake.owner_of(session, row.use_case_id) if row else None


def insiders(session: Session, rollout_id: UUID) -> Collection[UUID]:
    """Return those of its use case, who asked for it, and who owns it where it goes."""
    row = stored.rollout(session, rollout_id)
    return intake.insiders(session, row.use_case_id) | {row.asked_by, row.owner_id} if row else frozenset()


def may_see_to(session: Session, rollout: RolloutSnapshot, person_id: UUID) -> bool:
    """Say whether this person ticks off steps: its owner, the use case's owner and sponsor, and programme leads."""
    answering = {rollout.owner.id, *intake.owner_and_sponsor(session, rollout.use_case_id)}
    return person_id in answering or LEAD in people.roles_of(session, person_id)


def reference_of(number: int) -> str:
    return f"{PREFIX}-{number}"


def title_of(name: str, team: str) -> str:
    return f"{name} → {team}"


def redraw_use_case(session: Session, use_case_id: UUID) -> UUID | None:
    """Return the request whose cards show in which teams a use case is."""
    request = approvals.approval_in_force(session, intake.SUBJECT_KIND, use_case_id)
    return request.id if request else None


def _snapshots(session: Session, rows: Sequence[Rollout]) -> list[RolloutSnapshot]:
    ids = [row.id for row in rows]
    differences, steps = stored.differences_of(session, ids), stored.steps_of(session, ids)
    known = people.named(
        session,
        {each for row in rows for each in (row.owner_id, row.asked_by)}
        | {step.done_by for found in steps.values() for step in found if step.done_by},
    )
    return [
        RolloutSnapshot(
            id=row.id,
            reference=reference_of(row.number),
            use_case_id=row.use_case_id,
            revision=row.revision,
            team=row.team,
            owner=known[row.owner_id],
            people=row.people,
            starts_on=row.starts_on,
            status=row.status,
            asked_by=known[row.asked_by],
            asked_at=row.asked_at,
            settled_at=row.settled_at,
            differences=_of_revision(differences.get(row.id, ()), row.revision),
            before=_of_revision(differences.get(row.id, ()), row.revision - 1),
            steps=tuple(_step(each, known) for each in steps.get(row.id, ())),
        )
        for row in rows
    ]


def _of_revision(rows: Sequence[RolloutDifference], revision: int) -> dict[Section, str]:
    said = {row.section: row.says for row in rows if row.revision == revision}
    return {each: said[each.value] for each in SECTIONS if each.value in said}


def _step(row: RolloutStep, known: Mapping[UUID, Actor]) -> StepSnapshot:
    return StepSnapshot(row.position, row.says, row.done_at, known[row.done_by] if row.done_by else None)

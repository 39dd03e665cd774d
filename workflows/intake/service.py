"""Use cases as they are stored: propose, find, and take the decision back."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal
from uuid import UUID

from db.enums import Exclusion, RequestStatus, UseCaseState
from db.ids import new_id
from db.queries import configuration
from db.queries import intake as stored
from db.session import Session
from workflows import approvals, ledger, people, policy, settings
from workflows.intake.rules import Problem, Proposal, problems_of, sections_of
from workflows.intake.snapshots import UseCaseSnapshot
from workflows.ledger import Fact, LedgerKind
from workflows.people import Actor
from workflows.settings import SettingName

SUBJECT_KIND = "use_case"
_REFERENCE = re.compile(r"^\s*UC[-\s]?(\d{1,9})\s*$", re.IGNORECASE | re.ASCII)


@dataclass(frozen=True, slots=True)
class Proposed:
    """The proposal is stored. `asked` are the names of those who have it now; empty when nobody can decide yet.

    `status` is the request's: the same form sent again late may find it decided.
    """

    use_case_id: UUID
    reference: str
    asked: tuple[str, ...]
    status: RequestStatus = RequestStatus.IN_REVIEW
    outcome: Literal["proposed"] = "proposed"


@dataclass(frozen=True, slots=True)
class Invalid:
    """Nothing was stored; each problem belongs to a field."""

    problems: tuple[Problem, ...]
    outcome: Literal["invalid"] = "invalid"


def propose(session: Session, proposal: Proposal, *, token: UUID, proposer: Actor, now: datetime) -> Proposed | Invalid:
    """Store a use case, put it into review under the policy in force, and ask the first approvers.

    `token` was made when the modal opened: submitting the same modal again returns the use case it became.
    """
    existing = stored.by_token(session, token)
    if existing is not None:
        return _already(session, existing[0].id)
    problems = problems_of(proposal)
    if problems or proposal.owner_id is None:
        return Invalid(tuple(problems))
    configuration.hold_counters(session)
    existing = stored.by_token(session, token)  # the same modal may have been submitted while we waited
    if existing is not None:
        return _already(session, existing[0].id)
    use_case_id, reference, salt = _insert(session, proposal, token=token, proposer=proposer, now=now)
    opened = approvals.open_request(
        session,
        approvals.Subject(
            kind=SUBJECT_KIND,
            id=use_case_id,
            reference=reference,
            revision=1,
            sections={
                section: ledger.salted_digest(salt, ledger.canonical(answers))
                for section, answers in sections_of(proposal).items()
            },
        ),
        policy.snapshot_for(session, SUBJECT_KIND),
        requester=proposer,
        # The proposer comes last: one who owns the use case too is told they proposed it.
        excluded={proposal.owner_id: Exclusion.OWNER} | {proposer.id: Exclusion.PROPOSER},
        governance_channel=settings.value_of(session, SettingName.GOVERNANCE_CHANNEL),
        now=now,
    )
    return Proposed(use_case_id, reference, tuple(person.name for person in opened.asked))


def settle(session: Session, use_case_id: UUID, status: RequestStatus, *, actor: Actor, now: datetime) -> None:
    """Take over what approvals decided about a use case, in the transaction of the vote."""
    found = stored.state_of(session, use_case_id)
    if found is None:
        raise LookupError(f"no use case {use_case_id}")
    before, version = found
    state = {RequestStatus.APPROVED: UseCaseState.APPROVED, RequestStatus.REJECTED: UseCaseState.REJECTED}[status]
    stored.set_state(session, use_case_id, state, version=version)
    fact = Fact(LedgerKind.USE_CASE_STATE_CHANGED, {"from": before.value, "to": state.value})
    ledger.record(session, _stream(use_case_id), [fact], actor=actor.id, now=now)


def find(session: Session, number: int) -> UseCaseSnapshot | None:
    return next(iter(_snapshots(session, [stored.by_number(session, number)])), None)


def use_case_of(session: Session, use_case_id: UUID) -> UseCaseSnapshot | None:
    return next(iter(_snapshots(session, [stored.by_id(session, use_case_id)])), None)


def proposed_by(session: Session, person_id: UUID, *, limit: int = 10) -> list[UseCaseSnapshot]:
    """Return a person's latest proposals, newest first."""
    return _snapshots(session, stored.proposed_by(session, person_id, limit=limit))


def owned_by(session: Session, person_id: UUID, *, limit: int = 10) -> list[UseCaseSnapshot]:
    """Return the latest use cases a person owns and somebody else proposed, newest first."""
    return _snapshots(session, stored.owned_by(session, person_id, limit=limit))


def reference_number(text: str) -> int | None:
    """Return 42 for “UC-42” however people type it, or None when it is no reference."""
    match = _REFERENCE.match(text)
    return int(match.group(1)) if match else None


def _insert(
    session: Session, proposal: Proposal, *, token: UUID, proposer: Actor, now: datetime
) -> tuple[UUID, str, str]:
    use_case_id, salt = new_id(), ledger.new_salt()
    number = configuration.next_number(session, SUBJECT_KIND)
    stored.insert_use_case(
        session,
        {
            "id": use_case_id,
            "number": number,
            "state": UseCaseState.IN_REVIEW,
            "revision": 1,
            "version": 1,
            "proposer_id": proposer.id,
            "token": token,
            "salt": salt,
            "created_at": now,
        },
    )
    stored.insert_revision(
        session,
        {
            "use_case_id": use_case_id,
            "revision": 1,
            "name": proposal.name,
            "problem": proposal.problem,
            "team": proposal.team,
            "owner_id": proposal.owner_id,
            "objective": proposal.objective,
            "kpi": proposal.kpi,
            "data_class": proposal.data_class,
            "processing": proposal.processing,
            "submitted_by": proposer.id,
            "submitted_at": now,
        },
    )
    fact = Fact(LedgerKind.USE_CASE_PROPOSED, {"number": number, "owner": str(proposal.owner_id)})
    ledger.record(session, _stream(use_case_id), [fact], actor=proposer.id, now=now)
    return use_case_id, f"UC-{number}", salt


def _already(session: Session, use_case_id: UUID) -> Proposed:
    request = approvals.latest_about(session, SUBJECT_KIND, [use_case_id])[use_case_id]
    asked = tuple(person.name for person in request.waits_for())
    return Proposed(use_case_id, request.reference, asked, request.status)


def _snapshots(session: Session, rows: Sequence[stored.Whole | None]) -> list[UseCaseSnapshot]:
    found = [row for row in rows if row is not None]
    known = people.named(session, {whole[0].proposer_id for whole in found} | {whole[1].owner_id for whole in found})
    return [
        UseCaseSnapshot(
            id=case.id,
            reference=f"UC-{case.number}",
            state=case.state,
            revision=case.revision,
            proposer=known[case.proposer_id],
            owner=known[text.owner_id],
            name=text.name,
            problem=text.problem,
            team=text.team,
            objective=text.objective,
            kpi=text.kpi,
            data_class=text.data_class,
            processing=text.processing,
            submitted_at=text.submitted_at,
        )
        for case, text in found
    ]


def _stream(use_case_id: UUID) -> str:
    return f"use_case:{use_case_id}"

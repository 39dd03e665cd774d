"""Read what was asked about gates."""

import hashlib
from collections.abc import Collection
from datetime import date
from uuid import UUID

from db.enums import GateAct, Section
from db.queries import programme as stored
from db.session import Session
from db.tables import GateRequest
from workflows import ledger, people
from workflows.approvals import Subject, Titled
from workflows.policy import Facts
from workflows.programme.naming import title_of
from workflows.programme.rules import Gate, GateState
from workflows.programme.snapshots import GateRequested

SUBJECT_KIND = "gate"
PREFIX = "GATE"


def request_of(session: Session, request_id: UUID) -> GateRequested | None:
    """Return what was asked about a gate."""
    found = stored.request(session, request_id)
    if found is None:
        return None
    row, waiver = found
    return GateRequested(
        id=row.id,
        reference=reference_of(row.number),
        phase=row.phase,
        act=row.act,
        evidence=row.evidence,
        digest=row.evidence_digest,
        asked_by=people.named(session, [row.asked_by])[row.asked_by],
        asked_at=row.asked_at,
        settled_at=row.settled_at,
        took_effect_at=row.took_effect_at,
        criterion=waiver.criterion if waiver else None,
        until=waiver.until if waiver else None,
        reason=ledger.text_of(session, waiver.reason_id) if waiver else None,
    )


def titled(session: Session, request_id: UUID) -> Titled | None:
    """Return what is asked about a gate, in a few words."""
    found = stored.request(session, request_id)
    if found is None:
        return None
    row, waiver = found
    return Titled(reference_of(row.number), title_of(row.phase, waiver.criterion if waiver else None))


def subject_of(session: Session, request_id: UUID) -> tuple[Subject, Facts] | None:
    """Return what approvals decide about: the evidence as it was asked on, in every section a lane can look at."""
    found = stored.request(session, request_id)
    if found is None:
        return None
    row, waiver = found
    digest = row.evidence_digest
    if waiver is not None:
        digest = waiver_digest(digest, waiver.criterion, waiver.until, ledger.digest_of(session, waiver.reason_id))
    return subject(row.id, row.number, digest), {}


def subject(request_id: UUID, number: int, digest: str) -> Subject:
    sections: dict[Section, str] = dict.fromkeys((each for each in Section if each is not Section.COSMETIC), digest)
    return Subject(SUBJECT_KIND, request_id, reference_of(number), 1, sections)


def waiver_digest(evidence_digest: str, criterion: str, until: date, reason_digest: str | None) -> str:
    """Return the digest of what is decided where a gate is to do without a criterion."""
    told = "\n".join((evidence_digest, criterion, until.isoformat(), reason_digest or ""))
    return hashlib.sha256(told.encode()).hexdigest()


def owner_of(session: Session, request_id: UUID) -> UUID | None:  # noqa: ARG001 - the same for each of them
    """Return nobody: a gate is the programme's, so the request of somebody who left is told to the leads."""
    return None


def insiders(session: Session, request_id: UUID) -> Collection[UUID]:
    """Return who asked. Leads, admins, auditors and those who decide may read it by their roles."""
    found = stored.request(session, request_id)
    return frozenset({found[0].asked_by}) if found else frozenset()


def hidden_among(session: Session, references: Collection[str]) -> frozenset[str]:
    """Return those of these references that are of confidential use cases."""
    numbers = {kind: [int(each[len(kind) :]) for each in references if each.startswith(kind)] for kind in _NUMBERED}
    return frozenset(stored.confidential_among(session, use_cases=numbers["UC-"], lessons=numbers["LES-"]))


_NUMBERED = ("UC-", "LES-")


def stands_on(gate: Gate) -> str:
    """Return what is the same as long as a gate could be opened on the same evidence."""
    return gate.digest if gate.state is GateState.READY else gate.state.value


def reference_of(number: int) -> str:
    return f"{PREFIX}-{number}"


def is_opening(row: GateRequest) -> bool:
    return row.act is GateAct.OPEN

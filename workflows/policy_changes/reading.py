"""Read policies somebody asked to put in force."""

from uuid import UUID

from db.enums import Section
from db.queries import configuration
from db.queries import policy_changes as stored
from db.session import Session
from db.tables import PolicyProposal
from workflows import people, policy
from workflows.approvals import Subject, Titled
from workflows.policy import POLICY, Facts
from workflows.policy_changes.snapshots import PolicyChange

SUBJECT_KIND = POLICY


def change_of(session: Session, proposal_id: UUID) -> PolicyChange | None:
    row = stored.proposal(session, proposal_id)
    if row is None:
        return None
    following = configuration.policy_version(session, row.based_on + 1)
    overtaken = following if following is not None and row.applied_number is None else None
    return PolicyChange(
        id=row.id,
        reference=reference_of(row.number),
        name=name_in(row.content),
        content=row.content,
        before=policy.text_of_version(session, row.based_on) or "",
        based_on=row.based_on,
        proposer=people.named(session, [row.proposed_by])[row.proposed_by],
        proposed_at=row.proposed_at,
        applied_number=row.applied_number,
        overtaken_by=overtaken.number if overtaken else None,
        overtaken_at=overtaken.applied_at if overtaken else None,
    )


def titled(session: Session, proposal_id: UUID) -> Titled | None:
    """Return what a proposed policy is called."""
    row = stored.proposal(session, proposal_id)
    return Titled(reference_of(row.number), title_of(name_in(row.content))) if row else None


def subject_of(session: Session, proposal_id: UUID) -> tuple[Subject, Facts] | None:
    """Return what approvals decide about a proposed policy: the whole file, in every section a lane can look at."""
    row = stored.proposal(session, proposal_id)
    return (subject(row.id, row.number, row.content_hash), {}) if row else None


def subject(proposal_id: UUID, number: int, content_hash: str) -> Subject:
    looked_at: list[Section] = [section for section in Section if section is not Section.COSMETIC]
    sections = dict.fromkeys(looked_at, content_hash)
    return Subject(SUBJECT_KIND, proposal_id, reference_of(number), 1, sections)


def owner_of(session: Session, proposal_id: UUID) -> UUID | None:  # noqa: ARG001 - the same for each of them
    """Return nobody: a policy has no owner, so the request of somebody who left is told to the leads."""
    return None


def insiders(session: Session, proposal_id: UUID) -> frozenset[UUID]:
    """Return who proposed it. Admins, leads and auditors may read it by their roles."""
    row: PolicyProposal | None = stored.proposal(session, proposal_id)
    return frozenset({row.proposed_by}) if row else frozenset()


def origins(session: Session) -> dict[int, str]:
    """Return the reference of the proposal behind each version that came from one."""
    return {version: reference_of(number) for version, number in stored.applied(session).items()}


def reference_of(number: int) -> str:
    return f"POL-{number}"


def title_of(name: str) -> str:
    return f"Policy: {name}"


def name_in(content: str) -> str:
    """Return what a stored policy is called; one that this version of the product cannot read any more has no name."""
    try:
        return policy.parse(content).name
    except policy.PolicyError:
        return "as it was written"

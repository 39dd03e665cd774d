"""What of the programme one reader may know: confidential use cases that prove something are counted, not named."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from db.enums import Criterion
from db.session import Session
from workflows import approvals, exports, intake, people, policy, programme, reactions
from workflows.programme import Debtor, Elapsed, Programme

_KNOW_ALL = policy.STEERING | {policy.AUDITOR}


@dataclass(frozen=True, slots=True)
class Known:
    """The programme as one person may see it. `hidden` are references they may not read; `owing` who could show what.

    `steers`: they may ask to open gates; `may_export`: they may have the register as a file. `secret` counts, by
    criterion, the use cases they may not know of.
    """

    programme: Programme
    elapsed: Elapsed
    owing: Mapping[Criterion, Sequence[Debtor]]
    secret: int
    hidden: frozenset[str]
    steers: bool
    may_export: bool = False

    def names(self, criterion: Criterion) -> list[str]:
        """Return who could show a criterion, each once."""
        return list(dict.fromkeys(each.owner.name for each in self.owing.get(criterion, ())))

    def owed(self) -> dict[Criterion, list[str]]:
        return {each: self.names(each) for each in self.owing}


def known_to(session: Session, person_id: UUID, *, now: datetime, roles: Collection[str] | None = None) -> Known:
    """Return the programme as this person may see it; `roles` are theirs, where they are known already."""
    roles = people.roles_of(session, person_id) if roles is None else roles
    found = programme.programme_at(session, now)
    owing = programme.owing(session, found)
    hidden = frozenset[str]() if _KNOW_ALL & set(roles) else _hidden(session, found, owing, person_id)
    shown = {key: [each for each in debts if each.reference not in hidden] for key, debts in owing.items()}
    return Known(
        programme=found,
        elapsed=programme.elapsed(session, found),
        owing=shown,
        secret=max((len(debts) - len(shown[key]) for key, debts in owing.items()), default=0),
        hidden=hidden,
        steers=bool(policy.STEERING & set(roles)),
        may_export=bool(exports.MAY_EXPORT & set(roles)),
    )


def _hidden(
    session: Session, found: Programme, owing: Mapping[Criterion, Sequence[Debtor]], person_id: UUID
) -> frozenset[str]:
    proofs = (proof for gate in found.gates.values() for state in gate.criteria for proof in state.proofs)
    secret = {each.reference for each in proofs if each.confidential}
    secret |= {each.reference for debts in owing.values() for each in debts if each.confidential}
    return frozenset(each for each in secret if not _may_know(session, each, person_id))


def _may_know(session: Session, reference: str, person_id: UUID) -> bool:
    number = intake.reference_number(reference)
    use_case = intake.find(session, number) if number is not None else None
    if use_case is None:
        return False
    request = approvals.latest_about(session, intake.SUBJECT_KIND, [use_case.id]).get(use_case.id)
    return request is not None and reactions.may_read(session, request, person_id)

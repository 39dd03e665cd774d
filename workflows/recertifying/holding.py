"""Hold an approved use case while it is judged: its approval, its text in force, and what is asked about it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from db.enums import OutboxKind, UseCaseState
from db.queries import intake as stored_intake
from db.queries import recertifying as stored
from db.session import Session
from db.tables import Recertification
from workflows import approvals, intake, ledger, outbox, people
from workflows.approvals import RequestSnapshot
from workflows.intake import CHANGEABLE, SUBJECT_KIND, UseCaseSnapshot
from workflows.ledger import Fact
from workflows.outbox import Promise
from workflows.people import ADMIN, LEAD, Actor

ASKED_ABOUT = frozenset(CHANGEABLE)
"""The states in which an approval can end."""
IN_CAMPAIGNS = ASKED_ABOUT - {UseCaseState.SUSPENDED}


@dataclass(frozen=True, slots=True)
class Holding:
    """`approved` is the newest approval, `today` the date where the owner is, `asked` what is not settled."""

    approved: RequestSnapshot
    use_case: UseCaseSnapshot
    today: date
    asked: Recertification | None

    @property
    def id(self) -> UUID:
        return self.use_case.id


def hold(session: Session, use_case_id: UUID, *, now: datetime) -> Holding | None:
    """Lock the approval and then the use case, and return both as they are; None for what nobody approved.

    Everybody who answers, and the clock, take them in this order; a vote takes its own request and then the use case.
    """
    if approvals.approved_about(session, SUBJECT_KIND, use_case_id) is None:
        return None
    if stored_intake.lock(session, use_case_id) is None:
        return None
    return look(session, use_case_id, now=now)


def look(session: Session, use_case_id: UUID, *, now: datetime) -> Holding | None:
    """Return the same without a lock, for showing, or where the caller holds the use case."""
    approved = approvals.approval_in_force(session, SUBJECT_KIND, use_case_id)
    use_case = intake.use_case_of(session, use_case_id)
    if approved is None or use_case is None:
        return None
    today = people.local_day(use_case.owner, now)
    return Holding(approved, use_case, today, stored.unsettled(session, use_case_id))


def record(session: Session, use_case_id: UUID, fact: Fact, *, actor: Actor | None, now: datetime) -> None:
    ledger.record(session, intake.stream_of(use_case_id), [fact], actor=actor.id if actor else None, now=now)


def tell(session: Session, use_case: UseCaseSnapshot, news: Iterable[Promise] = (), *, now: datetime) -> None:
    """Promise the Homes on which a use case or a campaign shows anew, then `news`."""
    steering = [*people.holders_of(session, LEAD), *people.holders_of(session, ADMIN)]
    shows = {use_case.owner.id, use_case.sponsor.id, use_case.proposer.id, *(each.id for each in steering)}
    outbox.promise(session, [*homes(session, shows), *news], now=now)


def homes(session: Session, ids: Iterable[UUID]) -> list[Promise]:
    opened = people.with_home_open(session, set(ids))
    return [Promise(OutboxKind.HOME_SYNC, outbox.home_of(each.slack_id), each.id) for each in opened]

"""What is due soon or late already, and which use cases nobody answers for."""

from typing import Final

from db.queries import digest_coming as stored
from db.queries.digest_coming import DueRow, OwnerLeft
from db.session import Session
from workflows import intake, people
from workflows.digests.snapshots import Coming, Due, DueKind, Named
from workflows.digests.standing_rules import is_ownerless
from workflows.digests.standing_scope import Scope, named

MOST: Final = 10


def coming_at(session: Session, scope: Scope) -> Coming:
    """Return the conditions in force and the renewals of approvals that are due within a fortnight, or late."""
    until, by = scope.spans.until, scope.looks_until
    due = stored.due(session, until, scope.teams, by=by, today=scope.today)
    conditions, conditions_late = due.get(True, (0, 0))
    renewals, renewals_late = due.get(False, (0, 0))
    first = stored.due_first(session, until, scope.teams, by=by, limit=MOST) if due else ()
    listed = tuple(_due(row, scope) for row in first)
    return Coming(conditions, conditions_late, renewals, renewals_late, listed)


def ownerless_at(session: Session, scope: Scope) -> tuple[tuple[Named, ...], int]:
    """Return the first use cases approved or in use that nobody answers for, and how many there are in all."""
    left = stored.owner_left(session, intake.CHANGEABLE, scope.spans.until, scope.teams)
    sponsors = {row.sponsor_id for row in left if row.sponsor_id}
    calendars = people.calendars_of(session, sponsors) if sponsors else {}

    def is_without(row: OwnerLeft) -> bool:
        sponsor = calendars.get(row.sponsor_id) if row.sponsor_id else None
        return is_ownerless(row.left_at, sponsor, at=scope.at)

    found = [row.case for row in left if is_without(row)]
    return tuple(named(each) for each in found if not each.confidential)[:MOST], len(found)


def _due(row: DueRow, scope: Scope) -> Due:
    kind = DueKind.CONDITION if row.is_condition else DueKind.RECERTIFICATION
    return Due(kind, named(row.case), row.on, is_late=row.on < scope.today)

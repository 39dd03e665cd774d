"""Read fixes and what had to be corrected as frozen pictures."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from uuid import UUID

from db.queries import fixes as stored
from db.queries.fixes import Worded
from db.session import Session
from workflows import people
from workflows.checkins.corrections import Looked, said_of
from workflows.checkins.fix_snapshots import Corrections, FixSnapshot

MOST_SHOWN = 10


def corrections_of(session: Session, use_case_ids: Collection[UUID]) -> Mapping[UUID, Corrections]:
    """Return what had to be corrected in these use cases and what is done about it; each of them is there.

    However many they are, that takes four questions.
    """
    looked: defaultdict[UUID, list[Looked]] = defaultdict(list)
    for row in stored.looked(session, use_case_ids):
        said = said_of((row.by_prompt, row.by_context, row.by_workflow))
        looked[row.use_case_id].append(Looked(row.check_in_id, row.on_date, row.looked_at or 0, said))
    fixes: defaultdict[UUID, list[FixSnapshot]] = defaultdict(list)
    for each in _snapshots(session, stored.fixes_of(session, use_case_ids)):
        fixes[each.use_case_id].append(each)
    return {each: Corrections(tuple(looked[each]), tuple(fixes[each])) for each in use_case_ids}


def fix_of(session: Session, fix_id: UUID) -> FixSnapshot | None:
    row = stored.fix(session, fix_id)
    return next(iter(_snapshots(session, [row])), None) if row else None


def existing(session: Session, fix_id: UUID) -> FixSnapshot:
    """Return a fix that is there. Raises LookupError when it is not."""
    found = fix_of(session, fix_id)
    if found is None:
        raise LookupError(f"fix {fix_id} was there and is gone")
    return found


def fixes_to_do(session: Session, person_id: UUID) -> list[FixSnapshot]:
    """Return the open fixes this person has to do, the soonest due first; not those of use cases that have ended."""
    return _snapshots(session, stored.open_of(session, person_id, limit=MOST_SHOWN))


def _snapshots(session: Session, rows: Sequence[Worded]) -> list[FixSnapshot]:
    standings = stored.standings_of(session, {row.use_case_id for row, *_ in rows})
    ids = {each for row, *_ in rows for each in (row.owner_id, row.accepted_by, row.done_by, row.dropped_by) if each}
    known = people.named(session, ids)
    return [
        FixSnapshot(
            id=row.id,
            use_case_id=row.use_case_id,
            use_case=standing.state,
            check_in_id=row.check_in_id,
            accepted_on=accepted_on,
            cause=row.cause,
            text=text,
            owner=known[row.owner_id],
            due=row.due,
            accepted_by=known[row.accepted_by],
            accepted_at=row.accepted_at,
            version=row.version,
            may=frozenset({row.owner_id, row.accepted_by, standing.owner_id, standing.sponsor_id}),
            done_by=known[row.done_by] if row.done_by else None,
            done_at=row.done_at,
            dropped_by=known[row.dropped_by] if row.dropped_by else None,
            dropped_at=row.dropped_at,
            reason=reason or "",
        )
        for row, text, reason, accepted_on in rows
        for standing in [standings[row.use_case_id]]
    ]

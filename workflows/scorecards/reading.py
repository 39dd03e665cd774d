"""Read rounds, what came of them, and what there is to close next."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from fractions import Fraction
from typing import Final
from uuid import UUID

from db.enums import Criterion, Dimension, Membership, Phase
from db.queries import scorecards as stored
from db.session import Session
from db.tables import Scorecard
from workflows import people, programme
from workflows.people import LEAD, Actor
from workflows.programme import CriterionState, Programme, Standing
from workflows.scorecards import rules
from workflows.scorecards.rules import Proven, Result
from workflows.scorecards.snapshots import Asked, Board, Closed, Gap, Round

GAPS_READ: Final = 12


def board(session: Session, *, now: datetime) -> Board:
    """Return the round that goes on, and what came of the last one."""
    going, last = stored.open_round(session), stored.newest_closed(session)
    return Board(
        open=round_in(session, going) if going else None,
        newest=_closed(session, last, now=now) if last else None,
    )


def open_round(session: Session) -> Round | None:
    row = stored.open_round(session)
    return round_in(session, row) if row else None


def last_closed(session: Session) -> Round | None:
    """Return the newest round that is over."""
    row = stored.newest_closed(session)
    return round_in(session, row) if row else None


def round_of(session: Session, scorecard_id: UUID) -> Round | None:
    row = stored.round_of(session, scorecard_id)
    return round_in(session, row) if row else None


def numbered(session: Session, number: int) -> Round | None:
    row = stored.numbered(session, number)
    return round_in(session, row) if row else None


def closed(session: Session, scorecard_id: UUID, *, now: datetime) -> Closed | None:
    """Return a round that is over and what came of it; None while it goes on, or where there is none."""
    row = stored.round_of(session, scorecard_id)
    return _closed(session, row, now=now) if row is not None and row.closed_at is not None else None


def round_in(session: Session, row: Scorecard) -> Round:
    """Return a stored round with whom it asks, by name."""
    asked = stored.asked(session, [row.id])
    ids = {row.opened_by, *(each.person_id for each in asked)} | ({row.closed_by} if row.closed_by else set())
    known = people.named(session, ids)
    there = [Asked(known[each.person_id], each.answered_at) for each in asked if each.person_id in known]
    return Round(
        id=row.id,
        number=row.number,
        opened_by=known[row.opened_by],
        opened_at=row.opened_at,
        due_on=row.due_on,
        closes_at=row.closes_at,
        asked=tuple(sorted(there, key=lambda each: (each.person.name, each.person.slack_id))),
        closed_at=row.closed_at,
        closed_by=known.get(row.closed_by) if row.closed_by else None,
    )


def shown_by(found: Programme) -> Mapping[Dimension, Proven]:
    """Return what the record shows of dimensions at a moment."""
    return rules.proven(_states(found).values())


def result_in(session: Session, row: Scorecard, *, before: Mapping[Phase | Dimension, Fraction]) -> Result:
    """Return what came of a round that is closed, as it was then."""
    shown = {
        each.dimension: Proven(each.score, _split(each.rests_on), each.cases) for each in stored.proofs(session, row.id)
    }
    lacks = tuple(map(Criterion, _split(row.lacks)))
    return rules.outcome(
        said_in(session, row.id), shown, gates=row.phase or Phase.FOUNDATION, lacks=lacks, before=before
    )


def said_in(session: Session, scorecard_id: UUID) -> Mapping[Dimension, Sequence[int | None]]:
    """Return what was said of each dimension, without who said it."""
    said: defaultdict[Dimension, list[int | None]] = defaultdict(list)
    for dimension, score in stored.scores(session, scorecard_id):
        said[dimension].append(score)
    return said


def lacking(found: Programme) -> tuple[Criterion, ...]:
    """Return what the gate after the programme's phase lacks; nothing in the last phase."""
    return tuple(each.criterion for each in found.following.lacking) if found.following else ()


def _closed(session: Session, row: Scorecard, *, now: datetime) -> Closed:
    earlier = stored.newest_closed(session, before=row.number)
    before = result_in(session, earlier, before={}).scores if earlier else {}
    result = result_in(session, row, before=before)
    gaps = _gaps(session, result, now=now)
    return Closed(round_in(session, row), result, gaps, earlier.number if earlier else None)


def _gaps(session: Session, result: Result, *, now: datetime) -> tuple[Gap, ...]:
    """Return what is still to be closed now, with who sees to it: its owner, else the programme leads."""
    states, leads = _states(programme.programme_at(session, now)), tuple(people.holders_of(session, LEAD))
    still = [each.dimension for each in result.gaps if not _is_met(each.dimension, states)]
    return tuple(_gap(each, states, leads) for each in still[:GAPS_READ])


def _gap(dimension: Dimension, states: Mapping[Criterion, CriterionState], leads: tuple[Actor, ...]) -> Gap:
    state = states.get(Criterion(dimension.value)) if rules.is_of_foundation(dimension) else None
    owner = state.owner if state else None
    if owner is not None and owner.membership is Membership.MEMBER:
        return Gap(dimension, (owner,), by_leads=False)
    return Gap(dimension, leads, by_leads=True)


def _is_met(dimension: Dimension, states: Mapping[Criterion, CriterionState]) -> bool:
    own = (Criterion(dimension.value),) if rules.is_of_foundation(dimension) else rules.PROVEN_BY.get(dimension, ())
    return bool(own) and all(states[each].standing is Standing.MET for each in own)


def _states(found: Programme) -> Mapping[Criterion, CriterionState]:
    every: Iterable[CriterionState] = (state for gate in found.gates.values() for state in gate.criteria)
    return {state.criterion: state for state in every}


def _split(text: str) -> tuple[str, ...]:
    return tuple(text.split(",")) if text else ()

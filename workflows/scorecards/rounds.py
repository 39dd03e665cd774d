"""What people do with rounds: start one, answer it, close it."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from uuid import UUID

from db.enums import Dimension, Membership, OutboxKind
from db.queries import configuration
from db.queries import scorecards as stored
from db.session import Session
from db.tables import Scorecard
from workflows import ledger, outbox, people, policy, programme
from workflows.ledger import Fact, LedgerKind, Value
from workflows.outbox import Promise
from workflows.people import Actor
from workflows.scorecards import reading, rules
from workflows.scorecards.rules import NoScorecard
from workflows.scorecards.snapshots import Closed, Form, NotDone, Round

COUNTER = "scorecard"


def why_not_start(session: Session, *, actor: Actor) -> NotDone | None:
    """Return why this person cannot start a round now: they do not steer the programme, or one goes on."""
    if not people.roles_of(session, actor.id) & policy.STEERING:
        return NotDone(NoScorecard.NOT_STEERING)
    going = reading.open_round(session)
    return NotDone(NoScorecard.GOES_ON, going) if going else None


def start(session: Session, asked: Sequence[Actor], due: date, *, actor: Actor, now: datetime) -> Round | NotDone:
    """Ask these full members until the end of `due`, where whoever starts it is. The counters are locked.

    One round goes on at a time: of two who start one at once, the second is told of the first's.
    """
    configuration.hold_counters(session)
    refused = why_not_start(session, actor=actor)
    if refused is not None:
        return refused
    whom = {each.id: each for each in asked if each.membership is Membership.MEMBER}
    why = rules.why_not_open(len(whom), due, today=people.local_day(actor, now))
    if why is not None:
        return NotDone(why)
    calendars = people.calendars_of(session, list(whom))
    values = {
        "number": configuration.next_number(session, COUNTER),
        "opened_by": actor.id,
        "opened_at": now,
        "due_on": due,
        "closes_at": people.resolved(actor.zone, due + timedelta(days=1), 0),
        "lacks": "",
    }
    rows = [{"person_id": each, "act_at": people.works_at(calendars[each], now)} for each in sorted(whom)]
    scorecard_id = stored.insert_round(session, values, rows)
    data: dict[str, Value] = {"due": due.isoformat(), "asked": [str(each) for each in sorted(whom)]}
    record(session, scorecard_id, Fact(LedgerKind.SCORECARD_OPENED, data), actor=actor.id, now=now)
    redraw(session, whom, now=now)
    return _existing(session, scorecard_id)


def to_answer(session: Session, scorecard_id: UUID, *, actor: Actor, now: datetime) -> Form | NotDone:
    """Return what this person is asked in a round, with what they said so far; or why they are not."""
    found = reading.round_of(session, scorecard_id)
    refused = _why_not_answer(found, actor)
    if found is None or refused is not None:
        return refused or NotDone(NoScorecard.UNKNOWN)
    shown = reading.shown_by(programme.programme_at(session, now))
    return Form(found, rules.asked_about(shown), stored.scores_of(session, scorecard_id, actor.id))


def answer(
    session: Session, scorecard_id: UUID, said: Mapping[Dimension, int | None], *, actor: Actor, now: datetime
) -> Round | NotDone:
    """Store what somebody says, in place of what they said before; None is “cannot say”. The round is locked.

    What is proven by now is left out. Only how much was said goes on the record, never what: nobody is to see who gave
    which score.
    """
    stored.lock_round(session, scorecard_id)
    form = to_answer(session, scorecard_id, actor=actor, now=now)
    if isinstance(form, NotDone):
        return form
    scores = {each: said[each] for each in form.dimensions if each in said}
    if any(each is not None and not rules.LOWEST <= each <= rules.HIGHEST for each in scores.values()):
        raise ValueError("a score is from 1 to 5")
    stored.put_scores(session, scorecard_id, actor.id, scores, at=now)
    stored.set_asked(session, scorecard_id, actor.id, {"answered_at": now, "act_at": None})
    cannot_say = sum(each is None for each in scores.values())
    data: dict[str, Value] = {"scored": len(scores) - cannot_say, "cannot_say": cannot_say}
    record(session, scorecard_id, Fact(LedgerKind.SCORECARD_ANSWERED, data), actor=actor.id, now=now)
    redraw(session, [actor.id], now=now)
    return _existing(session, scorecard_id)


def close(session: Session, scorecard_id: UUID, *, actor: Actor, now: datetime) -> Closed | NotDone:
    """Close a round before its last day is over. The round is locked: it is closed once, and later ones are told."""
    held = stored.lock_round(session, scorecard_id)
    found = reading.round_of(session, scorecard_id)
    if held is None or found is None:
        return NotDone(NoScorecard.UNKNOWN)
    if not people.roles_of(session, actor.id) & policy.STEERING:
        return NotDone(NoScorecard.NOT_STEERING, found)
    if not held.is_open:
        return NotDone(NoScorecard.CLOSED, found)
    return settle(session, held, actor=actor, now=now)


def settle(session: Session, held: Scorecard, *, actor: Actor | None, now: datetime) -> Closed:
    """Close a round the caller holds: what is proven now and the phase the gates show now stay with it.

    Whoever started it is told in their hours, unless they closed it themselves.
    """
    found = programme.programme_at(session, now)
    shown, lacks = reading.shown_by(found), reading.lacking(found)
    values = {
        "closed_at": now,
        "closed_by": actor.id if actor else None,
        "tell_at": None if actor is not None and actor.id == held.opened_by else now,
        "phase": found.phase,
        "lacks": ",".join(each.value for each in lacks),
    }
    proofs = [
        {"dimension": dimension, "score": each.score, "rests_on": ",".join(each.by), "cases": each.cases}
        for dimension, each in shown.items()
    ]
    stored.close_round(session, held.id, values, proofs)
    closed = reading.closed(session, held.id, now=now)
    if closed is None:
        raise LookupError(f"scorecard {held.id} was closed and is open")
    fact = Fact(LedgerKind.SCORECARD_CLOSED, _told(session, held.id, closed))
    record(session, held.id, fact, actor=actor.id if actor else None, now=now)
    redraw(session, [each.person.id for each in closed.round.asked], now=now)
    return closed


def redraw(session: Session, ids: Iterable[UUID], *, now: datetime) -> None:
    """Promise the Homes of these people, and of those who steer the programme, drawn anew."""
    steering = {each.id for role in policy.STEERING for each in people.holders_of(session, role)}
    opened = people.with_home_open(session, steering | set(ids))
    homes = [Promise(OutboxKind.HOME_SYNC, outbox.home_of(each.slack_id), each.id) for each in opened]
    outbox.promise(session, homes, now=now)


def record(session: Session, scorecard_id: UUID, fact: Fact, *, actor: UUID | None, now: datetime) -> None:
    """Append a fact to a round's stream. The caller holds it, or has just made it."""
    ledger.record(session, f"scorecard:{scorecard_id}", [fact], actor=actor, now=now)


def _why_not_answer(found: Round | None, actor: Actor) -> NotDone | None:
    if found is None:
        return NotDone(NoScorecard.UNKNOWN)
    if not found.names(actor.id):
        return NotDone(NoScorecard.NOT_ASKED, found)
    return None if found.is_open else NotDone(NoScorecard.CLOSED, found)


def _told(session: Session, scorecard_id: UUID, closed: Closed) -> dict[str, Value]:
    """Return what the record keeps of a result: sums over at least two people, and what was proven."""
    result, said = closed.result, reading.said_in(session, scorecard_id)
    data: dict[str, Value] = {
        "phase": result.gates.value,
        "seen": result.seen.value,
        "asked": len(closed.round.asked),
        "answered": len(closed.round.answered),
    }
    for each in result.dimensions:
        if each.proven is not None:
            data[f"{each.dimension}_proven"] = each.proven.score
        elif each.mean is not None:
            data[f"{each.dimension}_sum"] = sum(score or 0 for score in said[each.dimension])
            data[f"{each.dimension}_answers"] = each.answers
    return data


def _existing(session: Session, scorecard_id: UUID) -> Round:
    found = reading.round_of(session, scorecard_id)
    if found is None:
        raise LookupError(f"scorecard {scorecard_id} was stored and is gone")
    return found

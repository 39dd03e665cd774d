"""Put the question whether an approval still holds, and say when whoever answers is asked."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from uuid import UUID

from db.ids import new_id
from db.queries import recertifying as stored
from db.session import Session
from workflows import intake, people
from workflows.ledger import Fact, LedgerKind
from workflows.people import Actor
from workflows.recertifying import rules
from workflows.recertifying.holding import Holding, record


def put(session: Session, held: Holding, due: date, *, actor: Actor | None, now: datetime) -> UUID:
    """Store the question, to be answered by the end of `due`, and return its id. `actor` is None for the clock."""
    asked_id = new_id()
    values = {"id": asked_id, "use_case_id": held.id, "due_on": due, "asked_at": now, "prompts": 0}
    stored.insert_question(session, values | {"prompt_at": first_prompt(session, held, due, now=now)})
    fact = Fact(LedgerKind.RECERTIFICATION_ASKED, {"question": str(asked_id), "due": due.isoformat()})
    record(session, held.id, fact, actor=actor, now=now)
    return asked_id


def first_prompt(session: Session, held: Holding, due: date, *, now: datetime) -> datetime | None:
    """Return when whoever answers is asked first, where the question is put now."""
    return prompt_at(session, intake.answers_for(session, held.use_case), due, given=0, now=now)


def prompt_at(session: Session, whom: Sequence[Actor], due: date, *, given: int, now: datetime) -> datetime | None:
    """Return when the next prompt comes after `given` of them: in the hours of the first of those who answer.

    While nobody is left to answer it is looked for somebody again a day later.
    """
    if not whom:
        return now + timedelta(days=1) if given <= rules.LAST else None
    calendar = people.calendars_of(session, [whom[0].id])[whom[0].id]
    today = people.local_day(whom[0], now)
    return rules.prompt_at(calendar, due, given=given, today=today, not_before=now)

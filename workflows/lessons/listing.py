"""Publish the steps by which another team is brought to use a use case."""

from datetime import datetime
from uuid import UUID

from db.queries import intake as stored_cases
from db.queries import lessons as stored
from db.session import Session
from workflows import ledger
from workflows.ledger import Fact, LedgerKind
from workflows.lessons.reading import checklist_of, written_of
from workflows.lessons.rules import NoChecklist, steps_in, why_not_steps
from workflows.lessons.snapshots import ChecklistSnapshot, NotListed, WrittenOf
from workflows.people import Actor


def to_list(session: Session, use_case_id: UUID, *, actor: Actor) -> WrittenOf | NotListed:
    """Return the use case whose checklist this person may publish now, or why they may not.

    May: its owner and programme leads, once it is or was in deployment.
    """
    of = written_of(session, use_case_id)
    if of is None:
        return NotListed(NoChecklist.UNKNOWN)
    if not of.answering.may_take_back(actor.id):
        return NotListed(NoChecklist.NOT_YOURS, of)
    return of if of.deployed else NotListed(NoChecklist.NOT_DEPLOYED, of)


def publish_checklist(
    session: Session, use_case_id: UUID, text: str, *, seen: int, actor: Actor, now: datetime
) -> ChecklistSnapshot | NotListed:
    """Publish the next version of a checklist; `seen` is the one the form began with, 0 for none.

    The use case is locked: of two who publish at once the later one is told. Rollouts on their way keep their steps.
    """
    stored_cases.lock(session, use_case_id)
    of = to_list(session, use_case_id, actor=actor)
    if isinstance(of, NotListed):
        return of
    before, steps = checklist_of(session, use_case_id), steps_in(text)
    why = why_not_steps(steps)
    if why is None and before is not None and before.steps == steps:
        why = NoChecklist.UNCHANGED
    if why is None and (before.version if before else 0) != seen:
        why = NoChecklist.CHANGED_MEANWHILE
    if why is not None:
        return NotListed(why, of, before)
    written, version = "\n".join(steps), (before.version if before else 0) + 1
    values = {"steps": written, "published_by": actor.id, "published_at": now, "version": version}
    stored.put_checklist(session, use_case_id, values)
    _, digest = ledger.write_text(session, written, by=actor.id, now=now)
    data: dict[str, ledger.Value] = {"version": version, "steps": len(steps), "text": digest}
    fact = Fact(LedgerKind.CHECKLIST_PUBLISHED, data)
    ledger.record(session, f"checklist:{use_case_id}", [fact], actor=actor.id, now=now)
    found = checklist_of(session, use_case_id)
    if found is None:
        raise LookupError(f"the checklist of {use_case_id} was stored and is gone")
    return found

"""Write down what a use case says, text by text."""

from datetime import datetime
from typing import Any
from uuid import UUID

from db.queries import intake as stored
from db.session import Session
from workflows.intake.proposals import Proposal
from workflows.intake.reading import SIMILAR_TO
from workflows.intake.rules import LONGEST, objective_key
from workflows.people import Actor


def insert_revision(
    session: Session, use_case_id: UUID, revision: int, says: Proposal, *, by: Actor, now: datetime
) -> None:
    """Store one text of a use case. It is never changed, only followed by the next."""
    values = {
        "use_case_id": use_case_id,
        "revision": revision,
        **{field: getattr(says, field) for field in LONGEST if field != "objective"},
        **{field: getattr(says, field) for field in ("output_use", "data_class", "processing", "build", "decision")},
        "owner_id": says.owner_id,
        "sponsor_id": says.sponsor_id,
        "objective_id": _objective_id(session, says.objective, by=by, now=now),
        "submitted_by": by.id,
        "submitted_at": now,
    }
    kpis = [
        {
            "position": position,
            "name": kpi.name,
            "unit": kpi.unit,
            "direction": kpi.direction,
            "baseline": kpi.baseline,
            "target": kpi.target,
            "target_high": kpi.target_high,
            "due": kpi.due,
        }
        for position, kpi in enumerate(says.kpis)
    ]
    stored.insert_revision(session, values, answers=_answer_rows(says), kpis=kpis)


def _answer_rows(says: Proposal) -> list[dict[str, Any]]:
    several = {
        "affected": says.affected,
        "areas": says.areas,
        "practices": says.practices,
        SIMILAR_TO: tuple(map(str, says.similar)),
    }
    plain = {"section": None, "asked": None, "says": None}
    rows: list[dict[str, Any]] = [
        {"question": question, "position": position, "value": str(value), **plain}
        for question, values in several.items()
        for position, value in enumerate(values)
    ]
    for answer in says.own:
        words = answer.says or (None,) * len(answer.values)
        key = {"question": answer.key, "section": answer.section.value, "asked": answer.asked}
        rows += [
            {**key, "position": position, "value": value, "says": said}
            for position, (value, said) in enumerate(zip(answer.values, words, strict=True))
        ]
    return rows


def _objective_id(session: Session, name: str, *, by: Actor, now: datetime) -> UUID:
    """Return the objective of this name, however it is typed, new or not."""
    key = objective_key(name)
    found = stored.objective_id(session, key)
    if found is None:
        stored.insert_objective(session, name=name, name_key=key, by=by.id, now=now)
        found = stored.objective_id(session, key)
    if found is None:
        raise LookupError("an objective was stored and is gone")
    return found

"""Put a request's subject into words. The engine does not know what it decides on; the screens do."""

from collections.abc import Sequence
from dataclasses import dataclass

from db.session import Session
from handlers.text import DATA_CLASSES, PROCESSINGS
from workflows import intake
from workflows.approvals import RequestSnapshot
from workflows.intake import UseCaseSnapshot


@dataclass(frozen=True, slots=True)
class SubjectPicture:
    """A subject as every card shows it. `facts` and `story` are for those involved; the rest is for every member."""

    reference: str
    title: str
    team: str
    story: str
    facts: Sequence[tuple[str, str]]


def picture_of(session: Session, request: RequestSnapshot) -> SubjectPicture:
    """Return the words for what `request` is about. Raises LookupError for a kind no screen knows."""
    if request.subject_kind == intake.SUBJECT_KIND:
        use_case = intake.use_case_of(session, request.subject_id)
        if use_case is not None:
            return use_case_picture(use_case)
    raise LookupError(f"no screen shows {request.subject_kind!r} {request.subject_id}")


def use_case_picture(use_case: UseCaseSnapshot) -> SubjectPicture:
    return SubjectPicture(
        reference=use_case.reference,
        title=use_case.name,
        team=use_case.team,
        story=use_case.problem,
        facts=(
            ("Objective", use_case.objective),
            ("Shown to work by", use_case.kpi),
            ("Owner", use_case.owner.name),
            ("Team", use_case.team),
            ("Data", DATA_CLASSES[use_case.data_class]),
            ("Processed in", PROCESSINGS[use_case.processing]),
        ),
    )

"""What was submitted last, use case by use case, and who is what to it: for trying another policy on it."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from db.queries import intake as stored
from db.session import Session
from workflows.intake import reading
from workflows.policy import Facts


@dataclass(frozen=True, slots=True)
class Submission:
    """A use case as its newest submitted text says it.

    `related` is who is what to it, and `excluded` are those who may not decide about it.
    """

    use_case_id: UUID
    reference: str
    name: str
    confidential: bool
    facts: Facts
    related: Mapping[str, UUID]
    excluded: frozenset[UUID]


def last_submissions(session: Session, *, limit: int) -> list[Submission]:
    """Return the use cases submitted last, by their number, whatever became of them.

    Of one that is to be changed it is the text asked for. They are read together: fifty take as long as one.
    """
    found = stored.last_submitted(session, limit=limit)
    ids = [case.id for case, _, _ in found]
    answers = reading.by_case(stored.answers_submitted_last(session, ids))
    owners = stored.objective_owners(session, {text.objective_id for _, text, _ in found})
    editors: defaultdict[UUID, set[UUID]] = defaultdict(set)
    for use_case_id, person_id in stored.editors_of(session, ids):
        editors[use_case_id].add(person_id)
    submissions = []
    for whole in found:
        case, text, _ = whole
        says = reading.text_of(whole, answers[case.id], ())
        submission = Submission(
            use_case_id=case.id,
            reference=reading.reference_of(case.number),
            name=says.name,
            confidential=case.confidential,
            facts=says.facts(),
            related=reading.related_by(says, objective_owner=owners.get(text.objective_id)),
            excluded=frozenset({case.proposer_id, says.owner_id, *editors[case.id]}),
        )
        submissions.append(submission)
    return submissions

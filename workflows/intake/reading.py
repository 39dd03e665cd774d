"""Read use cases as frozen pictures, for screens, messages and the policy."""

import re
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import TypeVar
from uuid import UUID

from db.enums import Affected, Area, Membership, Practice, Relation, Section, UseCaseState
from db.queries import intake as stored
from db.queries.intake import Whole
from db.session import Session
from db.tables import RevisionAnswer, RevisionKpi
from workflows import approvals, ledger, people
from workflows.checkins.rules import Kpi
from workflows.intake import similar
from workflows.intake.proposals import OwnAnswer, Proposal, sections_of
from workflows.intake.rules import objective_key
from workflows.intake.snapshots import SimilarCase, UseCaseSnapshot
from workflows.people import Actor
from workflows.policy import Facts

SUBJECT_KIND = "use_case"
STREAMS = "use_case:"
"""How the name of each use case's stream on the record begins."""

SIMILAR_TO = "similar.to"
"""The answer that names what a use case was said to differ from; no question of anybody's can have this key."""

_BUILT_IN = ("affected", "areas", "practices", SIMILAR_TO)
_ENDED = (UseCaseState.REJECTED, UseCaseState.WITHDRAWN, UseCaseState.EXPIRED, UseCaseState.RETIRED)
_REFERENCE = re.compile(r"^\s*UC[-\s]?(\d{1,9})\s*$", re.IGNORECASE | re.ASCII)

Row = TypeVar("Row", RevisionAnswer, RevisionKpi)


def reference_number(text: str) -> int | None:
    """Return 42 for “UC-42” however people type it, or None when it is no reference."""
    match = _REFERENCE.match(text)
    return int(match.group(1)) if match else None


def find(session: Session, number: int) -> UseCaseSnapshot | None:
    return next(iter(_snapshots(session, [stored.by_number(session, number)])), None)


def use_case_of(session: Session, use_case_id: UUID) -> UseCaseSnapshot | None:
    return next(iter(_snapshots(session, [stored.by_id(session, use_case_id)])), None)


def use_cases_of(session: Session, ids: Collection[UUID]) -> Mapping[UUID, UseCaseSnapshot]:
    """Return these use cases by their ids, with as many questions as for one; what there is not is missing."""
    return {each.id: each for each in _snapshots(session, stored.by_ids(session, ids))}


def as_submitted(session: Session, use_case_id: UUID, revision: int) -> UseCaseSnapshot | None:
    """Return a use case as that revision of it says it, in force or not; its state is today's."""
    found = stored.at_revision(session, use_case_id, revision)
    if found is None:
        return None
    whole, answers, kpis = found
    return _drawn(session, [whole], {use_case_id: answers}, {use_case_id: kpis})[0]


def proposed_by(session: Session, person_id: UUID, *, limit: int = 10) -> list[UseCaseSnapshot]:
    """Return a person's latest proposals, newest first."""
    return _snapshots(session, stored.proposed_by(session, person_id, limit=limit))


def owned_by(session: Session, person_id: UUID, *, limit: int = 10) -> list[UseCaseSnapshot]:
    """Return the latest use cases a person owns and somebody else proposed, newest first."""
    return _snapshots(session, stored.owned_by(session, person_id, limit=limit))


def insiders(session: Session, use_case_id: UUID) -> frozenset[UUID]:
    """Return proposer, owner, sponsor and whoever edited it: they may read everything about it."""
    return frozenset(stored.involved(session, use_case_id))


def answers_for(session: Session, use_case: UseCaseSnapshot) -> Sequence[Actor]:
    """Return who answers for a use case: its owner, its sponsor once they left, else the programme leads or admins."""
    for person in (use_case.owner, use_case.sponsor):
        if person.membership is Membership.MEMBER:
            return [person]
    return people.holders_of(session, people.LEAD) or people.holders_of(session, people.ADMIN)


def owner_of(session: Session, use_case_id: UUID) -> UUID | None:
    """Return who owns a use case now, member or not; None when there is no such use case."""
    return stored.owner(session, use_case_id)


def titled(session: Session, use_case_id: UUID) -> approvals.Titled | None:
    """Return what a use case is called by its text in force."""
    use_case = use_case_of(session, use_case_id)
    return approvals.Titled(use_case.reference, use_case.name, use_case.team) if use_case else None


def owner_and_sponsor(session: Session, use_case_id: UUID) -> tuple[UUID, ...]:
    """Return who owns and who sponsors a use case now, members or not; nobody when there is no such use case."""
    return stored.owner_and_sponsor(session, use_case_id)


def state_of(session: Session, use_case_id: UUID) -> UseCaseState | None:
    standing = stored.standing_of(session, use_case_id)
    return standing.state if standing else None


def lineage(session: Session, use_case_id: UUID) -> list[UUID]:
    """Return a use case, what it was proposed anew from, what that was proposed anew from, and so on."""
    found = [use_case_id]
    while (before := stored.copied_from(session, found[-1])) is not None:
        found.append(before)
    return found


def subject_of(session: Session, use_case_id: UUID) -> tuple[approvals.Subject, Facts] | None:
    """Return what approvals decide about a use case as it is stored, and the facts the policy judges.

    While a change is asked for, that is the text it is to be changed to.
    """
    standing = stored.standing_of(session, use_case_id)
    return subject_at(session, use_case_id, standing.pending_revision or standing.revision) if standing else None


def subject_at(session: Session, use_case_id: UUID, revision: int) -> tuple[approvals.Subject, Facts] | None:
    """Return the same as that text of it says it, in force or not."""
    whole, use_case = stored.by_id(session, use_case_id), as_submitted(session, use_case_id, revision)
    if whole is None or use_case is None:
        return None
    case = whole[0]
    whole_subject = subject(session, use_case_id, case.number, revision, use_case.says, salt=case.salt)
    return whole_subject, use_case.says.facts()


def hold(session: Session, use_case_id: UUID) -> None:
    """Let nobody else change this use case before the commit."""
    stored.lock(session, use_case_id)


def subject(
    session: Session, use_case_id: UUID, number: int, revision: int, says: Proposal, *, salt: str
) -> approvals.Subject:
    digests = {
        section: ledger.salted_digest(salt, ledger.canonical(answers)) for section, answers in sections_of(says).items()
    }
    related = relations(session, says)
    return approvals.Subject(SUBJECT_KIND, use_case_id, reference_of(number), revision, digests, related)


def relations(session: Session, says: Proposal) -> dict[str, UUID]:
    """Return who is what to a use case, as far as that is known: an objective may be new, or have no owner."""
    objective = stored.objective(session, objective_key(says.objective))
    return related_by(says, objective_owner=objective.owner_id if objective else None)


def related_by(says: Proposal, *, objective_owner: UUID | None) -> dict[str, UUID]:
    """Return the same where the objective's owner is known already."""
    known = {
        approvals.OWNER: says.owner_id,
        Relation.SPONSOR.value: says.sponsor_id,
        Relation.OBJECTIVE_OWNER.value: objective_owner,
    }
    return {relation: person for relation, person in known.items() if person is not None}


def stream_of(use_case_id: UUID) -> str:
    return f"{STREAMS}{use_case_id}"


def reference_of(number: int) -> str:
    return f"UC-{number}"


def objectives_like(session: Session, name: str, *, limit: int = 50) -> list[str]:
    """Return the objectives whose name contains what was typed, those that begin with it first."""
    return list(stored.objectives_like(session, objective_key(name), limit=limit))


def similar_to(session: Session, name: str, problem: str, *, besides: Collection[UUID] = ()) -> tuple[UUID, ...]:
    """Return up to three use cases that may be the same, without those of `besides` and any that is confidential."""
    hidden = set(stored.numbers_of(session, besides).values())
    others = [each for each in stored.comparable(session) if each[0] not in hidden]
    numbers = similar.most_similar(name, problem, others)
    ids = {whole[0].number: whole[0].id for whole in stored.by_numbers(session, numbers)}
    return tuple(ids[number] for number in numbers)


def similar_cases(session: Session, ids: Sequence[UUID]) -> tuple[SimilarCase, ...]:
    """Return what everybody may see of these use cases, in this order; one that became confidential is left out."""
    found = {whole[0].id: whole for whole in stored.by_ids(session, ids) if not whole[0].confidential}
    owners = people.named(session, {whole[1].owner_id for whole in found.values()})
    return tuple(
        SimilarCase(
            id=case.id,
            reference=reference_of(case.number),
            name=text.name,
            team=text.team,
            state=case.state,
            owner=owners[text.owner_id],
            can_be_joined=case.state not in _ENDED,
        )
        for case, text, _ in (found[each] for each in ids if each in found)
    )


def _snapshots(session: Session, rows: Sequence[Whole | None]) -> list[UseCaseSnapshot]:
    found = [row for row in rows if row is not None]
    ids = [case.id for case, _, _ in found]
    answers, kpis = by_case(stored.answers_of(session, ids)), by_case(stored.kpis_of(session, ids))
    return _drawn(session, found, answers, kpis)


def _drawn(
    session: Session,
    found: Sequence[Whole],
    answers: Mapping[UUID, Sequence[RevisionAnswer]],
    kpis: Mapping[UUID, Sequence[RevisionKpi]],
) -> list[UseCaseSnapshot]:
    known = people.named(
        session, {each for case, text, _ in found for each in (case.proposer_id, text.owner_id, text.sponsor_id)}
    )
    texts = {whole[0].id: text_of(whole, answers[whole[0].id], kpis[whole[0].id]) for whole in found}
    linked = {case.copied_from_id for case, _, _ in found if case.copied_from_id}
    numbers = stored.numbers_of(session, linked.union(*(each.similar for each in texts.values())))
    suspended = [case.id for case, _, _ in found if case.state is UseCaseState.SUSPENDED]
    causes = stored.suspensions_of(session, suspended) if suspended else ()
    return [
        UseCaseSnapshot(
            id=case.id,
            reference=reference_of(case.number),
            state=case.state,
            revision=text.revision,
            confidential=case.confidential,
            proposer=known[case.proposer_id],
            owner=known[text.owner_id],
            sponsor=known[text.sponsor_id],
            says=texts[case.id],
            submitted_at=text.submitted_at,
            source_link=case.source_link,
            pending_revision=case.pending_revision,
            valid_until=case.valid_until,
            suspended_by=tuple(dict.fromkeys(row.cause for row in causes if row.use_case_id == case.id)),
            provisional=case.provisional,
            copied_from=reference_of(numbers[case.copied_from_id]) if case.copied_from_id else None,
            similar=tuple(reference_of(numbers[each]) for each in texts[case.id].similar if each in numbers),
        )
        for case, text, _ in found
    ]


def drafted(
    session: Session, says: Proposal, *, draft_id: UUID, proposer: people.Actor, reference: str | None, now: datetime
) -> UseCaseSnapshot:
    """Return what a draft would look like as a use case."""
    known = people.named(session, {says.owner_id, says.sponsor_id})
    numbers = stored.numbers_of(session, says.similar)
    return UseCaseSnapshot(
        id=draft_id,
        reference=reference or "",
        state=UseCaseState.DRAFT,
        revision=0,
        confidential=says.confidential,
        proposer=proposer,
        owner=known[says.owner_id],
        sponsor=known[says.sponsor_id],
        says=says,
        submitted_at=now,
        similar=tuple(reference_of(numbers[each]) for each in says.similar if each in numbers),
    )


def by_case(rows: Sequence[Row]) -> defaultdict[UUID, list[Row]]:
    grouped: defaultdict[UUID, list[Row]] = defaultdict(list)
    for row in rows:
        grouped[row.use_case_id].append(row)
    return grouped


def text_of(whole: Whole, answers: Sequence[RevisionAnswer], kpis: Sequence[RevisionKpi]) -> Proposal:
    """Return a stored text as it was submitted."""
    case, text, objective = whole

    def chosen(question: str) -> list[str]:
        return [row.value for row in answers if row.question == question]

    return Proposal(
        name=text.name,
        problem=text.problem,
        team=text.team,
        owner_id=text.owner_id,
        sponsor_id=text.sponsor_id,
        objective=objective,
        output_use=text.output_use,
        outputs=text.outputs,
        benefit=text.benefit,
        data_class=text.data_class,
        processing=text.processing,
        build=text.build,
        affected=tuple(map(Affected, chosen("affected"))),
        decision=text.decision,
        areas=tuple(map(Area, chosen("areas"))),
        practices=tuple(map(Practice, chosen("practices"))),
        kpis=tuple(
            Kpi(row.name, row.unit, row.direction, row.baseline, row.target, row.target_high, row.due) for row in kpis
        ),
        vendor=text.vendor,
        model=text.model,
        oversight=text.oversight,
        differs=text.differs,
        similar=tuple(map(UUID, chosen(SIMILAR_TO))),
        own=_own(answers),
        confidential=case.confidential,
    )


def _own(answers: Sequence[RevisionAnswer]) -> tuple[OwnAnswer, ...]:
    keys = dict.fromkeys(row.question for row in answers if row.question not in _BUILT_IN)
    return tuple(_own_answer([row for row in answers if row.question == key]) for key in keys)


def _own_answer(rows: Sequence[RevisionAnswer]) -> OwnAnswer:
    return OwnAnswer(
        key=rows[0].question,
        section=Section(rows[0].section or Section.PURPOSE),
        asked=rows[0].asked or rows[0].question,
        values=tuple(row.value for row in rows),
        says=tuple(row.says for row in rows if row.says is not None),
    )

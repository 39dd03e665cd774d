"""What a step of a draft shows: its answers, what they call for, and at the end what submitting would lead to."""

import hashlib
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from db.enums import Exclusion, Membership
from db.queries import intake as stored
from db.session import Session
from db.tables import Draft
from workflows import approvals, people, policy
from workflows.approvals import PlannedStage
from workflows.intake import answers as typed
from workflows.intake import changing, proposals, reading, rules
from workflows.intake.answers import BASE, SIMILAR, Answers, Step
from workflows.intake.changing import Change
from workflows.intake.measures import Problem
from workflows.intake.proposals import Proposal
from workflows.intake.rules import CHANGEABLE, Named
from workflows.intake.snapshots import Page, Preview
from workflows.people import Actor
from workflows.policy import PolicySnapshot, Question

_NOT_WHO_BROKE_GLASS = "They let it go ahead by break-glass, so somebody else has to own it."


@dataclass(frozen=True, slots=True)
class Whole:
    """A draft that can be submitted, and where it would go. `shown` is the digest of exactly that.

    `change` is what it does to something approved, if it is an edit of that.
    """

    says: Proposal
    route: PolicySnapshot
    excluded: Mapping[UUID, Exclusion]
    shown: str
    change: Change | None


@dataclass(frozen=True, slots=True)
class Wrong:
    """The first step with something wrong in it."""

    step: Step
    problems: tuple[Problem, ...]


def check(session: Session, draft: Draft, *, author: Actor, now: datetime) -> Whole | Wrong:
    """Return the draft as it would be submitted now, every answer judged again, or what is wrong with it."""
    answers, questions = typed.read(draft.answers), policy.questions(session)
    named = people_in(session, answers)
    wrong = rules.first_problems(answers, questions, named=named, today=today_of(author, now))
    if wrong is not None:
        return Wrong(wrong[0], tuple(wrong[1]))
    says = proposals.proposal_of(answers, questions, named=named)
    barred = owner_problems(session, draft, says.owner_id)
    if barred:
        return Wrong(Step.BASICS, tuple(barred))
    route = policy.route(session, reading.SUBJECT_KIND, says.facts(), subject_id=draft.use_case_id)
    change = changing.change_of(session, draft.use_case_id, says, route) if draft.use_case_id else None
    effect = change.effect if change else ""
    shown = hashlib.sha256(f"{route.course}\n{effect}\n{draft.answers}".encode()).hexdigest()
    return Whole(
        says, route, {**_broke_glass(session, draft), **_excluded(session, draft, says, author)}, shown, change
    )


def page_of(
    session: Session,
    draft: Draft,
    step: Step,
    *,
    author: Actor,
    now: datetime,
    problems: Sequence[Problem] = (),
    changed: bool = False,
) -> Page:
    """Return a step of a draft. The last one is only reached by a whole draft; else the step that is wrong comes.

    What the last step shows is noted on the draft: only that can be submitted.
    """
    preview = None
    if step is Step.PREVIEW:
        found = check(session, draft, author=author, now=now)
        if isinstance(found, Wrong):
            step, problems, changed = found.step, found.problems, False
        else:
            preview = _preview(session, draft, found, author=author, now=now)
            stored.update_draft(session, draft.id, {"shown_hash": found.shown})
    answers, questions = typed.read(draft.answers), policy.questions(session)
    steps = rules.steps_of(answers, questions)
    if step not in steps:
        step = _before(step, steps)
    if step is Step.BASICS and "team" not in answers:
        answers |= _team(session, author)
    similar = tuple(map(UUID, typed.many(answers, SIMILAR))) if step is Step.SIMILAR else ()
    return Page(
        draft_id=draft.id,
        step=step,
        steps=steps,
        answers=answers,
        edits=edited(session, draft),
        is_change=is_change(session, draft),
        source_link=draft.source_link,
        questions=questions,
        asked=rules.asked_details(answers, questions),
        similar=reading.similar_cases(session, similar),
        preview=preview,
        problems=tuple(problems),
        changed=changed,
    )


def edited(session: Session, draft: Draft) -> str | None:
    """Return the reference of the use case a draft changes, or None for a new one."""
    if draft.use_case_id is None:
        return None
    return reading.reference_of(stored.numbers_of(session, [draft.use_case_id])[draft.use_case_id])


def is_change(session: Session, draft: Draft) -> bool:
    """Say whether a draft is an edit of something approved."""
    standing = stored.standing_of(session, draft.use_case_id) if draft.use_case_id else None
    return standing is not None and standing.state in CHANGEABLE and not standing.provisional


def next_step(step: Step, answers: Answers, questions: Sequence[Question]) -> Step:
    """Return the step that follows, as these answers lead."""
    return next(each for each in rules.steps_of(answers, questions) if _place(each) > _place(step))


def step_before(step: Step, answers: Answers, questions: Sequence[Question]) -> Step:
    return _before(step, rules.steps_of(answers, questions))


def people_in(session: Session, answers: Answers) -> Named:
    """Return who the people named in the answers are, as far as we were told of them."""
    slack_ids = {typed.text(answers, field) for field in ("owner", "sponsor")} - {""}
    known = {slack_id: people.find(session, slack_id) for slack_id in slack_ids}
    return Named(
        {
            slack_id: actor.id if actor is not None and actor.membership is Membership.MEMBER else None
            for slack_id, actor in known.items()
        }
    )


def today_of(person: Actor, now: datetime) -> date:
    """Return the day it is where this person is."""
    return now.astimezone(ZoneInfo(person.zone)).date()


def base_of(answers: Answers) -> int:
    """Return the number of the text that is being edited, 0 in a new proposal."""
    return int(typed.text(answers, BASE) or 0)


def _preview(session: Session, draft: Draft, whole: Whole, *, author: Actor, now: datetime) -> Preview:
    use_case = reading.drafted(
        session, whole.says, draft_id=draft.id, proposer=author, reference=edited(session, draft), now=now
    )
    return Preview(
        use_case=use_case,
        tier=whole.route.tier,
        reasons=whole.route.reasons,
        stages=_planned(session, whole),
        decided=whole.route.decided,
        effect=whole.change.effect if whole.change else None,
        state=whole.change.standing.state if whole.change else None,
    )


def _planned(session: Session, whole: Whole) -> tuple[PlannedStage, ...]:
    """Return who would be asked; of a change, those who look at nothing of it keep their approval."""
    related = reading.relations(session, whole.says)
    planned = approvals.planned(session, whole.route, related=related, excluded=whole.excluded)
    kept = changing.kept_lanes(session, whole.change, whole.route, excluded=whole.excluded)
    chain = whole.route.chain
    if chain is None or not kept:
        return planned
    return tuple(
        replace(
            stage,
            lanes=tuple(
                replace(lane, is_kept=(laid.key, shape.key) in kept)
                for lane, shape in zip(stage.lanes, laid.lanes, strict=True)
            ),
        )
        for stage, laid in zip(planned, chain.stages, strict=True)
    )


def _excluded(session: Session, draft: Draft, says: Proposal, author: Actor) -> dict[UUID, Exclusion]:
    """Return who may not decide. The proposer comes last: one who owns the use case too is told they proposed it."""
    whole = stored.by_id(session, draft.use_case_id) if draft.use_case_id else None
    editors: Collection[UUID] = stored.editors(session, draft.use_case_id) if draft.use_case_id else ()
    proposer_id = whole[0].proposer_id if whole else author.id
    barred = dict.fromkeys([*editors, author.id], Exclusion.EDITOR)
    owners = {says.owner_id: Exclusion.OWNER}
    if whole is not None and whole[0].state in CHANGEABLE and not whole[0].provisional:
        owners[whole[1].owner_id] = Exclusion.OWNER  # whom the change would replace
    return {**barred, **owners, proposer_id: Exclusion.PROPOSER}


def owner_problems(session: Session, draft: Draft, owner_id: UUID | None) -> list[Problem]:
    """Return what is wrong with naming this person owner: nobody lets what they own go ahead by break-glass."""
    return [Problem("owner", _NOT_WHO_BROKE_GLASS)] if owner_id in _broke_glass(session, draft) else []


def _broke_glass(session: Session, draft: Draft) -> dict[UUID, Exclusion]:
    """Return who let the undecided text go ahead by break-glass: they decide about no later one of the request."""
    if draft.use_case_id is None or is_change(session, draft):
        return {}
    latest = approvals.latest_about(session, reading.SUBJECT_KIND, [draft.use_case_id]).get(draft.use_case_id)
    return approvals.barred_for_good(session, latest.id) if latest else {}


def _team(session: Session, author: Actor) -> dict[str, str]:
    team = people.details_of(session, author.id).team
    return {"team": team} if team else {}


def _before(step: Step, steps: Sequence[Step]) -> Step:
    return next((each for each in reversed(steps) if _place(each) < _place(step)), Step.BASICS)


def _place(step: Step) -> int:
    return list(Step).index(step)

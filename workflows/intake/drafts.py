"""Drafts: begun, saved at every step, gone on with, thrown away, or ended by joining a use case there is."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from uuid import UUID

from db.enums import DraftStatus, OutboxKind, RequestStatus, UseCaseState
from db.ids import new_id
from db.queries import intake as stored
from db.session import Session
from db.tables import Draft
from workflows import approvals, ledger, outbox, people, policy
from workflows.intake import answers as typed
from workflows.intake import changing, pages, reading, rules
from workflows.intake.answers import (
    BASE,
    KPIS,
    MOST_KPIS,
    NOTHING,
    SIMILAR,
    Answer,
    Answers,
    Step,
    kpi_count,
)
from workflows.intake.reading import SUBJECT_KIND, stream_of
from workflows.intake.refilling import as_typed
from workflows.intake.rules import LONGEST, Named
from workflows.intake.snapshots import DraftSnapshot, Invalid, Joined, NotNow, Page, Proposed, Sent, UseCaseSnapshot
from workflows.ledger import Fact, LedgerKind
from workflows.outbox import Promise
from workflows.people import Actor

BLANK_FOR = timedelta(days=1)
_ENDED = (UseCaseState.REJECTED, UseCaseState.WITHDRAWN, UseCaseState.EXPIRED)


# ------------------------------------------------------------------------------------------ beginning one


def open_draft(
    session: Session,
    *,
    author: Actor,
    now: datetime,
    problem: str = "",
    source_link: str | None = None,
    known: Answers | None = None,
) -> Page:
    """Begin a proposal; from a message, with its text as the problem and a link to it.

    `known` is what else is known already, as it would be typed.
    """
    answers = dict(known or {}) | ({"problem": problem[: LONGEST["problem"]]} if problem.strip() else {})
    draft_id = _insert(session, answers, author=author, now=now, values={"source_link": source_link})
    return _page(session, draft_id, Step.BASICS, author=author, now=now)


def edit(session: Session, use_case_id: UUID, *, author: Actor, now: datetime) -> Page | NotNow:
    """Begin, or go on with, an edit of a use case.

    It is back with its proposer, the policy refused it, or it is approved and is to be changed.
    """
    use_case = reading.use_case_of(session, use_case_id)
    if use_case is None or not (_is_theirs(use_case, author) or author in reading.answers_for(session, use_case)):
        return NotNow.NOT_YOURS
    base = changing.base_of_edit(session, use_case)
    if isinstance(base, NotNow):
        return base
    for draft in stored.open_drafts(session, author.id):
        if draft.use_case_id == use_case_id and pages.base_of(typed.read(draft.answers)) == base:
            return _page(session, draft.id, Step(draft.step), author=author, now=now)
    edited = reading.as_submitted(session, use_case_id, base)
    if edited is None:
        raise LookupError(f"use case {use_case_id} has no text {base}")
    answers = {**as_typed(edited), BASE: str(base)}
    draft_id = _insert(session, answers, author=author, now=now, values={"use_case_id": use_case_id})
    _redraw_home(session, author, now=now)
    return _page(session, draft_id, Step.BASICS, author=author, now=now)


def propose_anew(session: Session, use_case_id: UUID, *, author: Actor, now: datetime) -> Page | NotNow:
    """Begin a copy of a use case that came to nothing, linked to it."""
    use_case = reading.use_case_of(session, use_case_id)
    if use_case is None or not _is_theirs(use_case, author):
        return NotNow.NOT_YOURS
    if use_case.state not in _ENDED:
        return NotNow.NOT_ENDED
    for draft in stored.open_drafts(session, author.id):
        if draft.copied_from_id == use_case_id:
            return _page(session, draft.id, Step(draft.step), author=author, now=now)
    values = {"copied_from_id": use_case_id, "source_link": use_case.source_link}
    draft_id = _insert(session, as_typed(use_case), author=author, now=now, values=values)
    _redraw_home(session, author, now=now)
    return _page(session, draft_id, Step.BASICS, author=author, now=now)


# ---------------------------------------------------------------------------------------------- writing it


def similar_for(session: Session, draft_id: UUID, answers: Answers) -> tuple[UUID, ...]:
    """Return the use cases that may be the one this draft describes. Reads everything; takes no lock."""
    draft = stored.draft(session, draft_id)
    besides = {each for each in (draft.use_case_id, draft.copied_from_id) if each} if draft else set()
    return reading.similar_to(session, typed.line(answers, "name"), typed.text(answers, "problem"), besides=besides)


def advance(
    session: Session,
    draft_id: UUID,
    step: Step,
    answers: Answers,
    *,
    named: Named,
    similar: tuple[UUID, ...],
    author: Actor,
    now: datetime,
) -> Page | Invalid | Proposed | NotNow:
    """Save what was typed in a step and return the next one, or what is wrong with this one.

    `named` and `similar` count for the first step only.
    """
    draft = hold(session, draft_id, author)
    if not isinstance(draft, Draft):
        return draft
    whole = typed.merged(typed.read(draft.answers), answers, step)
    if step is Step.BASICS:
        whole = {**whole, SIMILAR: tuple(map(str, similar))} if similar else _without(whole, SIMILAR)
    questions = policy.questions(session)
    problems = rules.problems_of(step, whole, questions, named=named, today=pages.today_of(author, now))
    if step is Step.BASICS:
        problems += pages.owner_problems(session, draft, named.id_of(typed.text(whole, "owner")))
    following = step if problems else pages.next_step(step, whole, questions)
    _save(session, draft, whole, step=following, author=author, now=now)
    if problems:
        return Invalid(tuple(problems))
    return _page(session, draft_id, following, author=author, now=now)


def go_back(
    session: Session, draft_id: UUID, step: Step, answers: Answers, *, author: Actor, now: datetime
) -> Page | Proposed | NotNow:
    """Save what was typed in a step, right or wrong, and return the step before."""
    draft = hold(session, draft_id, author)
    if not isinstance(draft, Draft):
        return draft
    whole = typed.merged(typed.read(draft.answers), answers, step)
    before = pages.step_before(step, whole, policy.questions(session))
    _save(session, draft, whole, step=before, author=author, now=now)
    return _page(session, draft_id, before, author=author, now=now)


def add_kpi(
    session: Session, draft_id: UUID, answers: Answers, *, author: Actor, now: datetime
) -> Page | Proposed | NotNow:
    """Save what was typed and ask for one KPI more, of three at most."""
    draft = hold(session, draft_id, author)
    if not isinstance(draft, Draft):
        return draft
    whole = typed.merged(typed.read(draft.answers), answers, Step.VALUE)
    whole[KPIS] = str(min(MOST_KPIS, kpi_count(whole) + 1))
    _save(session, draft, whole, step=Step.VALUE, author=author, now=now)
    return _page(session, draft_id, Step.VALUE, author=author, now=now)


def resume(session: Session, draft_id: UUID, *, author: Actor, now: datetime) -> Page | Proposed | NotNow:
    """Return the step a draft was left at, or why an edit can no longer be sent."""
    draft = hold(session, draft_id, author)
    if not isinstance(draft, Draft):
        return draft
    use_case = reading.use_case_of(session, draft.use_case_id) if draft.use_case_id else None
    base = pages.base_of(typed.read(draft.answers))
    refusal = changing.why_not_sent(session, use_case, base) if use_case else None
    if refusal is not None:
        return refusal
    return pages.page_of(session, draft, Step(draft.step), author=author, now=now)


def edited_by(session: Session, draft_id: UUID) -> UUID | None:
    """Return the use case a draft is an edit of, or None where it is no edit, or there is no such draft."""
    draft = stored.draft(session, draft_id)
    return draft.use_case_id if draft else None


def discard(session: Session, draft_id: UUID, *, author: Actor, now: datetime) -> Proposed | NotNow:
    """Throw a draft away; return what it became instead when it was too late."""
    draft = hold(session, draft_id, author)
    if not isinstance(draft, Draft):
        return draft
    stored.update_draft(session, draft_id, {"status": DraftStatus.DISCARDED, "answers": NOTHING, "updated_at": now})
    _redraw_home(session, author, now=now)
    return NotNow.DISCARDED


def join(
    session: Session, draft_id: UUID, use_case_id: UUID, *, author: Actor, now: datetime
) -> Joined | Proposed | NotNow:
    """End a draft in favour of a use case there is, and tell those who run it."""
    draft = hold(session, draft_id, author)
    if draft is NotNow.JOINED:
        return _joined(session, use_case_id) or draft
    if not isinstance(draft, Draft):
        return draft
    case = stored.lock(session, use_case_id)
    joined = _joined(session, use_case_id)
    if case is None or joined is None or draft.use_case_id is not None:
        return NotNow.NOT_JOINABLE
    changes = {"status": DraftStatus.JOINED, "joined_id": use_case_id, "updated_at": now}
    stored.update_draft(session, draft_id, changes)
    fact = Fact(LedgerKind.USE_CASE_JOIN_ASKED, {"draft": str(draft_id)})
    ledger.record(session, stream_of(use_case_id), [fact], actor=author.id, now=now)
    told = people.named(session, {joined.use_case.owner.id, case.proposer_id} - {author.id})
    news = [Promise(OutboxKind.JOIN_ASKED, person.slack_id, draft_id) for person in told.values()]
    outbox.promise(session, news, now=now)
    _redraw_home(session, author, now=now)
    return joined


# ------------------------------------------------------------------------------------------- looking at it


def drafts_of(session: Session, person_id: UUID, *, limit: int) -> list[DraftSnapshot]:
    """Return what a person has begun and not sent, what they touched last first. Those without a word are left out."""
    begun = [draft for draft in stored.open_drafts(session, person_id) if draft.answers != NOTHING]
    return [
        DraftSnapshot(
            id=draft.id,
            name=typed.line(typed.read(draft.answers), "name"),
            step=Step(draft.step),
            edits=pages.edited(session, draft),
            updated_at=draft.updated_at,
        )
        for draft in begun[:limit]
    ]


def wish_to_join(session: Session, draft_id: UUID) -> tuple[Actor, str, str, UseCaseSnapshot] | None:
    """Return (who, name, problem, which use case) of a draft that was ended by joining."""
    draft = stored.draft(session, draft_id)
    use_case = reading.use_case_of(session, draft.joined_id) if draft and draft.joined_id else None
    if draft is None or use_case is None:
        return None
    answers, author = typed.read(draft.answers), people.named(session, {draft.author_id})[draft.author_id]
    return author, typed.line(answers, "name"), typed.text(answers, "problem"), use_case


def forget_blank(session: Session, *, now: datetime) -> int:
    """Delete drafts nobody wrote a word into for a day; return how many."""
    return stored.delete_blank_drafts(session, now - BLANK_FOR, answers=NOTHING)


def hold(session: Session, draft_id: UUID, author: Actor) -> Draft | Proposed | NotNow:
    """Lock a draft its author may still change, or return what became of it."""
    draft = stored.lock_draft(session, draft_id)
    if draft is None or draft.author_id != author.id:
        return NotNow.GONE
    match draft.status:
        case DraftStatus.OPEN:
            return draft
        case DraftStatus.SUBMITTED:
            return already(session, draft)
        case DraftStatus.JOINED:
            return NotNow.JOINED
        case DraftStatus.DISCARDED:
            return NotNow.DISCARDED


def already(session: Session, draft: Draft) -> Proposed:
    """Return how what a draft was submitted as stands now."""
    use_case = reading.use_case_of(session, draft.use_case_id) if draft.use_case_id else None
    if use_case is None:
        raise LookupError(f"draft {draft.id} was submitted as nothing")
    return standing(session, use_case, base=pages.base_of(typed.read(draft.answers)))


def standing(session: Session, use_case: UseCaseSnapshot, *, base: int = 0) -> Proposed:
    """Return how a use case stands; `base` is the number of the text an edit of it began from, if one did."""
    request = approvals.latest_about(session, SUBJECT_KIND, [use_case.id])[use_case.id]
    asked = tuple(dict.fromkeys(person.name for person in request.waits_for()))
    is_settled = request.status in (RequestStatus.APPROVED, RequestStatus.REJECTED)
    reason = request.pinned.decided if is_settled else None
    # An edit that no request came of, or one that amends, is of something approved.
    change = Sent.IN_FORCE if request.revision <= base else Sent.FOR_DECISION if request.is_change else None
    return Proposed(
        use_case.id, use_case.reference, use_case.name, asked, request.status, reason, use_case.state, change
    )


def _insert(
    session: Session, answers: Answers, *, author: Actor, now: datetime, values: Mapping[str, UUID | str | None]
) -> UUID:
    draft_id = new_id()
    common = {"id": draft_id, "author_id": author.id, "status": DraftStatus.OPEN, "step": Step.BASICS.value}
    times = {"created_at": now, "updated_at": now}
    stored.insert_draft(session, {**common, **times, **values, "answers": typed.written(answers)})
    return draft_id


def _save(session: Session, draft: Draft, answers: Answers, *, step: Step, author: Actor, now: datetime) -> None:
    written = typed.written(answers)
    stored.update_draft(session, draft.id, {"answers": written, "step": step.value, "updated_at": now})
    if written != draft.answers:
        _redraw_home(session, author, now=now)


def _page(session: Session, draft_id: UUID, step: Step, *, author: Actor, now: datetime) -> Page:
    draft = stored.draft(session, draft_id)
    if draft is None:
        raise LookupError(f"draft {draft_id} was there and is gone")
    return pages.page_of(session, draft, step, author=author, now=now)


def _joined(session: Session, use_case_id: UUID) -> Joined | None:
    found = reading.similar_cases(session, [use_case_id])
    return Joined(found[0]) if found and found[0].can_be_joined else None


def _is_theirs(use_case: UseCaseSnapshot, person: Actor) -> bool:
    return person.id in (use_case.proposer.id, use_case.owner.id)


def _without(answers: Mapping[str, Answer], field: str) -> dict[str, Answer]:
    return {key: answer for key, answer in answers.items() if key != field}


def _redraw_home(session: Session, author: Actor, *, now: datetime) -> None:
    homes = [
        Promise(OutboxKind.HOME_SYNC, outbox.home_of(each.slack_id), each.id)
        for each in people.with_home_open(session, [author.id])
    ]
    outbox.promise(session, homes, now=now)

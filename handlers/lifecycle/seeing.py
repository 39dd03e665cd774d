"""Who may see what of a use case's life, and its windows as they see them."""

from datetime import datetime
from uuid import UUID

from db.session import Session
from handlers.blocks import BlockKit
from handlers.lifecycle import task_words, views, words
from handlers.lifecycle.views import Seen
from handlers.text import USE_CASE_STATES
from workflows import approvals, intake, lifecycle, people, policy, reactions
from workflows.intake import UseCaseSnapshot
from workflows.lifecycle import Lack, Life, Move, TaskSnapshot
from workflows.people import LEAD, Actor


def life_view(session: Session, use_case_id: UUID, viewer: Actor, *, notice: str = "", now: datetime) -> BlockKit | str:
    """Draw where a use case is in its life; or return in words what this person may know of it."""
    use_case = intake.use_case_of(session, use_case_id)
    if use_case is None or not reactions.may_be_told(session, use_case_id, viewer.id):
        return notice or words.UNKNOWN
    intake.follow_kpis(session, use_case_id, now=now)
    life = lifecycle.life_of(session, use_case_id, now=now)
    if life is None:
        return notice or f"{words.called(use_case)} is {USE_CASE_STATES[use_case.state].lower()}."
    if not may_read(session, use_case_id, viewer):
        return f"{words.called(use_case)}: {words.life_line(life)}. Only the people involved see more."
    return views.life_modal(_seen(session, life, viewer, now=now), notice)


def workstreams_view(
    session: Session, use_case_id: UUID, viewer: Actor, *, notice: str = "", now: datetime
) -> BlockKit | str:
    """Draw both workstreams, for who may read the use case, and who owns something in them."""
    use_case = intake.use_case_of(session, use_case_id)
    streams = lifecycle.workstreams_of(session, [use_case_id]).get(use_case_id, ())
    theirs = {each.owner.id for each in streams} | {task.owner.id for each in streams for task in each.tasks}
    if use_case is None or not streams:
        return notice or task_words.NO_STREAM
    if viewer.id not in theirs and not may_read(session, use_case_id, viewer):
        return notice or task_words.NO_STREAM
    if not reactions.may_be_told(session, use_case_id, viewer.id):
        return notice or task_words.NO_STREAM
    life = lifecycle.life_of(session, use_case_id, now=now)
    is_open = life is not None and life.move is Move.GO_LIVE
    return views.workstreams_modal(use_case, streams, open_for=is_open, notice=notice, now=now)


def may_read(session: Session, use_case_id: UUID, viewer: Actor) -> bool:
    request = approvals.latest_about(session, intake.SUBJECT_KIND, [use_case_id]).get(use_case_id)
    return request is not None and reactions.may_read(session, request, viewer.id)


def about(session: Session, use_case_id: UUID, person_id: UUID) -> str:
    """Return which use case something is about, to somebody it may be named to."""
    use_case = intake.use_case_of(session, use_case_id)
    if use_case is None or not reactions.may_be_told(session, use_case_id, person_id):
        return words.CONFIDENTIAL
    return words.called(use_case)


def hides(session: Session, use_case: UseCaseSnapshot, viewer: Actor) -> bool:
    """Say whether this person must hear the same of a use case as if there were none."""
    return not reactions.may_be_told(session, use_case.id, viewer.id)


def tasks_to_do(session: Session, person_id: UUID) -> list[tuple[TaskSnapshot, str]]:
    return [(each, about(session, each.use_case_id, person_id)) for each in lifecycle.tasks_to_do(session, person_id)]


def _seen(session: Session, life: Life, viewer: Actor, *, now: datetime) -> Seen:
    use_case = life.use_case
    movers = lifecycle.who_may(session, use_case, life.move or Move.RETIRE)
    stoppers = lifecycle.who_may(session, use_case, Move.SUSPEND)
    in_use = life.was in lifecycle.LIVE
    is_full = any(each.criterion is Lack.PLACE for each in life.missing)
    roles = people.roles_of(session, viewer.id)
    may_move = viewer.id in {each.id for each in movers}
    return Seen(
        life=life,
        may_move=may_move,
        may_stop=viewer.id in {each.id for each in stoppers},
        may_retire=may_move and not use_case.provisional,
        may_ask=bool(roles & policy.STEERING),
        who_may=movers,
        score=None if in_use else lifecycle.scores_of(session, [use_case], now=now)[use_case.id],
        candidates=lifecycle.best_to_begin_with(session, now=now) if is_full and LEAD in roles else (),
    )

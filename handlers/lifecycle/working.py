"""Presses and forms about workstreams and their tasks: parse, call one service, answer."""

from collections.abc import Callable
from functools import partial
from uuid import UUID

from db.enums import WorkstreamKind
from db.session import Session
from handlers.acting import act, person_named, refusal_text
from handlers.blocks import BlockKit
from handlers.ids import INPUT, Block
from handlers.lifecycle import seeing, task_words, views, words
from handlers.lifecycle.payloads import NotACountError, carried_version, count_of
from handlers.lifecycle.saving import AtFields, Draw, press_once, save_once
from handlers.payloads import checked_id, chosen, optional, picked_day, taken, taken_uuid, typed, user_of
from handlers.routing import Call
from handlers.showing import show
from workflows import lifecycle, reactions
from workflows.lifecycle import NoTask, NotSet, Planned, Set, TaskSnapshot, Wanted, WorkstreamSnapshot
from workflows.people import Actor, NotAMember, Unchecked

_AT: dict[NoTask, Block] = {
    NoTask.NAME_MISSING: Block.TASK_NAME,
    NoTask.NAME_TOO_LONG: Block.TASK_NAME,
    NoTask.TOO_MANY: Block.TASK_NAME,
    NoTask.DUE_MISSING: Block.TASK_DAY,
    NoTask.DUE_PAST: Block.TASK_DAY,
    NoTask.DUE_TOO_FAR: Block.TASK_DAY,
    NoTask.NOT_A_READER: Block.TASK_OWNER,
    NoTask.REASON_MISSING: Block.TASK_REASON,
    NoTask.TRAINED_TOO_MANY: Block.TRAINED,
}
_OF_STREAM = {Block.TASK_DAY: Block.STREAM_DAY, Block.TASK_OWNER: Block.STREAM_OWNER}


def on_workstreams(call: Call) -> None:
    """Show both workstreams, side by side."""
    use_case_id = _pressed(call)

    def deed(session: Session, viewer: Actor) -> BlockKit | str:
        return seeing.workstreams_view(session, use_case_id, viewer, now=call.deps.now())

    show(call, act(call.deps, call.client, user_of(call.body), deed))


def on_add_task(call: Call) -> None:
    """Open the form for a task."""
    _form_of_stream(call, views.add_task_modal)


def on_edit(call: Call) -> None:
    """Open the form for a workstream's owner, day and numbers."""
    _form_of_stream(call, views.edit_modal)


def on_change_task(call: Call) -> None:
    """Open the form that changes a task."""
    _form_of_task(call, lambda stream, task, about: views.change_task_modal(task, stream.version, about))


def on_drop_task(call: Call) -> None:
    """Ask why a task is dropped."""
    now = call.deps.now()
    _form_of_task(call, lambda _, task, about: views.drop_modal(task, about, now=now))


def on_task_added(call: Call) -> None:
    """Give somebody a task; who they are is asked of Slack first."""
    stream_id, wanted = taken_uuid(taken(call.body, "view", "private_metadata")), _wanted(call)

    def deed(session: Session, actor: Actor) -> str | AtFields:
        if isinstance(wanted, AtFields):
            return wanted
        outcome = lifecycle.add_task(
            session, stream_id, wanted, may_know=_may_know(session), actor=actor, now=call.deps.now()
        )
        return _told(outcome, "✅ Added. They are told, and reminded when it is due.")

    save_once(call, deed, _of_stream(call, stream_id), otherwise=Block.TASK_NAME)


def on_task_changed(call: Call) -> None:
    """Change what is to be done, by whom or by when."""
    task_id, seen = carried_version(call.body)
    wanted = _wanted(call)

    def deed(session: Session, actor: Actor) -> str | AtFields:
        if isinstance(wanted, AtFields):
            return wanted
        now = call.deps.now()
        outcome = lifecycle.change_task(
            session, task_id, wanted, seen=seen, may_know=_may_know(session), actor=actor, now=now
        )
        return _told(outcome, "✅ Changed.")

    save_once(call, deed, _of_task(call, task_id), otherwise=Block.TASK_NAME)


def on_finish_task(call: Call) -> None:
    """Say that a task is done, by this one press."""
    task_id = _pressed(call)

    def deed(session: Session, actor: Actor) -> tuple[str, bool]:
        outcome = lifecycle.finish_task(session, task_id, actor=actor, now=call.deps.now())
        is_over = isinstance(outcome, Set) or outcome.why in (NoTask.DONE, NoTask.DROPPED)
        return _said(session, outcome, actor, "✅ Done."), is_over

    press_once(call, deed, _of_task(call, task_id))


def on_task_dropped(call: Call) -> None:
    """Give a task up."""
    task_id = taken_uuid(taken(call.body, "view", "private_metadata"))
    reason = typed(call.body, Block.TASK_REASON, INPUT)

    def deed(session: Session, actor: Actor) -> str | AtFields:
        outcome = lifecycle.drop_task(session, task_id, reason, actor=actor, now=call.deps.now())
        return _told(outcome, "🗑️ Dropped. It is kept with your reason.")

    save_once(call, deed, _of_task(call, task_id), otherwise=Block.TASK_REASON)


def on_edited(call: Call) -> None:
    """Change who owns a workstream, by when it is due, and how many are to be trained and are."""
    stream_id, seen = carried_version(call.body)
    owner = person_named(call.deps, call.client, checked_id(chosen(call.body, Block.STREAM_OWNER, INPUT) or ""))
    due = picked_day(call.body, Block.STREAM_DAY, INPUT)

    def deed(session: Session, actor: Actor) -> str | AtFields:
        if not isinstance(owner, Actor):
            return _no_colleague(owner, Block.STREAM_OWNER)
        stream = lifecycle.workstream_of(session, stream_id)
        counts = _counts(call, stream)
        if isinstance(counts, AtFields):
            return counts
        outcome = lifecycle.change_workstream(
            session,
            stream_id,
            Planned(owner, due, *counts),
            seen=seen,
            may_know=_may_know(session),
            actor=actor,
            now=call.deps.now(),
        )
        return _told(outcome, "✅ Saved.", of_stream=True)

    save_once(call, deed, _of_stream(call, stream_id), otherwise=Block.STREAM_OWNER)


def on_complete(call: Call) -> None:
    """Say that a workstream is complete."""
    _press_stream(call, lifecycle.complete, "✅ Complete. It can be reopened until the use case is deployed.")


def on_reopen(call: Call) -> None:
    """Take back that a workstream is complete."""
    _press_stream(call, lifecycle.reopen, "Reopened. The use case is not deployed before it is complete again.")


def _press_stream(call: Call, do: Callable[..., Set | NotSet], done: str) -> None:
    stream_id = _pressed(call)

    def deed(session: Session, actor: Actor) -> tuple[str, bool]:
        outcome = do(session, stream_id, actor=actor, now=call.deps.now())
        return _said(session, outcome, actor, done), False

    press_once(call, deed, _of_stream(call, stream_id))


def _form_of_stream(call: Call, draw: Callable[[WorkstreamSnapshot, str], BlockKit]) -> None:
    """Show a form about the workstream that was pressed, or say privately why there is none."""
    stream_id = _pressed(call)

    def deed(session: Session, actor: Actor) -> BlockKit | str:
        refused, stream = (
            lifecycle.why_not_work(session, stream_id, actor=actor),
            lifecycle.workstream_of(session, stream_id),
        )
        if refused is not None or stream is None:
            return _said(session, refused or NotSet(NoTask.UNKNOWN), actor, "")
        return draw(stream, seeing.about(session, stream.use_case_id, actor.id))

    show(call, act(call.deps, call.client, user_of(call.body), deed))


def _form_of_task(call: Call, draw: Callable[[WorkstreamSnapshot, TaskSnapshot, str], BlockKit]) -> None:
    task_id = _pressed(call)

    def deed(session: Session, actor: Actor) -> BlockKit | str:
        found = lifecycle.task_of(session, task_id)
        if found is None:
            return task_words.NO_STREAM
        refused = lifecycle.why_not_work(session, found[0].id, actor=actor, task_id=task_id)
        if refused is not None:
            return _said(session, refused, actor, "")
        return draw(*found, seeing.about(session, found[0].use_case_id, actor.id))

    show(call, act(call.deps, call.client, user_of(call.body), deed))


def _wanted(call: Call) -> Wanted | AtFields:
    owner = person_named(call.deps, call.client, checked_id(chosen(call.body, Block.TASK_OWNER, INPUT) or ""))
    if not isinstance(owner, Actor):
        return _no_colleague(owner, Block.TASK_OWNER)
    name, due = typed(call.body, Block.TASK_NAME, INPUT), picked_day(call.body, Block.TASK_DAY, INPUT)
    return Wanted(" ".join(name.split()), owner, due)


def _counts(call: Call, stream: WorkstreamSnapshot | None) -> tuple[int | None, int] | AtFields:
    """Return how many are to be trained and are, of the onboarding; what is no number stands at its field."""
    if stream is None or stream.kind is not WorkstreamKind.ONBOARDING:
        return None, 0
    found, wrong = {Block.TO_TRAIN: 0, Block.TRAINED: 0}, dict[str, str]()
    for block in found:
        try:
            found[block] = count_of(typed(call.body, block, INPUT))
        except NotACountError as error:
            wrong[str(block)] = str(error)
    return AtFields(wrong) if wrong else (found[Block.TO_TRAIN], found[Block.TRAINED])


def _no_colleague(who: NotAMember | Unchecked, block: Block) -> AtFields:
    text = task_words.why_text(NotSet(NoTask.NOT_A_READER)) if isinstance(who, NotAMember) else refusal_text(who)
    return AtFields({str(block): text})


def _told(outcome: Set | NotSet, done: str, *, of_stream: bool = False) -> str | AtFields:
    """Return what came of a form; what is wrong with a field stands there."""
    if isinstance(outcome, Set):
        return done
    block = _AT.get(outcome.why)
    if block is None:
        return task_words.why_text(outcome)
    return AtFields({str(_OF_STREAM.get(block, block) if of_stream else block): task_words.why_text(outcome)})


def _said(session: Session, outcome: Set | NotSet, actor: Actor, done: str) -> str:
    """Return what came of a press; of what somebody may not know of as if it did not exist."""
    if isinstance(outcome, Set):
        return done
    found = outcome.workstream
    is_hidden = found is not None and seeing.about(session, found.use_case_id, actor.id) == words.CONFIDENTIAL
    return task_words.NO_STREAM if is_hidden and outcome.why is NoTask.NOT_YOURS else task_words.why_text(outcome)


def _of_stream(call: Call, stream_id: UUID) -> Draw:
    def draw(session: Session, actor: Actor, said: str) -> BlockKit:
        stream = lifecycle.workstream_of(session, stream_id)
        if stream is None:
            return views.notice_modal(said)
        view = seeing.workstreams_view(session, stream.use_case_id, actor, notice=said, now=call.deps.now())
        return view if isinstance(view, dict) else views.notice_modal(view)

    return draw


def _of_task(call: Call, task_id: UUID) -> Draw:
    def draw(session: Session, actor: Actor, said: str) -> BlockKit:
        found = lifecycle.task_of(session, task_id)
        return _of_stream(call, found[0].id)(session, actor, said) if found else views.notice_modal(said)

    return draw


def _may_know(session: Session) -> Callable[[UUID, UUID], bool]:
    return partial(reactions.may_be_told, session)


def _pressed(call: Call) -> UUID:
    return taken_uuid(optional(call.body, "actions", 0, "value") or "")

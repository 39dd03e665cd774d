"""Presses and forms about lessons and checklists: parse, call one service, answer."""

from collections.abc import Callable
from datetime import datetime
from typing import Final
from uuid import UUID

from db.session import Session
from handlers.acting import act, refusal_text
from handlers.blocks import BlockKit
from handlers.ids import INPUT, Block
from handlers.lessons import views, words
from handlers.modals import open_modal
from handlers.payloads import MalformedPayloadError, action_key, taken, taken_uuid, typed, user_of
from handlers.routing import Call
from handlers.showing import show
from handlers.taking import AtField, take
from workflows import deliveries, lessons, reactions
from workflows.lessons import (
    ChecklistSnapshot,
    Kept,
    LessonSnapshot,
    NoChecklist,
    NoLesson,
    NotKept,
    NotListed,
    Says,
    WrittenOf,
)
from workflows.people import Actor, NotAMember, Unchecked

SAVED: Final = "✅ Saved as a draft."
_STORED: Final = "lesson:"
_FIELDS: Final = (Block.LESSON_WORKED, Block.LESSON_DID_NOT, Block.LESSON_ADVICE)
_AT_FIELDS: Final = {NoLesson.EMPTY, NoLesson.TOO_LONG, NoLesson.CHANGED_MEANWHILE, NoLesson.REASON_MISSING}
_NOT_AT_STEPS: Final = {NoChecklist.UNKNOWN, NoChecklist.NOT_YOURS, NoChecklist.NOT_DEPLOYED}


# ------------------------------------------------------------------------------------------------- reading


def on_lessons(call: Call) -> None:
    """Show the lessons of a use case, or all there are."""
    which, _, first = taken(call.body, "actions", 0, "value").partition(".")
    use_case_id = None if which == views.ALL else taken_uuid(which)
    _show(
        call,
        lambda session, viewer: window(session, viewer, use_case_id, first=_number(first or "0"), now=call.deps.now()),
    )


def open_all(call: Call) -> str | None:
    """Open the window of all lessons for somebody who typed for it; return what to tell them when it did not open."""
    view = act(
        call.deps, call.client, user_of(call.body), lambda s, viewer: window(s, viewer, None, now=call.deps.now())
    )
    return refusal_text(view) if isinstance(view, NotAMember | Unchecked) else open_modal(call, view)


def on_see(call: Call) -> None:
    """Show a lesson whole."""
    lesson_id = _pressed(call)
    _show(call, lambda session, viewer: lesson_view(session, viewer, lesson_id, now=call.deps.now()))


def on_checklist(call: Call) -> None:
    """Show the checklist of a use case."""
    use_case_id = _pressed(call)
    _show(call, lambda session, viewer: _checklist_view(session, viewer, use_case_id))


# ------------------------------------------------------------------------------------------------- writing


def on_write(call: Call) -> None:
    """Open an empty form."""
    use_case_id = _pressed(call)

    def deed(session: Session, actor: Actor) -> BlockKit:
        of = lessons.to_write(session, use_case_id, actor=actor)
        return views.write_modal(of) if isinstance(of, WrittenOf) else _refused(session, of, actor)

    _show(call, deed)


def on_edit(call: Call) -> None:
    """Open the form with what is written so far."""
    lesson_id = _pressed(call)

    def deed(session: Session, actor: Actor) -> BlockKit:
        found = lessons.to_edit(session, lesson_id, actor=actor)
        if isinstance(found, NotKept):
            return _refused(session, found, actor)
        return views.write_modal(found.of, found)

    _show(call, deed)


def on_saved(call: Call) -> None:
    """Keep the draft, and show it with the way to publish it."""
    what, carried, seen = _carried(call)
    says = Says(*(typed(call.body, each, INPUT) for each in _FIELDS))

    def deed(session: Session, actor: Actor) -> Kept | NotKept:
        now = call.deps.now()
        if what == "edit":
            return lessons.edit(session, carried, says, seen=seen, actor=actor, now=now)
        return lessons.write(session, carried, says, actor=actor, now=now)

    _save(call, deed, SAVED, _FIELDS[0])


def on_publish(call: Call) -> None:
    """Let everybody read what was shown."""
    carried, _, seen = taken(call.body, "actions", 0, "value").partition(".")
    lesson_id = taken_uuid(carried)

    def deed(session: Session, actor: Actor) -> Kept | NotKept:
        return lessons.publish(session, lesson_id, seen=seen, actor=actor, now=call.deps.now())

    _press(
        call, lesson_id, deed, "✅ Published. You are not asked again; say “Still holds” when you have looked at it."
    )


def on_holds(call: Call) -> None:
    """Say that a lesson still holds."""
    lesson_id = _pressed(call)

    def deed(session: Session, actor: Actor) -> Kept | NotKept:
        return lessons.confirm(session, lesson_id, actor=actor, now=call.deps.now())

    _press(call, lesson_id, deed, "✅ Noted: it still holds as of today.")


def on_withdraw(call: Call) -> None:
    """Ask why."""
    lesson_id = _pressed(call)

    def deed(session: Session, actor: Actor) -> BlockKit:
        found = lessons.to_withdraw(session, lesson_id, actor=actor)
        return views.withdraw_modal(found) if isinstance(found, LessonSnapshot) else _refused(session, found, actor)

    _show(call, deed)


def on_withdrawn(call: Call) -> None:
    """Take it back."""
    lesson_id = taken_uuid(taken(call.body, "view", "private_metadata"))
    reason = typed(call.body, Block.LESSON_REASON, INPUT)

    def deed(session: Session, actor: Actor) -> Kept | NotKept:
        return lessons.withdraw(session, lesson_id, reason, actor=actor, now=call.deps.now())

    _save(call, deed, "↩️ Taken back: it is a draft again.", Block.LESSON_REASON)


def on_write_checklist(call: Call) -> None:
    """Open the form of the steps."""
    use_case_id = _pressed(call)

    def deed(session: Session, actor: Actor) -> BlockKit:
        of = lessons.to_list(session, use_case_id, actor=actor)
        if isinstance(of, NotListed):
            return views.notice_modal(words.checklist_refused(of, may_know=_may_know(session, of.of, actor)))
        return views.write_checklist_modal(of, lessons.checklist_of(session, use_case_id))

    _show(call, deed)


def on_checklist_saved(call: Call) -> None:
    """Publish the steps; what is wrong stands at the field."""
    carried, _, seen = taken(call.body, "view", "private_metadata").partition(".")
    use_case_id, version, text = taken_uuid(carried), _number(seen), typed(call.body, Block.CHECKLIST_STEPS, INPUT)

    def deed(session: Session, actor: Actor) -> str | AtField:
        now = call.deps.now()
        outcome = lessons.publish_checklist(session, use_case_id, text, seen=version, actor=actor, now=now)
        if isinstance(outcome, ChecklistSnapshot):
            return f"✅ Published as version {outcome.version}."
        told = words.checklist_refused(outcome, may_know=_may_know(session, outcome.of, actor))
        return told if outcome.why in _NOT_AT_STEPS else AtField(Block.CHECKLIST_STEPS, told)

    def shown(session: Session, actor: Actor, told: str) -> BlockKit:
        return _checklist_view(session, actor, use_case_id, notice=told)

    _take(call, deed, shown, Block.CHECKLIST_STEPS)


# ------------------------------------------------------------------------------------------------- shared


def window(session: Session, viewer: Actor, use_case_id: UUID | None, *, first: int = 0, now: datetime) -> BlockKit:
    """Draw the lessons this person may read: of a use case, or of all."""
    if use_case_id is None:
        found = [each for each in lessons.lessons_for(session, viewer.id) if _may_read(session, each, viewer)]
        return views.lessons_modal(views.Page(found, first), viewer.id, now=now)
    of = lessons.written_of(session, use_case_id)
    if of is None or not _may_know(session, of, viewer):
        return views.notice_modal(words.WHY_NO_CHECKLIST[NoChecklist.UNKNOWN])
    found = [each for each in lessons.lessons_of(session, use_case_id) if _may_read(session, each, viewer)]
    page = views.Page(found, first, of, lessons.checklist_of(session, use_case_id))
    return views.lessons_modal(page, viewer.id, now=now)


def lesson_view(session: Session, viewer: Actor, lesson_id: UUID, *, notice: str = "", now: datetime) -> BlockKit:
    lesson = lessons.lesson_of(session, lesson_id)
    if lesson is None or not _may_read(session, lesson, viewer):
        return views.notice_modal(notice or words.UNKNOWN)
    numbers = words.number_lines(session, lesson.of.id)
    return views.lesson_modal(lesson, viewer.id, numbers, notice=notice, now=now)


def _checklist_view(session: Session, viewer: Actor, use_case_id: UUID, *, notice: str = "") -> BlockKit:
    checklist = lessons.checklist_of(session, use_case_id)
    if checklist is None or not _may_know(session, checklist.of, viewer):
        return views.notice_modal(notice or words.WHY_NO_CHECKLIST[NoChecklist.UNKNOWN])
    return views.checklist_modal(checklist, viewer.id, notice=notice)


def _may_read(session: Session, lesson: LessonSnapshot, viewer: Actor) -> bool:
    """Say whether this person reads a lesson: published ones every member, drafts those who may write them."""
    may = lesson.is_published or lesson.of.answering.may_write(viewer.id)
    return may and _may_know(session, lesson.of, viewer)


def _may_know(session: Session, of: WrittenOf | None, viewer: Actor) -> bool:
    return of is not None and (not of.confidential or reactions.may_be_told(session, of.id, viewer.id))


def _refused(session: Session, outcome: NotKept, viewer: Actor) -> BlockKit:
    return views.notice_modal(words.lesson_refused(outcome, may_know=_may_know(session, outcome.of, viewer)))


def _show(call: Call, deed: Callable[[Session, Actor], BlockKit]) -> None:
    show(call, act(call.deps, call.client, user_of(call.body), deed))


def _press(call: Call, lesson_id: UUID, deed: Callable[[Session, Actor], Kept | NotKept], done: str) -> None:
    """Do it once for one press, and show the lesson as it is then."""

    def handled(session: Session, actor: Actor) -> BlockKit:
        def told() -> str:
            outcome = deed(session, actor)
            may_know = _may_know(session, outcome.of, actor) if isinstance(outcome, NotKept) else True
            return words.lesson_refused(outcome, may_know=may_know) if isinstance(outcome, NotKept) else done

        now = call.deps.now()
        said = deliveries.once(session, action_key(call.body), told, now=now)
        return lesson_view(session, actor, lesson_id, notice=said, now=now)

    _show(call, handled)


def _save(call: Call, deed: Callable[[Session, Actor], Kept | NotKept], done: str, block: Block) -> None:
    """Take the form of a lesson once; the lesson replaces it."""

    def handled(session: Session, actor: Actor) -> str | AtField:
        outcome = deed(session, actor)
        if isinstance(outcome, Kept):
            return f"{_STORED}{outcome.lesson.id}"
        told = words.lesson_refused(outcome, may_know=_may_know(session, outcome.of, actor))
        return AtField(block, told) if outcome.why in _AT_FIELDS else told

    def shown(session: Session, actor: Actor, told: str) -> BlockKit:
        if not told.startswith(_STORED):
            return views.notice_modal(told)
        return lesson_view(session, actor, UUID(told.removeprefix(_STORED)), notice=done, now=call.deps.now())

    _take(call, handled, shown, block)


def _take(
    call: Call,
    deed: Callable[[Session, Actor], str | AtField],
    shown: Callable[[Session, Actor, str], BlockKit],
    block: Block,
) -> None:
    take(call, deed, shown, otherwise=block, notice=views.notice_modal)


def _pressed(call: Call) -> UUID:
    return taken_uuid(taken(call.body, "actions", 0, "value"))


def _carried(call: Call) -> tuple[str, UUID, str]:
    what, _, rest = taken(call.body, "view", "private_metadata").partition(".")
    carried, _, seen = rest.partition(".")
    if what not in ("new", "edit"):
        raise MalformedPayloadError("not a lesson of ours")
    return what, taken_uuid(carried), seen


def _number(text: str) -> int:
    if not text.isdecimal():
        raise MalformedPayloadError("not a number of ours")
    return int(text)

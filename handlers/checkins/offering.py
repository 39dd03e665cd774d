"""What answers, the KPIs' window and Home show of corrections and fixes, as they are in the database."""

from collections.abc import Iterator
from datetime import datetime
from uuid import UUID

from db.enums import RootCause
from db.session import Session
from handlers.blocks import BlockKit, actions, context, header, section
from handlers.checkins import fix_views
from handlers.checkins.saying import subject_text
from handlers.corrections import CAUSES, brought_text, corrected_text, fix_line, mark_of, rate_text
from handlers.text import day_in_words
from workflows import checkins, intake, people, reactions
from workflows.checkins import CheckInSnapshot, Corrections, FixSnapshot, Looked
from workflows.intake import UseCaseSnapshot
from workflows.people import LEAD, Actor

FIXES_SHOWN, TO_DO_SHOWN = 3, 5


def offered_text(found: CheckInSnapshot) -> str:
    """Return “8 of 40 corrected, mostly because context was missing (6)” of an answer, or nothing."""
    said = found.answer.says if found.answer else None
    if said is None or not said.looked_at:
        return ""
    return corrected_text(checkins.said_of(said.corrected), said.looked_at)


def offered_blocks(
    session: Session, found: CheckInSnapshot, use_case: UseCaseSnapshot, *, now: datetime
) -> list[BlockKit]:
    """Draw what an answer says had to be corrected, what helps, and the way to accept or change a fix for it."""
    text = offered_text(found)
    if not text or found.answer is None or found.id is None:
        return []
    about = checkins.corrections_of(session, [use_case.id])[use_case.id]
    causes = checkins.leading(checkins.said_of(found.answer.says.corrected))
    has_ended = found.stands.why_not_asked is checkins.No.ENDED
    blocks: list[BlockKit] = []
    for cause in causes:  # each with its own buttons: Slack takes an action once in a block
        fix = _fix_for(about, cause, found.id)
        line = f"{mark_of(fix)} {fix_line(fix, now=now)}" if fix else fix_views.suggested_text(cause)
        blocks.append(section(line if blocks else f"🔧 {text}.\n{line}"))
        if has_ended or (fix is not None and not fix.is_open):
            continue
        what = f"{use_case.reference}, {use_case.name}"
        way = fix_views.change_button(fix) if fix else fix_views.accept_button(str(found.id), cause, what)
        blocks.append(actions(f"checkins.fix.offer.{cause}", way))
    return blocks


def below_answer(session: Session, found: CheckInSnapshot, person_id: UUID, *, now: datetime) -> list[BlockKit]:
    """Return what is offered to whoever has just given this answer; nothing to anybody else."""
    use_case = intake.use_case_of(session, found.use_case_id)
    if use_case is None or found.answer is None or found.answer.by.id != person_id:
        return []
    return offered_blocks(session, found, use_case, now=now)


def board_blocks(session: Session, use_case: UseCaseSnapshot, viewer: Actor, *, now: datetime) -> list[BlockKit]:
    """Draw what had to be corrected lately by cause, and each fix with what it has brought."""
    found = checkins.corrections_of(session, [use_case.id])[use_case.id]
    if not found.looked and not found.fixes:
        return []
    leads = LEAD in people.roles_of(session, viewer.id)
    blocks: list[BlockKit] = [{"type": "divider"}, header("Corrections"), *_rates(found)]
    for fix in (each for each in found.fixes if each.is_open):
        blocks.append(section(_with_rates(found, fix, now=now)))
        if leads or viewer.id in fix.may:
            blocks.append(actions(f"checkins.fix.{fix.id}", *fix_views.fix_buttons(fix)))
    ended = [each for each in found.fixes if not each.is_open]
    blocks += [context(_with_rates(found, each, now=now)) for each in ended[:FIXES_SHOWN]]
    if len(ended) > FIXES_SHOWN:
        blocks.append(context(f"… and {len(ended) - FIXES_SHOWN} earlier."))
    return [*blocks, *_offer(session, found, use_case, viewer)]


def home_blocks(session: Session, person_id: UUID, *, now: datetime) -> list[BlockKit]:
    """Draw the fixes somebody has to do, the soonest due first."""
    fixes = checkins.fixes_to_do(session, person_id)
    if not fixes:
        return []
    blocks: list[BlockKit] = [{"type": "divider"}, header("Fixes to do")]
    for each in fixes[:TO_DO_SHOWN]:
        blocks += fix_views.home_item(each, about_text(session, each, person_id), now=now)
    if len(fixes) > TO_DO_SHOWN:
        blocks.append(context("There are more; they come up here as you do these."))
    return blocks


def about_text(session: Session, fix: FixSnapshot, person_id: UUID) -> str:
    """Return which use case a fix is about, to somebody it may be named to."""
    use_case = intake.use_case_of(session, fix.use_case_id)
    if use_case is None or not reactions.may_be_told(session, fix.use_case_id, person_id):
        return fix_views.CONFIDENTIAL
    return subject_text(use_case)


def _rates(found: Corrections) -> Iterator[BlockKit]:
    if found.looked:
        lines = [f"• {CAUSES[cause].capitalize()}: {rate_text(found.lately(cause))}" for cause in RootCause]
        until = day_in_words(found.looked[-1].on_date)
        yield section("\n".join((f"Of the outputs looked at in the eight weeks until {until}:", *lines)))


def _with_rates(found: Corrections, fix: FixSnapshot, *, now: datetime) -> str:
    why = f"{mark_of(fix)} {CAUSES[fix.cause].capitalize()}: {fix_line(fix, now=now)}"
    return why if fix.dropped_at is not None else f"{why}\n{brought_text(found, fix)}"


def _offer(session: Session, found: Corrections, use_case: UseCaseSnapshot, viewer: Actor) -> list[BlockKit]:
    """Draw the way to accept a fix on the newest answer, to whoever may, where there is none for it yet."""
    newest: Looked | None = found.looked[-1] if found.looked else None
    causes = checkins.leading(newest.corrected) if newest else []
    free = next((each for each in causes if newest and _fix_for(found, each, newest.check_in_id) is None), None)
    if newest is None or free is None:
        return []
    if not isinstance(checkins.to_accept_fix(session, newest.check_in_id, actor=viewer), CheckInSnapshot):
        return []
    accept = fix_views.accept_button(str(newest.check_in_id), free, f"{use_case.reference}, {use_case.name}")
    return [section(fix_views.suggested_text(free)), actions("checkins.fix.offer", accept)]


def _fix_for(found: Corrections, cause: RootCause, check_in_id: UUID) -> FixSnapshot | None:
    """Return the fix of a cause that is open; else what became of the one accepted on this answer."""
    of_answer = (each for each in found.fixes if each.cause is cause and each.check_in_id == check_in_id)
    return found.open_for(cause) or next(of_answer, None)

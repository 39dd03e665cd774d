"""What Home shows of check-ins: what is asked of a person now, and when they are asked next."""

from collections.abc import Iterator
from datetime import datetime
from uuid import UUID

from db.session import Session
from handlers.blocks import BlockKit, header, section
from handlers.checkins.prompts import answer_button
from handlers.checkins.saying import left_text, state_text, stopped_text, subject_text
from handlers.kpis import rhythm_text
from handlers.text import day_in_words, named
from workflows import checkins, intake
from workflows.checkins import CheckInSnapshot, ScheduleSnapshot, why_no_answer
from workflows.intake import UseCaseSnapshot


def home_blocks(session: Session, person_id: UUID, *, now: datetime) -> list[BlockKit]:
    """Return the check-ins of one person, open ones first; nothing for who is never asked."""
    handed = [_drawn(session, each, person_id, now=now) for each in checkins.asked_of(session, person_id)]
    blocks = [*(block for found in handed for block in found), *_own(session, person_id, now=now)]
    return [{"type": "divider"}, header("Your check-ins"), *blocks] if blocks else []


def _own(session: Session, person_id: UUID, *, now: datetime) -> list[BlockKit]:
    """Draw what somebody reports, a block each, with as many questions for ten as for one."""
    schedules = checkins.schedules_of(session, person_id, now=now)
    use_cases = intake.use_cases_of(session, {each.use_case_id for each in schedules})
    there = [each for each in schedules if each.use_case_id in use_cases]
    blocks = {each.id: _standing(each, use_cases[each.use_case_id], person_id, now=now) for each in there}
    free = [each for each in there if each.may_answer_next and "accessory" not in blocks[each.id]]
    early = checkins.next_of(session, [each.id for each in free])
    for each in free:
        use_case = use_cases[each.use_case_id]
        blocks[each.id]["accessory"] = answer_button(early[each.id], use_case, "Answer now")
    return list(blocks.values())


def _standing(schedule: ScheduleSnapshot, use_case: UseCaseSnapshot, person_id: UUID, *, now: datetime) -> BlockKit:
    """Draw how the newest period stands, and when the next one is."""
    newest = schedule.newest
    following = f"Next: {day_in_words(schedule.next_date)}, {rhythm_text(schedule.rhythm)}."
    if schedule.why_not_asked is not None:
        following = stopped_text(schedule.why_not_asked)
    if newest is None or not _is_current(newest, now):
        return section(f"{subject_text(use_case)}\n{following}")
    after = [following] if schedule.why_not_asked is None else []
    block = section("\n".join([subject_text(use_case), _stands(newest, person_id), *after]))
    give_way_on(block, newest, use_case, person_id, now=now)
    return block


def _drawn(session: Session, found: CheckInSnapshot, person_id: UUID, *, now: datetime) -> Iterator[BlockKit]:
    use_case = intake.use_case_of(session, found.use_case_id)
    if use_case is not None:
        lines = [subject_text(use_case), _stands(found, person_id), left_text(found)]
        block = section("\n".join(filter(None, lines)))
        give_way_on(block, found, use_case, person_id, now=now)
        yield block


def give_way_on(
    block: BlockKit, found: CheckInSnapshot, use_case: UseCaseSnapshot, person_id: UUID, *, now: datetime
) -> None:
    """Put the one thing this person can do with a check-in beside it: answer, answer late, or change the answer."""
    if person_id not in found.may or why_no_answer(found.stands, now, edits=True) is not None:
        return
    is_late = now >= found.stands.closes_at
    text = "Edit" if found.answer is not None else "Answer late" if is_late else "Answer"
    block["accessory"] = answer_button(found, use_case, text)


def _is_current(found: CheckInSnapshot, now: datetime) -> bool:
    """Say whether a period still goes on, or can still be answered late."""
    return now < found.stands.closes_at or why_no_answer(found.stands, now, edits=False) is None


def _stands(found: CheckInSnapshot, person_id: UUID) -> str:
    who = "" if person_id == found.asked.id else f"{named(found.asked.name)} is asked this time. "
    return f"{who}{day_in_words(found.on_date)}: {state_text(found)}"

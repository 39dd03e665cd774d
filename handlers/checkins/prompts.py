"""Draw the message that asks somebody for numbers, as it is and as it was answered. Values in, Block Kit out."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from enum import StrEnum
from typing import Final
from uuid import UUID

from db.enums import CheckInState
from handlers.blocks import BlockKit, actions, button, choices, context, plain, section, sections
from handlers.checkins.saying import answered_line, asked_line, left_text, may_change_text, state_text, subject_text
from handlers.ids import Action
from handlers.kpis import kpis_button
from handlers.text import day_in_words, named
from workflows.checkins import CheckInSnapshot, Snooze
from workflows.intake import UseCaseSnapshot


class More(StrEnum):
    """What stands behind the dots."""

    HAND_OVER = "hand_over"
    AWAY = "away"


OPEN = (CheckInState.PENDING, CheckInState.DUE, CheckInState.OVERDUE, CheckInState.AWAY)
NOTHING_ASKED: Final = "Nothing is asked of you here any more."
LATE = (CheckInState.MISSED, CheckInState.AWAY)
_SNOOZES: Final[Mapping[str, str]] = {
    Snooze.HOUR: "For an hour",
    Snooze.TOMORROW: "Until tomorrow",
    Snooze.MONDAY: "Until next Monday",
    Snooze.DATE: "Until a day …",
}
_MORE: Final[Mapping[str, str]] = {More.HAND_OVER: "Hand over …", More.AWAY: "I am away until …"}


def prompt_blocks(
    found: CheckInSnapshot,
    use_case: UseCaseSnapshot,
    person_id: UUID,
    confirmed: str = "",
    trend: Sequence[BlockKit] = (),
    *,
    now: datetime,
) -> list[BlockKit]:
    """Draw a check-in for one person: with buttons while it is theirs to answer, and how it stands otherwise.

    `confirmed` says of an answer whether somebody else confirmed it, `trend` shows how the numbers went, below it.
    """
    lead = section(f"📋 {subject_text(use_case)}: the numbers for {day_in_words(found.on_date)}")
    if person_id != found.asked.id:
        return [lead, context(_gone(found)), *(_back(found, use_case) if person_id in found.may else [])]
    if found.answer is not None:
        lines = [f"• {answered_line(each)}" for each in found.kpis]
        said = context(*filter(None, [state_text(found), confirmed, may_change_text(found, person_id, now)]))
        return [lead, *sections(*lines), said, *trend]
    lines = [f"• {asked_line(each)}" for each in found.kpis]
    left = left_text(found) if found.state in OPEN else ""
    blocks = [lead, *sections(*lines), context(state_text(found), *([left] if left else []))]
    if found.stands.why_not_asked is not None:
        return blocks
    if found.state in OPEN and found.still_open:
        return [*blocks, _buttons(found, use_case)]
    if found.state in LATE and not found.stands.overtaken:
        return [*blocks, actions("checkins.prompt.buttons", answer_button(found, use_case, "Answer late"))]
    return blocks


def hidden_blocks() -> list[BlockKit]:
    """Draw what is left for somebody who may not know of the use case any more."""
    return [context(NOTHING_ASKED)]


def gone_text(found: CheckInSnapshot, use_case: UseCaseSnapshot) -> str:
    """Return in words what somebody sees of a check-in that another person is asked for: none of its numbers."""
    return f"{subject_text(use_case)}: the numbers for {day_in_words(found.on_date)}. {_gone(found)}"


def prompt_text(found: CheckInSnapshot, use_case: UseCaseSnapshot) -> str:
    """Return a check-in in words, complete by itself, for notifications and screen readers."""
    lead = f"{subject_text(use_case)}: the numbers for {day_in_words(found.on_date)}"
    line = answered_line if found.answer is not None else asked_line
    return f"{lead}. {' '.join(f'{line(each)}.' for each in found.kpis)} {state_text(found)}"


def reminder_text(found: CheckInSnapshot, use_case: UseCaseSnapshot, *, is_last: bool, is_snoozed: bool) -> str:
    """Return what somebody reads who has not answered, or wanted to be asked again now."""
    what = f"the numbers of {subject_text(use_case)} for {day_in_words(found.on_date)}"
    if is_snoozed:
        return f"You wanted to be asked again: {what}."
    after = " This is the last reminder." if is_last else ""
    return f"A reminder: {what} are still missing.{after}"


def silent_text(found: CheckInSnapshot, use_case: UseCaseSnapshot) -> str:
    """Return what the sponsor reads, once, when nobody answers."""
    return (
        f"{named(found.asked.name)} was asked for the numbers of {subject_text(use_case)} on "
        f"{day_in_words(found.on_date)} and reminded twice, and has not answered. "
        f"You can answer in their place, or talk to them; the next check-in comes on {day_in_words(found.ends_on)}. "
        "Nobody else is told."
    )


def answer_blocks(text: str, found: CheckInSnapshot, use_case: UseCaseSnapshot) -> list[BlockKit]:
    """Draw a short message with the one way on."""
    return [section(text), actions("checkins.prompt.buttons", answer_button(found, use_case, "Answer"))]


def answer_button(found: CheckInSnapshot, use_case: UseCaseSnapshot, text: str) -> BlockKit:
    """Return the way to the form. It names the period, which for an early answer is not there yet."""
    style = "primary" if text == "Answer" and not found.can_be_unchanged else None
    label = f"{text} for {use_case.reference}, {use_case.name}"
    return button(Action.ANSWER_CHECK_IN, text, period_value(found), style=style, label=label)


def period_value(found: CheckInSnapshot) -> str:
    return f"{found.schedule_id}.{found.on_date.isoformat()}"


def _gone(found: CheckInSnapshot) -> str:
    if found.answer is not None:
        return state_text(found)
    return f"↪️ {named(found.asked.name)} is asked for this now; nothing is asked of you."


def _back(found: CheckInSnapshot, use_case: UseCaseSnapshot) -> list[BlockKit]:
    """Draw what who may do it all the same can do while another person is asked: answer, or hand it on or back."""
    if found.state not in OPEN or not found.still_open or found.stands.why_not_asked is not None:
        return []
    return [
        context("You can answer all the same, or hand it over to yourself again."),
        actions("checkins.prompt.buttons", answer_button(found, use_case, "Answer"), _more(found)),
    ]


def _buttons(found: CheckInSnapshot, use_case: UseCaseSnapshot) -> BlockKit:
    what, value = f"{use_case.reference}, {use_case.name}", str(found.id)
    unchanged = button(Action.UNCHANGED, "No change", value, style="primary", label=f"No change: {what}")
    return actions(
        "checkins.prompt.buttons",
        *([unchanged] if found.can_be_unchanged else []),
        answer_button(found, use_case, "Answer"),
        _menu(Action.SNOOZE, _SNOOZES, value, placeholder="Snooze"),
        button(Action.SKIP, "Skip", value, label=f"Skip this time: {what}"),
        *([kpis_button(use_case.id, what)] if left_text(found) else []),
        _more(found),
    )


def _more(found: CheckInSnapshot) -> BlockKit:
    return {"type": "overflow", "action_id": Action.PROMPT_MORE, "options": _options(_MORE, str(found.id))}


def _menu(action: Action, texts: Mapping[str, str], value: str, *, placeholder: str) -> BlockKit:
    options = _options(texts, value)
    return {"type": "static_select", "action_id": action, "placeholder": plain(placeholder), "options": options}


def _options(texts: Mapping[str, str], value: str) -> list[BlockKit]:
    return choices({f"{what}.{value}": text for what, text in texts.items()})

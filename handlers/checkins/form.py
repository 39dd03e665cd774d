"""Draw the form that answers a check-in: the numbers first, what is optional below. Values in, Block Kit out."""

from collections.abc import Sequence
from typing import Any

from db.enums import Confidence
from handlers.blocks import (
    BlockKit,
    checkboxes,
    choices,
    context,
    modal,
    question,
    section,
    text_input,
)
from handlers.checkins.confirming_views import verifier_question
from handlers.checkins.saying import CONFIDENCES, asked_line, subject_text
from handlers.ids import Action, Block, Callback
from handlers.kpis import short_day
from handlers.text import day_in_words, shown
from workflows.checkins import Asked, CheckInSnapshot, Said, as_typed, target_of
from workflows.intake import UseCaseSnapshot

NONE_WAS = "0 where there was none; empty stays unknown."
QUOTED = "The weekly digest quotes it, for all to read."
MORE = "More is asked for than when you opened this. Fill in what is new, and send it again."
LONGEST_TEXT, LONGEST_NUMBER, LONGEST_LINK = 1000, 60, 400


def answer_modal(
    found: CheckInSnapshot,
    use_case: UseCaseSnapshot,
    *,
    off_track: bool | None = None,
    unsure: Sequence[str] = (),
    asks_more: bool = False,
) -> BlockKit:
    """Draw the form, filled in with what was answered, else with the last values.

    `off_track` shows the two questions that belong to it; None leaves that to what is filled in. `unsure` are values
    to be confirmed, as `answers.odd_ones` returns them. `asks_more` says that it has fields it had not before.
    """
    says = _filled_in(found)
    is_off = says.confidence is Confidence.OFF_TRACK if off_track is None else off_track
    lead = f"{subject_text(use_case)}, for {day_in_words(found.on_date)}"
    blocks = [section(lead), *([context(MORE)] if asks_more else [])]
    blocks += [*(_sure(unsure) if unsure else []), *(_value(each) for each in found.typed)]
    blocks += [context(f"{asked_line(each)}.") for each in found.kpis if not each.is_typed]
    if found.is_whole:
        blocks += [_confidence(says), *(_off_track(says) if is_off else []), *_optional(says)]
    blocks += verifier_question(found)
    revision = found.stands.revision
    carried = f"{found.schedule_id}.{found.on_date.isoformat()}.{revision}"
    title = f"{use_case.reference}: {'change' if revision else 'answer'}"
    return modal(Callback.ANSWER_CHECK_IN, title, blocks, submit="Save" if revision else "Send", carries=carried)


def done_modal(text: str, below: Sequence[BlockKit] = ()) -> BlockKit:
    """Draw what became of a form, with what there is to do `below`."""
    return modal(Callback.CHECK_IN_DONE, "Check-in", [section(text), *below])


def _filled_in(found: CheckInSnapshot) -> Said:
    """Return what stands in the form at first. What happened in one period is not carried into the next."""
    if found.answer is not None:
        return found.answer.says
    before = found.before or Said()
    return Said(
        confidence=before.confidence,
        why=before.why,
        help=before.help,
        eligible=before.eligible,
        active=before.active,
        hours_method=before.hours_method,
        currency=before.currency,
    )


def _value(asked: Asked) -> BlockKit:
    kpi, known = asked.kpi, (asked.now or asked.last) if asked.is_in_unit else None
    hints = [f"Target {target_of(kpi.says)}."]
    if asked.last is not None:
        hints.insert(0, f"Last: {as_typed(asked.last.value)} on {short_day(asked.last.read_for)}.")
    if asked.now is not None and not asked.is_in_unit:
        hints.insert(
            0, f"Answered before its unit changed: {as_typed(asked.now.value)} {shown(asked.now.unit, limit=40)}."
        )
    label = f"{shown(kpi.name, limit=100)} ({shown(kpi.unit, limit=40)})"
    if not asked.is_wanted:
        label += ", not due yet"
    initial = as_typed(known.value) if known and (asked.is_wanted or asked.now) else ""
    element = text_input(longest=LONGEST_NUMBER, initial=initial)
    block_id = f"{Block.READING}.{kpi.id}"
    return question(block_id, label, element, hint=" ".join(hints), optional=not asked.is_wanted)


def _sure(unsure: Sequence[str]) -> list[BlockKit]:
    """Draw the question whether values that are far off the last ones are meant."""
    options = dict(each.split("|", 1) for each in unsure)
    label = "Far from the last value: is that right?"
    hint = "Tick what is right, or correct the number below, and send again."
    return [question(Block.SURE, label, checkboxes(options), hint=hint, optional=True)]


def _confidence(says: Said) -> BlockKit:
    first = choices({track: text for track, text in CONFIDENCES.items() if track is says.confidence})
    element: dict[str, Any] = {"type": "radio_buttons", "action_id": Action.CONFIDENCE, "options": choices(CONFIDENCES)}
    element |= {"initial_option": first[0]} if first else {}
    asked = question(Block.CONFIDENCE, "Will it get where it should?", element)
    return asked | {"dispatch_action": True}


def _off_track(says: Said) -> list[BlockKit]:
    return [
        question(Block.WHY_OFF, "Why is it off track?", _text(says.why)),
        question(Block.HELP, "What help is needed?", _text(says.help)),
    ]


def _optional(says: Said) -> list[BlockKit]:
    low, high = says.hours or (None, None)
    hours = (
        "" if low is None or high is None else as_typed(low) if low == high else f"{as_typed(low)} to {as_typed(high)}"
    )
    by_prompt, by_context, by_workflow = says.corrected
    cost = f"{as_typed(says.cost)} {says.currency or ''}".strip() if says.cost is not None else ""
    looked = "For example 40. What nobody looked at stays unknown."
    return [
        context("*Everything below is optional.* Leave empty what you do not know: it stays unknown, not nought."),
        _short(Block.ELIGIBLE, "How many people could use it", _count(says.eligible)),
        _short(Block.ACTIVE, "How many used it since last time", _count(says.active)),
        _short(Block.HOURS, "Hours saved since last time, from – to", hours, hint="For example 3 to 5."),
        _short(Block.HOURS_METHOD, "How you know the hours", says.hours_method, longest=LONGEST_TEXT),
        _short(Block.LOOKED_AT, "How many outputs somebody looked at", _count(says.looked_at), hint=looked),
        _short(Block.BY_PROMPT, "Of these corrected: the prompt fell short", _count(by_prompt), hint=NONE_WAS),
        _short(Block.BY_CONTEXT, "Of these corrected: context was missing", _count(by_context), hint=NONE_WAS),
        _short(Block.BY_WORKFLOW, "Of these corrected: the workflow did not fit", _count(by_workflow), hint=NONE_WAS),
        _short(Block.COST, "What it cost since last time", cost, hint="For example 1200 EUR."),
        question(Block.BLOCKERS, "What is in the way", _text(says.blockers), optional=True),
        question(Block.WINS, "What went well", _text(says.wins), hint=QUOTED, optional=True),
        _short(Block.EVIDENCE, "Link that shows it", says.evidence, longest=LONGEST_LINK, hint="https://…"),
    ]


def _short(block: Block, label: str, initial: str, *, hint: str = "", longest: int = LONGEST_NUMBER) -> BlockKit:
    return question(block, label, text_input(longest=longest, initial=initial), hint=hint, optional=True)


def _text(initial: str) -> BlockKit:
    return text_input(longest=LONGEST_TEXT, multiline=True, initial=initial)


def _count(number: int | None) -> str:
    return "" if number is None else str(number)

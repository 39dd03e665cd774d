"""Draw scorecards: what there is, the form that starts one, the form that answers one. Values in, blocks out."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Final
from uuid import UUID

from db.enums import Dimension, FoundationKind
from handlers.blocks import (
    BlockKit,
    actions,
    button,
    context,
    day,
    header,
    modal,
    persons,
    question,
    section,
    sections,
    select,
)
from handlers.ids import Action, Block, Callback
from handlers.programme.words import programme_button
from handlers.scorecards.words import (
    DIMENSIONS,
    IS_OPINION,
    LEVELS,
    STEPS,
    TITLE,
    WHAT_IT_IS,
    change_text,
    closed_text,
    headline,
    known_text,
    ordinal,
    owner_text,
    progress_text,
    proof_text,
    said_text,
    score_text,
)
from handlers.text import day_in_words, named
from workflows import scorecards
from workflows.programme import PHASES
from workflows.scorecards import Board, Closed, Form, Gap, PhaseScore, Result, Round, Scored

GAPS_SHOWN: Final = 5
APART_SHOWN: Final = 5
USUAL_TIME: Final = timedelta(days=14)
CANNOT_SAY: Final = "none"
_SCORES: Final = {
    **{str(each): str(each) for each in range(scorecards.HIGHEST, scorecards.LOWEST - 1, -1)},
    CANNOT_SAY: "I cannot say",
}


def block_of(dimension: Dimension) -> str:
    return f"{Block.SCORE}.{dimension}"


# ------------------------------------------------------------------------------------------------ the window


def board_modal(board: Board, person_id: UUID, *, steers: bool, notice: str = "") -> BlockKit:
    """Show the round that goes on and what came of the last one; those who steer start, close and export."""
    blocks = [section(notice), {"type": "divider"}] if notice else []
    if board.open is not None:
        blocks += _going(board.open, person_id, steers=steers)
    if board.newest is not None:
        blocks += _result(board.newest, steers=steers)
    elif board.open is None:
        blocks += [section(WHAT_IT_IS)]
    if board.open is None and steers:
        label = "Start a scorecard: ask several people how ready the organisation is"
        started = button(Action.START_SCORECARD, "Start a scorecard", "window", label=label)
        blocks.append(actions("scorecards.ways", started))
    elif board.open is None and board.newest is None:
        blocks.append(context("Nobody has been asked yet. Programme leads start one."))
    return modal(Callback.SCORECARD, TITLE, blocks)


def _going(found: Round, person_id: UUID, *, steers: bool) -> Iterator[BlockKit]:
    """Yield how far a round is. Who has not answered is for those who steer; what was said is for nobody yet."""
    yield header(f"{found.reference} goes on")
    yield section(progress_text(found))
    if steers:
        waiting = [f"• {named(each.person.name)}" for each in found.waiting]
        yield from sections("*Not answered yet*", *waiting) if waiting else [section("Everybody has answered.")]
        left = [named(each.person.name) for each in found.left]
        if left:
            yield context(f"Not asked any more, as they left: {', '.join(left)}")
    ways = [answer_button(found, person_id)] if found.names(person_id) else []
    if steers:
        confirm = f"{found.reference} is closed for good, with {len(found.answered)} answers. Nobody can answer then."
        label = f"Close {found.reference} now"
        ways.append(button(Action.CLOSE_SCORECARD, "Close it now", str(found.id), label=label, confirm=confirm))
    if ways:
        yield actions("scorecards.open.ways", *ways)


def answer_button(found: Round, person_id: UUID) -> BlockKit:
    has_answered = any(each.person.id == person_id for each in found.answered)
    text = "Change my answers" if has_answered else "Answer"
    style = None if has_answered else "primary"
    return button(Action.SCORE, text, str(found.id), style=style, label=f"{text}: {found.reference}")


def _result(found: Closed, *, steers: bool) -> Iterator[BlockKit]:
    result = found.result
    yield header(found.round.reference)
    yield section(f"*{headline(result)}*\n{closed_text(found)} {IS_OPINION}")
    yield from sections(*(phase_line(each, found) for each in result.phases))
    if result.apart:
        yield header("Where people differ")
        lines = [f"• *{DIMENSIONS[each.dimension]}*: {said_text(each)}" for each in result.apart[:APART_SHOWN]]
        yield from sections(*lines)
    if found.gaps:
        yield header("To close next")
        yield from (gap_section(each, result) for each in found.gaps[:GAPS_SHOWN])
    yield header("Each dimension")
    for phase in result.phases:
        yield from sections(f"*{PHASES[phase.phase]}*", *(_dimension_line(each, result) for each in phase.dimensions))
    if steers:
        label = f"Send {found.round.reference} as a file you can print"
        yield actions(
            "scorecards.result.ways",
            button(Action.EXPORT_SCORECARD, "Send as a file", str(found.round.id), label=label),
        )


def phase_line(phase: PhaseScore, found: Closed) -> str:
    """Return “*1 · Foundation and Readiness*: 4.2 of 5, ▲ 0.4 since SC-1 (8 of 8 dimensions scored, 8 proven)”."""
    change = change_text(found.result.changed(phase.phase))
    since = f", {change} since SC-{found.previous}" if change else ""
    score = f"{score_text(phase.score)} of 5" if phase.score is not None else "no score"
    what = f"{ordinal(phase.phase)} · {PHASES[phase.phase]}"
    return f"*{what}*: {score}{since} ({known_text(found.result, phase.phase)})"


def _dimension_line(each: Scored, result: Result) -> str:
    change = change_text(result.changed(each.dimension))
    told = ", ".join(filter(None, (proof_text(each) or said_text(each), change)))
    return f"• {DIMENSIONS[each.dimension]}: {score_text(each.score)} ({told})"


def gap_section(gap: Gap, result: Result) -> BlockKit:
    """Draw what to close, who sees to it, what to do where no part of the foundation closes it, and the way there."""
    name, score = DIMENSIONS[gap.dimension], score_text(result.score_of(gap.dimension))
    step = f"\n→ {STEPS[gap.dimension]}" if gap.dimension in STEPS else ""
    block = section(f"*{name}*: {score} · {owner_text(gap)}{step}")
    if not scorecards.is_of_foundation(gap.dimension):
        return block | {"accessory": programme_button(gap.dimension.value)}
    kind = FoundationKind(gap.dimension.value)
    return block | {"accessory": button(Action.OPEN_PART, "Open", kind.value, label=f"Open {name}")}


# ------------------------------------------------------------------------------------------------- the forms


def start_modal(today: date) -> BlockKit:
    """Ask who is asked, and until when."""
    blocks = [
        section(WHAT_IT_IS),
        question(
            Block.SCORECARD_PEOPLE,
            "Who is asked?",
            persons(placeholder="Choose several people", most=scorecards.MOST_ASKED),
            hint="At least two full members, better five or more from different teams.",
        ),
        question(
            Block.SCORECARD_DUE,
            "Answer by",
            day(chosen=(today + USUAL_TIME).isoformat()),
            hint="From tomorrow to 60 days ahead. It closes when that day is over where you are.",
        ),
        context("Each gets one message in their working hours, and one reminder two working days before."),
    ]
    return modal(Callback.START_SCORECARD, TITLE, blocks, submit="Ask them")


def answer_modal(form: Form) -> BlockKit:
    """Ask for a score of each dimension that the record does not show, with what they said so far."""
    proven = len(Dimension) - len(form.dimensions)
    blocks = [
        section(
            f"*{form.round.reference}*: how ready are we? 1 to 5 for each, or that you cannot say. Nobody sees who "
            f"gave which score. You can change it until the end of {day_in_words(form.round.due_on)}."
        ),
        context(f"{proven} of {len(Dimension)} dimensions are shown by the record itself and not asked."),
    ]
    for phase, dimensions in scorecards.DIMENSIONS.items():
        asked = [each for each in dimensions if each in form.dimensions]
        blocks += [header(PHASES[phase])] if asked else []
        blocks += [_question(each, form) for each in asked]
    return modal(Callback.SCORE, TITLE, blocks, submit="Save", carries=str(form.round.id))


def _question(dimension: Dimension, form: Form) -> BlockKit:
    low, middle, high = LEVELS[dimension]
    score = form.said.get(dimension)
    chosen = "" if dimension not in form.said else CANNOT_SAY if score is None else str(score)
    scores = select(_SCORES, placeholder="1 to 5", chosen=chosen)
    hint = f"1: {low}. 3: {middle}. 5: {high}."
    return question(block_of(dimension), DIMENSIONS[dimension], scores, hint=hint)


def done_modal(text: str) -> BlockKit:
    return modal(Callback.SCORECARD, TITLE, [section(text)])


# ----------------------------------------------------------------------------------------------- messages, Home


def asked_text(found: Round, *, is_reminder: bool = False) -> str:
    """Ask somebody for their opinion, or remind them."""
    until = day_in_words(found.due_on)
    if is_reminder:
        return (
            f"📝 {found.reference} still waits for your opinion: how ready are we for AI? Please answer by {until}. "
            "This is the only reminder."
        )
    who = named(found.opened_by.name)
    return (
        f"📝 {who} asks how ready we are for AI: {found.reference}. It takes some minutes; please answer by {until}. "
        "Nobody sees who gave which score."
    )


def asked_blocks(text: str, found: Round, person_id: UUID) -> list[BlockKit]:
    return [section(text), actions("scorecards.asked.buttons", answer_button(found, person_id))]


def news_text(found: Closed) -> str:
    """Tell who started a round what came of it."""
    return f"🏁 {found.round.reference}: {headline(found.result)} {closed_text(found)}"


def news_blocks(text: str, found: Closed) -> list[BlockKit]:
    label = f"See what came of {found.round.reference}"
    return [section(text), actions("scorecards.news.buttons", button(Action.SCORECARD, "See it", "news", label=label))]

"""Draw rollouts: the window of a use case's, the form that asks for one, and its steps. Values in, Block Kit out."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final
from uuid import UUID

from db.enums import Section
from handlers.blocks import (
    BlockKit,
    actions,
    button,
    context,
    day,
    header,
    modal,
    person,
    question,
    section,
    text_input,
)
from handlers.ids import Action, Block, Callback
from handlers.programme.words import closed_blocks
from handlers.rollouts.words import SECTION_NAMES, approved_says, stands_text, what_of
from handlers.text import counted, day_in_words, inline, moment, named, shown
from workflows.intake import UseCaseSnapshot
from workflows.programme import Gate
from workflows.rollouts import LONGEST_DIFFERENCE, LONGEST_TEAM, SECTIONS, NoRollout, NotRolledOut, RolloutSnapshot

TITLE: Final = "Rollouts"
SHOWN, HINT_SHOWN, STEPS_ON_HOME, ON_HOME = 40, 200, 1, 5


@dataclass(frozen=True, slots=True)
class Filled:
    """What stands in the form at first."""

    team: str = ""
    owner: str = ""
    people: str = ""
    starts: str = ""
    differences: Mapping[Section, str] = field(default_factory=dict)

    @classmethod
    def of(cls, rollout: RolloutSnapshot, *, starts: str) -> "Filled":
        return cls(rollout.team, rollout.owner.slack_id, str(rollout.people), starts, rollout.differences)


def notice_modal(text: str, below: Sequence[BlockKit] = ()) -> BlockKit:
    return modal(Callback.ROLLOUTS, TITLE, [section(text), *below])


def ways_out(outcome: NotRolledOut, case: UseCaseSnapshot, request_id: UUID | None) -> list[BlockKit]:
    """Return the buttons that lead to where what is missing is mended."""
    opens = button(Action.OPEN, "Open", str(request_id), label=f"Open {case.reference}, {case.name}")
    match outcome.why:
        case NoRollout.NO_CHECKLIST:
            label = f"Write the onboarding checklist of {case.reference}"
            writes = button(Action.WRITE_CHECKLIST, "Write the checklist", str(case.id), style="primary", label=label)
            return [actions("rollouts.refused.ways", writes)]
        case NoRollout.GATES:
            return [block for gate in outcome.gates for block in _of_gate(gate, case)]
        case NoRollout.NOT_SCALING | NoRollout.SUSPENDED | NoRollout.LAPSED if request_id is not None:
            return [actions("rollouts.refused.ways", opens)]
        case _:
            return []


def _of_gate(gate: Gate, case: UseCaseSnapshot) -> list[BlockKit]:
    writes = button(Action.WRITE_LESSON, "Write a lesson", str(case.id), label=f"Write a lesson of {case.reference}")
    is_lesson = any(each.criterion.value == "lesson" for each in gate.lacking)
    return [*closed_blocks(gate), *([actions("rollouts.refused.lesson", writes)] if is_lesson else [])]


def rollouts_modal(
    case: UseCaseSnapshot,
    rollouts: Sequence[RolloutSnapshot],
    requests: Mapping[UUID, UUID],
    *,
    may_ask: bool,
    notice: str = "",
) -> BlockKit:
    """Draw to which teams a use case went or is to go; `requests` are those about them, by the rollout."""
    blocks: list[BlockKit] = [section(notice)] if notice else []
    blocks.append(section(f"{what_of(case)}\nApproved for the team {inline(case.team)}"))
    if may_ask:
        label = f"Take {case.reference} to another team"
        asks = button(Action.ROLL_OUT, "Take it to another team", str(case.id), style="primary", label=label)
        blocks.append(actions("rollouts.window.ways", asks))
    for each in rollouts[-SHOWN:]:
        blocks += _listed(each, requests.get(each.id))
    if not rollouts:
        blocks.append(section("It has not been taken to another team yet."))
    if len(rollouts) > SHOWN:
        blocks.append(context(f"The newest {SHOWN} of {len(rollouts)} are shown."))
    return modal(Callback.ROLLOUTS, TITLE, blocks)


def _listed(rollout: RolloutSnapshot, request_id: UUID | None) -> list[BlockKit]:
    what = f"{rollout.reference}, {rollout.team}"
    text = (
        f"*{rollout.reference}* {inline(rollout.team)} · {named(rollout.owner.name)} · from "
        f"{day_in_words(rollout.starts_on)}\n{stands_text(rollout)}"
    )
    if rollout.steps:
        return [section(text) | {"accessory": steps_button(rollout, "Steps")}]
    if request_id is None:
        return [section(text)]
    return [section(text) | {"accessory": button(Action.OPEN, "Open", str(request_id), label=f"Open {what}")}]


def steps_button(rollout: RolloutSnapshot, text: str) -> BlockKit:
    label = f"{text}: {rollout.reference}, {rollout.team}"
    return button(Action.ROLLOUT_STEPS, text, str(rollout.id), label=label)


def ask_modal(case: UseCaseSnapshot, filled: Filled, *, of: RolloutSnapshot | None = None) -> BlockKit:
    """Ask for a team and what is otherwise there; `of` is a rollout that was given back, whose team stays."""
    lead = (
        f"{what_of(case)} goes to one team more. Only what differs there is asked about; leave empty what is the same."
    )
    if of is not None:
        lead = f"*{of.reference}* {inline(of.team)}: change what was asked for and send it again."
    team = question(Block.ROLLOUT_TEAM, "Team", text_input(longest=LONGEST_TEAM, initial=filled.team))
    owner_hint = "They tick off the steps of the checklist there."
    starts = day(chosen=filled.starts)
    blocks = [
        section(lead),
        *([team] if of is None else []),
        question(
            Block.ROLLOUT_OWNER,
            "Who owns it there",
            person(placeholder="Choose a colleague", chosen=filled.owner),
            hint=owner_hint,
        ),
        question(Block.ROLLOUT_PEOPLE, "How many people could use it", text_input(longest=20, initial=filled.people)),
        question(Block.ROLLOUT_STARTS, "From when on", starts),
        *(_difference(case, each, filled.differences.get(each, "")) for each in SECTIONS),
    ]
    carries = f"edit.{of.id}.{of.revision}" if of else f"new.{case.id}."
    return modal(Callback.ROLL_OUT, "To another team", blocks, submit="Send", carries=carries)


def _difference(case: UseCaseSnapshot, about: Section, text: str) -> BlockKit:
    approved = shown(" ".join(approved_says(case.says, about).split()), limit=HINT_SHOWN)
    label = f"{SECTION_NAMES[about]}: what differs there?"
    element = text_input(longest=LONGEST_DIFFERENCE, multiline=True, initial=text)
    return question(
        difference_block(about), label, element, hint=f"Approved: {approved}" if approved else "", optional=True
    )


def difference_block(about: Section) -> str:
    return f"{Block.ROLLOUT_DIFFERS}.{about}"


def steps_modal(rollout: RolloutSnapshot, case: UseCaseSnapshot, *, may: bool, notice: str = "") -> BlockKit:
    """Draw the steps of a rollout, the open ones with the button that ticks them off."""
    blocks: list[BlockKit] = [section(notice)] if notice else []
    starts = day_in_words(rollout.starts_on)
    blocks += [
        header(f"{rollout.reference} · {case.reference} in {rollout.team}"),
        context(f"{stands_text(rollout)} · {named(rollout.owner.name)} owns it there, from {starts}"),
    ]
    for each in rollout.steps:
        value = f"{rollout.id}.{each.position}"
        text = f"{each.position}. {inline(each.says)}"
        if each.done_at is None or each.done_by is None:
            block = section(f"▫️ {text}")
            if may and rollout.is_under_way:
                block["accessory"] = button(Action.FINISH_STEP, "Done", value, label=f"Done: {each.says}")
        else:
            block = section(f"✅ {text}\n{named(each.done_by.name)}, {moment(each.done_at)}")
            if may and rollout.is_under_way:
                block["accessory"] = button(Action.REOPEN_STEP, "Not done", value, label=f"Not done: {each.says}")
        blocks.append(block)
    return modal(Callback.ROLLOUTS, rollout.reference, blocks, carries=str(rollout.id))


def told_blocks(text: str, rollout: RolloutSnapshot, case: UseCaseSnapshot) -> list[BlockKit]:
    """Draw news of a rollout, with the ways to its steps and to the others."""
    label = f"Rollouts of {case.reference}, {case.name}"
    all_of_them = button(Action.ROLLOUTS, "All its rollouts", str(case.id), label=label)
    ways = [*([steps_button(rollout, "Steps")] if rollout.steps else []), all_of_them]
    return [section(text), actions("rollouts.told.ways", *ways)]


def home_blocks(found: Sequence[tuple[RolloutSnapshot, UseCaseSnapshot]], person_id: UUID) -> list[BlockKit]:
    """Draw what somebody has to bring to a team, with the next step of each."""
    if not found:
        return []
    blocks: list[BlockKit] = [{"type": "divider"}, header("You bring to a team")]
    for rollout, case in found[:ON_HOME]:
        following = next((each for each in rollout.steps if not each.is_done), None)
        left = f"{rollout.done} of {counted(len(rollout.steps), 'step')} done"
        lines = [f"{what_of(case)} to {inline(rollout.team)}: {left}, from {day_in_words(rollout.starts_on)}"]
        lines += [f"Next: {inline(following.says)}"] if following else []
        if rollout.owner.id != person_id:
            lines.append(f"{named(rollout.owner.name)} owned it there and has left, so it is yours.")
        blocks.append(section("\n".join(lines)) | {"accessory": steps_button(rollout, "Steps")})
    if len(found) > ON_HOME:
        blocks.append(context("There are more; they come up here as these are done."))
    return blocks

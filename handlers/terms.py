"""Put conditions into words: the same lines on every screen that shows one."""

from collections.abc import Mapping, Sequence
from typing import Final

from db.enums import Blocks, ConditionStatus, DemandStatus, EvidenceKind
from handlers.blocks import BlockKit, button, context, section
from handlers.ids import Action
from handlers.text import counted, day_in_words, inline, listed, named
from workflows.conditions import ConditionSnapshot

LINES_SHOWN: Final = 8
TEXT_SHOWN: Final = 160
EVIDENCE_KINDS: Final[Mapping[EvidenceKind, str]] = {
    EvidenceKind.DOCUMENT: "A document",
    EvidenceKind.TEST_RESULT: "A test result",
    EvidenceKind.AGREEMENT: "A signed agreement",
    EvidenceKind.STATEMENT: "A statement in words",
}
WHAT_IT_BLOCKS: Final[Mapping[Blocks, str]] = {
    Blocks.DEPLOYMENT: "It may not be deployed before this is done",
    Blocks.CONTINUATION: "It may start, and is suspended if this is late",
}
_OR_ELSE: Final[Mapping[Blocks, str]] = {
    Blocks.DEPLOYMENT: "before it is deployed",
    Blocks.CONTINUATION: "or it is suspended",
}


def condition_line(condition: ConditionSnapshot) -> str:
    """Return a condition in one line: where it stands, what has to be done, who has to, by when, and what it blocks."""
    what = f"“{inline(condition.text, limit=TEXT_SHOWN)}”"
    who, day = named(condition.owner.name), day_in_words(condition.due_on)
    match condition.status:
        case ConditionStatus.MET:
            return f"✅ {what}: met"
        case ConditionStatus.WAIVED:
            return f"✅ {what}: waived by {waived_by(condition)}"
        case ConditionStatus.OFFERED:
            lanes = listed([named(each) for each in condition.asked_by], last="and")
            return f"🔎 {what}: {who} has given evidence, {lanes} {_looks(condition)} at it (due {day})"
        case _:
            if condition.overdue_at is not None:
                return f"⚠️ {what}: *overdue*, {who} had it to do by {day}"
            return f"⏳ {what}: {who} by {day}, {what_it_blocks(condition)}"


def condition_lines(conditions: Sequence[ConditionSnapshot]) -> list[str]:
    """Return a line for each condition, those to be met first; of many the first few and how many more."""
    ordered = sorted(conditions, key=lambda each: (each.settled_at is not None, each.due_on, each.number))
    lines = [condition_line(each) for each in ordered[:LINES_SHOWN]]
    more = len(conditions) - LINES_SHOWN
    return [*lines, f"… and {counted(more, 'more condition')}."] if more > 0 else lines


def listed_conditions(conditions: Sequence[ConditionSnapshot]) -> list[str]:
    """Return the lines of conditions below what they are; nothing where there are none."""
    return [_title(conditions), *condition_lines(conditions)] if conditions else []


def conditions_in_short(conditions: Sequence[ConditionSnapshot]) -> list[str]:
    """Return how many conditions there are and how many are still to be met: all that a channel may read."""
    if not conditions:
        return []
    count = counted(len(conditions), "condition")
    if all(each.status is ConditionStatus.PROPOSED for each in conditions):
        return [f"⏳ {count} asked for so far."]
    left = sum(each.is_in_force for each in conditions)
    return [f"{'⏳' if left else '✅'} {count}: {f'{left} still to be met' if left else 'nothing left to do'}."]


def condition_sections(conditions: Sequence[ConditionSnapshot]) -> list[BlockKit]:
    """Draw the conditions of an opened request, each with the way to it."""
    ordered = sorted(conditions, key=lambda each: (each.settled_at is not None, each.due_on, each.number))
    blocks = [_with_way(each) for each in ordered[:LINES_SHOWN]]
    more = len(conditions) - LINES_SHOWN
    return [*blocks, context(f"… and {counted(more, 'more condition')}.")] if more > 0 else blocks


def what_it_blocks(condition: ConditionSnapshot) -> str:
    return ", ".join(_OR_ELSE[each] for each in Blocks if each in condition.blocks)


def waived_by(condition: ConditionSnapshot) -> str:
    lanes = dict.fromkeys(each.lane for each in condition.demands if each.status is DemandStatus.WAIVED)
    return listed([named(each) for each in lanes], last="and")


def _title(conditions: Sequence[ConditionSnapshot]) -> str:
    """Return what stands above the lines of conditions: whether they count already."""
    is_decided = any(each.status is not ConditionStatus.PROPOSED for each in conditions)
    return "*Conditions*" if is_decided else "*Conditions asked for so far*"


def _looks(condition: ConditionSnapshot) -> str:
    return "looks" if len(condition.asked_by) == 1 else "look"


def _with_way(condition: ConditionSnapshot) -> BlockKit:
    block = section(condition_line(condition))
    if condition.status is not ConditionStatus.PROPOSED:
        label = f"Open the condition: {condition.text}"
        block["accessory"] = button(Action.SEE_CONDITION, "Open", str(condition.id), label=label)
    return block

"""Draw conditions: the form that sets them, one of them with what can be done about it, and the lists on Home."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from db.enums import DemandStatus, EvidenceKind
from handlers.blocks import (
    BlockKit,
    actions,
    button,
    context,
    day,
    facts,
    header,
    modal,
    person,
    plain,
    question,
    quoted,
    radio,
    section,
    select,
    text_input,
)
from handlers.conditions.payloads import Row
from handlers.ids import Action, Block, Callback
from handlers.standing import progress
from handlers.subjects import SubjectPicture
from handlers.terms import EVIDENCE_KINDS, WHAT_IT_BLOCKS, condition_line, what_it_blocks
from handlers.text import counted, day_in_words, escape, inline, listed, moment, named, shown
from workflows.approvals import RequestSnapshot
from workflows.conditions import (
    LONGEST,
    LONGEST_LINK,
    LONGEST_WORDS,
    MOST,
    ConditionSnapshot,
    DemandSnapshot,
    OfferedSnapshot,
)

OTHERS_SHOWN: Final = 10  # Slack takes no more boxes
TO_MEET_SHOWN, TO_JUDGE_SHOWN = 5, 4
REASON_LIMIT: Final = 2000


@dataclass(frozen=True, slots=True)
class May:
    """What somebody may do about a condition."""

    give_evidence: bool = False
    judge: bool = False
    waive: bool = False


def form_modal(
    request: RequestSnapshot,
    subject: SubjectPicture,
    *,
    ballot: str,
    rows: Sequence[Row],
    others: Sequence[ConditionSnapshot] = (),
    chosen: Collection[UUID] = (),
) -> BlockKit:
    """Ask for the conditions under which somebody approves; `others` are those that can be asked for too."""
    lead = f"You approve *{request.reference}* “{inline(subject.title)}” if this is done. It counts as an approval."
    blocks = [section(lead)]
    if others:
        blocks.append(_others(others[:OTHERS_SHOWN], chosen))
    for number, row in enumerate(rows):
        if len(rows) > 1 or others:
            blocks.append(header(f"Condition {number + 1}" if len(rows) > 1 else "Another condition"))
        blocks += _row(number, row, may_be_empty=number > 0 or bool(others))
    if len(rows) < MOST:
        blocks.append(actions("conditions.form.buttons", button(Action.ADD_CONDITION, "Add another condition", ballot)))
    title = f"Approve {request.reference}"
    return modal(Callback.SET_CONDITIONS, title, blocks, submit="Approve with conditions", carries=ballot)


def set_modal(request: RequestSnapshot, subject: SubjectPicture, voter: UUID) -> BlockKit:
    """Say that an approval with conditions is stored, and what happens next."""
    blocks = [
        section(
            f"You approved *{request.reference}* “{inline(subject.title)}” with conditions. Your decision is stored."
        ),
        context(*(condition_line(each) for each in subject.conditions)),
        context(*progress(request, voter)),
    ]
    return modal(Callback.CONDITION, request.reference, blocks)


def condition_modal(condition: ConditionSnapshot, subject: SubjectPicture, may: May) -> BlockKit:
    """Draw one condition with everything that was said about it, and what this person can do."""
    lanes = listed([named(each) for each in condition.asked_by], last="and")
    is_late = condition.is_in_force and condition.overdue_at is not None
    pairs = [
        ("To be done by", condition.owner.name),
        ("Due", day_in_words(condition.due_on) + (", overdue" if is_late else "")),
        *(("Until then", WHAT_IT_BLOCKS[each]) for each in condition.blocks),
        ("Shown by", EVIDENCE_KINDS[condition.evidence]),
    ]
    blocks = [
        section(f"*{subject.reference}* “{inline(subject.title)}” is approved on this condition, set by {lanes}:"),
        quoted(condition.text),
        facts(pairs),
        *([] if condition.is_in_force else [context(condition_line(condition))]),
    ]
    blocks += evidence_blocks(condition.offered) if condition.offered else []
    blocks += [block for each in condition.demands for block in _answer(each)]
    blocks += buttons_of(condition, may)
    return modal(Callback.CONDITION, f"{subject.reference}, condition {condition.number}", blocks)


def evidence_blocks(offered: OfferedSnapshot) -> list[BlockKit]:
    """Draw evidence as it was given: a link to open, and words as a quotation."""
    lead = f"*Evidence* from {named(offered.by.name)}, {moment(offered.at)}"
    link = offered.evidence.link
    if link:
        lead += f"\n<{escape(link)}|Open the evidence> ({escape(shown(link, limit=80))})"
    return [section(lead), *([quoted(offered.evidence.words)] if offered.evidence.words else [])]


def buttons_of(condition: ConditionSnapshot, may: May) -> list[BlockKit]:
    """Draw what somebody can do about a condition, bound to the evidence they have before them."""
    what, buttons = condition.text, []
    value = f"{condition.id}.{condition.offered.id}" if condition.offered else str(condition.id)
    if may.judge:
        buttons.append(
            button(Action.ACCEPT_EVIDENCE, "Accept", value, style="primary", label=f"Accept the evidence: {what}")
        )
        buttons.append(button(Action.NOT_ENOUGH, "Not enough", value, label=f"Say what is missing: {what}"))
    if may.give_evidence:
        again = "Give other evidence" if condition.offered else "Give evidence"
        style = None if condition.offered else "primary"
        label = f"Give evidence: {what}"
        buttons.append(button(Action.GIVE_EVIDENCE, again, str(condition.id), style=style, label=label))
    if may.waive:
        buttons.append(
            button(Action.WAIVE, "Waive", str(condition.id), style="danger", label=f"Waive the condition: {what}")
        )
    return [actions("conditions.condition.buttons", *buttons)] if buttons else []


def evidence_modal(condition: ConditionSnapshot, subject: SubjectPicture) -> BlockKit:
    """Ask for the evidence that a condition is met."""
    is_words = condition.evidence is EvidenceKind.STATEMENT
    lanes = listed([named(each) for each in condition.asked_by], last="and")
    looks = "looks" if len(condition.asked_by) == 1 else "look"
    wanted = EVIDENCE_KINDS[condition.evidence].lower()
    words_label = "How it is met" if is_words else "What those who look at it should know"
    blocks = [
        section(f"For *{subject.reference}* “{inline(subject.title)}”, due {day_in_words(condition.due_on)}:"),
        quoted(condition.text),
        question(
            Block.EVIDENCE_LINK,
            "Where it can be opened",
            text_input(longest=LONGEST_LINK, placeholder="https://"),
            hint=f"Asked for is {wanted}. Make sure that {lanes} can open it.",
            optional=is_words,
        ),
        question(
            Block.EVIDENCE_WORDS, words_label, text_input(longest=LONGEST_WORDS, multiline=True), optional=not is_words
        ),
        context(f"{lanes} {looks} at it next. While they do, the condition cannot become overdue."),
    ]
    return modal(Callback.EVIDENCE, "Give evidence", blocks, submit="Give evidence", carries=str(condition.id))


def not_enough_modal(condition: ConditionSnapshot, value: str) -> BlockKit:
    """Ask what is missing in the evidence."""
    back = f"It goes back to {named(condition.owner.name)}, who can give other evidence."
    late = " If its day has passed, it is overdue at once."
    blocks = [
        section(f"The evidence does not show this yet. {back}{late}"),
        quoted(condition.text),
        _reason("What is missing?", hint=f"{shown(condition.owner.name)} reads this."),
    ]
    return modal(Callback.NOT_ENOUGH, "Not enough", blocks, submit="Send it back", carries=value)


def waive_modal(condition: ConditionSnapshot, lanes: Sequence[str]) -> BlockKit:
    """Ask why a lane lets a condition go."""
    mine = listed([named(each) for each in lanes], last="and")
    others = [each for each in condition.asked_by if each not in lanes]
    rest = f" {listed([named(each) for each in others], last='and')} still asks for it." if others else ""
    blocks = [
        section(f"{mine} no longer asks for this, and that cannot be undone.{rest}"),
        quoted(condition.text),
        _reason(
            "Why is it not needed any more?", hint="It is kept on the record, and the people involved can read it."
        ),
    ]
    return modal(Callback.WAIVE, "Waive a condition", blocks, submit="Waive it", carries=str(condition.id))


def notice_modal(title: str, text: str) -> BlockKit:
    return modal(Callback.CONDITION, title, [section(text)])


def home_blocks(
    to_meet: Sequence[tuple[ConditionSnapshot, str]], to_judge: Sequence[tuple[ConditionSnapshot, str]]
) -> list[BlockKit]:
    """Draw what somebody has to do about conditions; each comes with what it is about, in mrkdwn."""
    blocks: list[BlockKit] = []
    if to_judge:
        blocks += [{"type": "divider"}, header("Evidence to look at")]
        blocks += [_to_judge(condition, what) for condition, what in to_judge[:TO_JUDGE_SHOWN]]
        blocks += _more(len(to_judge), TO_JUDGE_SHOWN)
    if to_meet:
        blocks += [{"type": "divider"}, header("Conditions to meet")]
        blocks += [_to_meet(condition, what) for condition, what in to_meet[:TO_MEET_SHOWN]]
        blocks += _more(len(to_meet), TO_MEET_SHOWN)
    return blocks


def to_meet_text(condition: ConditionSnapshot, what: str) -> str:
    """Return what somebody has to do, for what, by when and for whom."""
    lanes = listed([named(each) for each in condition.asked_by], last="and")
    if condition.offered is not None and condition.status.value == "offered":
        stands = (
            f"🔎 {lanes} look at your evidence" if len(condition.asked_by) > 1 else f"🔎 {lanes} looks at your evidence"
        )
    elif condition.overdue_at is not None:
        stands = f"⚠️ *Overdue*: it was due {day_in_words(condition.due_on)}"
    else:
        stands = f"⏳ By *{day_in_words(condition.due_on)}*, {what_it_blocks(condition)}"
    return f"{what}\n“{inline(condition.text, limit=300)}”\n{stands} · set by {lanes}"


def _others(others: Sequence[ConditionSnapshot], chosen: Collection[UUID]) -> BlockKit:
    options = [
        {
            "text": plain(each.text, limit=75),
            "description": plain(
                f"{each.owner.name}, by {day_in_words(each.due_on)}: {', '.join(each.asked_by)}", limit=75
            ),
            "value": str(each.id),
        }
        for each in others
    ]
    first = [each for each in options if each["value"] in set(map(str, chosen))]
    boxes = {"type": "checkboxes", "options": options, **({"initial_options": first} if first else {})}
    hint = "One that several ask for is done once, by the strictest date, and each of them accepts it."
    return question(Block.CONDITIONS_OF_OTHERS, "Also ask what has been asked already", boxes, hint=hint, optional=True)


def _row(number: int, row: Row, *, may_be_empty: bool) -> list[BlockKit]:
    """Ask for one condition. Block ids stay the same when another is added, so nothing typed is lost."""
    due_on = row.due_on.isoformat() if row.due_on else ""
    return [
        question(
            f"{Block.CONDITION_TEXT}.{number}",
            "What has to be done?",
            text_input(longest=LONGEST, multiline=True, initial=row.text),
            optional=may_be_empty,
        ),
        question(
            f"{Block.CONDITION_OWNER}.{number}",
            "Who has to do it?",
            person(placeholder="Choose a colleague", chosen=row.owner or ""),
            optional=may_be_empty,
        ),
        question(f"{Block.CONDITION_DAY}.{number}", "By when?", day(chosen=due_on), optional=may_be_empty),
        question(
            f"{Block.CONDITION_EVIDENCE}.{number}",
            "What shows that it is done?",
            select(EVIDENCE_KINDS, placeholder="Choose", chosen=row.evidence),
        ),
        question(f"{Block.CONDITION_BLOCKS}.{number}", "Until then", radio(WHAT_IT_BLOCKS, chosen=row.blocks)),
    ]


def _answer(demand: DemandSnapshot) -> Iterator[BlockKit]:
    """Yield what a lane said about a condition, where it said anything."""
    who = named(demand.settled_by.name) if demand.settled_by else named(demand.lane)
    when = f", {moment(demand.settled_at)}" if demand.settled_at else ""
    if demand.status is DemandStatus.ACCEPTED:
        yield context(f"✅ {named(demand.lane)}: {who} accepted the evidence{when}")
    elif demand.status is DemandStatus.WAIVED:
        yield context(f"↩️ {named(demand.lane)}: {who} waived it{when}")
        yield quoted(demand.reason or "")
    elif demand.reason:
        yield context(f"✏️ {named(demand.lane)} said about the evidence before:")
        yield quoted(demand.reason)


def _to_meet(condition: ConditionSnapshot, what: str) -> BlockKit:
    block = section(to_meet_text(condition, what))
    if condition.status.value == "offered":
        label = f"Open the condition: {condition.text}"
        block["accessory"] = button(Action.SEE_CONDITION, "Open", str(condition.id), label=label)
    else:
        label = f"Give evidence: {condition.text}"
        block["accessory"] = button(
            Action.GIVE_EVIDENCE, "Give evidence", str(condition.id), style="primary", label=label
        )
    return block


def _to_judge(condition: ConditionSnapshot, what: str) -> BlockKit:
    since = f"given {moment(condition.offered.at)}" if condition.offered else ""
    text = f"{what}\n“{inline(condition.text, limit=300)}”\n🔎 {named(condition.owner.name)} · {since}"
    label = f"Look at the evidence: {condition.text}"
    see = button(Action.SEE_CONDITION, "Look at it", str(condition.id), style="primary", label=label)
    return section(text) | {"accessory": see}


def _more(count: int, most: int) -> list[BlockKit]:
    return [context(f"… and {counted(count - most, 'more')}.")] if count > most else []


def _reason(label: str, *, hint: str) -> BlockKit:
    element = text_input(longest=REASON_LIMIT, multiline=True)
    return question(Block.CONDITION_REASON, label, element, hint=hint)

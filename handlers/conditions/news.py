"""Draw what people are told about conditions."""

from collections.abc import Sequence
from datetime import date

from db.enums import Blocks
from handlers.blocks import BlockKit, actions, button, context, quoted, section
from handlers.ids import Action
from handlers.subjects import SubjectPicture
from handlers.terms import what_it_blocks
from handlers.text import counted, day_in_words, inline, listed, named
from workflows.conditions import ConditionSnapshot

TEXT_SHOWN = 300


def title(subject: SubjectPicture) -> str:
    return f"*{subject.reference}* “{inline(subject.title, limit=150)}”"


def set_text(subject: SubjectPicture, to_do: Sequence[ConditionSnapshot], left: str | None) -> str:
    """Tell somebody what they have to do so that an approval holds; `left` is who had it before they left."""
    return "\n".join([_set_lead(subject, to_do, left), *(_to_do_line(each) for each in to_do)])


def set_blocks(subject: SubjectPicture, to_do: Sequence[ConditionSnapshot], left: str | None) -> list[BlockKit]:
    """Draw the same, each condition with the way to give evidence."""
    blocks = [section(_set_lead(subject, to_do, left))]
    for each in to_do:
        label = f"Give evidence: {each.text}"
        give = button(Action.GIVE_EVIDENCE, "Give evidence", str(each.id), label=label)
        blocks.append(section(_to_do_line(each)) | {"accessory": give})
    return [*blocks, context("You are reminded a week before, the day before and on the day. Home lists them.")]


def offered_text(condition: ConditionSnapshot, subject: SubjectPicture) -> str:
    """Ask somebody to look at evidence."""
    return f"🔎 {title(subject)}: is this condition met?\n“{_what(condition)}” (due {day_in_words(condition.due_on)})"


def not_looked_at_text(condition: ConditionSnapshot, subject: SubjectPicture) -> str:
    lanes = listed([named(each) for each in condition.asked_by], last="and")
    return (
        f"⚠️ {title(subject)}: evidence for “{_what(condition)}” waits for {lanes}, who have been asked twice. "
        "Until they answer, the condition is neither met nor overdue."
    )


def answered_text(condition: ConditionSnapshot, subject: SubjectPicture, what: str, *, by: str, lane: str) -> str:
    """Tell who has a condition to meet what a lane said, and what is left to do."""
    who = f"{named(by)} of {named(lane)}" if lane else named(by)
    about = f"{title(subject)}, “{_what(condition)}”"
    if what == "not_enough":
        overdue = " It is overdue now." if condition.overdue_at is not None else ""
        return f"✏️ {about}: {who} says that the evidence is not enough yet.{overdue}"
    did = "no longer asks for it" if what == "waived" else "accepts your evidence"
    if condition.settled_at is not None:
        return f"✅ {about}: {who} {did}. The condition is {condition.status.value}; nothing is left to do."
    lanes = listed([named(each) for each in condition.asked_by], last="and")
    return f"✅ {about}: {who} {did}. {lanes} still asks for it, by {day_in_words(condition.due_on)}."


def dropped_text(dropped: Sequence[ConditionSnapshot], subject: SubjectPicture) -> str:
    """Tell who had conditions to meet that what they were about has ended."""
    ended = f"🗄️ {title(subject)} has ended, so nothing is left for you to do about its conditions:"
    return "\n".join([ended, *(f"“{_what(each)}”" for each in dropped)])


def answered_blocks(text: str, condition: ConditionSnapshot, reason: str | None, *, is_theirs: bool) -> list[BlockKit]:
    """Draw it with the reason, and the way to try again where it is still theirs to do."""
    is_open = condition.is_in_force and condition.status.value == "open" and is_theirs
    first, *rest = to_do_blocks(text, condition) if is_open else news_blocks(text, condition)
    return [first, *([quoted(reason)] if reason else []), *rest]


def reminder_text(condition: ConditionSnapshot, subject: SubjectPicture, *, today: date) -> str:
    """Return words that stay true: the message is not redrawn when the condition is met."""
    days = (condition.due_on - today).days
    when = {0: "today", 1: "tomorrow"}.get(days, f"in {counted(days, 'day')}")
    return (
        f"A reminder: a condition of {title(subject)} is due {when}, {day_in_words(condition.due_on)}, "
        f"{what_it_blocks(condition)}:\n“{_what(condition)}”"
    )


def overdue_text(condition: ConditionSnapshot, subject: SubjectPicture, *, is_theirs: bool, is_suspended: bool) -> str:
    """Say that a condition is overdue, and what that means for what it is about, suspended for it or not."""
    who = "You have" if is_theirs else f"{named(condition.owner.name)} has"
    lanes = listed([named(each) for each in condition.asked_by], last="and")
    then = "It is not deployed before that is done."
    if Blocks.CONTINUATION in condition.blocks:
        then = "It is suspended until that is done." if is_suspended else "Nobody may use it before that is done."
    return (
        f"⚠️ {title(subject)}: a condition is overdue. It was due {day_in_words(condition.due_on)}:\n"
        f"“{_what(condition)}”\n{who} to meet it, set by {lanes}. {then}"
    )


def to_do_blocks(text: str, condition: ConditionSnapshot) -> list[BlockKit]:
    """Draw a line of news with the way to give evidence."""
    give = button(
        Action.GIVE_EVIDENCE,
        "Give evidence",
        str(condition.id),
        style="primary",
        label=f"Give evidence: {condition.text}",
    )
    return [section(text), actions("conditions.news.buttons", give, _open(condition))]


def news_blocks(text: str, condition: ConditionSnapshot) -> list[BlockKit]:
    """Draw a line of news with the way to the condition."""
    return [section(text), actions("conditions.news.buttons", _open(condition))]


def _set_lead(subject: SubjectPicture, to_do: Sequence[ConditionSnapshot], left: str | None) -> str:
    count = counted(len(to_do), "condition")
    if left is not None:
        return f"{named(left)} has left, so what they had to do for {title(subject)} is yours now: {count}."
    return (
        f"☑️ {title(subject)} is approved with conditions. {count} {'is' if len(to_do) == 1 else 'are'} yours to meet:"
    )


def _to_do_line(condition: ConditionSnapshot) -> str:
    lanes = listed([named(each) for each in condition.asked_by], last="and")
    when = f"By *{day_in_words(condition.due_on)}*, {what_it_blocks(condition)}"
    return f"“{_what(condition)}”\n{when} · set by {lanes}"


def _what(condition: ConditionSnapshot) -> str:
    return inline(condition.text, limit=TEXT_SHOWN)


def _open(condition: ConditionSnapshot) -> BlockKit:
    label = f"Open the condition: {condition.text}"
    return button(Action.SEE_CONDITION, "Open", str(condition.id), label=label)

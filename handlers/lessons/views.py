"""Draw lessons and checklists. Values in, Block Kit out."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from handlers.blocks import BlockKit, actions, button, context, header, modal, question, quoted, section, text_input
from handlers.ids import Action, Block, Callback
from handlers.lessons.words import what_of
from handlers.text import counted, inline, moment, named
from workflows.lessons import (
    FEWEST_STEPS,
    LONGEST,
    LONGEST_REASON,
    LONGEST_STEP,
    MOST_STEPS,
    ChecklistSnapshot,
    LessonSnapshot,
    WrittenOf,
)

TITLE, PAGE, LEAD_SHOWN = "Lessons", 20, 150
ALL: Final = "all"
PARTS: Final = ("What worked", "What did not", "For the next team")


@dataclass(frozen=True, slots=True)
class Page:
    """The lessons of a window, from `first` on; of one use case with its checklist, or of all there are."""

    lessons: Sequence[LessonSnapshot]
    first: int = 0
    of: WrittenOf | None = None
    checklist: ChecklistSnapshot | None = None


def notice_modal(text: str, below: Sequence[BlockKit] = ()) -> BlockKit:
    return modal(Callback.LESSONS, TITLE, [section(text), *below])


def lessons_modal(page: Page, viewer: UUID, *, notice: str = "", now: datetime) -> BlockKit:
    """Draw what was learnt, the newest first, and the ways to write more of it."""
    blocks: list[BlockKit] = [section(notice)] if notice else []
    if page.of is not None:
        blocks += [section(f"What was learnt from {what_of(page.of)}"), *_ways(page, viewer)]
    shown = page.lessons[page.first : page.first + PAGE]
    blocks += [_listed(each, now=now) for each in shown]
    if not page.lessons:
        blocks.append(section("No lesson is published yet. Who ran a use case writes one from its window."))
    left = len(page.lessons) - page.first - len(shown)
    if left > 0:
        value = f"{page.of.id if page.of else ALL}.{page.first + PAGE}"
        more = button(Action.LESSONS, "Show more", value, label=f"Show {counted(left, 'more lesson')}")
        blocks.append(actions("lessons.window.more", more))
    return modal(Callback.LESSONS, TITLE, blocks)


def _ways(page: Page, viewer: UUID) -> list[BlockKit]:
    of = page.of
    if of is None:
        return []
    value, found = str(of.id), []
    if of.deployed and of.answering.may_write(viewer):
        found.append(button(Action.WRITE_LESSON, "Write a lesson", value, label=f"Write a lesson of {of.reference}"))
    if page.checklist is not None:
        found.append(button(Action.CHECKLIST, "Onboarding checklist", value, label=f"Checklist of {of.reference}"))
    elif of.deployed and of.answering.may_take_back(viewer):
        label = f"Write the onboarding checklist of {of.reference}"
        found.append(button(Action.WRITE_CHECKLIST, "Write the checklist", value, label=label))
    return [actions("lessons.window.ways", *found)] if found else []


def _listed(lesson: LessonSnapshot, *, now: datetime) -> BlockKit:
    says = lesson.says.advice or lesson.says.worked or lesson.says.did_not
    text = (
        f"*{lesson.reference}* · {what_of(lesson.of)}\n{inline(says, limit=LEAD_SHOWN)}\n{stands_text(lesson, now=now)}"
    )
    opens = button(Action.SEE_LESSON, "Read", str(lesson.id), label=f"Read {lesson.reference} of {lesson.of.reference}")
    return section(text) | {"accessory": opens}


def stands_text(lesson: LessonSnapshot, *, now: datetime) -> str:
    """Return who published it and since when it is said to hold; or that it is a draft."""
    by, held = lesson.published_by, lesson.held_at
    if by is None or lesson.published_at is None or held is None:
        return f"📝 Draft, last written by {named(lesson.written_by.name)}, {moment(lesson.written_at)}"
    published = f"Published by {named(by.name)}, {moment(lesson.published_at)}"
    told = f" · confirmed {moment(held)}" if lesson.confirmed_at else ""
    stale = "⚠️ Nobody has said for 90 days that it still holds. " if lesson.is_stale(now) else ""
    return f"{stale}{published}{told}"


def lesson_modal(
    lesson: LessonSnapshot, viewer: UUID, numbers: Sequence[str], *, notice: str = "", now: datetime
) -> BlockKit:
    """Draw one lesson whole, with the numbers of its use case beside it."""
    blocks: list[BlockKit] = [section(notice)] if notice else []
    blocks += [
        header(f"{lesson.reference} · {lesson.of.reference} {lesson.of.name}"),
        context(stands_text(lesson, now=now)),
    ]
    for label, text in zip(PARTS, lesson.says.parts, strict=True):
        blocks += [section(f"*{label}*"), quoted(text)] if text else []
    if numbers:
        blocks += [section("*Its numbers*"), context(*numbers)]
    if lesson.withdrawn_why:
        blocks += [section("↩️ It was taken back because:"), quoted(lesson.withdrawn_why)]
    ways = [*_lesson_ways(lesson, viewer), _back(lesson.of)]
    return modal(Callback.LESSONS, lesson.reference, [*blocks, actions("lessons.lesson.ways", *ways)])


def _lesson_ways(lesson: LessonSnapshot, viewer: UUID) -> list[BlockKit]:
    may, value, what = lesson.of.answering, str(lesson.id), f"{lesson.reference} of {lesson.of.reference}"
    if not lesson.is_published:
        ways = [button(Action.EDIT_LESSON, "Edit", value, label=f"Edit {what}")] if may.may_write(viewer) else []
        if may.may_publish(viewer):
            who = "Those involved" if lesson.of.confidential else "Every full member"
            asks = f"{who} can read it then, with how the KPIs of {lesson.of.reference} went."
            seen = f"{value}.{lesson.says.digest}"
            ways.insert(
                0,
                button(Action.PUBLISH_LESSON, "Publish", seen, style="primary", label=f"Publish {what}", confirm=asks),
            )
        return ways
    ways = (
        [button(Action.LESSON_HOLDS, "Still holds", value, label=f"{what} still holds")]
        if may.may_write(viewer)
        else []
    )
    if may.may_take_back(viewer):
        ways.append(button(Action.WITHDRAW_LESSON, "Take it back …", value, label=f"Take back {what}, saying why"))
    return ways


def _back(of: WrittenOf) -> BlockKit:
    return button(Action.LESSONS, "All of this use case", str(of.id), label=f"All lessons of {of.reference}")


def write_modal(of: WrittenOf, lesson: LessonSnapshot | None = None) -> BlockKit:
    """Ask for the three parts of a lesson; what is kept is a draft."""
    parts = lesson.says.parts if lesson else ("", "", "")
    hints = (
        "What you would do again, with what it brought.",
        "What cost time or did not help, and why.",
        "What another team should do first, and leave.",
    )
    fields = (Block.LESSON_WORKED, Block.LESSON_DID_NOT, Block.LESSON_ADVICE)
    asked = [
        question(block, label, text_input(longest=LONGEST, multiline=True, initial=text), hint=hint, optional=True)
        for block, label, text, hint in zip(fields, PARTS, parts, hints, strict=True)
    ]
    lead = section(f"A lesson of {what_of(of)}. It is kept as a draft; {named(of.owner.name)} publishes it.")
    carries = f"edit.{lesson.id}.{lesson.says.digest}" if lesson else f"new.{of.id}."
    return modal(Callback.SAVE_LESSON, "Write a lesson", [lead, *asked], submit="Save draft", carries=carries)


def withdraw_modal(lesson: LessonSnapshot) -> BlockKit:
    """Ask why a lesson is taken back, and say what that does."""
    lead = (
        f"*{lesson.reference}* of {what_of(lesson.of)} becomes a draft again: nobody else reads it, and the gate into "
        "scaling no longer rests on it."
    )
    element = text_input(longest=LONGEST_REASON, multiline=True)
    reason = question(Block.LESSON_REASON, "Why?", element, hint="Those who may write it read this.")
    carries = str(lesson.id)
    return modal(
        Callback.WITHDRAW_LESSON, "Take a lesson back", [section(lead), reason], submit="Take back", carries=carries
    )


def checklist_modal(checklist: ChecklistSnapshot, viewer: UUID, *, notice: str = "") -> BlockKit:
    """Draw the steps, and who published them."""
    of = checklist.of
    steps = "\n".join(f"{number}. {step}" for number, step in enumerate(checklist.steps, 1))
    by, at = named(checklist.published_by.name), moment(checklist.published_at)
    blocks: list[BlockKit] = [section(notice)] if notice else []
    blocks += [
        section(f"How another team is brought to use {what_of(of)}"),
        context(f"Version {checklist.version}, published by {by}, {at}"),
    ]
    blocks += _quoted(steps)
    ways = [_back(of)]
    if of.answering.may_take_back(viewer):
        ways.insert(
            0, button(Action.WRITE_CHECKLIST, "Edit", str(of.id), label=f"Edit the checklist of {of.reference}")
        )
    return modal(Callback.LESSONS, "Onboarding checklist", [*blocks, actions("lessons.checklist.ways", *ways)])


def _quoted(steps: str) -> list[BlockKit]:
    """Return the steps as one quotation, or as two where one would be longer than Slack takes."""
    lines = steps.splitlines()
    return [quoted("\n".join(part)) for part in (lines[:15], lines[15:]) if part]


def write_checklist_modal(of: WrittenOf, checklist: ChecklistSnapshot | None) -> BlockKit:
    """Ask for the steps, one a line."""
    lead = section(
        f"How another team is brought to use {what_of(of)}: each rollout gets these steps to tick off. Rollouts on "
        "their way keep the ones they have."
    )
    initial = "\n".join(checklist.steps) if checklist else ""
    element = text_input(longest=3000, multiline=True, initial=initial)
    hint = f"One step a line: {FEWEST_STEPS} to {MOST_STEPS}, each at most {LONGEST_STEP} characters."
    carries = f"{of.id}.{checklist.version if checklist else 0}"
    blocks = [lead, question(Block.CHECKLIST_STEPS, "Steps", element, hint=hint)]
    return modal(Callback.SAVE_CHECKLIST, "Onboarding checklist", blocks, submit="Publish", carries=carries)

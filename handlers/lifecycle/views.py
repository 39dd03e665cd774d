"""Draw the windows about the life of a use case: where it is, its workstreams, and their forms."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from db.enums import Membership, UseCaseState, WorkstreamKind
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
    sections,
    text_input,
)
from handlers.ids import Action, Block, Callback
from handlers.kpis import kpis_button
from handlers.lifecycle import task_words, words
from handlers.programme.words import state_text
from handlers.text import counted, listed, named
from workflows.intake import UseCaseSnapshot
from workflows.lifecycle import (
    LIVE,
    LONGEST_REASON,
    LONGEST_TASK,
    Candidate,
    Life,
    Score,
    TaskSnapshot,
    WorkstreamSnapshot,
)
from workflows.people import Actor

MISSING_SHOWN, ENDED_SHOWN = 20, 8
TITLE: Final = "Deployment"


@dataclass(frozen=True, slots=True)
class Seen:
    """A use case's life as somebody sees it: what they may do, and for leads which to take next.

    `score` is how good it would be to begin with, while it is not in use.
    """

    life: Life
    may_move: bool
    may_stop: bool
    may_retire: bool
    may_ask: bool = False  # people to open a gate
    who_may: Sequence[Actor] = ()
    score: Score | None = None
    candidates: Sequence[Candidate] = ()


def life_modal(seen: Seen, notice: str = "") -> BlockKit:
    """Draw where a use case is, what leads on and what is missing for that; sent, it moves on."""
    life, use_case = seen.life, seen.life.use_case
    blocks = [*([section(notice)] if notice else []), header(f"{use_case.reference} · {use_case.name}")]
    told = [words.life_line(life), *([words.score_text(seen.score)] if seen.score else [])]
    blocks += [section(words.path_text(life)), context(*told)]
    blocks += [section(task_words.stream_line(each)) for each in life.workstreams]
    blocks += _next(seen)
    ways = list(_ways(seen))
    blocks += [actions("lifecycle.use_case.ways", *ways)] if ways else []
    carries = f"{use_case.id}.{life.move}" if life.move else str(use_case.id)
    if life.move is not None and not life.missing and seen.may_move:
        submit = words.BUTTONS[life.move]
        return modal(Callback.MOVE, f"{use_case.reference}: {TITLE.lower()}", blocks, submit=submit, carries=carries)
    return modal(Callback.LIFE, f"{use_case.reference}: {TITLE.lower()}", blocks, carries=str(use_case.id))


def _next(seen: Seen) -> Iterator[BlockKit]:
    life = seen.life
    if life.move is None:
        return
    yield {"type": "divider"}
    who = listed([named(each.name) for each in seen.who_may], last="or") or "a programme lead"
    if not life.missing:
        yours = f"Press *{words.BUTTONS[life.move]}* below." if seen.may_move else f"{who} can move it on."
        yield section(f"*{words.BUTTONS[life.move]}*: ✅ nothing is missing. {yours}")
        return
    count = f"{counted(len(life.missing), 'thing')} {'is' if len(life.missing) == 1 else 'are'} missing"
    yield section(f"*{words.BUTTONS[life.move]}*: {count}. Then {who} can move it on.")
    named_before = None
    for each in life.missing[:MISSING_SHOWN]:
        if each.lacks is not None and each.gate is not None and each.gate.phase is not named_before:
            named_before = each.gate.phase
            yield section(f"{state_text(each.gate)}:")
        yield words.missing_block(each, life, may_ask=seen.may_ask)
    if len(life.missing) > MISSING_SHOWN:
        yield context(f"… and {len(life.missing) - MISSING_SHOWN} more.")
    if seen.candidates:
        yield from sections("*Which to take next*, best to begin with first:", *words.lines_of(seen.candidates))


def _ways(seen: Seen) -> Iterator[BlockKit]:
    life, use_case = seen.life, seen.life.use_case
    what, value = f"{use_case.reference}, {use_case.name}", str(use_case.id)
    if life.workstreams:
        yield button(Action.WORKSTREAMS, "Workstreams", value, label=f"Workstreams of {what}")
    yield kpis_button(use_case.id, what)
    if seen.may_stop and use_case.state in LIVE:
        yield button(Action.SUSPEND, "Suspend …", value, label=f"Suspend {what}, saying why")
    if seen.may_stop and use_case.state is UseCaseState.SUSPENDED:
        asked = "People may use it again at once, as far as nothing else holds it up. Owner and sponsor are told."
        yield button(Action.LET_GO_ON, "Let it go on", value, label=f"Let {what} go on", confirm=asked)
    if seen.may_retire:
        yield button(Action.RETIRE_NOW, "Retire …", value, style="danger", label=f"Retire {what}, saying why")


def stop_modal(use_case: UseCaseSnapshot) -> BlockKit:
    """Ask why somebody stops a use case by hand."""
    lead = f"You suspend {words.called(use_case)}. Nobody may use it until somebody lets it go on."
    return _reason_form(Callback.SUSPEND, f"Suspend {use_case.reference}", lead, "Suspend", str(use_case.id))


def retire_modal(use_case: UseCaseSnapshot) -> BlockKit:
    """Ask for the reason, above what retiring means."""
    lead = (
        f"You retire {words.called(use_case)}. Its approval ends at once, nobody may use it any more, and what is "
        "still asked about it is withdrawn. This cannot be undone."
    )
    return _reason_form(Callback.RETIRE_NOW, f"Retire {use_case.reference}", lead, "Retire", str(use_case.id))


def _reason_form(callback: Callback, title: str, lead: str, submit: str, carries: str) -> BlockKit:
    typed = text_input(longest=LONGEST_REASON, multiline=True)
    asked = question(Block.STOP_REASON, "Why?", typed, hint="Owner, sponsor and programme leads read this.")
    return modal(callback, title, [section(lead), asked], submit=submit, carries=carries)


def notice_modal(text: str) -> BlockKit:
    return modal(Callback.LIFE, TITLE, [section(text)])


# ----------------------------------------------------------------------------------------- workstreams


def workstreams_modal(
    use_case: UseCaseSnapshot, streams: Sequence[WorkstreamSnapshot], *, open_for: bool, notice: str = "", now: datetime
) -> BlockKit:
    """Draw both workstreams with their tasks. `open_for`: whoever looks may see to them, in deployment."""
    blocks = [*([section(notice)] if notice else []), header(f"{use_case.reference} · {use_case.name}")]
    lines = [task_words.stream_line(each) for each in streams]
    blocks.append({"type": "section", "fields": [section(each)["text"] for each in lines]})
    for each in streams:
        blocks += [{"type": "divider"}, *_stream(each, open_for=open_for, now=now)]
    back = button(Action.LIFE, "Back", str(use_case.id), label=f"Back to where {use_case.reference} is in its life")
    blocks.append(actions("lifecycle.workstreams.back", back))
    return modal(Callback.WORKSTREAMS, f"{use_case.reference}: workstreams", blocks, carries=str(use_case.id))


def _stream(stream: WorkstreamSnapshot, *, open_for: bool, now: datetime) -> Iterator[BlockKit]:
    name, value = words.STREAMS[stream.kind], str(stream.id)
    yield section(f"*{name}*")
    for task in stream.open_tasks:
        yield section(task_words.task_text(task, now=now))
        if open_for and not stream.is_complete:
            yield actions(f"lifecycle.task.{task.id}", *task_buttons(task))
    ended = [task_words.task_text(task, now=now) for task in stream.tasks if not task.is_open]
    if ended:
        more = [f"… and {len(ended) - ENDED_SHOWN} more."] if len(ended) > ENDED_SHOWN else []
        yield context(*ended[:ENDED_SHOWN], *more)
    if not open_for:
        return
    if stream.is_complete:
        reopen = button(Action.REOPEN_WORKSTREAM, "Reopen", value, label=f"Reopen {name}")
        yield actions(f"lifecycle.workstream.{stream.id}", reopen)
        return
    yield actions(
        f"lifecycle.workstream.{stream.id}",
        button(Action.ADD_TASK, "Add task …", value, label=f"Add a task to {name}"),
        button(Action.EDIT_WORKSTREAM, "Edit …", value, label=f"Edit owner, day and numbers of {name}"),
        button(Action.COMPLETE_WORKSTREAM, "Complete", value, style="primary", label=f"{name} is complete"),
    )


def task_buttons(task: TaskSnapshot) -> list[BlockKit]:
    value = str(task.id)
    return [
        button(Action.FINISH_TASK, "Done", value, label=f"It is done: {task.name}"),
        button(Action.CHANGE_TASK, "Change …", value, label=f"Change who, what or when: {task.name}"),
        button(Action.DROP_TASK, "Drop …", value, label=f"Drop, saying why: {task.name}"),
    ]


def add_task_modal(stream: WorkstreamSnapshot, about: str) -> BlockKit:
    lead = section(f"{about}, {words.STREAMS[stream.kind].lower()}")
    blocks = [lead, *_task_fields("", stream.owner, "")]
    return modal(Callback.ADD_TASK, "Add a task", blocks, submit="Add", carries=str(stream.id))


def change_task_modal(task: TaskSnapshot, version: int, about: str) -> BlockKit:
    lead = section(f"{about}, {words.STREAMS[task.kind].lower()}")
    blocks = [lead, *_task_fields(task.name, task.owner, task.due_on.isoformat())]
    return modal(Callback.CHANGE_TASK, "Change a task", blocks, submit="Save", carries=f"{task.id}.{version}")


def _task_fields(name: str, owner: Actor, due: str) -> list[BlockKit]:
    chosen = owner.slack_id if owner.membership is Membership.MEMBER else ""
    hint = "They are told, and reminded on that day and once after it, in their working hours."
    return [
        question(Block.TASK_NAME, "What is to be done", text_input(longest=LONGEST_TASK, initial=name)),
        question(Block.TASK_OWNER, "Who does it", person(placeholder="Choose a colleague", chosen=chosen)),
        question(Block.TASK_DAY, "By when", day(chosen=due), hint=hint),
    ]


def drop_modal(task: TaskSnapshot, about: str, *, now: datetime) -> BlockKit:
    blocks = [
        section(f"{about}\n{task_words.task_text(task, now=now)}"),
        question(Block.TASK_REASON, "Why is it not needed?", text_input(longest=LONGEST_REASON, multiline=True)),
    ]
    return modal(Callback.DROP_TASK, "Drop a task", blocks, submit="Drop", carries=str(task.id))


def edit_modal(stream: WorkstreamSnapshot, about: str) -> BlockKit:
    """Ask who owns a workstream, by when it is due, and of the onboarding how many are to be trained and are."""
    chosen = stream.owner.slack_id if stream.owner.membership is Membership.MEMBER else ""
    due = stream.due_on.isoformat() if stream.due_on else ""
    blocks = [
        section(f"{about}, {words.STREAMS[stream.kind].lower()}"),
        question(Block.STREAM_OWNER, "Who owns it", person(placeholder="Choose a colleague", chosen=chosen)),
        question(Block.STREAM_DAY, "By when", day(chosen=due), optional=True),
    ]
    if stream.kind is WorkstreamKind.ONBOARDING:
        known = "" if stream.to_train is None else str(stream.to_train)
        blocks += [
            question(Block.TO_TRAIN, "How many people are to be trained", _count(known), hint="For example 12."),
            question(Block.TRAINED, "How many of them are", _count(str(stream.trained)), hint="0 while nobody is."),
        ]
    carries = f"{stream.id}.{stream.version}"
    return modal(Callback.EDIT_WORKSTREAM, "Edit a workstream", blocks, submit="Save", carries=carries)


def _count(initial: str) -> BlockKit:
    return text_input(longest=20, initial=initial, placeholder="12")


# ------------------------------------------------------------------------------------------------ Home


def home_item(task: TaskSnapshot, about: str, *, now: datetime) -> list[BlockKit]:
    """Draw a task for the Home of whoever has it to do."""
    return [
        section(f"{about}: {task_words.task_text(task, now=now)}"),
        actions(f"home.task.{task.id}", *task_buttons(task)),
    ]

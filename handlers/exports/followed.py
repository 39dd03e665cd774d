"""What followed a decision: conditions, renewals, break-glass, audits, suspensions, life, rollouts, lessons."""

from collections.abc import Iterator

from db.enums import ConditionStatus
from handlers.exports.parts import Cell, Heading, Mark, Part, Section, Text, facts, section, table
from handlers.exports.words import demand_text, moment_text, said, who
from handlers.terms import EVIDENCE_KINDS
from handlers.text import SUSPENDED_BECAUSE, USE_CASE_STATES
from workflows.conditions import ConditionSnapshot
from workflows.exports import Pack
from workflows.lessons import LessonSnapshot
from workflows.lifecycle import TaskSnapshot, WorkstreamSnapshot


def conditions(pack: Pack) -> Section:
    rows = [_condition(each) for each in pack.conditions]
    columns = ["Condition", "Who, by when", "Status", "Evidence given last", "Lane by lane"]
    told = table("Every condition that was ever set", columns, rows, layout="wide")
    return section("conditions", "Conditions", [told], empty="No condition was ever set.")


def _condition(each: ConditionSnapshot) -> list[Cell]:
    settled = f"\n{moment_text(each.settled_at)}" if each.settled_at else ""
    late = f"\noverdue, said {moment_text(each.overdue_at)}" if each.overdue_at else ""
    is_done = each.status in (ConditionStatus.MET, ConditionStatus.WAIVED)
    offered = ""
    if each.offered is not None:
        evidence = "\n".join(filter(None, (each.offered.evidence.link, each.offered.evidence.words)))
        offered = f"{evidence}\nby {who(each.offered.by)}, {moment_text(each.offered.at)}"
    return [
        f"{each.number}. {each.text}\nTo be shown by: {EVIDENCE_KINDS[each.evidence].lower()}",
        f"{who(each.owner)}\nby {each.due_on}",
        Mark(f"{said(each.status)}{settled}{late}", "good" if is_done else "warn" if late else ""),
        offered,
        "\n".join(demand_text(each)),
    ]


def oversight(pack: Pack) -> Section:
    """Return renewals, break-glass, audits and suspensions."""
    return section(
        "oversight",
        "Renewals, break-glass, audits, suspensions",
        _oversight(pack),
        empty="It was never asked to be renewed, let through by break-glass, drawn for an audit or suspended.",
    )


def _oversight(pack: Pack) -> Iterator[Part]:
    kinds = {
        "renewals": pack.recertifications,
        "break-glass": pack.glasses,
        "audits": pack.audits,
        "suspensions": pack.suspensions,
    }
    none = [kind for kind, found in kinds.items() if not found]
    if 0 < len(none) < len(kinds):
        yield Text(f"There were none of these: {', '.join(none)}.", "note")
    yield table(
        "Whether its approval still holds",
        ["Asked", "Due", "Answer", "By", "Reason"],
        [
            [
                moment_text(each.asked_at),
                str(each.due_on),
                said(each.answer) if each.answer else "not answered yet",
                f"{who(each.by)}\n{moment_text(each.at)}".strip(),
                each.reason or "",
            ]
            for each in pack.recertifications
        ],
    )
    yield table(
        "Break-glass",
        ["Called by", "Second person", "Hours", "Reason", "What came of it", "In force", "Ends"],
        [
            [
                f"{who(each.called_by)}\n{moment_text(each.called_at)}",
                who(each.second),
                str(each.hours),
                each.reason,
                Mark(said(each.status), "warn"),
                moment_text(each.in_force_at),
                moment_text(each.ends_at),
            ]
            for each in pack.glasses
        ],
    )
    yield table(
        "Audits of what a line of the policy approved",
        ["Audit", "Line", "Drawn", "Share", "Result", "Settled"],
        [
            [
                each.reference,
                each.line,
                moment_text(each.drawn_at),
                f"{each.share} %",
                said(each.result) if each.result else "not settled",
                moment_text(each.settled_at),
            ]
            for each in pack.audits
        ],
    )
    yield table(
        "Suspensions",
        ["Because", "Since", "Lifted"],
        [
            [
                SUSPENDED_BECAUSE[each.cause] + (f": “{each.reason}”" if each.reason else ""),
                moment_text(each.since),
                moment_text(each.lifted_at) or Mark("still in force", "warn"),
            ]
            for each in pack.suspensions
        ],
    )


# -------------------------------------------------------------------------------------------------- life


def life(pack: Pack) -> Section:
    return section("life", "Life after the approval", _life(pack), empty="It was never moved on from its approval.")


def _life(pack: Pack) -> Iterator[Part]:
    moves: list[list[Cell]] = [
        [USE_CASE_STATES[each.state], moment_text(each.at), who(each.by) or "by itself", each.reason or ""]
        for each in pack.moves
    ]
    yield table("Where it was", ["State", "Since", "Moved by", "Reason"], moves)
    for each in pack.workstreams:
        yield from _workstream(each)
    yield table(
        "Rollouts to other teams",
        ["Rollout", "Team", "Owner there", "Status", "What differs there", "Steps done"],
        [
            [
                f"{each.reference}\nasked by {who(each.asked_by)}\n{moment_text(each.asked_at)}",
                f"{each.team}\n{each.people} people",
                who(each.owner),
                said(each.status),
                "\n".join(f"{key.value}: {text}" for key, text in each.differences.items()),
                f"{each.done} of {len(each.steps)}",
            ]
            for each in pack.rollouts
        ],
        layout="wide",
    )


def _workstream(each: WorkstreamSnapshot) -> Iterator[Part]:
    complete = f"complete, {who(each.completed_by)}, {moment_text(each.completed_at)}" if each.is_complete else "open"
    trained = f", {each.trained} of {each.to_train} people trained" if each.to_train is not None else ""
    yield table(
        f"{said(each.kind).capitalize()}: {who(each.owner)}, {complete}{trained}",
        ["Task", "Who", "Due", "What became of it"],
        [[f"{task.number}. {task.name}", who(task.owner), str(task.due_on), _became(task)] for task in each.tasks],
    )


def _became(task: TaskSnapshot) -> Cell:
    if task.done_at is not None:
        return f"done by {who(task.done_by)}, {moment_text(task.done_at)}"
    if task.dropped_at is not None:
        return f"dropped, {moment_text(task.dropped_at)}: {task.reason}"
    return Mark("open", "warn")


def lessons(pack: Pack) -> Section:
    return section("lessons", "What was learnt", _lessons(pack), empty="No lesson and no checklist was written.")


def _lessons(pack: Pack) -> Iterator[Part]:
    for each in pack.lessons:
        yield Heading(f"{each.reference}, {said(each.status)}")
        yield _lesson(each)
    checklist = pack.checklist
    if checklist is not None:
        when = f"{who(checklist.published_by)}, {moment_text(checklist.published_at)}"
        yield Heading(f"Onboarding checklist, version {checklist.version}: {when}")
        yield Text("\n".join(f"{number}. {step}" for number, step in enumerate(checklist.steps, start=1)))


def _lesson(each: LessonSnapshot) -> Part:
    published = f"{who(each.published_by)}, {moment_text(each.published_at)}" if each.published_at else ""
    withdrawn = f"{moment_text(each.withdrawn_at)}: {each.withdrawn_why}" if each.withdrawn_at else ""
    return facts(
        [
            ("What worked", each.says.worked),
            ("What did not", each.says.did_not),
            ("Advice", each.says.advice),
            ("Written by", f"{who(each.written_by)}, {moment_text(each.written_at)}"),
            ("Published by", published),
            ("Said to hold last", moment_text(each.held_at)),
            ("Taken back", withdrawn),
        ]
    )

"""Draw the tree of objectives, one of them with its use cases, and the forms that change it. Values in, blocks out."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Final
from uuid import UUID

from handlers.blocks import (
    BlockKit,
    actions,
    button,
    context,
    modal,
    person,
    question,
    searched,
    section,
    sections,
    text_input,
)
from handlers.ids import Action, Block, Callback
from handlers.objectives.words import numbers_text
from handlers.text import USE_CASE_STATES, inline, named
from workflows.objectives import Hanging, Node, Objective, Tree

TITLE: Final = "Objectives"
PAGE: Final = 40
NAME_SHOWN: Final = 140
CASES_SHOWN: Final = 60
LONGEST_NAME: Final = 140
_STEP: Final = "\u2003"  # an em space: Slack cuts usual ones off at the beginning of a line


def objectives_button(text: str = "Objectives") -> BlockKit:
    return button(Action.OBJECTIVES, text, "objectives", label="Open the business objectives and how they stand")


def tree_blocks(tree: Tree, *, most: int = 12) -> list[BlockKit]:
    """Return the tree in short, the highest objectives first, with the way to all of it: for a page about more."""
    if not tree.nodes:
        return [section("There is no business objective yet. Each begins with the first use case that names it.")]
    by_depth = sorted(enumerate(tree.nodes), key=lambda place: (place[1].depth, place[0]))
    chosen = {place for place, _ in by_depth[:most]}
    lines = [_line(node) for place, node in enumerate(tree.nodes) if place in chosen]
    more = [f"… and {len(tree.nodes) - most} more."] if len(tree.nodes) > most else []
    return [*sections(*lines, *more), actions("objectives.short", objectives_button("All objectives"))]


def tree_modal(tree: Tree, *, steers: bool, offset: int = 0, notice: str = "") -> BlockKit:
    """Show every objective below the one it serves, with what its use cases come to and the way to them."""
    offset = offset if 0 <= offset < len(tree.nodes) else 0
    blocks = [section(notice)] if notice else []
    blocks.append(section(f"*In all*: {numbers_text(tree.total)}."))
    blocks.append(context("Numbers hold what serves an objective too. What is only recorded as in use counts nowhere."))
    if steers:
        label = "Add an objective that others are to serve"
        blocks.append(actions("objectives.top", button(Action.ADD_OBJECTIVE, "Add an objective", "add", label=label)))
    if not tree.nodes:
        blocks.append(section("There is no objective yet. Each begins with the first use case that names it."))
    for node in tree.nodes[offset : offset + PAGE]:
        label = f"Open the objective {node.objective.name}"
        opened = button(Action.OBJECTIVE, "Open", str(node.objective.id), label=label)
        blocks.append(section(_line(node)) | {"accessory": opened})
    return modal(Callback.OBJECTIVES, TITLE, [*blocks, *_pages(len(tree.nodes), offset)])


def objective_modal(
    node: Node, parent: Objective | None, cases: Sequence[Hanging], *, hidden: bool, steers: bool, notice: str = ""
) -> BlockKit:
    """Show one objective: who stands for it, what it comes to, and the use cases that hang on it."""
    objective = node.objective
    lines = [f"*{inline(objective.name, limit=NAME_SHOWN)}*", _who(objective)]
    lines += [f"Serves “{inline(parent.name, limit=NAME_SHOWN)}”"] if parent else []
    lines.append(f"Its own: {numbers_text(node.own)}")
    if node.total != node.own:
        lines.append(f"With what serves it: {numbers_text(node.total)}")
    shown = [_case(each) for each in cases[:CASES_SHOWN]]
    shown += [f"… and {len(cases) - CASES_SHOWN} more."] if len(cases) > CASES_SHOWN else []
    blocks = [*([section(notice)] if notice else []), section("\n".join(lines)), {"type": "divider"}]
    blocks += sections(*(shown or ["No use case that you may know of hangs on it now."]))
    if hidden:
        blocks.append(context("What is confidential counts in the numbers and is not named."))
    ways = [objectives_button("Back")]
    if steers:
        label = f"Say who stands for {objective.name} and what it serves"
        ways.append(button(Action.TIE_OBJECTIVE, "Change …", str(objective.id), label=label))
    return modal(Callback.OBJECTIVES, TITLE, [*blocks, actions("objectives.objective", *ways)])


def tie_modal(objective: Objective, parent: Objective | None) -> BlockKit:
    owner = objective.owner.slack_id if objective.owner else ""
    sponsor = objective.sponsor.slack_id if objective.sponsor else ""
    chosen = (str(parent.id), parent.name) if parent else None
    blocks = [
        section(f"*{inline(objective.name, limit=NAME_SHOWN)}*"),
        question(
            Block.OBJECTIVE_OWNER,
            "Owner",
            person(placeholder="Nobody", chosen=owner),
            hint="May be asked about every use case on it, where the policy says so. What is in review stays as it is.",
            optional=True,
        ),
        question(
            Block.OBJECTIVE_SPONSOR,
            "Sponsor",
            person(placeholder="Nobody", chosen=sponsor),
            hint="Stands up for the objective and what it costs.",
            optional=True,
        ),
        question(
            Block.OBJECTIVE_PARENT,
            "Serves the larger objective",
            searched(Block.OBJECTIVE_PARENT, placeholder="None: it stands at the top", chosen=chosen),
            hint="Its numbers are added to those of the larger one.",
            optional=True,
        ),
    ]
    return modal(
        Callback.TIE_OBJECTIVE,
        "Change the objective",
        blocks,
        submit="Save",
        carries=f"{objective.id}.{objective.digest}",
    )


def add_modal() -> BlockKit:
    hint = "Such as one that others are to serve. An objective use cases hang on begins with the first that names it."
    asked = question(Block.OBJECTIVE_NAME, "Objective", text_input(longest=LONGEST_NAME), hint=hint)
    return modal(Callback.ADD_OBJECTIVE, "Add an objective", [asked], submit="Add")


def notice_modal(text: str) -> BlockKit:
    return modal(Callback.OBJECTIVES, TITLE, [section(text), actions("objectives.notice", objectives_button("Back"))])


def parents_offered(objectives: Sequence[Objective], typed: str, *, limit: int) -> Mapping[UUID, str]:
    found = [each for each in objectives if typed.casefold() in each.name.casefold()]
    return {each.id: each.name for each in found[:limit]}


def _line(node: Node) -> str:
    indent = f"{_STEP * (node.depth - 1)}↳ " if node.depth > 1 else ""
    name = f"{indent}*{inline(node.objective.name, limit=NAME_SHOWN)}*"
    return f"{name}\n{_STEP * node.depth}{numbers_text(node.total)}"


def _who(objective: Objective) -> str:
    owner = named(objective.owner.name) if objective.owner else "nobody"
    sponsor = named(objective.sponsor.name) if objective.sponsor else "nobody"
    return f"Owner: {owner} · Sponsor: {sponsor}"


def _case(case: Hanging) -> str:
    name = inline(case.name, limit=80)
    return f"• *{case.reference}* “{name}” · {inline(case.team)} · {USE_CASE_STATES[case.state].lower()}"


def _pages(total: int, offset: int) -> Iterator[BlockKit]:
    ways = []
    if offset:
        ways.append(button(Action.OBJECTIVES_PAGE, "Before", str(max(0, offset - PAGE)), label="The objectives before"))
    if offset + PAGE < total:
        ways.append(button(Action.OBJECTIVES_PAGE, "More", str(offset + PAGE), label="The objectives after these"))
    if ways:
        yield context(f"{offset + 1} to {min(total, offset + PAGE)} of {total}")
        yield actions("objectives.pages", *ways)

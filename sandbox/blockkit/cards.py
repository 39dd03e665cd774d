"""What Slack accepts as cards, carousels, tasks and plans."""

from typing import Any

from sandbox.blockkit.elements import BUTTON
from sandbox.blockkit.parts import IMAGE, URL
from sandbox.blockkit.rich import RICH_TEXT
from sandbox.blockkit.rules import (
    Problems,
    Rule,
    Shape,
    at_least_one_of,
    at_most_one_of,
    items,
    refuse,
    string,
    text,
    typed,
    unique_in,
)

# Twelve are known to be taken; other sources name a cap of fifty.
_TASKS = 12
_ICONS = frozenset(
    {
        *("archive", "book", "bookmark", "bot", "bug", "calendar", "call", "caret-left", "caret-right", "check"),
        *("clipboard", "code", "comment", "compass", "copy", "cube", "download", "edit", "email", "eye-closed"),
        *("eye-open", "file", "flag", "folder", "gear", "globe", "heart", "help", "image", "info", "key"),
        *("lightbulb", "link", "map", "mobile", "new-window", "pin", "plus", "refine", "refresh", "rocket"),
        *("save", "screen", "share", "sparkle", "star", "star-filled", "tag", "thumbs-down", "thumbs-up"),
        *("trash", "upload", "user", "warning"),
    }
)
_BLOCK_ID: dict[str, Rule] = {"block_id": string(most=255)}
_IMAGE = typed({"image": IMAGE})
_RICH = typed({"rich_text": RICH_TEXT})

CARD = Shape(
    optional={
        **_BLOCK_ID,
        "hero_image": _IMAGE,
        "icon": _IMAGE,
        "slack_icon": typed({"icon": Shape(required={"name": string(among=_ICONS)})}),
        "title": text(most=150),
        "subtitle": text(most=150),
        "body": text(most=200),
        "subtext": text(most=200),
        "actions": items(typed({"button": BUTTON}), least=1, most=3),
    },
    also=(
        at_least_one_of("hero_image", "title", "actions", "body"),
        at_most_one_of("icon", "slack_icon"),
        unique_in("actions", "action_id"),
    ),
)
CAROUSEL = Shape(required={"elements": items(typed({"card": CARD}), least=1, most=10)}, optional=_BLOCK_ID)


def _task(*statuses: str) -> Shape:
    return Shape(
        required={"task_id": string(least=1), "title": string(least=1), "status": string(among=statuses)},
        optional={
            **_BLOCK_ID,
            "details": _RICH,
            "output": _RICH,
            "sources": items(typed({"url": Shape(required={"url": URL, "text": string(least=1)})})),
        },
    )


TASK = _task("in_progress", "complete", "error")
_PLANNED = _task("pending", "in_progress", "complete", "error")


def _planned_task(value: Any, pointer: str, problems: Problems) -> None:
    """Accept a task of a plan, which may leave its type out."""
    kind = value.get("type", "task_card") if isinstance(value, dict) else "task_card"
    if kind != "task_card":
        refuse(problems, f"{pointer}/type", f"unsupported type: {kind}")
    else:
        _PLANNED(value, pointer, problems)


PLAN = Shape(
    required={"title": string(least=1), "tasks": items(_planned_task, least=1, most=_TASKS)},
    optional=_BLOCK_ID,
    also=(unique_in("tasks", "task_id"),),
)

"""Says what Slack would refuse in a message's blocks or in a view."""

import json
from typing import Any

from sandbox.blockkit.blocks import Surface, block_on
from sandbox.blockkit.rules import (
    ANY_SCHEMA,
    Problem,
    Problems,
    Rule,
    Shape,
    boolean,
    items,
    missing_field,
    string,
    text,
    unsupported,
    wrong_type,
)
from sandbox.blockkit.walk import with_children, with_elements
from sandbox.blockkit.wholes import check_whole
from sandbox.ids import random_block_id

Json = dict[str, Any]
MESSAGE_BLOCKS = 50
VIEW_BLOCKS = 100
VIEW_BYTES = 250_000

_TEXT_DEFAULTS: dict[Any, dict[str, bool]] = {"plain_text": {"emoji": True}, "mrkdwn": {"verbatim": False}}
_TITLE = text(most=24, markdown=False)


def _blocks_on(surface: Surface) -> Rule:
    return items(block_on(surface), most=MESSAGE_BLOCKS if surface is Surface.MESSAGE else VIEW_BLOCKS)


_VIEW: dict[str, Rule] = {
    "private_metadata": string(most=3000),
    "callback_id": string(most=255),
    "external_id": string(most=255),
    "submit": _TITLE,
    "close": _TITLE,
    "clear_on_close": boolean,
    "notify_on_close": boolean,
}
_VIEWS = {
    "modal": Shape(required={"title": _TITLE, "blocks": _blocks_on(Surface.MODAL)}, optional=_VIEW),
    "home": Shape(required={"blocks": _blocks_on(Surface.HOME)}, optional={**_VIEW, "title": _TITLE}),
}


def check_message(blocks: Any, *, pointer: str = "/blocks") -> Problems:
    """Return everything Slack would refuse in a message's blocks; an empty list if it would post them."""
    return _check_blocks(blocks, Surface.MESSAGE, pointer)


def _check_blocks(blocks: Any, surface: Surface, pointer: str) -> Problems:
    problems: Problems = []
    _blocks_on(surface)(blocks, pointer, problems)
    if not problems:
        check_whole(blocks, surface, pointer, problems)
    return problems


def check_view(view: Any, *, allowed: tuple[str, ...], pointer: str = "/view") -> Problems:
    """Return everything Slack would refuse in a view that must be of one of the allowed types."""
    problems: Problems = []
    kind = view.get("type") if isinstance(view, dict) else None
    if kind not in allowed:
        unsupported(problems, pointer, kind, expected=allowed)
        return problems
    _VIEWS[kind](view, pointer, problems)
    if problems:
        return problems
    check_whole(view["blocks"], Surface(kind), f"{pointer}/blocks", problems)
    has_input = any(block["type"] == "input" for block in view["blocks"])
    if kind == "modal" and has_input and view.get("submit") is None:
        missing_field(problems, pointer, "submit")
    return problems


def explain(kind: str, payload: Any) -> list[Json]:
    """Return the `errors` with which `blocks.validate` answers for its argument `blocks`, `message` or `view`.

    Empty means `{"ok": true}`; otherwise the method's error is `invalid_` and the argument's name. Pointers start
    at the argument itself. Blocks alone name no surface: they are good if one surface would take them.
    """
    if kind == "view":
        problems = check_view(payload, allowed=("modal", "home"), pointer="")
    elif kind == "message":
        problems = _check_whole_message(payload)
    else:
        problems = min((_check_blocks(payload, surface, "") for surface in Surface), key=len)
    # That nothing matched says less than what did not, which stands next to it or in it.
    found = [problem.inner or problem for problem in problems]
    telling = [problem for problem in found if problem.message != ANY_SCHEMA]
    return [_explained(problem) for problem in telling or found]


def _check_whole_message(message: Any) -> Problems:
    problems: Problems = []
    if not isinstance(message, dict):
        wrong_type(problems, "", "object")
        return problems
    if message.get("blocks") is not None:
        problems += check_message(message["blocks"])
    attachments = message.get("attachments")
    for index, attachment in enumerate(attachments if isinstance(attachments, list) else []):
        if isinstance(attachment, dict) and attachment.get("blocks") is not None:
            problems += check_message(attachment["blocks"], pointer=f"/attachments/{index}/blocks")
    return problems


def _explained(problem: Problem) -> Json:
    told: Json = {"pointer": problem.pointer, "code": "failed_constraint", "message": problem.message}
    if problem.constraint is not None:
        told["constraint"] = dict(problem.constraint)
    if problem.field is not None:
        told["field"] = problem.field
    return told


def is_too_large(view: Json) -> bool:
    return len(json.dumps(view, ensure_ascii=False).encode("utf-8", "replace")) > VIEW_BYTES


def with_ids(blocks: list[Json]) -> list[Json]:
    """Return the blocks as Slack sends them back: with the ids and defaults an app left out."""
    return [_with_ids(with_defaults(block)) for block in blocks]


def with_defaults(value: Any) -> Any:
    """Return text objects with the `emoji` and `verbatim` Slack adds to them, at any depth."""
    if isinstance(value, list):
        return [with_defaults(part) for part in value]
    if not isinstance(value, dict) or value.get("type") == "rich_text":
        return value
    added = _TEXT_DEFAULTS.get(value.get("type"), {}) if isinstance(value.get("text"), str) else {}
    return {**added, **{key: with_defaults(part) for key, part in value.items()}}


def _with_ids(block: Json) -> Json:
    filled = {**block, "block_id": block.get("block_id") or random_block_id()}
    if block["type"] == "input":
        filled = {"optional": False, "dispatch_action": False, **filled}
    return with_children(with_elements(filled, _with_action_id), _with_ids)


def _with_action_id(element: Json) -> Json:
    if element.get("action_id") or element["type"] == "image":
        return element
    return {**element, "action_id": random_block_id()}

"""Says what Slack would refuse in a message's blocks or in a view."""

import json
from typing import Any

from sandbox.blockkit.blocks import Surface, block_on
from sandbox.blockkit.elements import ELEMENTS
from sandbox.blockkit.rules import Problems, Rule, Shape, boolean, items, refuse, string, text
from sandbox.ids import random_block_id

MESSAGE_BLOCKS = 50
VIEW_BLOCKS = 100
VIEW_BYTES = 250_000

_VIEW: dict[str, Rule] = {
    "private_metadata": string(most=3000),
    "callback_id": string(most=255),
    "external_id": string(most=255),
}
_TEXT_DEFAULTS: dict[Any, dict[str, bool]] = {"plain_text": {"emoji": True}, "mrkdwn": {"verbatim": False}}
_TITLE = text(most=24, markdown=False)


def _blocks_on(surface: Surface) -> Rule:
    return items(block_on(surface), most=MESSAGE_BLOCKS if surface is Surface.MESSAGE else VIEW_BLOCKS)


_VIEWS = {
    "modal": Shape(
        required={"title": _TITLE, "blocks": _blocks_on(Surface.MODAL)},
        optional={
            **_VIEW,
            "submit": _TITLE,
            "close": _TITLE,
            "clear_on_close": boolean,
            "notify_on_close": boolean,
        },
    ),
    "home": Shape(
        required={"blocks": _blocks_on(Surface.HOME)},
        optional={
            **_VIEW,
            "title": _TITLE,
            "submit": _TITLE,
            "close": _TITLE,
            "clear_on_close": boolean,
            "notify_on_close": boolean,
        },
    ),
}


def check_message(blocks: Any, *, pointer: str = "/blocks") -> Problems:
    """Return everything Slack would refuse in a message's blocks; an empty list if it would post them."""
    problems: Problems = []
    _blocks_on(Surface.MESSAGE)(blocks, pointer, problems)
    if not problems:
        _unique_block_ids(blocks, pointer, problems)
    return problems


def check_view(view: Any, *, allowed: tuple[str, ...], pointer: str = "/view") -> Problems:
    """Return everything Slack would refuse in a view that must be of one of the allowed types."""
    problems: Problems = []
    kind = view.get("type") if isinstance(view, dict) else None
    if kind not in allowed:
        refuse(problems, f"{pointer}/type", f"unsupported type: {kind}")
        return problems
    _VIEWS[kind](view, pointer, problems)
    if problems:
        return problems
    _unique_block_ids(view["blocks"], f"{pointer}/blocks", problems)
    has_input = any(block["type"] == "input" for block in view["blocks"])
    if kind == "modal" and has_input and view.get("submit") is None:
        refuse(problems, pointer, "missing required field: submit")
    return problems


def is_too_large(view: dict[str, Any]) -> bool:
    return len(json.dumps(view, ensure_ascii=False).encode("utf-8", "replace")) > VIEW_BYTES


def with_ids(blocks: list[dict[str, Any]]) -> list[dict[str, Any]]:
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


def _with_ids(block: dict[str, Any]) -> dict[str, Any]:
    filled = {**block, "block_id": block.get("block_id") or random_block_id()}
    if block["type"] == "input":
        filled = {"optional": False, "dispatch_action": False, **filled}
    for name in ("accessory", "element"):
        if isinstance(filled.get(name), dict):
            filled[name] = _with_action_id(filled[name])
    if block["type"] == "actions":
        filled["elements"] = [_with_action_id(element) for element in block["elements"]]
    return filled


def _with_action_id(element: dict[str, Any]) -> dict[str, Any]:
    if element.get("action_id") or element["type"] not in ELEMENTS or element["type"] == "image":
        return element
    return {**element, "action_id": random_block_id()}


def _unique_block_ids(blocks: list[dict[str, Any]], pointer: str, problems: Problems) -> None:
    seen: set[str] = set()
    for index, block in enumerate(blocks):
        name = block.get("block_id")
        if name and name in seen:
            refuse(problems, f"{pointer}/{index}/block_id", f"`block_id` {name} already exists")
        elif name:
            seen.add(name)

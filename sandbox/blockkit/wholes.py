"""What Slack refuses in blocks that are each fine alone: twins, too many charts, too much text."""

from collections.abc import Iterable
from typing import Any

from sandbox.blockkit.blocks import MARKDOWN_CHARACTERS, Surface
from sandbox.blockkit.figures import DATA_TABLE_CHARACTERS, TABLE_CHARACTERS, characters
from sandbox.blockkit.rules import Problems, refuse
from sandbox.blockkit.walk import placed_blocks, placed_elements

Json = dict[str, Any]
Placed = list[tuple[str, Json]]

_TABLES = 1
_CHARTS = 2


def check_whole(blocks: list[Json], surface: Surface, pointer: str, problems: Problems) -> None:
    """Judge blocks together that were found good one by one."""
    everything = list(placed_blocks(blocks, pointer))
    _unique_block_ids(everything, problems)
    _few_enough(everything, surface, problems)
    _short_enough(everything, problems)
    _one_focus(everything, problems)
    _response_urls(everything, surface, problems)


def _unique_block_ids(everything: Placed, problems: Problems) -> None:
    seen: set[str] = set()
    for pointer, block in everything:
        name = block.get("block_id")
        if name and name in seen:
            refuse(problems, f"{pointer}/block_id", f"`block_id` {name} already exists", field="block_id")
        elif name:
            seen.add(name)


def _few_enough(everything: Placed, surface: Surface, problems: Problems) -> None:
    if surface is not Surface.MESSAGE:
        return
    for kind, most, message in (
        ("table", _TABLES, "only_one_table_allowed"),
        ("data_visualization", _CHARTS, f"no more than {_CHARTS} data_visualization blocks allowed"),
    ):
        for pointer, _ in _of(everything, kind)[most:]:
            refuse(problems, pointer, message, limit="max_items", expected=most)


def _short_enough(everything: Placed, problems: Problems) -> None:
    for kind, part, most in (
        ("markdown", "text", MARKDOWN_CHARACTERS),
        ("table", "rows", TABLE_CHARACTERS),
        ("data_table", "rows", DATA_TABLE_CHARACTERS),
    ):
        found = _of(everything, kind)
        used = sum(len(block[part]) if kind == "markdown" else characters(block[part]) for _, block in found)
        if used > most:
            message = f"no more than {most} characters allowed in all {kind} blocks"
            refuse(problems, f"{found[-1][0]}/{part}", message, limit="max_length", expected=most)


def _one_focus(everything: Placed, problems: Problems) -> None:
    focused = [pointer for pointer, element in _elements(everything) if element.get("focus_on_load")]
    for pointer in focused[1:]:
        message = "only one element can set focus_on_load"
        refuse(problems, f"{pointer}/focus_on_load", message, field="focus_on_load")


def _response_urls(everything: Placed, surface: Surface, problems: Problems) -> None:
    """Refuse response URLs asked for elsewhere than in the inputs of a modal."""
    for pointer, element in _elements(everything):
        if element.get("response_url_enabled") and not (surface is Surface.MODAL and pointer.endswith("/element")):
            message = "only allowed in input blocks of modals"
            refuse(problems, f"{pointer}/response_url_enabled", message, field="response_url_enabled")


def _of(everything: Placed, kind: str) -> Placed:
    return [(pointer, block) for pointer, block in everything if block["type"] == kind]


def _elements(everything: Placed) -> Iterable[tuple[str, Json]]:
    return (found for pointer, block in everything for found in placed_elements(block, pointer))

"""Walks through blocks, into those that hold others, and to the elements a person can operate."""

from collections.abc import Iterable, Iterator
from typing import Any

Json = dict[str, Any]

_HOLDERS = {"container": "child_blocks", "carousel": "elements"}
_ROWS = {"actions": "elements", "context_actions": "elements", "card": "actions"}


def every_block(blocks: Iterable[Json]) -> Iterator[Json]:
    return (block for _, block in placed_blocks(blocks, ""))


def placed_blocks(blocks: Iterable[Json], pointer: str) -> Iterator[tuple[str, Json]]:
    """Yield every block with the pointer to it; the children of one that holds others follow it."""
    for index, block in enumerate(blocks):
        here = f"{pointer}/{index}"
        yield here, block
        inner = _HOLDERS.get(str(block.get("type")))
        if inner:
            yield from placed_blocks(block.get(inner) or [], f"{here}/{inner}")


def placed_elements(block: Json, pointer: str = "") -> Iterator[tuple[str, Json]]:
    """Yield the elements of one block, images among them, with the pointers to them."""
    for name in ("element", "accessory"):
        if isinstance(block.get(name), dict):
            yield f"{pointer}/{name}", block[name]
    row = _ROWS.get(str(block.get("type")), "")
    for index, element in enumerate(block.get(row) or []):
        yield f"{pointer}/{row}/{index}", element


def with_elements(block: Json, change: Any) -> Json:
    """Return the block with each of its elements, and of the blocks it holds, replaced by what `change` makes."""
    kind, changed = str(block.get("type")), dict(block)
    for name in ("element", "accessory"):
        if isinstance(block.get(name), dict):
            changed[name] = change(block[name])
    row = _ROWS.get(kind, "")
    if block.get(row):
        changed[row] = [change(element) for element in block[row]]
    return changed


def with_children(block: Json, change: Any) -> Json:
    inner = _HOLDERS.get(str(block.get("type")), "")
    return {**block, inner: [change(child) for child in block[inner]]} if block.get(inner) else block

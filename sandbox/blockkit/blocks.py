"""What Slack accepts as a block, and on which surface."""

from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from sandbox.blockkit.cards import CARD, CAROUSEL, PLAN, TASK
from sandbox.blockkit.elements import ELEMENTS, IN_ACTIONS, IN_CONTEXT_ACTIONS, IN_INPUT, IN_SECTION
from sandbox.blockkit.figures import CHART, DATA_TABLE, TABLE
from sandbox.blockkit.parts import IMAGE, URL
from sandbox.blockkit.rich import RICH_TEXT
from sandbox.blockkit.rules import (
    ANY_SCHEMA,
    Problems,
    Rule,
    Shape,
    at_least_one_of,
    boolean,
    exactly_one_of,
    integer,
    items,
    missing_field,
    refuse,
    string,
    text,
    typed,
    unique_in,
    unsupported,
)

MARKDOWN_CHARACTERS = 12_000


class Surface(StrEnum):
    MESSAGE = "message"
    MODAL = "modal"
    HOME = "home"


EVERYWHERE = frozenset(Surface)
_IN_MESSAGES = frozenset({Surface.MESSAGE})
_NOT_IN_MODALS = frozenset({Surface.MESSAGE, Surface.HOME})


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    shape: Shape
    surfaces: frozenset[Surface] = EVERYWHERE


_BLOCK_ID: dict[str, Rule] = {"block_id": string(most=255)}


def _https(most: int) -> Rule:
    return string(most=most, pattern=r"https://\S+")


def _image_or_text(value: Any, pointer: str, problems: Problems) -> None:
    if isinstance(value, dict) and value.get("type") == "image":
        IMAGE(value, pointer, problems)
    else:
        text(most=3000)(value, pointer, problems)


def _dispatch_fits(value: dict[str, Any], pointer: str, problems: Problems) -> None:
    if value.get("dispatch_action") and value["element"]["type"] == "file_input":
        refuse(problems, f"{pointer}/dispatch_action", "not allowed with file_input", field="dispatch_action")


def _folding_fits(value: dict[str, Any], pointer: str, problems: Problems) -> None:
    if value.get("default_collapsed") and not value.get("is_collapsible"):
        refuse(problems, f"{pointer}/default_collapsed", "needs is_collapsible", field="default_collapsed")
    if value.get("has_header_divider") and value.get("is_collapsible"):
        refuse(problems, f"{pointer}/has_header_divider", "not allowed with is_collapsible", field="has_header_divider")


_IN_CONTAINER = ("actions", "context", "divider", "header", "image", "input", "rich_text", "section", "table", "video")


def _child(value: Any, pointer: str, problems: Problems) -> None:
    # Containers stand in messages, so that is what their children must fit.
    block_on(Surface.MESSAGE, among=_IN_CONTAINER)(value, pointer, problems)


BLOCKS: dict[str, Block] = {
    "section": Block(
        shape=Shape(
            optional={
                **_BLOCK_ID,
                "text": text(most=3000),
                "fields": items(text(most=2000), least=1, most=10),
                "accessory": typed(ELEMENTS, IN_SECTION),
                "expand": boolean,
            },
            also=(at_least_one_of("text", "fields"),),
        )
    ),
    "header": Block(
        shape=Shape(
            required={"text": text(most=150, markdown=False)},
            optional={**_BLOCK_ID, "level": integer(least=1, most=4)},
        )
    ),
    "divider": Block(shape=Shape(optional=_BLOCK_ID)),
    "context": Block(shape=Shape(required={"elements": items(_image_or_text, least=1, most=10)}, optional=_BLOCK_ID)),
    "actions": Block(
        shape=Shape(
            required={"elements": items(typed(ELEMENTS, IN_ACTIONS), least=1, most=25)},
            optional=_BLOCK_ID,
            also=(unique_in("elements", "action_id"),),
        )
    ),
    "context_actions": Block(
        shape=Shape(
            required={"elements": items(typed(ELEMENTS, IN_CONTEXT_ACTIONS), least=1, most=5)},
            optional=_BLOCK_ID,
            also=(unique_in("elements", "action_id"),),
        ),
        surfaces=_IN_MESSAGES,
    ),
    "input": Block(
        shape=Shape(
            required={"label": text(most=2000, markdown=False), "element": typed(ELEMENTS, IN_INPUT)},
            optional={
                **_BLOCK_ID,
                "hint": text(most=2000, markdown=False),
                "optional": boolean,
                "dispatch_action": boolean,
            },
            also=(_dispatch_fits,),
        )
    ),
    "image": Block(
        shape=Shape(
            required=IMAGE.required,
            optional={**IMAGE.optional, **_BLOCK_ID, "title": text(most=2000, markdown=False)},
            also=IMAGE.also,
        )
    ),
    "rich_text": Block(shape=RICH_TEXT),
    "markdown": Block(
        shape=Shape(required={"text": string(most=MARKDOWN_CHARACTERS, least=1)}, optional=_BLOCK_ID),
        surfaces=_IN_MESSAGES,
    ),
    "table": Block(shape=TABLE, surfaces=_NOT_IN_MODALS),
    "data_table": Block(shape=DATA_TABLE, surfaces=_NOT_IN_MODALS),
    # One source shows charts on Home too; Slack's own page does not say so.
    "data_visualization": Block(shape=CHART, surfaces=_IN_MESSAGES),
    "alert": Block(
        shape=Shape(
            required={"text": text(most=200)},
            optional={**_BLOCK_ID, "level": string(among=("default", "info", "warning", "error", "success"))},
        ),
        surfaces=frozenset({Surface.MODAL}),
    ),
    "card": Block(shape=CARD),
    "carousel": Block(shape=CAROUSEL, surfaces=_NOT_IN_MODALS),
    # One source shows containers on Home too.
    "container": Block(
        shape=Shape(
            required={"child_blocks": items(_child, least=1, most=10)},
            optional={
                **_BLOCK_ID,
                "title": text(most=150, markdown=False),
                "rich_text_title": typed({"rich_text": RICH_TEXT}),
                "subtitle": text(most=150),
                "icon": typed({"image": IMAGE}),
                "width": string(among=("narrow", "standard", "wide", "full")),
                "is_collapsible": boolean,
                "default_collapsed": boolean,
                "has_header_divider": boolean,
            },
            also=(exactly_one_of("title", "rich_text_title"), _folding_fits),
        ),
        surfaces=_IN_MESSAGES,
    ),
    "plan": Block(shape=PLAN, surfaces=_IN_MESSAGES),
    "task_card": Block(shape=TASK, surfaces=_IN_MESSAGES),
    "video": Block(
        shape=Shape(
            required={
                "alt_text": string(most=2000),
                "title": text(most=199, markdown=False),
                "thumbnail_url": URL,
                "video_url": _https(3000),
            },
            optional={
                **_BLOCK_ID,
                "author_name": string(most=49),
                "description": text(most=200, markdown=False),
                "provider_icon_url": string(most=2000, least=1),
                "provider_name": string(most=50),
                "title_url": _https(2000),
            },
        )
    ),
    "call": Block(
        shape=Shape(required={"call_id": string(least=1)}, optional={**_BLOCK_ID, "api_decoration_available": boolean}),
        surfaces=_IN_MESSAGES,
    ),
}


def block_on(surface: Surface, *, among: Collection[str] | None = None) -> Rule:
    """Accept one block that this surface can show, of the named types if some are named."""
    taken = [name for name, block in BLOCKS.items() if surface in block.surfaces and (among is None or name in among)]

    def rule(value: Any, pointer: str, problems: Problems) -> None:
        kind = value.get("type") if isinstance(value, dict) else None
        if kind is None:
            refuse(problems, pointer, ANY_SCHEMA)
            missing_field(problems, pointer, "type")
        elif not isinstance(kind, str) or kind not in taken:
            unsupported(problems, pointer, kind, expected=taken)
        else:
            BLOCKS[kind].shape(value, pointer, problems)

    return rule

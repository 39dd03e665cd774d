"""What Slack accepts as a block, and on which surface."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from sandbox.blockkit.elements import ELEMENTS, IMAGE, IN_ACTIONS, IN_INPUT, IN_SECTION
from sandbox.blockkit.rules import (
    ANY_SCHEMA,
    Problems,
    Rule,
    Shape,
    at_least_one_of,
    boolean,
    integer,
    items,
    refuse,
    string,
    text,
    typed,
    unique_in,
)


class Surface(StrEnum):
    MESSAGE = "message"
    MODAL = "modal"
    HOME = "home"


EVERYWHERE = frozenset(Surface)


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    shape: Shape
    surfaces: frozenset[Surface] = EVERYWHERE


_BLOCK_ID: dict[str, Rule] = {"block_id": string(most=255)}


def _image_or_text(value: Any, pointer: str, problems: Problems) -> None:
    if isinstance(value, dict) and value.get("type") == "image":
        IMAGE(value, pointer, problems)
    else:
        text(most=3000)(value, pointer, problems)


def _dispatch_fits(value: dict[str, Any], pointer: str, problems: Problems) -> None:
    if value.get("dispatch_action") and value["element"]["type"] == "file_input":
        refuse(problems, f"{pointer}/dispatch_action", "not allowed with file_input")


_STYLE = Shape(
    optional=dict.fromkeys(
        (
            *("bold", "italic", "strike", "code", "underline"),
            *("highlight", "client_highlight", "unlink"),
        ),
        boolean,
    )
)
_STYLED: dict[str, Rule] = {"style": _STYLE}
_NAME = string(least=1)
_BORDER: dict[str, Rule] = {"border": integer(least=0, most=1)}

INLINE: Mapping[str, Rule] = {
    "text": Shape(required={"text": string(least=1)}, optional=_STYLED),
    "link": Shape(required={"url": string(least=1)}, optional={**_STYLED, "text": string(), "unsafe": boolean}),
    "user": Shape(required={"user_id": _NAME}, optional=_STYLED),
    "usergroup": Shape(required={"usergroup_id": _NAME}, optional=_STYLED),
    "channel": Shape(required={"channel_id": _NAME}, optional=_STYLED),
    "team": Shape(required={"team_id": _NAME}, optional=_STYLED),
    "emoji": Shape(
        required={"name": _NAME},
        optional={**_STYLED, "unicode": string(), "skin_tone": integer(least=2, most=6), "url": string()},
    ),
    "broadcast": Shape(required={"range": string(among=("here", "channel", "everyone"))}, optional=_STYLED),
    "date": Shape(
        required={"timestamp": integer(least=0), "format": _NAME},
        optional={**_STYLED, "url": string(), "fallback": string()},
    ),
    "color": Shape(required={"value": _NAME}, optional=_STYLED),
}
_INLINES = items(typed(INLINE))
_RICH_SECTION = Shape(required={"elements": _INLINES})

RICH: Mapping[str, Rule] = {
    "rich_text_section": _RICH_SECTION,
    "rich_text_list": Shape(
        required={
            "style": string(among=("bullet", "ordered")),
            "elements": items(typed({"rich_text_section": _RICH_SECTION}), least=1),
        },
        optional={
            **_BORDER,
            "indent": integer(least=0, most=8),
            "offset": integer(least=0),
        },
    ),
    "rich_text_quote": Shape(required={"elements": _INLINES}, optional=_BORDER),
    "rich_text_preformatted": Shape(required={"elements": _INLINES}, optional={**_BORDER, "language": string()}),
}

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
    "rich_text": Block(
        shape=Shape(required={"elements": items(typed(RICH))}, optional=_BLOCK_ID),
    ),
}


def block_on(surface: Surface) -> Rule:
    """Accept one block that this surface can show."""

    def rule(value: Any, pointer: str, problems: Problems) -> None:
        kind = value.get("type") if isinstance(value, dict) else None
        block = BLOCKS.get(kind) if isinstance(kind, str) else None
        if kind is None:
            refuse(problems, pointer, ANY_SCHEMA)
            refuse(problems, pointer, "missing required field: type")
        elif block is None or surface not in block.surfaces:
            refuse(problems, f"{pointer}/type", f"unsupported type: {kind}")
        else:
            block.shape(value, pointer, problems)

    return rule

"""What Slack accepts as rich text: sections, lists, quotes, code, and what stands in their lines."""

from collections.abc import Mapping

from sandbox.blockkit.rules import Rule, Shape, boolean, integer, items, string, typed

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
_SECTION = Shape(required={"elements": _INLINES})

RICH: Mapping[str, Rule] = {
    "rich_text_section": _SECTION,
    "rich_text_list": Shape(
        required={
            "style": string(among=("bullet", "ordered")),
            "elements": items(typed({"rich_text_section": _SECTION}), least=1),
        },
        optional={**_BORDER, "indent": integer(least=0, most=8), "offset": integer(least=0)},
    ),
    "rich_text_quote": Shape(required={"elements": _INLINES}, optional=_BORDER),
    "rich_text_preformatted": Shape(required={"elements": _INLINES}, optional={**_BORDER, "language": string()}),
}

RICH_TEXT = Shape(required={"elements": items(typed(RICH))}, optional={"block_id": string(most=255)})

"""What Slack accepts inside blocks: buttons, menus, pickers, inputs."""

from typing import Any

from sandbox.blockkit.rules import (
    Problems,
    Rule,
    Shape,
    boolean,
    exactly_one_of,
    integer,
    items,
    refuse,
    string,
    text,
)

_PLACEHOLDER = text(most=150, markdown=False)
_DATE = string(pattern=r"\d{4}-\d{2}-\d{2}")
_TIME = string(pattern=r"([01]\d|2[0-3]):[0-5]\d")
_ID = string(least=1)
_URL = string(most=3000, least=1)

CONFIRM = Shape(
    required={
        "title": text(most=100, markdown=False),
        "text": text(most=300),
        "confirm": text(most=30, markdown=False),
        "deny": text(most=30, markdown=False),
    },
    optional={"style": string(among=("primary", "danger"))},
)


def _option(*, markdown: bool = False, url: bool = False) -> Shape:
    optional: dict[str, Rule] = {"description": text(most=75, markdown=markdown)}
    if url:
        optional["url"] = _URL
    return Shape(required={"text": text(most=75, markdown=markdown), "value": string(most=150)}, optional=optional)


_MENU_OPTION = _option()
_BOX_OPTION = _option(markdown=True)
_OPTION_GROUP = Shape(
    required={
        "label": text(most=75, markdown=False),
        "options": items(_MENU_OPTION, least=1, most=100),
    }
)


def _all_options(value: dict[str, Any]) -> list[Any]:
    groups = value.get("option_groups") or []
    return [*(value.get("options") or []), *(option for group in groups for option in group["options"])]


def _initial_is_offered(value: dict[str, Any], pointer: str, problems: Problems) -> None:
    one = value.get("initial_option")
    chosen = value.get("initial_options") or ([one] if one else [])
    offered = _all_options(value)
    for option in chosen:
        if not any(option["value"] == other["value"] for other in offered):
            name = "initial_option" if one else "initial_options"
            refuse(problems, f"{pointer}/{name}", "must match one of the options")


def _lengths_agree(value: dict[str, Any], pointer: str, problems: Problems) -> None:
    most = value.get("max_length")
    if most is not None and value.get("min_length", 0) > most:
        refuse(problems, f"{pointer}/min_length", "must be less than or equal to max_length")


_COMMON: dict[str, Rule] = {"action_id": string(most=255, least=1)}
_ASKS: dict[str, Rule] = {**_COMMON, "confirm": CONFIRM}
_FOCUS: dict[str, Rule] = {"focus_on_load": boolean}
_MENU: dict[str, Rule] = {**_ASKS, **_FOCUS, "placeholder": _PLACEHOLDER}
_MANY: dict[str, Rule] = {"max_selected_items": integer(least=1)}
_DISPATCH: dict[str, Rule] = {
    "dispatch_action_config": Shape(
        required={
            "trigger_actions_on": items(string(among=("on_enter_pressed", "on_character_entered")), least=1, most=2)
        }
    )
}
_TYPED: dict[str, Rule] = {**_COMMON, **_FOCUS, **_DISPATCH, "placeholder": _PLACEHOLDER}
_STATIC: dict[str, Rule] = {
    "options": items(_MENU_OPTION, least=1, most=100),
    "option_groups": items(_OPTION_GROUP, least=1, most=100),
}
_FILTER = Shape(
    optional={
        "include": items(string(among=("im", "mpim", "private", "public")), least=1),
        "exclude_bot_users": boolean,
        "exclude_external_shared_channels": boolean,
    }
)
_CONVERSATIONS: dict[str, Rule] = {"filter": _FILTER, "default_to_current_conversation": boolean}
_BOXES: dict[str, Rule] = {**_ASKS, **_FOCUS}
_STATIC_CHECKS = (exactly_one_of("options", "option_groups"), _initial_is_offered)

IMAGE = Shape(
    required={"alt_text": string(most=2000)},
    optional={"image_url": _URL, "slack_file": Shape(optional={"id": _ID, "url": _URL})},
    also=(exactly_one_of("image_url", "slack_file"),),
)

ELEMENTS: dict[str, Shape] = {
    "button": Shape(
        required={"text": text(most=75, markdown=False)},
        optional={
            **_ASKS,
            "value": string(most=2000),
            "url": _URL,
            "style": string(among=("primary", "danger")),
            "accessibility_label": string(most=75),
        },
    ),
    "static_select": Shape(optional={**_MENU, **_STATIC, "initial_option": _MENU_OPTION}, also=_STATIC_CHECKS),
    "multi_static_select": Shape(
        optional={**_MENU, **_MANY, **_STATIC, "initial_options": items(_MENU_OPTION, least=1)},
        also=_STATIC_CHECKS,
    ),
    "external_select": Shape(optional={**_MENU, "initial_option": _MENU_OPTION, "min_query_length": integer(least=0)}),
    "multi_external_select": Shape(
        optional={
            **_MENU,
            **_MANY,
            "initial_options": items(_MENU_OPTION, least=1),
            "min_query_length": integer(least=0),
        }
    ),
    "users_select": Shape(optional={**_MENU, "initial_user": _ID}),
    "multi_users_select": Shape(optional={**_MENU, **_MANY, "initial_users": items(_ID)}),
    "conversations_select": Shape(
        optional={
            **_MENU,
            **_CONVERSATIONS,
            "initial_conversation": _ID,
            "response_url_enabled": boolean,
        }
    ),
    "multi_conversations_select": Shape(
        optional={**_MENU, **_MANY, **_CONVERSATIONS, "initial_conversations": items(_ID)}
    ),
    "channels_select": Shape(optional={**_MENU, "initial_channel": _ID, "response_url_enabled": boolean}),
    "multi_channels_select": Shape(optional={**_MENU, **_MANY, "initial_channels": items(_ID)}),
    "overflow": Shape(required={"options": items(_option(url=True), least=1, most=5)}, optional=_ASKS),
    "radio_buttons": Shape(
        required={"options": items(_BOX_OPTION, least=1, most=10)},
        optional={**_BOXES, "initial_option": _BOX_OPTION},
        also=(_initial_is_offered,),
    ),
    "checkboxes": Shape(
        required={"options": items(_BOX_OPTION, least=1, most=10)},
        optional={**_BOXES, "initial_options": items(_BOX_OPTION, least=1)},
        also=(_initial_is_offered,),
    ),
    "datepicker": Shape(optional={**_MENU, "initial_date": _DATE}),
    "timepicker": Shape(optional={**_MENU, "initial_time": _TIME, "timezone": string(least=1)}),
    "datetimepicker": Shape(
        optional={**_ASKS, **_FOCUS, "initial_date_time": integer(least=1_000_000_000, most=9_999_999_999)}
    ),
    "plain_text_input": Shape(
        optional={
            **_TYPED,
            "initial_value": string(most=3000),
            "multiline": boolean,
            "min_length": integer(least=0, most=3000),
            "max_length": integer(least=1, most=3000),
        },
        also=(_lengths_agree,),
    ),
    "number_input": Shape(
        required={"is_decimal_allowed": boolean},
        optional={
            **_TYPED,
            "initial_value": string(pattern=r"-?\d+(\.\d+)?"),
            "min_value": string(pattern=r"-?\d+(\.\d+)?"),
            "max_value": string(pattern=r"-?\d+(\.\d+)?"),
        },
    ),
    "email_text_input": Shape(optional={**_TYPED, "initial_value": string()}),
    "url_text_input": Shape(optional={**_TYPED, "initial_value": string()}),
    "image": IMAGE,
}

_MENUS = (
    *("static_select", "external_select", "users_select", "conversations_select", "channels_select"),
    *("multi_static_select", "multi_external_select", "multi_users_select"),
    *("multi_conversations_select", "multi_channels_select"),
)
_PICKED = ("checkboxes", "radio_buttons", "datepicker", "timepicker")
IN_SECTION = frozenset({*_MENUS, *_PICKED, "button", "overflow", "image"})
IN_ACTIONS = frozenset({*_MENUS, *_PICKED, "datetimepicker", "button", "overflow"})
IN_INPUT = frozenset(
    {
        *_MENUS,
        *_PICKED,
        *("datetimepicker", "plain_text_input", "number_input", "email_text_input", "url_text_input"),
    }
)

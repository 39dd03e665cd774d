"""What Slack accepts inside blocks: buttons, menus, pickers, inputs."""

from sandbox.blockkit.parts import (
    BOX_OPTION,
    CONFIRM,
    FILTER,
    ID,
    IMAGE,
    MENU_OPTION,
    OPTION_GROUP,
    PLACEHOLDER,
    STYLE,
    URL,
    initial_is_offered,
    option,
    ordered,
    zone,
)
from sandbox.blockkit.rich import RICH_TEXT
from sandbox.blockkit.rules import Rule, Shape, boolean, exactly_one_of, integer, items, string, text, typed

_DATE = string(pattern=r"\d{4}-\d{2}-\d{2}")
_TIME = string(pattern=r"([01]\d|2[0-3]):[0-5]\d")
_NUMBER = string(pattern=r"-?\d+(\.\d+)?")

_COMMON: dict[str, Rule] = {"action_id": string(most=255, least=1)}
_ASKS: dict[str, Rule] = {**_COMMON, "confirm": CONFIRM}
_FOCUS: dict[str, Rule] = {"focus_on_load": boolean}
_SPOKEN: dict[str, Rule] = {"accessibility_label": string(most=75)}
_MENU: dict[str, Rule] = {**_ASKS, **_FOCUS, "placeholder": PLACEHOLDER}
_MANY: dict[str, Rule] = {"max_selected_items": integer(least=1)}
_DISPATCH: dict[str, Rule] = {
    "dispatch_action_config": Shape(
        required={
            "trigger_actions_on": items(string(among=("on_enter_pressed", "on_character_entered")), least=1, most=2)
        }
    )
}
_TYPED: dict[str, Rule] = {**_COMMON, **_FOCUS, **_DISPATCH, "placeholder": PLACEHOLDER}
_STATIC: dict[str, Rule] = {
    "options": items(MENU_OPTION, least=1, most=100),
    "option_groups": items(OPTION_GROUP, least=1, most=100),
}
_CONVERSATIONS: dict[str, Rule] = {"filter": FILTER, "default_to_current_conversation": boolean}
_BOXES: dict[str, Rule] = {**_ASKS, **_FOCUS}
_STATIC_CHECKS = (exactly_one_of("options", "option_groups"), initial_is_offered)
_SEARCH: dict[str, Rule] = {"min_query_length": integer(least=0)}
_SOME_OPTIONS = items(MENU_OPTION, least=1)
_LINES = integer(least=1, most=100)

BUTTON = Shape(
    required={"text": text(most=75, markdown=False)},
    optional={
        **_ASKS,
        **_SPOKEN,
        "value": string(most=2000),
        "url": URL,
        "style": STYLE,
        "agent_prompt": string(most=4000),
    },
)
_FEEDBACK = Shape(
    required={"text": text(most=75, markdown=False), "value": string(most=2000, least=1)},
    optional=_SPOKEN,
)
_TRIGGER = Shape(
    required={"url": URL},
    optional={
        "customizable_input_parameters": items(Shape(required={"name": string(least=1), "value": string()})),
    },
)

ELEMENTS: dict[str, Shape] = {
    "button": BUTTON,
    "workflow_button": Shape(
        required={
            "text": text(most=75, markdown=False),
            "workflow": Shape(required={"trigger": _TRIGGER}),
        },
        optional={**_COMMON, **_SPOKEN, "style": STYLE},
    ),
    "feedback_buttons": Shape(required={"positive_button": _FEEDBACK, "negative_button": _FEEDBACK}, optional=_COMMON),
    "icon_button": Shape(
        required={"icon": string(among=("trash",)), "text": text(most=75, markdown=False)},
        optional={**_ASKS, **_SPOKEN, "value": string(most=2000), "visible_to_user_ids": items(ID, least=1, most=10)},
    ),
    "static_select": Shape(optional={**_MENU, **_STATIC, "initial_option": MENU_OPTION}, also=_STATIC_CHECKS),
    "multi_static_select": Shape(
        optional={**_MENU, **_MANY, **_STATIC, "initial_options": _SOME_OPTIONS}, also=_STATIC_CHECKS
    ),
    "external_select": Shape(optional={**_MENU, **_SEARCH, "initial_option": MENU_OPTION}),
    "multi_external_select": Shape(optional={**_MENU, **_MANY, **_SEARCH, "initial_options": _SOME_OPTIONS}),
    "users_select": Shape(optional={**_MENU, "initial_user": ID}),
    "multi_users_select": Shape(optional={**_MENU, **_MANY, "initial_users": items(ID)}),
    "conversations_select": Shape(
        optional={**_MENU, **_CONVERSATIONS, "initial_conversation": ID, "response_url_enabled": boolean}
    ),
    "multi_conversations_select": Shape(
        optional={**_MENU, **_MANY, **_CONVERSATIONS, "initial_conversations": items(ID)}
    ),
    "channels_select": Shape(optional={**_MENU, "initial_channel": ID, "response_url_enabled": boolean}),
    "multi_channels_select": Shape(optional={**_MENU, **_MANY, "initial_channels": items(ID)}),
    "overflow": Shape(required={"options": items(option(url=True), least=1, most=5)}, optional=_ASKS),
    "radio_buttons": Shape(
        required={"options": items(BOX_OPTION, least=1, most=10)},
        optional={**_BOXES, "initial_option": BOX_OPTION},
        also=(initial_is_offered,),
    ),
    "checkboxes": Shape(
        required={"options": items(BOX_OPTION, least=1, most=10)},
        optional={**_BOXES, "initial_options": items(BOX_OPTION, least=1)},
        also=(initial_is_offered,),
    ),
    "datepicker": Shape(optional={**_MENU, "initial_date": _DATE}),
    "timepicker": Shape(optional={**_MENU, "initial_time": _TIME, "timezone": zone}),
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
        also=(ordered("min_length", "max_length"),),
    ),
    "number_input": Shape(
        required={"is_decimal_allowed": boolean},
        optional={**_TYPED, "initial_value": _NUMBER, "min_value": _NUMBER, "max_value": _NUMBER},
        also=(ordered("min_value", "max_value"),),
    ),
    "email_text_input": Shape(optional={**_TYPED, "initial_value": string()}),
    "url_text_input": Shape(optional={**_TYPED, "initial_value": string()}),
    "rich_text_input": Shape(
        optional={
            **_TYPED,
            "initial_value": typed({"rich_text": RICH_TEXT}),
            "min_lines": _LINES,
            "max_lines": _LINES,
        },
        also=(ordered("min_lines", "max_lines"),),
    ),
    "file_input": Shape(
        optional={**_COMMON, "filetypes": items(string(least=1), least=1), "max_files": integer(least=1, most=10)}
    ),
    "image": IMAGE,
}

_MENUS = (
    *("static_select", "external_select", "users_select", "conversations_select", "channels_select"),
    *("multi_static_select", "multi_external_select", "multi_users_select"),
    *("multi_conversations_select", "multi_channels_select"),
)
_PICKED = ("checkboxes", "radio_buttons", "datepicker", "timepicker")
IN_SECTION = frozenset({*_MENUS, *_PICKED, "button", "overflow", "image", "workflow_button"})
# Slack's page on rich text inputs wants them in input blocks; another source allows actions too. The stricter holds.
IN_ACTIONS = frozenset({*_MENUS, *_PICKED, "datetimepicker", "button", "overflow", "workflow_button"})
IN_INPUT = frozenset(
    {
        *_MENUS,
        *_PICKED,
        *("datetimepicker", "plain_text_input", "number_input", "email_text_input", "url_text_input"),
        *("rich_text_input", "file_input"),
    }
)
IN_CONTEXT_ACTIONS = frozenset({"feedback_buttons", "icon_button"})

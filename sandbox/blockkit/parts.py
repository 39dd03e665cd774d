"""The small objects Block Kit's elements are made of: options, confirmations, filters, images."""

from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from sandbox.blockkit.rules import (
    Check,
    Problems,
    Rule,
    Shape,
    at_least_one_of,
    boolean,
    exactly_one_of,
    items,
    refuse,
    string,
    text,
)

PLACEHOLDER = text(most=150, markdown=False)
ID = string(least=1)
URL = string(most=3000, least=1)
STYLE = string(among=("primary", "danger"))

CONFIRM = Shape(
    required={
        "title": text(most=100, markdown=False),
        "text": text(most=300),
        "confirm": text(most=30, markdown=False),
        "deny": text(most=30, markdown=False),
    },
    optional={"style": STYLE},
)

IMAGE = Shape(
    required={"alt_text": string(most=2000)},
    optional={
        "image_url": URL,
        "slack_file": Shape(optional={"id": ID, "url": URL}, also=(exactly_one_of("id", "url"),)),
    },
    also=(exactly_one_of("image_url", "slack_file"),),
)

FILTER = Shape(
    optional={
        "include": items(string(among=("im", "mpim", "private", "public")), least=1),
        "exclude_bot_users": boolean,
        "exclude_external_shared_channels": boolean,
    },
    also=(at_least_one_of("include", "exclude_bot_users", "exclude_external_shared_channels"),),
)


def option(*, markdown: bool = False, url: bool = False) -> Shape:
    optional: dict[str, Rule] = {"description": text(most=75, markdown=markdown)}
    if url:
        optional["url"] = URL
    return Shape(required={"text": text(most=75, markdown=markdown), "value": string(most=150)}, optional=optional)


MENU_OPTION = option()
BOX_OPTION = option(markdown=True)
OPTION_GROUP = Shape(
    required={
        "label": text(most=75, markdown=False),
        "options": items(MENU_OPTION, least=1, most=100),
    }
)


def initial_is_offered(value: dict[str, Any], pointer: str, problems: Problems) -> None:
    one = value.get("initial_option")
    chosen = value.get("initial_options") or ([one] if one else [])
    groups = value.get("option_groups") or []
    offered = [*(value.get("options") or []), *(option for group in groups for option in group["options"])]
    for option_ in chosen:
        if not any(option_["value"] == other["value"] for other in offered):
            name = "initial_option" if one else "initial_options"
            refuse(problems, f"{pointer}/{name}", "must match one of the options", field=name)


def ordered(low: str, high: str) -> Check:
    """Refuse a lower bound above the upper one."""

    def check(value: dict[str, Any], pointer: str, problems: Problems) -> None:
        least, most = value.get(low), value.get(high)
        if least is not None and most is not None and float(least) > float(most):
            refuse(
                problems, f"{pointer}/{low}", f"must be less than or equal to {high}", limit="maximum", expected=most
            )

    return check


def zone(value: Any, pointer: str, problems: Problems) -> None:
    try:
        known = isinstance(value, str) and bool(ZoneInfo(value))
    except (ValueError, OSError, ZoneInfoNotFoundError):
        known = False
    if not known:
        refuse(problems, pointer, "must be a valid IANA time zone")

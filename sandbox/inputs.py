"""What people choose and type, in the shapes Slack sends: `view.state.values` and actions."""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from sandbox.blockkit.walk import every_block, placed_elements
from sandbox.blockkit.written import rich_text_of

Json = dict[str, Any]
Values = dict[str, dict[str, Json]]


class BadInputError(ValueError):
    """What a person entered does not fit the element; the message is what Slack's client would say."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """How one element keeps its value: under which key, one or many, and from which initial field."""

    key: str
    initial: str
    many: bool = False
    read: Callable[[Json, Any], Any] = lambda _element, value: value


def _option(element: Json, value: Any) -> Json:
    wanted = value.get("value") if isinstance(value, dict) else value
    groups = element.get("option_groups") or []
    options = [*(element.get("options") or []), *(o for group in groups for o in group["options"])]
    for option in options:
        if option["value"] == wanted:
            chosen: Json = option
            return chosen
    if "external" in element["type"] and isinstance(wanted, str):
        shown = value["text"] if isinstance(value, dict) and "text" in value else wanted
        plain = shown if isinstance(shown, dict) else {"type": "plain_text", "text": shown, "emoji": True}
        return {"text": plain, "value": wanted}
    raise BadInputError("Choose one of the options.")


def _words(element: Json, value: Any) -> str:
    if not isinstance(value, str):
        raise BadInputError("Enter a text.")
    least, most = int(element.get("min_length") or 0), int(element.get("max_length") or 3000)
    if len(value) < least:
        raise BadInputError(f"Enter at least {least} characters.")
    if len(value) > most:
        raise BadInputError(f"Enter {most} characters at most.")
    return value


def _number(element: Json, value: Any) -> str:
    try:
        number = Decimal(str(value))
    except InvalidOperation as problem:
        raise BadInputError("Enter a number.") from problem
    if not number.is_finite():
        raise BadInputError("Enter a number.")
    if not element.get("is_decimal_allowed") and number != number.to_integral_value():
        raise BadInputError("Enter a whole number.")
    if "min_value" in element and number < Decimal(element["min_value"]):
        raise BadInputError(f"Enter {element['min_value']} or more.")
    if "max_value" in element and number > Decimal(element["max_value"]):
        raise BadInputError(f"Enter {element['max_value']} or less.")
    return str(value)


def _date(_element: Json, value: Any) -> str:
    try:
        return date.fromisoformat(value).isoformat()
    except (TypeError, ValueError) as problem:
        raise BadInputError("Choose a date.") from problem


def _epoch(_element: Json, value: Any) -> int:
    if isinstance(value, bool) or not isinstance(value, int):
        raise BadInputError("Choose a date and time.")
    return value


def _matching(pattern: str, otherwise: str) -> Callable[[Json, Any], str]:
    """Return a reader of text in one form, which says `otherwise` of anything else."""

    def read(_element: Json, value: Any) -> str:
        if not isinstance(value, str) or re.fullmatch(pattern, value) is None:
            raise BadInputError(otherwise)
        return value

    return read


_id = _matching(r"[A-Z][A-Z0-9]+", "Choose from the list.")


def _rich(_element: Json, value: Any) -> Json:
    if isinstance(value, dict) and value.get("type") == "rich_text":
        return value
    if not isinstance(value, str):
        raise BadInputError("Enter a text.")
    return rich_text_of(value)


def _file(element: Json, value: Any) -> Json:
    given = {"id": value} if isinstance(value, str) else value
    if not isinstance(given, dict) or not isinstance(given.get("id"), str):
        raise BadInputError("Choose a file.")
    wanted = [str(kind).lower().lstrip(".") for kind in element.get("filetypes") or []]
    ending = str(given.get("name", "")).rpartition(".")[2].lower()
    if wanted and given.get("name") and ending not in wanted:
        raise BadInputError(f"Choose files of these types: {', '.join(wanted)}.")
    return given


def _one(of: str) -> Kind:
    return Kind(key=f"selected_{of}", initial=f"initial_{of}", read=_id)


def _several(of: str) -> Kind:
    return Kind(key=f"selected_{of}s", initial=f"initial_{of}s", many=True, read=_id)


_ONE_OPTION = Kind(key="selected_option", initial="initial_option", read=_option)
_SOME_OPTIONS = Kind(key="selected_options", initial="initial_options", many=True, read=_option)

KINDS: dict[str, Kind] = {
    "plain_text_input": Kind(key="value", initial="initial_value", read=_words),
    "number_input": Kind(key="value", initial="initial_value", read=_number),
    "email_text_input": Kind(
        key="value", initial="initial_value", read=_matching(r"[^@\s]+@[^@\s]+\.[^@\s]+", "Enter an email address.")
    ),
    "url_text_input": Kind(
        key="value", initial="initial_value", read=_matching(r"https?://\S+", "Enter a web address, https:// included.")
    ),
    "rich_text_input": Kind(key="rich_text_value", initial="initial_value", read=_rich),
    "file_input": Kind(key="files", initial="initial_files", many=True, read=_file),
    "static_select": _ONE_OPTION,
    "external_select": _ONE_OPTION,
    "radio_buttons": _ONE_OPTION,
    "multi_static_select": _SOME_OPTIONS,
    "multi_external_select": _SOME_OPTIONS,
    "checkboxes": _SOME_OPTIONS,
    "users_select": _one("user"),
    "conversations_select": _one("conversation"),
    "channels_select": _one("channel"),
    "multi_users_select": _several("user"),
    "multi_conversations_select": _several("conversation"),
    "multi_channels_select": _several("channel"),
    "datepicker": Kind(key="selected_date", initial="initial_date", read=_date),
    "timepicker": Kind(
        key="selected_time", initial="initial_time", read=_matching(r"([01]\d|2[0-3]):[0-5]\d", "Choose a time.")
    ),
    "datetimepicker": Kind(key="selected_date_time", initial="initial_date_time", read=_epoch),
}


def elements_of(block: Json) -> list[Json]:
    """Return the elements of a block that a person can operate."""
    return [element for _, element in placed_elements(block) if "action_id" in element]


def keeping(blocks: Iterable[Json]) -> Iterator[tuple[Json, Json, Kind]]:
    """Yield block, element and kind of every element that keeps a value."""
    for block in every_block(blocks):
        for element in elements_of(block):
            if element["type"] in KINDS:
                yield block, element, KINDS[element["type"]]


def find(blocks: Iterable[Json], *, block_id: Any, action_id: Any) -> tuple[Json, Json] | None:
    """Return the block and element with these ids; without a block id the first such element.

    Blocks without an id of their own get another one whenever they are drawn: what a person saw before that is the
    element with this action id, where it is the only one.
    """
    named = [
        (block, element)
        for block in every_block(blocks)
        for element in elements_of(block)
        if element["action_id"] == action_id
    ]
    found = next((each for each in named if block_id in (None, each[0]["block_id"])), None)
    return found or (named[0] if len(named) == 1 else None)


def typed(element: Json, plain: Any) -> Json:
    """Return what `state.values` holds when a person chose or typed this plain value."""
    kind = KINDS[element["type"]]
    if kind.many:
        chosen = [] if plain in (None, "") else plain
        if not isinstance(chosen, list):
            chosen = [chosen]
        most = element.get("max_selected_items") or element.get("max_files")
        if most is not None and len(chosen) > most:
            raise BadInputError(f"Choose {most} at most.")
        return {**_head(element), kind.key: [kind.read(element, value) for value in chosen]}
    value = None if plain in (None, "", []) else kind.read(element, plain)
    return {**_head(element), kind.key: value}


def initial(element: Json) -> Json:
    kind = KINDS[element["type"]]
    given = element.get(kind.initial)
    return {**_head(element), kind.key: ([] if kind.many else None) if given is None else given}


def _head(element: Json) -> Json:
    """Return what a value begins with: its type, and for a time of a certain zone that zone."""
    zone = {"timezone": element["timezone"]} if element.get("timezone") else {}
    return {"type": element["type"], **zone}


def chosen_of(element: Json, action: Json) -> Json:
    """Return the part of an action that `state.values` keeps."""
    return {key: action[key] for key in ("type", "timezone", KINDS[element["type"]].key) if key in action}


def pressed(element: Json, value: Any) -> Json:
    """Return what an action says besides its ids when it keeps no value: which of several parts was pressed."""
    if element["type"] == "overflow":
        option = next((option for option in element["options"] if option["value"] == value), None)
        if option is None:
            raise BadInputError("Choose one of the options.")
        return {"selected_option": option}
    if element["type"] == "feedback_buttons":
        parts = (element["positive_button"], element["negative_button"])
        part = next((part for part in parts if part["value"] == value), None)
        if part is None:
            raise BadInputError("Choose one of the two.")
        return {"text": part["text"], "value": part["value"]}
    if element["type"] == "workflow_button":
        raise BadInputError("This button starts a workflow and tells the app nothing.")
    return {}


def current(blocks: Iterable[Json], kept: Values) -> Values:
    """Return `state.values`: what was typed where something was, else the initial values."""
    values: Values = {}
    for block, element, _ in keeping(blocks):
        block_id, action_id = block["block_id"], element["action_id"]
        known = kept.get(block_id, {}).get(action_id)
        matches = known is not None and known["type"] == element["type"]
        values.setdefault(block_id, {})[action_id] = known if matches and known else initial(element)
    return values


def entered(blocks: Iterable[Json], plain: Any, kept: Values) -> tuple[Values, dict[str, str]]:
    """Return what is kept once a person entered plain values, and what is wrong with them by block."""
    merged: Values = {block_id: dict(entries) for block_id, entries in kept.items()}
    errors: dict[str, str] = {}
    given = plain if isinstance(plain, dict) else {}
    for block, element, _ in keeping(blocks):
        of_block = given.get(block["block_id"])
        if not isinstance(of_block, dict) or element["action_id"] not in of_block:
            continue
        try:
            value = typed(element, of_block[element["action_id"]])
        except BadInputError as problem:
            errors[block["block_id"]] = str(problem)
        else:
            merged.setdefault(block["block_id"], {})[element["action_id"]] = value
    return merged, errors


def missing(blocks: Iterable[Json], values: Values) -> dict[str, str]:
    """Return what Slack's client says of required inputs that are still empty."""
    errors: dict[str, str] = {}
    for block, element, kind in keeping(blocks):
        if block["type"] == "input" and not block.get("optional"):
            value = values[block["block_id"]][element["action_id"]][kind.key]
            if value in (None, "", []):
                errors[block["block_id"]] = "Please complete this required field."
    return errors


def carried(blocks: Iterable[Json], kept: Values) -> Values:
    """Return what survives an update: values whose block and action ids are still there."""
    survivors: Values = {}
    for block, element, _ in keeping(blocks):
        known = kept.get(block["block_id"], {}).get(element["action_id"])
        if known is not None and known["type"] == element["type"]:
            survivors.setdefault(block["block_id"], {})[element["action_id"]] = known
    return survivors

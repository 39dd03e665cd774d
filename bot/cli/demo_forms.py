"""Fill in whatever form an app shows, from answers by field. A field is the end of a block's id."""

import re
from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any, Final

from bot.cli.demo_hands import Hands, HandsError, Json, elements, words

Fields = Mapping[str, Any]
AS_OFFERED: Final = object()
"""What leaves a day as the form offers it."""
_LINE_BREAK = re.compile(r"[ \t]*[\r\n]+[ \t]*")


def fields_of(answers: Mapping[str, Any], people: Mapping[str, str], today: date) -> dict[str, Any]:
    """Return the answers of a case as a form asks for them: people as ids, dates as days of the calendar."""
    fields = {name: value for name, value in answers.items() if name not in ("kpis", "questions")}
    fields |= {role: people[answers[role]] for role in ("owner", "sponsor")}
    fields |= {name: answers[name] or ["none"] for name in ("areas", "practices")}
    fields |= {"confidential": ["confidential"] if answers.get("confidential") else []}
    fields |= {f"own.{key}": value for key, value in (answers.get("questions") or {}).items()}
    for position, kpi in enumerate(answers["kpis"]):
        target = f"{kpi['target']} to {kpi['target_high']}" if "target_high" in kpi else str(kpi["target"])
        typed = {
            "kpi_name": kpi["name"],
            "kpi_unit": kpi["unit"],
            "kpi_direction": kpi["direction"],
            "kpi_baseline": None if kpi["baseline"] is None else str(kpi["baseline"]),
            "kpi_target": target,
            "kpi_due": (today + timedelta(days=kpi["due_in_days"])).isoformat(),
        }
        fields |= {f"{name}.{position}": value for name, value in typed.items()}
    return fields


def filled(hands: Hands, who: str, view: Json, fields: Fields) -> Json:
    """Return the state of a form filled in. Raises HandsError for an input nobody wrote an answer for."""
    state: Json = {}
    for block, element in elements(view["blocks"]):
        if block["type"] != "input":
            continue
        value = _answer(block, fields)
        if value is AS_OFFERED:
            value = element.get("initial_date")
        if value is None and not block.get("optional"):
            raise HandsError(f"There is no answer for {_asked(block)}.")
        if value is not None:
            if element["type"] == "external_select":
                value = _found(_suggested(hands, who, view, block, str(value)), block, str(value))
            state[block["block_id"]] = {element["action_id"]: _entered(block, element, value)}
    return state


def unasked(view: Json, fields: Fields, first: str) -> bool:
    """Tell whether there are answers for one more of what a form asks for several times, beginning with `first`."""
    asked = sum(f".{first}." in block["block_id"] for block, _ in elements(view["blocks"]))
    return asked > 0 and f"{first}.{asked}" in fields


def _answer(block: Json, fields: Fields) -> Any:
    """Return the answer whose field is the longest end of the block's id. Raises HandsError when there is none."""
    parts = block["block_id"].split(".")
    for start in range(len(parts)):
        field = ".".join(parts[start:])
        if field in fields:
            return fields[field]
    raise HandsError(f"Nobody thought of the question {_asked(block)}.")


def _entered(block: Json, element: Json, value: Any) -> Any:
    """Return the value as hands would enter it. A line break pasted into a field of one line becomes a blank."""
    if element["type"] == "plain_text_input":
        return str(value) if element.get("multiline") else _LINE_BREAK.sub(" ", str(value))
    if "options" not in element and "option_groups" not in element:
        return value
    options = _options(element)
    if element["type"] in ("checkboxes", "multi_static_select"):
        return [_found(options, block, each)["value"] for each in value]
    return _found(options, block, value)["value"]


def _suggested(hands: Hands, who: str, view: Json, block: Json, typed: str) -> list[Json]:
    """Type into a menu that asks the app, and return what is suggested."""
    return _options(
        hands.act(
            who,
            "suggest",
            container={"type": "view", "view_id": view["id"]},
            block_id=block["block_id"],
            action_id=block["element"]["action_id"],
            text=typed,
        )
    )


def _options(shown: Json) -> list[Json]:
    return [*(shown.get("options") or []), *(o for group in shown.get("option_groups") or [] for o in group["options"])]


def _found(options: list[Json], block: Json, wanted: Any) -> Json:
    for option in options:
        if wanted in (option["value"], words(option["text"])):
            return option
    raise HandsError(f"{_asked(block)} offers no {wanted!r}.")


def _asked(block: Json) -> str:
    return f"“{words(block['label'])}” ({block['block_id']})"

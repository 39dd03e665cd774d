"""Small builders of Block Kit, as plain dictionaries: they take values and do no I/O."""

from collections.abc import Mapping, Sequence
from typing import Any

from handlers.ids import INPUT
from handlers.text import shown

BlockKit = dict[str, Any]

HEADER_LIMIT = 150
TEXT_LIMIT = 3000
TITLE_LIMIT = 24
NOTHING = "–"  # Slack takes no empty text, and what a person typed may hold nothing that can be seen


def plain(text: str, *, limit: int = TEXT_LIMIT) -> BlockKit:
    return {"type": "plain_text", "text": shown(text, limit=limit), "emoji": False}


def mrkdwn(text: str) -> BlockKit:
    """Return a text object; what people wrote in it must be escaped."""
    return {"type": "mrkdwn", "text": text, "verbatim": True}


def header(text: str) -> BlockKit:
    return {"type": "header", "text": plain(text, limit=HEADER_LIMIT)}


def section(text: str) -> BlockKit:
    return {"type": "section", "text": mrkdwn(text)}


def quoted(text: str, *, limit: int = TEXT_LIMIT) -> BlockKit:
    """Return what a person wrote as a quotation, so that it cannot pass for a line of ours."""
    return {
        "type": "rich_text",
        "elements": [
            {"type": "rich_text_quote", "elements": [{"type": "text", "text": shown(text, limit=limit) or NOTHING}]}
        ],
    }


def context(*lines: str) -> BlockKit:
    """Return small grey lines, one below the other. Slack takes ten elements, so several lines share one."""
    elements = [""]
    for line in lines:
        if elements[-1] and len(elements[-1]) + len(line) >= TEXT_LIMIT:
            elements.append("")
        elements[-1] = f"{elements[-1]}\n{line}".lstrip("\n")
    return {"type": "context", "elements": [mrkdwn(text) for text in elements]}


def facts(pairs: Sequence[tuple[str, str]]) -> BlockKit:
    """Return “label: value” lines; values are what people wrote and are shown as they are."""
    elements: list[BlockKit] = []
    for label, value in pairs:
        lead = "\n" if elements else ""
        elements.append({"type": "text", "text": f"{lead}{label}: ", "style": {"bold": True}})
        elements.append({"type": "text", "text": shown(value) or NOTHING})
    return {"type": "rich_text", "elements": [{"type": "rich_text_section", "elements": elements}]}


def actions(block_id: str, *elements: BlockKit) -> BlockKit:
    return {"type": "actions", "block_id": block_id, "elements": list(elements)}


def button(action_id: str, text: str, value: str, *, style: str | None = None, label: str | None = None) -> BlockKit:
    """Return a button; `label` is what a screen reader says instead of the short text."""
    return {
        "type": "button",
        "action_id": action_id,
        "text": {"type": "plain_text", "text": text, "emoji": False},
        "value": value,
        **({"style": style} if style else {}),
        **({"accessibility_label": shown(label, limit=75)} if label else {}),
    }


def question(block_id: str, label: str, element: BlockKit, *, hint: str = "", optional: bool = False) -> BlockKit:
    return {
        "type": "input",
        "block_id": block_id,
        "label": plain(label),
        "element": {"action_id": INPUT, **element},
        "optional": optional,
        **({"hint": plain(hint)} if hint else {}),
    }


def text_input(*, longest: int, multiline: bool = False, placeholder: str = "") -> BlockKit:
    return {
        "type": "plain_text_input",
        "max_length": longest,
        "multiline": multiline,
        **({"placeholder": plain(placeholder, limit=150)} if placeholder else {}),
    }


def select(options: Mapping[Any, str], *, placeholder: str) -> BlockKit:
    return {"type": "static_select", "placeholder": plain(placeholder, limit=150), "options": choices(options)}


def searched(block_id: str, *, placeholder: str, chosen: tuple[str, str] | None = None, least: int = 0) -> BlockKit:
    """Return a select whose options are looked up while the person types; for lists that outgrow Slack's 100.

    `chosen` is (value, text) of what is selected at first; `least` how many letters must be typed before we are asked.
    """
    return {
        "type": "external_select",
        "action_id": block_id,
        "placeholder": plain(placeholder, limit=150),
        "min_query_length": least,
        **({"initial_option": choices(dict([chosen]))[0]} if chosen else {}),
    }


def radio(options: Mapping[Any, str]) -> BlockKit:
    return {"type": "radio_buttons", "options": choices(options)}


def choices(options: Mapping[Any, str]) -> list[BlockKit]:
    return [{"text": plain(text, limit=75), "value": str(value)} for value, text in options.items()]


def modal(
    callback_id: str, title: str, blocks: Sequence[BlockKit], *, submit: str | None = None, carries: str = ""
) -> BlockKit:
    """Return a modal that carries one id of ours, looked up again and never trusted."""
    return {
        "type": "modal",
        "callback_id": callback_id,
        "title": plain(title, limit=TITLE_LIMIT),
        "close": plain("Close"),
        "blocks": list(blocks),
        "private_metadata": carries,
        **({"submit": plain(submit, limit=TITLE_LIMIT)} if submit else {}),
    }

"""Small builders of Block Kit, as plain dictionaries: they take values and do no I/O."""

from collections.abc import Mapping, Sequence
from itertools import groupby
from typing import Any

from handlers.ids import INPUT
from handlers.text import shown

BlockKit = dict[str, Any]

HEADER_LIMIT = 150
TEXT_LIMIT = 3000
TITLE_LIMIT = 24
LONG = 200  # letters beyond which a value is no longer one of several lines
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


def sections(*lines: str) -> list[BlockKit]:
    """Return lines one below the other, in as few sections as their length allows."""
    return [section(text) for text in _packed(lines)]


def context(*lines: str) -> BlockKit:
    """Return small grey lines, one below the other. Slack takes ten elements, so several lines share one."""
    return {"type": "context", "elements": [mrkdwn(text) for text in _packed(lines)]}


def whole(pairs: Sequence[tuple[str, str]], *, source: str | None = None) -> list[BlockKit]:
    """Return “label: value” lines where nothing is shortened: a long value is quoted below its label."""
    blocks: list[BlockKit] = []
    for is_long, group in groupby(pairs, key=lambda pair: len(pair[1]) > LONG or "\n" in pair[1]):
        if is_long:
            for label, value in group:
                blocks += [_line({"type": "text", "text": _lead(label), "style": {"bold": True}}), quoted(value)]
        else:
            blocks.append(facts(list(group)))
    return [*blocks, *([link("From a message", source)] if source else [])]


def link(label: str, url: str, *, text: str = "read it in Slack") -> BlockKit:
    """Return a line with a link, which was looked at before."""
    lead = {"type": "text", "text": f"{label}: ", "style": {"bold": True}}
    to = {"type": "link", "url": url, "text": shown(text)}
    return _line(lead, to)


def facts(pairs: Sequence[tuple[str, str]]) -> BlockKit:
    """Return “label: value” lines; values are what people wrote and are shown as they are."""
    elements: list[BlockKit] = []
    for label, value in pairs:
        lead = "\n" if elements else ""
        elements.append({"type": "text", "text": f"{lead}{_lead(label)} ", "style": {"bold": True}})
        elements.append({"type": "text", "text": shown(value) or NOTHING})
    return _line(*elements)


def _lead(label: str) -> str:
    """Return “label:”, and a question as it is."""
    return shown(label) if label.endswith("?") else f"{shown(label)}:"


def _packed(lines: Sequence[str]) -> list[str]:
    """Return the lines in as few texts as Slack takes."""
    texts = [""]
    for line in lines:
        if texts[-1] and len(texts[-1]) + len(line) >= TEXT_LIMIT:
            texts.append("")
        texts[-1] = f"{texts[-1]}\n{line}".lstrip("\n")
    return texts


def _line(*elements: BlockKit) -> BlockKit:
    return {"type": "rich_text", "elements": [{"type": "rich_text_section", "elements": list(elements)}]}


def actions(block_id: str, *elements: BlockKit) -> BlockKit:
    return {"type": "actions", "block_id": block_id, "elements": list(elements)}


def button(
    action_id: str,
    text: str,
    value: str,
    *,
    style: str | None = None,
    label: str | None = None,
    confirm: str | None = None,
) -> BlockKit:
    """Return a button; `label` is what a screen reader says instead of the short text.

    With `confirm` the person is asked that first; the button's text is the way on.
    """
    asked = {
        "title": plain("Are you sure?"),
        "text": plain(confirm or NOTHING, limit=300),
        "confirm": plain(text, limit=30),
        "deny": plain("Not now"),
    }
    return {
        "type": "button",
        "action_id": action_id,
        "text": {"type": "plain_text", "text": text, "emoji": False},
        "value": value,
        **({"style": style} if style else {}),
        **({"accessibility_label": shown(label, limit=75)} if label else {}),
        **({"confirm": asked} if confirm else {}),
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


def text_input(*, longest: int, multiline: bool = False, placeholder: str = "", initial: str = "") -> BlockKit:
    return {
        "type": "plain_text_input",
        "max_length": longest,
        "multiline": multiline,
        **({"placeholder": plain(placeholder, limit=150)} if placeholder else {}),
        **({"initial_value": initial[:longest]} if initial else {}),
    }


def whole_number(*, least: int, most: int, initial: int) -> BlockKit:
    """Return an input for a whole number. Slack holds people to the limits, and nobody else who sends something."""
    return {
        "type": "number_input",
        "is_decimal_allowed": False,
        "min_value": str(least),
        "max_value": str(most),
        "initial_value": str(initial),
    }


def select(options: Mapping[Any, str], *, placeholder: str, chosen: str = "") -> BlockKit:
    first = _chosen(options, [chosen])
    return {
        "type": "static_select",
        "placeholder": plain(placeholder, limit=150),
        "options": choices(options),
        **({"initial_option": first[0]} if first else {}),
    }


def selects(options: Mapping[Any, str], *, placeholder: str, chosen: Sequence[str] = ()) -> BlockKit:
    """Return a select of which several can be chosen."""
    first = _chosen(options, chosen)
    return {
        "type": "multi_static_select",
        "placeholder": plain(placeholder, limit=150),
        "options": choices(options),
        **({"initial_options": first} if first else {}),
    }


def checkboxes(options: Mapping[Any, str], *, chosen: Sequence[str] = ()) -> BlockKit:
    """Return boxes to tick; Slack takes ten."""
    first = _chosen(options, chosen)
    return {"type": "checkboxes", "options": choices(options), **({"initial_options": first} if first else {})}


def person(*, placeholder: str, chosen: str = "") -> BlockKit:
    """Return a select of people; `chosen` is a Slack id. Slack also offers guests and apps here."""
    first = {"initial_user": chosen} if chosen else {}
    return {"type": "users_select", "placeholder": plain(placeholder, limit=150), **first}


def persons(*, placeholder: str, most: int) -> BlockKit:
    """Return a select of several people. Slack also offers guests and apps here."""
    return {
        "type": "multi_users_select",
        "placeholder": plain(placeholder, limit=150),
        "max_selected_items": most,
    }


def day(*, chosen: str = "") -> BlockKit:
    """Return a calendar; `chosen` is an ISO date."""
    return {"type": "datepicker", **({"initial_date": chosen} if chosen else {})}


def searched(
    block_id: str,
    *,
    placeholder: str,
    chosen: tuple[str, str] | None = None,
    several: Mapping[str, str] | None = None,
    least: int = 0,
) -> BlockKit:
    """Return a select whose options are looked up while the person types; for lists that outgrow Slack's 100.

    `chosen` is (value, text) of what is selected at first; with `several`, which is the same for many, more than one
    can be. `least` is how many letters must be typed before we are asked.
    """
    first: BlockKit = {"initial_options": choices(several)} if several else {}
    if several is None and chosen:
        first = {"initial_option": choices(dict([chosen]))[0]}
    return {
        "type": "external_select" if several is None else "multi_external_select",
        "action_id": block_id,
        "placeholder": plain(placeholder, limit=150),
        "min_query_length": least,
        **first,
    }


def radio(options: Mapping[Any, str], *, chosen: str = "") -> BlockKit:
    first = _chosen(options, [chosen])
    return {"type": "radio_buttons", "options": choices(options), **({"initial_option": first[0]} if first else {})}


def choices(options: Mapping[Any, str]) -> list[BlockKit]:
    return [{"text": plain(text, limit=75), "value": str(value)} for value, text in options.items()]


def _chosen(options: Mapping[Any, str], values: Sequence[str]) -> list[BlockKit]:
    """Return the options of these values, worded as in the list: Slack takes no other."""
    return choices({value: text for value, text in options.items() if str(value) in values})


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

"""Block Kit as HTML a person can read and use. Unknown blocks become a labelled box, never nothing."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader
from markupsafe import Markup

from sandbox.blockkit import rich_text, text
from sandbox.blockkit.charts import figure_of
from sandbox.blockkit.dates import moment
from sandbox.blockkit.markdown import markdown
from sandbox.blockkit.pictures import image_source
from sandbox.blockkit.reader import Choice, Reader
from sandbox.blockkit.slack_icons import SIGNS
from sandbox.blockkit.values import Value, current_value

_TEMPLATES = Path(__file__).parent / "templates"
_BLOCKS = frozenset(path.stem for path in (_TEMPLATES / "blocks").glob("*.html"))
_ELEMENTS = frozenset(path.stem for path in (_TEMPLATES / "elements").glob("*.html"))
_GROUPED = frozenset(
    {
        "checkboxes",
        "radio_buttons",
        "multi_static_select",
        "multi_external_select",
        "multi_users_select",
        "multi_conversations_select",
        "multi_channels_select",
    }
)
_SAME_TEMPLATE = {
    "multi_users_select": "multi_static_select",
    "multi_conversations_select": "multi_static_select",
    "multi_channels_select": "multi_static_select",
    "users_select": "static_select",
    "conversations_select": "static_select",
    "channels_select": "static_select",
    "email_text_input": "plain_text_input",
    "url_text_input": "plain_text_input",
    "number_input": "plain_text_input",
}
_NAMES = {
    "datepicker": "Date",
    "timepicker": "Time",
    "datetimepicker": "Date and time",
    "overflow": "More options",
    "checkboxes": "Choices",
    "radio_buttons": "Choices",
}
_LONGEST_NAME = 80


@dataclass(frozen=True, slots=True, kw_only=True)
class Scene:
    """Where blocks are shown: to whom, under which id prefix, with what typed so far, usable or not."""

    reader: Reader
    scope: str
    state: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    live: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Control:
    """One interactive element, ready for its template.

    `name` is empty when a visible label names it; `shown` is the words of a chosen option.
    """

    element: Mapping[str, Any]
    id: str
    block_id: str
    action_id: str
    name: str
    value: Value
    fires: bool
    optional: bool = True
    described_by: str = ""
    shown: str = ""

    @property
    def chosen(self) -> list[str]:
        if self.value is None:
            return []
        return self.value if isinstance(self.value, list) else [self.value]


def render_blocks(blocks: Sequence[Any], scene: Scene) -> Markup:
    return Markup("").join(_render_block(block, scene) for block in blocks)


def _render_block(block: Any, scene: Scene) -> Markup:
    kind = block.get("type") if isinstance(block, dict) else None
    name = kind if kind in _BLOCKS else "unknown"
    return _fill(f"blocks/{name}.html", block=block if isinstance(block, dict) else {}, scene=scene)


def _render_element(element: Any, block: Mapping[str, Any], scene: Scene, *, name: str = "") -> Markup:
    """Render an element of a section or actions block, where every choice is an action of its own."""
    if not isinstance(element, dict):
        return _fill("blocks/unknown.html", block={"type": "element", "value": element}, scene=scene)
    control = _control(element, block, scene, fires=True, name=name or _name(element))
    return _fill_element(control, scene)


def _render_input(block: Mapping[str, Any], scene: Scene) -> Markup:
    element = block.get("element") or {}
    control = _control(element, block, scene, fires=bool(block.get("dispatch_action")), name="")
    grouped = element.get("type") in _GROUPED
    return _fill(
        "parts/field.html",
        block=block,
        scene=scene,
        control=control,
        grouped=grouped,
        shown=_fill_element(control, scene),
    )


def _control(element: Mapping[str, Any], block: Mapping[str, Any], scene: Scene, *, fires: bool, name: str) -> Control:
    block_id, action_id = str(block.get("block_id", "")), str(element.get("action_id", ""))
    digest = hashlib.sha256(f"{scene.scope}\0{block_id}\0{action_id}".encode()).hexdigest()
    ident = f"e{digest[:12]}"
    typed = scene.state.get(block_id, {}).get(action_id)
    option = (typed if typed is not None else {"selected_option": element.get("initial_option")}).get("selected_option")
    return Control(
        element=element,
        id=ident,
        block_id=block_id,
        action_id=action_id,
        name=name,
        value=current_value(element, typed),
        fires=fires,
        optional=bool(block.get("optional")),
        described_by=f"{ident}-hint {ident}-error" if block.get("type") == "input" else "",
        shown=text.plain_words((option or {}).get("text")),
    )


def _fill_element(control: Control, scene: Scene) -> Markup:
    kind = str(control.element.get("type"))
    name = _SAME_TEMPLATE.get(kind, kind)
    if name not in _ELEMENTS:
        return _fill("blocks/unknown.html", block=control.element, scene=scene)
    return _fill(f"elements/{name}.html", c=control, e=control.element, scene=scene)


def _name(element: Mapping[str, Any]) -> str:
    placeholder = text.plain_words(element.get("placeholder") or "")
    return placeholder or _NAMES.get(str(element.get("type")), "Choose")


def _accessory_name(block: Mapping[str, Any], scene: Scene) -> str:
    """Name an accessory after its section's words, when they are short enough to be a name."""
    words = text.text_object(block.get("text"), scene.reader).striptags()
    accessory = block.get("accessory") or {}
    return words if 0 < len(words) <= _LONGEST_NAME and accessory.get("type") != "overflow" else ""


def _choices(control: Control, scene: Scene) -> list[tuple[str, list[Choice]]]:
    """List what a select offers as groups of choices; a group without a name stands alone."""
    element, directory = control.element, scene.reader.directory
    kind = str(element.get("type")).removeprefix("multi_")
    if kind == "users_select":
        return [("", list(directory.people()))]
    if kind == "channels_select":
        return [("", list(directory.conversations(frozenset({"public"}))))]
    if kind == "conversations_select":
        wanted = element.get("filter") or {}
        found = directory.conversations(
            frozenset(wanted.get("include") or ()),
            with_apps=not wanted.get("exclude_bot_users"),
            with_shared=not wanted.get("exclude_external_shared_channels"),
        )
        return [("", list(found))]
    groups = element.get("option_groups")
    if isinstance(groups, list):
        return [(text.plain_words(group.get("label")), _options(group)) for group in groups]
    return [("", _options(element))]


def _options(source: Mapping[str, Any]) -> list[Choice]:
    return [
        Choice(str(option.get("value", "")), text.plain_words(option.get("text")))
        for option in source.get("options") or []
        if isinstance(option, dict)
    ]


def _local(epoch: Value, reader: Reader) -> str:
    """Return the wall time a datetime-local input shows."""
    return f"{moment(float(str(epoch)), reader.zone):%Y-%m-%dT%H:%M}" if epoch else ""


def _chosen_options(control: Control, scene: Scene) -> list[Choice]:
    """List what is chosen in a menu whose options only the app knows."""
    typed = scene.state.get(control.block_id, {}).get(control.action_id)
    if typed is not None:
        return _options({"options": typed.get("selected_options")})
    return _options({"options": control.element.get("initial_options")})


def _figure_id(block: Mapping[str, Any], scene: Scene) -> str:
    name = f"{scene.scope}\0{block.get('block_id', '')}"
    return f"f{hashlib.sha256(name.encode()).hexdigest()[:12]}"


def _is_number_column(rows: Sequence[Sequence[Any]], place: int) -> bool:
    cells = [row[place] for row in rows[1:] if place < len(row)]
    return bool(cells) and all(cell.get("type") == "raw_number" for cell in cells)


def _rich_inline_of(block: Mapping[str, Any], reader: Reader) -> Markup:
    return Markup(" ").join(rich_text.inline(part, reader) for part in block.get("elements") or [])


def _strings(value: Any) -> list[str]:
    """Collect the words inside a block nobody here knows, so that its message is not lost."""
    if isinstance(value, dict):
        found = [value["text"]] if isinstance(value.get("text"), str) else []
        return (
            found
            + [word for key, inner in value.items() if key != "text" for word in _strings(inner)]
            + (_strings(value["text"]) if isinstance(value.get("text"), dict) else [])
        )
    if isinstance(value, list):
        return [word for inner in value for word in _strings(inner)]
    return []


def _source(value: Any) -> str:
    return json.dumps(value, indent=2, ensure_ascii=False)


def _fill(template: str, **values: Any) -> Markup:
    # Autoescape is on in every template, so what comes out is safe by construction.
    return Markup(_ENVIRONMENT.get_template(template).render(**values))  # noqa: S704


_ENVIRONMENT = Environment(
    loader=FileSystemLoader(_TEMPLATES),
    autoescape=True,
    trim_blocks=True,
    lstrip_blocks=True,
)
_ENVIRONMENT.globals.update(
    text_object=text.text_object,
    text_block=text.text_block,
    plain_words=text.plain_words,
    mrkdwn=text.mrkdwn,
    rich_text=rich_text.rich_text,
    rich_inline=rich_text.inline,
    element=_render_element,
    input_field=_render_input,
    blocks_of=render_blocks,
    accessory_name=_accessory_name,
    choices=_choices,
    strings=_strings,
    source=_source,
    local=_local,
    chosen_options=_chosen_options,
    figure_id=_figure_id,
    figure_of=figure_of,
    is_number_column=_is_number_column,
    link=text.link,
    markdown=markdown,
    rich_inline_of=_rich_inline_of,
    signs=SIGNS,
    image_source=image_source,
)

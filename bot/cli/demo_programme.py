"""How the demo's people lay the foundation and open a gate: what demo_programme.yml tells, and the deeds for it.

Nothing here is done twice: what stands in a window already is left alone, so that a killed seeding can begin again.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

import yaml

from bot.cli.demo_cases import Deed, Thread, deed_of
from bot.cli.demo_forms import AS_OFFERED
from bot.cli.demo_oversight import Stage
from bot.cli.demo_windows import button_in
from handlers.ids import Action, Command

FILE = Path(__file__).with_name("demo_programme.yml")


def read(path: Path = FILE) -> Sequence[Thread]:
    """Return what happens with each part of the foundation, and with each gate. A reference is a thread's key."""
    told = yaml.safe_load(path.read_text(encoding="utf-8"))
    parts = [Thread(part["reference"], tuple(_deeds_of(part))) for part in told["parts"]]
    gates = [Thread(gate["reference"], tuple(deed_of(each) for each in gate["then"])) for gate in told["gates"]]
    return [*parts, *gates]


def _deeds_of(part: Mapping[str, Any]) -> Iterator[Deed]:
    yield Deed(part["given"], "mira", "give_part", changed={"owner": part["owner"]})
    written = {name: part[name] for name in ("summary", "link")} | {"items": part.get("items") or []}
    yield Deed(part["written"], part["owner"], "write_part", changed=written)
    yield Deed(part["approved"], part["by"], "approve")


def give_part(stage: Stage, who: str, reference: str, deed: Deed) -> None:
    """Say who owns a part of the foundation."""
    _open_part(stage, who, reference)
    stage.windows.press_in_window(who, Action.SET_PART_OWNER, reference)
    stage.windows.send(who, {"owner": stage.ids[deed.changed["owner"]]})
    stage.windows.close(who)


def write_part(stage: Stage, who: str, reference: str, deed: Deed) -> None:
    """Write a part: its text, then what it holds thing by thing; and send it for approval."""
    written = deed.changed
    _open_part(stage, who, reference)
    view, edit = stage.windows.button_in_window(who, Action.EDIT_PART, reference)
    if button_in(view["blocks"], Action.STILL_HOLDS):  # people have approved what was sent
        return
    stage.windows.press_in(who, view, edit)
    days = dict.fromkeys(("review", "effective"), AS_OFFERED)
    stage.windows.send(who, {"summary": written["summary"], "link": written["link"], **days})
    for item in written["items"]:
        if not _stands_there(stage, who, item["name"]):
            stage.windows.press_in_window(who, Action.ADD_ITEM, item["kind"])
            person = {"person": stage.ids[item["person"]]} if "person" in item else {}
            stage.windows.send(who, {**item, "link": None, **person})
    stage.windows.press_in_window(who, Action.SUBMIT_PART, reference)
    stage.windows.close(who)


def ask_gate(stage: Stage, who: str, _reference: str, deed: Deed) -> None:
    """Ask the council to open the gate into the phase the deed names."""
    _type(stage, who, "programme")
    stage.windows.press_in_window(who, Action.ASK_GATE, deed.says)
    stage.windows.fill_in(who, {})


def _open_part(stage: Stage, who: str, reference: str) -> None:
    _type(stage, who, "foundation")
    stage.windows.press_in_window(who, Action.OPEN_PART, reference)


def _type(stage: Stage, who: str, text: str) -> None:
    stage.hands.act(who, "command", channel=stage.room, command=Command.GATEHOUSE.value, text=text)


def _stands_there(stage: Stage, who: str, name: str) -> bool:
    return f"*{name}*" in json.dumps(stage.windows.must_be_open(who)["blocks"], ensure_ascii=False)


PROGRAMME: Final = {"give_part": give_part, "write_part": write_part, "ask_gate": ask_gate}
"""By the name the deeds use."""

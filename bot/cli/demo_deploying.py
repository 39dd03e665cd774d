"""How the demo's people bring what is approved into use, and confirm what was reported: one function for each deed."""

import json
from datetime import timedelta
from typing import Final

from bot.cli.demo_cases import Deed
from bot.cli.demo_hands import Json, words
from bot.cli.demo_oversight import Stage, open_life
from handlers.ids import Action

ONBOARDING: Final = "Team onboarding"
"""How the name of the workstream begins that counts who is trained."""


def move_on(stage: Stage, who: str, reference: str, deed: Deed) -> None:
    """Make the step in a use case's life whose button says what the deed does; never another one."""

    def offered() -> Json | None:
        view = stage.windows.open(who)
        return view if view and words(view["submit"]) == deed.says else None

    open_life(stage, who, reference)
    stage.hands.wait_for(f"“{deed.says}” for {reference}", offered)
    stage.windows.send(who, {})
    stage.windows.close(who)


def plan(stage: Stage, who: str, reference: str, deed: Deed) -> None:
    """Add tasks to the workstreams, each due so many days from now, and say how many people are to be trained."""
    _open_workstreams(stage, who, reference)
    now, _ = stage.hands.clock()
    for task in deed.changed["tasks"]:
        if task["name"] not in _shown(stage, who):
            stage.windows.press_in_window(who, Action.ADD_TASK, task["stream"])
            day = (now.date() + timedelta(days=task["due_after_days"])).isoformat()
            stage.windows.send(who, {"name": task["name"], "owner": stage.ids[task["owner"]], "day": day})
    _count(stage, who, deed)
    stage.windows.close(who)


def see_to(stage: Stage, who: str, reference: str, deed: Deed) -> None:
    """Say which tasks are done, how many people are trained, and which workstreams are complete."""
    _open_workstreams(stage, who, reference)
    for task in deed.changed["tasks"]:
        stage.windows.press_in_window(who, Action.FINISH_TASK, task)
    _count(stage, who, deed)
    for stream in deed.changed["complete"]:
        stage.windows.press_in_window(who, Action.COMPLETE_WORKSTREAM, stream)
    stage.windows.close(who)


def confirm(stage: Stage, who: str, reference: str, _deed: Deed) -> None:
    """Say that numbers somebody else reported are right."""
    stage.windows.press_on_card(who, Action.CONFIRM_NUMBERS, reference)


def _open_workstreams(stage: Stage, who: str, reference: str) -> None:
    open_life(stage, who, reference)
    stage.windows.press_in_window(who, Action.WORKSTREAMS, reference)
    stage.hands.wait_for("The workstreams", lambda: ONBOARDING in _shown(stage, who))


def _count(stage: Stage, who: str, deed: Deed) -> None:
    stage.windows.press_in_window(who, Action.EDIT_WORKSTREAM, ONBOARDING)
    counts = {name: deed.changed[name] for name in ("to_train", "trained")}
    stage.windows.send(who, {"owner": who, "day": None, **counts})


def _shown(stage: Stage, who: str) -> str:
    view = stage.windows.open(who)
    return json.dumps(view["blocks"], ensure_ascii=False) if view else ""


DEPLOYING: Final = {"move_on": move_on, "plan": plan, "see_to": see_to, "confirm": confirm}
"""By the name the deeds use."""

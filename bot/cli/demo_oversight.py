"""What the demo's people do about something that was approved, or cannot wait: one function for each deed."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final

from bot.cli.demo_calendar import workdays_before
from bot.cli.demo_cases import Deed
from bot.cli.demo_hands import Hands
from bot.cli.demo_windows import Windows
from handlers.ids import Action, Block, Command

CHECK_IN_DAY: Final = 2
"""The ISO weekday on which people are asked for numbers while nothing else is set."""

OPTIONAL: Final = (
    *("eligible", "active", "hours", "hours_method", "looked_at", "by_prompt", "by_context", "by_workflow"),
    *("cost", "blockers", "wins", "evidence", "verifier"),
)
"""What somebody may say in a check-in besides numbers and confidence, by the ends of the fields."""


@dataclass(frozen=True, slots=True)
class Stage:
    """Whose hands there are, who is who, what today is at the end of the seeding, and where commands are typed."""

    hands: Hands
    windows: Windows
    ids: Mapping[str, str]
    today: date
    room: str


def approve_with_conditions(stage: Stage, who: str, reference: str, deed: Deed) -> None:
    """Approve on the conditions the deed names, each with who has to meet it and in how many days from today."""
    stage.windows.press_on_card(who, Action.APPROVE_WITH_CONDITIONS, reference)
    fields: dict[str, Any] = {"others": []}
    for number, wanted in enumerate(deed.changed["conditions"]):
        told = {
            "text": wanted["text"],
            "owner": stage.ids[wanted["owner"]],
            "day": _in_days(stage, wanted["due_in_days"]),
            "evidence": wanted["evidence"],
            "blocks": wanted["blocks"],
        }
        fields |= {f"{name}.{number}": value for name, value in told.items()}
    stage.windows.fill_in(who, fields, more=Action.ADD_CONDITION, first="text")


def give_evidence(stage: Stage, who: str, reference: str, deed: Deed) -> None:
    """Give a link for the condition whose text holds what the deed says; it blocks the deployment."""
    open_life(stage, who, reference)
    stage.windows.press_in_window(who, Action.SEE_CONDITION, deed.says)
    stage.windows.press_in_window(who, Action.GIVE_EVIDENCE)
    stage.windows.fill_in(who, {"link": deed.changed["link"], "words": deed.changed.get("words")})


def accept_evidence(stage: Stage, who: str, reference: str, _deed: Deed) -> None:
    stage.windows.press_on_card(who, Action.ACCEPT_EVIDENCE, reference)


def lock_baseline(stage: Stage, who: str, reference: str, deed: Deed) -> None:
    """Lock the baseline of the KPI whose name holds what the deed says."""
    given = deed.changed
    open_life(stage, who, reference)
    stage.windows.press_in_window(who, Action.KPIS, reference)
    stage.windows.press_in_window(who, Action.BASELINE, deed.says)
    fields = {
        "value": given["value"],
        "first_day": _in_days(stage, -given["from_days_ago"]),
        "last_day": _in_days(stage, -given["until_days_ago"]),
        "n": given["n"],
        "method": given["method"],
    }
    stage.windows.fill_in(who, fields)


def answer(stage: Stage, who: str, reference: str, deed: Deed) -> None:
    """Answer the check-in that is open now, by its message: `values` of the KPIs in their order, and the rest.

    `verifier` names who is asked whether the numbers are right.
    """
    text = f"Answer for {reference}"
    card = stage.windows.on_card(who, Action.ANSWER_CHECK_IN, reference, text)
    if card is not None:
        stage.windows.press(who, card)
    else:  # who is away is sent none
        stage.windows.press_at_home(who, Action.ANSWER_CHECK_IN, text)
    view = stage.hands.wait_for("The form of a check-in", lambda: stage.windows.open(who))
    asked = [block["block_id"] for block in view["blocks"] if block["block_id"].startswith(f"{Block.READING}.")]
    said = {name: value for name, value in deed.changed.items() if name != "values"}
    values = dict(zip(asked, deed.changed["values"], strict=True))
    if "verifier" in said:
        said["verifier"] = stage.ids[said["verifier"]]
    stage.windows.fill_in(who, dict.fromkeys(OPTIONAL) | {"track": "on_track"} | said | values)


def be_away(stage: Stage, who: str, _reference: str, deed: Deed) -> None:
    """Be on leave for the whole period of the check-in that holds a day, and on the day after it."""
    inside = workdays_before(stage.today, deed.changed["period_at"])
    first = inside - timedelta(days=(inside.isoweekday() - CHECK_IN_DAY) % 7)
    text = f"away from {first} until {first + timedelta(days=7)}"
    stage.hands.act(who, "command", channel=stage.room, command=Command.GATEHOUSE.value, text=text)


def break_glass(stage: Stage, who: str, reference: str, deed: Deed) -> None:
    """Find it by the command, and ask a second person to let it go ahead."""
    _find(stage, who, reference)
    stage.windows.press_on_card(who, Action.BREAK_GLASS, reference)
    fields = {"reason": deed.says, "hours": deed.changed["hours"], "second": deed.changed["second"]}
    stage.windows.fill_in(who, fields)


def agree(stage: Stage, who: str, reference: str, _deed: Deed) -> None:
    stage.windows.press_on_card(who, Action.AGREE, reference)


def ask_owners(stage: Stage, who: str, _reference: str, deed: Deed) -> None:
    """Ask the owners of a tier whether approvals still hold."""
    stage.windows.press_at_home(who, Action.ASK_OWNERS)
    due = _in_days(stage, deed.changed["due_in_days"])
    stage.windows.fill_in(who, {"tier": deed.changed["tier"], "team": None, "due": due})


def still_valid(stage: Stage, who: str, reference: str, _deed: Deed) -> None:
    stage.windows.press_at_home(who, Action.STILL_VALID, reference)
    stage.windows.fill_in(who, {})


def open_life(stage: Stage, who: str, reference: str) -> None:
    """Find a use case by the command, and open where it is in its life.

    Not from Home: each Home that somebody has opened is drawn anew from then on, which takes time in every week.
    """
    _find(stage, who, reference)
    stage.windows.press_on_card(who, Action.LIFE, reference)


def _find(stage: Stage, who: str, reference: str) -> None:
    """Type the command in their conversation with the app, once there is one, so that the answer stands there."""
    place = next((each["id"] for each in stage.hands.sees(who)["dms"]), stage.room)
    stage.hands.act(who, "command", channel=place, command=Command.USE_CASE.value, text=reference)


OVERSIGHT: Final[Mapping[str, Callable[[Stage, str, str, Deed], None]]] = {
    "approve_with_conditions": approve_with_conditions,
    "give_evidence": give_evidence,
    "accept_evidence": accept_evidence,
    "lock_baseline": lock_baseline,
    "answer": answer,
    "be_away": be_away,
    "break_glass": break_glass,
    "agree": agree,
    "ask_owners": ask_owners,
    "still_valid": still_valid,
}
"""By the name the cases use."""


def _in_days(stage: Stage, days: int) -> str:
    return (stage.today + timedelta(days=days)).isoformat()

"""When an organisation asks its people for numbers: the part of the settings, its page, and the form it sends."""

from collections.abc import Mapping
from datetime import time
from typing import Any, Final

from db.enums import Cadence
from handlers.blocks import BlockKit, button, modal, question, section, select
from handlers.ids import INPUT, Action, Block, Callback
from handlers.kpis import CADENCES
from handlers.payloads import MalformedPayloadError, chosen
from handlers.settings.payloads import chosen_minute
from handlers.settings.words import WEEKDAYS
from workflows.checkins import AskedFrom, AsksWhen

BEGINNINGS: Final[Mapping[AskedFrom, str]] = {
    AskedFrom.APPROVAL: "Once they are approved",
    AskedFrom.DEPLOYMENT: "Once they are in deployment",
}
OFFERED: Final = tuple(each for each in Cadence if each is not Cadence.EVERY_WEEKS)
_WHAT: Final = (
    "Who reports KPIs of a use case is asked for them by direct message, each in their own time zone and hours."
)


def check_ins_line(when: AsksWhen) -> BlockKit:
    """Return how it is set, with the way to change it."""
    change = button(Action.SETTINGS_PAGE, "Change", "check_ins", label="Change when people are asked for numbers")
    return section(f"*Check-ins*: {when_text(when)}.") | {"accessory": change}


def when_text(when: AsksWhen) -> str:
    """Return “new KPIs weekly, Tuesdays at 10:00 where people are, once use cases are approved”."""
    at = time(when.minute // 60, when.minute % 60)
    often = CADENCES[when.cadence].format(weeks="")
    begins = BEGINNINGS[when.beginning].replace("they", "use cases").lower()
    return f"new KPIs {often}, {WEEKDAYS[when.weekday]}s at {at:%H:%M} where people are, {begins}"


def check_ins_page(when: AsksWhen, back: BlockKit) -> BlockKit:
    """Ask how often, when, and from when on; each question says from when a change counts."""
    cadences = {each.value: CADENCES[each].capitalize() for each in OFFERED}
    at = f"{when.minute // 60:02}:{when.minute % 60:02}"
    blocks = [
        section(_WHAT),
        question(
            Block.CHECK_IN_CADENCE,
            "How often new KPIs are asked for",
            select(cadences, placeholder="How often", chosen=when.cadence),
            hint="Counts for what is approved from now on. KPIs there are keep theirs, which their owners edit.",
        ),
        question(
            Block.CHECK_IN_WEEKDAY,
            "Day",
            select({str(day): name for day, name in WEEKDAYS.items()}, placeholder="Day", chosen=str(when.weekday)),
            hint="On a holiday, on leave or outside of their hours people are asked when they work again.",
        ),
        question(
            Block.CHECK_IN_TIME,
            "Time",
            {"type": "timepicker", "initial_time": at},
            hint="Where each person is. What is asked next keeps its day and time; a change counts from the one after.",
        ),
        question(
            Block.CHECK_INS_FROM,
            "Use cases are asked",
            select({each.value: text for each, text in BEGINNINGS.items()}, placeholder="When", chosen=when.beginning),
            hint="Counts at once. What is asked already and is not any more is left out, and nobody is reminded.",
        ),
        back,
    ]
    return modal(Callback.SAVE_CHECK_INS, "Gatehouse settings", blocks, submit="Save")


def asks_when_in(body: dict[str, Any]) -> AsksWhen:
    """Return what was chosen. Raises MalformedPayloadError when no form of ours can have sent it."""
    cadence, beginning = chosen(body, Block.CHECK_IN_CADENCE, INPUT), chosen(body, Block.CHECK_INS_FROM, INPUT)
    weekday, minute = chosen(body, Block.CHECK_IN_WEEKDAY, INPUT), chosen_minute(body, Block.CHECK_IN_TIME)
    days = {str(day): day for day in WEEKDAYS}
    if cadence not in OFFERED or beginning not in set(AskedFrom) or weekday not in days or minute is None:
        raise MalformedPayloadError("not what the form offers")
    return AsksWhen(Cadence(cadence), days[weekday], minute, AskedFrom(beginning))

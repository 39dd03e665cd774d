"""What an organisation has set about when its people are asked for numbers."""

from typing import Final

from db.session import Session
from workflows import settings
from workflows.checkins.turns import AskedFrom
from workflows.settings import SettingName

USUAL_TIME: Final = (2, 10 * 60)
"""Tuesday at ten: two reminders and a word to the sponsor fit into the same week."""


def time_of_day(session: Session) -> tuple[int, int]:
    """Return on which ISO weekday and how many minutes after midnight people are asked, each in their own zone."""
    return time_read(settings.value_of(session, SettingName.CHECK_IN_TIME) or "") or USUAL_TIME


def time_read(text: str) -> tuple[int, int] | None:
    """Return what “2 600” says, or None when it is no weekday and minute."""
    weekday, _, minute = text.partition(" ")
    if not (weekday.isdecimal() and minute.isdecimal()):
        return None
    found = int(weekday), int(minute)
    return found if found[0] in range(1, 8) and found[1] in range(24 * 60) else None


def asked_from(session: Session) -> AskedFrom:
    """Return from when on use cases are asked: from their approval, unless the organisation has set otherwise."""
    return AskedFrom(settings.value_of(session, SettingName.CHECK_INS_FROM) or AskedFrom.APPROVAL)

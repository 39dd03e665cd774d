"""What an organisation has set about when its people are asked for numbers."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from db.enums import Cadence, UseCaseState
from db.session import Session
from workflows import settings
from workflows.checkins.rules import Rhythm, rhythm_read
from workflows.checkins.turns import AskedFrom, why_not_asked
from workflows.settings import SettingName

USUAL: Final = Rhythm(Cadence.WEEKLY)

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


def states_asked(session: Session) -> frozenset[UseCaseState]:
    """Return where use cases are while they are asked for their numbers."""
    beginning = asked_from(session)
    return frozenset(state for state in UseCaseState if why_not_asked(state, beginning) is None)


@dataclass(frozen=True, slots=True)
class AsksWhen:
    """How often new KPIs are asked for, on which ISO weekday, how many minutes after midnight, and from when on."""

    cadence: Cadence
    weekday: int
    minute: int
    beginning: AskedFrom


def usual_rhythm(session: Session) -> Rhythm:
    """Return how often a new KPI is asked for, as the organisation has set."""
    return rhythm_read(settings.value_of(session, SettingName.CHECK_IN_CADENCE) or "") or USUAL


def asks_when(session: Session) -> AsksWhen:
    return AsksWhen(usual_rhythm(session).cadence, *time_of_day(session), asked_from(session))


def ask_when(session: Session, wanted: AsksWhen, *, actor: UUID | None, now: datetime) -> bool:
    """Set what differs from how it is, each on the record; return whether anything does."""
    there, changes = asks_when(session), dict[SettingName, str]()
    if wanted.cadence is not there.cadence:
        changes[SettingName.CHECK_IN_CADENCE] = wanted.cadence.value
    if (wanted.weekday, wanted.minute) != (there.weekday, there.minute):
        changes[SettingName.CHECK_IN_TIME] = f"{wanted.weekday} {wanted.minute}"
    if wanted.beginning is not there.beginning:
        changes[SettingName.CHECK_INS_FROM] = wanted.beginning.value
    for name, value in changes.items():
        settings.change(session, name, value, actor=actor, now=now)
    return bool(changes)

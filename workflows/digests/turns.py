"""When a channel's weekly digest is due. Values in, values out."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from workflows.digests.windows import DAYS, Window
from workflows.people.worktime import resolved

LATE: Final = timedelta(hours=12)
"""What could not be posted within this is left out: the next one comes soon, and says what is new by then."""


@dataclass(frozen=True, slots=True)
class Schedule:
    """A channel with a weekly digest: on which ISO weekday, how many minutes after midnight, in which zone.

    `since` is when that was set, None where it was before that was kept. `told` is the Monday of the latest week
    whose digest was posted there or left out.
    """

    channel: str
    weekday: int
    minute: int
    zone: str
    since: datetime | None
    told: date | None


@dataclass(frozen=True, slots=True)
class Turn:
    """A channel's digest for the week of this Monday, which came at `moment` (UTC)."""

    channel: str
    week: date
    moment: datetime
    zone: str

    @property
    def window(self) -> Window:
        """Return the seven days up to the day before it came, where the channel is."""
        return Window.ending(self.moment.astimezone(ZoneInfo(self.zone)).date() - timedelta(days=1), self.zone)

    def is_too_late(self, now: datetime) -> bool:
        return now - self.moment > LATE


def turn_of(schedule: Schedule, now: datetime) -> Turn | None:
    """Return the digest that is due in a channel; None where its week was told of, or is not the channel's yet.

    A channel set or moved after its moment in a week waits for the next one, and so one week is never told twice.
    """
    today = now.astimezone(ZoneInfo(schedule.zone)).date()
    monday = today - timedelta(days=today.weekday())
    for week in (monday, monday - timedelta(days=DAYS)):  # a Sunday's may be late on Monday
        moment = resolved(schedule.zone, week + timedelta(days=schedule.weekday - 1), schedule.minute)
        if moment <= now:
            is_news = schedule.told is None or schedule.told < week
            is_theirs = schedule.since is None or schedule.since <= moment
            return Turn(schedule.channel, week, moment, schedule.zone) if is_news and is_theirs else None
    return None

"""Which days a digest is about. Values in, values out."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from workflows.people.worktime import resolved

DAYS = 7
_FIRST_YEAR, _LAST_YEAR = 2000, 9998


@dataclass(frozen=True, slots=True)
class Window:
    """Seven days, the first and the last included, in a zone."""

    first: date
    last: date
    zone: str

    @classmethod
    def ending(cls, last: date, zone: str) -> "Window":
        return cls(last - timedelta(days=DAYS - 1), last, zone)

    @classmethod
    def of_week(cls, monday: date, zone: str) -> "Window":
        """Return the ISO week that begins on this Monday."""
        return cls(monday, monday + timedelta(days=DAYS - 1), zone)

    @property
    def begins_at(self) -> datetime:
        """Return the moment the first day begins, in UTC."""
        return resolved(self.zone, self.first, 0)

    @property
    def ends_at(self) -> datetime:
        """Return the moment after the last day, in UTC."""
        return resolved(self.zone, self.last + timedelta(days=1), 0)

    @property
    def before(self) -> "Window":
        """Return the seven days before these."""
        return Window.ending(self.first - timedelta(days=1), self.zone)

    @property
    def after(self) -> "Window":
        """Return the seven days after these."""
        return Window.of_week(self.last + timedelta(days=1), self.zone)

    @property
    def iso_week(self) -> str:
        """Return the ISO week most of its days are in, as “2026-W31”."""
        year, week, _ = (self.first + timedelta(days=DAYS // 2)).isocalendar()
        return f"{year}-W{week:02}"


def is_within_reach(monday: date) -> bool:
    """Say whether a digest can be asked for of a week: calendars end, and so do what is before a week and after it."""
    return _FIRST_YEAR <= monday.year <= _LAST_YEAR


def last_complete_week(now: datetime, zone: str) -> Window:
    """Return the last ISO week that is over in this zone."""
    today = now.astimezone(ZoneInfo(zone)).date()
    return Window.of_week(today - timedelta(days=today.weekday() + DAYS), zone)

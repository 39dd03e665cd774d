"""When the demo's people do what: on which days, and at which hour of theirs."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from bot.cli.demo_cases import Case, Deed, Thread

MORNING: Final = time(10)
BETWEEN: Final = timedelta(minutes=7)
_SATURDAY = 5


@dataclass(frozen=True, slots=True)
class Person:
    id: str
    tz: str


People = Mapping[str, Person]
"""Who there is, by the name the cases use."""


@dataclass(frozen=True, slots=True)
class Event:
    """One thing somebody does: a case's proposal, or one of the deeds that follow it or stand in a thread."""

    key: str
    position: int
    who: str
    at: datetime
    case: Case | None = None
    deed: Deed | None = None

    @property
    def name(self) -> str:
        return f"{self.key}.{self.position}"


def events_of(cases: Sequence[Case], people: People, today: date, threads: Sequence[Thread] = ()) -> list[Event]:
    """Return everything that happens, the oldest first: in people's own mornings, and one case in its order."""
    everything: Sequence[Case | Thread] = [*threads, *cases]
    events = [event for each in everything for event in _events_of_one(each, people, today)]
    return sorted(events, key=lambda event: event.at)


def _events_of_one(of: Case | Thread, people: People, today: date) -> Iterator[Event]:
    case = of if isinstance(of, Case) else None
    proposal: list[tuple[int, str, Deed | None]] = [(case.ago, case.proposer, None)] if case else []
    last = datetime.min.replace(tzinfo=UTC)
    for position, (ago, who, deed) in enumerate([*proposal, *((each.ago, each.who, each) for each in of.deeds)]):
        morning = datetime.combine(workdays_before(today, ago), MORNING, ZoneInfo(people[who].tz))
        minutes = sum(f"{of.key}{position}".encode()) % 60  # not everybody acts at ten sharp
        last = max(morning + timedelta(minutes=minutes), last + BETWEEN)
        yield Event(of.key, position, who, last, case, deed)


def workdays_before(today: date, days: int) -> date:
    """Return the day so many working days before `today`; today itself if that is none."""
    day = today
    while days:
        day -= timedelta(days=1)
        days -= day.weekday() < _SATURDAY
    return day

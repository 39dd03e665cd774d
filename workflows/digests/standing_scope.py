"""What counts in a week: from when to when, and whose use cases."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from db.queries import digest_cases as stored
from db.queries.digest_cases import CaseRow, Spans
from db.session import Session
from workflows import intake
from workflows.digests.snapshots import Named
from workflows.digests.windows import Window
from workflows.people.rules import same_team

AHEAD: Final = timedelta(days=14)
"""How far after the window a digest looks for what is coming."""

_NEXT: Final = timedelta(microseconds=1)  # what is stored tells no smaller difference


@dataclass(frozen=True, slots=True)
class Scope:
    """`at` is the moment of which things are told; `spans.until` is just after it, where that is `now`.

    `today` is the date then in the window's zone. `teams` are the spellings of the one team that counts.
    """

    window: Window
    at: datetime
    now: datetime
    spans: Spans
    teams: tuple[str, ...] | None

    @property
    def today(self) -> date:
        return self.at.astimezone(ZoneInfo(self.window.zone)).date()

    @property
    def looks_until(self) -> date:
        return self.window.last + AHEAD


def scope_of(session: Session, window: Window, *, team: str | None, now: datetime) -> Scope:
    at = min(window.ends_at, now)
    until = window.ends_at if window.ends_at <= now else now + _NEXT
    return Scope(window, at, now, Spans(window.before.begins_at, window.begins_at, until), spellings(session, team))


def spellings(session: Session, team: str | None) -> tuple[str, ...] | None:
    """Return how a team is spelt where it stands, without regard to case and blanks; None where none is named."""
    return None if team is None else tuple(same_team(team, stored.spelt(session)))


def named(case: CaseRow) -> Named:
    return Named(case.id, intake.reference_of(case.number), case.name, case.team)

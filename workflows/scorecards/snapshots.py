"""Frozen pictures of rounds."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from db.enums import Dimension, Membership
from workflows.people import Actor
from workflows.scorecards.rules import NoScorecard, Result


@dataclass(frozen=True, slots=True)
class Asked:
    """Somebody named in a round, and when they answered last."""

    person: Actor
    answered_at: datetime | None

    @property
    def is_asked(self) -> bool:
        """Say whether they are still asked: who left is not, though what they said before counts."""
        return self.person.membership is Membership.MEMBER or self.answered_at is not None


@dataclass(frozen=True, slots=True)
class Round:
    """One round: who was asked until when, and whether it is over. `due_on` is a day where `opened_by` is."""

    id: UUID
    number: int
    opened_by: Actor
    opened_at: datetime
    due_on: date
    closes_at: datetime
    asked: tuple[Asked, ...]
    closed_at: datetime | None = None
    closed_by: Actor | None = None

    @property
    def reference(self) -> str:
        return f"SC-{self.number}"

    @property
    def is_open(self) -> bool:
        return self.closed_at is None

    @property
    def answered(self) -> tuple[Asked, ...]:
        return tuple(each for each in self.asked if each.answered_at is not None)

    @property
    def waiting(self) -> tuple[Asked, ...]:
        """Return who is asked and has not answered yet."""
        return tuple(each for each in self.asked if each.is_asked and each.answered_at is None)

    @property
    def left(self) -> tuple[Asked, ...]:
        """Return who is not asked any more, as they left without an answer."""
        return tuple(each for each in self.asked if not each.is_asked)

    def names(self, person_id: UUID) -> bool:
        return any(each.person.id == person_id for each in self.asked)


@dataclass(frozen=True, slots=True)
class Form:
    """What somebody is asked: dimensions, and what they said of each so far; None where they cannot say."""

    round: Round
    dimensions: tuple[Dimension, ...]
    said: dict[Dimension, int | None]


@dataclass(frozen=True, slots=True)
class Gap:
    """What to close next, and who sees to it. `by_leads`: nobody owns it, so it is for those who lead the programme."""

    dimension: Dimension
    owners: tuple[Actor, ...]
    by_leads: bool


@dataclass(frozen=True, slots=True)
class Closed:
    """A round that is over and what came of it. `gaps` are those that are still open now; `previous` is its number."""

    round: Round
    result: Result
    gaps: tuple[Gap, ...]
    previous: int | None = None


@dataclass(frozen=True, slots=True)
class Board:
    """What there is of scorecards: the round that goes on, and what came of the last one that is over."""

    open: Round | None
    newest: Closed | None


@dataclass(frozen=True, slots=True)
class NotDone:
    """Why nothing was done, and the round it is about."""

    why: NoScorecard
    round: Round | None = None

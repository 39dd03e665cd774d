"""What a lesson and a checklist have to hold, who may write one, and when one is stale. Values in, values out."""

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from hashlib import sha256
from typing import Final
from uuid import UUID

LONGEST: Final = 2000
LONGEST_REASON: Final = 1000
FEWEST_STEPS, MOST_STEPS, LONGEST_STEP = 3, 30, 150
STALE_AFTER: Final = timedelta(days=90)
_MARK = re.compile(r"(?:[-*•–☐]|\d{1,2}[.)])\s+")


class NoLesson(StrEnum):
    """Why nothing was done with a lesson."""

    UNKNOWN = "unknown"
    NOT_YOURS = "not_yours"
    NOT_PUBLISHER = "not_publisher"
    NOT_DEPLOYED = "not_deployed"
    EMPTY = "empty"
    NOTHING_LEARNT = "nothing_learnt"
    NO_ADVICE = "no_advice"
    TOO_LONG = "too_long"
    PUBLISHED = "published"
    NOT_PUBLISHED = "not_published"
    CHANGED_MEANWHILE = "changed_meanwhile"
    REASON_MISSING = "reason_missing"


class NoChecklist(StrEnum):
    """Why a checklist was not published."""

    UNKNOWN = "unknown"
    NOT_YOURS = "not_yours"
    NOT_DEPLOYED = "not_deployed"
    TOO_FEW = "too_few"
    TOO_MANY = "too_many"
    STEP_TOO_LONG = "step_too_long"
    UNCHANGED = "unchanged"
    CHANGED_MEANWHILE = "changed_meanwhile"


@dataclass(frozen=True, slots=True)
class Says:
    """What a lesson says; each part may be empty while it is a draft."""

    worked: str = ""
    did_not: str = ""
    advice: str = ""

    @property
    def parts(self) -> tuple[str, str, str]:
        return self.worked, self.did_not, self.advice

    @property
    def digest(self) -> str:
        """Return what tells this text from another, for the button that publishes what was read."""
        return sha256("\x00".join(self.parts).encode()).hexdigest()[:32]

    def stripped(self) -> "Says":
        return Says(*(each.strip() for each in self.parts))


@dataclass(frozen=True, slots=True)
class Answering:
    """Who answers for a use case, of those who are full members now, and who leads the programme."""

    owner: UUID | None
    others: frozenset[UUID]  # its sponsor and who proposed it
    leads: frozenset[UUID]

    def may_write(self, person: UUID) -> bool:
        return person == self.owner or person in self.others or person in self.leads

    def may_publish(self, person: UUID) -> bool:
        """Say whether this person publishes for the use case: its owner, and a lead once the owner has left."""
        return person == self.owner or (self.owner is None and person in self.leads)

    def may_take_back(self, person: UUID) -> bool:
        return person == self.owner or person in self.leads


def why_not_kept(says: Says) -> NoLesson | None:
    """Return why a draft cannot be kept like this."""
    if not any(says.parts):
        return NoLesson.EMPTY
    return NoLesson.TOO_LONG if max(map(len, says.parts)) > LONGEST else None


def why_not_published(says: Says) -> NoLesson | None:
    """Return what a draft lacks for others to learn from it."""
    if not says.worked and not says.did_not:
        return NoLesson.NOTHING_LEARNT
    return None if says.advice else NoLesson.NO_ADVICE


def stale_from(held_at: datetime) -> datetime:
    """Return from when on a lesson is stale that somebody last said holds at this moment."""
    return held_at + STALE_AFTER


def steps_in(text: str) -> tuple[str, ...]:
    """Return the steps of a checklist as they were typed, one a line; marks and numbers before them are left out."""
    lines = (" ".join(line.split()) for line in text.splitlines())
    return tuple(step for line in lines if (step := _MARK.sub("", line, count=1).strip()))


def why_not_steps(steps: Sequence[str]) -> NoChecklist | None:
    if len(steps) < FEWEST_STEPS:
        return NoChecklist.TOO_FEW
    if len(steps) > MOST_STEPS:
        return NoChecklist.TOO_MANY
    return NoChecklist.STEP_TOO_LONG if longest(steps) > LONGEST_STEP else None


def longest(steps: Collection[str]) -> int:
    """Return how many characters the longest of these has."""
    return max(map(len, steps), default=0)

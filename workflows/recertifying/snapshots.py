"""Frozen pictures of what is asked about approvals, and the outcomes of answering."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from db.enums import RecertificationAnswer, Tier
from workflows.approvals import RequestSnapshot
from workflows.intake import UseCaseSnapshot
from workflows.people import Actor
from workflows.recertifying.rules import Because


@dataclass(frozen=True, slots=True)
class Question:
    """Whether an approval still holds, as it was asked. `asked` are those who may answer; any of them does.

    `answer` is None while it is open. An answer people have to confirm has the request they decide on.
    """

    id: UUID
    use_case: UseCaseSnapshot
    due_on: date
    asked: tuple[Actor, ...]
    answer: RecertificationAnswer | None = None
    answered_by: Actor | None = None
    answered_at: datetime | None = None
    request_id: UUID | None = None

    @property
    def has_lapsed(self) -> bool:
        return self.answer is RecertificationAnswer.LAPSED


@dataclass(frozen=True, slots=True)
class Confirmation:
    """What saying that an approval still holds would do now: renew it until `until`, or ask people, and why."""

    question: Question
    tier: Tier
    until: date | None
    because: Because | None


@dataclass(frozen=True, slots=True)
class Renewed:
    """The approval holds until the end of this day."""

    use_case: UseCaseSnapshot
    until: date


@dataclass(frozen=True, slots=True)
class SentOn:
    """People look at the approved text again. `request` may be approved already, where a line of the policy does."""

    use_case: UseCaseSnapshot
    because: Because
    request: RequestSnapshot


@dataclass(frozen=True, slots=True)
class Retired:
    use_case: UseCaseSnapshot


class Why(StrEnum):
    """Why an answer does not count."""

    UNKNOWN = "unknown"
    NOT_ASKED = "not_asked"
    NOT_YOURS = "not_yours"
    ANSWERED = "answered"
    CHANGE_PENDING = "change_pending"
    CHANGED_MEANWHILE = "changed_meanwhile"
    PROHIBITED = "prohibited"


@dataclass(frozen=True, slots=True)
class NotAnswered:
    """Nothing was stored. `question` is how it stands, for who may know of it; `reason` what the policy says."""

    why: Why
    question: Question | None = None
    use_case: UseCaseSnapshot | None = None
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Scope:
    """What a campaign is about: a tier, a team, or both; and the last day on which to answer."""

    tier: Tier | None
    team: str | None
    due_on: date


class NoCampaign(StrEnum):
    """Why a campaign cannot be started."""

    NOT_STEERING = "not_steering"
    NOTHING_CHOSEN = "nothing_chosen"
    TOO_SOON = "too_soon"
    TOO_LATE = "too_late"
    NOBODY = "nobody"
    GOES_ON = "goes_on"


@dataclass(frozen=True, slots=True)
class Reach:
    """How many use cases and people who answer for them a campaign is about."""

    scope: Scope
    cases: int
    owners: int


@dataclass(frozen=True, slots=True)
class Progress:
    """A campaign as it stands: how many gave which answer, None for those who gave none yet."""

    id: UUID
    scope: Scope
    started_by: Actor
    started_at: datetime
    closed_at: datetime | None
    answers: Mapping[RecertificationAnswer | None, int] = field(default_factory=dict)

    @property
    def asked(self) -> int:
        return sum(self.answers.values())

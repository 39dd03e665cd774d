"""What conditions add up to, and what may be done with one. Values in, values out: no database, no Slack, no clock."""

import unicodedata
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import StrEnum
from typing import Final
from urllib.parse import urlsplit
from uuid import UUID

from db.enums import Blocks, ConditionStatus, DemandStatus, EvidenceKind

MOST: Final = 5
"""How many conditions can be typed into one form."""

LONGEST: Final = 500
LONGEST_WORDS: Final = 2000
LONGEST_LINK: Final = 1000
FURTHEST: Final = timedelta(days=731)
AFTER_LATE_DECISION: Final = timedelta(days=7)

IN_FORCE: Final = (ConditionStatus.OPEN, ConditionStatus.OFFERED)
"""To be met: its request is approved, and a demand for it stands."""


_PROPOSED, _OPEN, _OFFERED = ConditionStatus.PROPOSED, ConditionStatus.OPEN, ConditionStatus.OFFERED
_SETTLED: Final = (ConditionStatus.MET, ConditionStatus.WAIVED, ConditionStatus.DROPPED)
LEADS_TO: Final[Mapping[ConditionStatus, frozenset[ConditionStatus]]] = {
    _PROPOSED: frozenset({_OPEN, ConditionStatus.DROPPED}),
    _OPEN: frozenset({_OFFERED, *_SETTLED}),
    _OFFERED: frozenset({_OPEN, _OFFERED, *_SETTLED}),
}
"""What may become of a condition; `docs/states.md` draws it."""


class Refusal(StrEnum):
    """Why nothing was done about a condition."""

    UNKNOWN = "unknown"
    NOT_IN_FORCE = "not_in_force"
    SETTLED = "settled"
    NOT_THE_OWNER = "not_the_owner"
    NOT_OF_THE_LANE = "not_of_the_lane"
    OWN_CONDITION = "own_condition"
    OWN_EVIDENCE = "own_evidence"
    ANSWERED = "answered"
    NOTHING_OFFERED = "nothing_offered"
    OTHER_EVIDENCE = "other_evidence"
    REASON_MISSING = "reason_missing"
    LINK_MISSING = "link_missing"
    LINK_UNUSABLE = "link_unusable"
    WORDS_MISSING = "words_missing"
    TOO_LONG = "too_long"


class Flaw(StrEnum):
    """What keeps a condition from being set as it was typed."""

    NOTHING_ASKED = "nothing_asked"
    TEXT_MISSING = "text_missing"
    TEXT_TOO_LONG = "text_too_long"
    TWICE = "twice"
    OWNER_MISSING = "owner_missing"
    OWNER_NOT_A_MEMBER = "owner_not_a_member"
    OWNER_UNCHECKED = "owner_unchecked"
    DAY_MISSING = "day_missing"
    DAY_PAST = "day_past"
    DAY_TOO_FAR = "day_too_far"


class Field(StrEnum):
    """What a form asks of each condition."""

    TEXT = "text"
    OWNER = "owner"
    DAY = "day"


@dataclass(frozen=True, slots=True)
class Wanted:
    """A condition as a lane wants it. `due_on` is the last day, where its owner is."""

    text: str
    owner_id: UUID
    due_on: date
    evidence: EvidenceKind
    blocks: Blocks

    @property
    def key(self) -> tuple[str, UUID]:
        return key_of(self.text, self.owner_id)


@dataclass(frozen=True, slots=True)
class Typed:
    """A condition as it was typed. `owner` is a full member, or why there is none."""

    text: str
    owner: UUID | Flaw
    due_on: date | None
    evidence: EvidenceKind
    blocks: Blocks


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong with which field of which condition of the form, counted from 0."""

    number: int
    field: Field
    flaw: Flaw


@dataclass(frozen=True, slots=True)
class Demand:
    """One person's vote in a lane that asks for a condition, and whether it still does."""

    lane_id: UUID
    person_id: UUID
    due_on: date
    blocks: Blocks
    status: DemandStatus


@dataclass(frozen=True, slots=True)
class Evidence:
    """What somebody gives to show that a condition is met: a link, words, or both."""

    link: str
    words: str

    def stored(self) -> str:
        return f"{self.link}\n{self.words}"

    @classmethod
    def of(cls, stored: str) -> "Evidence":
        link, _, words = stored.partition("\n")
        return cls(link, words)


def key_of(text: str, owner_id: UUID) -> tuple[str, UUID]:
    """Return what makes two conditions the same: the same words, however typed, of the same owner."""
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split()), owner_id


def standing(demands: Iterable[Demand]) -> list[Demand]:
    return [each for each in demands if each.status is DemandStatus.STANDING]


def due_on(demands: Iterable[Demand]) -> date | None:
    """Return the strictest date of the demands that stand; None when none does."""
    return min((each.due_on for each in standing(demands)), default=None)


def blocks(demands: Iterable[Demand]) -> frozenset[Blocks]:
    """Return everything the demands that stand stand in the way of."""
    return frozenset(each.blocks for each in standing(demands))


def answered(demands: Iterable[Demand], lanes: Collection[UUID], status: DemandStatus) -> tuple[Demand, ...]:
    """Return the demands after these lanes accepted or waived theirs; those of other lanes stay as they are."""
    return tuple(
        replace(each, status=status) if each.lane_id in lanes and each.status is DemandStatus.STANDING else each
        for each in demands
    )


def outcome(demands: Collection[Demand]) -> ConditionStatus | None:
    """Return what a condition has come to, or None while a demand for it stands.

    It is met when a lane accepted the evidence, waived when every lane let it go, and else nobody asks any more.
    """
    if standing(demands):
        return None
    left = {each.status for each in demands}
    if DemandStatus.ACCEPTED in left:
        return ConditionStatus.MET
    return ConditionStatus.WAIVED if DemandStatus.WAIVED in left else ConditionStatus.DROPPED


def stricter(one: EvidenceKind, other: EvidenceKind) -> EvidenceKind:
    """Return the kind of evidence that satisfies both lanes: words alone give way to anything that can be opened."""
    return other if one is EvidenceKind.STATEMENT else one


def day_in_force(wanted: date, today: date) -> date:
    """Return by when a condition is due that comes into force `today`, where its owner is.

    A decision that took so long that the day has passed leaves its owner a week.
    """
    return wanted if wanted > today else today + AFTER_LATE_DECISION


def check(typed: Sequence[Typed], others: int, *, today: date) -> list[Wanted] | list[Problem]:
    """Return what is wanted, or everything that is wrong with what was typed.

    `others` is how many conditions of other lanes were chosen besides. A form below the first that was left empty is
    none.
    """
    filled = [(number, each) for number, each in enumerate(typed) if number == 0 or not _is_blank(each)]
    if others and filled and _is_blank(filled[0][1]):
        filled = filled[1:]
    if not filled and not others:
        return [Problem(0, Field.TEXT, Flaw.NOTHING_ASKED)]
    problems = [problem for number, each in filled for problem in _problems(number, each, today=today)]
    if problems:
        return problems
    wanted = [_wanted(each) for _, each in filled]
    keys = [each.key for each in wanted]
    twice = [number for number, (place, _) in enumerate(filled) if keys[number] in keys[:number]]
    return [Problem(filled[number][0], Field.TEXT, Flaw.TWICE) for number in twice] or wanted


def refusal_of_evidence(kind: EvidenceKind, evidence: Evidence) -> Refusal | None:
    """Say why this cannot be the evidence: what can be opened needs a link, a statement needs words."""
    if len(evidence.link) > LONGEST_LINK or len(evidence.words) > LONGEST_WORDS:
        return Refusal.TOO_LONG
    if evidence.link and not is_link(evidence.link):
        return Refusal.LINK_UNUSABLE
    if kind is EvidenceKind.STATEMENT:
        return None if evidence.words.strip() else Refusal.WORDS_MISSING
    return None if evidence.link else Refusal.LINK_MISSING


def is_link(text: str) -> bool:
    """Say whether this is an address that can be opened in a browser and shown as a link."""
    if any(character in '<>|"`' or character.isspace() or not character.isprintable() for character in text):
        return False
    try:
        parts = urlsplit(text)
        return parts.scheme in ("http", "https") and bool(parts.hostname) and "@" not in parts.netloc
    except ValueError:
        return False


def _problems(number: int, typed: Typed, *, today: date) -> Iterator[Problem]:
    if not typed.text.strip():
        yield Problem(number, Field.TEXT, Flaw.TEXT_MISSING)
    elif len(typed.text) > LONGEST:
        yield Problem(number, Field.TEXT, Flaw.TEXT_TOO_LONG)
    if isinstance(typed.owner, Flaw):
        yield Problem(number, Field.OWNER, typed.owner)
    if typed.due_on is None:
        yield Problem(number, Field.DAY, Flaw.DAY_MISSING)
    elif typed.due_on <= today:
        yield Problem(number, Field.DAY, Flaw.DAY_PAST)
    elif typed.due_on > today + FURTHEST:
        yield Problem(number, Field.DAY, Flaw.DAY_TOO_FAR)


def _wanted(typed: Typed) -> Wanted:
    if isinstance(typed.owner, Flaw) or typed.due_on is None:
        raise ValueError("a condition without owner or day was taken for whole")
    return Wanted(typed.text.strip(), typed.owner, typed.due_on, typed.evidence, typed.blocks)


def _is_blank(typed: Typed) -> bool:
    """Say whether nobody began to fill this in; its owner, evidence and what it blocks are filled in already."""
    return not typed.text.strip() and typed.due_on is None

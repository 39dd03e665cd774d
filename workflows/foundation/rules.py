"""What the parts of the foundation are, what each has to hold, and what keeps one from being sent for approval.

Values in, values out. Days are those of the part's owner.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Final
from urllib.parse import urlsplit

from db.enums import FoundationKind, ItemKind, Membership, Rating, VersionStatus
from workflows.people.snapshots import Actor

DELIVERABLES: Final = (
    FoundationKind.CONTEXT_PACK,
    FoundationKind.DATA_READINESS,
    FoundationKind.GOVERNANCE_FRAMEWORK,
    FoundationKind.STAKEHOLDER_MAP,
)
AREAS: Final = (
    FoundationKind.DATA_HANDLING,
    FoundationKind.ACCEPTABLE_USE,
    FoundationKind.HUMAN_OVERSIGHT,
    FoundationKind.INCIDENT_RESPONSE,
)
REFERENCES: Final[Mapping[FoundationKind, str]] = {
    **{kind: f"DLV-{number}" for number, kind in enumerate(DELIVERABLES, start=1)},
    **{kind: f"GOV-{number}" for number, kind in enumerate(AREAS, start=1)},
}
"""What each part of the foundation is called; there is one of each, so its number never changes."""

NAMES: Final[Mapping[FoundationKind, str]] = {
    FoundationKind.CONTEXT_PACK: "Context pack",
    FoundationKind.DATA_READINESS: "Data readiness assessment",
    FoundationKind.GOVERNANCE_FRAMEWORK: "Governance framework",
    FoundationKind.STAKEHOLDER_MAP: "Stakeholder alignment map",
    FoundationKind.DATA_HANDLING: "Data handling and privacy",
    FoundationKind.ACCEPTABLE_USE: "Acceptable use",
    FoundationKind.HUMAN_OVERSIGHT: "Human oversight",
    FoundationKind.INCIDENT_RESPONSE: "Incident response",
}
ITEMS: Final[Mapping[FoundationKind, tuple[ItemKind, ...]]] = {
    FoundationKind.CONTEXT_PACK: (ItemKind.VOICE_GUIDE, ItemKind.CLIENT_ARCHETYPE, ItemKind.TERMINOLOGY),
    FoundationKind.DATA_READINESS: (ItemKind.SYSTEM,),
    FoundationKind.GOVERNANCE_FRAMEWORK: (ItemKind.OWNERSHIP, ItemKind.APPROVAL_WORKFLOW, ItemKind.ACCEPTABLE_USE),
    FoundationKind.STAKEHOLDER_MAP: (ItemKind.APPROVER, ItemKind.AFFECTED_GROUP),
    **dict.fromkeys(AREAS, ()),
}
"""What each part is made of: at least one of each. An area of governance is its text and the document."""

DELIVERABLE, AREA = "deliverable", "governance_area"
SUBJECT_KINDS: Final = (DELIVERABLE, AREA)

LONGEST_SUMMARY, LONGEST_LINK, LONGEST_NAME, LONGEST_SAYS = 2000, 400, 120, 800
MOST_ITEMS: Final = 50
FURTHEST_REVIEW: Final = timedelta(days=5 * 366)
FURTHEST_EFFECT: Final = timedelta(days=366)

PENDING: Final = frozenset({VersionStatus.IN_REVIEW, VersionStatus.CHANGES_REQUESTED})
ENDED: Final = frozenset({VersionStatus.REJECTED, VersionStatus.WITHDRAWN, VersionStatus.EXPIRED})


class Field(StrEnum):
    """Where something stands in the forms."""

    SUMMARY = "summary"
    LINK = "link"
    REVIEW = "review"
    EFFECTIVE = "effective"
    NAME = "name"
    SAYS = "says"
    ITEM_LINK = "item_link"
    PERSON = "person"
    QUALITY = "quality"
    ACCESSIBILITY = "accessibility"
    COMPLIANCE = "compliance"


class Flaw(StrEnum):
    """What is wrong with it."""

    MISSING = "missing"
    TOO_LONG = "too_long"
    NO_LINK = "no_link"
    PAST = "past"
    TOO_FAR = "too_far"
    BEFORE_EFFECT = "before_effect"
    TWICE = "twice"
    NO_MEMBER = "no_member"


@dataclass(frozen=True, slots=True)
class Text:
    """What a version says besides its items. It holds until the end of `review_on`, an area from `effective_on` on."""

    summary: str
    link: str
    review_on: date | None
    effective_on: date | None = None


@dataclass(frozen=True, slots=True)
class Item:
    """One thing a version holds. `says` is what it is, what success is for a group, or what somebody approves."""

    kind: ItemKind
    name: str
    says: str
    link: str | None = None
    person: Actor | None = None
    quality: Rating | None = None
    accessibility: Rating | None = None
    compliance: Rating | None = None


class Lack(StrEnum):
    """What keeps a version from being sent for approval."""

    OWNER = "owner"
    OWNER_LEFT = "owner_left"
    SUMMARY = "summary"
    LINK = "link"
    REVIEW = "review"
    ITEM = "item"
    APPROVER_LEFT = "approver_left"


@dataclass(frozen=True, slots=True)
class Lacking:
    """`item` is the kind of which there is none, `name` whoever has left."""

    what: Lack
    item: ItemKind | None = None
    name: str = ""


def subject_kind_of(kind: FoundationKind) -> str:
    """Return as what people decide on a part."""
    return DELIVERABLE if kind in DELIVERABLES else AREA


def is_link(text: str) -> bool:
    """Say whether this is an address beginning with https:// that can be opened and shown as a link."""
    if len(text) > LONGEST_LINK or any(each in '<>|"`' or each.isspace() or not each.isprintable() for each in text):
        return False
    try:
        parts = urlsplit(text)
    except ValueError:
        return False
    return parts.scheme == "https" and "." in (parts.hostname or "") and "@" not in parts.netloc


def flaws_of_text(text: Text, *, is_area: bool, today: date) -> dict[Field, Flaw]:
    """Return what is wrong with a text, by where it stands. A link may be missing while it is written."""
    found: dict[Field, Flaw] = {}
    if not text.summary.strip():
        found[Field.SUMMARY] = Flaw.MISSING
    elif len(text.summary) > LONGEST_SUMMARY:
        found[Field.SUMMARY] = Flaw.TOO_LONG
    if text.link and not is_link(text.link):
        found[Field.LINK] = Flaw.NO_LINK
    effective = text.effective_on if is_area else None
    if effective is not None and not today <= effective <= today + FURTHEST_EFFECT:
        found[Field.EFFECTIVE] = Flaw.PAST if effective < today else Flaw.TOO_FAR
    review = flaw_of_review(text.review_on, today=today)
    if review is None and effective is not None and text.review_on is not None and text.review_on < effective:
        review = Flaw.BEFORE_EFFECT
    return found | ({Field.REVIEW: review} if review else {})


def flaw_of_review(day: date | None, *, today: date) -> Flaw | None:
    """Return why a version cannot hold until this day: it may be today, and no more than about five years ahead."""
    if day is None:
        return Flaw.MISSING
    if day < today:
        return Flaw.PAST
    return Flaw.TOO_FAR if day > today + FURTHEST_REVIEW else None


def flaws_of_item(item: Item, others: Sequence[Item]) -> dict[Field, Flaw]:
    """Return what is wrong with an item beside these others, by where it stands."""
    if item.kind is ItemKind.APPROVER:
        return _flaws_of_approver(item, others)
    found = _flaws_of_words(item)
    if item.link and not is_link(item.link):
        found[Field.ITEM_LINK] = Flaw.NO_LINK
    if any(each.kind is item.kind and each.name.casefold() == item.name.casefold() for each in others):
        found.setdefault(Field.NAME, Flaw.TWICE)
    if item.kind is ItemKind.SYSTEM:
        rated = {
            Field.QUALITY: item.quality,
            Field.ACCESSIBILITY: item.accessibility,
            Field.COMPLIANCE: item.compliance,
        }
        found |= {field: Flaw.MISSING for field, rating in rated.items() if rating is None}
    return found


def _flaws_of_words(item: Item) -> dict[Field, Flaw]:
    found: dict[Field, Flaw] = {}
    if not item.name.strip():
        found[Field.NAME] = Flaw.MISSING
    elif len(item.name) > LONGEST_NAME:
        found[Field.NAME] = Flaw.TOO_LONG
    if not item.says.strip() and item.kind is not ItemKind.SYSTEM:  # the ratings say what a system is like
        found[Field.SAYS] = Flaw.MISSING
    elif len(item.says) > LONGEST_SAYS:
        found[Field.SAYS] = Flaw.TOO_LONG
    return found


def _flaws_of_approver(item: Item, others: Sequence[Item]) -> dict[Field, Flaw]:
    found: dict[Field, Flaw] = {}
    if item.person is None:
        found[Field.PERSON] = Flaw.MISSING
    elif item.person.membership is not Membership.MEMBER:
        found[Field.PERSON] = Flaw.NO_MEMBER
    elif any(each.person is not None and each.person.id == item.person.id for each in others):
        found[Field.PERSON] = Flaw.TWICE
    if not item.says.strip():
        found[Field.SAYS] = Flaw.MISSING
    elif len(item.says) > LONGEST_SAYS:
        found[Field.SAYS] = Flaw.TOO_LONG
    return found


def lacking(
    kind: FoundationKind, text: Text, items: Sequence[Item], owner: Actor | None, *, today: date
) -> tuple[Lacking, ...]:
    """Return everything that keeps a version from being sent for approval."""
    found = []
    if owner is None:
        found.append(Lacking(Lack.OWNER))
    elif owner.membership is not Membership.MEMBER:
        found.append(Lacking(Lack.OWNER_LEFT, name=owner.name))
    if not text.summary.strip():
        found.append(Lacking(Lack.SUMMARY))
    if not is_link(text.link):
        found.append(Lacking(Lack.LINK))
    if flaw_of_review(text.review_on, today=today) is not None:
        found.append(Lacking(Lack.REVIEW))
    there = {each.kind for each in items}
    found += [Lacking(Lack.ITEM, item=each) for each in ITEMS[kind] if each not in there]
    gone = [each.person for each in items if each.person and each.person.membership is not Membership.MEMBER]
    return (*found, *(Lacking(Lack.APPROVER_LEFT, name=each.name) for each in gone))

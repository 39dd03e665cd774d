"""Frozen pictures of the foundation's parts, and what became of what somebody wanted to do with one."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from uuid import UUID
from zoneinfo import ZoneInfo

from db.enums import FoundationKind, VersionStatus
from workflows.approvals import RequestSnapshot
from workflows.foundation.counting import Approved, PartState, Standing, approved, standing
from workflows.foundation.rules import AREAS, NAMES, PENDING, REFERENCES, Field, Flaw, Item, Lacking, Text, lacking
from workflows.people import Actor


@dataclass(frozen=True, slots=True)
class VersionSnapshot:
    """One state of a part. `items` are by their positions, which never change within a version.

    `revoked_why` is what was said when it was taken back, empty once that is erased. `editors` wrote on it.
    """

    number: int
    status: VersionStatus
    text: Text
    items: Mapping[int, Item]
    editors: frozenset[UUID]
    digest: str
    submitted_by: Actor | None
    approved_at: datetime | None
    revoked_at: datetime | None
    revoked_by: Actor | None
    revoked_why: str


@dataclass(frozen=True, slots=True)
class PartSnapshot:
    """A part of the foundation. `versions` are all there are, the first one first; their items only where one was read.

    `pending` is the request that is not decided yet; `zone` is its owner's, in which its days count.
    """

    kind: FoundationKind
    id: UUID | None
    owner: Actor | None
    versions: tuple[VersionSnapshot, ...] = ()
    pending: RequestSnapshot | None = None

    @property
    def reference(self) -> str:
        return REFERENCES[self.kind]

    @property
    def name(self) -> str:
        return NAMES[self.kind]

    @property
    def is_area(self) -> bool:
        return self.kind in AREAS

    @property
    def zone(self) -> str:
        return self.owner.zone if self.owner else "UTC"

    @property
    def newest(self) -> VersionSnapshot | None:
        return self.versions[-1] if self.versions else None

    @property
    def draft(self) -> VersionSnapshot | None:
        """Return the version that is being written."""
        newest = self.newest
        return newest if newest is not None and newest.status is VersionStatus.DRAFT else None

    @property
    def under_way(self) -> VersionSnapshot | None:
        """Return the version that is written or decided on, whatever is in force meanwhile.

        Of one that was given back and is being changed, the changed one.
        """
        newest = self.newest
        return newest if newest and newest.status in (VersionStatus.DRAFT, *PENDING) else None

    @property
    def last_approved(self) -> VersionSnapshot | None:
        """Return the newest version that was ever approved, whatever became of it."""
        return next((each for each in reversed(self.versions) if each.approved_at is not None), None)

    def numbered(self, number: int) -> VersionSnapshot | None:
        return next((each for each in self.versions if each.number == number), None)

    def standing_at(self, now: datetime) -> Standing:
        """Return where it stands: not begun, being written, in review, approved until, lapsed since or revoked."""
        newest = self.newest
        return standing((newest.number, newest.status) if newest else None, self._approved(), now=now)

    def in_force_at(self, now: datetime) -> VersionSnapshot | None:
        found = self.standing_at(now)
        return self.numbered(found.number) if found.state is PartState.APPROVED else None

    @property
    def kept(self) -> VersionSnapshot | None:
        """Return the approved version people answer for: that can be taken back, renewed, and is looked at again."""
        return self.kept_before(None)

    def kept_before(self, number: int | None) -> VersionSnapshot | None:
        """Return the newest approved version, below `number` where given; None where that one was taken back.

        One that was taken back before its first day replaced nothing, so the one before it is kept.
        """
        for each in reversed(self.versions):
            if each.approved_at is None or (number is not None and each.number >= number):
                continue
            if each.revoked_at is None:
                return each
            if self._counted(each, each.approved_at).since <= each.revoked_at:
                return None
        return None

    def lacks_at(self, version: VersionSnapshot, now: datetime) -> tuple[Lacking, ...]:
        """Return what keeps a version from being sent for approval now."""
        today = now.astimezone(ZoneInfo(self.zone)).date()
        return lacking(self.kind, version.text, list(version.items.values()), self.owner, today=today)

    def _approved(self) -> list[Approved]:
        return [self._counted(each, each.approved_at) for each in self.versions if each.approved_at is not None]

    def _counted(self, version: VersionSnapshot, approved_at: datetime) -> Approved:
        return approved(
            version.number,
            approved_at=approved_at,
            effective_on=version.text.effective_on,
            review_on=version.text.review_on,
            revoked_at=version.revoked_at,
            zone=self.zone,
        )


class No(StrEnum):
    """Why nothing became of what somebody wanted to do with a part."""

    NOT_YOURS = "not_yours"
    NOT_YOURS_TO_GIVE = "not_yours_to_give"
    FLAWED = "flawed"
    CHANGED_MEANWHILE = "changed_meanwhile"
    GONE = "gone"
    TOO_MANY = "too_many"
    IN_REVIEW = "in_review"
    DRAFT_THERE = "draft_there"
    NO_DRAFT = "no_draft"
    LACKING = "lacking"
    NO_RULE = "no_rule"
    NOT_APPROVED = "not_approved"
    REASON_MISSING = "reason_missing"
    UNCHANGED = "unchanged"
    NO_MEMBER = "no_member"
    DECIDES = "decides"


@dataclass(frozen=True, slots=True)
class Refused:
    """Nothing was stored. `part` is as it is now; `flaws` stand at fields, `lacks` keep it from being sent."""

    why: No
    part: PartSnapshot
    flaws: Mapping[Field, Flaw] = field(default_factory=dict)
    lacks: tuple[Lacking, ...] = ()


@dataclass(frozen=True, slots=True)
class Saved:
    """It is stored, and the part is like this now."""

    part: PartSnapshot


@dataclass(frozen=True, slots=True)
class Sent:
    """People decide about version `number`. Nobody is `asked` where nobody may decide; `blocked` names those lanes."""

    part: PartSnapshot
    number: int
    request_id: UUID
    asked: tuple[Actor, ...]
    blocked: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Reader:
    """What somebody may do with a part: read what is not approved, write, give it to somebody, take it back."""

    reads_all: bool
    writes: bool
    gives: bool

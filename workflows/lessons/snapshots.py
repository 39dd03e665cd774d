"""Frozen pictures of lessons and checklists, and the outcomes of writing one."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from db.enums import LessonStatus
from workflows.lessons.rules import Answering, NoChecklist, NoLesson, Says, stale_from
from workflows.people import Actor


@dataclass(frozen=True, slots=True)
class WrittenOf:
    """The use case a lesson or a checklist is of. `deployed`: it is or was in deployment."""

    id: UUID
    reference: str
    name: str
    confidential: bool
    deployed: bool
    owner: Actor
    answering: Answering


@dataclass(frozen=True, slots=True)
class LessonSnapshot:
    """What one team learnt. `written_by` is who wrote it last; `withdrawn_why` is why it was last taken back."""

    id: UUID
    reference: str
    of: WrittenOf
    status: LessonStatus
    says: Says
    written_by: Actor
    written_at: datetime
    published_by: Actor | None
    published_at: datetime | None
    confirmed_at: datetime | None
    withdrawn_at: datetime | None = None
    withdrawn_why: str = ""

    @property
    def is_published(self) -> bool:
        return self.status is LessonStatus.PUBLISHED

    @property
    def held_at(self) -> datetime | None:
        """Return when somebody last said that it holds; whoever published it did. None for a draft."""
        return self.confirmed_at or self.published_at

    def is_stale(self, now: datetime) -> bool:
        return self.held_at is not None and now >= stale_from(self.held_at)


@dataclass(frozen=True, slots=True)
class ChecklistSnapshot:
    """How another team is brought to use a use case, step by step."""

    of: WrittenOf
    steps: tuple[str, ...]
    version: int
    published_by: Actor
    published_at: datetime


@dataclass(frozen=True, slots=True)
class Kept:
    """The lesson is stored as it is here."""

    lesson: LessonSnapshot


@dataclass(frozen=True, slots=True)
class NotKept:
    """Nothing was stored. `lesson` and `of` are what it is about, as far as they are known."""

    why: NoLesson
    lesson: LessonSnapshot | None = None
    of: WrittenOf | None = None


@dataclass(frozen=True, slots=True)
class NotListed:
    """The checklist was not published. `of` is the use case, as far as it is known."""

    why: NoChecklist
    of: WrittenOf | None = None
    checklist: ChecklistSnapshot | None = None

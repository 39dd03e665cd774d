"""Who may see what stands behind the numbers of a digest."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cache
from typing import Generic, TypeVar
from uuid import UUID

from db.session import Session
from workflows import people, policy, reactions
from workflows.people import Actor

Row = TypeVar("Row")
Reads = Callable[[UUID], bool]
"""Whether somebody may read the numbers of a use case, by its id."""


@dataclass(frozen=True, slots=True)
class Seen(Generic[Row]):
    """The rows somebody may see, and how many they may not. Confidential ones they may not know of are in neither."""

    rows: tuple[Row, ...]
    hidden: int


def reader_of(session: Session, actor: Actor) -> Reads:
    """Return whether this person may read the numbers of a use case: each is asked once.

    The people involved may, those of its chain, who answers for one of its KPIs, leads, auditors and admins.
    """
    sees_all = bool(people.roles_of(session, actor.id) & policy.READING_ALL)

    @cache
    def reads(use_case_id: UUID) -> bool:
        return sees_all or reactions.may_read_kpis(session, use_case_id, actor.id)

    return reads


def seen(rows: Iterable[Row], may: Callable[[Row], bool]) -> Seen[Row]:
    """Return the rows somebody `may` see, and how many others there are."""
    every = tuple(rows)
    shown = tuple(each for each in every if may(each))
    return Seen(shown, len(every) - len(shown))

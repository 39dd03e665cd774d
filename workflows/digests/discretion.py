"""What is left out of a digest for who reads it, and what it names no more. Values in, values out."""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import replace
from typing import TypeVar
from uuid import UUID

from workflows.digests.snapshots import Corrections, Digest, Due, KpiLine, Named, NoAnswer, Return, Value, Win

Row = TypeVar("Row", Due, KpiLine, NoAnswer, Return, Win)


def in_short(digest: Digest) -> Digest:
    """Return the digest of a team without what would be one use case's own, where only one said it."""
    nothing = Value(None, None, 0, None, 0, None, 0, {}, ())
    numbers = replace(digest.numbers, corrections=Corrections(0, {}, None, None, 0), value=nothing)
    return replace(digest, numbers=numbers, in_short=True)


def named_in(digest: Digest) -> frozenset[UUID]:
    """Return the use cases a digest names."""
    return frozenset(each.id for each in _named(digest))


def without(digest: Digest, confidential: Collection[UUID]) -> Digest:
    """Return a digest that does not name these use cases, confidential by now; they count in its totals as before."""
    standing, numbers = digest.standing, digest.numbers

    def kept(rows: Iterable[Row]) -> tuple[Row, ...]:
        return tuple(each for each in rows if each.of.id not in confidential)

    return replace(
        digest,
        standing=replace(
            standing,
            coming=replace(standing.coming, listed=kept(standing.coming.listed)),
            ownerless=tuple(each for each in standing.ownerless if each.id not in confidential),
        ),
        numbers=replace(
            numbers,
            kpis=replace(numbers.kpis, worst=kept(numbers.kpis.worst)),
            value=replace(numbers.value, returns=kept(numbers.value.returns)),
            wins=kept(numbers.wins),
            answers=replace(numbers.answers, missing=kept(numbers.answers.missing)),
        ),
    )


def _named(digest: Digest) -> Iterator[Named]:
    standing, numbers = digest.standing, digest.numbers
    yield from standing.ownerless
    for rows in (
        standing.coming.listed,
        numbers.kpis.worst,
        numbers.value.returns,
        numbers.wins,
        numbers.answers.missing,
    ):
        yield from (each.of for each in rows)

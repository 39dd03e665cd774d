"""Which numbers of people are hidden, so that no small group is told or follows. Values in, values out.

A number of people is a cell, and sums tie cells together: a total is that of its parts. Whoever reads what is shown
knows every sum, that no number is below nought, and that people are whole. Four rules, until nothing changes:

1. A group of fewer than five is hidden, of nought too.
2. Where exactly one part of a shown total is hidden, the smallest one shown goes too: it would follow by subtraction.
3. What is hidden of a shown total is a group as well, of at least five: else the smallest one shown goes too. Two parts
   of nought would otherwise be given away by their sum.
4. What still follows from several sums together is found by elimination (`_given_away`), and the smallest one shown
   beside it goes too.

Rules 1 to 3 are what statistical offices do (primary and complementary suppression), rule 4 is their audit.
"""

from collections.abc import Collection, Hashable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import lcm
from typing import Final, Generic, TypeVar

FEWEST: Final = 5
"""How many people a group has at least that is told."""

Name = TypeVar("Name", bound=Hashable)
_Row = dict[Name, Fraction]


@dataclass(frozen=True, slots=True)
class Sum(Generic[Name]):
    """The cell `total` is the sum of the cells `parts`."""

    total: Name
    parts: tuple[Name, ...]


def hidden(
    cells: Mapping[Name, int | None], sums: Sequence[Sum[Name]], *, withheld: Collection[Name] = ()
) -> frozenset[Name]:
    """Return the cells that are not told; the cells in `withheld` are not, however many people they are.

    A cell nobody reported (None) is no part of anything, and a sum without its total or its parts says nothing. Of
    cells of one size the one goes first that stands first. Raises ValueError where a total is not the sum of its parts:
    nothing could be promised of such numbers.
    """
    known = {name: people for name, people in cells.items() if people is not None}
    told = [each for each in (_known_of(each, known) for each in sums) if each.parts and each.total in known]
    for each in told:
        if known[each.total] != sum(known[part] for part in each.parts):
            raise ValueError(f"{each.total} is not the sum of its parts")
    order = {name: (people, place) for place, (name, people) in enumerate(known.items())}
    gone = {name for name, people in known.items() if people < FEWEST or name in withheld}
    while (following := _next(told, known, order, gone)) is not None:
        gone.add(following)
    return frozenset(gone)


def _known_of(each: Sum[Name], known: Mapping[Name, int]) -> Sum[Name]:
    return Sum(each.total, tuple(part for part in each.parts if part in known))


def _next(
    told: Sequence[Sum[Name]], known: Mapping[Name, int], order: Mapping[Name, tuple[int, int]], gone: set[Name]
) -> Name | None:
    """Return the cell that has to go next, None where what is shown gives nothing away."""
    for each in told:
        if _is_too_little(each, known, gone):
            return _smallest_shown(each, order, gone)
    for name in _given_away(told, known, order, gone):
        beside = [each for each in told if name == each.total or name in each.parts]
        shown = [_smallest_shown(each, order, gone) for each in beside if not {each.total, *each.parts} <= gone]
        if shown:
            return min(shown, key=order.__getitem__)
    return None


def _is_too_little(each: Sum[Name], known: Mapping[Name, int], gone: set[Name]) -> bool:
    """Say whether a total is shown and what is hidden of it is one part, or of fewer than five."""
    parts = [part for part in each.parts if part in gone]
    if not parts or each.total in gone:
        return False
    return len(parts) == 1 or sum(known[part] for part in parts) < FEWEST


def _smallest_shown(each: Sum[Name], order: Mapping[Name, tuple[int, int]], gone: set[Name]) -> Name:
    """Return the smallest part that is shown; the total where none is."""
    return min((part for part in each.parts if part not in gone), key=order.__getitem__, default=each.total)


def _given_away(
    told: Sequence[Sum[Name]], known: Mapping[Name, int], order: Mapping[Name, tuple[int, int]], gone: set[Name]
) -> list[Name]:
    """Return the hidden cells of which it is not certain that they could be another whole number, nought or more.

    It is certain where some move leaves every sum and everything shown as it is, and nobody below nought. Moves are
    looked for among those elimination yields, so a cell can be named that does not follow: more goes then than has to.
    """
    solved = _solved(told, order, gone)
    moves: dict[Name, dict[Name, Fraction]] = {}
    for pivot, row in solved.items():
        for name, much in row.items():
            if name != pivot:
                moves.setdefault(name, {name: Fraction(1)})[pivot] = -much
    tied = {name for each in told for name in (each.total, *each.parts) if name in gone}
    safe = {name for move in moves.values() if _is_possible(move, known) for name in move}
    return sorted(tied - safe, key=order.__getitem__)


def _solved(
    told: Sequence[Sum[Name]], order: Mapping[Name, tuple[int, int]], gone: set[Name]
) -> dict[Name, _Row[Name]]:
    """Return the sums over what is hidden as a reduced system: by the cell each is solved for, the largest in it.

    Solved for the largest, the others can mostly become one more, for it has somebody to give.
    """
    solved: dict[Name, _Row[Name]] = {}
    for each in told:
        row: _Row[Name] = {part: Fraction(-1) for part in each.parts if part in gone}
        if each.total in gone:
            row[each.total] = Fraction(1)
        for pivot in [name for name in row if name in solved]:
            _take(solved[pivot], row, row[pivot])
        if not row:
            continue
        pivot = max(row, key=order.__getitem__)
        row = {name: much / row[pivot] for name, much in row.items()}
        for other in solved.values():
            if pivot in other:
                _take(row, other, other[pivot])
        solved[pivot] = row
    return solved


def _take(row: _Row[Name], other: _Row[Name], times: Fraction) -> None:
    """Subtract a row from another one, so many times."""
    for name, much in row.items():
        left = other.get(name, Fraction(0)) - times * much
        if left:
            other[name] = left
        else:
            other.pop(name, None)


def _is_possible(move: Mapping[Name, Fraction], known: Mapping[Name, int]) -> bool:
    """Say whether everybody in a move stays at nought or more, in one of its two directions, in whole people."""
    whole = lcm(*(much.denominator for much in move.values()))
    return any(
        all(known[name] + direction * whole * much >= 0 for name, much in move.items()) for direction in _BOTH_WAYS
    )


_BOTH_WAYS: Final = (1, -1)

"""What of people's use is told by team. Values in, values out.

Teams are sums over use cases: who uses two counts twice. What is confidential counts in the total, in no team's row.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from enum import StrEnum, auto
from typing import Final

from db.enums import UsageMeasure
from workflows.adoption.snapshots import Adoption, Figure, TeamUse, Telling
from workflows.adoption.suppression import FEWEST, Sum, hidden
from workflows.adoption.weekly_rules import (
    ACTIVE,
    ASSIGNED,
    ELIGIBLE,
    Case,
    Sample,
    can_tell,
    is_disputed,
    that_counts,
)

MOST_TEAMS, MOST_MOVERS, MOVES_FROM = 50, 3, 5


class Cell(StrEnum):
    """A number of people of a group: in all, of the use cases that told eligible and active people, and of the rest."""

    ELIGIBLE = auto()
    ELIGIBLE_OF_BOTH = auto()
    ELIGIBLE_OF_REST = auto()
    ASSIGNED = auto()
    ACTIVE = auto()
    ACTIVE_OF_BOTH = auto()
    ACTIVE_OF_REST = auto()


_CELL_OF: Final = {ELIGIBLE: Cell.ELIGIBLE, ASSIGNED: Cell.ASSIGNED, ACTIVE: Cell.ACTIVE}
_SPLIT: Final = {
    Cell.ELIGIBLE: (Cell.ELIGIBLE_OF_BOTH, Cell.ELIGIBLE_OF_REST),
    Cell.ACTIVE: (Cell.ACTIVE_OF_BOTH, Cell.ACTIVE_OF_REST),
}
_WHOLE_OF: Final = {part: whole for whole, parts in _SPLIT.items() for part in parts}

ALL, UNNAMED = "\0 all", "\0 unnamed"
"""All groups together, and the confidential use cases. Neither can be a team's key: no text has a NUL."""

_Name = tuple[str, Cell]


class _Group:
    """What is summed of a group in one window; `fewest` is how many people that are at least, whoever uses several."""

    def __init__(self) -> None:
        self.cases = 0
        self.can: set[UsageMeasure] = set()
        self.people: dict[Cell, int] = {}
        self.fewest: dict[Cell, int] = {}

    def add(self, samples: Sequence[Sample]) -> None:
        """Add a use case, whose people may be the same."""
        self.cases += 1
        self.can.update(*map(can_tell, samples))
        for cell, people in _cells_of(that_counts(samples)):
            self.people[cell] = self.people.get(cell, 0) + people
            self.fewest[cell] = max(self.fewest.get(cell, 0), people)

    def add_group(self, other: "_Group") -> None:
        """Add another group, of other people."""
        self.cases += other.cases
        self.can |= other.can
        for cell, people in other.people.items():
            self.people[cell] = self.people.get(cell, 0) + people
            self.fewest[cell] = self.fewest.get(cell, 0) + other.fewest[cell]

    def can_tell(self, measure: UsageMeasure) -> bool:
        return measure in self.can


def _cells_of(best: Mapping[UsageMeasure, Sample]) -> Iterator[tuple[Cell, int]]:
    tells_both = ELIGIBLE in best and ACTIVE in best
    for measure, sample in best.items():
        cell, people = _CELL_OF[measure], sample.people
        yield cell, people
        if cell in _SPLIT:
            yield _SPLIT[cell][0 if tells_both else 1], people


class Week:
    """What is known of every group in one window, and which of it is told."""

    def __init__(self, said: Iterable[tuple[str, Sequence[Sample]]]) -> None:
        """Take what is said of each use case, with the key of its group."""
        groups: dict[str, _Group] = {}
        self.disputed: Counter[str] = Counter()
        for key, samples in said:
            if samples:
                groups.setdefault(key, _Group()).add(samples)
                self.disputed[key] += is_disputed(samples)
        whole = _Group()
        for each in groups.values():
            whole.add_group(each)
        self.groups = {ALL: whole, **dict(sorted(groups.items()))}
        self._hidden = self._what_is_hidden()

    def _what_is_hidden(self) -> frozenset[_Name]:
        """Return which numbers of people are not told.

        A group is hidden too where no single use case of it has five people: whoever uses several counts several times.
        What is confidential is withheld, of however many people it is: the rest of the total would tell it.
        """
        cells: dict[_Name, int | None] = {}
        withheld: set[_Name] = set()
        for key, group in self.groups.items():
            for cell, people in group.people.items():
                name = self._name(key, cell)
                cells[name] = people
                if key == UNNAMED or group.fewest[cell] < FEWEST:
                    withheld.add(name)
        return hidden(cells, list(self._sums()), withheld=withheld)

    def _name(self, key: str, cell: Cell) -> _Name:
        """Return the name of a number; a part of a group is the whole where there is no other part."""
        whole = _WHOLE_OF.get(cell)
        is_one = whole is None or all(part in self.groups[key].people for part in _SPLIT[whole])
        return (key, cell) if is_one or whole is None else (key, whole)

    def _sums(self) -> Iterator[Sum[_Name]]:
        for cell in Cell:
            within = [key for key, group in self.groups.items() if key != ALL and cell in group.people]
            if within:
                yield Sum(self._name(ALL, cell), tuple(self._name(key, cell) for key in within))
        for key, group in self.groups.items():
            for whole, parts in _SPLIT.items():
                if all(part in group.people for part in parts):
                    yield Sum((key, whole), tuple((key, part) for part in parts))

    def figure(self, key: str, measure: UsageMeasure, cell: Cell | None = None) -> Figure:
        """Return how many people, or why that is not told."""
        group, cell = self.groups.get(key), cell or _CELL_OF[measure]
        if group is None or not group.cases:
            return Figure(Telling.NOT_REPORTED)
        if cell not in group.people:
            return Figure(Telling.NOT_REPORTED if group.can_tell(measure) else Telling.NOT_MEASURABLE)
        if self._name(key, cell) in self._hidden:
            return Figure(Telling.SUPPRESSED)
        return Figure.of(float(group.people[cell]))

    def rate(self, key: str) -> Figure:
        """Return active of eligible people in whole per cent, of the use cases that told both.

        Hidden where any number of people is that it would tell of.
        """
        of_both = {ELIGIBLE: Cell.ELIGIBLE_OF_BOTH, ACTIVE: Cell.ACTIVE_OF_BOTH}
        behind = [self.figure(key, measure, cell) for measure in of_both for cell in (None, of_both[measure])]
        missing = {each.telling for each in behind} - {Telling.SHOWN}
        for each in (Telling.NOT_MEASURABLE, Telling.NOT_REPORTED, Telling.SUPPRESSED):
            if each in missing:
                return Figure(each)
        people = self.groups[key].people
        return Figure.of(float(_per_cent(people[Cell.ACTIVE_OF_BOTH], people[Cell.ELIGIBLE_OF_BOTH])))

    def cases(self, key: str) -> int:
        """Return of how many use cases of a group anything is known."""
        return self.groups[key].cases if key in self.groups else 0


def _per_cent(some: int, of: int) -> int:
    """Return so many of so many in whole per cent, a half rounded up."""
    return (200 * some + of) // (2 * of)


def adoption(cases: Sequence[Case], key_of: Mapping[str, str], *, team: str | None = None) -> Adoption:
    """Return how much is used by team in the window; of the team with the key `team` only, where one is named.

    `key_of` has for each spelling of a team what is the same for all of them. What is hidden is worked out over all
    teams also where one is named, so that nothing follows from the digest of a team beside that of all.
    """
    grouped = [(UNNAMED if each.confidential else key_of[each.team], each) for each in cases]
    now, before = Week((key, each.now) for key, each in grouped), Week((key, each.before) for key, each in grouped)
    in_use = Counter(key for key, _ in grouped)
    names = _names((key, each.team) for key, each in grouped if key != UNNAMED)
    keys = sorted(key for key in names if key in now.groups or key in before.groups)
    if team is not None:
        keys, in_use = [key for key in keys if key == team], Counter({team: in_use[team]})
    shown = keys[:MOST_TEAMS]
    return Adoption(
        teams=tuple(_row(key, names[key], now, before) for key in shown),
        total=_row(ALL if team is None else team, "", now, before),
        unreported=sum(many - now.cases(key) for key, many in in_use.items()),
        disputed=sum(now.disputed[key] for key in in_use),
        movers=tuple(names[key] for key in _movers(shown, now, before)),
    )


def _names(spelt: Iterable[tuple[str, str]]) -> dict[str, str]:
    """Return how each team is spelt by most of its use cases; of spellings as frequent, the first in the alphabet."""
    often = Counter((key, " ".join(name.split())) for key, name in spelt)
    return dict(sorted(sorted(often, reverse=True), key=often.__getitem__))


def _row(key: str, name: str, now: Week, before: Week) -> TeamUse:
    active, then = now.figure(key, ACTIVE), before.figure(key, ACTIVE)
    return TeamUse(
        team=name,
        cases=now.cases(key),
        eligible=now.figure(key, ELIGIBLE),
        assigned=now.figure(key, ASSIGNED),
        active=active,
        rate=now.rate(key),
        before=then,
        change=_change(active, then),
    )


def _change(now: Figure, before: Figure) -> Figure:
    """Return what it is more now, or why there is no change to be told: what keeps the newer one back first."""
    if now.value is None or before.value is None:
        return Figure(before.telling if now.is_shown else now.telling)
    return Figure.of(now.value - before.value)


def _movers(keys: Sequence[str], now: Week, before: Week) -> Sequence[str]:
    """Return the teams whose rate, as it is shown, is at least five points another one than before."""
    moved: list[tuple[float, str]] = []
    for key in keys:
        rate, then = now.rate(key).value, before.rate(key).value
        if rate is not None and then is not None and abs(rate - then) >= MOVES_FROM:
            moved.append((-abs(rate - then), key))
    return [key for _, key in sorted(moved)[:MOST_MOVERS]]

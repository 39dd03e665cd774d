"""What sources say of a use case in a window, and which of it counts. Values in, values out.

Of each use case one source counts for each figure: sources stand beside each other and are never added.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from enum import IntEnum, auto
from itertools import groupby
from typing import Final, NamedTuple
from uuid import UUID

from db.enums import UsageMeasure, UsageSource
from workflows.adoption.snapshots import Figure, SourceUse, Telling
from workflows.adoption.sources import COUNTED
from workflows.adoption.suppression import FEWEST

ELIGIBLE, ASSIGNED, ACTIVE = UsageMeasure.ELIGIBLE, UsageMeasure.ASSIGNED, UsageMeasure.ACTIVE
PEOPLE: Final = (ELIGIBLE, ASSIGNED, ACTIVE)


class Kind(IntEnum):
    """In what way something is known. What comes first counts before what comes later."""

    ANSWER = auto()  # to a check-in
    DAYS = auto()  # people by day
    COUNT = auto()
    SEEN = auto()  # when people used it last
    ACCESS = auto()  # who has access; when they used it last does not tell of these days


CAN_TELL: Final[Mapping[Kind, frozenset[UsageMeasure]]] = {
    Kind.ANSWER: frozenset({ELIGIBLE, ACTIVE}),
    Kind.DAYS: frozenset({ACTIVE}),
    Kind.SEEN: frozenset({ASSIGNED, ACTIVE}),
    Kind.ACCESS: frozenset({ASSIGNED}),
}
"""What each kind can say at all; of anything else it is not a source. Of counts it depends on who counts."""


class Sample(NamedTuple):
    """A number of people a source tells of a use case; `source` is `check_in` or a usage source's value."""

    kind: Kind
    source: str
    definition: str
    first: date
    last: date
    measure: UsageMeasure
    people: int


class Case(NamedTuple):
    """A use case in use, and what is known of it in the window and in the one before."""

    id: UUID
    team: str
    confidential: bool
    now: Sequence[Sample]
    before: Sequence[Sample]


def can_tell(sample: Sample) -> frozenset[UsageMeasure]:
    """Return what a source like this one can say at all."""
    return CAN_TELL[sample.kind] if sample.kind in CAN_TELL else COUNTED[UsageSource(sample.source)]


# --------------------------------------------------------------------------------------- of one use case


def that_counts(samples: Iterable[Sample]) -> dict[UsageMeasure, Sample]:
    """Return which sample counts for each figure.

    Answers before people by day, these before counts, these before last activity. Of active people then what covers
    most days, of others what is newest; then what is more, for the people of one source are among those of all.
    """
    best: dict[UsageMeasure, Sample] = {}
    for each in samples:
        if each.measure not in best or _weight(each) > _weight(best[each.measure]):
            best[each.measure] = each
    return best


def _weight(sample: Sample) -> tuple[int, int, date, int, str]:
    counts_days = sample.measure is ACTIVE and sample.kind is not Kind.ANSWER
    days = (sample.last - sample.first).days if counts_days else 0
    return -sample.kind, days, sample.last, sample.people, sample.source


def is_disputed(samples: Sequence[Sample]) -> bool:
    """Say whether one source says something else of active people than another one."""
    if len({each.source for each in samples}) == 1:
        return False
    return len({each.people for _, best in by_source(samples) if (each := best.get(ACTIVE))}) > 1


def by_source(samples: Sequence[Sample]) -> Iterator[tuple[str, dict[UsageMeasure, Sample]]]:
    """Yield each source with what counts among what it says."""
    for source, said in groupby(sorted(samples, key=lambda each: each.source), key=lambda each: each.source):
        yield source, that_counts(said)


def sources_of(samples: Sequence[Sample]) -> Iterator[SourceUse]:
    """Yield what each source says, once for each of its definitions and days. Fewer than five people are not told."""
    for source, best in by_source(samples):
        said = sorted(best.values(), key=_said_alike)
        for (definition, first, last), alike in groupby(said, key=_said_alike):
            told = {each.measure: each for each in alike}
            can = frozenset[UsageMeasure]().union(*map(can_tell, told.values()))
            figures = (_told_of(told.get(each), can_tell=each in can) for each in PEOPLE)
            yield SourceUse(source, definition, first, last, *figures)


def _said_alike(sample: Sample) -> tuple[str, date, date]:
    return sample.definition, sample.first, sample.last


def _told_of(sample: Sample | None, *, can_tell: bool) -> Figure:
    if sample is None:
        return Figure(Telling.NOT_REPORTED if can_tell else Telling.NOT_MEASURABLE)
    return Figure.of(float(sample.people)) if sample.people >= FEWEST else Figure(Telling.SUPPRESSED)

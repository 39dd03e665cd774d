"""How one course of a submission differs from another. Values in, values out: nothing is stored, nothing is asked."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from statistics import fmean

from db.enums import Tier
from workflows.people.snapshots import Actor
from workflows.policy.routing import TierReason
from workflows.policy.shape import Lane, Line


@dataclass(frozen=True, slots=True)
class Asked:
    """A lane as it would be asked now. Nobody in `people` means that it would be blocked."""

    place: int
    stage: str
    lane: Lane
    stand_ins: tuple[str, ...]
    people: tuple[Actor, ...]

    @property
    def key(self) -> tuple[str, str]:
        """Return what makes it the same lane under another policy: wherever it stands, it asks the same role."""
        return self.lane.key, self.lane.role


@dataclass(frozen=True, slots=True)
class Course:
    """Where a submission goes under one policy. `decided` is the line that decides in place of people."""

    tier: Tier
    reasons: tuple[TierReason, ...]
    decided: Line | None
    lanes: tuple[Asked, ...]
    is_distinct: bool = False

    def people(self) -> dict[str, Actor]:
        """Return everybody asked, by Slack id, in the order in which they are."""
        return {person.slack_id: person for lane in self.lanes for person in lane.people}

    def approving_line(self) -> str | None:
        return self.decided.line if self.decided and self.tier is not Tier.PROHIBITED else None

    def refusing_line(self) -> str | None:
        return self.decided.line if self.decided and self.tier is Tier.PROHIBITED else None


class Term(StrEnum):
    """On what other terms the same lane is asked."""

    STAGE = "stage"
    RULE = "rule"
    REJECT = "reject"
    HOURS = "hours"
    SECTIONS = "sections"
    STAND_INS = "stand_ins"
    ESCALATION = "escalation"


@dataclass(frozen=True, slots=True)
class Altered:
    """A lane asked under both policies, on other terms."""

    before: Asked
    after: Asked
    terms: tuple[Term, ...]


class Kind(StrEnum):
    """What a change is counted as: the first of these that holds."""

    STRICTER = "stricter"
    LOOSER = "looser"
    PEOPLE = "people"
    TERMS = "terms"


@dataclass(frozen=True, slots=True)
class Difference:
    """What another policy would change about one submission."""

    before: Course
    after: Course
    added: tuple[Asked, ...]
    removed: tuple[Asked, ...]
    altered: tuple[Altered, ...]

    @property
    def kind(self) -> Kind:
        strictest_first = list(Tier)
        was, becomes = strictest_first.index(self.before.tier), strictest_first.index(self.after.tier)
        if was != becomes:
            return Kind.STRICTER if becomes < was else Kind.LOOSER
        return Kind.PEOPLE if self.joining() or self.leaving() or self.newly_blocked() else Kind.TERMS

    def joining(self) -> tuple[Actor, ...]:
        """Return who would be asked and is not now."""
        return _without(self.after, self.before)

    def leaving(self) -> tuple[Actor, ...]:
        """Return who is asked now and would not be."""
        return _without(self.before, self.after)

    def newly_blocked(self) -> tuple[Asked, ...]:
        """Return the lanes nobody could decide, where now nothing waits for them."""
        blocked = {lane.key for lane in self.before.lanes if not lane.people}
        return tuple(lane for lane in self.after.lanes if not lane.people and lane.key not in blocked)


def compared(before: Course, after: Course) -> Difference | None:
    """Return what differs, or None when the same people decide on the same terms.

    That another line of the policy says so, in the same tier, is no difference: nobody is asked otherwise by it.
    """
    pairs, added, removed = _matched(before.lanes, after.lanes)
    altered = tuple(Altered(old, new, terms) for old, new in pairs if (terms := _terms(old, new)))
    found = Difference(before, after, added, removed, altered)
    is_same = before.tier is after.tier and before.is_distinct == after.is_distinct
    is_same = is_same and (before.decided is None) == (after.decided is None)
    nothing = not (added or removed or altered or found.joining() or found.leaving())
    return None if is_same and nothing else found


def longest_hours(course: Course) -> float | None:
    """Return the working hours the policy gives, all stages at their slowest; None where a line decides at once."""
    if course.decided is not None:
        return None
    slowest: dict[int, float] = {}
    for lane in course.lanes:
        slowest[lane.place] = max(slowest.get(lane.place, 0.0), lane.lane.answer_within_hours)
    return sum(slowest.values())


def new_reasons(before: Course, after: Course) -> tuple[TierReason, ...]:
    """Return the reasons for the tier `after` by lines that do not count before."""
    known = {reason.line for reason in before.reasons}
    return tuple(reason for reason in after.reasons if reason.line not in known)


@dataclass(frozen=True, slots=True)
class Expected:
    """How many working days a submission is expected to take under each policy, from how long its lanes usually do.

    None is not known; nothing, where a line of the policy decides at once.
    """

    before: float | None
    after: float | None


@dataclass(frozen=True, slots=True)
class ExpectedTotal:
    """Of how many of those that change it is known under both policies, and how long these take on average."""

    known: int
    before: float
    after: float


def expected(difference: Difference, usual: Mapping[str, float]) -> Expected:
    """Return what a submission would take. `usual` is how many working days the lanes of each role take."""
    return Expected(_expected_days(difference.before, usual), _expected_days(difference.after, usual))


def expected_total(each: Iterable[Expected]) -> ExpectedTotal:
    pairs = [(one.before, one.after) for one in each if one.before is not None and one.after is not None]
    if not pairs:
        return ExpectedTotal(0, 0.0, 0.0)
    before, after = zip(*pairs, strict=True)
    return ExpectedTotal(len(pairs), fmean(before), fmean(after))


def _expected_days(course: Course, usual: Mapping[str, float]) -> float | None:
    """Return the working days of the longest lane of each stage, added up; None where that of a lane is not known.

    A lane that nobody could decide waits for no one knows how long.
    """
    if course.decided is not None:
        return 0.0
    longest: dict[int, float] = {}
    for lane in course.lanes:
        days = usual.get(lane.lane.role) if lane.people else None
        if days is None:
            return None
        longest[lane.place] = max(longest.get(lane.place, 0.0), days)
    return sum(longest.values())


@dataclass(frozen=True, slots=True)
class Totals:
    """How many of the submissions tried would change, and how: each is of one kind, and may be several of the rest."""

    total: int
    changed: int
    stricter: int
    looser: int
    people: int
    terms: int
    to_people: int  # approved by a line of the policy now, and no longer
    by_line: int  # approved by a line, and not now
    refused: int
    admitted: int  # refused by a line now, and no longer
    slower: int
    faster: int
    blocked: int


def totals(differences: Sequence[Difference], *, total: int) -> Totals:
    kinds = [each.kind for each in differences]
    hours = [(longest_hours(each.before) or 0.0, longest_hours(each.after) or 0.0) for each in differences]
    by_line = [(each.before.approving_line(), each.after.approving_line()) for each in differences]
    refused = [(each.before.refusing_line(), each.after.refusing_line()) for each in differences]
    return Totals(
        total=total,
        changed=len(differences),
        stricter=kinds.count(Kind.STRICTER),
        looser=kinds.count(Kind.LOOSER),
        people=kinds.count(Kind.PEOPLE),
        terms=kinds.count(Kind.TERMS),
        to_people=_count(was is not None and becomes is None for was, becomes in by_line),
        by_line=_count(was is None and becomes is not None for was, becomes in by_line),
        refused=_count(was is None and becomes is not None for was, becomes in refused),
        admitted=_count(was is not None and becomes is None for was, becomes in refused),
        slower=_count(becomes > was for was, becomes in hours),
        faster=_count(becomes < was for was, becomes in hours),
        blocked=_count(bool(each.newly_blocked()) for each in differences),
    )


def _count(given: Iterable[bool]) -> int:
    return sum(given)


def _without(course: Course, other: Course) -> tuple[Actor, ...]:
    known = other.people()
    return tuple(person for slack_id, person in course.people().items() if slack_id not in known)


def _matched(
    before: Sequence[Asked], after: Sequence[Asked]
) -> tuple[list[tuple[Asked, Asked]], tuple[Asked, ...], tuple[Asked, ...]]:
    """Return the lanes there are under both policies, and those there are under one: of the other, and of this."""
    left, pairs, added = list(before), list[tuple[Asked, Asked]](), list[Asked]()
    for lane in after:
        same = [each for each in left if each.key == lane.key]
        if not same:
            added.append(lane)
            continue
        old = min(same, key=lambda each: abs(each.place - lane.place))
        left.remove(old)
        pairs.append((old, lane))
    return pairs, tuple(added), tuple(left)


def _terms(before: Asked, after: Asked) -> tuple[Term, ...]:
    old, new = before.lane, after.lane
    differs = {
        Term.STAGE: before.place != after.place,
        Term.RULE: old.rule != new.rule,
        Term.REJECT: old.rejections != new.rejections,
        Term.HOURS: old.answer_within_hours != new.answer_within_hours,
        Term.SECTIONS: set(old.sections) != set(new.sections),
        Term.STAND_INS: before.stand_ins != after.stand_ins,
        Term.ESCALATION: old.escalate != new.escalate,
    }
    return tuple(term for term, is_other in differs.items() if is_other)

"""An empty house with people in it, deeds carried out there, and everything looked at after each."""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any, ClassVar
from uuid import UUID

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine
from sqlmodel import SQLModel

from db.enums import Membership
from db.session import Database, Session
from handlers import ticks
from tests.support.fakes import MONDAY_MORNING, TEAM
from tests.support.machine.dying import FUSE, IDS, CrashError
from tests.support.machine.invariants import INVARIANTS, Invariant, broken
from tests.support.machine.pies import COOKS, HELD, NAMES, POLICIES, ZONES
from tests.support.machine.world import TABLES, History, read
from workflows import breaking_glass, conditions, intake, people, policy, recertifying
from workflows.approvals import Refused, Subject
from workflows.people import Actor

Fresh = Callable[[], AbstractContextManager[Database]]
"""Gives an empty migrated database and takes it back."""

who = st.sampled_from(NAMES)
number = st.integers(0, 5)
fate = st.sampled_from([0, 0, 0, 0, 0, -1, -1]) | st.integers(1, 40)
"""How a deed goes: 0 as it should, -1 twice, n the process dies at the n-th word to the database."""
REFUSALS = (
    Refused,
    conditions.NotDone,
    breaking_glass.Refused,
    recertifying.NotAnswered,
    recertifying.NoCampaign,
    intake.NotNow,
)
"""How the services say that nothing was done, and nothing may have changed."""


@dataclass
class Figures:
    """What was tried, summed up over a whole run. `other` is what only one of the machines counts."""

    examples: int = 0
    steps: int = 0
    crashes: int = 0
    refusals: int = 0
    carried: int = 0
    second_looks: int = 0
    ends: Counter[str] = field(default_factory=Counter)
    other: dict[str, Counter[str]] = field(default_factory=dict)

    def count(self, what: str, ends: Iterable[str]) -> None:
        """Count in the end how things of a kind stand."""
        self.other.setdefault(what, Counter()).update(ends)

    def __str__(self) -> str:
        told = {"requests": self.ends, **self.other}
        return (
            f"{self.examples} examples, {self.steps} steps, {self.crashes} crashes, {self.refusals} refusals, "
            f"{self.second_looks} second looks, {self.carried} lanes with votes of an earlier round; "
            + "; ".join(f"{what}: {_listed(ends)}" for what, ends in told.items())
        )


def _listed(ends: Counter[str]) -> str:
    return ", ".join(f"{count} {end}" for end, count in sorted(ends.items())) or "none"


class Base(RuleBasedStateMachine):
    """What the rules stand on: a world of its own for every example, and the way deeds are done in it."""

    fresh: ClassVar[Fresh]
    figures: ClassVar[Figures]
    policies: ClassVar[Sequence[str]] = POLICIES
    tables: ClassVar[Sequence[type[SQLModel]]] = TABLES
    promises: ClassVar[Sequence[Invariant]] = INVARIANTS  # Hypothesis keeps something else under `invariants`

    def __init__(self) -> None:
        super().__init__()
        self.figures.examples += 1
        IDS.begin_anew()
        self._place = type(self).fresh()
        self.database: Database = self._place.__enter__()
        self.clock = MONDAY_MORNING
        self.history = History()
        self.has_failed = False
        self.people: dict[str, Actor] = {}
        self.subjects: dict[UUID, Subject] = {}
        with self.database.transaction() as session:
            policy.apply(session, self.policies[0], actor=None, now=self.clock)
            self._hire(session)
        self.world = read(self.database, self.clock, tables=self.tables)

    def _hire(self, session: Session) -> None:
        for place, name in enumerate(NAMES):
            profile = self._profile(name, Membership.MEMBER, zone=ZONES[place % len(ZONES)])
            person_id = people.store_profile(session, profile, now=self.clock)
            self.people[name] = Actor(person_id, profile.slack_id, name, profile.zone)
            people.mark_home_opened(session, person_id, now=self.clock)
        people.store_groups(session, [COOKS], now=self.clock)
        members = [self.people[name].slack_id for name in ("Carl", "Cleo")]
        people.store_members(session, COOKS.id, members, asked_at=self.clock)
        people.grant_group(session, "cook", COOKS.id, actor=None, now=self.clock)
        for role, names in HELD.items():
            for name in names:
                people.grant_role(session, role, self.people[name].id, actor=None, now=self.clock)

    def _profile(self, name: str, membership: Membership, *, zone: str) -> people.Profile:
        return people.Profile(f"U_{name.upper()}", TEAM, name, zone, membership)

    def do(self, deed: Callable[[Session], Any], fate: int = 0) -> Any:
        """Carry a deed out in a transaction as its fate will have it, look at what became of it, return its outcome."""

        def transaction() -> Any:
            with self.database.transaction() as session:
                return deed(session)

        return self.carry_out(transaction, fate)

    def carry_out(self, deed: Callable[[], Any], fate: int = 0, *, beats: bool = False, in_steps: bool = False) -> Any:
        """Carry a deed out as its fate will have it. One `in_steps` keeps those that were stored before it died."""
        self.figures.steps += 1
        outcome = None
        if fate > 0:
            try:
                with FUSE.lit(fate):
                    outcome = deed()
            except CrashError:
                self.figures.crashes += 1
                self._look(beats=False, unchanged="" if in_steps else "a deed that died half-way")
                return None
            self._look(beats=beats)
            return outcome
        for _ in range(2 if fate < 0 else 1):
            outcome = deed()
            is_refused = isinstance(outcome, REFUSALS)
            self.figures.refusals += is_refused
            self._look(beats=beats, unchanged=f"a refusal ({outcome})" if is_refused else "")
        return outcome

    def _look(self, *, beats: bool, unchanged: str = "") -> None:
        now = read(self.database, self.clock, beaten=beats, tables=self.tables)
        problems = broken(self.world, now, self.history, self.promises)
        if unchanged and now.rows != self.world.rows:
            problems.append(f"{unchanged} changed something")
        self.world, self.has_failed = now, bool(problems)
        assert not problems, "\n".join(problems)

    def member(self, name: str) -> Actor:
        """Return somebody as they are now."""
        row = self.world.people[self.people[name].id]
        return replace(self.people[name], membership=row.membership, zone=row.zone)

    def may_act(self, name: str) -> bool:
        return self.member(name).membership is Membership.MEMBER

    def requests(self) -> list[Any]:
        return sorted(self.world.requests.values(), key=lambda each: (each.reference, each.revision))

    def request(self, number: int) -> Any:
        requests = self.requests()
        return requests[number % len(requests)]

    def lane(self, number: int) -> Any | None:
        """Return one of the lanes that can be decided, if there are any, else any lane."""
        lanes = sorted(self.world.open_lanes() or self.world.lanes.values(), key=lambda each: each.id)
        return lanes[number % len(lanes)] if lanes else None

    def pass_a_second(self) -> None:
        """Let two deeds not fall into the same instant, as nobody's do."""
        self.clock += timedelta(seconds=1)

    def tick(self) -> None:
        self.carry_out(lambda: ticks.tick(self.database, self.clock), beats=True)

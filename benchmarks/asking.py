"""A thousand owners asked for their numbers in one hour, by a Slack that takes so many messages a second."""

import statistics
import threading
import time
from collections import Counter
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import Engine
from sqlmodel import col, select

from benchmarks import seeding
from bot.clock import Clock
from bot.outbox import OutboxWorker
from db import migrate
from db.engine import make_engine
from db.enums import Membership, OutboxStatus, OutputUse
from db.ids import new_id
from db.session import Database, Session
from db.tables import CheckInPrompt, OutboxRow
from handlers import ticks as beats
from tests.support.fakes import TEAM, FakeSlack, World
from tests.support.postgres import Postgres
from workflows import people, policy, reactions, settings
from workflows.people import Actor, Profile
from workflows.settings import SettingName

Figures = dict[str, dict[str, float]]

ASKED_AT = datetime.fromisoformat("2026-03-03T10:00:00+00:00")
"""Tuesday at ten, where everybody is."""

LEASE = timedelta(seconds=60)


class StrictSlack(FakeSlack):
    """Takes `rate` messages a second, a second's worth at once, and answers 429 to every other."""

    def __init__(self, rate: float) -> None:
        super().__init__(World())
        self._rate, self._left, self._looked = rate, rate, time.monotonic()
        self._guard = threading.Lock()
        self.refused = 0

    def api_call(self, api_method: str, **arguments: Any) -> Any:
        with self._guard:  # what this one keeps is not made for several threads
            if api_method == "chat.postMessage" and not self._takes():
                self.refused += 1
                self.fail_next(api_method, "ratelimited", status=429, Retry_After="1")
            return super().api_call(api_method, **arguments)

    def _takes(self) -> bool:
        now = time.monotonic()
        self._left = min(self._rate, self._left + (now - self._looked) * self._rate)
        self._looked = now
        if self._left < 1:
            return False
        self._left -= 1
        return True


def prompts(directory: Path, *, owners: int, rate: float, server: Postgres) -> Figures:
    """Ask that many owners of a use case each, on both engines; nobody is left out, and nobody asked twice."""
    file = directory / "asking.db"
    _fill(file, owners)
    figures: Figures = {}
    with ExitStack() as stack:
        for name, engine in (
            ("SQLite", stack.enter_context(seeding.sqlite_copy(file, "asked", "WAL"))),
            ("PostgreSQL", stack.enter_context(seeding.postgres_copy(file, "asked", server))),
        ):
            figures |= {f"{name}, {what}": told for what, told in _asked(engine, owners, rate).items()}
    return figures


def _asked(engine: Engine, owners: int, rate: float) -> Figures:
    """Beat until everything is promised, then send against the strict Slack; check what arrived."""
    database, clock, slack = Database(engine), Clock(), StrictSlack(rate)
    clock.begin_at(ASKED_AT - clock.real())
    beating = []
    while True:
        begun = time.perf_counter()
        moved = beats.tick(database, ASKED_AT)
        beating.append(time.perf_counter() - begun)
        if not moved:
            break
    worker = OutboxWorker(database, slack, clock, lease=LEASE)
    begun = time.perf_counter()
    worker.start()
    while not _is_sent(database):
        time.sleep(0.05)
    took = time.perf_counter() - begun
    worker.stop()
    _check(database, slack, owners)
    bound = (owners - rate) / rate  # a second's worth is taken at once
    return {
        "due": {"s of beats": sum(beating), "ms a beat": statistics.median(beating[:-1]) * 1000},
        "sent": {"s": took, "of the bound": took / bound, "429s": slack.refused},
    }


def _is_sent(database: Database) -> bool:
    open_ones = (OutboxStatus.READY, OutboxStatus.SENDING)
    with database.reading() as session:
        return session.exec(select(OutboxRow.seq).where(col(OutboxRow.status).in_(open_ones)).limit(1)).first() is None


def _check(database: Database, slack: StrictSlack, owners: int) -> None:
    arrived = Counter(post.channel for post in slack.world.posts)
    with database.reading() as session:
        places = session.exec(select(CheckInPrompt.channel)).all()
        dead = session.exec(select(OutboxRow.seq).where(OutboxRow.status == OutboxStatus.DEAD)).all()
    assert set(arrived.values()) == {1}, "nobody is asked twice"
    assert len(arrived) == len(places) == len(set(places)) == owners, "nobody is left out"
    assert not dead, "nothing is given up"


def _fill(file: Path, owners: int) -> None:
    """Make a SQLite database with that many people, each of whom owns a use case a line of the policy approved."""
    engine = make_engine(f"sqlite:///{file}", journal="TRUNCATE")
    migrate.upgrade(engine)
    database = Database(engine)
    with database.transaction() as session:
        policy.apply_default_if_none(session, now=seeding.NOW)
        settings.change(session, SettingName.GOVERNANCE_CHANNEL, "C_GOVERNANCE", actor=None, now=seeding.NOW)
        proposer = _person(session, "U_PRIYA")
        asked = [_person(session, f"U_OWNER{number}") for number in range(owners)]
    _propose(database, proposer, asked)
    while beats.tick(database, seeding.NOW):  # KPIs begin, and how long approvals hold is found out
        pass
    with database.transaction() as session:  # what was told of the proposals is not measured here
        session.connection().execute(OutboxRow.__table__.delete())  # type: ignore[attr-defined]
    engine.dispose()


def _person(session: Session, slack_id: str) -> Actor:
    profile = Profile(slack_id, TEAM, slack_id.removeprefix("U_").title(), "UTC", Membership.MEMBER)
    return Actor(people.store_profile(session, profile, now=seeding.CHECKED), slack_id, profile.name, "UTC")


def _propose(database: Database, proposer: Actor, owners: Sequence[Actor]) -> None:
    for begun in range(0, len(owners), 100):
        with database.transaction() as session:
            for owner in owners[begun : begun + 100]:
                proposal = replace(seeding.proposal(owner.id), output_use=OutputUse.SUMMARISING)
                outcome = reactions.propose(session, proposal, token=new_id(), proposer=proposer, now=seeding.NOW)
                assert not outcome.asked, "a line of the policy approves it"

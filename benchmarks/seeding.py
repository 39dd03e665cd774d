"""Fill databases: use cases proposed through the product's own services, each waiting for one approval."""

import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

from sqlalchemy import Engine, delete, insert, select, text

from db import migrate
from db.engine import make_engine
from db.enums import Affected, Build, DataClass, Decision, Direction, Membership, OutputUse, Processing
from db.ids import new_id
from db.session import Database, Session
from db.tables import ApprovalLane, Counter, LedgerEvent, metadata
from tests.support.fakes import MONDAY_MORNING, TEAM
from tests.support.postgres import Postgres
from workflows import intake, people, policy, settings
from workflows.intake import Kpi, Proposal
from workflows.people import Actor, Profile
from workflows.settings import SettingName

APPROVER = "U_ANN"
PROPOSER = "U_PRIYA"
NOW = MONDAY_MORNING
CHECKED = NOW + timedelta(days=365)
"""Who somebody is was asked long after the last click, so that no click asks Slack again."""

_AT_ONCE = 200


@dataclass(frozen=True, slots=True)
class Ballot:
    """What the button of one waiting request carries."""

    lane_id: str
    value: str


def fill(file: Path, requests: int) -> None:
    """Make a SQLite database in which `requests` use cases wait for Ann. She and the proposer have opened Home."""
    engine = make_engine(f"sqlite:///{file}", journal="TRUNCATE")
    migrate.upgrade(engine)
    database = Database(engine)
    with database.transaction() as session:
        policy.apply_default_if_none(session, now=NOW)
        settings.change(session, SettingName.GOVERNANCE_CHANNEL, "C_GOVERNANCE", actor=None, now=NOW)
        ids = {}
        for slack_id in (APPROVER, PROPOSER, "U_MAREK"):
            profile = Profile(slack_id, TEAM, slack_id.removeprefix("U_").title(), "UTC", Membership.MEMBER)
            ids[slack_id] = people.store_profile(session, profile, now=CHECKED)
        for slack_id in (APPROVER, PROPOSER):
            people.mark_home_opened(session, ids[slack_id], now=NOW)
        people.grant_role(session, "governance", ids[APPROVER], actor=None, now=NOW)
    proposer = Actor(ids[PROPOSER], PROPOSER, "Priya", "UTC")
    waiting = proposal(ids["U_MAREK"])
    for begun in range(0, requests, _AT_ONCE):
        with database.transaction() as session:
            for _ in range(min(_AT_ONCE, requests - begun)):
                outcome = intake.propose(session, waiting, token=new_id(), proposer=proposer, now=NOW)
                assert outcome.asked == ("Ann",), "one approval must settle it"
    engine.dispose()


def proposal(owner_id: UUID) -> Proposal:
    """Return a proposal that the default policy lets AI governance decide alone: medium, because it acts by itself."""
    return Proposal(
        name="Summarise complaint files",
        problem="Reading one file takes six hours, and most of it is copied from one form into another.",
        team="Complaints",
        owner_id=owner_id,
        sponsor_id=owner_id,
        objective="Answer within five days",
        output_use=OutputUse.ACTING,
        outputs="A page for each file, put into the system of record",
        benefit="Customers wait two days less",
        data_class=DataClass.INTERNAL,
        processing=Processing.OWN_CLOUD,
        build=Build.IN_HOUSE,
        affected=(Affected.OWN_TEAM,),
        decision=Decision.PERSON,
        areas=(),
        practices=(),
        oversight="The handler reads the file beside it",
        kpis=(Kpi("Hours per file", "hours", Direction.DOWN, 6, 3, None, (NOW + timedelta(days=180)).date()),),
    )


@contextmanager
def sqlite_copy(seeded: Path, name: str, journal: str) -> Iterator[Engine]:
    """Give a copy of the seeded database, under this journal mode."""
    file = seeded.with_name(f"{name}.db")
    shutil.copy(seeded, file)
    engine = make_engine(f"sqlite:///{file}", journal=journal)
    yield engine
    engine.dispose()


@contextmanager
def postgres_copy(seeded: Path, name: str, server: Postgres) -> Iterator[Engine]:
    """Give a PostgreSQL database with the seeded rows in it."""
    engine = make_engine(server.create(name))
    migrate.upgrade(engine)
    source = make_engine(f"sqlite:///{seeded}", journal="TRUNCATE")
    with source.connect() as rows, engine.begin() as connection:
        connection.execute(delete(Counter))  # the first migration puts rows into it
        for table in metadata.sorted_tables:
            found = [dict(row._mapping) for row in rows.execute(select(table))]  # noqa: SLF001 - SQLAlchemy's public name
            if found:
                connection.execute(table.insert(), found)
        connection.execute(text("SELECT setval(pg_get_serial_sequence('outbox', 'seq'), max(seq)) FROM outbox"))
    source.dispose()
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("VACUUM ANALYZE"))
    yield engine
    engine.dispose()


def ballots(engine: Engine) -> Sequence[Ballot]:
    """Return what the approve buttons carry, request by request."""
    columns: Any = (ApprovalLane.id, ApprovalLane.content_digest)
    with engine.connect() as connection:
        rows = connection.execute(select(*columns).order_by(columns[0]))
        return [Ballot(str(row[0]), f"{row[0]}.{row[1]}") for row in rows]


def insert_events(session: Session, rows: Sequence[dict[str, Any]]) -> None:
    session.connection().execute(insert(LedgerEvent), rows)

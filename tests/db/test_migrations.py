"""The schema: made from nothing, taken back, kept with its data, and refused when it is not the one we need."""

import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from alembic.script import ScriptDirectory
from sqlalchemy import Engine, inspect, text
from sqlalchemy.exc import IntegrityError

from db import enums, migrate
from db.engine import make_engine
from db.migrate import WrongSchemaError
from db.session import Database
from db.tables import metadata
from tests.support.house import House
from tests.support.postgres import Postgres

TRIGGERS = {
    "sqlite": {"ledger_events_no_update", "ledger_events_no_delete"},
    "postgresql": {"ledger_events_no_update", "ledger_events_no_delete", "ledger_events_no_truncate"},
}
# Autogenerate does not see CHECKs: this list is what keeps a vocabulary from growing without its migration.
CHECKS = {
    "audits": {"result": enums.AuditResult},
    "break_glasses": {"status": enums.BreakGlassStatus},
    "condition_demands": {"blocks": enums.Blocks, "status": enums.DemandStatus},
    "conditions": {"evidence": enums.EvidenceKind, "status": enums.ConditionStatus},
    "recertification_campaigns": {"tier": enums.Tier},
    "recertifications": {"answer": enums.RecertificationAnswer},
    "use_case_suspensions": {"cause": enums.SuspensionCause},
    "approval_exclusions": {"why": enums.Exclusion},
    "approval_lanes": {"rule": enums.LaneRule, "escalation": enums.EscalationMode, "status": enums.LaneStatus},
    "approval_requests": {"tier": enums.Tier, "status": enums.RequestStatus},
    "approval_rounds": {"cause": enums.RoundCause, "tier": enums.Tier},
    "approval_stages": {"status": enums.StageStatus},
    "approval_votes": {"verb": enums.Verb},
    "cards": {"audience": enums.Audience},
    "kpi_changes": {"field": enums.KpiField},
    "kpis": {"direction": enums.Direction, "cadence": enums.Cadence, "source": enums.KpiSource},
    "check_in_schedules": {"cadence": enums.Cadence},
    "check_ins": {"state": enums.CheckInState},
    "check_in_answers": {"confidence": enums.Confidence},
    "readings": {"source": enums.KpiSource},
    "verifications": {"verdict": enums.Verdict},
    "fixes": {"cause": enums.RootCause},
    "drafts": {"status": enums.DraftStatus},
    "outbox": {"kind": enums.OutboxKind, "status": enums.OutboxStatus},
    "people": {"membership": enums.Membership, "rank": enums.WorkspaceRank},
    "revision_kpis": {"direction": enums.Direction},
    "use_case_revisions": {
        "output_use": enums.OutputUse,
        "data_class": enums.DataClass,
        "processing": enums.Processing,
        "build": enums.Build,
        "decision": enums.Decision,
    },
    "foundation_items": {
        "kind": enums.ItemKind,
        "quality": enums.Rating,
        "accessibility": enums.Rating,
        "compliance": enums.Rating,
    },
    "foundation_parts": {"kind": enums.FoundationKind},
    "foundation_versions": {"status": enums.VersionStatus},
    "gate_lapses": {"phase": enums.Phase, "criterion": enums.Criterion},
    "gate_requests": {"phase": enums.Phase, "act": enums.GateAct},
    "gate_waivers": {"criterion": enums.Criterion},
    "lessons": {"status": enums.LessonStatus},
    "rollouts": {"status": enums.RolloutStatus},
    "scorecard_proofs": {"dimension": enums.Dimension},
    "scorecard_scores": {"dimension": enums.Dimension},
    "scorecards": {"phase": enums.Phase},
    "usage_counts": {"source": enums.UsageSource, "measure": enums.UsageMeasure},
    "usage_days": {"source": enums.UsageSource},
    "usage_imports": {"source": enums.UsageSource, "tells": enums.UsageTells},
    "usage_seen": {"source": enums.UsageSource},
    "use_case_stages": {"state": enums.UseCaseState},
    "workstreams": {"kind": enums.WorkstreamKind},
    "use_cases": {"state": enums.UseCaseState, "suspended_from": enums.UseCaseState},
}

BEFORE_CAUSES = """
INSERT INTO people (id, slack_id, team_id, name, membership, rank, zone, checked_at)
VALUES ('00000000000000000000000000000001', 'U1', 'T1', 'Ann', 'member', 'member', 'UTC', '2026-01-01 00:00:00');
INSERT INTO use_cases (id, number, state, revision, version, proposer_id, confidential, token, salt, created_at)
VALUES ('00000000000000000000000000000002', 1, 'suspended', 1, 1, '00000000000000000000000000000001', FALSE,
'00000000000000000000000000000003', 'salt', '2026-01-01 00:00:00');
INSERT INTO outbox (key, conversation, kind, payload, status, attempt, ambiguous, created_at)
VALUES ('00000000000000000000000000000004', 'U1', 'whisper', '{}', 'ready', 0, FALSE, '2026-01-01 00:00:00')
"""


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def empty(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Engine]:
    """Give an engine on a database with nothing in it."""
    if request.param == "sqlite":
        engine = make_engine(f"sqlite:///{tmp_path / 'empty.db'}")
        yield engine
        engine.dispose()
        return
    server: Postgres = request.getfixturevalue("postgres_server")
    name = f"empty_{abs(hash(request.node.nodeid)):x}"
    engine = make_engine(server.create(name))
    yield engine
    engine.dispose()
    server.drop(name)


def test_the_history_has_one_head_and_one_beginning() -> None:
    script = ScriptDirectory.from_config(migrate._config())  # noqa: SLF001 - alembic's own way in

    assert script.get_heads() == [migrate.head()]
    assert len(script.get_bases()) == 1


def test_an_empty_database_becomes_what_the_tables_say_and_back_and_again(empty: Engine) -> None:
    assert migrate.upgrade(empty)
    assert migrate.differences(empty) == []
    assert not migrate.upgrade(empty)
    migrate.require_head(empty)

    migrate.downgrade(empty, "base")
    assert set(inspect(empty).get_table_names()) <= {"alembic_version"}

    migrate.upgrade(empty)
    assert migrate.differences(empty) == []
    migrate.require_head(empty)


def test_what_was_suspended_before_suspensions_had_causes_keeps_its_own_and_nothing_is_lost(empty: Engine) -> None:
    migrate.upgrade(empty, "0002")
    with empty.begin() as connection:
        for statement in BEFORE_CAUSES.split(";"):
            connection.execute(text(statement))

    migrate.upgrade(empty)

    with empty.begin() as connection:
        assert connection.execute(text("SELECT cause, lifted_at FROM use_case_suspensions")).all() == [
            ("tier_rose", None)
        ]
        assert connection.execute(text("SELECT kind, payload FROM outbox")).all() == [("whisper", "{}")]
        connection.execute(text("UPDATE outbox SET kind = 'conditions.set'"))
    migrate.downgrade(empty, "0002")
    with empty.connect() as connection:
        assert connection.execute(text("SELECT count(*) FROM outbox")).scalar() == 0
        assert connection.execute(text("SELECT state FROM use_cases")).scalar() == "suspended"


def test_what_was_known_before_there_were_kpis_is_kept_both_ways(empty: Engine) -> None:
    migrate.upgrade(empty, "0003")
    with empty.begin() as connection:
        for statement in BEFORE_CAUSES.split(";")[:1]:
            connection.execute(text(statement))

    migrate.upgrade(empty, "0004")
    with empty.begin() as connection:
        assert connection.execute(text("SELECT name, locale FROM people")).all() == [("Ann", None)]
        connection.execute(text("UPDATE people SET locale = 'de-DE'"))
    migrate.downgrade(empty, "0003")

    with empty.connect() as connection:
        assert connection.execute(text("SELECT name FROM people")).scalars().all() == ["Ann"]
    assert not {"kpis", "baselines", "kpi_changes"} & set(inspect(empty).get_table_names())


def test_a_database_of_another_history_is_refused_with_what_to_do(empty: Engine) -> None:
    migrate.upgrade(empty)
    with empty.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '0001'"))

    with pytest.raises(WrongSchemaError, match="revision 0001, which this version does not know"):
        migrate.upgrade(empty)


def test_every_number_that_is_given_out_starts_at_nought(empty: Engine) -> None:
    migrate.upgrade(empty)

    with empty.connect() as connection:
        found = connection.execute(text("SELECT name, value FROM counters ORDER BY name")).all()
        assert [tuple(row) for row in found] == [
            ("gate", 0),
            ("lesson", 0),
            ("policy", 0),
            ("rollout", 0),
            ("scorecard", 0),
            ("use_case", 0),
        ]


def test_a_database_in_use_survives_a_migration_that_is_not_needed(house: House) -> None:
    house.propose()

    assert not migrate.upgrade(house.database.engine)

    assert "Hours per file" in house.command("U_PRIYA", "UC-1")


def test_an_empty_database_is_refused_with_what_to_do(empty: Engine) -> None:
    with pytest.raises(WrongSchemaError, match=r"revision none.*gatehouse db upgrade"):
        migrate.require_head(empty)


def test_another_revision_is_refused(database: Database) -> None:
    with database.engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = 'future'"))

    with pytest.raises(WrongSchemaError, match="revision future"):
        migrate.require_head(database.engine)


@pytest.mark.parametrize("verb", ["update", "delete"])
def test_a_ledger_without_its_triggers_is_refused(database: Database, verb: str) -> None:
    of = " ON ledger_events" if database.engine.dialect.name == "postgresql" else ""
    with database.engine.begin() as connection:
        connection.execute(text(f"DROP TRIGGER ledger_events_no_{verb}{of}"))

    with pytest.raises(WrongSchemaError, match=f"ledger_events_no_{verb}"):
        migrate.require_head(database.engine)


@pytest.mark.postgres
def test_a_trigger_switched_off_is_as_good_as_missing(postgres_server: Postgres) -> None:
    engine = make_engine(postgres_server.create("switched_off", template="template"))
    with engine.begin() as connection:
        connection.execute(text("ALTER TABLE ledger_events DISABLE TRIGGER USER"))

    with pytest.raises(WrongSchemaError, match="ledger_events_no"):
        migrate.require_head(engine)
    engine.dispose()
    postgres_server.drop("switched_off")


def test_the_triggers_are_these(database: Database) -> None:
    query = {
        "sqlite": "SELECT name FROM sqlite_master WHERE type = 'trigger'",
        "postgresql": "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal",
    }[database.engine.dialect.name]
    with database.engine.connect() as connection:
        found = set(connection.execute(text(query)).scalars())

    assert found == TRIGGERS[database.engine.dialect.name]


def test_every_vocabulary_is_checked_by_the_database_word_for_word(database: Database) -> None:
    inspector = inspect(database.engine)
    found = {
        (table, frozenset(re.findall(r"'([^']+)'", check["sqltext"])))
        for table in metadata.tables
        for check in inspector.get_check_constraints(table)
    }

    assert found == {
        (table, frozenset(member.value for member in words))
        for table, columns in CHECKS.items()
        for words in columns.values()
    }


def test_a_word_outside_its_vocabulary_is_refused_by_the_database(house: House) -> None:
    house.propose()
    for table, columns in CHECKS.items():
        for column in columns:
            with house.database.engine.connect() as connection:
                if not connection.execute(text(f"SELECT count(*) FROM {table}")).scalar():  # noqa: S608 - our own names
                    continue
                with pytest.raises(IntegrityError):
                    connection.execute(text(f"UPDATE {table} SET {column} = 'whatever'"))  # noqa: S608


def test_a_sqlite_file_with_data_is_copied_before_it_is_migrated(tmp_path: Path) -> None:
    file = tmp_path / "gatehouse.db"
    engine = make_engine(f"sqlite:///{file}")
    migrate.upgrade(engine)
    assert list(tmp_path.glob("*.before-migration-*")) == []  # there was nothing to lose
    with engine.begin() as connection:
        connection.execute(text("UPDATE counters SET value = 41 WHERE name = 'use_case'"))

    migrate.upgrade(engine, migrate.head())
    engine.dispose()

    [copy] = tmp_path.glob("*.before-migration-*")
    with closing(sqlite3.connect(copy)) as connection:
        assert connection.execute("SELECT value FROM counters WHERE name = 'use_case'").fetchall() == [(41,)]
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from alembic.script import ScriptDirectory
from sqlalchemy import Engine

from db import migrate
from db.engine import make_engine
from tests.support.postgres import Postgres

VERSIONS = Path(migrate.__file__).parent / "migrations"
SCRIPTS = ScriptDirectory(str(VERSIONS))


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def engine(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Engine]:
    """Give an empty database, on each engine."""
    if request.param == "sqlite":
        made = make_engine(f"sqlite:///{tmp_path}/gatehouse.db")
        yield made
        made.dispose()
        return
    server: Postgres = request.getfixturevalue("postgres_server")
    made = make_engine(server.create("migrated"))
    yield made
    made.dispose()
    server.drop("migrated")


def test_the_history_is_one_line_without_gaps() -> None:
    revisions = [script.revision for script in SCRIPTS.walk_revisions()]

    assert len(SCRIPTS.get_heads()) == 1
    assert sorted(revisions) == [f"{number:04}" for number in range(1, len(revisions) + 1)]


def test_an_empty_database_becomes_exactly_what_the_tables_say(engine: Engine) -> None:
    assert migrate.upgrade(engine)

    assert migrate.differences(engine) == []
    migrate.require_head(engine)
    assert not migrate.upgrade(engine)


def test_every_migration_can_be_taken_back_and_made_again(engine: Engine) -> None:
    for script in reversed(list(SCRIPTS.walk_revisions())):
        before = migrate.current(engine)
        migrate.upgrade(engine, script.revision)
        migrate.downgrade(engine, before or "base")
        assert migrate.current(engine) == before
        migrate.upgrade(engine, script.revision)

    migrate.require_head(engine)
    assert migrate.differences(engine) == []


def test_the_bot_refuses_a_database_that_is_behind(engine: Engine) -> None:
    with pytest.raises(migrate.WrongSchemaError, match="gatehouse db upgrade"):
        migrate.require_head(engine)


def test_an_operator_finds_a_copy_from_before_the_migration(tmp_path: Path) -> None:
    database = tmp_path / "gatehouse.db"
    engine = make_engine(f"sqlite:///{database}")
    migrate.upgrade(engine)
    migrate.downgrade(engine, "base")

    migrate.upgrade(engine, "0001")
    assert not list(tmp_path.glob("*before-migration*"))  # nothing in it yet that a copy could save

    migrate.upgrade(engine, "0001")
    engine.dispose()
    [copy] = tmp_path.glob("*before-migration*")
    with closing(sqlite3.connect(copy)) as connection:
        assert connection.execute("SELECT version_num FROM alembic_version").fetchall() == [("0001",)]

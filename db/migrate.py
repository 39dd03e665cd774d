"""Bring a database to the schema this version needs, and refuse to run on any other."""

import sqlite3
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, text

from db.tables import metadata

_ADVISORY_LOCK = 0x6761_7465  # "gate": one replica migrates, the others wait for it


class WrongSchemaError(Exception):
    """The database is at another revision than this version of the product needs."""


def head() -> str:
    """Return the revision this version needs."""
    revision = ScriptDirectory.from_config(_config()).get_current_head()
    if revision is None:
        raise LookupError("the migration history is empty")
    return revision


def current(engine: Engine) -> str | None:
    """Return the revision the database is at, or None when it is empty."""
    with engine.connect() as connection:
        return MigrationContext.configure(connection).get_current_revision()


def upgrade(engine: Engine, revision: str = "head") -> bool:
    """Migrate up to `revision`; return whether anything was to be done. Raises WrongSchemaError for a foreign one.

    A SQLite file that holds data is copied beside itself first. Replicas that start together wait for one another.
    """
    found = current(engine)
    if revision == "head" and found == head():
        return False
    _require_known(found)
    _back_up(engine)
    with engine.begin() as connection:
        if engine.dialect.name == "postgresql":
            connection.execute(text("SET LOCAL statement_timeout = 0"))
            connection.execute(text("SET LOCAL lock_timeout = 0"))
            connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _ADVISORY_LOCK})
        command.upgrade(_config(connection), revision)
    return True


def _require_known(revision: str | None) -> None:
    known = {each.revision for each in ScriptDirectory.from_config(_config()).walk_revisions()}
    if revision is not None and revision not in known:
        raise WrongSchemaError(
            f"The database is at revision {revision}, which this version does not know: a newer one made it, or one "
            "from before the first release. Run the version it belongs to, or start with a new database."
        )


def downgrade(engine: Engine, revision: str) -> None:
    with engine.begin() as connection:
        command.downgrade(_config(connection), revision)


def new_revision(engine: Engine, message: str, number: str) -> None:
    """Write a new revision from the difference between the tables and this database."""
    with engine.begin() as connection:
        command.revision(_config(connection), message=message, autogenerate=True, rev_id=number)


def differences(engine: Engine) -> list[object]:
    """Return what the tables say and the database lacks, or the other way round."""
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        return list(compare_metadata(context, metadata))


def require_head(engine: Engine) -> None:
    """Raise WrongSchemaError unless the database is exactly at this version's schema, triggers included."""
    found = current(engine)
    if found != head():
        raise WrongSchemaError(
            f"The database is at revision {found or 'none'}, this version needs {head()}. Run: gatehouse db upgrade"
        )
    missing = {"ledger_events_no_update", "ledger_events_no_delete"} - _triggers(engine)
    if missing:
        raise WrongSchemaError(
            f"The ledger is not protected: missing triggers {', '.join(sorted(missing))}. "
            "Somebody altered the database by hand; restore it from a backup or run the last migration again."
        )


def _triggers(engine: Engine) -> set[str]:
    query = {
        "sqlite": "SELECT name FROM sqlite_master WHERE type = 'trigger'",
        "postgresql": "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal AND tgenabled IN ('O', 'A')",
    }[engine.dialect.name]
    with engine.connect() as connection:
        return {row[0] for row in connection.execute(text(query))}


def _back_up(engine: Engine) -> None:
    database = engine.url.database
    if engine.dialect.name != "sqlite" or not database or not Path(database).exists() or current(engine) is None:
        return
    stamp = datetime.fromtimestamp(Path(database).stat().st_mtime, tz=UTC).strftime("%Y%m%dT%H%M%SZ")
    copy = Path(f"{database}.before-migration-{stamp}")
    if not copy.exists():
        with closing(sqlite3.connect(database)) as connection:
            connection.execute("VACUUM INTO ?", (str(copy),))


def _config(connection: Connection | None = None) -> Config:
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    config.attributes["connection"] = connection
    return config

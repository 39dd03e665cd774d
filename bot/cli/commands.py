"""Run the bot, mind the database, and say in one sentence what went wrong."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager

from bot.settings import Settings, SettingsError, database_url, environment
from db import migrate
from db.engine import make_engine
from db.migrate import WrongSchemaError
from db.session import Database
from workflows.policy import PolicyError


class RefusedError(Exception):
    """The command cannot be carried out; the message says why and what to do."""


@contextmanager
def refusals() -> Iterator[None]:
    """Print what people can mend as sentences; everything else keeps its trace for those who maintain this."""
    try:
        yield
    except SettingsError as error:
        print("Gatehouse cannot start. Set these in the environment or in .env:", file=sys.stderr)
        for problem in error.problems:
            print(f"  - {problem}", file=sys.stderr)
    except PolicyError as error:
        print("The policy cannot be used:", file=sys.stderr)
        for problem in error.problems:
            print(f"  - {problem}", file=sys.stderr)
    except (RefusedError, WrongSchemaError, OSError) as error:
        print(error, file=sys.stderr)


def run() -> int:
    from bot import logs, runtime

    settings = Settings.from_env(environment())
    logs.configure(settings.log_level)
    try:
        return runtime.run(settings)
    except runtime.StartError as error:
        raise RefusedError(str(error)) from error


def upgrade() -> int:
    engine = make_engine(database_url(environment()))
    done = migrate.upgrade(engine)
    print(f"The database is at revision {migrate.head()}" + ("." if done else " already."))
    return 0


def check() -> int:
    migrate.require_head(make_engine(database_url(environment())))
    print("The database has the schema this version needs.")
    return 0


def open_database() -> Database:
    """Return the configured database. Raises WrongSchemaError when it must be migrated first."""
    engine = make_engine(database_url(environment()))
    migrate.require_head(engine)
    return Database(engine)

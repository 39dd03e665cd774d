"""Run the bot, mind the database, and say in one sentence what went wrong."""

import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from bot.cli.importing import importing
from bot.clock import Clock, offset_at
from bot.settings import Settings, SettingsError, database_problems, database_url, environment, missing_file
from db import migrate
from db.availability import UNAVAILABLE
from db.engine import make_engine
from db.migrate import WrongSchemaError
from db.session import Database
from workflows.people import Unusable
from workflows.policy import PolicyError

_PROBLEMS_SHOWN = 50


class RefusedError(Exception):
    """The command cannot be carried out; the message says why and what to do."""


@contextmanager
def refusals() -> Iterator[None]:
    """Print what people can mend as sentences; everything else keeps its trace for those who maintain this."""
    try:
        yield
    except SettingsError as error:
        _list("Gatehouse cannot start. Set these in the environment or in .env:", error.problems)
    except PolicyError as error:
        _list("The policy cannot be used:", error.problems)
    except UnicodeDecodeError as error:
        print(f"The file is not UTF-8 text: {error.reason} at byte {error.start}.", file=sys.stderr)
    except UNAVAILABLE as error:
        print(f"The database at DATABASE_URL is busy or away ({type(error).__name__}). Try again.", file=sys.stderr)
    except (RefusedError, WrongSchemaError, OSError) as error:
        print(error, file=sys.stderr)
    finally:
        _close()


def unusable_text(file: str, unusable: Unusable) -> str:
    """Return everything that is wrong with a file, of much the first of it."""
    shown = [f"  - {problem}" for problem in unusable.problems[:_PROBLEMS_SHOWN]]
    more = len(unusable.problems) - len(shown)
    return "\n".join([f"Nothing of {file} was stored:", *shown, *([f"  … and {more} more"] if more > 0 else [])])


_opened: list[Database] = []


def _list(lead: str, problems: Sequence[str]) -> None:
    print(lead, *(f"  - {problem}" for problem in problems), sep="\n", file=sys.stderr)


def _close() -> None:
    while _opened:
        _opened.pop().engine.dispose()


def _configured(*, may_be_new: bool = False) -> Database:
    """Return the configured database, closed when the command ends. Only who may make one gets a new one."""
    url = database_url(environment())
    problems = database_problems(url)
    if problems:
        raise SettingsError(problems)
    if not may_be_new:
        _require_file(url)
    database = Database(make_engine(url))
    _opened.append(database)
    return database


def _require_file(url: str) -> None:
    missing = missing_file(url)
    if missing is not None:
        raise RefusedError(
            f"There is no database at {missing.absolute()}. Correct DATABASE_URL, or make one: gatehouse db upgrade"
        )


def run() -> int:
    with importing():
        from bot import logs, runtime

    settings = Settings.from_env(environment())
    _require_file(settings.database_url)
    logs.configure(settings.log_level)
    try:
        return runtime.run(settings)
    except runtime.StartError as error:
        raise RefusedError(str(error)) from error


def upgrade() -> int:
    done = migrate.upgrade(_configured(may_be_new=True).engine)
    print(f"The database is at revision {migrate.head()}" + ("." if done else " already."))
    return 0


def check() -> int:
    migrate.require_head(_configured().engine)
    print("The database has the schema this version needs.")
    return 0


def clock() -> Clock:
    """Return business time: the machine's, or that of the local workspace in whose settings this command runs."""
    followed = Clock()
    if environment().get("GATEHOUSE_CLOCK_URL", "").strip():
        followed.begin_at(offset_at(Settings.from_env(environment()).clock_url))
    return followed


def open_database() -> Database:
    """Return the configured database. Raises WrongSchemaError when it must be migrated first."""
    database = _configured()
    migrate.require_head(database.engine)
    return database

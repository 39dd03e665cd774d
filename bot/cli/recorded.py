"""What is in use already, from the command line: a register somewhere else, recorded line by line."""

from pathlib import Path

from bot.cli.commands import RefusedError, clock, open_database, unusable_text
from handlers.text import shown
from workflows import recorded
from workflows.people import Unusable
from workflows.recorded import Line, Outcome, Planned

_NAME_SHOWN = 75


def import_file(file: str, *, is_dry: bool) -> int:
    """Say what becomes of each line of a CSV file, and record what is new unless `is_dry`; nothing while one is wrong.

    What came from the same place before stays as it is, so the same file again does nothing.
    """
    register = recorded.read(Path(file).read_bytes())
    if isinstance(register, Unusable):
        raise RefusedError(unusable_text(file, register))
    now = clock().now()
    with open_database().transaction() as session:
        planned = recorded.plan(session, register, now=now)
        is_wrong = bool(planned.count(Outcome.REFUSED))
        numbers = {} if is_dry or is_wrong else recorded.carry_out(session, planned, now=now)
    if register.is_old_encoding:
        print("The file is no UTF-8; it was read as Windows-1252. Look whether its letters are right.")
    for line in planned.lines:
        print(_told(line, numbers.get(line.line)))
    _sum_up(file, planned, is_dry=is_dry)
    return 0


def _told(line: Line, number: int | None) -> str:
    number = number or line.number
    reference = f" as UC-{number}" if number else ""
    name = f" {shown(line.name, limit=_NAME_SHOWN)}" if line.name else ""
    says = f" ({line.says})" if line.says and line.outcome is not Outcome.REFUSED else ""
    why = f": {line.says}" if line.outcome is Outcome.REFUSED else ""
    return f"line {line.line}: {line.outcome}{reference}{name}{says}{why}"


def _sum_up(file: str, planned: Planned, *, is_dry: bool) -> None:
    """Print what became of the file. Raises RefusedError when a line of it was refused."""
    new, known, refused = (planned.count(each) for each in Outcome)
    if refused:
        raise RefusedError(
            f"Nothing of {file} was recorded: {refused} of its lines cannot be. Correct them, or leave them out. "
            f"New: {new}. Known already: {known}."
        )
    did = "Would record" if is_dry else "Recorded"
    more = " Add --write to record them." if is_dry and new else ""
    print(f"{did}: {new}. Known already, and left as they are: {known}.{more}")

"""Readings of KPIs from the command line: what a system or a survey has counted."""

from pathlib import Path

from bot.cli.commands import RefusedError, clock, open_database, unusable_text
from workflows import checkins
from workflows.checkins import ImportedReading, PlannedReadings, as_typed
from workflows.people import Unusable


def import_file(file: str, *, is_dry: bool) -> int:
    """Store the readings in a CSV file; nothing of it when a line is wrong, and nothing when `is_dry`."""
    read = checkins.read_readings(Path(file).read_text(encoding="utf-8-sig"))
    if isinstance(read, Unusable):
        raise RefusedError(unusable_text(file, read))
    with open_database().transaction() as session:
        planned = checkins.plan_import(session, read, now=clock().now())
        if isinstance(planned, PlannedReadings) and not is_dry:
            checkins.carry_out_import(session, planned, now=clock().now())
    if isinstance(planned, Unusable):
        raise RefusedError(unusable_text(file, planned))
    for each in planned.news:
        print(_told(each))
    replaced = sum(each.replaces is not None for each in planned.news)
    instead = f", {replaced} of them instead of earlier ones" if replaced else ""
    did = "Would store" if is_dry else "Stored"
    print(f"{did}: {len(planned.news)}{instead}. As the file says already: {planned.unchanged}.")
    return 0


def _told(each: ImportedReading) -> str:
    was = "" if each.instead_of is None else f" instead of {as_typed(each.instead_of)}"
    return f"{each.reference} {each.kpi.name}, {each.day}: {as_typed(each.value)} {each.kpi.unit}{was}"

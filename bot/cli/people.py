"""People from the command line: read them from Slack, and import what an organisation says of them."""

from pathlib import Path

from bot.cli.commands import RefusedError, clock, open_database, unusable_text
from bot.cli.slack import asking, directory
from handlers.settings.words import DETAILS
from workflows import people
from workflows.people import Plan, Unusable


def sync() -> int:
    """Read everybody and every user group with a role from Slack."""
    reader = directory(open_database())
    with asking():
        synced = reader.sync()
    print(f"{synced.people} people are known, {synced.news} of them new or changed; {synced.groups} user groups.")
    return 0


def import_file(file: str, *, is_dry: bool) -> int:
    """Store what a CSV file says of people; nothing of it when a line is wrong, and nothing when `is_dry`."""
    rows = people.read(Path(file).read_text(encoding="utf-8-sig"))
    if isinstance(rows, Unusable):
        raise RefusedError(unusable_text(file, rows))
    with open_database().transaction() as session:
        people.hold(session)
        planned = people.plan(session, rows)
        if isinstance(planned, Plan) and not is_dry:
            people.carry_out(session, planned, actor=None, now=clock().now())
    if isinstance(planned, Unusable):
        raise RefusedError(unusable_text(file, planned))
    for change in planned.changes:
        print(f"{change.person.name} ({change.person.slack_id}): {', '.join(DETAILS[each] for each in change.details)}")
    did = "would change" if is_dry else "changed"
    print(f"{did.capitalize()}: {len(planned.changes)}. As the file says already: {planned.unchanged}.")
    return 0

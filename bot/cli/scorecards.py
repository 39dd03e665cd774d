"""`gatehouse scorecard export`: what came of a round, as a file."""

from pathlib import Path

from bot.cli.commands import RefusedError, clock, open_database
from handlers.scorecards.export import page
from workflows import scorecards


def export(number: int, file: str) -> int:
    """Write what came of a round that is closed as one HTML file."""
    with open_database().reading() as session:
        found = scorecards.numbered(session, number)
        if found is None:
            raise RefusedError(f"There is no scorecard SC-{number}. /gatehouse scorecard in Slack shows the newest.")
        closed = scorecards.closed(session, found.id, now=clock().now())
        if closed is None:
            raise RefusedError(
                f"SC-{number} goes on until the end of {found.due_on}. Close it in Slack first, or wait."
            )
        text = page(closed)
    Path(file).write_text(text, encoding="utf-8")
    print(f"{found.reference} written to {file}.")
    return 0

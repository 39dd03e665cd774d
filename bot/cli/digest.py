"""`gatehouse digest`: what a week tells, printed or as a file."""

import html
import re
from datetime import date
from pathlib import Path

from bot.cli.commands import RefusedError, clock, open_database
from bot.settings import environment, templates_folder
from db.ids import new_id
from db.session import Session
from handlers import templating
from handlers.digests import blocks
from handlers.digests.export import Format, content_of
from handlers.text import day_in_words
from workflows import digests, settings
from workflows.digests import DETAILS, Digest, StoredDigest, Window

_WEEK = re.compile(r"(\d{4})-W(\d{2})")
_UTC = "UTC"


def preview(week: str | None, team: str | None, channel: str | None) -> int:
    """Print a digest with what stands below it; nothing is kept or posted."""
    templating.use_own(templates_folder(environment()))
    with open_database().reading() as session:
        digest = _digest(session, week, team, channel)
    found = StoredDigest(new_id(), None, None, digest, "", None)
    below = [blocks.details(found, each) for each in DETAILS]
    texts = [blocks.headline(found)[0], *(each[0] for each in below if each is not None)]
    print(html.unescape("\n\n".join(texts)))
    return 0


def export(file: str, week: str | None, team: str | None, channel: str | None, *, with_values: bool) -> int:
    """Write a digest as a file."""
    ending = Path(file).suffix.removeprefix(".").lower()
    if ending not in set(Format):
        raise RefusedError(f"{file} must end in .csv, .xlsx or .html, which says what is written.")
    with open_database().reading() as session:
        digest = _digest(session, week, team, channel)
    Path(file).write_bytes(content_of(digest, Format(ending), with_values=with_values))
    window = digest.window
    days = f"{day_in_words(window.first)} to {day_in_words(window.last)}, {window.zone}"
    note = " It holds values of single use cases: think of who gets it." if with_values else ""
    print(f"{window.iso_week} ({days}) written to {file}.{note}")
    return 0


def _digest(session: Session, week: str | None, team: str | None, channel: str | None) -> Digest:
    """Return a digest as it was posted in a channel, or as it is known now."""
    if channel is not None:
        found = digests.posted_of(session, channel, week)
        if found is None:
            about = f" about {week}" if week else ""
            raise RefusedError(f"No digest{about} that can still be read was posted in {channel}.")
        if team is not None:
            raise RefusedError("What was posted is of all teams. Leave out --channel to make it of one team.")
        return found.digest
    now, posted = clock().now(), settings.digests(session)
    zone = posted[0].zone if posted else _UTC
    window = digests.last_complete_week(now, zone) if week is None else Window.of_week(_monday(week), zone)
    if window.begins_at > now:
        raise RefusedError(f"{week} has not begun in {zone}.")
    return digests.digest_of(session, window, team=_team(session, team), now=now)


def _team(session: Session, said: str | None) -> str | None:
    """Return the team that is meant as it is spelt; None where none was said."""
    teams = digests.every_team(session)
    found = digests.team_among(teams, said) if said is not None else None
    if said is not None and found is None:
        there_are = f"Teams there are: {', '.join(teams)}." if teams else "No team has a use case yet."
        raise RefusedError(f"No use case is of a team {said!r}. {there_are}")
    return found


def _monday(week: str) -> date:
    found = _WEEK.fullmatch(week)
    refused = RefusedError(f"--week is {week!r}; write an ISO week such as 2026-W31.")
    try:
        monday = date.fromisocalendar(int(found[1]), int(found[2]), 1) if found else None
    except ValueError as error:
        raise refused from error
    if monday is None or not digests.is_within_reach(monday):
        raise refused
    return monday

"""`gatehouse doctor`: what is left to set up, and what else needs somebody. The same list as in Slack."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from http.client import HTTPException

from slack_sdk.errors import SlackApiError

from bot import verifier
from bot.cli.commands import open_database
from bot.directory import directory_client
from bot.pictures import png_of
from bot.runtime import away
from bot.scopes import READ_QUIET_TIMES, scopes_in
from bot.settings import Settings, SettingsError, environment, templates_folder
from bot.verifier import Row
from db.engine import journal_of
from db.migrate import WrongSchemaError
from db.session import Database, Session
from handlers.digests import checking
from handlers.settings.words import gap_command, gap_text
from workflows import ledger, outbox, people, policy, setup
from workflows.policy import LEAD, RELATION_NAMES

SCOPES: Mapping[str, str] = {
    "chat:write": "nothing can be posted",
    "commands": "/usecase and /gatehouse do not work",
    "im:write": "nobody can be asked by direct message",
    "users:read": "nobody can be known, so nobody may act",
    "usergroups:read": "roles cannot be given to user groups",
    "channels:read": "public channels cannot be checked, so none can be set",
    "groups:read": "private channels cannot be checked, so none can be set",
    "files:write": "charts and exports cannot be posted",
}
"""Every scope the manifest requires, and what does not work without it."""

_CONFIGURATION = ("configuration:", "objective:", "policy_change:", "role:")


class Weight(StrEnum):
    FINE = "ok"
    NOTE = "note"
    NEEDED = "NEEDED"


@dataclass(frozen=True, slots=True)
class Finding:
    weight: Weight
    text: str
    command: str = ""


def examine() -> int:
    """Print every finding; return 0 when nothing that is needed is left, else 1."""
    findings = list(_findings())
    for finding in findings:
        print(f"{finding.weight.value:8}{finding.text}")
        if finding.command:
            print(f"{'':8}  {finding.command}")
    needed = sum(finding.weight is Weight.NEEDED for finding in findings)
    print(f"\n{needed} needed." if needed else "\nNothing that is needed is left to set up.")
    return 1 if needed else 0


def _findings() -> Iterator[Finding]:
    yield from _slack()
    try:
        database = open_database()
    except WrongSchemaError as error:
        yield Finding(Weight.NEEDED, str(error))
        return
    yield Finding(Weight.FINE, "The database has the schema this version needs.")
    yield _pictures()
    yield from _texts()
    yield from _engine(database)
    with database.reading() as session:
        yield from _record(session)
        if not policy.text_in_force(session):
            yield Finding(Weight.NEEDED, "No policy is in force yet; the first start applies the one shipped.")
            return
        yield from _set_up(session)
        yield from _break_glass(session)
        yield from _people(session)
        yield from _troubles(session)


def _slack() -> Iterator[Finding]:
    try:
        configured = Settings.from_env(environment())
    except SettingsError as error:
        yield from (Finding(Weight.NEEDED, problem) for problem in error.problems)
        return
    client = directory_client(configured.bot_token, configured.api_url)
    try:
        told = client.auth_test()
    except SlackApiError as error:
        reason = error.response.get("error")
        yield Finding(Weight.NEEDED, f"Slack refuses SLACK_BOT_TOKEN ({reason}): your Slack app > Install App.")
        return
    except (OSError, HTTPException) as error:
        yield Finding(Weight.NEEDED, away(client, error))
        return
    yield Finding(Weight.FINE, f"Slack accepts the bot token, in workspace {told.get('team') or told.get('team_id')}.")
    yield from _scopes(told.headers)


def _scopes(headers: Mapping[str, object]) -> Iterator[Finding]:
    granted = scopes_in(headers)
    if granted is None:
        yield Finding(Weight.NOTE, "Slack did not say which scopes the token has, so they are not checked.")
        return
    missing = [scope for scope in SCOPES if scope not in granted]
    for scope in missing:
        yield Finding(Weight.NEEDED, f"The token lacks the scope {scope}: {SCOPES[scope]}. Install the app again.")
    if not missing:
        yield Finding(Weight.FINE, "The token has every scope that is needed.")
    if READ_QUIET_TIMES not in granted:
        text = "Slack's Do Not Disturb is not looked at before people are asked for numbers: dnd:read is not granted."
        yield Finding(Weight.FINE, f"{text} It need not be.")


def _pictures() -> Finding:
    """Say whether pictures, and the letters in them, can be drawn on this host."""
    page = '<svg xmlns="http://www.w3.org/2000/svg" width="40" height="20">{}</svg>'
    letters = '<text y="15" font-family="Liberation Sans, DejaVu Sans, sans-serif">6.5</text>'
    try:
        has_letters = png_of(page.format(letters)) != png_of(page.format(""))
    except Exception as error:  # noqa: BLE001 - whatever it is, people read words instead of a picture
        text = f"Pictures of KPIs cannot be drawn here ({error}), so messages say in words what they would show."
        return Finding(Weight.NOTE, text)
    if not has_letters:
        return Finding(Weight.NOTE, "Pictures of KPIs have no letters here: install the DejaVu or Liberation fonts.")
    return Finding(Weight.FINE, "Pictures of KPIs can be drawn here.")


def _texts() -> Iterator[Finding]:
    """Yield what is wrong with texts of the organisation's own; ours are said in their place meanwhile."""
    folder = templates_folder(environment())
    if not folder:
        return
    problems = list(checking.problems_in(folder))
    yield from (Finding(Weight.NEEDED, f"A text of yours cannot be used. {each}") for each in problems)
    if not problems:
        yield Finding(Weight.FINE, f"The texts in {folder} can be used.")


def _engine(database: Database) -> Iterator[Finding]:
    journal = journal_of(database.engine)
    if journal not in (None, "WAL"):
        yield Finding(
            Weight.NOTE,
            f"SQLite keeps a {journal} journal, because this version of it could corrupt a WAL database. That is safe, "
            "and slower under load. SQLite 3.51.3 or later, or PostgreSQL, is faster.",
        )


def _record(session: Session) -> Iterator[Finding]:
    report = verifier.verify(Row(*row) for row in ledger.events(session, prefixes=_CONFIGURATION))
    weight = Weight.FINE if report.problem is None else Weight.NEEDED
    text = report.sentence() if report.problem else "The record of what was configured is whole."
    yield Finding(weight, text)


def _set_up(session: Session) -> Iterator[Finding]:
    for missing in setup.what_is_left(session):
        weight = Weight.NEEDED if missing.is_needed else Weight.NOTE
        yield Finding(weight, gap_text(missing), gap_command(missing))


def _break_glass(session: Session) -> Iterator[Finding]:
    """Yield whether break-glass can be used: it need not be."""
    holders = len(people.holders_of(session, people.BREAK_GLASS))
    if holders == 1:
        text = "Only one person holds the role break_glass, and break-glass takes two."
        yield Finding(Weight.NOTE, text, f"gatehouse roles grant {people.BREAK_GLASS} U…")
    elif not holders:
        yield Finding(Weight.FINE, "Nobody holds the role break_glass, so break-glass cannot be used. It need not be.")


def _people(session: Session) -> Iterator[Finding]:
    members, without_zone = people.count_members(session), people.count_without_zone(session)
    if not members:
        yield Finding(Weight.NOTE, "Nobody is known yet.", "gatehouse people sync")
        return
    yield Finding(Weight.FINE, f"Full members known: {members}.")
    if without_zone:
        text = f"Without a time zone in Slack, so that their hours are taken as UTC: {without_zone}."
        yield Finding(Weight.NOTE, text)
    gone = setup.people_gone(session)
    if gone:
        text = f"Something waits on {len(gone)} who left: {', '.join(each.name for each in gone[:10])}."
        yield Finding(Weight.NOTE, f"{text} The settings in Slack say what.")


def _troubles(session: Session) -> Iterator[Finding]:
    for role, lanes in setup.blocked_roles(session).items():
        asks = f"{lanes} open {'lane that asks' if lanes == 1 else 'lanes that ask'}"
        whom = RELATION_NAMES.get(role, f"the role {role}")
        to_give = LEAD if role in RELATION_NAMES else role  # nobody is given a relation; the leads are asked last
        yield Finding(Weight.NEEDED, f"Nobody may decide {asks} {whom}.", f"gatehouse roles grant {to_give} U…")
    given_up = outbox.undelivered(session)
    if given_up:
        yield Finding(
            Weight.NOTE, f"Messages given up, because Slack did not take them: {given_up}. The log says which."
        )

"""The command line: `gatehouse COMMAND`. Each command imports what it needs when it is called."""

import argparse
import sys
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, NoReturn

Command = Callable[[argparse.Namespace], int]
if TYPE_CHECKING:
    Commands = argparse._SubParsersAction[argparse.ArgumentParser]  # noqa: SLF001 - argparse's only name for it


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; return its exit code: 0 done, 1 refused or failed, 2 not understood."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    if given[:1] == ["demo"]:  # it has options of its own, and must start without the product's imports
        from bot.cli.demo import main as demo

        return demo(given[1:])
    if given[:1] == ["sandbox"]:
        _sandbox(given[1:])
    parsed = _parser().parse_args(given)
    command: Command = parsed.command
    from bot.cli.importing import importing

    with importing():
        from bot.cli.commands import refusals
    with refusals():
        return command(parsed)
    return 1


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="gatehouse", description="Runs an enterprise's AI programme from Slack.")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    _add(commands, "run", "connect to Slack and work until stopped", _run)
    _add(commands, "demo", "start a local workspace with the bot in it", _run)
    _add(commands, "sandbox", "start a local Slack workspace alone, for any app", _run)
    _add_ledger(commands)
    _add_database(commands)
    _add_policy(commands)
    _add_settings(commands)
    _add_roles(commands)
    _add_people(commands)
    _add_objectives(commands)
    _add_readings(commands)
    _add_usage(commands)
    _add_recorded(commands)
    _add_scorecard(commands)
    _add_digest(commands)
    _add_exports(commands)
    _add(commands, "doctor", "say what is left to set up and what else needs somebody", _doctor)
    return parser


def _add_ledger(commands: "Commands") -> None:
    ledger = _group(commands, "ledger", "the append-only record")
    verify = _add(ledger, "verify", "check every hash and name the first bad row", _ledger_verify)
    verify.add_argument("--export", metavar="FILE", help="verify exported events (JSON lines) instead of the database")
    export = _add(ledger, "export", "write every event as JSON lines", _ledger_export)
    export.add_argument("file", metavar="FILE")


def _add_database(commands: "Commands") -> None:
    database = _group(commands, "db", "the database")
    _add(database, "upgrade", "migrate to the schema this version needs; a SQLite file is copied first", _db_upgrade)
    _add(database, "check", "say whether the schema is the one this version needs", _db_check)


def _add_policy(commands: "Commands") -> None:
    policies = _group(commands, "policy", "the rules requests are decided under")
    apply = _add(policies, "apply", "put a policy file in force, or propose it where people decide", _policy_apply)
    apply.add_argument("--by", metavar="U…", help="the admin who proposes it, where changes are decided by people")
    apply.add_argument("--instead-of", metavar="POL-n", help="withdraw this proposal of theirs for it")
    check = _add(policies, "check", "say what is wrong with a policy file, with line and key", _policy_check)
    for each in (apply, check):
        each.add_argument("file", metavar="FILE")
    show = _add(policies, "show", "print the policy in force", _policy_show)
    which = show.add_mutually_exclusive_group()
    which.add_argument("--version", type=int, metavar="N", help="print version N instead")
    which.add_argument("--proposed", metavar="POL-n", help="print a proposed policy instead")
    _add(policies, "versions", "print what was put in force, when and by whom", _policy_versions)
    route = _add(policies, "route", "print the tier and the chain some answers lead to, and why", _policy_route)
    rules = route.add_mutually_exclusive_group(required=True)
    rules.add_argument("file", metavar="FILE", nargs="?")
    rules.add_argument("--in-force", action="store_true", help="ask the policy in force")
    route.add_argument("--subject", default="use_case", metavar="KIND", help="what is submitted (default %(default)s)")
    route.add_argument("--facts", nargs="*", default=[], metavar="FACT=VALUE", help="several values with commas")
    simulate = _add(
        policies, "simulate", "say what a policy file would change about what was submitted", _policy_simulate
    )
    simulate.add_argument("file", metavar="FILE")
    simulate.add_argument(
        "--last", type=int, default=50, metavar="N", help="how many submissions to try it on (default %(default)s)"
    )
    reroute = _add(policies, "reroute", "lay open requests out anew under the policy in force", _policy_reroute)
    reroute.add_argument("references", metavar="UC-n", nargs="*", help="only these; without any, all that are open")
    reroute.add_argument("--dry-run", action="store_true", help="say what would change, and change nothing")
    _add(policies, "audits", "print how the lines that approve stand, and draw again what was drawn", _policy_audits)
    reopen = _add(policies, "reopen", "let a line its audits closed approve again", _policy_reopen)
    reopen.add_argument("line", metavar="LINE")
    reopen.add_argument("--reason", required=True, metavar="TEXT", help="why it may; it stands on the record")


def _add_settings(commands: "Commands") -> None:
    settings = _group(commands, "settings", "what your organisation has set")
    change = _group(settings, "set", "change one setting")
    governance = _add(change, "governance-channel", "where requests are announced", _set_governance_channel)
    governance.add_argument("channel", metavar="CHANNEL", help="the channel's id, C…")
    cadence = _add(change, "check-in-cadence", "how often new KPIs are asked for", _set_check_in_cadence)
    cadence.add_argument("cadence", metavar="CADENCE", help="weekly, fortnightly or monthly")
    when = _add(change, "check-in-time", "when people are asked for numbers, in their own zone", _set_check_in_time)
    when.add_argument("--day", required=True, help="weekday; of monthly KPIs the first one in a month")
    when.add_argument("--at", required=True, help="local time of whoever is asked, for example 10:00")
    beginning = _add(change, "check-ins-from", "from when on use cases are asked for numbers", _set_check_ins_from)
    beginning.add_argument("beginning", metavar="BEGINNING", help="approval, or deployment")
    week = _add(change, "your-week", "whether people are told of their week as it begins", _set_your_week)
    week.add_argument("switch", metavar="SWITCH", help="on, or off")
    digest = _add(change, "digest-channel", "post a weekly digest in a channel", _set_digest_channel)
    digest.add_argument("channel", metavar="CHANNEL", help="the channel's id, C…")
    digest.add_argument("--day", default="Monday", help="weekday (default %(default)s)")
    digest.add_argument("--at", default="09:00", help="local time (default %(default)s)")
    digest.add_argument("--zone", required=True, help="time zone, for example Europe/Berlin")
    role = _add(change, "role-channel", "ask the holders of a role in a channel when they are many", _set_role_channel)
    role.add_argument("role", metavar="ROLE")
    role.add_argument("channel", metavar="CHANNEL", help="the channel's id, C…")
    unset = _group(settings, "unset", "empty one setting")
    _add(unset, "governance-channel", "announce requests nowhere", _unset_governance_channel)
    _add(unset, "check-in-cadence", "ask for new KPIs weekly", _unset_check_in_cadence)
    _add(unset, "check-in-time", "ask on Tuesday, 10:00", _unset_check_in_time)
    _add(unset, "check-ins-from", "ask for numbers from the approval on", _unset_check_ins_from)
    _add(unset, "your-week", "tell people of their week as it begins", _unset_your_week)
    no_digest = _add(unset, "digest-channel", "post no digest in a channel any more", _unset_digest_channel)
    no_digest.add_argument("channel", metavar="CHANNEL", help="the channel's id, C…")
    no_channel = _add(unset, "role-channel", "ask the holders of a role one by one", _unset_role_channel)
    no_channel.add_argument("role", metavar="ROLE")
    _add(settings, "show", "print all settings", _settings_show)


def _add_roles(commands: "Commands") -> None:
    roles = _group(commands, "roles", "who may decide")
    grant = _add(roles, "grant", "give a role to a person or to everybody in a user group", _roles_grant)
    withdraw = _add(roles, "withdraw", "take a role from a person or a user group; seats stay", _roles_withdraw)
    for each in (grant, withdraw):
        each.add_argument("role", metavar="ROLE", help="admin, lead, auditor, break_glass, or as the policy names it")
        each.add_argument("who", metavar="WHO", help="a person's Slack id, U…, or a user group's, S…")
    grant.add_argument("--new", action="store_true", help="the role is of a policy about to be applied")
    _add(roles, "list", "print who holds which role", _roles_list)


def _add_people(commands: "Commands") -> None:
    people = _group(commands, "people", "who is there")
    _add(people, "sync", "read everybody and the user groups with roles from Slack, as happens daily", _people_sync)
    imports = _add(people, "import", "store what a CSV file says: manager, team, country, hours, leave", _people_import)
    imports.add_argument("file", metavar="FILE")
    imports.add_argument("--dry-run", action="store_true", help="say what would change, and change nothing")


def _add_objectives(commands: "Commands") -> None:
    objectives = _group(commands, "objectives", "the business objectives use cases hang on")
    _add(objectives, "list", "print every objective with who stands for it, below the one it serves", _objectives_list)
    owner = _add(objectives, "owner", "say who owns an objective, for what is submitted from now on", _objectives_owner)
    owner.add_argument("name", metavar="NAME", help="the objective, as people name it")
    who = owner.add_mutually_exclusive_group(required=True)
    who.add_argument("who", metavar="WHO", nargs="?", help="a full member's Slack id, U…")
    who.add_argument("--clear", action="store_true", help="nobody owns it any more")
    sponsor = _add(objectives, "sponsor", "say who stands up for an objective", _objectives_sponsor)
    sponsor.add_argument("name", metavar="NAME", help="the objective, as people name it")
    stands = sponsor.add_mutually_exclusive_group(required=True)
    stands.add_argument("who", metavar="WHO", nargs="?", help="a full member's Slack id, U…")
    stands.add_argument("--clear", action="store_true", help="nobody sponsors it any more")
    under = _add(objectives, "under", "say which larger objective one serves", _objectives_under)
    under.add_argument("name", metavar="NAME", help="the objective, as people name it")
    above = under.add_mutually_exclusive_group(required=True)
    above.add_argument("parent", metavar="LARGER", nargs="?", help="the larger objective")
    above.add_argument("--clear", action="store_true", help="it stands at the top")
    add = _add(objectives, "add", "add an objective that others are to serve", _objectives_add)
    add.add_argument("name", metavar="NAME")
    add.add_argument("--by", metavar="U…", required=True, help="who says so, for the record")


def _add_readings(commands: "Commands") -> None:
    readings = _group(commands, "readings", "what KPIs were read at")
    imports = _add(readings, "import", "store the readings of a system or a survey from a CSV file", _readings_import)
    imports.add_argument("file", metavar="FILE", help="CSV with the columns use_case, kpi, date, value")
    imports.add_argument("--dry-run", action="store_true", help="say what would be stored, and store nothing")


def _add_usage(commands: "Commands") -> None:
    usage = _group(commands, "usage", "how much use cases are used")
    imports = _add(usage, "import", "store what a source counts of a use case, from its file", _usage_import)
    imports.add_argument("file", metavar="FILE", help="CSV, JSON or JSON lines, as the source gives it")
    imports.add_argument(
        "--source",
        required=True,
        metavar="NAME",
        help="csv, github_copilot, microsoft_365_copilot, claude_code or openai",
    )
    imports.add_argument("--dry-run", action="store_true", help="say what would be stored, and store nothing")
    show = _add(usage, "show", "print what each source says of a use case, and what follows from it", _usage_show)
    show.add_argument("--until", metavar="DAY", help="last of the seven days, like 2026-11-03 (default: yesterday)")
    for each in (imports, show):
        each.add_argument("--use-case", required=True, metavar="UC-n")


def _add_recorded(commands: "Commands") -> None:
    recorded = _group(commands, "recorded", "what is in use already and was never proposed")
    imports = _add(recorded, "import", "say what a register brings, line by line, and record it", _recorded_import)
    imports.add_argument(
        "file", metavar="FILE", help="CSV with the columns name, team, problem, stage, vendor, owner, origin"
    )
    imports.add_argument("--write", action="store_true", help="record what is new; without it nothing is stored")


def _add_scorecard(commands: "Commands") -> None:
    scorecard = _group(commands, "scorecard", "how ready people think the organisation is")
    export = _add(scorecard, "export", "write what came of a scorecard as one HTML file", _scorecard_export)
    export.add_argument("number", metavar="NUMBER", type=int, help="3 of SC-3")
    export.add_argument("file", metavar="FILE")


def _add_digest(commands: "Commands") -> None:
    digest = _group(commands, "digest", "what a week tells")
    preview = _add(digest, "preview", "print a digest as a channel reads it", _digest_preview)
    export = _add(digest, "export", "write a digest as CSV, XLSX or HTML, by the file's ending", _digest_export)
    export.add_argument("file", metavar="FILE", help="ends in .csv, .xlsx or .html")
    export.add_argument("--as-posted", action="store_true", help="without the values of single use cases")
    for each in (preview, export):
        each.add_argument("--week", metavar="WEEK", help="an ISO week such as 2026-W31 (default: the last whole one)")
        each.add_argument("--team", metavar="NAME", help="of one team only")
        each.add_argument("--channel", metavar="C…", help="as it was posted in this channel, not made anew")


def _add_exports(commands: "Commands") -> None:
    register = _group(commands, "register", "every use case, and what is in use and not proposed yet")
    export = _add(register, "export", "write the register as CSV or XLSX, by the file's name", _register_export)
    export.add_argument("file", metavar="FILE", help="ends in .csv or .xlsx")
    shapes = "gatehouse: everything (default); m-25-21: the columns of the US federal inventory"
    export.add_argument("--shape", choices=("gatehouse", "m-25-21"), default="gatehouse", help=shapes)
    evidence = _group(commands, "evidence", "everything about one use case, as one file")
    pack = _add(evidence, "export", "write everything about a use case as one HTML page", _evidence_export)
    pack.add_argument("reference", metavar="UC-n")
    pack.add_argument("file", metavar="FILE.html")
    check = _add(evidence, "verify", "check the events in such a page and name the first bad one", _evidence_verify)
    check.add_argument("file", metavar="FILE.html")


def _add(commands: "Commands", name: str, what: str, command: Command) -> argparse.ArgumentParser:
    parser = commands.add_parser(name, help=what, description=what[0].upper() + what[1:] + ".")
    parser.set_defaults(command=command)
    return parser


def _group(commands: "Commands", name: str, what: str) -> "Commands":
    parser = commands.add_parser(name, help=what, description=what[0].upper() + what[1:] + ".")
    return parser.add_subparsers(required=True, metavar="COMMAND")


def _sandbox(arguments: Sequence[str]) -> NoReturn:
    import os

    # The product imports nothing of the sandbox: this process becomes it, so that who stops the one stops the other.
    sys.stdout.flush()
    os.execv(sys.executable, [sys.executable, "-m", "sandbox", *arguments])  # noqa: S606 - our own interpreter


def _run(_: argparse.Namespace) -> int:
    from bot.cli import commands

    return commands.run()


def _ledger_verify(parsed: argparse.Namespace) -> int:
    from bot.cli import ledger

    return ledger.verify(parsed.export)


def _ledger_export(parsed: argparse.Namespace) -> int:
    from bot.cli import ledger

    return ledger.export(parsed.file)


def _db_upgrade(_: argparse.Namespace) -> int:
    from bot.cli import commands

    return commands.upgrade()


def _db_check(_: argparse.Namespace) -> int:
    from bot.cli import commands

    return commands.check()


def _policy_apply(parsed: argparse.Namespace) -> int:
    from bot.cli import policy

    return policy.apply(parsed.file, by=parsed.by, instead_of=parsed.instead_of)


def _policy_check(parsed: argparse.Namespace) -> int:
    from bot.cli import policy

    return policy.check(parsed.file)


def _policy_show(parsed: argparse.Namespace) -> int:
    from bot.cli import policy

    return policy.show_proposed(parsed.proposed) if parsed.proposed else policy.show(parsed.version)


def _policy_versions(_: argparse.Namespace) -> int:
    from bot.cli import policy

    return policy.versions()


def _policy_route(parsed: argparse.Namespace) -> int:
    from bot.cli import policy

    return policy.route(parsed.file, parsed.subject, parsed.facts)


def _policy_simulate(parsed: argparse.Namespace) -> int:
    from bot.cli import policy

    return policy.simulate(parsed.file, last=parsed.last)


def _policy_reroute(parsed: argparse.Namespace) -> int:
    from bot.cli import policy

    return policy.reroute(parsed.references, is_dry=parsed.dry_run)


def _policy_audits(_: argparse.Namespace) -> int:
    from bot.cli import auditing

    return auditing.audits()


def _policy_reopen(parsed: argparse.Namespace) -> int:
    from bot.cli import auditing

    return auditing.reopen(parsed.line, parsed.reason)


def _set_governance_channel(parsed: argparse.Namespace) -> int:
    from bot.cli import configuration

    return configuration.set_governance_channel(parsed.channel)


def _set_digest_channel(parsed: argparse.Namespace) -> int:
    from bot.cli import configuration

    return configuration.set_digest_channel(parsed.channel, day=parsed.day, at=parsed.at, zone=parsed.zone)


def _set_role_channel(parsed: argparse.Namespace) -> int:
    from bot.cli import configuration

    return configuration.set_role_channel(parsed.role, parsed.channel)


def _set_check_in_cadence(parsed: argparse.Namespace) -> int:
    from bot.cli import configuration

    return configuration.set_check_in_cadence(parsed.cadence)


def _set_check_in_time(parsed: argparse.Namespace) -> int:
    from bot.cli import configuration

    return configuration.set_check_in_time(day=parsed.day, at=parsed.at)


def _set_check_ins_from(parsed: argparse.Namespace) -> int:
    from bot.cli import configuration

    return configuration.set_check_ins_from(parsed.beginning)


def _set_your_week(parsed: argparse.Namespace) -> int:
    from bot.cli import configuration

    return configuration.set_your_week(parsed.switch)


def _unset_your_week(_: argparse.Namespace) -> int:
    from bot.cli import configuration

    return configuration.unset_your_week()


def _unset_check_ins_from(_: argparse.Namespace) -> int:
    from bot.cli import configuration

    return configuration.unset_check_ins_from()


def _unset_check_in_time(_: argparse.Namespace) -> int:
    from bot.cli import configuration

    return configuration.unset_check_in_time()


def _unset_check_in_cadence(_: argparse.Namespace) -> int:
    from bot.cli import configuration

    return configuration.unset_check_in_cadence()


def _unset_governance_channel(_: argparse.Namespace) -> int:
    from bot.cli import configuration

    return configuration.unset_governance_channel()


def _unset_digest_channel(parsed: argparse.Namespace) -> int:
    from bot.cli import configuration

    return configuration.unset_digest_channel(parsed.channel)


def _unset_role_channel(parsed: argparse.Namespace) -> int:
    from bot.cli import configuration

    return configuration.unset_role_channel(parsed.role)


def _settings_show(_: argparse.Namespace) -> int:
    from bot.cli import configuration

    return configuration.show_settings()


def _roles_grant(parsed: argparse.Namespace) -> int:
    from bot.cli import roles

    return roles.grant(parsed.role, parsed.who, is_new=parsed.new)


def _roles_withdraw(parsed: argparse.Namespace) -> int:
    from bot.cli import roles

    return roles.withdraw(parsed.role, parsed.who)


def _roles_list(_: argparse.Namespace) -> int:
    from bot.cli import roles

    return roles.list_all()


def _people_sync(_: argparse.Namespace) -> int:
    from bot.cli import people

    return people.sync()


def _people_import(parsed: argparse.Namespace) -> int:
    from bot.cli import people

    return people.import_file(parsed.file, is_dry=parsed.dry_run)


def _readings_import(parsed: argparse.Namespace) -> int:
    from bot.cli import readings

    return readings.import_file(parsed.file, is_dry=parsed.dry_run)


def _digest_preview(parsed: argparse.Namespace) -> int:
    from bot.cli import digest

    return digest.preview(parsed.week, parsed.team, parsed.channel)


def _digest_export(parsed: argparse.Namespace) -> int:
    from bot.cli import digest

    return digest.export(parsed.file, parsed.week, parsed.team, parsed.channel, with_values=not parsed.as_posted)


def _scorecard_export(parsed: argparse.Namespace) -> int:
    from bot.cli import scorecards

    return scorecards.export(parsed.number, parsed.file)


def _register_export(parsed: argparse.Namespace) -> int:
    from bot.cli import exports

    return exports.register(parsed.file, shape=parsed.shape)


def _evidence_export(parsed: argparse.Namespace) -> int:
    from bot.cli import exports

    return exports.evidence(parsed.reference, parsed.file)


def _evidence_verify(parsed: argparse.Namespace) -> int:
    from bot.cli import exports

    return exports.verify(parsed.file)


def _objectives_list(_: argparse.Namespace) -> int:
    from bot.cli import objectives

    return objectives.list_all()


def _objectives_owner(parsed: argparse.Namespace) -> int:
    from bot.cli import objectives

    return objectives.clear_owner(parsed.name) if parsed.clear else objectives.set_owner(parsed.name, parsed.who)


def _objectives_sponsor(parsed: argparse.Namespace) -> int:
    from bot.cli import objectives

    return objectives.set_sponsor(parsed.name, None if parsed.clear else parsed.who)


def _objectives_under(parsed: argparse.Namespace) -> int:
    from bot.cli import objectives

    return objectives.set_parent(parsed.name, None if parsed.clear else parsed.parent)


def _objectives_add(parsed: argparse.Namespace) -> int:
    from bot.cli import objectives

    return objectives.add(parsed.name, by=parsed.by)


def _usage_import(parsed: argparse.Namespace) -> int:
    from bot.cli import usage

    return usage.import_file(parsed.file, source=parsed.source, use_case=parsed.use_case, is_dry=parsed.dry_run)


def _usage_show(parsed: argparse.Namespace) -> int:
    from bot.cli import usage

    return usage.show(parsed.use_case, until=parsed.until)


def _recorded_import(parsed: argparse.Namespace) -> int:
    from bot.cli import recorded

    return recorded.import_file(parsed.file, is_dry=not parsed.write)


def _doctor(_: argparse.Namespace) -> int:
    from bot.cli import doctor

    return doctor.examine()

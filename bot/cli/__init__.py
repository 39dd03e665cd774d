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
    apply = _add(policies, "apply", "put a policy file in force for new requests", _policy_apply)
    apply.add_argument("file", metavar="FILE")
    check = _add(policies, "check", "say what is wrong with a policy file, with line and key", _policy_check)
    check.add_argument("file", metavar="FILE")
    _add(policies, "show", "print the policy in force", _policy_show)


def _add_settings(commands: "Commands") -> None:
    settings = _group(commands, "settings", "what your organisation has set")
    change = _add(settings, "set", "change one setting", _settings_set)
    change.add_argument("name", choices=["governance-channel"])
    change.add_argument("value", help="governance-channel: the channel's id, C…")
    _add(settings, "show", "print all settings", _settings_show)


def _add_roles(commands: "Commands") -> None:
    roles = _group(commands, "roles", "who may decide")
    for name, what, command in (
        ("grant", "give a role to a person", _roles_grant),
        ("withdraw", "take a role from a person; seats already theirs stay", _roles_withdraw),
    ):
        each = _add(roles, name, what, command)
        each.add_argument("role", help="as the policy names it, for example governance")
        each.add_argument("person", help="the person's Slack id, U…")
    _add(roles, "list", "print who holds which role", _roles_list)


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
    from bot.cli import configuration

    return configuration.apply_policy(parsed.file)


def _policy_check(parsed: argparse.Namespace) -> int:
    from bot.cli import configuration

    return configuration.check_policy(parsed.file)


def _policy_show(_: argparse.Namespace) -> int:
    from bot.cli import configuration

    return configuration.show_policy()


def _settings_set(parsed: argparse.Namespace) -> int:
    from bot.cli import configuration

    return configuration.set_setting(parsed.name, parsed.value)


def _settings_show(_: argparse.Namespace) -> int:
    from bot.cli import configuration

    return configuration.show_settings()


def _roles_grant(parsed: argparse.Namespace) -> int:
    from bot.cli import configuration

    return configuration.grant_role(parsed.role, parsed.person)


def _roles_withdraw(parsed: argparse.Namespace) -> int:
    from bot.cli import configuration

    return configuration.withdraw_role(parsed.role, parsed.person)


def _roles_list(_: argparse.Namespace) -> int:
    from bot.cli import configuration

    return configuration.list_roles()

"""A local Slack workspace for any app: runs until told to stop, and needs no file at all."""

import argparse
import asyncio
import logging
import signal
import socket
import sqlite3
import sys
from pathlib import Path

import yaml

from sandbox.guide import guide
from sandbox.seed import LOOPBACK, Seed, SeedError, parse_seed, read_mapping
from sandbox.server import SERVICES, build, serve

_SMALL = Path(__file__).parent / "workspaces" / "small.yml"
_PORT = 4330
_LONGEST_PAST = 366
_EXAMPLES = """examples:
  %(prog)s                                   a small workspace with one app, kept in memory
  %(prog)s --manifest manifest.yml           the same, the app being yours
  %(prog)s --manifest manifest.yml --request-url http://127.0.0.1:3000/slack/events
  %(prog)s --workspace team.yml --state team.sqlite3 --port 4330
"""


def main(arguments: list[str] | None = None) -> int:
    given = _parser().parse_args(arguments)
    if given.host not in LOOPBACK:
        print(f"{given.host} is not a loopback address; a workspace has no passwords", file=sys.stderr)
        return 2
    logging.basicConfig(level=logging.INFO, stream=sys.stderr, format="%(levelname)s %(name)s: %(message)s")
    try:
        asyncio.run(_run(given))
    except (SeedError, OSError, sqlite3.DatabaseError) as problem:
        print(problem, file=sys.stderr)
        return 1
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m sandbox",
        description=__doc__,
        epilog=_EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    add = parser.add_argument
    add(
        "--workspace", type=Path, default=_SMALL, metavar="FILE", help="YAML that describes it; a small one is built in"
    )
    add("--state", default=":memory:", metavar="FILE", help="the SQLite file that keeps it; memory if not given")
    add(
        "--port",
        type=int,
        metavar="N",
        help=f"0 picks a free one; if not given {_PORT}, or a free one if that is taken",
    )
    add("--host", default="127.0.0.1", help="a loopback address")
    add(
        "--manifest",
        type=Path,
        metavar="FILE",
        help="your app's manifest (YAML or JSON), for the workspace's first app",
    )
    add("--request-url", metavar="URL", help="where that app listens on this machine, instead of opening sockets")
    add("--days-ago", type=_days, default=0, metavar="N", help="the clock of a new workspace begins so many days ago")
    return parser


def _days(text: str) -> int:
    if text.isascii() and text.isdigit() and int(text) <= _LONGEST_PAST:
        return int(text)
    raise argparse.ArgumentTypeError(f"{text} is no number of days; it goes from 0 to {_LONGEST_PAST}")


def _seed(given: argparse.Namespace) -> Seed:
    """Return the workspace the file describes, its first app replaced by what was named beside it."""
    try:
        data = read_mapping(given.workspace)
        apps = data.get("apps") or []
        if (given.manifest or given.request_url) and not apps:
            raise SeedError("has no app a manifest or an address could be for")
        if given.manifest:
            apps[0]["manifest"] = read_mapping(given.manifest)
        if given.request_url:
            apps[0]["request_url"] = given.request_url
        return parse_seed(data, folder=given.workspace.parent)
    except KeyError as problem:
        raise SeedError(f"{given.workspace}: {problem} is missing") from problem
    except (TypeError, ValueError, AttributeError, yaml.YAMLError) as problem:
        raise SeedError(f"{given.workspace}: {problem}") from problem


async def _run(given: argparse.Namespace) -> None:
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for name in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(name, stop.set)
    app = build(seed=_seed(given), state=given.state, days_ago=given.days_ago)
    usual = _PORT if _free(_PORT) else 0
    runner, url = await serve(app, host=given.host, port=usual if given.port is None else given.port)
    print(f"listening on {url}", flush=True)
    print(guide(app[SERVICES].workspace), flush=True)
    try:
        await stop.wait()
    finally:
        await runner.cleanup()


def _free(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


if __name__ == "__main__":
    sys.exit(main())

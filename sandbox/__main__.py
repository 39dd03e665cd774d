"""`python -m sandbox`: run a workspace until told to stop."""

import argparse
import asyncio
import logging
import signal
import sqlite3
import sys
from pathlib import Path

from sandbox.seed import LOOPBACK, SeedError, read_seed
from sandbox.server import build, serve


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m sandbox", description=__doc__)
    parser.add_argument("--workspace", type=Path, required=True, help="the YAML file that describes it")
    parser.add_argument("--state", type=Path, required=True, help="the SQLite file that keeps it")
    parser.add_argument("--port", type=int, default=0, help="0 picks a free one")
    parser.add_argument("--host", default="127.0.0.1", help="a loopback address")
    given = parser.parse_args(arguments)
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


async def _run(given: argparse.Namespace) -> None:
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for name in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(name, stop.set)
    app = build(seed=read_seed(given.workspace), state=given.state)
    runner, url = await serve(app, host=given.host, port=given.port)
    print(f"listening on {url}", flush=True)
    try:
        await stop.wait()
    finally:
        await runner.cleanup()


if __name__ == "__main__":
    sys.exit(main())

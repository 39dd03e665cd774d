"""Writes the next migration: the difference between the tables and the history so far."""

import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from db import migrate
from db.engine import make_engine

VERSIONS = Path(migrate.__file__).parent / "migrations" / "versions"


def main(message: str) -> int:
    with TemporaryDirectory(prefix="gatehouse-migration-") as folder:
        engine = make_engine(f"sqlite:///{folder}/history.db")
        migrate.upgrade(engine)
        if not migrate.differences(engine):
            print("The tables say nothing that the migrations do not; there is nothing to write.", file=sys.stderr)
            return 1
        number = f"{int(migrate.head()) + 1:04}"
        # It becomes the module's opening sentence.
        migrate.new_revision(engine, f"{message[0].upper()}{message[1:].rstrip('.')}.", number)
        engine.dispose()
    [written] = VERSIONS.glob(f"{number}_*.py")
    ruff = Path(sys.executable).with_name("ruff")
    subprocess.run([ruff, "check", "--quiet", "--fix-only", written], check=True)
    subprocess.run([ruff, "format", "--quiet", written], check=True)
    print(f"Wrote {written.relative_to(Path.cwd())}; read it before you commit it.")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))

"""Which of its two engines a click test runs on, in a run of the gate."""

import zlib
from typing import Final

ENGINES: Final = ("sqlite", "sqlite", "postgresql")


def engine_of(name: str, *, seed: int) -> str:
    """Return the engine whose turn it is for a test of this name: PostgreSQL, which takes twice as long, by a third."""
    return ENGINES[zlib.crc32(f"{seed} {name}".encode()) % len(ENGINES)]

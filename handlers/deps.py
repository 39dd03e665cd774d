"""What a listener may use. Middleware puts one frozen value in the context; Bolt hands it over as `deps`."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime

from db.session import Database, Session


@dataclass(frozen=True, slots=True)
class Workspace:
    """Where we are installed, as auth.test told at start. `url` is the workspace's address, empty when not told.

    `reads_files`: the optional scope files:read was granted, as far as Slack said.
    """

    team_id: str
    enterprise_id: str | None
    bot_user_id: str
    url: str = ""
    reads_files: bool = False


@dataclass(frozen=True, slots=True)
class Deps:
    """`now` is business time, aware UTC. `wake_outbox` makes promised messages leave at once; call it after a commit.

    `count` counts what operators want to see, by name.
    """

    database: Database
    workspace: Workspace
    now: Callable[[], datetime]
    wake_outbox: Callable[[], None]
    count: Callable[[str], None]

    def transaction(self) -> AbstractContextManager[Session]:
        """Open the one transaction of a listener; what it stored is durable when the block ends."""
        return self.database.transaction()

    def reading(self) -> AbstractContextManager[Session]:
        return self.database.reading()

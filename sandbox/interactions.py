"""People acting: they press, submit, close, command, say, open a home."""

from typing import Any

from sandbox.workspace import Workspace

Json = dict[str, Any]


class Interactions:
    """What a person can do; each deed waits for the app's answer, three seconds at most.

    Every deed answers what the page shows: `{"ok": True, …}` or
    `{"ok": False, "error": code, "message": sentence}`.
    """

    def __init__(self, *, workspace: Workspace) -> None:
        self._workspace = workspace

    async def act(self, body: Json) -> Json:
        """Do what `POST /control/act` was asked to do: `{"as": user, "do": deed, …}`."""
        raise NotImplementedError

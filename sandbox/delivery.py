"""Brings envelopes to apps, by socket or by HTTP, with whatever trouble is in force."""

import asyncio
import contextlib
from collections.abc import Callable
from dataclasses import replace
from typing import Any, TypeVar

from sandbox.envelopes import Answer, Envelope, Outcome
from sandbox.faults import DELIVERIES, MISHAPS, Faults, Rule, Trouble
from sandbox.hooks import Hooks
from sandbox.ids import envelope_id
from sandbox.model import AppInfo
from sandbox.sockets import Sockets
from sandbox.workspace import Workspace

Kept = TypeVar("Kept")
_SILENT = Answer(outcome=Outcome.SILENT, reason="timeout")


class Delivery:
    """`mishap` is told of rules that change the workspace rather than the delivery."""

    def __init__(
        self, *, workspace: Workspace, sockets: Sockets, hooks: Hooks, faults: Faults, deadline: float = 3.0
    ) -> None:
        self.mishap: Callable[[Rule, str], None] = lambda _rule, _app_id: None
        self._workspace = workspace
        self._sockets = sockets
        self._hooks = hooks
        self._faults = faults
        self._deadline = deadline
        self._sent: dict[str, asyncio.Event] = {}
        self._late: set[asyncio.Task[Any]] = set()

    async def deliver(self, app_id: str, envelope: Envelope, *, avoid: object | None = None) -> Answer:
        """Send an envelope and wait for the answer until the deadline, never longer."""
        if self._workspace.apps[app_id].uninstalled and envelope.type != "events_api":
            return Answer(outcome=Outcome.NOT_CONNECTED)
        for rule in self._faults.strike(MISHAPS, envelope.names, app_id=app_id):
            self.mishap(rule, app_id)
        rules = self._faults.strike(DELIVERIES, envelope.names, app_id=app_id)
        if not rules:
            return await self._send(app_id, envelope, avoid)
        task = self._keep(asyncio.create_task(self._troubled(app_id, envelope, avoid, rules)))
        done, _ = await asyncio.wait({task}, timeout=self._deadline)
        if not done or any(rule.do is Trouble.LOSE_ACK for rule in rules):
            return _SILENT
        return task.result()

    def introduce(self, app: AppInfo) -> None:
        """Ask an app on HTTP, in the background, to prove that its address is its own."""
        self._keep(asyncio.create_task(self._hooks.verify(app)))

    def _keep(self, task: asyncio.Task[Kept]) -> asyncio.Task[Kept]:
        self._late.add(task)
        task.add_done_callback(self._late.discard)
        return task

    async def close(self) -> None:
        for task in list(self._late):
            task.cancel()
        await asyncio.gather(*self._late, return_exceptions=True)
        await self._hooks.close()

    async def _troubled(self, app_id: str, envelope: Envelope, avoid: object | None, rules: list[Rule]) -> Answer:
        copies = 1
        for rule in rules:
            match rule.do:
                case Trouble.DROP:
                    await asyncio.sleep(self._deadline)
                    return _SILENT
                case Trouble.DELAY:
                    await asyncio.sleep(rule.seconds)
                case Trouble.REORDER:
                    await self._after_the_next(app_id, rule.seconds)
                case Trouble.DUPLICATE:
                    copies += rule.times
                case _:
                    pass
        name = envelope_id()
        sent = [asyncio.create_task(self._send(app_id, envelope, avoid, name)) for _ in range(copies)]
        answers = await asyncio.gather(*sent)
        return next((one for one in answers if one.outcome is Outcome.ACKNOWLEDGED), answers[0])

    async def _after_the_next(self, app_id: str, seconds: float) -> None:
        """Wait until something else was sent to this app, or it took too long to come."""
        if app_id in self._sent:
            return  # this one is the next of another that waits
        event = self._sent[app_id] = asyncio.Event()
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(event.wait(), seconds)

    async def _send(self, app_id: str, envelope: Envelope, avoid: object | None, name: str = "") -> Answer:
        app = self._workspace.apps[app_id]
        try:
            if app.uses_http:
                return await self._hooks.deliver(app, envelope)
            return await self._sockets.deliver(app_id, envelope, avoid=avoid, envelope_id=name)
        finally:
            overtaken = self._sent.pop(app_id, None)
            if overtaken is not None:
                overtaken.set()


def again(envelope: Envelope, *, attempt: int, answer: Answer) -> Envelope:
    """Return an envelope as it comes another time."""
    return replace(envelope, attempt=attempt, reason=answer.reason)

"""Runs of custom steps: started by a workflow, ended by the app."""

from typing import Any

from sandbox.events import Events
from sandbox.ids import random_id
from sandbox.model import AppInfo, Execution
from sandbox.payloads import Json
from sandbox.store import Kind, Store, record


class Executions:
    def __init__(self, *, store: Store, events: Events) -> None:
        self._store = store
        self._events = events
        self._known = {key: Execution(**body) for key, body in store.all(Kind.EXECUTION)}

    def start(self, app: AppInfo, callback_id: str, inputs: Json) -> Execution:
        """Run one step of an app, as a workflow that reached it does."""
        execution = Execution(random_id("Fx"), app.id, callback_id, inputs)
        self.put(execution)
        declared = app.manifest.get("functions", {}).get(callback_id, {})
        event: Json = {
            "type": "function_executed",
            "function": {
                "id": random_id("Fn"),
                "callback_id": callback_id,
                "title": str(declared.get("title") or ""),
                "description": str(declared.get("description") or ""),
                "type": "app",
                "input_parameters": _parameters(declared.get("input_parameters")),
                "output_parameters": _parameters(declared.get("output_parameters")),
                "app_id": app.id,
                "date_created": 0,
                "date_updated": 0,
                "date_deleted": 0,
                "form_enabled": False,
            },
            "inputs": inputs,
            "function_execution_id": execution.id,
            "workflow_execution_id": random_id("Wx"),
            "bot_access_token": app.bot_token,
        }
        if self._events.wants(app, "function_executed"):
            self._events.emit(app, event)
        return execution

    def get(self, execution_id: str) -> Execution | None:
        return self._known.get(execution_id)

    def all(self) -> list[Execution]:
        return list(self._known.values())

    def put(self, execution: Execution) -> None:
        self._known[execution.id] = execution
        self._store.put(Kind.EXECUTION, execution.id, record(execution))


def _parameters(declared: Any) -> list[Json]:
    """Return as a list what a manifest keeps by name: flat in version 1, under `properties` in version 2."""
    given = declared if isinstance(declared, dict) else {}
    known, required = given.get("properties", given), given.get("required") or []
    return [{"name": name, "is_required": name in required, **parameter} for name, parameter in known.items()]

"""functions.*: how custom steps end."""

from sandbox.errors import ApiError
from sandbox.model import Execution
from sandbox.webapi.call import Call, Json, Method, missing, wrong


def complete_success(call: Call) -> Json:
    execution = _running(call)
    outputs = call.args.structure("outputs", otherwise=wrong("must be an object", "outputs"))
    if outputs is None:
        raise missing("outputs")
    if not isinstance(outputs, dict):
        raise wrong("must be an object", "outputs")
    declared = call.app.manifest.get("functions", {}).get(execution.callback_id, {}).get("output_parameters") or {}
    absent = [name for name in _required(declared) if name not in outputs]
    unknown = [name for name in outputs if name not in declared.get("properties", declared)]
    if absent or unknown:
        raise ApiError(
            "parameter_validation_failed",
            *(f"[ERROR] missing required output: {name}" for name in absent),
            *(f"[ERROR] unknown output: {name}" for name in unknown),
        )
    execution.state, execution.outputs = "completed", outputs
    call.services.executions.put(execution)
    return {}


def _required(declared: Json) -> list[str]:
    """Return the required parameters of a manifest of either version."""
    if isinstance(declared.get("properties"), dict):
        return [str(name) for name in declared.get("required") or []]
    return [name for name, body in declared.items() if isinstance(body, dict) and body.get("is_required")]


def complete_error(call: Call) -> Json:
    execution = _running(call)
    execution.state, execution.error = "failed", call.args.text("error")
    call.services.executions.put(execution)
    return {}


def _running(call: Call) -> Execution:
    execution = call.services.executions.get(call.args.text("function_execution_id"))
    if execution is None:
        raise ApiError("function_execution_not_found")
    if execution.app_id != call.app.id:
        raise ApiError("access_denied")
    if execution.state != "running":
        raise ApiError("execution_not_in_running_state")
    return execution


METHODS = {
    "functions.completeSuccess": Method(run=complete_success),
    "functions.completeError": Method(run=complete_error),
}

"""`/control/faults` and `/control/settings`: trouble on demand, and switches."""

from dataclasses import asdict

from aiohttp import web

from sandbox.asking import ControlError, Json, answering, number, optional_text, read_body
from sandbox.faults import MISHAPS, read_rule
from sandbox.mishaps import happen
from sandbox.services import Services
from sandbox.store import record


class Levers:
    def __init__(self, services: Services) -> None:
        self._services = services
        self._faults = services.faults

    def register(self, app: web.Application) -> None:
        add = app.router.add_route
        add("GET", "/control/faults", answering(self._list))
        add("POST", "/control/faults", answering(self._add))
        add("DELETE", "/control/faults", answering(self._clear))
        add("DELETE", "/control/faults/{id}", answering(self._remove))
        add("GET", "/control/settings", answering(self._settings))
        add("POST", "/control/settings", answering(self._change_settings))

    async def _list(self, _request: web.Request) -> Json:
        return self._faults.shown()

    async def _add(self, request: web.Request) -> Json:
        """Add one rule, or a list of them under `rules`; `seed` starts over before that."""
        body = await read_body(request)
        wanted = body.get("rules", [] if "seed" in body and "do" not in body else [body])
        if not isinstance(wanted, list) or not all(isinstance(rule, dict) for rule in wanted):
            raise ControlError("invalid_arguments", "`rules` must be a list of rules.")
        plain = [{key: value for key, value in rule.items() if key not in ("seed", "rules")} for rule in wanted]
        for rule in plain:
            self._check(rule)
        if "seed" in body:
            self._faults.clear(seed=int(number(body["seed"], "seed")))
        return {"rules": [self._put(rule) for rule in plain]}

    def _check(self, given: Json) -> None:
        try:
            read_rule(given, "")
        except ValueError as problem:
            raise ControlError("invalid_rule", f"{problem}.") from problem
        channel = optional_text(given, "channel")
        if channel and self._services.workspace.channel(channel) is None:
            raise ControlError("channel_not_found", f"There is no channel {channel}.", status=404)
        app = optional_text(given, "app")
        if app and app not in self._services.workspace.apps:
            raise ControlError("app_not_found", f"There is no app {app}.", status=404)

    def _put(self, given: Json) -> Json:
        """Put a rule into force; what needs no occasion happens at once."""
        rule = read_rule(given, "now")
        if rule.do in MISHAPS and "on" not in given:
            happen(self._services, rule, rule.app)
            rule.hits = 1
            return record(rule)
        return record(self._faults.add(given))

    async def _clear(self, _request: web.Request) -> Json:
        self._faults.clear()
        return {}

    async def _remove(self, request: web.Request) -> Json:
        if not self._faults.remove(request.match_info["id"]):
            raise ControlError("rule_not_found", "There is no such rule.", status=404)
        return {}

    async def _settings(self, _request: web.Request) -> Json:
        return {"settings": asdict(self._services.settings)}

    async def _change_settings(self, request: web.Request) -> Json:
        try:
            self._services.settings.change(await read_body(request))
        except ValueError as problem:
            raise ControlError("invalid_setting", f"{problem}.") from problem
        return await self._settings(request)

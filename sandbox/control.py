"""`/control/*`: act as a person, read the state, move the clock, change people."""

from datetime import time
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from aiohttp import web

from sandbox.asking import ControlError, answering, number, optional_text, read_body
from sandbox.interactions import Interactions
from sandbox.model import MemberKind, User
from sandbox.people import NewFacts, change_user
from sandbox.services import Services
from sandbox.snapshot import of_everything, of_person

Json = dict[str, Any]
_LONGEST_WAIT = 60.0
_KINDS = frozenset(MemberKind) - {MemberKind.BOT}


class Control:
    def __init__(self, services: Services, interactions: Interactions) -> None:
        self._services = services
        self._workspace = services.workspace
        self._clock = services.workspace.clock
        self._interactions = interactions

    def register(self, app: web.Application) -> None:
        add = app.router.add_route
        add("POST", "/control/act", answering(self._act))
        add("GET", "/control/state", answering(self._state))
        add("GET", "/control/clock", answering(self._read_clock))
        add("POST", "/control/clock/advance", answering(self._advance))
        add("GET", "/control/clock/follow", answering(self._follow))
        add("POST", "/control/clock/idle", answering(self._idle))
        add("POST", "/control/users/{id}", answering(self._change_user))
        add("POST", "/control/notices/{id}/dismiss", answering(self._dismiss))
        add("POST", "/control/read", answering(self._mark_read))

    async def _act(self, request: web.Request) -> Json:
        return await self._interactions.act(await read_body(request))

    async def _state(self, request: web.Request) -> Json:
        wanted = request.query.get("as")
        if wanted is None:
            return of_everything(self._services)
        return of_person(self._services, self._user(wanted))

    async def _read_clock(self, _request: web.Request) -> Json:
        return {
            "offset_seconds": self._clock.offset,
            "step": self._clock.step,
            "now": self._workspace.now().isoformat(),
            "followers": self._clock.followers(),
        }

    async def _advance(self, request: web.Request) -> Json:
        seconds = number((await read_body(request)).get("seconds"), "seconds")
        try:
            advance = await self._clock.advance(seconds)
        except ValueError as problem:
            raise ControlError("invalid_seconds", str(problem)) from problem
        answer: Json = {
            "ok": not advance.late,
            "offset_seconds": self._clock.offset,
            "step": self._clock.step,
            "now": self._workspace.now().isoformat(),
            "played_seconds": advance.played,
        }
        if advance.late:
            names = ", ".join(advance.late)
            answer |= {
                "error": "follower_not_idle",
                "message": f"Stopped after {advance.played:g} s: {names} did not become idle.",
                "waiting_for": list(advance.late),
            }
        return answer

    async def _follow(self, request: web.Request) -> Json:
        step = number(request.query.get("step", "-1"), "step")
        wait = number(request.query.get("wait", "20"), "wait")
        offset, now_at = await self._clock.follow(
            name=_name(request.query.get("name")),
            step=int(step),
            wait=min(max(wait, 0.0), _LONGEST_WAIT),
        )
        return {"offset_seconds": offset, "step": now_at}

    async def _idle(self, request: web.Request) -> Json:
        body = await read_body(request)
        await self._clock.idle(name=_name(body.get("name")), step=int(number(body.get("step"), "step")))
        return {"step": self._clock.step}

    async def _change_user(self, request: web.Request) -> Json:
        user, body = self._user(request.match_info["id"]), await read_body(request)
        kind, tz = optional_text(body, "kind"), optional_text(body, "tz")
        if kind is not None and (kind not in _KINDS or user.kind is MemberKind.BOT):
            raise ControlError("invalid_kind", f"{user.real_name} cannot become {kind!r}.")
        if tz is not None:
            _check_zone(tz)
        expires = body.get("status_expiration")
        facts = NewFacts(
            kind=None if kind is None else MemberKind(kind),
            tz=tz,
            real_name=optional_text(body, "real_name"),
            title=optional_text(body, "title"),
            status_text=optional_text(body, "status_text"),
            status_emoji=optional_text(body, "status_emoji"),
            status_expiration=None if expires is None else int(number(expires, "status_expiration")),
            **_quiet(body),
        )
        change_user(self._services, user, facts)
        return {"user": {"id": user.id, "kind": user.kind, "tz": user.tz}}

    async def _dismiss(self, request: web.Request) -> Json:
        if not self._workspace.dismiss(request.match_info["id"]):
            raise ControlError("notice_not_found", "This notice is not shown any more.", status=404)
        return {}

    async def _mark_read(self, request: web.Request) -> Json:
        body = await read_body(request)
        user = self._user(str(body.get("as")))
        self._workspace.mark_read(user.id, str(body.get("channel")))
        return {}

    def _user(self, user_id: str) -> User:
        user = self._workspace.user(user_id)
        if user is None:
            raise ControlError("user_not_found", f"There is nobody with the id {user_id}.", status=404)
        return user


def _name(value: Any) -> str:
    if not isinstance(value, str) or not value:
        raise ControlError("invalid_arguments", "A follower needs a name.")
    return value


def _quiet(body: Json) -> dict[str, str]:
    """Return the quiet time asked for: `{"from": "22:00", "until": "07:00"}`, or an empty object for none."""
    given = body.get("do_not_disturb")
    if given is None:
        return {}
    if given == {}:
        return {"quiet_from": "", "quiet_until": ""}
    try:
        times = {f"quiet_{name}": time.fromisoformat(given[name]).strftime("%H:%M") for name in ("from", "until")}
    except (KeyError, TypeError, ValueError) as problem:
        raise ControlError("invalid_do_not_disturb", "`do_not_disturb` needs `from` and `until`.") from problem
    return times


def _check_zone(value: str) -> None:
    try:
        ZoneInfo(value)
    except (ValueError, OSError, ZoneInfoNotFoundError) as problem:
        raise ControlError("invalid_tz", f"{value!r} is no time zone.") from problem

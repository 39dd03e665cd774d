"""What Slack lets an app do for a short while: open a modal by a trigger, answer at a response URL."""

import time
from dataclasses import dataclass

from sandbox.errors import ApiError
from sandbox.ids import secret, trigger_id
from sandbox.store import Kind, Store, record

TRIGGER_SECONDS = 3.0
_REMEMBERED_SECONDS = 600.0
RESPONSE_SECONDS = 30 * 60.0
RESPONSE_USES = 5
CODE_SECONDS = 600.0


@dataclass(slots=True, kw_only=True)
class Trigger:
    """`view_id` is the modal the person was in, if any: only such a trigger can push."""

    id: str
    app_id: str
    user: str
    view_id: str | None
    issued: float
    spent: bool = False


class Triggers:
    def __init__(self, *, team_id: str, lifetime: float = TRIGGER_SECONDS) -> None:
        self._team_id = team_id
        self._lifetime = lifetime
        self._triggers: dict[str, Trigger] = {}

    def issue(self, *, app_id: str, user: str, view_id: str | None = None) -> str:
        now = time.monotonic()
        oldest = now - _REMEMBERED_SECONDS
        self._triggers = {key: known for key, known in self._triggers.items() if known.issued > oldest}
        trigger = Trigger(id=trigger_id(self._team_id), app_id=app_id, user=user, view_id=view_id, issued=now)
        self._triggers[trigger.id] = trigger
        return trigger.id

    def look(self, trigger: str, *, app_id: str) -> Trigger:
        """Return a trigger that may still be exchanged, or refuse as Slack does."""
        known = self._triggers.get(trigger)
        if known is None or known.app_id != app_id:
            raise ApiError("invalid_trigger_id")
        if known.spent:
            raise ApiError("exchanged_trigger_id")
        if time.monotonic() - known.issued > self._lifetime:
            raise ApiError("expired_trigger_id")
        return known


@dataclass(frozen=True, slots=True, kw_only=True)
class Code:
    """What a person who installs an app brings back to it."""

    app_id: str
    user: str
    redirect_uri: str
    issued: float


class Codes:
    """Codes an app changes for its token: once, and within ten minutes."""

    def __init__(self) -> None:
        self._codes: dict[str, Code] = {}

    def issue(self, *, app_id: str, user: str, redirect_uri: str = "") -> str:
        code = secret()
        self._codes[code] = Code(app_id=app_id, user=user, redirect_uri=redirect_uri, issued=time.monotonic())
        return code

    def take(self, code: str, *, app_id: str) -> Code:
        known = self._codes.get(code)
        fresh = known is not None and time.monotonic() - known.issued < CODE_SECONDS
        if known is None or known.app_id != app_id or not fresh:
            raise ApiError("invalid_code")
        del self._codes[code]
        return known


@dataclass(slots=True, kw_only=True)
class ResponseUrl:
    """`message_ts` is the message an action came from; a command has none."""

    token: str
    app_id: str
    user: str
    channel: str
    issued: float
    message_ts: str | None = None
    thread_ts: str | None = None
    uses: int = 0


class ResponseUrls:
    def __init__(self, *, store: Store, lifetime: float = RESPONSE_SECONDS) -> None:
        self._store = store
        self._lifetime = lifetime

    def issue(
        self,
        *,
        app_id: str,
        user: str,
        channel: str,
        message_ts: str | None = None,
        thread_ts: str | None = None,
    ) -> str:
        """Return the token at the end of a new response URL."""
        grant = ResponseUrl(
            token=secret(),
            app_id=app_id,
            user=user,
            channel=channel,
            issued=time.time(),
            message_ts=message_ts,
            thread_ts=thread_ts,
        )
        self._store.put(Kind.RESPONSE_URL, grant.token, record(grant))
        return grant.token

    def look(self, token: str) -> ResponseUrl:
        """Return a grant that may still be used, or refuse as Slack does."""
        kept = self._store.get(Kind.RESPONSE_URL, token)
        if kept is None:
            raise ApiError("no_such_url")
        grant = ResponseUrl(**kept)
        if time.time() - grant.issued > self._lifetime:
            raise ApiError("expired_url")
        if grant.uses >= RESPONSE_USES:
            raise ApiError("used_url")
        return grant

    def use(self, grant: ResponseUrl) -> None:
        grant.uses += 1
        self._store.put(Kind.RESPONSE_URL, grant.token, record(grant))

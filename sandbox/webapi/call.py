"""One call of the Web API: who calls, with which arguments, and what they may do."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from sandbox.errors import ApiError
from sandbox.ids import micros
from sandbox.jsontext import parse_json
from sandbox.model import AppInfo, Channel, ChannelKind, User
from sandbox.reference import is_documented
from sandbox.services import Services
from sandbox.workspace import Workspace

Json = dict[str, Any]
_LONGEST_PAGE = 1000


class TokenKind(StrEnum):
    BOT = "bot"
    APP = "app"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Args:
    """The arguments of a call, from JSON or from a form: Slack takes either for most methods."""

    given: Json

    def text(self, name: str) -> str:
        """Return a required argument as text."""
        value = self.optional_text(name)
        if not value:
            raise missing(name)
        return value

    def optional_text(self, name: str) -> str | None:
        value = self.given.get(name)
        if value is None:
            return None
        if isinstance(value, bool) or not isinstance(value, (str, int, float)):
            raise wrong("must be a string", name)
        return str(value)

    def flag(self, name: str, *, default: bool = False) -> bool:
        value = self.given.get(name)
        if value is None or value == "":
            return default
        if isinstance(value, (bool, int)):
            return bool(value)
        if isinstance(value, str):
            return value.lower() not in ("0", "false", "no")
        raise wrong("must be a boolean", name)

    def number(self, name: str, *, default: int) -> int:
        value = self.given.get(name)
        if value is None or value == "":
            return default
        try:
            return int(str(value))
        except ValueError as problem:
            raise wrong("must be an integer", name) from problem

    def structure(self, name: str, *, otherwise: ApiError) -> Any:
        """Return an argument that is JSON, or a text of JSON as forms must send it."""
        value = self.given.get(name)
        if not isinstance(value, str):
            return value
        if not value.strip():
            return None
        try:
            return parse_json(value)
        except ValueError as problem:
            raise otherwise from problem

    def timestamp(self, name: str) -> str:
        value = self.text(name)
        try:
            micros(value)
        except ValueError as problem:
            raise wrong("must be a timestamp", name) from problem
        return value


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """`caller` is the app behind the token; only methods without a token are called without one."""

    method: str
    args: Args
    services: Services
    caller: AppInfo | None

    @property
    def app(self) -> AppInfo:
        if self.caller is None:
            raise ApiError("not_authed")
        return self.caller

    @property
    def workspace(self) -> Workspace:
        return self.services.workspace

    def need_scope(self, *any_of: str) -> None:
        if self.services.settings.check_scopes and not any(scope in self.app.scopes for scope in any_of):
            raise missing_scope(self.app, any_of)

    def need_scope_for(self, channel: Channel, right: str) -> None:
        """Refuse unless the app holds, say, `channels:history` for a public channel."""
        family = {ChannelKind.PUBLIC: "channels", ChannelKind.PRIVATE: "groups", ChannelKind.IM: "im"}
        self.need_scope(f"{family[channel.kind]}:{right}")

    def channel(self, name: str = "channel") -> Channel:
        """Return a conversation this app can see, by its id or its name."""
        wanted = self.args.text(name)
        bare = wanted.removeprefix("#")
        found = self.workspace.channel(wanted) or next(
            (c for c in self.workspace.channels.values() if c.name == bare and c.kind is ChannelKind.PUBLIC),
            None,
        )
        if found is None or not self.can_see(found):
            raise ApiError("channel_not_found")
        return found

    def can_see(self, channel: Channel) -> bool:
        return channel.kind is ChannelKind.PUBLIC or self.app.bot_user_id in channel.members

    def user(self, name: str = "user") -> User:
        found = self.workspace.user(self.args.text(name))
        if found is None:
            raise ApiError("user_not_found")
        return found


@dataclass(frozen=True, slots=True, kw_only=True)
class Method:
    """`scopes` are alternatives, from the reference: one of them is enough. None at all asks for none."""

    run: Callable[[Call], Json]
    scopes: tuple[str, ...] = ()
    token: TokenKind = TokenKind.BOT


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    items: list[Any]
    next_cursor: str


def paged(call: Call, everything: list[Any], *, default: int) -> Page:
    """Return the part of a list the caller's `limit` and `cursor` ask for."""
    limit = call.args.number("limit", default=default)
    if limit < 0 or limit > _LONGEST_PAGE:
        raise (
            ApiError("invalid_limit") if is_documented(call.method, "invalid_limit") else wrong("is no limit", "limit")
        )
    start = _position(call.args.optional_text("cursor"), len(everything))
    end = start + (limit or default)
    return Page(items=everything[start:end], next_cursor=f"at:{end}" if end < len(everything) else "")


def _position(cursor: str | None, length: int) -> int:
    if not cursor:
        return 0
    digits = cursor.removeprefix("at:")
    if digits == cursor or not digits.isdecimal() or len(digits) > len(str(length)):
        raise ApiError("invalid_cursor")
    return int(digits)


def missing(name: str) -> ApiError:
    return ApiError("invalid_arguments", f"[ERROR] missing required field: {name}")


def wrong(what: str, name: str) -> ApiError:
    return ApiError("invalid_arguments", f"[ERROR] {what} [json-pointer:/{name}]")


def missing_scope(app: AppInfo, any_of: tuple[str, ...]) -> ApiError:
    return ApiError("missing_scope", needed=",".join(any_of), provided=",".join(app.scopes))


def size_of(value: Any) -> int:
    return len(json.dumps(value))

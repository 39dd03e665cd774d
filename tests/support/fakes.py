"""Stand-ins with behaviour: a Slack that remembers, and a clock that is moved by hand."""

import itertools
import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError
from slack_sdk.web import SlackResponse
from slack_sdk.web.file_upload_v2_result import FileUploadV2Result

from bot.clock import Clock

TEAM = "T0HOME"
MONDAY_MORNING = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


class ManualClock(Clock):
    """Stands still until it is moved; business and real time move together."""

    def __init__(self, start: datetime = MONDAY_MORNING) -> None:
        self._real = start
        super().__init__()

    def real(self) -> datetime:
        return self._real

    def advance(self, **by: float) -> None:
        self._real += timedelta(**by)


def member(slack_id: str, **facts: Any) -> dict[str, Any]:
    """Return a user object as users.info gives it, of a full member unless told otherwise."""
    return {
        "id": slack_id,
        "team_id": TEAM,
        "name": slack_id.lower(),
        "real_name": slack_id.removeprefix("U_").capitalize(),
        "deleted": False,
        "is_bot": False,
        "is_restricted": False,
        "is_ultra_restricted": False,
        "tz": "Europe/Berlin",
        "profile": {"display_name": "", "real_name": slack_id.removeprefix("U_").capitalize()},
    } | facts


def user_group(group_id: str, *members: str, **facts: Any) -> dict[str, Any]:
    """Return a user group as usergroups.list gives it, called after its id."""
    handle = group_id.removeprefix("S_").lower()
    return {
        "id": group_id,
        "handle": handle,
        "name": handle.capitalize(),
        "users": list(members),
        "date_delete": 0,
    } | facts


@dataclass
class Post:
    """A message as Slack holds it."""

    channel: str
    ts: str
    text: str
    blocks: list[dict[str, Any]]
    metadata: dict[str, Any] | None
    edits: int = 0
    thread: str | None = None


@dataclass
class World:
    """What the fake Slack holds, shared by every client of it."""

    people: dict[str, dict[str, Any]] = field(default_factory=dict)
    groups: dict[str, dict[str, Any]] = field(default_factory=dict)
    channels: dict[str, dict[str, Any]] = field(default_factory=dict)
    posts: list[Post] = field(default_factory=list)
    whispers: list[dict[str, Any]] = field(default_factory=list)
    homes: dict[str, dict[str, Any]] = field(default_factory=dict)
    opened: list[dict[str, Any]] = field(default_factory=list)
    calls: list[str] = field(default_factory=list)
    files: dict[str, bytes] = field(default_factory=dict)
    unprocessed: set[str] = field(default_factory=set)
    history_is_readable: bool = True
    quiet: dict[str, dict[str, Any]] = field(default_factory=dict)
    hidden: set[str] = field(default_factory=set)
    faults: dict[str, list[Callable[[], object]]] = field(default_factory=dict)
    stamps: "itertools.count[int]" = field(default_factory=lambda: itertools.count(1))


class FakeSlack(WebClient):
    """Answers the methods the product calls, keeps what was sent, and fails on demand."""

    def __init__(self, world: World) -> None:
        super().__init__(token="xoxb-fake", retry_handlers=[])  # noqa: S106 - not a token
        self.world = world

    def fail_next(self, method: str, error: str, *, status: int = 200, after: bool = False, **headers: str) -> None:
        """Make the next call of `method` fail: before it is carried out, or after."""

        def fault() -> object:
            return _Fault(error, status, headers, after)

        self.world.faults.setdefault(method, []).append(fault)

    def break_next(self, method: str, error: Exception, *, after: bool = False) -> None:
        """Make the connection of the next call of `method` break, before or after it is carried out."""
        self.world.faults.setdefault(method, []).append(lambda: _Break(error, after))

    def api_call(self, api_method: str, **arguments: Any) -> SlackResponse:
        given = {**(arguments.get("params") or {}), **(arguments.get("json") or {}), **(arguments.get("data") or {})}
        self.world.calls.append(api_method)
        waiting = self.world.faults.get(api_method)
        fault = waiting.pop(0)() if waiting else None
        if isinstance(fault, _Break) and not fault.after:
            raise fault.error
        if isinstance(fault, _Fault) and not fault.after:
            raise _refused(fault)
        answer = getattr(self, "_" + api_method.replace(".", "_").lower())(given)
        if isinstance(fault, _Break):
            raise fault.error
        if isinstance(fault, _Fault):
            raise _refused(fault)
        return _response({"ok": True} | answer, 200, {})

    def _upload_file(self, *, url: str, data: bytes, **_: Any) -> FileUploadV2Result:
        self.api_call("upload", params={"url": url, "data": data})
        return FileUploadV2Result(status=200, body="OK")

    def _files_getuploadurlexternal(self, _: dict[str, Any]) -> dict[str, Any]:
        file_id = f"F{next(self.world.stamps)}"
        return {"file_id": file_id, "upload_url": f"https://files.slack.invalid/{file_id}"}

    def _upload(self, given: dict[str, Any]) -> dict[str, Any]:
        self.world.files[given["url"].rpartition("/")[2]] = given["data"]
        return {}

    def _files_completeuploadexternal(self, given: dict[str, Any]) -> dict[str, Any]:
        files = given["files"] if isinstance(given["files"], list) else json.loads(given["files"])
        if given.get("channel_id"):
            ts = f"{1_700_000_000 + next(self.world.stamps)}.000100"
            shown = [{"type": "file", "file_id": each["id"]} for each in files]
            self.world.posts.append(Post(given["channel_id"], ts, given["initial_comment"], shown, None))
        return {"files": [{"id": each["id"], "title": each["title"]} for each in files]}

    def _check_files(self, blocks: list[dict[str, Any]]) -> None:
        """Refuse blocks that show a file which is deleted, or which Slack has not looked through yet, as Slack does."""
        for index, block in enumerate(blocks):
            file_id = block.get("slack_file", {}).get("id")
            if file_id in self.world.unprocessed or (file_id and file_id not in self.world.files):
                said = [f"[ERROR] invalid slack file [json-pointer:/blocks/{index}/slack_file]"]
                raise _refused(_Fault("invalid_blocks", 200, {}, after=False), said)

    def _users_info(self, given: dict[str, Any]) -> dict[str, Any]:
        if given["user"] not in self.world.people:
            raise _refused(_Fault("user_not_found", 200, {}, after=False))
        return {"user": self.world.people[given["user"]]}

    def _users_list(self, given: dict[str, Any]) -> dict[str, Any]:
        """List people two at a time, so that whoever reads them has to turn pages."""
        begun = int(given.get("cursor") or 0)
        listed = sorted(self.world.people.values(), key=lambda person: str(person["id"]))
        following = str(begun + 2) if begun + 2 < len(listed) else ""
        return {"members": listed[begun : begun + 2], "response_metadata": {"next_cursor": following}}

    def _dnd_teaminfo(self, given: dict[str, Any]) -> dict[str, Any]:
        wanted = given["users"].split(",")
        if self.world.hidden & set(wanted):
            raise _refused(_Fault("user_not_visible", 200, {}, after=False))
        assert len(wanted) <= 50, "Slack tells of fifty people at most"
        never = {"dnd_enabled": False, "next_dnd_start_ts": 1, "next_dnd_end_ts": 1}
        return {"users": {each: self.world.quiet.get(each, never) for each in wanted}}

    def _usergroups_list(self, _: dict[str, Any]) -> dict[str, Any]:
        return {"usergroups": [group for group in self.world.groups.values() if not group["date_delete"]]}

    def _usergroups_users_list(self, given: dict[str, Any]) -> dict[str, Any]:
        if given["usergroup"] not in self.world.groups:
            raise _refused(_Fault("no_such_subteam", 200, {}, after=False))
        return {"users": self.world.groups[given["usergroup"]]["users"]}

    def _conversations_info(self, given: dict[str, Any]) -> dict[str, Any]:
        if given["channel"] not in self.world.channels:
            raise _refused(_Fault("channel_not_found", 200, {}, after=False))
        return {"channel": self.world.channels[given["channel"]]}

    def _chat_postmessage(self, given: dict[str, Any]) -> dict[str, Any]:
        channel = self._place(given["channel"])
        self._check_files(given.get("blocks") or [])
        ts = f"{1_700_000_000 + next(self.world.stamps)}.000100"
        post = Post(
            channel, ts, given["text"], given.get("blocks") or [], given.get("metadata"), 0, given.get("thread_ts")
        )
        self.world.posts.append(post)
        return {"channel": channel, "ts": ts}

    def _chat_update(self, given: dict[str, Any]) -> dict[str, Any]:
        self._check_files(given.get("blocks") or [])
        for post in self.world.posts:
            if (post.channel, post.ts) == (given["channel"], given["ts"]):
                post.text, post.blocks, post.edits = given["text"], given["blocks"], post.edits + 1
                return {"channel": post.channel, "ts": post.ts}
        raise _refused(_Fault("message_not_found", 200, {}, after=False))

    def _chat_postephemeral(self, given: dict[str, Any]) -> dict[str, Any]:
        self.world.whispers.append(given)
        return {"message_ts": "1.0"}

    def _views_update(self, given: dict[str, Any]) -> dict[str, Any]:
        self._check_files(given["view"]["blocks"])
        self.world.opened.append(given["view"])
        return {"view": given["view"] | {"id": given["view_id"], "hash": "h"}}

    def _views_open(self, given: dict[str, Any]) -> dict[str, Any]:
        self._check_files(given["view"]["blocks"])
        self.world.opened.append(given["view"])
        return {"view": given["view"] | {"id": f"V{len(self.world.opened)}", "hash": "h"}}

    def _views_publish(self, given: dict[str, Any]) -> dict[str, Any]:
        self.world.homes[given["user_id"]] = given["view"]
        return {}

    def _conversations_open(self, given: dict[str, Any]) -> dict[str, Any]:
        return {"channel": {"id": self._place(given["users"])}}

    def _conversations_history(self, given: dict[str, Any]) -> dict[str, Any]:
        if not self.world.history_is_readable:
            raise _refused(_Fault("missing_scope", 200, {}, after=False))
        return self._messages(post for post in self.world.posts if post.channel == given["channel"] and not post.thread)

    def _conversations_replies(self, given: dict[str, Any]) -> dict[str, Any]:
        if not self.world.history_is_readable:
            raise _refused(_Fault("missing_scope", 200, {}, after=False))
        channel, root = given["channel"], given["ts"]
        return self._messages(
            post for post in self.world.posts if post.channel == channel and root in (post.ts, post.thread)
        )

    @staticmethod
    def _messages(found: Iterable[Post]) -> dict[str, Any]:
        return {"messages": [{"ts": post.ts, "text": post.text, "metadata": post.metadata} for post in found]}

    @staticmethod
    def _place(channel: str) -> str:
        return "D_" + channel.removeprefix("U_") if channel.startswith("U_") else channel


@dataclass(frozen=True)
class _Fault:
    error: str
    status: int
    headers: dict[str, str]
    after: bool


@dataclass(frozen=True)
class _Break:
    error: Exception
    after: bool


def _refused(fault: _Fault, said: Sequence[str] = ()) -> SlackApiError:
    headers = {name.replace("_", "-"): value for name, value in fault.headers.items()}
    more = {"response_metadata": {"messages": list(said)}} if said else {}
    response = _response({"ok": False, "error": fault.error} | more, fault.status, headers)
    return SlackApiError(fault.error, response)


def _response(data: dict[str, Any], status: int, headers: dict[str, str]) -> SlackResponse:
    return SlackResponse(
        client=None,
        http_verb="POST",
        api_url="https://slack.invalid/api/",
        req_args={},
        data=data,
        headers=headers,
        status_code=status,
    )

"""Keep the people of the workspace, and the members of the user groups that hold roles, as Slack has them."""

import logging
import threading
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from http.client import HTTPException
from typing import Any

from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError
from slack_sdk.web import SlackResponse

from bot.clock import Clock
from bot.slack_errors import ErrorClass, failure_of
from db.availability import UNAVAILABLE
from db.session import Database
from handlers.deps import Workspace
from handlers.payloads import MalformedPayloadError
from handlers.profiles import group_of, profile_of
from workflows import people, setup
from workflows.people import Group, Profile

log = logging.getLogger(__name__)

EVERY = timedelta(days=1)
PAUSE = timedelta(minutes=1)
PAGE = 200
PATIENCE = 10
"""Seconds one call may take."""

_LONGEST_WAIT = 300
_MOST_WAITS = 5
_NO_GROUPS = ("plan_upgrade_required", "missing_scope", "not_allowed_token_type")
_GONE = ("no_such_subteam", "subteam_not_found")


class _StoppedError(Exception):
    """The process ends."""


@dataclass(frozen=True, slots=True)
class Synced:
    """What Slack said: how many people, of how many that was news, and how many user groups there are."""

    people: int
    news: int
    groups: int


def directory_client(token: str, api_url: str) -> WebClient:
    return WebClient(token=token, base_url=api_url, timeout=PATIENCE, retry_handlers=[])


class Directory:
    """Reads who is in the workspace: once at start, once a day, and who is in a user group whenever that changed.

    Nobody waits for it, nobody is ever deleted, and any number of processes may do it at once. `wake_outbox` is
    called when somebody was promised a message.
    """

    def __init__(
        self,
        database: Database,
        client: WebClient,
        workspace: Workspace,
        clock: Clock,
        *,
        wake_outbox: Callable[[], None] = lambda: None,
    ) -> None:
        self._database = database
        self._client = client
        self._workspace = workspace
        self._clock = clock
        self._wake_outbox = wake_outbox
        self._woken = threading.Event()
        self._stopped = threading.Event()
        self._synced_at: datetime | None = None
        self._not_before: datetime | None = None
        self._thread = threading.Thread(target=self._run, name="directory", daemon=True)

    def start(self) -> None:
        self._woken.set()
        self._thread.start()

    def wake(self) -> None:
        """Look whether something is to be read; safe to call from anywhere, as often as you like."""
        self._woken.set()

    def stop(self) -> None:
        """Begin no further call."""
        self._stopped.set()
        self._woken.set()
        if self._thread.is_alive():
            self._thread.join(timeout=1)

    def keep_up(self) -> None:
        """Do what is due. When Slack or the database is away, it is due again a minute later."""
        if self._not_before is not None and self._clock.real() < self._not_before:
            return
        try:
            if self._synced_at is None or self._clock.now() - self._synced_at >= EVERY:
                synced = self.sync()
                log.info("people read", extra={"people": synced.people, "news": synced.news, "groups": synced.groups})
            else:
                self.read_changed_groups()
        except _StoppedError:
            return
        except SlackApiError as error:
            self._put_off(str(error.response.get("error")))
        except (OSError, HTTPException) as error:
            self._put_off(str(error))
        except UNAVAILABLE as error:
            self._put_off(type(error).__name__)

    def sync(self) -> Synced:
        """Read everybody and every user group. Raises what the SDK raises when Slack does not answer."""
        begun, count, news = self._clock.now(), 0, 0
        for profiles, asked_at in self._everybody():
            with self._database.transaction() as session:
                news += people.store_profiles(session, profiles, asked_at=asked_at)
            count += len(profiles)
        groups = self._read_groups()
        with self._database.transaction() as session:
            appointed = setup.appoint_first_admin(session, now=self._clock.now())
        if appointed is not None:
            log.info("the workspace's owner is the first admin", extra={"person": str(appointed.id)})
            self._wake_outbox()
        self._synced_at = begun
        return Synced(count, news, groups)

    def read_changed_groups(self) -> None:
        """Read who is in the user groups with a role that may have changed."""
        with self._database.reading() as session:
            changed = people.groups_to_read(session)
        for group_id in changed:
            self.read_members(group_id)

    def read_members(self, group_id: str) -> None:
        """Read who is in one user group; whom we do not know yet is asked for one by one."""
        asked_at = self._clock.now()
        try:
            told = self._ask(self._client.usergroups_users_list, usergroup=group_id)
        except SlackApiError as error:
            if error.response.get("error") not in _GONE:
                raise
            self._switch_off(group_id)
            return
        members = [each for each in told.get("users") or [] if isinstance(each, str)]
        with self._database.reading() as session:
            unknown = people.unknown_among(session, members)
        known_as = dict(self._introduced(unknown))
        with self._database.transaction() as session:
            people.store_members(session, group_id, {known_as.get(each, each) for each in members}, asked_at=asked_at)

    def _put_off(self, error: str) -> None:
        log.warning("people could not be read; trying again soon", extra={"error": error})
        self._not_before = self._clock.real() + PAUSE

    def _run(self) -> None:
        while not self._stopped.is_set():
            self._woken.wait()
            self._woken.clear()
            if self._stopped.is_set():
                return
            try:
                self.keep_up()
            except Exception:
                log.exception("people could not be read, which is a defect of ours")
                self._not_before = self._clock.real() + PAUSE

    def _everybody(self) -> Iterator[tuple[list[Profile], datetime]]:
        """Yield the people of the workspace page by page, each with the moment it was asked for."""
        cursor = ""
        while True:
            asked_at = self._clock.now()
            page = self._ask(
                self._client.users_list, limit=PAGE, include_locale=True, **({"cursor": cursor} if cursor else {})
            )
            yield list(self._profiles(page.get("members") or [])), asked_at
            cursor = str((page.get("response_metadata") or {}).get("next_cursor") or "")
            if not cursor:
                return

    def _profiles(self, members: list[Any]) -> Iterator[Profile]:
        for member in members:
            try:
                yield profile_of(member, self._workspace)
            except MalformedPayloadError as error:
                log.warning("a person Slack listed cannot be read", extra={"problem": str(error)})

    def _read_groups(self) -> int:
        """Read all user groups, and who is in those that hold a role; return how many there are."""
        asked_at = self._clock.now()
        try:
            told = self._ask(self._client.usergroups_list)
        except SlackApiError as error:
            if error.response.get("error") not in _NO_GROUPS:
                raise
            log.info("this workspace has no user groups for us", extra={"error": error.response.get("error")})
            return 0
        groups = [group_of(each) for each in told.get("usergroups") or []]
        with self._database.transaction() as session:
            people.store_groups(session, groups, now=asked_at, are_all=True)
            held = people.groups_to_read(session, all_of_them=True)
        for group_id in held:
            self.read_members(group_id)
        return len(groups)

    def _switch_off(self, group_id: str) -> None:
        with self._database.transaction() as session:
            group = people.find_group(session, group_id)
            if group is not None:
                gone = Group(group.id, group.handle, group.name, is_active=False)
                people.store_groups(session, [gone], now=self._clock.now())

    def _introduced(self, slack_ids: Sequence[str]) -> Iterator[tuple[str, str]]:
        """Ask who these are and keep it; yield the id each was asked by and the one they are kept by."""
        for slack_id in slack_ids:
            asked_at = self._clock.now()
            try:
                told = self._ask(self._client.users_info, user=slack_id, include_locale=True)
            except SlackApiError as error:
                if error.response.get("error") not in ("user_not_found", "user_not_visible"):
                    raise
                continue
            profile = profile_of(told.get("user"), self._workspace)
            with self._database.transaction() as session:
                people.store_profiles(session, [profile], asked_at=asked_at)
            yield slack_id, profile.slack_id

    def _ask(self, method: Callable[..., SlackResponse], **arguments: Any) -> SlackResponse:
        """Call Slack, waiting as long as it asks us to."""
        for waits in range(_MOST_WAITS + 1):
            if self._stopped.is_set():
                raise _StoppedError
            try:
                return method(**arguments)
            except SlackApiError as error:
                failure = failure_of(error)
                if failure.kind is not ErrorClass.WAIT or waits == _MOST_WAITS or failure.retry_after > _LONGEST_WAIT:
                    raise
            log.info("Slack asks us to wait before reading on", extra={"seconds": failure.retry_after})
            if self._stopped.wait(failure.retry_after):
                raise _StoppedError
        raise AssertionError("unreachable")

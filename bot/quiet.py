"""Ask Slack who is left in peace, shortly before they are asked for numbers."""

import logging
from collections.abc import Sequence
from datetime import datetime, timedelta
from http.client import HTTPException
from typing import Any, Final

from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from bot.clock import Clock
from bot.slack_errors import ErrorClass, failure_of
from db.availability import UNAVAILABLE
from db.session import Database
from handlers.checkins.quiet import quiet_in
from handlers.payloads import found
from workflows import checkins
from workflows.checkins import AskedSoon

log = logging.getLogger(__name__)

AT_ONCE: Final = 50
"""Of how many people Slack tells in one call."""

CALLS: Final = 4
"""How many calls one beat makes: with a beat every fifteen seconds that stays below Slack's twenty in a minute."""

PAUSE: Final = timedelta(minutes=1)
NOT_GRANTED_FOR: Final = timedelta(days=1)
_NOT_GRANTED = ("missing_scope", "not_allowed_token_type", "no_permission")
_NOT_VISIBLE = "user_not_visible"


class QuietTimes:
    """Reads the quiet times of those who are asked within minutes. Nobody waits for it.

    Where the scope is missing it asks again a day later. Who is not known to be left in peace is asked.
    """

    def __init__(self, database: Database, client: WebClient, clock: Clock) -> None:
        self._database = database
        self._client = client
        self._clock = clock
        self._not_before: datetime | None = None
        self._apart: list[Sequence[AskedSoon]] = []

    def keep_up(self) -> None:
        """Ask about those who are asked soon, unless Slack wants us to wait. Outside of any transaction."""
        if self._not_before is not None and self._clock.real() < self._not_before:
            return
        try:
            self._ask_all()
        except SlackApiError as error:
            self._put_off(error)
        except (OSError, HTTPException) as error:
            self._wait(PAUSE, str(error))
        except UNAVAILABLE as error:
            self._wait(PAUSE, type(error).__name__)

    def _ask_all(self) -> None:
        for _ in range(CALLS):
            if not self._apart:
                with self._database.reading() as session:
                    soon = checkins.to_ask_about(session, limit=AT_ONCE, now=self._clock.now())
                if not soon:
                    return
                self._apart.append(soon)
            self._apart += self._ask(self._apart.pop())

    def _ask(self, people: Sequence[AskedSoon]) -> list[Sequence[AskedSoon]]:
        """Ask about these and keep the answer; return who has to be asked about apart, as one hides the others."""
        asked_at = self._clock.now()
        told: Any = {}
        try:
            told = self._client.dnd_teamInfo(users=[each.slack_id for each in people]).get("users")
        except SlackApiError as error:
            if error.response.get("error") != _NOT_VISIBLE:
                raise
            if len(people) > 1:
                half = len(people) // 2
                return [people[:half], people[half:]]
        quiet = {each.person_id: quiet_in(found(told, each.slack_id), asked_at) for each in people}
        with self._database.transaction() as session:
            checkins.keep_quiet_times(session, quiet, asked_at=asked_at)
        return []

    def _put_off(self, error: SlackApiError) -> None:
        name = str(error.response.get("error"))
        failure = failure_of(error)
        if name in _NOT_GRANTED:
            self._not_before = self._clock.real() + NOT_GRANTED_FOR
            log.info("Do Not Disturb is not looked at: the optional scope dnd:read is missing", extra={"error": name})
        else:
            is_told = failure.kind is ErrorClass.WAIT
            self._wait(timedelta(seconds=failure.retry_after) if is_told else PAUSE, name)

    def _wait(self, pause: timedelta, error: str) -> None:
        log.warning("quiet times could not be read; trying again soon", extra={"error": error})
        self._not_before = self._clock.real() + pause

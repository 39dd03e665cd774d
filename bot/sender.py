"""Call Slack for one promise, once, and look first for a message that may be there already."""

import logging
from dataclasses import dataclass
from datetime import timedelta

from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from bot.slack_errors import ErrorClass, failure_of
from handlers.messages import Attachment, Message, Post, Publish, Settle, Update, Whisper
from workflows import outbox
from workflows.outbox import Pending

log = logging.getLogger(__name__)

METADATA_EVENT = "gatehouse_message"
MOST_ATTEMPTS = 8


@dataclass(frozen=True, slots=True)
class Place:
    """Where a message is now."""

    channel: str | None = None
    ts: str | None = None


def may_retry(pending: Pending) -> bool:
    """Say whether a failed message is tried again: a private answer never is, the rest a bounded number of times."""
    return pending.kind not in outbox.ANSWERS and pending.attempt < MOST_ATTEMPTS


class Sender:
    """The one place that sends messages. Errors are the SDK's; `bot.slack_errors` says what they mean."""

    def __init__(self, client: WebClient) -> None:
        self._client = client

    @property
    def patience(self) -> int:
        """Return for how many seconds one call may take."""
        return self._client.timeout

    def deliver(self, pending: Pending, message: Message) -> Place:
        """Call Slack once; a post that may be there already is looked for first."""
        match message:
            case Post():
                return self._post_once(pending, message)
            case Update():
                return self.update(message)
            case Whisper():
                return self._whisper(message)
            case Settle():
                return self._settle(message)
            case Attachment():
                return self._attach(message)
            case Publish():
                self._client.views_publish(user_id=message.user, view=message.view)
                return Place()

    def _post_once(self, pending: Pending, message: Post) -> Place:
        found = self._found(pending, message)
        if found is None:
            return self.post(pending, message)
        if message.card is not None and found.channel is not None and found.ts is not None:
            # It shows what was true when it was sent; what promised the change since was dropped for this.
            return self.update(Update(found.channel, found.ts, message.text, message.blocks, message.card))
        return found

    def _whisper(self, message: Whisper) -> Place:
        self._client.chat_postEphemeral(
            channel=message.channel,
            user=message.user,
            text=message.text,
            blocks=message.blocks or None,
            thread_ts=message.thread,
        )
        return Place(message.channel)

    def _settle(self, message: Settle) -> Place:
        """Put an answer in the place of a message; where that is gone, say it privately instead."""
        try:
            self._client.chat_update(channel=message.channel, ts=message.ts, text=message.text, blocks=message.blocks)
        except SlackApiError as error:
            if failure_of(error).kind is not ErrorClass.GONE:
                raise
            return self._whisper(message.otherwise)
        return Place(message.channel, message.ts)

    def _attach(self, message: Attachment) -> Place:
        """Share a file. Slack shares only in conversations, so that with a person is looked up; words where it may not.

        An attempt whose end nobody knows is made again: the file may come twice.
        """
        channel = message.channel
        try:
            if channel.startswith(("U", "W")):
                channel = str((self._client.conversations_open(users=channel).get("channel") or {})["id"])
            self._client.files_upload_v2(
                content=message.content,
                filename=message.name,
                title=message.title,
                channel=channel,
                initial_comment=message.text,
            )
        except SlackApiError as error:
            failure = failure_of(error)
            if failure.kind is not ErrorClass.REFUSED and failure.error != "missing_scope":
                raise
            log.warning("Slack did not take a file", extra={"error": failure.error})
            self._client.chat_postMessage(channel=message.channel, text=message.otherwise)
        return Place(channel)

    def update(self, message: Update) -> Place:
        self._client.chat_update(channel=message.channel, ts=message.ts, text=message.text, blocks=message.blocks)
        return Place(message.channel, message.ts)

    def post(self, pending: Pending, message: Post) -> Place:
        answer = self._client.chat_postMessage(
            channel=message.channel,
            text=message.text,
            blocks=message.blocks or None,
            unfurl_links=False,
            unfurl_media=False,
            thread_ts=message.thread,
            metadata={"event_type": METADATA_EVENT, "event_payload": {"k": str(pending.key)}},
        )
        return Place(answer.get("channel"), answer.get("ts"))

    def _found(self, pending: Pending, message: Post) -> Place | None:
        """Return where an earlier, unsure attempt put this message; None when it is not there or we may not look."""
        if not pending.ambiguous or pending.attempt == 1:
            return None
        try:
            channel = message.channel
            if channel.startswith(("U", "W")):
                channel = str((self._client.conversations_open(users=channel).get("channel") or {})["id"])
            oldest = str((pending.first_attempt_at - timedelta(seconds=60)).timestamp())
            if message.thread is None:
                history = self._client.conversations_history(
                    channel=channel, oldest=oldest, include_all_metadata=True, limit=200
                )
            else:  # what stands in a thread is not in the history of its conversation
                history = self._client.conversations_replies(
                    channel=channel, ts=message.thread, oldest=oldest, include_all_metadata=True, limit=200
                )
        except SlackApiError as error:
            will_be_told = failure_of(error).kind in (ErrorClass.WAIT, ErrorClass.AMBIGUOUS, ErrorClass.RETRY)
            if will_be_told and may_retry(pending):
                raise
            # Without the history scopes a second card is harmless: its buttons lead to the same one request.
            log.info("history may not be read; sending again", extra={"error": error.response.get("error")})
            return None
        for found in history.get("messages") or []:
            if ((found.get("metadata") or {}).get("event_payload") or {}).get("k") == str(pending.key):
                return Place(channel, found.get("ts"))
        return None

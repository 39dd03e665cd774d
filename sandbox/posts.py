"""Posting, editing and deleting messages, whoever does it."""

import asyncio
from typing import Any

from sandbox import payloads
from sandbox.blockkit.validate import check_message, with_ids
from sandbox.envelopes import Answer
from sandbox.errors import ApiError
from sandbox.events import Events
from sandbox.inputs import carried
from sandbox.model import AppInfo, Channel, File, Message
from sandbox.workspace import Workspace

Json = dict[str, Any]
_MOST_TEXT = 40_000
_MOST_ATTACHMENTS = 100


class Posts:
    def __init__(self, *, workspace: Workspace, events: Events) -> None:
        self._workspace = workspace
        self._events = events

    def post_as_app(
        self,
        app: AppInfo,
        channel: Channel,
        content: "Content",
        *,
        thread_ts: str | None = None,
        broadcast: bool = False,
        metadata: Json | None = None,
        ephemeral_for: str | None = None,
    ) -> Message:
        message = Message(
            channel=channel.id,
            ts=self._workspace.next_ts(),
            user=app.bot_user_id,
            text=content.text,
            blocks=content.blocks,
            attachments=content.attachments,
            thread_ts=thread_ts,
            broadcast=broadcast and thread_ts is not None,
            metadata=metadata,
            ephemeral_for=ephemeral_for,
            bot_id=app.bot_id,
            app_id=app.id,
            subtype="thread_broadcast" if broadcast and thread_ts is not None else None,
        )
        self._workspace.put_message(message)
        self._events.message(message)
        return message

    def post_as_person(
        self, user_id: str, channel: Channel, text: str, *, thread_ts: str | None, client_msg_id: str
    ) -> tuple[Message, list[asyncio.Future[Answer]]]:
        """Post, and return the message with the first answers of the apps that were told."""
        message = Message(
            channel=channel.id,
            ts=self._workspace.next_ts(),
            user=user_id,
            text=text[:_MOST_TEXT],
            thread_ts=thread_ts,
            client_msg_id=client_msg_id,
        )
        self._workspace.put_message(message)
        return message, self._events.message(message)

    def post_notice(
        self, channel: Channel, user_id: str, text: str, subtype: str, *, inviter: str | None = None
    ) -> Message:
        """Post what Slack itself writes when something happens to a channel."""
        ts = self._workspace.next_ts()
        message = Message(channel=channel.id, ts=ts, user=user_id, text=text, subtype=subtype, inviter=inviter)
        self._workspace.put_message(message)
        self._events.message(message)
        return message

    def edit(self, message: Message, content: "Content", *, edited: bool = True) -> None:
        before = payloads.message_in_thread(self._workspace, message)
        message.text, message.blocks = content.text, content.blocks
        message.attachments = content.attachments
        message.edited_ts = self._workspace.next_ts() if edited else message.edited_ts
        message.states = {user: carried(content.blocks, kept) for user, kept in message.states.items()}
        self._workspace.put_message(message)
        self._events.message(message, subtype="message_changed", before=before)

    def delete(self, message: Message) -> None:
        before = payloads.message_in_thread(self._workspace, message)
        message.deleted = True
        self._workspace.put_message(message)
        self._events.message(message, subtype="message_deleted", before=before)

    def post_files(
        self,
        app: AppInfo,
        channel: Channel,
        files: list[Json],
        *,
        text: str,
        blocks: list[Json],
        thread_ts: str | None,
    ) -> Message:
        """Share files in a channel, as one message."""
        message = Message(
            channel=channel.id,
            ts=self._workspace.next_ts(),
            user=app.bot_user_id,
            text=text[:_MOST_TEXT],
            blocks=blocks,
            thread_ts=thread_ts,
            bot_id=app.bot_id,
            app_id=app.id,
            subtype="file_share",
            files=files,
        )
        self._workspace.put_message(message)
        self._events.message(message)
        for file in files:
            event = {"type": "file_shared", "file_id": file["id"], "user_id": app.bot_user_id}
            event |= {"file": {"id": file["id"]}, "channel_id": channel.id}
            self._events.tell(event, channel=channel, members_only=True)
        return message

    def file_gone(self, file: File) -> None:
        """Leave a tombstone wherever a deleted file was shared."""
        for channel in file.channels:
            for message in self._workspace.everything_in(channel, None):
                if any(one["id"] == file.id for one in message.files):
                    gone = {"id": file.id, "mode": "tombstone"}
                    message.files = [gone if one["id"] == file.id else one for one in message.files]
                    self._workspace.put_message(message)

    def react(self, message: Message, name: str, user: str) -> None:
        message.reactions.setdefault(name, []).append(user)
        self._reacted("reaction_added", message, name, user)

    def unreact(self, message: Message, name: str, user: str) -> None:
        message.reactions[name].remove(user)
        if not message.reactions[name]:
            del message.reactions[name]
        self._reacted("reaction_removed", message, name, user)

    def _reacted(self, kind: str, message: Message, name: str, user: str) -> None:
        self._workspace.put_message(message)
        item = {"type": "message", "channel": message.channel, "ts": message.ts}
        event = {"type": kind, "user": user, "reaction": name, "item": item, "item_user": message.user}
        channel = self._workspace.channel(message.channel)
        self._events.tell(event, channel=channel, members_only=True)

    def pin(self, channel: Channel, message: Message, user: str) -> None:
        channel.pins.append(message.ts)
        self._workspace.put_channel(channel)
        item = {
            "type": "message",
            "channel": channel.id,
            "created": int(self._workspace.now().timestamp()),
            "created_by": user,
            "message": payloads.message(self._workspace, message),
        }
        event = {"type": "pin_added", "user": user, "channel_id": channel.id, "item": item}
        self._events.tell(event, channel=channel, members_only=True)


class Content:
    """What an app wants to show in a message, checked as Slack checks it."""

    def __init__(self, *, text: Any, blocks: Any, attachments: Any = None) -> None:
        if text is not None and not isinstance(text, (str, int, float)):
            raise ApiError("invalid_arguments", "[ERROR] must be a string [json-pointer:/text]")
        self.text = "" if text is None else str(text)[:_MOST_TEXT]
        self.blocks = self._checked_blocks(blocks)
        self.attachments = self._checked_attachments(attachments)
        if not (self.text.strip() or self.blocks or self.attachments):
            raise ApiError("no_text")

    @staticmethod
    def _checked_blocks(blocks: Any) -> list[Json]:
        if blocks is None:
            return []
        if not isinstance(blocks, list):
            raise ApiError("invalid_blocks_format")
        problems = check_message(blocks)
        if problems:
            raise ApiError("invalid_blocks", *(str(problem) for problem in problems))
        return with_ids(blocks)

    @staticmethod
    def _checked_attachments(attachments: Any) -> list[Json]:
        if attachments is None:
            return []
        if not isinstance(attachments, list) or not all(isinstance(one, dict) for one in attachments):
            raise ApiError("invalid_attachments")
        if len(attachments) > _MOST_ATTACHMENTS:
            raise ApiError("too_many_attachments")
        return [_attachment(number, one) for number, one in enumerate(attachments, start=1)]


def _attachment(number: int, given: Json) -> Json:
    shown = {"id": number, "fallback": str(given.get("fallback") or "[no preview available]"), **given}
    if "blocks" in given:
        pointer = f"/attachments/{number - 1}/blocks"
        problems = check_message(given["blocks"], pointer=pointer)
        if problems:
            raise ApiError("invalid_attachments", *(str(problem) for problem in problems))
        shown["blocks"] = with_ids(given["blocks"])
    return shown

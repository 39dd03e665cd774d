"""Send messages with their pictures: drawn and given to Slack outside of any transaction, once for the same numbers.

A picture never keeps the words of a message back for long. A message that is there already is changed at once, and
again when Slack has the picture; a new one waits for some seconds and then goes out without.
"""

import logging
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError, SlackRequestError

from bot.sender import Place, Sender
from bot.slack_errors import ErrorClass, Failure, failure_of
from db.session import Session
from handlers.messages import Message, Picture, Post, Publish, Update
from workflows import pictures
from workflows.outbox import Pending
from workflows.pictures import SentPicture

log = logging.getLogger(__name__)

SCALE: Final = 2
PATIENCE: Final = timedelta(seconds=20)
"""For how long, in real time, a message is tried again for its picture."""
GIVEN_UP_FOR: Final = timedelta(hours=1)
"""For how long, in real time, a Home is drawn without a picture Slack would not take."""
FILE_NAME: Final = "readings.png"  # says nothing of what is in it
LONGEST_ALT_TEXT: Final = 1000  # of a file; a block takes more
_FIRST_PAUSE: Final = 2.0  # Slack looks through a file for about a second before a message may show it
_PASSES: Final = (ErrorClass.WAIT, ErrorClass.RETRY, ErrorClass.AMBIGUOUS)

Read = Callable[[Callable[[Session], SentPicture | None]], SentPicture | None]
Write = Callable[[Callable[[Session], object]], None]


@dataclass(frozen=True, slots=True)
class Later:
    """The picture is missing, and in `seconds` the message is to be sent again for it."""

    seconds: float
    trouble: Failure


class Pictures:
    """Hands messages to the sender. `read` and `write` do their work in a transaction, patiently."""

    def __init__(self, client: WebClient, sender: Sender, *, read: Read, write: Write) -> None:
        self._client = client
        self._sender = sender
        self._read = read
        self._write = write
        self._given_up: dict[str, datetime] = {}

    def deliver(self, pending: Pending, message: Message, *, real_now: datetime) -> Place | Later:
        """Send a message, with its picture where Slack has it or takes it. Errors are those of the sender."""
        if not isinstance(message, Post | Update | Publish) or message.picture is None:
            return self._sender.deliver(pending, message)
        if isinstance(message, Publish) and self._is_given_up(message.picture, real_now=real_now):
            return self._sender.deliver(pending, message)
        found = self._file_of(message.picture, pending, real_now=real_now)
        if isinstance(found, SentPicture):
            try:
                return self._sender.deliver(pending, _with_picture(message, message.picture, found))
            except SlackApiError as error:
                if not _is_about_picture(error):
                    raise
                found = self._why_not_shown(found, real_now=real_now)
        pause = _pause(pending, found, real_now=real_now)
        if pause is None:
            self._given_up[message.picture.digest] = real_now
            return self._sender.deliver(pending, message)
        if not isinstance(message, Post):
            self._sender.deliver(pending, message)
        return Later(pause, found)

    def _file_of(self, picture: Picture, pending: Pending, *, real_now: datetime) -> SentPicture | Failure:
        """Return the file Slack has of a picture, or why there is none.

        For a message that may have been sent already none is made: its sender's lease has other things to last for.
        """
        known = self._read(lambda session: pictures.sent(session, picture.digest))
        if known is not None:
            return known
        if pending.ambiguous:
            return Failure(ErrorClass.REFUSED, "no time is left for a picture")
        found = self._sent_anew(picture, real_now=real_now)
        if isinstance(found, SentPicture):
            file_id = found.file_id
            self._write(lambda session: pictures.keep(session, picture.digest, file_id, real_now=real_now))
        return found

    def _sent_anew(self, picture: Picture, *, real_now: datetime) -> SentPicture | Failure:
        """Draw a picture and give it to Slack, shared with nobody. Raises what stops all sending."""
        png = _drawn(picture)
        if png is None:
            return Failure(ErrorClass.REFUSED, "cannot be drawn")
        try:
            answer = self._client.files_upload_v2(
                content=png, filename=FILE_NAME, title=picture.title, alt_txt=picture.alt_text[:LONGEST_ALT_TEXT]
            )
            return SentPicture(str(answer["files"][0]["id"]), real_now)
        except SlackRequestError as error:
            failure = Failure(ErrorClass.REFUSED, str(error)[:200])
        except Exception as error:
            failure = failure_of(error)
            if failure.kind is ErrorClass.STOP and failure.error != "missing_scope":
                raise
        log.warning("Slack did not take a picture", extra={"error": failure.error, "class": failure.kind})
        return failure

    def _is_given_up(self, picture: Picture, *, real_now: datetime) -> bool:
        """Say whether Slack would not take this picture lately: Homes are drawn far too often to ask each time."""
        since = self._given_up.get(picture.digest)
        if since is not None and real_now - since > GIVEN_UP_FOR:
            del self._given_up[picture.digest]
            return False
        return since is not None

    def _why_not_shown(self, file: SentPicture, *, real_now: datetime) -> Failure:
        """Forget a file that was deleted at Slack; one that is new is only not looked through yet."""
        if real_now - file.sent_at <= PATIENCE:
            return Failure(ErrorClass.RETRY, "Slack has not looked through the picture yet")
        self._write(lambda session: pictures.forget(session, file.file_id))
        return Failure(ErrorClass.RETRY, "Slack does not have the picture any more")


def _with_picture(message: Post | Update | Publish, picture: Picture, file: SentPicture) -> Message:
    if isinstance(message, Publish):
        blocks = picture.into(message.view["blocks"], file.file_id)
        return replace(message, view=message.view | {"blocks": blocks})
    return replace(message, blocks=picture.into(message.blocks, file.file_id))


def _is_about_picture(error: SlackApiError) -> bool:
    if error.response.get("error") not in ("invalid_blocks", "file_not_found"):
        return False
    said = (error.response.get("response_metadata") or {}).get("messages") or []
    return not said or any("slack_file" in str(each) for each in said)


def _pause(pending: Pending, why: Failure, *, real_now: datetime) -> float | None:
    """Return after how many seconds a picture is tried again, twice as long each time; None when it is given up."""
    waited = (real_now - pending.first_attempt_at).total_seconds()
    left = PATIENCE.total_seconds() - waited
    if why.kind not in _PASSES or left <= 0 or why.retry_after > left:
        return None
    return max(_FIRST_PAUSE, waited, why.retry_after)


def png_of(svg: str) -> bytes:
    # 84 MB that only this needs; it brings its own font, so that a host without any has text in its pictures too.
    import vl_convert  # noqa: PLC0415

    return bytes(vl_convert.svg_to_png(svg, scale=SCALE))


def _drawn(picture: Picture) -> bytes | None:
    try:
        return png_of(picture.svg())
    except Exception:  # a picture is never worth a message
        log.exception("a picture cannot be drawn", extra={"digest": picture.digest})
        return None

"""Messages as rows of the page: who, when, what, and what Slack would write next to it."""

import json
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from markupsafe import Markup

from sandbox.blockkit.dates import clock_time, day_label, full_label, moment
from sandbox.blockkit.reader import Reader
from sandbox.blockkit.render import Scene, render_blocks
from sandbox.blockkit.text import mrkdwn
from sandbox.model import Message, Notice, NoticePlace
from sandbox.page.extras import extras_of
from sandbox.page.notices import notices_at
from sandbox.page.people import Face, face_of
from sandbox.page.place import Place
from sandbox.workspace import Workspace

_COLOURS = ("good", "warning", "danger")
_ONE_BREATH = timedelta(minutes=5)


@dataclass(frozen=True, slots=True, kw_only=True)
class Attachment:
    colour: str
    body: Markup


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    message: Message
    id: str
    face: Face
    time: str
    full_time: str
    day: str
    compact: bool
    body: Markup
    attachments: list[Attachment]
    container: str
    replies: int
    last_reply: str
    thread_address: str
    notices: list[Notice]


def rows_of(
    workspace: Workspace, place: Place, messages: list[Message], *, reader: Reader, in_thread: bool
) -> list[Row]:
    """Build the rows of one conversation; a message shortly after its author's last one goes without a header."""
    rows: list[Row] = []
    previous: Message | None = None
    for message in messages:
        rows.append(_row(workspace, place, message, previous, reader=reader, in_thread=in_thread))
        previous = message
    return rows


def _row(
    workspace: Workspace, place: Place, message: Message, previous: Message | None, *, reader: Reader, in_thread: bool
) -> Row:
    when = moment(float(message.ts), reader.zone)
    before = moment(float(previous.ts), reader.zone) if previous else None
    new_day = before is None or before.date() != when.date()
    close = before is not None and when - before < _ONE_BREATH
    alike = previous is not None and _same_voice(previous, message)
    prefix = "t" if in_thread else "m"
    ident = f"{prefix}-{message.channel}-{message.ts}"
    scene = Scene(reader=reader, scope=ident, state=message.states.get(reader.user_id, {}), live=place.can_act)
    replies = [] if in_thread else workspace.thread(message.channel, message.ts, reader.user_id)[1:]
    return Row(
        message=message,
        id=ident,
        face=face_of(workspace.user(message.user), message.user),
        time=_time_label(when, reader, in_thread=in_thread),
        full_time=full_label(when),
        day=day_label(when, reader.now) if new_day and not in_thread else "",
        compact=close and alike and not new_day,
        body=_body(message, scene) + extras_of(message, reader),
        attachments=[_attachment(entry, scene) for entry in message.attachments],
        container=json.dumps({"type": "message", "channel": message.channel, "ts": message.ts}),
        replies=len(replies),
        last_reply=max((reply.ts for reply in replies if reply.user != reader.user_id), default=""),
        thread_address=place.address(thread=message.thread_ts or message.ts),
        notices=notices_at(workspace, place, NoticePlace.MESSAGE, f"{message.channel}/{message.ts}"),
    )


def _time_label(when: datetime, reader: Reader, *, in_thread: bool) -> str:
    """Name the day too where no divider does."""
    today = reader.now.astimezone(reader.zone).date()
    return f"{when.day} {when:%b}, {clock_time(when)}" if in_thread and when.date() != today else clock_time(when)


def _same_voice(one: Message, other: Message) -> bool:
    cards = one.blocks or other.blocks
    return not cards and (one.user, one.ephemeral_for, one.bot_id) == (other.user, other.ephemeral_for, other.bot_id)


def _body(message: Message, scene: Scene) -> Markup:
    if message.blocks:
        return render_blocks(message.blocks, scene)
    return (
        Markup("<div class='text'>{}</div>").format(mrkdwn(message.text, scene.reader)) if message.text else Markup("")
    )


def _attachment(entry: dict[str, Any], scene: Scene) -> Attachment:
    pieces = [
        Markup("<div class='text attachment-{}'>{}</div>").format(key, mrkdwn(str(entry[key]), scene.reader))
        for key in ("pretext", "title", "text")
        if entry.get(key)
    ]
    if isinstance(entry.get("blocks"), list):
        pieces.append(render_blocks(entry["blocks"], scene))
    if not pieces and entry.get("fallback"):
        pieces.append(Markup("<p dir='auto'>{}</p>").format(str(entry["fallback"])))
    colour = str(entry.get("color", ""))
    return Attachment(colour=colour if colour in _COLOURS else "plain", body=Markup("").join(pieces))

"""Turn promises about digests into messages: always the numbers they were made with."""

from db.enums import Membership
from db.session import Session
from handlers.digests import blocks
from handlers.digests.export import Format, content_of, file_name
from handlers.digests.words import title_of
from handlers.messages import Attachment, Message, Post
from handlers.text import escape
from workflows import digests, people, policy
from workflows.outbox import Pending

_WHAT_TO_DO = {
    "is_archived": "It is archived: unarchive it, or an admin chooses another channel.",
    "channel_not_found": "Slack does not show it to Gatehouse any more: invite it there by /invite @Gatehouse.",
    "not_in_channel": "Gatehouse is not in it any more: invite it there by /invite @Gatehouse.",
    "channel_is_shared": (
        "It is shared with another organisation by now, whose people would read it: an admin chooses another channel."
    ),
}
_OTHERWISE = "An admin chooses another channel, or lets Gatehouse post there."


def digest(session: Session, pending: Pending) -> Message | None:
    """Return a digest as a channel reads it, or somebody as a preview; or tell a lead that it could not be posted."""
    if pending.payload.get("lost"):
        return Post(pending.conversation, lost_text(pending.payload["lost"] or "", pending.payload.get("error") or ""))
    found = digests.find(session, pending.subject_id) if pending.subject_id else None
    if found is None or not digests.is_still_wanted(session, found, now=pending.now):
        return None
    text, drawn, picture = blocks.headline(found, is_preview=pending.payload.get("preview") is not None)
    return Post(pending.conversation, text, drawn, card=found.id, picture=picture)


def details(session: Session, pending: Pending) -> Message | None:
    """Return one of the messages below a digest; None where that is nowhere, for Slack would not take it.

    A channel that is shared by now gets neither: they come after it, in order.
    """
    found = digests.find(session, pending.subject_id) if pending.subject_id else None
    if found is None or found.place is None:
        return None
    drawn = blocks.details(found, pending.payload.get("page") or "")
    if drawn is None:
        return None
    text, shown, picture = drawn
    return Post(pending.conversation, text, shown, picture=picture, thread=found.place[1])


def file(session: Session, pending: Pending) -> Message | None:
    """Send a digest as a file, with the values of single use cases where its reader may read all of them now."""
    found = digests.find(session, pending.subject_id) if pending.subject_id else None
    reader = people.find(session, pending.conversation)
    if found is None or reader is None or reader.membership is not Membership.MEMBER:
        return None
    how = Format(pending.payload.get("format") or Format.CSV)
    reads_all = bool(people.roles_of(session, reader.id) & policy.READING_ALL)
    title, name = title_of(found.digest), file_name(found.digest, how)
    note = "" if reads_all else " Values of single use cases are for leads, auditors and admins."
    return Attachment(
        pending.conversation,
        f"📎 {escape(title)}, as {how.name}, with the numbers as they were told.{note}",
        name=name,
        title=f"{title} ({how.name})",
        content=content_of(found.digest, how, with_values=reads_all),
        otherwise=f"Slack takes no files here. Somebody with the command line can write it: "
        f"`gatehouse digest export {name} --week {found.digest.window.iso_week}`",
    )


def lost_text(channel: str, error: str) -> str:
    """Say that a digest could not be posted, why, and what to do."""
    why = _WHAT_TO_DO.get(error, f"Slack says `{escape(error)}`. {_OTHERWISE}")
    return (
        f"⚠️ The weekly digest could not be posted in <#{channel}>. {why} Channels are set on Home, under Settings; "
        "`gatehouse digest preview` prints what it says."
    )

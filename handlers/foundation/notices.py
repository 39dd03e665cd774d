"""Turn promises about the foundation into messages, from the database as it is when they are sent."""

from db.enums import Membership
from db.session import Session
from handlers.blocks import BlockKit, actions, button, section
from handlers.foundation.words import standing_text
from handlers.ids import Action
from handlers.messages import Message, Post
from handlers.text import day_in_words, inline, named
from workflows import foundation
from workflows.foundation import PartSnapshot, PartState, VersionSnapshot
from workflows.outbox import Pending

REASON_SHOWN = 500


def review(session: Session, pending: Pending) -> Message | None:
    """Tell somebody of a part: that it is theirs, approved, taken back, or to be looked at again.

    Not once it is somebody else's, and of a version that another has replaced or somebody took back nothing is asked.
    """
    part = foundation.part_with_id(session, pending.subject_id) if pending.subject_id else None
    version = part.numbered(int(pending.payload["version"] or 0)) if part else None
    if part is None:
        return None
    match pending.payload["what"]:
        case "owner" if _is_theirs(part, pending):
            what = f"{_called(part)} is yours now: you see to it that it is written, approved and looked at again."
            return _post(pending, f"{what}\n{standing_text(part, pending.created_at)}", part)
        case "approved" if version and _is_theirs(part, pending):
            return _post(pending, f"✅ {_called(part)}, which you own: version {version.number} is approved.", part)
        case "revoked" if version and version.revoked_by:
            why = f"\n“{inline(version.revoked_why, limit=REASON_SHOWN)}”" if version.revoked_why else ""
            who = named(version.revoked_by.name)
            told = f"⚠️ {_called(part)}, which you own: {who} took version {version.number} back.{why}"
            return _post(pending, f"{told}\nWhat rests on it lacks it until another version is approved.", part)
        case "review" if version and _is_asked_still(part, version):
            return _review(part, version, pending)
        case _:
            return None


def _review(part: PartSnapshot, version: VersionSnapshot, pending: Pending) -> Message:
    is_owner = _is_theirs(part, pending)
    whose = ", which you own," if is_owner else ""
    by = day_in_words(version.text.review_on) if version.text.review_on else ""
    if part.standing_at(pending.created_at).state is PartState.LAPSED:
        text = (
            f"⚠️ {_called(part)}{whose} has lapsed: it was to be looked at again by {by}. "
            "What rests on it lacks it until a version is approved."
        )
    else:
        text = (
            f"⏳ {_called(part)}{whose} is to be looked at again by {by}. After that day it counts no more. "
            "Is it still right as it stands? Then say so; else edit it. People approve either."
        )
    if not is_owner:
        left = f"{named(part.owner.name)}, who owned it, has left" if part.owner else "Nobody owns it"
        text = f"{text}\n{left}: please give it an owner."
    under_way = part.under_way
    if under_way is not None:
        text = f"{text}\nVersion {under_way.number} is under way already."
    return _post(pending, text, part, still_holds=version.number if under_way is None else 0, gives=not is_owner)


def _post(pending: Pending, text: str, part: PartSnapshot, *, still_holds: int = 0, gives: bool = False) -> Message:
    kind, what = part.kind.value, f"{part.reference}, {part.name}"
    buttons: list[BlockKit] = []
    if still_holds:
        value = f"{kind}.{still_holds}"
        buttons.append(button(Action.STILL_HOLDS, "Still holds …", value, label=f"Say that {what} still holds"))
    if gives:
        buttons.append(button(Action.SET_PART_OWNER, "Set owner", kind, label=f"Set the owner of {what}"))
    buttons.append(button(Action.OPEN_PART, "Open", kind, label=f"Open {what}"))
    return Post(pending.conversation, text, [section(text), actions("foundation.review.buttons", *buttons)])


def _called(part: PartSnapshot) -> str:
    return f"*{part.reference}* “{part.name}”"


def _is_theirs(part: PartSnapshot, pending: Pending) -> bool:
    owner = part.owner
    return owner is not None and owner.membership is Membership.MEMBER and owner.slack_id == pending.conversation


def _is_asked_still(part: PartSnapshot, version: VersionSnapshot) -> bool:
    return part.kept is version

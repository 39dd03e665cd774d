"""Turn promises about confirming numbers into messages, and say how an answer stands with that."""

from dataclasses import replace

from db.session import Session
from handlers.blocks import section
from handlers.checkins import confirming_views as views
from handlers.messages import Message, Post, Settle, Update, Whisper
from workflows import checkins, intake, reactions
from workflows.checkins import CheckInSnapshot
from workflows.checkins.turns import ENDED
from workflows.outbox import Pending


def asked(session: Session, pending: Pending) -> Message | None:
    """Draw the message that asks somebody to confirm: posted where it is not yet, redrawn where it is.

    What was settled before it was ever sent is not sent any more; who may not read it any more sees nothing of it.
    A message whose numbers were changed since says so, and asks nothing.
    """
    channel, changed = pending.payload.get("channel"), pending.payload.get("changed")
    if channel and changed:
        otherwise = Whisper(channel, pending.conversation, views.CHANGED)
        return Settle(channel, changed, views.CHANGED, [section(views.CHANGED)], otherwise=otherwise)
    found = checkins.asked_to_confirm(session, pending.subject_id) if pending.subject_id else None
    use_case = intake.use_case_of(session, found.about.check_in.use_case_id) if found else None
    if found is None or use_case is None:
        return None
    may_know = reactions.may_be_told(session, use_case.id, found.person_id)
    text = views.asked_text(found, use_case) if may_know else views.HIDDEN
    blocks = views.asked_blocks(found, use_case) if may_know else views.hidden_blocks()
    if found.channel is not None and found.ts is not None:
        return Update(found.channel, found.ts, text, blocks, card=found.request_id)
    is_open = any(not each.is_sure for each in found.about.for_person(found.person_id))
    is_asked = may_know and is_open and found.about.check_in.stands.use_case not in ENDED
    if not is_asked and not pending.ambiguous:
        return None
    return Post(pending.conversation, text, blocks, card=found.request_id)


def doubted(session: Session, pending: Pending) -> Message | None:
    """Tell who answered that somebody doubts it; not when it was changed, or confirmed after all, since."""
    about = checkins.confirmations_of(session, pending.subject_id) if pending.subject_id else None
    use_case = intake.use_case_of(session, about.check_in.use_case_id) if about else None
    if about is None or use_case is None:
        return None
    who, which = pending.payload.get("person"), pending.payload.get("reading")
    doubts = [each.doubt for each in about.readings if str(each.id) == which]
    doubt = next((each for each in doubts if each and str(each.by.id) == who), None)
    if doubt is None:
        return None
    may_edit = pending.payload.get("may_edit") == "yes"
    text = views.doubted_text(about.check_in, use_case, doubt, may_edit=may_edit)
    blocks = views.doubted_blocks(text, about.check_in, use_case, doubt, may_edit=may_edit)
    return Post(pending.conversation, text, blocks)


def line(session: Session, check_in: CheckInSnapshot) -> str:
    """Return in one line whether an answer is confirmed, or who is asked; nothing for what nobody has answered.

    Who was asked and may not read it any more sees nothing of it, so they are not asked any more.
    """
    about = checkins.confirmations_of(session, check_in.id) if check_in.id and check_in.answer else None
    if about is None:
        return ""
    still = tuple(each for each in about.asked if reactions.may_be_told(session, check_in.use_case_id, each.id))
    return views.standing_text(replace(about, asked=still), reactions.why_no_verifier(session, check_in))

"""Tell people that a use case goes to a team, or has come there."""

from db.session import Session
from handlers.messages import Message, Post
from handlers.rollouts import views
from handlers.rollouts.words import what_of
from handlers.text import counted, day_in_words, inline, named
from workflows import intake, rollouts
from workflows.intake import UseCaseSnapshot
from workflows.outbox import Pending
from workflows.rollouts import RolloutSnapshot


def told(session: Session, pending: Pending) -> Message | None:
    """Say that a rollout is approved, and to its owner what they have to do; or that it is done."""
    rollout = rollouts.rollout_of(session, pending.subject_id) if pending.subject_id else None
    case = intake.use_case_of(session, rollout.use_case_id) if rollout else None
    if rollout is None or case is None:
        return None
    is_theirs = pending.payload["person"] == str(rollout.owner.id)
    is_done = pending.payload["what"] == "done"
    text = _done_text(rollout, case) if is_done else _approved_text(rollout, case, is_theirs=is_theirs)
    return Post(pending.conversation, text, views.told_blocks(text, rollout, case))


def _approved_text(rollout: RolloutSnapshot, case: UseCaseSnapshot, *, is_theirs: bool) -> str:
    day = day_in_words(rollout.starts_on)
    lead = f"🚀 {what_of(case)} goes to {inline(rollout.team)} from {day}: {rollout.reference} "
    steps = counted(len(rollout.steps), "step")
    if is_theirs:
        return f"{lead}is approved. You own it there: tick off its {steps} as they are done. Home shows what is next."
    return f"{lead}is approved. {named(rollout.owner.name)} owns it there and has {steps} to tick off."


def _done_text(rollout: RolloutSnapshot, case: UseCaseSnapshot) -> str:
    return (
        f"✅ {what_of(case)} is in use by {inline(rollout.team)}: all {counted(len(rollout.steps), 'step')} are done."
    )

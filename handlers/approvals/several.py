"""Decide several low-tier requests together: one form, and for each a decision of its own."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from db.enums import Tier, Verb
from db.session import Session
from handlers import second_looks
from handlers.acting import act, refusal_text
from handlers.approvals import opened, several_views
from handlers.approvals.payloads import SEVERAL_AT_MOST, SeveralClick, VoteClick
from handlers.approvals.several_views import Outcome, Waiting
from handlers.blocks import BlockKit
from handlers.ids import Block
from handlers.payloads import user_of
from handlers.refusals import why_not
from handlers.routing import Call
from handlers.showing import show
from handlers.subjects import picture_of
from workflows import approvals, reactions, subjects
from workflows.approvals import Refusal, Voted
from workflows.people import Actor, NotAMember, Unchecked

_NO_REASON = "Say why: every proposer of these reads it."


def on_decide_several(call: Call) -> None:
    """Show the low-tier requests that wait for somebody, to decide on those they tick."""

    def deed(session: Session, viewer: Actor) -> BlockKit | str:
        waiting = _waiting(session, viewer)
        if not waiting:
            return "No low-tier request waits for you any more."
        return several_views.form(waiting, viewer, now=call.deps.now())

    show(call, act(call.deps, call.client, user_of(call.body), deed))


def on_several_decided(call: Call) -> None:
    """Cast a vote on each request ticked; what is missing is said at its field, the outcomes replace the form."""
    click = SeveralClick.of_modal(call.body)
    errors = _missing(click)
    if errors:
        call.ack(response_action="errors", errors=errors)
        return
    _decide(call, click)


def on_several_confirmed(call: Call) -> None:
    """Cast the approvals somebody was asked to look at again."""
    _decide(call, SeveralClick.of_second_look(call.body))


def _missing(click: SeveralClick) -> dict[str, str]:
    errors: dict[str, str] = {}
    if not click.values:
        errors[Block.SEVERAL] = "Tick the requests you decide on."
    if click.verb is None:
        errors[Block.DECISION] = "Choose what you decide."
    if click.verb is Verb.REJECT and not click.reason:
        errors[Block.REASON] = _NO_REASON
    return errors


def _decide(call: Call, click: SeveralClick) -> None:
    """Cast each vote in a transaction of its own, so that what is refused, or breaks, takes nothing else with it."""
    now, outcomes = call.deps.now(), list[Outcome]()
    for vote in click.votes():
        label = click.labels.get(str(vote.vote.lane_id), "")
        outcome = act(call.deps, call.client, click.voter, _Casting(vote, label, now))
        if isinstance(outcome, NotAMember | Unchecked):
            call.ack(response_action="update", view=several_views.stopped(outcomes, refusal_text(outcome)))
            call.deps.wake_outbox()
            return
        if outcome.why is Refusal.SECOND_LOOK and not click.is_confirmed:
            _look_again(call, click, now=now)
            return
        outcomes.append(outcome)
    call.ack(response_action="update", view=several_views.outcomes(outcomes))
    call.deps.wake_outbox()


@dataclass(frozen=True, slots=True)
class _Casting:
    """One of several votes. Called in its transaction; what it is about is told by the box that was ticked."""

    click: VoteClick
    label: str
    now: datetime

    def __call__(self, session: Session, voter: Actor) -> Outcome:
        vote = self.click.vote
        outcome = reactions.cast_vote(session, vote, voter=voter, delivery=self.click.delivery, now=self.now)
        if isinstance(outcome, Voted):
            return Outcome(self.label or outcome.reference, outcome.verb, outcome.status)
        if outcome.why is not Refusal.SECOND_LOOK:
            approvals.redraw_for(session, outcome.request_id, now=self.now)
        return Outcome(why_not(session, outcome, voter), vote.verb, None, outcome.why)


def _look_again(call: Call, click: SeveralClick, *, now: datetime) -> None:
    def deed(session: Session, voter: Actor) -> BlockKit:
        return second_looks.before_several(session, _requests(session, click), voter, carries=click.carried(), now=now)

    view = act(call.deps, call.client, click.voter, deed)
    if isinstance(view, NotAMember | Unchecked):
        view = opened.notice_modal("Nothing was changed", refusal_text(view))
    call.ack(response_action="update", view=view)
    call.deps.wake_outbox()


def _requests(session: Session, click: SeveralClick) -> Sequence[UUID]:
    found = (approvals.request_with_lane(session, each.vote.lane_id) for each in click.votes())
    return [request.id for request in found if request is not None]


def _waiting(session: Session, viewer: Actor) -> list[Waiting]:
    kinds = subjects.decided_together()
    found = approvals.waiting_for(session, viewer.id, limit=2 * SEVERAL_AT_MOST, tier=Tier.LOW, kinds=kinds)
    asked = [request for request in found if request.open_lane_of(viewer.id) is not None]
    return [Waiting(request, picture_of(session, request)) for request in asked[:SEVERAL_AT_MOST]]

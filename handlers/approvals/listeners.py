"""Presses and submissions of approvals: parse, call one service, answer."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from functools import partial
from uuid import UUID

from db.enums import Verb
from db.session import Session
from handlers import second_looks
from handlers.acting import act, refusal_text
from handlers.approvals import opened
from handlers.approvals.payloads import VoteClick
from handlers.blocks import BlockKit
from handlers.corrections import correction_lines_of
from handlers.exports.views import evidence_button
from handlers.hits import kpi_lines_of
from handlers.ids import Block, Callback
from handlers.lifecycle.words import life_button
from handlers.payloads import found, taken, taken_uuid, user_of
from handlers.refusals import hidden, why_not
from handlers.refusals import refusal_text as vote_refusal_text
from handlers.rollouts.home import use_case_buttons
from handlers.routing import Call, whisper, whispered
from handlers.showing import show
from handlers.standing import did_in
from handlers.subjects import picture_of
from handlers.use import use_lines_of
from handlers.ways_to_answer import answer_buttons
from workflows import (
    approvals,
    breaking_glass,
    exports,
    intake,
    outbox,
    people,
    policy,
    reactions,
    recertifying,
    subjects,
)
from workflows.approvals import Refusal, Refused, RequestSnapshot, Vote, Voted
from workflows.people import Actor, NotAMember, Unchecked


def on_approve(call: Call) -> None:
    """Approve with one press. Whoever is refused is told privately why; the card tells everybody else."""
    click = VoteClick.of_button(call.body, Verb.APPROVE)

    def deed(session: Session, voter: Actor) -> Voted | Refused | BlockKit:
        now = call.deps.now()
        outcome = reactions.cast_vote(session, click.vote, voter=voter, delivery=click.delivery, now=now)
        if isinstance(outcome, Refused) and outcome.why is Refusal.SECOND_LOOK:
            return second_looks.before_one(session, click.vote, voter, now=now)
        if isinstance(outcome, Refused):
            approvals.redraw_for(session, outcome.request_id, now=now)
            outbox.promise(session, [whispered(call.body, why_not(session, outcome, voter))], now=now)
        elif found(call.body, "container", "is_ephemeral") is True:  # what only they see is not redrawn
            text = f"You {did_in(outcome.subject_kind, Verb.APPROVE)} *{outcome.reference}*. Your decision is stored."
            outbox.promise(session, [whispered(call.body, text)], now=now)
        return outcome

    outcome = act(call.deps, call.client, click.voter, deed)
    if isinstance(outcome, dict):
        show(call, outcome)
        return
    if isinstance(outcome, NotAMember | Unchecked):
        whisper(call, refusal_text(outcome))
    call.ack()
    call.deps.wake_outbox()


def on_request_changes(call: Call) -> None:
    """Ask what should change."""
    _ask_why(call, Verb.REQUEST_CHANGES)


def on_reject(call: Call) -> None:
    """Ask for the reason."""
    _ask_why(call, Verb.REJECT)


def _ask_why(call: Call, verb: Verb) -> None:
    """Open the form for the words this verb needs, when this person may decide at all."""
    value = taken(call.body, "actions", 0, "value")
    lane_id = VoteClick.of_button(call.body, verb).vote.lane_id

    def deed(session: Session, viewer: Actor) -> BlockKit | str:
        request = approvals.request_with_lane(session, lane_id)
        if request is None:
            return vote_refusal_text(Refusal.UNKNOWN, None, viewer.id)
        if hidden(session, request, viewer.id):
            return vote_refusal_text(Refusal.UNKNOWN, None, viewer.id)
        lane = request.open_lane_of(viewer.id)
        if not subjects.takes(request.subject_kind, verb):
            return vote_refusal_text(Refusal.NOT_ASKED_THAT, request, viewer.id)
        if lane is None or lane.id != lane_id:
            approvals.redraw_for(session, request.id, now=call.deps.now())
            return vote_refusal_text(request.refusal_for(viewer.id), request, viewer.id)
        return opened.reason_modal(request, picture_of(session, request), value, verb)

    show(call, act(call.deps, call.client, user_of(call.body), deed))


def on_open(call: Call) -> None:
    """Show the whole request, as far as this person may see it."""
    request_id = taken_uuid(taken(call.body, "actions", 0, "value"))
    _open(call, lambda session: approvals.request_of(session, request_id))


def on_change(call: Call) -> None:
    """Show the request with the ballot of the lane in which this person wants to change their decision."""
    lane_id = taken_uuid(taken(call.body, "actions", 0, "value"))
    _open(call, lambda session: approvals.request_with_lane(session, lane_id), changing=lane_id)


def _open(call: Call, find: Callable[[Session], RequestSnapshot | None], *, changing: UUID | None = None) -> None:
    def deed(session: Session, viewer: Actor) -> BlockKit | str:
        request = find(session)
        may_read = request is not None and reactions.may_read(session, request, viewer.id)
        if request is None or hidden(session, request, viewer.id):
            return vote_refusal_text(Refusal.UNKNOWN, None, viewer.id)
        roles = people.roles_of(session, viewer.id)
        now, may_see = call.deps.now(), partial(reactions.may_read, session)
        onlooker = opened.Onlooker(
            viewer.id,
            may_read,
            steers=bool(roles & policy.STEERING),
            leads=policy.LEAD in roles,
            glass=breaking_glass.ways_of(session, request, viewer.id, may_read=may_see, now=now),
        )
        questions = approvals.questions_of(session, request.id) if may_read else []
        is_theirs = request.is_theirs(viewer.id)
        awaits = is_theirs and subjects.is_sent(request.subject_kind)  # nobody waits for an audit of what they sent
        outlook = approvals.outlook_of(session, request, now=now) if awaits else None
        picture, ways = picture_of(session, request, now=call.deps.now()), _answers(session, request, viewer)
        if request.subject_kind == intake.SUBJECT_KIND:
            ways = [*ways, *use_case_buttons(session, request.subject_id), *_way_into_its_life(session, request)]
            ways += _way_to_its_evidence(session, request, viewer)
        use: list[str] = []
        if may_read and request.subject_kind == intake.SUBJECT_KIND:
            use = use_lines_of(session, request.subject_id, today=people.local_day(viewer, now))
            corrections = correction_lines_of(session, request.subject_id, now=now)
            picture = replace(picture, kpis=[*kpi_lines_of(session, request.subject_id), *corrections])
        return opened.opened_modal(
            request, picture, onlooker, questions, outlook, changing=changing, ways=ways, use=use
        )

    show(call, act(call.deps, call.client, user_of(call.body), deed))


def _answers(session: Session, request: RequestSnapshot, viewer: Actor) -> list[BlockKit]:
    """Return the buttons that say whether an approval still holds, for whom that is asked."""
    asked = recertifying.question_about(session, request.subject_id)
    is_theirs = asked is not None and viewer.id in {each.id for each in asked.asked}
    return answer_buttons(asked.use_case) if asked and is_theirs else []


def _way_into_its_life(session: Session, request: RequestSnapshot) -> list[BlockKit]:
    """Return the way to where a use case is in its life, once it is approved."""
    is_use_case = request.subject_kind == intake.SUBJECT_KIND
    use_case = intake.use_case_of(session, request.subject_id) if is_use_case else None
    return [life_button(use_case)] if use_case is not None and use_case.state in intake.CHANGEABLE else []


def _way_to_its_evidence(session: Session, request: RequestSnapshot, viewer: Actor) -> list[BlockKit]:
    may_have = exports.may_have_evidence(session, request.subject_id, viewer.id)
    return [evidence_button(request.subject_id, request.reference)] if may_have else []


def on_vote_submitted(call: Call) -> None:
    """Take a decision from a modal: errors stand at their field, the outcome replaces the form."""
    click = VoteClick.of_modal(call.body)
    if click is None:
        call.ack(response_action="errors", errors={Block.DECISION: "Choose what you decide."})
        return
    _cast_in_modal(call, click)


def on_second_look(call: Call) -> None:
    """Cast the approval somebody was asked to look at again, or say why it no longer counts."""
    _cast_in_modal(call, VoteClick.of_second_look(call.body))


def on_looked_again(call: Call) -> None:
    """Keep that somebody looked again, and lead them back to the form below."""

    def deed(session: Session, voter: Actor) -> None:
        approvals.confirm_burst(session, voter.id, now=call.deps.now())

    who = act(call.deps, call.client, user_of(call.body), deed)
    if isinstance(who, NotAMember | Unchecked):
        call.ack(response_action="update", view=opened.notice_modal("Nothing was changed", refusal_text(who)))
        return
    call.ack()


def _cast_in_modal(call: Call, click: VoteClick) -> None:
    def deed(session: Session, voter: Actor) -> BlockKit | Refused:
        now = call.deps.now()
        outcome = reactions.cast_vote(session, click.vote, voter=voter, delivery=click.delivery, now=now)
        if isinstance(outcome, Voted):
            request = approvals.existing_request(session, outcome.request_id)
            return opened.voted_modal(request, picture_of(session, request), click.vote.verb, voter.id)
        if outcome.why is Refusal.REASON_MISSING:
            return outcome
        if outcome.why is Refusal.SECOND_LOOK:
            return _looking_again(session, click.vote, voter, now=now)
        approvals.redraw_for(session, outcome.request_id, now=now)
        return opened.notice_modal("Nothing was changed", why_not(session, outcome, voter))

    outcome = act(call.deps, call.client, click.voter, deed)
    match outcome:
        case Refused():
            text = vote_refusal_text(outcome.why, None, None)
            call.ack(response_action="errors", errors={Block.REASON: text})
        case Unchecked() if not click.vote.is_confirmed:  # the form stays open, with the reason in it
            call.ack(response_action="errors", errors={Block.REASON: refusal_text(outcome)})
        case NotAMember() | Unchecked():
            view = opened.notice_modal("Nothing was changed", refusal_text(outcome))
            call.ack(response_action="update", view=view)
        case _:
            is_above = outcome["callback_id"] == Callback.LOOKED_AGAIN
            call.ack(response_action="push" if is_above else "update", view=outcome)
    call.deps.wake_outbox()


def _looking_again(session: Session, vote: Vote, voter: Actor, *, now: datetime) -> BlockKit:
    if vote.verb is Verb.APPROVE:
        return second_looks.before_one(session, vote, voter, now=now)
    return second_looks.above_form(session, voter, now=now)

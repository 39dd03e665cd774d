"""Approve with conditions: open the form, make it longer, and take it."""

from uuid import UUID

from db.enums import Verb
from db.session import Session
from handlers import second_looks, showing
from handlers.acting import act, person_named, refusal_text
from handlers.blocks import BlockKit
from handlers.conditions import answering, views, wording
from handlers.conditions.payloads import ConditionsForm, Row
from handlers.ids import Block, Callback
from handlers.modals import update_modal
from handlers.payloads import submission_key, taken, taken_uuid, user_of
from handlers.refusals import hidden, why_not
from handlers.refusals import refusal_text as vote_refusal_text
from handlers.routing import Call
from handlers.subjects import picture_of
from workflows import approvals, conditions, obligations, people, reactions, subjects
from workflows.approvals import Refusal, Refused, RequestSnapshot, Vote
from workflows.conditions import Asks, Flaw, Problem
from workflows.people import Actor, NotAMember, Unchecked


def on_approve_with_conditions(call: Call) -> None:
    """Ask for the conditions, when this person may decide at all."""
    ballot = taken(call.body, "actions", 0, "value")

    def draw(session: Session, viewer: Actor) -> BlockKit | str:
        return _form(session, viewer, ballot, None, call)

    answering.show(call, user_of(call.body), draw)


def on_add(call: Call) -> None:
    """Ask for one condition more; what was typed stays."""
    form = ConditionsForm.parse(call.body)

    def draw(session: Session, viewer: Actor) -> BlockKit | str:
        return _form(session, viewer, form.ballot, form, call)

    showing.show(call, act(call.deps, call.client, form.voter, draw), update_modal)


def on_conditions_set(call: Call) -> None:
    """Take an approval with conditions: what is wrong stands at its field, the outcome replaces the form."""
    form = ConditionsForm.parse(call.body)
    owners = {each: _owner(call, each) for each in form.owners()}
    lane_id, _, seen = form.ballot.partition(".")
    vote = Vote(taken_uuid(lane_id), Verb.APPROVE_WITH_CONDITIONS, seen)

    def deed(session: Session, voter: Actor) -> BlockKit | list[Problem]:
        now = call.deps.now()
        typed = [row.typed(owners) for row in form.rows]
        checked = conditions.check(typed, len(form.also), today=people.local_day(voter, now))
        problems = [each for each in checked if isinstance(each, Problem)]
        if problems:
            return problems
        asks = Asks([each for each in checked if not isinstance(each, Problem)], form.also)
        outcome = reactions.cast_vote(
            session, vote, voter=voter, delivery=submission_key(call.body), now=now, asks=asks
        )
        if isinstance(outcome, Refused):
            return _refused(session, outcome, voter, call)
        request = approvals.existing_request(session, outcome.request_id)
        return views.set_modal(request, picture_of(session, request), voter.id)

    outcome = act(call.deps, call.client, form.voter, deed)
    match outcome:
        case list():
            fields = {f"{wording.FIELDS[each.field]}.{each.number}": wording.FLAWS[each.flaw] for each in outcome}
            call.ack(response_action="errors", errors=fields)
        case Unchecked():  # the form stays open, with everything in it
            call.ack(response_action="errors", errors={f"{Block.CONDITION_TEXT}.0": refusal_text(outcome)})
        case NotAMember():
            view = views.notice_modal("Nothing was changed", refusal_text(outcome))
            call.ack(response_action="update", view=view)
        case _:
            is_above = outcome["callback_id"] == Callback.LOOKED_AGAIN
            call.ack(response_action="push" if is_above else "update", view=outcome)
    call.deps.wake_outbox()


def _refused(session: Session, outcome: Refused, voter: Actor, call: Call) -> BlockKit | list[Problem]:
    now = call.deps.now()
    if outcome.why is Refusal.REASON_MISSING:  # what was chosen of others is in force or gone by now
        return [Problem(0, conditions.Field.TEXT, Flaw.NOTHING_ASKED)]
    if outcome.why is Refusal.SECOND_LOOK:
        return second_looks.above_form(session, voter, now=now)
    approvals.redraw_for(session, outcome.request_id, now=now)
    return views.notice_modal("Nothing was changed", why_not(session, outcome, voter))


def _form(session: Session, viewer: Actor, ballot: str, form: ConditionsForm | None, call: Call) -> BlockKit | str:
    """Draw the form, empty or with one condition more than it has, or say why this person cannot decide here."""
    lane_id = taken_uuid(ballot.partition(".")[0])
    request = approvals.request_with_lane(session, lane_id)
    if request is None or hidden(session, request, viewer.id):
        return vote_refusal_text(Refusal.UNKNOWN, None, viewer.id)
    if not subjects.takes(request.subject_kind, Verb.APPROVE_WITH_CONDITIONS):
        return vote_refusal_text(Refusal.NOT_ASKED_THAT, request, viewer.id)
    principal = request.may_vote_for(viewer.id, lane_id)
    if principal is None:
        approvals.redraw_for(session, request.id, now=call.deps.now())
        return vote_refusal_text(request.refusal_for(viewer.id), request, viewer.id)
    others = conditions.proposed_about(session, request.subject_kind, request.subject_id)
    mine = {each.id for each in others if any(demand.person.id == principal.id for demand in each.standing)}
    empty = Row(owner=_usual_owner(session, request))
    return views.form_modal(
        request,
        picture_of(session, request),
        ballot=ballot,
        rows=[*form.rows, empty] if form else [empty],
        others=others,
        chosen=form.also if form else mine,
    )


def _usual_owner(session: Session, request: RequestSnapshot) -> str | None:
    """Return who most likely has to meet a condition: whoever owns what it is about."""
    answerable = obligations.answerable(session, request.subject_kind, request.subject_id)
    known = people.named(session, answerable[:1])
    return next((each.slack_id for each in known.values()), None)


def _owner(call: Call, slack_id: str) -> UUID | Flaw:
    who = person_named(call.deps, call.client, slack_id)
    match who:
        case Actor():
            return who.id
        case NotAMember():
            return Flaw.OWNER_NOT_A_MEMBER
        case Unchecked():
            return Flaw.OWNER_UNCHECKED

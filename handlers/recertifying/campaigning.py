"""Somebody who steers the programme asks many owners again: parse, call one service, show the next window."""

from collections.abc import Callable

from db.session import Session
from handlers.acting import act, refusal_text
from handlers.blocks import BlockKit, choices
from handlers.ids import Block
from handlers.modals import open_modal, show_modal, update_modal
from handlers.payloads import optional, submission_key, taken, taken_uuid, user_of
from handlers.recertifying import campaign_views, payloads, views
from handlers.recertifying.campaign_views import FIELDS, NO_CAMPAIGN
from handlers.routing import Call, whisper
from workflows import deliveries, people, policy, recertifying
from workflows.people import Actor, NotAMember, Unchecked
from workflows.recertifying import NoCampaign, Reach, Scope

OPTIONS_SHOWN = 100


def open_form(call: Call) -> str | None:
    """Open the form of a campaign; return what to tell the person when that did not go well."""
    found = act(call.deps, call.client, user_of(call.body), _form(call))
    return open_modal(call, found) if isinstance(found, dict) else _why(found)


def on_ask_owners(call: Call) -> None:
    """Open the form from Home."""
    problem = open_form(call)
    if problem:
        whisper(call, problem)
    call.ack()
    call.deps.wake_outbox()


def on_scope_chosen(call: Call) -> None:
    """Show what a campaign of this scope would reach; what is wrong stands at its field."""
    scope = payloads.scope_of_form(call.body)

    def deed(session: Session, actor: Actor) -> BlockKit | NoCampaign:
        found = recertifying.reach(session, scope, actor=actor, now=call.deps.now())
        return found if isinstance(found, NoCampaign) else campaign_views.reach_modal(found)

    _answer(call, act(call.deps, call.client, user_of(call.body), deed))


def on_back(call: Call) -> None:
    """Show the form again, as it was filled in."""
    scope = payloads.scope_carried(call.body)
    found = act(call.deps, call.client, user_of(call.body), _form(call, scope))
    problem = update_modal(call, found) if isinstance(found, dict) else _why(found)
    if problem:
        whisper(call, problem)
    call.ack()


def on_started(call: Call) -> None:
    """Start the campaign that was shown."""
    scope, key = payloads.scope_carried(call.body), submission_key(call.body)

    def started(session: Session, actor: Actor) -> str:
        found = recertifying.start(session, scope, actor=actor, now=call.deps.now())
        return campaign_views.started_text(found) if isinstance(found, Reach) else NO_CAMPAIGN[found]

    def deed(session: Session, actor: Actor) -> BlockKit:
        text = deliveries.once(session, key, lambda: started(session, actor), now=call.deps.now())
        return views.done_modal(campaign_views.TITLE, text)

    _answer(call, act(call.deps, call.client, user_of(call.body), deed))


def on_show(call: Call) -> None:
    """List what nobody answered yet in a campaign."""
    campaign_id = taken_uuid(taken(call.body, "actions", 0, "value"))

    def deed(session: Session, actor: Actor) -> BlockKit | NoCampaign:
        found = recertifying.progress_of(session, campaign_id)
        if found is None or not people.roles_of(session, actor.id) & policy.STEERING:
            return NoCampaign.NOT_STEERING
        return campaign_views.open_modal_of(found, recertifying.open_in(session, campaign_id))

    found = act(call.deps, call.client, user_of(call.body), deed)
    problem = show_modal(call, found) if isinstance(found, dict) else _why(found)
    if problem:
        whisper(call, problem)
    call.ack()


def on_team_typed(call: Call) -> None:
    """Offer the teams that have something approved and whose name holds what was typed."""
    typed = (optional(call.body, "value") or "").casefold()

    def deed(session: Session, actor: Actor) -> list[str]:
        if not people.roles_of(session, actor.id) & policy.STEERING:
            return []
        return [each for each in recertifying.teams(session) if typed in each.casefold()]

    found = act(call.deps, call.client, user_of(call.body), deed)
    names = found[:OPTIONS_SHOWN] if isinstance(found, list) else []
    call.ack(options=choices({each: each for each in names}))


def _form(call: Call, scope: Scope | None = None) -> Callable[[Session, Actor], BlockKit | NoCampaign]:
    def deed(session: Session, actor: Actor) -> BlockKit | NoCampaign:
        if not people.roles_of(session, actor.id) & policy.STEERING:
            return NoCampaign.NOT_STEERING
        return campaign_views.scope_modal(people.local_day(actor, call.deps.now()), scope)

    return deed


def _answer(call: Call, found: BlockKit | NoCampaign | NotAMember | Unchecked) -> None:
    """Answer a submitted window: the next one in its place, or what is wrong at its field."""
    if isinstance(found, NoCampaign) and found in FIELDS:
        call.ack(response_action="errors", errors={str(FIELDS[found]): NO_CAMPAIGN[found]})
    elif isinstance(found, Unchecked):
        call.ack(response_action="errors", errors={str(Block.CAMPAIGN_DUE): refusal_text(found)})
    elif isinstance(found, dict):
        call.ack(response_action="update", view=found)
    else:
        call.ack(response_action="update", view=views.done_modal(campaign_views.TITLE, _why(found)))
    call.deps.wake_outbox()


def _why(found: NoCampaign | NotAMember | Unchecked) -> str:
    return NO_CAMPAIGN[found] if isinstance(found, NoCampaign) else refusal_text(found)

"""Presses and forms of scorecards: parse, call one service, show what there is then."""

from collections.abc import Callable
from uuid import UUID

from db.enums import OutboxKind
from db.session import Session
from handlers.acting import act, person_named, refusal_text
from handlers.blocks import BlockKit
from handlers.ids import Block
from handlers.modals import open_modal
from handlers.payloads import action_key, optional, submission_key, taken, taken_uuid, user_of
from handlers.routing import Call, settle
from handlers.scorecards import views
from handlers.scorecards.payloads import Start, scores_in
from handlers.scorecards.words import WHY, why_text
from handlers.showing import show
from handlers.text import day_in_words, inline
from workflows import deliveries, outbox, people, policy, scorecards
from workflows.outbox import Promise
from workflows.people import Actor, NotAMember, Unchecked
from workflows.people.service import USABLE_FOR
from workflows.scorecards import NoScorecard, NotDone, Round

_NO_COLLEAGUE = "Only full members of your organisation can be asked. Take out: "
_FIELDS = {
    NoScorecard.TOO_FEW: Block.SCORECARD_PEOPLE,
    NoScorecard.TOO_MANY: Block.SCORECARD_PEOPLE,
    NoScorecard.TOO_SOON: Block.SCORECARD_DUE,
    NoScorecard.TOO_LATE: Block.SCORECARD_DUE,
}


class AtField(Exception):  # noqa: N818 - it is no error of ours: it takes back what the transaction did
    """What is wrong with a form stands at its field, and nothing was stored."""

    def __init__(self, block: Block, text: str) -> None:
        super().__init__(text)
        self.block = block
        self.text = text


# ------------------------------------------------------------------------------------------------ the window


def open_window(call: Call) -> str | None:
    """Open what there is of scorecards; return what to tell the person when that did not go well."""
    found = act(call.deps, call.client, user_of(call.body), lambda session, actor: _board(call, session, actor))
    return open_modal(call, found) if isinstance(found, dict) else refusal_text(found)


def on_open(call: Call) -> None:
    """Show what there is of scorecards, from Home or a message."""
    show(call, act(call.deps, call.client, user_of(call.body), lambda session, actor: _board(call, session, actor)))


def on_start(call: Call) -> None:
    """Ask who is to be asked; where a round goes on, show that."""

    def deed(session: Session, actor: Actor) -> BlockKit:
        refused = scorecards.why_not_start(session, actor=actor)
        if refused is not None:
            return _board(call, session, actor, why_text(refused))
        return views.start_modal(people.local_day(actor, call.deps.now()))

    show(call, act(call.deps, call.client, user_of(call.body), deed))


def on_close(call: Call) -> None:
    """Close the round that goes on, and show what came of it."""
    scorecard_id, key = _pressed(call), action_key(call.body)

    def closed(session: Session, actor: Actor) -> str:
        found = scorecards.close(session, scorecard_id, actor=actor, now=call.deps.now())
        return why_text(found) if isinstance(found, NotDone) else f"✅ {found.round.reference} is closed."

    def deed(session: Session, actor: Actor) -> BlockKit:
        told = deliveries.once(session, key, lambda: closed(session, actor), now=call.deps.now())
        return _board(call, session, actor, told)

    show(call, act(call.deps, call.client, user_of(call.body), deed))


def on_export(call: Call) -> None:
    """Send what came of a round as a file, to whoever pressed."""
    scorecard_id, key = _pressed(call), action_key(call.body)

    def sent(session: Session, actor: Actor) -> str:
        if not people.roles_of(session, actor.id) & policy.STEERING:
            return WHY[NoScorecard.NOT_STEERING]
        found = scorecards.round_of(session, scorecard_id)
        if found is None or found.is_open:
            return WHY[NoScorecard.UNKNOWN if found is None else NoScorecard.STILL_OPEN]
        promise = Promise(OutboxKind.SCORECARD_FILE, actor.slack_id, scorecard_id)
        outbox.promise(session, [promise], now=call.deps.now())
        return f"📎 {found.reference} comes as a file in your direct messages with me."

    def deed(session: Session, actor: Actor) -> BlockKit:
        told = deliveries.once(session, key, lambda: sent(session, actor), now=call.deps.now())
        return _board(call, session, actor, told)

    show(call, act(call.deps, call.client, user_of(call.body), deed))


# ------------------------------------------------------------------------------------------------- the forms


def on_started(call: Call) -> None:
    """Ask the people who were named; what is wrong stands at its field."""
    form, key = Start.parse(call.body), submission_key(call.body)
    named = _named(call, form) if len(form.people) <= scorecards.MOST_ASKED else []

    def started(session: Session, actor: Actor) -> str:
        if len(form.people) > scorecards.MOST_ASKED:
            raise AtField(Block.SCORECARD_PEOPLE, WHY[NoScorecard.TOO_MANY])
        if isinstance(named, str):
            raise AtField(Block.SCORECARD_PEOPLE, named)
        found = scorecards.start(session, named, form.due, actor=actor, now=call.deps.now())
        if isinstance(found, Round):
            until = day_in_words(found.due_on)
            return f"✅ {found.reference}: {len(found.asked)} people are asked in their working hours, until {until}."
        if found.why in _FIELDS:
            raise AtField(_FIELDS[found.why], WHY[found.why])
        return why_text(found)

    def deed(session: Session, actor: Actor) -> BlockKit:
        told = deliveries.once(session, key, lambda: started(session, actor), now=call.deps.now())
        return _board(call, session, actor, told)

    _answer(call, deed, otherwise=str(Block.SCORECARD_PEOPLE))


def on_score(call: Call) -> None:
    """Open the form; where the round is over its message says so and loses its button."""
    scorecard_id = _pressed(call)

    def deed(session: Session, actor: Actor) -> BlockKit | NotDone:
        found = scorecards.to_answer(session, scorecard_id, actor=actor, now=call.deps.now())
        return found if isinstance(found, NotDone) else views.answer_modal(found)

    outcome = act(call.deps, call.client, user_of(call.body), deed)
    if isinstance(outcome, NotDone) and outcome.why is NoScorecard.CLOSED:
        settle(call, why_text(outcome))
        call.ack()
        return
    show(call, why_text(outcome) if isinstance(outcome, NotDone) else outcome)


def on_scored(call: Call) -> None:
    """Store what somebody says of each dimension."""
    scorecard_id, said = taken_uuid(taken(call.body, "view", "private_metadata")), scores_in(call.body)

    def scored(session: Session, actor: Actor) -> str:
        found = scorecards.answer(session, scorecard_id, said, actor=actor, now=call.deps.now())
        if isinstance(found, NotDone):
            return why_text(found)
        until = day_in_words(found.due_on)
        return (
            f"✅ Stored. You can change it until the end of {until}: press the same button again. "
            "Then `/gatehouse scorecard` shows what came of it, without who said what."
        )

    def deed(session: Session, actor: Actor) -> BlockKit:
        key = submission_key(call.body)
        told = deliveries.once(session, key, lambda: scored(session, actor), now=call.deps.now())
        return views.done_modal(told)

    _answer(call, deed, otherwise=next((views.block_of(each) for each in said), ""))


# ------------------------------------------------------------------------------------------------------ shared


def _board(call: Call, session: Session, actor: Actor, notice: str = "") -> BlockKit:
    found = scorecards.board(session, now=call.deps.now())
    steers = bool(people.roles_of(session, actor.id) & policy.STEERING)
    return views.board_modal(found, actor.id, steers=steers, notice=notice)


def _answer(call: Call, deed: Callable[[Session, Actor], BlockKit], *, otherwise: str) -> None:
    """Answer a form with the next window, or at the field that is wrong; at `otherwise` when Slack cannot be asked."""
    try:
        outcome = act(call.deps, call.client, user_of(call.body), deed)
    except AtField as wrong:
        call.ack(response_action="errors", errors={str(wrong.block): wrong.text})
        return
    if isinstance(outcome, Unchecked) and otherwise:  # the form stays open
        call.ack(response_action="errors", errors={otherwise: refusal_text(outcome)})
    elif isinstance(outcome, NotAMember | Unchecked):
        call.ack(response_action="update", view=views.done_modal(refusal_text(outcome)))
    else:
        call.ack(response_action="update", view=outcome)
    call.deps.wake_outbox()


def _named(call: Call, form: Start) -> list[Actor] | str:
    """Return the people a form names, or what is wrong with them. Slack is asked about those nobody knows."""
    found = [(each, _person(call, each)) for each in form.people]
    if any(isinstance(who, Unchecked) for _, who in found):
        return "Slack cannot be asked about all of them right now. Please try again in a minute."
    others = [each for each, who in found if not isinstance(who, Actor)]
    if others:
        with call.deps.reading() as session:
            known = [people.find(session, each) for each in others]
        return _NO_COLLEAGUE + ", ".join(inline(each.name, limit=60) for each in known if each)
    return [who for _, who in found if isinstance(who, Actor)]


def _person(call: Call, slack_id: str) -> Actor | NotAMember | Unchecked:
    """Return who somebody is. Fifty can be named, so what is known of a day serves: they are checked when they act."""
    with call.deps.reading() as session:
        known = people.identify(session, slack_id, now=call.deps.now(), usable_for=USABLE_FOR)
    return person_named(call.deps, call.client, slack_id) if isinstance(known, Unchecked) else known


def _pressed(call: Call) -> UUID:
    return taken_uuid(optional(call.body, "actions", 0, "value") or "")

"""Draw Home: most urgent first, few things to press."""

from collections.abc import Sequence
from uuid import UUID

from handlers.blocks import BlockKit, actions, button, context, header, section
from handlers.ids import Action
from handlers.settings.views import setup_blocks
from handlers.standing import standing
from handlers.text import TIERS, USE_CASE_STATES, inline, moment, named
from workflows.home import PROPOSALS_SHOWN, QUEUE_SHOWN, HomeSnapshot, Item
from workflows.setup import Missing


def home(snapshot: HomeSnapshot, person_id: UUID, *, missing: Sequence[Missing] | None = None) -> BlockKit:
    """Return the Home of one person: their queue, their proposals, what they own, one way to propose.

    An admin is also shown what is `missing` of the set-up, and the way to the settings.
    """
    blocks = [header("Waiting for you"), *_queue(snapshot, person_id)]
    blocks += [{"type": "divider"}, header("Your proposals"), *_proposals(snapshot)]
    if snapshot.owned:
        blocks += [{"type": "divider"}, header("You own"), *(_proposal(item) for item in snapshot.owned)]
    blocks += [
        actions(
            "home.buttons",
            button(Action.PROPOSE, "Propose a use case", "home", style="primary"),
            button(Action.ABOUT_ME, "About me", "home", label="Say when you work, and in which team and country"),
        ),
        *setup_blocks(missing),
        context("`/usecase help` lists what you can type."),
    ]
    return {"type": "home", "blocks": blocks}


def closed_home() -> BlockKit:
    """Return the Home of somebody who may not act here."""
    text = (
        "Gatehouse is for full members of the organisation. Guests and people from elsewhere cannot propose or decide."
    )
    return {"type": "home", "blocks": [header("Gatehouse"), section(text)]}


def _queue(snapshot: HomeSnapshot, person_id: UUID) -> list[BlockKit]:
    if not snapshot.queue:
        return [section("Nothing waits for you. When it is your turn, you get one direct message.")]
    blocks: list[BlockKit] = []
    for item in snapshot.queue:
        blocks += _waiting(item, person_id)
    if len(snapshot.queue) == QUEUE_SHOWN:
        blocks.append(context(f"The {QUEUE_SHOWN} that wait longest are shown."))
    return blocks


def _waiting(item: Item, person_id: UUID) -> list[BlockKit]:
    use_case, request = item.use_case, item.request
    asked = request.asked_at(person_id) if request else None
    since = f" · asked {moment(asked)}" if asked else ""
    tier = f"{TIERS[request.tier]} · " if request else ""
    block = section(
        f"*{use_case.reference}* “{inline(use_case.name)}”\n"
        f"{tier}proposed by {named(use_case.proposer.name)} · team {inline(use_case.team)}{since}"
    )
    if request:
        label = f"Decide on {use_case.reference}, {use_case.name}"
        block["accessory"] = button(Action.OPEN, "Decide", str(request.id), style="primary", label=label)
    return [block]


def _proposals(snapshot: HomeSnapshot) -> list[BlockKit]:
    if not snapshot.proposals:
        return [section("You have not proposed anything yet.")]
    blocks = [_proposal(item) for item in snapshot.proposals]
    if len(snapshot.proposals) == PROPOSALS_SHOWN:
        blocks.append(context(f"Your latest {PROPOSALS_SHOWN} are shown; `/usecase UC-1` finds any other."))
    return blocks


def _proposal(item: Item) -> BlockKit:
    use_case, request = item.use_case, item.request
    if request is None:
        return section(f"*{use_case.reference}* “{inline(use_case.name)}”\n{USE_CASE_STATES[use_case.state]}")
    block = section(f"*{use_case.reference}* “{inline(use_case.name)}”\n{standing(request)}")
    label = f"Open {use_case.reference}, {use_case.name}"
    block["accessory"] = button(Action.OPEN, "Open", str(request.id), label=label)
    return block

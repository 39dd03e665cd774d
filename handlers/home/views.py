"""Draw Home: most urgent first, few things to press."""

from collections.abc import Iterator, Mapping, Sequence
from types import MappingProxyType
from typing import Final
from uuid import UUID

from db.enums import RequestStatus
from handlers.away.views import away_button
from handlers.blocks import BlockKit, actions, button, context, header, section
from handlers.checkins.views import home_blocks as kpi_blocks
from handlers.ids import Action
from handlers.kpis import kpi_lines, kpis_button
from handlers.settings.views import setup_blocks
from handlers.standing import standing, what_holds
from handlers.subjects import CHANGE
from handlers.text import TIERS, USE_CASE_STATES, draft_name, inline, moment, named
from handlers.waits import outlook_text, where_blocks
from workflows.approvals import Outlook, RequestSnapshot, WhereRequestsWait
from workflows.home import DRAFTS_SHOWN, PROPOSALS_SHOWN, QUEUE_SHOWN, HomeSnapshot, Item
from workflows.intake import CHANGEABLE, UseCaseSnapshot
from workflows.setup import Missing

NO_OUTLOOKS: Final[Mapping[UUID, Outlook]] = MappingProxyType({})


def home(
    snapshot: HomeSnapshot,
    person_id: UUID,
    *,
    away: Sequence[BlockKit] = (),
    check_ins: Sequence[BlockKit] = (),
    missing: Sequence[Missing] | None = None,
    outlooks: Mapping[UUID, Outlook] = NO_OUTLOOKS,
    waits: WhereRequestsWait | None = None,
) -> BlockKit:
    """Return the Home of one person: their queue, their drafts and proposals, what they own, one way to propose.

    `away` says when they are away, above all else; `outlooks` what to expect of a proposal, by its request. Leads and
    admins are also shown where requests wait, an admin what is `missing` of the set-up and the way to the settings.
    """
    blocks = [*away, header("Waiting for you"), *_queue(snapshot, person_id)]
    blocks += check_ins
    if snapshot.drafts:
        blocks += [{"type": "divider"}, header("Your drafts"), *_drafts(snapshot)]
    blocks += [{"type": "divider"}, header("Your proposals"), *_proposals(snapshot, outlooks)]
    if snapshot.owned:
        owned = [block for item in snapshot.owned for block in _proposal(item, outlooks, snapshot)]
        blocks += [{"type": "divider"}, header("You own"), *owned]
    blocks += kpi_blocks(snapshot.measured)
    if waits is not None:
        blocks += [{"type": "divider"}, *where_blocks(waits)]
    blocks += [
        {"type": "divider"},
        actions(
            "home.buttons",
            button(Action.PROPOSE, "Propose a use case", "home", style="primary"),
            button(Action.ABOUT_ME, "About me", "home", label="Say when you work, and in which team and country"),
            away_button(),
        ),
        *setup_blocks(missing),
        context("`/usecase help` and `/gatehouse help` list what you can type."),
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
    seat = request.open_seat_of(person_id) if request else None
    since = f" · asked {moment(seat.asked_at)}" if seat else ""
    if seat and seat.due_at:
        since += f" · {'was due' if seat.is_overdue else 'due by'} {moment(seat.due_at)}"
    principal = request.principal_of(person_id) if request else None
    for_whom = f" · for {named(principal.name)}, who is away" if principal else ""
    tier = f"{TIERS[request.tier]} · " if request else ""
    is_change = request is not None and request.is_change
    what = (
        f"change asked for by {named(request.proposer.name)}"
        if request and is_change
        else (f"proposed by {named(use_case.proposer.name)}")
    )
    block = section(
        f"*{use_case.reference}* “{inline(use_case.name)}”\n"
        f"{tier}{what} · team {inline(use_case.team)}{since}{for_whom}"
    )
    if request:
        label = f"Decide on {use_case.reference}, {use_case.name}"
        block["accessory"] = button(Action.OPEN, "Decide", str(request.id), style="primary", label=label)
    return [block]


def _drafts(snapshot: HomeSnapshot) -> Iterator[BlockKit]:
    for draft in snapshot.drafts:
        name = draft_name(draft.name, draft.edits)
        yield section(f"{name}\nLast changed {moment(draft.updated_at)}")
        yield actions(
            f"home.draft.{draft.id}",
            button(Action.RESUME, "Continue", str(draft.id), label=f"Continue {draft.name or 'the draft'}"),
            button(
                Action.DISCARD,
                "Discard",
                str(draft.id),
                label=f"Discard {draft.name or 'the draft'}",
                confirm="What you wrote in this draft is gone then.",
            ),
        )
    if len(snapshot.drafts) == DRAFTS_SHOWN:
        yield context(f"Your latest {DRAFTS_SHOWN} drafts are shown.")


def _proposals(snapshot: HomeSnapshot, outlooks: Mapping[UUID, Outlook]) -> list[BlockKit]:
    if not snapshot.proposals:
        return [section("You have not proposed anything yet.")]
    blocks = [block for item in snapshot.proposals for block in _proposal(item, outlooks, snapshot)]
    if len(snapshot.proposals) == PROPOSALS_SHOWN:
        blocks.append(context(f"Your latest {PROPOSALS_SHOWN} are shown; `/usecase UC-1` finds any other."))
    return blocks


def _proposal(item: Item, outlooks: Mapping[UUID, Outlook], snapshot: HomeSnapshot) -> Iterator[BlockKit]:
    """Yield how a use case stands, and the way on where it is with those who proposed or own it."""
    use_case, request = item.use_case, item.request
    if request is None:
        yield section(f"*{use_case.reference}* “{inline(use_case.name)}”\n{USE_CASE_STATES[use_case.state]}")
        return
    expect = outlook_text(outlooks[request.id]) if request.id in outlooks else ""
    kpis = snapshot.kpis.get(use_case.id, ())
    numbers = kpi_lines(kpis)
    told = "\n".join(
        filter(None, (standing(request), expect, what_holds(request, use_case.state, use_case.suspended_by), *numbers))
    )
    block = section(f"*{use_case.reference}* “{inline(use_case.name)}”\n{told}")
    what = f"{use_case.reference}, {use_case.name}"
    block["accessory"] = button(Action.OPEN, "Open", str(request.id), label=f"Open {what}")
    yield block
    ways = [kpis_button(use_case.id, what)] if kpis or use_case.state in CHANGEABLE else []
    on = _way_on(use_case, request)
    if on is not None:
        action, text = on
        style = "primary" if action is Action.EDIT and text != CHANGE else None
        ways.insert(0, button(action, text, str(use_case.id), style=style, label=f"{text}: {what}"))
    if ways:
        yield actions(f"home.use_case.{use_case.id}", *ways)


def _way_on(use_case: UseCaseSnapshot, request: RequestSnapshot) -> tuple[Action, str] | None:
    """Return what proposer and owner can do with what is approved, theirs again, or came to nothing."""
    if request.status is RequestStatus.CHANGES_REQUESTED:
        return Action.EDIT, "Edit and resubmit"
    if use_case.state in CHANGEABLE and use_case.pending_revision is None:
        return Action.EDIT, CHANGE
    if request.status in (RequestStatus.WITHDRAWN, RequestStatus.EXPIRED):
        return Action.PROPOSE_ANEW, "Propose anew"
    if request.status is RequestStatus.REJECTED:
        if request.last_vote() is None:  # the policy refused it: a wrong answer may be corrected
            return Action.EDIT, "Correct it"
        return Action.PROPOSE_ANEW, "Propose anew"
    return None

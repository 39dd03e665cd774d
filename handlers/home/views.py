"""Draw Home: most urgent first, few things to press."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from types import MappingProxyType
from typing import Final
from uuid import UUID

from db.enums import RequestStatus, UseCaseState
from handlers.away.views import away_button
from handlers.blocks import BlockKit, actions, button, context, header, section
from handlers.breaking_glass.views import home_blocks as glass_blocks
from handlers.checkins.views import home_blocks as kpi_blocks
from handlers.glass import alarm_text
from handlers.home.fitting import Part, fitted
from handlers.ids import Action
from handlers.kinds import CHANGE, kind_of
from handlers.kpis import kpis_button, kpis_in_short
from handlers.lifecycle.words import life_button, life_line
from handlers.settings.views import setup_blocks
from handlers.standing import approved_until, standing, what_holds
from handlers.terms import conditions_in_short
from handlers.text import TIERS, USE_CASE_STATES, draft_name, inline, moment, named
from handlers.waits import outlook_text, where_blocks
from workflows.approvals import Outlook, RequestSnapshot, SeatSnapshot, Titled, WhereRequestsWait
from workflows.breaking_glass import GlassSnapshot
from workflows.conditions import ConditionSnapshot
from workflows.home import DRAFTS_SHOWN, PROPOSALS_SHOWN, QUEUE_SHOWN, HomeSnapshot, Item
from workflows.intake import UseCaseSnapshot
from workflows.lifecycle import Life
from workflows.setup import Missing

Conditions = Mapping[UUID, Sequence[ConditionSnapshot]]
MORE: Final = "There is more; `/usecase UC-1` finds any other."
NO_OUTLOOKS: Final[Mapping[UUID, Outlook]] = MappingProxyType({})
NO_CONDITIONS: Final[Conditions] = MappingProxyType({})
NO_LIVES: Final[Mapping[UUID, Life]] = MappingProxyType({})


def home(
    snapshot: HomeSnapshot,
    person_id: UUID,
    *,
    away: Sequence[BlockKit] = (),
    duties: Sequence[BlockKit] = (),
    conditions: Conditions = NO_CONDITIONS,
    lives: Mapping[UUID, Life] = NO_LIVES,
    campaigns: Sequence[BlockKit] = (),
    check_ins: Sequence[BlockKit] = (),
    missing: Sequence[Missing] | None = None,
    outlooks: Mapping[UUID, Outlook] = NO_OUTLOOKS,
    waits: WhereRequestsWait | None = None,
    glass: str = "",
    fast_lane: Sequence[BlockKit] = (),
    programme: Sequence[BlockKit] = (),
    foundation: Sequence[BlockKit] = (),
    recorded: Sequence[BlockKit] = (),
    scorecard: Sequence[BlockKit] = (),
) -> BlockKit:
    """Return the Home of one person: their queue, their drafts and proposals, what they own, one way to propose.

    `away` says when they are away, above all else; `duties` what they have to do besides deciding, `check_ins` what
    they are asked for; `conditions` and `lives` are those of the use cases listed. `outlooks` say what to expect of a
    proposal, by its request. Leads and admins are also shown where requests wait, their `campaigns` and how the
    `fast_lane` does, they and who owns a part of it how the `foundation` does, an admin what is `missing` of the set-up
    and the way to the settings; `glass` says how often break-glass was used. `programme` says which phase it is.
    `scorecard` is theirs, too, and `recorded` what is in use already and everybody's to propose.
    """
    is_busy = bool(snapshot.queue or snapshot.calls or duties or check_ins)
    queue = [header("Waiting for you"), *_queue(snapshot, person_id)] if snapshot.queue or not is_busy else []
    parts = [
        Part([*away, *glass_blocks(snapshot.calls, person_id)], "More calls of break-glass wait; answer these first."),
        Part(queue, "More waits for you; decide some of these and it moves up."),
        Part([*duties, *check_ins], "There is more to do; it moves up as you go."),
        Part(_listed("Your drafts", _drafts(snapshot)), "There are more drafts."),
        Part(_listed("Your proposals", [_way_to_propose()])),
        Part(_proposals(snapshot, outlooks, conditions, lives), MORE),
        Part(_listed("You own", _owned(snapshot, outlooks, conditions, lives)), MORE),
        Part(kpi_blocks(snapshot.measured), "There are more; open the use case to see them."),
        Part(programme, "There is more; `/gatehouse programme` shows all of it."),
        Part([{"type": "divider"}, *where_blocks(waits)] if waits is not None else []),
        Part([context(f"{glass} `/gatehouse break-glass` lists them.")] if glass else []),
        Part(foundation, "`/gatehouse foundation` lists all parts."),
        Part(scorecard),
        Part(fast_lane),
        Part(campaigns),
        Part(recorded),
        Part(_foot(missing)),
    ]
    return {"type": "home", "blocks": fitted(parts)}


def _listed(title: str, blocks: Iterable[BlockKit]) -> list[BlockKit]:
    """Return a part with its title, or nothing where there is nothing to list."""
    found = list(blocks)
    return [{"type": "divider"}, header(title), *found] if found else []


def _foot(missing: Sequence[Missing] | None) -> list[BlockKit]:
    return [
        {"type": "divider"},
        actions(
            "home.buttons",
            button(Action.ABOUT_ME, "About me", "home", label="Say when you work, and in which team and country"),
            away_button(),
        ),
        *setup_blocks(missing),
        context("`/usecase help` and `/gatehouse help` list what you can type."),
    ]


def _way_to_propose() -> BlockKit:
    return actions("home.propose", button(Action.PROPOSE, "Propose a use case", "home", style="primary"))


def _owned(
    snapshot: HomeSnapshot, outlooks: Mapping[UUID, Outlook], conditions: Conditions, lives: Mapping[UUID, Life]
) -> Iterator[BlockKit]:
    for item in _theirs_first(snapshot.owned):
        yield from _proposal(item, outlooks, conditions, snapshot, lives)


def _theirs_first(items: Sequence[Item]) -> list[Item]:
    """Return what was given back to be changed before all else: nobody but its proposer and owner can go on with it."""
    given_back = RequestStatus.CHANGES_REQUESTED
    return sorted(items, key=lambda item: item.request is None or item.request.status is not given_back)


def closed_home() -> BlockKit:
    """Return the Home of somebody who may not act here."""
    text = (
        "Gatehouse is for full members of the organisation. Guests and people from elsewhere cannot propose or decide."
    )
    return {"type": "home", "blocks": [header("Gatehouse"), section(text)]}


def _queue(snapshot: HomeSnapshot, person_id: UUID) -> list[BlockKit]:
    if not snapshot.queue:
        return [section("Nothing waits for you. When it is your turn, you get one direct message.")]
    blocks = _several(snapshot)
    for item in snapshot.queue:
        glass = snapshot.glass.get(item.use_case.id) if item.use_case else None
        blocks += _waiting(item, person_id, glass)
    if len(snapshot.queue) == QUEUE_SHOWN:
        blocks.append(context(f"The {QUEUE_SHOWN} that wait longest are shown."))
    return blocks


def _several(snapshot: HomeSnapshot) -> list[BlockKit]:
    if not snapshot.several:
        return []
    label = "Decide several low-tier requests together"
    return [actions("home.several", button(Action.DECIDE_SEVERAL, "Decide several", "low", label=label))]


def _waiting(item: Item, person_id: UUID, glass: GlassSnapshot | None) -> list[BlockKit]:
    titled, request = item.titled, item.request
    seat = request.open_seat_of(person_id) if request else None
    since = f" · {_by_when(seat)}" if seat else ""
    principal = request.principal_of(person_id) if request else None
    for_whom = f" · for {named(principal.name)}, who is away" if principal else ""
    kind = f"*{called}* · " if request and (called := kind_of(request.subject_kind).called) else ""
    tier = f"{kind}{TIERS[request.tier]} · " if request else ""
    team = f" · team {inline(titled.team)}" if titled.team else ""
    block = section(f"{_called(titled)}\n{tier}{_sent_by(item)}{team}{since}{for_whom}{_alarm(glass)}")
    if request:
        label = f"Decide on {titled.reference}, {titled.title}"
        block["accessory"] = button(Action.OPEN, "Decide", str(request.id), style="primary", label=label)
    return [block]


def _by_when(seat: SeatSnapshot) -> str:
    """Return by when somebody should decide; where nothing says so, since when they are asked."""
    if seat.due_at is None:
        return f"asked {moment(seat.asked_at)}"
    return f"⏰ was due {moment(seat.due_at)}" if seat.is_overdue else f"due by {moment(seat.due_at)}"


def _sent_by(item: Item) -> str:
    """Return who proposed it, or asked for the change that waits."""
    request, use_case = item.request, item.use_case
    if request and request.is_change:
        return f"change asked for by {named(request.proposer.name)}"
    if use_case is not None:
        return f"proposed by {named(use_case.proposer.name)}"
    return f"{kind_of(request.subject_kind).sent} by {named(request.proposer.name)}" if request else ""


def _called(titled: Titled) -> str:
    return f"*{titled.reference}* “{inline(titled.title)}”"


def _alarm(glass: GlassSnapshot | None) -> str:
    return f"\n{alarm_text(glass)}" if glass else ""


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


def _proposals(
    snapshot: HomeSnapshot, outlooks: Mapping[UUID, Outlook], conditions: Conditions, lives: Mapping[UUID, Life]
) -> list[BlockKit]:
    blocks = [block for item in snapshot.sent for block in _sent(item, outlooks)]
    proposals = _theirs_first(snapshot.proposals)
    blocks += [block for item in proposals for block in _proposal(item, outlooks, conditions, snapshot, lives)]
    if len(snapshot.proposals) == PROPOSALS_SHOWN:
        blocks.append(context(f"Your latest {PROPOSALS_SHOWN} are shown; `/usecase UC-1` finds any other."))
    return blocks


def _proposal(
    item: Item,
    outlooks: Mapping[UUID, Outlook],
    conditions: Conditions,
    snapshot: HomeSnapshot,
    lives: Mapping[UUID, Life],
) -> Iterator[BlockKit]:
    """Yield how a use case stands, and the way on where it is with those who proposed or own it."""
    use_case, request = item.use_case, item.request
    if use_case is None:
        return
    if request is None:
        yield section(f"*{use_case.reference}* “{inline(use_case.name)}”\n{USE_CASE_STATES[use_case.state]}")
        return
    expect = outlook_text(outlooks[request.id]) if request.id in outlooks else ""
    holds = what_holds(request, use_case.state, use_case.suspended_by)
    kpis = [] if use_case.state is UseCaseState.RETIRED else snapshot.kpis.get(use_case.id, ())
    short = (*conditions_in_short(conditions.get(use_case.id, ())), *kpis_in_short(kpis))
    life = life_line(lives[use_case.id]) if use_case.id in lives else ""
    told = "\n".join(filter(None, (standing(request), expect, life, holds, approved_until(use_case), *short)))
    alarm = _alarm(snapshot.glass.get(use_case.id))
    block = section(f"*{use_case.reference}* “{inline(use_case.name)}”{alarm}\n{told}")
    what = f"{use_case.reference}, {use_case.name}"
    block["accessory"] = button(Action.OPEN, "Open", str(request.id), label=f"Open {what}")
    yield block
    ways = [kpis_button(use_case.id, what)] if kpis or use_case.may_change else []
    on = _way_on(use_case, request)
    if on is not None:
        action, text = on
        style = "primary" if action is Action.EDIT and text != CHANGE else None
        ways.insert(0, button(action, text, str(use_case.id), style=style, label=f"{text}: {what}"))
    if life:
        ways.append(life_button(use_case))
    if ways:
        yield actions(f"home.use_case.{use_case.id}", *ways)


def _sent(item: Item, outlooks: Mapping[UUID, Outlook]) -> Iterator[BlockKit]:
    """Yield how something that is no use case stands, and the way on where it is with whoever sent it."""
    titled, request = item.titled, item.request
    if request is None:
        return
    expect = outlook_text(outlooks[request.id]) if request.id in outlooks else ""
    told = "\n".join(filter(None, (standing(request), expect)))
    what = f"{titled.reference}, {titled.title}"
    opens = button(Action.OPEN, "Open", str(request.id), label=f"Open {what}")
    yield section(f"{_called(titled)}\n{told}") | {"accessory": opens}
    kind = kind_of(request.subject_kind)
    way = kind.edit if request.status is RequestStatus.CHANGES_REQUESTED else None
    if way is not None:
        pressed = button(way.action, way.text, str(request.subject_id), style="primary", label=f"{way.text}: {what}")
        yield actions(f"home.subject.{request.subject_id}", pressed)


def _way_on(use_case: UseCaseSnapshot, request: RequestSnapshot) -> tuple[Action, str] | None:
    """Return what proposer and owner can do with what is approved, theirs again, or came to nothing."""
    if use_case.state is UseCaseState.RETIRED:
        return None
    if request.status is RequestStatus.CHANGES_REQUESTED:
        return Action.EDIT, "Edit and resubmit"
    if use_case.may_change and use_case.pending_revision is None:
        return Action.EDIT, CHANGE
    if request.status in (RequestStatus.WITHDRAWN, RequestStatus.EXPIRED):
        return Action.PROPOSE_ANEW, "Propose anew"
    if request.status is RequestStatus.REJECTED:
        if request.last_vote() is None:  # the policy refused it: a wrong answer may be corrected
            return Action.EDIT, "Correct it"
        return Action.PROPOSE_ANEW, "Propose anew"
    return None

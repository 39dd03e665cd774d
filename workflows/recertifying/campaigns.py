"""Ask the owners of every approved use case of a tier, a team or both at once, and see who has answered."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from db.enums import Membership, OutboxKind, RecertificationAnswer
from db.ids import new_id
from db.queries import configuration
from db.queries import recertifying as stored
from db.session import Session
from db.tables import Campaign
from workflows import ledger, outbox, people
from workflows.ledger import Fact, LedgerKind, Value
from workflows.outbox import Promise
from workflows.people import ADMIN, LEAD, Actor
from workflows.policy import STEERING
from workflows.recertifying import questions, reading, rules
from workflows.recertifying.holding import IN_CAMPAIGNS, hold, homes
from workflows.recertifying.snapshots import NoCampaign, Progress, Question, Reach, Scope

AT_ONCE = 50
"""How many use cases of a campaign one transaction asks about."""
SHOWN_FOR = timedelta(days=30)
"""How long a campaign that is over is shown with what came of it."""


def teams(session: Session) -> Sequence[str]:
    """Return the teams that have something approved, by name."""
    return stored.teams(session, IN_CAMPAIGNS)


def reach(session: Session, scope: Scope, *, actor: Actor, now: datetime) -> Reach | NoCampaign:
    """Return how many use cases and people a campaign would be about, or why it cannot be started; reads only."""
    refusal = _why_not(session, scope, actor, now=now)
    if refusal is not None:
        return refusal
    found = stored.in_scope(session, IN_CAMPAIGNS, tier=scope.tier, team=scope.team)
    if not found:
        return NoCampaign.NOBODY
    return Reach(scope, len(found), len({each.owner_id for each in found}))


def start(session: Session, scope: Scope, *, actor: Actor, now: datetime) -> Reach | NoCampaign:
    """Ask about everything in scope, due on the scope's day; what is asked about already is due by the sooner of both.

    Whoever steers the programme may. One campaign of the same scope goes on at a time: of two who start it at once one
    is refused.
    """
    configuration.hold_counters(session)
    found = reach(session, scope, actor=actor, now=now)
    if isinstance(found, NoCampaign):
        return found
    campaign_id = new_id()
    values = {"tier": scope.tier, "team": scope.team, "due_on": scope.due_on}
    stored.insert_campaign(session, {"id": campaign_id, "started_by": actor.id, "started_at": now} | values)
    data: dict[str, Value] = {"due": scope.due_on.isoformat(), "cases": found.cases}
    data |= {"tier": scope.tier.value} if scope.tier else {}
    _record(session, campaign_id, Fact(LedgerKind.CAMPAIGN_STARTED, data), actor=actor, now=now)
    gather(session, campaign_id, now=now)
    outbox.promise(session, homes(session, {each.id for each in _steering(session)}), now=now)
    return found


def gathering(session: Session) -> Sequence[UUID]:
    """Return the campaigns that have not asked about everything in their scope yet."""
    return stored.gathering(session)


def gather(session: Session, campaign_id: UUID, *, now: datetime) -> bool:
    """Ask about the next use cases of a campaign, a few at a time: whoever starts a large one waits for none of them.

    The campaign is locked; False when another process has asked about all of them meanwhile.
    """
    row = stored.lock_campaign(session, campaign_id)
    if row is None or row.gathered_at is not None:
        return False
    scope, joined = Scope(row.tier, row.team, row.due_on), stored.cases_in(session, campaign_id)
    actor = people.named(session, [row.started_by])[row.started_by]
    cases = stored.in_scope(session, IN_CAMPAIGNS, tier=scope.tier, team=scope.team)
    left = [each for each in cases if each.use_case_id not in joined]
    for each in left[:AT_ONCE]:
        _join(session, campaign_id, each.use_case_id, scope, actor=actor, now=now)
    if len(left) <= AT_ONCE:
        stored.set_gathered(session, campaign_id, at=now)
    outbox.promise(session, homes(session, {each.owner_id for each in left[:AT_ONCE]}), now=now)
    return True


def progress(session: Session, *, now: datetime) -> list[Progress]:
    """Return the campaigns that go on, and those that ended lately, the newest first."""
    rows = stored.campaigns(session, closed_since=now - SHOWN_FOR)
    return _progress(session, rows)


def progress_of(session: Session, campaign_id: UUID) -> Progress | None:
    row = stored.campaign(session, campaign_id)
    return _progress(session, [row])[0] if row else None


def open_in(session: Session, campaign_id: UUID) -> list[Question]:
    """Return what nobody answered yet in a campaign, soonest due first, for those who steer: they may read it all."""
    ids = [case for _, case, answer in stored.answers_in(session, [campaign_id]) if answer is None]
    found = [reading.question_about(session, each) for each in ids]
    return sorted((each for each in found if each), key=lambda each: (each.due_on, each.use_case.submitted_at))


def over(session: Session, *, now: datetime) -> list[UUID]:
    """Return the campaigns in which nothing is open any more, once whoever started them works again; reads only."""
    found = stored.answered_campaigns(session)
    calendars = people.calendars_of(session, {started_by for _, started_by, _ in found})
    over = []
    for campaign_id, started_by, since in found:
        try:
            works_again = people.add_working(calendars[started_by], since, timedelta())
        except LookupError:  # never again within about two years
            works_again = since
        if works_again <= now:
            over.append(campaign_id)
    return over


def close(session: Session, campaign_id: UUID, *, now: datetime) -> bool:
    """Close a campaign and tell whoever started it what came of it, or the programme leads once they left."""
    row = stored.campaign(session, campaign_id)
    if row is None or not stored.close_campaign(session, campaign_id, at=now):
        return False
    [found] = _progress(session, [row])
    data: dict[str, Value] = {answer.value: number for answer, number in found.answers.items() if answer}
    _record(session, campaign_id, Fact(LedgerKind.CAMPAIGN_ENDED, data), actor=None, now=now)
    is_here = found.started_by.membership is Membership.MEMBER
    told = [found.started_by] if is_here else people.holders_of(session, LEAD)
    news = [Promise(OutboxKind.CAMPAIGN_ENDED, each.slack_id, campaign_id) for each in told]
    outbox.promise(session, [*homes(session, {each.id for each in _steering(session)}), *news], now=now)
    return True


def _why_not(session: Session, scope: Scope, actor: Actor, *, now: datetime) -> NoCampaign | None:
    if not people.roles_of(session, actor.id) & STEERING:
        return NoCampaign.NOT_STEERING
    if scope.tier is None and scope.team is None:
        return NoCampaign.NOTHING_CHOSEN
    today = people.local_day(actor, now)
    if scope.due_on < today + rules.CAMPAIGN_SOONEST:
        return NoCampaign.TOO_SOON
    if scope.due_on > today + rules.CAMPAIGN_LATEST:
        return NoCampaign.TOO_LATE
    goes_on = [each for each in stored.campaigns(session, closed_since=now) if each.closed_at is None]
    is_same = any((each.tier, each.team) == (scope.tier, scope.team) for each in goes_on)
    return NoCampaign.GOES_ON if is_same else None


def _join(session: Session, campaign_id: UUID, use_case_id: UUID, scope: Scope, *, actor: Actor, now: datetime) -> None:
    """Make a use case part of a campaign: ask about it, or bring forward what is asked already."""
    held = hold(session, use_case_id, now=now)
    if held is None or held.use_case.state not in IN_CAMPAIGNS:
        return
    asked, until = held.asked, held.use_case.valid_until
    if asked is None:
        ends = rules.due_on(until, today=held.today) if until else scope.due_on
        asked_id = questions.put(session, held, min(scope.due_on, ends), actor=actor, now=now)
    else:
        asked_id = asked.id
        if asked.answer is None and scope.due_on < asked.due_on:
            prompt_at = questions.first_prompt(session, held, scope.due_on, now=now)
            sooner = {"due_on": scope.due_on, "prompts": 0, "prompt_at": prompt_at}
            stored.update_question(session, asked_id, sooner)
    stored.add_to_campaign(session, campaign_id, asked_id)


def _progress(session: Session, rows: Sequence[Campaign]) -> list[Progress]:
    known = people.named(session, {row.started_by for row in rows})
    counts: dict[UUID, Counter[RecertificationAnswer | None]] = defaultdict(Counter)
    for campaign_id, _, answer in stored.answers_in(session, [row.id for row in rows]):
        counts[campaign_id][answer] += 1
    return [
        Progress(
            id=row.id,
            scope=Scope(row.tier, row.team, row.due_on),
            started_by=known[row.started_by],
            started_at=row.started_at,
            closed_at=row.closed_at,
            answers=dict(counts[row.id]),
        )
        for row in rows
    ]


def _steering(session: Session) -> list[Actor]:
    return [*people.holders_of(session, LEAD), *people.holders_of(session, ADMIN)]


def _record(session: Session, campaign_id: UUID, fact: Fact, *, actor: Actor | None, now: datetime) -> None:
    ledger.record(session, f"campaign:{campaign_id}", [fact], actor=actor.id if actor else None, now=now)

"""Draw campaigns: what one is about, what it would reach, how it stands and what came of it. Values in, blocks out."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Final

from db.enums import RecertificationAnswer, Tier
from handlers.blocks import (
    BlockKit,
    actions,
    button,
    context,
    day,
    modal,
    question,
    searched,
    section,
    sections,
    select,
)
from handlers.ids import Action, Block, Callback
from handlers.recertifying.payloads import as_carried
from handlers.text import TIERS, counted, day_in_words, inline, listed, named
from workflows.recertifying import NoCampaign, Progress, Question, Reach, Scope

TITLE = "Ask owners again"
USUAL_NOTICE = timedelta(days=30)
OPEN_SHOWN = 40
_TIERS: Final = {tier: TIERS[tier] for tier in (Tier.HIGH, Tier.MEDIUM, Tier.LOW)}
NO_CAMPAIGN: Final = {
    NoCampaign.NOT_STEERING: "Only programme leads and admins can ask owners again. Nothing was started.",
    NoCampaign.NOTHING_CHOSEN: "Choose a tier, a team, or both.",
    NoCampaign.TOO_SOON: "Give them at least seven days: choose a later day.",
    NoCampaign.TOO_LATE: "That is more than a year ahead. Choose an earlier day.",
    NoCampaign.NOBODY: "Nothing of that tier and team is approved and in force. Choose another tier or team.",
    NoCampaign.GOES_ON: "Owners are asked about exactly that already. Home shows how it stands; choose another scope.",
}
FIELDS: Final = {
    NoCampaign.NOTHING_CHOSEN: Block.CAMPAIGN_TIER,
    NoCampaign.TOO_SOON: Block.CAMPAIGN_DUE,
    NoCampaign.TOO_LATE: Block.CAMPAIGN_DUE,
    NoCampaign.NOBODY: Block.CAMPAIGN_TIER,
    NoCampaign.GOES_ON: Block.CAMPAIGN_TIER,
}


def scope_modal(today: date, scope: Scope | None = None) -> BlockKit:
    """Ask which use cases a campaign is about, and until when owners have to answer."""
    due = scope.due_on if scope else today + USUAL_NOTICE
    team = (scope.team, scope.team) if scope and scope.team else None
    blocks = [
        section(
            "Whoever owns an approved use case of the tier and team you choose is asked whether it still holds. "
            "What nobody answers for in time is suspended."
        ),
        question(
            Block.CAMPAIGN_TIER,
            "Tier",
            select(_TIERS, placeholder="Every tier", chosen=scope.tier or "" if scope else ""),
            optional=True,
        ),
        question(
            Block.CAMPAIGN_TEAM,
            "Team",
            searched(Block.CAMPAIGN_TEAM, placeholder="Every team", chosen=team),
            optional=True,
        ),
        question(
            Block.CAMPAIGN_DUE,
            "To be answered by",
            day(chosen=due.isoformat()),
            hint="At least seven days ahead. The day ends in each owner's own time zone.",
        ),
    ]
    return modal(Callback.CAMPAIGN_SCOPE, TITLE, blocks, submit="Next")


def reach_modal(reach: Reach) -> BlockKit:
    """Show what a campaign would do before it starts."""
    cases, owners = counted(reach.cases, "use case"), counted(reach.owners, "owner")
    due = day_in_words(reach.scope.due_on)
    blocks = [
        section(f"*{scope_text(reach.scope)}*: {cases} of {owners}."),
        section(
            f"They are asked now, in their working hours, and reminded 14 and 3 days before {due}. "
            "What nobody answered for by the end of that day is suspended."
        ),
        context(
            "What ends sooner keeps its own day. You see on Home who has answered, and get one summary at the end."
        ),
        actions("recertifying.campaign.ways", button(Action.CHOOSE_OWNERS, "Back", as_carried(reach.scope))),
    ]
    return modal(Callback.START_CAMPAIGN, TITLE, blocks, submit="Ask them", carries=as_carried(reach.scope))


def started_text(reach: Reach) -> str:
    cases, owners = counted(reach.cases, "use case"), counted(reach.owners, "owner")
    return f"✅ {cases} of {owners} {'is' if reach.cases == 1 else 'are'} asked about. Home shows who has answered."


def open_modal_of(found: Progress, waiting: Sequence[Question]) -> BlockKit:
    """List what nobody answered yet in a campaign, and who owes the answer."""
    lines = [_open_line(each) for each in waiting[:OPEN_SHOWN]]
    if len(waiting) > OPEN_SHOWN:
        lines.append(f"… and {len(waiting) - OPEN_SHOWN} more.")
    told = sections(*lines) if lines else [section("Everybody has answered.")]
    return modal(Callback.RECERTIFYING, "Not answered yet", [section(progress_line(found)), *told])


def _open_line(asked: Question) -> str:
    who = listed([named(each.name) for each in asked.asked], last="or") or "nobody is left to answer"
    what = f"*{asked.use_case.reference}* “{inline(asked.use_case.name, limit=80)}”"
    return f"• {what}: {who}, by {day_in_words(asked.due_on)}"


def progress_line(found: Progress) -> str:
    """Return how a campaign stands, or what came of it."""
    due = day_in_words(found.scope.due_on)
    when = f"ended, due {due}" if found.closed_at else f"due {due}"
    return f"*{scope_text(found.scope)}* · {when} · {counted(found.asked, 'use case')} asked\n{_counts(found)}"


def summary_text(found: Progress) -> str:
    """Tell who started a campaign what came of it."""
    due = day_in_words(found.scope.due_on)
    lead = f"🏁 You asked whether approvals still hold: *{scope_text(found.scope)}*, due {due}. That is over."
    return f"{lead} Of {counted(found.asked, 'use case')}: {_counts(found)}."


def scope_text(scope: Scope) -> str:
    """Return “High tier, team Claims”."""
    parts = [TIERS[scope.tier] if scope.tier else "", f"team {inline(scope.team)}" if scope.team else ""]
    return ", ".join(filter(None, parts))[:1].upper() + ", ".join(filter(None, parts))[1:]


def _counts(found: Progress) -> str:
    words: dict[RecertificationAnswer | None, str] = {
        RecertificationAnswer.STILL_VALID: "still valid",
        RecertificationAnswer.CHANGED: "changed",
        RecertificationAnswer.RETIRED: "retired",
        RecertificationAnswer.LAPSED: "suspended, as nobody answered",
        RecertificationAnswer.OVERTAKEN: "no longer in question",
        None: "not answered yet",
    }
    told = [f"{found.answers[answer]} {says}" for answer, says in words.items() if found.answers.get(answer)]
    return ", ".join(told)

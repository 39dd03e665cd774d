"""Say what of a use case differs in another team, how a rollout stands, and why there is none."""

from collections.abc import Mapping, Sequence
from typing import Final

from db.enums import RolloutStatus, Section, UseCaseState
from handlers.programme.words import closed_text
from handlers.text import (
    AFFECTED,
    BUILDS,
    DATA_CLASSES,
    DECISIONS,
    OUTPUT_USES,
    PROCESSINGS,
    SUSPENDED_BECAUSE,
    SUSPENDED_UNTIL,
    USE_CASE_STATES,
    counted,
    day_in_words,
    inline,
    listed,
    moment,
    named,
)
from workflows.intake import Proposal, UseCaseSnapshot
from workflows.people import Actor
from workflows.rollouts import (
    LONGEST_DIFFERENCE,
    LONGEST_TEAM,
    MOST_PEOPLE,
    SECTIONS,
    NoRollout,
    NotRolledOut,
    RolloutSnapshot,
)

UNKNOWN: Final = "There is no such rollout, or you have no part in it. Nothing was changed."
NOT_A_COLLEAGUE: Final = "Choose a full member of your organisation: guests, apps and others cannot own it there."
PEOPLE_EXAMPLE: Final = f"Type a whole number of people and nothing else, like 40: from 1 to {MOST_PEOPLE}."
SECTION_NAMES: Final[Mapping[Section, str]] = {
    Section.PURPOSE: "Purpose",
    Section.DATA: "Data",
    Section.MODEL: "Model and vendor",
    Section.PEOPLE: "People affected",
    Section.OVERSIGHT: "Oversight",
    Section.VALUE: "Value",
    Section.COSMETIC: "Name",
}
STATUSES: Final[Mapping[RolloutStatus, str]] = {
    RolloutStatus.IN_REVIEW: "⏳ In review",
    RolloutStatus.CHANGES_REQUESTED: "✏️ Changes requested",
    RolloutStatus.APPROVED: "🚀 Being introduced",
    RolloutStatus.REJECTED: "⛔ Rejected",
    RolloutStatus.WITHDRAWN: "↩️ Withdrawn",
    RolloutStatus.EXPIRED: "⌛ Expired",
    RolloutStatus.DONE: "✅ In use",
}
WHY_NOT: Final[Mapping[NoRollout, str]] = {
    NoRollout.UNKNOWN: UNKNOWN,
    NoRollout.NOT_YOURS: (
        "Only {owner}, who owns {what}, its sponsor, who owns the rollout and programme leads can do that. "
        "Nothing was changed."
    ),
    NoRollout.NO_RULE: (
        "The policy in force does not say who decides about rollouts. An admin adds a rule for `subjects: rollout` to "
        "it, as `docs/policy.md` shows."
    ),
    NoRollout.NOT_SCALING: (
        "{what} is {state}, and goes to other teams only once it is scaling. {owner} owns it and moves it on: "
        "press Open."
    ),
    NoRollout.SUSPENDED: "{what} is suspended: {causes}. {owner} owns it. It goes on once {until}.",
    NoRollout.LAPSED: (
        "The approval of {what} ended on {day}, and a rollout reuses it. {owner} owns it and has it renewed: "
        "press Open."
    ),
    NoRollout.GATES: "{what} cannot go to another team now. {gates}",
    NoRollout.NO_CHECKLIST: (
        "{what} has no onboarding checklist, so nobody there would know what to do. {owner}, who owns it, or a "
        "programme lead writes one."
    ),
    NoRollout.TEAM_MISSING: "Say which team, as it is called in your organisation.",
    NoRollout.TEAM_TOO_LONG: f"At most {LONGEST_TEAM} characters: the team's name alone.",
    NoRollout.OWN_TEAM: "That is the team it was approved for, which has it already. Name another team.",
    NoRollout.TEAM_HAS_IT: "{team} {has} as {other}, which {asked_by} asked for. Name another team, or open {other}.",
    NoRollout.STARTS_MISSING: "Choose the day on which it begins there.",
    NoRollout.STARTS_PAST: "That day has passed. Choose today or a later one.",
    NoRollout.STARTS_TOO_FAR: "Choose a day within a year, and ask for what comes later when it comes.",
    NoRollout.DIFFERENCE_TOO_LONG: (
        f"At most {LONGEST_DIFFERENCE} characters a section. Say what is otherwise, and link the rest."
    ),
    NoRollout.NOT_EDITABLE: "{other} is not with you to be changed: it is {status}. Nothing was changed.",
    NoRollout.CHANGED_MEANWHILE: "{other} was changed while your form was open. Open it again; nothing was stored.",
    NoRollout.NOT_UNDER_WAY: "{other} is {status}, so its steps cannot be changed. Nothing was changed.",
    NoRollout.STEP_UNKNOWN: "{other} has no such step. Open its steps again.",
    NoRollout.STEP_DONE: "Somebody has ticked off that step already. It counts once.",
    NoRollout.STEP_OPEN: "That step is not done, as you wish. Nothing was changed.",
}


def why_text(outcome: NotRolledOut, case: UseCaseSnapshot | None) -> str:
    """Return why there is no rollout, who can change that, and how. Without a use case nothing of it is named."""
    if case is None:
        return UNKNOWN
    other = outcome.other
    return WHY_NOT[outcome.why].format(
        what=what_of(case),
        owner=named(case.owner.name),
        state=state_text(case.state),
        causes=listed([SUSPENDED_BECAUSE[each] for each in case.suspended_by if each in SUSPENDED_BECAUSE], last="and")
        or "somebody suspended it",
        until=listed([SUSPENDED_UNTIL[each] for each in case.suspended_by if each in SUSPENDED_UNTIL], last="and")
        or "that is lifted",
        day=day_in_words(case.valid_until) if case.valid_until else "an earlier day",
        gates=" ".join(map(closed_text, outcome.gates)),
        team=inline(other.team) if other else "That team",
        has=_has(other),
        other=other.reference if other else "It",
        asked_by=named(other.asked_by.name) if other else "somebody",
        status=status_text(other).lower() if other else "settled",
    )


def _has(other: RolloutSnapshot | None) -> str:
    return "is being asked for" if other is not None and other.is_pending else "has it"


def what_of(case: UseCaseSnapshot) -> str:
    return f"*{case.reference}* “{inline(case.name, limit=150)}”"


def state_text(state: UseCaseState) -> str:
    return USE_CASE_STATES[state].lower()


def status_text(rollout: RolloutSnapshot) -> str:
    """Return where a rollout stands, without its mark: “Being introduced, 3 of 7 steps done”."""
    said = STATUSES[rollout.status].partition(" ")[2]
    if rollout.is_under_way:
        return f"{said}, {rollout.done} of {counted(len(rollout.steps), 'step')} done"
    return f"{said} since {moment(rollout.done_at)}" if rollout.done_at else said


def stands_text(rollout: RolloutSnapshot) -> str:
    return f"{STATUSES[rollout.status].partition(' ')[0]} {status_text(rollout)}"


def there_text(rollout: RolloutSnapshot) -> str:
    """Return team, people, start and owner there, as plain text."""
    could = f"{counted(rollout.people, 'person') if rollout.people == 1 else f'{rollout.people} people'} could use it"
    return f"{rollout.team}: {could}, from {day_in_words(rollout.starts_on)}. {rollout.owner.name} owns it there"


def same_text(rollout: RolloutSnapshot) -> str:
    """Return what stays as it was approved, in one line."""
    names = [SECTION_NAMES[each].lower() for each in SECTIONS if each not in rollout.differences]
    if len(names) == len(SECTIONS):
        return "Everything"
    return f"{', '.join(names[:-1])} and {names[-1]}".capitalize() if len(names) > 1 else "".join(names).capitalize()


def also_in(rollouts: Sequence[RolloutSnapshot]) -> str:
    """Return “Also in: Claims, Payments (being introduced, 3 of 7).” of the teams a use case went to; else nothing."""
    found = [_team(each) for each in rollouts if each.status in (RolloutStatus.DONE, RolloutStatus.APPROVED)]
    return f"Also in: {', '.join(found)}." if found else ""


def _team(rollout: RolloutSnapshot) -> str:
    if rollout.status is RolloutStatus.DONE:
        return inline(rollout.team)
    return f"{inline(rollout.team)} (being introduced, {rollout.done} of {len(rollout.steps)})"


def approved_says(says: Proposal, section: Section) -> str:
    """Return in a few words what was approved about a section, for the field that asks what is otherwise there."""
    match section:
        case Section.PURPOSE:
            found = (OUTPUT_USES[says.output_use], says.problem)
        case Section.DATA:
            found = (DATA_CLASSES[says.data_class], PROCESSINGS[says.processing])
        case Section.MODEL:
            found = (BUILDS[says.build], ", ".join(filter(None, (says.vendor, says.model))))
        case Section.PEOPLE:
            found = (" · ".join(AFFECTED[each] for each in says.affected), "")
        case Section.OVERSIGHT:
            found = (DECISIONS[says.decision], says.oversight)
        case _:
            found = (says.benefit, ", ".join(each.name for each in says.kpis))
    return ". ".join(each.rstrip().rstrip(".") for each in found if each)


def asked_text(rollout: RolloutSnapshot, asked: Sequence[Actor]) -> str:
    """Return what becomes of a rollout that was sent."""
    what = f"*{rollout.reference}*"
    if rollout.is_under_way:
        return f"✅ {what} is approved by a line of the policy. Its steps are on the Home of its owner there."
    if rollout.is_pending:
        names = listed([named(each.name) for each in asked], last="and")
        who = f"{names} {'has' if len(asked) == 1 else 'have'} it now." if asked else "Nobody may decide it yet."
        return f"✅ {what} is sent: only what differs is asked about. {who} You are told what comes of it."
    return f"{stands_text(rollout)}: {what}."

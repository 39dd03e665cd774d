"""Whether a use case can be taken to one team more, and what is to be corrected. Values in, values out."""

from collections.abc import Mapping
from datetime import date, timedelta
from enum import StrEnum
from typing import Final

from db.enums import RequestStatus, RolloutStatus, Section, UseCaseState
from workflows.people.rules import team_key

SECTIONS: Final = tuple(each for each in Section if each is not Section.COSMETIC)
"""What may differ where a use case is taken: everything somebody looked at when it was approved."""

LONGEST_TEAM, LONGEST_DIFFERENCE, MOST_PEOPLE = 80, 1000, 1_000_000
FURTHEST: Final = timedelta(days=365)
STATUS_OF: Final = {each: RolloutStatus(each.value) for each in RequestStatus}


class NoRollout(StrEnum):
    """Why nothing was done with a rollout."""

    UNKNOWN = "unknown"
    NOT_YOURS = "not_yours"
    NO_RULE = "no_rule"
    NOT_SCALING = "not_scaling"
    SUSPENDED = "suspended"
    LAPSED = "lapsed"
    GATES = "gates"
    NO_CHECKLIST = "no_checklist"
    TEAM_MISSING = "team_missing"
    TEAM_TOO_LONG = "team_too_long"
    OWN_TEAM = "own_team"
    TEAM_HAS_IT = "team_has_it"
    STARTS_MISSING = "starts_missing"
    STARTS_PAST = "starts_past"
    STARTS_TOO_FAR = "starts_too_far"
    DIFFERENCE_TOO_LONG = "difference_too_long"
    NOT_EDITABLE = "not_editable"
    CHANGED_MEANWHILE = "changed_meanwhile"
    NOT_UNDER_WAY = "not_under_way"
    STEP_UNKNOWN = "step_unknown"
    STEP_DONE = "step_done"
    STEP_OPEN = "step_open"


def why_not_ready(
    state: UseCaseState, *, valid_until: date | None, today: date, gates_closed: bool, has_checklist: bool
) -> NoRollout | None:
    """Return what keeps a use case from being taken to another team, what weighs most first.

    `today` is where its owner is; its approval holds on its last day.
    """
    if state is UseCaseState.SUSPENDED:
        return NoRollout.SUSPENDED
    if state is not UseCaseState.SCALING:
        return NoRollout.NOT_SCALING
    if valid_until is not None and valid_until < today:
        return NoRollout.LAPSED
    if gates_closed:
        return NoRollout.GATES
    return None if has_checklist else NoRollout.NO_CHECKLIST


def why_not_there(
    team: str, own_team: str, starts_on: date | None, differences: Mapping[Section, str], *, today: date
) -> NoRollout | None:
    """Return what is wrong with what was typed; `today` is where whoever asks is."""
    key = team_key(team)
    if not key:
        return NoRollout.TEAM_MISSING
    if len(team) > LONGEST_TEAM:
        return NoRollout.TEAM_TOO_LONG
    if key == team_key(own_team):
        return NoRollout.OWN_TEAM
    if any(len(each) > LONGEST_DIFFERENCE for each in differences.values()):
        return NoRollout.DIFFERENCE_TOO_LONG
    return _why_not_then(starts_on, today)


def _why_not_then(starts_on: date | None, today: date) -> NoRollout | None:
    if starts_on is None:
        return NoRollout.STARTS_MISSING
    if starts_on < today:
        return NoRollout.STARTS_PAST
    return NoRollout.STARTS_TOO_FAR if starts_on > today + FURTHEST else None

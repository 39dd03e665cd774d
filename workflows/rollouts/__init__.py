"""Use cases taken to one team more: the approval is reused, and only what differs is decided."""

from workflows.rollouts.asking import ask, revise, to_ask, to_revise
from workflows.rollouts.reading import (
    PREFIX,
    SUBJECT_KIND,
    insiders,
    may_see_to,
    owner_of,
    rollout_of,
    rollouts_of,
    route,
    subject_of,
    title_of,
    titled,
    under_way_of,
)
from workflows.rollouts.rules import LONGEST_DIFFERENCE, LONGEST_TEAM, MOST_PEOPLE, SECTIONS, NoRollout
from workflows.rollouts.settling import follow_confidentiality, hold_open, settle, take_back_of
from workflows.rollouts.snapshots import NotRolledOut, RolledOut, RolloutSnapshot, StepSnapshot, Wanted
from workflows.rollouts.stepping import finish_step, reopen_step

__all__ = [
    "LONGEST_DIFFERENCE",
    "LONGEST_TEAM",
    "MOST_PEOPLE",
    "PREFIX",
    "SECTIONS",
    "SUBJECT_KIND",
    "NoRollout",
    "NotRolledOut",
    "RolledOut",
    "RolloutSnapshot",
    "StepSnapshot",
    "Wanted",
    "ask",
    "finish_step",
    "follow_confidentiality",
    "hold_open",
    "insiders",
    "may_see_to",
    "owner_of",
    "reopen_step",
    "revise",
    "rollout_of",
    "rollouts_of",
    "route",
    "settle",
    "subject_of",
    "take_back_of",
    "title_of",
    "titled",
    "to_ask",
    "to_revise",
    "under_way_of",
]

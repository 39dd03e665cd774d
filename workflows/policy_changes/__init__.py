"""Changes of the policy itself: put in force at once, or decided by people where the policy in force says so."""

from workflows.policy_changes.deciders import too_few
from workflows.policy_changes.proposing import is_decided, put_forward
from workflows.policy_changes.reading import (
    SUBJECT_KIND,
    change_of,
    insiders,
    origins,
    owner_of,
    subject_of,
    title_of,
    titled,
)
from workflows.policy_changes.rules import Part, PartChanged, TooFew, differences
from workflows.policy_changes.settling import settle
from workflows.policy_changes.snapshots import NotDone, NotPut, PolicyChange, PolicyProposed, PutInForce

__all__ = [
    "SUBJECT_KIND",
    "NotDone",
    "NotPut",
    "Part",
    "PartChanged",
    "PolicyChange",
    "PolicyProposed",
    "PutInForce",
    "TooFew",
    "change_of",
    "differences",
    "insiders",
    "is_decided",
    "origins",
    "owner_of",
    "put_forward",
    "settle",
    "subject_of",
    "title_of",
    "titled",
    "too_few",
]

"""People: who somebody is to the organisation, and which roles they hold."""

from workflows.people.service import (
    Unchecked,
    grant_role,
    holders_of,
    identify,
    mark_home_opened,
    named,
    role_holders,
    store_profile,
    withdraw_role,
)
from workflows.people.snapshots import Actor, NotAMember, Profile

__all__ = [
    "Actor",
    "NotAMember",
    "Profile",
    "Unchecked",
    "grant_role",
    "holders_of",
    "identify",
    "mark_home_opened",
    "named",
    "role_holders",
    "store_profile",
    "withdraw_role",
]

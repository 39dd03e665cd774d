"""Who bakes, cooks and waits at tables in the machine, and the policies that pies may go through."""

from collections.abc import Mapping
from typing import Any

import yaml

from db.enums import Section
from tests.support.chains import lane, stage
from workflows.people import Group

NAMES = ("Ann", "Owen", "Bea", "Bob", "Bill", "Carl", "Cleo", "Wim", "Lea", "Lars", "Dan", "Dora")
"""Ann proposes; Bs bake, Cs cook, Wim waits, Ls lead; Owen holds no role."""
HELD = {
    "baker": ("Bea", "Bob", "Bill", "Ann"),
    "cook": ("Carl",),
    "waiter": ("Wim", "Bea"),
    "lead": ("Lea", "Lars"),
    "chef": ("Bob",),
    "break_glass": ("Dan", "Dora"),
}
COOKS = Group("S_COOKS", "cooks", "Cooks")
ZONES = ("Europe/Berlin", "America/New_York", "Asia/Tokyo", "UTC")
SECTIONS = (Section.PURPOSE, Section.DATA, Section.COSMETIC)
CHANNEL = "C_GOVERNANCE"


def _policy(*stages: Mapping[str, Any], tier: str = "low", **chain: Any) -> str:
    rule_of_pies = {"tier": tier, "chains": {tier: "tested"}}
    return _document(rule_of_pies, {"tested": {"stages": list(stages)} | chain})


def _document(of_pies: Mapping[str, Any], chains: Mapping[str, Any]) -> str:
    roles = {"baker": {}, "cook": {"fallback": "chef"}, "waiter": {}, "chef": {}}
    return yaml.safe_dump(
        {
            "name": "Pies",
            "version": 1,
            "roles": {key: {"name": key.capitalize()} | more for key, more in roles.items()},
            "chains": dict(chains),
            "subjects": {"pie": dict(of_pies)},
        }
    )


def _line(key: str) -> dict[str, str]:
    return {"line": key, "reason": "Because the policy says so."}


def _prohibited() -> str:
    chains = {"tested": {"stages": [stage("taste", lane("bakers", "baker"))]}}
    return _document({"tier": "prohibited", "chains": {}}, chains)


def _approved() -> str:
    chains = {"tested": {"stages": [stage("taste", lane("bakers", "baker"))]}}
    return _document({"tier": "low", "approved_by": {"low": _line("small_pies")}}, chains)


BAKERS = lane("bakers", "baker", rule="all", sections=["purpose"], hours=6)
ANY_BAKER = lane("bakers", "baker", sections=["purpose"], hours=6)
COOK = lane("cooks", "cook", sections=["data"], hours=2)
WAITER = lane("waiters", "waiter", sections=["purpose", "data"], hours=24)
TO_LEADS = {"escalate": {"to": "lead", "how": "replace"}}
TO_CHEFS = {"escalate": {"to": "chef", "how": "add"}}
POLICIES = (
    _policy(stage("taste", BAKERS, COOK), stage("serve", WAITER)),
    _policy(stage("taste", BAKERS, COOK), stage("serve", WAITER), distinct_approvers=True),
    _policy(stage("taste", BAKERS | {"reject": {"at_least": 2}} | TO_LEADS, COOK), stage("serve", WAITER)),
    _policy(stage("taste", ANY_BAKER, COOK | TO_LEADS), stage("serve", WAITER, ANY_BAKER), tier="high"),
    _policy(
        stage("taste", BAKERS | {"rule": {"percent": 60}} | TO_CHEFS),
        stage("serve", COOK | {"rule": {"at_least": 2}}, WAITER),
    ),
    _policy(stage("serve", BAKERS | {"rule": {"at_least": 2}} | TO_LEADS, WAITER | TO_CHEFS), tier="medium"),
    _prohibited(),
    _approved(),
)

"""What is proposed in the machine of what follows a decision, and the policies it may go through."""

from collections.abc import Mapping
from datetime import date
from typing import Any
from uuid import UUID

import yaml

from db.enums import Affected, Build, DataClass, Decision, Direction, OutputUse, Practice, Processing
from tests.support.chains import lane, stage
from workflows import intake
from workflows.intake import Kpi, Proposal

KINDS = ("low", "low", "low", "medium", "medium", "medium", "high", "prohibited")
FACTS: Mapping[str, tuple[DataClass, Decision, tuple[Practice, ...]]] = {
    "low": (DataClass.INTERNAL, Decision.NONE, ()),
    "medium": (DataClass.PERSONAL, Decision.NONE, ()),
    "high": (DataClass.INTERNAL, Decision.MACHINE, ()),
    "prohibited": (DataClass.INTERNAL, Decision.NONE, (Practice.SOCIAL_SCORING,)),
}


def proposal(kind: str, number: int, *, owner: UUID, sponsor: UUID, confidential: bool) -> Proposal:
    """Return a proposal of which the first policy says that it is of this tier."""
    data_class, decision, practices = FACTS[kind]
    return Proposal(
        name=f"Count pies {number}",
        problem="Nobody counts the pies.",
        team="Bakery" if number % 2 else "Kitchen",
        owner_id=owner,
        sponsor_id=sponsor,
        objective="More pies",
        output_use=OutputUse.SUMMARISING,
        outputs="A list of pies.",
        benefit="Fewer pies are lost.",
        data_class=data_class,
        processing=Processing.OWN_CLOUD,
        build=Build.IN_HOUSE,
        affected=(Affected.OWN_TEAM,),
        decision=decision,
        areas=(),
        practices=practices,
        kpis=(Kpi("Pies lost", "pies", Direction.DOWN, 10.0, 2.0, None, date(2030, 12, 31)),),
        oversight="Bea reads all of it.",
        confidential=confidential,
    )


def typed(kind: str, *, benefit: str, name: str, owner: str) -> dict[str, str | tuple[str, ...]]:
    """Return what somebody types who edits a proposal: it is of another kind, says else, or has another owner."""
    data_class, decision, practices = FACTS[kind]
    return {
        "data_class": data_class.value,
        "decision": decision.value,
        "practices": tuple(each.value for each in practices) or (intake.NONE,),
        "benefit": benefit,
        "name": name,
        "owner": owner,
    }


def _line(key: str, **when: Any) -> dict[str, Any]:
    return {"line": key, "reason": "Because the policy says so."} | ({"when": when} if when else {})


def _policy(
    *,
    audit: Mapping[str, Any] | None = None,
    medium: str = "one",
    high_data: str = "sensitive_personal",
    renewed_by: str = "owner",
    months: int = 2,
) -> str:
    bakers = lane("bakers", "baker", sections=["purpose", "data", "oversight", "value"], hours=20)
    cooks = lane("cooks", "cook", sections=["data", "model"], hours=20)
    fast = {"approved_by": {"low": [_line("small_pies") | {"audit": {"role": "waiter", **audit}}]}} if audit else {}
    return yaml.safe_dump(
        {
            "name": "Cases",
            "version": 1,
            "roles": {key: {"name": key.capitalize()} for key in ("baker", "cook", "waiter", "chef")},
            "tiers": {
                "prohibited": [_line("scoring", practices=["social_scoring"])],
                "high": [_line("machine", decision=["machine"]), _line("much", data_class=[high_data])],
                "medium": [_line("personal", data_class=["personal"])],
            },
            "chains": {
                "one": {"stages": [stage("look", bakers)]},
                "both": {"stages": [stage("look", bakers | {"rule": {"at_least": 2}}, cooks)]},
                "two": {"stages": [stage("look", cooks), stage("decide", bakers)]},
            },
            "subjects": {"use_case": {"chains": {"low": "one", "medium": medium, "high": "two"}} | fast},
            "validity": {
                "high": {"months": months, "renewed_by": "chain"},
                "medium": {"months": months, "renewed_by": renewed_by},
                "low": {"months": months + 1},
            },
        },
        sort_keys=False,
    )


HALF = {
    "share": 50,
    "answer_within_hours": 24,
    "widen": {"after_failures": 1, "to": 100},
    "close": {"after_failures": 2},
}
POLICIES = (
    _policy(audit=HALF),
    _policy(audit=HALF | {"share": 100, "of_last": 3}, medium="two", renewed_by="chain", months=3),
    _policy(medium="both"),
    _policy(audit=HALF, high_data="personal"),
)
"""The usual one; one that audits all and lets people renew; one in which people approve all; one that is stricter."""

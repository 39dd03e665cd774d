"""`python -m bot.cli.demo_routes`: write docs/real-cases.md, where the shipped policy sends the demo's use cases."""

import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from bot.cli.demo import company
from bot.cli.demo_cases import Case, facts, read
from bot.cli.demo_setup import ROLES
from db.enums import LaneRule, Tier
from workflows import policy
from workflows.policy import Lane, Policy, Route, TierReason

DOCUMENT: Final = Path(__file__).parents[2] / "docs" / "real-cases.md"
KIND: Final = "use_case"
_LEAD: Final = """# Thirty real use cases, and where the default policy sends them

`./scripts/demo` fills its company with these. Names and texts are those of US federal agencies, word for word, from
the consolidated 2025 inventory of AI use cases (US Government work, public domain); `bot/cli/demo_cases.yml` holds
them and says where each is from. **The answers that decide the tier are ours.** The inventory does not ask for them in
this form, so they were written by hand for a made-up bank; they say nothing about what an agency does, and neither
does a tier.

What follows an approval is ours as well. Two are brought into use, *Create description of documents …* and the first
*Developer Code Assistant AI*. These and five more report numbers week by week: teams of 4 to 42 people, hours saved,
outputs that had to be corrected and why, one that is off track, one at risk, one whose owner is away, and several of
which nobody says anything.

The people are the demo's, without whoever proposes or owns the case. Lanes with a comma between them are asked at the
same time; an arrow leads to the next stage. `python -m bot.cli.demo_routes` writes this page, and a test compares it
with what the policy does.
"""
_COLUMNS: Final = (
    "Use case",
    "From",
    "The register says",
    "Tier",
    "Because (lines of the policy, and the answers they match)",
    "Who decides",
)


def main() -> int:
    DOCUMENT.write_text(document(policy.parse(policy.default_text())), encoding="utf-8")
    print(f"{DOCUMENT.name} is written.")
    return 0


def document(rules: Policy) -> str:
    """Return the page under these rules."""
    cases = read()
    real = [case for case in cases if not case.made_up]
    lines = [_LEAD, *_table(_COLUMNS, (_row(rules, case) for case in real)), ""]
    lines += [_counts(rules, real), "", "## Two that are invented", ""]
    lines += ["Nothing among the thirty is prohibited, so these two were made up for the demo.", ""]
    invented = (_row(rules, case) for case in cases if case.made_up)
    lines += _table((_COLUMNS[0], *_COLUMNS[3:]), ((row[0], *row[3:]) for row in invented))
    return "\n".join(lines) + "\n"


def _row(rules: Policy, case: Case) -> tuple[str, ...]:
    route = policy.route_under(rules, KIND, facts(case.answers))
    return (
        _cell(case.name) + _how(case),
        _origin(case),
        ", ".join(_cell(case.register[part]) for part in ("classification", "is_high_impact"))
        if case.register
        else "–",
        route.tier.value,
        ", ".join(f"`{reason.line}`{_matched(reason)}" for reason in route.reasons),
        _way(route, holders_without(case)),
    )


def _origin(case: Case) -> str:
    agency, number = (str(case.register.get(part) or "") for part in ("agency", "id"))
    return number if number.startswith(agency) else f"{agency} {number}".strip()


def _how(case: Case) -> str:
    """Say what is special about a case in the demo."""
    if case.stops_at:
        return " *(left as a draft)*"
    if case.joins:
        return " *(joins the one above it)*"
    return " *(confidential)*" if case.answers.get("confidential") else ""


def _matched(reason: TierReason) -> str:
    told = "; ".join(f"{answer.fact}: {answer.value}" for answer in reason.matched)
    return f" ({told.replace('_', ' ')})" if told else ""


def holders_without(case: Case) -> dict[str, list[str]]:
    """Return who may decide for each role, by name: its holders without the case's proposer and owner."""
    users = {user["id"]: user for user in company()["users"]}
    groups: Mapping[str, Any] = {group["id"]: group["users"] for group in company()["usergroups"]}
    return {
        role: [
            users[person]["real_name"]
            for who in holders
            for person in groups.get(who, [who])
            if users[person]["name"] not in (case.proposer, case.owner)
        ]
        for role, holders in ROLES.items()
    }


def _way(route: Route, holders: Mapping[str, Sequence[str]]) -> str:
    if route.chain is None:
        verb = "refused" if route.tier is Tier.PROHIBITED else "approved"
        return f"nobody: {verb} by the line `{route.decided.line if route.decided else ''}`"
    return " → ".join(", ".join(_lane(lane, holders) for lane in stage.lanes) for stage in route.chain.stages)


def _lane(lane: Lane, holders: Mapping[str, Sequence[str]]) -> str:
    amount = {
        LaneRule.ANY: "",
        LaneRule.ALL: "all of ",
        LaneRule.AT_LEAST: f"{lane.rule.amount} of ",
        LaneRule.PERCENT: f"{lane.rule.amount} % of ",
    }[lane.rule.kind]
    joined = (" or " if lane.rule.kind is LaneRule.ANY else ", ").join(holders[lane.role])
    return f"**{lane.name}** ({amount}{joined})"


def _counts(rules: Policy, cases: Sequence[Case]) -> str:
    tiers = [policy.route_under(rules, KIND, facts(case.answers)).tier.value for case in cases]
    counted = ", ".join(f"{tiers.count(tier)} {tier}" for tier in ("low", "medium", "high"))
    return f"Of these {len(cases)}: {counted}."


def _table(columns: Sequence[str], rows: Iterator[tuple[str, ...]]) -> list[str]:
    return [f"| {' | '.join(row)} |" for row in (columns, ["---"] * len(columns), *rows)]


def _cell(text: str) -> str:
    """Return a text as a cell of a table shows it: on one line, and none of it taken for a mark."""
    plain = " ".join(text.split())
    for mark in ("\\", "|", "<", "*", "_", "`"):
        plain = plain.replace(mark, f"\\{mark}")
    return plain


if __name__ == "__main__":
    sys.exit(main())

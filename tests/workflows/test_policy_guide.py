"""docs/policy.md is held to the program: its examples can be used, and what it says is refused is, in those words."""

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from bot.cli import main
from db.enums import Tier
from workflows.policy import BUILT_IN, OF_ONE, Facts, Policy, PolicyError, parse, route_under, shape
from workflows.policy.checks import MOST_FALLBACKS, MOST_LANES_IN_CHAIN
from workflows.policy.service import default_text

GUIDE = (Path(__file__).parents[2] / "docs" / "policy.md").read_text(encoding="utf-8")
[EXAMPLE, *CHANGES] = re.findall(r"^```yaml\n(.*?)^```$", GUIDE, re.MULTILINE | re.DOTALL)


def rows(heading: str) -> list[list[str]]:
    """Return the rows of the table under a heading, without marks for code."""
    section = re.split(r"^## ", GUIDE, flags=re.MULTILINE)
    [text] = [each for each in section if each.startswith(heading)]
    cells = [re.split(r" \| ", line.strip("| ")) for line in text.splitlines() if line.startswith("|")]
    return [[cell.strip("`") for cell in row] for row in cells[2:]]


def merged(first: Any, second: Any) -> Any:
    """Return a part of a policy with a change in it: keys and items of the same key are joined, new ones added.

    Items stand in the order of the change where it names all there are.
    """
    if isinstance(first, dict) and isinstance(second, dict):
        return {**first, **{key: merged(first.get(key), value) for key, value in second.items()}}
    if isinstance(first, list) and isinstance(second, list) and isinstance(second[0], dict):
        known = {each.get("key", each.get("line")): each for each in first}
        added = {each.get("key", each.get("line")): each for each in second}
        joined = merged(known, added)
        return [joined[key] for key in (added if known.keys() <= added.keys() else joined)]
    return second


def test_the_example_can_be_used() -> None:
    policy = parse(EXAMPLE)

    assert policy.questions[0].options == {"yes": "Signed", "soon": "Being negotiated", "no": "No"}


def changed(number: int) -> Policy:
    """Return the shipped policy with one of the guide's changes in it."""
    before, change = (
        yaml.load(text, Loader=yaml.BaseLoader)  # noqa: S506 - it makes texts only
        for text in (default_text(), CHANGES[number])
    )
    return parse(yaml.safe_dump(merged(before, change)))


def test_the_lane_it_adds_is_asked_where_it_says() -> None:
    facts: Facts = {"affected": frozenset({"customers"}), "data_class": frozenset({"internal"})}
    found = route_under(changed(0), "use_case", facts)

    assert found.chain is not None
    assert [lane.key for lane in found.chain.stages[0].lanes] == ["governance", "legal", "accessibility"]


def test_the_question_it_adds_raises_the_tier() -> None:
    acting: Facts = {"output_use": frozenset({"acting"}), "acts_on": frozenset({"ours"})}

    assert route_under(changed(1), "use_case", acting).tier is Tier.MEDIUM
    assert route_under(changed(1), "use_case", {**acting, "acts_on": frozenset({"ours", "pays"})}).tier is Tier.HIGH


def test_the_sponsor_it_adds_decides_last_on_what_is_high() -> None:
    policy = changed(2)
    facts: Facts = {"areas": frozenset({"health"}), "decision": frozenset({"machine"})}
    found = route_under(policy, "use_case", facts)

    assert (found.tier, found.chain and found.chain.stages[-1].lanes[0].role) == (Tier.HIGH, "sponsor")
    assert found.chain is not None
    [sponsor] = found.chain.stages[-1].lanes
    assert policy.stand_ins(sponsor, found.chain) == ("objective_owner", "lead")


def test_those_it_lets_stand_in_are_asked_in_the_order_it_says() -> None:
    policy = changed(3)
    chain = policy.chains["standard"]
    [legal] = [lane for lane in chain.stages[0].lanes if lane.key == "legal"]

    assert policy.stand_ins(legal, chain) == ("risk", "governance", "council", "lead")


def test_the_fast_lane_it_adds_approves_what_is_known_and_leaves_the_rest_to_the_next_line() -> None:
    policy = changed(4)
    own: Facts = {"output_use": frozenset({"drafting"}), "affected": frozenset({"own_team"})}

    def line(**answers: str) -> str | None:
        found = route_under(policy, "use_case", {**own, **{fact: frozenset({said}) for fact, said in answers.items()}})
        return found.decided.line if found.decided else None

    assert line() == "drafts_for_ourselves"
    assert line(output_use="finding") == "low_by_policy"
    closed = route_under(policy, "use_case", own, closed=("drafts_for_ourselves", "low_by_policy"))
    assert closed.chain == policy.chains["light"]


def test_it_lists_every_fact_with_every_answer() -> None:
    told = {row[0]: (row[1].split(", "), row[2]) for row in rows("From answers to a tier")}

    assert told == {
        fact: ([each.value for each in values], "one" if fact in OF_ONE else "any number")
        for fact, values in BUILT_IN.items()
    }


def test_it_names_every_key() -> None:
    told = "\n".join(row[0] for row in rows("Every key"))
    parts = (
        shape.Policy,
        shape.Role,
        shape.Question,
        shape.TierRule,
        shape.Tiers,
        shape.Chain,
        shape.Lane,
        shape.Stage,
        shape.ApprovingLine,
        shape.AuditRule,
        shape.Widening,
        shape.Closing,
    )

    keys = {key for part in (*parts, shape.SubjectRule) for key in part.model_fields}
    missing = {key for key in keys if not re.search(rf"\b{key}\b", told)}
    assert missing == {"prohibited", "high", "medium"}  # it says TIER


def test_what_it_shows_of_a_route_is_what_is_printed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("policy.yml").write_text(EXAMPLE, encoding="utf-8")
    [(command, printed)] = re.findall(
        r"^\$ gatehouse (policy route [^\n]*)\n(.*?)^```$", GUIDE, re.MULTILINE | re.DOTALL
    )

    assert main(command.split()) == 0

    assert capsys.readouterr().out == printed


@pytest.mark.parametrize(("instead_of", "wrote", "reads"), rows("What is refused"), ids=lambda text: text[:40])
def test_each_mistake_is_said_in_the_words_it_gives(instead_of: str, wrote: str, reads: str) -> None:
    assert instead_of in EXAMPLE

    with pytest.raises(PolicyError) as caught:
        parse(EXAMPLE.replace(instead_of, wrote, 1))

    assert any(each.endswith(f": {reads}") for each in caught.value.problems), caught.value.problems


def test_it_says_the_limits() -> None:
    told = "\n".join(" | ".join(row) for row in rows("Every key"))

    for limit in (
        f"{MOST_FALLBACKS} in a row",
        f"{shape.MOST_ROLES} roles",
        f"{shape.MOST_QUESTIONS} questions",
        f"{shape.MOST_OPTIONS:,};",
        f"{shape.MOST_RULES} lines a tier",
        f"{shape.MOST_CONDITIONS} facts",
        f"{shape.MOST_STAGES} stages; {shape.MOST_CHAINS} chains",
        f"{shape.MOST_LANES} a stage, {MOST_LANES_IN_CHAIN} a chain",
    ):
        assert limit in told


def test_with_its_last_change_two_admins_decide_about_the_policy() -> None:
    found = route_under(changed(-1), "policy", {})

    assert found.chain is not None
    [admins] = found.chain.stages[0].lanes
    assert (admins.role, admins.rule.amount) == ("admin", 2)

"""A policy file is data people write: every mistake is named with its line and key."""

import re

import pytest
import yaml

from db.enums import LaneRule, Section, Tier
from tests.support.chains import lane, policy_text, stage
from workflows.policy import PolicyError, parse
from workflows.policy.service import default_text

GOOD = """\
name: House policy
version: 1
chains:
  standard:
    stages:
      - key: review
        name: Review
        lanes:
          - key: governance
            name: AI governance
            role: governance
            rule: any
            sections: [purpose, data]
            remind_after_hours: 24
subjects:
  use_case:
    tier: medium
    chain: standard
"""


def problems(text: str) -> list[str]:
    with pytest.raises(PolicyError) as caught:
        parse(text)
    return caught.value.problems


def test_a_good_file_says_what_it_says() -> None:
    policy = parse(GOOD)

    [only] = policy.chains["standard"].stages[0].lanes
    assert (only.role, only.rule, only.sections) == ("governance", LaneRule.ANY, (Section.PURPOSE, Section.DATA))
    assert policy.subjects["use_case"].tier is Tier.MEDIUM


def test_the_shipped_policy_can_be_used() -> None:
    assert "use_case" in parse(default_text()).subjects


def test_chains_of_several_stages_and_lanes_can_be_used() -> None:
    stages = (stage("one", lane("a", "x"), lane("b", "y", rule="all")), stage("two", lane("a", "z")))

    assert [len(each.lanes) for each in parse(policy_text(*stages)).chains["tested"].stages] == [2, 1]


@pytest.mark.parametrize(
    ("old", "new", "line", "key"),
    [
        pytest.param("rule: any", "rule: most", 12, "lanes.0.rule", id="a rule that does not exist"),
        pytest.param("role: governance", "role: The Board", 11, "lanes.0.role", id="a role that is no key"),
        pytest.param("role: governance", "rolle: governance", 11, "lanes.0.rolle", id="a key misspelt"),
        pytest.param("            role: governance\n", "", 9, "lanes.0.role", id="a key left out"),
        pytest.param("[purpose, data]", "[]", 13, "lanes.0.sections", id="a lane that covers nothing"),
        pytest.param("[purpose, data]", "[purpose, price]", 13, "sections.1", id="a section nobody knows"),
        pytest.param("hours: 24", "hours: 0", 14, "remind_after_hours", id="a reminder at once"),
        pytest.param("hours: 24", "hours: 99999", 14, "remind_after_hours", id="a reminder next decade"),
        pytest.param("hours: 24", "hours: soon", 14, "remind_after_hours", id="a number in words"),
        pytest.param("version: 1", "version: 2", 2, "version", id="a format of the future"),
        pytest.param("name: House policy", "name: ''", 1, "name", id="a name of nothing"),
        pytest.param("tier: medium", "tier: middling", 17, "subjects.use_case.tier", id="a tier nobody knows"),
        pytest.param("chain: standard", "chain: other", 1, "other", id="a chain that is not there"),
        pytest.param("[purpose, data]", "[purpose, data", 14, "not YAML", id="a bracket left open"),
        pytest.param("    tier: medium", "\ttier: medium", 17, "not YAML", id="a tab"),
        pytest.param("House policy", "House \x07 policy", 1, "not YAML", id="a bell"),
        pytest.param("version: 1", "version: 2026-13-45", 2, "version", id="a day that is not in the calendar"),
        pytest.param("rule: any", "rule: any\n            rule: all", 13, "rule", id="a key given twice"),
        pytest.param("rule: any", "rule: any\n            ? [a]\n            : 1", 13, "", id="a key that is a list"),
    ],
)
def test_a_mistake_is_named_with_its_line_and_key(old: str, new: str, line: int, key: str) -> None:
    assert old in GOOD

    told = problems(GOOD.replace(old, new, 1))

    assert any(re.match(rf"line {line}: ", each) and key in each for each in told), told


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("", id="an empty file"),
        pytest.param("just words", id="words"),
        pytest.param("- a\n- list\n", id="a list"),
        pytest.param("a: &a [*a]", id="a list in itself"),
        pytest.param("name: !!python/object/apply:os.getcwd []", id="a file that wants to run code"),
        pytest.param("\ud800", id="half a character"),
    ],
)
def test_what_is_no_policy_at_all_is_refused_in_words(text: str) -> None:
    assert all(each.startswith("line ") for each in problems(text))


def test_all_mistakes_are_named_at_once() -> None:
    told = problems(GOOD.replace("rule: any", "rule: most").replace("tier: medium", "tier: middling"))

    assert len(told) == 2


def test_two_lanes_of_one_stage_need_different_keys() -> None:
    [told] = problems(policy_text(stage("one", lane("same", "x"), lane("same", "y"))))

    assert "two lanes have the same key" in told
    assert re.match(r"line \d+: chains\.tested\.stages\.0", told)


def test_a_policy_keeps_its_meaning_when_it_is_written_anew() -> None:
    assert parse(yaml.safe_dump(yaml.safe_load(GOOD))) == parse(GOOD)

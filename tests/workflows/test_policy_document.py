"""A policy file is data people write: every mistake is named with its line and key, in words they understand."""

import re

import pytest
import yaml

from db.enums import LaneRule, Section, Tier
from tests.support.chains import lane, policy_text, stage
from workflows.policy import PolicyError, parse, text_of
from workflows.policy.problems import MOST_TOLD
from workflows.policy.service import default_text

GOOD = """\
name: House policy
version: 1
roles:
  governance: {name: AI governance, fallback: board}
  board: {name: The board, fallback: lead}
questions:
  - key: records
    ask: How long is it kept?
    kind: choice
    options: {no: Not at all, year: A year}
    section: data
  - key: comment
    ask: Anything else?
    kind: text
    section: purpose
    optional: yes
tiers:
  medium:
    - line: kept_long
      reason: It is kept for a year.
      when: {records: year, data_class: [personal, sensitive_personal]}
chains:
  standard:
    stages:
      - key: review
        name: Review
        lanes:
          - key: governance
            name: AI governance
            role: governance
            rule: {at_least: 2}
            sections: [purpose, data]
            answer_within_hours: 24
subjects:
  use_case:
    chains: {high: standard, medium: standard}
    approved_by:
      low: {line: harmless, reason: Nothing calls for more.}
"""


LANE = "chains.standard.stages.review.lanes.governance"
WHEN = "tiers.medium.kept_long.when"


def problems(text: str) -> list[str]:
    with pytest.raises(PolicyError) as caught:
        parse(text)
    return caught.value.problems


def test_a_good_file_says_what_it_says() -> None:
    policy = parse(GOOD)

    [only] = policy.chains["standard"].stages[0].lanes
    assert (only.role, only.rule.kind, only.rule.amount) == ("governance", LaneRule.AT_LEAST, 2)
    assert only.sections == (Section.PURPOSE, Section.DATA)
    [line] = policy.subjects["use_case"].approved_by[Tier.LOW]
    assert (line.line, line.when, line.audit) == ("harmless", None, None)
    assert policy.fallbacks("governance") == ("board", "lead")


def test_a_word_is_the_word_that_stands_there() -> None:
    """YAML takes `no` for false and `1_0` for ten; nobody who writes options means that."""
    records, comment = parse(GOOD.replace("A year", "1_0").replace("year", "2024")).questions

    assert records.options == {"no": "Not at all", "2024": "1_0"}
    assert comment.optional is True


def test_one_value_needs_no_brackets() -> None:
    assert parse(GOOD).tiers.medium[0].when["records"] == ("year",)


def test_a_part_that_was_named_can_be_used_again() -> None:
    other = (
        "          - {key: b, name: B, role: board, rule: all, sections: [data], answer_within_hours: 1, when: *kept}\n"
    )
    text = GOOD.replace("when: {records", "when: &kept {records").replace("subjects:", other + "subjects:")

    assert parse(text).chains["standard"].stages[0].lanes[1].when == parse(GOOD).tiers.medium[0].when


def test_the_shipped_policy_can_be_used() -> None:
    assert "use_case" in parse(default_text()).subjects


def test_chains_of_several_stages_and_lanes_can_be_used() -> None:
    stages = (stage("one", lane("a", "x"), lane("b", "y", rule="all")), stage("two", lane("a", "z")))

    assert [len(each.lanes) for each in parse(policy_text(*stages)).chains["tested"].stages] == [2, 1]


WRONG_SHAPES = {
    "a rule that does not exist": (
        "{at_least: 2}",
        "most",
        f"31: {LANE}.rule: a rule is written any, all, at_least: 2 or percent: 60",
    ),
    "a number in words": (
        "{at_least: 2}",
        "{at_least: two}",
        f"31: {LANE}.rule: at_least takes a whole number from 1 to 100, of people, not “two”",
    ),
    "more than everybody": ("{at_least: 2}", "{percent: 101}", "to 100, of per cent, not “101”"),
    "nobody at all": ("{at_least: 2}", "{at_least: 0}", "to 100, of people, not “0”"),
    "a list for a number": ("{at_least: 2}", "{at_least: [2]}", "to 100, of people, not a list"),
    "two rules in one": ("{at_least: 2}", "{at_least: 2, percent: 60}", f"31: {LANE}.rule: a rule is written"),
    "rejections by all": (
        "rule: {at_least: 2}",
        "rule: {at_least: 2}\n            reject: all",
        f"32: {LANE}.reject: what ends a lane is written any or at_least: 2",
    ),
    "an escalation to nobody": (
        "rule: {at_least: 2}",
        "rule: {at_least: 2}\n            escalate: {to: bord}",
        f"32: {LANE}.escalate.to: role “bord” is not under roles",
    ),
    "a key misspelt": (
        "            role:",
        "            rolle:",
        (
            f"30: {LANE}.rolle: there is no key “rolle” here; there are key, name, role, rule, reject, sections, "
            "answer_within_hours, fallback, escalate, when. Did you mean “role”?"
        ),
    ),
    "a key of nothing": (
        "section: data",
        "pepper: data",
        "11: questions.records.pepper: there is no key “pepper” here; there are key, ask, hint,",
    ),
    "a key misspelt at the top": (
        "name: House",
        "nmae: House",
        (
            "1: nmae: there is no key “nmae” here; there are name, version, roles, questions, tiers, chains, subjects, "
            "validity, programme. Did you mean “name”?"
        ),
    ),
    "a key left out": ("            role: governance\n", "", f"28: {LANE}.role: the key “role” is missing"),
    "a value left out": ("role: governance", "role:", f"30: {LANE}.role: nothing stands after the colon"),
    "a list for a text": ("name: Review", "name: [Review]", "review.name: a text belongs here, not a list"),
    "a word for a list": ("[purpose, data]", "data", f"32: {LANE}.sections: a list belongs here: [a, b], or lines"),
    "a lane that covers nothing": ("[purpose, data]", "[]", f"32: {LANE}.sections: at least 1 must stand here"),
    "a section nobody knows": (
        "[purpose, data]",
        "[purpose, price]",
        f"32: {LANE}.sections: “price” is none of purpose, data, model, people, oversight, value, cosmetic",
    ),
    "a reminder at once": ("hours: 24", "hours: 0", f"33: {LANE}.answer_within_hours: “0” is less than 0.25"),
    "a reminder next decade": ("hours: 24", "hours: 99999", "“99999” is more than 2160"),
    "an hour in words": ("hours: 24", "hours: soon", "answer_within_hours: a number belongs here, not “soon”"),
    "an hour that is no number": (
        "hours: 24",
        "hours: nan",
        f"33: {LANE}.answer_within_hours: a number belongs here, not “nan”",
    ),
    "an hour that never ends": (
        "hours: 24",
        "hours: inf",
        f"33: {LANE}.answer_within_hours: a number belongs here, not “inf”",
    ),
    "a format of the future": (
        "version: 1",
        "version: 2",
        "2: version: this is the version of the file's format, and it is 1",
    ),
    "a day that is not in the calendar": (
        "version: 1",
        "version: 2026-13-45",
        "2: version: a whole number belongs here, not “2026-13-45”",
    ),
    "a number nobody can read": (
        "version: 1",
        "version: " + "1" * 5000,
        "2: version: a whole number belongs here, not “1111",
    ),
    "a name of nothing": ("name: House policy", "name: ''", "1: name: nothing stands here"),
    "a name of a dash": (
        "name: House policy",
        "name: '–'",
        "1: name: “–” cannot stand here: write at least one letter",
    ),
    "a name too long for an option": (
        "name: House policy",
        f"name: {'x' * 76}",
        "1: name: at most 75 characters; these are 76",
    ),
    "a perhaps": (
        "optional: yes",
        "optional: perhaps",
        "16: questions.comment.optional: true or false belongs here, not “perhaps”",
    ),
    "a kind of question nobody knows": (
        "kind: choice",
        "kind: pick",
        "9: questions.records.kind: “pick” is none of choice, choices, text",
    ),
    "options without texts": (
        "{no: Not at all, year: A year}",
        "[no, year]",
        "10: questions.records.options: keys with values belong here, not a list",
    ),
    "an option's key of two words": (
        "year: A year",
        "A year: 12",
        "10: questions.records.options.A year: “A year” cannot stand here: write small letters, digits and _",
    ),
    "a role's key of two words": ("  board: {", "  The Board: {", "5: roles.The Board: “The Board” cannot stand here"),
    "a tier nobody knows": (
        "high: standard",
        "extreme: standard",
        "36: subjects.use_case.chains.extreme: “extreme” is none of prohibited, high, medium, low",
    ),
    "one chain for many": (
        "chains: {high",
        "chain: {high",
        (
            "36: subjects.use_case.chain: there is no key “chain” here; there are tier, chains, approved_by. "
            "Did you mean “chains”?"
        ),
    ),
    "a condition of nothing": (
        "when: {records: year, data_class: [personal, sensitive_personal]}",
        "when: {}",
        f"21: {WHEN}: at least 1 must",
    ),
    "a condition of no values": ("records: year", "records: []", f"21: {WHEN}.records: at least 1 must stand here"),
    "a condition of keys": ("records: year", "records: {year: 1}", f"21: {WHEN}.records: a list belongs here"),
}

WHAT_DOES_NOT_FIT = {
    "a role that is not there": (
        "role: governance",
        "role: The Board",
        (
            f"30: {LANE}.role: role “The Board” is not under roles; there are governance, board, admin, auditor, lead, "
            "stakeholder, sponsor, owners_manager, objective_owner"
        ),
    ),
    "a fallback that is not there": (
        "fallback: board",
        "fallback: bord",
        "4: roles.governance.fallback: role “bord” is not under roles",
    ),
    "a circle of fallbacks": (
        "fallback: lead",
        "fallback: governance",
        "5: roles.board.fallback: a circle: board > governance > board",
    ),
    "a role that falls back on itself": (
        "fallback: board",
        "fallback: governance",
        "4: roles.governance.fallback: a circle: governance > governance",
    ),
    "a role that is always there": (
        "  board: {",
        "  lead: {",
        "5: roles.lead: this role is always there; leave it out",
    ),
    "a role everybody would take for the sponsor": (
        "  board: {",
        "  sponsor: {",
        "5: roles.sponsor: who this is follows from each use case, and is always there; leave it out",
    ),
    "two approvals of one sponsor": (
        "role: governance",
        "role: sponsor",
        f"31: {LANE}.rule: “sponsor” is one person, and can never be 2",
    ),
    "two rejections by one manager": (
        "            role: governance\n            rule: {at_least: 2}\n",
        "            role: owners_manager\n            rule: any\n            reject: {at_least: 2}\n",
        f"32: {LANE}.reject: “owners_manager” is one person, and can never be 2",
    ),
    "a lane's fallback that is not there": (
        "            role: governance\n",
        "            role: governance\n            fallback: bord\n",
        f"31: {LANE}.fallback: role “bord” is not under roles",
    ),
    "a lane that falls back on itself": (
        "            role: governance\n",
        "            role: governance\n            fallback: governance\n",
        f"31: {LANE}.fallback: a circle: governance > governance",
    ),
    "a lane's fallback that leads back to it": (
        "            role: governance\n",
        "            role: board\n            fallback: governance\n",
        f"31: {LANE}.fallback: a circle: board > governance > board",
    ),
    "a chain's fallback that is not there": (
        "  standard:\n",
        "  standard:\n    fallback: bord\n",
        "24: chains.standard.fallback: role “bord” is not under roles",
    ),
    "an escalation to nobody there is": (
        "            role: governance\n",
        "            role: governance\n            escalate: {to: sponsors}\n",
        f"31: {LANE}.escalate.to: role “sponsors” is not under roles",
    ),
    "a fact nobody asks for": (
        "records: year",
        "record: year",
        (
            f"21: {WHEN}.record: no fact of this name can be used here; there are output_use, data_class, processing, "
            "build, decision, affected, areas, practices, records"
        ),
    ),
    "a text as a fact": ("records: year", "comment: year", f"21: {WHEN}.comment: no fact of this name"),
    "an answer nobody can give": (
        "records: year",
        "records: [no, decade]",
        f"21: {WHEN}.records: “decade” is none of no, year, unknown",
    ),
    "a condition people can leave out": (
        "    section: data",
        "    optional: true\n    section: data",
        f"22: {WHEN}.records: this question may be left out, so nothing can depend on it; make it not optional",
    ),
    "a question asked already": ("key: records", "key: areas", "7: questions.areas.key: “areas” is asked of everybody"),
    "two questions of one key": (
        "key: comment",
        "key: records",
        "12: questions.records.key: the key “records” is used twice",
    ),
    "a question that depends on one of the organisation's own": (
        "    kind: text",
        "    kind: text\n    when: {records: year}",
        (
            "15: questions.comment.when.records: no fact of this name can be used here; there are output_use, "
            "data_class, processing, build, decision, affected, areas, practices"
        ),
    ),
    "a text with options": (
        "    kind: text",
        "    kind: text\n    options: {a: A}",
        "15: questions.comment.options: a text is typed and has no options",
    ),
    "a choice without options": ("kind: text", "kind: choices", "12: questions.comment: a choice needs options"),
    "an option that is always there": (
        "year: A year",
        "unknown: A year",
        "10: questions.records.options.unknown: “I do not know” can always be chosen; leave it out",
    ),
    "an option that means every other": (
        "year: A year",
        "any: A year",
        "10: questions.records.options.any: this word means every option",
    ),
    "two options that read the same": (
        "year: A year",
        "year: Not at all",
        "10: questions.records.options.year: “Not at all” is what two options say",
    ),
    "a chain that is not there": (
        "high: standard",
        "high: other",
        "36: subjects.use_case.chains.high: chain “other” is not under chains; there are standard",
    ),
    "a tier nobody decides": (
        "high: standard, ",
        "",
        "35: subjects.use_case: nobody decides about high: name a chain under chains",
    ),
    "nobody for what is low": (
        "      low: {line: harmless, reason: Nothing calls for more.}",
        "      {}",
        "35: subjects.use_case: nobody decides about low: name a chain under chains, or a line under approved_by",
    ),
    "people and a line for one tier": (
        "high: standard,",
        "high: standard, low: standard,",
        "38: subjects.use_case.approved_by.low: this tier has a chain already; either people or a line decides",
    ),
    "a chain for what is prohibited": (
        "high: standard,",
        "high: standard, prohibited: standard,",
        "36: subjects.use_case.chains.prohibited: what is prohibited cannot be approved by anybody",
    ),
    "a line that approves more than what is low": (
        "    chains: {high: standard, medium: standard}\n    approved_by:\n      low",
        "    chains: {high: standard, low: standard}\n    approved_by:\n      medium",
        "38: subjects.use_case.approved_by.medium: a line can only approve what is low; people decide about the rest",
    ),
    "two lines of one name": (
        "line: harmless",
        "line: kept_long",
        "19: tiers.medium.kept_long.line: two lines are called “kept_long”; the record must tell them apart",
    ),
    "a line named like what no line decides": (
        "line: harmless",
        "line: otherwise",
        "38: subjects.use_case.approved_by.low.line: “otherwise” has a meaning of its own",
    ),
    "a pattern without a chain for the rest": (
        "more.}",
        "more., when: {decision: none}}",
        "38: subjects.use_case.approved_by.low: what no open line approves goes to people; name a chain for low under",
    ),
    "an audit without a chain for what failed": (
        "more.}",
        "more., audit: {share: 10, role: board}}",
        "38: subjects.use_case.approved_by.low: what no open line approves goes to people; name a chain for low under",
    ),
    "a line below one that takes all": (
        "      low: {line: harmless, reason: Nothing calls for more.}",
        (
            "      low:\n        - {line: harmless, reason: Nothing calls for more.}\n"
            "        - {line: never, reason: Never gets here.}"
        ),
        "40: subjects.use_case.approved_by.low.never: nothing gets here: “harmless” above approves all",
    ),
    "a section named twice": ("[purpose, data]", "[data, data]", f"32: {LANE}.sections: “data” stands here twice"),
    "a lane for what does not matter": (
        "[purpose, data]",
        "[purpose, cosmetic]",
        f"32: {LANE}.sections: nobody is asked again about cosmetic changes; leave “cosmetic” out",
    ),
    "a chain that may be empty": (
        "hours: 24",
        "hours: 24\n            when: {decision: machine}",
        "23: chains.standard: every lane has a condition, so nobody might decide; leave one lane without `when`",
    ),
}

NO_YAML = {
    "a bracket left open": (
        "[purpose, data]",
        "[purpose, data",
        "32: not YAML: a bracket opened here is not closed, or a comma is missing in it",
    ),
    "a quotation mark left open": (
        "name: House policy",
        "name: 'House policy",
        "1: not YAML: a quotation mark opened here is not closed",
    ),
    "two colons": ("name: House policy", "name: House: policy", "1: not YAML: one “:” too many"),
    "a colon left out": ("tiers:\n", "tiers\n", "17: not YAML: there is no “:” after this key"),
    "a line too far right": (
        "version: 1",
        " version: 1",
        "2: not YAML: one “:” too many, or this line is indented too",
    ),
    "lines that do not line up": (
        "    chains: {high",
        "   chains: {high",
        "37: not YAML: this line is not indented like those it belongs to",
    ),
    "a tab": ("    approved_by:", "\tapproved_by:", "37: not YAML: a tab stands here; indent with spaces"),
    "a bell": ("House policy", "House \x07 policy", "1: not YAML: a character that cannot be shown"),
    "a nothing in disguise": ("House policy", '"House \\0"', "1: policy: a character that cannot be shown"),
    "half a character in disguise": ("House policy", '"\\ud800"', "1: policy: a character that cannot be shown"),
    "a character beyond the last": ("House policy", '"\\UFFFFFFFF"', "1: not YAML: this cannot be read"),
    "an escape of nothing": ("House policy", '"\\q"', "1: not YAML: “\\” has a meaning between these quotation marks"),
    "an at sign": ("House policy", "@house", "1: not YAML: a text that begins with this character must stand in quot"),
    "a name nobody gave": ("House policy", "*house", "1: not YAML: nothing above has the name (&) this refers to"),
    "a name given twice": (
        "House policy\nversion: 1",
        "&a House policy\nversion: &a 1",
        "2: not YAML: this name (&) is given twice",
    ),
    "a star alone": ("House policy", "*", "1: not YAML: a text that begins with this character must stand in quot"),
    "a text that begins too soon": (
        "House policy",
        ">House",
        "1: not YAML: after “|” or “>” a text begins on the next",
    ),
    "a tag": ("House policy", "!!int 3", "a tag like this (!) cannot be used here"),
    "a key given twice": (
        "version: 1",
        "version: 1\nversion: 1",
        "3: “version”: this key is given twice, first on line 2",
    ),
    "a lane's key given twice": (
        "hours: 24",
        "hours: 24\n            key: again",
        "34: “key”: this key is given twice, first on line 28",
    ),
    "a key that is a list": (
        "hours: 24",
        "hours: 24\n            ? [a]\n            : 1",
        "34: policy: a key must be a word",
    ),
    "merged parts": ("hours: 24", "hours: 24\n            <<: {a: b}", "34: <<: parts cannot be merged; write their"),
    "two policies": ("version: 1", "version: 1\n---\nname: more", "3: not YAML: a second document begins here"),
    "a list in itself": (
        "[purpose, data]",
        "&a [purpose, *a]",
        "32: *a: this refers to the part it stands in, and would never end",
    ),
    "brackets in brackets": (
        "House policy",
        "[" * 17 + "]" * 17,
        "1: policy: nothing in a policy is nested this deeply",
    ),
}


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        pytest.param(*mistake, id=name)
        for mistakes in (WRONG_SHAPES, WHAT_DOES_NOT_FIT, NO_YAML)
        for name, mistake in mistakes.items()
    ],
)
def test_a_mistake_is_named_with_its_line_and_key(old: str, new: str, told: str) -> None:
    assert old in GOOD

    found = problems(GOOD.replace(old, new, 1))

    assert any(told in each for each in found), found
    assert all(re.match(r"line [1-9]\d*: .+: .+", each) for each in found), found


@pytest.mark.parametrize(
    ("text", "told"),
    [
        pytest.param("", "line 1: policy: the file is empty", id="an empty file"),
        pytest.param("# all of it later\n", "line 1: policy: the file is empty", id="a remark"),
        pytest.param("just words", "line 1: policy: keys with values belong here, not “just words”", id="words"),
        pytest.param("- a\n- list\n", "line 1: policy: keys with values belong here, not a list", id="a list"),
        pytest.param("a: &a [*a]", "line 1: *a: this refers", id="a list in itself"),
        pytest.param("name: !!python/object/apply:os.getcwd []", "cannot be used here", id="a file that runs code"),
        pytest.param("\ud800", "line 1: not YAML: a character that cannot be shown", id="half a character"),
        pytest.param("a: b\r\nc: \0", "line 2: not YAML: a character that cannot be shown", id="a nothing"),
        pytest.param("%YAML 9" + "9" * 5000 + ".0\n---\na: b", "line 1: not YAML", id="a YAML of the far future"),
        pytest.param("[" * 100_000, "line 1: policy: nothing in a policy is nested this deeply", id="open brackets"),
        pytest.param("- " * 90_000, "line 1: policy: nothing in a policy is nested this deeply", id="open lists"),
        pytest.param(
            "#" * 200_001, "line 1: policy: a file of 200,001 bytes; a policy may have 200,000", id="too large"
        ),
        pytest.param("ä" * 100_001, "line 1: policy: a file of 200,002 bytes", id="too large in bytes"),
    ],
)
def test_what_is_no_policy_at_all_is_refused_in_words(text: str, told: str) -> None:
    [only] = problems(text)

    assert told in only


def test_a_small_file_that_unfolds_into_a_large_one_is_refused_with_its_line() -> None:
    text = "a: &a [1, 2, 3, 4, 5, 6, 7, 8, 9]\n"
    for name, before in zip("bcdefghij", "abcdefghi", strict=True):
        text += f"{name}: &{name} [{', '.join([f'*{before}'] * 9)}]\n"

    assert problems(text) == ["line 5: policy: more than 50,000 values; a policy needs fewer"]


def test_lists_named_in_lists_are_told_by_what_they_are() -> None:
    text = "a: &a0 []\n" + "".join(f"k{n}: &a{n + 1} [*a{n}]\n" for n in range(250)) + "name: *a250\n"

    assert any("name: a text belongs here, not a list" in each for each in problems(text))


def test_a_file_in_another_encoding_is_said_to_be_so() -> None:
    with pytest.raises(PolicyError, match="line 2: policy: a character that is not UTF-8; save the file as UTF-8"):
        text_of("a: b\nname: Büro".encode("latin-1"))


def test_a_mark_at_the_files_beginning_and_the_lines_of_windows_do_not_matter() -> None:
    assert parse(text_of(("\ufeff" + GOOD.replace("\n", "\r\n")).encode())) == parse(GOOD)


def test_all_mistakes_are_named_at_once() -> None:
    told = problems(GOOD.replace("{at_least: 2}", "most").replace("high: standard", "middling: standard"))

    assert len(told) == 2


def test_of_very_many_mistakes_the_first_are_named() -> None:
    told = problems("\n".join(f"wrong_{number}: x" for number in range(100)))

    assert len(told) == MOST_TOLD + 1
    assert told[-1] == "and 84 more"


def test_two_lanes_of_one_stage_need_different_keys() -> None:
    told = problems(policy_text(stage("one", lane("same", "x"), lane("same", "y"))))

    assert [re.sub(r"line \d+", "line N", each) for each in told] == [
        "line N: chains.tested.stages.one.lanes.same.key: the key “same” is used twice"
    ] * 2


def test_a_policy_keeps_its_meaning_when_it_is_written_anew() -> None:
    anew = yaml.safe_dump(yaml.load(GOOD, Loader=yaml.BaseLoader))  # noqa: S506 - it makes texts only

    assert parse(anew) == parse(GOOD)


def many(what: str, count: int) -> str:
    """Return the good file with `count` of something it has one or two of."""
    document = yaml.load(GOOD, Loader=yaml.BaseLoader)  # noqa: S506 - it makes texts only
    [chain] = document["chains"].values()
    of_one = {
        "roles": {f"r{n}": {"name": "R"} for n in range(count)} | document["roles"],
        "questions": [document["questions"][0]]
        + [document["questions"][1] | {"key": f"q{n}"} for n in range(count - 1)],
        "options": {f"o{n}": f"Option {n}" for n in range(count - 2)} | document["questions"][0]["options"],
        "rules": [document["tiers"]["medium"][0] | {"line": f"l{n}"} for n in range(count)],
        "stages": [chain["stages"][0] | {"key": f"s{n}"} for n in range(count)],
        "lanes": [chain["stages"][0]["lanes"][0] | {"key": f"l{n}"} for n in range(count)],
        "chains": {f"c{n}": chain for n in range(count - 1)} | document["chains"],
        "conditions": {"records": ["year"] * count},
    }[what]
    match what:
        case "roles" | "questions" | "chains":
            document[what] = of_one
        case "options":
            document["questions"][0]["options"] = of_one
        case "rules":
            document["tiers"]["medium"] = of_one
        case "stages":
            chain["stages"] = of_one
        case "lanes":
            chain["stages"][0]["lanes"] = of_one
    return yaml.safe_dump(document)


@pytest.mark.parametrize(
    ("what", "most"),
    [("questions", 12), ("options", 1000), ("rules", 20), ("stages", 6), ("lanes", 8), ("chains", 20)],
)
def test_there_is_room_for_what_slack_can_show_and_no_more(what: str, most: int) -> None:
    parse(many(what, most))

    told = problems(many(what, most + 1))

    assert f"at most {most:,} may stand here; there are {most + 1:,}" in told[0]


def test_a_chain_has_no_more_lanes_than_a_card_has_lines() -> None:
    stages = [stage(f"s{n}", *(lane(f"l{m}", "x") for m in range(6))) for n in range(4)]

    [told] = problems(policy_text(*stages))

    assert "chains.tested: 24 lanes; a chain may have 20" in told


def test_no_more_than_eight_roles_are_asked_one_after_the_other() -> None:
    long = "".join(f"  r{n}: {{name: R, fallback: r{n + 1}}}\n" for n in range(8)) + "  r8: {name: R}\n"

    [told] = problems(GOOD.replace("questions:", long + "questions:", 1))

    assert "roles.r0.fallback: more than 8 roles in a row" in told


@pytest.mark.parametrize(("own", "key"), [("", "role"), ("            fallback: board\n", "fallback")])
def test_nor_are_they_for_a_lane_and_its_chain_together(own: str, key: str) -> None:
    def falling(number: int) -> str:
        line = "".join(f"  r{n}: {{name: R, fallback: r{n + 1}}}\n" for n in range(1, number))
        text = GOOD.replace("questions:", f"{line}  r{number}: {{name: R}}\nquestions:", 1)
        text = text.replace("  standard:\n", "  standard:\n    fallback: r1\n")
        return text.replace("            role: governance\n", f"            role: governance\n{own}")

    assert parse(falling(6))  # after board and lead
    [told] = problems(falling(7))

    assert f"{LANE}.{key}: more than 8 roles in a row" in told


def test_who_somebody_is_can_be_asked_stand_in_and_be_escalated_to() -> None:
    asks = "role: sponsor\n            fallback: objective_owner\n            escalate: {to: owners_manager}"
    text = (
        GOOD.replace("role: governance", asks)
        .replace("at_least: 2", "percent: 60")
        .replace("fallback: lead", "fallback: sponsor")
    )

    [lane] = (policy := parse(text)).chains["standard"].stages[0].lanes

    assert policy.fallbacks("governance") == ("board", "sponsor", "lead")
    assert policy.stand_ins(lane, policy.chains["standard"]) == ("objective_owner", "lead")


@pytest.mark.parametrize(
    ("lane_falls_back", "chain_falls_back", "asked"),
    [
        (None, None, ("board", "lead")),
        ("sponsor", None, ("sponsor", "lead")),
        (None, "sponsor", ("board", "lead", "sponsor")),
        ("sponsor", "governance", ("sponsor", "board", "lead")),
        ("sponsor", "board", ("sponsor", "board", "lead")),
        ("admin", "admin", ("admin", "lead")),
    ],
)
def test_a_lane_asks_its_own_fallback_or_its_roles_and_then_the_chains(
    lane_falls_back: str | None, chain_falls_back: str | None, asked: tuple[str, ...]
) -> None:
    policy = parse(GOOD)
    chain = policy.chains["standard"].model_copy(update={"fallback": chain_falls_back})
    lane = chain.stages[0].lanes[0].model_copy(update={"fallback": lane_falls_back})

    assert policy.stand_ins(lane, chain) == asked


# --------------------------------------------------------------------------------- lines that approve

LINES = GOOD.replace("medium: standard}\n", "medium: standard, low: standard}\n").replace(
    "      low: {line: harmless, reason: Nothing calls for more.}\n",
    """\
      low:
        - line: own_team
          reason: Only the own team sees it.
          when: {affected: own_team, records: no}
        - line: harmless
          reason: Nothing calls for more.
          audit: {share: 10, role: board, widen: {after_failures: 2, to: 30}, close: {after_failures: 4}}
""",
)
AUDIT = "subjects.use_case.approved_by.low.harmless.audit"


def test_lines_say_what_they_approve_and_how_much_of_it_is_audited() -> None:
    own_team, harmless = parse(LINES).subjects["use_case"].approved_by[Tier.LOW]

    assert own_team.when == {"affected": ("own_team",), "records": ("no",)}
    assert harmless.audit is not None
    assert (harmless.audit.share, harmless.audit.role, harmless.audit.of_last) == (10, "board", 20)
    assert (harmless.audit.widen.after_failures, harmless.audit.widen.to) == (2, 30)
    assert (harmless.audit.close.after_failures, harmless.audit.answer_within_hours) == (4, 40)


@pytest.mark.parametrize(
    ("instead_of", "wrote", "reads"),
    [
        ("share: 10", "share: 0", f"44: {AUDIT}.share: “0” is less than 1"),
        ("share: 10", "share: 101", f"44: {AUDIT}.share: “101” is more than 100"),
        ("share: 10", "share: few", f"44: {AUDIT}.share: a whole number belongs here, not “few”"),
        ("share: 10, ", "", f"44: {AUDIT}.share: the key “share” is missing"),
        ("role: board, w", "role: bord, w", f"44: {AUDIT}.role: role “bord” is not under roles"),
        ("role: board, w", "role: sponsor, w", f"44: {AUDIT}.role: “sponsor” stands too near to audit it"),
        ("to: 30", "to: 5", f"44: {AUDIT}.widen: 5 % is less than the share of 10 %; it could only narrow"),
        ("after_failures: 4", "after_failures: 1", f"44: {AUDIT}.close: the line would be closed before more of it is"),
        ("after_failures: 4", "after_failures: 40", f"44: {AUDIT}.close: 40 can never fail of the last 20"),
        (
            "widen:",
            "wide:",
            f"44: {AUDIT}.wide: there is no key “wide” here; there are share, role, answer_within_hours",
        ),
        ("affected: own_team", "affected: my_team", "41: subjects.use_case.approved_by.low.own_team.when.affected:"),
        (
            "line: own_team",
            "lines: own_team",
            "39: subjects.use_case.approved_by.low.number 1.line: the key “line” is missing",
        ),
        ("  use_case:", "  use_case: &one", ""),
    ],
)
def test_what_is_wrong_with_an_audit_is_said_where_it_stands(instead_of: str, wrote: str, reads: str) -> None:
    assert instead_of in LINES
    if not reads:
        text = LINES.replace(instead_of, wrote, 1) + "  pie: *one\n"
        assert any("only lines that approve a use_case are audited" in each for each in problems(text))
        return
    assert any(each.startswith(f"line {reads}") for each in problems(LINES.replace(instead_of, wrote, 1)))


def test_a_policy_that_says_nothing_of_validity_holds_approvals_as_long_as_usual() -> None:
    policy = parse(GOOD)

    told = {tier: policy.validity_of(tier) for tier in (Tier.HIGH, Tier.MEDIUM, Tier.LOW)}
    assert {tier: (each.months, each.renewed_by.value) for tier, each in told.items()} == {
        Tier.HIGH: (6, "chain"),
        Tier.MEDIUM: (12, "owner"),
        Tier.LOW: (24, "owner"),
    }


def test_a_tier_that_says_only_for_how_long_is_renewed_as_usual() -> None:
    policy = parse(f"{GOOD}\nvalidity:\n  high: {{months: 3}}\n  low: {{months: 30}}\n")

    assert (policy.validity_of(Tier.HIGH).months, policy.validity_of(Tier.HIGH).renewed_by.value) == (3, "chain")
    assert (policy.validity_of(Tier.LOW).months, policy.validity_of(Tier.LOW).renewed_by.value) == (30, "owner")
    assert policy.validity_of(Tier.MEDIUM).months == 12


@pytest.mark.parametrize(
    ("validity", "told"),
    [
        ("{months: 1}", "validity.medium.months: “1” is less than 2"),
        ("{months: 121}", "validity.medium.months: “121” is more than 120"),
        ("{months: soon}", "validity.medium.months: a whole number belongs here, not “soon”"),
        ("{renewed_by: owner}", "validity.medium.months: the key “months” is missing"),
        ("{months: 6, renewed_by: nobody}", "validity.medium.renewed_by: “nobody” is none of owner, chain"),
        ("{months: 6, by: owner}", "validity.medium.by: there is no key “by” here"),
        ("six", "validity.medium: keys with values belong here, not “six”"),
        ("", "validity.medium: nothing stands after the colon"),
    ],
)
def test_a_mistake_about_validity_is_named_with_its_key(validity: str, told: str) -> None:
    assert any(told in each for each in problems(f"{GOOD}\nvalidity:\n  medium: {validity}\n"))

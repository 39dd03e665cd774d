"""From facts to a tier and to those who decide: the stricter answer never asks for less."""

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from db.enums import Tier
from tests.support.policies import Document, documents, facts, stricter, written
from workflows.policy import UNKNOWN, ApprovingLine, Facts, Policy, Route, is_asked, parse
from workflows.policy.routing import fits, route
from workflows.policy.service import default_text

STRICTNESS = [Tier.LOW, Tier.MEDIUM, Tier.HIGH, Tier.PROHIBITED]
DEFAULT = parse(default_text())

HARMLESS = {
    "output_use": "drafting",
    "data_class": "internal",
    "processing": "own_cloud",
    "build": "in_house",
    "decision": "person",
    "affected": ["own_team"],
    "areas": [],
    "practices": [],
}


def these(**answers: str | list[str]) -> Facts:
    """Return the facts of something harmless, with these answers instead."""
    return {
        fact: frozenset([said] if isinstance(said, str) else said) for fact, said in {**HARMLESS, **answers}.items()
    }


def routed(answers: Facts, policy: Policy = DEFAULT) -> Route:
    return route(policy, "use_case", answers)


def lanes(found: Route) -> list[str]:
    return [lane.key for stage in found.chain.stages for lane in stage.lanes] if found.chain else []


def roles(found: Route) -> set[str]:
    return {lane.role for stage in found.chain.stages for lane in stage.lanes} if found.chain else set()


# ---------------------------------------------------------------------------------------- any policy


@given(documents(), facts())
def test_every_policy_routes_every_set_of_facts_to_people_or_to_a_line(document: Document, answers: Facts) -> None:
    found = routed(answers, parse(written(document)))

    assert (found.chain is None) is (found.decided is not None)
    assert found.reasons
    if found.chain is not None:
        assert found.chain.stages
        assert all(stage.lanes for stage in found.chain.stages)
    if found.tier is Tier.PROHIBITED:
        assert found.decided is not None
        assert found.decided.line == found.reasons[0].line


@given(st.data(), documents(), facts())
def test_no_stricter_answer_lowers_the_tier_or_removes_a_lane(
    data: st.DataObject, document: Document, answers: Facts
) -> None:
    policy = parse(written(document))

    before, after = routed(answers, policy), routed(data.draw(stricter(answers)), policy)

    assert STRICTNESS.index(after.tier) >= STRICTNESS.index(before.tier)
    if after.tier is before.tier:
        assert set(lanes(before)) <= set(lanes(after))


@given(documents(), facts())
def test_what_matched_is_what_was_answered(document: Document, answers: Facts) -> None:
    for reason in routed(answers, parse(written(document))).reasons:
        assert all(each.value in answers[each.fact] for each in reason.matched)


@given(st.data(), documents(), facts())
def test_no_stricter_answer_is_let_through_by_a_line_where_people_were_asked(
    data: st.DataObject, document: Document, answers: Facts
) -> None:
    policy = parse(written(document))

    before, after = routed(answers, policy), routed(data.draw(stricter(answers)), policy)

    if before.chain is not None and after.tier is before.tier:
        assert after.chain is not None


@given(documents(), facts())
def test_a_line_approves_nothing_that_nobody_knows(document: Document, answers: Facts) -> None:
    found = routed(answers, parse(written(document)))

    if found.is_approved_by_line and isinstance(found.decided, ApprovingLine) and found.decided.when:
        assert all(UNKNOWN not in answers[fact] for fact in found.decided.when)


@given(documents(), facts())
def test_no_closed_line_approves_anything_that_has_people_to_go_to(document: Document, answers: Facts) -> None:
    policy = parse(written(document))
    low = policy.subjects["use_case"].approved_by.get(Tier.LOW, ())
    found = route(policy, "use_case", answers, closed=[line.line for line in low])

    if found.tier is Tier.LOW and Tier.LOW in policy.subjects["use_case"].chains:
        assert found.decided is None
        assert found.passed == tuple(line.line for line in low if fits(line, answers))


# ------------------------------------------------------------------------------- the shipped policy


@given(st.data(), facts())
def test_the_shipped_policy_asks_no_fewer_people_about_anything_stricter(data: st.DataObject, answers: Facts) -> None:
    before, after = routed(answers), routed(data.draw(stricter(answers)))

    assert STRICTNESS.index(after.tier) >= STRICTNESS.index(before.tier)
    if after.tier is not Tier.PROHIBITED:
        assert roles(before) <= roles(after)


@given(facts())
def test_the_shipped_policys_line_approves_only_what_its_sentence_says(answers: Facts) -> None:
    if routed(answers).tier is not Tier.LOW:
        return
    assert answers["data_class"] <= {"public", "internal", "confidential"}
    assert answers["affected"] <= {"own_team", "employees"}
    assert answers["decision"] <= {"none", "person"}
    assert not answers["output_use"] & {"acting", UNKNOWN}
    assert not answers["areas"] | answers["practices"]


@pytest.mark.parametrize(
    ("answers", "tier", "asked"),
    [
        pytest.param({}, Tier.LOW, "", id="a draft for the own team"),
        pytest.param(
            {"processing": "third_party", "build": "vendor", "vendor_keeps_data": "never", "affected": []},
            Tier.LOW,
            "",
            id="a translation of manuals by a vendor that keeps nothing",
        ),
        pytest.param(
            {"output_use": "answering", "affected": ["employees"], "decision": "none"},
            Tier.LOW,
            "",
            id="a chatbot over the handbook",
        ),
        pytest.param(
            {"output_use": "finding", "data_class": "confidential", "processing": "private_workspace"},
            Tier.LOW,
            "",
            id="a search over our own confidential papers",
        ),
        pytest.param(
            {
                "data_class": "confidential",
                "processing": "third_party",
                "build": "vendor",
                "vendor_keeps_data": "never",
            },
            Tier.MEDIUM,
            "governance security",
            id="a code assistant that sees our source",
        ),
        pytest.param(
            {"processing": "third_party", "build": "vendor", "vendor_keeps_data": UNKNOWN, "output_use": "answering"},
            Tier.MEDIUM,
            "governance security",
            id="an assistant of a vendor who may keep what is internal",
        ),
        pytest.param(
            {"data_class": "public", "processing": "third_party", "build": "vendor", "vendor_keeps_data": "trains"},
            Tier.LOW,
            "",
            id="what is public anyway, to a vendor that trains",
        ),
        pytest.param(
            {"output_use": "answering", "affected": ["customers"], "data_class": "personal", "decision": "none"},
            Tier.MEDIUM,
            "governance privacy legal",
            id="an assistant that answers customers",
        ),
        pytest.param(
            {
                "output_use": "monitoring",
                "affected": ["customers"],
                "data_class": "personal",
                "decision": "machine_reviewed",
            },
            Tier.MEDIUM,
            "governance privacy legal risk",
            id="fraud alerts that an investigator checks",
        ),
        pytest.param(
            {"output_use": "monitoring", "affected": ["customers"], "data_class": "personal", "decision": "machine"},
            Tier.HIGH,
            "governance privacy legal risk council",
            id="fraud detection that blocks a customer by itself",
        ),
        pytest.param(
            {"output_use": "classifying", "decision": "machine"},
            Tier.MEDIUM,
            "governance",
            id="a machine that sorts the own team's papers",
        ),
        pytest.param({"output_use": "acting"}, Tier.MEDIUM, "governance", id="an agent that acts in other systems"),
        pytest.param(
            {"output_use": "monitoring", "affected": ["employees"]},
            Tier.MEDIUM,
            "governance",
            id="something that watches colleagues",
        ),
        pytest.param(
            {"affected": ["applicants"], "areas": ["employment"], "data_class": "personal"},
            Tier.HIGH,
            "governance privacy legal risk council",
            id="hiring, whoever decides",
        ),
        pytest.param(
            {"affected": ["customers"], "areas": ["credit_insurance"], "processing": "third_party"},
            Tier.HIGH,
            "governance privacy legal risk security council",
            id="credit scores by a third party",
        ),
        pytest.param({"areas": [UNKNOWN]}, Tier.HIGH, "governance privacy legal risk council", id="nobody knows where"),
        pytest.param(
            {"data_class": UNKNOWN, "processing": UNKNOWN},
            Tier.HIGH,
            "governance privacy legal risk security council",
            id="nobody knows which data, nor where",
        ),
        pytest.param({"practices": ["social_scoring"]}, Tier.PROHIBITED, "", id="scoring people by how they live"),
        pytest.param({"practices": [UNKNOWN]}, Tier.PROHIBITED, "", id="nobody knows whether it is allowed"),
    ],
)
def test_the_shipped_policy_fits_what_companies_do(answers: dict[str, str | list[str]], tier: Tier, asked: str) -> None:
    found = routed(these(**answers))

    assert found.tier is tier
    assert lanes(found) == asked.split()
    if not asked:
        assert found.decided is not None


# ------------------------------------------------------------------------------------------ reasons


def test_each_line_that_matches_is_a_reason_with_the_answers_that_counted() -> None:
    found = routed(these(data_class="personal", affected=["customers", "own_team"]))

    told = [(each.line, [(said.fact, said.value) for said in each.matched]) for each in found.reasons]
    assert told == [("personal_data", [("data_class", "personal")]), ("people_outside", [("affected", "customers")])]


def test_an_answer_to_a_question_of_ones_own_is_told_in_its_words() -> None:
    [reason] = routed(these(build="vendor", vendor_keeps_data="keeps")).reasons

    assert {said.fact: said.says for said in reason.matched} == {"vendor_keeps_data": "It keeps them", "data_class": ""}


def test_a_question_is_asked_only_where_its_condition_holds_or_may_hold() -> None:
    [question] = DEFAULT.questions

    assert [is_asked(question, these(build=build)) for build in ("in_house", "vendor", "both", UNKNOWN)] == [
        False,
        True,
        True,
        True,
    ]


def test_a_kind_of_subject_no_policy_knows_has_no_route() -> None:
    with pytest.raises(LookupError, match="pie"):
        route(DEFAULT, "pie", these())


# ----------------------------------------------------------------------------- what a line lets through


def line(**when: str | list[str]) -> ApprovingLine:
    return ApprovingLine.model_validate({"line": "fast", "reason": "It is known to be so.", "when": when or None})


@pytest.mark.parametrize(
    ("when", "answers", "approves"),
    [
        pytest.param({}, {"data_class": UNKNOWN}, True, id="a line without a pattern takes all that is low"),
        pytest.param({"decision": "person"}, {}, True, id="the answer it names"),
        pytest.param({"decision": ["none", "machine"]}, {}, False, id="another answer"),
        pytest.param({"decision": "person"}, {"decision": UNKNOWN}, False, id="nobody knows"),
        pytest.param({"decision": "any"}, {}, True, id="whatever is known"),
        pytest.param({"decision": "any"}, {"decision": UNKNOWN}, False, id="any is no answer nobody knows"),
        pytest.param({"affected": ["own_team", "employees"]}, {}, True, id="one of several"),
        pytest.param(
            {"affected": "own_team"}, {"affected": ["own_team", "public"]}, False, id="one more than it names"
        ),
        pytest.param({"affected": "own_team"}, {"affected": ["own_team", UNKNOWN]}, False, id="one, and who knows"),
        pytest.param({"affected": "own_team"}, {"affected": []}, True, id="nobody is affected at all"),
        pytest.param({"vendor_keeps_data": "never"}, {}, False, id="a question that was not asked"),
        pytest.param({"decision": "person", "build": "vendor"}, {}, False, id="only one of two"),
    ],
)
def test_a_line_approves_only_what_is_known_to_be_as_it_says(
    when: dict[str, str | list[str]], answers: dict[str, str | list[str]], approves: bool
) -> None:
    assert fits(line(**when), these(**answers)) is approves


def test_the_first_open_line_that_fits_decides_and_what_none_takes_goes_to_people() -> None:
    fast = [
        {"line": "own_team", "reason": "The own team.", "when": {"affected": "own_team"}, "audit": AUDITED},
        {"line": "drafts", "reason": "Only drafts.", "when": {"output_use": "drafting"}},
    ]
    document = yaml.safe_load(default_text())
    document["subjects"]["use_case"]["approved_by"]["low"] = fast
    policy = parse(yaml.safe_dump(document))

    def goes(closed: tuple[str, ...] = (), **answers: str) -> tuple[str | None, tuple[str, ...]]:
        found = route(policy, "use_case", these(**answers), closed=closed)
        return found.decided.line if found.decided else None, found.passed

    assert goes() == ("own_team", ())
    assert goes(("own_team",)) == ("drafts", ("own_team",))
    assert goes(("own_team", "drafts")) == (None, ("own_team", "drafts"))
    assert goes(affected="employees", output_use="finding") == (None, ())
    assert lanes(route(policy, "use_case", these(affected="employees", output_use="finding"))) == ["governance"]


AUDITED = {"share": "10", "role": "governance"}

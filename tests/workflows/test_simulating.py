"""Another policy is tried on what people really submitted, and says for each what it would change."""

from collections.abc import Mapping
from typing import Any

import pytest
import yaml

from handlers.ids import Action
from handlers.settings.trial_words import change_texts, note_texts, total_text
from tests.support.chains import hire, lane, policy_text, put_in_force, stage
from tests.support.house import House
from workflows import intake, people, policy, simulating
from workflows.policy import PolicyError
from workflows.simulating import Simulated

GOVERNANCE = stage("one", lane("governance", "governance", hours=12))
IN_FORCE = policy_text(GOVERNANCE)


def simulated(house: House, text: str, *, last: int = 50, viewer: str = "") -> Simulated:
    with house.database.reading() as session:
        reader = people.find(session, viewer) if viewer else None
        return simulating.simulate(session, text, last=last, viewer=reader.id if reader else None)


def told(found: Simulated) -> dict[str, list[str]]:
    return {each.reference: change_texts(each) for each in found.changed}


def written(changes: Mapping[str, Any], text: str = IN_FORCE) -> str:
    """Return a policy file with these top-level keys in place of its own."""
    return yaml.safe_dump({**yaml.safe_load(text), **changes}, sort_keys=False)


@pytest.fixture
def desk(house: House) -> House:
    """Return a house with one use case, on personal data, under a policy that asks Ann."""
    put_in_force(house, IN_FORCE)
    house.propose()
    return house


# -------------------------------------------------------------------------------- what would change


def test_the_policy_in_force_changes_nothing(desk: House) -> None:
    found = simulated(desk, IN_FORCE)

    assert (found.changed, found.totals.total, found.refusals) == ((), 1, ())
    assert total_text(found.totals) == "0 of 1 submission would change: the same people would decide on the same terms."


def test_somebody_sees_which_line_raises_the_tier(desk: House) -> None:
    hire(desk, "U_BOARD", "board")
    tiers = {"high": [{"line": "personal", "reason": "It uses personal data.", "when": {"data_class": "personal"}}]}
    chains = {
        "tested": {"stages": [GOVERNANCE]},
        "full": {"stages": [GOVERNANCE, stage("two", lane("board", "board", hours=48))]},
    }
    subjects = {"use_case": {"chains": {"high": "full", "medium": "tested", "low": "tested"}}}
    roles = {"governance": {"name": "Governance"}, "board": {"name": "Board"}}
    found = simulated(desk, written({"tiers": tiers, "chains": chains, "subjects": subjects, "roles": roles}))

    assert told(found) == {
        "UC-1": ["medium → high (personal)", "+ Two stage: Board", "asks Board", "at most 12 h → at most 60 h"]
    }
    assert total_text(found.totals) == ("1 of 1 submission would change: 1 to a stricter tier; 1 could take longer.")


def test_a_lane_that_a_fact_calls_for_is_added_where_the_fact_was_answered(desk: House) -> None:
    hire(desk, "U_PETRA", "privacy")
    desk.propose(name="Draft press texts", data_class="public")
    privacy = lane("privacy", "privacy", hours=12) | {"when": {"data_class": "personal"}}
    found = simulated(desk, policy_text(stage("one", lane("governance", "governance", hours=12), privacy)))

    assert told(found) == {"UC-1": ["+ One stage: Privacy", "asks Petra"]}
    assert total_text(found.totals) == "1 of 2 submissions would change: 1 asks other people."


def by_line(tiers: Mapping[str, Any] | None = None) -> str:
    """Return a policy in which a line approves what is low."""
    subject = {
        "chains": {"high": "tested", "medium": "tested"},
        "approved_by": {"low": {"line": "harmless", "reason": "Nothing calls for a person."}},
    }
    return written({"tiers": tiers or {}, "subjects": {"use_case": subject}})


def test_what_people_decide_now_a_line_would_approve_and_the_other_way_round(desk: House) -> None:
    found = simulated(desk, by_line())

    assert told(found) == {
        "UC-1": [
            "medium → low",
            "approved by the line harmless",
            "− One stage: Governance",
            "no longer asks Ann",
            "at most 12 h → at once",
        ]
    }
    assert total_text(found.totals) == (
        "1 of 1 submission would change: 1 to a looser tier; 1 would be approved by the policy itself; "
        "1 would be given less time."
    )
    put_in_force(desk, by_line())

    assert total_text(simulated(desk, IN_FORCE).totals) == (
        "1 of 1 submission would change: 1 to a stricter tier; 1 would no longer be approved by the policy itself; "
        "1 could take longer."
    )


def test_what_a_line_would_refuse_is_said(desk: House) -> None:
    never = {"prohibited": [{"line": "never", "reason": "Never.", "when": {"data_class": "personal"}}]}
    found = simulated(desk, by_line(never))

    assert told(found)["UC-1"][:2] == ["medium → prohibited (never)", "refused by the line never"]
    assert "1 would be refused by the policy itself" in total_text(found.totals)
    put_in_force(desk, by_line(never))

    assert "no longer refused by the line never" in told(simulated(desk, IN_FORCE))["UC-1"]


def test_who_would_be_asked_is_who_holds_the_role_today_without_proposer_and_owner(desk: House) -> None:
    for who in ("U_BEN", "U_OTTO", "U_PRIYA", "U_MAREK"):
        desk.grant("board", who)
    other = policy_text(stage("one", lane("governance", "board", hours=12)))

    assert told(simulated(desk, other)) == {
        "UC-1": ["+ One stage: Governance", "− One stage: Governance", "asks Ben and Otto", "no longer asks Ann"]
    }
    desk.world.people["U_BEN"]["deleted"] = True
    desk.tell({"type": "user_change", "user": desk.world.people["U_BEN"]})

    assert "asks Otto" in told(simulated(desk, other))["UC-1"]


def test_somebody_asked_by_who_they_are_is_that_of_each_submission(desk: House) -> None:
    desk.command("U_OTTO")
    desk.propose(name="Draft press texts", sponsor="U_OTTO")
    other = policy_text(
        stage("one", lane("governance", "governance", hours=12), lane("sponsor", "sponsor") | {"fallback": "admin"})
    )

    assert told(simulated(desk, other)) == {
        "UC-1": ["+ One stage: Sponsor", "nobody may decide: Sponsor", "at most 12 h → at most 24 h"],
        "UC-2": ["+ One stage: Sponsor", "asks Otto", "at most 12 h → at most 24 h"],
    }


def test_the_same_people_on_other_terms_are_counted_apart(desk: House) -> None:
    other = lane("governance", "governance", rule="all", hours=36, sections=["purpose"]) | {"fallback": "lead"}
    found = simulated(desk, policy_text(stage("one", other | {"escalate": {"to": "lead"}}), distinct_approvers=True))

    assert told(found) == {
        "UC-1": [
            "Governance: all instead of any, 36 h instead of 12 h, other sections, another escalation",
            "one person cannot decide in two stages",
            "at most 12 h → at most 36 h",
        ]
    }
    assert total_text(found.totals) == (
        "1 of 1 submission would change: 1 by lanes, rules or time alone; 1 could take longer."
    )


# ---------------------------------------------------------------------- what was submitted, and when


def asking(**question: Any) -> str:
    """Return a policy with a question of its own that raises the tier."""
    asked = {"key": "contract", "ask": "Is there a contract?", "kind": "choice", "section": "model"}
    options = {"options": {"signed": "Signed", "open": "Not yet"}}
    tiers = {"high": [{"line": "no_contract", "reason": "There is no contract.", "when": {"contract": "open"}}]}
    subjects = {"use_case": {"chains": dict.fromkeys(("high", "medium", "low"), "tested")}}
    return written({"questions": [asked | options | question], "tiers": tiers, "subjects": subjects})


def test_a_question_nobody_was_asked_then_counts_as_unknown_and_is_said(desk: House) -> None:
    desk.propose(name="Draft press texts", build="vendor")
    found = simulated(desk, asking(when={"build": ["vendor"]}))

    assert found.unanswered == (("contract", 1),)
    assert note_texts(found) == [
        "contract: not answered then; counts as unknown, the stricter answer, in 1 submission."
    ]
    assert told(found)["UC-2"] == [
        "medium → high (no_contract)",
        "contract: not answered then; counts as unknown, the stricter answer",
    ]
    assert told(found)["UC-1"] == ["medium → low"]


def test_an_answer_given_under_the_same_question_counts_as_it_was_given(desk: House) -> None:
    put_in_force(desk, asking())
    desk.propose(name="Draft press texts", **{"own.contract": "signed"})
    found = simulated(desk, asking(options={"signed": "Signed by both", "open": "Not yet"}))
    renamed = simulated(desk, asking(options={"done": "Signed", "open": "Not yet"}))

    assert (found.unanswered, found.changed) == ((("contract", 1),), ())
    assert renamed.unanswered == (("contract", 2),)  # what was answered is none of its options
    assert told(renamed)["UC-2"][0] == "low → high (no_contract)"


def test_the_text_of_a_change_that_is_asked_for_is_tried_not_the_one_in_force(desk: House) -> None:
    desk.approve("U_ANN")
    with desk.database.reading() as session:
        use_case = intake.find(session, 1)
    assert use_case is not None
    privacy = lane("privacy", "privacy", hours=12) | {"when": {"data_class": "personal"}}
    other = policy_text(stage("one", lane("governance", "governance", hours=12), privacy))
    assert list(told(simulated(desk, other))) == ["UC-1"]

    desk.press("U_PRIYA", Action.EDIT, str(use_case.id))
    desk.go_on("U_PRIYA", desk.world.opened[-1], data_class="public")

    assert told(simulated(desk, other)) == {}


def test_only_the_last_submissions_are_tried_and_each_whatever_became_of_it(desk: House) -> None:
    desk.reject("U_ANN", "No.")
    desk.advance(hours=1)
    desk.propose(name="Draft press texts")
    other = policy_text(stage("one", lane("governance", "governance", hours=24)))

    assert list(told(simulated(desk, other))) == ["UC-1", "UC-2"]
    assert list(told(simulated(desk, other, last=1))) == ["UC-2"]
    assert simulated(desk, other, last=1).totals.total == 1


def test_nothing_submitted_yet_is_said(house: House) -> None:
    found = simulated(house, IN_FORCE)

    assert (found.totals.total, found.changed) == (0, ())
    assert total_text(found.totals) == "Nothing was submitted yet, so there is nothing to try it on."


def test_what_is_confidential_is_counted_and_named_only_to_who_may_read_it(desk: House) -> None:
    desk.propose(name="A secret", confidential=["yes"])
    desk.command("U_OTTO")
    hire(desk, "U_CHIEF", "admin")
    other = policy_text(stage("one", lane("governance", "governance", hours=24)))
    stranger, admin = simulated(desk, other, viewer="U_OTTO"), simulated(desk, other, viewer="U_CHIEF")

    assert (list(told(stranger)), stranger.hidden, stranger.totals.changed) == (["UC-1"], 1, 2)
    assert "A secret" not in repr(stranger)
    assert note_texts(stranger) == ["1 more would change that you may not know of; the totals count them."]
    assert (list(told(admin)), admin.hidden) == (["UC-1", "UC-2"], 0)
    assert list(told(simulated(desk, other))) == ["UC-1", "UC-2"]  # the host's operator


def test_roles_nobody_holds_are_said_and_it_is_tried_nevertheless(desk: House) -> None:
    found = simulated(desk, policy_text(stage("one", lane("board", "board", hours=12))))

    assert [each.partition("lanes.board.")[2] for each in found.refusals] == [
        "role: nobody holds the role “board”; first: gatehouse roles grant board U… --new"
    ]
    assert "nobody may decide: Board" in told(found)["UC-1"]
    assert total_text(found.totals).endswith("1 would wait for somebody who may decide.")


@pytest.mark.parametrize("text", ["name: [", "name: x\nversion: 1\n", IN_FORCE.replace("use_case", "pie")])
def test_a_broken_file_is_tried_on_nothing(desk: House, text: str) -> None:
    with pytest.raises(PolicyError, match=r"line \d+: "):
        simulated(desk, text)


def test_nothing_is_stored_and_nothing_on_the_record(desk: House) -> None:
    facts, promised = desk.facts(), len(desk.outbox_rows())
    simulated(desk, policy_text(stage("one", lane("board", "board"))))

    assert (desk.facts(), len(desk.outbox_rows())) == (facts, promised)
    with desk.database.reading() as session:
        assert policy.text_in_force(session) == IN_FORCE

"""What is approved is changed by a request of its own, and the approval holds until that is decided."""

import json
from typing import Any

import pytest
import yaml
from sqlmodel import col, select, update

from db.enums import Processing, RequestStatus, Section, Tier, UseCaseState
from db.tables import ApprovalRequest, LedgerEvent, UseCase, UseCaseRevision
from handlers.ids import Action, Block
from tests.support.chains import hire, lane, policy_text, put_in_force, stage
from tests.support.house import GOVERNANCE, House, buttons, reference_in, view_in, words
from workflows import policy, reactions
from workflows.intake import Effect
from workflows.intake.rules import CHANGEABLE, LIVE, effect_of_change

LEGAL_AND_RISK = policy_text(
    stage("one", lane("legal", "legal", sections=["purpose"]), lane("risk", "risk", sections=["data", "value"]))
)


def rows(house: House, table: Any) -> list[Any]:
    with house.database.reading() as session:
        return list(session.exec(select(table).order_by(*table.__table__.primary_key)))


def case(house: House) -> Any:
    return rows(house, UseCase)[-1]


def newest(house: House) -> Any:
    with house.database.reading() as session:
        found = session.exec(select(ApprovalRequest).order_by(col(ApprovalRequest.revision).desc())).first()
        assert found is not None
        return found


def vote(house: House, who: str, what: str = "Approve") -> None:
    """Press a button on the newest card somebody has."""
    house.send()
    action = {"Approve": Action.APPROVE, "Request changes": Action.REQUEST_CHANGES, "Reject": Action.REJECT}[what]
    card = next(post for post in reversed(house.posts_to(who)) if what in buttons(post))
    house.press(who, action, buttons(card)[what])
    if what != "Approve":
        assert house.submit(who, house.world.opened[-1], {Block.REASON: {"value": "Say more."}}).status == 200
    house.send()


def approved(house: House, **answers: Any) -> None:
    house.propose(**answers)
    vote(house, "U_ANN")
    assert case(house).state is UseCaseState.APPROVED


def preview(house: House, who: str = "U_PRIYA", **changes: Any) -> dict[str, Any]:
    """Change these answers and return the window that says what sending it does."""
    return house.edit(who, str(case(house).id), **changes)


def change(house: House, who: str = "U_PRIYA", **changes: Any) -> str:
    """Send a change and return what the person reads."""
    response = house.submit(who, preview(house, who, **changes), {})
    assert reference_in(response) == "UC-1"
    return words(view_in(response))


def go_live(house: House, state: UseCaseState = UseCaseState.DEPLOYED) -> None:
    """Put a use case to work; the way there is the programme's."""
    with house.database.transaction() as session:
        session.connection().execute(update(UseCase).values(state=state))


def with_the_shipped_policy(house: House) -> None:
    put_in_force(house, policy.default_text())
    for role, who in (("privacy", "U_BEN"), ("legal", "U_BEN"), ("risk", "U_BEN"), ("council", "U_OTTO")):
        house.grant(role, who)
    hire(house, "U_CLEO", "council")


def approved_as_medium(house: House) -> None:
    with_the_shipped_policy(house)
    house.propose()
    vote(house, "U_ANN")
    vote(house, "U_BEN")
    assert case(house).state is UseCaseState.APPROVED


# ------------------------------------------------------------------------------------- the approval holds


def test_the_approval_holds_with_its_text_until_the_change_is_approved(house: House) -> None:
    approved(house)
    house.open_home("U_PRIYA")
    house.send()
    assert "Request a change" in words(house.world.homes["U_PRIYA"])

    told = change(house, kpi_target="2")

    assert "The change of *UC-1*" in told
    assert "Ann has it now" in told
    assert "It stays approved as it was until the change is approved." in told
    assert (case(house).state, case(house).revision, case(house).pending_revision) == (UseCaseState.APPROVED, 1, 2)
    house.send()
    standing = house.command("U_PRIYA", "UC-1")
    assert "from 6 to 3 hours" in standing
    assert "It stays approved as it was until this is decided." in standing
    home = words(house.world.homes["U_PRIYA"])
    assert "Change in review: Ann has it now" in home
    assert "Request a change" not in home

    vote(house, "U_ANN")

    assert (case(house).state, case(house).revision, case(house).pending_revision) == (UseCaseState.APPROVED, 2, None)
    assert "from 6 to 2 hours" in house.command("U_PRIYA", "UC-1")
    assert "Change approved" in words(house.posts_to("U_PRIYA")[-1])


def test_the_card_of_a_change_says_what_would_be_other_than_it_was_approved(house: House) -> None:
    approved(house)
    change(house, kpi_target="2", problem="Reading one file takes seven hours.")
    house.send()

    card = words(house.posts_to("U_ANN")[-1])

    assert "change asked for by Priya" in card
    assert "What would change" in card
    assert "from 6 to 3 hours by 1 Dec 2026 → Hours per file: from 6 to 2 hours by 1 Dec 2026" in card
    assert "takes six hours. → Reading one file takes seven hours." in card
    assert "It stays approved as it was until this is decided." in card
    assert house.posts_to("U_ANN")[-1].text.startswith("Change of UC-1")


@pytest.mark.parametrize("ending", ["rejected", "withdrawn"])
def test_a_change_that_comes_to_nothing_leaves_everything_as_it_was_approved(house: House, ending: str) -> None:
    approved(house)
    house.open_home("U_PRIYA")
    change(house, kpi_target="2")
    if ending == "rejected":
        vote(house, "U_ANN", "Reject")
        news = house.posts_to("U_PRIYA")[-1]
        assert "It stays approved as it was." in words(news)
        assert set(buttons(news)) == {"Request a change", "Open"}
    else:
        house.press("U_PRIYA", Action.WITHDRAW, str(newest(house).id))
        house.send()

    assert (case(house).state, case(house).revision, case(house).pending_revision) == (UseCaseState.APPROVED, 1, None)
    assert "from 6 to 3 hours" in house.command("U_PRIYA", "UC-1")
    home = words(house.world.homes["U_PRIYA"])
    assert f"Change {ending}" in home
    assert "It stays approved as it was." in home
    assert "Propose anew" not in home
    change(house, kpi_target="1")
    assert (case(house).revision, case(house).pending_revision) == (1, 3)


def test_only_who_looks_at_what_is_changed_is_asked_again(house: House) -> None:
    put_in_force(house, LEGAL_AND_RISK)
    for role, who in (("legal", "U_BEN"), ("risk", "U_ANN")):
        house.grant(role, who)
    house.propose()
    vote(house, "U_BEN")
    vote(house, "U_ANN")
    before = len(house.posts_to("U_BEN"))

    shown = words(preview(house, kpi_target="2"))
    assert "*Legal*: ✅ approved before, and nothing it looks at is changed" in shown
    assert "*Risk*: Ann" in shown
    change(house, kpi_target="2")
    house.send()

    assert len(house.posts_to("U_BEN")) == before
    assert "Approved by *Legal*" in words(house.posts_to("U_ANN")[-1])
    vote(house, "U_ANN")
    assert (case(house).revision, newest(house).status) == (2, RequestStatus.APPROVED)


def test_where_no_lane_looks_at_what_is_changed_everybody_is_asked(house: House) -> None:
    put_in_force(house, policy_text(stage("one", lane("legal", "legal", sections=["purpose"]))))
    house.grant("legal", "U_BEN")
    house.propose()
    vote(house, "U_BEN")

    assert "*Legal*: Ben" in words(preview(house, kpi_target="2"))
    change(house, kpi_target="2")

    vote(house, "U_BEN")
    assert case(house).revision == 2


def test_nobody_decides_about_a_name(house: House) -> None:
    approved(house)
    house.send()
    posts = len(house.world.posts)

    assert "Nobody has to decide about this" in words(preview(house, name="Complaint summaries"))
    told = change(house, name="Complaint summaries")

    assert "Nobody had to decide about it." in told
    assert (case(house).revision, case(house).pending_revision, len(rows(house, ApprovalRequest))) == (2, None, 1)
    assert "Complaint summaries" in house.command("U_OTTO", "UC-1")
    house.send()
    assert len(house.world.posts) == posts


def test_sending_a_change_that_changes_nothing_is_answered_and_stores_nothing(house: House) -> None:
    approved(house)
    view = preview(house)
    assert "You have changed nothing yet" in words(view)

    assert "nothing was sent" in words(view_in(house.submit("U_PRIYA", view, {})))
    assert (len(rows(house, UseCaseRevision)), len(rows(house, ApprovalRequest))) == (1, 1)


def test_changes_can_be_asked_of_a_change_and_it_comes_back(house: House) -> None:
    approved(house)
    change(house, kpi_target="2")
    vote(house, "U_ANN", "Request changes")
    assert "It stays approved as it was until this is decided." in house.command("U_PRIYA", "UC-1")

    view = preview(house, benefit="Customers wait three days less")
    assert "from 6 to 2 hours" in words(view)
    assert reference_in(house.submit("U_PRIYA", view, {})) == "UC-1"
    assert (case(house).revision, case(house).pending_revision) == (1, 3)
    house.send()
    card = words(house.posts_to("U_ANN")[-1])
    assert "from 6 to 3 hours by 1 Dec 2026 → " in card
    assert "Customers wait three days less" in card

    vote(house, "U_ANN")
    assert (case(house).state, case(house).revision, case(house).pending_revision) == (UseCaseState.APPROVED, 3, None)


def test_one_change_at_a_time(house: House) -> None:
    approved(house)
    mine, theirs = preview(house, kpi_target="2"), preview(house, "U_MAREK", kpi_target="1")
    assert reference_in(house.submit("U_PRIYA", mine, {})) == "UC-1"

    assert "Somebody else has changed and sent it" in words(view_in(house.submit("U_MAREK", theirs, {})))
    house.press("U_MAREK", Action.EDIT, str(case(house).id))
    house.send()
    assert "A change of it is being decided already." in house.whispers_to("U_MAREK")[-1]
    assert len(rows(house, UseCaseRevision)) == 2


def test_a_change_sent_twice_is_one_change(house: House) -> None:
    approved(house)
    view = preview(house, kpi_target="2")

    first, second = house.submit("U_PRIYA", view, {}), house.submit("U_PRIYA", view, {})

    assert first.body == second.body
    assert (len(rows(house, UseCaseRevision)), len(rows(house, ApprovalRequest))) == (2, 2)


def test_the_owner_may_ask_for_a_change_and_then_decides_nothing_about_it(house: House) -> None:
    approved(house)
    house.grant("governance", "U_MAREK")

    change(house, "U_MAREK", kpi_target="2")
    house.send()

    assert "Approve" not in {label for post in house.posts_to("U_MAREK") for label in buttons(post)}
    house.press("U_MAREK", Action.APPROVE, buttons(house.posts_to("U_ANN")[-1])["Approve"])
    house.send()
    assert case(house).revision == 1
    assert "You own UC-1" in house.whispers_to("U_MAREK")[-1]


def test_nobody_else_may_ask_for_a_change(house: House) -> None:
    approved(house)
    opened = len(house.world.opened)

    for who in ("U_OTTO", "U_ANN"):
        house.press(who, Action.EDIT, str(case(house).id))
    house.send()

    assert "Only whoever proposed or owns" in house.whispers_to("U_OTTO")[-1]
    assert len(house.world.opened) == opened


def test_a_change_may_be_approved_by_the_policy_itself(house: House) -> None:
    with_the_shipped_policy(house)
    house.propose(data_class="internal")
    assert case(house).state is UseCaseState.APPROVED

    told = change(house, kpi_target="2")

    assert "The policy approves it by itself" in told
    assert (case(house).revision, case(house).pending_revision) == (2, None)


# ---------------------------------------------------------------------------------------------- the tier rises


def test_from_low_to_medium_the_approval_holds_until_people_have_decided(house: House) -> None:
    with_the_shipped_policy(house)
    house.propose(data_class="internal")

    told = change(house, data_class="personal")

    assert "It stays approved as it was" in told
    assert (case(house).state, newest(house).tier) == (UseCaseState.APPROVED, Tier.MEDIUM)


def test_a_tier_that_rises_to_high_ends_the_approval_of_what_nobody_uses_yet(house: House) -> None:
    approved_as_medium(house)

    shown = words(preview(house, areas=["health"]))
    assert "its approval ends when you send this" in shown
    told = change(house, areas=["health"])

    assert "its earlier approval no longer counts" in told
    assert (case(house).state, case(house).revision, case(house).pending_revision) == (UseCaseState.IN_REVIEW, 2, None)
    vote(house, "U_ANN", "Reject")
    assert case(house).state is UseCaseState.REJECTED
    assert "Propose anew" in buttons(house.posts_to("U_PRIYA")[-1])


def test_a_live_use_case_whose_tier_rises_is_suspended_until_the_change_is_approved(house: House) -> None:
    approved_as_medium(house)
    go_live(house)

    assert "it is suspended when you send this" in words(preview(house, areas=["health"]))
    told = change(house, areas=["health"])
    house.send()

    assert "It is suspended until a change of it is approved." in told
    assert (case(house).state, case(house).suspended_from) == (UseCaseState.SUSPENDED, UseCaseState.DEPLOYED)
    assert "make sure that nobody uses it" in words(house.posts_to("U_MAREK")[-1])
    vote(house, "U_ANN")
    for _ in range(3):  # privacy, legal and risk are all Ben's
        vote(house, "U_BEN")
    vote(house, "U_OTTO")
    vote(house, "U_CLEO")

    assert (case(house).state, case(house).suspended_from, case(house).revision) == (UseCaseState.DEPLOYED, None, 2)
    assert "may be used again" in words(house.posts_to("U_MAREK")[-1])


def test_it_stays_suspended_when_the_change_is_rejected_and_goes_on_with_one_that_is_approved(house: House) -> None:
    approved_as_medium(house)
    go_live(house)
    change(house, areas=["health"])
    vote(house, "U_ANN", "Reject")

    assert (case(house).state, case(house).pending_revision) == (UseCaseState.SUSPENDED, None)
    assert "It is suspended until a change of it is approved." in house.command("U_PRIYA", "UC-1")
    assert "*It is suspended* until a change of it is approved." in words(preview(house, kpi_target="2"))
    change(house, kpi_target="2")
    assert case(house).state is UseCaseState.SUSPENDED
    vote(house, "U_ANN")

    assert (case(house).state, case(house).revision) == (UseCaseState.DEPLOYED, 3)


def test_a_change_to_what_nobody_may_do_is_refused_and_a_wrong_answer_can_be_corrected(house: House) -> None:
    approved_as_medium(house)
    go_live(house)

    told = change(house, practices=["social_scoring"])
    house.send()
    assert "is refused by the policy" in told
    assert (case(house).state, newest(house).status) == (UseCaseState.SUSPENDED, RequestStatus.REJECTED)
    assert "Correct it" in buttons(house.posts_to("U_PRIYA")[-1])

    change(house, practices=["none"], kpi_target="2")

    assert (case(house).state, case(house).revision) == (UseCaseState.SUSPENDED, 1)
    vote(house, "U_ANN")
    vote(house, "U_BEN")
    assert (case(house).state, case(house).revision) == (UseCaseState.DEPLOYED, 3)


def test_what_is_approved_and_not_used_goes_the_way_of_any_refused_proposal(house: House) -> None:
    approved_as_medium(house)

    change(house, practices=["social_scoring"])

    assert (case(house).state, case(house).revision) == (UseCaseState.REJECTED, 2)
    change(house, practices=["none"])
    assert (case(house).state, case(house).revision) == (UseCaseState.IN_REVIEW, 3)


def test_a_change_that_rises_only_when_it_comes_back_suspends_then(house: House) -> None:
    approved_as_medium(house)
    go_live(house)
    change(house, kpi_target="2")
    vote(house, "U_ANN", "Request changes")
    assert case(house).state is UseCaseState.DEPLOYED

    change(house, areas=["health"])

    assert (case(house).state, case(house).pending_revision) == (UseCaseState.SUSPENDED, 3)


def test_a_use_case_is_shown_with_the_tier_its_text_was_approved_under_and_its_change_with_its_own(
    house: House,
) -> None:
    approved_as_medium(house)
    hire(house, "U_NINA")  # who has no part in it
    go_live(house)
    change(house, areas=["health"])

    for who in ("U_PRIYA", "U_NINA"):
        lines = house.command(who, "UC-1").splitlines()
        assert lines[1].endswith("Medium tier")
        assert any(line.startswith("⏳ Change in review (High tier): Ann and Ben have it now") for line in lines)
    told = house.command("U_PRIYA", "UC-1")
    assert "Personal data" in told.partition("Why: ")[2].partition("\n")[0]
    assert "health" not in told.lower()

    vote(house, "U_ANN", "Reject")
    assert "Medium tier" in house.command("U_NINA", "UC-1").splitlines()[1]
    assert "⛔ Change rejected (High tier) by Ann" in house.command("U_NINA", "UC-1")
    assert "⛔ *Change rejected (High tier)* by Ann" in house.command("U_PRIYA", "UC-1")


def test_what_is_in_review_again_is_shown_with_the_tier_of_its_new_text(house: House) -> None:
    approved_as_medium(house)
    change(house, areas=["health"])

    told = house.command("U_PRIYA", "UC-1")
    assert told.splitlines()[1].endswith("High tier")
    assert "(High tier)" not in told


def withdrawn(house: House) -> tuple[str, str]:
    """Withdraw the newest request from its window; return what is asked before and what is said after."""
    house.press("U_PRIYA", Action.OPEN, str(newest(house).id))
    window = house.world.opened[-1]
    found = [each for block in window["blocks"] if block["type"] == "actions" for each in block["elements"]]
    button = next(each for each in found if each["action_id"] == Action.WITHDRAW)
    return words(button["confirm"]), words(house.turn("U_PRIYA", Action.WITHDRAW, button["value"], view=window))


def test_a_change_that_is_withdrawn_is_said_to_be_one_with_what_holds(house: House) -> None:
    approved(house)
    change(house, kpi_target="2")

    before, after = withdrawn(house)

    assert "It may be asked for again." in before
    assert "The change of UC-1 is withdrawn. Nobody is asked any more. ✅ It stays approved as it was." in after
    assert "proposed anew" not in after


def test_who_withdraws_a_change_that_ended_the_approval_reads_that_it_stays_ended(house: House) -> None:
    approved_as_medium(house)
    change(house, areas=["health"])

    before, after = withdrawn(house)

    assert "Its approval ended when the change was sent; it can only be proposed anew." in before
    ended = "⚠️ Its earlier approval ended when the change was sent; it is not approved any more."
    assert ended in after
    assert ended in house.command("U_PRIYA", "UC-1")
    assert case(house).state is UseCaseState.WITHDRAWN


# ------------------------------------------------------------------------------------------------- the record


def test_what_became_of_a_change_is_on_the_record(house: House) -> None:
    approved(house)
    change(house, kpi_target="2")
    vote(house, "U_ANN", "Reject")
    change(house, kpi_target="1")
    vote(house, "U_ANN")

    with house.database.reading() as session:
        events = session.exec(select(LedgerEvent).order_by(LedgerEvent.stream, col(LedgerEvent.seq)))
        told = [json.loads(row.body) for row in events if row.stream == f"use_case:{case(house).id}"]
        opened = [
            json.loads(row.body)["data"] for row in session.exec(select(LedgerEvent)) if "request_opened" in row.body
        ]
    assert [(each["kind"].partition(".")[2], each["data"].get("revision")) for each in told] == [
        ("proposed", None),
        ("state_changed", None),
        ("revised", 2),
        ("change_dropped", 2),
        ("revised", 3),
        ("changed", 3),
    ]
    approved_id = str(next(row.id for row in rows(house, ApprovalRequest) if row.amends_id is None))
    assert sorted(str(each.get("amends")) for each in opened) == sorted(["None", approved_id, approved_id])


def test_a_confidential_change_hides_the_whole_use_case_at_once(house: House) -> None:
    approved(house)
    assert "UC-1" in house.command("U_OTTO", "UC-1").partition("\n")[0]

    change(house, confidential=["confidential"], kpi_target="2")

    assert "There is no use case" in house.command("U_OTTO", "UC-1")
    assert all(row.confidential for row in rows(house, ApprovalRequest))


HIDDEN = "A confidential request"


def test_what_becomes_confidential_is_hidden_on_the_channels_old_cards_at_once(house: House) -> None:
    approved(house)
    [card] = house.posts_to(GOVERNANCE)
    assert "UC-1" in words(card)

    change(house, confidential=["confidential"])  # nothing but that, so nobody is asked
    house.send()

    assert house.posts_to(GOVERNANCE) == [card]
    assert (words(card).strip(), card.text, buttons(card)) == (HIDDEN, HIDDEN, {})
    assert "UC-1" not in words(card)
    assert "Summarise complaint files" not in words(card)
    assert "Priya" not in words(card)


def test_a_change_that_is_confidential_hides_the_card_of_what_was_approved_and_gets_none_itself(house: House) -> None:
    approved(house)
    change(house, confidential=["confidential"], kpi_target="2")
    house.send()

    [card] = house.posts_to(GOVERNANCE)
    assert card.text == HIDDEN
    vote(house, "U_ANN")
    [card] = house.posts_to(GOVERNANCE)
    assert card.text == HIDDEN
    assert "UC-1" not in words(card)


def test_a_channels_card_is_shown_in_full_again_when_everybody_may_know(house: House) -> None:
    approved(house)
    change(house, confidential=["confidential"])
    house.send()

    change(house, confidential=[])
    house.send()

    [card] = house.posts_to(GOVERNANCE)
    assert "Approved" in words(card)
    assert card.text.startswith("UC-1")


def test_what_came_back_is_announced_when_everybody_may_know_of_it(house: House) -> None:
    house.propose(confidential=["confidential"])
    vote(house, "U_ANN", "Request changes")
    assert house.posts_to(GOVERNANCE) == []

    house.submit("U_PRIYA", preview(house, confidential=[], kpi_target="2"), {})
    house.send()

    [card] = house.posts_to(GOVERNANCE)
    assert "waits for Ann" in words(card)


def test_what_came_back_confidential_is_hidden_in_the_channel_that_had_it(house: House) -> None:
    house.propose()
    vote(house, "U_ANN", "Request changes")

    house.submit("U_PRIYA", preview(house, confidential=["confidential"], kpi_target="2"), {})
    house.send()

    [card] = house.posts_to(GOVERNANCE)
    assert (card.text, buttons(card)) == (HIDDEN, {})
    assert "Approve" in buttons(house.posts_to("U_ANN")[-1])


@pytest.mark.parametrize("state", sorted(CHANGEABLE))
@pytest.mark.parametrize("was", [Tier.LOW, Tier.MEDIUM, Tier.HIGH])
@pytest.mark.parametrize("becomes", list(Tier))
def test_an_approval_outlives_a_change_unless_the_tier_rises_to_high_or_prohibited(
    state: UseCaseState, was: Tier, becomes: Tier
) -> None:
    effect = effect_of_change(state, changed={Section.DATA, Section.COSMETIC}, was=was, becomes=becomes)

    rises = (was, becomes) in {
        (Tier.LOW, Tier.HIGH),
        (Tier.MEDIUM, Tier.HIGH),
        (Tier.LOW, Tier.PROHIBITED),
        (Tier.MEDIUM, Tier.PROHIBITED),
        (Tier.HIGH, Tier.PROHIBITED),
    }
    if not rises or state is UseCaseState.SUSPENDED:
        assert effect is Effect.ASKED
    else:
        assert effect is (Effect.SUSPENDS if state in LIVE else Effect.RETURNS)
    assert effect_of_change(state, changed={Section.COSMETIC}, was=was, becomes=was) is Effect.AT_ONCE
    assert effect_of_change(state, changed=(), was=was, becomes=was) is Effect.NOTHING


def test_a_policy_that_changed_under_an_approved_use_case_is_met_by_the_next_change(house: House) -> None:
    approved(house)
    put_in_force(house, LEGAL_AND_RISK)
    for role, who in (("legal", "U_BEN"), ("risk", "U_ANN")):
        house.grant(role, who)

    change(house, processing=Processing.PRIVATE_WORKSPACE)
    house.send()

    assert "Approve" in buttons(house.posts_to("U_BEN")[-1])
    assert "Approve" in buttons(house.posts_to("U_ANN")[-1])


# ------------------------------------------------------------------------------------- corners of a change


def test_the_owner_does_not_decide_about_a_change_that_replaces_them(house: House) -> None:
    approved(house)
    house.grant("governance", "U_MAREK")

    change(house, owner="U_OTTO", problem="Reading one file takes seven hours.")
    house.send()

    assert not any("Approve" in buttons(post) for post in house.posts_to("U_MAREK"))
    house.press("U_MAREK", Action.APPROVE, buttons(house.posts_to("U_ANN")[-1])["Approve"])
    house.send()
    assert "You own UC-1" in house.whispers_to("U_MAREK")[-1]
    assert case(house).revision == 1


def test_what_was_suspended_by_a_wrong_answer_goes_on_as_it_was_once_people_agree(house: House) -> None:
    approved_as_medium(house)
    go_live(house)
    change(house, areas=["health"])
    house.press("U_PRIYA", Action.WITHDRAW, str(newest(house).id))
    house.send()
    assert case(house).state is UseCaseState.SUSPENDED

    told = change(house)

    assert "The change of *UC-1*" in told
    vote(house, "U_ANN")
    vote(house, "U_BEN")
    assert (case(house).state, case(house).pending_revision) == (UseCaseState.DEPLOYED, None)


def changed_under(house: House, text: str, *, live: bool) -> None:
    """Ask for a change of what was approved as medium, and have it led where another policy leads it."""
    approved_as_medium(house)
    if live:
        go_live(house)
    change(house, kpi_target="2")
    put_in_force(house, text)
    with house.database.transaction() as session:
        reactions.reroute(session, newest(house).id, actor=None, now=house.clock.now())


def stricter(tier: str, fact: str = "personal") -> str:
    """Return the shipped policy with a line that leads what uses this data to `tier`."""
    document = yaml.safe_load(policy.default_text())
    line = {"line": "tested", "reason": "Because this test says so.", "when": {"data_class": fact}}
    document["tiers"].setdefault(tier, []).append(line)
    return yaml.safe_dump(document, sort_keys=False)


@pytest.mark.parametrize(("live", "state"), [(True, UseCaseState.SUSPENDED), (False, UseCaseState.IN_REVIEW)])
def test_a_change_led_to_high_by_another_policy_ends_the_approval_too(
    house: House, *, live: bool, state: UseCaseState
) -> None:
    changed_under(house, stricter("high"), live=live)

    assert (newest(house).tier, newest(house).status) == (Tier.HIGH, RequestStatus.IN_REVIEW)
    assert case(house).state is state


@pytest.mark.parametrize(("live", "state"), [(True, UseCaseState.SUSPENDED), (False, UseCaseState.REJECTED)])
def test_a_change_that_another_policy_prohibits_ends_the_approval_too(
    house: House, *, live: bool, state: UseCaseState
) -> None:
    changed_under(house, stricter("prohibited"), live=live)

    assert (newest(house).status, case(house).state) == (RequestStatus.REJECTED, state)


def test_a_change_led_to_the_same_tier_leaves_the_approval_in_force(house: House) -> None:
    longer = policy.default_text().replace("answer_within_hours: 24", "answer_within_hours: 30")

    changed_under(house, longer, live=True)

    assert (case(house).state, case(house).pending_revision) == (UseCaseState.DEPLOYED, 2)

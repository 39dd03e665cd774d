"""Where the policy wants it, other admins decide about a change of the policy; and nobody gets around them."""

from collections.abc import Iterator

import pytest

from handlers.ids import Action
from sandbox.blockkit.validate import check_message, check_view
from tests.support.chains import hire, put_in_force
from tests.support.decided_policy import (
    DECIDED,
    FIRST,
    OTHER,
    PROPOSER,
    SECOND,
    THIRD,
    appoint,
    in_force,
    pressable,
    propose,
    put,
    tried,
    with_rule,
    without_rule,
)
from tests.support.fakes import member
from tests.support.house import GOVERNANCE, ONE_LANE, House, buttons, words
from tests.support.shelf import Shelf, shelf
from workflows import approvals
from workflows.policy_changes import NotDone, NotPut, PutInForce


@pytest.fixture
def files(house: House) -> Iterator[Shelf]:
    """Return where Slack keeps files."""
    with shelf(str(house.slack.token)) as kept:
        house.slack.base_url = f"{kept.address}/api/"
        yield kept


@pytest.fixture
def office(house: House) -> House:
    """Return a house of three admins, whose policy wants two of them to decide about its changes."""
    return appoint(house)


def decide(house: House, reference: str, *voters: str) -> None:
    for who in voters:
        house.clock.advance(seconds=1)
        assert house.approve(who, reference).status == 200
    house.send()


def last_told(house: House, who: str) -> str:
    house.send()
    return house.posts_to(who)[-1].text


# ------------------------------------------------------------------------------------ from file to force


def test_an_admin_proposes_a_policy_in_slack_and_two_others_put_it_in_force(office: House, files: Shelf) -> None:
    office.propose()
    window = tried(office, files, OTHER)
    assert check_view(window, allowed=("modal",)) == []
    assert "Put it in force" not in pressable(window)
    action, value = pressable(window)["Propose this policy"]

    answer = words(office.turn(PROPOSER, Action(action), value, view=window))
    assert "POL-1 asks to put this file in force. Asked: Otto and Marek. You are told what they decide." in answer
    assert in_force(office) == (2, DECIDED)
    office.send()
    [card] = [post for post in office.posts_to(FIRST) if "POL-1" in post.text]
    assert check_message(card.blocks) == []
    read = words(card)
    assert "POL-1 · Policy: One lane" in read
    assert "version 2" in read
    assert "1 part changed" in read
    assert "changed standard.review.governance" in read
    assert "1 of 1 submission would change: 1 by lanes, rules or time alone; 1 could take longer." in read
    assert "If approved, it is put in force and Ben is told." in read

    decide(office, "POL-1", FIRST)
    assert in_force(office) == (2, DECIDED)
    decide(office, "POL-1", SECOND)

    assert in_force(office) == (3, OTHER)
    assert "✅ In force as version 3." in last_told(office, PROPOSER)
    assert "*POL-1* “Policy: One lane”, proposed by Ben: ✅ In force as version 3." in last_told(office, FIRST)
    assert office.facts().count("policy.proposed") == 1


def test_what_a_change_does_is_read_in_full_by_who_may_and_names_nothing_confidential(office: House) -> None:
    office.propose(name="Read complaint files")
    office.propose(name="A secret", confidential=["yes"])
    proposed = propose(office)
    office.press(FIRST, Action.OPEN, str(proposed.request_id))

    view = office.world.opened[-1]
    assert check_view(view, allowed=("modal",)) == []
    read = words(view)
    assert "UC-1 Read complaint files" in read
    assert "at most 12 h → at most 30 h" in read
    assert "A secret" not in read
    assert "1 more would change that you may not know of; the totals count them." in read
    assert "line 22:" in read
    assert "-        answer_within_hours: 12" in read
    assert "+        answer_within_hours: 30" in read

    office.command("U_PRIYA")
    office.press("U_PRIYA", Action.OPEN, str(proposed.request_id))
    other = words(office.world.opened[-1])
    assert "Only the people involved" in other
    assert "answer_within_hours" not in other


@pytest.mark.parametrize("role", ["lead", "auditor"])
def test_leads_and_auditors_read_what_is_proposed(office: House, role: str) -> None:
    hire(office, "U_NORA", role)
    propose(office)

    assert "In the file" in office.command("U_NORA", "POL-1")
    assert "In the file" not in office.command("U_PRIYA", "pol-1")


def test_without_the_rule_an_admin_puts_a_policy_in_force_from_slack(house: House, files: Shelf) -> None:
    appoint(house, text=ONE_LANE)
    window = tried(house, files, DECIDED)
    assert "Propose this policy" not in pressable(window)
    action, value = pressable(window)["Put it in force"]

    said = words(house.turn(PROPOSER, Action(action), value, view=window))

    assert "Policy version 2 is in force for new requests." in said
    assert in_force(house)[1] == DECIDED
    assert "has no vote" not in said  # three admins are enough


def test_who_presses_twice_reads_that_it_is_asked_already(office: House, files: Shelf) -> None:
    window = tried(office, files, OTHER)
    action, value = pressable(window)["Propose this policy"]
    first = office.turn(PROPOSER, Action(action), value, view=window)
    again = office.turn(PROPOSER, Action(action), value, view=window)

    assert "POL-1 asks" in words(first)
    assert "POL-1 asks for the same file and is not decided yet. Nothing was changed." in words(again)
    assert office.facts().count("policy.proposed") == 1


def test_a_button_that_says_something_else_than_what_would_happen_does_nothing(house: House, files: Shelf) -> None:
    appoint(house, text=ONE_LANE)
    window = tried(house, files, OTHER)
    action, value = pressable(window)["Put it in force"]
    put_in_force(house, DECIDED)  # meanwhile

    said = words(house.turn(PROPOSER, Action(action), value, view=window))

    assert "Another policy came in force meanwhile" in said
    assert in_force(house)[1] == DECIDED
    assert "policy.proposed" not in house.facts()


def test_only_admins_put_a_policy_forward_whatever_window_they_kept(office: House, files: Shelf) -> None:
    window = tried(office, files, OTHER)
    action, value = pressable(window)["Propose this policy"]
    office.command("U_PRIYA")

    assert "Only admins change the settings." in words(office.turn("U_PRIYA", Action(action), value, view=window))
    assert isinstance(refused := put(office, OTHER, by="U_PRIYA"), NotDone)
    assert refused.why is NotPut.NOT_AN_ADMIN
    assert "policy.proposed" not in office.facts()


def test_a_file_that_is_another_one_by_now_is_not_put_forward(office: House, files: Shelf) -> None:
    window = tried(office, files, OTHER)
    action, value = pressable(window)["Propose this policy"]
    files.files.update(dict.fromkeys(files.files, THIRD.encode()))

    assert "another file than the one you tried" in words(office.turn(PROPOSER, Action(action), value, view=window))
    files.files.clear()
    assert "does not hand over this file (404)" in words(office.turn(PROPOSER, Action(action), value, view=window))
    assert "policy.proposed" not in office.facts()


# --------------------------------------------------------------------------------------- who decides


def test_who_proposes_a_policy_has_no_vote(office: House) -> None:
    propose(office)
    office.approve(PROPOSER, "POL-1")
    office.send()

    assert office.whispers_to(PROPOSER)[-1] == "You proposed POL-1, so somebody else decides on it."
    assert not [post for post in office.posts_to(PROPOSER) if "Approve" in buttons(post)]


def test_too_few_other_admins_block_it_loudly_and_one_more_opens_it(house: House) -> None:
    appoint(house, PROPOSER, FIRST)
    proposed = propose(house)

    assert (proposed.asked, proposed.blocked) == ((), ("Admins",))
    assert "*Admins is blocked*" in house.command(PROPOSER, "POL-1")
    house.grant("admin", SECOND)
    decide(house, "POL-1", FIRST, SECOND)
    assert in_force(house)[1] == OTHER


def test_taking_the_rule_away_is_itself_decided(office: House) -> None:
    lifted = without_rule(DECIDED)
    propose(office, lifted)
    office.press(FIRST, Action.OPEN, str(office.request_id("POL-1")))
    read = words(office.world.opened[-1])
    assert "removed policy_change" in read
    assert "removed policy\n" in f"{read}\n"

    assert in_force(office)[1] == DECIDED
    decide(office, "POL-1", FIRST, SECOND)

    assert in_force(office)[1] == lifted
    assert put(office, ONE_LANE, by=None) == PutInForce(4)


# ------------------------------------------------------------------------------------- what comes of it


def test_a_policy_made_from_one_that_is_in_force_no_more_is_not_put_in_force(office: House) -> None:
    propose(office)
    propose(office, THIRD, by=FIRST)
    decide(office, "POL-2", PROPOSER, SECOND)
    assert in_force(office) == (3, THIRD)

    [told] = [post for post in office.posts_to(PROPOSER) if "It would not be put in force any more" in post.text]
    assert list(buttons(told)) == ["Propose anew", "Open"]
    card = next(post for post in office.posts_to(FIRST) if "POL-1 ·" in words(post))
    assert "It would not be put in force any more: version 3 came in between." in words(card)

    decide(office, "POL-1", FIRST, SECOND)
    assert in_force(office) == (3, THIRD)
    assert "⚠️ Not put in force: version 3 came in between. It can be proposed anew." in last_told(office, PROPOSER)
    assert "⚠️ Not put in force: version 3 came in between." in last_told(office, SECOND)
    assert office.facts().count("policy.not_applied") == 1


def test_a_rejected_policy_changes_nothing_and_its_proposer_may_propose_anew(office: House) -> None:
    propose(office)
    office.reject(FIRST, "Too slow.", "POL-1")
    office.send()

    told = office.posts_to(PROPOSER)[-1]
    assert "Too slow." in told.text
    assert "You may propose it anew." in told.text
    office.press(PROPOSER, Action.PROPOSE_POLICY, buttons(told)["Propose anew"])
    assert "Policy file" in words(office.world.opened[-1])
    assert in_force(office) == (2, DECIDED)


def test_a_corrected_file_takes_the_place_of_the_one_that_came_back(office: House, files: Shelf) -> None:
    propose(office)
    office.press(FIRST, Action.REQUEST_CHANGES, office.ballot("POL-1"))
    office.submit(FIRST, office.world.opened[-1], {"approvals.lane.reason": {"value": "Forty hours, please."}})
    office.open_home(PROPOSER)
    office.send()
    told = office.posts_to(PROPOSER)[-1]
    assert "Send a corrected file, which takes its place, or withdraw it." in words(told)
    assert "Send a corrected file" in words(office.world.homes[PROPOSER])
    assert check_view(office.world.homes[PROPOSER], allowed=("home",)) == []

    office.press(PROPOSER, Action.PROPOSE_POLICY, buttons(told)["Send a corrected file"])
    form = office.world.opened[-1]
    assert "The file takes the place of POL-1, which is withdrawn" in words(form)
    window = tried(office, files, THIRD, view=form)
    action, value = pressable(window)["Propose this policy"]
    said = words(office.turn(PROPOSER, Action(action), value, view=window))

    assert "POL-2 asks" in said
    assert "Withdrawn" in office.command(PROPOSER, "POL-1")
    decide(office, "POL-2", FIRST, SECOND)
    assert in_force(office) == (3, THIRD)


def test_somebody_elses_proposal_is_not_withdrawn_for_another(office: House) -> None:
    mine = propose(office)
    with office.database.reading() as session:
        proposal_id = approvals.existing_request(session, mine.request_id).subject_id

    propose(office, THIRD, by=FIRST, instead_of=proposal_id)

    told = office.command(PROPOSER, "POL-1")
    assert "waits for Otto or Marek" in told or "waits for Marek or Otto" in told


def test_a_proposal_stays_when_what_was_to_replace_it_is_not_done(office: House) -> None:
    mine = propose(office)
    propose(office, THIRD, by=FIRST)
    with office.database.reading() as session:
        proposal_id = approvals.existing_request(session, mine.request_id).subject_id

    assert put(office, THIRD, instead_of=proposal_id) == NotDone(NotPut.PENDING, 2, "POL-2")
    told = office.command(PROPOSER, "POL-1")
    assert "waits for Otto or Marek" in told or "waits for Marek or Otto" in told
    assert propose(office, instead_of=proposal_id).reference == "POL-3"  # the same file again, to be asked anew


def test_a_withdrawn_policy_can_be_proposed_anew(office: House) -> None:
    proposed = propose(office)
    office.press(PROPOSER, Action.WITHDRAW, str(proposed.request_id))
    office.send()

    assert "POL-1 is withdrawn." in office.whispers_to(PROPOSER)[-1]
    assert propose(office).reference == "POL-2"


def test_the_same_file_is_asked_about_once_and_one_in_force_not_at_all(office: House) -> None:
    propose(office)

    assert put(office, OTHER, by=FIRST) == NotDone(NotPut.PENDING, 2, "POL-1")
    assert put(office, DECIDED) == NotDone(NotPut.IN_FORCE, 2)
    assert put(office, OTHER, by=None) == NotDone(NotPut.PENDING, 2, "POL-1")
    assert put(office, THIRD, by=None) == NotDone(NotPut.NEEDS_PROPOSER, 2)


def test_a_policy_nobody_decides_about_expires_and_changes_nothing(office: House) -> None:
    propose(office)
    for _ in range(40):
        office.advance(hours=24)
    office.send()

    assert "Expired" in office.command(PROPOSER, "POL-1")
    assert in_force(office) == (2, DECIDED)
    assert "Expired" in office.posts_to(PROPOSER)[-1].text


def test_a_proposer_who_left_is_said_to_the_leads_and_the_policy_still_decided(office: House) -> None:
    hire(office, "U_LEA", "lead")
    propose(office)
    office.tell({"type": "user_change", "user": member(PROPOSER, deleted=True)})
    office.advance(seconds=5)
    office.send()

    assert any("nobody is left to answer for it" in post.text for post in office.posts_to("U_LEA"))
    decide(office, "POL-1", FIRST, SECOND)
    assert in_force(office) == (3, OTHER)


def test_the_governance_channel_hears_of_it_and_reads_no_content(office: House) -> None:
    propose(office)
    office.send()

    [card] = [post for post in office.posts_to(GOVERNANCE) if "POL-1" in post.text]
    assert "Policy: One lane" in words(card)
    assert "answer_within_hours" not in words(card)


def test_settings_say_that_too_few_hold_the_role_that_decides(house: House) -> None:
    appoint(house, PROPOSER, FIRST, text=with_rule(needed=2))
    house.press(PROPOSER, Action.SETTINGS, "home", where="home")

    read = words(house.world.opened[-1])
    assert "2 others must approve it, but only 1 other holds the role admin." in read
    assert "People decide about changes: an admin proposes one" in read
    house.grant("admin", SECOND)
    house.press(PROPOSER, Action.SETTINGS, "home", where="home")
    assert "others must approve it" not in words(house.world.opened[-1])

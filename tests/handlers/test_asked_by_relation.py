"""Use cases asked about by who somebody is to them: what people see, may read, and are asked again."""

import pytest
from sqlmodel import col, update

from db.tables import Person
from handlers.ids import Action, Block
from handlers.settings.words import relation_text
from tests.handlers.test_revising import ask_for_changes, resubmit
from tests.handlers.test_settings import ADMIN, office, page, person
from tests.support.chains import hire, lane, policy_text, put_in_force, stage
from tests.support.fakes import member
from tests.support.house import House, buttons, words
from workflows import approvals, intake, people, policy, setup

__all__ = ["office"]

GOVERNANCE_FIRST = stage("review", lane("governance", "governance"))


def by(role: str, *, sections: tuple[str, ...] = ("value",), **more: object) -> str:
    """Return a policy that asks governance and, beside it, somebody by who they are."""
    asked = lane("related", role, sections=sections) | more
    return policy_text(stage("review", lane("governance", "governance"), asked))


def in_turn(role: str) -> str:
    """Return a policy that asks somebody by who they are once governance has approved."""
    return policy_text(GOVERNANCE_FIRST, stage("last", lane("related", role)))


def set_people(house: House, slack_id: str, manager: str) -> None:
    for who in (slack_id, manager):
        hire(house, who)
        house.command(who)  # known here now
    with house.database.transaction() as session:
        found = people.find(session, manager)
        assert found is not None
        changed = update(Person).where(col(Person.slack_id) == slack_id)
        session.connection().execute(changed.values(manager_id=found.id))


def own_objective(house: House, slack_id: str | None) -> None:
    """Say who owns the one objective there is."""
    if slack_id:
        house.command(slack_id)  # known here now
    with house.database.transaction() as session:
        [objective] = intake.objectives(session)
        owner = people.find(session, slack_id) if slack_id else None
        owned = intake.set_objective_owner(session, objective.name, owner, actor=None, now=house.clock.now())
        assert isinstance(owned, intake.Owned)


def waits_for(house: House, reference: str = "UC-1") -> set[str]:
    with house.database.reading() as session:
        request = approvals.existing_request(session, house.request_id(reference))
    return {each.slack_id for each in request.waits_for()}


def opened_by(house: House, who: str) -> str:
    house.press(who, Action.OPEN, str(house.request_id()))
    return words(house.world.opened[-1])


@pytest.fixture
def sponsored(house: House) -> House:
    """Return a house where the sponsor is asked beside governance, and Lea has approved what she sponsors."""
    put_in_force(house, by("sponsor"))
    hire(house, "U_LEA")
    hire(house, "U_BEN")
    house.propose(sponsor="U_LEA")
    house.send()
    house.press("U_LEA", Action.APPROVE, buttons(house.posts_to("U_LEA")[0])["Approve"])
    return house


def test_the_sponsor_gets_a_card_with_buttons_and_their_approval_counts(sponsored: House) -> None:
    assert waits_for(sponsored) == {"U_ANN"}

    sponsored.approve("U_ANN")
    sponsored.send()

    assert "Approved" in sponsored.posts_to("U_PRIYA")[0].text


def test_another_sponsor_named_in_an_edit_decides_for_themselves(sponsored: House) -> None:
    ask_for_changes(sponsored)

    resubmit(sponsored, sponsor="U_BEN")
    sponsored.send()

    assert waits_for(sponsored) == {"U_ANN", "U_BEN"}
    assert "Approve" in buttons(sponsored.posts_to("U_BEN")[0])
    assert "Approve" not in buttons(sponsored.posts_to("U_LEA")[0])


def test_the_same_sponsor_is_not_asked_again_after_an_edit(sponsored: House) -> None:
    ask_for_changes(sponsored)

    resubmit(sponsored, problem="Reading takes six hours; forty files a week.")

    assert waits_for(sponsored) == {"U_ANN"}


def test_an_objectives_owner_is_asked_from_the_next_submission_on(house: House) -> None:
    put_in_force(house, by("objective_owner", fallback="governance"))
    hire(house, "U_OTTO")
    house.propose()

    own_objective(house, "U_OTTO")
    house.propose(objective="  ANSWER within five days ")
    own_objective(house, None)
    house.propose()

    assert [waits_for(house, f"UC-{number}") for number in (1, 2, 3)] == [{"U_ANN"}, {"U_ANN", "U_OTTO"}, {"U_ANN"}]
    assert house.facts().count("objective.owner_set") == 2


def test_somebody_who_left_does_not_come_to_own_an_objective(house: House) -> None:
    hire(house, "U_OTTO")
    house.propose()
    house.command("U_OTTO")
    house.tell({"type": "user_change", "user": member("U_OTTO", deleted=True)})

    with house.database.transaction() as session:
        otto = people.find(session, "U_OTTO")
        [objective] = intake.objectives(session)
        refused = intake.set_objective_owner(session, objective.name, otto, actor=None, now=house.clock.now())

    assert refused is intake.NoOwner.NOT_A_MEMBER


def test_the_preview_names_the_sponsor_and_the_owner_of_the_objective(house: House) -> None:
    put_in_force(house, policy_text(stage("one", lane("paid", "sponsor"), lane("wanted", "objective_owner"))))
    hire(house, "U_LEA")
    hire(house, "U_OTTO")
    house.propose()
    house.command("U_OTTO")
    own_objective(house, "U_OTTO")

    shown = words(house.drafted(sponsor="U_LEA"))

    assert "*Paid*: Lea" in shown
    assert "*Wanted*: Otto" in shown


@pytest.mark.parametrize("is_their_turn", [True, False], ids=["whose turn it is", "whose turn comes"])
def test_a_confidential_use_case_is_read_by_the_owners_manager(house: House, is_their_turn: bool) -> None:
    put_in_force(house, in_turn("owners_manager"))
    set_people(house, "U_MAREK", "U_OTTO")
    set_people(house, "U_LEA", "U_BEN")
    house.propose(confidential=["confidential"])
    house.send()
    if is_their_turn:
        house.approve("U_ANN")
        house.send()

    assert "six hours" in opened_by(house, "U_OTTO")
    assert "Summarise" in house.command("U_OTTO", "UC-1")
    assert "Summarise" not in house.command("U_BEN", "UC-1")


@pytest.mark.parametrize("role", sorted(policy.RELATIONS))
def test_nobody_is_given_in_the_settings_what_follows_from_each_use_case(office: House, role: str) -> None:
    view = page(office, "role:governance")
    view["private_metadata"] = view["private_metadata"].replace("governance", role)

    told = office.submit(ADMIN, view, {str(Block.ROLE_PERSON): person("U_OTTO")})

    assert relation_text(role) in (told.body or "")
    with office.database.reading() as session:
        assert role not in people.holdings(session)


def test_a_role_whose_holders_the_sponsor_stands_in_for_is_not_needed(office: House) -> None:
    put_in_force(office, by("board", fallback="sponsor"))

    with office.database.reading() as session:
        [missing] = [each for each in setup.what_is_left(session) if each.role == "board"]

    assert (missing.is_needed, missing.instead) == (False, "the sponsor")


def test_a_blocked_lane_of_a_relation_says_what_helps(house: House) -> None:
    put_in_force(house, by("owners_manager"))
    house.propose()

    assert "An admin must make somebody programme lead who neither proposed nor owns it." in house.command(
        "U_PRIYA", "UC-1"
    )

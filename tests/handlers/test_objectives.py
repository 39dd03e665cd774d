"""The tree of objectives: everybody reads it, leads say who stands for which and which serves which."""

from typing import Any

import pytest
from sqlalchemy import insert
from sqlmodel import select

from db.enums import UseCaseState
from db.ids import new_id
from db.session import Database
from db.tables import Objective, Person, UseCase, UseCaseRevision
from handlers.ids import Action, Block, Command
from handlers.objectives.views import tree_blocks, tree_modal
from sandbox.blockkit.validate import check_message, check_view
from tests.support.asking import Asking
from tests.support.fakes import member
from tests.support.house import House, errors_in, view_in, words
from tests.support.races import together
from tests.support.statements import recorded
from workflows import objectives
from workflows.objectives import NotTied, Why

LEAD, READER = "U_OTTO", "U_BEN"
LARGE, SMALL = "Happier customers", "Answer within five days"


@pytest.fixture
def led(house: House) -> House:
    house.grant("lead", LEAD)
    house.propose()
    house.act(LEAD, lambda session, lead: objectives.add(session, LARGE, actor=lead, now=house.clock.now()))
    return house


def id_of(house: House, name: str) -> str:
    with house.database.reading() as session:
        return str(session.exec(select(Objective.id).where(Objective.name == name)).one())


def window(house: House, who: str = READER) -> dict[str, Any]:
    assert house.command(who, "objectives", command=Command.GATEHOUSE) == ""
    assert check_view(house.world.opened[-1], allowed=("modal",)) == []
    return house.world.opened[-1]


def change(house: House, name: str, *, who: str = LEAD, owner: str = "", sponsor: str = "", parent: str = "") -> Any:
    """Fill in the form about an objective, all of it."""
    house.press(who, Action.TIE_OBJECTIVE, id_of(house, name))
    view = house.world.opened[-1]
    assert check_view(view, allowed=("modal",)) == []
    chosen = {"type": "external_select", "selected_option": {"value": id_of(house, parent)} if parent else None}
    return house.submit(
        who,
        view,
        {
            Block.OBJECTIVE_OWNER: {"selected_user": owner or None},
            Block.OBJECTIVE_SPONSOR: {"selected_user": sponsor or None},
            Block.OBJECTIVE_PARENT: chosen,
        },
    )


def test_a_lead_hangs_one_objective_below_another_and_its_numbers_are_summed_upwards(led: House) -> None:
    assert led.search(LEAD, Block.OBJECTIVE_PARENT, "happier") == {id_of(led, LARGE): LARGE}
    told = view_in(change(led, SMALL, owner="U_ANN", sponsor="U_MAREK", parent=LARGE))

    assert "✅ Saved." in words(told)
    assert "Owner: Ann · Sponsor: Marek" in words(told)
    assert "Serves “Happier customers”" in words(told)
    shown = words(window(led))
    assert "*Happier customers*\n\u20031 use case: 1 in review" in shown
    assert "\u2003↳ *Answer within five days*\n\u2003\u20031 use case: 1 in review" in shown
    assert "Change …" not in shown
    assert "Nothing was changed." in words(view_in(change(led, SMALL, owner="U_ANN", sponsor="U_MAREK", parent=LARGE)))
    assert [led.facts().count(f"objective.{each}_set") for each in ("owner", "sponsor", "parent")] == [1, 1, 1]
    with led.database.reading() as session:
        tree = objectives.tree(session)
    assert check_message(tree_blocks(tree)) == []
    assert "Answer within five days" in words(tree_blocks(tree))
    assert "… and 1 more." in words(tree_blocks(tree, most=1))


def test_a_circle_and_a_fifth_level_are_refused_at_their_field_with_the_way(led: House) -> None:
    change(led, SMALL, parent=LARGE)

    told = errors_in(change(led, LARGE, parent=SMALL))[Block.OBJECTIVE_PARENT]

    assert told.startswith(f"That leads in a circle: “{LARGE}” would serve “{SMALL}”, which serves “{LARGE}”.")
    for name, parent in (("Third", SMALL), ("Fourth", "Third"), ("Fifth", "Fourth")):
        led.act(LEAD, lambda s, lead, name=name: objectives.add(s, name, actor=lead, now=led.clock.now()))
        response = change(led, name, parent=parent)
    assert "That would make 5 levels of objectives; at most 4" in errors_in(response)[Block.OBJECTIVE_PARENT]


def test_two_who_hang_two_objectives_below_each_other_at_once_make_no_circle(led: House) -> None:
    def below(child: str, parent: str) -> Any:
        with led.database.transaction() as session:
            return objectives.set_parent(session, child, parent, actor=None, now=led.clock.now())

    outcomes = together(lambda: below(SMALL, LARGE), lambda: below(LARGE, SMALL))

    assert [each.why for each in outcomes if isinstance(each, NotTied)] == [Why.CIRCLE]


def test_of_two_forms_opened_at_once_the_later_one_does_not_undo_what_the_first_set(led: House) -> None:
    led.press(LEAD, Action.TIE_OBJECTIVE, id_of(led, SMALL))
    stale = led.world.opened[-1]
    change(led, SMALL, sponsor="U_MAREK")

    told = view_in(led.submit(LEAD, stale, {Block.OBJECTIVE_OWNER: {"selected_user": "U_ANN"}}))

    assert "somebody else changed it" in words(told)
    assert led.facts().count("objective.sponsor_set") == 1


def test_who_does_not_lead_reads_and_changes_nothing_and_guests_stand_for_nothing(led: House) -> None:
    led.world.people["U_GUEST"] = member("U_GUEST", is_restricted=True)
    for action, value in ((Action.TIE_OBJECTIVE, id_of(led, SMALL)), (Action.ADD_OBJECTIVE, "add")):
        led.press(READER, action, value)
        led.send()
        assert led.whispers_to(READER)[-1].startswith("Only programme leads and admins change objectives.")
    assert "Choose a full member" in errors_in(change(led, SMALL, sponsor="U_GUEST"))[Block.OBJECTIVE_SPONSOR]
    led.press(LEAD, Action.ADD_OBJECTIVE, "add")
    taken = led.submit(LEAD, led.world.opened[-1], {Block.OBJECTIVE_NAME: {"value": LARGE.upper()}})
    assert "There is an objective of this name already." in errors_in(taken)[Block.OBJECTIVE_NAME]
    led.press("U_GUEST", Action.OBJECTIVES, "objectives")
    led.send()
    assert led.whispers_to("U_GUEST")[-1].startswith("Guests can read along")
    assert "objective.sponsor_set" not in led.facts()


def test_an_owner_who_left_stays_until_somebody_else_is_named(led: House) -> None:
    change(led, SMALL, owner="U_ANN")
    led.world.people["U_ANN"] = member("U_ANN", deleted=True)
    led.tell({"type": "user_change", "user": led.world.people["U_ANN"]})

    assert "✅ Saved." in words(view_in(change(led, SMALL, owner="U_ANN", parent=LARGE)))


def test_what_is_confidential_counts_and_is_named_to_nobody_who_may_not_know(led: House) -> None:
    led.propose(name="Quiet quagga", confidential=["confidential"], differs="All of it.")

    def opened(who: str) -> str:
        led.press(who, Action.OBJECTIVE, id_of(led, SMALL))
        assert check_view(led.world.opened[-1], allowed=("modal",)) == []
        return words(led.world.opened[-1])

    assert "2 use cases: 2 in review" in opened(READER)
    assert "*UC-1* “Summarise complaint files” · Complaints · in review" in opened(READER)
    assert "Quiet quagga" not in opened(READER)
    assert "counts in the numbers and is not named" in opened(READER)
    assert "Quiet quagga" in opened(LEAD)


def test_kpis_hit_and_what_was_said_last_are_counted(house: House) -> None:
    asking = Asking(house)
    asking.jump_to("2026-03-03T09:00")
    asking.answer("5", CONFIDENCE="at_risk")

    assert "1 use case: 1 approved · 0 of 1 KPI hit · 1 at risk" in words(window(house))


def test_two_hundred_objectives_of_a_thousand_use_cases_take_as_many_statements_as_one(house: House) -> None:
    house.propose()

    def statements() -> int:
        with recorded(house.database.engine) as recording:
            with house.database.transaction():
                pass
            recording.taken()
            with house.database.reading() as session:
                tree = objectives.tree(session)
            asked = recording.taken()
        assert check_view(tree_modal(tree, steers=True), allowed=("modal",)) == []
        return sum(each.count for each in asked)

    few = statements()
    fill(house.database)
    with house.database.reading() as session:
        assert objectives.tree(session).total.use_cases == 1001

    assert statements() == few


def fill(database: Database) -> None:
    """Store 200 objectives and a thousand use cases on them, as copies of the one there is."""
    with database.transaction() as session:
        case, text = session.exec(select(UseCase)).one(), session.exec(select(UseCaseRevision)).one()
        ann = session.exec(select(Person.id).where(Person.slack_id == "U_ANN")).one()
        tops = [
            {
                "id": new_id(),
                "name": f"Goal {n}",
                "name_key": f"goal {n}",
                "created_by": ann,
                "created_at": case.created_at,
            }
            for n in range(200)
        ]
        cases = [
            case.model_dump() | {"id": new_id(), "token": new_id(), "number": n, "state": UseCaseState.APPROVED}
            for n in range(2, 1002)
        ]
        texts = [
            text.model_dump() | {"use_case_id": each["id"], "objective_id": tops[number % 200]["id"]}
            for number, each in enumerate(cases)
        ]
        for table, values in ((Objective, tops), (UseCase, cases), (UseCaseRevision, texts)):
            session.connection().execute(insert(table), values)

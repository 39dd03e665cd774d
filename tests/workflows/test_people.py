"""People, user groups and roles as they are stored: each counted once, and never nobody as admin."""

import json
from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlmodel import select

from db.enums import Membership, WorkspaceRank
from db.queries import configuration
from db.queries import people as stored_people
from db.session import Database
from db.tables import FreeText, LedgerEvent, Person
from tests.support.fakes import MONDAY_MORNING as NOW
from tests.support.fakes import TEAM
from tests.support.races import Meeting, together
from workflows import ledger, people
from workflows.people import (
    ADMIN,
    Description,
    Detail,
    Group,
    LastAdmin,
    Plan,
    Profile,
    UnknownGroup,
    Unusable,
)

BOARD = Group("S_BOARD", "board", "The board")
OWNERS = Group("S_OWNERS", "owners", "Owners")
LATER = NOW + timedelta(hours=1)


def profile(slack_id: str, **facts: Any) -> Profile:
    said = {"team_id": TEAM, "name": slack_id.removeprefix("U_").capitalize(), "zone": "Europe/Berlin"}
    return Profile(**(said | {"slack_id": slack_id, "membership": Membership.MEMBER} | facts))


def hire(database: Database, *slack_ids: str, **facts: Any) -> list[UUID]:
    with database.transaction() as session:
        return [people.store_profile(session, profile(each, **facts), now=NOW) for each in slack_ids]


def gather(database: Database, group: Group, *slack_ids: str) -> None:
    with database.transaction() as session:
        people.store_groups(session, [group], now=NOW)
        people.store_members(session, group.id, slack_ids, asked_at=NOW)


def grant(database: Database, role: str, who: UUID | Group) -> object:
    with database.transaction() as session:
        if isinstance(who, Group):
            return people.grant_group(session, role, who.id, actor=None, now=NOW)
        return people.grant_role(session, role, who, actor=None, now=NOW)


def withdraw(database: Database, role: str, who: UUID | Group) -> object:
    with database.transaction() as session:
        if isinstance(who, Group):
            return people.withdraw_group(session, role, who.id, actor=None, now=NOW)
        return people.withdraw_role(session, role, who, actor=None, now=NOW)


def holders(database: Database, role: str) -> list[str]:
    with database.reading() as session:
        return sorted(each.name for each in people.holders_of(session, role))


def facts(database: Database, kind: str) -> list[dict[str, Any]]:
    with database.reading() as session:
        bodies = [json.loads(row.body) for row in session.exec(select(LedgerEvent).order_by(LedgerEvent.seq))]
    return [body["data"] for body in bodies if body["kind"] == kind]


def person(database: Database, slack_id: str) -> Person:
    with database.reading() as session:
        return session.exec(select(Person).where(Person.slack_id == slack_id)).one()


# ---------------------------------------------------------------------- roles


def test_who_holds_a_role_in_two_user_groups_and_by_themselves_counts_once(database: Database) -> None:
    ann, ben = hire(database, "U_ANN", "U_BEN")
    gather(database, BOARD, "U_ANN", "U_BEN")
    gather(database, OWNERS, "U_ANN")
    for who in (BOARD, OWNERS, ann):
        assert grant(database, "council", who) is True

    assert holders(database, "council") == ["Ann", "Ben"]
    with database.reading() as session:
        assert people.roles_of(session, ann) == people.roles_of(session, ben) == {"council"}
        assert people.holder_counts(session) == {"council": 2}


def test_a_guest_in_a_user_group_holds_no_role(database: Database) -> None:
    hire(database, "U_ANN")
    hire(database, "U_OUT", membership=Membership.GUEST)
    gather(database, BOARD, "U_ANN", "U_OUT")
    grant(database, "council", BOARD)

    assert holders(database, "council") == ["Ann"]
    with database.reading() as session:
        assert people.holder_counts(session) == {"council": 1}


def test_a_user_group_that_is_switched_off_gives_nobody_a_role(database: Database) -> None:
    hire(database, "U_ANN")
    gather(database, BOARD, "U_ANN")
    grant(database, "council", BOARD)

    with database.transaction() as session:
        people.store_groups(session, [OWNERS], now=LATER, are_all=True)

    assert holders(database, "council") == []
    assert grant(database, "risk", BOARD) == UnknownGroup()


def test_a_user_group_nobody_knows_can_hold_nothing(database: Database) -> None:
    assert grant(database, "council", BOARD) == UnknownGroup()


def test_granting_and_withdrawing_say_whether_that_changed_anything(database: Database) -> None:
    [ann] = hire(database, "U_ANN")
    gather(database, BOARD, "U_ANN")

    assert [grant(database, "council", who) for who in (ann, ann, BOARD, BOARD)] == [True, False, True, False]
    assert [withdraw(database, "council", who) for who in (ann, ann, BOARD, BOARD)] == [True, False, True, False]
    assert holders(database, "council") == []


def test_the_record_names_people_by_our_id_and_user_groups_by_a_digest_that_can_be_proven(database: Database) -> None:
    [ann] = hire(database, "U_ANN")
    gather(database, BOARD, "U_ANN")
    grant(database, "council", ann)
    grant(database, "council", BOARD)

    of_person, of_group = facts(database, "people.role_granted")
    assert of_person == {"role": "council", "person": str(ann)}
    assert BOARD.id not in json.dumps(of_group)
    with database.reading() as session:
        text = session.get(FreeText, UUID(of_group["group_text"]))
        assert text is not None
        assert text.body == BOARD.id
        assert ledger.salted_digest(text.salt, text.body) == of_group["group"]


@pytest.mark.parametrize("of_group", [False, True], ids=["a person", "a user group"])
def test_the_last_admin_cannot_be_taken_away(database: Database, *, of_group: bool) -> None:
    [ann] = hire(database, "U_ANN")
    gather(database, BOARD, "U_ANN")
    last: UUID | Group = BOARD if of_group else ann
    grant(database, ADMIN, last)

    assert withdraw(database, ADMIN, last) == LastAdmin()
    assert holders(database, ADMIN) == ["Ann"]
    assert facts(database, "people.role_withdrawn") == []


def test_an_admin_twice_over_may_lose_one_of_the_two(database: Database) -> None:
    [ann] = hire(database, "U_ANN")
    gather(database, BOARD, "U_ANN")
    grant(database, ADMIN, ann)
    grant(database, ADMIN, BOARD)

    assert withdraw(database, ADMIN, ann) is True
    assert withdraw(database, ADMIN, BOARD) == LastAdmin()


def test_somebody_who_left_does_not_count_as_the_admin_who_remains(database: Database) -> None:
    ann, ben = hire(database, "U_ANN", "U_BEN")
    grant(database, ADMIN, ann)
    grant(database, ADMIN, ben)
    hire(database, "U_BEN", membership=Membership.DEACTIVATED)

    assert withdraw(database, ADMIN, ann) == LastAdmin()
    assert withdraw(database, ADMIN, ben) is True


def test_other_roles_may_be_held_by_nobody(database: Database) -> None:
    [ann] = hire(database, "U_ANN")
    grant(database, "council", ann)

    assert withdraw(database, "council", ann) is True


def test_two_admins_who_withdraw_each_other_at_once_leave_one(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    ann, ben = hire(database, "U_ANN", "U_BEN")
    grant(database, ADMIN, ann)
    grant(database, ADMIN, ben)
    meeting = Meeting()
    meeting.after(monkeypatch, stored_people, "others_hold")

    done = together(lambda: withdraw(database, ADMIN, ann), lambda: withdraw(database, ADMIN, ben))

    assert not meeting.both_came
    assert sorted(map(str, done)) == ["LastAdmin()", "True"]
    assert len(holders(database, ADMIN)) == 1


def test_without_the_lock_both_would_go(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    """The test above can fail on PostgreSQL; SQLite lets one writer in at a time whatever we ask for."""
    ann, ben = hire(database, "U_ANN", "U_BEN")
    grant(database, ADMIN, ann)
    grant(database, ADMIN, ben)
    meeting = Meeting()
    meeting.after(monkeypatch, stored_people, "others_hold")
    monkeypatch.setattr(configuration, "hold_counters", lambda _: None)

    with suppress(Exception):  # the ledger's key is the second fence
        together(lambda: withdraw(database, ADMIN, ann), lambda: withdraw(database, ADMIN, ben))

    assert meeting.both_came == (database.engine.dialect.name == "postgresql")


def test_the_same_role_granted_twice_at_once_is_granted_once(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    [ann] = hire(database, "U_ANN")
    meeting = Meeting()
    meeting.after(monkeypatch, stored_people, "holds_directly")

    done = together(*[lambda: grant(database, "council", ann)] * 2)

    assert sorted(map(bool, done)) == [False, True]
    assert len(facts(database, "people.role_granted")) == 1


def test_one_role_granted_to_two_people_at_once_is_on_the_record_twice(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    ann, ben = hire(database, "U_ANN", "U_BEN")
    meeting = Meeting()
    meeting.after(monkeypatch, stored_people, "holds_directly")

    assert together(lambda: grant(database, "council", ann), lambda: grant(database, "council", ben)) == [True, True]
    assert holders(database, "council") == ["Ann", "Ben"]
    assert len(facts(database, "people.role_granted")) == 2


# ---------------------------------------------------------------------- user groups


def read_again(database: Database) -> list[str]:
    with database.reading() as session:
        return list(people.groups_to_read(session))


def change(database: Database, *, added: tuple[str, ...] = (), removed: tuple[str, ...] = ()) -> None:
    with database.transaction() as session:
        people.change_members(session, BOARD.id, added=added, removed=removed, now=LATER)


def test_who_joins_or_leaves_a_user_group_gains_or_loses_its_role_at_once(database: Database) -> None:
    hire(database, "U_ANN", "U_BEN")
    gather(database, BOARD, "U_ANN")
    grant(database, "council", BOARD)

    change(database, added=("U_BEN", "U_NOBODY"), removed=("U_ANN",))

    assert holders(database, "council") == ["Ben"]
    assert read_again(database) == [BOARD.id]


def test_members_of_a_user_group_without_a_role_are_not_kept(database: Database) -> None:
    hire(database, "U_ANN")
    gather(database, BOARD)
    change(database, added=("U_ANN",))

    assert read_again(database) == []
    grant(database, "council", BOARD)
    assert holders(database, "council") == []
    assert read_again(database) == [BOARD.id]


def test_what_an_event_told_while_the_list_was_read_is_read_once_more(database: Database) -> None:
    hire(database, "U_ANN", "U_BEN")
    gather(database, BOARD, "U_ANN")
    grant(database, "council", BOARD)
    change(database, added=("U_BEN",))

    with database.transaction() as session:  # asked before the event, answered after it
        people.store_members(session, BOARD.id, ["U_ANN"], asked_at=LATER - timedelta(seconds=1))
    assert read_again(database) == [BOARD.id]

    with database.transaction() as session:
        people.store_members(session, BOARD.id, ["U_ANN", "U_BEN"], asked_at=LATER + timedelta(seconds=1))
    assert read_again(database) == []
    assert holders(database, "council") == ["Ann", "Ben"]


# ---------------------------------------------------------------------- profiles


def test_a_list_that_is_older_than_what_an_event_told_does_not_bring_somebody_back(database: Database) -> None:
    hire(database, "U_ANN")
    with database.transaction() as session:
        left = profile("U_ANN", membership=Membership.DEACTIVATED)
        people.store_profile(session, left, now=LATER)

    with database.transaction() as session:
        news = people.store_profiles(session, [profile("U_ANN"), profile("U_BEN")], asked_at=NOW)

    assert news == 1
    assert person(database, "U_ANN").membership is Membership.DEACTIVATED
    assert person(database, "U_ANN").checked_at == LATER


def test_a_list_that_says_nothing_new_still_counts_as_checked(database: Database) -> None:
    hire(database, "U_ANN")

    with database.transaction() as session:
        assert people.store_profiles(session, [profile("U_ANN")], asked_at=LATER) == 0

    assert person(database, "U_ANN").checked_at == LATER


def test_a_locale_is_kept_when_slack_tells_of_somebody_without_it(database: Database) -> None:
    hire(database, "U_ANN", locale="de-DE")
    hire(database, "U_BEN")
    hire(database, "U_ANN", name="Anna")
    with database.transaction() as session:
        people.store_profiles(session, [profile("U_BEN", locale="en-GB")], asked_at=LATER)
    hire(database, "U_CY")

    assert [person(database, each).locale for each in ("U_ANN", "U_BEN", "U_CY")] == ["de-DE", "en-GB", None]


def test_a_country_is_guessed_once_and_never_over_what_somebody_said(database: Database) -> None:
    hire(database, "U_ANN", "U_BEN")
    hire(database, "U_CY", zone="UTC")
    assert person(database, "U_ANN").country == "DE"
    with database.transaction() as session:
        ann = people.find(session, "U_ANN")
        assert ann is not None
        people.describe(session, ann, Description(told=frozenset({Detail.COUNTRY}), country="AT"), now=NOW)

    moved = [profile(each, zone="Asia/Tokyo") for each in ("U_ANN", "U_BEN", "U_CY")]
    with database.transaction() as session:
        people.store_profiles(session, moved, asked_at=LATER)

    assert [person(database, each).country for each in ("U_ANN", "U_BEN", "U_CY")] == ["AT", "DE", "JP"]


def test_two_lists_read_at_once_add_everybody_once(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    meeting = Meeting()
    meeting.after(monkeypatch, stored_people, "by_slack_ids")
    everybody = [profile(f"U_{number}") for number in range(30)]

    def store(given: list[Profile]) -> Callable[[], int]:
        def deed() -> int:
            with database.transaction() as session:
                return people.store_profiles(session, given, asked_at=NOW)

        return deed

    assert sum(together(store(everybody), store(everybody[::-1]))) == 30


def test_the_primary_owner_comes_before_other_owners_and_guests_own_nothing(database: Database) -> None:
    def owner() -> str | None:
        with database.reading() as session:
            found = people.owner_of_workspace(session)
            return found.name if found else None

    hire(database, "U_ANN")
    assert owner() is None
    hire(database, "U_BEN", rank=WorkspaceRank.OWNER)
    assert owner() == "Ben"
    hire(database, "U_CY", rank=WorkspaceRank.PRIMARY_OWNER, membership=Membership.DEACTIVATED)
    assert owner() == "Ben"
    hire(database, "U_DI", rank=WorkspaceRank.PRIMARY_OWNER)
    assert owner() == "Di"


# ---------------------------------------------------------------------- what an organisation says


def import_file(database: Database, text: str) -> Plan | Unusable:
    rows = people.read(text)
    assert not isinstance(rows, Unusable), rows
    with database.transaction() as session:
        people.hold(session)
        planned = people.plan(session, rows)
        if isinstance(planned, Plan):
            people.carry_out(session, planned, actor=None, now=NOW)
        return planned


FILE = (
    "slack_id,manager,team,country,working_hours,working_days,leave\n"
    "U_ANN,U_BEN,Risk,AT,09:00-17:00,Mon-Fri,2026-12-24/2027-01-02\n"
    "U_BEN,,Board,,,,\n"
)


def test_a_file_is_stored_and_a_second_time_changes_nothing(database: Database) -> None:
    ann, ben = hire(database, "U_ANN", "U_BEN")

    first, second = import_file(database, FILE), import_file(database, FILE)

    assert isinstance(first, Plan)
    assert isinstance(second, Plan)
    assert [(change.person.name, change.details) for change in first.changes] == [
        ("Ann", tuple(Detail)),
        ("Ben", (Detail.TEAM,)),
    ]
    assert (second.changes, second.unchanged) == ((), 2)
    with database.reading() as session:
        details = people.details_of(session, ann)
    assert details.manager is not None
    assert (details.manager.id, details.team, details.country, details.hours) == (ben, "Risk", "AT", (540, 1020))
    assert len(details.leave) == 1
    told = facts(database, "people.described")
    assert told[0] == {"person": str(ann), "manager": str(ben), "details": [each.value for each in Detail]}
    assert "Risk" not in json.dumps(told)


def test_somebody_nobody_knows_keeps_the_whole_file_out(database: Database) -> None:
    hire(database, "U_ANN")

    refused = import_file(database, "slack_id,team\nU_ANN,Risk\nU_GHOST,Risk\n")

    assert isinstance(refused, Unusable)
    assert refused.problems[0].startswith("line 3, slack_id: nobody here has the id U_GHOST.")
    assert person(database, "U_ANN").team is None


def test_managers_may_not_form_a_circle_not_even_with_those_known_before(database: Database) -> None:
    hire(database, "U_ANN", "U_BEN", "U_CY")
    import_file(database, "slack_id,manager\nU_ANN,U_BEN\nU_BEN,U_CY\n")

    refused = import_file(database, "slack_id,manager\nU_CY,U_ANN\n")

    assert isinstance(refused, Unusable)
    [problem] = refused.problems
    assert problem.startswith("line 2, manager: this makes a circle (Cy → Ann → Ben → Cy).")
    assert person(database, "U_CY").manager_id is None
    own = import_file(database, "slack_id,manager\nU_CY,U_CY\n")
    assert isinstance(own, Unusable)


def test_a_circle_that_the_same_file_opens_is_none(database: Database) -> None:
    hire(database, "U_ANN", "U_BEN")
    import_file(database, "slack_id,manager\nU_ANN,U_BEN\n")

    assert isinstance(import_file(database, "slack_id,manager\nU_ANN,-\nU_BEN,U_ANN\n"), Plan)


def test_what_somebody_says_of_themselves_is_on_the_record_with_them_as_actor(database: Database) -> None:
    [ann] = hire(database, "U_ANN")
    with database.transaction() as session:
        actor = people.find(session, "U_ANN")
        assert actor is not None
        said = Description(told=frozenset(Detail), team="Risk", country="DE", hours=(480, 960), days="1234")
        assert people.describe(session, actor, said, now=NOW)
        assert not people.describe(session, actor, said, now=NOW)

    assert facts(database, "people.described") == [
        {"person": str(ann), "details": ["team", "working_hours", "working_days"]}
    ]
    with database.reading() as session:
        [event] = session.exec(select(LedgerEvent)).all()
    assert json.loads(event.body)["actor"] == str(ann)

"""An admin sets Gatehouse up from Home, and nobody else does."""

import json
from typing import Any
from urllib.error import URLError
from uuid import UUID

import pytest
from slack_bolt import BoltResponse
from sqlmodel import select

from db.enums import Cadence, OutboxKind
from db.tables import FreeText, LedgerEvent
from handlers.ids import Action, Block
from handlers.settings import views
from handlers.settings.words import LAST_ADMIN, UNKNOWN_GROUP
from sandbox.blockkit.validate import check_message, check_view
from tests.support.chains import hire
from tests.support.fakes import MONDAY_MORNING
from tests.support.house import House, buttons, view_in, words
from workflows import ledger, outbox, people, policy, settings, setup
from workflows.checkins import AskedFrom, AsksWhen
from workflows.outbox import Promise
from workflows.people import Actor, Group, GroupHolder, Holders
from workflows.settings import Digest, SettingName
from workflows.setup import Gap, Gone, Missing, RoleSnapshot, SetUp

ADMIN = "U_BEN"


@pytest.fixture
def office(house: House) -> House:
    """Return a house that Ben administers, with a few channels and a user group."""
    hire(house, ADMIN, "admin")
    house.command("U_OTTO")  # known here now
    house.world.channels = {
        "C_NEW": {"id": "C_NEW", "is_member": True},
        "C_SHARED": {"id": "C_SHARED", "is_ext_shared": True, "is_member": True},
        "C_OLD": {"id": "C_OLD", "is_archived": True},
        "C_ELSEWHERE": {"id": "C_ELSEWHERE", "is_member": False},
        "D_ANN": {"id": "D_ANN", "is_im": True},
    }
    with house.database.transaction() as session:
        people.store_groups(session, [Group("S_BOARD", "board", "The board")], now=house.clock.now())
        people.store_members(session, "S_BOARD", ["U_ANN", "U_OTTO"], asked_at=house.clock.now())
    return house


def opened(house: House, who: str = ADMIN) -> dict[str, Any]:
    house.press(who, Action.SETTINGS, "home", where="home")
    return house.world.opened[-1]


def page(house: House, name: str, who: str = ADMIN) -> dict[str, Any]:
    opened(house)
    return house.turn(who, Action.SETTINGS_PAGE, name)


def answer(response: BoltResponse) -> dict[str, Any]:
    assert response.status == 200, response.body
    return dict(json.loads(response.body or "{}"))


def save(house: House, name: str, values: dict[Block, dict[str, Any]], who: str = ADMIN) -> dict[str, Any]:
    """Fill in a page of the settings and return what Slack is answered."""
    view = page(house, name)
    return answer(house.submit(who, view, {str(block): value for block, value in values.items()}))


def person(slack_id: str | None) -> dict[str, Any]:
    return {"type": "users_select", "selected_user": slack_id}


def conversation(channel: str | None) -> dict[str, Any]:
    return {"type": "conversations_select", "selected_conversation": channel}


def searched(value: str) -> dict[str, Any]:
    return {"type": "external_select", "selected_option": {"value": value}}


def holders(house: House, role: str) -> set[str]:
    with house.database.reading() as session:
        return {each.slack_id for each in people.holders_of(session, role)}


def setting(house: House) -> str | None:
    with house.database.reading() as session:
        return settings.value_of(session, SettingName.GOVERNANCE_CHANNEL)


def changes(house: House, kind: str) -> list[dict[str, Any]]:
    with house.database.reading() as session:
        bodies = [json.loads(row.body) for row in session.exec(select(LedgerEvent))]
    return [body for body in bodies if body["kind"] == kind]


def id_of(house: House, slack_id: str) -> UUID:
    with house.database.reading() as session:
        found = people.find(session, slack_id)
        assert found is not None
        return found.id


# ---------------------------------------------------------------------- finding the way


def test_home_leads_an_admin_to_the_settings_and_nobody_else(office: House) -> None:
    office.open_home(ADMIN)
    office.open_home("U_ANN")
    office.send()

    assert "You administer Gatehouse" in words(office.world.homes[ADMIN])
    assert "1 thing is left to set up" in words(office.world.homes[ADMIN])  # nobody is lead
    assert "administer" not in words(office.world.homes["U_ANN"])
    for home in office.world.homes.values():
        assert check_view(home, allowed=("home",)) == []


def test_the_first_page_says_what_is_set_and_what_is_left(office: House) -> None:
    text = words(opened(office))

    assert "Nobody is programme lead" in text
    assert "No channel gets the weekly digest yet" in text
    assert "<#C_GOVERNANCE>" in text
    assert "*Governance*: <@U_ANN>" in text or "<@U_ANN>" in text
    assert "version 1, since" in text
    assert "Nothing waits on anybody who left" in text


@pytest.mark.parametrize(
    "name", ["overview", "role:admin", "role:governance", "governance", "digest", "check_ins", "gone"]
)
def test_every_page_is_one_slack_shows(office: House, name: str) -> None:
    assert check_view(page(office, name), allowed=("modal",)) == []


# ---------------------------------------------------------------------- only admins


@pytest.mark.parametrize("who", ["U_ANN", "U_OUT"])
@pytest.mark.parametrize(
    ("action", "value"),
    [
        (Action.SETTINGS_PAGE, "role:admin"),
        (Action.WITHDRAW_ROLE, "governance:person:{ann}"),
        (Action.SETTINGS_PAGE, "check_ins"),
        (Action.REMOVE_DIGEST, "C_DIGEST"),
        (Action.REMOVE_ROLE_CHANNEL, "governance"),
    ],
)
def test_nobody_but_an_admin_turns_a_page_or_changes_anything(
    office: House, who: str, action: Action, value: str
) -> None:
    hire(office, "U_OUT", is_restricted=True)
    opened(office)
    before = len(office.facts())

    view = office.turn(who, action, value.format(ann=id_of(office, "U_ANN")))

    assert "Only admins" in words(view) or "only full members" in words(view)
    assert "Ann" not in words(view) or who == "U_ANN"
    assert len(office.facts()) == before
    assert "U_ANN" in holders(office, "governance")


def test_somebody_who_is_no_admin_is_told_privately_whom_to_ask(office: House) -> None:
    count = len(office.world.opened)
    office.press("U_ANN", Action.SETTINGS, "home", where="home")
    office.send()

    assert len(office.world.opened) == count
    [post] = office.posts_to("U_ANN")
    assert "Only admins change the settings. Ask Ben." in post.text


def test_an_admin_who_was_withdrawn_meanwhile_changes_nothing(office: House) -> None:
    hire(office, "U_OTTO", "admin")
    view = page(office, "role:governance")
    with office.database.transaction() as session:
        people.withdraw_role(session, "admin", id_of(office, ADMIN), actor=None, now=office.clock.now())

    told = answer(office.submit(ADMIN, view, {Block.ROLE_PERSON: person("U_OTTO")}))

    assert "Only admins" in words(told["view"])
    assert "U_OTTO" not in holders(office, "governance")


def test_user_groups_are_listed_for_admins_only(office: House) -> None:
    assert office.search(ADMIN, Block.ROLE_GROUP, "@boa") == {"S_BOARD": "@board · The board"}
    assert office.search(ADMIN, Block.ROLE_GROUP, "chess") == {}
    assert office.search("U_ANN", Block.ROLE_GROUP) == {}


# ---------------------------------------------------------------------- roles


def test_a_role_is_given_to_a_person_with_the_admin_on_the_record(office: House) -> None:
    told = save(office, "role:governance", {Block.ROLE_PERSON: person("U_OTTO")})

    assert "Otto holds the role AI governance now" in words(told["view"])
    assert "U_OTTO" in holders(office, "governance")
    granted = changes(office, "people.role_granted")
    assert str(id_of(office, ADMIN)) in {event["actor"] for event in granted}


def test_a_role_is_given_to_a_user_group_and_taken_from_it(office: House) -> None:
    told = save(office, "role:governance", {Block.ROLE_GROUP: searched("S_BOARD")})
    assert "The user group holds the role AI governance now" in words(told["view"])
    assert "@board (2 people)" in words(told["view"])
    assert "@board, The board (2 people)" in words(office.turn(ADMIN, Action.SETTINGS_PAGE, "role:governance"))
    assert holders(office, "governance") == {"U_ANN", "U_OTTO"}

    view = office.turn(ADMIN, Action.WITHDRAW_ROLE, "governance:group:S_BOARD")

    assert "Withdrawn" in words(view)
    assert holders(office, "governance") == {"U_ANN"}


@pytest.mark.parametrize(
    ("facts", "said"),
    [
        pytest.param({"is_restricted": True}, "Only full members", id="a guest"),
        pytest.param({"deleted": True}, "Only full members", id="somebody who left"),
        pytest.param({"is_bot": True}, "Only full members", id="an app"),
    ],
)
def test_only_full_members_are_given_a_role(office: House, facts: dict[str, Any], said: str) -> None:
    hire(office, "U_OTHER", **facts)

    told = save(office, "role:governance", {Block.ROLE_PERSON: person("U_OTHER")})

    assert said in told["errors"][Block.ROLE_PERSON]
    assert "U_OTHER" not in holders(office, "governance")


def test_slack_being_away_keeps_the_form_open(office: House) -> None:
    view = page(office, "role:governance")
    for _ in range(2):
        office.slack.break_next("users.info", URLError(TimeoutError()))

    told = answer(office.submit(ADMIN, view, {Block.ROLE_PERSON: person("U_STRANGE")}))

    assert "try again in a minute" in told["errors"][Block.ROLE_PERSON]


def test_a_user_group_that_is_gone_is_refused_at_its_field(office: House) -> None:
    told = save(office, "role:governance", {Block.ROLE_GROUP: searched("S_GONE"), Block.ROLE_PERSON: person("U_OTTO")})

    assert told["errors"] == {Block.ROLE_GROUP: UNKNOWN_GROUP}
    assert "U_OTTO" not in holders(office, "governance")


def test_a_role_no_policy_names_is_refused(office: House) -> None:
    view = page(office, "role:governance") | {"private_metadata": "no_such_role"}

    told = answer(office.submit(ADMIN, view, {Block.ROLE_PERSON: person("U_OTTO")}))

    assert "names no such role" in told["errors"][Block.ROLE_PERSON]


def test_the_last_admin_stays(office: House) -> None:
    opened(office)

    view = office.turn(ADMIN, Action.WITHDRAW_ROLE, f"admin:person:{id_of(office, ADMIN)}")

    assert LAST_ADMIN in words(view)
    assert holders(office, "admin") == {ADMIN}


def test_an_admin_who_hands_over_sees_so_and_their_home_follows(office: House) -> None:
    office.open_home(ADMIN)
    save(office, "role:admin", {Block.ROLE_PERSON: person("U_OTTO")})

    view = office.turn(ADMIN, Action.WITHDRAW_ROLE, f"admin:person:{id_of(office, ADMIN)}")
    office.send()

    assert "You are no longer an admin" in words(view)
    assert "administer" not in words(office.world.homes[ADMIN])


def test_a_role_nobody_held_twice_pressed_is_withdrawn_once(office: House) -> None:
    opened(office)
    ann = f"governance:person:{id_of(office, 'U_ANN')}"

    first, second = (words(office.turn(ADMIN, Action.WITHDRAW_ROLE, ann)) for _ in range(2))

    assert "Withdrawn" in first
    assert "It was gone already" in second
    assert len(changes(office, "people.role_withdrawn")) == 1


def test_a_form_left_empty_changes_nothing(office: House) -> None:
    before = len(office.facts())
    told = save(office, "role:governance", {Block.ROLE_PERSON: person(None), Block.ROLE_CHANNEL: conversation(None)})

    assert "Nothing was changed" in words(told["view"])
    assert len(office.facts()) == before


# ---------------------------------------------------------------------- channels


@pytest.mark.parametrize(
    ("channel", "said"),
    [
        ("C_SHARED", "This channel is shared with another organisation"),
        ("C_OLD", "This channel is archived"),
        ("C_ELSEWHERE", "Invite it there first: /invite @Gatehouse"),
        ("C_HIDDEN", "Invite it there first: /invite @Gatehouse"),
        ("D_ANN", "This channel is a direct conversation"),
    ],
)
@pytest.mark.parametrize("of", ["governance", "role:governance", "digest"])
def test_a_channel_nobody_may_post_in_is_refused_at_its_field_with_what_to_do(
    office: House, channel: str, said: str, of: str
) -> None:
    block = {"governance": Block.GOVERNANCE_CHANNEL, "digest": Block.DIGEST_CHANNEL}.get(of, Block.ROLE_CHANNEL)
    values = {block: conversation(channel)}
    if of == "digest":
        values |= when()

    told = save(office, of, values)

    assert said in told["errors"][block]
    assert len(changes(office, "settings.changed")) == 3  # as the organisation was set up


def when(day: str = "3", at: str = "08:30", zone: str = "Asia/Tokyo") -> dict[Block, dict[str, Any]]:
    return {
        Block.DIGEST_WEEKDAY: {"type": "static_select", "selected_option": {"value": day}},
        Block.DIGEST_TIME: {"type": "timepicker", "selected_time": at},
        Block.DIGEST_ZONE: searched(zone),
    }


def test_slack_that_cannot_be_asked_about_a_channel_is_a_refusal(office: House) -> None:
    office.slack.break_next("conversations.info", URLError(TimeoutError()))

    told = save(office, "governance", {Block.GOVERNANCE_CHANNEL: conversation("C_NEW")})

    assert "Slack cannot be asked about this channel" in told["errors"][Block.GOVERNANCE_CHANNEL]
    assert setting(office) == "C_GOVERNANCE"


def test_the_governance_channel_is_changed_and_the_record_holds_no_slack_id_but_can_prove_it(office: House) -> None:
    told = save(office, "governance", {Block.GOVERNANCE_CHANNEL: conversation("C_NEW")})

    assert "New requests are announced in <#C_NEW>" in words(told["view"])
    assert setting(office) == "C_NEW"
    *_, event = changes(office, "settings.changed")
    assert "C_NEW" not in json.dumps(event)
    assert event["actor"] == str(id_of(office, ADMIN))
    with office.database.reading() as session:
        text = session.get(FreeText, UUID(event["data"]["value_text"]))
        assert text is not None
        assert ledger.salted_digest(text.salt, "C_NEW") == event["data"]["value"]


def test_two_changes_to_one_channel_have_digests_that_cannot_be_compared(office: House) -> None:
    for channel in ("C_NEW", "C_GOVERNANCE", "C_NEW"):
        with office.database.transaction() as session:
            settings.change(session, SettingName.GOVERNANCE_CHANNEL, channel, actor=None, now=office.clock.now())

    digests = [event["data"]["value"] for event in changes(office, "settings.changed")]
    assert len(set(digests)) == len(digests)


def test_a_digest_channel_is_added_moved_and_removed(office: House) -> None:
    told = save(office, "digest", {Block.DIGEST_CHANNEL: conversation("C_NEW"), **when()})
    assert "<#C_NEW>, Wednesdays at 08:30, Asia/Tokyo" in words(told["view"])
    assert "No channel gets the weekly digest" not in words(told["view"])

    told = save(office, "digest", {Block.DIGEST_CHANNEL: conversation("C_NEW"), **when("5", "16:00", "UTC")})
    assert "Fridays at 16:00, UTC" in words(told["view"])
    assert "Wednesdays" not in words(told["view"])

    view = office.turn(ADMIN, Action.REMOVE_DIGEST, "C_NEW")
    assert "gets no digest any more" in words(view)
    with office.database.reading() as session:
        assert settings.digests(session) == []
    assert len(changes(office, "settings.changed")) == 3 + 3


def test_when_people_are_asked_for_numbers_is_changed_as_the_command_does_and_said_from_when_it_counts(
    office: House,
) -> None:
    assert "new KPIs weekly, Tuesdays at 10:00 where people are, once use cases are in deployment" in words(
        opened(office)
    )
    view = page(office, "check_ins")
    assert "Counts for what is approved from now on." in words(view)
    assert "What is asked next keeps its day and time" in words(view)

    told = words(view_in(office.submit(ADMIN, view, asks("fortnightly", "4", "09:30", "approval"))))
    again = words(
        view_in(office.submit(ADMIN, page(office, "check_ins"), asks("fortnightly", "4", "09:30", "approval")))
    )

    assert "✅ People are asked for numbers: new KPIs every two weeks, Thursdays at 09:30 where people are" in told
    assert "Nothing was changed." in again
    with office.database.reading() as session:
        names = (SettingName.CHECK_IN_CADENCE, SettingName.CHECK_IN_TIME, SettingName.CHECK_INS_FROM)
        assert [settings.value_of(session, name) for name in names] == ["fortnightly", "4 570", "approval"]
    assert [change["actor"] for change in changes(office, "settings.changed")[-3:]] == [str(id_of(office, ADMIN))] * 3


@pytest.mark.parametrize(
    "wrong",
    [("every_weeks", "4", "09:30", "approval"), ("weekly", "8", "09:30", "approval"), ("weekly", "4", "x", "y")],
)
def test_a_rhythm_or_time_the_form_does_not_offer_is_malformed(office: House, wrong: tuple[str, str, str, str]) -> None:
    assert office.submit(ADMIN, page(office, "check_ins"), asks(*wrong)).status == 400


def asks(cadence: str, weekday: str, at: str, beginning: str) -> dict[str, dict[str, Any]]:
    return {
        Block.CHECK_IN_CADENCE: {"selected_option": {"value": cadence}},
        Block.CHECK_IN_WEEKDAY: {"selected_option": {"value": weekday}},
        Block.CHECK_IN_TIME: {"type": "timepicker", "selected_time": at},
        Block.CHECK_INS_FROM: {"selected_option": {"value": beginning}},
    }


def test_a_zone_is_found_by_what_is_typed_and_the_admins_own_is_offered_first(office: House) -> None:
    assert "America/New_York" in office.search(ADMIN, Block.DIGEST_ZONE, "new york")
    assert len(office.search(ADMIN, Block.DIGEST_ZONE)) == 100
    view = page(office, "digest")
    [zone] = [block for block in view["blocks"] if block.get("block_id") == Block.DIGEST_ZONE]
    assert zone["element"]["initial_option"]["value"] == "Europe/Berlin"


@pytest.mark.parametrize("wrong", [when(day="9"), when(at="25:00"), when(zone="Middle/Earth")])
def test_a_digest_at_no_time_at_all_is_malformed(office: House, wrong: dict[Block, dict[str, Any]]) -> None:
    view = page(office, "digest")
    values = {str(block): value for block, value in {Block.DIGEST_CHANNEL: conversation("C_NEW"), **wrong}.items()}

    assert office.submit(ADMIN, view, values).status == 400


def test_a_role_gets_a_channel_and_loses_it(office: House) -> None:
    told = save(office, "role:governance", {Block.ROLE_CHANNEL: conversation("C_NEW")})
    assert "<#C_NEW>" in words(told["view"])
    with office.database.reading() as session:
        assert settings.role_channels(session) == {"governance": "C_NEW"}

    office.turn(ADMIN, Action.REMOVE_ROLE_CHANNEL, "governance")
    with office.database.reading() as session:
        assert settings.role_channels(session) == {}


# ---------------------------------------------------------------------- who left


def test_who_left_is_shown_with_the_roles_they_hold(office: House) -> None:
    hire(office, "U_OTTO", "governance")
    office.tell({"type": "user_change", "user": office.world.people["U_OTTO"] | {"deleted": True}})

    assert "1 person who left" in words(opened(office))
    assert "*Otto* (<@U_OTTO>): holds `governance`." in words(page(office, "gone"))
    assert "<@U_OTTO> · deactivated" in words(page(office, "role:governance"))


def test_what_waits_on_somebody_who_left_is_shown_by_reference(office: House) -> None:
    hire(office, "U_OTTO", "governance")
    office.propose()
    for who in ("U_ANN", "U_MAREK"):
        office.tell({"type": "user_change", "user": office.world.people[who] | {"deleted": True}})

    text = words(page(office, "gone"))

    assert "*Ann* (<@U_ANN>): holds `governance`; is asked about UC-1" in text
    assert "owns UC-1" in text
    assert check_view(office.world.opened[-1], allowed=("modal",)) == []


def test_what_is_over_waits_on_nobody(office: House) -> None:
    hire(office, "U_OTTO", "governance")
    office.propose()
    office.reject("U_OTTO", "Not this year.")
    for who in ("U_ANN", "U_MAREK"):
        office.tell({"type": "user_change", "user": office.world.people[who] | {"deleted": True}})

    text = words(page(office, "gone"))

    assert "UC-1" not in text
    assert "Marek" not in text


# ---------------------------------------------------------------------- the first message


def promise_set_up(house: House, slack_id: str) -> None:
    with house.database.transaction() as session:
        promised = Promise(OutboxKind.SET_UP, slack_id, id_of(house, slack_id))
        outbox.promise(session, [promised], now=house.clock.now())


def test_the_first_admin_reads_what_is_left_and_one_button_leads_there(office: House) -> None:
    promise_set_up(office, ADMIN)
    office.send()

    [post] = office.posts_to(ADMIN)
    assert "Nobody is programme lead" in words(post)
    assert "Nobody is programme lead" in post.text
    assert check_message(post.blocks) == []
    office.press(ADMIN, Action.SETTINGS, buttons(post)["Open settings"])
    assert "Left to set up" in words(office.world.opened[-1])


def test_who_is_no_admin_any_more_when_it_is_sent_gets_no_such_message(office: House) -> None:
    promise_set_up(office, "U_ANN")
    office.send()

    assert office.posts_to("U_ANN") == []


# ---------------------------------------------------------------------- what is left


def test_a_role_nobody_holds_is_needed_unless_another_is_asked_in_its_place(office: House) -> None:
    with office.database.transaction() as session:
        policy.apply(session, policy.default_text(), actor=None, now=office.clock.now())

    def missing() -> dict[str, Missing]:
        with office.database.reading() as session:
            return {each.role or each.gap: each for each in setup.what_is_left(session)}

    before = missing()
    assert before["privacy"].is_needed is False  # legal is not held, but its fallback is: governance, by Ann
    assert before["privacy"].instead == "AI governance"
    assert before["council"].is_needed
    assert before[Gap.LEAD].is_needed

    hire(office, "U_OTTO", "lead")
    after = missing()
    assert Gap.LEAD not in after
    assert not after["council"].is_needed
    assert "Programme leads" in (after["council"].instead or "")


# ---------------------------------------------------------------------- as much as Slack can show


def everything(count: int) -> SetUp:
    actor = Actor(UUID(int=1), "U_X", "X" * 200, "UTC")
    group = GroupHolder(Group("S_X", "h" * 80, "n" * 200), 3)
    roles = tuple(
        RoleSnapshot(f"role_{n}", "R" * 80, Holders((actor,) * count, (group,) * count), "C_X", is_named=True)
        for n in range(count)
    )
    return SetUp(
        missing=tuple(Missing(Gap.ROLE, role=f"role_{n}", role_name="R" * 80) for n in range(count)),
        governance_channel="C_X",
        digests=tuple(Digest(f"C_{n}", 1, 540, "Europe/Berlin") for n in range(count)),
        roles=roles,
        policy=setup.PolicyPicture("P" * 80, 1, MONDAY_MORNING, actor),
        gone=count,
        asks_when=AsksWhen(Cadence.FORTNIGHTLY, 3, 570, AskedFrom.DEPLOYMENT),
    )


def test_a_great_deal_of_everything_still_fits_in_a_window() -> None:
    state = everything(120)
    gone = [Gone("U_X", "X" * 200, ("r" * 64,) * 120, ("UC-1",) * 120, ("UC-2",) * 120, ("UC-3",) * 120)] * 120
    role = state.roles[0]
    pages = [
        views.overview(state),
        *(views.role_page(role, n, "Done.") for n in (0, 1, 7, 99)),
        views.gone_page(gone, 2),
    ]

    for view in pages:
        assert check_view(view, allowed=("modal",)) == []
    assert len({words(view) for view in pages[1:4]}) == 2  # people first, then user groups, and it ends


def test_every_holder_of_a_role_is_on_one_of_its_pages() -> None:
    people_ = tuple(Actor(UUID(int=n), f"U_{n}", f"P{n}", "UTC") for n in range(70))
    role = RoleSnapshot("council", "Council", Holders(people_), None, is_named=True)

    shown = {
        who.slack_id for n in range(3) for who in people_ if f"<@{who.slack_id}>" in words(views.role_page(role, n))
    }

    assert len(shown) == 70

"""The foundation: people write its eight parts, others approve them, and they count until somebody looks again."""

import pytest
from sqlmodel import col, select

from db.enums import Exclusion, FoundationKind, ItemKind, VersionStatus
from db.tables import ApprovalRequest
from handlers.ids import Action, Block, Command
from sandbox.blockkit.validate import check_message, check_view
from tests.support.chains import hire, lane, policy_text, put_in_force, stage
from tests.support.fakes import member
from tests.support.founding import (
    AREA,
    DECIDES,
    LEAD,
    LINK,
    MAP,
    OTHER,
    OWNER,
    PACK,
    Founding,
    errors_of,
    pressable,
    with_foundation,
)
from tests.support.house import ONE_LANE, House, buttons, words
from workflows import approvals, foundation, people
from workflows.foundation import Item
from workflows.programme import Standing


@pytest.fixture
def founding(house: House) -> Founding:
    return Founding(house)


# ------------------------------------------------------------------------------------- from nothing to in force


def test_a_part_is_given_written_sent_and_approved_and_the_gate_has_what_it_asks_for(founding: Founding) -> None:
    house = founding.house
    house.command(LEAD, "foundation", command=Command.GATEHOUSE)
    overview = house.world.opened[-1]
    assert check_view(overview, allowed=("modal",)) == []
    assert words(overview).count("⚪ Not begun\nnobody owns it") == 8
    assert "✅ Marek owns it now, and is told." in founding.told(founding.give())
    house.send()
    assert "*DLV-1* “Context pack” is yours now" in house.posts_to(OWNER)[-1].text
    assert check_message(house.posts_to(OWNER)[-1].blocks) == []

    founding.write()
    assert "it lacks at least one voice guide, at least one client archetype and at least one term." in words(
        founding.open()
    )
    for of in foundation.ITEMS[PACK]:
        founding.add(PACK, of)
    assert founding.criterion() is Standing.UNMET
    assert "✅ Version 1 of DLV-1 is sent. Ann has it now; you are told what they decide." in founding.submit()

    house.send()
    card = house.posts_to(DECIDES)[-1]
    for told in ("DLV-1 · Context pack", "What every prompt needs to know.", LINK, "A voice_guide", "Tue 2 Mar 2027"):
        assert told in words(card)
    house.press(DECIDES, Action.OPEN, str(house.request_id("DLV-1")))
    assert "It says what a terminology is." in words(house.world.opened[-1])
    founding.decide()

    assert founding.criterion() is Standing.MET
    assert "✅ Approved until Tue 2 Mar 2027\nOwner Marek\nYou read version 1." in words(founding.open())


def test_what_is_missing_keeps_it_from_being_sent_and_is_named(founding: Founding) -> None:
    founding.write(who=LEAD, PART_LINK="")

    told = founding.submit(who=LEAD)

    assert (
        "⚠️ It cannot be sent yet. It lacks an owner, a link to the document, beginning with https://, at least one "
        "voice guide, at least one client archetype and at least one term. Nothing was sent."
    ) in told
    assert founding.newest().status is VersionStatus.DRAFT


def test_an_area_needs_no_items_and_a_policy_without_a_rule_says_what_to_add(house: House) -> None:
    founding = Founding(house, ONE_LANE)
    founding.written(AREA)

    told = founding.submit(AREA)

    assert "An admin has to add `subjects: governance_area` with a chain to the policy file (`docs/policy.md`)." in told
    put_in_force(house, with_foundation())
    assert "✅ Version 1 of GOV-1 is sent." in founding.submit(AREA)


@pytest.mark.parametrize(
    "link", ["http://wiki.example.com", "wiki.example.com/pack", "https://", "https://a b.example"]
)
def test_what_is_no_link_is_refused_at_its_field_with_what_was_typed_still_there(founding: Founding, link: str) -> None:
    founding.give()

    response = founding.write(PART_LINK=link)

    assert errors_of(response) == {
        "PART_LINK": "That cannot be opened. Paste the whole address, beginning with https://."
    }
    assert founding.part().newest is None


def test_days_that_have_passed_are_refused_at_their_fields(founding: Founding) -> None:
    founding.give(AREA)

    passed = founding.write(AREA, PART_REVIEW="2026-03-01", PART_EFFECTIVE="2026-03-01")
    backwards = founding.write(AREA, PART_REVIEW="2026-04-01", PART_EFFECTIVE="2026-05-01")

    again = "That day has passed. Choose today or a later one."
    assert errors_of(passed) == {"PART_REVIEW": again, "PART_EFFECTIVE": again}
    assert errors_of(backwards) == {"PART_REVIEW": "That is before its first day in force. Choose a later day."}


def test_systems_are_rated_and_the_same_thing_is_not_said_twice(founding: Founding) -> None:
    kind = FoundationKind.DATA_READINESS
    founding.give(kind)

    unrated = founding.add(kind, ItemKind.SYSTEM, ITEM_QUALITY="", ITEM_SAYS="")
    founding.add(kind, ItemKind.SYSTEM, ITEM_NAME="Claims", ITEM_QUALITY="partly", ITEM_COMPLIANCE="unknown")
    twice = founding.add(kind, ItemKind.SYSTEM, ITEM_NAME="claims")

    assert errors_of(unrated) == {"ITEM_QUALITY": "Choose one; “Not known” is an answer too."}
    assert "There is one of this name already." in errors_of(twice)["ITEM_NAME"]
    assert "quality partly good, accessibility good, compliance not known" in words(founding.open(kind))


def test_an_approver_is_a_full_member_and_one_who_leaves_has_to_be_replaced(founding: Founding) -> None:
    founding.give(MAP)
    hire(founding.house, "U_GUEST", is_restricted=True)

    refused = founding.add(MAP, ItemKind.APPROVER, ITEM_PERSON="U_GUEST")
    founding.written(MAP)
    founding.house.tell({"type": "user_change", "user": member(OTHER, deleted=True)})

    assert "full member" in errors_of(refused)["ITEM_PERSON"]
    assert "It lacks another approver in the place of Ben, who has left." in founding.submit(MAP)


# --------------------------------------------------------------------------------------------- who may


def test_only_owner_and_leads_write_and_everybody_reads_what_is_approved(founding: Founding) -> None:
    founding.written()
    assert "Nothing of it is approved yet." in words(founding.open(who="U_PRIYA"))
    assert "Only Marek and programme leads can do that." in words(founding.press(Action.EDIT_PART, PACK, "U_PRIYA"))
    assert "Only programme leads and admins say who owns it." in words(
        founding.press(Action.SET_PART_OWNER, PACK, "U_PRIYA")
    )
    founding.submit()
    founding.decide()
    founding.write(PART_SUMMARY="Not for everybody yet.")

    seen = founding.open(who="U_PRIYA")

    assert "What every prompt needs to know." in words(seen)
    assert "Not for everybody yet." not in words(seen)
    assert list(pressable(seen)) == ["All parts"]
    sneaked = founding.press(Action.READ_PART, f"{PACK}.2", "U_PRIYA")
    assert "Not for everybody yet." not in words(sneaked)
    assert "Not for everybody yet." in words(founding.open(who=LEAD))


def test_who_wrote_owns_or_sends_it_has_no_vote(founding: Founding) -> None:
    house = founding.house
    for who in (OWNER, LEAD):
        house.grant("governance", who)
    founding.written()
    house.grant("lead", "U_PRIYA")
    founding.add(PACK, ItemKind.TERMINOLOGY, LEAD, ITEM_NAME="Claim")
    told = founding.submit(who="U_PRIYA")

    assert "Ann has it now" in told
    with house.database.reading() as session:
        request = approvals.existing_request(session, house.request_id("DLV-1"))
        known = people.named(session, request.excluded)
    assert {known[each].name: why for each, why in request.excluded.items()} == {
        "Marek": Exclusion.OWNER,
        "Otto": Exclusion.EDITOR,
        "Priya": Exclusion.PROPOSER,
    }


def test_who_is_asked_about_it_cannot_be_made_its_owner_and_a_new_owner_is_barred(founding: Founding) -> None:
    founding.written()
    founding.submit()

    asked = founding.give(owner=DECIDES)
    founding.give(owner=OTHER)

    assert errors_of(asked)["PART_OWNER"].startswith("They are asked to decide about it now.")
    with founding.house.database.reading() as session:
        request = approvals.existing_request(session, founding.house.request_id("DLV-1"))
    owner = founding.part().owner
    assert owner is not None
    assert (owner.slack_id, request.excluded[owner.id]) == (OTHER, Exclusion.OWNER)


# ---------------------------------------------------------------------------------------- two at once, and twice


def test_of_two_who_edit_at_once_the_second_is_told_and_keeps_what_they_typed(founding: Founding) -> None:
    founding.written()
    marek, otto = founding.press(Action.EDIT_PART, PACK), founding.press(Action.EDIT_PART, PACK, LEAD)
    items = founding.edit_item(PACK), founding.edit_item(PACK, who=LEAD)
    founding.send_form(marek, PART_SUMMARY="Marek's words.")
    founding.add(PACK, ItemKind.TERMINOLOGY, LEAD, ITEM_NAME="Claim")  # that is nobody else's
    founding.send_form(items[0], ITEM_SAYS="Marek's guide.")

    for late, field in ((otto, "PART_SUMMARY"), (items[1], "ITEM_NAME")):
        errors = errors_of(founding.send_form(late, LEAD))
        assert list(errors) == [field]
        assert "Somebody changed this meanwhile. Nothing of theirs or yours is lost" in errors[field]
    assert founding.newest().summary == "Marek's words."


def test_the_same_delivery_twice_does_nothing_twice(founding: Founding) -> None:
    founding.give()
    view = founding.press(Action.ADD_ITEM, f"{PACK}.{ItemKind.TERMINOLOGY}")
    typed = {"ITEM_NAME": "Claim", "ITEM_SAYS": "What a client asks of us."}

    first = founding.send_form(view, view_id="V9", **typed)
    again = founding.send_form(view, view_id="V9", **typed)

    assert first.body == again.body
    assert [each.name for each in founding.items()] == ["Claim"]


def test_an_item_is_changed_and_removed_and_a_version_discarded(founding: Founding) -> None:
    founding.written()
    form = founding.edit_item(PACK)
    founding.send_form(form, ITEM_NAME="Tone")
    removal = pressable(founding.edit_item(PACK))["Remove"]

    told = words(founding.press(Action.REMOVE_ITEM, removal))

    assert "🗑️ Removed." in told
    assert "Tone" not in told
    assert "🗑️ Version 1 is discarded." in words(founding.press(Action.DISCARD_PART, f"{PACK}.1"))
    assert founding.part().newest is None
    founding.write()
    assert founding.newest().number == 2


# ------------------------------------------------------------------------------------------ what is decided


def test_what_is_given_back_is_edited_and_sent_again_while_the_old_version_holds(founding: Founding) -> None:
    house = founding.house
    founding.approved()
    founding.write(PART_SUMMARY="Better words.")
    founding.submit()
    founding.decide(Action.REQUEST_CHANGES, reason="Which markets?")
    news = house.posts_to(OWNER)[-1]
    assert "Which markets?" in words(news)
    assert founding.criterion() is Standing.MET

    part = founding.press(Action.OPEN_PART, buttons(news)["Edit and send again"])
    assert "✏️ Version 2 was given back to be changed." in words(part)
    founding.write(PART_SUMMARY="Better words, for all markets.")
    assert "✅ Version 3 of DLV-1 is sent. Ann has it now" in founding.submit()
    house.send()
    card = words(house.posts_to(DECIDES)[-1])
    assert "What differs from version 1, which was approved" in card
    assert "What every prompt needs to know. → Better words, for all markets." in card
    assert "Version 1 stays in force until this is approved." in card
    founding.decide()

    assert founding.part().standing_at(house.clock.now()).number == 3
    with house.database.reading() as session:
        requests = session.exec(select(ApprovalRequest.revision).order_by(col(ApprovalRequest.revision))).all()
    assert requests == [1, 3]


@pytest.mark.parametrize(
    ("action", "status"),
    [(Action.REJECT, VersionStatus.REJECTED), (Action.WITHDRAW, VersionStatus.WITHDRAWN)],
)
def test_what_comes_to_nothing_can_be_written_on_and_sent_anew(
    founding: Founding, action: Action, status: VersionStatus
) -> None:
    founding.written()
    founding.submit()
    assert "People decide about version 1" in words(founding.press(Action.EDIT_PART, PACK))
    if action is Action.REJECT:
        founding.decide(action)
    else:
        founding.house.press(OWNER, action, str(founding.house.request_id("DLV-1")))

    assert founding.newest().status is status
    assert "⛔ Not approved: version 1" in words(founding.open())
    founding.write(PART_SUMMARY="Other words.")
    assert "✅ Version 2 of DLV-1 is sent." in founding.submit()


def test_still_holds_asks_the_same_people_about_the_same_words(founding: Founding) -> None:
    founding.approved()
    founding.house.clock.advance(days=300)
    view = founding.press(Action.STILL_HOLDS, f"{PACK}.1")
    assert "✅ Version 2 of DLV-1 is sent." in founding.told(founding.send_form(view))
    founding.house.send()
    assert "*Nothing in it would change.*" in words(founding.house.posts_to(DECIDES)[-1])

    founding.decide()

    assert "✅ Approved until Mon 27 Dec 2027" in words(founding.open())


# ------------------------------------------------------------------------------------- what the gate rests on


def test_the_criterion_lapses_the_moment_the_version_is_taken_back_and_no_older_one_returns(founding: Founding) -> None:
    founding.approved()
    founding.house.clock.advance(hours=1)
    founding.write(PART_SUMMARY="Better words.")
    founding.submit()
    founding.decide()
    missing = founding.press(Action.REVOKE_PART, f"{PACK}.2", LEAD)
    assert "Say in a few words why" in errors_of(founding.send_form(missing, LEAD, PART_REASON=" "))["PART_REASON"]

    told = founding.revoke(who=LEAD)

    assert founding.criterion() is Standing.LAPSED
    assert "Otto took version 2 back" in told
    founding.house.send()
    assert "“The vendor left.”" in founding.house.posts_to(OWNER)[-1].text
    assert "Only Marek and programme leads" in words(founding.press(Action.REVOKE_PART, f"{PACK}.2", DECIDES))


def test_the_criterion_lapses_after_the_last_day_of_the_review(founding: Founding) -> None:
    founding.approved(PART_REVIEW="2026-05-01")

    founding.jump("2026-05-01", hour=23)
    assert founding.criterion() is Standing.MET
    founding.jump("2026-05-02", hour=1)

    assert founding.criterion() is Standing.LAPSED
    assert "⚠️ Lapsed since Sat 2 May 2026" in words(founding.open())


def test_an_area_counts_from_its_first_day_on_and_its_last_version_until_then(founding: Founding) -> None:
    founding.approved(AREA, PART_EFFECTIVE="2026-03-10")

    assert founding.criterion(AREA) is Standing.UNMET
    assert "🗓️ Approved, in force from Tue 10 Mar 2026" in words(founding.open(AREA))
    founding.jump("2026-03-10", hour=1)
    assert founding.criterion(AREA) is Standing.MET
    founding.write(AREA, PART_SUMMARY="Stricter words.", PART_EFFECTIVE="2026-04-01")
    founding.submit(AREA)
    founding.decide()
    now = founding.house.clock.now()
    assert founding.part(AREA).standing_at(now).number == 1
    assert "Version 2 takes its place on Wed 1 Apr 2026." in words(founding.open(AREA))
    founding.revoke(AREA)  # before its first day
    assert founding.criterion(AREA) is Standing.MET


def test_the_version_that_goes_on_is_looked_at_again_and_renewed_when_the_next_is_taken_back_early(
    founding: Founding,
) -> None:
    founding.approved(AREA, PART_REVIEW="2026-06-30")
    founding.write(AREA, PART_SUMMARY="Stricter words.", PART_EFFECTIVE="2026-04-01", PART_REVIEW="2027-03-01")
    founding.submit(AREA)
    founding.decide()

    founding.revoke(AREA)

    assert "Version 1" in words(founding.press(Action.REVOKE_PART, f"{AREA}.1")).replace("version 1", "Version 1")
    founding.jump("2026-06-01")
    assert ["by Tue 30 Jun 2026" in each for each in founding.messages()] == [True]
    view = founding.press(Action.STILL_HOLDS, f"{AREA}.1")
    assert "✅ Version 3 of GOV-1 is sent." in founding.told(founding.send_form(view))
    founding.house.send()
    assert "Version 1 stays in force until this is approved." in words(founding.house.posts_to(DECIDES)[-1])


# ------------------------------------------------------------------------------------- looked at again


def test_the_owner_is_asked_30_and_7_days_before_and_once_it_has_lapsed_each_once(founding: Founding) -> None:
    founding.approved(PART_REVIEW="2026-06-30")
    heard = []
    for day in ("2026-05-31", "2026-06-01", "2026-06-23", "2026-07-01", "2026-08-03"):
        for hour in (8, 10):
            before = len(founding.messages())
            founding.jump(day, hour)
            heard += [(day, hour)] * (len(founding.messages()) - before)

    # 31 May is a Sunday.
    assert heard == [("2026-06-01", 10), ("2026-06-23", 10), ("2026-07-01", 10)]
    assert "is to be looked at again by Tue 30 Jun 2026" in founding.messages()[0]
    assert "has lapsed" in founding.messages()[-1]
    assert founding.house.facts().count("foundation.reminded") == 3
    post = next(each for each in founding.house.posts_to(OWNER) if "looked at again by" in each.text)
    assert [*buttons(post)] == ["Still holds …", "Open"]
    assert check_message(post.blocks) == []
    founding.house.press(OWNER, Action.STILL_HOLDS, buttons(post)["Still holds …"])
    assert "version 1 of *DLV-1* Context pack is still right as it stands" in words(founding.house.world.opened[-1])


def test_once_the_owner_has_left_the_leads_are_asked_for_another(founding: Founding) -> None:
    founding.approved(PART_REVIEW="2026-06-30")
    founding.house.tell({"type": "user_change", "user": member(OWNER, deleted=True)})

    founding.jump("2026-06-01")

    assert founding.messages() == []
    [told] = founding.messages(LEAD)
    assert "Marek, who owned it, has left: please give it an owner." in told
    founding.give(owner=OTHER)
    founding.jump("2026-06-23")
    assert len(founding.messages(OTHER)) == 1
    founding.revoke(who=LEAD)
    founding.jump("2026-07-01")
    assert len(founding.messages(OTHER)) == 1


def test_a_part_with_as_much_in_it_as_it_takes_can_be_read_written_and_decided_on(founding: Founding) -> None:
    kind = FoundationKind.GOVERNANCE_FRAMEWORK
    founding.give(kind)
    founding.write(kind, PART_SUMMARY="&" * foundation.LONGEST_SUMMARY)
    link = LINK + "/" * (foundation.LONGEST_LINK - len(LINK))
    kinds = foundation.ITEMS[kind]
    full = [
        Item(kinds[number % 3], f"{number:03}" + "&" * 117, "&" * foundation.LONGEST_SAYS, link)
        for number in range(foundation.MOST_ITEMS)
    ]
    founding.hold(kind, full)

    assert "At most 50 entries." in errors_of(founding.add(kind, ItemKind.OWNERSHIP))["ITEM_NAME"]
    founding.open(kind)
    founding.submit(kind)
    founding.house.send()
    assert check_message(founding.house.posts_to(DECIDES)[-1].blocks) == []
    founding.house.press(DECIDES, Action.OPEN, str(founding.house.request_id("DLV-3")))
    assert check_view(founding.house.world.opened[-1], allowed=("modal",)) == []
    founding.decide()
    assert "049&&&" in words(founding.open(kind, "U_PRIYA"))


# ------------------------------------------------------------------------------------------------ Home


def test_home_shows_it_to_those_who_steer_and_to_owners_alone(founding: Founding) -> None:
    founding.approved()
    for who in (LEAD, OWNER, "U_PRIYA"):
        founding.house.open_home(who)
    founding.house.send()
    homes = founding.house.world.homes

    assert "1 of 8 parts are in force" in words(homes[LEAD])
    assert "*DLV-1* Context pack\n✅ Approved until" in words(homes[OWNER])
    assert "Context pack" not in words(homes["U_PRIYA"])
    assert [check_view(homes[who], allowed=("home",)) for who in (LEAD, OWNER)] == [[], []]


# ----------------------------------------------------------------------------------- the stakeholders of the map


def test_a_lane_asks_those_the_map_in_force_names_and_new_requests_those_of_the_new_one(founding: Founding) -> None:
    house = founding.house
    founding.approved(MAP)
    put_in_force(house, policy_text(stage("one", lane("map", "stakeholder"))))
    first = house.propose()
    house.send()
    assert any("UC-1" in post.text for post in house.posts_to(OTHER))
    put_in_force(house, with_foundation(use_case_role="stakeholder"))
    position = next(at for at, each in founding.part(MAP).newest.items.items() if each.person)  # type: ignore[union-attr]
    founding.send_form(founding.edit_item(MAP, position), ITEM_PERSON="U_PRIYA")
    founding.submit(MAP)
    assert len(names(founding)) == 1
    founding.decide()

    house.propose("U_OTTO", name="Sort letters", problem="They lie for weeks.")
    house.send()

    assert names(founding) == ["Priya"]
    assert any("UC-2" in post.text for post in house.posts_to("U_PRIYA"))
    assert not any("UC-2" in post.text for post in house.posts_to(OTHER))
    house.approve(OTHER, first)
    assert "UC-1" in words(house.posts_to(OTHER)[-1])
    founding.revoke(MAP)
    assert names(founding) == []


def names(founding: Founding) -> list[str]:
    with founding.house.database.reading() as session:
        return [each.name for each in foundation.approvers(session)]


def test_the_settings_give_nobody_the_role_of_the_map(founding: Founding) -> None:
    founding.approved(MAP)
    house = founding.house
    house.grant("admin", LEAD)
    house.press(LEAD, Action.SETTINGS, "home", where="home")
    page = house.turn(LEAD, Action.SETTINGS_PAGE, "role:stakeholder")
    assert "Withdraw" not in pressable(page)
    assert "Give it to" not in words(page)
    assert "Who approves" in words(house.turn(LEAD, Action.OPEN_PART, pressable(page)["Open the map"], view=page))

    response = house.submit(LEAD, page, {Block.ROLE_PERSON: {"type": "users_select", "selected_user": "U_PRIYA"}})

    assert "whoever the stakeholder map in force names" in (response.body or "")
    assert names(founding) == ["Ben"]

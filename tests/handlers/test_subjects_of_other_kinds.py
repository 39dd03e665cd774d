"""What people decide on need not be a use case: every screen shows a pie, and every kind there is, as its own."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, cast
from uuid import UUID, uuid4

import pytest

from db.enums import RequestStatus
from db.session import Session
from handlers import kinds
from handlers import subjects as drawn
from handlers.ids import Action
from handlers.kinds import Kind
from handlers.picture import SubjectPicture
from sandbox.blockkit.validate import check_view
from tests.support.chains import lane, policy_text, put_in_force, stage
from tests.support.house import GOVERNANCE, House, buttons, words
from tests.support.kitchen import PIE, Kitchen
from workflows import reactions, subjects
from workflows.approvals import RequestSnapshot, Titled
from workflows.people import Actor
from workflows.policy import PolicyError
from workflows.reactions import Rerouting
from workflows.subjects import Feature

SETTLED: list[tuple[UUID, RequestStatus]] = []
SNACK = policy_text(stage("taste", lane("bakers", "baker", sections=["purpose"])), kind="pie", tier="low")


def draw(_: Session, request: RequestSnapshot) -> SubjectPicture:
    facts = (("Filling", "Apples"),)
    return SubjectPicture(request.reference, "An apple pie", "", "It is <!channel> round.", facts, facts)


def settle(_: Session, subject_id: UUID, status: RequestStatus, /, *, actor: Actor | None, now: datetime) -> None:
    assert now
    assert actor is None or actor.slack_id
    SETTLED.append((subject_id, status))


@pytest.fixture
def pies(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let a feature and the screens know what a pie is: one entry for each layer."""
    feature = Feature(
        prefix="PIE",
        subject_of=lambda _, subject_id: (PIE, {}) if subject_id == PIE.id else None,
        titled=lambda _, subject_id: Titled("PIE-1", "An apple pie") if subject_id == PIE.id else None,
        owner_of=lambda *_: None,
        insiders=lambda *_: (),
        settle=settle,
    )
    words = Kind(sent="baked", once_approved="it is eaten", several="pies")
    monkeypatch.setitem(cast("dict[str, Any]", subjects.FEATURES), "pie", feature)
    monkeypatch.setitem(cast("dict[str, Any]", kinds.KINDS), "pie", words)
    monkeypatch.setitem(cast("dict[str, Any]", drawn.DRAWERS), "pie", draw)
    SETTLED.clear()


@pytest.fixture
def kitchen(house: House, pies: None) -> Kitchen:
    """Return a kitchen whose pie, which Ann baked, waits for one baker."""
    assert pies is None
    for who in ("U_ANN", "U_BAKER1"):
        house.world.people.setdefault(who, house.world.people["U_ANN"] | {"id": who})
        house.open_home(who)
    return Kitchen(house, SNACK, (("U_BAKER1", "baker"),), channel=GOVERNANCE)


def named(table: Mapping[str, object]) -> set[str]:
    return set(table)


def test_every_kind_of_subject_is_answered_for_drawn_and_put_into_words(house: House) -> None:
    prefixes = [feature.prefix for feature in subjects.FEATURES.values()]

    assert named(subjects.FEATURES) == named(drawn.DRAWERS) == named(kinds.KINDS)
    assert len(set(prefixes)) == len(prefixes)
    with house.database.reading() as session:
        for kind, feature in subjects.FEATURES.items():
            nobody = uuid4()
            assert feature.subject_of(session, nobody) is None, kind
            assert feature.titled(session, nobody) is None, kind
            assert feature.owner_of(session, nobody) is None, kind
            assert not feature.insiders(session, nobody), kind
            assert subjects.read_reference(f" {feature.prefix.lower()} 7 ") == (kind, f"{feature.prefix}-7")


def test_a_pie_is_asked_about_like_a_use_case_and_its_baker_is_told(kitchen: Kitchen) -> None:
    house = kitchen.house
    house.send()

    [card] = house.posts_to("U_BAKER1")
    assert "PIE-1 · An apple pie" in words(card)
    assert "baked by Ann" in words(card)
    assert "If approved, it is eaten and Ann is told." in words(card)
    [announced] = house.posts_to(GOVERNANCE)
    assert "team" not in words(announced)
    assert "*PIE-1* “An apple pie”" in words(house.world.homes["U_BAKER1"])
    assert "*PIE-1* “An apple pie”" in words(house.world.homes["U_ANN"])
    assert all(check_view(view, allowed=("home",)) == [] for view in house.world.homes.values())

    house.press("U_BAKER1", Action.APPROVE, buttons(card)["Approve"])
    house.send()

    assert [(PIE.id, RequestStatus.APPROVED)] == SETTLED
    assert "*PIE-1* “An apple pie”: ✅ *Approved* by Baker1" in house.posts_to("U_ANN")[-1].text
    assert "Nothing waits for you" in words(house.world.homes["U_BAKER1"])


def test_a_pie_nobody_may_send_again_offers_no_way_to(kitchen: Kitchen) -> None:
    house = kitchen.house
    house.send()
    house.reject("U_BAKER1", "It is burnt.", "PIE-1")
    house.send()

    assert [(PIE.id, RequestStatus.REJECTED)] == SETTLED
    told = house.posts_to("U_ANN")[-1]
    assert "It is burnt." in told.text
    assert "propose" not in told.text
    assert set(buttons(told)) == {"Open"}


def test_a_pie_is_opened_and_withdrawn_by_who_baked_it(kitchen: Kitchen) -> None:
    house = kitchen.house
    house.press("U_ANN", Action.OPEN, str(kitchen.request_id))

    view = house.world.opened[-1]
    assert check_view(view, allowed=("modal",)) == []
    assert "Too few low pies are decided so far to say how long one takes." in words(view)
    assert "anew" not in words(view)
    house.press("U_ANN", Action.WITHDRAW, str(kitchen.request_id))
    house.send()
    assert house.whispers_to("U_ANN")[-1] == "PIE-1 is withdrawn. Nobody is asked any more."
    assert [(PIE.id, RequestStatus.WITHDRAWN)] == SETTLED


@pytest.mark.parametrize("typed", ["PIE-1", "pie 1"])
def test_a_pie_is_found_by_its_reference(kitchen: Kitchen, typed: str) -> None:
    house = kitchen.house

    told = house.command("U_ANN", typed)
    assert "*PIE-1* “An apple pie”" in told
    assert "*Filling* Apples" in told
    assert "Baker1" in told
    assert "<!channel>" not in told
    other = house.command("U_OTTO", typed)
    assert "Only the people involved" in other
    assert "Apples" not in other
    assert house.command("U_OTTO", "PIE-2") == "There is no PIE-2. Home lists what is yours and what waits for you."
    assert "• *PIE-1* “An apple pie”" in house.command("U_ANN")
    assert "• *PIE-1* “An apple pie”" in house.command("U_BAKER1")


def test_a_confidential_pie_is_as_good_as_none_to_others(house: House, pies: None) -> None:
    assert pies is None
    Kitchen(house, SNACK, (("U_BAKER1", "baker"),), confidential=True)

    assert house.command("U_OTTO", "PIE-1") == "There is no PIE-1. Home lists what is yours and what waits for you."
    assert "*PIE-1*" in house.command("U_ANN", "PIE-1")


def test_a_pie_stays_where_it_is_when_the_policy_in_force_says_nothing_about_pies(kitchen: Kitchen) -> None:
    house = kitchen.house
    put_in_force(house, policy_text(stage("taste", lane("bakers", "baker"))))

    with house.database.transaction() as session:
        found = reactions.reroute(session, kitchen.request_id, actor=None, now=house.clock.now())

    assert found.outcome is Rerouting.NO_RULE
    assert kitchen.request().round == 1


def test_a_policy_must_have_a_rule_for_what_people_always_submit(pies: None) -> None:
    assert pies is None
    with pytest.raises(PolicyError) as refused:
        reactions.require_every_kind(SNACK.replace("  use_case:", "  cake:"))

    assert "there is no rule for use_case" in refused.value.problems[0]

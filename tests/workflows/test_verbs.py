"""What people do besides voting: take it back, ask, nudge, pass a seat on, and ask one more person."""

import json
from uuid import UUID

import pytest
from sqlmodel import select

from db.enums import LaneStatus, OutboxKind, RequestStatus, Verb
from db.tables import LedgerEvent
from tests.support.chains import hire, lane, policy_text, stage
from tests.support.house import House
from tests.support.kitchen import Kitchen
from workflows import approvals
from workflows.approvals import Done, Lapsed, Refusal, Refused, Voted

TWO_LANES = policy_text(
    stage("taste", lane("bakers", "baker"), lane("cooks", "cook", sections=["data"])),
    stage("serve", lane("waiters", "waiter")),
    kind="pie",
    tier="low",
)
STAFF = (("U_BAKER1", "baker"), ("U_COOK", "cook"), ("U_WAITER", "waiter"), ("U_BEN", "lead"))


@pytest.fixture
def kitchen(house: House) -> Kitchen:
    """Return a pie Ann asked for; Ben leads the programme, Otto has no part in it."""
    return Kitchen(house, TWO_LANES, STAFF)


def why(outcome: object) -> Refusal | None:
    return outcome.why if isinstance(outcome, Refused) else None


def promised(kitchen: Kitchen, kind: OutboxKind) -> set[str]:
    return {row.conversation for row in kitchen.house.outbox_rows() if row.kind is kind}


# ---------------------------------------------------------------------------------------------- withdraw


def withdraw(kitchen: Kitchen, who: str = "U_ANN") -> Lapsed | Refused:
    with kitchen.house.database.transaction() as session:
        return approvals.withdraw(session, kitchen.request_id, actor=kitchen.people[who], now=kitchen.house.clock.now())


def test_the_proposer_takes_it_back_and_nobody_is_asked_any_more(kitchen: Kitchen) -> None:
    kitchen.vote("U_BAKER1", "bakers")

    outcome = withdraw(kitchen)

    assert isinstance(outcome, Lapsed)
    assert outcome.status is RequestStatus.WITHDRAWN
    assert kitchen.request().waits_for() == []
    assert why(kitchen.vote("U_COOK", "cooks")) is Refusal.ALREADY_DECIDED
    assert "approval.request_withdrawn" in kitchen.house.facts()


def test_also_while_changes_are_asked_for(kitchen: Kitchen) -> None:
    kitchen.vote("U_COOK", "cooks", Verb.REQUEST_CHANGES)

    assert isinstance(withdraw(kitchen), Lapsed)


def test_nobody_else_takes_it_back_and_nobody_what_has_ended(kitchen: Kitchen) -> None:
    assert why(withdraw(kitchen, "U_BEN")) is Refusal.NOT_YOURS
    kitchen.vote("U_COOK", "cooks", Verb.REJECT)
    assert why(withdraw(kitchen)) is Refusal.ALREADY_DECIDED


# ---------------------------------------------------------------------------------------------- ask


def ask(kitchen: Kitchen, text: str = "Which apples?", who: str = "U_COOK") -> Done | Refused:
    with kitchen.house.database.transaction() as session:
        return approvals.ask_question(
            session, kitchen.request_id, text, asker=kitchen.people[who], now=kitchen.house.clock.now()
        )


def answer(kitchen: Kitchen, text: str = "Sour ones.", who: str = "U_ANN") -> Done | Refused:
    with kitchen.house.database.transaction() as session:
        [question] = approvals.questions_of(session, kitchen.request_id)
        return approvals.answer_question(
            session, question.id, text, actor=kitchen.people[who], now=kitchen.house.clock.now()
        )


def test_a_question_is_put_to_the_proposer_and_moves_nothing(kitchen: Kitchen) -> None:
    before = kitchen.standing()

    assert isinstance(ask(kitchen), Done)

    assert kitchen.standing() == before
    assert promised(kitchen, OutboxKind.QUESTION_ASKED) == {"U_ANN"}
    assert isinstance(kitchen.vote("U_COOK", "cooks"), Voted)


def test_its_answer_goes_to_who_asked_and_both_are_on_the_record_by_digest_only(kitchen: Kitchen) -> None:
    ask(kitchen)

    assert isinstance(answer(kitchen), Done)

    with kitchen.house.database.reading() as session:
        [question] = approvals.questions_of(session, kitchen.request_id)
        bodies = " ".join(row.body for row in session.exec(select(LedgerEvent)))
    assert (question.text, question.answer) == ("Which apples?", "Sour ones.")
    assert promised(kitchen, OutboxKind.QUESTION_ANSWERED) == {"U_COOK"}
    assert {"approval.question_asked", "approval.question_answered"} <= set(kitchen.house.facts())
    assert "apples" not in bodies
    assert "Sour" not in bodies


def test_only_those_it_is_put_to_answer_and_only_once(kitchen: Kitchen) -> None:
    ask(kitchen)

    assert why(answer(kitchen, who="U_BAKER1")) is Refusal.NOT_YOURS
    assert why(answer(kitchen, " ")) is Refusal.REASON_MISSING
    answer(kitchen)
    assert why(answer(kitchen, "Sweet ones.")) is Refusal.ANSWERED


def test_nothing_is_asked_without_words_or_after_the_end(kitchen: Kitchen) -> None:
    assert why(ask(kitchen, "  ")) is Refusal.REASON_MISSING
    withdraw(kitchen)
    assert why(ask(kitchen)) is Refusal.ALREADY_DECIDED


# ---------------------------------------------------------------------------------------------- nudge


def nudge(kitchen: Kitchen, who: str = "U_ANN") -> Done | Refused:
    with kitchen.house.database.transaction() as session:
        return approvals.nudge(session, kitchen.request_id, actor=kitchen.people[who], now=kitchen.house.clock.now())


def test_the_proposer_nudges_each_lane_once_a_day(kitchen: Kitchen) -> None:
    outcome = nudge(kitchen)

    assert isinstance(outcome, Done)
    assert {person.slack_id for person in outcome.people} == {"U_BAKER1", "U_COOK"}
    assert why(nudge(kitchen)) is Refusal.NUDGED_TODAY
    kitchen.house.clock.advance(days=1)
    assert isinstance(nudge(kitchen), Done)


def test_who_has_voted_is_not_nudged_and_a_delegate_is_in_their_place(kitchen: Kitchen) -> None:
    kitchen.vote("U_COOK", "cooks")
    kitchen.away("U_BAKER1", "U_OTTO")

    outcome = nudge(kitchen)

    assert isinstance(outcome, Done)
    assert {person.slack_id for person in outcome.people} == {"U_OTTO"}


def test_others_cannot_nudge_and_nobody_while_it_is_with_the_proposer(kitchen: Kitchen) -> None:
    assert why(nudge(kitchen, "U_COOK")) is Refusal.NOT_YOURS
    kitchen.vote("U_COOK", "cooks", Verb.REQUEST_CHANGES)
    assert why(nudge(kitchen)) is Refusal.ALREADY_DECIDED


# ---------------------------------------------------------------------------------------------- pass a seat on


def reassign(kitchen: Kitchen, to: str, *, actor: str = "U_COOK", reason: str = "Knows pies.") -> Done | Refused:
    with kitchen.house.database.transaction() as session:
        return approvals.reassign(
            session,
            kitchen.lane("cooks").id,
            seat=kitchen.people["U_COOK"],
            to=kitchen.people[to],
            reason=reason,
            actor=kitchen.people[actor],
            now=kitchen.house.clock.now(),
        )


def later_cook(kitchen: Kitchen) -> None:
    """Hire a second cook, after the stage froze who is asked."""
    hire(kitchen.house, "U_COOK2", "cook")
    kitchen.people["U_COOK2"] = kitchen.actor("U_COOK2")


@pytest.mark.parametrize("actor", ["U_COOK", "U_BEN"])
def test_whoever_has_the_seat_or_a_lead_passes_it_on_within_the_role(kitchen: Kitchen, actor: str) -> None:
    later_cook(kitchen)

    assert isinstance(reassign(kitchen, "U_COOK2", actor=actor), Done)

    assert isinstance(kitchen.vote("U_COOK", "cooks"), Refused)
    assert isinstance(kitchen.vote("U_COOK2", "cooks"), Voted)
    assert "approval.seat_reassigned" in kitchen.house.facts()


@pytest.mark.parametrize(
    ("to", "actor", "reason", "refused"),
    [
        pytest.param("U_COOK2", "U_BAKER1", "Because.", Refusal.NOT_YOURS, id="by somebody else"),
        pytest.param("U_COOK2", "U_COOK", " ", Refusal.REASON_MISSING, id="without a reason"),
        pytest.param("U_OTTO", "U_COOK", "Because.", Refusal.NOT_ELIGIBLE, id="to somebody without the role"),
        pytest.param("U_ANN", "U_COOK", "Because.", Refusal.NOT_ELIGIBLE, id="to the proposer"),
        pytest.param("U_COOK", "U_COOK", "Because.", Refusal.ALREADY_ASKED, id="to oneself"),
    ],
)
def test_a_seat_is_not_passed_on(kitchen: Kitchen, to: str, actor: str, reason: str, refused: Refusal) -> None:
    later_cook(kitchen)
    kitchen.house.grant("cook", "U_ANN")

    assert why(reassign(kitchen, to, actor=actor, reason=reason)) is refused


def test_a_seat_whose_vote_is_cast_stays(house: House) -> None:
    both = policy_text(stage("taste", lane("cooks", "cook", rule="all")), kind="pie", tier="low")
    kitchen = Kitchen(house, both, (("U_COOK", "cook"), ("U_COOK3", "cook")))
    kitchen.vote("U_COOK", "cooks")
    later_cook(kitchen)

    assert why(reassign(kitchen, "U_COOK2")) is Refusal.SEAT_TAKEN


# ---------------------------------------------------------------------------------------------- one more person


def add(
    kitchen: Kitchen, who: str = "U_OTTO", *, actor: str = "U_COOK", reason: str = "Knows ovens."
) -> Done | Refused:
    with kitchen.house.database.transaction() as session:
        return approvals.add_approver(
            session,
            kitchen.request_id,
            person=kitchen.people[who],
            reason=reason,
            actor=kitchen.people[actor],
            now=kitchen.house.clock.now(),
        )


def test_one_more_person_is_asked_beside_the_others_and_replaces_nobody(kitchen: Kitchen) -> None:
    assert isinstance(add(kitchen), Done)

    kitchen.vote("U_BAKER1", "bakers")
    kitchen.vote("U_COOK", "cooks")
    assert kitchen.standing()[1]["Taste stage"] == "open"
    kitchen.vote("U_OTTO", "ad_hoc_1")
    assert kitchen.standing()[1] == {"Taste stage": "approved", "Serve stage": "open"}


def test_their_rejection_ends_it_like_anybodys(kitchen: Kitchen) -> None:
    add(kitchen)

    outcome = kitchen.vote("U_OTTO", "ad_hoc_1", Verb.REJECT)

    assert isinstance(outcome, Voted)
    assert outcome.status is RequestStatus.REJECTED


@pytest.mark.parametrize(
    ("who", "actor", "reason", "refused"),
    [
        pytest.param("U_OTTO", "U_ANN", "Because.", Refusal.NOT_YOURS, id="by the proposer"),
        pytest.param("U_OTTO", "U_WAITER", "Because.", Refusal.NOT_YOURS, id="by who is not asked yet"),
        pytest.param("U_OTTO", "U_COOK", "", Refusal.REASON_MISSING, id="without a reason"),
        pytest.param("U_ANN", "U_COOK", "Because.", Refusal.NOT_ELIGIBLE, id="the proposer"),
        pytest.param("U_BAKER1", "U_COOK", "Because.", Refusal.ALREADY_ASKED, id="somebody asked already"),
    ],
)
def test_nobody_is_asked_besides(kitchen: Kitchen, who: str, actor: str, reason: str, refused: Refusal) -> None:
    assert why(add(kitchen, who, actor=actor, reason=reason)) is refused


def test_a_lead_may_ask_somebody_although_they_decide_nothing_here(kitchen: Kitchen) -> None:
    assert isinstance(add(kitchen, actor="U_BEN"), Done)


def test_the_extra_lane_stays_when_the_pie_comes_back(kitchen: Kitchen) -> None:
    add(kitchen)
    kitchen.vote("U_OTTO", "ad_hoc_1")
    kitchen.vote("U_COOK", "cooks", Verb.REQUEST_CHANGES)

    kitchen.resubmit()

    assert kitchen.lane("ad_hoc_1").status is LaneStatus.APPROVED
    kitchen.vote("U_COOK", "cooks", Verb.REQUEST_CHANGES)
    kitchen.resubmit(data="c")
    assert kitchen.lane("ad_hoc_1").status is LaneStatus.OPEN
    assert "U_OTTO" in {person.slack_id for person in kitchen.request().waits_for()}


def test_every_event_names_its_actor(kitchen: Kitchen) -> None:
    add(kitchen)
    ask(kitchen)
    nudge(kitchen)

    with kitchen.house.database.reading() as session:
        events = [json.loads(row.body) for row in session.exec(select(LedgerEvent))]
    actors = {event["kind"]: event["actor"] for event in events}
    for kind in ("approval.lane_added", "approval.question_asked", "approval.nudged"):
        assert UUID(actors[kind])

"""A use case moves on by who may, one step at a time, where nothing is lacking; and what happens around it."""

from datetime import UTC, date, datetime

import pytest

from db.enums import Criterion, FoundationKind, UseCaseState, WorkstreamKind
from db.queries import lifecycle as stored
from db.session import Session
from tests.support.house import House
from tests.support.living import BEN, INES, MAREK, OTTO, Living
from tests.support.races import Meeting, together
from workflows import intake, lifecycle, reactions
from workflows.lifecycle import Lack, Move, Moved, NoTask, NotMoved, NotSet, Planned, Set, Why
from workflows.people import Actor


def lacks(outcome: Moved | NotMoved) -> list[Lack]:
    assert isinstance(outcome, NotMoved), outcome
    return [each.criterion for each in outcome.missing]


def why(outcome: Set | NotSet) -> NoTask:
    assert isinstance(outcome, NotSet), outcome
    return outcome.why


def test_without_its_foundation_nothing_is_deployed_and_the_refusal_names_what_is_missing(house: House) -> None:
    living = Living(house, gates=0, without=FoundationKind.DATA_HANDLING)

    refused = living.move(Move.DEPLOY)

    assert isinstance(refused, NotMoved)
    [missing] = refused.missing
    assert missing.criterion is Lack.GATE
    assert missing.lacks is not None
    assert missing.lacks.criterion is Criterion.DATA_HANDLING
    assert living.state is UseCaseState.APPROVED


def test_a_use_case_goes_its_whole_way_one_step_at_a_time_and_each_step_is_on_record(house: House) -> None:
    living = Living(house, gates=3)
    early = [lacks(living.move(each)) for each in (Move.GO_LIVE, Move.OPTIMISE, Move.SCALE)]

    living.live(UseCaseState.SCALING)

    assert early == [[Lack.OTHER_STATE]] * 3
    assert set(living.life().entered) == set(lifecycle.LIVE)
    assert house.facts().count("use_case.state_changed") == 5
    assert lacks(living.move(Move.SCALE)) == [Lack.OTHER_STATE]


def test_only_its_owner_and_leads_move_it_and_owner_sponsor_and_leads_are_told(house: House) -> None:
    living = Living(house)

    refused = living.move(Move.DEPLOY, BEN)
    by_sponsor = living.move(Move.DEPLOY, OTTO)
    living.deploy(INES)

    assert isinstance(refused, NotMoved)
    assert refused.why is Why.NOT_YOURS
    assert [each.slack_id for each in refused.who_may] == [MAREK, INES]
    assert isinstance(by_sponsor, NotMoved)
    for who in (MAREK, OTTO):
        assert "is in deployment" in living.told(who)[-1].text
    assert "is in deployment" not in "".join(post.text for post in living.told(INES))


def test_at_most_three_are_on_their_way_before_their_metrics_are_hit_and_two_at_once_do_not_both_get_the_last_place(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    living = Living(house)
    others = [living.another(f"Case {number}") for number in range(3)]
    living.deploy()
    assert isinstance(living.move(Move.DEPLOY, use_case_id=others[0]), Moved)
    meeting = Meeting()
    meeting.after(monkeypatch, stored, "taking_places")

    outcomes = together(*(lambda each=each: living.move(Move.DEPLOY, use_case_id=each) for each in others[1:]))

    assert not meeting.both_came
    assert sorted(type(each).__name__ for each in outcomes) == ["Moved", "NotMoved"]
    assert lacks(next(each for each in outcomes if isinstance(each, NotMoved))) == [Lack.PLACE]
    living.suspend()
    left = next(each for each in others[1:] if living.state_of(each) is UseCaseState.APPROVED)
    assert lacks(living.move(Move.DEPLOY, use_case_id=left)) == [Lack.PLACE]


def test_who_stops_it_by_hand_says_why_and_it_goes_on_as_what_it_was(house: House) -> None:
    living = Living(house)
    living.deploy()

    assert isinstance(living.suspend(BEN), NotMoved)
    assert isinstance(living.suspend(OTTO), Moved)
    house.send()
    assert "“It invents numbers.”" in living.told(MAREK)[-1].text
    assert "“It invents numbers.”" in living.told(INES)[-1].text
    assert lacks(living.move(Move.GO_LIVE))[0] is Lack.SUSPENDED
    assert isinstance(living.resume(BEN), NotMoved)
    assert isinstance(living.resume(INES), Moved)

    assert living.state is UseCaseState.IN_DEPLOYMENT


def test_a_change_of_what_is_deployed_keeps_it_deployed_and_one_that_raises_its_tier_stops_it(house: House) -> None:
    living = Living(house, gates=3)
    living.live(UseCaseState.DEPLOYED)

    house.submit(MAREK, house.edit(MAREK, str(living.use_case_id), benefit="A day less"), {})
    assert living.state is UseCaseState.DEPLOYED
    house.approve("U_ANN", "UC-1")

    assert living.state is UseCaseState.DEPLOYED


def test_retired_by_hand_it_ends_with_what_is_asked_about_it_and_its_tasks_are_silent(house: House) -> None:
    living = Living(house)
    living.deploy()
    living.give_task()
    house.submit(MAREK, house.edit(MAREK, str(living.use_case_id), benefit="A day less"), {})
    now = house.clock.now()

    def retire(session: Session, actor: Actor) -> Moved | NotMoved:
        return reactions.retire_by_hand(session, living.use_case_id, "Nobody needs it.", actor=actor, now=now)

    assert isinstance(house.act(OTTO, retire), NotMoved)
    assert isinstance(house.act(MAREK, retire), Moved)
    house.send()

    assert living.state is UseCaseState.RETIRED
    assert "has retired *UC-1*" in living.told(INES)[-1].text
    assert "approval.request_withdrawn" in house.facts()
    before = len(living.told(BEN))
    living.jump_to("2026-03-16T09:00")
    assert len(living.told(BEN)) == before


def test_both_workstreams_are_completed_by_who_owns_them_and_reopened_only_until_it_is_deployed(house: House) -> None:
    living = Living(house)
    living.deploy()
    stream = living.workstream()
    now = house.clock.now()

    def complete(session: Session, actor: Actor) -> Set | NotSet:
        return lifecycle.complete(session, stream.id, actor=actor, now=now)

    def reopen(session: Session, actor: Actor) -> Set | NotSet:
        return lifecycle.reopen(session, stream.id, actor=actor, now=now)

    assert why(house.act(MAREK, complete)) is NoTask.NOTHING_DONE
    living.finish_workstreams()
    assert why(house.act(BEN, reopen)) is NoTask.NOT_YOURS
    assert isinstance(house.act(INES, reopen), Set)
    assert lacks(living.move(Move.GO_LIVE)) == [Lack.WORKSTREAM]
    assert isinstance(house.act(INES, complete), Set)
    assert why(living.give_task()) is NoTask.COMPLETE
    assert isinstance(living.move(Move.GO_LIVE), Moved)
    assert why(house.act(MAREK, reopen)) is NoTask.NOT_IN_DEPLOYMENT


def test_going_live_and_reopening_at_once_leave_it_deployed_and_complete_or_neither(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    living = Living(house)
    living.deploy()
    living.finish_workstreams()
    stream, now = living.workstream(), house.clock.now()
    meeting = Meeting()
    meeting.before(monkeypatch, stored, "update_workstream")
    meeting.before(monkeypatch, intake, "move")

    def reopen(session: Session, actor: Actor) -> Set | NotSet:
        return lifecycle.reopen(session, stream.id, actor=actor, now=now)

    moved, reopened = together(lambda: living.move(Move.GO_LIVE), lambda: house.act(INES, reopen))

    assert not meeting.both_came
    assert (isinstance(moved, Moved), isinstance(reopened, NotSet)) in ((True, True), (False, False))


def test_a_task_is_told_in_its_owner_s_hours_reminded_on_its_day_and_once_after_and_then_no_more(house: House) -> None:
    living = Living(house)
    living.deploy()
    living.jump_to("2026-03-03T20:00")
    assert isinstance(living.give_task(due=(house.clock.now()).date().replace(day=12)), Set)
    house.send()

    def heard() -> list[str]:
        return [post.text for post in living.told(BEN) if "Connect the archive" in post.text]

    assert heard() == []
    for moment, count in (
        ("04T08:00", 1),
        ("12T07:59", 1),
        ("12T08:00", 2),
        ("13T07:59", 2),
        ("13T08:00", 3),
        ("30T09:00", 3),
    ):
        living.jump_to(f"2026-03-{moment}")
        assert len(heard()) == count, moment
    assert "is due today" in heard()[1]
    assert "last reminder" in heard()[2]


def test_tasks_of_who_left_go_to_the_workstream_s_owner_and_a_workstream_to_who_answers_for_the_use_case(
    house: House,
) -> None:
    living = Living(house)
    living.deploy()
    living.give_task()

    living.leave(BEN)
    living.beat()
    assert living.tasks()[0].owner_id == living.person(MAREK)
    living.leave(MAREK)
    living.beat()
    living.beat()

    assert living.tasks()[0].owner_id == living.workstream().owner_id == living.person(OTTO)
    assert "Connect the archive" in living.told(OTTO)[-1].text


def test_after_ninety_days_without_its_first_value_owner_sponsor_and_leads_are_asked_once(house: House) -> None:
    living = Living(house)
    living.deploy()
    assert living.life().clock == lifecycle.ClockSnapshot(0, 90, house.clock.now().date().replace(month=5, day=31))

    living.jump_to("2026-06-01T07:00")  # nine in Berlin, on the Monday after
    for who in (MAREK, OTTO, INES):
        assert len([post for post in living.told(who) if "What is in the way?" in post.text]) == 1
    living.jump_to("2026-06-02T10:00")

    assert len([post for post in living.told(MAREK) if "What is in the way?" in post.text]) == 1
    assert house.facts().count("use_case.first_value_asked") == 1


def test_the_clock_that_asks_for_a_first_value_and_reminds_of_a_task_does_not_cross_who_finishes_it(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    living = Living(house)
    living.deploy()
    given = living.give_task(due=date(2026, 5, 29))
    assert isinstance(given, Set)
    assert given.task is not None
    task_id, now = given.task.id, datetime(2026, 6, 1, 7, 0, tzinfo=UTC)  # nine in Berlin: both are due
    meeting = Meeting()
    meeting.before(monkeypatch, stored, "lock_workstream")

    def beat() -> int:
        with house.database.transaction() as session:
            return lifecycle.run(session, now=now)

    def finish(session: Session, actor: Actor) -> Set | NotSet:
        return lifecycle.finish_task(session, task_id, actor=actor, now=now)

    asked, finished = together(beat, lambda: house.act(BEN, finish))

    assert not meeting.both_came
    assert asked >= 1
    assert isinstance(finished, Set)


def test_the_training_counts_of_the_onboarding_cannot_pass_each_other(house: House) -> None:
    living = Living(house)
    living.deploy()
    stream, now = living.workstream(WorkstreamKind.ONBOARDING), house.clock.now()

    def plan(session: Session, actor: Actor) -> Set | NotSet:
        wanted = Planned(actor, None, 3, 4)
        return lifecycle.change_workstream(
            session, stream.id, wanted, seen=stream.version, may_know=lambda *_: True, actor=actor, now=now
        )

    assert why(house.act(MAREK, plan)) is NoTask.TRAINED_TOO_MANY

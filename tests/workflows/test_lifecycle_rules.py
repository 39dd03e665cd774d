"""The life of a use case: what leads on, what is lacking, and when people hear of it. Values in, values out."""

import re
from collections import Counter
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from uuid import UUID, uuid4

import pytest

from db.enums import (
    Criterion,
    DataClass,
    Membership,
    OutputUse,
    Phase,
    Processing,
    SuspensionCause,
    Tier,
    UseCaseState,
    WorkstreamKind,
)
from workflows.lifecycle.candidates import Known, Trait, Verdict, ranked, score
from workflows.lifecycle.hearing import UNTOLD, Word, after_word, asked_at, next_word_at, word_due
from workflows.lifecycle.rules import Facts, Lack, NoTask, Owned, Progress, Stream, why_not, why_not_complete
from workflows.lifecycle.states import FORWARD, LIVE, TRANSITIONS, Move, after, before, next_move
from workflows.people.snapshots import Actor
from workflows.people.worktime import Calendar
from workflows.programme.rules import CriterionState, Gate, GateState, Standing

PAGE = Path(__file__).parents[2] / "docs" / "states.md"
ARROW = r"(\[\*\]|\w+) --> (\w+) : ([\w ]+)"
MAREK = Actor(UUID(int=1), "U_MAREK", "Marek", "Europe/Berlin")
OTTO = Actor(UUID(int=2), "U_OTTO", "Otto", "Europe/Berlin")
INTEGRATION, ONBOARDING = WorkstreamKind.TECHNICAL_INTEGRATION, WorkstreamKind.ONBOARDING


def facts(state: UseCaseState, **instead: object) -> Facts:
    usual = {"use_case_id": uuid4(), "state": state, "was": state, "owner": MAREK}
    return Facts(**(usual | instead))  # type: ignore[arg-type]


def lacks(move: Move, given: Facts) -> list[Lack]:
    return [each.criterion for each in why_not(move, given)]


def test_the_page_draws_the_table_and_says_what_each_transition_needs() -> None:
    [section] = re.findall(r"(?ms)^## A use case\n(.*?)(?=^## )", PAGE.read_text(encoding="utf-8"))
    [diagram] = re.findall(r"(?s)```mermaid\nstateDiagram-v2\n(.*?)```", section)
    drawn = [re.fullmatch(ARROW, line.strip()) for line in diagram.splitlines()]
    told = re.findall(rf"(?m)^- `{ARROW}`: ([A-Z][^.]+\.)$", section)

    table = {
        (
            "[*]" if each.before is None else each.before.value,
            each.after.value,
            each.event.replace("_", " "),
        ): each.needs
        for each in TRANSITIONS
    }
    assert len(table) == len(TRANSITIONS)
    assert all(drawn), diagram
    assert Counter(line.groups() for line in drawn if line) == Counter(list(table))
    assert {each[:3]: each[3] for each in told} == table
    assert {each.after for each in TRANSITIONS} == set(UseCaseState)


def test_moves_lead_on_one_step_at_a_time_and_nothing_leads_out_of_the_end() -> None:
    path, state = [], UseCaseState.APPROVED
    while (move := next_move(state)) is not None:
        state = after(move)
        path.append(state)

    assert tuple(path) == LIVE
    assert not any(UseCaseState.RETIRED in before(each) for each in Move)
    for move in FORWARD:
        for state in set(UseCaseState) - before(move):
            assert lacks(move, facts(state)) in ([Lack.OTHER_STATE], [Lack.SUSPENDED]), (move, state)


def test_a_gate_that_is_closed_names_each_criterion_with_who_owes_it_and_one_that_is_ready_that_it_waits() -> None:
    state = CriterionState(Criterion.DATA_HANDLING, Standing.UNMET, owner=OTTO)
    closed = Gate(Phase.FOCUSED_DEPLOYMENT, GateState.CLOSED, (state,))
    ready = Gate(Phase.FOCUSED_DEPLOYMENT, GateState.READY, ())

    [missing] = why_not(Move.DEPLOY, facts(UseCaseState.APPROVED, closed=(closed,)))
    [waits] = why_not(Move.DEPLOY, facts(UseCaseState.APPROVED, closed=(ready,)))

    assert (missing.criterion, missing.lacks, missing.owner) == (Lack.GATE, state, OTTO)
    assert (waits.criterion, waits.lacks, waits.gate) == (Lack.GATE, None, ready)


def test_each_move_wants_what_it_wants_all_at_once() -> None:
    condition, kpi = Owned(uuid4(), "Sign it", OTTO), Owned(uuid4(), "Hours", OTTO)
    both = (Stream(INTEGRATION, MAREK, is_complete=True), Stream(ONBOARDING, OTTO, is_complete=False))

    to_deploy = facts(UseCaseState.APPROVED, provisional=True, conditions=(condition,), places=3, taken=3)
    assert lacks(Move.DEPLOY, to_deploy) == [Lack.PROVISIONAL, Lack.CONDITION, Lack.PLACE]
    assert lacks(Move.DEPLOY, facts(UseCaseState.APPROVED_WITH_CONDITIONS, places=3, taken=2)) == []
    assert lacks(Move.DEPLOY, facts(UseCaseState.APPROVED, places=None, taken=9)) == []
    [stream] = why_not(Move.GO_LIVE, facts(UseCaseState.IN_DEPLOYMENT, streams=both))
    assert (stream.criterion, stream.owner, stream.about) == (Lack.WORKSTREAM, OTTO, "onboarding")
    assert lacks(Move.OPTIMISE, facts(UseCaseState.DEPLOYED, unlocked=(kpi,))) == [Lack.BASELINE]
    assert lacks(Move.OPTIMISE, facts(UseCaseState.DEPLOYED, has_kpis=False)) == [Lack.KPI]
    assert lacks(Move.SCALE, facts(UseCaseState.OPTIMISING)) == [Lack.LESSON, Lack.CHECKLIST]
    assert lacks(Move.SCALE, facts(UseCaseState.OPTIMISING, has_lesson=True, has_checklist=True)) == []


def test_what_is_suspended_does_not_move_on_and_only_what_a_hand_stopped_a_hand_lets_go_on() -> None:
    by_hand, lapsed = SuspensionCause.BY_HAND, SuspensionCause.APPROVAL_LAPSED
    stopped = facts(UseCaseState.SUSPENDED, was=UseCaseState.DEPLOYED, suspended_by=(lapsed,))

    assert lacks(Move.OPTIMISE, stopped) == [Lack.SUSPENDED]
    assert lacks(Move.RESUME, stopped) == [Lack.NOT_BY_HAND]
    assert lacks(Move.SUSPEND, stopped) == [Lack.SUSPENDED]
    assert lacks(Move.RESUME, facts(UseCaseState.SUSPENDED, suspended_by=(lapsed, by_hand))) == []
    assert lacks(Move.RESUME, facts(UseCaseState.DEPLOYED)) == [Lack.OTHER_STATE]
    assert lacks(Move.RETIRE, stopped) == []
    assert lacks(Move.RETIRE, facts(UseCaseState.APPROVED, provisional=True)) == [Lack.PROVISIONAL]


@pytest.mark.parametrize(
    ("progress", "why"),
    [
        (Progress(INTEGRATION, open=1, done=4), NoTask.TASKS_OPEN),
        (Progress(INTEGRATION, open=0, done=0), NoTask.NOTHING_DONE),
        (Progress(INTEGRATION, open=0, done=1), None),
        (Progress(ONBOARDING, open=0, done=1), NoTask.TRAINING_UNKNOWN),
        (Progress(ONBOARDING, open=0, done=1, to_train=12, trained=11), NoTask.TRAINING_LEFT),
        (Progress(ONBOARDING, open=0, done=1, to_train=12, trained=12), None),
        (Progress(ONBOARDING, open=0, done=1, to_train=0), None),
    ],
)
def test_a_workstream_is_complete_when_something_was_done_nothing_is_left_and_everybody_is_trained(
    progress: Progress, why: NoTask | None
) -> None:
    assert why_not_complete(progress) is why


def test_of_a_task_somebody_hears_thrice_at_most_and_never_twice_on_a_day() -> None:
    berlin = Calendar("Europe/Berlin")
    now, due = datetime(2026, 3, 2, 10, tzinfo=UTC), date(2026, 3, 15)  # a Monday, and a Sunday

    friday = next_word_at(berlin, due, reminders=after_word(Word.GIVEN), now=now)
    assert friday == datetime(2026, 3, 13, 8, tzinfo=UTC)
    assert word_due(0, due, today=friday.date()) is Word.DUE
    monday = next_word_at(berlin, due, reminders=after_word(Word.DUE), now=friday)
    assert monday == datetime(2026, 3, 16, 8, tzinfo=UTC)
    assert word_due(1, due, today=monday.date()) is Word.OVERDUE
    assert next_word_at(berlin, due, reminders=after_word(Word.OVERDUE), now=monday) is None
    assert word_due(2, due, today=monday.date() + timedelta(days=9)) is None
    assert word_due(UNTOLD, due, today=due) is Word.GIVEN
    given_on_its_day = next_word_at(berlin, now.date(), reminders=0, now=now)
    assert given_on_its_day == datetime(2026, 3, 3, 8, tzinfo=UTC)
    assert asked_at(berlin, date(2026, 3, 13)) == datetime(2026, 3, 16, 8, tzinfo=UTC)


def known(**instead: object) -> Known:
    usual = {
        "output_use": OutputUse.SUMMARISING,
        "outputs": "A page for each file",
        "data_class": DataClass.INTERNAL,
        "processing": Processing.OWN_CLOUD,
        "owner": MAREK,
        "sponsor": OTTO,
        "tier": Tier.LOW,
        "dues": (date(2026, 5, 1),),
        "has_baseline": True,
    }
    return Known(**(usual | instead))  # type: ignore[arg-type]


def test_a_good_first_use_case_is_defined_owned_harmless_and_soon_measured_and_unknown_is_worth_nothing() -> None:
    left = Actor(UUID(int=3), "U_NINA", "Nina", "UTC", Membership.DEACTIVATED)

    def judged(**instead: object) -> dict[Trait, Verdict]:
        return dict(score(known(**instead), today=date(2026, 3, 2), days=90).verdicts)

    assert set(judged().values()) == {Verdict.YES}
    assert judged(data_class=DataClass.UNKNOWN)[Trait.DATA] is Verdict.UNKNOWN
    assert judged(sponsor=MAREK)[Trait.OWNER] is Verdict.PARTLY
    assert judged(sponsor=left, owner=left)[Trait.OWNER] is Verdict.NO
    assert [judged(tier=tier)[Trait.RISK] for tier in (Tier.MEDIUM, Tier.HIGH, None)] == [
        Verdict.PARTLY,
        Verdict.NO,
        Verdict.UNKNOWN,
    ]
    assert judged(dues=(date(2027, 1, 1),))[Trait.VALUE] is Verdict.PARTLY
    assert judged(dues=(date(2027, 1, 1),), has_baseline=False)[Trait.VALUE] is Verdict.NO
    assert judged(dues=(None,), has_baseline=False)[Trait.VALUE] is Verdict.UNKNOWN
    whole = score(known(), today=date(2026, 3, 2), days=90)
    risky = score(known(tier=Tier.HIGH), today=date(2026, 3, 2), days=90)
    unclear = score(known(tier=None), today=date(2026, 3, 2), days=90)
    assert ranked([(1, unclear), (2, risky), (3, whole), (4, whole)]) == [3, 4, 2, 1]

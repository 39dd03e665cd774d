"""What keeps a use case from another team, who then decides, and what lessons and checklists hold: tables of cases."""

from datetime import UTC, date, datetime, timedelta
from uuid import uuid4

import pytest

from db.enums import Section, UseCaseState
from tests.support.chains import lane, policy_text, stage
from workflows import policy
from workflows.lessons import rules as lessons
from workflows.lessons.rules import Answering, NoLesson, Says
from workflows.policy import routing
from workflows.rollouts import rules
from workflows.rollouts.rules import NoRollout

TODAY = date(2026, 3, 2)


@pytest.mark.parametrize(
    ("state", "valid_until", "gates_closed", "has_checklist", "why"),
    [
        (UseCaseState.SCALING, None, False, True, None),
        (UseCaseState.SCALING, TODAY, False, True, None),
        (UseCaseState.SCALING, TODAY - timedelta(days=1), False, True, NoRollout.LAPSED),
        (UseCaseState.SCALING, None, True, False, NoRollout.GATES),
        (UseCaseState.SCALING, None, False, False, NoRollout.NO_CHECKLIST),
        (UseCaseState.OPTIMISING, None, False, True, NoRollout.NOT_SCALING),
        (UseCaseState.RETIRED, None, False, True, NoRollout.NOT_SCALING),
        (UseCaseState.SUSPENDED, TODAY - timedelta(days=1), True, False, NoRollout.SUSPENDED),
    ],
)
def test_what_keeps_a_use_case_from_another_team(
    state: UseCaseState, valid_until: date | None, gates_closed: bool, has_checklist: bool, why: NoRollout | None
) -> None:
    found = rules.why_not_ready(
        state, valid_until=valid_until, today=TODAY, gates_closed=gates_closed, has_checklist=has_checklist
    )
    assert found is why


def test_a_team_is_the_same_however_it_is_spelt() -> None:
    assert rules.team_key(" Straße  PAYMENTS ") == rules.team_key("STRASSE payments")
    assert rules.team_key("Payments") != rules.team_key("Payment")
    assert len(rules.team_key("ß" * 80)) == rules.LONGEST_TEAM


@pytest.mark.parametrize(
    ("differs", "lanes"),
    [
        ((Section.DATA,), ["privacy"]),
        ((Section.VALUE, Section.DATA), ["privacy", "council"]),
        ((Section.VALUE,), ["council"]),
        ((Section.MODEL,), ["privacy"]),  # nobody looks at it: the first lane alone
        ((), ["privacy"]),
    ],
)
def test_of_a_chain_the_lanes_that_look_at_what_differs_are_asked(
    differs: tuple[Section, ...], lanes: list[str]
) -> None:
    text = policy_text(
        stage("one", lane("privacy", "privacy", sections=["data"]), lane("risk", "risk", sections=["oversight"])),
        stage("two", lane("council", "council", sections=["value"])),
    )
    [chain] = policy.parse(text).chains.values()
    found = routing.looking_at(chain, differs)
    assert [each.key for one in found.stages for each in one.lanes] == lanes


def test_steps_are_read_without_their_marks_and_numbers_but_keep_numbers_of_their_own() -> None:
    typed = "1. Show it\n\n  - Give access \n• 3 files together\n12) Ask\n2026 plans stay\n"
    assert lessons.steps_in(typed) == ("Show it", "Give access", "3 files together", "Ask", "2026 plans stay")


def test_who_may_write_publish_and_take_back() -> None:
    owner, sponsor, lead, other = (uuid4() for _ in range(4))
    there = Answering(owner, frozenset({sponsor}), frozenset({lead}))
    gone = Answering(None, frozenset({sponsor}), frozenset({lead}))
    people = (owner, sponsor, lead, other)
    assert [there.may_write(each) for each in people] == [True, True, True, False]
    assert [there.may_publish(each) for each in people] == [True, False, False, False]
    assert [there.may_take_back(each) for each in people] == [True, False, True, False]
    assert [gone.may_publish(each) for each in people] == [False, False, True, False]


def test_what_a_lesson_has_to_say_before_others_learn_from_it() -> None:
    assert lessons.why_not_published(Says(advice="Begin small.")) is NoLesson.NOTHING_LEARNT
    assert lessons.why_not_published(Says(did_not="Long files.")) is NoLesson.NO_ADVICE
    assert lessons.why_not_published(Says("", "Long files.", "Begin small.")) is None
    assert lessons.why_not_kept(Says("x" * 2001)) is NoLesson.TOO_LONG
    assert Says("a", "", "b").digest != Says("", "a", "b").digest
    at = datetime(2026, 1, 1, tzinfo=UTC)
    assert lessons.stale_from(at) == datetime(2026, 4, 1, tzinfo=UTC)

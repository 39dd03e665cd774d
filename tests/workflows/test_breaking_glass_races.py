"""Break-glass and something else at the same moment: the overlap is forced."""

from typing import Any

import pytest
from sqlmodel import select

from db.enums import BreakGlassStatus, UseCaseState
from db.queries import breaking_glass as stored_glass
from db.session import Database
from db.tables import ApprovalExclusion, ApprovalRequest, UseCaseSuspension
from handlers import ticks
from handlers.ids import Action, Block
from tests.support.glass import break_glass, call, case, filled, form, glasses, stands, with_holders
from tests.support.house import House, reference_in, view_in, words
from tests.support.races import Meeting, together
from workflows.approvals import rules as approval_rules


@pytest.fixture
def proposed(house: House) -> House:
    """Return a house where UC-1 waits for Ann, Olga and Kim hold the role, and all three are known and fresh."""
    with_holders(house)
    house.propose()
    for who in ("U_ANN", "U_OLGA", "U_KIM"):
        house.press(who, Action.OPEN, str(house.request_id()))
    return house


def rows(database: Database, table: Any) -> list[Any]:
    with database.reading() as session:
        return list(session.exec(select(table)))


def agree(house: House, who: str = "U_KIM") -> Any:
    return house.press(who, Action.AGREE, str(glasses(house)[-1].id))


def test_the_second_agrees_while_the_lane_approves_and_it_is_approved_either_way(
    proposed: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    call(proposed)
    ballot, glass, meeting = proposed.ballot(), str(glasses(proposed)[0].id), Meeting()
    meeting.before(monkeypatch, approval_rules, "judge")
    meeting.before(monkeypatch, stored_glass, "change")

    together(
        lambda: proposed.press("U_ANN", Action.APPROVE, ballot),
        lambda: proposed.press("U_KIM", Action.AGREE, glass),
    )
    proposed.advance(seconds=2)

    assert not meeting.both_came
    assert stands(proposed) == (UseCaseState.APPROVED, False)
    [found] = glasses(proposed)
    agreed = "break_glass.agreed" in proposed.facts()
    assert found.status is (BreakGlassStatus.RATIFIED if agreed else BreakGlassStatus.OVERTAKEN)


def test_of_agreeing_and_taking_back_at_once_one_counts_and_the_other_hears_of_it(
    proposed: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    call(proposed)
    glass, meeting = str(glasses(proposed)[0].id), Meeting()
    meeting.before(monkeypatch, stored_glass, "change")

    together(
        lambda: proposed.press("U_KIM", Action.AGREE, glass),
        lambda: proposed.press("U_OLGA", Action.TAKE_BACK, glass),
    )
    proposed.send()

    assert not meeting.both_came
    facts = {"break_glass.agreed", "break_glass.taken_back"} & set(proposed.facts())
    assert len(facts) == 1
    if facts == {"break_glass.agreed"}:
        assert stands(proposed) == (UseCaseState.APPROVED, True)
        assert "let UC-1 go ahead by break-glass" in proposed.whispers_to("U_OLGA")[-1]
    else:
        assert stands(proposed) == (UseCaseState.IN_REVIEW, False)
        assert "has ended" in proposed.whispers_to("U_KIM")[-1]


def test_agreeing_twice_at_once_lets_it_go_ahead_once(proposed: House, monkeypatch: pytest.MonkeyPatch) -> None:
    call(proposed)
    glass, meeting = str(glasses(proposed)[0].id), Meeting()
    meeting.before(monkeypatch, stored_glass, "change")

    answers = together(*[lambda: proposed.press("U_KIM", Action.AGREE, glass)] * 2)  # in the message and on Home

    assert not meeting.both_came
    assert [each.status for each in answers] == [200, 200]
    assert proposed.facts().count("break_glass.agreed") == 1
    assert [each.why for each in rows(proposed.database, ApprovalExclusion)].count("broke_glass") == 2


def test_two_holders_who_call_at_once_make_one_call(proposed: House, monkeypatch: pytest.MonkeyPatch) -> None:
    meeting = Meeting()
    windows = {who: form(proposed, who) for who in ("U_OLGA", "U_KIM")}
    other = {"U_OLGA": "U_KIM", "U_KIM": "U_OLGA"}
    typed = {who: filled(proposed, other[who]) for who in windows}
    meeting.before(monkeypatch, stored_glass, "insert_glass")

    answers = together(*[lambda who=who: proposed.submit(who, windows[who], typed[who]) for who in windows])

    assert not meeting.both_came
    assert len(glasses(proposed)) == 1
    assert sum("called for UC-1 already" in words(view_in(each)) for each in answers) == 1


def test_the_end_of_its_time_and_the_approval_at_once_leave_it_approved(
    proposed: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    break_glass(proposed, hours="1")
    proposed.clock.advance(hours=1)
    ballot, meeting = proposed.ballot(), Meeting()
    meeting.before(monkeypatch, approval_rules, "judge")
    meeting.before(monkeypatch, stored_glass, "change")

    together(
        lambda: proposed.press("U_ANN", Action.APPROVE, ballot),
        lambda: ticks.tick(proposed.database, proposed.clock.now()),
    )

    assert not meeting.both_came
    assert stands(proposed) == (UseCaseState.APPROVED, False)
    assert case(proposed).suspended_from is None
    assert all(each.lifted_at is not None for each in rows(proposed.database, UseCaseSuspension))
    was_late = "break_glass.ended" in proposed.facts()
    assert glasses(proposed)[0].status is (BreakGlassStatus.ENDED if was_late else BreakGlassStatus.RATIFIED)
    assert len(rows(proposed.database, UseCaseSuspension)) == was_late


def test_two_replicas_whose_clocks_beat_at_once_suspend_it_once(
    proposed: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    break_glass(proposed, hours="1")
    proposed.send()
    proposed.clock.advance(hours=1)
    meeting = Meeting()
    meeting.after(monkeypatch, stored_glass, "due")  # both have seen that it is due

    counts = together(*[lambda: ticks.tick(proposed.database, proposed.clock.now())] * 2)

    assert meeting.both_came
    assert sorted(counts) == [0, 1]
    assert len(rows(proposed.database, UseCaseSuspension)) == 1
    assert proposed.facts().count("break_glass.ended") == 1
    proposed.send()
    assert len([post for post in proposed.posts_to("U_MAREK") if "⏸️" in post.text]) == 1


def test_the_second_agrees_while_it_is_sent_again_and_both_count(
    proposed: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    proposed.press("U_ANN", Action.REQUEST_CHANGES, proposed.ballot())
    proposed.submit("U_ANN", proposed.world.opened[-1], {Block.REASON: {"value": "Say who reads it."}})
    call(proposed)
    view = proposed.edit("U_PRIYA", str(case(proposed).id), benefit="Nobody waits.")
    glass, meeting = str(glasses(proposed)[0].id), Meeting()
    meeting.before(monkeypatch, stored_glass, "change")

    sent, _ = together(
        lambda: proposed.submit("U_PRIYA", view, {}),
        lambda: proposed.press("U_KIM", Action.AGREE, glass),
    )

    assert reference_in(sent) == "UC-1"
    assert stands(proposed) == (UseCaseState.APPROVED, True)
    [request] = rows(proposed.database, ApprovalRequest)
    assert (request.status, request.revision) == ("in_review", 2)
    assert case(proposed).revision == 2
    assert [each.why for each in rows(proposed.database, ApprovalExclusion)].count("broke_glass") == 2

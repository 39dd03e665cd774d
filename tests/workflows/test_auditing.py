"""Draws can be made again from the record, shares hold over many seeds, and of several failures one closes a line."""

from pathlib import Path
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import update
from sqlmodel import col

from bot.cli import main
from db.enums import PENDING, AuditResult, RequestStatus, UseCaseState
from db.tables import Audit
from tests.handlers.test_auditing import audits, case, desk, facts, fail, fast, line, propose, rows
from tests.support.chains import put_in_force
from tests.support.house import House
from tests.support.races import Meeting, together
from tests.workflows.test_simulating import simulated, told
from workflows import approvals, auditing, intake, policy
from workflows.auditing import is_drawn, settling, verify
from workflows.auditing.rules import LineChange, change_of, result_of
from workflows.policy import FastLane

__all__ = ["desk"]


@given(st.uuids(), st.text(max_size=40), st.integers(1, 100))
def test_the_same_seed_and_request_are_drawn_alike_and_a_wider_share_draws_no_less(
    request_id: UUID, seed: str, share: int
) -> None:
    found = is_drawn(seed, request_id, share=share)

    assert is_drawn(seed, request_id, share=share) is found
    assert is_drawn(seed, request_id, share=100)
    if found:
        assert all(is_drawn(seed, request_id, share=wider) for wider in range(share, 101))


@pytest.mark.parametrize("share", [1, 10, 50, 90])
def test_over_many_seeds_the_share_is_near(share: int) -> None:
    request_id, many = UUID(int=7), 20_000
    drawn = sum(is_drawn(f"seed {number}", request_id, share=share) for number in range(many))

    assert abs(drawn / many - share / 100) < 0.012  # four standard deviations at most


@pytest.mark.parametrize(
    ("before", "after", "told"),
    [
        ((10, False), (10, False), None),
        ((10, False), (50, False), LineChange.WIDENED),
        ((50, False), (50, True), LineChange.CLOSED),
        ((10, False), (50, True), LineChange.CLOSED),
        ((50, True), (50, True), None),
        ((50, False), (10, False), None),
    ],
)
def test_people_hear_of_a_wider_sample_and_of_a_closed_line(
    before: tuple[int, bool], after: tuple[int, bool], told: LineChange | None
) -> None:
    def stands(share: int, closed: bool) -> FastLane:
        return FastLane(share=share, is_widened=share > 10, is_closed=closed, failed=0, counted=0)

    assert change_of(stands(*before), stands(*after)) is told


def test_every_end_of_a_request_is_a_result_and_nothing_else_is() -> None:
    assert {each for each in RequestStatus if result_of(each) is None} == set(PENDING)
    assert {result_of(each) for each in RequestStatus} - {None} == set(AuditResult)


def test_the_record_is_drawn_again_and_agrees(desk: House) -> None:
    propose(desk, 3)
    with desk.database.reading() as session:
        found = verify(session)

    assert (found.draws, found.wrong) == (3, ())
    [first, *_] = facts(desk, "audit.drawn")
    assert is_drawn(first["seed"], UUID(first["request"]), share=first["share"]) is first["drawn"] is True


def test_an_audit_no_draw_began_and_an_approval_nobody_drew_are_found(desk: House) -> None:
    propose(desk)
    [draw] = facts(desk, "audit.drawn")
    with desk.database.transaction() as session:
        session.connection().execute(update(Audit).values(id=uuid4()).where(col(Audit.line) == "harmless"))
        says = intake.use_case_of(session, case(desk).id)
        assert says is not None
        intake.propose(session, says.says, token=uuid4(), proposer=says.proposer, now=desk.clock.now())
    with desk.database.reading() as session:
        wrong = verify(session).wrong

    assert [each.split()[0] for each in wrong] == ["the", "audit", "request"]
    assert draw["request"] in wrong[0]


def test_a_seed_decides_and_an_injected_one_always_the_same(house: House, by_chance: None) -> None:
    assert by_chance is None
    put_in_force(house, fast(50))
    house.grant("checker", "U_BEN")
    propose(house)
    [drawn] = facts(house, "audit.drawn")
    request_id = UUID(drawn["request"])
    seeds = {True: "", False: ""}
    for number in range(50):
        seeds[is_drawn(str(number), request_id, share=50)] = str(number)
    for is_in, seed in seeds.items():
        with house.database.transaction() as session:
            found = auditing.draw(session, case(house).id, now=house.clock.now(), new_seed=lambda seed=seed: seed)
            assert found is not None
            assert (found.seed, found.audit_id is not None) == (seed, is_in)


# ------------------------------------------------------------------------------------------------ races


def test_two_audits_that_fail_at_once_close_the_line_once(desk: House, monkeypatch: pytest.MonkeyPatch) -> None:
    put_in_force(desk, fast(100, close={"after_failures": 2}))
    propose(desk, 2)
    desk.send()
    meeting = Meeting()
    meeting.after(monkeypatch, settling, "standing_of")

    together(lambda: settle(desk, 1), lambda: settle(desk, 2))

    assert not meeting.both_came
    assert audits(desk) == [AuditResult.FAILED] * 2
    assert line(desk).is_closed
    assert [each["closed"] for each in facts(desk, "fast_lane.changed")] == [True]
    desk.send()
    assert len([post for post in desk.posts_to("U_CHIEF") if "approves nothing any more" in post.text]) == 1


def settle(house: House, number: int) -> None:
    audit = sorted(rows(house, Audit), key=lambda each: each.drawn_at)[number - 1]
    with house.database.transaction() as session:
        auditing.settle(session, audit.id, RequestStatus.REJECTED, actor=None, now=house.clock.now())


def test_what_is_submitted_while_the_line_closes_is_approved_or_goes_to_people(desk: House) -> None:
    put_in_force(desk, fast(100, close={"after_failures": 1}))
    propose(desk)
    desk.send()

    together(lambda: settle(desk, 1), lambda: desk.propose(name="Another one", differs="Others."))

    assert line(desk).is_closed
    state = case(desk, 2).state
    assert state in (UseCaseState.APPROVED, UseCaseState.IN_REVIEW)
    assert len(facts(desk, "audit.drawn")) == (2 if state is UseCaseState.APPROVED else 1)
    desk.propose(name="A third one", differs="Others.")
    assert case(desk, 3).state is UseCaseState.IN_REVIEW


# ------------------------------------------------------------------------------------- simulate and CLI


def test_simulate_knows_which_lines_are_closed_and_what_failed(desk: House) -> None:
    propose(desk, 2)
    fail(desk, "AUD-1")
    assert simulated(desk, fast(affected=("own_team", "customers"))).changed == ()
    people_only = fast(affected=("suppliers",))
    # What failed goes to people under both; the other one would no longer be approved by a line.
    assert [each for each, texts in told(simulated(desk, people_only)).items()] == ["UC-2"]
    assert "no longer approved by the line harmless" in told(simulated(desk, people_only))["UC-2"]


@pytest.fixture
def at_hand(desk: House, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> House:
    monkeypatch.setenv("DATABASE_URL", desk.database.engine.url.render_as_string(hide_password=False))
    monkeypatch.chdir(tmp_path)
    return desk


def test_the_host_lists_lines_draws_again_and_opens_one(at_hand: House, capsys: pytest.CaptureFixture[str]) -> None:
    propose(at_hand, 3)
    assert main(["policy", "audits"]) == 0
    told = capsys.readouterr().out
    assert "harmless: 3 approved in all, 3 drawn for an audit: 3 still open; open, 100 % audited" in told
    assert "3 draws on the record, each drawn again from its seed with the same outcome." in told
    assert main(["policy", "reopen", "harmless", "--reason", "Why not"]) == 1
    assert "is open already" in capsys.readouterr().err
    for number in (1, 2, 3):
        fail(at_hand, f"AUD-{number}")
    assert main(["policy", "route", "--in-force", "--facts", "affected=own_team"]) == 0
    assert "The line harmless would have approved it, and is closed." in capsys.readouterr().out
    assert main(["policy", "reopen", "harmless", "--reason", "The pattern was narrowed."]) == 0
    assert main(["policy", "reopen", "nothing", "--reason", "No."]) == 1
    assert "no audited line 'nothing'" in capsys.readouterr().err


def test_the_pinned_snapshot_says_what_was_audited_and_how_much(desk: House) -> None:
    propose(desk)
    use_case_id = case(desk).id
    with desk.database.reading() as session:
        request = approvals.latest_about(session, "use_case", [use_case_id])[use_case_id]
        again = policy.route(session, "use_case", {"affected": frozenset({"own_team"})})

    assert request.pinned.audit == policy.Sampled("harmless", 100, "checker", 10)
    assert request.pinned.decided == "Only colleagues see it."
    assert '"decided":{"line":"harmless","reason":"Only colleagues see it."}' in again.content

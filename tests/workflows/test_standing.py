"""How things stand in a week: every number held against what happened, in a small company over three weeks."""

from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlmodel import col, select, update

from db.enums import Criterion, FoundationKind, Phase, RequestStatus, UseCaseState
from db.tables import ApprovalRequest, FoundationPart, Person, UseCase, UseCaseRevision, UseCaseStage
from handlers.ids import Action
from handlers.profiles import profile_of
from tests.support.chains import hire
from tests.support.conditions import approve_if, want
from tests.support.fakes import member
from tests.support.glass import call, with_holders
from tests.support.house import House
from tests.support.living import ANN, INES, MAREK, OTTO, PRIYA, Living
from tests.support.renewals import vote
from workflows import approvals, digests, people, reactions, recorded
from workflows.digests import (
    Count,
    DueKind,
    Lacks,
    Stage,
    StandingNow,
    WaitsAt,
    Window,
    making,
    reached_behind,
    requests_behind,
)
from workflows.digests.standing import standing_at
from workflows.lifecycle import Move, Moved
from workflows.programme import GateState, Standing
from workflows.recorded import Said

ZONE = "Europe/Berlin"
FIRST, SECOND, THIRD = (Window.of_week(date(2026, 3, day), ZONE) for day in (2, 9, 16))
AFTER = datetime(2026, 3, 23, 7, tzinfo=UTC)


class Company(Living):
    """Three weeks of a company in Berlin; UC-1 is approved as they begin."""

    def __init__(self, house: House) -> None:
        super().__init__(house, team="Complaints")
        with_holders(house)

    def jump_to(self, text: str) -> None:
        """Move the clock at once; what it would do meanwhile matters to no number told here."""
        self.house.clock._real = datetime.fromisoformat(text).replace(tzinfo=UTC)  # noqa: SLF001 - nobody was there

    def live_through(self) -> None:
        house = self.house
        self.jump_to("2026-03-03T13:00")
        house.propose(PRIYA, sponsor=OTTO, team="Complaints", name="Watch the board", confidential=["confidential"])
        self.record("Find clauses", "Legal", date(2026, 3, 18))
        self.jump_to("2026-03-04T13:00")
        house.approve(ANN, "UC-2")
        self.jump_to("2026-03-05T08:00")
        house.propose(PRIYA, sponsor=OTTO, team="Legal", name="Sort contracts")  # UC-4: what is recorded is UC-3
        self.jump_to("2026-03-09T08:00")
        house.reject(ANN, "Two of these are enough.", "UC-4")
        self.go(Move.DEPLOY, "UC-1")
        self.second_week()
        self.third_week()
        self.jump_to(f"{AFTER:%Y-%m-%dT%H:%M}")

    def second_week(self) -> None:
        house = self.house
        self.jump_to("2026-03-10T13:00")
        house.propose(PRIYA, sponsor=OTTO, team="LEGAL", name="Compare clauses")  # UC-5
        self.ends("UC-2", date(2026, 3, 26))
        self.jump_to("2026-03-11T13:00")
        approve_if(house, ANN, want(day=date(2026, 3, 20)))
        self.jump_to("2026-03-12T13:00")
        form = house.edit(MAREK, str(self.id_of("UC-1")), benefit="A day less", differs="It reads other files.")
        house.submit(MAREK, form, {})
        self.jump_to("2026-03-13T13:00")
        vote(house, ANN)
        self.ends("UC-1", date(2026, 3, 28))

    def third_week(self) -> None:
        house = self.house
        self.jump_to("2026-03-16T13:00")
        self.go_live()
        house.propose(PRIYA, sponsor=OTTO, team="legal ", name="Read letters")  # UC-6
        self.jump_to("2026-03-17T13:00")
        self.go(Move.DEPLOY, "UC-2")
        self.jump_to("2026-03-18T13:00")
        house.approve(ANN, "UC-6")
        self.use_case_id = self.id_of("UC-2")
        assert isinstance(self.suspend(), Moved)
        self.jump_to("2026-03-19T13:00")
        self.retire("UC-6")
        self.jump_to("2026-03-20T13:00")
        house.propose(PRIYA, sponsor=OTTO, team="Service", name="Answer mail")  # UC-7
        call(house, reference="UC-7")

    def go(self, move: Move, reference: str) -> None:
        assert isinstance(self.move(move, use_case_id=self.id_of(reference)), Moved)

    def record(self, name: str, team: str, day: date) -> None:
        said, now = Said(name, team, propose_by=day), self.house.clock.now()
        self.house.act(INES, lambda session, actor: recorded.record(session, said, actor=actor, now=now))

    def retire(self, reference: str) -> None:
        found, now = self.id_of(reference), self.house.clock.now()
        outcome = self.house.act(
            MAREK, lambda session, actor: reactions.retire_by_hand(session, found, "Sold.", actor=actor, now=now)
        )
        assert isinstance(outcome, Moved)

    def ends(self, reference: str, day: date) -> None:
        """Let an approval end on a day, of which the clock then asks."""
        with self.house.database.transaction() as session:
            of_it = update(UseCase).where(col(UseCase.id) == self.id_of(reference))
            session.connection().execute(of_it.values(valid_until=day))
        self.beat()


def standing(house: House, window: Window, *, team: str | None = None, now: datetime | None = None) -> StandingNow:
    with house.database.reading() as session:
        return standing_at(session, window, team=team, now=now or house.clock.now())


def funnel(stood: StandingNow) -> list[tuple[int, int, int]]:
    return [(each.total, each.new, each.new_before) for each in stood.funnel.reached]


def rows(house: House, *tables: Any) -> list[list[Any]]:
    with house.database.reading() as session:
        return [list(session.exec(select(table))) for table in tables]


def counted(house: House, window: Window, teams: Iterable[str] | None = None) -> list[tuple[int, int, int]]:
    """Count the funnel again, one use case after the other."""
    cases, texts = rows(house, UseCase, UseCaseRevision)
    team_of = {(each.use_case_id, each.revision): each.team for each in texts}
    counting = [each.id for each in cases if teams is None or team_of[each.id, each.revision] in teams]
    moved = [_moments(house, each) for each in counting]
    found = []
    for place in range(len(Stage)):
        later = [[at for stage, at in each if list(Stage).index(stage) >= place] for each in moved]
        total = [min(each) for each in later if each and min(each) < window.ends_at]
        new = [at for at in total if at >= window.begins_at]
        before = [at for at in total if window.before.begins_at <= at < window.begins_at]
        found.append((len(total), len(new), len(before)))
    return found


def _moments(house: House, use_case_id: UUID) -> list[tuple[Stage, datetime]]:
    requests, stages = rows(house, ApprovalRequest, UseCaseStage)
    mine = [each for each in requests if each.subject_id == use_case_id and each.amends_id is None]
    return [
        *((Stage.PROPOSED, each.opened_at) for each in mine),
        *((Stage.APPROVED, each.settled_at) for each in mine if each.status is RequestStatus.APPROVED),
        *(
            (Stage(each.state.value), each.entered_at)
            for each in stages
            if each.use_case_id == use_case_id and each.state is not UseCaseState.RETIRED
        ),
    ]


# ------------------------------------------------------------------------------------------ three weeks of a company


def test_every_number_of_three_weeks_is_what_happened_in_them(house: House) -> None:
    Company(house).live_through()
    first, second, third = (standing(house, window) for window in (FIRST, SECOND, THIRD))

    assert funnel(third) == [(6, 2, 1), (4, 1, 1), (2, 1, 1), (1, 1, 0), (0, 0, 0), (0, 0, 0)]
    for window, stood in ((FIRST, first), (SECOND, second), (THIRD, third)):
        assert funnel(stood) == counted(house, window)
    assert [each.funnel.rejected for each in (first, second, third)] == [Count(0, 0), Count(1, 0), Count(0, 1)]
    assert [(each.funnel.suspended, each.funnel.retired) for each in (first, second, third)] == [(0, 0), (0, 0), (1, 1)]
    assert [(each.funnel.to_propose, each.funnel.late) for each in (first, second, third)] == [(1, 0), (1, 0), (1, 1)]
    assert [each.break_glass for each in (first, second, third)] == [Count(0, 0), Count(0, 0), Count(1, 0)]
    with house.database.reading() as session:
        whole = digests.digest_of(session, THIRD, now=AFTER)
    assert making._adapter().validate_json(making.as_json(whole)).standing == third  # noqa: SLF001
    _decided(first, second, third)
    _waits(house, first, third)
    _comes(second, third)
    _goes_on(first, third)
    _of_one_team(house)
    _stands_behind(house)
    _expires(house)


def _decided(first: StandingNow, second: StandingNow, third: StandingNow) -> None:
    told = [first.approvals, second.approvals, third.approvals]
    assert [each.approved for each in told] == [Count(2, 0), Count(2, 2), Count(1, 2)]
    assert [each.rejected for each in told] == [Count(0, 0), Count(1, 0), Count(0, 1)]
    # UC-1 at once and UC-2 in a day; the rejection in two, UC-5 and the change of UC-1 in one; UC-6 in two.
    assert [each.median_days for each in told] == [0.5, 1.0, 2.0]
    assert [each.median_before for each in told] == [None, 0.5, 1.0]


def _expires(house: House) -> None:
    """Nobody ever decides UC-7; what ended undecided is neither rejected nor left out."""
    ended = {"status": RequestStatus.EXPIRED, "settled_at": AFTER - timedelta(days=2)}
    with house.database.transaction() as session:
        of_it = update(ApprovalRequest).where(col(ApprovalRequest.status) == RequestStatus.IN_REVIEW)
        session.connection().execute(of_it.values(**ended))
    assert standing(house, THIRD).approvals.expired == Count(1, 0)
    assert standing(house, THIRD, team="Legal").approvals.expired == Count(0, 0)


def _waits(house: House, first: StandingNow, third: StandingNow) -> None:
    """In the first week UC-4 waited, past due; now UC-7 does, at the role one person holds."""
    assert (first.approvals.waiting, first.approvals.past_due, first.approvals.places) == (1, 1, None)
    assert (third.approvals.waiting, third.approvals.past_due, third.approvals.blocked) == (1, 0, 0)
    assert third.approvals.places is not None
    [place] = third.approvals.places
    assert (place.role, place.waiting) == ("Roles held by one person, sponsors and people asked by name", 1)
    house.grant("governance", "U_BEN")
    again = standing(house, THIRD).approvals
    assert again.places == (WaitsAt("AI governance", 1, place.days, 0),)
    with house.database.reading() as session:
        waits = approvals.where_requests_wait(session, now=AFTER)
    assert (waits.requests, list(waits.places.roles)) == (1, ["governance"])


def _comes(second: StandingNow, third: StandingNow) -> None:
    """UC-5 has a condition; UC-1, and UC-2, of which nobody may be told, are to be renewed."""
    assert (second.coming.conditions, second.coming.conditions_late) == (1, 0)
    assert (second.coming.recertifications, second.coming.recertifications_late) == (2, 0)
    assert [(each.kind, each.of.reference, each.on, each.is_late) for each in second.coming.listed] == [
        (DueKind.CONDITION, "UC-5", date(2026, 3, 20), False),
        (DueKind.RECERTIFICATION, "UC-1", date(2026, 3, 28), False),
    ]
    assert (third.coming.conditions, third.coming.conditions_late) == (1, 1)
    assert (third.coming.recertifications, third.coming.recertifications_late) == (2, 0)
    assert [(each.of.name, each.is_late) for each in third.coming.listed] == [
        ("Compare clauses", True),
        ("Summarise complaint files", False),
    ]


def _goes_on(first: StandingNow, third: StandingNow) -> None:
    assert (first.programme.phase, first.programme.weeks) == (Phase.FOCUSED_DEPLOYMENT, 0)
    assert (third.programme.phase, third.programme.weeks) == (Phase.FOCUSED_DEPLOYMENT, 2)
    [gate] = third.programme.gates
    assert (gate.phase, gate.state, gate.met, gate.criteria) == (Phase.OPTIMISATION, GateState.CLOSED, 0, 1)
    assert gate.lacking == (Lacks(Criterion.FIRST_VALUE, Standing.UNMET, None, None),)
    assert (third.ownerless, third.ownerless_in_all) == ((), 0)


def _of_one_team(house: House) -> None:
    """Hold one team's numbers: it is one however it is spelt, and the programme stays the organisation's."""
    legal = standing(house, THIRD, team="legal")
    assert funnel(legal) == counted(house, THIRD, ["Legal", "LEGAL", "legal"])
    assert funnel(legal)[0] == (3, 1, 1)
    assert (legal.funnel.suspended, legal.funnel.retired, legal.funnel.to_propose) == (0, 1, 1)
    assert (legal.approvals.approved, legal.approvals.rejected) == (Count(1, 1), Count(0, 1))
    assert (legal.approvals.waiting, legal.approvals.places) == (0, ())
    assert (legal.coming.conditions, legal.coming.recertifications) == (1, 0)
    assert legal.break_glass == Count(0, 0)
    assert standing(house, THIRD, team="Service").break_glass == Count(1, 0)
    assert legal.programme.phase is Phase.FOCUSED_DEPLOYMENT
    assert legal.head == standing(house, THIRD).head
    assert funnel(standing(house, THIRD, team="Nobody's")) == [(0, 0, 0)] * 6


def _stands_behind(house: House) -> None:
    with house.database.reading() as session:
        approved = requests_behind(session, FIRST, team=None, outcome=RequestStatus.APPROVED)
        rejected = requests_behind(session, SECOND, team="Legal", outcome=RequestStatus.REJECTED)
        changed = requests_behind(session, SECOND, team="complaints", outcome=RequestStatus.APPROVED)
        deployed = reached_behind(session, THIRD, Stage.IN_DEPLOYMENT, team=None)
        proposed = reached_behind(session, THIRD, Stage.PROPOSED, team="LEGAL")
    assert [(each.of.reference, each.confidential, each.days) for each in approved] == [
        ("UC-1", False, 0.0),
        ("UC-2", True, 1.0),
    ]
    assert [(each.of.reference, each.days, each.decided_by) for each in rejected] == [("UC-4", 2.0, ("Ann",))]
    assert [(each.of.reference, each.decided_by) for each in changed] == [("UC-1", ("Ann",))]
    assert changed[0].request_id != house.request_id("UC-1") or changed[0].settled_at > FIRST.ends_at
    assert [(each.of.reference, each.confidential) for each in deployed] == [("UC-2", True)]
    assert [(each.of.name, each.request_id) for each in proposed] == [("Read letters", house.request_id("UC-6"))]


# ------------------------------------------------------------------------------------------------- what else counts


def test_a_week_that_goes_on_tells_of_what_has_happened_so_far(house: House) -> None:
    house.propose()
    house.approve(ANN)

    stood = standing(house, FIRST)

    assert funnel(stood)[:2] == [(1, 1, 0), (1, 1, 0)]
    assert stood.approvals.approved == Count(1, 0)


def test_what_a_gate_lacks_names_who_owns_it_until_they_leave(house: House) -> None:
    company = Living(house, gates=0, without=FoundationKind.DATA_HANDLING)
    owner = update(FoundationPart).where(col(FoundationPart.kind) == FoundationKind.DATA_HANDLING)
    with house.database.transaction() as session:
        session.connection().execute(owner.values(owner_id=company.person(MAREK)))

    before = standing(house, FIRST).programme
    company.leave(MAREK)
    after = standing(house, FIRST).programme

    assert (before.phase, before.gates[0].met, before.gates[0].criteria) == (Phase.FOUNDATION, 7, 8)
    assert before.gates[0].lacking == (Lacks(Criterion.DATA_HANDLING, Standing.UNMET, "Marek", None),)
    assert after.gates[0].lacking == (Lacks(Criterion.DATA_HANDLING, Standing.UNMET, None, None),)


def test_ten_working_days_after_its_owner_left_a_use_case_is_ownerless_and_a_hidden_one_counts_unnamed(
    house: House,
) -> None:
    company = Living(house)
    house.propose(PRIYA, sponsor=OTTO, name="Hidden", confidential=["confidential"])
    house.approve(ANN, "UC-2")
    hire(house, "U_KARL")
    house.propose(PRIYA, owner="U_KARL", sponsor="U_KARL", team="Service")
    house.approve(ANN, "UC-3")
    house.propose(PRIYA, owner="U_KARL", sponsor="U_KARL")  # nobody approved it
    for who in (MAREK, "U_KARL"):
        company.leave(who)
    at_once = standing(house, FIRST)
    week = Window.of_week(date(2026, 3, 16), ZONE)
    soon = standing(house, week, now=datetime(2026, 3, 16, 8, 59, tzinfo=UTC))
    later = standing(house, week, now=datetime(2026, 3, 16, 9, 0, tzinfo=UTC))
    house.tell({"type": "user_change", "user": member(MAREK)})

    for stood in (at_once, soon):
        assert ([each.reference for each in stood.ownerless], stood.ownerless_in_all) == (["UC-3"], 1)
    assert ([each.reference for each in later.ownerless], later.ownerless_in_all) == (["UC-1", "UC-3"], 3)
    back = standing(house, week, now=datetime(2026, 3, 16, 9, 0, tzinfo=UTC))
    assert [each.reference for each in back.ownerless] == ["UC-3"]
    assert standing(house, week, team="Complaints").ownerless_in_all == 0


@pytest.mark.parametrize("way", ["an event", "a list"])
def test_since_when_somebody_is_gone_is_kept_and_forgotten_when_they_are_back(house: House, way: str) -> None:
    house.act(MAREK, lambda _, __: None)

    def told(**facts: Any) -> datetime | None:
        house.clock.advance(minutes=1)
        if way == "an event":
            house.tell({"type": "user_change", "user": member(MAREK, **facts)})
        else:
            _read_directory(house, **facts)
        with house.database.reading() as session:
            return session.exec(select(Person.left_at).where(Person.slack_id == MAREK)).one()

    began = house.clock.now()
    assert told() is None
    assert told(is_restricted=True) == began + timedelta(minutes=2)
    assert told(deleted=True) == began + timedelta(minutes=2)
    assert told() is None


def _read_directory(house: House, **facts: Any) -> None:
    with house.database.transaction() as session:
        profile = profile_of(member(MAREK, **facts), house.deps.workspace)
        people.store_profiles(session, [profile], asked_at=house.clock.now())


def test_what_a_line_of_the_policy_decided_is_in_the_funnel_and_no_decision_of_people(house: House) -> None:
    company = Living(house)
    first = company.use_case_id
    _by_line(house, first)

    stood = standing(house, FIRST)

    assert funnel(stood)[1] == (1, 1, 0)
    assert (stood.approvals.approved, stood.approvals.median_days) == (Count(0, 0), None)
    with house.database.reading() as session:
        assert requests_behind(session, FIRST, team=None, outcome=RequestStatus.APPROVED) == ()


def _by_line(house: House, use_case_id: UUID) -> None:
    with house.database.transaction() as session:
        of_it = update(ApprovalRequest).where(col(ApprovalRequest.subject_id) == use_case_id)
        session.connection().execute(of_it.values(decided_by_line="harmless"))


def test_another_who_may_decide_is_told_of_by_role_and_a_blocked_request_counts_as_waiting(house: House) -> None:
    house.propose()
    house.tell({"type": "user_change", "user": member(ANN, deleted=True)})
    house.advance(seconds=2)

    told = standing(house, FIRST).approvals

    assert (told.waiting, told.blocked, told.places) == (1, 1, ())
    house.grant("governance", "U_BEN")
    house.press("U_BEN", Action.APPROVE, house.ballot())
    assert standing(house, FIRST).approvals.waiting == 0

"""How much is used, by team: a small company whose numbers are worked out by hand."""

from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import insert
from sqlmodel import col, select, update

from db.enums import Cadence, CheckInState, UsageMeasure, UsageSource, UsageTells, UseCaseState
from db.ids import new_id
from db.session import Session
from db.tables import (
    CheckIn,
    CheckInAnswer,
    CheckInSchedule,
    UsageCount,
    UsageDay,
    UsageImport,
    UsageSeen,
    UseCase,
)
from handlers.use import figure_text
from tests.support.asking import Asking
from tests.support.house import House
from workflows import adoption
from workflows.adoption import Adoption, Figure, SourceUse, TeamUse, Telling

ELIGIBLE, ASSIGNED, ACTIVE = UsageMeasure.ELIGIBLE, UsageMeasure.ASSIGNED, UsageMeasure.ACTIVE
FIRST, LAST = date(2026, 7, 27), date(2026, 8, 2)
NOW = datetime(2026, 8, 3, 7, 0, tzinfo=UTC)
HIDDEN, UNSAID, CANNOT = (
    Figure(Telling.SUPPRESSED),
    Figure(Telling.NOT_REPORTED),
    Figure(Telling.NOT_MEASURABLE),
)


def people(many: float) -> Figure:
    return Figure.of(float(many))


class Company:
    """Use cases of several teams, and what is known of their use. Days are counted from the first of the window."""

    def __init__(self, house: House) -> None:
        self.house = house
        house.act("U_MAREK", lambda _, __: None)

    def use_case(self, team: str, state: UseCaseState = UseCaseState.DEPLOYED, **answers: Any) -> UUID:
        reference = self.house.propose(team=team, **answers)
        with self.house.database.transaction() as session:
            found = session.exec(select(UseCase.id).where(UseCase.number == int(reference.removeprefix("UC-")))).one()
            session.connection().execute(update(UseCase).where(col(UseCase.id) == found).values(state=state))
        return found

    def answers(self, of: UUID, day: int, *told: tuple[int | None, int | None]) -> None:
        """Let this be answered to a check-in: eligible and active, and again by each next revision."""
        on, at = FIRST + timedelta(days=day), NOW
        with self.house.database.transaction() as session:
            who = session.exec(select(UseCase.proposer_id).where(UseCase.id == of)).one()
            schedule = {"id": new_id(), "use_case_id": of, "person_id": who, "is_whole": True, "zone": "UTC"}
            schedule |= {"minute": 540, "weekday": 2, "cadence": Cadence.WEEKLY, "next_date": on, "next_at": at}
            known = session.exec(select(CheckInSchedule.id).where(CheckInSchedule.use_case_id == of)).first()
            if known is None:
                session.connection().execute(insert(CheckInSchedule), schedule | {"version": 1, "began_at": at})
            row = {"id": new_id(), "schedule_id": known or schedule["id"], "use_case_id": of, "on_date": on}
            row |= {"ends_on": on + timedelta(days=7), "closes_at": at, "state": CheckInState.ANSWERED}
            row |= {"asked_id": who, "reminders": 0, "revision": len(told)}
            session.connection().execute(insert(CheckIn), row)
            for revision, (eligible, active) in enumerate(told, 1):
                answer = {"check_in_id": row["id"], "revision": revision, "answered_by": who, "answered_at": at}
                answer |= {"is_unchanged": False, "eligible": eligible, "active": active}
                session.connection().execute(insert(CheckInAnswer), answer)

    def counts(
        self,
        of: UUID,
        measure: UsageMeasure,
        people: int,
        days: tuple[int, int] = (0, 6),
        *,
        team: str = "",
        source: UsageSource = UsageSource.CSV,
        superseded: bool = False,
    ) -> None:
        with self.house.database.transaction() as session:
            brought = self._import(session, of, source, UsageTells.COUNTS, days)
            row = {"id": new_id(), "import_id": brought, "use_case_id": of, "source": source}
            row |= {"measure": measure, "definition": "as its source counts", "value": people, "team": team}
            row |= {"first_day": FIRST + timedelta(days=days[0]), "last_day": FIRST + timedelta(days=days[1])}
            session.connection().execute(insert(UsageCount), row | {"superseded_at": NOW if superseded else None})

    def used(
        self,
        of: UUID,
        day: int,
        who: Iterable[str],
        source: UsageSource = UsageSource.GITHUB_COPILOT,
        *,
        told: tuple[int, int] | None = None,
    ) -> None:
        """Let these people have used it on a day, as a file says that told of this day only, or of others too."""
        with self.house.database.transaction() as session:
            brought = self._import(session, of, source, UsageTells.PEOPLE_BY_DAY, told or (day, day))
            of_it = {"use_case_id": of, "source": source, "import_id": brought}
            rows = [of_it | {"person_key": each, "day": FIRST + timedelta(days=day)} for each in who]
            if rows:
                session.connection().execute(insert(UsageDay), rows)

    def seen(self, of: UUID, reported: int, last: Iterable[int | None]) -> None:
        """Let Microsoft report who has access, and on which day each used it last."""
        source = UsageSource.MICROSOFT_365_COPILOT
        with self.house.database.transaction() as session:
            brought = self._import(session, of, source, UsageTells.LAST_ACTIVITY, (reported, reported))
            of_it = {"use_case_id": of, "source": source, "import_id": brought}
            of_it |= {"reported_on": FIRST + timedelta(days=reported)}
            days = [None if day is None else FIRST + timedelta(days=day) for day in last]
            rows = [of_it | {"person_key": f"p{number}", "last_active": day} for number, day in enumerate(days)]
            session.connection().execute(insert(UsageSeen), rows)

    def _import(
        self, session: Session, of: UUID, source: UsageSource, tells: UsageTells, told: tuple[int, int]
    ) -> UUID:
        row = {"id": new_id(), "use_case_id": of, "source": source, "file_digest": "0" * 64, "imported_at": NOW}
        days = {"first_day": FIRST + timedelta(days=told[0]), "last_day": FIRST + timedelta(days=told[1])}
        row |= {"tells": tells, **days}
        session.connection().execute(insert(UsageImport), row)
        return UUID(str(row["id"]))

    def adoption(self, team: str | None = None, *, weeks_ago: int = 0) -> Adoption:
        back = timedelta(days=7 * weeks_ago)
        with self.house.database.reading() as session:
            return adoption.adoption_in(session, FIRST - back, LAST - back, team=team, now=NOW)

    def row(self, team: str) -> TeamUse:
        [found] = [each for each in self.adoption().teams if each.team == team]
        return found

    def behind(self, team: str | None = None) -> list[SourceUse]:
        with self.house.database.reading() as session:
            return [says for _, says in adoption.sources_behind(session, FIRST, LAST, team=team, now=NOW)]


@pytest.fixture
def company(house: House) -> Company:
    return Company(house)


def test_a_week_of_a_small_company(company: Company) -> None:
    files, letters = company.use_case("Complaints"), company.use_case(" complaints  ", UseCaseState.SCALING)
    company.answers(files, 1, (40, 28))
    company.answers(files, -6, (40, 22))
    company.used(files, 3, [f"p{each}" for each in range(25)], UsageSource.OPENAI)  # says something else: disputed
    company.counts(letters, ACTIVE, 9)
    company.counts(letters, ACTIVE, 8, (-7, -1))
    company.counts(letters, ACTIVE, 60, (-26, 4))  # of a month: no week follows from it
    company.counts(letters, ASSIGNED, 30, (-26, 4))  # but who has access, does
    mail = company.use_case("Service", UseCaseState.OPTIMISING)
    company.used(mail, 0, "abcde")
    company.used(mail, 6, "cdefg")
    company.used(mail, -1, "abcdef")
    company.used(mail, 7, "xyz")
    clauses = company.use_case("Legal", UseCaseState.IN_DEPLOYMENT)
    company.answers(clauses, 0, (12, 3))
    company.use_case("Service")  # of which nobody said anything
    company.answers(company.use_case("Legal", UseCaseState.SUSPENDED), 0, (500, 400))  # not in use
    company.answers(company.use_case("Board", confidential=["confidential"]), 2, (20, 11))
    posters = company.use_case("Design")
    company.seen(posters, 6, [0, 1, 2, 3, 4, 6, -1, -30, None, None])

    found = company.adoption()

    # Of 40 eligible 28 are active, 70 %; 22 were, 55 %. The 9 of the letters are beside that: nobody told who could.
    # Three are few; the confidential eleven are withheld; of 64 in all they are hidden together, which is fourteen.
    # What Microsoft says in August of who was active last does not tell of the week before.
    # Of the 72 eligible people the confidential 20 are withheld, so the next smallest go too: Legal's twelve.
    assert found.teams == (
        TeamUse("Complaints", 2, people(40), people(30), people(37), people(70), people(30), people(7)),
        TeamUse("Design", 1, CANNOT, people(10), people(6), CANNOT, CANNOT, CANNOT),
        TeamUse("Legal", 1, HIDDEN, CANNOT, HIDDEN, HIDDEN, UNSAID, HIDDEN),
        TeamUse("Service", 1, CANNOT, CANNOT, people(7), CANNOT, people(6), people(1)),
    )
    # Active: 28 + 9 + 7 + 3 + 6 + 11; a rate is told by 28 + 3 + 11 of 40 + 12 + 20; before: 22 + 8 + 6.
    assert found.total == TeamUse("", 6, people(72), people(40), people(64), people(58), people(36), people(28))
    assert (found.unreported, found.disputed, found.movers) == (1, 1, ("Complaints",))
    assert company.adoption("COMPLAINTS").teams == found.teams[:1]
    assert company.adoption("Board") == Adoption((), TeamUse("", 0, *[UNSAID] * 6), 0, 0, ())


def test_a_confidential_use_case_is_in_the_total_and_follows_from_no_row(company: Company) -> None:
    for team, active in (("Sales", 30), ("Service", 20), ("Design", 50)):
        company.answers(company.use_case(team), 0, (100, active))

    before = company.adoption()
    company.answers(company.use_case("Sales", confidential=["confidential"]), 0, (100, 40))
    after = company.adoption()

    assert [each.active.value for each in before.teams] == [50, 30, 20]
    assert [each.active for each in after.teams] == [people(50), people(30), HIDDEN]
    assert [each.cases for each in after.teams] == [1, 1, 1]
    assert (before.total.active, after.total.active) == (people(100), people(140))
    assert company.adoption("Service").total.active == HIDDEN  # or the forty would follow from both digests


def test_one_source_counts_and_none_are_added(company: Company) -> None:
    of = company.use_case("Service")
    company.seen(of, 6, [3] * 9)
    assert company.row("Service").active == people(9)
    company.counts(of, ACTIVE, 12, (0, 2))
    company.counts(of, ACTIVE, 10, (0, 6), team="North")
    company.counts(of, ACTIVE, 7, (0, 6), team="South")  # no count of all: those by team are summed
    company.counts(of, ACTIVE, 99, (0, 6), team="West", superseded=True)
    assert company.row("Service").active == people(17)
    company.used(of, 2, "abcdef")
    company.used(of, 2, "uvwxyzabc", UsageSource.CLAUDE_CODE)
    assert company.row("Service").active == people(9)
    company.answers(of, 0, (20, 15))
    company.answers(of, 4, (20, 16), (None, 18))  # edited: the later revision counts, and says nothing of who could
    assert (company.row("Service").eligible, company.row("Service").active) == (people(20), people(18))
    assert company.row("Service").assigned == people(9)
    assert company.adoption().disputed == 1


def test_what_stands_behind_is_told_source_by_source(company: Company) -> None:
    of, legal = company.use_case("Service"), company.use_case("Legal", confidential=["confidential"])
    company.answers(of, 1, (40, 28))
    company.used(of, 3, "abcdefg")
    company.counts(of, ASSIGNED, 30, (-26, 4))
    company.counts(legal, ACTIVE, 4)

    answered, access, copilot = company.behind("service")

    asked_of = FIRST - timedelta(days=6), FIRST  # on the second day, of the seven before
    assert answered == SourceUse("check_in", answered.definition, *asked_of, people(40), CANNOT, people(28))
    assert (access.source, access.assigned, access.active) == ("csv", people(30), UNSAID)
    assert (access.first_day, access.last_day) == (FIRST - timedelta(days=26), FIRST + timedelta(days=4))
    assert (copilot.source, copilot.eligible, copilot.active) == ("github_copilot", CANNOT, people(7))
    assert [each.active for each in company.behind("Legal")] == [HIDDEN]
    assert len(company.behind()) == 4


def test_the_digest_and_the_view_of_a_use_case_say_the_same_of_the_same_days(company: Company) -> None:
    """Each source tells of all seven days, as it does once they are over; docs/adoption.md says what differs else."""
    of = company.use_case("Service")
    company.answers(of, 1, (40, 28), (44, 29))
    company.used(of, 3, "abcdefg", told=(0, 6))
    company.used(of, 5, "efghi", told=(0, 6))
    company.used(of, 0, "", UsageSource.CLAUDE_CODE, told=(-20, 6))  # told of, and nobody did
    for team, eligible, active in (("North", 20, 6), ("South", 30, 8)):
        company.counts(of, ELIGIBLE, eligible, team=team)
        company.counts(of, ACTIVE, active, team=team)
    company.counts(of, ASSIGNED, 25, team="North")  # the South does not say: nobody knows the sum
    company.counts(of, ACTIVE, 12, source=UsageSource.GITHUB_COPILOT)
    company.seen(of, 6, [0, 1, 2, 3, 4, 6, -1, -30, None, None])

    with company.house.database.reading() as session:
        alone = adoption.uses_of(session, of, FIRST, LAST)
    together = company.behind()

    def alike(said: Iterable[SourceUse]) -> list[tuple[str, ...]]:
        return sorted(
            (
                each.source,
                f"{each.first_day} to {each.last_day}",
                *map(figure_text, (each.eligible, each.assigned, each.active)),
            )
            for each in said
        )

    week = f"{FIRST} to {LAST}"
    cannot = "not measurable from this source"
    assert alike(alone) == [
        ("check_in", f"{FIRST - timedelta(days=6)} to {FIRST}", "44", cannot, "29"),
        ("claude_code", week, cannot, cannot, "hidden"),
        ("csv", week, "50", "not reported", "14"),
        ("github_copilot", week, cannot, cannot, "12"),
        ("github_copilot", week, cannot, cannot, "9"),
        ("microsoft_365_copilot", week, cannot, "10", "6"),
    ]
    # Of one source the digest shows what counts: people by day before what it counts of the same days.
    assert alike(together) == [each for each in alike(alone) if each[:1] + each[-1:] != ("github_copilot", "12")]
    assert company.adoption().unreported == 0


def test_nobody_on_days_that_were_told_of_is_an_answer_and_no_day_told_of_is_none(company: Company) -> None:
    company.used(company.use_case("Service"), 0, "", told=(0, 6))
    company.used(company.use_case("Design"), 0, "", told=(-20, -1))

    found = company.adoption()

    assert [(each.team, each.cases, each.active, each.before) for each in found.teams] == [
        ("Design", 0, UNSAID, HIDDEN),
        ("Service", 1, HIDDEN, UNSAID),
    ]
    assert found.unreported == 1


def test_last_activity_tells_of_a_window_only_while_nobody_used_it_again(company: Company) -> None:
    of = company.use_case("Service")
    company.seen(of, 3, [0, 1, 2, 3, 3, 3, -9, None])
    assert company.row("Service").active == people(6)  # as far as the report goes
    company.seen(of, 8, [8, 8, 2, 3, 3, 3, 5, 6])
    assert company.row("Service").active == people(6)  # two used it later: whether in the window too, nobody can tell
    company.seen(of, 7, [0, 1, 2, 3, 3, 3, 5, 6])
    assert (company.row("Service").active, company.row("Service").assigned) == (people(8), people(8))

    other = company.use_case("Design")
    company.seen(other, 9, [9] * 8)
    assert (company.row("Design").active, company.row("Design").assigned) == (CANNOT, people(8))


def test_a_team_whose_use_cases_are_all_small_may_be_the_same_few_people(company: Company) -> None:
    for active in (3, 4):
        company.answers(company.use_case("Legal"), 0, (None, active))
    for team, active in (("Sales", 30), ("Service", 20)):
        company.answers(company.use_case(team), 0, (None, active))

    assert [each.active for each in company.adoption().teams] == [HIDDEN, people(30), HIDDEN]
    assert company.adoption().total.active == people(57)


def test_a_week_nobody_reported_is_not_nought_and_a_past_one_is_as_known_today(company: Company) -> None:
    of = company.use_case("Service")
    company.answers(of, -6, (40, 22))
    [row] = company.adoption().teams
    assert (row.cases, row.active, row.before, row.change) == (0, UNSAID, people(22), UNSAID)
    assert company.adoption().unreported == 1
    assert company.adoption(weeks_ago=1).total.active == people(22)

    company.answers(of, -13, (40, 10))

    assert company.adoption(weeks_ago=1).total.change == people(12)
    assert company.adoption(weeks_ago=5).teams == ()


def test_who_answers_late_is_counted_on_the_day_they_were_asked_for(house: House) -> None:
    asking = Asking(house)
    asking.put_in(UseCaseState.DEPLOYED)
    asking.go_to("2026-03-03T10:00")
    form = asking.open_form()
    asking.jump_to("2026-03-10T08:00")  # Monday's digest is out
    assert _active_in_march(asking) == UNSAID

    answered = asking.answer("4", view=form, ELIGIBLE="40", ACTIVE="28")

    assert answered.status == 200, answered.body
    assert _active_in_march(asking) == people(28)


def _active_in_march(asking: Asking) -> Figure:
    with asking.house.database.reading() as session:
        now = asking.house.clock.now()
        return adoption.adoption_in(session, date(2026, 3, 2), date(2026, 3, 8), team=None, now=now).total.active

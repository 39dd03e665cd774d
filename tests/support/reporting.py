"""A company's reports as rows: use cases, KPIs, what was read and answered, put straight into the tables."""

import random
from collections import defaultdict
from datetime import UTC, date, datetime, timedelta
from typing import Any

from sqlalchemy import insert

from db.enums import CheckInState, Confidence, Direction, KpiSource, UseCaseState, WorkstreamKind
from db.ids import new_id
from db.session import Database
from db.tables import (
    Baseline,
    CheckIn,
    CheckInAnswer,
    CheckInSchedule,
    FreeText,
    Kpi,
    Objective,
    Person,
    Reading,
    UseCase,
    UseCaseRevision,
    Workstream,
)
from workflows.digests import Window

WINDOW = Window(date(2026, 7, 27), date(2026, 8, 2), "Europe/Berlin")
NOW = datetime(2026, 8, 3, 7, 0, tzinfo=UTC)
LONG_AGO = datetime(2026, 1, 5, 9, 0, tzinfo=UTC)

Row = dict[str, Any]
_ORDER = (
    Person, FreeText, Objective, UseCase, UseCaseRevision, Kpi, Baseline, CheckInSchedule, CheckIn, CheckInAnswer,
    Reading, Workstream,
)  # fmt: skip


def at(day: date, hour: int = 9) -> datetime:
    return datetime(day.year, day.month, day.day, hour, tzinfo=UTC)


class Company:
    """Everything that is known is in `rows`, as it is stored, by table."""

    def __init__(self) -> None:
        self.rows: defaultdict[Any, list[Row]] = defaultdict(list)
        self.people = [self._person(f"U_{name}", name) for name in ("Marek", "Olga", "Pavel")]
        owner = self.people[0]["id"]
        self._objective = self._add(
            Objective, name="Answer sooner", name_key="answer sooner", created_by=owner, created_at=LONG_AGO
        )

    def store(self, database: Database) -> None:
        with database.transaction() as session:
            for table in _ORDER:
                if self.rows[table]:
                    session.connection().execute(insert(table), self.rows[table])

    def _add(self, table: Any, **values: Any) -> Row:
        row = ({} if table in (UseCaseRevision, CheckInAnswer) else {"id": new_id()}) | values
        self.rows[table].append(row)
        return row

    def _person(self, slack_id: str, name: str) -> Row:
        is_who = {"slack_id": slack_id, "team_id": "T1", "name": name, "membership": "member", "rank": "member"}
        return self._add(Person, **is_who, zone="Europe/Berlin", checked_at=LONG_AGO)

    def case(
        self,
        *,
        state: UseCaseState = UseCaseState.DEPLOYED,
        team: str = "Claims",
        confidential: bool = False,
        name: str = "",
    ) -> Row:
        number, who = len(self.rows[UseCase]) + 1, self.people[0]["id"]
        row = self._add(
            UseCase, number=number, state=state, revision=2, version=1, proposer_id=who, confidential=confidential,
            kpis_revision=2, provisional=False, token=new_id(), salt="s", created_at=LONG_AGO,
        )  # fmt: skip
        for revision, of_team in ((1, "Of long ago"), (2, team)):
            self._add(
                UseCaseRevision, use_case_id=row["id"], revision=revision, name=name or f"Case {number}",
                problem="p", team=of_team, owner_id=who, sponsor_id=who, objective_id=self._objective["id"],
                output_use="drafting", outputs="o", benefit="b", differs="", data_class="internal",
                processing="own_cloud", build="in_house", vendor="", model="", decision="person", oversight="",
                submitted_by=who, submitted_at=LONG_AGO,
            )  # fmt: skip
        return row

    def kpi(self, case: Row, *, owner: int = 0, **values: Any) -> Row:
        position = sum(each["use_case_id"] == case["id"] for each in self.rows[Kpi])
        usual = {
            "unit": "hours", "direction": Direction.DOWN, "target": 3.0, "target_high": None, "source": KpiSource.SELF,
            "due": date(2026, 12, 1), "created_at": LONG_AGO, "retired_at": None,
        }  # fmt: skip
        return self._add(
            Kpi, use_case_id=case["id"], name=f"Kpi {position}", name_key=str(position), position=position,
            proposed=None, cadence="weekly", every_weeks=None, owner_id=self.people[owner]["id"], version=1,
            **(usual | values),
        )  # fmt: skip

    def lock(self, kpi: Row, value: float, **values: Any) -> Row:
        number = 1 + sum(each["kpi_id"] == kpi["id"] for each in self.rows[Baseline])
        usual = {"unit": kpi["unit"], "locked_at": LONG_AGO}
        return self._add(
            Baseline, kpi_id=kpi["id"], number=number, value=value, first_day=date(2026, 1, 1), n=10,
            last_day=date(2026, 1, 4), method_id=self.text("Timed by hand.")["id"], locked_by=self.people[0]["id"],
            amends_id=None, reason_id=None, **(usual | values),
        )  # fmt: skip

    def text(self, body: str) -> Row:
        return self._add(FreeText, body=body, salt="s", written_by=None, written_at=LONG_AGO)

    def schedule(self, case: Row, *, owner: int = 0, is_whole: bool = True) -> Row:
        return self._add(
            CheckInSchedule, use_case_id=case["id"], person_id=self.people[owner]["id"], is_whole=is_whole,
            verifier_id=None, zone="Europe/Berlin", minute=600, weekday=2, cadence="weekly", every_weeks=None,
            next_date=date(2026, 8, 11), next_at=at(date(2026, 8, 11)), version=1, began_at=LONG_AGO, ended_at=None,
        )  # fmt: skip

    def check_in(self, schedule: Row, day: date, state: CheckInState = CheckInState.MISSED) -> Row:
        return self._add(
            CheckIn, schedule_id=schedule["id"], use_case_id=schedule["use_case_id"], on_date=day,
            ends_on=day + timedelta(days=7), closes_at=at(day + timedelta(days=7)), state=state,
            asked_id=schedule["person_id"], prompted_at=at(day), due_at=at(day + timedelta(days=1)), act_at=None,
            reminders=0, revision=0,
        )  # fmt: skip

    def answer(self, check_in: Row, *, when: datetime | None = None, wins: str = "", **says: Any) -> Row:
        """Answer a check-in, or once more."""
        check_in["revision"] += 1
        check_in["state"] = CheckInState.ANSWERED
        empty = dict.fromkeys(
            ("confidence", "eligible", "active", "hours_low", "hours_high", "looked_at", "corrected_prompt",
             "corrected_context", "corrected_workflow", "cost", "currency")
        )  # fmt: skip
        texts = {"wins_id": self.text(wins)["id"] if wins else None}
        return self._add(
            CheckInAnswer, check_in_id=check_in["id"], revision=check_in["revision"], is_unchanged=False,
            answered_by=check_in["asked_id"], answered_at=when or at(check_in["on_date"], 10), **texts,
            **(empty | says),
        )  # fmt: skip

    def read(self, kpi: Row, value: float, day: date, **values: Any) -> Row:
        place = len(self.rows[Reading])
        usual = {
            "unit": kpi["unit"], "source": kpi["source"], "check_in_id": None, "entered_by": self.people[0]["id"],
            "entered_at": at(day) + timedelta(seconds=place), "superseded_at": None, "supersedes_id": None,
        }  # fmt: skip
        return self._add(Reading, kpi_id=kpi["id"], value=value, read_for=day, revision=None, **(usual | values))

    def onboard(self, case: Row, to_train: int | None, trained: int, kind: str = "onboarding") -> Row:
        return self._add(
            Workstream, use_case_id=case["id"], kind=WorkstreamKind(kind), owner_id=self.people[0]["id"],
            to_train=to_train, trained=trained, version=1,
        )  # fmt: skip


def by_chance(chance: int) -> Company:
    """Return a company in which anything may be as it can be, always the same for the same number."""
    company, choose = Company(), random.Random(chance)  # noqa: S311 - the same company again, not a secret
    for _ in range(30):
        _case_by_chance(company, choose)
    return company


TEAMS = ("Claims", " claims ", "CLAIMS", "Österreich", "ÖSTERREICH", "Legal")


def _case_by_chance(company: Company, choose: random.Random) -> None:
    states = (*UseCaseState, *[UseCaseState.DEPLOYED, UseCaseState.IN_DEPLOYMENT, UseCaseState.OPTIMISING] * 8)
    state = choose.choice(states)
    case = company.case(state=state, team=choose.choice(TEAMS), confidential=choose.random() < 0.25)
    kpis = [_kpi_by_chance(company, case, choose) for _ in range(choose.randrange(4))]
    if choose.random() < 0.7:
        company.onboard(case, choose.choice((None, 8, 20)), choose.randrange(8))
        company.onboard(case, 99, 99, "technical_integration")
    for owner in range(choose.randrange(1, 3)):
        schedule = company.schedule(case, owner=owner, is_whole=owner == 0)
        for day in sorted(choose.sample(range(-16, 9), 6)):
            check_in = company.check_in(
                schedule,
                WINDOW.first + timedelta(days=day),
                choose.choice((*CheckInState, *[CheckInState.ANSWERED] * 7)),
            )
            if check_in["state"] is CheckInState.ANSWERED:
                _answers_by_chance(company, check_in, kpis, choose)
    for kpi in kpis:
        for _ in range(choose.randrange(7)):
            _reading_by_chance(company, kpi, choose)


def _kpi_by_chance(company: Company, case: Row, choose: random.Random) -> Row:
    direction, target = choose.choice(list(Direction)), choose.choice((3.0, 5.0))
    kpi = company.kpi(
        case,
        owner=choose.randrange(3),
        unit=choose.choice(("hours", "EUR", "EUR", " eur", "€", "$", "EUR per week")),
        direction=direction,
        target=target,
        target_high=target + 2 if direction is Direction.BAND else None,
        source=choose.choice((KpiSource.SELF, KpiSource.SELF, KpiSource.SYSTEM)),
        due=WINDOW.first + timedelta(days=choose.randrange(-10, 20)),
        created_at=choose.choice((LONG_AGO, LONG_AGO, WINDOW.begins_at + timedelta(days=1), WINDOW.ends_at)),
        retired_at=choose.choice((None, None, None, WINDOW.begins_at, WINDOW.ends_at, LONG_AGO)),
    )
    for _ in range(choose.choice((0, 1, 1, 2))):
        company.lock(kpi, choose.choice((1.0, 6.0)), unit=choose.choice((kpi["unit"], kpi["unit"], "days")))
    return kpi


def _answers_by_chance(company: Company, check_in: Row, kpis: list[Row], choose: random.Random) -> None:
    for _ in range(choose.choice((1, 1, 2))):
        looked, low = choose.choice((None, 0, 10, 40)), choose.choice((None, 0.0, 2.0, 3.5))
        parts = [choose.choice((None, 0, 1, 3)) if looked else None for _ in range(3)]
        cost = choose.choice((None, 0.0, 2.0, 3.0))
        company.answer(
            check_in,
            when=at(check_in["on_date"])
            + timedelta(hours=choose.randrange(1, 400), seconds=len(company.rows[Reading])),
            wins=choose.choice(("", "", "  It  went\n well. ", " ")),
            confidence=choose.choice((None, *Confidence)),
            hours_low=low,
            hours_high=None if low is None else low * 2,
            looked_at=looked,
            corrected_prompt=parts[0],
            corrected_context=parts[1],
            corrected_workflow=parts[2],
            cost=cost,
            currency=None if cost is None else choose.choice(("EUR", "EUR", "USD")),
        )
    for kpi in kpis:
        if choose.random() < 0.6:
            company.read(kpi, choose.choice((1.0, 3.0, 4.0, 8.0)), check_in["on_date"], check_in_id=check_in["id"])


def _reading_by_chance(company: Company, kpi: Row, choose: random.Random) -> None:
    day = WINDOW.first + timedelta(days=choose.randrange(-40, 10))
    company.read(
        kpi,
        choose.choice((1.0, 3.0, 4.0, 5.0, 6.0, 7.0, 8.0)),
        day,
        unit=choose.choice((kpi["unit"], kpi["unit"], kpi["unit"], "days")),
        source=choose.choice((kpi["source"], kpi["source"], KpiSource.SURVEY)),
        superseded_at=choose.choice((None, None, None, at(day, 20))),
    )

"""A large organisation's weeks: use cases with KPIs, what was read of them each week, and what people answered."""

import random
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Engine, select

from benchmarks import around
from benchmarks.seeding import NOW
from benchmarks.writing import Row, writer
from db.enums import CheckInState, Confidence, KpiSource, UseCaseState, WorkstreamKind
from db.ids import new_id
from db.tables import (
    Baseline,
    CheckIn,
    CheckInAnswer,
    CheckInSchedule,
    FreeText,
    Kpi,
    Person,
    Reading,
    UseCase,
    UseCaseRevision,
    Workstream,
)
from workflows.digests import Window, last_complete_week

ZONE = "Europe/Berlin"
WINDOW: Window = last_complete_week(NOW, ZONE)
KPIS = (("hours", "down", KpiSource.SELF), ("%", "up", KpiSource.SELF), ("EUR", "up", KpiSource.SYSTEM))

_STATES = (*[UseCaseState.DEPLOYED] * 6, UseCaseState.OPTIMISING, UseCaseState.SCALING, UseCaseState.IN_DEPLOYMENT)
_BECAME = (*[CheckInState.ANSWERED] * 17, CheckInState.MISSED, CheckInState.AWAY, CheckInState.SKIPPED)


@dataclass(frozen=True, slots=True)
class Size:
    """How many use cases, over how many weeks their three KPIs were read, and in how many of these people answered."""

    cases: int
    weeks: int
    asked: int

    @property
    def readings(self) -> int:
        return self.cases * len(KPIS) * self.weeks


def fill(engine: Engine, size: Size) -> None:
    """Add an organisation of this size to a database in which one use case was proposed; always the same figures."""
    choose = random.Random(1)  # noqa: S311 - the same figures again, not secrets
    first = _Patterns.of(engine)
    put = writer(engine)
    people = [first.person | {"id": new_id(), "slack_id": f"U_WEEK{each}"} for each in range(max(1, size.cases // 10))]
    put(Person, people)
    cases = [_case(first, place, choose) for place in range(size.cases)]
    put(UseCase, (case for case, _ in cases))
    put(UseCaseRevision, (text for _, text in cases))
    owners = [people[place % len(people)]["id"] for place in range(size.cases)]
    kpis = [
        _kpi(case["id"], owner, place) for (case, _), owner in zip(cases, owners, strict=True) for place in range(3)
    ]
    put(Kpi, kpis)
    said = new_id()
    put(FreeText, [{"id": said, "body": "Timed by hand.", "salt": "s", "written_by": None, "written_at": NOW}])
    put(Baseline, (_baseline(kpi, said, owners[0]) for place, kpi in enumerate(kpis) if place // 3 % 5 < 3))
    put(Workstream, (_onboarding(case, owners[0], choose) for case, _ in cases))
    around.fill(engine, put, cases, [each["id"] for each in people], WINDOW)
    schedules = [_schedule(case["id"], owner) for (case, _), owner in zip(cases, owners, strict=True)]
    put(CheckInSchedule, schedules)
    for week in range(size.weeks - 1, -1, -1):  # the oldest first, as it went
        day = WINDOW.first + timedelta(days=1) - timedelta(weeks=week)
        runs = [_run(schedule, day, choose) for schedule in schedules] if week < size.asked else []
        put(CheckIn, runs)
        wins = [_win(day) for run in runs if run["revision"] and choose.random() < 0.1]
        put(FreeText, wins)
        put(CheckInAnswer, _answers(runs, day, iter(wins), choose))
        put(Reading, _readings(kpis, runs, day, choose))


@dataclass(frozen=True, slots=True)
class _Patterns:
    """Rows the product's own services stored, to make others like them."""

    person: Row
    case: Row
    text: Row

    @classmethod
    def of(cls, engine: Engine) -> "_Patterns":
        with engine.connect() as connection:

            def first(table: Any) -> Row:
                found = connection.execute(select(table.__table__).limit(1)).one()
                return dict(found._mapping)  # noqa: SLF001 - SQLAlchemy's public name

            return cls(first(Person), first(UseCase), first(UseCaseRevision))


def _case(first: _Patterns, place: int, choose: random.Random) -> tuple[Row, Row]:
    key = new_id()
    own = {"id": key, "number": 1_000_000 + place, "token": new_id(), "confidential": choose.random() < 0.02}
    case = first.case | own | {"state": choose.choice(_STATES)}
    return case, first.text | {"use_case_id": key, "name": f"Use case {place}", "team": f"Team {place % 50}"}


def _kpi(case_id: UUID, owner: UUID, place: int) -> Row:
    unit, direction, source = KPIS[place]
    return {
        "id": new_id(),
        "use_case_id": case_id,
        "name": f"In {unit}",
        "name_key": f"{place}",
        "position": place,
        "unit": unit,
        "direction": direction,
        "target": 30 if direction == "down" else 70,
        "target_high": None,
        "due": WINDOW.last + timedelta(days=90 * (place - 1) + 10),
        "proposed": None,
        "cadence": "weekly",
        "every_weeks": None,
        "source": source,
        "owner_id": owner,
        "created_at": NOW - timedelta(days=400),
        "retired_at": None,
        "version": 1,
    }


def _baseline(kpi: Row, method: UUID, by: UUID) -> Row:
    row = {"id": new_id(), "kpi_id": kpi["id"], "number": 1, "value": 50.0, "unit": kpi["unit"], "n": 20}
    days = {"first_day": WINDOW.first - timedelta(days=359), "last_day": WINDOW.first - timedelta(days=350)}
    locked = {"method_id": method, "locked_by": by, "locked_at": NOW - timedelta(days=340)}
    return row | days | locked | {"amends_id": None, "reason_id": None}


def _onboarding(case: Row, by: UUID, choose: random.Random) -> Row:
    row = {"id": new_id(), "use_case_id": case["id"], "kind": WorkstreamKind.ONBOARDING, "owner_id": by, "version": 1}
    to_train = choose.choice((None, 10, 20))
    return row | {"to_train": to_train, "trained": 5, "due_on": None, "completed_at": None, "completed_by": None}


def _schedule(case_id: UUID, owner: UUID) -> Row:
    return {
        "id": new_id(),
        "use_case_id": case_id,
        "person_id": owner,
        "is_whole": True,
        "verifier_id": None,
        "zone": ZONE,
        "minute": 600,
        "weekday": 2,
        "cadence": "weekly",
        "every_weeks": None,
        "next_date": WINDOW.last + timedelta(days=2),
        "next_at": NOW + timedelta(days=1),
        "version": 1,
        "began_at": NOW - timedelta(days=380),
        "ended_at": None,
    }


def _run(schedule: Row, day: date, choose: random.Random) -> Row:
    state = choose.choice(_BECAME)
    is_answered = state is CheckInState.ANSWERED
    at = _at(day)
    return {
        "id": new_id(),
        "schedule_id": schedule["id"],
        "use_case_id": schedule["use_case_id"],
        "on_date": day,
        "ends_on": day + timedelta(days=7),
        "closes_at": at + timedelta(days=7),
        "state": state,
        "asked_id": schedule["person_id"],
        "prompted_at": at,
        "due_at": at + timedelta(days=1),
        "act_at": None,
        "counts_from": at,
        "reminders": 0,
        "sponsor_told_at": None,
        "snoozed_until": None,
        "answered_at": at if is_answered else None,
        "answered_by": schedule["person_id"] if is_answered else None,
        "revision": 1 if is_answered else 0,
        "skipped_by": None,
        "reason_id": None,
    }


def _win(day: date) -> Row:
    return {"id": new_id(), "body": "It went well.", "salt": "s", "written_by": None, "written_at": _at(day)}


def _answers(runs: Iterable[Row], day: date, wins: Iterator[Row], choose: random.Random) -> Iterator[Row]:
    for run in runs:
        if not run["revision"]:
            continue
        looked, low = choose.choice((None, 20, 40)), choose.choice((None, 2.0, 3.0))
        cost = choose.choice((None, None, 10.0))
        win = next(wins, None) if choose.random() < 0.1 else None
        empty = ("why_id", "help_id", "hours_method_id", "blockers_id", "evidence_link")
        eligible = choose.choice((None, 10, 40))
        yield dict.fromkeys(empty) | {
            "check_in_id": run["id"],
            "revision": 1,
            "answered_by": run["asked_id"],
            "answered_at": _at(day),
            "is_unchanged": False,
            "confidence": choose.choice((*[Confidence.ON_TRACK] * 8, Confidence.AT_RISK, Confidence.OFF_TRACK)),
            "eligible": eligible,
            "active": eligible and choose.randint(1, eligible),
            "hours_low": low,
            "hours_high": low and low * 2,
            "looked_at": looked,
            "corrected_prompt": looked and 1,
            "corrected_context": looked and 2,
            "corrected_workflow": looked and 0,
            "cost": cost,
            "currency": cost and "EUR",
            "wins_id": win and win["id"],
        }


def _readings(kpis: Sequence[Row], runs: Sequence[Row], day: date, choose: random.Random) -> Iterator[Row]:
    """Yield a reading of each KPI for a day; of a check-in nobody answered only what systems read."""
    for place, kpi in enumerate(kpis):
        run = runs[place // len(KPIS)] if runs else None
        if run is not None and not run["revision"] and kpi["source"] is KpiSource.SELF:
            continue
        yield {
            "id": new_id(),
            "kpi_id": kpi["id"],
            "value": choose.randint(200, 900) / 10,
            "unit": kpi["unit"],
            "read_for": day,
            "source": kpi["source"],
            "check_in_id": run["id"] if run and run["revision"] else None,
            "revision": None,
            "entered_by": None,
            "entered_at": _at(day),
            "supersedes_id": None,
            "superseded_at": None,
        }


def _at(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 10, tzinfo=NOW.tzinfo)

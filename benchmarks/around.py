"""What stands around the weeks of a large organisation: requests, stages of life, and what sources say of use."""

import random
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Engine, select

from benchmarks.seeding import NOW
from benchmarks.writing import Row
from db.enums import LaneStatus, RequestStatus, StageStatus, UsageMeasure, UsageSource, UsageTells, UseCaseState
from db.ids import new_id
from db.tables import (
    ApprovalLane,
    ApprovalRequest,
    ApprovalSeat,
    ApprovalStage,
    UsageCount,
    UsageDay,
    UsageImport,
    UsageSeen,
    UseCaseStage,
)
from workflows.digests import Window

IN_REVIEW = 0.1
"""The share of use cases of which another change waits for somebody."""

_LATER = (UseCaseState.IN_DEPLOYMENT, UseCaseState.DEPLOYED, UseCaseState.OPTIMISING, UseCaseState.SCALING)

Put = Callable[[Any, Iterable[Row]], None]


def fill(engine: Engine, put: Put, cases: Sequence[tuple[Row, Row]], people: Sequence[UUID], window: Window) -> None:
    """Add a decided request and a life to each of these use cases; some wait for a decision, some have sources."""
    choose = random.Random(2)  # noqa: S311 - the same figures again, not secrets
    _requests(engine, put, [case for case, _ in cases], people, choose)
    put(UseCaseStage, (stage for case, _ in cases for stage in _stages(case, choose)))
    imports = {case["id"]: _import(case["id"], window) for case, _ in cases}
    put(UsageImport, imports.values())
    listed = list(imports.items())
    put(UsageCount, (row for key, brought in listed[::5] for row in _counts(key, brought["id"], window, choose)))
    put(UsageDay, (row for key, brought in listed[1::20] for row in _days(key, brought["id"], window, choose)))
    put(UsageSeen, (row for key, brought in listed[2::40] for row in _seen(key, brought["id"], window, choose)))


def _requests(engine: Engine, put: Put, cases: Sequence[Row], people: Sequence[UUID], choose: random.Random) -> None:
    with engine.connect() as connection:
        request, stage, lane, seat = (
            dict(connection.execute(select(table.__table__).limit(1)).one()._mapping)  # type: ignore[attr-defined]  # noqa: SLF001 - SQLAlchemy's public name
            for table in (ApprovalRequest, ApprovalStage, ApprovalLane, ApprovalSeat)
        )
    requests: list[Row] = []
    stages: list[Row] = []
    lanes: list[Row] = []
    seats: list[Row] = []
    for place, case in enumerate(cases):
        who = {"subject_id": case["id"], "requester_id": people[place % len(people)]}
        settled = NOW - timedelta(minutes=choose.randint(1, 380 * 24 * 60))
        times = {"opened_at": settled - timedelta(hours=choose.expovariate(1 / 100)), "settled_at": settled}
        requests.append(request | who | times | {"id": new_id(), "status": RequestStatus.APPROVED, "amends_id": None})
        if choose.random() < IN_REVIEW:
            key, at = new_id(), NOW - timedelta(hours=choose.randint(1, 300))
            change = {"id": key, "revision": 2, "amends_id": requests[-1]["id"], "opened_at": at}
            requests.append(request | who | change | {"status": RequestStatus.IN_REVIEW, "settled_at": None})
            stages.append(stage | {"id": new_id(), "request_id": key, "status": StageStatus.OPEN, "opened_at": at})
            lanes.append(lane | {"id": new_id(), "request_id": key, "stage_id": stages[-1]["id"]})
            lanes[-1] |= {"status": LaneStatus.OPEN, "timeouts": int(choose.random() < 0.3)}
            seats.append(seat | {"id": new_id(), "request_id": key, "lane_id": lanes[-1]["id"], "asked_at": at})
    for table, rows in (
        (ApprovalRequest, requests),
        (ApprovalStage, stages),
        (ApprovalLane, lanes),
        (ApprovalSeat, seats),
    ):
        put(table, rows)


def _stages(case: Row, choose: random.Random) -> Iterator[Row]:
    at = NOW - timedelta(days=choose.randint(1, 375))
    for state in _LATER[: _LATER.index(case["state"]) + 1]:
        yield {"id": new_id(), "use_case_id": case["id"], "state": state, "entered_at": at, "entered_by": None}
        at = min(NOW, at + timedelta(days=choose.randint(1, 60)))


def _import(use_case_id: UUID, window: Window) -> Row:
    row = {"id": new_id(), "use_case_id": use_case_id, "source": UsageSource.CSV, "tells": UsageTells.COUNTS}
    days = {"first_day": window.before.first, "last_day": window.last, "file_digest": "0" * 64}
    return row | days | {"imported_by": None, "imported_at": NOW}


def _counts(key: UUID, brought: UUID, window: Window, choose: random.Random) -> Iterator[Row]:
    for week in range(8):
        first = window.first - timedelta(weeks=week)
        for measure in (UsageMeasure.ELIGIBLE, UsageMeasure.ACTIVE):
            yield {
                "id": new_id(),
                "import_id": brought,
                "use_case_id": key,
                "source": UsageSource.CSV,
                "measure": measure,
                "definition": "as counted",
                "first_day": first,
                "last_day": first + timedelta(days=6),
                "team": "",
                "value": choose.randint(5, 40) + (40 if measure is UsageMeasure.ELIGIBLE else 0),
                "superseded_at": None,
            }


def _days(key: UUID, brought: UUID, window: Window, choose: random.Random) -> Iterator[Row]:
    row = {"use_case_id": key, "source": UsageSource.GITHUB_COPILOT, "import_id": brought, "interactions": 3}
    for person in range(20):
        for day in range(28):
            if choose.random() < 0.5:
                yield row | {"person_key": f"{person:064x}", "day": window.last - timedelta(days=day)}


def _seen(key: UUID, brought: UUID, window: Window, choose: random.Random) -> Iterator[Row]:
    row = {"use_case_id": key, "source": UsageSource.MICROSOFT_365_COPILOT, "import_id": brought}
    for person in range(50):
        for reported in (window.last, window.before.last):
            told: dict[str, UUID | date | str] = {"person_key": f"{person:064x}", "reported_on": reported}
            yield row | told | {"last_active": reported - timedelta(days=choose.randint(0, 40))}

"""Many rows at once: requests and use cases made from ones that the product's own services stored."""

import random
import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, insert, select

from benchmarks.seeding import NOW
from db.engine import make_engine
from db.enums import LaneStatus, RequestStatus, StageStatus, Verb
from db.ids import new_id
from db.tables import (
    ApprovalLane,
    ApprovalRequest,
    ApprovalSeat,
    ApprovalStage,
    ApprovalVote,
    Person,
    UseCase,
    UseCaseRevision,
)

DECIDED = NOW - timedelta(days=1)
"""When what is long approved was: not among what somebody approved in the last minutes."""

_WORDS = re.findall(
    r"\w+",
    """
    account address advice agent alert amount answer appeal applicant approval archive audit balance batch
    benefit bill booking branch budget call campaign card case catalogue claim clause client code comment
    complaint contact contract cost credit customer damage deadline debt delay delivery demand deposit device
    discount dispute draft driver duplicate energy enquiry error estimate event evidence expense export
    factory fault fee feedback field file filing finding fleet flow forecast form fraud freight garage goods
    grant guide handler help hiring hotel hour image import incident index insight inspection interview
    invoice item journey label language ledger letter licence limit line loan location loss machine mail
    maintenance manual market match material measure meeting member message meter minute mortgage network note
    notice number offer office operator option order outage overview page paper parcel parking part partner
    patient pattern payment payroll pension permit phone photo picture plan plant policy portfolio post
    premium price print process product profile project promise proof proposal quality question queue quote
    rate reading reason receipt record referral refund region release renewal repair reply report request
    research reserve result return review risk road route rule safety salary sample schedule score search
    season sensor service shift shop signal site skill software source staff stage standard statement station
    stock store story summary supplier survey table target tariff tax team template tenant test ticket
    timetable tone topic tour trade train transcript transfer translation travel trend trial trip usage
    vehicle vendor video visit voice volume vote warehouse warranty waste water weather website worker write
    yard year zone
    """,
)


def add_requests(file: Path, *, pending: int, settled: int) -> None:
    """Add requests like the first one of a SQLite database: some that wait as it does, some long approved."""
    engine = make_engine(f"sqlite:///{file}", journal="TRUNCATE")
    with engine.begin() as connection:
        _insert_requests(connection, [False] * pending + [True] * settled)
    engine.dispose()


def add_decided(file: Path, number: int, *, proposers: int) -> None:
    """Add requests that people approved within half a year, each after some days, by this many people in turn."""
    engine = make_engine(f"sqlite:///{file}", journal="TRUNCATE")
    choose = random.Random(1)  # noqa: S311 - the same figures again, not secrets
    with engine.begin() as connection:
        request, person = _first(connection, ApprovalRequest), _first(connection, Person)
        zones = ("Europe/Berlin", "America/New_York", "Asia/Tokyo", "Europe/London")
        people = [
            person | {"id": new_id(), "slack_id": f"U_MANY{each}", "zone": zones[each % len(zones)]}
            for each in range(proposers)
        ]
        connection.execute(insert(Person), people)
        rows = []
        for place in range(number):
            settled = NOW - timedelta(minutes=choose.randint(1, 180 * 24 * 60))
            of_request = {"id": new_id(), "subject_id": new_id(), "requester_id": people[place % proposers]["id"]}
            times = {"opened_at": settled - timedelta(hours=choose.expovariate(1 / 100)), "settled_at": settled}
            rows.append(request | of_request | times | {"status": RequestStatus.APPROVED, "version": 2})
        connection.execute(insert(ApprovalRequest), rows)
    engine.dispose()


def _insert_requests(connection: Connection, are_settled: list[bool]) -> None:
    request, stage = _first(connection, ApprovalRequest), _first(connection, ApprovalStage)
    lane, seat = _first(connection, ApprovalLane), _first(connection, ApprovalSeat)
    rows: dict[Any, list[dict[str, Any]]] = {
        table: [] for table in (ApprovalRequest, ApprovalStage, ApprovalLane, ApprovalSeat, ApprovalVote)
    }
    for is_settled in are_settled:
        key = {"request_id": new_id(), "lane_id": new_id(), "person_id": seat["person_id"]}
        of_request = {"id": key["request_id"], "subject_id": new_id()}
        of_stage = {"id": new_id(), "request_id": key["request_id"]}
        of_lane = {"id": key["lane_id"], "request_id": key["request_id"], "stage_id": of_stage["id"]}
        of_seat: dict[str, Any] = {"id": new_id(), **key}
        if is_settled:
            of_request |= {"status": RequestStatus.APPROVED, "settled_at": DECIDED, "version": 2}
            of_stage |= {"status": StageStatus.APPROVED}
            of_lane |= {"status": LaneStatus.APPROVED, "settled_at": DECIDED}
            of_seat |= {"remind_at": None}
            vote = {"id": new_id(), "cast_by": seat["person_id"], "verb": Verb.APPROVE, "reason_id": None}
            rows[ApprovalVote].append(key | vote | {"content_digest": lane["content_digest"], "cast_at": DECIDED})
        rows[ApprovalRequest].append(request | of_request)
        rows[ApprovalStage].append(stage | of_stage)
        rows[ApprovalLane].append(lane | of_lane)
        rows[ApprovalSeat].append(seat | of_seat)
    for table, some in rows.items():
        connection.execute(insert(table), some)


def add_use_cases(file: Path, number: int) -> None:
    """Add use cases with names and problems of random words, always the same ones."""
    engine = make_engine(f"sqlite:///{file}", journal="TRUNCATE")
    with engine.begin() as connection:
        case, text = _first(connection, UseCase), _first(connection, UseCaseRevision)
        cases, texts = [], []
        for place, (name, problem) in zip(range(number), _texts(), strict=False):
            key = new_id()
            cases.append(case | {"id": key, "number": 1_000_000 + place, "token": new_id()})
            texts.append(text | {"use_case_id": key, "name": name, "problem": problem})
        connection.execute(insert(UseCase), cases)
        connection.execute(insert(UseCaseRevision), texts)
    engine.dispose()


def _texts() -> Iterator[tuple[str, str]]:
    choose = random.Random(1)  # noqa: S311 - the same texts again, not secrets
    while True:
        name = " ".join(choose.choices(_WORDS, k=choose.randint(3, 8)))
        yield name.capitalize(), " ".join(choose.choices(_WORDS, k=choose.randint(20, 80)))


def _first(connection: Connection, table: Any) -> dict[str, Any]:
    return dict(connection.execute(select(table.__table__).limit(1)).one()._mapping)  # noqa: SLF001 - SQLAlchemy's public name

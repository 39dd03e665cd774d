"""What use cases prove is read of those alone that may prove it, and comes to what all readings say."""

import random
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import insert

from db.enums import Criterion, KpiSource, UseCaseState, Verdict
from db.ids import new_id
from db.queries import gate_proofs
from db.session import Database, Session
from db.tables import Reading, UseCase, UseCaseStage, Verification
from tests.support.reporting import LONG_AGO, Company
from workflows import checkins, people, policy, programme
from workflows.checkins.measurement import measurement
from workflows.checkins.witnessing import witnessed_of
from workflows.people.worktime import resolved
from workflows.programme import proving

Told = dict[Criterion, dict[UUID, datetime]]
FIRST, MEASURED, IMPROVED = Criterion.FIRST_VALUE, Criterion.MEASURED, Criterion.IMPROVED


def by_chance(chance: int) -> tuple[Company, list[dict[str, Any]], list[dict[str, Any]]]:
    """Return a company with the stages of its use cases and the verdicts on its readings."""
    company, choose = Company(), random.Random(chance)  # noqa: S311 - the same company again, not a secret
    for _ in range(60):
        case = company.case(confidential=choose.random() < 0.2)
        for _ in range(choose.choice((0, 1, 1, 2))):
            kpi = company.kpi(
                case,
                owner=choose.randrange(3),
                source=choose.choice(list(KpiSource)),
                retired_at=choose.choice((None, None, None, LONG_AGO)),
            )
            for _ in range(choose.choice((0, 1, 1, 1, 2))):
                company.lock(kpi, choose.choice((1.0, 6.0)), unit=choose.choice(("hours", "hours", "hours", "days")))
            for week in range(choose.choice((2, 9, 12))):
                company.read(
                    kpi,
                    choose.choice((1.0, 2.0, 3.0, 4.0)),
                    LONG_AGO.date() + timedelta(days=7 * week + choose.randrange(-1, 2)),
                    unit=choose.choice((*["hours"] * 9, "days")),
                    superseded_at=choose.choice((*[None] * 9, LONG_AGO)),
                )
    verdicts = [
        {"id": new_id(), "reading_id": row["id"], "person_id": who["id"], "said_at": row["entered_at"]}
        | {"verdict": choose.choice((Verdict.CONFIRMED, Verdict.CONFIRMED, Verdict.DOUBTED)), "reason_id": None}
        for row in company.rows[Reading]
        for who in company.people[1:]
        if choose.random() < 0.3
    ]
    stages = [
        {"id": new_id(), "use_case_id": case["id"], "state": UseCaseState.IN_DEPLOYMENT}
        | {"entered_at": LONG_AGO + timedelta(hours=choose.randrange(9000)), "entered_by": None}
        for case in company.rows[UseCase]
        if choose.random() < 0.8
    ]
    return company, stages, verdicts


def from_all_readings(session: Session, case_ids: Sequence[UUID], *, weeks: int, share: int) -> Told:
    """Return when each criterion is met by each use case, from every reading of every KPI, one by one."""
    found: Told = {FIRST: {}, MEASURED: {}, IMPROVED: {}}
    for key, every in checkins.kpis_of(session, case_ids).items():
        kpis = [kpi for kpi in every if kpi.in_use]
        found[FIRST] |= programme.hit_since(session, {key: kpis})
        readings = witnessed_of(session, [kpi.id for kpi in kpis])
        measured = [
            (kpi, measurement(
                kpi.says, kpi.rhythm, locked_on=people.local_day(kpi.owner, kpi.baselines[0].locked_at),
                baseline=kpi.baseline.value, weeks=weeks, share=share,
                readings=[(each.read_for, each.value) for each in readings.get(kpi.id, ()) if each.unit == kpi.unit],
            ))
            for kpi in kpis
            if kpi.baseline is not None and kpi.baseline.unit == kpi.unit
        ]  # fmt: skip
        if kpis and len(measured) == len(kpis) and all(each.has_enough for _, each in measured):
            found[MEASURED][key] = max(resolved(kpi.owner.zone, each.ends, 0) for kpi, each in measured)
            if any(each.improved for _, each in measured):
                found[IMPROVED][key] = found[MEASURED][key]
    return found


@pytest.mark.parametrize("chance", range(3))
def test_what_use_cases_prove_is_what_every_reading_of_them_says(
    database: Database, chance: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(gate_proofs, "AT_ONCE", 7)  # several times, of sixty
    company, stages, verdicts = by_chance(chance)
    company.store(database)
    with database.transaction() as session:
        policy.apply_default_if_none(session, now=LONG_AGO)
        session.connection().execute(insert(UseCaseStage), stages)
        session.connection().execute(insert(Verification), verdicts)
    with database.reading() as session:
        rules = policy.in_force(session).policy.programme
        first_at = {row["use_case_id"]: row["entered_at"] for row in stages}
        told = proving.proofs_of_use_cases(session, proving.OF_USE_CASES)
        wanted = from_all_readings(session, list(first_at), weeks=rules.measurement_weeks, share=rules.readings_share)
        numbers = {row["id"]: f"UC-{row['number']}" for row in company.rows[UseCase]}
        assert all(wanted.values())  # there is something to see
        for criterion, moments in wanted.items():
            expected = {numbers[key]: max(first_at[key], at) for key, at in moments.items()}
            assert {each.reference: each.since for each in told[criterion]} == expected

        in_order = sorted(each.since for each in told[MEASURED])
        for now in (LONG_AGO, in_order[0], in_order[-1]):
            short = proving.proofs_of_use_cases(session, proving.OF_USE_CASES, counting_at=now)
            for criterion in proving.OF_USE_CASES:
                counts = [any(each.counts_at(now) for each in found.get(criterion, ())) for found in (short, told)]
                assert counts[0] == counts[1]

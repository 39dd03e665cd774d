"""What use cases' people reported in a week.

Sums are the database's: how large an organisation is does not show in what is read here (decision 0037).
"""

from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import datetime

from db.enums import RootCause
from db.queries import digest_answers as answers
from db.queries import digest_asked as asked
from db.queries import digest_behind
from db.queries import digest_numbers as stored
from db.queries.digest_answers import Claimed
from db.queries.digest_numbers import Case, Days, Stands
from db.session import Session
from workflows import checkins, intake
from workflows.adoption import FEWEST
from workflows.digests import number_rules as rules
from workflows.digests.number_rules import Said
from workflows.digests.snapshots import (
    Answers,
    KpiLine,
    Kpis,
    KpiStanding,
    Named,
    NoAnswer,
    Numbers,
    Return,
    Span,
    Training,
    Value,
    Win,
)
from workflows.digests.standing_scope import spellings
from workflows.digests.windows import Window


def numbers_in(session: Session, window: Window, *, team: str | None, now: datetime) -> Numbers:
    """Return what was reported in a window, as it is known now; of one `team` only where one is named.

    Confidential use cases count in every number and are never named.
    """
    days, teams = days_of(window), spellings(session, team)
    claims = answers.claims(session, days, teams)
    return Numbers(
        kpis=_kpis(session, days, teams),
        corrections=rules.corrections(_said(claims, is_now=True), _said(claims, is_now=False)),
        value=_value(session, days, teams, claims),
        wins=tuple(
            Win(named(case), rules.one_line(says))
            for case, says in asked.wins(session, days, teams, limit=rules.MOST_WINS)
        ),
        answers=_answers(session, days, teams, now=now),
        training=_training(*asked.trained(session, teams)),
    )


def days_of(window: Window) -> Days:
    """Return a window as questions to the database name it."""
    return Days(window.first, window.last, window.before.first, window.ends_at, window.begins_at)


def named(case: Case) -> Named:
    return Named(case.id, intake.reference_of(case.number), case.name, case.team)


def _training(to_train: int, trained: int, unknown: int) -> Training:
    """Return it with groups of fewer than five hidden; nought people to train are nobody's."""
    if 0 < to_train < FEWEST:
        return Training(None, None, unknown)
    return Training(to_train, trained if trained >= FEWEST or not to_train else None, unknown)


def _kpis(session: Session, days: Days, teams: Collection[str] | None) -> Kpis:
    states = checkins.states_asked(session)
    stood, worst = stored.standings(session, days, states, teams, worst=rules.MOST_LINES)
    now, before = dict.fromkeys(KpiStanding, 0), dict.fromkeys(KpiStanding, 0)
    for each in stood:
        if each.now is not None:
            now[_standing(each.now)] += each.kpis
        if each.before is not None:
            before[_standing(each.before)] += each.kpis
    read = digest_behind.lines(session, days, [kpi_id for kpi_id, _ in worst])
    lines = tuple(_line(read[kpi_id], _standing(stands)) for kpi_id, stands in worst)
    return Kpis(_counted(now), _counted(before), lines)


def _standing(stands: Stands) -> KpiStanding:
    return KpiStanding[stands.name]


def _counted(standings: dict[KpiStanding, int]) -> dict[KpiStanding, int]:
    return {standing: count for standing, count in standings.items() if count}


def _line(line: digest_behind.Line, standing: KpiStanding) -> KpiLine:
    kpi = line.kpi
    return KpiLine(
        kpi_id=kpi.id,
        of=named(line.case),
        name=kpi.name,
        unit=kpi.unit,
        direction=kpi.direction,
        target=kpi.target,
        target_high=kpi.target_high,
        baseline=line.baseline,
        value=line.value,
        read_on=line.read_on,
        before=line.before,
        due=kpi.due,
        standing=standing,
    )


def _said(claims: Sequence[Claimed], *, is_now: bool) -> list[Said]:
    return [_of(each) for each in claims if each.is_now is is_now]


def _of(row: Claimed) -> Said:
    return Said(
        hours=Span(row.low, row.high) if row.claims else None,
        claims=row.claims,
        net=Span(row.net_low, row.net_high) if row.known else None,
        known=row.known,
        looked_at=row.looked_at,
        corrected=by_cause(row),
        unknown=row.unknown,
    )


def by_cause(row: Claimed | answers.Told) -> dict[RootCause, int]:
    """Return how many outputs each cause corrected; one nobody said anything of is missing."""
    said = zip(RootCause, (row.by_prompt, row.by_context, row.by_workflow), strict=True)
    return {cause: count for cause, count in said if count is not None}


def _value(session: Session, days: Days, teams: Collection[str] | None, claims: Sequence[Claimed]) -> Value:
    by = {(each.is_now, each.has_baseline): _of(each) for each in claims}
    proven, before, unproven = (by.get(key, Said()) for key in ((True, True), (False, True), (True, False)))
    found = answers.returns(session, days, teams, rules.SIGNS, limit=rules.MOST_RETURNS)
    return replace(
        rules.value(proven, before, unproven),
        costs=answers.costs(session, days, teams),
        returns=tuple(Return(named(each.case), each.currency, each.value, each.cost) for each in found),
        returns_in_all=found[0].of_all if found else 0,
    )


def _answers(session: Session, days: Days, teams: Collection[str] | None, *, now: datetime) -> Answers:
    became = asked.asked(session, days, teams, now=now)
    silent = asked.silences(session, days, teams, now=now, limit=rules.MOST_MISSING)
    missing = tuple(NoAnswer(named(case), state) for case, state in silent)
    return Answers(*became, missing)

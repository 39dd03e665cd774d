"""A week of a small company, as a value: what screens and files of a digest are tried with."""

from dataclasses import replace
from datetime import UTC, date, datetime
from uuid import UUID

from db.enums import CheckInState, Criterion, Direction, Phase, RootCause
from workflows.adoption import Adoption, Figure, TeamUse, Telling
from workflows.digests import (
    Answers,
    Approvals,
    Coming,
    Corrections,
    Count,
    Digest,
    Due,
    DueKind,
    Funnel,
    GateNow,
    Head,
    KpiLine,
    Kpis,
    KpiStanding,
    Lacks,
    Named,
    NoAnswer,
    Numbers,
    ProgrammeNow,
    Reached,
    Return,
    Span,
    Stage,
    StandingNow,
    Training,
    Value,
    WaitsAt,
    Win,
    Window,
)
from workflows.programme import GateState, Standing

MADE_AT = datetime(2026, 8, 3, 7, 0, tzinfo=UTC)
WINDOW = Window(date(2026, 7, 27), date(2026, 8, 2), "Europe/Berlin")
FILES = Named(UUID(int=1), "UC-1", "Summarise complaint files", "Complaints")
TRIAGE = Named(UUID(int=4), "UC-4", "Triage <urgent> & other mail", "Service")
CLAUSES = Named(UUID(int=7), "UC-7", "Find clauses in contracts", "Legal")

_HIDDEN = Figure(Telling.SUPPRESSED)
_NOBODY_SAID = Figure(Telling.NOT_REPORTED)


def _people(value: float) -> Figure:
    return Figure.of(value)


def sample() -> Digest:
    """Return a week with something in every part of it."""
    return Digest(WINDOW, None, MADE_AT, _standing(), _adoption(), _numbers())


def nothing() -> Digest:
    """Return a week in which nothing happened and nobody reported anything."""
    whole, none = sample(), Count(0, 0)
    standing = replace(
        whole.standing,
        funnel=replace(
            whole.standing.funnel,
            reached=tuple(Reached(each, 0, 0, 0) for each in Stage),
            rejected=none,
            suspended=0,
            to_propose=0,
            late=0,
        ),
        approvals=Approvals(none, none, None, None, 0, 0, 0, ()),
        coming=Coming(0, 0, 0, 0, ()),
        break_glass=none,
        ownerless=(),
        ownerless_in_all=0,
    )
    nobody = TeamUse("", 0, *[_NOBODY_SAID] * 6)
    numbers = Numbers(
        Kpis({}, {}, ()),
        Corrections(0, {}, None, None, 0),
        Value(None, None, 0, None, 0, None, 0, {}, ()),
        (),
        Answers(0, 0, 0, 0, 0, ()),
        Training(0, 0, 0),
    )
    return replace(whole, standing=standing, adoption=Adoption((), nobody, 0, 0, ()), numbers=numbers)


def _standing() -> StandingNow:
    totals = {
        Stage.PROPOSED: (30, 3, 5),
        Stage.APPROVED: (18, 2, 1),
        Stage.IN_DEPLOYMENT: (3, 1, 0),
        Stage.DEPLOYED: (2, 0, 1),
        Stage.OPTIMISING: (0, 0, 0),
        Stage.SCALING: (0, 0, 0),
    }
    lacking = (
        Lacks(Criterion.FIRST_VALUE, Standing.UNMET, None, None),
        Lacks(Criterion.DATA_READINESS, Standing.LAPSED, "Claire Moreau", datetime(2026, 7, 30, tzinfo=UTC)),
    )
    gate = GateNow(Phase.OPTIMISATION, GateState.CLOSED, met=7, criteria=9, lacking=lacking)
    return StandingNow(
        funnel=Funnel(
            tuple(Reached(stage, *each) for stage, each in totals.items()),
            rejected=Count(1, 0),
            suspended=1,
            retired=0,
            to_propose=6,
            late=2,
        ),
        programme=ProgrammeNow(Phase.FOCUSED_DEPLOYMENT, 5, (gate,)),
        approvals=Approvals(
            approved=Count(2, 1),
            rejected=Count(1, 0),
            median_days=2.5,
            median_before=3.0,
            waiting=9,
            past_due=2,
            blocked=1,
            places=(WaitsAt("AI governance", 5, 3.5, 2), WaitsAt("Privacy", 4, 1.0, 0)),
        ),
        coming=Coming(
            conditions=3,
            conditions_late=1,
            recertifications=1,
            recertifications_late=0,
            listed=(
                Due(DueKind.CONDITION, FILES, date(2026, 7, 31), is_late=True),
                Due(DueKind.RECERTIFICATION, CLAUSES, date(2026, 8, 10), is_late=False),
            ),
        ),
        break_glass=Count(1, 0),
        ownerless=(TRIAGE,),
        ownerless_in_all=1,
        head=Head(212, "3f" * 32),
    )


def _adoption() -> Adoption:
    teams = (
        TeamUse("Complaints", 2, _people(40), _people(35), _people(28), _people(70), _people(22), _people(6)),
        TeamUse("Legal", 1, _people(12), _NOBODY_SAID, _HIDDEN, _HIDDEN, _people(6), _HIDDEN),
        TeamUse("Service", 1, _people(60), _people(60), _HIDDEN, _HIDDEN, _people(31), _HIDDEN),
    )
    total = TeamUse("", 4, _people(112), _people(95), _people(61), _people(54), _people(59), _people(2))
    return Adoption(teams, total, unreported=3, disputed=1, movers=("Complaints",))


def _numbers() -> Numbers:
    return Numbers(
        kpis=Kpis(
            {KpiStanding.OFF_TRACK: 1, KpiStanding.AT_RISK: 2, KpiStanding.UNREAD: 1, KpiStanding.ON_TRACK: 5},
            {KpiStanding.AT_RISK: 3, KpiStanding.UNREAD: 1, KpiStanding.ON_TRACK: 5},
            (
                _kpi(11, TRIAGE, "Wrongly routed", KpiStanding.OFF_TRACK, value=9.5, before=8, baseline=None),
                _kpi(12, FILES, "Hours per file", KpiStanding.AT_RISK, value=5, before=5.5, baseline=6),
            ),
        ),
        corrections=Corrections(
            200, {RootCause.PROMPT: 6, RootCause.CONTEXT: 12, RootCause.WORKFLOW: 2}, 0.1, 0.125, unknown=2
        ),
        value=Value(
            gross=Span(40, 60),
            gross_before=Span(30, 45),
            gross_of=2,
            net=Span(36, 54),
            net_of=1,
            unverifiable=Span(10, 20),
            unverifiable_of=1,
            costs={"EUR": 1200.0},
            returns=(Return(FILES, "EUR", 2400, 1200),),
            returns_in_all=1,
        ),
        wins=(Win(FILES, "A new colleague closed 14 files in her *first* week."),),
        answers=Answers(
            asked=8,
            answered=5,
            away=1,
            skipped=1,
            silent=1,
            missing=(NoAnswer(CLAUSES, CheckInState.MISSED), NoAnswer(TRIAGE, CheckInState.AWAY)),
        ),
        training=Training(to_train=20, trained=14, unknown=1),
    )


def _kpi(
    number: int,
    of: Named,
    name: str,
    standing: KpiStanding,
    *,
    value: float,
    before: float,
    baseline: float | None,
) -> KpiLine:
    return KpiLine(
        kpi_id=UUID(int=number),
        of=of,
        name=name,
        unit="hours",
        direction=Direction.DOWN,
        target=3,
        target_high=None,
        baseline=baseline,
        value=value,
        read_on=date(2026, 7, 28),
        before=before,
        due=date(2026, 12, 1),
        standing=standing,
    )

"""A week in numbers is what anybody would count by hand, on both engines, and what is missing is never nought."""

from collections import Counter
from datetime import date, timedelta
from typing import Any

import pytest

from db.enums import CheckInState, Confidence, Direction, RootCause, UseCaseState
from db.session import Database
from db.tables import (
    Baseline,
    CheckIn,
    CheckInAnswer,
    CheckInSchedule,
    FreeText,
    Kpi,
    Reading,
    UseCase,
    UseCaseRevision,
    Workstream,
)
from tests.support.reporting import NOW, WINDOW, Company, Row, at, by_chance
from workflows import settings
from workflows.digests import KpiStanding, Numbers, Span, Window, corrections_behind, hours_behind, kpi_behind
from workflows.digests import number_rules as rules
from workflows.digests.numbers import numbers_in
from workflows.people.rules import same_team
from workflows.settings import SettingName

TUESDAY = date(2026, 7, 28)
IN_USE = {"approved", "approved_with_conditions", "in_deployment", "deployed", "optimising", "scaling"}
CAUSES = tuple(RootCause)


def told(database: Database, company: Company, *, team: str | None = None) -> Numbers:
    company.store(database)
    return again(database, team=team)


def again(database: Database, *, team: str | None = None) -> Numbers:
    with database.reading() as session:
        return numbers_in(session, WINDOW, team=team, now=NOW)


# ------------------------------------------------------------------------------------------ counted by hand


class ByHand:
    """Everything a digest says, from the rows alone, the plainest way."""

    def __init__(self, company: Company, team: str | None) -> None:
        rows = company.rows
        self.texts = {(each["use_case_id"], each["revision"]): each for each in rows[UseCaseRevision]}
        self.cases = {each["id"]: each for each in rows[UseCase] if team is None or self.is_of(each, team)}
        self.rows, self.bodies = rows, {each["id"]: each["body"] for each in rows[FreeText]}
        self.answers = {(each["check_in_id"], each["revision"]): each for each in rows[CheckInAnswer]}
        self.whole = {each["id"]: each["is_whole"] for each in rows[CheckInSchedule]}

    def is_of(self, case: Row, team: str) -> bool:
        """Say whether a use case counts in the digest of a team; what is confidential counts in none of them."""
        return " ".join(self.texts[case["id"], 2]["team"].split()).lower() == team and not case["confidential"]

    def check_ins(self, window: Window) -> list[Row]:
        mine = [each for each in self.rows[CheckIn] if each["use_case_id"] in self.cases]
        return [each for each in mine if window.first <= each["on_date"] <= window.last]

    def said(self, window: Window) -> list[tuple[Row, Row]]:
        found = [(each, self.answers.get((each["id"], each["revision"]))) for each in self.check_ins(window)]
        return [(check_in, answer) for check_in, answer in found if answer is not None]

    def kpis(self, window: Window) -> dict[KpiStanding, int]:
        found: Counter[KpiStanding] = Counter()
        for kpi in self.rows[Kpi]:
            case = self.cases.get(kpi["use_case_id"])
            there = kpi["created_at"] < window.ends_at and (
                kpi["retired_at"] is None or kpi["retired_at"] >= window.ends_at
            )
            if case is not None and case["state"] in IN_USE and there:
                found[self.standing(kpi, window)] += 1
        return dict(found)

    def readings(self, kpi: Row, until: date) -> list[Row]:
        found = [
            each
            for each in self.rows[Reading]
            if each["kpi_id"] == kpi["id"] and each["superseded_at"] is None and each["read_for"] <= until
        ]
        own = [each for each in found if (each["unit"], each["source"]) == (kpi["unit"], kpi["source"])]
        return sorted(own, key=lambda each: (each["read_for"], each["entered_at"]))

    def standing(self, kpi: Row, window: Window) -> KpiStanding:
        sure = [
            (check_in["on_date"], answer["confidence"])
            for check_in, answer in self.said(window)
            if answer["confidence"] is not None
            and check_in["use_case_id"] == kpi["use_case_id"]
            and check_in["asked_id"] == kpi["owner_id"]
        ]
        last_said = max(sure, key=lambda each: each[0])[1] if sure else None
        readings = self.readings(kpi, window.last)
        if last_said is Confidence.OFF_TRACK:
            return KpiStanding.OFF_TRACK
        if last_said is Confidence.AT_RISK:
            return KpiStanding.AT_RISK
        if readings and reaches(kpi, readings[-1]["value"]):
            return KpiStanding.AT_TARGET
        if kpi["due"] <= window.last:
            return KpiStanding.PAST_DUE
        is_read = readings and readings[-1]["read_for"] >= window.first
        return KpiStanding.ON_TRACK if is_read else KpiStanding.UNREAD

    def baseline(self, kpi: Row) -> float | None:
        locked = [each for each in self.rows[Baseline] if each["kpi_id"] == kpi["id"]]
        return locked[-1]["value"] if locked and locked[-1]["unit"] == kpi["unit"] else None

    def is_proven(self, case_id: Any) -> bool:
        mine = [each for each in self.rows[Kpi] if each["use_case_id"] == case_id and each["retired_at"] is None]
        units = {each["id"]: each["unit"] for each in mine}
        return any(units.get(each["kpi_id"]) == each["unit"] for each in self.rows[Baseline])

    def corrections(self, window: Window) -> tuple[int, dict[RootCause, int], int]:
        looked, by_cause, unknown = 0, dict[RootCause, int](), 0
        for check_in, answer in self.said(window):
            parts = corrected(answer)
            if answer["looked_at"] and parts:
                looked += answer["looked_at"]
                for cause, count in parts.items():
                    by_cause[cause] = by_cause.get(cause, 0) + count
            elif self.whole[check_in["schedule_id"]]:
                unknown += 1
        return looked, by_cause, unknown

    def hours(self, window: Window, *, proven: bool) -> tuple[Span | None, int, Span | None, int]:
        gross, net, claims, known = [], [], 0, 0
        for case_id in self.cases:
            answers = [answer for each, answer in self.said(window) if each["use_case_id"] == case_id]
            claimed = [each for each in answers if each["hours_low"] is not None]
            if not claimed or self.is_proven(case_id) is not proven:
                continue
            low, high = (sum(each[f"hours_{end}"] for each in claimed) for end in ("low", "high"))
            looked = [each for each in answers if each["looked_at"] and corrected(each)]
            claims += 1
            gross.append((low, high))
            if looked:
                bad = sum(sum(corrected(each).values()) for each in looked)
                good = 1 - bad / sum(each["looked_at"] for each in looked)
                known += 1
                net.append((low * good, high * good))
        return span(gross), claims, span(net), known

    def returns(self) -> dict[tuple[int, str], tuple[float, float]]:
        found: dict[tuple[int, str], tuple[float, float]] = {}
        for check_in, answer in self.said(WINDOW):
            gains = [
                self.gain(reading, answer)
                for reading in self.rows[Reading]
                if reading["check_in_id"] == check_in["id"] and reading["superseded_at"] is None
            ]
            known = [each for each in gains if each is not None]
            if answer["cost"] and known:
                key = (self.cases[check_in["use_case_id"]]["number"], answer["currency"])
                value, cost = found.get(key, (0, 0))
                found[key] = (value + sum(known), cost + answer["cost"])
        return found

    def gain(self, reading: Row, answer: Row) -> float | None:
        kpi = next(each for each in self.rows[Kpi] if each["id"] == reading["kpi_id"])
        baseline, unit = self.baseline(kpi), {"€": "EUR", "$": "USD"}.get(kpi["unit"], kpi["unit"].strip().upper())
        is_out = kpi["retired_at"] is not None or kpi["direction"] is Direction.BAND or reading["unit"] != kpi["unit"]
        if baseline is None or is_out or unit != answer["currency"]:
            return None
        moved: float = reading["value"] - baseline
        return moved if kpi["direction"] is Direction.UP else -moved

    def costs(self) -> dict[str, float]:
        found: Counter[str] = Counter()
        for _, answer in self.said(WINDOW):
            if answer["cost"] is not None:
                found[answer["currency"]] += answer["cost"]
        return dict(found)

    def wins(self) -> list[tuple[int, str]]:
        found = [
            (answer["answered_at"], check_in["id"], self.cases[check_in["use_case_id"]]["number"])
            for check_in, answer in self.said(WINDOW)
            if answer["wins_id"] and self.bodies[answer["wins_id"]].strip() and self.is_in_sight(check_in)
        ]
        return [(number, "It went well.") for _, _, number in sorted(found, reverse=True)[:5]]

    def is_in_sight(self, check_in: Row) -> bool:
        return not self.cases[check_in["use_case_id"]]["confidential"]

    def missing(self) -> list[tuple[int, CheckInState]]:
        found = {
            (each["state"] is CheckInState.AWAY, self.cases[each["use_case_id"]]["number"], each["state"])
            for each in self.check_ins(WINDOW)
            if (is_silent(each) or each["state"] is CheckInState.AWAY) and self.is_in_sight(each)
        }
        return [(number, state) for _, number, state in sorted(found)][:20]

    def training(self) -> tuple[int | None, int | None, int]:
        """Return whom there is to train and who was; fewer than five people are hidden, and who of them was."""
        mine = [
            each
            for each in self.rows[Workstream]
            if each["kind"] == "onboarding"
            and self.cases.get(each["use_case_id"], {}).get("state") is UseCaseState.IN_DEPLOYMENT
        ]
        known = [each for each in mine if each["to_train"] is not None]
        to_train, trained = (sum(each[what] for each in known) for what in ("to_train", "trained"))
        is_few, unknown = 0 < to_train < 5, len(mine) - len(known)
        return None if is_few else to_train, None if is_few or (to_train and trained < 5) else trained, unknown


def reaches(kpi: Row, value: float) -> bool:
    if kpi["direction"] is Direction.BAND:
        return bool(kpi["target"] <= value <= kpi["target_high"])
    return bool(value >= kpi["target"] if kpi["direction"] is Direction.UP else value <= kpi["target"])


def corrected(answer: Row) -> dict[RootCause, int]:
    parts = {cause: answer[f"corrected_{cause.value}"] for cause in CAUSES}
    return {cause: count for cause, count in parts.items() if count is not None}


def span(ends: list[tuple[float, float]]) -> Span | None:
    return Span(sum(low for low, _ in ends), sum(high for _, high in ends)) if ends else None


def is_silent(check_in: Row) -> bool:
    late = check_in["due_at"] <= NOW or check_in["closes_at"] <= NOW
    return check_in["state"] in (CheckInState.MISSED, CheckInState.OVERDUE) or (check_in["state"] == "due" and late)


def near(one: Span | None, other: Span | None) -> bool:
    if one is None or other is None:
        return one is other
    return (one.low, one.high) == pytest.approx((other.low, other.high))


@pytest.mark.parametrize("chance", range(2))
def test_whatever_was_reported_every_number_is_the_one_counted_by_hand(database: Database, chance: int) -> None:
    company = by_chance(chance)
    company.store(database)
    for team in (None, "claims", "österreich"):
        numbers, hand = again(database, team=team and f"  {team.upper()} "), ByHand(company, team)

        assert numbers.kpis.now == hand.kpis(WINDOW)
        assert numbers.kpis.before == hand.kpis(WINDOW.before)
        check_lines(numbers, hand)
        check_corrections(numbers, hand)
        check_value(numbers, hand)
        assert [(int(each.of.reference[3:]), each.says) for each in numbers.wins] == hand.wins()
        check_answers(numbers, hand)
        training = numbers.training
        assert (training.to_train, training.trained, training.unknown) == hand.training()


def check_lines(numbers: Numbers, hand: ByHand) -> None:
    kpis = {each["id"]: each for each in hand.rows[Kpi]}
    needing = tuple(KpiStanding)[:4]
    wanted = [
        (
            needing.index(hand.standing(kpi, WINDOW)),
            kpi["due"],
            hand.cases[kpi["use_case_id"]]["number"],
            kpi["position"],
        )
        for kpi in kpis.values()
        if hand.cases.get(kpi["use_case_id"], {}).get("state") in IN_USE
        and not hand.cases[kpi["use_case_id"]]["confidential"]
        and kpi["created_at"] < WINDOW.ends_at
        and (kpi["retired_at"] is None or kpi["retired_at"] >= WINDOW.ends_at)
        and hand.standing(kpi, WINDOW) in needing
    ]
    found = [
        (needing.index(each.standing), each.due, int(each.of.reference[3:]), kpis[each.kpi_id]["position"])
        for each in numbers.kpis.worst
    ]
    assert found == sorted(wanted)[:10]
    for line in numbers.kpis.worst:
        kpi = kpis[line.kpi_id]
        within = [each for each in hand.readings(kpi, WINDOW.last) if each["read_for"] >= WINDOW.first]
        before = hand.readings(kpi, WINDOW.first - timedelta(days=1))
        assert line.value == (within[-1]["value"] if within else None)
        assert line.read_on == (within[-1]["read_for"] if within else None)
        assert line.before == (before[-1]["value"] if before else None)
        assert line.baseline == hand.baseline(kpi)


def check_corrections(numbers: Numbers, hand: ByHand) -> None:
    looked, by_cause, unknown = hand.corrections(WINDOW)
    looked_before, by_cause_before, _ = hand.corrections(WINDOW.before)
    found = numbers.corrections
    assert (found.looked_at, found.by_cause, found.unknown) == (looked, by_cause, unknown)
    assert found.rate == (pytest.approx(sum(by_cause.values()) / looked) if looked else None)
    rate_before = pytest.approx(sum(by_cause_before.values()) / looked_before) if looked_before else None
    assert found.rate_before == rate_before


def check_value(numbers: Numbers, hand: ByHand) -> None:
    found = numbers.value
    gross, claims, net, known = hand.hours(WINDOW, proven=True)
    assert near(found.gross, gross)
    assert near(found.net, net)
    assert (found.gross_of, found.net_of) == (claims, known)
    assert near(found.gross_before, hand.hours(WINDOW.before, proven=True)[0])
    unproven, claims, _, _ = hand.hours(WINDOW, proven=False)
    assert near(found.unverifiable, unproven)
    assert found.unverifiable_of == claims
    assert found.costs == pytest.approx(hand.costs())
    named = {case["number"] for case in hand.cases.values() if not case["confidential"]}
    wanted = {key: told for key, told in hand.returns().items() if key[0] in named}
    returned = {(int(each.of.reference[3:]), each.currency): (each.value, each.cost) for each in found.returns}
    assert returned == {key: wanted[key] for key in returned}
    ratios = sorted((value - cost) / cost for value, cost in wanted.values())
    assert [each.ratio for each in found.returns] == pytest.approx(ratios[: rules.MOST_RETURNS])
    assert found.returns_in_all == (len(hand.returns()) if wanted else 0)


def check_answers(numbers: Numbers, hand: ByHand) -> None:
    states = Counter(each["state"] for each in hand.check_ins(WINDOW))
    found = numbers.answers
    assert found.asked == states.total()
    assert found.answered == states[CheckInState.ANSWERED]
    assert (found.away, found.skipped) == (states[CheckInState.AWAY], states[CheckInState.SKIPPED])
    assert found.silent == sum(is_silent(each) for each in hand.check_ins(WINDOW))
    assert [(int(each.of.reference[3:]), each.state) for each in found.missing] == hand.missing()


# ------------------------------------------------------------------------------------------ one by one


def test_where_nobody_said_anything_no_number_is_nought(database: Database) -> None:
    company = Company()
    case = company.case()
    company.kpi(case)
    silent = company.check_in(company.schedule(case), TUESDAY)
    company.answer(silent, confidence=Confidence.ON_TRACK, looked_at=40)

    numbers = told(database, company)

    assert numbers.corrections.rate is None
    assert (numbers.corrections.looked_at, numbers.corrections.by_cause, numbers.corrections.unknown) == (0, {}, 1)
    assert (numbers.value.gross, numbers.value.net, numbers.value.unverifiable) == (None, None, None)
    assert numbers.kpis.now == {KpiStanding.UNREAD: 1}
    assert numbers.kpis.worst[0].value is None


def test_what_was_said_late_about_a_week_counts_in_that_week_and_only_as_it_was_said_last(database: Database) -> None:
    company = Company()
    case = company.case()
    company.lock(company.kpi(case), 6)
    check_in = company.check_in(company.schedule(case), TUESDAY)
    company.answer(check_in, when=at(date(2026, 7, 30)), hours_low=30, hours_high=50, looked_at=10, corrected_prompt=5)
    company.answer(check_in, when=at(date(2026, 8, 9)), hours_low=3, hours_high=5, looked_at=10, corrected_prompt=1)

    value = told(database, company).value

    assert value.gross == Span(3, 5)
    assert near(value.net, Span(2.7, 4.5))
    with database.reading() as session:
        as_posted = hours_behind(session, WINDOW, as_of=NOW)
        since = hours_behind(session, WINDOW, " CLAIMS")
        assert not hours_behind(session, WINDOW, "Legal")
        assert corrections_behind(session, WINDOW, as_of=NOW)[0].rate == pytest.approx(0.5)
    assert [(each.hours, each.has_baseline) for each in as_posted] == [(Span(30, 50), True)]
    assert near(since[0].net, Span(2.7, 4.5))


def test_a_reporters_word_comes_before_what_the_numbers_say(database: Database) -> None:
    company = Company()
    case = company.case()
    there, unsure = company.kpi(case, due=TUESDAY), company.kpi(case, owner=1, due=TUESDAY)
    for kpi in (there, unsure):
        company.read(kpi, 2, TUESDAY)
    company.answer(company.check_in(company.schedule(case), TUESDAY), confidence=Confidence.OFF_TRACK)

    kpis = told(database, company).kpis

    assert kpis.now == {KpiStanding.OFF_TRACK: 1, KpiStanding.AT_TARGET: 1}
    assert [each.kpi_id for each in kpis.worst] == [there["id"]]


def test_a_band_is_reached_inside_and_a_replaced_reading_says_nothing(database: Database) -> None:
    company = Company()
    case = company.case()
    kpi = company.kpi(case, direction=Direction.BAND, target=10, target_high=20)
    company.read(kpi, 25, TUESDAY, superseded_at=NOW)
    company.read(kpi, 20, TUESDAY)
    company.read(kpi, 21, TUESDAY - timedelta(days=7))

    kpis = told(database, company).kpis

    assert kpis.now == {KpiStanding.AT_TARGET: 1}
    assert kpis.before == {KpiStanding.ON_TRACK: 1}


def test_a_confidential_use_case_counts_and_is_not_named(database: Database) -> None:
    company = Company()
    case = company.case(confidential=True, state=UseCaseState.IN_DEPLOYMENT)
    kpi = company.kpi(case, unit="EUR", direction=Direction.UP, target=900, due=TUESDAY)
    company.lock(kpi, 100)
    schedule = company.schedule(case)
    check_in = company.check_in(schedule, TUESDAY)
    company.answer(check_in, wins="It works.", cost=10, currency="EUR", hours_low=1, hours_high=2)
    company.read(kpi, 200, TUESDAY, check_in_id=check_in["id"])
    company.check_in(schedule, TUESDAY + timedelta(days=1))

    numbers = told(database, company)

    assert numbers.kpis.now == {KpiStanding.PAST_DUE: 1}
    assert numbers.value.gross == Span(1, 2)
    assert (numbers.value.costs, numbers.answers.silent) == ({"EUR": 10}, 1)
    assert (numbers.kpis.worst, numbers.value.returns, numbers.wins, numbers.answers.missing) == ((), (), (), ())
    with database.reading() as session:
        assert [each.confidential for each in hours_behind(session, WINDOW)] == [True]


def test_an_approved_use_case_counts_where_approved_ones_are_asked(database: Database) -> None:
    company = Company()
    company.kpi(company.case(state=UseCaseState.APPROVED))
    assert told(database, company).kpis.now == {KpiStanding.UNREAD: 1}

    with database.transaction() as session:
        settings.change(session, SettingName.CHECK_INS_FROM, "deployment", actor=None, now=NOW)

    assert again(database).kpis.now == {}


def test_behind_a_number_stands_what_counted_when_it_was_told(database: Database) -> None:
    company = Company()
    kpi = company.kpi(company.case(confidential=True))
    company.lock(kpi, 6)
    company.lock(kpi, 7, locked_at=NOW + timedelta(days=1))
    for week in range(12):
        company.read(kpi, week, TUESDAY - timedelta(days=7 * week))
    since = NOW + timedelta(days=2)
    company.read(kpi, 100, TUESDAY, entered_at=since)
    company.rows[Reading][0]["superseded_at"] = since
    company.store(database)

    with database.reading() as session:
        posted = kpi_behind(session, kpi["id"], window=WINDOW, as_of=NOW)
        today = kpi_behind(session, kpi["id"], window=WINDOW, as_of=since)

    assert posted is not None
    assert today is not None
    assert [each.value for each in posted.readings] == [0]
    assert [each.value for each in posted.earlier] == [1, 2, 3, 4, 5, 6, 7, 8]
    assert [each.value for each in today.readings] == [100]
    assert [each.baseline.value for each in (posted, today) if each.baseline] == [6, 7]
    assert posted.readings[0].entered_by is not None
    assert posted.confidential
    assert posted.approval is None


# ------------------------------------------------------------------------------------------ rules


def test_teams_are_told_apart_by_their_words_alone() -> None:
    known = ["Straße", "STRASSE ", "Customer  Care", "customer care", "Care"]
    assert same_team("strasse", known) == ["Straße", "STRASSE "]
    assert same_team(" Customer Care", known) == ["Customer  Care", "customer care"]
    assert same_team("Legal", known) == []


def test_net_is_what_is_left_of_gross_and_unknown_without_a_rate() -> None:
    assert rules.less_corrected(Span(40, 60), 0.25) == Span(30, 45)
    assert rules.less_corrected(Span(40, 60), rules.rate(0, 0)) is None

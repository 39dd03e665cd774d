"""What conditions add up to, by lanes and dates; and when their owners are reminded."""

import re
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from db.enums import Blocks, ConditionStatus, DemandStatus, EvidenceKind
from workflows.conditions import clock, rules
from workflows.conditions.rules import Demand, Evidence, Flaw, Problem, Refusal, Typed, Wanted
from workflows.people import Calendar

LANES = [UUID(int=number) for number in range(1, 5)]
MAREK, OTTO = uuid4(), uuid4()
TODAY = date(2026, 3, 2)
STANDING = DemandStatus.STANDING

DEMANDS = st.lists(
    st.builds(
        Demand,
        lane_id=st.sampled_from(LANES),
        person_id=st.sampled_from(LANES),
        due_on=st.dates(TODAY, TODAY + timedelta(days=100)),
        blocks=st.sampled_from(Blocks),
        status=st.sampled_from(DemandStatus),
    ),
    max_size=6,
)
ANSWERS = st.lists(
    st.tuples(st.sets(st.sampled_from(LANES), max_size=2), st.sampled_from(["accepted", "waived"])), max_size=6
)


@given(demands=DEMANDS)
def test_it_is_due_by_the_strictest_date_that_still_stands(demands: list[Demand]) -> None:
    dates = [each.due_on for each in demands if each.status is STANDING]

    assert rules.due_on(demands) == (min(dates) if dates else None)
    assert rules.blocks(demands) == {each.blocks for each in demands if each.status is STANDING}


@given(demands=DEMANDS, answers=ANSWERS)
def test_whatever_lanes_answer_nobody_loosens_what_another_lane_asks(
    demands: list[Demand], answers: list[tuple[set[UUID], str]]
) -> None:
    """Hold every answer to the lanes it is given for: theirs settle, all others stay word for word as they were."""
    now = tuple(demands)
    for lanes, status in answers:
        before, now = now, rules.answered(now, lanes, DemandStatus(status))
        for was, has_become in zip(before, now, strict=True):
            if was.lane_id not in lanes or was.status is not STANDING:
                assert has_become == was
            else:
                assert has_become.status is DemandStatus(status)
                assert (has_become.due_on, has_become.blocks) == (was.due_on, was.blocks)
        left, stands = rules.due_on(now), rules.due_on(before)
        assert left is None or (stands is not None and left >= stands)
        others = [each.due_on for each in before if each.status is STANDING and each.lane_id not in lanes]
        assert not others or (left is not None and left <= min(others))
        assert {
            each.blocks for each in before if each.status is STANDING and each.lane_id not in lanes
        } <= rules.blocks(now)


@given(demands=DEMANDS, answers=ANSWERS)
def test_it_is_never_met_while_one_lane_still_asks(demands: list[Demand], answers: list[tuple[set[UUID], str]]) -> None:
    now = tuple(demands)
    for lanes, status in answers:
        now = rules.answered(now, lanes, DemandStatus(status))
    statuses = {each.status for each in now}

    outcome = rules.outcome(now)

    assert (outcome is None) == (STANDING in statuses)
    if outcome is ConditionStatus.MET:
        assert DemandStatus.ACCEPTED in statuses
    if outcome is ConditionStatus.WAIVED:
        assert DemandStatus.WAIVED in statuses
        assert DemandStatus.ACCEPTED not in statuses


@pytest.mark.parametrize("other", ["sign the dpia", "  Sign\tthe  DPIA\n", "Ｓign the DPIA", "SIGN THE DPIA"])
def test_the_same_words_however_typed_are_the_same_condition(other: str) -> None:
    assert rules.key_of("Sign the DPIA", MAREK) == rules.key_of(other, MAREK)
    assert rules.key_of("Sign the DPIA", MAREK) != rules.key_of(other, OTTO)
    assert rules.key_of("Sign the DPIA", MAREK) != rules.key_of("Sign a DPIA", MAREK)


def typed(text: str = "Sign it", owner: UUID | Flaw = MAREK, due_on: date | None = TODAY + timedelta(days=9)) -> Typed:
    return Typed(text, owner, due_on, EvidenceKind.DOCUMENT, Blocks.DEPLOYMENT)


BLANK = typed("", due_on=None)


def test_what_is_typed_whole_is_wanted() -> None:
    wanted = Wanted("Sign it", MAREK, TODAY + timedelta(days=9), EvidenceKind.DOCUMENT, Blocks.DEPLOYMENT)

    assert rules.check([typed(" Sign it ")], 0, today=TODAY) == [wanted]
    assert rules.check([typed(), BLANK, BLANK], 0, today=TODAY) == [wanted]


def test_others_conditions_alone_are_enough_and_nothing_at_all_is_not() -> None:
    assert rules.check([BLANK], 1, today=TODAY) == []
    assert rules.check([BLANK], 0, today=TODAY) == [
        Problem(0, rules.Field.TEXT, Flaw.TEXT_MISSING),
        Problem(0, rules.Field.DAY, Flaw.DAY_MISSING),
    ]
    assert rules.check([], 0, today=TODAY) == [Problem(0, rules.Field.TEXT, Flaw.NOTHING_ASKED)]


def test_every_flaw_of_every_condition_is_told_at_once() -> None:
    found = rules.check([typed(owner=Flaw.OWNER_UNCHECKED), typed("", due_on=TODAY), typed("x" * 501)], 0, today=TODAY)

    assert found == [
        Problem(0, rules.Field.OWNER, Flaw.OWNER_UNCHECKED),
        Problem(1, rules.Field.TEXT, Flaw.TEXT_MISSING),
        Problem(1, rules.Field.DAY, Flaw.DAY_PAST),
        Problem(2, rules.Field.TEXT, Flaw.TEXT_TOO_LONG),
    ]


@pytest.mark.parametrize("link", ["https://a.example/x?y=1#z", "http://intranet/page", "https://bücher.example/ä"])
def test_an_address_of_the_web_is_a_link(link: str) -> None:
    assert rules.is_link(link)


@pytest.mark.parametrize(
    "link",
    [
        "",
        "example.com",
        "https://",
        "ftp://x.example",
        "javascript:alert(1)",
        "https://a b",
        "https://a|b",
        "https://a>",
        "https://me@evil.example",
        "https://[::1",
        "HTTPS//x",
        "https://x\u202ey",
        "file:///etc/passwd",
    ],
)
def test_anything_else_is_none(link: str) -> None:
    assert not rules.is_link(link)


@given(kind=st.sampled_from(EvidenceKind), link=st.text(max_size=40), words=st.text(max_size=40))
def test_evidence_is_kept_as_it_was_given(kind: EvidenceKind, link: str, words: str) -> None:
    evidence = Evidence(link, words)
    if rules.refusal_of_evidence(kind, evidence) is None:
        assert Evidence.of(evidence.stored()) == evidence


@pytest.mark.parametrize(
    ("kind", "evidence", "refusal"),
    [
        (EvidenceKind.STATEMENT, Evidence("", "So."), None),
        (EvidenceKind.STATEMENT, Evidence("https://x.example", ""), Refusal.WORDS_MISSING),
        (EvidenceKind.DOCUMENT, Evidence("https://x.example", ""), None),
        (EvidenceKind.DOCUMENT, Evidence("", "So."), Refusal.LINK_MISSING),
        (EvidenceKind.AGREEMENT, Evidence("x.example", ""), Refusal.LINK_UNUSABLE),
        (EvidenceKind.TEST_RESULT, Evidence("https://x.example/" + "y" * 1000, ""), Refusal.TOO_LONG),
    ],
)
def test_what_shows_it_depends_on_what_was_asked_for(
    kind: EvidenceKind, evidence: Evidence, refusal: Refusal | None
) -> None:
    assert rules.refusal_of_evidence(kind, evidence) is refusal


def test_a_statement_gives_way_to_what_can_be_opened() -> None:
    assert rules.stricter(EvidenceKind.STATEMENT, EvidenceKind.AGREEMENT) is EvidenceKind.AGREEMENT
    assert rules.stricter(EvidenceKind.AGREEMENT, EvidenceKind.STATEMENT) is EvidenceKind.AGREEMENT
    assert rules.stricter(EvidenceKind.DOCUMENT, EvidenceKind.AGREEMENT) is EvidenceKind.DOCUMENT


def test_the_page_draws_what_may_become_of_a_condition() -> None:
    page = (Path(__file__).parents[2] / "docs" / "states.md").read_text(encoding="utf-8")
    drawn = set(re.findall(r"(?m)^    (\w+) --> (\w+) :", page.partition("## A condition")[2].partition("\n## ")[0]))

    assert drawn == {(before.value, after.value) for before, some in rules.LEADS_TO.items() for after in some}


# ------------------------------------------------------------------------------------------------ clock

BERLIN = Calendar("Europe/Berlin")
MONDAY = date(2026, 3, 16)


def days(calendar: Calendar, due_on: date, *, since: datetime) -> list[str]:
    """Return every moment at which something is done, the last one being that it is overdue."""
    found, at = [], since
    while at < clock.overdue_at(calendar.zone, due_on):
        at = clock.due_at(calendar, due_on, after=at)
        found.append(at.astimezone(ZoneInfo(calendar.zone)).strftime("%a %d %H:%M"))
    return found


def test_reminders_on_days_off_come_on_the_last_working_day_before() -> None:
    since = datetime(2026, 3, 2, 12, tzinfo=UTC)

    assert days(BERLIN, MONDAY, since=since) == ["Mon 09 09:00", "Fri 13 09:00", "Mon 16 09:00", "Tue 17 00:00"]
    sunday = date(2026, 3, 15)
    assert days(BERLIN, sunday, since=since) == ["Fri 06 09:00", "Fri 13 09:00", "Mon 16 00:00"]
    away = Calendar("Europe/Berlin", leave=((date(2026, 3, 9), date(2026, 3, 20)),))
    assert days(away, MONDAY, since=since) == ["Fri 06 09:00", "Tue 17 00:00"]


def test_who_heard_of_it_today_is_not_reminded_today() -> None:
    since = datetime(2026, 3, 13, 7, tzinfo=UTC)

    assert days(BERLIN, MONDAY, since=since) == ["Mon 16 09:00", "Tue 17 00:00"]
    assert days(BERLIN, date(2026, 3, 13), since=since) == ["Sat 14 00:00"]


@given(
    zone=st.sampled_from(["Europe/Berlin", "Asia/Tokyo", "America/Los_Angeles", "Pacific/Apia", "Asia/Kathmandu"]),
    due_on=st.dates(date(2026, 1, 1), date(2027, 12, 31)),
    before=st.integers(0, 40 * 24),
    work=st.sampled_from(["12345", "7", "1234567", "3"]),
)
def test_whatever_the_calendar_reminders_come_once_a_day_before_it_is_overdue(
    zone: str, due_on: date, before: int, work: str
) -> None:
    calendar = Calendar(zone, days=work)
    over = clock.overdue_at(zone, due_on)
    moments, at = [], over - timedelta(hours=before)
    while at < over:
        at = clock.due_at(calendar, due_on, after=at)
        moments.append(at)

    assert len(moments) <= 4
    assert moments == sorted(set(moments))
    local = [each.astimezone(ZoneInfo(zone)) for each in moments[:-1]]
    assert len({each.date() for each in local}) == len(local)
    assert all(str(each.isoweekday()) in work and each.hour >= 9 for each in local)
    if moments:
        assert moments[-1] == over

"""Files of usage sources as their vendors give them: what each tells, and what to write where one is wrong."""

import io
import json
from datetime import date
from pathlib import Path

import pytest

from db.enums import UsageMeasure, UsageSource, UsageTells
from workflows.adoption import sources
from workflows.adoption.gathering import UsageFile
from workflows.adoption.reading_files import read
from workflows.people import Unusable

SAMPLES = Path(__file__).with_name("usage")
LATEST = date(2026, 8, 20)
GITHUB, MICROSOFT, CLAUDE, OPENAI, CSV = (
    UsageSource.GITHUB_COPILOT,
    UsageSource.MICROSOFT_365_COPILOT,
    UsageSource.CLAUDE_CODE,
    UsageSource.OPENAI,
    UsageSource.CSV,
)


def told(content: object, source: UsageSource) -> UsageFile | Unusable:
    text = content if isinstance(content, str) else json.dumps(content)
    return read(io.BytesIO(text.encode("utf-8", "surrogatepass")), source, latest=LATEST)


def sample(name: str, source: UsageSource) -> UsageFile:
    found = read(io.BytesIO((SAMPLES / name).read_bytes()), source, latest=LATEST)
    assert isinstance(found, UsageFile), found
    return found


def fine(content: object, source: UsageSource) -> UsageFile:
    found = told(content, source)
    assert isinstance(found, UsageFile), found
    return found


def problems(content: object, source: UsageSource) -> str:
    found = told(content, source)
    assert isinstance(found, Unusable), found
    return "\n".join(found.problems)


def counts(file: UsageFile) -> list[tuple[str, str, str, int]]:
    return [(each.measure.value, str(each.first_day), str(each.last_day), each.value) for each in file.counts]


def people(file: UsageFile) -> list[tuple[str, str, int | None]]:
    return [(each.person, str(each.day), each.interactions) for each in file.days]


def test_github_tells_who_was_active_by_any_activity_and_not_by_prompts_alone() -> None:
    found = sample("github_copilot_users.json", GITHUB)

    assert (found.tells, people(found)) == (UsageTells.PEOPLE_BY_DAY, [("1", "2025-10-01", 0)])


def test_github_lines_of_a_28_day_report_cover_its_last_day_and_whoever_did_nothing_is_not_active() -> None:
    report = {"report_start_day": "2026-07-07", "report_end_day": "2026-08-03"}
    lines = [
        {**report, "day": "2026-08-03", "user_login": "ada", "code_acceptance_activity_count": 2},
        {**report, "day": "2026-07-30", "user_login": "bo", "code_generation_activity_count": 0},
        {**report, "day": "2026-07-30", "user_login": "cy", "code_generation_activity_count": None},
        {**report, "day": "2026-07-30", "user_login": "di", "totals_by_cli": {"session_count": 1}},
    ]

    found = fine("\n".join(map(json.dumps, lines)) + "\n", GITHUB)

    assert people(found) == [("ada", "2026-08-03", None), ("di", "2026-07-30", None)]
    assert (str(found.first_day), str(found.last_day)) == ("2026-07-07", "2026-08-03")
    assert found.notes == ("Some entries say nothing of what somebody did (null). They count for nothing.",)
    outside = problems(json.dumps(lines[0] | {"day": "2026-08-04"}), GITHUB)
    assert outside == "line 1, day: 2026-08-04 is not within the report, which goes from 2026-07-07 to 2026-08-03."


def test_github_totals_are_counts_over_the_days_their_definition_says_and_null_is_not_nought() -> None:
    found = sample("github_copilot_enterprise.json", GITHUB)

    assert found.tells is UsageTells.COUNTS
    assert counts(found) == [
        ("active", "2026-08-02", "2026-08-02", 3),
        ("active", "2026-07-27", "2026-08-02", 11),
        ("active", "2026-07-06", "2026-08-02", 19),
        ("interactions", "2026-08-02", "2026-08-02", 40),
        ("active", "2026-08-03", "2026-08-03", 9),
        ("active", "2026-07-28", "2026-08-03", 12),
        ("active", "2026-07-07", "2026-08-03", 20),
    ]


def test_microsoft_tells_last_activity_only_as_json_and_as_its_csv() -> None:
    found = sample("microsoft_365_copilot.json", MICROSOFT)
    assert found.tells is UsageTells.LAST_ACTIVITY
    assert [(str(each.reported_on), str(each.last_active)) for each in found.seen] == [("2024-06-26", "2024-06-12")]

    found = sample("microsoft_365_copilot.csv", MICROSOFT)
    assert [(str(each.reported_on), each.last_active) for each in found.seen] == [
        ("2026-08-07", date(2026, 8, 5)),
        ("2026-08-07", None),
    ]
    assert found.counts == found.days == ()


def test_claude_code_tells_people_by_day_over_their_terminals_and_keys_as_nobody() -> None:
    found = sample("claude_code.json", CLAUDE)

    assert people(found) == [("Nora.Lind@alder.example", "2026-08-03", 6)]
    assert counts(found) == [("interactions", "2026-08-03", "2026-08-03", 7)]
    assert found.tells is UsageTells.PEOPLE_BY_DAY
    keys = {"date": "2026-08-03T00:00:00Z", "actor": {"type": "api_actor"}, "core_metrics": {"num_sessions": 2}}
    assert fine({"data": [keys], "has_more": False}, CLAUDE).tells is UsageTells.COUNTS


def test_openai_tells_requests_by_bucket_and_people_only_where_it_was_asked_for_them() -> None:
    found = sample("openai.json", OPENAI)
    assert (found.tells, found.days) == (UsageTells.COUNTS, ())
    assert counts(found) == [
        ("interactions", "2026-08-03", "2026-08-03", 470),
        ("interactions", "2026-08-04", "2026-08-04", 30),
    ]
    assert {each.definition for each in found.counts} == {sources.REQUESTS}

    found = sample("openai_by_user.json", OPENAI)
    assert found.tells is UsageTells.PEOPLE_BY_DAY
    assert people(found) == [
        ("user-a1", "2026-08-03", 300),
        ("user-b2", "2026-08-03", 120),
        ("user-a1", "2026-08-04", 30),
    ]
    assert [(each.definition, each.value) for each in found.counts] == [(sources.LEFT_OVER_REQUESTS, 50)]


def test_a_csv_of_ours_tells_counts_by_team_or_people_by_day_and_what_is_empty_stays_unsaid() -> None:
    text = "first_day,last_day,team,eligible,assigned,active\n2026-08-03,2026-08-09,Claims,40,,12\n"
    found = fine(text, CSV)
    assert [(each.measure, each.team, each.value) for each in found.counts] == [
        (UsageMeasure.ELIGIBLE, "Claims", 40),
        (UsageMeasure.ACTIVE, "Claims", 12),
    ]

    found = fine("\ufeffDay;Person;Team;Interactions\r\n2026-08-03;Ada;Claims;3\r\n2026-08-04;ada;Claims;\r\n", CSV)
    assert people(found) == [("Ada", "2026-08-03", 3), ("ada", "2026-08-04", None)]
    assert "The column team is not kept" in found.notes[0]


PAGE = {"date": "2026-08-03T00:00:00Z", "actor": {"type": "user_actor", "email_address": "a"}, "core_metrics": {}}
COUNTS = "first_day,last_day,team,eligible,assigned,active\n"


@pytest.mark.parametrize(
    ("content", "source", "says"),
    [
        ("", CSV, "The file is empty. The first line names the columns"),
        (COUNTS, CSV, "tells of nobody and of no number"),
        ({"data": [], "has_more": False}, CLAUDE, "tells of nobody and of no number"),
        ("day,people\n2026-08-03,3\n", CSV, "line 1: column 1 has no name that is known"),
        (
            f"{COUNTS}2026-08-03,2026-08-30,,4,,\n",
            CSV,
            "line 2, last_day: 2026-08-30 is still to come; write a day up to",
        ),
        (f"{COUNTS}2026-08-03,2026-08-09,,4,,-1\n", CSV, "line 2, active: it is no whole number from 0"),
        (f"{COUNTS}2026-08-03,2026-08-09,,4,,2.5\n", CSV, "line 2, active: it is no whole number from 0"),
        (f"{COUNTS}2026-08-03,2026-08-09,,4,,5\n", CSV, "line 2, active: 5 is more than the 4 who could use it."),
        (f"{COUNTS}2026-08-03,2026-08-09,,,,\n", CSV, "line 2, eligible, assigned, active: all are empty"),
        (f"{COUNTS}2026-08-09,2026-08-03,,4,,\n", CSV, "line 2, first_day: 2026-08-09 is after last_day, 2026-08-03."),
        (f"{COUNTS}2026-08-03,2026-08-09,,4,,\n2026-08-03,2026-08-09,,5,,\n", CSV, "line 3, eligible: line 2 says 4"),
        ("day,person\n2026-08-03\n", CSV, "line 2: it has 1 cells, the first line 2."),
        ("day,person\n3.8.2026,ada\n", CSV, "line 2, day: it is no day; write it like 2026-11-03."),
        (
            [{"user_login": "a", "day": "2026-08-03"}],
            CSV,
            "a report of GitHub Copilot. Say so: --source github_copilot",
        ),
        (COUNTS, GITHUB, "line 1, column 1: this is no JSON"),
        ('{"value": [{"reportRefreshDate": "2024-06-26",}]}', MICROSOFT, "line 1, column 47: this is no JSON"),
        ([{"user_login": "a", "day": "2026-08-03"}, 5], GITHUB, "entry 2, it is no JSON object."),
        ({"data": [PAGE], "has_more": True}, CLAUDE, "line 1, has_more: the report goes on after this page."),
        ({"data": [{**PAGE, "core_metrics": {"num_sessions": 1.5}}]}, CLAUDE, "data 1, num_sessions: it is no whole"),
        (
            {"data": [{**PAGE, "actor": {"type": "robot"}}]},
            CLAUDE,
            "actor.type: it is neither user_actor nor api_actor",
        ),
        (
            {"data": [{"start_time": 1785715200, "end_time": 1785974400, "results": [{"user_id": "a"}]}]},
            OPENAI,
            "people are told by day. Ask for the report with bucket_width=1d.",
        ),
        ("[" * 100_000, OPENAI, "nested too deeply"),
    ],
)
def test_what_cannot_count_is_refused_with_where_and_what_to_write(
    content: object, source: UsageSource, says: str
) -> None:
    assert says in problems(content, source)


def test_a_refusal_never_says_what_people_are_called() -> None:
    headless = "2026-08-03,ada@alder.example\n2026-08-04,ada@alder.example\n"
    exchanged = "day,person\nada@alder.example,2026-08-03\n"
    twice = "day,person,interactions\n2026-08-03,ada@alder.example,1\n2026-08-03,ada@alder.example,2\n"
    for text in (headless, exchanged, twice):
        assert "ada" not in problems(text, CSV)
    assert "ada" not in repr(fine("day,person\n2026-08-03,ada\n", CSV))

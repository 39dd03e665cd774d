"""What sources count of use, brought in from the command line: all of a file or nothing, and twice is once."""

import io
import json
import time
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlmodel import SQLModel, col, select

from bot.cli import main
from db.enums import UsageSource
from db.queries import usage as stored_usage
from db.tables import LedgerEvent, UsageCount, UsageDay, UsageImport, UsageKey, UsageSeen, UseCase
from handlers.ids import Action
from tests.bot.test_command_line import desk
from tests.support.asking import Asking
from tests.support.house import House, words
from tests.support.races import Meeting, together
from tests.support.statements import recorded
from workflows import adoption
from workflows.adoption import Figure, Telling

__all__ = ["desk"]

Said = pytest.CaptureFixture[str]
SAMPLES = Path(__file__).parents[1] / "workflows" / "usage"
COUNTS = "first_day,last_day,team,eligible,assigned,active\n"
MONDAY, SUNDAY = date(2025, 8, 4), date(2025, 8, 10)


def imported(source: str, content: str, *options: str, use_case: str = "UC-1") -> int:
    Path("usage.txt").write_text(content, encoding="utf-8")
    return main(["usage", "import", "usage.txt", "--source", source, "--use-case", use_case, *options])


def bring_in(house: House, text: str, *, now: datetime) -> None:
    """Bring in a CSV about UC-1, as the command does, at this time."""
    file = adoption.read(io.BytesIO(text.encode()), UsageSource.CSV, latest=now.date())
    assert isinstance(file, adoption.UsageFile)
    with house.database.transaction() as session:
        scope = adoption.scope_of(session, source=UsageSource.CSV, use_case="UC-1", is_dry=False, now=now)
    assert isinstance(scope, adoption.Scope)
    with house.database.transaction() as session:
        planned = adoption.plan(session, scope, adoption.hidden(scope, file), file_digest="0" * 64)
        adoption.carry_out(session, planned, now=now)


def stored(house: House, *tables: type[SQLModel]) -> list[Any]:
    with house.database.reading() as session:
        return [row for table in tables for row in session.exec(select(table)).all()]


def uses(house: House, first: date = MONDAY, last: date = SUNDAY) -> dict[str, adoption.SourceUse]:
    with house.database.reading() as session:
        use_case_id = session.exec(select(UseCase.id).where(UseCase.number == 1)).one()
        return {each.source: each for each in adoption.uses_of(session, use_case_id, first, last)}


def days(*told: tuple[str, str]) -> str:
    return "day,person\n" + "".join(f"{day},{person}\n" for day, person in told)


def report(on: str, **people: str | None) -> str:
    """Return a report of Microsoft's of a day: who has access, and when they were active last."""
    entries = [
        {"reportRefreshDate": on, "userPrincipalName": name, "lastActivityDate": last} for name, last in people.items()
    ]
    return json.dumps({"value": entries})


def test_a_count_is_stored_once_and_a_corrected_one_takes_its_place_and_keeps_it(desk: House, capsys: Said) -> None:
    desk.propose()
    text = f"{COUNTS}2025-08-04,2025-08-10,Claims,40,,12\n"

    assert imported("csv", text, "--dry-run") == 0
    assert stored(desk, UsageCount, UsageImport, UsageKey) == []
    assert "Would store: 2. Instead of what was told before: 0." in capsys.readouterr().out
    assert imported("CSV", text) == 0
    assert "line 2: stored: 12 active, 2025-08-04 to 2025-08-10, Claims\n" in capsys.readouterr().out
    assert imported("csv", text) == 0
    assert "Stored: 0. Instead of what was told before: 0. As the file says already: 2.\n" in capsys.readouterr().out
    assert imported("csv", text.replace(",12", ",14")) == 0
    told = capsys.readouterr().out

    assert "line 2: replaced: 14 active, 2025-08-04 to 2025-08-10, Claims instead of 12\n" in told
    assert "line 2: unchanged: 40 eligible" in told
    rows = [(row.value, row.superseded_at is None) for row in stored(desk, UsageCount)]
    assert sorted(rows) == [(12, False), (14, True), (40, True)]
    assert uses(desk)["csv"].active == Figure.of(14)
    assert desk.facts().count("usage.imported") == 2
    assert main(["ledger", "verify"]) == 0


def test_people_are_kept_as_hashes_that_no_other_use_case_and_source_shares(desk: House, capsys: Said) -> None:
    desk.propose()
    desk.propose("U_MAREK", name="Find clauses", problem="Contracts are long and nobody finds the clause.")
    text = days(("2025-08-04", "Zoe@Alder.example"), ("2025-08-05", " zoe@alder.example"))

    assert imported("csv", text) == imported("csv", text, use_case="UC-2") == 0
    actor = {"type": "user_actor", "email_address": "zoe@alder.example"}
    pages = json.dumps({"data": [{"date": "2025-08-04", "actor": actor, "core_metrics": {"num_sessions": 1}}]})
    assert imported("claude-code", pages) == 0

    said = capsys.readouterr()
    keys = {(row.use_case_id, row.source, row.person_key) for row in stored(desk, UsageDay)}
    assert len({key for _, _, key in keys}) == len(keys) == 3
    everything = f"{said.out}{said.err}" + "".join(
        str(row) for row in stored(desk, UsageDay, UsageImport, UsageSeen, UsageCount, LedgerEvent)
    )
    assert "zoe" not in everything.lower()
    [key] = stored(desk, UsageKey)
    assert len(bytes.fromhex(key.key)) == 32


def test_a_week_nobody_told_of_is_missing_and_one_in_which_nobody_used_it_is_nought(desk: House) -> None:
    desk.propose()
    lines = [
        {"report_start_day": "2025-07-14", "report_end_day": "2025-08-10", "day": "2025-07-15", "user_login": each}
        | {"code_generation_activity_count": 1}
        for each in ("ada", "bo")
    ]

    assert imported("github-copilot", "\n".join(map(json.dumps, lines))) == 0

    assert uses(desk)["github_copilot"].active == Figure.of(0)
    assert uses(desk)["github_copilot"].eligible.telling is Telling.NOT_MEASURABLE
    assert uses(desk, date(2025, 7, 14), date(2025, 7, 20))["github_copilot"].active == Figure.of(2)
    assert uses(desk, date(2025, 8, 11), date(2025, 8, 17)) == {}


def test_last_activity_tells_a_window_up_to_its_report_and_who_came_and_went(desk: House, capsys: Said) -> None:
    desk.propose()
    everybody = {f"old{each}": "2025-06-01" for each in range(6)}
    first = {"ada": "2025-08-01", "bo": None, "cy": "2025-07-30", "di": "2025-07-29", **everybody}
    then = {"ada": "2025-08-07", "bo": "2025-08-06", "cy": "2025-07-30", "di": "2025-07-29", **everybody}
    assert imported("microsoft_365_copilot", report("2025-08-01", **first)) == 0
    assert imported("microsoft_365_copilot", report("2025-08-08", **then, el=None)) == 0

    use = uses(desk)["microsoft_365_copilot"]
    assert (use.first_day, use.last_day) == (date(2025, 8, 2), date(2025, 8, 8))
    assert (use.assigned, use.active, use.eligible.telling) == (Figure.of(11), Figure.of(2), Telling.NOT_MEASURABLE)

    with desk.database.reading() as session:
        use_case_id = session.exec(select(UseCase.id)).one()
        [found] = adoption.figures_of(session, use_case_id, MONDAY, SUNDAY)
    moved = found.movement
    assert [each.value for each in (moved.retained, moved.reactivated, moved.lapsed, moved.new)] == [1, 0, 2, 1]
    assert (found.first_use.days, found.first_use.of) == (Figure.of(5), 1)
    assert round(found.rate.figure.value or 0, 1) == 18.2
    capsys.readouterr()
    assert main(["usage", "show", "--use-case", "UC-1", "--until", "2025-08-10"]) == 0
    told = capsys.readouterr().out
    assert "Microsoft 365 Copilot, 2 Aug 2025 to 8 Aug 2025: active hidden, assigned 11; eligible not" in told
    assert "adoption rate: hidden\n" in told
    assert "retained, reactivated, lapsed, new: hidden\n" in told
    assert told.count("Hidden are numbers of fewer than five people") == 1


def test_of_people_by_day_all_that_follows_is_as_worked_out_by_hand(desk: House) -> None:
    desk.propose()
    told = days(
        ("2025-06-02", "di"),
        *(("2025-07-29", each) for each in ("ada", "bo", "cy")),
        *(("2025-08-05", each) for each in ("bo", "di", "el", "fy")),
        ("2025-08-10", "bo"),
    )
    assert imported("csv", told) == 0

    with desk.database.reading() as session:
        use_case_id = session.exec(select(UseCase.id)).one()
        [found] = adoption.figures_of(session, use_case_id, MONDAY, SUNDAY)

    assert (found.weekly, found.monthly) == (Figure.of(4), Figure.of(6))
    moved = found.movement
    assert [each.value for each in (moved.retained, moved.reactivated, moved.lapsed, moved.new)] == [1, 1, 2, 2]
    assert found.rate.figure.telling is Telling.NOT_REPORTED
    assert found.first_use.days.telling is Telling.NOT_MEASURABLE


@pytest.mark.parametrize(
    ("source", "text", "use_case", "says"),
    [
        ("gemini", COUNTS, "UC-1", "There is no source 'gemini'. Those there are: csv, github_copilot,"),
        (
            "csv",
            f"{COUNTS}2025-08-04,2025-08-10,,4,,\n",
            "UC-9",
            "There is no use case 'UC-9'. Write one such as UC-1.",
        ),
        ("csv", f"{COUNTS}2999-08-04,2999-08-10,,4,,\n", "UC-1", "line 2, first_day: 2999-08-04 is still to come"),
        (
            "csv",
            f"{COUNTS}2025-08-04,2025-08-10,,4,,\nx,2025-08-10,,4,,\n",
            "UC-1",
            "  - line 3, first_day: it is no day",
        ),
        (
            "openai",
            '{"data": [{"actor": {}}]}',
            "UC-1",
            "looks like a report of Claude Code. Say so: --source claude_code",
        ),
    ],
)
def test_a_file_that_cannot_count_stores_nothing(
    desk: House, capsys: Said, *, source: str, text: str, use_case: str, says: str
) -> None:
    desk.propose()

    assert imported(source, text, use_case=use_case) == 1

    assert says in capsys.readouterr().err
    assert stored(desk, UsageImport, UsageCount, UsageDay) == []


def test_the_samples_of_every_source_come_in_beside_one_another_and_a_check_in(desk: House) -> None:
    asking = Asking(desk)
    asking.go_to("2026-03-03T09:00")
    asking.answer("5", ELIGIBLE="40", ACTIVE="9")
    for source in ("github_copilot", "microsoft_365_copilot"):
        name = f"{source}_users.json" if source == "github_copilot" else f"{source}.json"
        assert imported(source, (SAMPLES / name).read_text(encoding="utf-8")) == 0

    said = uses(desk, date(2026, 2, 25), date(2026, 3, 3))["check_in"]

    assert (said.eligible, said.active, said.assigned.telling) == (Figure.of(40), Figure.of(9), Telling.NOT_MEASURABLE)
    assert (said.first_day, said.last_day) == (date(2026, 2, 24), date(2026, 3, 2))
    assert uses(desk, date(2025, 9, 25), date(2025, 10, 1))["github_copilot"].active == Figure.of(1)
    assert uses(desk, date(2024, 6, 20), date(2024, 6, 26))["microsoft_365_copilot"].assigned == Figure.of(1)


def test_insiders_read_each_source_in_the_opened_view_for_two_statements_more(desk: House) -> None:
    desk.propose()
    desk.approve("U_ANN")
    today = desk.clock.now().date()
    first, last = today - timedelta(days=7), today - timedelta(days=1)
    text, now = f"{COUNTS}{first},{last},,40,,12\n", desk.clock.now()
    bring_in(desk, text, now=now)

    with recorded(desk.database.engine) as recording:
        desk.press("U_PRIYA", Action.OPEN, str(desk.request_id()))
        asked = [each for each in recording.taken() if "usage_" in each.text]
    shown = words(desk.world.opened[-1])
    desk.press("U_BEN", Action.OPEN, str(desk.request_id()))

    assert "active 12, eligible 40; assigned not reported" in shown
    assert len(asked) <= 2
    assert "Only the people involved" in words(desk.world.opened[-1])
    assert "active 12" not in words(desk.world.opened[-1])


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=4)
@given(
    first=st.dictionaries(st.integers(4, 9), st.integers(0, 50), min_size=1),
    then=st.dictionaries(st.integers(4, 9), st.integers(0, 50), min_size=1),
)
def test_importing_twice_is_once_and_what_was_superseded_stays(
    desk: House, first: dict[int, int], then: dict[int, int]
) -> None:
    number = desk.propose(name=f"Case {time.monotonic_ns()}", problem=f"Problem {time.monotonic_ns()}")
    files = [
        COUNTS + "".join(f"2025-08-0{day},2025-08-0{day},,,,{value}\n" for day, value in each.items())
        for each in (first, then)
    ]
    for text in (files[0], files[0], files[1], files[1]):
        assert imported("csv", text, use_case=number) == 0

    with desk.database.reading() as session:
        case = session.exec(select(UseCase.id).where(UseCase.number == int(number.removeprefix("UC-")))).one()
        rows = session.exec(select(UsageCount).where(col(UsageCount.use_case_id) == case)).all()
    counting = {row.first_day.day: row.value for row in rows if row.superseded_at is None}
    changed = {day for day in first.keys() & then.keys() if first[day] != then[day]}
    assert counting == first | then
    assert {row.first_day.day: row.value for row in rows if row.superseded_at} == {day: first[day] for day in changed}


def test_of_two_who_bring_in_the_same_file_at_once_one_stores_it(desk: House, monkeypatch: pytest.MonkeyPatch) -> None:
    desk.propose()
    text, now = days(("2025-08-04", "zoe"), ("2025-08-05", "yan")), desk.clock.now()
    meeting = Meeting()
    meeting.after(monkeypatch, stored_usage, "hold_key")

    together(*[lambda: bring_in(desk, text, now=now)] * 2)

    assert not meeting.both_came
    assert len(stored(desk, UsageDay)) == 2
    assert len(stored(desk, UsageImport)) == desk.facts().count("usage.imported") == 1


def test_ten_thousand_lines_come_in_at_once(desk: House, capsys: Said) -> None:
    desk.propose()
    lines = "".join(f"2025-08-{day:02},person{each}\n" for each in range(1_000) for day in range(1, 11))
    begun = time.process_time()

    assert imported("csv", f"day,person\n{lines}") == 0
    took = time.process_time() - begun

    told = capsys.readouterr().out
    assert "Stored: 10000." in told
    assert "… and 9900 more\n" in told
    assert uses(desk)["csv"].active == Figure.of(1_000)
    assert took < 10  # of this process, however busy the machine is

"""The demo's use cases: what the file must hold, and a few of them played by people's own hands."""

import sqlite3
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import closing
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from bot.cli.demo import DAYS_AGO, company
from bot.cli.demo_calendar import Person, events_of, workdays_before
from bot.cli.demo_cases import Case, Deed, Thread, facts, read
from bot.cli.demo_forms import filled
from bot.cli.demo_hands import Hands, HandsError, messages
from bot.cli.demo_oversight import OPTIONAL, Stage
from bot.cli.demo_programme import read as read_programme
from bot.cli.demo_programme import write_part
from bot.cli.demo_routes import DOCUMENT, document, holders_without
from bot.cli.demo_seeding import DEEDS, ROOM, VERBS, Notes, Seeding
from bot.cli.demo_setup import ROLES
from bot.cli.demo_usage import rows as usage_rows
from bot.cli.demo_windows import Windows
from db.enums import Direction, FoundationKind, Tier
from handlers.foundation.words import ONE
from handlers.ids import Block
from workflows import policy
from workflows.foundation import ITEMS
from workflows.foundation.rules import LONGEST_SUMMARY, REFERENCES, is_link
from workflows.intake import MOST_KPIS
from workflows.intake.rules import LONGEST
from workflows.policy.facts import BUILT_IN

CASES = read()
REAL = [case for case in CASES if not case.made_up]
PROGRAMME = read_programme()
PEOPLE = {user["name"]: Person(user["id"], user["tz"]) for user in company()["users"]}


def test_thirty_cases_are_the_registers_and_two_say_that_they_are_invented() -> None:
    assert len(REAL) == 30
    assert all({"agency", "record", "classification", "is_high_impact"} <= set(case.register) for case in REAL)
    for case in CASES:
        if case.made_up:
            assert "Invented for this demo" in case.answers["problem"]
    assert len(CASES) - len(REAL) == 2


def test_the_registers_own_dirt_is_among_them() -> None:
    texts = {case.key: "".join(case.answers[name] for name in ("problem", "benefit", "outputs")) for case in REAL}
    names = [case.name for case in REAL]

    assert sum(len(name) > 75 for name in names) >= 5
    assert sum(len(name) > 150 for name in names) >= 2
    for dirt in ("&", '"', "\n", "’", "–"):
        assert any(dirt in name for name in names), dirt
    for dirt in ("<", ">", "\n", "\xa0", "’"):
        assert any(dirt in text for text in [*texts.values(), *names]), dirt
    assert [name for name, count in Counter(names).items() if count > 1] == ["Developer Code Assistant AI"]
    assert len({case.register["agency"] for case in REAL}) > 12
    assert len({case.register["classification"] for case in REAL}) >= 6
    assert {case.register["is_high_impact"] for case in REAL} > {"High-impact", "Not High-impact"}


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.key)
def test_every_case_can_be_proposed_as_it_is_written(case: Case) -> None:
    for name in ("name", "problem", "benefit", "outputs", "team", "objective", "oversight", "vendor", "model"):
        assert len(case.answers[name] or "") <= LONGEST[name], name
    for name, given in facts(case.answers).items():
        own = {question.key: set(question.options) | {"unknown"} for question in policy_in_force().questions}
        assert given <= (set(BUILT_IN[name]) if name in BUILT_IN else own[name]), name
    assert 1 <= len(case.answers["kpis"]) <= MOST_KPIS
    assert {kpi["direction"] for kpi in case.answers["kpis"]} <= set(Direction)
    assert {case.proposer, case.owner, case.answers["sponsor"], *(deed.who for deed in case.deeds)} <= set(PEOPLE)
    assert case.proposer != case.owner
    assert [deed.ago for deed in case.deeds] == sorted((deed.ago for deed in case.deeds), reverse=True)
    assert {deed.does for deed in case.deeds} <= {*VERBS, *DEEDS, "resubmit", "change", "leave"}


def test_the_tiers_are_spread() -> None:
    tiers = Counter(policy.route_under(policy_in_force(), "use_case", facts(case.answers)).tier for case in REAL)

    assert min(tiers[tier] for tier in (Tier.LOW, Tier.MEDIUM, Tier.HIGH)) >= 5
    assert {policy.route_under(policy_in_force(), "use_case", facts(c.answers)).tier for c in CASES if c.made_up} == {
        Tier.PROHIBITED
    }


def test_the_page_of_real_cases_says_what_the_policy_does() -> None:
    written = DOCUMENT.read_text(encoding="utf-8")

    assert document(policy_in_force()) == written, "run: python -m bot.cli.demo_routes"
    for case in CASES:
        route = policy.route_under(policy_in_force(), "use_case", facts(case.answers))
        excluded = {user["real_name"] for user in company()["users"] if user["name"] in (case.proposer, case.owner)}
        for lane in (lane for stage in (route.chain.stages if route.chain else ()) for lane in stage.lanes):
            assert len(set(holders_without(case)[lane.role]) - excluded) >= (lane.rule.amount or 1), lane.role


@pytest.mark.parametrize("today", [date(2026, 1, 1 + day) for day in range(7)], ids=lambda day: f"{day:%A}")
def test_everything_happens_on_working_days_after_the_workspace_began(today: date) -> None:
    events = events_of(CASES, PEOPLE, today, PROGRAMME)

    assert len(events) == len(CASES) + sum(len(each.deeds) for each in (*CASES, *PROGRAMME))
    assert {event.at.weekday() for event in events} <= {0, 1, 2, 3, 4}
    assert (today - events[0].at.date()).days < DAYS_AGO
    assert all(event.at.date() < today for event in events)
    assert workdays_before(date(2026, 11, 23), 1) == date(2026, 11, 20)


@pytest.mark.parametrize("kind", FoundationKind)
def test_every_part_of_the_foundation_is_written_whole_and_approved_by_somebody_else(kind: FoundationKind) -> None:
    [part] = [each for each in PROGRAMME if each.key == REFERENCES[kind]]
    given, written, approved = part.deeds

    assert given.changed["owner"] == written.who != approved.who
    assert PEOPLE[approved.who].id in ROLES["governance"]
    assert len(written.changed["summary"]) <= LONGEST_SUMMARY
    assert is_link(written.changed["link"])
    assert {item["kind"] for item in written.changed["items"]} == {ONE[each] for each in ITEMS[kind]}


def test_nothing_is_deployed_before_the_gate_is_opened() -> None:
    [gate] = [each for each in PROGRAMME if each.key.startswith("GATE")]
    parts = [each.deeds[-1].ago for each in PROGRAMME if each is not gate]
    deploying = [deed.ago for case in CASES for deed in case.deeds if deed.does == "move_on"]

    assert min(parts) > gate.deeds[0].ago
    assert gate.deeds[-1].ago > max(deploying)
    assert {deed.does for deed in gate.deeds} <= {*VERBS, *DEEDS}


def test_the_made_up_report_of_use_grows_and_says_the_same_again() -> None:
    told = list(usage_rows(until=date(2026, 11, 29)))
    weeks = [
        {row["user_id"] for row in told if date.fromisoformat(row["day"]).isocalendar().week == n} for n in (45, 48)
    ]

    assert told == list(usage_rows(until=date(2026, 11, 29)))
    assert 5 <= len(weeks[0]) < len(weeks[1]) < 42
    assert max(row["day"] for row in told) < "2026-11-29"


def test_every_question_of_a_check_in_is_thought_of() -> None:
    asked = {block.rpartition(".")[2] for block in Block if block.startswith("checkins.answer.")}

    assert asked == {*OPTIONAL, "value", "sure", "track", "why", "help"}


def policy_in_force() -> policy.Policy:
    return policy.parse(policy.default_text())


# ------------------------------------------------------------------------------------------- being played

CHOSEN = {
    "ink_and_paper": 0,
    "document_descriptions": 5,
    "developer_assistant": 1,
    "pair_programmer": 0,
    "draft_reports": 4,
    "payment_errors": 3,
    "complaint_topics": 6,
    "invoice_bots": 4,
    "payment_redirects": 4,
    "benefits_assistant": 0,
    "staff_complaints": 0,
    "customer_scores": 0,
}
"""Which cases are played here, and how many of the deeds that follow them, without what has to wait for a Tuesday."""
WEEKLY = {"answer", "confirm"}


def chosen() -> list[Case]:
    return [shortened(case, CHOSEN[case.key]) for case in CASES if case.key in CHOSEN]


def shortened(case: Case, deeds: int) -> Case:
    kept: Sequence[Deed] = [deed for deed in case.deeds if deed.does not in WEEKLY][:deeds]
    return Case(**{name: getattr(case, name) for name in Case.__slots__ if name != "deeds"}, deeds=kept)


@pytest.fixture(scope="module")
def seeded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, Path]]:
    """Start an empty demo, play the foundation and the chosen cases in it; give its address and its folder.

    Who writes the first part stops in the middle of it, and is killed there.
    """
    folder = tmp_path_factory.mktemp("demo")
    command = [sys.executable, "-m", "bot.cli", "demo", "--empty", "--data", str(folder), "--port", "0"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as demo:
        assert demo.stdout is not None
        said = ""
        for line in demo.stdout:
            said += line
            if "Ctrl-C" in line:
                break
        address = next(word for word in said.split() if word.startswith("http://")).partition("/?")[0]
        try:
            half_written(address, folder)
            play(address, folder, chosen(), PROGRAMME)
            yield address, folder
        finally:
            demo.terminate()
            demo.wait(20)


def half_written(address: str, folder: Path) -> None:
    """Give the first part to its owner, who writes its text and one thing of it."""
    part = PROGRAMME[0]
    notes = play(address, folder, [], [Thread(part.key, part.deeds[:1])])
    hands, ids = Hands(address), {name: person.id for name, person in PEOPLE.items()}
    stage = Stage(hands, Windows(hands), ids, date.fromisoformat(notes.today), ROOM)
    writes = part.deeds[1]
    some = {**writes.changed, "items": writes.changed["items"][:1]}
    write_part(stage, ids[writes.who], part.key, Deed(writes.ago, writes.who, writes.does, changed=some))
    notes.trying = f"{part.key}.1"
    notes.write()


def play(address: str, folder: Path, cases: Sequence[Case], threads: Sequence[Thread]) -> Notes:
    notes = Notes.read(folder / "seeding.json")
    seeding = Seeding(address, cases, threads, people=PEOPLE, notes=notes, say=lambda _done, _of: None, doubt=1.0)
    seeding.run()
    assert seeding.is_done
    return notes


def rows(folder: Path, question: str) -> list[Any]:
    with closing(sqlite3.connect(f"file:{folder / 'gatehouse.db'}?mode=ro", uri=True)) as database:
        return database.execute(question).fetchall()


def states(folder: Path) -> dict[str, str]:
    """Return the state of each use case by the key of its case, told by its name."""
    return by_case(folder, "u.state")


def but_for_break_glass(folder: Path) -> dict[str, str]:
    """Return the same without what went ahead by break-glass: how long ago depends on the day of the week."""
    return {key: state for key, state in states(folder).items() if key != "payment_redirects"}


def tiers(folder: Path) -> dict[str, str]:
    return by_case(folder, "q.tier")


def by_case(folder: Path, column: str) -> dict[str, str]:
    keys = {" ".join(case.name.split()): case.key for case in reversed(CASES)}
    found = rows(
        folder,
        f"select r.name, {column} from use_cases u join approval_requests q on q.subject_id = u.id"  # noqa: S608 - ours
        " and q.amends_id is null"
        " join use_case_revisions r on r.use_case_id = u.id and r.revision = u.revision",
    )
    assert len(found) == len({name for name, _ in found}), "a use case was proposed twice"
    return {keys[name]: value for name, value in found}


def latest(case: Case) -> dict[str, Any]:
    """Return the answers of a case after its changes."""
    changes: dict[str, Any] = {}
    for deed in case.deeds:
        changes |= deed.changed
    return {**case.answers, **changes}


EXPECTED = {
    "ink_and_paper": "approved",
    "document_descriptions": "deployed",
    "developer_assistant": "in_review",
    "draft_reports": "in_review",
    "payment_errors": "approved",
    "complaint_topics": "approved_with_conditions",
    "invoice_bots": "approved",
    "staff_complaints": "in_review",
    "customer_scores": "rejected",
}


@pytest.mark.story
def test_people_propose_join_decide_and_answer_changes(seeded: tuple[str, Path]) -> None:
    _, folder = seeded
    notes = Notes.read(folder / "seeding.json")

    assert but_for_break_glass(folder) == EXPECTED
    drafts = Counter(status for (status,) in rows(folder, "select status from drafts where status <> 'discarded'"))
    assert drafts == {"submitted": 12, "joined": 1, "open": 1}
    assert tiers(folder) == {
        case.key: policy.route_under(policy_in_force(), "use_case", facts(latest(case))).tier
        for case in chosen()
        if case.key in EXPECTED or case.key == "payment_redirects"
    }
    assert rows(folder, "select count(*) from drafts where source_link is not null") == [(1,)]
    assert rows(folder, "select count(*) from approval_rounds where cause = 'resubmitted'") == [(1,)]
    assert rows(folder, "select revision, pending_revision from use_cases where pending_revision is not null") == [
        (1, 2)
    ]
    assert notes.references["pair_programmer"] == notes.references["developer_assistant"]


@pytest.mark.story
def test_people_look_after_what_is_approved_and_let_one_go_ahead(seeded: tuple[str, Path]) -> None:
    _, folder = seeded

    assert oversight(folder) == OVERSIGHT


OVERSIGHT = {
    "select status from conditions order by status": [("met",), ("open",)],
    "select n, value from baselines order by n": [(96, 12.4), (212, 30.0)],
    "select tier from recertification_campaigns": [("medium",)],
    "select answer from recertifications where answer is not null order by answer": [("changed",), ("still_valid",)],
    "select hours from break_glasses where in_force_at is not null": [(72,)],
}


def oversight(folder: Path) -> dict[str, list[Any]]:
    """Return what followed the decisions, by the question that is asked."""
    return {question: rows(folder, question) for question in OVERSIGHT}


@pytest.mark.story
def test_people_lay_the_foundation_and_what_was_half_written_is_finished_once(seeded: tuple[str, Path]) -> None:
    _, folder = seeded

    assert programme(folder) == LAID


LAID = {
    "select count(*), min(approved_at is not null) from foundation_versions": [(8, 1)],
    "select count(*) from foundation_items": [(sum(len(part.deeds[1].changed["items"]) for part in PROGRAMME[:8]),)],
    "select count(*) from gate_requests": [(1,)],
    "select count(*), sum(done_at is not null) from workstream_tasks": [(2, 2)],
    "select state from use_case_stages order by id": [("in_deployment",), ("deployed",)],
}


def programme(folder: Path) -> dict[str, list[Any]]:
    """Return what became of the foundation, the gate and the deployment, by the question that is asked."""
    return {question: rows(folder, question) for question in LAID}


@pytest.mark.story
@pytest.mark.parametrize(
    "event",
    [
        "DLV-1.0",
        "DLV-1.1",
        "GATE-1.0",
        "GATE-1.1",
        "ink_and_paper.0",
        "document_descriptions.3",
        "document_descriptions.4",
        "document_descriptions.5",
        "developer_assistant.0",
        "developer_assistant.1",
        "draft_reports.3",
        "benefits_assistant.0",
        "payment_errors.3",
        "complaint_topics.2",
        "complaint_topics.4",
        "complaint_topics.5",
        "complaint_topics.6",
        "invoice_bots.3",
        "invoice_bots.4",
        "payment_redirects.3",
        "payment_redirects.4",
    ],
)
def test_a_seeding_killed_between_doing_and_noting_does_nothing_twice(seeded: tuple[str, Path], event: str) -> None:
    address, folder = seeded
    notes = Notes.read(folder / "seeding.json")
    notes.done.remove(event)
    notes.trying = event
    notes.write()

    play(address, folder, chosen(), PROGRAMME)

    assert but_for_break_glass(folder) == EXPECTED
    assert oversight(folder) == OVERSIGHT
    assert programme(folder) == LAID
    assert rows(folder, "select count(*) from drafts where status = 'open'") == [(1,)]
    assert rows(
        folder,
        "select count(*) from approval_votes where lane_id in (select id from approval_lanes where kept_from is null)",
    ) == [(23,)]


@pytest.mark.story
def test_what_is_confidential_is_in_no_channel(seeded: tuple[str, Path]) -> None:
    address, _ = seeded
    [case] = [case for case in CASES if case.key == "staff_complaints"]
    ann = Hands(address).sees(PEOPLE["ann"].id)
    direct = {channel["id"] for channel in ann["dms"]}

    places = {place for place, message in messages(ann) if case.name in message["text"]}
    assert places
    assert places <= direct


def test_a_question_nobody_wrote_an_answer_for_is_named() -> None:
    label = {"type": "plain_text", "text": "Whose idea was it?"}
    block = {"type": "input", "block_id": "intake.use_case.idea", "label": label}
    view = {"id": "V1", "blocks": [{**block, "element": {"type": "plain_text_input", "action_id": "input"}}]}

    with pytest.raises(HandsError, match="Nobody thought of the question “Whose idea was it"):
        filled(Hands("http://127.0.0.1:9"), "U0ANYBODY", view, {"name": "Any"})

"""`gatehouse policy …` from a policy owner's chair: what is said of a file, what is put in force, and what moves."""

import json
import re
from functools import partial
from pathlib import Path

import pytest
import yaml
from sqlmodel import select

from bot.cli import main
from db.enums import Verb
from db.queries import configuration
from db.tables import LedgerEvent, PolicyVersion
from tests.support.chains import hire, lane, policy_text, put_in_force, stage
from tests.support.house import House
from tests.support.races import Meeting, together
from workflows import approvals, intake, people, policy, reactions
from workflows.approvals import Refusal, Refused, Vote

Said = pytest.CaptureFixture[str]

BOARD = policy_text(stage("one", lane("a", "board")))
ONE_PERSON = policy_text(stage("one", lane("governance", "governance")))
TWO_STAGES = policy_text(stage("one", lane("governance", "governance")), stage("two", lane("board", "board")))
BY_LINE = """\
name: Nobody is asked
version: 1
roles: {governance: {name: Governance}}
tiers:
  prohibited:
    - line: no_faces
      reason: We recognise nobody.
      when: {areas: biometrics}
chains:
  one:
    stages:
      - key: s
        name: S
        lanes: [{key: l, name: L, role: governance, rule: any, sections: [data], answer_within_hours: 24}]
subjects:
  use_case:
    chains: {high: one, medium: one}
    approved_by: {low: {line: harmless, reason: Nothing calls for more.}}
"""


@pytest.fixture
def desk(house: House, database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> House:
    """Return a house whose database the commands open, where Ann holds governance and nobody the board."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("DATABASE_URL", database_url)
    return house


def written(text: str | bytes) -> str:
    """Put a policy file on the desk and return its name."""
    Path("policy.yml").write_bytes(text if isinstance(text, bytes) else text.encode())
    return "policy.yml"


def stored(house: House) -> list[PolicyVersion]:
    with house.database.reading() as session:
        return list(session.exec(select(PolicyVersion).order_by(PolicyVersion.number)))


# ------------------------------------------------------------------------------------ check and apply


def test_an_administrator_changes_the_policy_and_sees_it(desk: House, capsys: Said) -> None:
    hire(desk, "U_BOARD", "board")
    file = written(BOARD)

    assert main(["policy", "check", file]) == 0
    assert "“A policy for a test” can be used: 1 chain, 0 questions, and somebody holds" in capsys.readouterr().out
    assert main(["policy", "apply", file]) == 0
    assert "Policy version 2 is in force for new requests. Requests in review keep theirs." in capsys.readouterr().out
    assert main(["policy", "show"]) == 0
    assert capsys.readouterr().out == BOARD
    assert [each.number for each in stored(desk)] == [1, 2]


def test_applying_what_is_in_force_changes_nothing_and_says_so(desk: House, capsys: Said) -> None:
    hire(desk, "U_BOARD", "board")
    main(["policy", "apply", written(BOARD)])
    before = desk.facts()

    assert main(["policy", "apply", "policy.yml"]) == 0

    assert "Policy version 2 is this file already. Nothing was changed." in capsys.readouterr().out
    assert desk.facts() == before


@pytest.mark.parametrize(
    ("content", "said"),
    [
        pytest.param(b"name: x\nversion: 1\n", "line 1: chains: the key “chains” is missing", id="half a policy"),
        pytest.param(b"name: x\n\xff\xfe", "line 2: policy: a character that is not UTF-8", id="no text at all"),
        pytest.param(b"a" * 200_001, "a file of 200,001 bytes", id="a file nobody wrote"),
        pytest.param(
            BOARD.replace("  use_case:", "  pie:"),
            "subjects: there is no rule for use_case; each would be refused",
            id="a policy without a rule for use cases",
        ),
        pytest.param(
            BOARD.replace("rule: any", "rool: any"),
            "lanes.a.rool: there is no key “rool” here; there are key, name, role, rule",
            id="a key nobody knows",
        ),
        pytest.param(
            BOARD.replace("name: Board", "name: Board\n    fallback: board"),
            "line 6: roles.board.fallback: a circle: board > board",
            id="a circle of fallbacks",
        ),
        pytest.param(
            BOARD,
            "lanes.a.role: nobody holds the role “board”; first: gatehouse roles grant board U… --new",
            id="a role nobody holds",
        ),
        pytest.param(
            BOARD.replace("role: board", "role: lead"),
            "nobody holds the role “lead”; first: gatehouse roles grant lead U…\n",
            id="programme leads who are not there",
        ),
        pytest.param(
            ONE_PERSON.replace("name: Governance\n", "name: Governance\n    fallback: board\n", 1).replace(
                "roles:\n", "roles:\n  board: {name: Board}\n"
            ),
            "roles.governance.fallback: nobody holds the role “board”",
            id="a fallback nobody holds",
        ),
        pytest.param(
            ONE_PERSON.replace("rule: any", "rule: {at_least: 2}"),
            "lanes.governance.rule: at least 2 must approve, but 1 person holds the role “governance”",
            id="more than there are",
        ),
        pytest.param(
            ONE_PERSON.replace("rule: any", "rule: any\n        reject: {at_least: 3}"),
            "lanes.governance.reject: at least 3 must reject, but 1 person holds the role “governance”",
            id="more than there are to reject",
        ),
    ],
)
@pytest.mark.parametrize("command", ["check", "apply"])
def test_a_policy_that_cannot_be_used_is_refused_in_sentences_and_not_stored(
    desk: House, capsys: Said, content: str | bytes, said: str, command: str
) -> None:
    before = desk.facts()

    assert main(["policy", command, written(content)]) == 1

    told = capsys.readouterr().err
    assert said in told
    assert "Traceback" not in told
    assert len(stored(desk)) == 1
    assert desk.facts() == before


def test_a_role_nobody_holds_is_told_once(desk: House, capsys: Said) -> None:
    main(["policy", "check", written(policy_text(stage("one", lane("a", "board"), lane("b", "board"))))])

    assert desk
    assert capsys.readouterr().err.count("nobody holds") == 1


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("sqlite:///nowhere.db", "There is no database at"),
        ("garbage", "DATABASE_URL must start with"),
        ("postgresql+psycopg://nobody:secret@127.0.0.1:9/nothing", "busy or away"),
    ],
)
def test_without_a_database_a_file_is_checked_by_itself_which_is_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Said, url: str, said: str
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("DATABASE_URL", url)

    assert main(["policy", "check", written(BOARD)]) == 0

    told = capsys.readouterr().out
    assert "“A policy for a test” is well written: 1 chain, 0 questions." in told
    assert "Who holds its roles was not looked at, for want of a database." in told
    assert said in told
    assert "secret" not in told
    assert main(["policy", "check", written("name: x")]) == 1


def test_a_file_that_is_not_there_is_said_to_be_so(desk: House, capsys: Said) -> None:
    assert desk
    for command in ("apply", "check"):
        assert main(["policy", command, "nowhere.yml"]) == 1
        assert "nowhere.yml" in capsys.readouterr().err
    assert main(["policy", "apply", "."]) == 1


# ---------------------------------------------------------------------------------- show and versions


def test_every_version_can_be_read_again(desk: House, capsys: Said) -> None:
    put_in_force(desk, BOARD)
    put_in_force(desk, TWO_STAGES)

    assert main(["policy", "show", "--version", "2"]) == 0
    assert capsys.readouterr().out == BOARD
    assert main(["policy", "show"]) == 0
    assert capsys.readouterr().out == TWO_STAGES
    assert main(["policy", "show", "--version", "9"]) == 1
    assert "There is no policy version 9." in capsys.readouterr().err


def test_versions_say_when_by_whom_and_which_content(desk: House, capsys: Said) -> None:
    desk.clock.advance(hours=1)
    with desk.database.transaction() as session:
        [ann] = people.holders_of(session, "governance")
        policy.apply(session, BOARD, actor=ann.id, now=desk.clock.now())

    assert main(["policy", "versions"]) == 0

    first, second = capsys.readouterr().out.splitlines()
    assert re.fullmatch(r"1  \d{4}-\d\d-\d\d \d\d:\d\d:\d\d UTC  [0-9a-f]{64}  command line or first start", first)
    assert second.endswith("  Ann")
    assert stored(desk)[1].content_hash in second
    with desk.database.reading() as session:
        rows = session.exec(select(LedgerEvent).where(LedgerEvent.stream == "configuration:policy")).all()
    assert [json.loads(row.body)["data"]["content_hash"] for row in rows] == [
        each.content_hash for each in stored(desk)
    ]


def test_before_the_first_start_the_shipped_policy_is_shown(
    database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Said
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("DATABASE_URL", database_url)

    assert main(["policy", "show"]) == 0
    told = capsys.readouterr()
    assert told.out == policy.default_text()
    assert "the first start applies" in told.err
    assert main(["policy", "versions"]) == 0
    assert "No policy is in force yet." in capsys.readouterr().out


# ------------------------------------------------------------------------------------------------ route


def test_an_author_tries_what_some_answers_lead_to(desk: House, capsys: Said) -> None:
    assert desk
    file = written(policy.default_text())
    answers = ["data_class=personal", "affected=customers,employees", "build=vendor", "vendor_keeps_data=unknown"]

    assert main(["policy", "route", file, "--facts", *answers]) == 0

    assert capsys.readouterr().out.splitlines() == [
        "Tier: high",
        (
            "  vendor_trains: The vendor may train on confidential or personal data of ours. "
            "(vendor_keeps_data = unknown, data_class = personal)"
        ),
        "Stage 1, Specialist review:",
        "  AI governance: any of governance, or else of lead",
        "  Privacy: any of privacy, or else of legal, governance, lead",
        "  Legal: any of legal, or else of governance, lead",
        "  Risk: any of risk, or else of governance, lead",
        "Stage 2, AI council:",
        "  AI council: at least 2 of council, or else of lead",
        "Not given, and so met by no condition: output_use, processing, decision, areas, practices",
    ]


@pytest.mark.parametrize(
    ("answers", "said"),
    [
        (["areas=biometrics"], "Nobody is asked: the line no_faces rejects it. We recognise nobody."),
        (["areas="], "Nobody is asked: the line harmless approves it. Nothing calls for more."),
    ],
)
def test_the_policy_in_force_can_be_asked_too(desk: House, capsys: Said, answers: list[str], said: str) -> None:
    put_in_force(desk, BY_LINE)

    assert main(["policy", "route", "--in-force", "--facts", *answers]) == 0

    assert said in capsys.readouterr().out


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--facts", "data"], "'data' is no answer; write fact=value, for example data_class=personal."),
        (["--facts", "colour=red"], "There is no fact 'colour'. There are: output_use, data_class"),
        (["--facts", "data_class=secret"], "'secret' is no answer to data_class. There are: public, internal"),
        (["--facts", "data_class=public,internal"], "data_class has one answer, not 2."),
        (["--facts", "data_class="], "data_class has one answer, not 0."),
        (["--facts", "vendor_keeps_data=never", "vendor_keeps_data=trains"], "vendor_keeps_data has one answer"),
        (
            ["--subject", "pie"],
            "The policy has no rule for 'pie'. It has: use_case, deliverable, governance_area, gate, rollout.",
        ),
    ],
)
def test_answers_nobody_can_give_are_refused(desk: House, capsys: Said, arguments: list[str], said: str) -> None:
    assert desk

    assert main(["policy", "route", written(policy.default_text()), *arguments]) == 1

    assert said in capsys.readouterr().err


# ---------------------------------------------------------------------------------------------- reroute


@pytest.fixture
def three_requests(desk: House) -> House:
    """Return a desk with UC-1 in review, UC-2 with its proposer, and UC-3 approved, under a policy of one lane."""
    put_in_force(desk, ONE_PERSON)
    for number in (1, 2, 3):
        desk.clock.advance(minutes=1)
        desk.propose(name=f"Idea number {number}")
    decide(desk, "UC-2", Verb.REQUEST_CHANGES)
    decide(desk, "UC-3", Verb.APPROVE)
    hire(desk, "U_BOARD", "board")
    return desk


def decide(house: House, reference: str, verb: Verb) -> None:
    """Let Ann decide in the lane that waits for her."""
    with house.database.transaction() as session:
        [ann] = people.holders_of(session, "governance")
        lane_of_hers = approvals.existing_request(session, house.request_id(reference)).open_lane_of(ann.id)
        assert lane_of_hers is not None
        vote = Vote(lane_of_hers.id, verb, lane_of_hers.content_digest, "Say more.")
        reactions.cast_vote(session, vote, voter=ann, delivery=f"{reference} {verb}", now=house.clock.now())


def standing(house: House, reference: str) -> tuple[str, str, list[str], str]:
    """Return a request's status and tier, its lanes as names, and the state of its use case."""
    with house.database.reading() as session:
        request = approvals.existing_request(session, house.request_id(reference))
        use_case = intake.find(session, int(reference.removeprefix("UC-")))
        assert use_case is not None
        lanes = [each.name for part in request.stages for each in part.lanes]
        return request.status.value, request.tier.value, lanes, use_case.state.value


def test_open_requests_are_laid_out_anew_when_somebody_says_so(three_requests: House, capsys: Said) -> None:
    put_in_force(three_requests, TWO_STAGES.replace("medium", "high"))
    assert standing(three_requests, "UC-1") == ("in_review", "medium", ["Governance"], "in_review")

    assert main(["policy", "reroute"]) == 0

    assert capsys.readouterr().out.splitlines() == [
        "UC-1: medium to high; [Governance] to [Governance > Board]",
        "UC-2: is with its proposer; it is routed anew when it comes back",
        "1 of 2 requests laid out anew.",
    ]
    assert standing(three_requests, "UC-1") == ("in_review", "high", ["Governance", "Board"], "in_review")
    assert standing(three_requests, "UC-3")[0] == "approved"
    assert three_requests.facts().count("approval.request_rerouted") == 1


def test_a_dry_run_says_the_same_and_changes_nothing(three_requests: House, capsys: Said) -> None:
    put_in_force(three_requests, TWO_STAGES)
    before = three_requests.facts()

    assert main(["policy", "reroute", "UC-1", "uc 3", "--dry-run"]) == 0

    assert capsys.readouterr().out.splitlines() == [
        "UC-1: stays medium; [Governance] to [Governance > Board]",
        "UC-3: is decided already",
        "1 of 2 requests would be laid out anew; nothing was changed.",
    ]
    assert three_requests.facts() == before
    assert standing(three_requests, "UC-1")[2] == ["Governance"]


def test_a_request_the_new_policy_sends_to_the_same_people_is_left_alone(three_requests: House, capsys: Said) -> None:
    put_in_force(three_requests, ONE_PERSON.replace("A policy for a test", "The same, by another name"))
    before = three_requests.facts()

    assert main(["policy", "reroute", "UC-1"]) == 0

    assert "UC-1: stays medium, and is asked of the same people" in capsys.readouterr().out
    assert three_requests.facts() == before


def test_a_change_of_who_stands_in_counts_as_another_course(three_requests: House, capsys: Said) -> None:
    document = yaml.safe_load(ONE_PERSON)
    document["roles"] = {"governance": {"name": "Governance", "fallback": "board"}, "board": {"name": "Board"}}
    put_in_force(three_requests, yaml.safe_dump(document))

    assert main(["policy", "reroute", "UC-1"]) == 0

    assert "UC-1: stays medium; [Governance] to [Governance]" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("tier", "told", "status"),
    [
        pytest.param(
            "prohibited", "UC-1: medium to prohibited; [Governance] to rejected by the line fixed", "rejected"
        ),
        pytest.param("low", "UC-1: medium to low; [Governance] to approved by the line harmless", "approved"),
    ],
)
def test_a_line_may_decide_what_was_with_people_and_its_proposer_hears_of_it(
    three_requests: House, capsys: Said, tier: str, told: str, status: str
) -> None:
    document = yaml.safe_load(BY_LINE)
    document["subjects"]["use_case"] |= {"tier": tier}
    put_in_force(three_requests, yaml.safe_dump(document))
    three_requests.send()
    before = len(three_requests.posts_to("U_PRIYA"))

    assert main(["policy", "reroute"]) == 0

    assert told in capsys.readouterr().out
    assert standing(three_requests, "UC-1") == (status, tier, [], status)
    three_requests.send()
    assert len(three_requests.posts_to("U_PRIYA")) == before + 1
    assert main(["ledger", "verify"]) == 0


def test_a_request_nobody_made_is_refused_before_anything_moves(three_requests: House, capsys: Said) -> None:
    put_in_force(three_requests, TWO_STAGES)

    assert main(["policy", "reroute", "UC-1", "UC-99"]) == 1

    assert "There is no request 'UC-99'. References are written like UC-42." in capsys.readouterr().err
    assert standing(three_requests, "UC-1")[2] == ["Governance"]


def test_a_request_that_came_back_while_it_was_looked_at_is_routed_on_what_it_says_now(
    three_requests: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    put_in_force(three_requests, TWO_STAGES)
    taken = iter([Refused(Refusal.CONTENT_CHANGED, None)])
    original = approvals.reroute
    monkeypatch.setattr(approvals, "reroute", lambda *given, **named: next(taken, None) or original(*given, **named))

    assert main(["policy", "reroute", "UC-1"]) == 0

    assert standing(three_requests, "UC-1")[2] == ["Governance", "Board"]


# ----------------------------------------------------------------------------------- at the same moment


def test_of_two_policies_applied_at_once_both_have_their_number_and_the_later_one_is_in_force(
    desk: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    meeting = Meeting()
    meeting.after(monkeypatch, configuration, "policy_in_force")
    files = [policy_text(stage(name, lane("governance", "governance"))) for name in ("left", "right")]

    together(*(partial(put_in_force, desk, file) for file in files))

    assert not meeting.both_came
    kept = stored(desk)
    assert [each.number for each in kept] == [1, 2, 3]
    assert {each.content for each in kept[1:]} == set(files)
    with desk.database.reading() as session:
        assert policy.in_force(session).content_hash == kept[2].content_hash
    assert desk.facts().count("policy.applied") == 3
    assert main(["ledger", "verify"]) == 0

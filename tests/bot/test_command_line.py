"""`gatehouse COMMAND` from an administrator's chair: what it does, what it says, and what it exits with."""

import json
import socket
import subprocess
import sys
from http.client import IncompleteRead
from pathlib import Path
from urllib.error import URLError
from urllib.parse import urlsplit

import pytest

from bot import runtime
from bot.cli import doctor, main
from bot.cli import slack as asked
from db.session import Database
from tests.support.chains import lane, policy_text, put_in_force, stage
from tests.support.fakes import FakeSlack, World, member, user_group
from tests.support.house import GOVERNANCE, House
from tests.support.scoring import Scoring


@pytest.fixture
def desk(house: House, database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> House:
    """Return a house whose database and Slack the commands talk to."""
    monkeypatch.chdir(tmp_path)
    for name, value in {
        "DATABASE_URL": database_url,
        "SLACK_BOT_TOKEN": "xoxb-fake",
        "SLACK_APP_TOKEN": "xapp-fake",
    }.items():
        monkeypatch.setenv(name, value)
    slack = TalkativeSlack(house.world)
    house.slack = slack
    for module in (asked, doctor):
        monkeypatch.setattr(module, "directory_client", lambda *_: slack)
    return house


class TalkativeSlack(FakeSlack):
    """Also says who we are and what a channel is."""

    def __init__(self, world: World) -> None:
        super().__init__(world)
        world.channels = {
            GOVERNANCE: {"id": GOVERNANCE},
            "C_SHARED": {"id": "C_SHARED", "is_ext_shared": True},
            "C_SOON": {"id": "C_SOON", "is_pending_ext_shared": True},
            "C_OLD": {"id": "C_OLD", "is_archived": True},
            "C_ELSEWHERE": {"id": "C_ELSEWHERE", "is_member": False},
        }

    def _auth_test(self, _: dict[str, str]) -> dict[str, str]:
        return {"team_id": "T0HOME", "user_id": "U_BOT"}


def test_roles_are_granted_listed_and_withdrawn(desk: House, capsys: pytest.CaptureFixture[str]) -> None:
    put_in_force(desk, policy_text(stage("one", lane("a", "governance"), lane("b", "board"))))
    assert main(["roles", "grant", "board", "U_OTTO"]) == 0
    assert main(["roles", "grant", "board", "U_OTTO"]) == 0
    assert main(["roles", "list"]) == 0
    told = capsys.readouterr().out
    assert "Otto holds board." in told
    assert "held board already" in told
    assert "board: Otto (U_OTTO)" in told
    assert "lead: nobody" in told

    assert main(["roles", "withdraw", "board", "U_OTTO"]) == 0
    assert main(["roles", "withdraw", "board", "U_OTTO"]) == 1
    assert "U_OTTO does not hold board." in capsys.readouterr().err
    assert desk.facts().count("people.role_withdrawn") == 1


def test_granting_a_role_opens_what_waited_for_it(desk: House, capsys: pytest.CaptureFixture[str]) -> None:
    main(["roles", "withdraw", "governance", "U_ANN"])
    desk.propose()

    assert main(["roles", "grant", "governance", "U_BEN"]) == 0

    assert "1 blocked request(s) can be decided now" in capsys.readouterr().out
    desk.send()
    assert len(desk.posts_to("U_BEN")) == 1


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        pytest.param(["roles", "grant", "governance", "U_GUEST"], "not a full member", id="a guest"),
        pytest.param(["roles", "grant", "governance", "U_NOWHERE"], "user_not_found", id="nobody"),
        pytest.param(["roles", "grant", "The Board", "U_OTTO"], "The Board", id="a role no policy can name"),
        pytest.param(["roles", "grant", "goverance", "U_OTTO"], "It names: governance", id="a slip of the hand"),
        pytest.param(["settings", "set", "governance-channel", "C_SHARED"], "another organisation", id="a shared one"),
        pytest.param(["settings", "set", "governance-channel", "C_SOON"], "another organisation", id="one about to be"),
        pytest.param(["settings", "set", "governance-channel", "C_OLD"], "archived", id="an archived one"),
        pytest.param(["settings", "set", "governance-channel", "C_ELSEWHERE"], "/invite", id="one we are not in"),
        pytest.param(["settings", "set", "governance-channel", "C_NO"], "Invite it", id="a channel we cannot see"),
        pytest.param(["ledger", "verify", "--export", "nowhere.jsonl"], "nowhere.jsonl", id="an export not there"),
    ],
)
def test_what_cannot_be_done_is_a_sentence_and_exit_code_one(
    desk: House, capsys: pytest.CaptureFixture[str], arguments: list[str], said: str
) -> None:
    desk.world.people["U_GUEST"] = member("U_GUEST", is_restricted=True)

    assert main(arguments) == 1

    assert said in capsys.readouterr().err


def test_a_user_group_is_given_a_role_with_everybody_in_it(desk: House, capsys: pytest.CaptureFixture[str]) -> None:
    desk.world.groups = {"S_BOARD": user_group("S_BOARD", "U_BEN", "U_OTTO")}

    assert main(["roles", "grant", "lead", "S_BOARD"]) == 0
    assert main(["roles", "grant", "lead", "S_BOARD"]) == 0
    assert main(["roles", "list"]) == 0

    told = capsys.readouterr().out
    assert "@board holds lead." in told
    assert "@board held lead already." in told
    assert "lead: @board (S_BOARD, 2 full members)" in told
    assert main(["roles", "withdraw", "lead", "U_BEN"]) == 1
    assert "is in a user group that was: @board (S_BOARD)" in capsys.readouterr().err
    assert main(["roles", "withdraw", "lead", "S_BOARD"]) == 0
    assert main(["roles", "withdraw", "lead", "S_BOARD"]) == 1


def test_the_last_admin_is_not_withdrawn(desk: House, capsys: pytest.CaptureFixture[str]) -> None:
    desk.world.groups = {"S_BOARD": user_group("S_BOARD", "U_BEN")}
    main(["roles", "grant", "admin", "U_OTTO"])

    assert main(["roles", "withdraw", "admin", "U_OTTO"]) == 1
    assert "would leave nobody as admin" in capsys.readouterr().err

    main(["roles", "grant", "admin", "S_BOARD"])
    assert main(["roles", "withdraw", "admin", "U_OTTO"]) == 0
    assert main(["roles", "withdraw", "admin", "S_BOARD"]) == 1


@pytest.mark.parametrize("role", ["admin", "lead", "auditor", "break_glass"])
def test_the_roles_that_always_exist_can_be_given_under_any_policy(desk: House, role: str) -> None:
    assert desk
    assert main(["roles", "grant", role, "U_OTTO"]) == 0


@pytest.mark.parametrize("verb", ["grant", "withdraw"])
def test_the_role_of_the_stakeholder_map_is_neither_given_nor_taken(
    desk: House, capsys: pytest.CaptureFixture[str], verb: str
) -> None:
    assert desk
    assert main(["roles", verb, "stakeholder", "U_OTTO"]) == 1

    told = capsys.readouterr().err
    assert "whoever the stakeholder map in force names as an approver holds it" in told
    assert "`/gatehouse foundation`" in told


def test_a_role_of_a_policy_about_to_be_applied_is_given_on_request(
    desk: House, capsys: pytest.CaptureFixture[str]
) -> None:
    assert desk
    assert main(["roles", "grant", "council", "U_OTTO"]) == 1
    assert "add --new" in capsys.readouterr().err

    assert main(["roles", "grant", "council", "U_OTTO", "--new"]) == 0
    assert main(["roles", "grant", "The Council", "U_OTTO", "--new"]) == 1
    assert main(["roles", "list"]) == 0
    assert "council (not in the policy in force): Otto" in capsys.readouterr().out


def test_how_often_new_kpis_are_asked_for_is_set_and_unset(desk: House, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["settings", "set", "check-in-cadence", "monthly"]) == 0
    assert main(["settings", "set", "check-in-cadence", "monthly"]) == 0
    assert main(["settings", "show"]) == 0
    told = capsys.readouterr().out
    assert "check-in-cadence is monthly.\ncheck-in-cadence was monthly already.\n" in told
    assert "check-in-cadence: monthly" in told

    assert main(["settings", "unset", "check-in-cadence"]) == 0
    assert capsys.readouterr().out == "New KPIs are asked for weekly.\n"
    assert desk.facts().count("settings.changed") == 3 + 2


def test_when_people_are_asked_for_numbers_is_set_shown_and_unset(
    desk: House, capsys: pytest.CaptureFixture[str]
) -> None:
    said = ["settings", "set", "check-in-time", "--day", "thu", "--at", "9:30"]
    assert main(said) == 0
    assert main(said) == 0
    assert main(["settings", "show"]) == 0
    told = capsys.readouterr().out
    assert "check-in-time is Thursday at 09:30 where people are.\n" in told
    assert "check-in-time is Thursday at 09:30 where people are, as before.\n" in told
    assert "check-in-time: Thursday at 09:30 where people are\n" in told

    assert main(["settings", "unset", "check-in-time"]) == 0
    assert capsys.readouterr().out == "People are asked for numbers on Tuesday at 10:00 where they are.\n"
    assert desk.facts().count("settings.changed") == 3 + 2


def test_from_when_on_people_are_asked_for_numbers_is_set_shown_and_unset(
    desk: House, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["settings", "set", "check-ins-from", "approval"]) == 0
    assert main(["settings", "set", "check-ins-from", "approval"]) == 0
    assert main(["settings", "show"]) == 0
    told = capsys.readouterr().out
    assert "check-ins-from is approval.\ncheck-ins-from was approval already.\n" in told
    assert "check-ins-from: approval\n" in told

    assert main(["settings", "set", "check-ins-from", "monday"]) == 1
    assert "'monday' is no beginning; write one of approval, deployment." in capsys.readouterr().err
    assert main(["settings", "unset", "check-ins-from"]) == 0
    assert capsys.readouterr().out == "Use cases are asked for numbers from approval on.\n"
    assert desk.facts().count("settings.changed") == 3 + 2


def test_whether_people_are_told_of_their_week_is_set_and_unset(
    desk: House, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["settings", "set", "your-week", "on"]) == 0
    assert main(["settings", "set", "your-week", "on"]) == 0
    assert capsys.readouterr().out == "your-week is on.\nyour-week was on already.\n"
    assert main(["settings", "set", "your-week", "never"]) == 1
    assert "'never' is neither; write one of on, off." in capsys.readouterr().err
    assert main(["settings", "unset", "your-week"]) == 0
    assert desk.facts().count("settings.changed") == 3 + 2


def test_channels_are_set_shown_and_unset(desk: House, capsys: pytest.CaptureFixture[str]) -> None:
    digest = ["settings", "set", "digest-channel", GOVERNANCE, "--day", "wed", "--at", "8:30", "--zone", "Asia/Tokyo"]
    assert main(digest) == 0
    assert main(digest) == 0
    assert main(["settings", "set", "role-channel", "governance", GOVERNANCE]) == 0
    assert main(["settings", "show"]) == 0
    told = capsys.readouterr().out
    assert f"{GOVERNANCE} gets the digest Wednesdays at 08:30, Asia/Tokyo.\n" in told
    assert "as before" in told
    assert f"digest-channel: {GOVERNANCE}, Wednesdays at 08:30, Asia/Tokyo" in told
    assert f"role-channel: governance, {GOVERNANCE}" in told

    for unset in (["governance-channel"], ["digest-channel", GOVERNANCE], ["role-channel", "governance"]):
        assert main(["settings", "unset", *unset]) == 0
    assert main(["settings", "unset", "digest-channel", GOVERNANCE]) == 1
    capsys.readouterr()
    assert main(["settings", "show"]) == 0
    assert capsys.readouterr().out == (
        "governance-channel: not set\ncheck-in-cadence: not set, so weekly\n"
        "check-in-time: not set, so Tuesday at 10:00 where people are\ncheck-ins-from: deployment\n"
        "your-week: off\n"
    )
    assert desk.facts().count("settings.changed") == 3 + 5


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["digest-channel", GOVERNANCE, "--zone", "Middle/Earth"], "--zone is 'Middle/Earth'"),
        (["digest-channel", GOVERNANCE, "--zone", "UTC", "--day", "T"], "--day is 'T'; write one of Monday"),
        (["digest-channel", GOVERNANCE, "--zone", "UTC", "--at", "25:00"], "--at is '25:00'; write a time"),
        (["digest-channel", "C_SHARED", "--zone", "UTC"], "another organisation"),
        (["role-channel", "governance", "C_ELSEWHERE"], "/invite"),
        (["check-in-cadence", "daily"], "'daily' is no cadence; write one of weekly, fortnightly, monthly"),
        (["role-channel", "goverance", GOVERNANCE], "names no role 'goverance'"),
    ],
)
def test_a_setting_that_cannot_be_is_refused_in_a_sentence(
    desk: House, capsys: pytest.CaptureFixture[str], arguments: list[str], said: str
) -> None:
    before = len(desk.facts())

    assert main(["settings", "set", *arguments]) == 1

    assert said in capsys.readouterr().err
    assert len(desk.facts()) == before


def test_people_are_read_from_slack_and_described_by_a_file(desk: House, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["people", "sync"]) == 0
    assert "5 people are known" in capsys.readouterr().out
    Path("people.csv").write_bytes(
        b"\xef\xbb\xbfslack_id,manager,working_hours\r\nU_ANN,U_BEN,09:00-17:00\r\nU_BEN,,\r\n"
    )

    assert main(["people", "import", "people.csv", "--dry-run"]) == 0
    assert "Would change: 1. As the file says already: 1." in capsys.readouterr().out
    assert "people.described" not in desk.facts()
    assert main(["people", "import", "people.csv"]) == 0
    assert "Ann (U_ANN): manager, working hours" in capsys.readouterr().out
    assert main(["people", "import", "people.csv"]) == 0
    assert "Changed: 0. As the file says already: 2." in capsys.readouterr().out
    assert desk.facts().count("people.described") == 1


def test_a_file_about_people_that_is_wrong_is_refused_as_a_whole(
    desk: House, capsys: pytest.CaptureFixture[str]
) -> None:
    main(["people", "sync"])
    Path("people.csv").write_text("slack_id,manager,country\nU_ANN,U_BEN,AT\nU_BEN,U_ANN,\n")
    assert main(["people", "import", "people.csv"]) == 1
    assert "line 2, manager: this makes a circle" in capsys.readouterr().err

    Path("people.csv").write_text("slack_id,country\nU_ANN,AT\nU_GHOST,AT\n")
    assert main(["people", "import", "people.csv"]) == 1
    assert "line 3, slack_id: nobody here has the id U_GHOST" in capsys.readouterr().err
    assert "people.described" not in desk.facts()


def test_slack_being_away_while_people_are_read_is_a_sentence(desk: House, capsys: pytest.CaptureFixture[str]) -> None:
    desk.slack.break_next("users.list", URLError(TimeoutError("timed out")))
    assert main(["people", "sync"]) == 1
    assert "Slack cannot be reached" in capsys.readouterr().err

    desk.slack.fail_next("users.list", "missing_scope")
    assert main(["people", "sync"]) == 1
    assert "missing_scope" in capsys.readouterr().err


def test_a_token_slack_refuses_is_a_sentence(desk: House, capsys: pytest.CaptureFixture[str]) -> None:
    for _ in range(2):
        desk.slack.fail_next("auth.test", "invalid_auth")
        desk.slack.fail_next("users.info", "invalid_auth")

    assert main(["roles", "grant", "governance", "U_OTTO"]) == 1

    assert "SLACK_BOT_TOKEN" in capsys.readouterr().err


def test_the_ledger_is_exported_verified_and_tampering_named(desk: House, capsys: pytest.CaptureFixture[str]) -> None:
    desk.propose()

    assert main(["ledger", "verify"]) == 0
    head = capsys.readouterr().out.rpartition("Head ")[2]
    assert main(["ledger", "export", "out.jsonl"]) == 0
    assert main(["ledger", "verify", "--export", "out.jsonl"]) == 0
    assert capsys.readouterr().out.rpartition("Head ")[2] == head

    lines = Path("out.jsonl").read_text().splitlines()
    first = json.loads(lines[0])
    Path("out.jsonl").write_text("\n".join([json.dumps(first | {"body": "{}"}), *lines[1:]]))
    assert main(["ledger", "verify", "--export", "out.jsonl"]) == 1
    assert first["stream"] in capsys.readouterr().out


@pytest.mark.parametrize("line", ["no JSON", "[]", '{"stream": "x"}', '{"stream": 1, "seq": "x", "body": 2}'])
def test_an_export_that_is_none_is_named_by_its_line(
    desk: House, capsys: pytest.CaptureFixture[str], line: str
) -> None:
    main(["ledger", "export", "out.jsonl"])
    Path("out.jsonl").write_text(Path("out.jsonl").read_text().splitlines()[0] + f"\n{line}\n")

    assert main(["ledger", "verify", "--export", "out.jsonl"]) == 1

    assert "line 2" in capsys.readouterr().err
    assert desk


def test_the_schema_is_checked_and_upgraded(
    database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert database
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{tmp_path / 'new.db'}")

    assert main(["db", "check"]) == 1
    assert "gatehouse db upgrade" in capsys.readouterr().err
    assert main(["db", "upgrade"]) == 0
    assert main(["db", "check"]) == 0
    assert main(["policy", "show"]) == 0


def test_a_database_that_is_away_is_a_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("DATABASE_URL", "postgresql+psycopg://nobody:secret@127.0.0.1:9/nothing")

    assert main(["db", "check"]) == 1

    told = capsys.readouterr().err
    assert "database" in told.lower()
    assert "secret" not in told
    assert "Traceback" not in told


@pytest.mark.parametrize("url", ["garbage", "mysql://x", "postgresql+psycopg://host:door/name"])
@pytest.mark.parametrize("arguments", [["db", "check"], ["db", "upgrade"], ["roles", "list"]])
def test_an_address_that_is_no_databases_is_a_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], url: str, arguments: list[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("DATABASE_URL", url)

    assert main(arguments) == 1

    assert "DATABASE_URL" in capsys.readouterr().err


@pytest.mark.parametrize(
    "arguments",
    [
        ["db", "check"],
        ["ledger", "verify"],
        ["ledger", "export", "out.jsonl"],
        ["roles", "list"],
        ["roles", "withdraw", "board", "U_OTTO"],
        ["settings", "show"],
        ["doctor"],
        ["policy", "show"],
        ["run"],
    ],
    ids=" ".join,
)
def test_a_mistyped_path_is_said_to_hold_no_database_and_stays_empty(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], arguments: list[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    settings = {"DATABASE_URL": "sqlite:///dta/gatehouse.db", "SLACK_BOT_TOKEN": "xoxb-1", "SLACK_APP_TOKEN": "xapp-1"}
    for name, value in settings.items():
        monkeypatch.setenv(name, value)

    assert main(arguments) == 1

    assert f"no database at {tmp_path / 'dta' / 'gatehouse.db'}" in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("method", "arguments"),
    [
        ("auth.test", ["roles", "grant", "governance", "U_OTTO"]),
        ("users.info", ["roles", "grant", "governance", "U_OTTO"]),
        ("conversations.info", ["settings", "set", "governance-channel", GOVERNANCE]),
    ],
)
@pytest.mark.parametrize("error", [URLError(TimeoutError("timed out")), IncompleteRead(b"")])
def test_slack_being_away_is_a_sentence(
    desk: House, capsys: pytest.CaptureFixture[str], method: str, arguments: list[str], error: Exception
) -> None:
    desk.slack.break_next(method, error)

    assert main(arguments) == 1

    told = capsys.readouterr().err
    assert "Slack cannot be reached" in told
    assert "urlopen" not in told


@pytest.mark.parametrize("setting", ["GATEHOUSE_PORT", "GATEHOUSE_METRICS_PORT"])
def test_a_port_somebody_else_uses_is_named_with_its_setting(
    desk: House, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], setting: str
) -> None:
    monkeypatch.setattr(runtime, "listener_client", lambda *_: desk.slack)
    with socket.socket() as taken, socket.socket() as found:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        found.bind(("127.0.0.1", 0))
        monkeypatch.setenv("GATEHOUSE_PORT", str(found.getsockname()[1]))
        found.close()
        monkeypatch.setenv(setting, str(taken.getsockname()[1]))

        assert main(["run"]) == 1

    told = capsys.readouterr().err
    assert setting in told
    assert "Address already in use" in told


def test_missing_settings_are_all_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    for name in ("SLACK_BOT_TOKEN", "SLACK_APP_TOKEN"):
        monkeypatch.delenv(name, raising=False)

    assert main(["run"]) == 1

    told = capsys.readouterr().err
    assert "SLACK_BOT_TOKEN" in told
    assert "SLACK_APP_TOKEN" in told


@pytest.mark.parametrize("arguments", [[], ["fly"], ["policy"], ["roles", "grant"], ["settings", "set", "x", "y"]])
def test_what_is_not_understood_exits_with_two(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(arguments)

    assert ended.value.code == 2
    assert "usage:" in capsys.readouterr().err


def test_who_stops_the_command_stops_the_workspace() -> None:
    command = [sys.executable, "-m", "bot.cli", "sandbox", "--port", "0"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as workspace:
        assert workspace.stdout is not None
        address = urlsplit(workspace.stdout.readline().split()[-1])
        workspace.terminate()
        assert workspace.wait(10) == 0

    with socket.socket() as knock:
        assert knock.connect_ex((str(address.hostname), address.port or 0)) != 0


def test_a_scorecard_is_written_as_a_file_once_it_is_closed(desk: House, capsys: pytest.CaptureFixture[str]) -> None:
    scoring = Scoring(desk)
    scoring.begun()
    assert main(["scorecard", "export", "1", "out.html"]) == 1
    assert "SC-1 goes on until the end of 2026-03-13" in capsys.readouterr().err
    scoring.answer("U_ANN")
    scoring.close()

    assert main(["scorecard", "export", "1", "out.html"]) == 0

    assert "1 of 3 people answered" in Path("out.html").read_text()
    assert main(["scorecard", "export", "2", "out.html"]) == 1
    assert "There is no scorecard SC-2" in capsys.readouterr().err

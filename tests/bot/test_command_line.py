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
from sqlmodel import select

from bot import runtime
from bot.cli import configuration, main
from db.session import Database
from db.tables import PolicyVersion
from tests.support.chains import lane, policy_text, stage
from tests.support.fakes import FakeSlack, World, member
from tests.support.house import GOVERNANCE, House


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
    monkeypatch.setattr(configuration, "listener_client", lambda *_: slack)
    return house


class TalkativeSlack(FakeSlack):
    """Also says who we are and what a channel is."""

    def __init__(self, world: World) -> None:
        super().__init__(world)
        self.channels = {
            GOVERNANCE: {"id": GOVERNANCE},
            "C_SHARED": {"id": "C_SHARED", "is_ext_shared": True},
            "C_SOON": {"id": "C_SOON", "is_pending_ext_shared": True},
            "C_OLD": {"id": "C_OLD", "is_archived": True},
            "C_ELSEWHERE": {"id": "C_ELSEWHERE", "is_member": False},
        }

    def _auth_test(self, _: dict[str, str]) -> dict[str, str]:
        return {"team_id": "T0HOME", "user_id": "U_BOT"}

    def _conversations_info(self, given: dict[str, str]) -> dict[str, object]:
        if given["channel"] not in self.channels:
            self.fail_next("conversations.info", "channel_not_found")
            self.api_call("conversations.info", params=given)
        return {"channel": self.channels[given["channel"]]}


def test_an_administrator_changes_the_policy_and_sees_it(desk: House, capsys: pytest.CaptureFixture[str]) -> None:
    text = policy_text(stage("one", lane("a", "board")))
    Path("policy.yml").write_text(text)

    assert main(["policy", "check", "policy.yml"]) == 0
    assert main(["policy", "apply", "policy.yml"]) == 0
    assert "Policy version 2 is in force" in capsys.readouterr().out
    assert main(["policy", "show"]) == 0
    assert capsys.readouterr().out == text
    with desk.database.reading() as session:
        assert len(session.exec(select(PolicyVersion)).all()) == 2


@pytest.mark.parametrize(
    ("content", "said"),
    [
        pytest.param(b"name: x\nversion: 1\n", "line 1: chains", id="half a policy"),
        pytest.param(b"\xff\xfe\x00", "UTF-8", id="no text at all"),
        pytest.param(
            policy_text(stage("one", lane("a", "b")), kind="pie").replace("use_case:", "cake:").encode(),
            "use_case",
            id="a policy without a rule for use cases",
        ),
    ],
)
@pytest.mark.parametrize("command", ["check", "apply"])
def test_a_policy_that_cannot_be_used_is_refused_in_sentences(
    desk: House, capsys: pytest.CaptureFixture[str], content: bytes, said: str, command: str
) -> None:
    Path("policy.yml").write_bytes(content)

    assert main(["policy", command, "policy.yml"]) == 1

    assert said in capsys.readouterr().err
    with desk.database.reading() as session:
        assert len(session.exec(select(PolicyVersion)).all()) == 1


def test_a_file_that_is_not_there_is_said_to_be_so(desk: House, capsys: pytest.CaptureFixture[str]) -> None:
    assert desk
    assert main(["policy", "apply", "nowhere.yml"]) == 1
    assert "nowhere.yml" in capsys.readouterr().err


def test_roles_are_granted_listed_and_withdrawn(desk: House, capsys: pytest.CaptureFixture[str]) -> None:
    Path("policy.yml").write_text(policy_text(stage("one", lane("a", "governance"), lane("b", "board"))))
    assert main(["policy", "apply", "policy.yml"]) == 0
    assert main(["roles", "grant", "board", "U_OTTO"]) == 0
    assert main(["roles", "grant", "board", "U_OTTO"]) == 0
    assert main(["roles", "list"]) == 0
    told = capsys.readouterr().out
    assert "Otto holds board." in told
    assert "held board already" in told
    assert "board: Otto (U_OTTO)" in told

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

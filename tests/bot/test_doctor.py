"""`gatehouse doctor` says in sentences what is left, and exits with 0 when nothing needed is."""

import re
from pathlib import Path

import pytest
import yaml
from sqlmodel import text

from bot.cli import doctor, main
from bot.cli.doctor import SCOPES
from db.enums import OutboxKind
from handlers.ids import Action
from handlers.settings import words as said
from tests.bot.test_command_line import desk
from tests.support.chains import hire
from tests.support.fakes import member
from tests.support.house import House, words
from workflows import outbox, people, setup
from workflows.outbox import Promise

__all__ = ["desk"]

ROOT = Path(__file__).parents[2]


def examined(capsys: pytest.CaptureFixture[str]) -> tuple[int, str]:
    capsys.readouterr()
    code = main(["doctor"])
    return code, capsys.readouterr().out


@pytest.fixture
def finished(desk: House) -> House:
    """Return a desk where everything needed is set up."""
    hire(desk, "U_BEN", "admin", "lead")
    return desk


def test_nothing_needed_is_left_is_exit_code_nought(finished: House, capsys: pytest.CaptureFixture[str]) -> None:
    code, told = examined(capsys)

    assert code == 0, told
    assert "Nothing that is needed is left to set up." in told
    assert "The database has the schema this version needs." in told
    assert "The record of what was configured is whole." in told
    assert "Slack accepts the bot token" in told
    assert finished


def test_what_is_left_is_said_in_the_words_slack_shows_and_with_the_command(
    desk: House, capsys: pytest.CaptureFixture[str]
) -> None:
    hire(desk, "U_BEN", "admin")

    code, told = examined(capsys)

    assert code == 1
    desk.press("U_BEN", Action.SETTINGS, "home", where="home")
    with desk.database.reading() as session:
        missing = setup.what_is_left(session)
    assert len(missing) >= 2
    for each in missing:
        assert said.gap_text(each) in told
        assert said.gap_command(each) in told
        assert said.gap_text(each) in words(desk.world.opened[-1])
    assert "1 needed." in told


def test_break_glass_needs_nobody_and_takes_two(finished: House, capsys: pytest.CaptureFixture[str]) -> None:
    assert "Nobody holds the role break_glass" in examined(capsys)[1]

    hire(finished, "U_OLGA", "break_glass")
    code, told = examined(capsys)
    assert code == 0
    assert "Only one person holds the role break_glass" in told

    hire(finished, "U_KIM", "break_glass")
    assert "break_glass" not in examined(capsys)[1]


def test_nobody_as_admin_is_needed(desk: House, capsys: pytest.CaptureFixture[str]) -> None:
    assert desk
    code, told = examined(capsys)

    assert code == 1
    assert "gatehouse roles grant admin U…" in told


def test_a_lane_nobody_may_decide_is_needed(finished: House, capsys: pytest.CaptureFixture[str]) -> None:
    for role, who in (("governance", "U_ANN"), ("lead", "U_BEN")):
        main(["roles", "withdraw", role, who])
    finished.propose()

    code, told = examined(capsys)

    assert code == 1
    assert "Nobody may decide 1 open lane that asks the role governance." in told


def test_a_chain_of_the_configuration_that_was_altered_is_named(
    finished: House, capsys: pytest.CaptureFixture[str]
) -> None:
    with finished.database.transaction() as session:
        connection = session.connection()
        if finished.database.engine.dialect.name == "postgresql":
            connection.exec_driver_sql("ALTER TABLE ledger_events DISABLE TRIGGER USER")
        else:
            trigger = connection.execute(
                text("SELECT sql FROM sqlite_master WHERE name = 'ledger_events_no_update'")
            ).scalar()
            connection.exec_driver_sql("DROP TRIGGER ledger_events_no_update")
        connection.exec_driver_sql("UPDATE ledger_events SET body = '{}' WHERE stream = 'role:admin'")
        if finished.database.engine.dialect.name == "postgresql":
            connection.exec_driver_sql("ALTER TABLE ledger_events ENABLE TRIGGER USER")
        else:
            connection.exec_driver_sql(str(trigger))

    code, told = examined(capsys)

    assert code == 1
    assert "The ledger was altered: role:admin event 1" in told


def test_a_token_slack_refuses_and_a_slack_that_is_away_are_said(
    finished: House, capsys: pytest.CaptureFixture[str]
) -> None:
    finished.slack.fail_next("auth.test", "invalid_auth")
    code, told = examined(capsys)
    assert (code, "Slack refuses SLACK_BOT_TOKEN (invalid_auth)" in told) == (1, True)
    assert "The database has the schema" in told  # the rest is looked at all the same

    finished.slack.break_next("auth.test", ConnectionResetError("reset"))
    code, told = examined(capsys)
    assert (code, "Slack cannot be reached" in told) == (1, True)


@pytest.mark.parametrize("header", ["X-OAuth-Scopes", "x-oauth-scopes"])
def test_a_scope_the_token_lacks_is_named_with_what_does_not_work_without_it(header: str) -> None:
    [finding, *_] = doctor._scopes({header: ",".join(set(SCOPES) - {"usergroups:read"})})  # noqa: SLF001

    assert finding.weight is doctor.Weight.NEEDED
    assert "usergroups:read: roles cannot be given to user groups" in finding.text


def test_all_scopes_are_said_to_be_there_and_a_silent_slack_is_not_guessed_at() -> None:
    [fine] = doctor._scopes({"x-oauth-scopes": [" , ".join([*SCOPES, "dnd:read"])]})  # noqa: SLF001
    [silent] = doctor._scopes({})  # noqa: SLF001

    assert fine.weight is doctor.Weight.FINE
    assert silent.weight is doctor.Weight.NOTE


def test_without_the_optional_scope_it_says_in_a_line_that_do_not_disturb_is_not_looked_at() -> None:
    [_, line] = doctor._scopes({"x-oauth-scopes": ",".join(SCOPES)})  # noqa: SLF001

    assert line.weight is doctor.Weight.FINE
    assert line.text.startswith("Slack's Do Not Disturb is not looked at before people are asked for numbers")


def test_the_scopes_looked_for_are_those_the_manifest_asks_for() -> None:
    manifest = yaml.safe_load((ROOT / "manifest.yml").read_text())

    assert set(SCOPES) == set(manifest["oauth_config"]["scopes"]["bot"])


def test_people_without_a_zone_are_counted(finished: House, capsys: pytest.CaptureFixture[str]) -> None:
    finished.world.people["U_ADRIFT"] = member("U_ADRIFT", tz=None)
    finished.command("U_ADRIFT")

    code, told = examined(capsys)

    assert code == 0
    assert "hours are taken as UTC: 1." in told


def test_messages_that_were_given_up_are_counted(finished: House, capsys: pytest.CaptureFixture[str]) -> None:
    with finished.database.transaction() as session:
        ben = people.find(session, "U_BEN")
        assert ben is not None
        outbox.promise(session, [Promise(OutboxKind.SET_UP, "U_BEN", ben.id)], now=finished.clock.now())
    finished.slack.fail_next("chat.postMessage", "user_disabled")
    finished.send()

    code, told = examined(capsys)

    assert code == 0
    assert "Messages given up, because Slack did not take them: 1." in told


def test_a_sqlite_that_keeps_a_slower_journal_is_a_note(finished: House, capsys: pytest.CaptureFixture[str]) -> None:
    code, told = examined(capsys)

    assert code == 0
    noted = re.search(r"note +SQLite keeps a \w+ journal", told) is not None
    assert noted == (doctor.journal_of(finished.database.engine) not in (None, "WAL"))


def test_somebody_who_left_with_something_waiting_is_named(finished: House, capsys: pytest.CaptureFixture[str]) -> None:
    hire(finished, "U_OTTO", "governance")
    finished.tell({"type": "user_change", "user": finished.world.people["U_OTTO"] | {"deleted": True}})

    _, told = examined(capsys)

    assert "Something waits on 1 who left: Otto." in told


def test_settings_that_are_missing_are_all_named_and_a_database_that_is_new_is_said_to_be(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    for name in ("SLACK_BOT_TOKEN", "SLACK_APP_TOKEN"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{tmp_path / 'new.db'}")
    main(["db", "upgrade"])

    code, told = examined(capsys)

    assert code == 1
    assert "SLACK_BOT_TOKEN is missing" in told
    assert "SLACK_APP_TOKEN is missing" in told
    assert "No policy is in force yet" in told

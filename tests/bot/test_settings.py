"""Settings are checked together, before anything starts, in sentences an administrator can act on."""

import pytest

from bot.settings import Settings, SettingsError

GOOD = {"SLACK_BOT_TOKEN": "xoxb-1", "SLACK_APP_TOKEN": "xapp-1"}
LOCAL = GOOD | {"SLACK_API_URL": "http://127.0.0.1:4390/api/"}


def problems(env: dict[str, str]) -> list[str]:
    with pytest.raises(SettingsError) as caught:
        Settings.from_env(env)
    return caught.value.problems


def test_two_tokens_are_enough() -> None:
    settings = Settings.from_env(GOOD)

    assert (settings.transport, settings.port, settings.is_local) == ("socket", 3000, False)


def test_everything_that_is_missing_is_named_at_once() -> None:
    told = problems({})

    assert [each.split()[0] for each in told] == ["SLACK_BOT_TOKEN", "SLACK_APP_TOKEN"]
    assert all("Slack app >" in each for each in told)


def test_http_needs_the_signing_secret_and_no_app_token() -> None:
    http = {"SLACK_BOT_TOKEN": "xoxb-1", "GATEHOUSE_TRANSPORT": "http"}

    assert [each.split()[0] for each in problems(http)] == ["SLACK_SIGNING_SECRET"]
    assert Settings.from_env(http | {"SLACK_SIGNING_SECRET": "s"}).transport == "http"


@pytest.mark.parametrize(
    ("change", "named"),
    [
        pytest.param({"SLACK_BOT_TOKEN": "xapp-1"}, "xoxb-", id="the app's token as the bot's"),
        pytest.param({"SLACK_APP_TOKEN": "xoxb-1"}, "xapp-", id="the bot's token as the app's"),
        pytest.param({"GATEHOUSE_TRANSPORT": "pigeon"}, "GATEHOUSE_TRANSPORT", id="a transport nobody knows"),
        pytest.param({"DATABASE_URL": "mysql://x"}, "DATABASE_URL", id="a database nobody knows"),
        pytest.param({"GATEHOUSE_LOG_LEVEL": "LOUD"}, "GATEHOUSE_LOG_LEVEL", id="a level nobody knows"),
        pytest.param({"GATEHOUSE_LOG_LEVEL": "debug"}, "DEBUG prints", id="debugging a real workspace"),
        pytest.param({"GATEHOUSE_CLOCK_URL": "http://127.0.0.1/clock"}, "GATEHOUSE_CLOCK_URL", id="moving real time"),
        pytest.param({"GATEHOUSE_CRASH_AT": "outbox.after_send"}, "GATEHOUSE_CRASH_AT", id="crashing on purpose"),
        pytest.param({"SLACK_API_URL": "http://slack.example/api/"}, "https", id="tokens in the clear"),
        pytest.param({"SLACK_API_URL": "http://["}, "SLACK_API_URL", id="an address that is none"),
        pytest.param({"GATEHOUSE_PORT": "door"}, "GATEHOUSE_PORT", id="a port in words"),
        pytest.param({"GATEHOUSE_PORT": "0"}, "GATEHOUSE_PORT", id="port nought"),
        pytest.param({"GATEHOUSE_PORT": "70000"}, "GATEHOUSE_PORT", id="a port beyond the last"),
        pytest.param({"GATEHOUSE_PORT": "3000.5"}, "GATEHOUSE_PORT", id="half a port"),
        pytest.param({"GATEHOUSE_PORT": "nan"}, "GATEHOUSE_PORT", id="no number at all"),
        pytest.param({"GATEHOUSE_LEASE_SECONDS": "inf"}, "GATEHOUSE_LEASE_SECONDS", id="a lease for ever"),
        pytest.param({"GATEHOUSE_LEASE_SECONDS": "-1"}, "GATEHOUSE_LEASE_SECONDS", id="a lease that has ended"),
    ],
)
def test_a_wrong_value_is_named(change: dict[str, str], named: str) -> None:
    [told] = problems(GOOD | change)

    assert named in told


@pytest.mark.parametrize(
    "change",
    [
        pytest.param({"GATEHOUSE_LOG_LEVEL": "DEBUG"}, id="debugging"),
        pytest.param({"GATEHOUSE_CLOCK_URL": "http://localhost:4390/clock"}, id="moving time"),
        pytest.param({"GATEHOUSE_CRASH_AT": "outbox.after_send:2"}, id="crashing on purpose"),
    ],
)
def test_what_is_dangerous_is_allowed_with_a_workspace_on_this_machine(change: dict[str, str]) -> None:
    assert Settings.from_env(LOCAL | change).is_local


def test_a_clock_on_another_machine_is_refused_even_locally() -> None:
    assert "GATEHOUSE_CLOCK_URL" in problems(LOCAL | {"GATEHOUSE_CLOCK_URL": "http://elsewhere/clock"})[0]


def test_blanks_around_a_value_are_not_part_of_it() -> None:
    assert Settings.from_env({name: f" {value} " for name, value in GOOD.items()}).bot_token == "xoxb-1"  # noqa: S105

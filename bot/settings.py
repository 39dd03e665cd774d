"""Settings, from the environment above an `.env` file: read once, checked together, then frozen."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Self
from urllib.parse import urlsplit

from dotenv import dotenv_values

VARIABLES: Final = (
    "SLACK_APP_TOKEN",
    "SLACK_BOT_TOKEN",
    "SLACK_SIGNING_SECRET",
    "GATEHOUSE_TRANSPORT",
    "DATABASE_URL",
    "GATEHOUSE_HOST",
    "GATEHOUSE_PORT",
    "GATEHOUSE_METRICS_PORT",
    "GATEHOUSE_LOG_LEVEL",
    "GATEHOUSE_LEASE_SECONDS",
    "GATEHOUSE_TEMPLATES",
    "SLACK_API_URL",
    "GATEHOUSE_CLOCK_URL",
    "GATEHOUSE_CRASH_AT",
)

SLACK_API: Final = "https://slack.com/api/"
DEFAULT_DATABASE: Final = "sqlite:///data/gatehouse.db"
_LEVELS = ("DEBUG", "INFO", "WARNING", "ERROR")
_LONGEST, _LAST_PORT = 86_400, 65_535
_LOOPBACK = ("127.0.0.1", "localhost", "::1")


class SettingsError(Exception):
    """The settings cannot be used. `problems` are sentences that say what to do, one for each."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """`lease_seconds`: after how long another process takes over a message whose sender died.

    `templates`: a folder with texts of your own, or none.
    """

    app_token: str = ""
    bot_token: str = ""
    signing_secret: str = ""
    transport: str = "socket"
    database_url: str = DEFAULT_DATABASE
    host: str = "127.0.0.1"
    port: int = 3000
    metrics_port: int | None = None
    log_level: str = "INFO"
    lease_seconds: float = 60
    templates: str = ""
    api_url: str = SLACK_API
    clock_url: str = ""
    crash_at: str = ""

    @property
    def is_local(self) -> bool:
        """Say whether Slack is a workspace on this machine."""
        return _host_of(self.api_url) in _LOOPBACK

    @classmethod
    def from_env(cls, env: Mapping[str, str]) -> Self:
        """Return the settings in `env`. Raises SettingsError naming everything that is missing or wrong."""
        given = {name: env[name].strip() for name in VARIABLES if env.get(name, "").strip()}
        problems: list[str] = []
        settings = cls(
            app_token=given.get("SLACK_APP_TOKEN", ""),
            bot_token=given.get("SLACK_BOT_TOKEN", ""),
            signing_secret=given.get("SLACK_SIGNING_SECRET", ""),
            transport=given.get("GATEHOUSE_TRANSPORT", "socket"),
            database_url=database_url(env),
            host=given.get("GATEHOUSE_HOST", "127.0.0.1"),
            port=_port_of(given, "GATEHOUSE_PORT", 3000, problems),
            metrics_port=_port(given, "GATEHOUSE_METRICS_PORT", problems),
            log_level=given.get("GATEHOUSE_LOG_LEVEL", "INFO").upper(),
            lease_seconds=_number(given, "GATEHOUSE_LEASE_SECONDS", 60, problems),
            templates=given.get("GATEHOUSE_TEMPLATES", ""),
            api_url=given.get("SLACK_API_URL", SLACK_API),
            clock_url=given.get("GATEHOUSE_CLOCK_URL", ""),
            crash_at=given.get("GATEHOUSE_CRASH_AT", ""),
        )
        problems += _token_problems(settings) + _value_problems(settings)
        if problems:
            raise SettingsError(problems)
        return settings


def database_url(env: Mapping[str, str]) -> str:
    """Return where the state is kept, for commands that need nothing else."""
    return env.get("DATABASE_URL", "").strip() or DEFAULT_DATABASE


def templates_folder(env: Mapping[str, str]) -> str:
    """Return the folder with an organisation's own texts, or nothing."""
    return env.get("GATEHOUSE_TEMPLATES", "").strip()


def database_problems(url: str) -> list[str]:
    """Return what is wrong with the form of a database's address."""
    if not url.startswith(("sqlite:///", "postgresql+psycopg://")):
        return ["DATABASE_URL must start with sqlite:/// or postgresql+psycopg://."]
    try:
        _ = urlsplit(url).port
    except ValueError as error:  # it names the part, never the password
        return [f"DATABASE_URL is no address: {error}."]
    return []


def missing_file(url: str) -> Path | None:
    """Return the SQLite file the address names when it is not there: opening it would make an empty database."""
    name = url.removeprefix("sqlite:///").partition("?")[0]
    if name == url or name in ("", ":memory:") or name.startswith("file:") or Path(name).exists():
        return None
    return Path(name)


def environment() -> dict[str, str]:
    """Return the process's environment above what `.env` in the working directory says."""
    file = {name: value for name, value in dotenv_values(".env").items() if value is not None}
    return {**file, **os.environ}


def _token_problems(settings: Settings) -> list[str]:
    problems = []
    if not settings.bot_token:
        problems.append("SLACK_BOT_TOKEN is missing: your Slack app > Install App > Bot User OAuth Token (xoxb-…).")
    elif not settings.bot_token.startswith("xoxb-"):
        problems.append("SLACK_BOT_TOKEN must start with xoxb-: your Slack app > Install App > Bot User OAuth Token.")
    if settings.transport == "socket" and not settings.app_token:
        problems.append("SLACK_APP_TOKEN is missing: your Slack app > Basic Information > App-Level Tokens (xapp-…).")
    elif settings.transport == "socket" and not settings.app_token.startswith("xapp-"):
        problems.append("SLACK_APP_TOKEN must start with xapp-: your Slack app > Basic Information > App-Level Tokens.")
    if settings.transport == "http" and not settings.signing_secret:
        problems.append("SLACK_SIGNING_SECRET is missing: your Slack app > Basic Information > App Credentials.")
    return problems


def _value_problems(settings: Settings) -> list[str]:
    problems = []
    if settings.transport not in ("socket", "http"):
        problems.append(f"GATEHOUSE_TRANSPORT is {settings.transport!r}; it must be socket or http.")
    if settings.log_level not in _LEVELS:
        problems.append(f"GATEHOUSE_LOG_LEVEL is {settings.log_level!r}; it must be one of {', '.join(_LEVELS)}.")
    if settings.log_level == "DEBUG" and not settings.is_local:
        problems.append("GATEHOUSE_LOG_LEVEL=DEBUG prints what people wrote; it is allowed on a local workspace only.")
    problems += database_problems(settings.database_url)
    if settings.clock_url and not (settings.is_local and _host_of(settings.clock_url) in _LOOPBACK):
        problems.append("GATEHOUSE_CLOCK_URL moves the bot's time; it is allowed with a local workspace only.")
    if settings.crash_at and not settings.is_local:
        problems.append("GATEHOUSE_CRASH_AT kills the bot on purpose; it is allowed with a local workspace only.")
    if not settings.is_local and not settings.api_url.startswith("https://"):
        problems.append("SLACK_API_URL must be https, or an address on this machine.")
    return problems


def _port(given: Mapping[str, str], name: str, problems: list[str]) -> int | None:
    return _port_of(given, name, 1, problems) if name in given else None


def _number(given: Mapping[str, str], name: str, otherwise: float, problems: list[str]) -> float:
    try:
        value = float(given.get(name, otherwise))
    except ValueError:
        problems.append(f"{name} is {given[name]!r}; it must be a number.")
        return otherwise
    if not 0 < value <= _LONGEST:
        problems.append(f"{name} is {given[name]!r}; it must be above zero and at most {_LONGEST}.")
        return otherwise
    return value


def _port_of(given: Mapping[str, str], name: str, otherwise: int, problems: list[str]) -> int:
    told = given.get(name, str(otherwise))
    if told.isascii() and told.isdigit() and 0 < int(told[:6]) <= _LAST_PORT:
        return int(told)
    problems.append(f"{name} is {told!r}; it must be a port, 1 to {_LAST_PORT}.")
    return otherwise


def _host_of(address: str) -> str | None:
    try:
        return urlsplit(address).hostname
    except ValueError:  # no address at all
        return None

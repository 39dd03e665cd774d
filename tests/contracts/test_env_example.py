import re
from pathlib import Path

from bot.settings import VARIABLES, Settings

EXAMPLE = Path(__file__).parents[2] / ".env.example"
LINES = EXAMPLE.read_text().splitlines()
ASSIGNMENTS = [line for line in LINES if line and not line.startswith("#")]


def test_the_example_lists_every_setting_once_and_nothing_else() -> None:
    names = [line.partition("=")[0] for line in ASSIGNMENTS]

    assert sorted(names) == sorted(VARIABLES)


def test_every_setting_of_the_example_is_explained_above_it() -> None:
    for number, line in enumerate(LINES):
        if line in ASSIGNMENTS:
            block = "\n".join(LINES[:number]).rpartition("\n\n")[2]
            assert re.search(r"^# \S", block, flags=re.MULTILINE), line


def test_the_example_holds_no_secret() -> None:
    for line in ASSIGNMENTS:
        name, _, value = line.partition("=")
        if name.endswith(("_TOKEN", "_SECRET")):
            assert value == ""


def test_the_example_with_tokens_filled_in_is_a_working_configuration() -> None:
    values = dict(line.split("=", 1) for line in ASSIGNMENTS)

    Settings.from_env(values | {"SLACK_APP_TOKEN": "xapp-example", "SLACK_BOT_TOKEN": "xoxb-example"})

"""What is registered, promised and named agrees, from the manifest to the last sentence."""

import inspect
import re
import subprocess
import sys
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml
from slack_bolt import Ack
from slack_bolt.kwargs_injection.args import Args

import handlers
from db.enums import (
    Affected,
    Area,
    Build,
    Cadence,
    DataClass,
    Decision,
    Dimension,
    Direction,
    KpiField,
    KpiSource,
    OutboxKind,
    OutputUse,
    Practice,
    Processing,
    RequestStatus,
    RolloutStatus,
    Section,
    Tier,
    UseCaseState,
)
from handlers import (
    approvals,
    auditing,
    away,
    breaking_glass,
    checkins,
    conditions,
    digests,
    exports,
    foundation,
    intake,
    lessons,
    lifecycle,
    notices,
    objectives,
    people,
    programme,
    recertifying,
    recorded,
    rollouts,
    scorecards,
    settings,
    text,
)
from handlers.checkins.confirming_views import NOT_A_VERIFIER, WHY_NOT
from handlers.checkins.words import FIELDS as FIELDS_OF_KPI
from handlers.checkins.words import WHY
from handlers.exports import views as export_views
from handlers.ids import Action, Block, Callback, Command, Event, Shortcut
from handlers.intake.wording import CHOICES, LABELS, NOT_NOW, TITLES
from handlers.kpis import CADENCES, SOURCES
from handlers.lessons.words import WHY_NO_CHECKLIST, WHY_NO_LESSON
from handlers.refusals import refusal_text
from handlers.rollouts.words import SECTION_NAMES, STATUSES
from handlers.rollouts.words import WHY_NOT as WHY_NO_ROLLOUT
from handlers.scorecards import words as scorecard_words
from handlers.scorecards.words import DIMENSIONS, LEVELS
from tests.support.house import House
from workflows.approvals import Refusal
from workflows.checkins import NoVerdict, NoVerifier, Why
from workflows.exports import NoExport, Shape
from workflows.intake import NotNow, Step
from workflows.intake.answers import FIELDS
from workflows.lessons import NoChecklist, NoLesson
from workflows.policy import BUILT_IN
from workflows.rollouts import NoRollout
from workflows.scorecards import NoScorecard

FEATURES = (
    approvals,
    auditing,
    away,
    breaking_glass,
    checkins,
    conditions,
    digests,
    exports,
    foundation,
    intake,
    lessons,
    lifecycle,
    objectives,
    people,
    programme,
    recertifying,
    recorded,
    rollouts,
    scorecards,
    settings,
)
SEARCHED = {name for feature in FEATURES for name in getattr(feature, "OPTIONS", {})}
ROOT = Path(__file__).parents[2]
MANIFEST = yaml.safe_load((ROOT / "manifest.yml").read_text())


class RecordingApp:
    """Takes registrations as Bolt's App does and remembers them."""

    def __init__(self) -> None:
        self.listeners: list[tuple[str, str | re.Pattern[str], Callable[..., Any]]] = []

    def __getattr__(self, kind: str) -> Callable[..., Any]:
        def register(constraint: Any) -> Callable[[Callable[..., Any]], None]:
            if kind == "error":
                self.listeners.append((kind, "", constraint))
            return lambda listener: self.listeners.append((kind, constraint, listener))

        return register


@pytest.fixture
def registered() -> list[tuple[str, str | re.Pattern[str], Callable[..., Any]]]:
    app = RecordingApp()
    handlers.register(app)  # type: ignore[arg-type]
    return app.listeners


def listeners_of(registered: list[Any], kind: str, name: str) -> list[Any]:
    return [
        listener
        for of, constraint, listener in registered
        if of == kind and (constraint == name or (isinstance(constraint, re.Pattern) and constraint.search(name)))
    ]


@pytest.mark.parametrize(
    ("kind", "name"),
    [
        *[("action", str(action)) for action in Action],
        *[("command", str(command)) for command in Command],
        *[("event", str(event)) for event in Event],
        *[("view", str(callback)) for callback in Callback],
        *[("options", str(block)) for block in sorted(SEARCHED)],
        *[("shortcut", str(shortcut)) for shortcut in Shortcut],
    ],
)
def test_every_id_has_exactly_one_listener(registered: list[Any], kind: str, name: str) -> None:
    assert len(listeners_of(registered, kind, name)) == 1


def test_nothing_is_registered_that_no_id_needs(registered: list[Any]) -> None:
    kinds = Counter(kind for kind, _, _ in registered)

    assert set(kinds) == {"action", "command", "event", "view", "options", "shortcut", "error"}
    names = {"action": Action, "command": Command, "event": Event, "view": Callback, "options": SEARCHED}
    names["shortcut"] = Shortcut
    for kind, constraint, _ in registered:
        if kind != "error":
            pattern = constraint if isinstance(constraint, re.Pattern) else re.compile(re.escape(str(constraint)))
            assert any(pattern.search(str(name)) for name in names[kind]), (kind, constraint)


def test_every_action_and_every_window_with_a_form_leads_to_its_own_listener() -> None:
    actions = {key: listener for feature in FEATURES for key, listener in feature.ACTIONS.items()}
    submissions = {key: listener for feature in FEATURES for key, listener in feature.SUBMISSIONS.items()}
    shown_only = {
        Callback.REQUEST,
        Callback.CONDITION,
        Callback.SETTINGS,
        Callback.DRAFT_ENDED,
        Callback.NOT_DONE,
        Callback.FAST_LANE,
        Callback.RECERTIFYING,
        Callback.KPIS,
        Callback.LIFE,
        Callback.WORKSTREAMS,
        Callback.CHECK_IN_DONE,
        Callback.TREND_TABLE,
        Callback.PROGRAMME,
        Callback.FOUNDATION,
        Callback.LESSONS,
        Callback.ROLLOUTS,
        Callback.RECORDED,
        Callback.OBJECTIVES,
        Callback.SCORECARD,
        Callback.DIGEST,
        Callback.EXPORTED,
    }  # they have nothing to submit

    assert set(actions) == set(Action)
    assert len(set(actions.values())) == len(actions)
    assert set(submissions) == set(Callback) - shown_only


def test_listeners_ask_only_for_what_bolt_can_give(registered: list[Any]) -> None:
    known = set(inspect.signature(Args.__init__).parameters) | {"deps"}

    for kind, constraint, listener in registered:
        given = known | {"error"} if kind == "error" else known
        assert set(inspect.signature(listener).parameters) <= given, (kind, constraint)


def test_the_manifest_names_the_commands_shortcuts_and_events_that_are_heard_and_no_others() -> None:
    shortcuts = [shortcut["callback_id"] for shortcut in MANIFEST["features"]["shortcuts"]]
    commands = [command["command"] for command in MANIFEST["features"]["slash_commands"]]
    # Slack has one subscription for each kind of place people write in, and sends the same event for all of them.
    events = {name.partition(".")[0] for name in MANIFEST["settings"]["event_subscriptions"]["bot_events"]}

    assert sorted(shortcuts) == sorted(Shortcut)
    assert sorted(commands) == sorted(Command)
    assert sorted(events) == sorted(Event)


def test_ids_say_feature_object_and_verb_and_are_unique() -> None:
    names = [*Action, *Callback, *Block]

    assert len(set(names)) == len(names)
    for name in names:
        assert re.fullmatch(r"[a-z]+\.[a-z_]+\.[a-z_]+", name), name


def test_every_kind_of_promise_can_be_drawn() -> None:
    assert set(notices.RENDERERS) == set(OutboxKind)


@pytest.mark.parametrize("why", Refusal)
def test_every_refusal_has_a_sentence(why: Refusal) -> None:
    sentence = refusal_text(why, None, None)

    assert sentence.endswith((".", "?"))
    assert "{" not in sentence
    assert why.value not in sentence


@pytest.mark.parametrize(
    ("words", "vocabulary"),
    [
        (text.TIERS, Tier),
        (text.REQUEST_STATUSES, RequestStatus),
        (text.USE_CASE_STATES, UseCaseState),
        (text.DATA_CLASSES, DataClass),
        (text.PROCESSINGS, Processing),
        (text.OUTPUT_USES, OutputUse),
        (text.BUILDS, Build),
        (text.AFFECTED, Affected),
        (text.DECISIONS, Decision),
        (text.AREAS, Area),
        (text.PRACTICES, Practice),
        (text.DIRECTIONS, Direction),
        (NOT_NOW, NotNow),
        (WHY, Why),
        (WHY_NOT, NoVerdict),
        (NOT_A_VERIFIER, NoVerifier),
        (FIELDS_OF_KPI, KpiField),
        (CADENCES, Cadence),
        (SOURCES, KpiSource),
        (TITLES, Step),
        (WHY_NO_LESSON, NoLesson),
        (WHY_NO_CHECKLIST, NoChecklist),
        (WHY_NO_ROLLOUT, NoRollout),
        (STATUSES, RolloutStatus),
        (SECTION_NAMES, Section),
        (DIMENSIONS, Dimension),
        (LEVELS, Dimension),
        (scorecard_words.WHY, NoScorecard),
        (export_views.WHY_NOT, NoExport),
        (export_views.SHAPES, Shape),
    ],
)
def test_every_word_of_a_vocabulary_can_be_said(words: dict[Any, str], vocabulary: type) -> None:
    assert set(words) == set(vocabulary)
    assert all(words.values())


@pytest.mark.parametrize("step", [step for step in Step if step is not Step.PREVIEW])
def test_every_field_of_a_step_has_a_label_that_slack_shows(step: Step) -> None:
    for field in FIELDS[step]:
        assert LABELS[field]
        assert all(0 < len(says) <= 75 for says in CHOICES.get(field, {}).values())
        assert len(CHOICES.get(field, {})) <= (10 if field == "practices" else 100)


def test_every_fact_a_policy_may_name_is_asked_for_and_can_be_said() -> None:
    assert set(text.FACTS) == set(BUILT_IN) <= set(CHOICES)


def test_a_recorded_registration_can_be_called(house: House, registered: list[Any]) -> None:
    """The recording is of the real thing: its listener answers a real payload."""
    [command] = listeners_of(registered, "command", Command.USE_CASE)
    ack = Ack()

    command(ack=ack, body={"user_id": "U_PRIYA", "text": "help"}, client=house.slack, deps=house.deps)

    assert ack.response is not None


@pytest.mark.parametrize(
    ("module", "line", "contract"),
    [
        pytest.param("workflows/home.py", "import slack_sdk", "Slack, the clock", id="a workflow that knows Slack"),
        pytest.param("workflows/intake/rules.py", "import sqlalchemy", "Rules are pure", id="a rule with a database"),
        pytest.param("handlers/home/views.py", "import db.tables", "snapshots, not rows", id="a screen that sees rows"),
        pytest.param("bot/verifier.py", "import workflows.ledger", "verifier", id="a verifier that shares code"),
    ],
)
def test_an_import_that_breaks_the_architecture_is_caught(
    tmp_path: Path, module: str, line: str, contract: str
) -> None:
    listed = subprocess.run(
        ["git", "-c", f"safe.directory={ROOT}", "ls-files", "bot", "handlers", "workflows", "db", "sandbox"],
        cwd=ROOT,
        check=True,
        capture_output=True,
        text=True,
    )
    for name in listed.stdout.split():
        if name.endswith(".py") and (ROOT / name).exists():
            (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
            (tmp_path / name).write_text((ROOT / name).read_text())
    (tmp_path / "pyproject.toml").write_text((ROOT / "pyproject.toml").read_text())
    planted = tmp_path / module
    planted.write_text(planted.read_text() + f"\n{line}\n")

    answer = subprocess.run(
        [Path(sys.executable).parent / "lint-imports", "--no-cache"],
        cwd=tmp_path,
        check=False,
        capture_output=True,
        text=True,
        env={"PYTHONPATH": str(tmp_path), "PATH": "/usr/bin:/bin"},
    )

    assert answer.returncode == 1
    broken = [each for each in answer.stdout.splitlines() if each.endswith("BROKEN")]
    assert any(contract in each for each in broken), answer.stdout

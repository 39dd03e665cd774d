"""Say where a use case is in its life, what it lacks for its next move."""

from collections.abc import Mapping, Sequence
from typing import Final

from db.enums import Membership, UseCaseState, WorkstreamKind
from handlers.blocks import BlockKit, button, section
from handlers.ids import Action
from handlers.programme.words import (
    ask_button,
    closed_text,
    gate_name,
    lacking_section,
    lacking_text,
    programme_button,
)
from handlers.standing import suspended_until
from handlers.text import USE_CASE_STATES, counted, day_in_words, inline, listed, named
from workflows import people
from workflows.intake import UseCaseSnapshot
from workflows.lifecycle import (
    LIVE,
    MOST_POINTS,
    Candidate,
    Lack,
    Life,
    Missing,
    Move,
    NotMoved,
    Score,
    Trait,
    Verdict,
    Why,
)
from workflows.people import Actor

NAME_SHOWN, TEXT_SHOWN = 150, 300
CONFIDENTIAL: Final = "*Confidential use case*"
NOTHING: Final = "Nothing was changed."
UNKNOWN: Final = f"There is no such use case, or it is not approved. {NOTHING}"
BUTTONS: Final[Mapping[Move, str]] = {
    Move.DEPLOY: "Start deployment",
    Move.GO_LIVE: "Mark as deployed",
    Move.OPTIMISE: "Start optimising",
    Move.SCALE: "Start scaling",
    Move.SUSPEND: "Suspend",
    Move.RESUME: "Let it go on",
    Move.RETIRE: "Retire",
}
BECAME: Final[Mapping[Move, str]] = {
    Move.DEPLOY: "🚀 {what} is in deployment: {by} moved it there. Its two workstreams have begun.",
    Move.GO_LIVE: "🚀 {what} is deployed, says {by}: both workstreams are complete.",
    Move.OPTIMISE: "🔧 {what} is being optimised against its locked baselines: {by} moved it there.",
    Move.SCALE: "📈 {what} is scaling: {by} moved it there. It can be taken to more teams.",
    Move.SUSPEND: "⏸️ {by} has suspended {what}. Nobody may use it until it goes on.{reason}",
    Move.RESUME: "▶️ {by} lets {what} go on, as far as nothing else holds it up.",
    Move.RETIRE: "🗄️ {by} has retired {what}: nobody uses it any more.{reason}",
}
STREAMS: Final[Mapping[WorkstreamKind, str]] = {
    WorkstreamKind.TECHNICAL_INTEGRATION: "Technical integration",
    WorkstreamKind.ONBOARDING: "Team onboarding and workflow design",
}
TRAITS: Final[Mapping[Trait, str]] = {
    Trait.DEFINED: "inputs and outputs defined",
    Trait.DATA: "existing data",
    Trait.OWNER: "invested business owner",
    Trait.RISK: "lower risk",
    Trait.VALUE: "value measurable soon",
}
VERDICTS: Final[Mapping[Verdict, str]] = {
    Verdict.YES: "✅ {trait}",
    Verdict.PARTLY: "🟡 partly: {trait}",
    Verdict.NO: "▫️ not: {trait}",
    Verdict.UNKNOWN: "❔ unknown: {trait}",
}


# -------------------------------------------------------------------------------------------- its life


def called(use_case: UseCaseSnapshot) -> str:
    return f"*{use_case.reference}* “{inline(use_case.name, limit=NAME_SHOWN)}”"


def life_line(life: Life) -> str:
    """Return where a use case is, how long already, and what leads on, in one line."""
    parts = [_where(life), _day(life), _next(life)]
    return " · ".join(filter(None, parts))


def path_text(life: Life) -> str:
    """Return the whole way, with where it is now in bold."""
    steps = [UseCaseState.APPROVED, *LIVE]
    now = UseCaseState.APPROVED if life.was is UseCaseState.APPROVED_WITH_CONDITIONS else life.was
    names = [f"*{USE_CASE_STATES[each]}*" if each is now else USE_CASE_STATES[each] for each in steps]
    return " → ".join(names)


def _where(life: Life) -> str:
    since = life.entered.get(life.was)
    when = f" since {day_in_words(people.local_day(life.use_case.owner, since))}" if since else ""
    if life.was not in LIVE:
        return "🚀 Not in use yet"
    stopped = ", suspended now" if life.use_case.state is UseCaseState.SUSPENDED else ""
    return f"🚀 {USE_CASE_STATES[life.was]}{when}{stopped}"


def _day(life: Life) -> str:
    if life.clock is None:
        return ""
    if life.is_hit:
        return "🎯 its metrics are hit"
    if life.clock.day > life.clock.of:
        return f"⚠️ day {life.clock.day}, its first value was due on day {life.clock.of}"
    return f"day {life.clock.day} of {life.clock.of} to its first value"


def _next(life: Life) -> str:
    if life.move is None:
        return ""
    lacks = f"{counted(len(life.missing), 'thing')} missing" if life.missing else "nothing is missing"
    return f"next: {BUTTONS[life.move].lower()}, {lacks}"


def life_button(use_case: UseCaseSnapshot) -> BlockKit:
    what = f"{use_case.reference}, {use_case.name}"
    return button(Action.LIFE, "Deployment", str(use_case.id), label=f"Deployment of {what}")


def moved_text(use_case: UseCaseSnapshot, move: Move, by: str, reason: str = "") -> str:
    why = f" “{inline(reason, limit=TEXT_SHOWN)}”" if reason else ""
    return BECAME[move].format(what=called(use_case), by=named(by), reason=why)


def score_text(score: Score) -> str:
    """Return how good a use case would be to begin with, trait by trait."""
    traits = [VERDICTS[verdict].format(trait=TRAITS[trait]) for trait, verdict in score.verdicts]
    return f"To begin with: {score.points} of {MOST_POINTS} · {' · '.join(traits)}"


def candidate_line(place: int, candidate: Candidate) -> str:
    use_case, score = candidate.use_case, candidate.score
    unknown = f", {counted(score.unknown, 'thing')} unknown" if score.unknown else ""
    name = inline(use_case.name, limit=60)
    return f"{place}. *{use_case.reference}* “{name}”: {score.points} of {MOST_POINTS}{unknown}"


# ------------------------------------------------------------------------------------- what is missing


def missing_block(missing: Missing, life: Life, *, may_ask: bool) -> BlockKit:
    """Draw one thing that is missing, with who owns it and the button to mend it; `may_ask` is about opening a gate."""
    if missing.lacks is not None:
        return lacking_section(missing.lacks)
    if missing.gate is not None:
        is_asked = may_ask and not missing.gate.before
        way = ask_button(missing.gate) if is_asked else programme_button(missing.gate.phase.value)
        return _with(section(closed_text(missing.gate)), way)
    return _with(section(f"▫️ {missing_text(missing, life.use_case)}"), _mend(missing))


def missing_text(missing: Missing, use_case: UseCaseSnapshot) -> str:
    """Return one thing that is missing, and who owns it, as a sentence."""
    if missing.gate is not None:
        return _of_gate(missing)
    owner, about = _owner(missing.owner), inline(missing.about, limit=TEXT_SHOWN)
    return _MISSING[missing.criterion].format(
        owner=owner,
        about=STREAMS.get(WorkstreamKind(missing.about), "") if missing.criterion is Lack.WORKSTREAM else about,
        state=USE_CASE_STATES[use_case.state].lower(),
        until=suspended_until(use_case.suspended_by).removeprefix("⏸️ ") if use_case.suspended_by else "",
    )


_MISSING: Final[Mapping[Lack, str]] = {
    Lack.OTHER_STATE: "It is {state} now.",
    Lack.SUSPENDED: "{until} It does not move on before.",
    Lack.NOT_BY_HAND: "{until} Nobody has to press anything for that.",
    Lack.PROVISIONAL: "It goes ahead by break-glass, which passes no gate: its request has to be approved first.",
    Lack.CONDITION: "The condition “{about}” blocks deployment: {owner} has to meet it.",
    Lack.PLACE: (
        "No place is free: at most {about} at once may be in deployment or deployed before their metrics are hit. "
        "One of them has to hit its metrics, or be retired; `/gatehouse programme` says who answers for them. "
        "Programme leads see below which to take next."
    ),
    Lack.WORKSTREAM: "*{about}* is not complete: {owner} owns it.",
    Lack.KPI: "No KPI is in use yet. They follow the approved text within seconds; {owner} owns them.",
    Lack.BASELINE: "The baseline of “{about}” is not locked in its unit: {owner} answers for it.",
    Lack.LESSON: "No lesson about it is published: {owner} writes down what worked and what did not.",
    Lack.CHECKLIST: "No onboarding checklist is published: {owner} writes the steps another team would follow.",
    Lack.GATE: "A gate is in the way.",
}


def _of_gate(missing: Missing) -> str:
    if missing.gate is None:
        return ""
    if missing.lacks is None:
        return closed_text(missing.gate)
    return f"{gate_name(missing.gate.phase).capitalize()} lacks {lacking_text(missing.lacks)}."


def _mend(missing: Missing) -> BlockKit | None:
    """Return the button that leads to where something is mended."""
    if missing.way is None or missing.way.to not in _MENDS:
        return None
    action, text = _MENDS[missing.way.to]
    return button(action, text, missing.way.value, label=f"{text}: {missing.about}" if missing.about else text)


_MENDS: Final[Mapping[Lack, tuple[Action, str]]] = {
    Lack.CONDITION: (Action.SEE_CONDITION, "Open the condition"),
    Lack.WORKSTREAM: (Action.WORKSTREAMS, "Workstreams"),
    Lack.KPI: (Action.KPIS, "KPIs"),
    Lack.BASELINE: (Action.BASELINE, "Lock baseline"),
    Lack.LESSON: (Action.WRITE_LESSON, "Write a lesson"),
    Lack.CHECKLIST: (Action.WRITE_CHECKLIST, "Write the checklist"),
}


def _with(block: BlockKit, way: BlockKit | None) -> BlockKit:
    return block | {"accessory": way} if way else block


def _owner(owner: Actor | None) -> str:
    if owner is None:
        return "a programme lead"
    left = "" if owner.membership is Membership.MEMBER else ", who has left"
    return f"{named(owner.name)}{left}"


def not_moved_text(refused: NotMoved) -> str:
    """Return why a use case was not moved, who can, and what it lacks."""
    use_case = refused.use_case
    if use_case is None or refused.why is Why.UNKNOWN:
        return UNKNOWN
    if refused.why is Why.NOT_YOURS:
        who = listed([named(each.name) for each in refused.who_may], last="or") or "a programme lead"
        return f"Only {who} can do that with {use_case.reference}. {NOTHING}"
    if refused.why is Why.REASON_MISSING:
        return "Say in a sentence why. Owner and sponsor read it."
    lacks = " ".join(missing_text(each, use_case) for each in refused.missing)
    return f"{called(use_case)}: {lacks} {NOTHING}"


def first_value_text(use_case: UseCaseSnapshot, days: int) -> str:
    return (
        f"⏱️ {called(use_case)} went into deployment {days} days ago, and not all of its metrics are hit. What is in "
        "the way? Look at its KPIs; or suspend it while that is mended, or retire it. You are asked this once."
    )


def lines_of(candidates: Sequence[Candidate]) -> list[str]:
    return [candidate_line(place, each) for place, each in enumerate(candidates, start=1)]

"""Say how the programme and its gates stand: one set of words for refusals, Home, cards, messages and the page."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from db.enums import Criterion, FoundationKind, Membership, Phase
from handlers.blocks import BlockKit, actions, button, section
from handlers.ids import Action
from handlers.text import counted, day_in_words, listed, moment, named
from workflows.programme import CRITERION_NAMES as CRITERIA
from workflows.programme import PHASES, REFERENCES, CriterionState, Elapsed, Gate, GateState, Programme, Standing

GOALS: Final[Mapping[Phase, str]] = {
    Phase.FOUNDATION: "put in place what AI needs to work at scale",
    Phase.FOCUSED_DEPLOYMENT: "prove value in two or three use cases within 60 to 90 days",
    Phase.OPTIMISATION: "measure against where we started, and refine",
    Phase.SCALING: "take proven use cases to more teams",
}
PERMITS: Final[Mapping[Phase, str]] = {
    Phase.FOUNDATION: "Use cases can be proposed, reviewed and approved. None may be deployed yet.",
    Phase.FOCUSED_DEPLOYMENT: "Approved use cases may be deployed, a few at a time.",
    Phase.OPTIMISATION: "Use cases may be deployed, and those in use may be optimised.",
    Phase.SCALING: "Use cases may be deployed, optimised, and taken to more teams.",
}
OPENS: Final[Mapping[Phase, str]] = {
    Phase.FOCUSED_DEPLOYMENT: "approved use cases may be deployed, a few at a time until they have hit their metrics",
    Phase.OPTIMISATION: "use cases in use may be optimised, and more of them deployed at once",
    Phase.SCALING: "use cases may scale, and be taken to more teams",
}
"""What may happen from then on, by the phase a gate leads into."""
NEEDS: Final[Mapping[Criterion, str]] = {
    Criterion.FIRST_VALUE: "every KPI of one use case in use has to be hit",
    Criterion.MEASURED: "one use case in use needs locked baselines and enough readings",
    Criterion.IMPROVED: "a KPI of one measured use case has to be better than its locked baseline",
    Criterion.LESSON: "somebody has to publish what worked and what did not",
}
STATES: Final[Mapping[GateState, str]] = {
    GateState.CLOSED: "closed",
    GateState.READY: "ready to be opened",
    GateState.OPEN: "open",
    GateState.AT_RISK: "at risk",
    GateState.HELD: "held",
}
STATE_MARKS: Final[Mapping[GateState, str]] = {
    GateState.CLOSED: "🔒",
    GateState.READY: "🔑",
    GateState.OPEN: "✅",
    GateState.AT_RISK: "⚠️",
    GateState.HELD: "⛔",
}
MARKS: Final[Mapping[Standing, str]] = {
    Standing.MET: "✅",
    Standing.UNMET: "▫️",
    Standing.LAPSED: "⚠️",
    Standing.WAIVED: "🟡",
}
NOTHING_HIDDEN: Final[frozenset[str]] = frozenset()
_LEFT: Final = "who had it, has left: a programme lead gives it to somebody else"
_NOBODY: Final = "nobody owns it yet: a programme lead says who does"


def gate_name(phase: Phase) -> str:
    """Return “the gate into Focused Deployment”."""
    return f"the gate into {PHASES[phase]}"


def is_part(criterion: Criterion) -> bool:
    """Say whether a part of the foundation meets it, which somebody owns."""
    return criterion.value in set(FoundationKind)


def owes_text(state: CriterionState, owing: Sequence[str] = ()) -> str:
    """Return who owes a criterion. `owing` are names of those who do, where no part of the foundation is asked for."""
    if not is_part(state.criterion):
        return f"{listed([named(each) for each in owing])} can show it" if owing else NEEDS[state.criterion]
    if state.owner is None:
        return _NOBODY
    if state.owner.membership is not Membership.MEMBER:
        return f"{named(state.owner.name)}, {_LEFT}"
    return f"{named(state.owner.name)} owes it"


def lacking_text(state: CriterionState, owing: Sequence[str] = ()) -> str:
    """Return one thing a gate lacks: “*Context pack* has lapsed …: Ann owes it”, or from when on it is there."""
    lapsed = f" has lapsed, {moment(state.since)}" if state.standing is Standing.LAPSED and state.since else ""
    if state.begins is not None:
        how = "approved, and in force" if is_part(state.criterion) else "measured, and complete"
        return f"*{CRITERIA[state.criterion]}*{lapsed}: {how} from {moment(state.begins)} on"
    return f"*{CRITERIA[state.criterion]}*{lapsed}: {owes_text(state, owing)}"


def closed_text(gate: Gate) -> str:
    """Return why a gate lets nothing new through and what would change that, as one paragraph of mrkdwn."""
    what = gate_name(gate.phase)
    lacks = "; ".join(lacking_text(each) for each in gate.lacking)
    match gate.state:
        case GateState.HELD:
            since = f" since {moment(gate.held_from)}" if gate.held_from else ""
            return f"⛔ {begun(what)} is held{since}. {lacks}. What runs goes on; nothing new passes until that is met."
        case GateState.READY:
            return (
                f"🔑 {begun(what)} has all it asks for, and nobody has opened it yet. Programme leads ask to open it."
            )
        case GateState.CLOSED:
            first = f" {begun(gate_name(gate.before))} comes first." if gate.before is not None else ""
            lack = f" It lacks {len(gate.lacking)} of {len(gate.criteria)}: {lacks}." if lacks else ""
            return f"🔒 {begun(what)} is not open.{lack}{first}"
        case GateState.AT_RISK | GateState.OPEN:
            return f"✅ {begun(what)} is open."


def closed_blocks(gate: Gate, owing: Mapping[Criterion, Sequence[str]] | None = None) -> list[BlockKit]:
    """Return what a gate lacks, each with the button that leads to where it is mended, and the way to the programme.

    `owing` are names of those who could show what use cases show.
    """
    names = owing or {}
    blocks = [lacking_section(each, names.get(each.criterion, ())) for each in gate.lacking]
    ways = [programme_button(gate.phase.value)]
    if gate.state is GateState.READY:
        ways.insert(0, ask_button(gate))
    return [*blocks, actions(f"programme.closed.{gate.phase}", *ways)]


def programme_button(value: str, text: str = "See the programme") -> BlockKit:
    return button(Action.PROGRAMME, text, value, label=f"{text}: its phases and gates, and who owes what")


def lacking_section(state: CriterionState, owing: Sequence[str] = ()) -> BlockKit:
    block = section(f"{MARKS[state.standing]} {lacking_text(state, owing)}.")
    way = part_button(state.criterion)
    return block | {"accessory": way} if way else block


def part_button(criterion: Criterion) -> BlockKit | None:
    """Return the way to the part of the foundation that meets a criterion; None where no part does."""
    if not is_part(criterion):
        return None
    kind = FoundationKind(criterion.value)
    label = f"Open {REFERENCES[kind]}, {CRITERIA[criterion]}"
    return button(Action.OPEN_PART, "Open", kind.value, label=label)


def ask_button(gate: Gate) -> BlockKit:
    label = f"Ask to open {gate_name(gate.phase)}"
    return button(Action.ASK_GATE, "Ask to open the gate", gate.phase.value, style="primary", label=label)


def waive_button(gate: Gate) -> BlockKit:
    label = f"Do without a criterion of {gate_name(gate.phase)} for a while"
    return button(Action.WAIVE_CRITERION, "Do without a criterion", gate.phase.value, label=label)


def state_text(gate: Gate) -> str:
    """Return in one line how a gate stands, and until when or since when where that matters."""
    lead = f"{STATE_MARKS[gate.state]} {begun(gate_name(gate.phase))}: {STATES[gate.state]}"
    holds = sum(each.holds for each in gate.criteria)
    match gate.state:
        case GateState.AT_RISK if gate.held_from is not None:
            return f"{lead}. It lets through until {moment(gate.held_from)}"
        case GateState.HELD if gate.held_from is not None:
            return f"{lead} since {moment(gate.held_from)}. Nothing new passes"
        case GateState.OPEN if gate.opened_at is not None:
            return f"{lead} since {moment(gate.opened_at)}"
        case GateState.CLOSED:
            return f"{lead}, {holds} of {len(gate.criteria)} met"
        case _:
            return lead


def criterion_text(state: CriterionState, hidden: Collection[str] = NOTHING_HIDDEN, owing: Sequence[str] = ()) -> str:
    """Return in one line of mrkdwn how a criterion stands: met by what, since and until when, or who owes it."""
    if not state.holds:
        return lacking_text(state, owing)
    by = proofs_text(state.rests_on, hidden)
    since = f" since {moment(state.since)}" if state.since else ""
    until = f", until {moment(state.until)}" if state.until else ""
    how = "done without" if state.standing is Standing.WAIVED else "met by"
    decided = f", as {by} decided" if state.standing is Standing.WAIVED else f" {by}"
    return f"*{CRITERIA[state.criterion]}*: {how}{decided}{since}{until}"


def plain_criterion(state: CriterionState, hidden: Collection[str], zone: str) -> str:
    """Return how a criterion stands as plain text; days are where a waiver's asker or its owner is, or of this zone."""
    if not state.holds:
        return "lapsed" if state.standing is Standing.LAPSED else "not met"
    if state.waiver is not None:
        zone = state.waiver.zone
    elif state.owner is not None:
        zone = state.owner.zone
    since = f", since {_day(state.since, zone)}" if state.since else ""
    until = f", until {_day(state.until - timedelta(minutes=1), zone)}" if state.until else ""
    return f"{standing_text(state.standing.value, state.rests_on, hidden)}{since}{until}"


def standing_text(standing: str, by: Sequence[str], hidden: Collection[str]) -> str:
    """Return how a criterion stood: “met by DLV-1 v2”, “done without (GATE-3)”, “not met”."""
    match standing:
        case Standing.MET:
            return f"met by {proofs_text(by, hidden)}"
        case Standing.WAIVED:
            return f"done without ({proofs_text(by, hidden)})"
        case Standing.LAPSED:
            return "lapsed"
        case _:
            return "not met"


def proofs_text(references: Sequence[str], hidden: Collection[str]) -> str:
    """Return what meets a criterion; what the reader may not know of is counted and not named."""
    known = [each for each in references if each not in hidden]
    secret = len(references) - len(known)
    more = [f"{counted(secret, 'confidential use case')}"] if secret else []
    return listed([*known, *more], last="and") or "nothing"


def what_blocks(programme: Programme, owing: Mapping[Criterion, Sequence[str]] | None = None) -> list[str]:
    """Return what stands in the way of the programme, line by line: what is at risk first, then the next gate."""
    lines = list(_blocking(programme, owing or {}))
    return lines or [f"✅ Nothing: all gates are open. {PERMITS[programme.phase]}"]


def _blocking(programme: Programme, owing: Mapping[Criterion, Sequence[str]]) -> Iterator[str]:
    for gate in programme.lacking:
        yield state_text(gate) + "."
        yield from (f"• {lacking_text(each, owing.get(each.criterion, ()))}." for each in gate.lacking)
    following = next((each for each in programme.gates.values() if not each.is_opened), None)
    if following is None:
        return
    yield state_text(following) + "."
    yield from (f"• {lacking_text(each, owing.get(each.criterion, ()))}." for each in following.lacking)
    if following.state is GateState.READY:
        yield "• All it asks for is met. A programme lead asks to open it."
    elif following.before is not None and not following.lacking:
        yield f"• {begun(gate_name(following.before))} has to be open first."


def elapsed_text(elapsed: Elapsed, phase: Phase) -> str:
    """Return how long a phase took, or has taken so far, against the usual where that is known; nothing before it."""
    took = elapsed.weeks_in(phase)
    if took is None:
        return ""
    usual = f", usually {_span(elapsed.usual_first)}" if phase is Phase.FOUNDATION else ""
    so_far = " so far" if phase is elapsed.phase else ""
    return f"{counted(took, 'week')}{so_far}{usual}"


def usual_text(elapsed: Elapsed) -> str:
    """Return how long the whole programme has taken against the usual."""
    took = elapsed.weeks
    lead = "The programme has not begun" if took is None else f"{begun(counted(took, 'week'))} in all so far"
    return f"{lead}; all four phases usually take {_span(elapsed.usual_all)}"


def _span(weeks: tuple[int, int]) -> str:
    least, most = weeks
    return f"{least} to {most} weeks" if least != most else counted(least, "week")


def begun(text: str) -> str:
    return f"{text[0].upper()}{text[1:]}"


def _day(at: datetime, zone: str) -> str:
    return day_in_words(at.astimezone(ZoneInfo(zone)).date())

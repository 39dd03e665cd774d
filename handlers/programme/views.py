"""Draw the programme: its page, what Home says of it, and the forms that ask about a gate. Values in, Block Kit out."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from db.enums import Phase
from handlers.blocks import (
    TEXT_LIMIT,
    BlockKit,
    actions,
    button,
    context,
    day,
    header,
    modal,
    question,
    section,
    sections,
    select,
    text_input,
)
from handlers.exports.views import export_button
from handlers.ids import Action, Block, Callback
from handlers.objectives.views import objectives_button
from handlers.programme.drawing import PLACE, tracker_lines
from handlers.programme.knowing import Known
from handlers.programme.payloads import carried
from handlers.programme.words import (
    GOALS,
    MARKS,
    OPENS,
    PERMITS,
    ask_button,
    begun,
    criterion_text,
    gate_name,
    lacking_section,
    lacking_text,
    plain_criterion,
    state_text,
    waive_button,
    what_blocks,
)
from handlers.text import counted, listed, named
from workflows.programme import CRITERION_NAMES as CRITERIA
from workflows.programme import (
    LONGEST_REASON,
    PHASES,
    CriterionState,
    Debtor,
    Gate,
    GateAsked,
    GateState,
    NoGate,
    NotAsked,
    Programme,
)

TITLE: Final = "The programme"
DEBTORS_SHOWN: Final = 3
LACKING_SHOWN: Final = 3
NEVER_WAIVED: Final = (
    "The four governance areas can never be waived before a first use case was in deployment. Have it approved instead."
)
NOW_YOU: Final[Mapping[bool, str]] = {
    False: "You can propose a use case now, by `/usecase new` or from Home: in every phase it is reviewed and decided.",
    True: "You see that each part has an owner and is decided, and ask to open the next gate once it is ready.",
}
_WHY_NOT: Final[Mapping[NoGate, str]] = {
    NoGate.NOT_STEERING: "Only programme leads and admins ask about gates. Nothing was asked.",
    NoGate.NO_RULE: (
        "The policy in force does not say who decides about gates. An admin adds a rule for them: `subjects: gate` and "
        "a chain, as in `docs/policy.md`. Nothing was asked."
    ),
    NoGate.OPENED: "It was opened already. Nothing was asked.",
    NoGate.NOT_READY: "It is not ready to be opened. Nothing was asked.",
    NoGate.PENDING: "{reference} asks about this gate already and is not decided yet. Nothing was asked.",
    NoGate.SEEN_OTHER: "What the gate rests on changed while you looked. Look again, and ask if it is right.",
    NoGate.NOT_ASKED_FOR: "This gate does not ask for that. Choose one of its criteria.",
    NoGate.MET: "It is met, so there is nothing to do without. Choose what is missing.",
    NoGate.NEVER_WAIVED: NEVER_WAIVED,
    NoGate.UNTIL_PAST: "That day is over or today. Choose the last day on which the gate does without it.",
    NoGate.UNTIL_TOO_FAR: "That is more than a year away. Choose an earlier day; it can be asked for again.",
    NoGate.REASON_MISSING: "Say in a sentence why the programme can do without it until then.",
}
AT_FIELD: Final[Mapping[NoGate, Block]] = {
    NoGate.NOT_ASKED_FOR: Block.WAIVED_CRITERION,
    NoGate.MET: Block.WAIVED_CRITERION,
    NoGate.NEVER_WAIVED: Block.WAIVED_CRITERION,
    NoGate.UNTIL_PAST: Block.WAIVED_UNTIL,
    NoGate.UNTIL_TOO_FAR: Block.WAIVED_UNTIL,
    NoGate.REASON_MISSING: Block.WAIVER_REASON,
}
_MISSING: Final[Mapping[Block, str]] = {
    Block.WAIVED_CRITERION: "Choose a criterion.",
    Block.WAIVED_UNTIL: "Choose the last day on which the gate does without it.",
}


def missing_text(field: Block) -> str:
    return _MISSING[field]


def why_not_text(refused: NotAsked) -> str:
    return _WHY_NOT[refused.why].format(reference=refused.reference)


# ------------------------------------------------------------------------------------------------ the page


def page(known: Known, *, notice: str = "") -> BlockKit:
    """Return the whole programme: its phase, what that permits, what blocks it, all three gates, what it is for."""
    programme = known.programme
    blocks = [section(notice)] if notice else []
    blocks += [header(phase_title(programme.phase)), section(_in_plain_words(known)), tracker(known)]
    in_the_way = programme.of_interest
    blocks += [section("*What blocks us?*")] if in_the_way else sections(*what_blocks(programme))
    for gate in (*in_the_way, *(each for each in programme.gates.values() if each not in in_the_way)):
        blocks += [{"type": "divider"}, *_gate(gate, known)]
    ways = [objectives_button(), *([export_button()] if known.may_export else [])]
    blocks += [*_owing(known), {"type": "divider"}, actions("programme.ways", *ways)]
    return modal(Callback.PROGRAMME, TITLE, blocks)


def notice_page(text: str) -> BlockKit:
    return modal(Callback.PROGRAMME, TITLE, [section(text[:TEXT_LIMIT])])


def phase_title(phase: Phase) -> str:
    return f"Phase {list(Phase).index(phase) + 1} of {len(Phase)}: {PHASES[phase]}"


def tracker(known: Known) -> BlockKit:
    """Return the phases in words, which the picture takes the place of where Slack has it."""
    return context(*tracker_lines(known.programme, known.elapsed)) | {"block_id": PLACE}


def _in_plain_words(known: Known) -> str:
    phase = known.programme.phase
    return f"The goal now: {GOALS[phase]}. {PERMITS[phase]}\n{NOW_YOU[known.steers]}"


def _gate(gate: Gate, known: Known) -> Iterator[BlockKit]:
    yield section(f"*{state_text(gate)}*")
    for state in gate.criteria:
        yield _criterion(state, known)
    yield context(f"Once open, {OPENS[gate.phase]}.")
    ways = _ways(gate, known)
    if ways:
        yield actions(f"programme.gate.{gate.phase}", *ways)


def _criterion(state: CriterionState, known: Known) -> BlockKit:
    if not state.holds:
        return lacking_section(state, known.names(state.criterion))
    return section(f"{MARKS[state.standing]} {criterion_text(state, known.hidden)}.")


def _ways(gate: Gate, known: Known) -> list[BlockKit]:
    """Return what somebody who steers can ask about a gate now."""
    if not known.steers:
        return []
    asks = [ask_button(gate)] if gate.state is GateState.READY else []
    return [*asks, *([waive_button(gate)] if gate.falls_short else [])]


def _owing(known: Known) -> Iterator[BlockKit]:
    """Yield the use cases that could meet what is lacking, each with the way to it."""
    debtors = list({each.reference: each for debts in known.owing.values() for each in debts}.values())
    if not debtors and not known.secret:
        return
    yield {"type": "divider"}
    yield section("*Use cases that can show what is missing*")
    for each in debtors[:DEBTORS_SHOWN]:
        yield debtor_section(each)
    more = [counted(len(debtors) - DEBTORS_SHOWN, "more use case")] if len(debtors) > DEBTORS_SHOWN else []
    more += [counted(known.secret, "confidential use case")] if known.secret else []
    if more:
        yield context(f"And {listed(more, last='and')}.")


def debtor_section(debtor: Debtor) -> BlockKit:
    block = section(f"*{debtor.reference}*: {named(debtor.owner.name)} answers for it.")
    if debtor.request_id is None:
        return block
    opens = button(Action.OPEN, "Open", str(debtor.request_id), label=f"Open {debtor.reference}")
    return block | {"accessory": opens}


# ------------------------------------------------------------------------------------------------ Home


def home_line(programme: Programme) -> list[BlockKit]:
    """Return for everybody which phase it is and what is next, in one line with the way to the whole."""
    told = "\n".join(state_text(each) for each in programme.of_interest) or "✅ All gates are open"
    what = section(f"🧭 *{phase_title(programme.phase)}*\n{told}.")
    look = button(Action.PROGRAMME, "What blocks us?", "home", label="See the programme, its gates and what blocks us")
    return [{"type": "divider"}, what | {"accessory": look}]


def home_part(known: Known) -> list[BlockKit]:
    """Return for leads and admins also how long it took, and what is lacking, with who owes it and a button each."""
    blocks = [*home_line(known.programme), tracker(known)]
    for gate in known.programme.of_interest:
        blocks += _lacking(gate, known)
        blocks += [debtor_section(each) for each in _debtors(gate, known)]
        ways = _ways(gate, known)
        blocks += [actions(f"home.programme.{gate.phase}", *ways)] if ways else []
    return blocks


def _lacking(gate: Gate, known: Known) -> list[BlockKit]:
    """Return what a gate lacks, each with its button; while that is much, in lines, and the page has the buttons."""
    if len(gate.lacking) <= LACKING_SHOWN:
        return [lacking_section(each, known.names(each.criterion)) for each in gate.lacking]
    lines = (f"{MARKS[each.standing]} {lacking_text(each, known.names(each.criterion))}." for each in gate.lacking)
    return sections(*lines)


def _debtors(gate: Gate, known: Known) -> Sequence[Debtor]:
    found = {each.reference: each for state in gate.lacking for each in known.owing.get(state.criterion, ())}
    return list(found.values())[:DEBTORS_SHOWN]


# ------------------------------------------------------------------------------------------------ forms


def ask_form(gate: Gate, known: Known, *, zone: str, notice: str = "") -> BlockKit:
    """Return the form that asks to open a gate, with all it rests on; one that is not ready says what is missing."""
    lead = [section(f"⚠️ {notice}")] if notice else []
    if gate.state is not GateState.READY:
        lines = [f"• {criterion_text(each, known.hidden, known.names(each.criterion))}." for each in gate.lacking]
        first = [f"• {begun(gate_name(gate.before))} has to be open first."] if gate.before else []
        why = "It was opened already." if gate.is_opened else "It is not ready to be opened:"
        return modal(Callback.PROGRAMME, TITLE, [*lead, *sections(f"*{state_text(gate)}*", why, *lines, *first)])
    rests = [
        f"{MARKS[each.standing]} *{CRITERIA[each.criterion]}*: {plain_criterion(each, known.hidden, zone)}"
        for each in gate.criteria
    ]
    blocks = [
        *lead,
        section(f"You ask people to open *{gate_name(gate.phase)}*. Once it is open, {OPENS[gate.phase]}."),
        *sections(*rests),
        context("It opens only if all of that is still so when they have decided. You have no vote on it yourself."),
    ]
    return modal(Callback.ASK_GATE, "Open the gate", blocks, submit="Ask", carries=carried(gate.phase, gate.digest))


def waive_form(gate: Gate, *, chosen: str = "") -> BlockKit:
    """Return the form that asks to do without a criterion for a while."""
    missing = [each.criterion for each in gate.falls_short]
    options = {each.value: CRITERIA[each] for each in missing}
    if not options:
        return notice_page(f"{begun(gate_name(gate.phase))} lacks nothing, so there is nothing to do without.")
    blocks = [
        section(f"You ask people whether *{gate_name(gate.phase)}* may do without a criterion for a while."),
        question(
            Block.WAIVED_CRITERION, "What to do without", select(options, placeholder="Choose one", chosen=chosen)
        ),
        question(
            Block.WAIVED_UNTIL, "Last day", day(), hint="At most a year from now. It is asked for again after that."
        ),
        question(
            Block.WAIVER_REASON,
            "Why can the programme do without it until then?",
            text_input(longest=LONGEST_REASON, multiline=True),
            hint="Those who decide read this, and it stands on the record.",
        ),
    ]
    carries = gate.phase.value
    return modal(Callback.WAIVE_CRITERION, "Do without a criterion", blocks, submit="Ask", carries=carries)


def asked_text(asked: GateAsked) -> str:
    """Return that people were asked, and who has it now."""
    names = listed([named(each.name) for each in asked.asked], last="and")
    lead = f"{asked.reference} is with people now."
    if asked.blocked:
        lanes = listed([named(each) for each in asked.blocked], last="and")
        return f"⚠️ {lead} Nobody may decide {lanes} yet: an admin has to give its role to somebody else than you."
    return f"✅ {lead} Asked: {names}. You are told what they decide." if names else f"✅ {asked.reference} is decided."

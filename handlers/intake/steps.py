"""Draw the steps of a draft. Values in, Block Kit out."""

from collections.abc import Iterator

from db.enums import LaneRule, QuestionKind, Tier, UseCaseState
from handlers.blocks import (
    BlockKit,
    actions,
    button,
    checkboxes,
    context,
    day,
    header,
    link,
    modal,
    person,
    question,
    quoted,
    searched,
    section,
    sections,
    select,
    selects,
    text_input,
    whole,
)
from handlers.ids import Action, Block, Callback
from handlers.intake.payloads import PEOPLE, block_of, carried
from handlers.intake.wording import (
    CHOICES,
    CONFIDENTIAL,
    EFFECTS,
    HINTS,
    LABELS,
    MULTILINE,
    PLACEHOLDERS,
    STAYS_SUSPENDED,
    TITLES,
)
from handlers.standing import reason_line
from handlers.subjects import use_case_picture
from handlers.text import TIERS, UNKNOWN, USE_CASE_STATES, inline, listed, named
from workflows.approvals import PlannedLane, PlannedStage
from workflows.intake import MOST_KPIS, OWN, Effect, Page, Preview, SimilarCase, Step, kpi_count, kpi_field
from workflows.intake.answers import KPI_FIELDS, many, text
from workflows.intake.measures import LONGEST as LONGEST_OF_KPI
from workflows.intake.rules import LONGEST, LONGEST_OWN
from workflows.policy import ApprovingLine, Question

OPTIONS_SHOWN = 99  # Slack shows a hundred, and “I do not know” is one
_LONGEST_NUMBER = 40
_OPTIONAL = frozenset({"confidential", "model", "kpi_baseline"})
_TICKED = frozenset({"practices"})
_SEVERAL = frozenset({"affected", "areas"})


def step_modal(page: Page) -> BlockKit:
    """Draw one step of a draft. Whatever was typed before stands in it; a Back button leads to the step before."""
    draw = {
        Step.BASICS: _basics,
        Step.SIMILAR: _similar,
        Step.FACTS: _facts,
        Step.DETAILS: _details,
        Step.VALUE: _value,
        Step.PREVIEW: _preview,
    }[page.step]
    blocks = [context(f"*{TITLES[page.step]}*{_of_what(page)}"), *_with_problems(page, list(draw(page)))]
    is_last = page.step is Step.PREVIEW
    number, total = page.steps.index(page.step) + 1, len(page.steps)
    return modal(
        Callback.SUBMIT_USE_CASE if is_last else Callback.STEP,
        f"{_what_for(page)} ({number} of {total})",
        [*blocks, *_ways_on(page)],
        submit=_send(page) if is_last else "Next",
        carries=carried(page.draft_id, page.step),
    )


def _what_for(page: Page) -> str:
    if page.edits is None:
        return "Propose"
    return f"Change {page.edits}" if page.is_change else f"Edit {page.edits}"


def _send(page: Page) -> str:
    if page.edits is None:
        return "Send"
    return "Send the change" if page.is_change else "Send again"


def _of_what(page: Page) -> str:
    name = text(page.answers, "name")
    return f" · “{inline(name, limit=80)}”" if name and page.step is not Step.BASICS else ""


def _ways_on(page: Page) -> Iterator[BlockKit]:
    buttons = []
    if page.step is not page.steps[0]:
        buttons.append(button(Action.BACK, "Back", str(page.draft_id)))
    if page.step is Step.VALUE and kpi_count(page.answers) < MOST_KPIS:
        buttons.append(button(Action.ADD_KPI, "Add another KPI", str(page.draft_id)))
    if buttons:
        yield actions("intake.draft.ways", *buttons)
    if page.step is not Step.PREVIEW:
        yield context("What you type is kept with every Next and Back. You find the draft in the Home tab.")


def _with_problems(page: Page, blocks: list[BlockKit]) -> Iterator[BlockKit]:
    """Put what is wrong above its field: a step that is gone back to cannot show it as Slack's own error."""
    wrong = {block_of(problem.field): problem.text for problem in page.problems}
    if wrong:
        yield section("⚠️ Something here has to be put right before this can be sent.")
    for block in blocks:
        problem = wrong.get(str(block.get("block_id")))
        if problem:
            yield section(f"⚠️ {inline(problem)}")
        yield block


# -------------------------------------------------------------------------------------------- the steps


def _basics(page: Page) -> Iterator[BlockKit]:
    if page.source_link:
        yield link("Made from a message, and linked to it", page.source_link)
    for field in ("name", "problem", "team", "owner", "sponsor"):
        yield _ask(page, field)
    objective = text(page.answers, "objective")
    chosen = (objective, objective) if objective else None
    element = searched(Block.OBJECTIVE, placeholder=PLACEHOLDERS["objective"], chosen=chosen)
    yield question(Block.OBJECTIVE, LABELS["objective"], element, hint=HINTS["objective"])
    yield _ask(page, "output_use")
    ticked = checkboxes(CONFIDENTIAL, chosen=many(page.answers, "confidential"))
    yield question(Block.CONFIDENTIAL, LABELS["confidential"], ticked, optional=True)


def _similar(page: Page) -> Iterator[BlockKit]:
    yield section("Others work on something that reads alike. Joining them is quicker than starting anew.")
    for case in page.similar:
        yield _similar_case(case, may_join=case.can_be_joined and page.edits is None)
    yield _ask(page, "differs")


def _similar_case(case: SimilarCase, *, may_join: bool) -> BlockKit:
    block = section(
        f"*{case.reference}* “{inline(case.name, limit=150)}”\n"
        f"Team {inline(case.team)} · {USE_CASE_STATES[case.state]} · owned by {named(case.owner.name)}"
    )
    if may_join:
        label = f"Join {case.reference}, {case.name}"
        block["accessory"] = button(
            Action.JOIN,
            f"Join {case.reference}",
            str(case.id),
            label=label,
            confirm=f"Your draft is closed, and {case.owner.name[:80]} is told that you would like to join.",
        )
    return block


def _facts(page: Page) -> Iterator[BlockKit]:
    for field in ("data_class", "processing", "build", "affected", "decision", "areas", "practices"):
        yield _ask(page, field)


def _details(page: Page) -> Iterator[BlockKit]:
    own = {OWN + each.key: each for each in page.questions}
    for field in page.asked:
        yield _ask_own(page, own[field]) if field in own else _ask(page, field)


def _value(page: Page) -> Iterator[BlockKit]:
    for field in ("outputs", "benefit"):
        yield _ask(page, field)
    for position in range(kpi_count(page.answers)):
        yield {"type": "divider"}
        for name in KPI_FIELDS:
            yield _ask(page, kpi_field(name, position))


def _preview(page: Page) -> Iterator[BlockKit]:
    preview = page.preview
    if preview is None:
        return
    if page.changed:
        yield section(
            "⚠️ The policy changed, or you changed an answer elsewhere, since you saw this. "
            "Nothing was sent; please look again."
        )
    is_approved = preview.decided is not None and preview.tier is not Tier.PROHIBITED
    reasons = [] if is_approved else [f"• {reason_line(each)}" for each in preview.reasons]  # that line says it all
    yield from sections(f"*{TIERS[preview.tier]}*", *reasons)
    yield from sections(*_way(preview))
    picture = use_case_picture(preview.use_case)
    yield {"type": "divider"}
    yield header(picture.title)
    if len(picture.title) > len(header(picture.title)["text"]["text"]):
        yield quoted(picture.title)
    yield quoted(picture.story)
    yield from whole(picture.whole, source=page.source_link)


def _way(preview: Preview) -> Iterator[str]:
    """Yield who decides, stage by stage, or what the policy does by itself."""
    if preview.effect is not None:
        is_suspended = preview.state is UseCaseState.SUSPENDED
        yield STAYS_SUSPENDED if is_suspended and preview.effect is Effect.ASKED else EFFECTS[preview.effect]
        if preview.effect in (Effect.NOTHING, Effect.AT_ONCE):
            return
    if preview.decided is None:
        yield "*Who decides*"
        for number, stage in enumerate(preview.stages, start=1):
            yield from _stage(stage, number if len(preview.stages) > 1 else None)
    elif preview.tier is Tier.PROHIBITED:
        yield "⛔ *The policy refuses this.*"
        yield (
            "If an answer is wrong, press Back and correct it. If you send it, the refusal is on record; "
            "you can still correct it afterwards. For what it needs instead, ask your programme leads."
        )
    else:
        yield f"✅ *The policy approves this by itself:* {inline(preview.decided.reason)}"
        is_audited = isinstance(preview.decided, ApprovingLine) and preview.decided.audit is not None
        later = " Some of what it approves is looked at afterwards." if is_audited else ""
        yield f"Nobody has to decide. It is on record, and you are told at once.{later}"


def _stage(stage: PlannedStage, number: int | None) -> Iterator[str]:
    """Yield who decides a stage; `number` says which of several it is."""
    lanes = [f"*{named(lane.name)}*: {_who(lane)}" for lane in stage.lanes]
    if number is not None and len(lanes) == 1:
        yield f"{number}. {lanes[0]}"
        return
    if number is not None:
        yield f"{number}. *{named(stage.name)}*, all at the same time"
    yield from (f"• {lane}" for lane in lanes)


def _who(lane: PlannedLane) -> str:
    if lane.is_kept:
        return "✅ approved before, and nothing it looks at is changed"
    if not lane.people:
        return "⚠️ nobody yet: an admin has to give somebody a role that may decide. It is kept until then."
    names = sorted(named(each.name) for each in lane.people)
    how = {
        LaneRule.ANY: "",
        LaneRule.ALL: ", all of them",
        LaneRule.AT_LEAST: f", at least {lane.amount} of them",
        LaneRule.PERCENT: f", {lane.amount} % of them",
    }[lane.rule]
    people = listed(names, last="and" if how else "or") + (how if len(names) > 1 else "")
    return f"{people}, asked in their channel" if lane.channel else people


# ---------------------------------------------------------------------------------------- one question


def _ask(page: Page, field: str) -> BlockKit:
    """Return one question everybody is asked, with what was answered before."""
    name, _, position = field.partition(".")
    label = LABELS[name] if position in ("", "0") or name != "kpi_name" else f"KPI {int(position) + 1}"
    is_optional = name in _OPTIONAL or position not in ("", "0") or _may_be_unknown(page, name)
    return question(block_of(field), label, _element(page, field, name), hint=HINTS.get(name, ""), optional=is_optional)


def _element(page: Page, field: str, name: str) -> BlockKit:
    chosen, several = text(page.answers, field), many(page.answers, field)
    if name in _TICKED:
        return checkboxes(CHOICES[name], chosen=several)
    if name in _SEVERAL:
        return selects(CHOICES[name], placeholder="Choose all that fit", chosen=several)
    if name in CHOICES:
        return select(CHOICES[name], placeholder="Choose one", chosen=chosen)
    if name in PEOPLE:
        return person(placeholder="Choose a person", chosen=chosen)
    if name == "kpi_due":
        return day(chosen=chosen)
    longest = LONGEST.get(name) or LONGEST_OF_KPI.get(name) or _LONGEST_NUMBER
    return text_input(
        longest=longest, multiline=name in MULTILINE, placeholder=PLACEHOLDERS.get(name, ""), initial=chosen
    )


def _may_be_unknown(page: Page, name: str) -> bool:
    """Say whether a vendor need not be named: nobody knows yet who builds it."""
    return name == "vendor" and text(page.answers, "build") in ("", UNKNOWN)


def _ask_own(page: Page, asked: Question) -> BlockKit:
    """Return a question of the organisation's own."""
    field = OWN + asked.key
    return question(
        block_of(field), asked.ask, _own_element(page, asked, field), hint=asked.hint, optional=asked.optional
    )


def _own_element(page: Page, asked: Question, field: str) -> BlockKit:
    chosen, several = text(page.answers, field), many(page.answers, field)
    if asked.kind is QuestionKind.TEXT:
        return text_input(longest=LONGEST_OWN, multiline=True, initial=chosen)
    options = own_options(asked)
    is_many = asked.kind is QuestionKind.CHOICES
    if len(options) > OPTIONS_SHOWN + 1:
        known = {value: options[value] for value in several if value in options}
        one = next(iter(known.items()), None)
        return searched(block_of(field), placeholder="Type to search", chosen=one, several=known if is_many else None)
    if is_many:
        return selects(options, placeholder="Choose all that fit", chosen=several)
    return select(options, placeholder="Choose one", chosen=chosen)


def own_options(asked: Question) -> dict[str, str]:
    """Return what can be answered to a question of the organisation's own; “I do not know” always can."""
    return {**asked.options, UNKNOWN: "I do not know"}

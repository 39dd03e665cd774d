"""Draw the KPIs of a use case, the forms that change one, and what Home shows of them."""

from collections.abc import Iterator, Sequence
from datetime import date

from db.enums import Cadence, KpiSource, Membership
from handlers.blocks import (
    BlockKit,
    actions,
    button,
    context,
    day,
    header,
    modal,
    person,
    question,
    quoted,
    section,
    sections,
    select,
    text_input,
)
from handlers.checkins.payloads import NONE_YET
from handlers.checkins.trends import table_of_use_case
from handlers.checkins.words import baseline_text, change_text, why_text
from handlers.hits import newest_text, progress_text
from handlers.ids import Action, Block, Callback
from handlers.kinds import CHANGE
from handlers.kpis import SOURCES, kpi_stands, kpis_button, rhythm_text, short_day
from handlers.text import day_in_words, inline, named
from workflows.checkins import (
    FEWEST_WEEKS,
    LONGEST_METHOD,
    LONGEST_REASON,
    MOST_WEEKS,
    KpiSnapshot,
    Rhythm,
    Why,
    as_typed,
    rhythm_typed,
)
from workflows.intake import KpiBoard, UseCaseSnapshot

CHANGES_SHOWN, EARLIER_SHOWN, RETIRED_SHOWN = 4, 3, 6
HISTORY_SHOWN, BASELINES_SHOWN = 60, 20
WORDS_SHOWN = 200
APPROVED = (
    "Name, unit, direction, target and date are part of what was approved: only an approved change changes them. "
    "How often, from where and who answers for it are changed here."
)
RHYTHMS = (
    Rhythm(Cadence.WEEKLY),
    Rhythm(Cadence.FORTNIGHTLY),
    Rhythm(Cadence.MONTHLY),
    *(Rhythm(Cadence.EVERY_WEEKS, weeks) for weeks in range(FEWEST_WEEKS, MOST_WEEKS + 1)),
)


def kpis_modal(
    board: KpiBoard, notice: str = "", trend: Sequence[BlockKit] = (), corrections: Sequence[BlockKit] = ()
) -> BlockKit:
    """Draw every KPI with its baseline, how it is reported, what changed, and what this person can do with it.

    `trend` shows how they went; `corrections` stand below those in use.
    """
    use_case = board.use_case
    blocks = [*([section(notice)] if notice else []), header(f"{use_case.reference} · {use_case.name}")]
    in_use = [each for each in board.kpis if each.in_use]
    blocks += (
        [context(APPROVED)] if in_use else [section("Nothing is measured here yet: KPIs begin when it is approved.")]
    )
    blocks += trend
    ways = [table_of_use_case(use_case)] if trend else []
    if board.may_ask:
        ask = button(Action.EDIT, CHANGE, str(use_case.id), label=f"{CHANGE} of what was approved about the KPIs")
        ways.append(ask)
    blocks += [actions("checkins.kpis.ways", *ways)] if ways else []
    for kpi in in_use:
        blocks += [{"type": "divider"}, *_kpi(board, kpi)]
    blocks += corrections
    retired = [each for each in board.kpis if not each.in_use]
    if retired:
        blocks += [{"type": "divider"}, context("*Measured earlier*, and no longer among what was approved:")]
        blocks += [_retired(each) for each in retired[:RETIRED_SHOWN]]
    return modal(Callback.KPIS, f"{use_case.reference}: KPIs", blocks, carries=str(use_case.id))


def _kpi(board: KpiBoard, kpi: KpiSnapshot) -> Iterator[BlockKit]:
    yield _title(kpi)
    why = board.why_not.get(kpi.id)
    left = "" if kpi.owner.membership is Membership.MEMBER else " ⚠️ They have left: choose somebody else."
    told = [f"{named(kpi.owner.name)} answers for it.{left}"]
    told += [why_text(why, kpi, board.use_case, board.who_may)] if why in (Why.ENDED, Why.NOT_YOURS) else []
    yield context(*told)
    yield from _newest(board, kpi)
    if kpi.baseline is not None:
        yield context(f"🔒 Baseline {baseline_text(kpi.baseline)}")
        yield quoted(kpi.baseline.method)
        yield from _earlier(kpi)
    changes = [each for each in board.history if each.kpi_id == kpi.id]
    if changes:
        more = [f"… and {len(changes) - CHANGES_SHOWN} more."] if len(changes) > CHANGES_SHOWN else []
        yield context(*map(change_text, changes[:CHANGES_SHOWN]), *more)
    buttons = [] if why else list(_buttons(kpi))
    if len(changes) > CHANGES_SHOWN or len(kpi.baselines) > EARLIER_SHOWN:
        buttons.append(button(Action.KPI_HISTORY, "History", str(kpi.id), label=f"History of {kpi.name}"))
    buttons += _confirm(board, kpi)
    if buttons:
        yield actions(f"checkins.kpi.{kpi.id}", *buttons)


def _newest(board: KpiBoard, kpi: KpiSnapshot) -> Iterator[BlockKit]:
    """Yield the newest reading with who confirmed it, and whether the KPI is hit."""
    progress = board.progress.get(kpi.id)
    if progress is not None and progress.newest is not None:
        yield context(f"Newest: {newest_text(kpi, progress.newest)}", progress_text(progress))


def _confirm(board: KpiBoard, kpi: KpiSnapshot) -> list[BlockKit]:
    """Return the way to confirm the newest reading, or one that would make the KPI hit, for who can."""
    progress = board.progress.get(kpi.id)
    shown = (progress.newest, *(progress.pair or ())[::-1]) if progress else ()
    reading = next((each for each in shown if each and each.id in board.may_confirm), None)
    if reading is None:
        return []
    text = f"Confirm {as_typed(reading.value)}"
    label = f"{text}, read on {short_day(reading.read_for)}, of {kpi.name}"
    return [button(Action.CONFIRM_READING, text, str(reading.id), label=label)]


def _earlier(kpi: KpiSnapshot) -> Iterator[BlockKit]:
    """Yield what the baseline was before, with why it is another now."""
    if len(kpi.baselines) > 1:
        pairs = list(zip(kpi.baselines, kpi.baselines[1:], strict=False))[::-1][:EARLIER_SHOWN]
        yield context(
            *(
                f"Before: {baseline_text(was)}. Amended because: {inline(now.reason or '', limit=WORDS_SHOWN)}"
                for was, now in pairs
            )
        )


def _title(kpi: KpiSnapshot) -> BlockKit:
    stands = kpi_stands(kpi)
    return section(f"*{inline(kpi.name)}*\n{stands[0].upper()}{stands[1:]}")


def _buttons(kpi: KpiSnapshot) -> Iterator[BlockKit]:
    text = "Lock baseline" if kpi.baseline is None else "Amend baseline"
    style = "primary" if kpi.baseline is None else None
    yield button(Action.BASELINE, text, str(kpi.id), style=style, label=f"{text} of {kpi.name}")
    yield button(Action.EDIT_KPI, "Edit", str(kpi.id), label=f"Edit how {kpi.name} is reported")


def _retired(kpi: KpiSnapshot) -> BlockKit:
    history = button(Action.KPI_HISTORY, "History", str(kpi.id), label=f"History of {kpi.name}")
    return _title(kpi) | {"accessory": history}


def history_modal(board: KpiBoard, kpi: KpiSnapshot) -> BlockKit:
    """Draw every baseline of a KPI and everything that changed about it, the newest first."""
    blocks = [header(kpi.name)]
    for each in kpi.baselines[::-1][:BASELINES_SHOWN]:
        why = f"\nAmended because: {each.reason}" if each.reason else ""
        blocks += [section(f"🔒 {baseline_text(each)}"), quoted(f"{each.method}{why}")]
    changes = [change_text(each) for each in board.history if each.kpi_id == kpi.id]
    nothing = [] if kpi.baselines else ["Nothing has changed since it was approved, and no baseline is locked yet."]
    blocks += sections(*(changes[:HISTORY_SHOWN] or nothing)) if changes or nothing else []
    blocks.append(actions("checkins.kpi.back", _back(board.use_case)))
    return modal(Callback.KPIS, f"{board.use_case.reference}: history", blocks, carries=str(board.use_case.id))


def edit_modal(use_case: UseCaseSnapshot, kpi: KpiSnapshot) -> BlockKit:
    """Ask how often a KPI is asked for, where its readings come from, and who answers for it."""
    rhythms = {rhythm_typed(each): rhythm_text(each).capitalize() for each in RHYTHMS}
    sources = {source: SOURCES[source].capitalize() for source in KpiSource}
    owner = kpi.owner.slack_id if kpi.owner.membership is Membership.MEMBER else ""
    blocks = [
        _title(kpi),
        question(
            Block.KPI_CADENCE, "How often", select(rhythms, placeholder="Choose", chosen=rhythm_typed(kpi.rhythm))
        ),
        question(
            Block.KPI_SOURCE, "Where its readings come from", select(sources, placeholder="Choose", chosen=kpi.source)
        ),
        question(
            Block.KPI_OWNER,
            "Who answers for it",
            person(placeholder="Choose a colleague", chosen=owner),
            hint="They are asked for its readings, and may lock its baseline.",
        ),
        context(APPROVED),
        actions("checkins.kpi.back", _back(use_case)),
    ]
    return modal(
        Callback.SAVE_KPI, f"{use_case.reference}: edit KPI", blocks, submit="Save", carries=f"{kpi.id}.{kpi.version}"
    )


def baseline_modal(use_case: UseCaseSnapshot, kpi: KpiSnapshot, today: date, zone: str) -> BlockKit:
    """Ask what was measured, over which days, of how many, and how; for an amendment also why."""
    current = kpi.baseline
    before = current.value if current and current.unit == kpi.unit else (None if current else kpi.says.baseline)
    lead = (
        "Once it is locked nobody can edit it. What is measured later is compared with it."
        if current is None
        else f"Counts now: {baseline_text(current)}. It stays on record; from then on the new one counts."
    )
    proposed = "" if kpi.says.baseline is None else f"Proposed: {as_typed(kpi.says.baseline)}. "
    blocks = [
        _title(kpi),
        context(lead),
        question(
            Block.BASELINE_VALUE,
            f"Where it stood, in {kpi.unit}",
            text_input(longest=40, initial="" if before is None else as_typed(before)),
            hint=f"{proposed}A number like 1234.5, 12 % or 3 h 30.",
        ),
        question(
            Block.BASELINE_FROM,
            "First day it was measured",
            day(chosen=current.first_day.isoformat() if current else ""),
        ),
        question(
            Block.BASELINE_UNTIL,
            "Last day it was measured",
            day(chosen=current.last_day.isoformat() if current else ""),
            hint=f"Both days are included, in your time zone, {zone}. At the latest today, {day_in_words(today)}.",
        ),
        question(
            Block.BASELINE_N,
            "How many cases were looked at",
            text_input(longest=20, placeholder="40", initial=str(current.n) if current else ""),
        ),
        question(
            Block.BASELINE_METHOD,
            "How it was measured",
            text_input(longest=LONGEST_METHOD, multiline=True, initial=current.method if current else ""),
            hint="One or two sentences, so that somebody else could measure it again.",
        ),
    ]
    if current is not None:
        reason = text_input(longest=LONGEST_REASON, multiline=True)
        blocks.append(question(Block.BASELINE_REASON, "Why it is amended", reason))
    blocks.append(actions("checkins.kpi.back", _back(use_case)))
    verb = "Lock baseline" if current is None else "Amend baseline"
    carries = f"{kpi.id}.{current.id if current else NONE_YET}"
    return modal(Callback.LOCK_BASELINE, verb, blocks, submit=verb, carries=carries)


def notice_modal(text: str) -> BlockKit:
    return modal(Callback.KPIS, "KPIs", [section(text)])


def home_blocks(measured: Sequence[tuple[UseCaseSnapshot, Sequence[KpiSnapshot]]]) -> list[BlockKit]:
    """Draw the KPIs somebody answers for in use cases that are neither theirs nor proposed by them."""
    blocks = []
    for use_case, kpis in measured:
        lines = [f"📈 {inline(kpi.name)}: {kpi_stands(kpi)}" for kpi in kpis]
        what = f"*{use_case.reference}* “{inline(use_case.name)}”"
        button_to = kpis_button(use_case.id, f"{use_case.reference}, {use_case.name}")
        blocks.append(section("\n".join((what, *lines))) | {"accessory": button_to})
    return [header("KPIs you answer for"), *blocks] if blocks else []


def _back(use_case: UseCaseSnapshot) -> BlockKit:
    return button(Action.KPIS, "Back", str(use_case.id), label=f"Back to the KPIs of {use_case.reference}")

"""Draw what was recorded: the list, its forms, the message, the answer to `/usecase`. Values in, blocks out."""

from collections.abc import Iterator
from datetime import date

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
    radio,
    section,
    text_input,
)
from handlers.ids import Action, Block, Callback
from handlers.recorded.words import (
    DROP_REASONS,
    called,
    due_text,
    known_text,
    missing_text,
    writers_text,
)
from handlers.text import counted, day_in_words, inline
from workflows.recorded import LONGEST, PAGE, Listed, RecordingSnapshot

TITLE = "In use already"
LONGEST_WORDS = 1000
VALUE_SHOWN = 300


def list_modal(found: Listed, today: date, *, steers: bool, notice: str = "") -> BlockKit:
    """List what is still to be proposed, the next due first, with what is missing to propose it."""
    blocks = [section(notice)] if notice else []
    if steers:
        blocks.append(actions("recorded.list.top", record_button()))
    blocks += _lead(found, steers=steers)
    for each in found.recordings:
        blocks += [{"type": "divider"}, *_entry(each, today, steers=steers)]
    return modal(Callback.RECORDED, TITLE, [*blocks, *_pages(found)])


def record_modal(usual: date) -> BlockKit:
    """Ask for what is known of something in use."""
    blocks = [
        section("For what is in use and was never proposed. Leave empty what you do not know: nobody guesses it."),
        question(Block.RECORDED_NAME, "What people call it", text_input(longest=LONGEST["name"])),
        question(Block.RECORDED_TEAM, "Team that uses it", text_input(longest=LONGEST["team"]), optional=True),
        question(
            Block.RECORDED_PROBLEM,
            "What it is used for",
            text_input(longest=3000, multiline=True),
            optional=True,
        ),
        question(
            Block.RECORDED_STAGE,
            "Stage, as its source says",
            text_input(longest=LONGEST["stage"], placeholder="Pilot"),
            optional=True,
        ),
        question(Block.RECORDED_VENDOR, "Vendor or product", text_input(longest=LONGEST["vendor"]), optional=True),
        question(
            Block.RECORDED_OWNER,
            "Owner",
            person(placeholder="Who answers for it"),
            hint="Asked to propose it. Without one the programme leads are.",
            optional=True,
        ),
        question(Block.RECORDED_DAY, "To be proposed by", day(chosen=usual.isoformat())),
    ]
    return modal(Callback.RECORD, "Record what is in use", blocks, submit="Record")


def drop_modal(recording: RecordingSnapshot) -> BlockKit:
    blocks = [
        section(f"{called(recording)}\nIt is listed no more. Its number stays its own, with your reason."),
        question(Block.DROP_BECAUSE, "Why?", radio(DROP_REASONS)),
        question(
            Block.DROP_WORDS,
            "What showed that",
            text_input(longest=LONGEST_WORDS, multiline=True),
            optional=True,
        ),
    ]
    return modal(Callback.DROP_RECORDED, "Drop it", blocks, submit="Drop", carries=str(recording.id))


def notice_modal(text: str) -> BlockKit:
    ways = actions("recorded.notice", see_button("Back to the list"))
    return modal(Callback.RECORDED, TITLE, [section(text), ways])


def recorded_text(recording: RecordingSnapshot) -> str:
    who = f"{recording.owner.name} is" if recording.owner else "The programme leads are"
    day_ = day_in_words(recording.propose_by)
    return f"✅ {called(recording)} is recorded. {inline(who)} asked to propose it by {day_}."


def answer(recording: RecordingSnapshot, today: date, *, may_read: bool, may_propose: bool) -> BlockKit:
    """Answer `/usecase` about something recorded: to everybody what it is called, the rest to who may read it."""
    if recording.dropped_at is not None:
        why = f" “{inline(recording.dropped_because, limit=VALUE_SHOWN)}”" if recording.dropped_because else ""
        text = f"{called(recording)}\nIt was recorded as in use, and dropped.{why if may_read else ''}"
        return {"text": text, "blocks": [section(text)]}
    lines = [called(recording), f"State: recorded, in use and never proposed. {known_text(recording)}"]
    lines.append(f"{due_text(recording, today)}. {missing_text(recording)}")
    lines += [text] if (text := writers_text(recording)) else []
    if may_read:
        told = (("Problem", recording.problem), ("Vendor", recording.vendor), ("From", recording.origin))
        lines += [f"*{label}* {inline(value, limit=VALUE_SHOWN)}" for label, value in told if value]
    text = "\n".join(lines)
    ways = [actions("recorded.answer", propose_button(recording, style="primary"))] if may_propose else []
    return {"text": text, "blocks": [section(text), *ways]}


def message(recordings: list[RecordingSnapshot], today: date, *, in_all: int) -> tuple[str, list[BlockKit]]:
    """Ask somebody to propose what was recorded: one message about everything, with a way to each or to the list."""
    are, they = ("is", "it") if in_all == 1 else ("are", "them")
    lead = f"📌 {counted(in_all, 'use case')} {are} in use and {'was' if in_all == 1 else 'were'} never proposed."
    lines = [f"• {called(each)}: {due_text(each, today)}" for each in recordings]
    more = [f"… and {in_all - len(recordings)} more."] if in_all > len(recordings) else []
    text = "\n".join([f"{lead} Please propose {they}, or have a programme lead drop what is no AI.", *lines, *more])
    ways = [propose_button(recordings[0], style="primary")] if in_all == 1 else []
    return text, [section(text), actions("recorded.message", *ways, see_button("See what is missing"))]


def propose_button(recording: RecordingSnapshot, *, style: str | None = None) -> BlockKit:
    label = f"Propose {recording.reference}, {recording.name}"
    return button(Action.PROPOSE_RECORDED, "Propose it", str(recording.id), style=style, label=label)


def see_button(text: str = "In use already") -> BlockKit:
    return button(Action.RECORDED, text, "recorded", label="See what is recorded as in use and not proposed yet")


def record_button() -> BlockKit:
    return button(Action.RECORD, "Record what is in use", "recorded", label="Record something already in use")


def _lead(found: Listed, *, steers: bool) -> list[BlockKit]:
    if not found.total:
        nobodys = "Nothing is recorded as in use without having been proposed."
        return [section(nobodys if steers else "Nothing you own is recorded as in use without having been proposed.")]
    whose = "" if steers else " of yours"
    told = f"{counted(found.total, 'use case')}{whose}, in use and never proposed. None counts as a deployment."
    return [context(f"{told} The next due come first.")]


def _entry(recording: RecordingSnapshot, today: date, *, steers: bool) -> Iterator[BlockKit]:
    lines = [f"{called(recording)} · {due_text(recording, today)}", known_text(recording), missing_text(recording)]
    yield section("\n".join([*lines, *filter(None, [writers_text(recording)])]))
    ways = [propose_button(recording)]
    if steers:
        label = f"Drop {recording.reference}, {recording.name}"
        ways.append(button(Action.DROP_RECORDED, "Drop …", str(recording.id), label=label))
    yield actions(f"recorded.recording.{recording.id}", *ways)


def _pages(found: Listed) -> Iterator[BlockKit]:
    """Yield the way to the pages before and after this one."""
    after = found.offset + len(found.recordings)
    ways = []
    if found.offset:
        before = max(0, found.offset - PAGE)
        ways.append(button(Action.RECORDED_PAGE, "Earlier ones", str(before), label="The ones due before these"))
    if after < found.total:
        ways.append(button(Action.RECORDED_PAGE, "Later ones", str(after), label="The ones due after these"))
    if ways:
        yield {"type": "divider"}
        yield context(f"{found.offset + 1} to {after} of {found.total}")
        yield actions("recorded.list.pages", *ways)


def home_header() -> BlockKit:
    return header("In use and never proposed")

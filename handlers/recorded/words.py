"""Say what is known of something recorded, and why nothing came of what somebody wanted to do with it."""

from datetime import date
from typing import Final

from handlers.text import counted, day_in_words, inline, listed, named
from workflows.recorded import Counts, DropReason, Missing, NotDone, RecordingSnapshot, has_passed

NAME_SHOWN = 150
_MISSING: Final = {
    Missing.TEAM: "its team",
    Missing.PROBLEM: "the problem it solves",
    Missing.OWNER: "an owner",
    Missing.SPONSOR: "a sponsor",
    Missing.OBJECTIVE: "a business objective",
    Missing.KPI: "a KPI",
}
DROP_REASONS: Final = {DropReason.DOES_NOT_EXIST: "It does not exist", DropReason.IS_NOT_AI: "It is not AI"}
NOT_DONE: Final = {
    NotDone.UNKNOWN: "That is not recorded here any more. `/gatehouse recorded` lists what is.",
    NotDone.NOT_YOURS: "Only its owner, programme leads and admins can propose it. Ask one of them.",
    NotDone.NOT_STEERING: "Only programme leads and admins can do that. Nothing was changed.",
    NotDone.PROPOSED: "It was proposed meanwhile: `/usecase` with its number shows how it stands.",
    NotDone.DROPPED: "It was dropped meanwhile. If it is in use after all, a programme lead can record it anew.",
    NotDone.NAME_MISSING: "Write what people call it.",
    NotDone.DAY_PAST: "Choose a day that is still to come.",
    NotDone.DAY_TOO_FAR: "Choose a day within the next two years.",
}


def called(recording: RecordingSnapshot) -> str:
    return f"*{recording.reference}* “{inline(recording.name, limit=NAME_SHOWN)}”"


def known_text(recording: RecordingSnapshot) -> str:
    """Return team, stage and owner on a line; what its source does not say is “not said”, and never guessed."""
    team = f"Team {inline(recording.team)}" if recording.team else "team not said"
    stage = f"stage “{inline(recording.stage)}”" if recording.stage else "stage not said"
    owner = f"owner {named(recording.owner.name)}" if recording.owner else "owner not said"
    told = f"{team} · {stage} · {owner}"
    return told[:1].upper() + told[1:]


def due_text(recording: RecordingSnapshot, today: date) -> str:
    day = day_in_words(recording.propose_by)
    is_late = has_passed(recording.propose_by, today)
    return f"⚠️ Should have been proposed by {day}" if is_late else f"To be proposed by {day}"


def missing_text(recording: RecordingSnapshot) -> str:
    return f"To propose it, find out {listed([_MISSING[each] for each in recording.missing], last='and')}."


def writers_text(recording: RecordingSnapshot) -> str:
    """Return who is writing the proposal, empty where nobody is."""
    if not recording.writers:
        return ""
    names = listed([named(each.name) for each in recording.writers], last="and")
    return f"✍️ {names} {'is' if len(recording.writers) == 1 else 'are'} writing the proposal."


def counts_text(counts: Counts) -> str:
    """Return how much is recorded as in use, on a line."""
    if not counts.recorded:
        return "Nothing is recorded as in use without having been proposed."
    is_many = counts.recorded != 1
    told = [
        f"{counted(counts.recorded, 'use case')} {'are' if is_many else 'is'} recorded as in use and not proposed yet"
    ]
    told += [f"{counts.overdue} past the day for it"] if counts.overdue else []
    told += [f"{counts.without_stage} of a stage nobody said"] if counts.without_stage else []
    return f"{', '.join(told)}."

"""How a check-in stands, and why something did not work, in sentences that say what to do."""

from datetime import datetime
from typing import Final
from uuid import UUID

from db.enums import CheckInState, Confidence, Membership
from handlers.kpis import NAME_SHOWN, SOURCES, short_day, target_text, unit_text
from handlers.text import day_in_words, inline, moment, named, shown
from workflows.checkins import Asked, CheckInSnapshot, No, as_typed
from workflows.intake import UseCaseSnapshot

REASON_SHOWN: Final = 300
CONFIDENCES: Final = {
    Confidence.ON_TRACK: "On track",
    Confidence.AT_RISK: "At risk",
    Confidence.OFF_TRACK: "Off track",
}
MARKS: Final = {Confidence.ON_TRACK: "🟢", Confidence.AT_RISK: "🟡", Confidence.OFF_TRACK: "🔴"}
NOTHING_CHANGED: Final = "Nothing was changed."
UNKNOWN: Final = f"There is no such check-in. {NOTHING_CHANGED}"
WHY_NOT: Final = {
    No.UNKNOWN: UNKNOWN,
    No.NOT_YOURS: (
        "Only who reports its numbers, its owner, its sponsor, and leads in their place can do that. "
        "Nothing was changed."
    ),
    No.HANDED_OVER: "{asked} is asked for this now. Nothing was changed.",
    No.ANSWERED: (
        "{by} answered this {at}. Nothing was changed. "
        "Until its period ends, the Home of who reports these numbers has the way to change an answer."
    ),
    No.ANSWERED_MEANWHILE: "{by} answered this {at}, while you were typing. Nothing was changed.",
    No.SKIPPED: "This one was skipped. Press Answer on your Home if you want to give the numbers after all.",
    No.OVERTAKEN: "A later check-in of {reference} is answered already, so this one stays as it is.",
    No.OVER: "The period of {on} is over. You can still answer it late; nothing else can be done with it.",
    No.SUSPENDED: "{reference} is suspended, so nobody is asked for its numbers. Nothing was changed.",
    No.NOT_IN_USE: "{reference} is not in use yet, so nobody is asked for its numbers. Nothing was changed.",
    No.ENDED: "{reference} has ended, so nobody is asked for its numbers any more. Nothing was changed.",
    No.TOO_EARLY: "The next check-in can be answered from a week before {on}. Nothing was changed.",
    No.NO_LAST_VALUE: "There is no last value of everything yet. Press Answer and type the numbers once.",
    No.NOTHING_ASKED: "Type at least one number, so that there is something to keep.",
    No.SNOOZE_PAST_END: "The next check-in comes before that, on {until}. Choose something earlier, or skip this one.",
    No.SNOOZE_NOT_LATER: "Choose a day after today.",
    No.REASON_MISSING: "Say in a few words why, for example “No files came in this week”.",
    No.SAME_PERSON: "{asked} is asked already. Choose somebody else.",
    No.NOT_A_READER: (
        "This use case is confidential and they have no part in it. Choose its sponsor, or somebody in its chain."
    ),
}

_STOPPED: Final = {No.ENDED: "Ended", No.SUSPENDED: "Suspended", No.NOT_IN_USE: "Not in use yet"}


def why_text(why: No, found: CheckInSnapshot | None, use_case: UseCaseSnapshot | None) -> str:
    """Return why nothing came of it. What somebody may not know of is not named."""
    answer = found.answer if found else None
    return WHY_NOT[why].format(
        asked=named(found.asked.name) if found else "",
        by=named(answer.by.name) if answer else "Somebody",
        at=moment(answer.at) if answer else "already",
        reference=use_case.reference if use_case else "It",
        on=day_in_words(found.on_date) if found else "",
        until=day_in_words(found.ends_on) if found else "",
    )


def answered_meanwhile_text(name: str) -> str:
    """Return, in plain letters, that somebody was faster than who sends this form."""
    by = shown(name, limit=40)
    return f"{by} answered this while you were typing. Copy what you want to keep, close the window and open it again."


def subject_text(use_case: UseCaseSnapshot) -> str:
    return f"*{use_case.reference}* “{inline(use_case.name, limit=150)}”"


def asked_line(asked: Asked) -> str:
    """Return “Hours per file: 6 hours on 24 Feb 2026, target 3 hours by 1 Dec 2026”."""
    what, unit = f"*{inline(asked.kpi.name, limit=NAME_SHOWN)}*", unit_text(asked.kpi.unit)
    if asked.last is None:
        value = "no value yet"
    else:
        value = f"{as_typed(asked.last.value)} {unit} on {short_day(asked.last.read_for)}"
    return f"{what}: {value}, {target_text(asked.kpi)}{_beside(asked)}"


def answered_line(asked: Asked) -> str:
    """Return a KPI with what was answered, and what it was before. What was not answered is missing."""
    what = f"*{inline(asked.kpi.name, limit=NAME_SHOWN)}*"
    if not asked.is_typed:
        return asked_line(asked)
    if asked.now is None:
        return f"{what}: {'missing' if asked.is_wanted else 'not due'}"
    last = asked.last if asked.is_in_unit else None
    before = f" (was {as_typed(last.value)} on {short_day(last.read_for)})" if last else ""
    return f"{what}: {as_typed(asked.now.value)} {unit_text(asked.now.unit)}{before}"


def state_text(found: CheckInSnapshot) -> str:
    """Return in one line how a check-in stands; what is missing is called that."""
    answer = found.answer
    refused = found.stands.why_not_asked
    if found.state is CheckInState.ANSWERED and answer is not None:
        track = answer.says.confidence
        said = f" {MARKS[track]} {CONFIDENCES[track]}." if track else ""
        edited = f", changed {moment(answer.at)}" if answer.revision > 1 else ""
        first = found.answers[-1]
        return f"✅ Answered by {named(first.by.name)} {moment(first.at)}{edited}.{said}"
    if found.state is CheckInState.SKIPPED:
        why = f": “{inline(found.reason, limit=REASON_SHOWN)}”" if found.reason else ""
        return f"⏭️ Skipped by {named(found.skipped_by.name)}{why}." if found.skipped_by else "⏭️ Nobody was asked."
    if refused is not None:
        return stopped_text(refused)
    if found.state is CheckInState.MISSED:
        return "⚪ Missing: nobody answered before the next one came."
    if found.state is CheckInState.AWAY:
        return f"🌴 {named(found.asked.name)} {'is' if found.still_open else 'was'} away."
    return _waits(found)


def stopped_text(why: No) -> str:
    """Return that a use case is not asked for its numbers now."""
    return f"⏸️ {_STOPPED[why]}: nobody is asked for its numbers."


def may_change_text(found: CheckInSnapshot, person_id: UUID, now: datetime) -> str:
    """Return until when somebody finds the way to change an answer on their Home; nothing for who has none there."""
    is_there = person_id == found.person.id and now < found.stands.closes_at
    return f"You can change it on your Home until {day_in_words(found.ends_on)}." if is_there else ""


def left_text(found: CheckInSnapshot) -> str:
    """Return why somebody is asked for what another person reported who has left; nothing where that is not so."""
    if found.person.membership is Membership.MEMBER or found.asked.id == found.person.id:
        return ""
    return f"{named(found.person.name)} has left, so you are asked. Press KPIs, then Edit, to choose who reports it."


def _waits(found: CheckInSnapshot) -> str:
    until = f"the next one comes on {day_in_words(found.ends_on)}"
    if found.snoozed_until is not None and found.state is CheckInState.PENDING:
        return f"🌴 {named(found.asked.name)} is away, and asked again {moment(found.snoozed_until)}; {until}."
    if found.snoozed_until is not None:
        return f"💤 Snoozed until {moment(found.snoozed_until)}; {until}."
    if found.state is CheckInState.OVERDUE:
        return f"⚠️ Overdue; {until}."
    if found.due_at is not None and found.due_at < found.stands.closes_at:
        return f"Please answer by {moment(found.due_at)}; {until}."
    return f"Please answer before {until}."


def _beside(asked: Asked) -> str:
    if not asked.is_typed:
        return f", comes {SOURCES[asked.kpi.source]}"
    return "" if asked.is_wanted else " · not due yet"

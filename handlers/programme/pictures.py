"""Draw what is asked about a gate: what it rests on, what opens then, and what has changed since it was asked."""

from collections.abc import Collection, Iterator, Sequence
from datetime import datetime

from db.enums import PENDING, RequestStatus
from db.session import Session
from handlers.picture import SubjectPicture
from handlers.programme.words import NEEDS, OPENS, begun, gate_name, plain_criterion, standing_text
from handlers.text import day_in_words, moment
from workflows import programme
from workflows.approvals import RequestSnapshot
from workflows.programme import CRITERION_NAMES as CRITERIA
from workflows.programme import Differs, Gate, GateRequested, GateState

Differences = Sequence[Differs]


def gate_picture(session: Session, request: RequestSnapshot, now: datetime | None = None) -> SubjectPicture:
    """Return in words what is asked about a gate, while it is undecided as things stand `now`.

    Everybody who is asked reads it, so what is confidential is counted and not named.
    """
    found = programme.request_of(session, request.subject_id)
    if found is None:
        raise LookupError(f"{request.reference} was asked and is gone")
    is_pending = request.status in PENDING
    at = (now if is_pending else request.settled_at) or request.opened_at
    gate = programme.programme_at(session, at).gate(found.phase)
    stood = programme.stood(found.evidence)
    references = {each for state in stood.values() for each in state.by}
    references |= {each for state in gate.criteria for each in state.rests_on}
    hidden = programme.hidden_among(session, references)
    differs = programme.differences(found.evidence, gate) if is_pending or found.took_effect_at is None else ()
    facts = [*_waived(found), *_rests_on(found, gate, hidden)]
    would = _would_not_open(found, gate, differs) if is_pending else ""
    return SubjectPicture(
        reference=found.reference,
        title=programme.title_of(found.phase, found.criterion),
        team="",
        story=_story(found),
        facts=facts,
        whole=facts,
        changes=_changes(differs, hidden) if found.criterion is None and request.status is not _REJECTED else (),
        changes_are="Other than when it was asked",
        holds=would or what_became(found, request.status, gate, differs),
    )


_REJECTED = RequestStatus.REJECTED


def what_became(found: GateRequested, status: RequestStatus, gate: Gate, differs: Differences) -> str:
    """Return what an approved request led to, and why it led to nothing where it did; nothing of any other."""
    if status is not RequestStatus.APPROVED:
        return ""
    what = gate_name(found.phase)
    if found.criterion is not None and found.until is not None:
        if found.took_effect_at is None:
            return "⚠️ Nothing came of it: its last day had passed before it was decided. It can be asked again."
        return f"🟡 {begun(what)} does without “{CRITERIA[found.criterion]}” until {day_in_words(found.until)}."
    if found.took_effect_at is not None:
        return f"✅ {begun(what)} is open since {moment(found.took_effect_at)}: {OPENS[found.phase]}."
    return f"⚠️ Approved, and not opened: {_why(gate, differs)}. It can be asked again once all is met."


def _would_not_open(found: GateRequested, gate: Gate, differs: Differences) -> str:
    if found.criterion is not None or (gate.state is GateState.READY and not differs):
        return ""
    return f"⚠️ Approved as it is now, it would not open: {_why(gate, differs)}. It has to be asked again."


def _why(gate: Gate, differs: Differences) -> str:
    """Return why a gate could not be opened on what was asked."""
    names = [CRITERIA[each.criterion] for each in differs]
    if names:
        return f"what it rests on has changed ({', '.join(names)})"
    if gate.before is not None:
        return f"{gate_name(gate.before)} is not open any more"
    return "what it rests on had changed"


def _story(found: GateRequested) -> str:
    if found.criterion is not None:
        return found.reason or "The reason was erased."
    return f"Once it is open, {OPENS[found.phase]}."


def _waived(found: GateRequested) -> Iterator[tuple[str, str]]:
    """Yield what is to be done without, and until when."""
    if found.criterion is None or found.until is None:
        return
    yield "Gate", begun(gate_name(found.phase))
    yield "Done without", f"{CRITERIA[found.criterion]}, until {day_in_words(found.until)}"
    if found.criterion in NEEDS:
        yield "What that asks for", begun(NEEDS[found.criterion])


def _rests_on(found: GateRequested, gate: Gate, hidden: Collection[str]) -> Iterator[tuple[str, str]]:
    """Yield how each criterion stood when it was asked; where that still is so, also since and until when."""
    stood = programme.stood(found.evidence)
    now = {each.criterion: each for each in gate.criteria}
    for criterion, was in stood.items():
        state = now.get(criterion)
        if state is not None and (state.standing, tuple(sorted(state.rests_on))) == (was.standing, was.by):
            yield CRITERIA[criterion], begun(plain_criterion(state, hidden, found.asked_by.zone))
        else:
            yield CRITERIA[criterion], begun(standing_text(was.standing, was.by, hidden))


def _changes(differs: Differences, hidden: Collection[str]) -> list[tuple[str, str]]:
    return [
        (
            CRITERIA[each.criterion],
            " → ".join(standing_text(one.standing, one.by, hidden) for one in (each.before, each.now)),
        )
        for each in differs
    ]

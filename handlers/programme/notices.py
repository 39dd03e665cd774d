"""Tell people of gates: what was decided about one, and that one is at risk, held, or open again."""

from collections.abc import Sequence

from db.enums import Phase
from db.session import Session
from handlers.blocks import BlockKit, actions, button, context, section
from handlers.ids import Action
from handlers.messages import Message, Post
from handlers.programme.drawing import PLACE, picture, tracker_lines
from handlers.programme.pictures import gate_picture
from handlers.programme.views import DEBTORS_SHOWN, debtor_section
from handlers.programme.words import begun, closed_blocks, gate_name, lacking_text, state_text
from handlers.text import inline, moment, named
from workflows import approvals, people, policy, programme
from workflows.approvals import RequestSnapshot
from workflows.outbox import Pending
from workflows.programme import DIFFERS, Change, Debtor, Gate, GateState, Programme


def changed(session: Session, pending: Pending) -> Message | None:
    """Tell what became of a gate, or of what was asked about one; not what is not so any more."""
    what = pending.payload["what"] or ""
    if pending.subject_id is not None:
        found = approvals.latest_about(session, programme.SUBJECT_KIND, [pending.subject_id])
        request = found.get(pending.subject_id)
        return _about_request(session, pending, request, differs=what == DIFFERS) if request else None
    known = programme.programme_at(session, pending.now)
    gate = known.gate(Phase(pending.payload["phase"] or ""))
    is_mended = Change(what) is Change.MENDED
    if is_mended is not (gate.state is GateState.OPEN):
        return None
    if is_mended:
        text = _mended(gate)
        return _post(session, pending, known, text, [section(text)])
    debtors = _debtors(session, known, gate)
    names = {each.criterion: list(dict.fromkeys(debtor.owner.name for debtor in debtors)) for each in gate.lacking}
    ways = [*map(debtor_section, debtors), *closed_blocks(gate, names)]
    lead = _lead(gate)
    lacks = "; ".join(lacking_text(each, names[each.criterion]) for each in gate.lacking)
    return _post(session, pending, known, f"{lead} {lacks}.", [section(lead), *ways])


def _debtors(session: Session, known: Programme, gate: Gate) -> Sequence[Debtor]:
    """Return some of the use cases that could show what a gate lacks; not everybody may know of confidential ones."""
    owing = programme.owing(session, known)
    found = {each.reference: each for state in gate.lacking for each in owing.get(state.criterion, ())}
    return [each for each in found.values() if not each.confidential][:DEBTORS_SHOWN]


def _about_request(session: Session, pending: Pending, request: RequestSnapshot, *, differs: bool) -> Message | None:
    """Tell those who decided and steer what a request led to; whoever asks, that it would lead to nothing."""
    subject = gate_picture(session, request, pending.now)
    if not subject.holds or (differs and request.settled_at is not None):
        return None
    by = "" if differs else f", asked by {named(request.proposer.name)}"
    text = f"*{subject.reference}* “{inline(subject.title)}”{by}: {subject.holds}"
    what = f"{subject.reference}, {subject.title}"
    opens = button(Action.OPEN, "Open", str(request.id), label=f"Open {what}")
    anew = button(Action.ASK_GATE_ANEW, "Ask again", str(request.subject_id), label=f"Ask again: {what}")
    is_lost = request.settled_at is not None and subject.holds.startswith("⚠️")
    may_ask = is_lost and _steers(session, pending.conversation)
    blocks = [section(text), actions("programme.decided.buttons", *([anew] if may_ask else []), opens)]
    if differs:
        return Post(pending.conversation, text, blocks)
    return _post(session, pending, programme.programme_at(session, pending.now), text, blocks)


def _steers(session: Session, slack_id: str) -> bool:
    person = people.find(session, slack_id)
    return person is not None and bool(people.roles_of(session, person.id) & policy.STEERING)


def _post(session: Session, pending: Pending, known: Programme, text: str, blocks: list[BlockKit]) -> Post:
    """Return a message with the picture of the phases, below which the same stands in words until Slack has it."""
    elapsed = programme.elapsed(session, known)
    shown = [*blocks, context(*tracker_lines(known, elapsed)) | {"block_id": PLACE}]
    return Post(pending.conversation, text, shown, picture=picture(known, elapsed))


def _lead(gate: Gate) -> str:
    if gate.state is GateState.HELD:
        return f"{state_text(gate)}: what runs goes on, and new use cases are refused until this is met."
    return f"{state_text(gate)}, and is held after that."


def _mended(gate: Gate) -> str:
    since = f", first opened {moment(gate.opened_at)}" if gate.opened_at else ""
    return f"✅ {begun(gate_name(gate.phase))} is open again: all it asks for is met{since}."

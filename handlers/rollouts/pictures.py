"""Draw a rollout for whoever decides: what was approved, what differs there, and what stays the same."""

from datetime import UTC

from db.enums import APPROVING, UseCaseState
from db.session import Session
from handlers.blocks import NOTHING
from handlers.picture import Pairs, SubjectPicture
from handlers.rollouts.words import SECTION_NAMES, same_text, stands_text, state_text, there_text
from handlers.text import day_in_words, listed
from workflows import approvals, intake, rollouts
from workflows.approvals import RequestSnapshot
from workflows.intake import UseCaseSnapshot
from workflows.rollouts import RolloutSnapshot

VALUE_ON_CARD = 300
ABOUT = "An approved use case goes to one team more. Its approval is reused: you decide only on what differs there."
SAME = "Everything is as it was approved. You decide only whether this team may use it too."


def rollout_picture(session: Session, request: RequestSnapshot) -> SubjectPicture:
    rollout = rollouts.rollout_of(session, request.subject_id)
    case = intake.use_case_of(session, rollout.use_case_id) if rollout else None
    if rollout is None or case is None:
        raise LookupError(f"{request.reference} was asked for and is gone")
    differs = [(f"Differs: {SECTION_NAMES[each].lower()}", text) for each, text in rollout.differences.items()]
    told = [
        ("Use case", f"{case.reference} {case.name}, team {case.team}"),
        ("Approved", _approved(session, case)),
        ("Goes to", there_text(rollout)),
        *differs,
        ("The same as approved", same_text(rollout)),
    ]
    return SubjectPicture(
        reference=rollout.reference,
        title=rollouts.title_of(case.name, rollout.team),
        team=rollout.team,
        story=ABOUT if differs else SAME,
        facts=[(label, _short(value)) for label, value in told],
        whole=told,
        changes=_changes(rollout),
        changes_are=f"What changed in version {rollout.revision}",
        holds=_holds(rollout, case),
    )


def _approved(session: Session, case: UseCaseSnapshot) -> str:
    """Return when what is reused was approved, by whom, and until when that holds, as plain text."""
    request = approvals.approval_in_force(session, intake.SUBJECT_KIND, case.id)
    if request is None or request.settled_at is None:
        return f"not any more; {case.reference} is {state_text(case.state)}"
    seats = [seat for stage in request.stages for lane in stage.lanes for seat in lane.seats]
    by = list(dict.fromkeys(seat.person.name for seat in seats if seat.vote and seat.vote.verb in APPROVING))
    until = f", until {day_in_words(case.valid_until)}" if case.valid_until else ""
    on = day_in_words(request.settled_at.astimezone(UTC).date())
    return f"{on}, version {request.revision}, by {listed(by, last='and') or 'the policy'}{until}"


def _changes(rollout: RolloutSnapshot) -> Pairs:
    """Return what is said otherwise than in the revision before, section by section."""
    if rollout.revision == 1:
        return ()
    was, now = rollout.before, rollout.differences
    return [
        (SECTION_NAMES[each], f"{_short(was.get(each, '')) or NOTHING} → {_short(now.get(each, '')) or NOTHING}")
        for each in rollouts.SECTIONS
        if was.get(each, "") != now.get(each, "")
    ]


def _holds(rollout: RolloutSnapshot, case: UseCaseSnapshot) -> str:
    """Return how it goes there, and that its use case may not go to other teams now, where that matters."""
    stands = "" if rollout.is_pending else f"{stands_text(rollout)}."
    goes = rollout.is_pending or rollout.is_under_way
    if not goes or case.state is UseCaseState.SCALING:
        return stands
    return (
        f"{stands} ⚠️ {case.reference} is {state_text(case.state)} now: nothing new begins before it is scaling.".strip()
    )


def _short(value: str) -> str:
    line = " ".join(value.split())
    return line if len(line) <= VALUE_ON_CARD else line[: VALUE_ON_CARD - 1].rstrip() + "…"

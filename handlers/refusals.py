"""Say why something about a request did not count, to the one who tried."""

from uuid import UUID

from db.enums import RequestStatus
from db.session import Session
from handlers.standing import decided, did_in, did_it, voter
from handlers.text import moment
from workflows import approvals, reactions
from workflows.approvals import Refusal, Refused, RequestSnapshot
from workflows.people import Actor

_REFUSALS = {
    Refusal.OWN_REQUEST: "You proposed {reference}, so somebody else decides on it.",
    Refusal.OWN_USE_CASE: "You own {reference}, so somebody else decides on it.",
    Refusal.OWN_EDIT: "You edited what was submitted as {reference}, so somebody else decides on it.",
    Refusal.BROKE_GLASS: "You let {reference} go ahead by break-glass, so somebody else decides on it.",
    Refusal.NOT_AN_APPROVER: "You are not among the people asked to decide on {reference}. Nothing was changed.",
    Refusal.CONTENT_CHANGED: "{reference} was changed after this card was drawn. Please read the new card.",
    Refusal.NOT_YET: "{reference} has not reached you yet: an earlier stage is still deciding.",
    Refusal.BLOCKED: (
        "{reference} waits until somebody else may decide it too. You are asked again then; nothing was changed."
    ),
    Refusal.REASON_MISSING: "Please say what and why: the proposer needs to know what would have to change.",
    Refusal.WITH_PROPOSER: "{reference} was given back for changes. You are asked again when it returns.",
    Refusal.ONE_SEAT: "You have voted here already, and one person counts once on {reference}. Nothing was changed.",
    Refusal.SEAT_TAKEN: "{reference} was decided in that name already; whoever was first counts. Nothing was changed.",
    Refusal.VOTED_EARLIER: "You decided an earlier stage of {reference}, so somebody else decides this one.",
    Refusal.NOT_YOURS: "Only somebody with a part in {reference} can do that. Nothing was changed.",
    Refusal.NUDGED_TODAY: "Everybody {reference} waits for was nudged today. You can do it again tomorrow.",
    Refusal.NOT_ELIGIBLE: (
        "They may not decide on {reference}: they have a part in it, decided an earlier stage, or do not hold the role."
    ),
    Refusal.ALREADY_ASKED: "That person is asked about {reference} already. Nothing was changed.",
    Refusal.ANSWERED: "That question about {reference} has an answer already. Nothing was changed.",
    Refusal.SECOND_LOOK: "You approve very fast, so {reference} is not approved yet. Open it and decide it by itself.",
    Refusal.OTHER_TIER: "{reference} is not low tier any more, so it is decided by itself. Open it to decide.",
    Refusal.NOT_ASKED_THAT: "{reference} cannot be answered like that. Press one of the buttons of its newest card.",
    Refusal.NOBODY_SENT_IT: "{reference} is an audit of what the policy approved; it ends when somebody has looked.",
    Refusal.ALREADY_DECIDED: "{reference} is no longer open for your decision. Nothing was changed.",
    Refusal.UNKNOWN: "{reference} does not exist any more. Nothing was changed.",
}


def refusal_text(why: Refusal, request: RequestSnapshot | None, viewer: UUID | None) -> str:
    """Return what a person is told whose vote does not count; the late one hears who decided and when."""
    if why is Refusal.ALREADY_DECIDED and request is not None:
        own = request.vote_of(viewer) if viewer else None
        if viewer and own is not None:
            stored = "that is stored and counts once. This click changed nothing."
            did = did_it(own[1], request.reference, viewer, kind=request.subject_kind)
            return f"{did}, {moment(own[1].cast_at)}; {stored}"
        if request.status is not RequestStatus.IN_REVIEW:
            outcome = decided(request, with_reason=_involved(request, viewer))
            return f"{request.reference}: {outcome} Your click came later and changed nothing."
        faster = request.vote_instead_of(viewer) if viewer else None
        if faster is not None:
            who, did, when = voter(*faster), did_in(request.subject_kind, faster[1].verb), moment(faster[1].cast_at)
            return f"{who} {did} {request.reference}, {when}. Your click came later and changed nothing."
    return _REFUSALS[why].format(reference=request.reference if request else "That request")


def _involved(request: RequestSnapshot, person_id: UUID | None) -> bool:
    return person_id is not None and request.involves(person_id)


def why_not(session: Session, refused: Refused, viewer: Actor) -> str:
    """Return what this person is told whose vote does not count."""
    request = approvals.request_of(session, refused.request_id) if refused.request_id else None
    if request is not None and hidden(session, request, viewer.id):
        return refusal_text(Refusal.UNKNOWN, None, viewer.id)
    return refusal_text(refused.why, request, viewer.id)


def hidden(session: Session, request: RequestSnapshot, viewer: UUID) -> bool:
    """Say whether this person must hear the same as of a request that does not exist."""
    return request.confidential and not reactions.may_read(session, request, viewer)

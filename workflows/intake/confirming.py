"""Send the approved text of a use case again, so that everybody who decides about it looks at it anew."""

from datetime import datetime

from db.enums import Exclusion
from db.queries import intake as stored
from db.session import Session
from workflows import approvals
from workflows.approvals import RequestSnapshot
from workflows.intake import changing
from workflows.intake.reading import SUBJECT_KIND
from workflows.intake.snapshots import NotNow, UseCaseSnapshot
from workflows.people import Actor
from workflows.policy import PolicySnapshot


def send_again(
    session: Session, use_case: UseCaseSnapshot, route: PolicySnapshot, *, sender: Actor, now: datetime
) -> RequestSnapshot | NotNow:
    """Ask for what is approved to be approved again, as it is and by everybody `route` leads to; return the request.

    Refused while a change of it is asked for. The approved request is locked.
    """
    change = changing.again(session, use_case)
    if change is None:
        return NotNow.NOT_EDITABLE
    excluded = {
        **dict.fromkeys([*stored.editors(session, use_case.id), sender.id], Exclusion.EDITOR),
        use_case.owner.id: Exclusion.OWNER,
        use_case.proposer.id: Exclusion.PROPOSER,
    }
    refusal = changing.ask(session, change, use_case.says, route, excluded=excluded, editor=sender, now=now)
    if refusal is not None:
        return refusal
    return approvals.latest_about(session, SUBJECT_KIND, [use_case.id])[use_case.id]

"""Tell admins and approvers what became of a proposed policy, and its proposer that it was overtaken."""

from db.enums import PENDING
from db.session import Session
from handlers.blocks import BlockKit, actions, button, section
from handlers.ids import Action
from handlers.kinds import kind_of
from handlers.messages import Message, Post
from handlers.picture import SubjectPicture
from handlers.policy_changes.pictures import policy_picture
from handlers.text import inline, named
from workflows import approvals, policy_changes
from workflows.approvals import RequestSnapshot
from workflows.outbox import Pending


def decided(session: Session, pending: Pending) -> Message | None:
    """Say that a policy is in force, or why it is not; not to whose proposal was overtaken when it has ended since."""
    proposal_id = pending.subject_id
    requests = approvals.latest_about(session, policy_changes.SUBJECT_KIND, [proposal_id]) if proposal_id else {}
    request = next(iter(requests.values()), None)
    is_overtaken = pending.payload["what"] == "overtaken"
    if request is None or (is_overtaken and request.status not in PENDING):
        return None
    subject = policy_picture(session, request)
    by = "" if is_overtaken else f", proposed by {named(request.proposer.name)}"
    text = f"*{subject.reference}* “{inline(subject.title)}”{by}: {subject.holds}"
    return Post(pending.conversation, text, _blocks(text, request, subject, is_overtaken=is_overtaken))


def _blocks(text: str, request: RequestSnapshot, subject: SubjectPicture, *, is_overtaken: bool) -> list[BlockKit]:
    what = f"{subject.reference}, {subject.title}"
    buttons = [button(Action.OPEN, "Open", str(request.id), label=f"Open {what}")]
    way = kind_of(request.subject_kind).anew if is_overtaken else None
    if way is not None:
        buttons.insert(0, button(way.action, way.text, str(request.subject_id), label=f"{way.text}: {what}"))
    return [section(text), actions("policy_changes.decided.buttons", *buttons)]

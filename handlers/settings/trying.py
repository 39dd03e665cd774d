"""Try a policy file from the settings: read it, hold it against what was submitted, show what it would change."""

from handlers.blocks import BlockKit
from handlers.ids import Block
from handlers.routing import Call
from handlers.settings import views
from handlers.settings.admins import NotAnAdmin, as_admin, why_not
from handlers.settings.files import Unread, content_of
from handlers.settings.payloads import policy_file
from handlers.settings.trial_views import result_page, trial_page
from workflows import policy, simulating
from workflows.people import Actor, NotAMember, Unchecked
from workflows.policy import PolicyError


def on_policy_tried(call: Call) -> None:
    """Show what the file an admin chose would change. Nothing is stored, so no transaction is open meanwhile."""
    file = policy_file(call.body)
    admin = as_admin(call, lambda _, actor: actor)
    if isinstance(admin, NotAnAdmin | NotAMember | Unchecked):
        call.ack(response_action="update", view=views.notice_page(why_not(admin)))
        return
    if not call.deps.workspace.reads_files:
        call.ack(response_action="update", view=trial_page(reads_files=False))
        return
    content = content_of(call.client, file, longest=policy.LARGEST)
    if isinstance(content, Unread):
        call.ack(response_action="errors", errors={str(Block.POLICY_FILE): content.text})
        return
    call.ack(response_action="update", view=_tried(call, content, admin))


def _tried(call: Call, content: bytes, admin: Actor) -> BlockKit:
    try:
        text = policy.text_of(content)
        with call.deps.reading() as session:
            return result_page(simulating.simulate(session, text, viewer=admin.id))
    except PolicyError as error:
        return trial_page(reads_files=True, problems=error.problems)

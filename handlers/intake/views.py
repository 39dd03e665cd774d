"""Draw how a draft ended, and the answers to `/usecase`. Values in, Block Kit out."""

from collections.abc import Iterator, Sequence
from uuid import UUID

from db.enums import RequestStatus, SuspensionCause, UseCaseState
from handlers.blocks import BlockKit, actions, button, context, modal, section
from handlers.ids import Action, Callback
from handlers.intake.wording import NOT_NOW
from handlers.standing import approved_until, has_it_now, progress, standing, what_holds, why_tier
from handlers.subjects import SubjectPicture, use_case_picture
from handlers.terms import conditions_in_short, listed_conditions
from handlers.text import REQUEST_STATUSES, SUSPENDED_BECAUSE, SUSPENDED_UNTIL, TIERS, draft_name, inline, named
from handlers.waits import outlook_for, outlook_text
from workflows.approvals import Outlook, RequestSnapshot, Titled
from workflows.conditions import ConditionSnapshot
from workflows.home import HomeSnapshot
from workflows.intake import CHANGEABLE, Joined, NotNow, Proposed, Sent, UseCaseSnapshot

VALUE_IN_ANSWER = 300
WISH_SHOWN = 600
REASON_SHOWN = 1000
Ways = Sequence[BlockKit]
NOBODY_YET = "⚠️ Nobody may decide it yet: an admin has to give somebody a role that may. It is kept until then."

HELP = (
    "*What you can type*\n"
    "`/usecase new` proposes an AI use case, step by step: what it is, what it touches, what it brings. You see who "
    "decides before you send it. Drafts are kept; the Home tab lists them.\n"
    "`/usecase UC-1` shows how one stands and who has it now; of your own, also how long it usually takes.\n"
    "`/usecase` shows what waits for you and how your proposals stand.\n"
    "You can also choose “Turn into a use case” in the menu of a message.\n"
    "Everything here is answered privately. The Home tab shows the same, kept up to date."
)


def proposed_modal(proposed: Proposed, outlook: Outlook | None = None) -> BlockKit:
    """Say that the proposal is stored, who has it now and how long that usually takes.

    Or how it ended, at once or before this was sent again.
    """
    what = f"*{proposed.reference}* “{inline(proposed.name)}”"
    reason = f" {inline(proposed.reason)}" if proposed.reason else ""
    if proposed.change is not None:
        return _sent_modal(proposed, list(_change_lines(proposed, what, reason)), outlook)
    match proposed.status:
        case RequestStatus.APPROVED if proposed.reason:
            lines = [f"✅ {what} is approved.", f"The policy approves it by itself:{reason}"]
        case RequestStatus.REJECTED if proposed.reason:
            lines = [
                f"⛔ {what} is refused by the policy:{reason}",
                "If an answer was wrong, correct it and send it again: the Home tab has the button.",
            ]
        case RequestStatus.APPROVED | RequestStatus.REJECTED:
            lines = [f"{what} was sent before and is decided: {REQUEST_STATUSES[proposed.status].lower()}."]
        case RequestStatus.CHANGES_REQUESTED:
            lines = [f"{what} was sent before, and changes were requested since. The Home tab has the button."]
        case _ if proposed.asked:
            lines = [
                f"{what} is in review.",
                f"{has_it_now(proposed.asked)}. You get a direct message when it is decided.",
            ]
        case _:
            lines = [
                f"{what} is in review.",
                NOBODY_YET,
            ]
    return _sent_modal(proposed, lines, outlook)


def _sent_modal(proposed: Proposed, lines: list[str], outlook: Outlook | None) -> BlockKit:
    if outlook is not None:
        lines = [*lines, outlook_text(outlook)]
    blocks = [*map(section, lines), context(f"`/usecase {proposed.reference}` shows how it stands at any time.")]
    return modal(Callback.SUBMIT_USE_CASE, proposed.reference, blocks)


def _change_lines(proposed: Proposed, what: str, reason: str) -> Iterator[str]:
    """Yield where a change of something approved stands, and what that is meanwhile."""
    if proposed.change is Sent.IN_FORCE:
        yield f"✅ {what} says what you changed. Nobody had to decide about it."
        return
    match proposed.status:
        case RequestStatus.APPROVED if proposed.reason:
            yield f"✅ The change of {what} is approved. The policy approves it by itself:{reason}"
        case RequestStatus.REJECTED if proposed.reason:
            yield f"⛔ The change of {what} is refused by the policy:{reason}"
            yield "If an answer was wrong, correct it and send it again: the Home tab has the button."
        case RequestStatus.IN_REVIEW if proposed.asked:
            yield f"The change of {what} is in review. {has_it_now(proposed.asked)}."
        case RequestStatus.IN_REVIEW:
            yield f"The change of {what} is in review."
            yield NOBODY_YET
        case status:
            yield f"The change of {what} was sent before: {REQUEST_STATUSES[status].lower()}."
    if proposed.status is not RequestStatus.APPROVED:
        yield _what_holds_meanwhile(proposed.state)


def _what_holds_meanwhile(state: UseCaseState) -> str:
    if state is UseCaseState.SUSPENDED:
        return "⏸️ It is suspended until a change of it is approved."
    if state in CHANGEABLE:
        return "✅ It stays approved as it was until the change is approved."
    return "⚠️ Its tier rose, so its earlier approval no longer counts."


def joined_modal(joined: Joined) -> BlockKit:
    case = joined.use_case
    blocks = [
        section(
            f"*{case.reference}* “{inline(case.name)}” is owned by {named(case.owner.name)}, team {inline(case.team)}."
        ),
        section(
            "They were told that you would like to join, and what you had in mind. They will get in touch with you."
        ),
        context(f"Your draft is closed. `/usecase {case.reference}` shows how it stands."),
    ]
    return modal(Callback.DRAFT_ENDED, f"Join {case.reference}", blocks)


def notice_modal(text: str) -> BlockKit:
    return modal(Callback.DRAFT_ENDED, "Nothing was sent", [section(text)])


def not_done_modal(text: str) -> BlockKit:
    """Say above a window, which stays as it is, that what was pressed did not happen."""
    return modal(Callback.NOT_DONE, "Not done", [section(text)])


def not_now_modal(why: NotNow) -> BlockKit:
    return notice_modal(NOT_NOW[why])


def join_text(person: str, name: str, problem: str, use_case: UseCaseSnapshot) -> str:
    """Tell those who run a use case that somebody would like to join it, and what they had in mind."""
    idea = f"“{inline(name, limit=150)}”: " if name else ""
    return (
        f"{named(person)} would like to join *{use_case.reference}* “{inline(use_case.name, limit=150)}”. They had "
        f"something alike in mind: {idea}{inline(problem, limit=WISH_SHOWN)} Please get in touch with them."
    )


def standing_text(
    use_case: UseCaseSnapshot,
    request: RequestSnapshot,
    viewer: UUID,
    *,
    may_read: bool,
    approval: RequestSnapshot | None = None,
    outlook: Outlook | None = None,
    conditions: Sequence[ConditionSnapshot] = (),
    alarm: str = "",
    life: str = "",
) -> str:
    """Return how a use case stands, as far as this person may see it; who sent or owns it reads what to expect.

    `approval` is the request that approved the text in force, while `request` asks for another one, or did in vain.
    `alarm` says that it is in use before it is approved, `life` where it is since it was.
    """
    judged, with_tier = approval or request, approval is not None
    lines = [
        f"*{use_case.reference}* “{inline(use_case.name)}”",
        *filter(None, [alarm]),
        f"Team {inline(use_case.team)} · {TIERS[judged.tier]}",
    ]
    stands_as = (life, what_holds(request, use_case.state, use_case.suspended_by), approved_until(use_case))
    holds = [*filter(None, stands_as)]
    if not may_read:
        stands = standing(request, with_tier=with_tier)
        short = conditions_in_short(conditions)
        return "\n".join([*lines, f"{stands}. Only the people involved see answers and reasons.", *holds, *short])
    picture = use_case_picture(use_case)
    told = [
        f"*{inline(label)}* {inline(value, limit=VALUE_IN_ANSWER)}"
        for label, value in [("Problem", picture.story), *picture.facts]
    ]
    why = [f"Why: {line}" for line in why_tier(judged)]
    source = [f"*From* {picture.source}"] if picture.source else []
    expect = [*filter(None, [outlook_for(request, viewer, outlook)])]
    state = [*progress(request, viewer, with_tier=with_tier), *expect, *holds, *listed_conditions(conditions)]
    return "\n".join([*lines, *why, *told, *source, *state])


def overview_text(snapshot: HomeSnapshot) -> str:
    """Return what waits for a person and how their proposals stand, in a few lines."""
    waiting = [f"• {_called(item.titled)}" for item in snapshot.queue[:5]]
    proposals = [
        f"• {_called(item.titled)}: {standing(item.request)}"
        for item in (*snapshot.sent[:5], *snapshot.proposals[:5])
        if item.request
    ]
    drafts = [f"• {draft_name(each.name, each.edits)}" for each in snapshot.drafts[:5]]
    lines = ["*Waiting for you*", *(waiting or ["Nothing."]), "*Your proposals*", *(proposals or ["None yet."])]
    if drafts:
        lines += ["*Your drafts*, to go on with in the Home tab", *drafts]
    return "\n".join([*lines, "Type `/usecase new` to propose one, `/usecase help` for the rest."])


def _called(titled: Titled) -> str:
    return f"*{titled.reference}* “{inline(titled.title)}”"


def request_text(
    request: RequestSnapshot, subject: SubjectPicture, viewer: UUID, *, may_read: bool, outlook: Outlook | None = None
) -> str:
    """Return how a request about anything but a use case stands, as far as this person may see it."""
    team = [f"Team {inline(subject.team)}"] if subject.team else []
    lines = [f"*{subject.reference}* “{inline(subject.title)}”", " · ".join([*team, TIERS[request.tier]])]
    holds = [*filter(None, [subject.holds])]
    if not may_read:
        stands = f"{standing(request)}. Only the people involved see answers and reasons."
        return "\n".join([*lines, stands, *holds])
    told = [f"*{inline(label)}* {inline(value, limit=VALUE_IN_ANSWER)}" for label, value in subject.facts]
    expect = [*filter(None, [outlook_for(request, viewer, outlook)])]
    return "\n".join(
        [*lines, inline(subject.story, limit=VALUE_IN_ANSWER), *told, *progress(request, viewer), *expect, *holds]
    )


def suspended_text(use_case: UseCaseSnapshot, cause: SuspensionCause | None, reason: str | None = None) -> str:
    """Tell those who answer for a use case that it stops, and for which reason, or that it may be used again."""
    what = f"*{use_case.reference}* “{inline(use_case.name)}”"
    if cause is None:
        return f"▶️ {what} may be used again: nothing stands in its way any more."
    why = f" “{inline(reason, limit=REASON_SHOWN)}”" if reason else ""
    return (
        f"⏸️ {what} is suspended: {SUSPENDED_BECAUSE[cause]}.{why} "
        f"Please make sure that nobody uses it until {SUSPENDED_UNTIL[cause]}."
    )


def retired_text(use_case: UseCaseSnapshot, reason: str | None) -> str:
    """Tell those who answered for a use case that it is over."""
    why = f" The reason: “{inline(reason, limit=REASON_SHOWN)}”" if reason else ""
    return (
        f"🗄️ *{use_case.reference}* “{inline(use_case.name)}” is retired.{why} "
        "Please make sure that nobody uses it any more."
    )


def suspended_blocks(text: str, request_id: UUID | None, use_case: UseCaseSnapshot, ways: Ways = ()) -> list[BlockKit]:
    """Draw that a use case stops or goes on, with these ways on and the way to its newest request."""
    if request_id is None:
        return [section(text)]
    label = f"Open {use_case.reference}, {use_case.name}"
    opened = button(Action.OPEN, "Open", str(request_id), label=label)
    return [section(text), actions("intake.suspended.buttons", *ways, opened)]


def unknown_reference_text(text: str) -> str:
    return f"There is no use case {inline(text, limit=40)}. References look like UC-1; Home lists yours."


def unknown_request_text(text: str) -> str:
    return f"There is no {inline(text, limit=40)}. Home lists what is yours and what waits for you."


def unknown_word_text(text: str) -> str:
    return f"I do not know “{inline(text, limit=80)}”.\n{HELP}"

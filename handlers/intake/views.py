"""Draw the proposal form and the answers to `/usecase`. Values in, Block Kit out."""

from uuid import UUID

from db.enums import RequestStatus
from handlers.blocks import BlockKit, context, modal, plain, question, section, select, text_input
from handlers.ids import Block, Callback
from handlers.standing import progress, standing
from handlers.text import DATA_CLASSES, PROCESSINGS, REQUEST_STATUSES, TIERS, inline, listed, named
from workflows.approvals import RequestSnapshot
from workflows.home import HomeSnapshot
from workflows.intake import Proposed, UseCaseSnapshot
from workflows.intake.rules import LONGEST

HELP = (
    "*What you can type*\n"
    "`/usecase new` proposes an AI use case. It takes about two minutes.\n"
    "`/usecase UC-1` shows how one stands and who has it now.\n"
    "`/usecase` shows what waits for you and how your proposals stand.\n"
    "Everything here is answered privately. The Home tab shows the same, kept up to date."
)

OWNER_UNCHECKED = "Slack cannot be asked right now who this is. Nothing was sent; please try again in a minute."

FIELDS = {
    "name": Block.NAME,
    "problem": Block.PROBLEM,
    "team": Block.TEAM,
    "owner": Block.OWNER,
    "objective": Block.OBJECTIVE,
    "kpi": Block.KPI,
}


def proposal_modal(token: UUID) -> BlockKit:
    """Ask for a use case in one step. `token` makes this modal one use case, however often it is submitted."""
    owner = {"type": "users_select", "placeholder": plain("Choose a person")}
    blocks = [
        context("About two minutes. You see who decides as soon as you send it."),
        question(Block.NAME, "Name", text_input(longest=LONGEST["name"], placeholder="Summarise case files")),
        question(
            Block.PROBLEM,
            "Which problem does it solve?",
            text_input(longest=LONGEST["problem"], multiline=True),
            hint="For whom, how often, and what happens today. Plain words are best.",
        ),
        question(Block.TEAM, "Team that will use it", text_input(longest=LONGEST["team"])),
        question(Block.OWNER, "Owner", owner, hint="A full member who answers for it once it runs."),
        question(
            Block.OBJECTIVE,
            "Business objective it serves",
            text_input(longest=LONGEST["objective"], placeholder="Settle claims within five days"),
        ),
        question(
            Block.KPI,
            "One number that will show it works",
            text_input(longest=LONGEST["kpi"], placeholder="Hours per case file, from 6 to 3"),
        ),
        question(Block.DATA_CLASS, "Most sensitive data it uses", select(DATA_CLASSES, placeholder="Choose one")),
        question(
            Block.PROCESSING,
            "Where is the data processed?",
            select(PROCESSINGS, placeholder="Choose one"),
            hint="“I do not know” is a fine answer: those who decide see it.",
        ),
    ]
    return modal(Callback.SUBMIT_USE_CASE, "Propose a use case", blocks, submit="Send for review", carries=str(token))


def proposed_modal(proposed: Proposed, name: str) -> BlockKit:
    """Say that the proposal is stored and who has it now; or, when the same form comes again late, how it ended."""
    what = f"*{proposed.reference}* “{inline(name)}”"
    asked = listed([named(person) for person in proposed.asked])
    if proposed.status is not RequestStatus.IN_REVIEW:
        lines = [f"{what} was sent before and is decided: {REQUEST_STATUSES[proposed.status].lower()}."]
    elif asked:
        lines = [f"{what} is in review.", f"{asked} has it now. You get a direct message when it is decided."]
    else:
        lines = [
            f"{what} is in review.",
            "⚠️ Nobody may decide it yet: an admin has to give somebody the role. It is kept, and will then be asked.",
        ]
    blocks = [*map(section, lines), context(f"`/usecase {proposed.reference}` shows how it stands at any time.")]
    return modal(Callback.SUBMIT_USE_CASE, proposed.reference, blocks)


def refused_modal(text: str) -> BlockKit:
    return modal(Callback.SUBMIT_USE_CASE, "Nothing was sent", [section(text)])


def standing_text(use_case: UseCaseSnapshot, request: RequestSnapshot, viewer: UUID) -> str:
    """Return how a use case stands, as far as this person may see it."""
    lines = [
        f"*{use_case.reference}* “{inline(use_case.name)}”",
        f"Team {inline(use_case.team)} · {TIERS[request.tier]}",
    ]
    if not request.involves(viewer):
        return "\n".join([*lines, f"{standing(request)}. Only the people involved see answers and reasons."])
    facts = [
        f"*Objective* {inline(use_case.objective)}",
        f"*Shown to work by* {inline(use_case.kpi)}",
        f"*Owner* {named(use_case.owner.name)}",
        f"*Data* {DATA_CLASSES[use_case.data_class]}, processed in: {PROCESSINGS[use_case.processing]}",
    ]
    return "\n".join([*lines, *facts, *progress(request, viewer)])


def overview_text(snapshot: HomeSnapshot) -> str:
    """Return what waits for a person and how their proposals stand, in a few lines."""
    waiting = [f"• *{item.use_case.reference}* “{inline(item.use_case.name)}”" for item in snapshot.queue[:5]]
    proposals = [
        f"• *{item.use_case.reference}* “{inline(item.use_case.name)}”: {standing(item.request)}"
        for item in snapshot.proposals[:5]
        if item.request
    ]
    lines = ["*Waiting for you*", *(waiting or ["Nothing."]), "*Your proposals*", *(proposals or ["None yet."])]
    return "\n".join([*lines, "Type `/usecase new` to propose one, `/usecase help` for the rest."])


def unknown_reference_text(text: str) -> str:
    return f"There is no use case {inline(text, limit=40)}. References look like UC-1; Home lists yours."


def unknown_word_text(text: str) -> str:
    return f"I do not know “{inline(text, limit=80)}”.\n{HELP}"

"""Draw a proposed policy: what it would change in the file, and about what was really submitted."""

from collections.abc import Iterator

from db.enums import PENDING
from db.session import Session
from handlers.picture import SubjectPicture
from handlers.policy_changes.words import difference_count, difference_pairs, lines_that_differ, what_holds
from handlers.settings.trial_words import change_texts, note_texts, total_text
from handlers.text import shown
from workflows import policy, policy_changes, simulating
from workflows.approvals import RequestSnapshot
from workflows.policy import PolicyError
from workflows.policy_changes import PartChanged, PolicyChange
from workflows.simulating import Simulated

SUBMISSIONS_SHOWN = 12
DIFFERENCES_SHOWN = 6  # texts of a quotation's length
LONGEST = 2800
ABOUT = "Another policy for what is submitted from then on. What is in review keeps the tier and the people it has."


def policy_picture(session: Session, request: RequestSnapshot) -> SubjectPicture:
    """Return a proposed policy in words. While it is not decided, also whose course it would change."""
    change = policy_changes.change_of(session, request.subject_id)
    if change is None:
        raise LookupError(f"{request.reference} was proposed and is gone")
    differences = _differences(change)
    tried = _tried(session, change) if request.status in PENDING else None
    facts = [
        ("In place of", f"version {change.based_on}"),
        ("In the file", difference_count(differences)),
        *([("On what was submitted", total_text(tried.totals))] if tried else []),
    ]
    was_overtaken = (
        change.overtaken_at is not None and request.settled_at is not None and change.overtaken_at <= request.settled_at
    )
    return SubjectPicture(
        reference=change.reference,
        title=policy_changes.title_of(change.name),
        team="",
        story=ABOUT,
        facts=facts,
        whole=[*facts, *(_effects(tried) if tried else ()), *_lines(change)],
        changes=difference_pairs(differences),
        changes_are=f"What differs from version {change.based_on}",
        holds=what_holds(change, request.status, was_overtaken=was_overtaken),
    )


def _differences(change: PolicyChange) -> tuple[PartChanged, ...]:
    try:
        return policy_changes.differences(policy.parse(change.before), policy.parse(change.content))
    except PolicyError:  # stored by an older version of the product, which read it otherwise
        return ()


def _tried(session: Session, change: PolicyChange) -> Simulated | None:
    try:
        return simulating.simulate(session, change.content, for_several=True)
    except PolicyError:
        return None


def _effects(tried: Simulated) -> Iterator[tuple[str, str]]:
    """Yield which submissions would take another course; nothing confidential is named."""
    for each in tried.changed[:SUBMISSIONS_SHOWN]:
        yield f"{each.reference} {shown(each.name, limit=60)}", shown("; ".join(change_texts(each)), limit=LONGEST)
    if len(tried.changed) > SUBMISSIONS_SHOWN:
        yield "And", f"{len(tried.changed) - SUBMISSIONS_SHOWN} more; `gatehouse policy simulate FILE` names all."
    for note in (*note_texts(tried), *tried.refusals[:5]):
        yield "⚠️", note


def _lines(change: PolicyChange) -> Iterator[tuple[str, str]]:
    texts = lines_that_differ(change.before, change.content, longest=LONGEST)
    for number, text in enumerate(texts[:DIFFERENCES_SHOWN], 1):
        yield "The lines that differ" if number == 1 else "Further lines", text
    if len(texts) > DIFFERENCES_SHOWN:
        yield "And", f"more lines: `gatehouse policy show --proposed {change.reference}` prints the file."

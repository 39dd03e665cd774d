"""Draw cards: for the approver whose turn it is, and for channels. Values in, Block Kit out."""

from uuid import UUID

from db.enums import PENDING, Verb
from handlers.approvals.payloads import ballot_value
from handlers.blocks import BlockKit, actions, button, context, facts, header, link, quoted, section
from handlers.glass import alarm_blocks
from handlers.ids import Action
from handlers.kinds import kind_of
from handlers.standing import progress, proposed, why_tier
from handlers.subjects import SubjectPicture
from handlers.terms import conditions_in_short, listed_conditions
from handlers.text import TIERS, inline, named
from workflows import subjects
from workflows.approvals import LaneSnapshot, RequestSnapshot

STORY_ON_CARD = 400
CHANGES_SHOWN = 8
HIDDEN = "A confidential request"
NO_VOTES = "Replies here are not votes; the buttons decide."


def approver_card(request: RequestSnapshot, subject: SubjectPicture, person_id: UUID) -> list[BlockKit]:
    """Draw what one person needs to decide within a minute, with buttons; how it stands when it is not their turn."""
    lane = request.open_lane_of(person_id)
    if lane is None:
        return [
            header(f"{subject.reference} · {subject.title}"),
            *alarm_blocks(subject.alarm, subject.alarm_reason),
            context(proposed(request)),
            context(
                *progress(request, person_id, renews=renews(subject)),
                *_what_holds(subject),
                *_may_change(request, person_id),
            ),
            *conditions_block(subject),
            *([actions("approvals.card.buttons", open_button(request, subject))] if request.status in PENDING else []),
        ]
    return [
        header(f"{subject.reference} · {subject.title}"),
        *alarm_blocks(subject.alarm, subject.alarm_reason),
        proposed_and_why(request),
        *what_is_new(subject),
        quoted(subject.story, limit=STORY_ON_CARD),
        *([link("Document", subject.document, text=subject.document)] if subject.document else []),
        facts(subject.facts),
        *([link("From a message", subject.source)] if subject.source else []),
        context(
            *_for_whom(request, person_id), *progress(request, person_id, renews=renews(subject)), *_what_holds(subject)
        ),
        *conditions_block(subject),
        vote_buttons(request, subject, lane),
        context(NO_VOTES),
    ]


def vote_buttons(request: RequestSnapshot, subject: SubjectPicture, lane: LaneSnapshot) -> BlockKit:
    """Draw the buttons that decide in a lane, bound to the content as it is now."""
    value, what = ballot_value(lane), f"{subject.reference}, {subject.title}"
    words, kind = kind_of(request.subject_kind).votes, request.subject_kind
    approve, reject = words.get(Verb.APPROVE, "Approve"), words.get(Verb.REJECT, "Reject")
    changes = [button(Action.REQUEST_CHANGES, "Request changes", value, label=f"Request changes to {what}")]
    conditions = [
        button(Action.APPROVE_WITH_CONDITIONS, "Approve with conditions", value, label=f"Set conditions for {what}")
    ]
    return actions(
        "approvals.card.buttons",
        button(Action.APPROVE, approve, value, style="primary", label=f"{approve} {what}"),
        *(changes if subjects.takes(kind, Verb.REQUEST_CHANGES) else []),
        *(conditions if subjects.takes(kind, Verb.APPROVE_WITH_CONDITIONS) else []),
        button(Action.REJECT, reject, value, style="danger", label=f"{reject} {what}"),
        button(Action.OPEN, "Read it all", str(request.id), label=f"Read all of {what}"),
    )


def channel_card(request: RequestSnapshot, subject: SubjectPicture) -> list[BlockKit]:
    """Draw the state of a request for a channel: no answers, no reasons, one way in.

    Of a confidential one nothing: the channel got this card before it was.
    """
    if request.confidential:
        return [section(HIDDEN)]
    blocks = [
        header(f"{subject.reference} · {subject.title}"),
        *alarm_blocks(subject.alarm, ""),
        context(f"{proposed(request)} · team {inline(subject.team)}" if subject.team else proposed(request)),
        context(*progress(request), *_what_holds(subject), *conditions_in_short(subject.conditions)),
    ]
    if request.status in PENDING:
        blocks += [actions("approvals.card.buttons", open_button(request, subject)), context(NO_VOTES)]
    return blocks


def card_text(request: RequestSnapshot, subject: SubjectPicture, asked: UUID | None) -> str:
    """Return a card in words, complete by itself, for notifications and screen readers.

    `asked` is the approver it is for; None is a channel, which reads no answers and no reasons, and nothing at all of
    a confidential request.
    """
    if asked is None and request.confidential:
        return HIDDEN
    what = "Change of " if request.is_change else ""
    lead = f"{what}{subject.reference} “{inline(subject.title)}” by {named(request.proposer.name)}"
    state = " ".join(filter(None, (subject.alarm, *progress(request, asked))))
    if asked is not None and request.open_lane_of(asked) is not None:
        told = " ".join(f"{inline(label)}: {inline(value)}." for label, value in subject.facts)
        return f"{lead} waits for your decision. {told} {inline(subject.story, limit=STORY_ON_CARD)} {state}"
    return f"{lead}. {TIERS[request.tier]}. {state}"


def open_button(request: RequestSnapshot, subject: SubjectPicture) -> BlockKit:
    return button(Action.OPEN, "Open", str(request.id), label=f"Open {subject.reference}, {subject.title}")


def proposed_and_why(request: RequestSnapshot) -> BlockKit:
    return context(proposed(request), *(f"Why: {line}" for line in why_tier(request)))


def what_is_new(subject: SubjectPicture) -> list[BlockKit]:
    """Draw what is new since the last time, and against what was decided before."""
    blocks: list[BlockKit] = []
    if subject.changes:
        blocks += [section(f"✏️ *{subject.changes_are}*"), facts(subject.changes[:CHANGES_SHOWN])]
    elif renews(subject):
        blocks.append(section("🔁 *Nothing in it would change.* The question is whether it still holds."))
    if len(subject.changes) > CHANGES_SHOWN:
        blocks.append(context(f"… and {len(subject.changes) - CHANGES_SHOWN} more."))
    if subject.precedents:
        blocks.append(context(*(f"Similar: {inline(line, limit=600)}" for line in subject.precedents)))
    return blocks


def renews(subject: SubjectPicture) -> bool:
    """Say whether the question is only if something still holds."""
    return subject.is_asked_again and not subject.changes


def conditions_block(subject: SubjectPicture) -> list[BlockKit]:
    """Draw the conditions of a request for those who may read them."""
    lines = listed_conditions(subject.conditions)
    return [context(*lines)] if lines else []


def _may_change(request: RequestSnapshot, person_id: UUID) -> list[str]:
    if request.vote_to_change(person_id) is None:
        return []
    return ["Others still decide here. Until then you can open it and change your decision."]


def _what_holds(subject: SubjectPicture) -> list[str]:
    return [subject.holds] if subject.holds else []


def _for_whom(request: RequestSnapshot, person_id: UUID) -> list[str]:
    principal = request.principal_of(person_id)
    return [f"You decide for {named(principal.name)}, who is away and asked you to."] if principal else []

"""Submit drafts: judge them once more, store what they say, and put it into review."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from db.enums import DraftStatus, Exclusion, UseCaseState
from db.ids import new_id
from db.queries import configuration
from db.queries import intake as stored
from db.session import Session
from db.tables import Draft
from workflows import approvals, ledger, policy, settings
from workflows.approvals import Refused
from workflows.intake import answers as typed
from workflows.intake import changing, drafts, pages, reading
from workflows.intake.answers import Step
from workflows.intake.pages import Whole, Wrong
from workflows.intake.proposals import Proposal
from workflows.intake.reading import SUBJECT_KIND, stream_of
from workflows.intake.settling import settle
from workflows.intake.snapshots import NotNow, Page, Proposed
from workflows.intake.writing import insert_revision
from workflows.ledger import Fact, LedgerKind
from workflows.people import Actor
from workflows.settings import SettingName


def submit(
    session: Session, draft_id: UUID, *, author: Actor, number: int | None = None, now: datetime
) -> Proposed | Page | NotNow:
    """Submit what the last step showed. The same draft again returns the use case it became.

    A new use case gets `number`, which was given out for it before, else the next one. Returns a page when an answer
    does not hold any more, or when what was shown has changed since: nothing is submitted that its author did not see.
    """
    draft = drafts.hold(session, draft_id, author)
    if not isinstance(draft, Draft):
        return draft
    found = pages.check(session, draft, author=author, now=now)
    if isinstance(found, Wrong):
        return pages.page_of(session, draft, found.step, author=author, now=now, problems=found.problems)
    if found.shown != draft.shown_hash:
        return pages.page_of(session, draft, Step.PREVIEW, author=author, now=now, changed=True)
    if draft.use_case_id is None:
        use_case_id = _insert(
            session,
            found,
            token=draft.id,
            proposer=author,
            links={"copied_from_id": draft.copied_from_id, "source_link": draft.source_link},
            number=number,
            now=now,
        )
    else:
        refusal = _revise(session, draft, draft.use_case_id, found, editor=author, now=now)
        if refusal is not None:
            return refusal
        use_case_id = draft.use_case_id
    done = {"status": DraftStatus.SUBMITTED, "use_case_id": use_case_id, "updated_at": now}
    stored.update_draft(session, draft.id, done)
    return replace(_standing(session, use_case_id, base=pages.base_of(typed.read(draft.answers))), is_new=True)


def propose(session: Session, says: Proposal, *, token: UUID, proposer: Actor, now: datetime) -> Proposed:
    """Store a whole proposal and put it into review, without a draft. The same token again changes nothing."""
    configuration.hold_counters(session)  # the same token may come twice at once
    existing = stored.by_token(session, token)
    if existing is not None:
        return _standing(session, existing[0].id)
    route = policy.route(session, SUBJECT_KIND, says.facts())
    excluded = {says.owner_id: Exclusion.OWNER, proposer.id: Exclusion.PROPOSER}
    use_case_id = _insert(
        session, Whole(says, route, excluded, "", None), token=token, proposer=proposer, links={}, now=now
    )
    return replace(_standing(session, use_case_id), is_new=True)


def _insert(
    session: Session,
    whole: Whole,
    *,
    token: UUID,
    proposer: Actor,
    links: Mapping[str, UUID | str | None],
    now: datetime,
    number: int | None = None,
) -> UUID:
    """Store a use case under its number or the next one and open its request; return its id."""
    use_case_id, salt = new_id(), ledger.new_salt()
    number = number or configuration.next_number(session, SUBJECT_KIND)
    says = whole.says
    stored.insert_use_case(
        session,
        {
            "id": use_case_id,
            "number": number,
            "state": UseCaseState.IN_REVIEW,
            "revision": 1,
            "version": 1,
            "proposer_id": proposer.id,
            "confidential": says.confidential,
            "token": token,
            "salt": salt,
            "created_at": now,
            **links,
        },
    )
    insert_revision(session, use_case_id, 1, says, by=proposer, now=now)
    people = {"owner": str(says.owner_id), "sponsor": str(says.sponsor_id)}
    fact = Fact(LedgerKind.USE_CASE_PROPOSED, {"number": number, **people})
    ledger.record(session, stream_of(use_case_id), [fact], actor=proposer.id, now=now)
    opened = approvals.open_request(
        session,
        reading.subject(session, use_case_id, number, 1, says, salt=salt),
        whole.route,
        requester=proposer,
        excluded=whole.excluded,
        confidential=says.confidential,
        governance_channel=settings.value_of(session, SettingName.GOVERNANCE_CHANNEL),
        now=now,
    )
    settle(session, use_case_id, opened.status, actor=None, now=now)
    return use_case_id


def _revise(
    session: Session, draft: Draft, use_case_id: UUID, whole: Whole, *, editor: Actor, now: datetime
) -> NotNow | None:
    """Store the next text of a use case and put it into review, or say why that cannot be done any more."""
    change, use_case = whole.change, reading.use_case_of(session, use_case_id)
    if use_case is None:
        return NotNow.GONE
    refusal = changing.why_not_sent(session, use_case, pages.base_of(typed.read(draft.answers)))
    if refusal is not None:
        return refusal
    if change is not None and change.standing.pending_revision is None:
        return changing.ask(session, change, whole.says, whole.route, excluded=whole.excluded, editor=editor, now=now)
    return _resubmit(session, use_case_id, whole, editor=editor, now=now)


def _resubmit(session: Session, use_case_id: UUID, whole: Whole, *, editor: Actor, now: datetime) -> NotNow | None:
    """Answer those who asked for changes, or correct what the policy refused."""
    change, says = whole.change, whole.says
    found = stored.by_id(session, use_case_id)
    requests = approvals.latest_about(session, SUBJECT_KIND, [use_case_id])
    if found is None or use_case_id not in requests:
        return NotNow.GONE
    case = found[0]
    revision = stored.last_revision(session, use_case_id) + 1
    subject = reading.subject(session, use_case_id, case.number, revision, says, salt=case.salt)
    opened = approvals.resubmit(
        session,
        requests[use_case_id].id,
        subject,
        whole.route,
        editor=editor,
        excluded=whole.excluded,
        confidential=says.confidential,
        now=now,
    )
    if isinstance(opened, Refused):
        return NotNow.NOT_EDITABLE
    changing.store_text(session, subject, says, editor=editor, now=now)
    if change is not None:
        changing.take_effect(session, change, confidential=says.confidential, editor=editor, now=now)
    else:
        values = {"revision": revision, "confidential": says.confidential}
        standing = stored.standing_of(session, use_case_id)  # as it is now that the request is held
        if standing is None:
            raise LookupError(f"use case {use_case_id} was there and is gone")
        stored.update_use_case(session, use_case_id, version=standing.version, values=values)
    changing.settle_sent(session, use_case_id, opened.status, tier=whole.route.tier, editor=editor, now=now)
    return None


def _standing(session: Session, use_case_id: UUID, *, base: int = 0) -> Proposed:
    use_case = reading.use_case_of(session, use_case_id)
    if use_case is None:
        raise LookupError(f"use case {use_case_id} was there and is gone")
    return drafts.standing(session, use_case, base=base)

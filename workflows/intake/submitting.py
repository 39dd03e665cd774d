"""Submit drafts: judge them once more, store what they say, and put it into review."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from db.enums import DraftStatus, Exclusion, RequestStatus, UseCaseState
from db.ids import new_id
from db.queries import configuration
from db.queries import intake as stored
from db.session import Session
from db.tables import Draft
from workflows import approvals, ledger, policy, settings
from workflows.approvals import Refused
from workflows.intake import answers as typed
from workflows.intake import drafts, pages, reading
from workflows.intake.answers import Step
from workflows.intake.drafts import stream_of
from workflows.intake.pages import Whole, Wrong
from workflows.intake.proposals import Proposal
from workflows.intake.reading import SIMILAR_TO, SUBJECT_KIND
from workflows.intake.rules import LONGEST, objective_key
from workflows.intake.snapshots import NotNow, Page, Proposed
from workflows.ledger import Fact, LedgerKind
from workflows.people import Actor
from workflows.settings import SettingName

_STATES: Final = {
    RequestStatus.IN_REVIEW: UseCaseState.IN_REVIEW,
    RequestStatus.CHANGES_REQUESTED: UseCaseState.CHANGES_REQUESTED,
    RequestStatus.APPROVED: UseCaseState.APPROVED,
    RequestStatus.REJECTED: UseCaseState.REJECTED,
    RequestStatus.WITHDRAWN: UseCaseState.WITHDRAWN,
    RequestStatus.EXPIRED: UseCaseState.EXPIRED,
}


def submit(session: Session, draft_id: UUID, *, author: Actor, now: datetime) -> Proposed | Page | NotNow:
    """Submit what the last step showed. The same draft again returns the use case it became.

    Returns a page when an answer does not hold any more, or when what was shown has changed since: nothing is
    submitted that its author did not see.
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
            now=now,
        )
    else:
        refusal = _revise(session, draft, draft.use_case_id, found, editor=author, now=now)
        if refusal is not None:
            return refusal
        use_case_id = draft.use_case_id
    done = {"status": DraftStatus.SUBMITTED, "use_case_id": use_case_id, "updated_at": now}
    stored.update_draft(session, draft.id, done)
    return _standing(session, use_case_id)


def propose(session: Session, says: Proposal, *, token: UUID, proposer: Actor, now: datetime) -> Proposed:
    """Store a whole proposal and put it into review, without a draft. The same token again changes nothing."""
    configuration.hold_counters(session)  # the same token may come twice at once
    existing = stored.by_token(session, token)
    if existing is not None:
        return _standing(session, existing[0].id)
    route = policy.route(session, SUBJECT_KIND, says.facts())
    excluded = {says.owner_id: Exclusion.OWNER, proposer.id: Exclusion.PROPOSER}
    use_case_id = _insert(session, Whole(says, route, excluded, ""), token=token, proposer=proposer, links={}, now=now)
    return _standing(session, use_case_id)


def settle(session: Session, use_case_id: UUID, status: RequestStatus, *, actor: Actor | None, now: datetime) -> None:
    """Take over what approvals decided about a use case, in the same transaction. Without an actor the policy did."""
    found = stored.state_of(session, use_case_id)
    if found is None:
        raise LookupError(f"no use case {use_case_id}")
    before, version = found
    state = _STATES[status]
    if state is before:
        return
    stored.set_state(session, use_case_id, state, version=version)
    fact = Fact(LedgerKind.USE_CASE_STATE_CHANGED, {"from": before.value, "to": state.value})
    ledger.record(session, stream_of(use_case_id), [fact], actor=actor.id if actor else None, now=now)


def _insert(
    session: Session,
    whole: Whole,
    *,
    token: UUID,
    proposer: Actor,
    links: Mapping[str, UUID | str | None],
    now: datetime,
) -> UUID:
    """Store a use case under the next number and open its request; return its id."""
    use_case_id, salt = new_id(), ledger.new_salt()
    number = configuration.next_number(session, SUBJECT_KIND)
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
    _insert_revision(session, use_case_id, 1, says, by=proposer, now=now)
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
    """Store the next text of a use case and put it back into review, or say why that cannot be done any more."""
    found = stored.by_id(session, use_case_id)
    requests = approvals.latest_about(session, SUBJECT_KIND, [use_case_id])
    if found is None or use_case_id not in requests:
        return NotNow.GONE
    case, says = found[0], whole.says
    if case.revision != pages.base_of(typed.read(draft.answers)):
        return NotNow.CHANGED_MEANWHILE
    subject = reading.subject(session, use_case_id, case.number, case.revision + 1, says, salt=case.salt)
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
    _insert_revision(session, use_case_id, subject.revision, says, by=editor, now=now)
    stored.renew(session, use_case_id, revision=subject.revision, confidential=says.confidential)
    digests = {section.value: digest for section, digest in subject.sections.items()}
    fact = Fact(LedgerKind.USE_CASE_REVISED, {"revision": subject.revision, **digests})
    ledger.record(session, stream_of(use_case_id), [fact], actor=editor.id, now=now)
    settle(session, use_case_id, opened.status, actor=editor, now=now)
    return None


def _insert_revision(
    session: Session, use_case_id: UUID, revision: int, says: Proposal, *, by: Actor, now: datetime
) -> None:
    values = {
        "use_case_id": use_case_id,
        "revision": revision,
        **{field: getattr(says, field) for field in LONGEST if field != "objective"},
        **{field: getattr(says, field) for field in ("output_use", "data_class", "processing", "build", "decision")},
        "owner_id": says.owner_id,
        "sponsor_id": says.sponsor_id,
        "objective_id": _objective_id(session, says.objective, by=by, now=now),
        "submitted_by": by.id,
        "submitted_at": now,
    }
    kpis = [
        {
            "position": position,
            "name": kpi.name,
            "unit": kpi.unit,
            "direction": kpi.direction,
            "baseline": kpi.baseline,
            "target": kpi.target,
            "target_high": kpi.target_high,
            "due": kpi.due,
        }
        for position, kpi in enumerate(says.kpis)
    ]
    stored.insert_revision(session, values, answers=_answer_rows(says), kpis=kpis)


def _answer_rows(says: Proposal) -> list[dict[str, Any]]:
    several = {
        "affected": says.affected,
        "areas": says.areas,
        "practices": says.practices,
        SIMILAR_TO: tuple(map(str, says.similar)),
    }
    plain = {"section": None, "asked": None, "says": None}
    rows: list[dict[str, Any]] = [
        {"question": question, "position": position, "value": str(value), **plain}
        for question, values in several.items()
        for position, value in enumerate(values)
    ]
    for answer in says.own:
        words = answer.says or (None,) * len(answer.values)
        key = {"question": answer.key, "section": answer.section.value, "asked": answer.asked}
        rows += [
            {**key, "position": position, "value": value, "says": said}
            for position, (value, said) in enumerate(zip(answer.values, words, strict=True))
        ]
    return rows


def _objective_id(session: Session, name: str, *, by: Actor, now: datetime) -> UUID:
    """Return the objective of this name, however it is typed, new or not."""
    key = objective_key(name)
    found = stored.objective_id(session, key)
    if found is None:
        stored.insert_objective(session, name=name, name_key=key, by=by.id, now=now)
        found = stored.objective_id(session, key)
    if found is None:
        raise LookupError("an objective was stored and is gone")
    return found


def _standing(session: Session, use_case_id: UUID) -> Proposed:
    use_case = reading.use_case_of(session, use_case_id)
    if use_case is None:
        raise LookupError(f"use case {use_case_id} was there and is gone")
    return drafts.standing(session, use_case)

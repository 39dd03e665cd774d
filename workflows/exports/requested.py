"""Read requests with every round they were laid out in: who was asked, who voted on which content, and why."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from db.queries import evidence as stored
from db.session import Session
from db.tables import (
    ApprovalLane,
    ApprovalRequest,
    ApprovalRound,
    ApprovalSeat,
    ApprovalSection,
    ApprovalStage,
    ApprovalVote,
)
from workflows import approvals, people, policy
from workflows.exports.packs import Ballot, Lane, Request, Round, Seat, Stage
from workflows.people import Actor


@dataclass(frozen=True, slots=True)
class _Rows:
    """Everything below some requests, by what it belongs to."""

    rounds: Mapping[UUID, Sequence[tuple[ApprovalRound, int, str]]]
    sections: Mapping[tuple[UUID, int], Sequence[ApprovalSection]]
    stages: Mapping[tuple[UUID, int], Sequence[ApprovalStage]]
    lanes: Mapping[UUID, Sequence[ApprovalLane]]
    seats: Mapping[UUID, Sequence[ApprovalSeat]]
    votes: Mapping[tuple[UUID, UUID], ApprovalVote]
    reasons: Mapping[UUID, str]
    known: Mapping[UUID, Actor]


def requests_of(session: Session, about: Mapping[str, Collection[UUID]]) -> tuple[Request, ...]:
    """Return every request about these subjects, by kind, the oldest first, each with all its rounds."""
    requests = stored.requests_about(session, about)
    if not requests:
        return ()
    ids = [row.id for row in requests]
    barred = stored.exclusions_of(session, ids)
    rows = _read(session, ids, {each.person_id for each in barred})
    revisions = {row.id: row.revision for row in requests}
    return tuple(
        Request(
            id=row.id,
            reference=row.reference,
            kind=row.subject_kind,
            revision=row.revision,
            tier=row.tier,
            status=row.status,
            line=row.decided_by_line,
            opened_at=row.opened_at,
            settled_at=row.settled_at,
            amends=revisions.get(row.amends_id) if row.amends_id else None,
            barred=tuple(
                (rows.known[each.person_id], each.why)
                for each in barred
                if each.request_id == row.id and each.person_id in rows.known
            ),
            rounds=tuple(_round(row, *laid, rows) for laid in rows.rounds[row.id]),
            questions=tuple(approvals.questions_of(session, row.id)),
        )
        for row in requests
    )


def _read(session: Session, ids: Sequence[UUID], others: Collection[UUID]) -> _Rows:
    rounds: defaultdict[UUID, list[tuple[ApprovalRound, int, str]]] = defaultdict(list)
    for row in stored.rounds_of(session, ids):
        rounds[row[0].request_id].append(row)
    sections: defaultdict[tuple[UUID, int], list[ApprovalSection]] = defaultdict(list)
    for section in stored.sections_of(session, ids):
        sections[section.request_id, section.round].append(section)
    stages: defaultdict[tuple[UUID, int], list[ApprovalStage]] = defaultdict(list)
    for stage in stored.stages_of(session, ids):
        stages[stage.request_id, stage.round].append(stage)
    lanes: defaultdict[UUID, list[ApprovalLane]] = defaultdict(list)
    for lane in stored.lanes_of(session, ids):
        lanes[lane.stage_id].append(lane)
    seats: defaultdict[UUID, list[ApprovalSeat]] = defaultdict(list)
    for seat in stored.seats_of(session, ids):
        seats[seat.lane_id].append(seat)
    votes = {(vote.lane_id, vote.person_id): vote for vote in stored.votes_of(session, ids)}
    asked = {seat.person_id for some in seats.values() for seat in some}
    asked |= {seat.delegate_id for some in seats.values() for seat in some if seat.delegate_id}
    asked |= {who for vote in votes.values() for who in (vote.person_id, vote.cast_by)}
    asked |= {laid.opened_by for some in rounds.values() for laid, _, _ in some if laid.opened_by}
    return _Rows(
        rounds=rounds,
        sections=sections,
        stages=stages,
        lanes=lanes,
        seats=seats,
        votes=votes,
        reasons=stored.texts(session, {vote.reason_id for vote in votes.values() if vote.reason_id}),
        known=people.named(session, asked | set(others)),
    )


def _round(request: ApprovalRequest, row: ApprovalRound, number: int, file_hash: str, rows: _Rows) -> Round:
    at = (request.id, row.round)
    return Round(
        number=row.round,
        cause=row.cause,
        revision=row.revision,
        tier=row.tier,
        pinned=policy.pinned(row.snapshot),
        policy_number=number,
        policy_file=file_hash,
        policy_hash=row.snapshot_hash,
        by=rows.known.get(row.opened_by) if row.opened_by else None,
        at=row.opened_at,
        sections={each.section: each.digest for each in rows.sections.get(at, ())},
        stages=tuple(
            Stage(stage.name, stage.status, tuple(_lane(lane, rows) for lane in rows.lanes.get(stage.id, ())))
            for stage in rows.stages.get(at, ())
        ),
    )


def _lane(row: ApprovalLane, rows: _Rows) -> Lane:
    return Lane(
        name=row.name,
        role=row.seated_role or row.role,
        rule=row.rule,
        amount=row.amount,
        needed=row.needed,
        rejections=row.rejections,
        status=row.status,
        settled_at=row.settled_at,
        content_digest=row.content_digest,
        is_kept=row.kept_from is not None,
        is_by_name=row.ad_hoc_id is not None,
        seats=tuple(_seat(each, row, rows) for each in _asked(row, rows)),
    )


def _asked(lane: ApprovalLane, rows: _Rows) -> list[ApprovalSeat | ApprovalVote]:
    """Return whoever was asked in a lane, and who voted there without a seat that is left."""
    seats = list(rows.seats.get(lane.id, ()))
    seated = {each.person_id for each in seats}
    others = [vote for (of, who), vote in rows.votes.items() if of == lane.id and who not in seated]
    return [*seats, *others]


def _seat(row: ApprovalSeat | ApprovalVote, lane: ApprovalLane, rows: _Rows) -> Seat:
    vote = rows.votes.get((lane.id, row.person_id))
    ballot = None
    if vote is not None:
        reason = rows.reasons.get(vote.reason_id) if vote.reason_id else None
        ballot = Ballot(vote.verb, vote.cast_at, rows.known[vote.cast_by], vote.content_digest, reason)
    if isinstance(row, ApprovalVote):
        return Seat(rows.known[row.person_id], None, row.cast_at, None, None, 0, ballot)
    return Seat(
        person=rows.known[row.person_id],
        delegate=rows.known.get(row.delegate_id) if row.delegate_id else None,
        asked_at=row.asked_at,
        due_at=row.due_at,
        left_at=row.vacated_at,
        reminders=row.reminders,
        ballot=ballot,
    )

"""What must hold of how long approvals hold, of what is asked about them, and of audits of what a line approved."""

from collections import Counter
from collections.abc import Iterator
from datetime import date
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from db.enums import AuditResult, OutboxKind, RecertificationAnswer, RequestStatus, SuspensionCause
from db.tables import Audit, CampaignCase, FastLane, Recertification
from tests.support.machine.lives import approval_of, is_suspended_by, owner_of, requests_of
from tests.support.machine.world import History, World
from workflows.auditing import is_drawn
from workflows.intake import CHANGEABLE, stream_of
from workflows.ledger import LedgerKind
from workflows.recertifying import rules

MOST_PROMPTS = 3
SAYING = (AuditResult.PASSED, AuditResult.FAILED)
LAPSED = SuspensionCause.APPROVAL_LAPSED


def _question(now: World, case: Any) -> Any | None:
    """Return what is asked about a use case and not settled."""
    found = [each for each in now.of(Recertification) if each.use_case_id == case.id and each.settled_at is None]
    return found[0] if found else None


def _today(now: World, case: Any) -> date:
    return now.now.astimezone(ZoneInfo(now.people[owner_of(now, case)].zone)).date()


def an_approval_holds_longer_by_an_answer_or_an_approval(before: World, now: World, _: History) -> Iterator[str]:
    for key, case in now.cases.items():
        old = before.cases.get(key)
        was = old.valid_until if old else None
        if was is None or case.valid_until == was:
            continue
        if case.valid_until is None and case.state in CHANGEABLE:
            yield f"UC-{case.number} is {case.state} and holds for ever"
        told = [each["data"] for each in now.since(before, stream_of(key))]
        answered = any(each.get("answer") == RecertificationAnswer.STILL_VALID for each in told)
        ids = {each.id for each in requests_of(now, case) if each.status is RequestStatus.APPROVED}
        approved = any(each not in before.requests or before.requests[each] != now.requests[each] for each in ids)
        if case.valid_until is not None and case.valid_until > was and not (answered or approved):
            yield f"UC-{case.number} held until {was} and holds until {case.valid_until} without an answer"


def what_is_approved_has_a_last_day(_: World, now: World, __: History) -> Iterator[str]:
    """Once the clock has run, everything approved has its day, is asked about before it, and stops after it."""
    for case in now.cases.values() if now.beaten else ():
        if case.state not in CHANGEABLE or case.provisional:
            if _question(now, case) is not None and not _ends_now(now, case):
                yield f"UC-{case.number} is {case.state} and asked about"
            continue
        if case.valid_until is None:
            yield f"UC-{case.number} is {case.state} and has no last day"
            continue
        asked, today = _question(now, case), _today(now, case)
        if asked is None and rules.is_to_be_asked(case.valid_until, today=today) and not _ends_now(now, case):
            yield f"UC-{case.number} holds until {case.valid_until}, today is {today}, and nobody is asked"
        is_over = asked is not None and _is_over(asked, case, today) and not _ends_now(now, case)
        if asked is not None and is_over and not is_suspended_by(now, case, LAPSED, asked.id):
            yield f"UC-{case.number} was to be answered for by {asked.due_on} ({asked.answer}) and is {case.state}"


def _is_over(asked: Any, case: Any, today: date) -> bool:
    confirms = (RecertificationAnswer.STILL_VALID, RecertificationAnswer.CHANGED)
    last = max(asked.due_on, case.valid_until) if asked.answer in confirms else asked.due_on
    return bool(today > last)


def _ends_now(now: World, case: Any) -> bool:
    """Say whether a request about it ended in this very beat, after which the next one looks again."""
    return any(each.settled_at == now.now for each in requests_of(now, case))


def one_question_is_asked_at_a_time(_: World, now: World, __: History) -> Iterator[str]:
    unsettled = Counter(each.use_case_id for each in now.of(Recertification) if each.settled_at is None)
    yield from (f"UC-{now.cases[key].number} is asked {count} times" for key, count in unsettled.items() if count > 1)
    for asked in now.of(Recertification):
        if not 0 <= asked.prompts <= MOST_PROMPTS:
            yield f"a question was asked {asked.prompts} times"
        if asked.prompt_at is not None and asked.answered_at is not None:
            yield "who has answered is asked again"
        if asked.answered_at is None and asked.prompt_at is None and asked.prompts < MOST_PROMPTS:
            yield f"a question due on {asked.due_on} waits after {asked.prompts} prompts and nobody will be asked"


def each_prompt_goes_once(before: World, now: World, _: History) -> Iterator[str]:
    """Prompts go up one by one and out once each, except that a campaign or a refusal begins them anew."""
    was = {each.id: each for each in before.of(Recertification)}
    joined = Counter(each.recertification_id for each in now.of(CampaignCase)) - Counter(
        each.recertification_id for each in before.of(CampaignCase)
    )
    sent = Counter((row.subject_id, row.conversation) for row in now.promised_since(before) if _asks(row))
    for asked in now.of(Recertification):
        old = was.get(asked.id)
        told = [
            e for e in now.since(before, stream_of(asked.use_case_id)) if e["data"].get("question") == str(asked.id)
        ]
        prompts = [each["data"] for each in told if each["kind"] == LedgerKind.RECERTIFICATION_PROMPTED]
        reopened = any(each["kind"] == LedgerKind.RECERTIFICATION_REOPENED for each in told)
        is_anew = reopened or asked.id in joined
        if len(prompts) > 1:
            yield f"a question was put {len(prompts)} times in one beat"
        if old is not None and asked.prompts < old.prompts and not is_anew:
            yield f"prompts went from {old.prompts} to {asked.prompts}"
        if prompts and old is not None and not is_anew and prompts[0]["prompt"] <= old.prompts:
            yield f"prompt {prompts[0]['prompt']} was given after {old.prompts}"
        people = {now.people[UUID(each)].slack_id for prompt in prompts for each in prompt["people"]}
        if {who for (about, who), _ in sent.items() if about == asked.id} != people:
            yield f"the record says that {people} were asked, and {sent} were"
        yield from (f"{who} was asked {times} times at once" for (_, who), times in sent.items() if times > 1)


def _asks(row: Any) -> bool:
    return row.kind is OutboxKind.RECERTIFY and "answering" in row.payload


def no_line_approves_what_failed(before: World, now: World, _: History) -> Iterator[str]:
    """Let people decide from then on about what was found wrong, or is still looked at."""
    audits = before.of(Audit)
    doubted = {each.use_case_id for each in audits if each.result in (None, AuditResult.FAILED)}
    failures = sorted((each for each in audits if each.result is AuditResult.FAILED), key=lambda each: each.settled_at)
    for key, request in now.requests.items():
        old = before.requests.get(key)
        if request.status is not RequestStatus.APPROVED or (old and old.status is RequestStatus.APPROVED):
            continue
        if request.decided_by_line is not None and request.subject_id in doubted:
            yield f"{request.reference} is approved by a line, and an audit of it is open or failed"
    for audit in failures:
        later = [each for each in now.requests.values() if each.subject_id == audit.use_case_id]
        yield from (
            f"{each.reference} failed an audit and was approved by {each.decided_by_line}"
            for each in later
            if each.decided_by_line and each.status is RequestStatus.APPROVED and each.settled_at > audit.settled_at
        )


def a_closed_line_approves_nothing(before: World, now: World, _: History) -> Iterator[str]:
    """Two failures among the last three close a line under every policy here, until somebody opens it again."""
    counted = {row.line: row.counted_from for row in before.of(FastLane)}
    failed: Counter[str] = Counter()
    for line, since in counted.items():
        said = [each for each in before.of(Audit) if each.line == line and each.result in SAYING]
        later = sorted((each for each in said if each.settled_at > since), key=lambda each: each.settled_at)
        failed[line] = sum(each.result is AuditResult.FAILED for each in later[-3:])
    for key, request in now.requests.items():
        is_new = key not in before.requests or before.requests[key].status is not RequestStatus.APPROVED
        is_approved = request.status is RequestStatus.APPROVED and request.decided_by_line is not None
        if is_new and is_approved and failed[request.decided_by_line] >= 2:
            yield f"{request.reference} is approved by {request.decided_by_line}, which its audits have closed"


def draws_can_be_made_again(before: World, now: World, _: History) -> Iterator[str]:
    """Every approval by an audited line was drawn once, and the seed on the record gives what is stored."""
    audits = {str(each.id): each for each in now.of(Audit)}
    drawn: Counter[str] = Counter()
    for key in now.cases:
        for event in now.record.get(stream_of(key), ()):
            if event["kind"] != LedgerKind.AUDIT_DRAWN:
                continue
            data = event["data"]
            drawn[data["request"]] += 1
            again = is_drawn(data["seed"], UUID(data["request"]), share=data["share"])
            audit = audits.get(data["audit"] or "")
            if (again, again) != (data["drawn"], audit is not None):
                yield f"a draw says {data['drawn']}, its seed {again}, stored is {audit}"
    yield from (f"request {each} was drawn {count} times" for each, count in drawn.items() if count > 1)
    if len(before.requests) == len(now.requests) and before.events == now.events:
        return
    for request in now.requests.values():
        by_line = request.status is RequestStatus.APPROVED and request.decided_by_line == "small_pies"
        if by_line and str(request.id) not in drawn:
            yield f"{request.reference} was approved by {request.decided_by_line} and never drawn"


def audits_are_of_what_holds(_: World, now: World, __: History) -> Iterator[str]:
    """Once the clock has run nobody looks at what the line's approval is not in force for any more."""
    for audit in now.of(Audit):
        case, request = now.cases[audit.use_case_id], now.requests_about("audit", audit.id)[-1]
        if (audit.result is None) is not (request.status is RequestStatus.IN_REVIEW):
            yield f"an audit came to {audit.result} and its request is {request.status}"
        approved = approval_of(now, case)
        holds = case.state in CHANGEABLE and approved is not None and approved.id == audit.approved_request_id
        if now.beaten and audit.result is None and not holds and not _ends_now(now, case):
            yield f"UC-{case.number} is {case.state} and still audited"

"""What the clock does about approvals: give them a last day, ask before it, remind, and suspend what stays silent.

Each happens once, whatever restarts and however many processes run it. Silence never renews anything.
"""

from collections.abc import Callable, Sequence
from datetime import date, datetime, timedelta
from typing import Final
from uuid import UUID
from zoneinfo import ZoneInfo

from db.enums import Membership, OutboxKind, RecertificationAnswer, SuspensionCause
from db.queries import recertifying as stored
from db.session import Session
from db.tables import Recertification
from workflows import intake, ledger, people, policy
from workflows.ledger import Fact, LedgerKind
from workflows.outbox import Promise
from workflows.people import Actor
from workflows.recertifying import campaigns, questions, rules
from workflows.recertifying.holding import ASKED_ABOUT, Holding, hold, record, tell

PER_BEAT = 50
"""How many of each kind one beat does: a campaign about hundreds must not keep anybody from voting."""

_Find = Callable[[Session, datetime], Sequence[UUID]]
_Deed = Callable[[Session, Holding, datetime], bool]


def anything_due(session: Session, *, now: datetime) -> bool:
    """Say whether `run` would do anything; reads only."""
    in_campaigns = campaigns.gathering(session) or campaigns.over(session, now=now)
    return bool(in_campaigns) or any(find(session, now) for find, _ in _DEEDS)


def run(session: Session, *, now: datetime) -> int:
    """Do everything that is due, one kind after the other; return how much that was."""
    done = sum(campaigns.gather(session, each, now=now) for each in campaigns.gathering(session))
    for find, deed in _DEEDS:
        for use_case_id in find(session, now)[:PER_BEAT]:
            held = hold(session, use_case_id, now=now)
            done += held is not None and deed(session, held, now)
    return done + sum(campaigns.close(session, each, now=now) for each in campaigns.over(session, now=now))


def _without_validity(session: Session, _: datetime) -> Sequence[UUID]:
    return stored.without_validity(session, ASKED_ABOUT)


def _overtaken(session: Session, _: datetime) -> Sequence[UUID]:
    return stored.overtaken(session, ASKED_ABOUT)


def _to_ask(session: Session, now: datetime) -> Sequence[UUID]:
    furthest = now.date() + timedelta(days=max(rules.ASKED_BEFORE) + 1)
    ending = stored.ending(session, ASKED_ABOUT, by=furthest)
    return [each.use_case_id for each in ending if rules.is_to_be_asked(each.valid_until, today=_day(now, each))]


def _silent(session: Session, now: datetime) -> Sequence[UUID]:
    found = stored.unanswered(session, by=now.date())
    return [each.use_case_id for each in found if rules.has_passed(_last_day(each), today=_day(now, each))]


def _day(now: datetime, each: stored.Ending | stored.Unanswered) -> date:
    return now.astimezone(ZoneInfo(each.zone)).date()


def _last_day(asked: stored.Unanswered) -> date:
    """Return until when an approval holds: an answer in time lets it hold until its own day, and no longer."""
    if asked.answer is None or asked.valid_until is None:
        return asked.due_on
    return max(asked.due_on, asked.valid_until)


def _give_validity(session: Session, held: Holding, now: datetime) -> bool:
    """Give an approval its last day, from the day it was given."""
    if held.use_case.valid_until is not None or held.use_case.state not in ASKED_ABOUT:
        return False
    months = policy.in_force(session).policy.validity_of(held.approved.tier).months
    approved_on = people.local_day(held.use_case.owner, held.approved.settled_at or now)
    day = rules.first_validity(approved_on, months, today=held.today)
    intake.hold_until(session, held.id, day, actor=None, now=now)
    tell(session, held.use_case, now=now)
    return True


def _ask(session: Session, held: Holding, now: datetime) -> bool:
    """Put the question; the prompts that go with it come in the working hours of whoever answers."""
    until = held.use_case.valid_until
    if until is None or held.asked is not None or held.use_case.state not in ASKED_ABOUT:
        return False
    due = rules.due_on(until, today=held.today)
    questions.put(session, held, due, actor=None, now=now)
    tell(session, held.use_case, now=now)
    return True


def _prompt(session: Session, held: Holding, now: datetime) -> bool:
    """Ask whoever answers, or put it off where they do not work now after all."""
    asked = held.asked
    if asked is None or asked.answered_at is not None or asked.prompt_at is None or asked.prompt_at > now:
        return False
    whom = intake.answers_for(session, held.use_case)
    seen, due = (asked.prompts, asked.prompt_at), asked.due_on
    at = questions.prompt_at(session, whom, due, given=asked.prompts, now=now)
    if whom and at is not None and at > now:
        return stored.take_prompt(session, asked.id, seen=seen, values={"prompt_at": at})
    today = people.local_day(whom[0], now) if whom else held.today
    given = rules.given_by(due, given=asked.prompts, today=today)
    following = questions.prompt_at(session, whom, due, given=given, now=now)
    if not stored.take_prompt(session, asked.id, seen=seen, values={"prompts": given, "prompt_at": following}):
        return False
    told: list[str] = [str(each.id) for each in whom]
    data: dict[str, ledger.Value] = {"question": str(asked.id), "prompt": given, "people": told}
    record(session, held.id, Fact(LedgerKind.RECERTIFICATION_PROMPTED, data), actor=None, now=now)
    tell(session, held.use_case, _news(held, asked, whom, is_last=given > rules.LAST), now=now)
    return True


def _news(held: Holding, asked: Recertification, whom: Sequence[Actor], *, is_last: bool) -> list[Promise]:
    """Return the prompts; with the last one the sponsor is told what is about to happen."""
    news = [Promise(OutboxKind.RECERTIFY, each.slack_id, asked.id, {"for": "answering"}, is_bulk=True) for each in whom]
    sponsor = held.use_case.sponsor
    if is_last and sponsor not in whom and sponsor.membership is Membership.MEMBER:
        news.append(Promise(OutboxKind.RECERTIFY, sponsor.slack_id, asked.id, {"for": "knowing"}, is_bulk=True))
    return news


def _suspend(session: Session, held: Holding, now: datetime) -> bool:
    """Suspend what nobody said still holds, or what people have not confirmed until its last day."""
    asked = held.asked
    if asked is None or held.use_case.state not in ASKED_ABOUT or _has_lapsed(held):
        return False
    row = stored.Unanswered(held.id, asked.due_on, held.use_case.valid_until, held.use_case.owner.zone, asked.answer)
    if asked.answer is RecertificationAnswer.LAPSED or not rules.has_passed(_last_day(row), today=held.today):
        return False
    if asked.answer is None:
        lapsed = RecertificationAnswer.LAPSED
        stored.update_question(session, asked.id, {"answer": lapsed, "answered_at": now, "prompt_at": None})
        fact = Fact(LedgerKind.RECERTIFICATION_ANSWERED, {"question": str(asked.id), "answer": lapsed.value})
        record(session, held.id, fact, actor=None, now=now)
    intake.suspend(session, held.id, SuspensionCause.APPROVAL_LAPSED, about=asked.id, actor=None, now=now)
    tell(session, held.use_case, now=now)
    return True


def _let_go(session: Session, held: Holding, now: datetime) -> bool:
    """Settle a question about something whose approval has ended otherwise."""
    asked = held.asked
    if asked is None or held.use_case.state in ASKED_ABOUT:
        return False
    answer = asked.answer or RecertificationAnswer.OVERTAKEN
    values = {"answer": answer, "answered_at": asked.answered_at or now, "prompt_at": None, "settled_at": now}
    stored.update_question(session, asked.id, values)
    fact = Fact(LedgerKind.RECERTIFICATION_ANSWERED, {"question": str(asked.id), "answer": answer.value})
    record(session, held.id, fact, actor=None, now=now)
    tell(session, held.use_case, now=now)
    return True


def _has_lapsed(held: Holding) -> bool:
    return SuspensionCause.APPROVAL_LAPSED in held.use_case.suspended_by


_DEEDS: Final[Sequence[tuple[_Find, _Deed]]] = (
    (_without_validity, _give_validity),
    (_overtaken, _let_go),
    (_to_ask, _ask),
    (_silent, _suspend),
    (stored.prompts_due, _prompt),
)
"""What is looked for and what is then done about each use case, in this order."""

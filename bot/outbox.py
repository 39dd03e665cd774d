"""Send what was promised: claim under a lease, call Slack with no transaction open, write down what became of it."""

import logging
import random
import threading
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import TypeVar
from uuid import UUID, uuid4

from slack_sdk import WebClient

from bot.clock import Clock
from bot.pictures import Later, Pictures
from bot.sender import Place, Sender, may_retry
from bot.slack_errors import ErrorClass, Failure, failure_of
from db.availability import UNAVAILABLE, serves_one_process
from db.enums import OutboxKind, OutboxStatus
from db.session import Database, Session
from handlers import notices
from handlers.messages import Attachment, Message, Post, Update
from handlers.settings.channels import SHARED, is_shared
from workflows import approvals, checkins, digests, outbox
from workflows.outbox import Pending

log = logging.getLogger(__name__)

Outcome = TypeVar("Outcome")

PLAIN_TEXT_LIMIT = 3000
DATABASE_PAUSE = 0.25
PLACES = {OutboxKind.CHECK_IN: checkins.place_prompt, OutboxKind.VERIFICATION_ASKED: checkins.place_request}
PLACES |= {OutboxKind.DIGEST: digests.place}
DIGESTS = frozenset({OutboxKind.DIGEST, OutboxKind.DIGEST_DETAILS})


class OutboxWorker:
    """Threads that send promises, one conversation's in order, several conversations at once.

    `lease` is real time: longer than any call may take, and after it another worker takes the message over.
    """

    def __init__(
        self,
        database: Database,
        client: WebClient,
        clock: Clock,
        *,
        lease: timedelta,
        checkpoint: Callable[[str], None] = lambda _: None,
        senders: int = 4,
    ) -> None:
        self._database = database
        self._client = client
        self._slack = Sender(client)
        self._pictures = Pictures(client, self._slack, read=self._read, write=self._write)
        self._clock = clock
        self._lease = lease
        self._settle = lease / 2
        self._checkpoint = checkpoint
        self._owner = uuid4().hex
        self._wake = threading.Condition()
        self._woken = 0
        self._stopped = False
        self._paused_until: datetime | None = None
        self._bulk_rests_until: datetime | None = None
        self._threads = [
            threading.Thread(target=self._run, name=f"outbox-{number}", daemon=True) for number in range(senders)
        ]

    def inherit(self, session: Session) -> None:
        """Take over what the process before us was sending when it died, instead of waiting for its leases to end.

        Only where no other process can be sending. Slack has done or dropped what it was asked within the time one
        call may take, so only that is waited for.
        """
        if serves_one_process(self._database.engine):
            outbox.end_leases(session, by=self._clock.real() + timedelta(seconds=self._slack.patience))

    def start(self) -> None:
        for thread in self._threads:
            thread.start()

    def stop(self) -> None:
        """Finish what is being sent, then end."""
        with self._wake:
            self._stopped = True
            self._wake.notify_all()
        for thread in self._threads:
            if thread.is_alive():
                thread.join(timeout=self._lease.total_seconds())

    def wake(self) -> None:
        """Look for due messages at once; safe to call from anywhere, as often as you like."""
        with self._wake:
            self._woken += 1
            self._wake.notify_all()

    @property
    def is_halted(self) -> bool:
        """Say whether Slack refuses our token, so that nothing can be sent."""
        return self._paused_until is not None and self._clock.real() < self._paused_until

    def is_idle(self) -> bool:
        with self._database.reading() as session:
            return outbox.is_idle(session, real_now=self._clock.real())

    def drain(self) -> int:
        """Send everything that is due, on this thread; return how many were handled."""
        handled = 0
        while not self._stopped and self.send_next():
            handled += 1
        return handled

    def send_next(self) -> bool:
        """Send one due message; return False when there is none, or Slack has shut us out for now."""
        if self.is_halted or self.is_idle():
            return False
        with self._database.transaction() as session:
            now = self._clock.real()
            rests = self._bulk_rests_until is not None and now < self._bulk_rests_until
            pending = outbox.claim(session, owner=self._owner, real_now=now, lease=self._lease, with_bulk=not rests)
        if pending is None:
            return False
        self._checkpoint("outbox.after_claim")
        try:
            message = self._read(lambda session: notices.draw(session, pending, now=self._clock.now()))
        except UNAVAILABLE:
            raise
        except Exception as error:
            log.exception("a message cannot be drawn", extra={"kind": pending.kind})
            self._failed(pending, None, Failure(ErrorClass.RETRY, f"cannot be drawn: {type(error).__name__}"))
            return True
        if message is None:
            self._cancel(pending)
        else:
            self._deliver(pending, message)
        return True

    def _deliver(self, pending: Pending, message: Message) -> None:
        try:
            if pending.kind in DIGESTS and is_shared(self._client, pending.conversation):
                self._give_up(pending, Failure(ErrorClass.REROUTE, SHARED))
                return
            if isinstance(message, Attachment) and message.record is not None:
                self._write(message.record)
            place = self._pictures.deliver(pending, message, real_now=self._clock.real())
        except UNAVAILABLE:
            raise
        except Exception as error:  # noqa: BLE001 - classed
            self._failed(pending, message, failure_of(error))
            return
        if isinstance(place, Later):
            self._put_off(pending, self._clock.real() + timedelta(seconds=place.seconds), place.trouble)
            return
        self._checkpoint("outbox.after_send")
        self._sent(pending, message, place)
        self._checkpoint("outbox.after_mark")

    def _run(self) -> None:
        seen = 0
        while not self._stopped:
            try:
                self.drain()
            except UNAVAILABLE as error:
                log.warning("the database is busy or away; the outbox waits", extra={"error": type(error).__name__})
            except Exception:
                log.exception("the outbox failed on a message; its lease ends and it is tried again")
            with self._wake:
                if self._woken == seen and not self._stopped:
                    self._wake.wait(timeout=1)
                seen = self._woken

    def _patiently(self, work: Callable[[], Outcome]) -> Outcome:
        """Do our own part of handling a message again while the database is away, as long as the lease may last.

        Who gave up after Slack had the message would leave its conversation waiting for the end of the lease, and
        the message to be sent twice where history may not be read.
        """
        until = self._clock.real() + self._lease / 2
        while True:
            try:
                return work()
            except UNAVAILABLE as error:
                if self._stopped or self._clock.real() > until:
                    raise
                log.warning("the database is busy or away; trying again", extra={"error": type(error).__name__})
                threading.Event().wait(DATABASE_PAUSE)

    def _write(self, change: Callable[[Session], object]) -> None:
        """Write down what became of a message."""

        def work() -> None:
            with self._database.transaction() as session:
                change(session)

        self._patiently(work)

    def _read(self, look: Callable[[Session], Outcome]) -> Outcome:
        def work() -> Outcome:
            with self._database.reading() as session:
                return look(session)

        return self._patiently(work)

    def _sent(self, pending: Pending, message: Message, place: Place) -> None:
        def mark(session: Session) -> None:
            if not outbox.mark_sent(session, pending, channel=place.channel, ts=place.ts, real_now=self._clock.real()):
                log.warning("a message took longer than its lease", extra={"key": str(pending.key)})
            if isinstance(message, Post) and message.card is not None and place.ts is not None:
                _keep_place(session, pending, message.card, place)

        self._write(mark)

    def _failed(self, pending: Pending, message: Message | None, failure: Failure) -> None:
        """Write down a failed attempt and when, if ever, the next one comes."""
        said = {"kind": pending.kind, "error": failure.error, "class": failure.kind, "attempt": pending.attempt}
        log.warning("Slack did not take a message", extra=said)
        now = self._clock.real()
        match failure.kind:
            case ErrorClass.WAIT:
                if pending.is_bulk:  # the next of them would be refused as well; what somebody waits for may not be
                    self._bulk_rests_until = now + timedelta(seconds=failure.retry_after)
                self._put_off(pending, now + timedelta(seconds=failure.retry_after), failure)
            case ErrorClass.STOP:
                self._paused_until = now + timedelta(seconds=30)
                self._put_off(pending, self._paused_until, failure)
            case ErrorClass.GONE if isinstance(message, Update):
                self._post_anew(pending, message, failure)
            case ErrorClass.AMBIGUOUS if may_retry(pending):
                self._wait(pending, now + self._settle, failure, ambiguous=True)
            case ErrorClass.RETRY if may_retry(pending):
                pause = min(2**pending.attempt, 900) * random.uniform(0.5, 1)  # noqa: S311 - jitter, not a secret
                self._wait(pending, now + timedelta(seconds=pause), failure, ambiguous=pending.ambiguous)
            case ErrorClass.BUG if isinstance(message, Post | Update) and message.blocks:
                self._say_plainly(pending, message)
            case _:
                self._give_up(pending, failure)

    def _wait(self, pending: Pending, until: datetime, failure: Failure, *, ambiguous: bool) -> None:
        self._write(
            lambda session: outbox.mark_waiting(session, pending, until=until, ambiguous=ambiguous, error=failure.error)
        )

    def _put_off(self, pending: Pending, until: datetime, failure: Failure) -> None:
        """Try again at `until`; being asked to wait is no failure of the message and counts as no attempt."""
        self._write(
            lambda session: outbox.mark_waiting(
                session, pending, until=until, ambiguous=pending.ambiguous, error=failure.error, counts=False
            )
        )

    def _post_anew(self, pending: Pending, message: Update, failure: Failure) -> None:
        def change(session: Session) -> None:
            _keep_place(session, pending, message.card, Place())
            outbox.mark_waiting(session, pending, until=self._clock.real(), ambiguous=False, error=failure.error)

        self._write(change)

    def _say_plainly(self, pending: Pending, message: Post | Update) -> None:
        """Our blocks were refused, which is a defect of ours; the person still gets the words, and no stale button."""
        log.error("Slack refused our blocks", extra={"kind": pending.kind, "subject": str(pending.subject_id)})
        plain = replace(message, text=message.text[:PLAIN_TEXT_LIMIT], blocks=())
        try:
            place = self._slack.post(pending, plain) if isinstance(plain, Post) else self._slack.update(plain)
        except Exception as error:  # noqa: BLE001 - classed
            self._failed(pending, plain, failure_of(error))
            return
        self._sent(pending, plain, place)

    def _give_up(self, pending: Pending, failure: Failure) -> None:
        log.error("a message cannot be delivered", extra={"kind": pending.kind, "error": failure.error})

        def change(session: Session) -> None:
            if outbox.mark_over(session, pending, OutboxStatus.DEAD, error=failure.error):
                self._report(session, pending, failure)

        try:
            self._write(change)
        except UNAVAILABLE:
            raise
        except Exception:  # what cannot be drawn may not be reported either; it must not hold up the others
            log.exception("giving up a message could not be reported", extra={"kind": pending.kind})
            self._write(lambda session: outbox.mark_over(session, pending, OutboxStatus.DEAD, error=failure.error))

    def _report(self, session: Session, pending: Pending, failure: Failure) -> None:
        """Let it be said that somebody could not be asked, or a channel not told: an incident, not a log line."""
        if pending.kind is OutboxKind.DIGEST and pending.subject_id is not None:
            where, now = pending.conversation, self._clock.now()
            digests.report_lost(session, pending.subject_id, where, error=failure.error, now=now)
        if pending.kind is not OutboxKind.CARD_SYNC or pending.subject_id is None:
            return
        card = approvals.card_of(session, pending.subject_id)
        if card is not None:
            approvals.report_unreachable(session, card, error=failure.error, now=self._clock.now())

    def _cancel(self, pending: Pending) -> None:
        over = "no longer true when it was to be sent"
        self._write(lambda session: outbox.mark_over(session, pending, OutboxStatus.CANCELLED, error=over))


def _keep_place(session: Session, pending: Pending, card: UUID, place: Place) -> None:
    """Write down where a message is that will be drawn anew; nowhere, when it is gone."""
    keep = PLACES.get(pending.kind, approvals.place_card)
    keep(session, card, channel=place.channel, ts=place.ts)

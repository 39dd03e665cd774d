"""What Slack tells of people's quiet times, as values, and as it happens."""

from datetime import UTC, datetime
from typing import Final

from handlers.payloads import checked_id, found, taken
from handlers.routing import Call
from workflows import checkins, people
from workflows.checkins import Quiet

_LAST: Final = 4_102_444_800  # the year 2100: what is later is no time somebody has set


def quiet_in(status: object, now: datetime) -> Quiet | None:
    """Return when Slack keeps notifications from somebody, now or next; None where it does not."""
    snoozed_until = _moment(status, "snooze_endtime")
    if found(status, "snooze_enabled") is True and snoozed_until is not None and snoozed_until > now:
        return Quiet(now, snoozed_until)
    starts_at, ends_at = _moment(status, "next_dnd_start_ts"), _moment(status, "next_dnd_end_ts")
    if found(status, "dnd_enabled") is not True or starts_at is None or ends_at is None or ends_at <= starts_at:
        return None
    return Quiet(starts_at, ends_at)


def on_quiet_changed(call: Call) -> None:
    """Keep what Slack says of somebody's quiet time; it counts from the next look on. Strangers are nothing to us."""
    slack_id, now = checked_id(taken(call.body, "event", "user")), call.deps.now()
    quiet = quiet_in(found(call.body, "event", "dnd_status"), now)
    with call.deps.transaction() as session:
        person = people.find(session, slack_id)
        if person is not None:
            checkins.keep_quiet_times(session, {person.id: quiet}, asked_at=now)
    call.ack()


def _moment(status: object, name: str) -> datetime | None:
    stamp = found(status, name)
    is_time = isinstance(stamp, int) and not isinstance(stamp, bool) and 0 < stamp < _LAST
    return datetime.fromtimestamp(stamp, UTC) if is_time and isinstance(stamp, int) else None

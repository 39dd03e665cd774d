"""“Your three things this week”: the weekly message, the same for who asks, and the way to switch it off."""

from datetime import datetime
from typing import Final

from db.session import Session
from handlers.acting import act, refusal_text
from handlers.away.digest_words import WeekAsked
from handlers.blocks import BlockKit, actions, button, context, header, section
from handlers.digests.week_lines import Line, line_of
from handlers.ids import Action
from handlers.messages import Message, Post
from handlers.payloads import action_key, command_key, user_of
from handlers.routing import Call, whisper
from workflows import deliveries, digests, people
from workflows.digests import About, Week
from workflows.outbox import Pending
from workflows.people import Actor, NotAMember, Unchecked

NOTHING: Final = "Nothing waits for you. Enjoy your week."
_ON: Final = (
    "✅ You are told of your week again, as it begins, when something waits for you. `/gatehouse week` shows it now."
)
_OFF: Final = "✅ You are not told of your week any more. `/gatehouse week on` switches it on again."
_SWITCHED_OFF: Final = "Your organisation has switched it off for everybody; `/gatehouse week` shows yours at any time."
_LATER: Final = "Nothing is due within a fortnight."
_TITLES: Final = {
    1: "One thing for you this week",
    2: "Your two things this week",
    3: "Your three things this week",
}


def notice(session: Session, pending: Pending) -> Message | None:
    """Tell somebody of their week as it is now; not when nothing is left to tell, and never late or on leave."""
    person = people.named(session, [pending.subject_id]).get(pending.subject_id) if pending.subject_id else None
    if person is None or not digests.your_week_is_news(session, person.id, pending.created_at, now=pending.now):
        return None
    week = digests.week_for(session, person, now=pending.now)
    if not week.things:
        return None
    text, blocks = _drawn(session, week, person, pending.now)
    end = button(Action.YOUR_WEEK_OFF, "Not every week", "week", label="Do not tell me of my week every week")
    return Post(pending.conversation, text, [*blocks, actions("digests.your_week.ways", end)])


def answer_command(call: Call, said: WeekAsked) -> None:
    """Answer `/gatehouse week`, privately: what waits now; or switch the weekly message on or off."""
    if said is WeekAsked.SHOW:
        _show(call)
        return
    outcome = _switched(call, command_key(call.body), on=said is WeekAsked.ON)
    call.ack(outcome)


def on_off_pressed(call: Call) -> None:
    """Tell somebody of their week no more, and how to have it again."""
    whisper(call, _switched(call, action_key(call.body), on=False))
    call.ack()


def _show(call: Call) -> None:
    now = call.deps.now()

    def deed(session: Session, person: Actor) -> tuple[str, list[BlockKit]]:
        week = digests.week_for(session, person, now=now)
        if not week.things:
            told = f"{_LATER} {_more(week.more)}" if week.more else NOTHING
            return told, [section(told)]
        return _drawn(session, week, person, now)

    outcome = act(call.deps, call.client, user_of(call.body), deed)
    if isinstance(outcome, NotAMember | Unchecked):
        call.ack(refusal_text(outcome))
        return
    text, blocks = outcome
    call.ack(text=text, blocks=blocks)


def _switched(call: Call, key: str, *, on: bool) -> str:
    now = call.deps.now()

    def switched(session: Session, person: Actor) -> str:
        if on:
            digests.tell_again(session, person)
            return _ON if digests.your_week_is_on(session) else f"✅ Stored. {_SWITCHED_OFF}"
        digests.leave_in_peace(session, person, now=now)
        return _OFF

    def deed(session: Session, person: Actor) -> str:
        return deliveries.once(session, key, lambda: switched(session, person), now=now)

    outcome = act(call.deps, call.client, user_of(call.body), deed)
    return outcome if isinstance(outcome, str) else refusal_text(outcome)


def _drawn(session: Session, week: Week[About], person: Actor, now: datetime) -> tuple[str, list[BlockKit]]:
    """Return a week in words and as blocks."""
    today = people.local_day(person, now)
    lines: list[Line] = [line_of(session, each, person, today) for each in week.things]
    title = _TITLES[len(lines)]
    more = _more(week.more)
    text = "\n".join([f"*{title}*", *(text for text, _ in lines), *([more] if more else [])])
    blocks = [header(title), *(section(text) | {"accessory": way} for text, way in lines)]
    return text, [*blocks, *([context(more)] if more else [])]


def _more(count: int) -> str:
    return f"And {count} more on Home." if count else ""

"""Settings from the command line. Each change is on the record, without an actor."""

from collections.abc import Collection
from zoneinfo import available_timezones

from bot.cli.commands import RefusedError, clock, open_database
from bot.cli.slack import require_usable_channel
from db.enums import Cadence
from handlers.settings.words import WEEKDAYS, relation_text, when_text
from workflows import policy, settings
from workflows.checkins import AskedFrom
from workflows.checkins.organisation import time_read
from workflows.policy import RELATIONS
from workflows.settings import Digest, SettingName

_UNSET = {
    SettingName.GOVERNANCE_CHANNEL: "not set",
    SettingName.CHECK_IN_CADENCE: "not set, so weekly",
    SettingName.CHECK_IN_TIME: "not set, so Tuesday at 10:00 where people are",
    SettingName.CHECK_INS_FROM: "not set, so approval",
    SettingName.YOUR_WEEK: "not set, so on",
}
BEGINNINGS = tuple(each.value for each in AskedFrom)
SWITCHES = (settings.ON, settings.OFF)
CADENCES = tuple(each.value for each in Cadence if each is not Cadence.EVERY_WEEKS)


def set_governance_channel(channel: str) -> int:
    """Announce requests in a channel. One that others outside the organisation can read is refused."""
    require_usable_channel(channel)
    with open_database().transaction() as session:
        changed = settings.change(session, SettingName.GOVERNANCE_CHANNEL, channel, actor=None, now=clock().now())
    print(f"governance-channel is {channel}." if changed else f"governance-channel was {channel} already.")
    return 0


def set_digest_channel(channel: str, *, day: str, at: str, zone: str) -> int:
    """Post a weekly digest in a channel, at one time of its zone."""
    digest = Digest(channel, _weekday(day), _minute(at), _zone(zone))
    require_usable_channel(channel)
    with open_database().transaction() as session:
        changed = settings.set_digest(session, digest, actor=None, now=clock().now())
    print(f"{channel} gets the digest {when_text(digest)}{'' if changed else ', as before'}.")
    return 0


def set_role_channel(role: str, channel: str) -> int:
    """Ask the holders of a role in a channel where more than five are asked."""
    require_usable_channel(channel)
    with open_database().transaction() as session:
        _require_known(role, set(policy.roles(session)))
        changed = settings.set_role_channel(session, role, channel, actor=None, now=clock().now())
    print(f"The channel of {role} is {channel}." if changed else f"The channel of {role} was {channel} already.")
    return 0


def set_check_in_cadence(cadence: str) -> int:
    """Say how often the KPIs of what is approved from now on are asked for. Those there are stay as they are."""
    return _set_word(SettingName.CHECK_IN_CADENCE, cadence, CADENCES, otherwise="no cadence")


def set_check_in_time(*, day: str, at: str) -> int:
    """Say when people are asked for numbers, each in their own zone. What is asked next keeps its date and hour."""
    weekday, minute = _weekday(day), _minute(at)
    with open_database().transaction() as session:
        said = f"{weekday} {minute}"
        changed = settings.change(session, SettingName.CHECK_IN_TIME, said, actor=None, now=clock().now())
    print(f"check-in-time is {_time_text(said)}{'' if changed else ', as before'}.")
    return 0


def set_check_ins_from(beginning: str) -> int:
    """Say whether use cases are asked for numbers once they are approved, or only once they are deployed."""
    return _set_word(SettingName.CHECK_INS_FROM, beginning, BEGINNINGS, otherwise="no beginning")


def set_your_week(switch: str) -> int:
    """Say whether people are told of their week as it begins."""
    return _set_word(SettingName.YOUR_WEEK, switch, SWITCHES, otherwise="neither")


def _set_word(name: SettingName, word: str, allowed: Collection[str], *, otherwise: str) -> int:
    """Store one of the words that are `allowed`; `otherwise` says what any other is."""
    if word not in allowed:
        raise RefusedError(f"{word!r} is {otherwise}; write one of {', '.join(allowed)}.")
    with open_database().transaction() as session:
        changed = settings.change(session, name, word, actor=None, now=clock().now())
    print(f"{name} is {word}." if changed else f"{name} was {word} already.")
    return 0


def unset_your_week() -> int:
    with open_database().transaction() as session:
        settings.change(session, SettingName.YOUR_WEEK, None, actor=None, now=clock().now())
    print("People are told of their week as it begins.")
    return 0


def unset_check_ins_from() -> int:
    with open_database().transaction() as session:
        settings.change(session, SettingName.CHECK_INS_FROM, None, actor=None, now=clock().now())
    print(f"Use cases are asked for numbers from {BEGINNINGS[0]} on.")
    return 0


def unset_check_in_time() -> int:
    with open_database().transaction() as session:
        settings.change(session, SettingName.CHECK_IN_TIME, None, actor=None, now=clock().now())
    print("People are asked for numbers on Tuesday at 10:00 where they are.")
    return 0


def unset_check_in_cadence() -> int:
    with open_database().transaction() as session:
        settings.change(session, SettingName.CHECK_IN_CADENCE, None, actor=None, now=clock().now())
    print(f"New KPIs are asked for {CADENCES[0]}.")
    return 0


def unset_governance_channel() -> int:
    with open_database().transaction() as session:
        changed = settings.change(session, SettingName.GOVERNANCE_CHANNEL, None, actor=None, now=clock().now())
    print("There is no governance channel any more." if changed else "There was no governance channel.")
    return 0


def unset_digest_channel(channel: str) -> int:
    with open_database().transaction() as session:
        if not settings.remove_digest(session, channel, actor=None, now=clock().now()):
            raise RefusedError(f"{channel} gets no digest.")
    print(f"{channel} gets no digest any more.")
    return 0


def unset_role_channel(role: str) -> int:
    with open_database().transaction() as session:
        if not settings.set_role_channel(session, role, None, actor=None, now=clock().now()):
            raise RefusedError(f"{role} has no channel.")
    print(f"{role} has no channel any more.")
    return 0


def show_settings() -> int:
    with open_database().reading() as session:
        for name in SettingName:
            value = settings.value_of(session, name)
            shown = _time_text(value) if value and name is SettingName.CHECK_IN_TIME else value
            print(f"{name.value}: {shown or _UNSET[name]}")
        for digest in settings.digests(session):
            print(f"digest-channel: {digest.channel}, {when_text(digest)}")
        for role, channel in settings.role_channels(session).items():
            print(f"role-channel: {role}, {channel}")
    return 0


def _time_text(value: str) -> str:
    """Return “2 600” in words, and nothing for what is no such time."""
    found = time_read(value)
    return f"{WEEKDAYS[found[0]]} at {found[1] // 60:02}:{found[1] % 60:02} where people are" if found else ""


def _weekday(text: str) -> int:
    found = [number for number, name in WEEKDAYS.items() if text and name.lower().startswith(text.lower())]
    if len(found) != 1:
        raise RefusedError(f"--day is {text!r}; write one of {', '.join(WEEKDAYS.values())}.")
    return found[0]


def _minute(text: str) -> int:
    hour, _, minute = text.partition(":")
    is_time = hour.isascii() and hour.isdigit() and minute.isascii() and minute.isdigit() and len(minute) == 2  # noqa: PLR2004 - two digits
    if not is_time or int(hour) > 23 or int(minute) > 59:  # noqa: PLR2004 - a day's last minute
        raise RefusedError(f"--at is {text!r}; write a time of the day such as 09:00.")
    return int(hour) * 60 + int(minute)


def _zone(text: str) -> str:
    if text not in available_timezones():
        raise RefusedError(f"--zone is {text!r}, which is no time zone; write one such as Europe/Berlin.")
    return text


def _require_known(role: str, known: set[str]) -> None:
    if role in RELATIONS:
        raise RefusedError(relation_text(role))
    if role not in known:
        raise RefusedError(f"The policy in force names no role {role!r}. It names: {', '.join(sorted(known))}.")

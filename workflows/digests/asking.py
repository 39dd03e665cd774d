"""The digest of a week and a team somebody asks for; or why there is none."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum, auto
from zoneinfo import ZoneInfo

from db.queries import asking as stored
from db.session import Session
from workflows import people, policy
from workflows.digests import discretion
from workflows.digests.making import digest_of
from workflows.digests.snapshots import Digest, StoredDigest
from workflows.digests.windows import DAYS, Window, last_complete_week
from workflows.people import Actor
from workflows.people.rules import same_team, team_key


class NoDigest(StrEnum):
    """Why there is no digest of what was asked for."""

    UNKNOWN_TEAM = auto()
    STILL_TO_COME = auto()
    BEFORE_ANYTHING = auto()


@dataclass(frozen=True, slots=True)
class Beside:
    """What somebody can see in place of a digest: `teams`, and the Mondays of the weeks beside its own.

    `earlier` and `later` are None where there is no digest of that week. `is_over`: the week of this one is.
    """

    teams: tuple[str, ...]
    is_over: bool
    earlier: date | None
    later: date | None


@dataclass(frozen=True, slots=True)
class NotMade:
    """Nothing was made. `teams` are those there are, `began_on` is the first day of which anything is known."""

    why: NoDigest
    team: str
    window: Window
    teams: tuple[str, ...]
    began_on: date | None


def ask(session: Session, team: str, week: date | None, *, actor: Actor, now: datetime) -> Digest | NotMade:
    """Return the digest of the week that begins on a Monday, where the person is; or say why there is none.

    Reads only, for as long as that takes: `keep` stores what was read.

    Without a `week` it is the last one that is over. Empty, `team` is everybody; else it is matched without regard to
    case and blanks. A week that goes on is told as far as it went.
    """
    window = Window.of_week(week, actor.zone) if week else last_complete_week(now, actor.zone)
    teams, began_on = teams_known_to(session, actor), _began_on(session, actor)
    found = team_among(teams, team)
    why = NoDigest.UNKNOWN_TEAM if team and found is None else _why_not_then(window, began_on, now)
    if why is not None:
        return NotMade(why, team, window, tuple(teams), began_on)
    digest = digest_of(session, window, team=found, now=now)
    sees_all = found is None or bool(people.roles_of(session, actor.id) & policy.READING_ALL)
    return digest if sees_all else discretion.in_short(digest)


def beside(session: Session, shown: StoredDigest, *, actor: Actor, now: datetime) -> Beside:
    """Return what somebody can see in place of this digest."""
    window, began_on = shown.digest.window, _began_on(session, actor)
    earlier, later = window.before, window.after
    return Beside(
        teams=tuple(teams_known_to(session, actor)),
        is_over=window.ends_at <= now,
        earlier=None if _why_not_then(earlier, began_on, now) else _monday(earlier),
        later=None if _why_not_then(later, began_on, now) else _monday(later),
    )


def teams_known_to(session: Session, actor: Actor) -> Sequence[str]:
    """Return the teams with use cases somebody may know of, by name."""
    sees_all = bool(people.roles_of(session, actor.id) & policy.READING_ALL)
    return _each_once(stored.teams(session, with_confidential=sees_all))


def every_team(session: Session) -> Sequence[str]:
    """Return all teams with use cases, by name: who works on the host may know of confidential ones."""
    return _each_once(stored.teams(session, with_confidential=True))


def team_among(teams: Iterable[str], said: str) -> str | None:
    """Return the team that is meant, without regard to case and blanks; None where it is none of these."""
    return next(iter(same_team(said, teams)), None)


def _each_once(teams: Iterable[str]) -> Sequence[str]:
    """Return teams without other spellings of the same."""
    return list({team_key(each): each for each in reversed(list(teams))}.values())[::-1]


def _why_not_then(window: Window, began_on: date | None, now: datetime) -> NoDigest | None:
    if window.begins_at > now:
        return NoDigest.STILL_TO_COME
    return NoDigest.BEFORE_ANYTHING if began_on is None or window.last < began_on else None


def _monday(window: Window) -> date:
    """Return the Monday of the ISO week most of a window's days are in."""
    middle = window.first + timedelta(days=DAYS // 2)
    return middle - timedelta(days=middle.weekday())


def _began_on(session: Session, actor: Actor) -> date | None:
    began_at = stored.began_at(session)
    return began_at.astimezone(ZoneInfo(actor.zone)).date() if began_at else None

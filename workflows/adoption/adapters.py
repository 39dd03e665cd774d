"""Read what vendors' reports say: one function for each, which takes what it understands and names the rest.

Shapes are those of the vendors' own documentation: tests/workflows/usage has a sample of each with where it comes from.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import UTC, date, datetime
from functools import partial
from typing import Final

from db.enums import UsageMeasure, UsageSource, UsageTells
from workflows.adoption import sources
from workflows.adoption.gathering import (
    Count,
    Gathering,
    LastSeen,
    PersonDay,
    UsageFile,
    WrongError,
    day_in,
    entries,
    part,
    text,
    whole,
)
from workflows.people.rules import Unusable

Entry = Mapping[str, object]
Placed = tuple[str, object]
"""Where something stands in the file, and what it is."""

Adapter = Callable[[Iterable[Placed], Gathering], UsageFile | Unusable]

_COPILOT: Final = (
    "user_initiated_interaction_count",
    "code_generation_activity_count",
    "code_acceptance_activity_count",
)
_COPILOT_CLI: Final = ("prompt_count", "request_count", "session_count")
_COPILOT_ACTIVE: Final = {
    "daily_active_users": (sources.DAILY, 1),
    "weekly_active_users": (sources.WEEKLY, 7),
    "monthly_active_users": (sources.MONTHLY, 28),
}
_EDITS: Final = ("edit_tool", "multi_edit_tool", "write_tool", "notebook_edit_tool")
_SAYS_NOTHING: Final = "Some entries say nothing of what somebody did (null). They count for nothing."
_INCOMPLETE: Final = (
    "the report goes on after this page. Fetch the others too, and put all of them into one file: one page on each "
    "line, or all in one list."
)


def looks_like(entry: object) -> UsageSource | None:
    """Return the source an entry seems to come from, None where it comes from none or could be of several."""
    found = entry if isinstance(entry, dict) else {}
    inner = found.get("data")
    if isinstance(inner, list):
        return looks_like(inner[0]) if inner else None
    marks: Mapping[UsageSource, frozenset[str]] = {
        UsageSource.GITHUB_COPILOT: frozenset({"day_totals", "daily_active_users", "user_login", *_COPILOT}),
        UsageSource.MICROSOFT_365_COPILOT: frozenset({"value", "reportRefreshDate", "userPrincipalName"}),
        UsageSource.CLAUDE_CODE: frozenset({"actor", "core_metrics"}),
        UsageSource.OPENAI: frozenset({"start_time", "num_model_requests"}),
    }
    return next((source for source, names in marks.items() if names & found.keys()), None)


def github_copilot(placed: Iterable[Placed], into: Gathering) -> UsageFile | Unusable:
    """Read people by day, or the totals of an enterprise or organisation by day; both in one file are fine."""
    has_people = False
    for where, entry in _each(placed, into):
        with_totals = "day_totals" in entry or "daily_active_users" in entry
        has_people = has_people or not with_totals
        take = _copilot_totals if with_totals else _copilot_person
        _guarded(take, where, entry, into)
    return into.finished(UsageTells.PEOPLE_BY_DAY if has_people else UsageTells.COUNTS)


def _copilot_person(where: str, entry: Entry, into: Gathering) -> None:
    """Take that somebody was active on a day where any activity count of it is more than nought."""
    day = day_in(entry, "day", latest=into.latest)
    person = text(entry, "user_id" if entry.get("user_id") is not None else "user_login")
    command_line = part(entry, "totals_by_cli")
    told = [*(whole(entry, name) for name in _COPILOT), *(whole(command_line, name) for name in _COPILOT_CLI)]
    for each in _report_days(entry, day, into):
        _cover(each, told, into)
    if any(told):
        into.day(PersonDay(where, person, day, whole(entry, _COPILOT[0])))


def _copilot_totals(where: str, entry: Entry, into: Gathering) -> None:
    """Take the counts of each day. Parts of them, such as who used chat, stand beside nothing and are left out."""
    totals = entries(entry, "day_totals") if "day_totals" in entry else [entry]
    for number, total in enumerate(totals, start=1):
        if not isinstance(total, dict):
            raise WrongError(f"day_totals {number}: it is no object.")
        day = day_in(total, "day", latest=into.latest)
        _report_days(entry, day, into)
        for name, (definition, days) in _COPILOT_ACTIVE.items():
            value = whole(total, name)
            if value is not None:
                first = date.fromordinal(day.toordinal() - days + 1)
                into.count(Count(where, UsageMeasure.ACTIVE, definition, first, day, "", value))
        prompts = whole(total, _COPILOT[0])
        if prompts is not None:
            into.count(Count(where, UsageMeasure.INTERACTIONS, sources.PROMPTS, day, day, "", prompts))


def _report_days(entry: Entry, day: date, into: Gathering) -> tuple[date, ...]:
    """Return the ends of what an entry's report is about, its last day included, else its day."""
    ends = [entry.get("report_start_day"), entry.get("report_end_day")]
    if None in ends:
        return (day,)
    first, last = (day_in(entry, name, latest=into.latest) for name in ("report_start_day", "report_end_day"))
    if not first <= day <= last:
        raise WrongError(f"day: {day} is not within the report, which goes from {first} to {last}.")
    return (first, last)


def microsoft_365_copilot(placed: Iterable[Placed], into: Gathering) -> UsageFile | Unusable:
    """Read who has access and was active last when. Names may be concealed: they only have to stay the same."""
    goes_on = ""
    for where, page in _each(placed, into):
        goes_on = where if page.get("@odata.nextLink") else ""
        if "value" not in page:
            _guarded(seen_person, where, page, into)
            continue
        for at, entry in _within(where, page, "value", into):
            _guarded(seen_person, at, entry, into)
    if goes_on:
        into.wrong(goes_on, f"@odata.nextLink: {_INCOMPLETE}")
    return into.finished(UsageTells.LAST_ACTIVITY)


def seen_person(where: str, entry: Entry, into: Gathering) -> None:
    """Take one person of a report. Raises WrongError for what cannot count."""
    reported = day_in(entry, "reportRefreshDate", latest=into.latest)
    person = text(entry, "userPrincipalName")
    last = None
    if entry.get("lastActivityDate") not in (None, ""):
        last = day_in(entry, "lastActivityDate", latest=into.latest)
        if last > reported:
            raise WrongError(f"lastActivityDate: {last} is after the day of the report, {reported}.")
    into.covers(reported, reported)
    into.seen(LastSeen(where, person, reported, last))


def claude_code(placed: Iterable[Placed], into: Gathering) -> UsageFile | Unusable:
    """Read who used it on which day; sessions of API keys count as interactions of nobody in particular."""
    keys: Counter[date] = Counter()
    people: set[str] = set()
    _pages(placed, into, partial(_claude_record, keys=keys, people=people))
    for day, sessions in keys.items():
        into.count(Count(f"{day}", UsageMeasure.INTERACTIONS, sources.KEY_SESSIONS, day, day, "", sessions))
    return into.finished(UsageTells.PEOPLE_BY_DAY if people else UsageTells.COUNTS)


def _claude_record(where: str, entry: Entry, into: Gathering, keys: Counter[date], people: set[str]) -> None:
    """Take what a person, or an API key, did on a day. `keys` and `people` grow by them."""
    day, actor, metrics = day_in(entry, "date", latest=into.latest), part(entry, "actor"), part(entry, "core_metrics")
    sessions = whole(metrics, "num_sessions")
    if actor.get("type") == "api_actor":
        keys.update({day: sessions} if sessions is not None else {})
        return
    if actor.get("type") != "user_actor":
        raise WrongError("actor.type: it is neither user_actor nor api_actor.")
    person, tools = text(actor, "email_address"), part(entry, "tool_actions")
    people.add(person)
    told = [sessions, *(whole(metrics, name) for name in ("commits_by_claude_code", "pull_requests_by_claude_code"))]
    told += [whole(part(metrics, "lines_of_code"), name) for name in ("added", "removed")]
    told += [whole(part(tools, tool), name) for tool in _EDITS for name in ("accepted", "rejected")]
    _cover(day, told, into)
    if any(told):  # somebody is told of in several records where they used several terminals
        into.day(PersonDay(where, person, day, sessions), adds=True)


def openai(placed: Iterable[Placed], into: Gathering) -> UsageFile | Unusable:
    """Read model requests by bucket, and by person and day where the report was grouped by user_id."""
    nobodys: Counter[tuple[date, date]] = Counter()
    people: set[str] = set()
    take = partial(_bucket, nobodys=nobodys, people=people)
    _pages(placed, into, take)
    definition = sources.LEFT_OVER_REQUESTS if people else sources.REQUESTS
    for (first, last), requests in nobodys.items():
        into.count(Count(f"{first}", UsageMeasure.INTERACTIONS, definition, first, last, "", requests))
    return into.finished(UsageTells.PEOPLE_BY_DAY if people else UsageTells.COUNTS)


def _bucket(where: str, bucket: Entry, into: Gathering, nobodys: Counter[tuple[date, date]], people: set[str]) -> None:
    """Take a bucket: who made requests where it says so, else how many there were. `people` grows by who did."""
    first, last = _bucket_days(bucket, into.latest)
    for result in entries(bucket, "results"):
        if not isinstance(result, dict):
            raise WrongError("results: one of them is no object.")
        requests = whole(result, "num_model_requests")
        if result.get("user_id") is None:
            nobodys.update({(first, last): requests} if requests is not None else {})
            continue
        if first != last:
            raise WrongError("results: people are told by day. Ask for the report with bucket_width=1d.")
        person = text(result, "user_id")
        people.add(person)
        into.covers(first, last)
        if requests:
            into.day(PersonDay(where, person, first, requests), adds=True)


def _bucket_days(bucket: Entry, latest: date) -> tuple[date, date]:
    """Return the UTC days a bucket begins and ends on. Its end is the first second that is no longer in it."""
    start, end = whole(bucket, "start_time"), whole(bucket, "end_time")
    if start is None or end is None or end <= start:
        raise WrongError("start_time: a bucket has a start_time and a later end_time, in seconds since 1970.")
    first, last = (datetime.fromtimestamp(each, UTC).date() for each in (start, end - 1))
    if last > latest:
        raise WrongError(f"end_time: {last} is still to come; write a time up to {latest}.")
    return first, last


def _cover(day: date, told: Sequence[int | None], into: Gathering) -> None:
    """Take that a day is told of, unless nothing was said of it: null is not nought."""
    if any(each is not None for each in told):
        into.covers(day, day)
    else:
        into.notes[_SAYS_NOTHING] = None


def _pages(placed: Iterable[Placed], into: Gathering, take: Callable[[str, Entry, Gathering], None]) -> None:
    """Take every entry of pages {data, has_more}, or of a list without pages. The last page has to be the last."""
    goes_on = ""
    for where, page in _each(placed, into):
        goes_on = where if page.get("has_more") is True else ""
        for at, entry in _within(where, page, "data", into) if "data" in page else [(where, page)]:
            _guarded(take, at, entry, into)
    if goes_on:
        into.wrong(goes_on, f"has_more: {_INCOMPLETE}")


def _each(placed: Iterable[Placed], into: Gathering) -> Iterator[tuple[str, Entry]]:
    """Yield the objects of a file; a list of them counts as so many."""
    for where, found in placed:
        for at, entry in _numbered(where, found) if isinstance(found, list) else [(where, found)]:
            if isinstance(entry, dict):
                yield at, entry
            else:
                into.wrong(at, "it is no JSON object.")


def _within(where: str, page: Entry, name: str, into: Gathering) -> Iterator[tuple[str, Entry]]:
    try:
        found = entries(page, name)
    except WrongError as error:
        into.wrong(where, error)
        return
    for at, entry in _numbered(f"{where}, {name}", found):
        if isinstance(entry, dict):
            yield at, entry
        else:
            into.wrong(at, "it is no JSON object.")


def _numbered(where: str, found: Iterable[object]) -> Iterator[Placed]:
    return ((f"{where} {number}", entry) for number, entry in enumerate(found, start=1))


def _guarded(take: Callable[[str, Entry, Gathering], None], where: str, entry: Entry, into: Gathering) -> None:
    try:
        take(where, entry, into)
    except WrongError as error:
        into.wrong(where, error)


ADAPTERS: Final[Mapping[UsageSource, Adapter]] = {
    UsageSource.GITHUB_COPILOT: github_copilot,
    UsageSource.MICROSOFT_365_COPILOT: microsoft_365_copilot,
    UsageSource.CLAUDE_CODE: claude_code,
    UsageSource.OPENAI: openai,
}

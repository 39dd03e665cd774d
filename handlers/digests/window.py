"""Draw the window with a digest: which week and team, ways to others, and the digest. Values in, blocks out."""

from collections.abc import Sequence
from typing import Final
from uuid import UUID

from handlers.blocks import (
    NOTHING,
    BlockKit,
    actions,
    button,
    context,
    header,
    modal,
    searched,
    section,
    sections,
    select,
)
from handlers.digests.blocks import file_buttons
from handlers.digests.parts import LEFT_OUT, Part, behind_button, kpi_button
from handlers.digests.texts import EMPTY, HEADLINE, KPI, REST, at_risk, text_of
from handlers.digests.words import days_text
from handlers.ids import Action, Callback
from handlers.text import day_in_words, inline, named
from workflows.digests import Beside, Digest, NoDigest, NotMade, StoredDigest, Window

TITLE: Final = "Digest"
EVERYBODY: Final = "everybody"
OPTIONS_SHOWN: Final = 100  # Slack takes no more in a select; with more they are searched
TEAMS_NAMED: Final = 30
_OF_TEAM: Final = "team."
IN_SHORT: Final = (
    "Hours, costs and corrections of one team are for programme leads, auditors and admins. "
    "Of a use case you may read they stand with its check-ins."
)


def digest_modal(shown: StoredDigest, beside: Beside) -> BlockKit:
    """Show a digest somebody asked for: the same words as in a channel, each part with the way behind its numbers."""
    digest = shown.digest
    blocks = [header(heading(digest)), context(days_text(digest.window)), _ways(shown, beside)]
    if not beside.is_over:
        blocks.append(context("This week is not over: what follows is of the days until now."))
    blocks += _empty(digest) if digest.is_empty else _told(shown)
    return modal(Callback.DIGEST, TITLE, blocks, carries=str(shown.id))


def _empty(digest: Digest) -> list[BlockKit]:
    return sections(*text_of(EMPTY, digest).splitlines())


def _told(shown: StoredDigest) -> list[BlockKit]:
    digest = shown.digest
    blocks = [*sections(*text_of(HEADLINE, digest).splitlines()), file_buttons(shown.id)]
    if digest.in_short:
        blocks.append(context(IN_SHORT))
    for part in (each for each in Part if not (digest.in_short and each in LEFT_OUT)):
        first, *others = sections(*(text_of(part.value, digest) or NOTHING).splitlines())
        blocks += [{"type": "divider"}, first | {"accessory": behind_button(shown.id, part)}, *others]
        if part is Part.KPIS:
            for each in at_risk(digest):
                readings = kpi_button(shown.id, each.kpi_id, each.name)
                blocks.append(section(text_of(KPI, digest, each=each)) | {"accessory": readings})
    return [*blocks, {"type": "divider"}, *sections(*text_of(REST, digest).splitlines())]


def words_modal(text: str, digest_id: UUID | None = None) -> BlockKit:
    """Say something in the place of a digest, with the way back to one."""
    blocks = [section(text), *([actions("digests.back", back_button(digest_id))] if digest_id else [])]
    return modal(Callback.DIGEST, TITLE, blocks, carries=str(digest_id or ""))


def back_button(digest_id: UUID) -> BlockKit:
    return button(Action.DIGEST_BACK, "Back to the digest", str(digest_id))


def heading(digest: Digest) -> str:
    """Return “Team Complaints · week 2026-W31”."""
    who = f"Team {digest.team}" if digest.team else "Everybody"
    return f"{who} · week {digest.window.iso_week}"


def why_text(found: NotMade) -> str:
    """Say why there is no digest of what was asked for, and what there is instead."""
    match found.why:
        case NoDigest.UNKNOWN_TEAM:
            return _no_team_text(found)
        case NoDigest.STILL_TO_COME:
            return (
                f"Week {found.window.iso_week} is still to come: it begins on {day_in_words(found.window.first)}. "
                "`/gatehouse digest` shows the last whole week."
            )
        case NoDigest.BEFORE_ANYTHING:
            since = f"Gatehouse was set up on {day_in_words(found.began_on)}" if found.began_on else "It is not set up"
            week = Window.of_week(found.window.after.first, found.window.zone).iso_week
            return (
                f"Nothing is known of week {found.window.iso_week} ({days_text(found.window)}): {since}. "
                f"Ask for a later week: `/gatehouse digest {week}`."
            )


def team_options(teams: Sequence[str], typed: str = "") -> dict[str, str]:
    """Return what can be chosen: everybody, and the teams whose name holds what was typed. As many as Slack takes."""
    said = typed.strip().casefold()
    found = {f"{_OF_TEAM}{each}": each for each in teams if said in each.casefold()}
    everybody = {} if said and said not in EVERYBODY else {EVERYBODY: "Everybody"}
    return dict(list((everybody | found).items())[:OPTIONS_SHOWN])


def team_of(value: str) -> str:
    """Return the team an option stands for; empty is everybody."""
    return value.removeprefix(_OF_TEAM) if value.startswith(_OF_TEAM) else ""


def _ways(shown: StoredDigest, beside: Beside) -> BlockKit:
    """Draw the ways to the weeks beside this one, and to a team."""
    weeks = (
        (Action.DIGEST_EARLIER, "◀ Week before", beside.earlier),
        (Action.DIGEST_LATER, "Week after ▶", beside.later),
    )
    turns = [
        button(action, text, monday.isoformat(), label=f"Show the week that begins on {day_in_words(monday)}")
        for action, text, monday in weeks
        if monday is not None
    ]
    return actions("digests.window.ways", *turns, _picker(shown.digest.team, beside.teams))


def _picker(team: str | None, teams: Sequence[str]) -> BlockKit:
    chosen = (f"{_OF_TEAM}{team}", team) if team else (EVERYBODY, "Everybody")
    if len(teams) < OPTIONS_SHOWN:
        options = team_options(teams)
        picked = chosen[0] if chosen[0] in options else ""
        return select(options, placeholder="Team", chosen=picked) | {"action_id": Action.DIGEST_TEAM}
    return searched(Action.DIGEST_TEAM, placeholder="Team", chosen=chosen)


def _no_team_text(found: NotMade) -> str:
    if not found.teams:
        return "No team has a use case yet, so there is no digest of one. `/gatehouse digest` is of everybody."
    names = ", ".join(named(each) for each in found.teams[:TEAMS_NAMED])
    more = f" and {len(found.teams) - TEAMS_NAMED} more" if len(found.teams) > TEAMS_NAMED else ""
    return f"No use case is of a team “{inline(found.team, limit=80)}”. Teams there are: {names}{more}."

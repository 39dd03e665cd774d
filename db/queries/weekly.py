"""What went to somebody for a week."""

from datetime import date, datetime

from sqlalchemy import bindparam, func, text
from sqlalchemy import select as select_columns
from sqlmodel import col

from db.prepared import Prepared
from db.session import Session
from db.tables import WeeklyPost

_COLUMNS = WeeklyPost.metadata.tables["weekly_posts"].c
# Both engines know this clause; SQLAlchemy has one construct for each of them.
_CLAIM = text(
    "INSERT INTO weekly_posts (kind, addressee, week, posted_at) VALUES (:kind, :addressee, :week, :posted_at) "
    "ON CONFLICT DO NOTHING"
).bindparams(*(bindparam(column.name, type_=column.type) for column in _COLUMNS))
_IS_CLAIMED = Prepared(
    select_columns(col(WeeklyPost.posted_at)).where(
        col(WeeklyPost.kind) == bindparam("of_kind"),
        col(WeeklyPost.addressee) == bindparam("of_addressee"),
        col(WeeklyPost.week) == bindparam("of_week"),
    )
)


def claim(session: Session, kind: str, addressee: str, week: date, *, at: datetime) -> bool:
    """Take what goes to somebody for a week; say whether it was still there. Only one caller ever hears yes."""
    values = {"kind": kind, "addressee": addressee, "week": week, "posted_at": at}
    return session.connection().execute(_CLAIM, values).rowcount == 1


def is_claimed(session: Session, kind: str, addressee: str, week: date) -> bool:
    return _IS_CLAIMED.first(session, of_kind=kind, of_addressee=addressee, of_week=week) is not None


def newest_before(session: Session, kind: str, addressee: str, week: date) -> date | None:
    """Return the last week before this one for which it went to them."""
    statement = select_columns(func.max(col(WeeklyPost.week))).where(
        col(WeeklyPost.kind) == kind, col(WeeklyPost.addressee) == addressee, col(WeeklyPost.week) < week
    )
    return session.connection().execute(statement).scalar_one()

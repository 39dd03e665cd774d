"""What a source says of a use case in one of two weeks, as a value."""

from datetime import date

from db.enums import UsageMeasure
from workflows.adoption.sources import CHECK_IN
from workflows.adoption.weekly_rules import Kind, Sample

THIS_WEEK = (date(2026, 7, 27), date(2026, 8, 2))
LAST_WEEK = (date(2026, 7, 20), date(2026, 7, 26))


def said(
    measure: UsageMeasure,
    people: int,
    days: tuple[date, date] = THIS_WEEK,
    *,
    kind: Kind = Kind.COUNT,
    source: str = "",
) -> Sample:
    """Return so many people, counted by a file unless told otherwise."""
    source = source or (CHECK_IN if kind is Kind.ANSWER else "csv")
    return Sample(kind, source, "as its source counts", *days, measure, people)

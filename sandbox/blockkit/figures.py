"""What Slack accepts as tables and charts."""

from typing import Any

from sandbox.blockkit.rich import RICH_TEXT
from sandbox.blockkit.rules import (
    Problems,
    Rule,
    Shape,
    boolean,
    integer,
    items,
    number,
    refuse,
    string,
    typed,
    unique_in,
)

TABLE_CHARACTERS = 10_000
DATA_TABLE_CHARACTERS = 20_000
# Sources name 6 or 12 series and segments, and 100 or 200 rows below a header: what all of them accept holds.
_SERIES = 6
_DATA_ROWS = 101

_BLOCK_ID: dict[str, Rule] = {"block_id": string(most=255)}
_LABEL = string(most=20, least=1)
_CELLS: dict[str, Rule] = {
    "raw_text": Shape(required={"text": string(least=1)}),
    "raw_number": Shape(required={"value": number(), "text": string(least=1)}),
    "rich_text": RICH_TEXT,
}
_COLUMN = Shape(optional={"align": string(among=("left", "center", "right")), "is_wrapped": boolean})


def characters(value: Any) -> int:
    """Count the characters in the cells of a table."""
    if isinstance(value, list):
        return sum(map(characters, value))
    if not isinstance(value, dict):
        return 0
    return sum(
        len(part) if key == "text" and isinstance(part, str) else characters(part) for key, part in value.items()
    )


def _rows_agree(value: dict[str, Any], pointer: str, problems: Problems) -> None:
    rows = value["rows"]
    for index, row in enumerate(rows):
        if len(row) != len(rows[0]):
            refuse(problems, f"{pointer}/rows/{index}", f"must have {len(rows[0])} cells like the first row")
    for index, cell in enumerate(rows[0]):
        if cell["type"] == "rich_text":
            refuse(problems, f"{pointer}/rows/0/{index}/type", "rich_text is not allowed in the header row")
    if value.get("row_header_column_index", 0) >= len(rows[0]):
        refuse(problems, f"{pointer}/row_header_column_index", "must name one of the columns")


def _short_enough(value: dict[str, Any], pointer: str, problems: Problems) -> None:
    if characters(value["rows"]) > DATA_TABLE_CHARACTERS:
        refuse(
            problems,
            f"{pointer}/rows",
            f"no more than {DATA_TABLE_CHARACTERS} characters allowed in one table",
            limit="max_length",
            expected=DATA_TABLE_CHARACTERS,
        )


def _points_match(value: dict[str, Any], pointer: str, problems: Problems) -> None:
    """Every series has exactly one point for each category."""
    categories = value["axis_config"]["categories"]
    if len(set(categories)) != len(categories):
        refuse(problems, f"{pointer}/axis_config/categories", "must be unique")
    for index, series in enumerate(value["series"]):
        labels = [point["label"] for point in series["data"]]
        if sorted(labels) != sorted(categories):
            refuse(problems, f"{pointer}/series/{index}/data", "must have one point for each category")


TABLE = Shape(
    required={"rows": items(items(typed(_CELLS), least=1, most=20), least=1, most=100)},
    optional={**_BLOCK_ID, "column_settings": items(_COLUMN, most=20)},
)

DATA_TABLE = Shape(
    required={
        "caption": string(least=1),
        "rows": items(items(typed(_CELLS), least=1, most=20), least=2, most=_DATA_ROWS),
    },
    optional={
        **_BLOCK_ID,
        "page_size": integer(least=1, most=100),
        "row_header_column_index": integer(least=0),
    },
    also=(_rows_agree, _short_enough),
)

_PIE = Shape(
    required={
        "segments": items(Shape(required={"label": _LABEL, "value": number(above=0)}), least=1, most=_SERIES),
    }
)
_POINT = Shape(required={"label": _LABEL, "value": number()})
_AXES = Shape(
    required={
        "series": items(
            Shape(required={"name": _LABEL, "data": items(_POINT, least=1, most=20)}), least=1, most=_SERIES
        ),
        "axis_config": Shape(
            required={"categories": items(_LABEL, least=1, most=20)},
            optional={"x_label": string(most=50), "y_label": string(most=50)},
        ),
    },
    also=(unique_in("series", "name"), _points_match),
)

CHART = Shape(
    required={
        "title": string(most=50, least=1),
        "chart": typed({"pie": _PIE, "bar": _AXES, "line": _AXES, "area": _AXES}),
    },
    optional=_BLOCK_ID,
)

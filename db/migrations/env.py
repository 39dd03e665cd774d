"""Alembic's entry: runs the history on the connection that db.migrate hands over."""

from typing import Any, Literal

from alembic import context
from sqlmodel.sql.sqltypes import AutoString, UTCDateTime

from db.tables import metadata


def _skip(_: Any, name: str | None, kind: str, *__: Any) -> bool:
    return not (kind == "table" and name == "alembic_version")


def _render(kind: str, value: Any, _: Any) -> str | Literal[False]:
    """Write plain SQLAlchemy types, so that an old migration never depends on SQLModel's internals."""
    if kind == "type" and isinstance(value, AutoString):
        return f"sa.String({value.length or ''})"
    if kind == "type" and isinstance(value, UTCDateTime):
        return "sa.DateTime(timezone=True)"
    return False


connection = context.config.attributes["connection"]
context.configure(
    connection=connection,
    target_metadata=metadata,
    render_as_batch=True,  # SQLite cannot alter most things in place
    compare_type=True,
    transactional_ddl=True,  # a failed migration leaves nothing behind, on SQLite too
    include_object=_skip,
    render_item=_render,
)
with context.begin_transaction():
    context.run_migrations()

"""Change the words a column may hold. A migration gives the words themselves, never today's vocabulary."""

import re
from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op


def reword(table: str, column: str, check: str, words: Sequence[str]) -> None:
    """Replace the CHECK of this name by one with these words. Rows that hold others must be gone.

    SQLite cannot change a CHECK, so the table is made anew and filled; no other table may refer to it.
    """
    listed = ", ".join(f"'{word}'" for word in words)
    if op.get_bind().dialect.name == "postgresql":
        op.execute(f"ALTER TABLE {table} DROP CONSTRAINT {check}")
        op.execute(f"ALTER TABLE {table} ADD CONSTRAINT {check} CHECK ({column} IN ({listed}))")
        return
    _remake(table, check, f"CONSTRAINT {check} CHECK ({column} IN ({listed}))")


def words_of(table: str, check: str) -> list[str]:
    """Return the words the CHECK of this name allows now: what a migration adds to is not for it to repeat."""
    found = sa.inspect(op.get_bind()).get_check_constraints(table)
    return next(re.findall(r"'([^']+)'", each["sqltext"]) for each in found if each["name"] == check)


def _remake(table: str, check: str, clause: str) -> None:
    connection = op.get_bind()
    found = connection.execute(
        sa.text("SELECT type, sql FROM sqlite_master WHERE tbl_name = :table AND sql IS NOT NULL"), {"table": table}
    ).all()
    [made] = [sql for kind, sql in found if kind == "table"]
    others = [sql for kind, sql in found if kind != "table"]
    old = re.compile(rf'CONSTRAINT "?{check}"? CHECK \("?\w+"? IN \([^)]*\)\)')
    changed, times = old.subn(clause, made)
    if times != 1:
        raise LookupError(f"{table} has no CHECK called {check}")
    new = f"{table}_remade"
    op.execute(re.sub(rf'CREATE TABLE "?{table}"?', f"CREATE TABLE {new}", changed, count=1))
    op.execute(f"INSERT INTO {new} SELECT * FROM {table}")  # noqa: S608 - our own names
    op.drop_table(table)
    op.rename_table(new, table)
    for sql in others:
        op.execute(sql)

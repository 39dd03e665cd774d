"""Statements of hot paths: written in SQLAlchemy's language, compiled once, then sent by the driver itself.

Going through a Connection costs 40 to 80 µs of Python for each statement, several times what SQLite needs to carry
it out, and an approval is some twenty statements. Types, names and both engines' dialects stay SQLAlchemy's.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Dialect, Select
from sqlalchemy.sql.elements import ClauseElement

from db.session import Session


class Prepared:
    """One statement. `columns` are those an INSERT gives values for; other values are named by `bindparam`."""

    def __init__(self, statement: ClauseElement, *columns: str) -> None:
        self._statement = statement
        self._columns = columns
        self._forms: dict[str, _Form] = {}

    def all(self, session: Session, **values: Any) -> list[tuple[Any, ...]]:
        """Return every row, as a tuple of Python values."""
        form = self._form(session)
        rows: list[tuple[Any, ...]] = session.ask(form.text, form.bind(values)).fetchall()
        return [form.read(row) for row in rows] if form.reads else rows

    def first(self, session: Session, **values: Any) -> tuple[Any, ...] | None:
        """Return the first row, or None when there is none."""
        rows = self.all(session, **values)
        return rows[0] if rows else None

    def count(self, session: Session, **values: Any) -> int:
        """Carry it out now; return how many rows it changed."""
        form = self._form(session)
        changed: int = session.ask(form.text, form.bind(values)).rowcount
        return changed

    def run(self, session: Session, **values: Any) -> None:
        """Have it carried out before anything else is asked or stored."""
        self.run_each(session, [values])

    def run_each(self, session: Session, rows: Iterable[Mapping[str, Any]]) -> None:
        """Have it carried out once for each of `rows`."""
        form = self._form(session)
        session.tell(form.text, [form.bind(row) for row in rows])

    def change_one(self, session: Session, **values: Any) -> None:
        """Have it carried out; the transaction fails with ChangedMeanwhileError unless it changes exactly one row."""
        form = self._form(session)
        session.tell(form.text, [form.bind(values)], must_change=True)

    def _form(self, session: Session) -> "_Form":
        form = self._forms.get(session.dialect.name)
        if form is None:
            form = self._forms[session.dialect.name] = _Form.of(self._statement, self._columns, session.dialect)
        return form


@dataclass(frozen=True, slots=True)
class _Form:
    """A statement as one engine takes it. `fixed` are values the statement itself holds, converted already."""

    text: str
    names: Sequence[str]
    fixed: Mapping[str, Any]
    converters: Sequence[tuple[str, Callable[[Any], Any]]]
    reads: Sequence[tuple[int, Callable[[Any], Any]]]
    by_position: bool

    @classmethod
    def of(cls, statement: ClauseElement, columns: Sequence[str], dialect: Dialect) -> "_Form":
        compiled: Any = statement.compile(dialect=dialect, column_keys=list(columns) or None)
        fixed: dict[str, Any] = {}
        converters: list[tuple[str, Callable[[Any], Any]]] = []
        reads: list[tuple[int, Callable[[Any], Any]]] = []
        for name, bind in compiled.binds.items():
            if bind.expanding:
                raise TypeError("the length of an IN list is part of the statement: name each of its members")
            convert = bind.type.dialect_impl(dialect).bind_processor(dialect)
            if not bind.required:
                fixed[name] = convert(bind.value) if convert else bind.value
            elif convert is not None:
                converters.append((name, convert))
        if isinstance(statement, Select):
            for position, column in enumerate(statement.selected_columns):
                read = column.type.dialect_impl(dialect).result_processor(dialect, None)
                if read is not None:
                    reads.append((position, read))
        names = compiled.positiontup
        return cls(compiled.string, names or list(compiled.binds), fixed, converters, reads, by_position=bool(names))

    def bind(self, values: Mapping[str, Any]) -> Any:
        """Return the parameters as the driver takes them. A name without value is a KeyError."""
        bound = {**self.fixed, **values}
        for name, convert in self.converters:
            bound[name] = convert(bound[name])
        return [bound[name] for name in self.names] if self.by_position else bound

    def read(self, row: Sequence[Any]) -> tuple[Any, ...]:
        values = list(row)
        for position, read in self.reads:
            values[position] = read(values[position])
        return tuple(values)

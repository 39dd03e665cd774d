"""Statements of hot paths: written in SQLAlchemy's language, compiled once, then sent by the driver itself.

Going through a Connection costs 40 to 80 µs of Python for each statement, several times what SQLite needs to carry
it out, and an approval is some twenty statements. Types, names and both engines' dialects stay SQLAlchemy's.
"""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Dialect, Select, bindparam, insert, literal
from sqlalchemy.sql.elements import ClauseElement
from sqlmodel import SQLModel

from db.session import Session

_ROWS_AT_ONCE = 50


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


class PreparedRows:
    """An INSERT that takes several rows as one statement, prepared once for each number of rows."""

    def __init__(self, table: type[SQLModel], *columns: str) -> None:
        self._table = table
        self._columns = columns
        self._statements: dict[int, Prepared] = {}

    def insert(self, session: Session, rows: Sequence[Mapping[str, Any]]) -> None:
        """Have `rows` inserted in their order before anything else is asked or stored."""
        for begun in range(0, len(rows), _ROWS_AT_ONCE):
            some = rows[begun : begun + _ROWS_AT_ONCE]
            values = {f"{column}_{number}": row[column] for number, row in enumerate(some) for column in self._columns}
            self._of(len(some)).run(session, **values)

    def _of(self, count: int) -> Prepared:
        statement = self._statements.get(count)
        if statement is None:
            types = {column.name: column.type for column in self._table.metadata.tables[self._name].columns}
            rows = [
                {column: bindparam(f"{column}_{number}", type_=types[column]) for column in self._columns}
                for number in range(count)
            ]
            statement = self._statements[count] = Prepared(insert(self._table).values(rows))
        return statement

    @property
    def _name(self) -> str:
        return str(self._table.__tablename__)


def among(column: Any, values: Collection[Any]) -> ColumnElement[bool]:
    """Return `column IN (values)` for a statement that is prepared: each of the values is named in it."""
    found: ColumnElement[bool] = column.in_([literal(each, column.type) for each in sorted(values)])
    return found


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

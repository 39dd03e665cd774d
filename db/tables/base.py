"""What every table shares: constraint names that migrations can rely on, and columns for closed vocabularies."""

import re
from collections.abc import Sequence
from enum import StrEnum
from typing import Any

from sqlalchemy import Column, Enum
from sqlmodel import SQLModel

SQLModel.metadata.naming_convention = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}

metadata = SQLModel.metadata


def vocabulary(
    values: type[StrEnum], *, name: str | None = None, nullable: bool = False, **options: Any
) -> Column[Any]:
    """Return a column that holds one of `values` by its value, with a CHECK, the same on both engines.

    `name` is the CHECK's, where a table has two columns of one vocabulary.
    """

    def stored(kind: type[StrEnum]) -> Sequence[str]:
        return [member.value for member in kind]

    name = name or re.sub(r"(?<!^)(?=[A-Z])", "_", values.__name__).lower()
    kind = Enum(values, native_enum=False, create_constraint=True, values_callable=stored, length=32, name=name)
    return Column(kind, nullable=nullable, **options)

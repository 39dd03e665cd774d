"""Say what is wrong with an organisation's own texts before a digest meets it."""

import re
import types
import typing
from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from datetime import UTC, date, datetime
from enum import Enum
from pathlib import Path
from typing import Any
from uuid import UUID

from handlers import templating
from handlers.digests.texts import FOLDER, KPI, TEXTS, at_risk, file_of, values_of
from handlers.digests.words import FILTERS
from handlers.templating import UnusableTemplateError
from workflows.adoption import Figure, Telling
from workflows.digests import Digest

_NAME = re.compile(rf"{FOLDER}/([a-z]+)\.mrkdwn\.j2")


def problems_in(folder: str) -> Iterator[str]:
    """Yield what is wrong with the texts in a folder, with file and line; nothing where all can be used."""
    root = Path(folder)
    if not root.is_dir():
        yield f"GATEHOUSE_TEMPLATES is {folder}, which is no folder."
        return
    for path in sorted(root.rglob("*.j2")):
        name = path.relative_to(root).as_posix()
        found = _NAME.fullmatch(name)
        if found is None or found[1] not in TEXTS:
            yield f"{name} takes the place of nothing: texts are called {', '.join(map(file_of, TEXTS))}."
        else:
            yield from _wrong_with(root, found[1])


def _wrong_with(root: Path, text: str) -> Iterator[str]:
    """Yield the first thing that is wrong with a text, tried on a full week and on one where much is missing."""
    for is_full in (True, False):
        digest: Digest = example_of(Digest, is_full=is_full)
        more: dict[str, object] = {"each": at_risk(digest)[0]} if text == KPI else {}
        try:
            templating.try_text(root, file_of(text), values_of(digest) | more, FILTERS, longest=TEXTS[text])
        except UnusableTemplateError as error:
            yield str(error)
            return


def example_of(kind: Any, *, is_full: bool) -> Any:
    """Return some value of a type: of a dataclass with something in each field, or without what may be missing."""
    origin, arguments = typing.get_origin(kind), typing.get_args(kind)
    if kind is Figure:
        return Figure(Telling.SHOWN, 12.0) if is_full else Figure(Telling.SUPPRESSED)
    if origin in (types.UnionType, typing.Union):
        return example_of(arguments[0], is_full=is_full) if is_full else None
    if origin is tuple:
        return (example_of(arguments[0], is_full=is_full),)
    if origin is dict:
        return {example_of(arguments[0], is_full=is_full): example_of(arguments[1], is_full=is_full)}
    if is_dataclass(kind):
        hints = typing.get_type_hints(kind)
        return kind(**{each.name: example_of(hints[each.name], is_full=is_full) for each in fields(kind)})  # type: ignore[operator]
    return _plain(kind, is_full=is_full)


def _plain(kind: Any, *, is_full: bool) -> Any:
    if issubclass(kind, Enum):
        return list(kind)[0 if is_full else -1]
    examples: dict[type, Any] = {
        UUID: UUID(int=1),
        datetime: datetime(2026, 8, 3, 7, tzinfo=UTC),
        date: date(2026, 8, 2),
        bool: is_full,
        int: 2 if is_full else 0,
        float: 2.5,
        str: "Europe/Berlin",
    }
    return examples[kind]

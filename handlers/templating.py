"""The one place that fills templates. What stands in them is escaped, and a name nobody gave is an error.

Pages and pictures are ours. Texts of messages can be an organisation's own: one that cannot be used is never worth a
message, which is then said in our words.
"""

import logging
from collections.abc import Callable, Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

from handlers.text import inline
from workflows.checkins import plain_number

log = logging.getLogger(__name__)

FOLDER: Final = Path(__file__).parent / "templates"
LONGEST_LINE: Final = 2800
"""What still fits into one block, with what is put around it."""

_DECIMALS: Final = 4

_own: list[Path] = []


class UnusableTemplateError(Exception):
    """A text template cannot be used; the message says in which file and line, and why."""


class Mrkdwn(str):
    """A text of ours that is mrkdwn already: what people wrote in it was escaped when it was made."""

    __slots__ = ()


def use_own(folder: str) -> None:
    """Let the texts in this folder take the place of ours from now on; an empty name ends that."""
    _own[:] = [Path(folder)] if folder else []
    _texts.cache_clear()


def filled(name: str, **values: object) -> str:
    """Return the template `name` with these values in it, each escaped for XML."""
    return str(_environment().get_template(name).render(**values))


def said(name: str, values: Mapping[str, object], filters: Mapping[str, Callable[..., object]], *, longest: int) -> str:
    """Return the mrkdwn text template `name` with these values in it, the organisation's own where that can be used."""
    if _own:
        try:
            return try_text(_own[0], name, values, filters, longest=longest)
        except UnusableTemplateError as error:
            log.error("a text of yours cannot be used; ours is said", extra={"template": name, "why": str(error)})  # noqa: TRY400 - the message has the line; the trace is Jinja's
    return cut(_filled_text(None, name, values, filters), longest)


def cut(text: str, longest: int) -> str:
    """Return as many whole lines of a text of ours as fit, and that there is more where they are not all."""
    more = "… there is more, which the files say."
    lines = [
        line if len(line) <= LONGEST_LINE else f"{line[:LONGEST_LINE].rpartition(' ')[0]}…" for line in text.split("\n")
    ]
    if len("\n".join(lines)) <= longest:
        return "\n".join(lines)
    while lines and len("\n".join([*lines, more])) > longest:
        lines.pop()
    return "\n".join([*lines, more])


def try_text(
    folder: Path,
    name: str,
    values: Mapping[str, object],
    filters: Mapping[str, Callable[..., object]],
    *,
    longest: int,
) -> str:
    """Return what the texts in a folder make of these values. Raises UnusableTemplateError."""
    try:
        told = _filled_text(folder, name, values, filters)
        widest = max(map(len, told.split("\n")))
        if not told or len(told) > longest or widest > LONGEST_LINE:
            long = f"it is {len(told)} characters long, of which {longest} fit, and {LONGEST_LINE} on a line"
            raise ValueError(long if told else "it says nothing")  # noqa: TRY301 - one way to say what is wrong
        return told  # noqa: TRY300
    except Exception as error:
        raise UnusableTemplateError(_why(folder, name, error)) from error


def _filled_text(
    folder: Path | None, name: str, values: Mapping[str, object], filters: Mapping[str, Callable[..., object]]
) -> str:
    environment = _texts(folder)
    environment.filters.update(filters)
    text = str(environment.get_template(name).render(**values))
    lines = [line.rstrip() for line in text.strip().splitlines()]
    return "\n".join(line for line, before in zip(lines, ["-", *lines], strict=False) if line or before)


def _why(folder: Path, name: str, error: Exception) -> str:
    """Return “digest/headline.mrkdwn.j2, line 3: 'x' is undefined”: the last line of a template in the trace."""
    file, line = name, getattr(error, "lineno", None)
    trace = error.__traceback__
    while trace is not None:
        path = Path(trace.tb_frame.f_code.co_filename)
        if path.suffix == ".j2" and path.is_relative_to(folder):
            file, line = str(path.relative_to(folder)), trace.tb_lineno
        trace = trace.tb_next
    at = getattr(error, "name", None)
    file = at if isinstance(at, str) and at.endswith(".j2") else file
    return f"{file}{f', line {line}' if line else ''}: {error}"


@lru_cache(maxsize=1)
def _environment() -> Any:
    # Only who draws needs it, and importing it costs every start a tenth of a second.
    from jinja2 import FileSystemLoader, StrictUndefined  # noqa: PLC0415
    from jinja2.sandbox import SandboxedEnvironment  # noqa: PLC0415

    return SandboxedEnvironment(loader=FileSystemLoader(FOLDER), undefined=StrictUndefined, autoescape=True)


@lru_cache(maxsize=2)
def _texts(folder: Path | None) -> Any:
    from jinja2 import ChoiceLoader, FileSystemLoader, StrictUndefined  # noqa: PLC0415
    from jinja2.sandbox import ImmutableSandboxedEnvironment  # noqa: PLC0415

    ours = FileSystemLoader(FOLDER)
    return ImmutableSandboxedEnvironment(
        loader=ours if folder is None else ChoiceLoader([FileSystemLoader(folder), ours]),
        undefined=StrictUndefined,
        autoescape=False,  # Slack knows three characters to escape, which `_as_mrkdwn` does
        finalize=_as_mrkdwn,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )


def _as_mrkdwn(value: object) -> object:
    """Return what stands in a template in the place of a value: text on one line, harmless and without any format."""
    if value is None:
        raise ValueError("there is no value here; ask first whether it `is none`")
    if isinstance(value, Mrkdwn):
        return str(value)
    if isinstance(value, float):
        return plain_number(round(value, _DECIMALS))
    return value if isinstance(value, int) else inline(str(value))

"""The one place that fills templates. What stands in them is escaped, and a name nobody gave is an error."""

from functools import lru_cache
from pathlib import Path
from typing import Any, Final

FOLDER: Final = Path(__file__).parent / "templates"


@lru_cache(maxsize=1)
def _environment() -> Any:
    # Only who draws needs it, and importing it costs every start a tenth of a second.
    from jinja2 import FileSystemLoader, StrictUndefined  # noqa: PLC0415
    from jinja2.sandbox import SandboxedEnvironment  # noqa: PLC0415

    return SandboxedEnvironment(loader=FileSystemLoader(FOLDER), undefined=StrictUndefined, autoescape=True)


def filled(name: str, **values: object) -> str:
    """Return the template `name` with these values in it, each escaped for XML."""
    return str(_environment().get_template(name).render(**values))

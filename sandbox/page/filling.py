"""Fills the page's templates; every value is escaped unless it was made safe on purpose."""

from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined


def fill(template: str, **values: Any) -> str:
    return _ENVIRONMENT.get_template(f"{template}.html").render(**values)


_ENVIRONMENT = Environment(
    loader=FileSystemLoader(Path(__file__).parent / "templates"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)

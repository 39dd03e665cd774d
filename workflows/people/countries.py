"""Countries and the time zones in them, as the time zone database lists them."""

from collections.abc import Iterator, Mapping
from functools import cache
from importlib import resources


@cache
def names() -> Mapping[str, str]:
    """Return ISO 3166-1 code to English name, by name."""
    listed = (line.split("\t") for line in _lines("iso3166.tab"))
    return dict(sorted(((code, name) for code, name, *_ in listed), key=lambda each: each[1]))


def name_of(code: str) -> str | None:
    return names().get(code)


def guess(zone: str) -> str | None:
    """Return the country a zone is named after, or None for one of no country, such as UTC."""
    return _countries().get(_links().get(zone, zone))


def matching(typed: str, *, limit: int) -> Mapping[str, str]:
    """Return the countries whose name or code holds what was typed; those that begin with it come first."""
    wanted = typed.strip().casefold()
    found = [
        (not name.casefold().startswith(wanted), code, name)
        for code, name in names().items()
        if wanted in name.casefold() or wanted == code.casefold()
    ]
    return {code: name for _, code, name in sorted(found, key=lambda each: each[0])[:limit]}


@cache
def _countries() -> Mapping[str, str]:
    return {zone: code for code, _, zone, *_ in (line.split("\t") for line in _lines("zone.tab"))}


@cache
def _links() -> Mapping[str, str]:
    """Return old and other names of zones, to the name that stands in the table of countries."""
    listed = _countries()
    links = (line.split() for line in _lines("tzdata.zi") if line.startswith("L "))
    return {name: target for _, target, name in links if target in listed and name not in listed}


def _lines(file: str) -> Iterator[str]:
    text = resources.files("tzdata").joinpath("zoneinfo", file).read_text(encoding="utf-8")
    return (line for line in text.splitlines() if line and not line.startswith("#"))

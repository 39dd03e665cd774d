"""What the shape of a policy refuses, in words for those who own policies, not for those who program."""

import difflib
from collections.abc import Callable, Mapping, Sequence
from types import NoneType
from typing import Annotated, Any, Final, get_args, get_origin

from pydantic import BaseModel
from pydantic_core import ErrorDetails

from workflows.policy.problems import Path, quoted
from workflows.policy.shape import PATTERNS, Policy

_NOTHING = "nothing stands after the colon"
_TYPES: Final[Mapping[str, str]] = {
    "string_type": "a text belongs here",
    "dict_type": "keys with values belong here",
    "model_type": "keys with values belong here",
    "model_attributes_type": "keys with values belong here",
    "tuple_type": "a list belongs here: [a, b], or lines that begin with “-”",
    "int_type": "a whole number belongs here",
    "int_parsing": "a whole number belongs here",
    "int_parsing_size": "a whole number belongs here",
    "int_from_float": "a whole number belongs here",
    "float_type": "a number belongs here",
    "float_parsing": "a number belongs here",
    "finite_number": "a number belongs here",
    "bool_type": "true or false belongs here",
    "bool_parsing": "true or false belongs here",
}
_OTHERS: Final[Mapping[str, Callable[[Any, dict[str, Any]], str]]] = {
    "enum": lambda given, context: f"{quoted(given)} is none of {_listed(context)}",
    "string_pattern_mismatch": lambda given, context: (
        f"{quoted(given)} cannot stand here: {PATTERNS[context['pattern']]}"
    ),
    "string_too_short": lambda _, __: "nothing stands here",
    "string_too_long": lambda given, context: f"at most {context['max_length']} characters; these are {len(given)}",
    "too_short": lambda _, context: f"at least {context['min_length']} must stand here",
    "too_long": lambda given, context: f"at most {context['max_length']:,} may stand here; there are {len(given):,}",
    "greater_than": lambda given, context: f"{quoted(given)} is not more than {context['gt']:g}",
    "greater_than_equal": lambda given, context: f"{quoted(given)} is less than {context['ge']:g}",
    "less_than_equal": lambda given, context: f"{quoted(given)} is more than {context['le']:g}",
    "value_error": lambda _, context: str(context["error"]),
}


def sentence_for(error: ErrorDetails) -> str:
    """Return what is wrong, and where it helps what would be right."""
    kind, given, context = error["type"], error["input"], error.get("ctx", {})
    if kind == "missing":
        return f"the key “{error['loc'][-1]}” is missing"
    if kind == "extra_forbidden":
        return _unknown_key(str(error["loc"][-1]), keys_at(error["loc"][:-1]))
    if given is None:
        return _NOTHING
    if kind in _TYPES:
        return f"{_TYPES[kind]}, not {quoted(given)}"
    return _OTHERS[kind](given, context) if kind in _OTHERS else "this cannot stand here"


def keys_at(path: Path) -> Sequence[str]:
    """Return the keys that can stand at a place of a policy."""
    shape: Any = Policy
    for step in path:
        shape = _inside(shape, step)
    return list(shape.model_fields)


def _unknown_key(given: str, known: Sequence[str]) -> str:
    near = difflib.get_close_matches(given, known, n=1)
    meant = f" Did you mean “{near[0]}”?" if near else ""
    return f"there is no key {quoted(given)} here; there are {', '.join(known)}.{meant}"


def _inside(shape: Any, step: int | str) -> Any:
    """Return the shape of a part of `shape`."""
    if isinstance(shape, type) and issubclass(shape, BaseModel):
        return _bare(shape.model_fields[str(step)].annotation)
    arguments = get_args(shape)
    return _bare(arguments[1] if get_origin(shape) is dict else arguments[0])


def _bare(shape: Any) -> Any:
    """Return a shape without “or nothing” and without its limits."""
    if get_origin(shape) is Annotated:
        shape = get_args(shape)[0]
    arguments = get_args(shape)
    return next(each for each in arguments if each is not NoneType) if NoneType in arguments else shape


def _listed(context: Mapping[str, Any]) -> str:
    return str(context["expected"]).replace("'", "").replace(" or ", ", ")

"""The facts a policy may ask about: closed vocabularies, the same for every organisation, and its own questions."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Final

from db.enums import Affected, Area, Build, DataClass, Decision, OutputUse, Practice, Processing

Facts = Mapping[str, frozenset[str]]
"""What was answered, by fact. A fact with several answers holds them all; one that was not asked is missing."""

UNKNOWN: Final = "unknown"

BUILT_IN: Final[Mapping[str, type[StrEnum]]] = {
    "output_use": OutputUse,
    "data_class": DataClass,
    "processing": Processing,
    "build": Build,
    "decision": Decision,
    "affected": Affected,
    "areas": Area,
    "practices": Practice,
}

OF_ONE: Final = frozenset({"output_use", "data_class", "processing", "build", "decision"})
"""The facts everybody is asked for one value of; of the others there can be any number."""

"""Break-glass: two named people let something go ahead for some hours, before it is approved and never instead."""

from workflows.breaking_glass.calling import agree, call, decline, take_back
from workflows.breaking_glass.ending import anything_due, end_due, follow
from workflows.breaking_glass.judging import seconds_for, ways_of, why_not_it, why_not_they
from workflows.breaking_glass.reading import (
    calls_of,
    counted,
    counted_lately,
    glass_of,
    glasses_of,
    in_force_about,
    is_provisional,
    listed,
)
from workflows.breaking_glass.rules import (
    FEWEST_WORDS,
    LEAST_HOURS,
    LONGEST_REASON,
    MOST_HOURS,
    USUAL_HOURS,
    NoGlass,
)
from workflows.breaking_glass.snapshots import At, Counted, Form, GlassSnapshot, Listed, Refused, Ways
from workflows.breaking_glass.telling import Told

__all__ = [
    "FEWEST_WORDS",
    "LEAST_HOURS",
    "LONGEST_REASON",
    "MOST_HOURS",
    "USUAL_HOURS",
    "At",
    "Counted",
    "Form",
    "GlassSnapshot",
    "Listed",
    "NoGlass",
    "Refused",
    "Told",
    "Ways",
    "agree",
    "anything_due",
    "call",
    "calls_of",
    "counted",
    "counted_lately",
    "decline",
    "end_due",
    "follow",
    "glass_of",
    "glasses_of",
    "in_force_about",
    "is_provisional",
    "listed",
    "seconds_for",
    "take_back",
    "ways_of",
    "why_not_it",
    "why_not_they",
]

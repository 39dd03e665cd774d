"""Policies and facts of any shape, for properties that must hold for all of them."""

import json
from typing import Any

from hypothesis import strategies as st

from workflows.policy import BUILT_IN, UNKNOWN, Facts

OF_ONE = ("output_use", "data_class", "processing", "build", "decision")
OF_MANY = ("affected", "areas", "practices")
OWN = {"risk_class": ("a", "b", "c"), "regions": ("eu", "us")}
ROLES = ("legal", "privacy", "board")
SECTIONS = ("purpose", "data", "model", "people", "oversight", "value")

Document = dict[str, Any]


def values_of(fact: str) -> list[str]:
    """Return the answers a fact can have."""
    if fact in BUILT_IN:
        return [member.value for member in BUILT_IN[fact]]
    return [*OWN[fact], UNKNOWN]


def _some(values: list[str], *, least: int = 0) -> st.SearchStrategy[list[str]]:
    return st.lists(st.sampled_from(values), min_size=least, max_size=3, unique=True)


def conditions() -> st.SearchStrategy[Document]:
    """Give what can stand under `when`."""
    one = st.sampled_from([*BUILT_IN, *OWN]).flatmap(
        lambda fact: st.tuples(st.just(fact), st.just("any") | _some(values_of(fact), least=1))
    )
    return st.lists(one, min_size=1, max_size=3).map(dict)


@st.composite
def _lanes(draw: st.DrawFn, *, always: bool) -> list[Document]:
    lanes = []
    for number in range(draw(st.integers(1, 3))):
        lane = {
            "key": f"lane{number}",
            "name": f"Lane {number}",
            "role": draw(st.sampled_from([*ROLES, "lead"])),
            "rule": draw(st.sampled_from(["any", "all", {"at_least": "2"}, {"percent": "60"}])),
            "sections": draw(_some(list(SECTIONS), least=1)),
            "answer_within_hours": "24",
        }
        if not (always and number == 0) and draw(st.booleans()):
            lane["when"] = draw(conditions())
        lanes.append(lane)
    return lanes


@st.composite
def _chains(draw: st.DrawFn) -> Document:
    count = draw(st.integers(1, 3))
    sure = draw(st.integers(0, count - 1))
    return {
        "stages": [
            {"key": f"stage{number}", "name": f"Stage {number}", "lanes": draw(_lanes(always=number == sure))}
            for number in range(count)
        ]
    }


@st.composite
def _approving(draw: st.DrawFn) -> list[Document]:
    """Give lines that approve what fits them, or all, and are audited."""
    return [
        {"line": f"low{number}", "reason": f"Low {number}"}
        | draw(st.fixed_dictionaries({"when": conditions()}) | st.just({"audit": {"share": "10", "role": "legal"}}))
        for number in range(draw(st.integers(1, 3)))
    ]


@st.composite
def documents(draw: st.DrawFn) -> Document:
    """Give policies that can be used, as they would be written."""
    tiers = {
        tier: [
            {"line": f"{tier}{number}", "reason": f"Reason {number}", "when": draw(conditions())}
            for number in range(draw(st.integers(0, 3)))
        ]
        for tier in ("prohibited", "high", "medium")
    }
    chains = {f"chain{number}": draw(_chains()) for number in range(draw(st.integers(1, 3)))}
    tiered = ["high", "medium"]
    how = draw(st.sampled_from(["people", "one line", "lines"]))
    named = tiered if how == "one line" else [*tiered, "low"]
    subject: Document = {"chains": {tier: draw(st.sampled_from(sorted(chains))) for tier in named}}
    if how == "one line":
        subject["approved_by"] = {"low": {"line": "low_line", "reason": "It is low."}}
    elif how == "lines":
        subject["approved_by"] = {"low": draw(_approving())}
    return {
        "name": "Any policy",
        "version": "1",
        "roles": {role: {"name": role.capitalize()} for role in ROLES},
        "questions": [
            {
                "key": key,
                "ask": f"What of {key}?",
                "kind": "choice" if key == "risk_class" else "choices",
                "options": {value: f"Option {value}" for value in values},
                "section": "data",
            }
            for key, values in OWN.items()
        ],
        "tiers": tiers,
        "chains": chains,
        "subjects": {"use_case": subject},
    }


def written(document: Document) -> str:
    """Return a policy as a file. JSON is YAML too, and written in no time."""
    return json.dumps(document)


@st.composite
def facts(draw: st.DrawFn) -> Facts:
    """Give what people can answer: one value where one is asked for, any number elsewhere, and own questions or not."""
    given = {fact: frozenset({draw(st.sampled_from(values_of(fact)))}) for fact in OF_ONE}
    given |= {fact: frozenset(draw(_some(values_of(fact)))) for fact in OF_MANY}
    if draw(st.booleans()):
        given["risk_class"] = frozenset({draw(st.sampled_from(values_of("risk_class")))})
    if draw(st.booleans()):
        given["regions"] = frozenset(draw(_some(values_of("regions"))))
    return given


@st.composite
def stricter(draw: st.DrawFn, given: Facts) -> Facts:
    """Give the facts with one answer made “I do not know”, or with one more of what there can be several of."""
    fact = draw(st.sampled_from(sorted(given)))
    if fact in (*OF_ONE, "risk_class"):
        return {**given, fact: frozenset({UNKNOWN})}
    return {**given, fact: given[fact] | {draw(st.sampled_from(values_of(fact)))}}

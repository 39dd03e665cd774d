"""A whole proposal as values, and which of its answers belong together. Values in, values out."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeVar
from uuid import UUID

from db.enums import (
    Affected,
    Area,
    Build,
    DataClass,
    Decision,
    OutputUse,
    Practice,
    Processing,
    QuestionKind,
    Section,
)
from workflows.checkins.rules import Kpi
from workflows.intake.answers import OWN, SIMILAR, Answers, line, many, text
from workflows.intake.measures import kpis_of
from workflows.intake.rules import Named, asked_details, facts_of, own_fact
from workflows.policy.facts import BUILT_IN, UNKNOWN
from workflows.policy.shape import Question

Choice = TypeVar("Choice", bound=StrEnum)


@dataclass(frozen=True, slots=True)
class OwnAnswer:
    """An answer to a question of the organisation's own, in the words it was asked and answered in.

    What was typed says nothing beside its value, and no policy can judge it.
    """

    key: str
    section: Section
    asked: str
    values: tuple[str, ...]
    says: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Proposal:
    """A whole proposal, fit to be decided on."""

    name: str
    problem: str
    team: str
    owner_id: UUID
    sponsor_id: UUID
    objective: str
    output_use: OutputUse
    outputs: str
    benefit: str
    data_class: DataClass
    processing: Processing
    build: Build
    affected: tuple[Affected, ...]
    decision: Decision
    areas: tuple[Area, ...]
    practices: tuple[Practice, ...]
    kpis: tuple[Kpi, ...]
    vendor: str = ""
    model: str = ""
    oversight: str = ""
    differs: str = ""
    similar: tuple[UUID, ...] = ()
    own: tuple[OwnAnswer, ...] = ()
    confidential: bool = False

    def facts(self) -> dict[str, frozenset[str]]:
        """Return what the policy judges."""
        built_in = {fact: getattr(self, fact) for fact in BUILT_IN}
        facts = {
            fact: frozenset(value) if isinstance(value, tuple) else frozenset({value})
            for fact, value in built_in.items()
        }
        return {**facts, **{each.key: frozenset(each.values) for each in self.own if each.says}}


def proposal_of(answers: Answers, questions: Sequence[Question], *, named: Named) -> Proposal:
    """Return the proposal in answers without problems. What was typed for a question no longer asked is left out."""
    asked = {*asked_details(answers, questions)}
    facts = facts_of(answers, questions)
    owner_id, sponsor_id = named.id_of(text(answers, "owner")), named.id_of(text(answers, "sponsor"))
    if owner_id is None or sponsor_id is None:
        raise ValueError("a proposal needs an owner and a sponsor")
    similar = tuple(map(UUID, many(answers, SIMILAR)))
    return Proposal(
        name=line(answers, "name"),
        problem=text(answers, "problem"),
        team=line(answers, "team"),
        owner_id=owner_id,
        sponsor_id=sponsor_id,
        objective=line(answers, "objective"),
        output_use=_only(OutputUse, facts["output_use"]),
        outputs=text(answers, "outputs"),
        benefit=text(answers, "benefit"),
        differs=text(answers, "differs") if similar else "",
        similar=similar,
        data_class=_only(DataClass, facts["data_class"]),
        processing=_only(Processing, facts["processing"]),
        build=_only(Build, facts["build"]),
        vendor=line(answers, "vendor") if "vendor" in asked else "",
        model=line(answers, "model") if "model" in asked else "",
        affected=tuple(each for each in Affected if each in facts["affected"]),
        decision=_only(Decision, facts["decision"]),
        oversight=text(answers, "oversight") if "oversight" in asked else "",
        areas=tuple(each for each in Area if each in facts["areas"]),
        practices=tuple(each for each in Practice if each in facts["practices"]),
        own=tuple(_own(answers, each) for each in questions if OWN + each.key in asked),
        kpis=kpis_of(answers),
        confidential=bool(many(answers, "confidential")),
    )


def sections_of(proposal: Proposal) -> dict[Section, dict[str, object]]:
    """Return the answers by the section a vote is bound to. The name is cosmetic: changing it re-opens nothing."""
    sections: dict[Section, dict[str, object]] = {
        Section.PURPOSE: _values(proposal, "problem", "team", "objective", "output_use", "outputs"),
        Section.DATA: _values(proposal, "data_class", "processing"),
        Section.MODEL: _values(proposal, "build", "vendor", "model"),
        Section.PEOPLE: _values(proposal, "owner_id", "sponsor_id", "affected", "areas", "practices"),
        Section.OVERSIGHT: _values(proposal, "decision", "oversight"),
        Section.VALUE: _values(proposal, "benefit") | {"kpis": [_kpi(each) for each in proposal.kpis]},
        Section.COSMETIC: _values(proposal, "name", "differs"),
    }
    for answer in proposal.own:
        sections[answer.section][OWN + answer.key] = list(answer.values)
    return sections


def _own(answers: Answers, question: Question) -> OwnAnswer:
    if question.kind is QuestionKind.TEXT:
        typed = text(answers, OWN + question.key)
        return OwnAnswer(question.key, question.section, question.ask, (typed,), ())
    words = {**question.options, UNKNOWN: "I do not know"}
    chosen = tuple(value for value in words if value in own_fact(answers, question))
    return OwnAnswer(question.key, question.section, question.ask, chosen, tuple(words[each] for each in chosen))


def _only(vocabulary: type[Choice], chosen: frozenset[str]) -> Choice:
    return vocabulary(next(iter(chosen)))


def _values(proposal: Proposal, *fields: str) -> dict[str, object]:
    found = {field: getattr(proposal, field) for field in fields}
    return {
        field: sorted(value) if isinstance(value, tuple) else str(value) if isinstance(value, UUID) else value
        for field, value in found.items()
    }


def _kpi(kpi: Kpi) -> dict[str, object]:
    ends = {"baseline": kpi.baseline, "target": kpi.target, "target_high": kpi.target_high}
    return {"name": kpi.name, "unit": kpi.unit, "direction": kpi.direction.value, "due": kpi.due.isoformat(), **ends}

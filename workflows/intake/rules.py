"""What a proposal must say, which facts it gives, and which of its answers belong together. Values in, values out."""

import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final, TypeVar
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
from workflows.intake.answers import OWN, SIMILAR, Answers, Step, line, many, text
from workflows.intake.measures import Kpi, Problem, kpi_problems, kpis_of
from workflows.policy.facts import BUILT_IN, UNKNOWN
from workflows.policy.routing import is_asked
from workflows.policy.shape import Question

NONE: Final = "none"
"""The answer “none of these” where several can be chosen."""

LONGEST: Final[Mapping[str, int]] = {
    "name": 250,
    "problem": 3000,
    "team": 80,
    "objective": 140,
    "differs": 1000,
    "vendor": 120,
    "model": 120,
    "oversight": 2000,
    "outputs": 2000,
    "benefit": 2000,
}
LONGEST_OWN: Final = 1000

Choice = TypeVar("Choice", bound=StrEnum)

_SEVERAL: Final = ("affected", "areas", "practices")
_WITH_NONE: Final = ("areas", "practices")


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


@dataclass(frozen=True, slots=True)
class Named:
    """The people a form names, by Slack id: who they are here, None for somebody who is no full member."""

    known: Mapping[str, UUID | None]
    unchecked: frozenset[str] = frozenset()

    def id_of(self, slack_id: str) -> UUID | None:
        return self.known.get(slack_id)


def facts_of(answers: Answers, questions: Sequence[Question]) -> dict[str, frozenset[str]]:
    """Return the facts in the answers so far. What was not answered is unknown; what was not asked is missing."""
    facts = {fact: _fact(answers, fact) for fact in BUILT_IN}
    asked = [each for each in questions if each.kind is not QuestionKind.TEXT and is_asked(each, facts)]
    return {**facts, **{each.key: _own_fact(answers, each) for each in asked}}


def asked_details(answers: Answers, questions: Sequence[Question]) -> tuple[str, ...]:
    """Return the fields of the details step that these facts call for; none means that there is no such step."""
    facts = facts_of(answers, ())
    fields: list[str] = []
    if facts["build"] - {Build.IN_HOUSE}:
        fields += ["vendor", "model"]
    if facts["decision"] - {Decision.NONE} or facts["areas"]:
        fields.append("oversight")
    return (*fields, *(OWN + each.key for each in questions if is_asked(each, facts)))


def steps_of(answers: Answers, questions: Sequence[Question]) -> tuple[Step, ...]:
    """Return the steps these answers lead through."""
    needed = {Step.SIMILAR: bool(many(answers, SIMILAR)), Step.DETAILS: bool(asked_details(answers, questions))}
    return tuple(step for step in Step if needed.get(step, True))


def problems_of(
    step: Step, answers: Answers, questions: Sequence[Question], *, named: Named, today: date
) -> list[Problem]:
    """Return what is wrong with the answers of one step, field by field; an empty list means nothing is."""
    match step:
        case Step.BASICS:
            return [*_basics(answers), *_people(answers, named)]
        case Step.SIMILAR:
            hint = "Say in a sentence why yours is different, or join one of these."
            return [*_missing(answers, {"differs": hint}), *_too_long(answers, ["differs"])]
        case Step.FACTS:
            return list(_facts(answers))
        case Step.DETAILS:
            return list(_details(answers, questions))
        case Step.VALUE:
            hints = {
                "outputs": "Say what it produces, for example a summary of one page.",
                "benefit": "Say what gets better, and for whom.",
            }
            found = [*_missing(answers, hints), *_too_long(answers, hints)]
            return [*found, *kpi_problems(answers, today=today)]
        case Step.PREVIEW:
            return []


def first_problems(
    answers: Answers, questions: Sequence[Question], *, named: Named, today: date
) -> tuple[Step, list[Problem]] | None:
    """Return the first step with something wrong in it, and what; None for a whole proposal."""
    for step in steps_of(answers, questions):
        problems = problems_of(step, answers, questions, named=named, today=today)
        if problems:
            return step, problems
    return None


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


def objective_key(name: str) -> str:
    """Return what makes an objective one and the same, however people type it."""
    return " ".join(unicodedata.normalize("NFKC", name).casefold().split())


# ------------------------------------------------------------------------------------------ step by step


def _basics(answers: Answers) -> Iterator[Problem]:
    yield from _missing(
        answers,
        {
            "name": "Give the use case a name people will recognise.",
            "problem": "Say which problem it solves, and for whom.",
            "team": "Name the team that will use it.",
            "objective": "Name the business objective this serves. A use case without one cannot be submitted.",
        },
    )
    yield from _too_long(answers, ("name", "problem", "team", "objective"))
    objective = line(answers, "objective")
    if len(objective) <= LONGEST["objective"] < len(objective_key(objective)):
        yield Problem("objective", "Please use fewer special characters.")
    yield from _choice(answers, "output_use", OutputUse)


def _people(answers: Answers, named: Named) -> Iterator[Problem]:
    hints = {"owner": "answer for it once it runs", "sponsor": "sponsor it"}
    for field, role in hints.items():
        slack_id = text(answers, field)
        if slack_id in named.unchecked:
            yield Problem(field, "Slack cannot be asked right now who this is. Please try again in a minute.")
        elif named.id_of(slack_id) is None:
            yield Problem(field, f"Choose a full member of your organisation: guests, apps and others cannot {role}.")


def _facts(answers: Answers) -> Iterator[Problem]:
    for fact in ("data_class", "processing", "build", *_SEVERAL, "decision"):
        yield from _choice(answers, fact, BUILT_IN[fact])
    for fact in _WITH_NONE:
        chosen = many(answers, fact)
        if NONE in chosen and len(chosen) > 1:
            yield Problem(fact, "“None of these” cannot be chosen together with another answer.")


def _details(answers: Answers, questions: Sequence[Question]) -> Iterator[Problem]:
    asked = asked_details(answers, questions)
    hints = {}
    if "vendor" in asked and facts_of(answers, ())["build"] != {UNKNOWN}:
        hints["vendor"] = "Name the vendor, or write that none is chosen yet."
    if "oversight" in asked:
        hints["oversight"] = "Say who looks at what it produces, and how."
    yield from _missing(answers, hints)
    yield from _too_long(answers, [field for field in asked if not field.startswith(OWN)])
    for question in questions:
        if OWN + question.key in asked:
            yield from _own_problems(answers, question)


def _own_problems(answers: Answers, question: Question) -> Iterator[Problem]:
    field = OWN + question.key
    if question.kind is not QuestionKind.TEXT:
        if set(many(answers, field)) - {*question.options, UNKNOWN}:
            yield Problem(field, "Choose from the list; its answers have changed.")
    elif not text(answers, field) and not question.optional:
        yield Problem(field, "Please answer this.")
    elif len(text(answers, field)) > LONGEST_OWN:
        yield Problem(field, f"At most {LONGEST_OWN} characters; this has {len(text(answers, field))}.")


def _missing(answers: Answers, hints: Mapping[str, str]) -> list[Problem]:
    return [Problem(field, hint) for field, hint in hints.items() if not text(answers, field)]


def _too_long(answers: Answers, fields: Iterable[str]) -> list[Problem]:
    lengths = {field: len(text(answers, field)) for field in fields}
    return [
        Problem(field, f"At most {LONGEST[field]} characters; this has {length}.")
        for field, length in lengths.items()
        if length > LONGEST[field]
    ]


def _choice(answers: Answers, field: str, vocabulary: type[StrEnum]) -> list[Problem]:
    known = {*vocabulary, *((NONE,) if field in _WITH_NONE else ())}
    return [] if set(many(answers, field)) <= known else [Problem(field, "Choose from the list.")]


# ------------------------------------------------------------------------------------------------ values


def _fact(answers: Answers, fact: str) -> frozenset[str]:
    chosen = frozenset(many(answers, fact)) & {*BUILT_IN[fact], NONE}
    if not chosen:
        return frozenset({UNKNOWN})
    return chosen - {NONE} if fact in _WITH_NONE else chosen


def _own_fact(answers: Answers, question: Question) -> frozenset[str]:
    return frozenset(many(answers, OWN + question.key)) & {*question.options, UNKNOWN} or frozenset({UNKNOWN})


def _own(answers: Answers, question: Question) -> OwnAnswer:
    if question.kind is QuestionKind.TEXT:
        typed = text(answers, OWN + question.key)
        return OwnAnswer(question.key, question.section, question.ask, (typed,), ())
    words = {**question.options, UNKNOWN: "I do not know"}
    chosen = tuple(value for value in words if value in _own_fact(answers, question))
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

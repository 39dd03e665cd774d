"""What a proposal must say, which facts it gives, and what it is asked for. Values in, values out."""

import unicodedata
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final
from uuid import UUID

from db.enums import (
    Build,
    Decision,
    OutputUse,
    QuestionKind,
    Section,
    Tier,
    UseCaseState,
)
from workflows.intake.answers import OWN, SIMILAR, Answers, Step, line, many, text
from workflows.intake.measures import Problem, kpi_problems
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

LIVE: Final = frozenset(
    {UseCaseState.IN_DEPLOYMENT, UseCaseState.DEPLOYED, UseCaseState.OPTIMISING, UseCaseState.SCALING}
)
CHANGEABLE: Final = LIVE | {
    UseCaseState.APPROVED,
    UseCaseState.APPROVED_WITH_CONDITIONS,
    UseCaseState.SUSPENDED,
}
"""What has been approved: an edit of it is a change request. What break-glass let through is not, whatever it is."""

_SEVERAL: Final = ("affected", "areas", "practices")
_WITH_NONE: Final = ("areas", "practices")


@dataclass(frozen=True, slots=True)
class Named:
    """The people a form names, by Slack id: who they are here, None for somebody who is no full member."""

    known: Mapping[str, UUID | None]
    unchecked: frozenset[str] = frozenset()

    def id_of(self, slack_id: str) -> UUID | None:
        return self.known.get(slack_id)


class Effect(StrEnum):
    """What an edit of something approved does in the moment it is sent."""

    NOTHING = "nothing"  # it says the same
    AT_ONCE = "at_once"  # it is in force: nobody decides about what is cosmetic
    ASKED = "asked"  # the approval holds until the change is decided
    RETURNS = "returns"  # its tier rose, so the approval no longer counts: it is in review again
    SUSPENDS = "suspends"  # its tier rose while people use it: it stops until the change is approved


def effect_of_change(state: UseCaseState, *, changed: Collection[Section], was: Tier, becomes: Tier) -> Effect:
    """Return what an edit does to a use case of one of the CHANGEABLE states.

    An approval outlives an edit until that is decided, unless the tier rises to high or prohibited.
    """
    if not changed:
        return Effect.NOTHING
    if set(changed) == {Section.COSMETIC}:
        return Effect.AT_ONCE
    strictest_first = list(Tier)
    rose = strictest_first.index(becomes) < strictest_first.index(was) and becomes in (Tier.PROHIBITED, Tier.HIGH)
    if not rose or state is UseCaseState.SUSPENDED:
        return Effect.ASKED
    return Effect.SUSPENDS if state in LIVE else Effect.RETURNS


def facts_of(answers: Answers, questions: Sequence[Question]) -> dict[str, frozenset[str]]:
    """Return the facts in the answers so far. What was not answered is unknown; what was not asked is missing."""
    facts = {fact: _fact(answers, fact) for fact in BUILT_IN}
    asked = [each for each in questions if each.kind is not QuestionKind.TEXT and is_asked(each, facts)]
    return {**facts, **{each.key: own_fact(answers, each) for each in asked}}


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


def own_fact(answers: Answers, question: Question) -> frozenset[str]:
    return frozenset(many(answers, OWN + question.key)) & {*question.options, UNKNOWN} or frozenset({UNKNOWN})

"""No small group is told, and none follows from what is: tried by somebody who knows every sum and can calculate."""

from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from itertools import product
from typing import Any
from uuid import UUID

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from db.enums import UsageMeasure
from tests.support.sampling import LAST_WEEK, THIS_WEEK, said
from workflows.adoption import Adoption, Figure, TeamUse, Telling, by_team
from workflows.adoption.suppression import Sum, hidden
from workflows.adoption.weekly_rules import Case, Kind

Equation = Mapping[Any, int | Fraction]


# ------------------------------------------------------------------------------------ somebody who calculates


def rank(rows: Sequence[Equation]) -> int:
    names = sorted({name for row in rows for name in row}, key=str)
    left = [[Fraction(row.get(name, 0)) for name in names] for row in rows]
    found = 0
    for column in range(len(names)):
        at = next((place for place in range(found, len(left)) if left[place][column]), None)
        if at is None:
            continue
        left[found], left[at] = left[at], left[found]
        for place in range(found + 1, len(left)):
            times = left[place][column] / left[found][column]
            left[place] = [one - times * other for one, other in zip(left[place], left[found], strict=True)]
        found += 1
    return found


def follows(wanted: Equation, equations: Sequence[Equation]) -> bool:
    """Say whether a sum of unknowns is settled by these equations over them."""
    return rank([*equations, wanted]) == rank(equations)


def others(leaves: Mapping[Any, int], equations: Sequence[Equation], *, by: int) -> Iterator[dict[Any, int]]:
    """Yield the whole numbers, nought or more, at most so far from what they are, that solve the same equations."""
    reach = [range(max(0, value - by), value + by + 1) for value in leaves.values()]
    told = [sum(leaves[name] * much for name, much in row.items()) for row in equations]
    for values in product(*reach):
        tried = dict(zip(leaves, values, strict=True))
        if all(
            sum(tried[name] * much for name, much in row.items()) == is_
            for row, is_ in zip(equations, told, strict=True)
        ):
            yield tried


# ------------------------------------------------------------------------------------------------- by hand


def one_total(**parts: int | None) -> tuple[dict[str, int | None], list[Sum[str]]]:
    return {"total": sum(each or 0 for each in parts.values()), **parts}, [Sum("total", tuple(parts))]


@pytest.mark.parametrize(
    ("parts", "expected"),
    [
        pytest.param({"a": 20, "b": 30}, "", id="nobody is few"),
        pytest.param({"a": 3, "b": 20, "c": 30}, "a b", id="one follows by subtraction: the next smallest goes too"),
        pytest.param({"a": 0, "b": 0, "c": 30, "d": 12}, "a b d", id="a sum of nought gives both away"),
        pytest.param({"a": 2, "b": 2, "c": 9, "d": 9}, "a b c", id="two of four people together; the first of a tie"),
        pytest.param({"a": 4, "b": 4, "c": 9}, "a b", id="two of eight people together"),
        pytest.param({"a": 3, "b": None, "c": 9, "d": 20}, "a c", id="nobody reported: no part of anything"),
        pytest.param({"a": 4}, "a total", id="the only one"),
        pytest.param({"a": 0, "b": 0}, "a b total", id="nobody at all"),
        pytest.param({"a": 5, "b": 5}, "", id="five are told"),
    ],
)
def test_small_groups_are_hidden_and_what_would_let_one_follow(parts: dict[str, int | None], expected: str) -> None:
    cells, sums = one_total(**parts)

    assert hidden(cells, sums) == set(expected.split())


def test_what_is_withheld_is_hidden_however_large_and_does_not_follow() -> None:
    cells, sums = one_total(a=40, b=12, c=30)

    assert hidden(cells, sums, withheld={"c"}) == {"b", "c"}


def test_what_follows_from_several_sums_together_is_hidden_too() -> None:
    # Two are hidden in each row and each column but `x`, which joins two squares: it follows from all of them together.
    cells = dict.fromkeys("abcdefgh", 9) | {"x": 7}
    rows = {"row 1": "ab", "row 2": "cdx", "row 3": "ef", "row 4": "gh"}
    columns = {"column 1": "ac", "column 2": "bd", "column 3": "xeg", "column 4": "fh"}
    sums = [Sum(total, tuple(parts)) for total, parts in (rows | columns).items()]
    whole = cells | {each.total: sum(cells[part] for part in each.parts) for each in sums}
    equations = [dict.fromkeys(each.parts, 1) for each in sums]

    assert follows({"x": 1}, equations)
    assert len(hidden(whole, sums, withheld=cells)) > len(cells)


def test_what_cannot_be_otherwise_because_nobody_is_less_than_nought_is_hidden_with_something_more() -> None:
    # A ring of six: two in each row and column, together five or more. One more here is one less there, and both ways
    # somebody stands at nought already. What is shown would give all six away.
    ring = {"1 a": 0, "1 b": 5, "2 b": 5, "2 c": 0, "3 c": 5, "3 a": 5}
    cells = ring | {"1 c": 9, "2 a": 9, "3 b": 9}
    sums = [Sum(each, tuple(name for name in cells if each in name)) for each in "123abc"]
    whole = cells | {each.total: sum(cells[part] for part in each.parts) for each in sums}
    equations = [{part: 1 for part in each.parts if part in ring} for each in sums]

    assert list(others(ring, equations, by=5)) == [ring]
    assert not any(follows({name: 1}, equations) for name in ring)
    assert hidden(whole, sums, withheld=ring) > ring.keys()


def test_numbers_that_do_not_add_up_are_refused() -> None:
    with pytest.raises(ValueError, match="is not the sum of its parts"):
        hidden({"total": 11, "a": 5, "b": 5}, [Sum("total", ("a", "b"))])


# -------------------------------------------------------------------------------------- whatever the numbers

PEOPLE = st.one_of(st.none(), st.integers(0, 14))


@st.composite
def systems(draw: st.DrawFn) -> tuple[dict[str, int | None], list[Sum[str]], frozenset[str]]:
    """Return one total; a table of teams by two attributes; or two windows that share who stayed, by team."""
    teams = [f"t{number}" for number in range(draw(st.integers(1, 3)))]
    shape = draw(st.sampled_from(["total", "table", "windows"]))
    kinds = {"total": ["all"], "table": ["both", "rest"], "windows": ["retained", "returned", "lapsed"]}[shape]
    sums = {"total": {}, "table": {"active": ("both", "rest")}}.get(shape)
    if sums is None:
        sums, teams = {"active": ("retained", "returned"), "before": ("retained", "lapsed")}, teams[:2]
    cells: dict[str, int | None] = {f"{kind} {team}": draw(PEOPLE) for kind in kinds for team in teams}
    leaves, tied = list(cells), []
    for whole, parts in sums.items():
        tied += [Sum(f"{whole} {team}", tuple(f"{part} {team}" for part in parts)) for team in teams]
        tied.append(Sum(f"{whole} in all", tuple(f"{part} in all" for part in parts)))
    tied += [Sum(f"{kind} in all", tuple(f"{kind} {team}" for team in teams)) for kind in (*kinds, *sums)]
    for each in sorted(tied, key=lambda each: ("in all" in each.total, each.total.split()[0] in sums)):
        told = [cells[part] for part in each.parts if cells.get(part) is not None]
        cells[each.total] = sum(each for each in told if each is not None) if told else None
    withheld = draw(st.sets(st.sampled_from(leaves), max_size=1))
    return cells, tied, frozenset(withheld)


@settings(max_examples=120, deadline=None)
@given(systems())
def test_nothing_hidden_follows_from_what_is_shown(
    system: tuple[dict[str, int | None], list[Sum[str]], frozenset[str]],
) -> None:
    cells, sums, withheld = system
    known = {name: people for name, people in cells.items() if people is not None}

    gone = hidden(cells, sums, withheld=withheld)

    assert all(known[name] >= 5 and name not in withheld for name in known.keys() - gone)
    ties = [(each.total, [part for part in each.parts if part in known]) for each in sums if each.total in known]
    for total, parts in ties:
        away = [part for part in parts if part in gone]
        assert not away or total in gone or (len(away) > 1 and sum(known[part] for part in away) >= 5)
    # Unknowns are what is hidden; what is shown moves to the other side.
    equations = [
        {name: much for name, much in {total: -1, **dict.fromkeys(parts, 1)}.items() if name in gone}
        for total, parts in ties
    ]
    assert not [name for name in gone if follows({name: 1}, equations)]
    unknown = {name: people for name, people in known.items() if name in gone}
    could_be: dict[str, set[int]] = {name: set() for name in gone}
    for by in (1, 2):
        for tried in completions(unknown, ties, known, gone, by=by):
            for name, people in tried.items():
                could_be[name].add(people)
        if all(len(each) > 1 for each in could_be.values()):
            return
    raise AssertionError([name for name, each in could_be.items() if len(each) < 2])


def completions(
    unknown: Mapping[str, int],
    ties: Sequence[tuple[str, list[str]]],
    known: Mapping[str, int],
    gone: frozenset[str],
    *,
    by: int,
) -> Iterator[dict[str, int]]:
    """Yield what could be hidden: numbers of the smallest groups, with totals that are shown or follow from them."""
    totals = {total for total, _ in ties}
    leaves = {name: people for name, people in unknown.items() if name not in totals}
    for values in product(*(range(max(0, people - by), people + by + 1) for people in leaves.values())):
        tried, fits = dict(zip(leaves, values, strict=True)), True
        left = list(ties)
        while left and fits:
            total, parts = left.pop(0)
            if any(part in gone and part not in tried for part in parts):
                left.append((total, parts))
                continue
            people = sum(tried.get(part, known[part]) for part in parts)
            fits = tried.setdefault(total, people) == people if total in gone else known[total] == people
        if fits:
            yield tried


@settings(max_examples=50, deadline=None)
@given(systems())
def test_what_nobody_reported_changes_nothing_and_the_same_numbers_hide_the_same(
    system: tuple[dict[str, int | None], list[Sum[str]], frozenset[str]],
) -> None:
    cells, sums, withheld = system
    without = {name: people for name, people in cells.items() if people is not None}

    assert hidden(cells, sums, withheld=withheld) == hidden(without, sums, withheld=withheld)


# -------------------------------------------------------------------------------------------- of whole weeks

TEAMS = ("a", "b", "c")
UNNAMED = "unnamed"
MEASURES = (UsageMeasure.ELIGIBLE, UsageMeasure.ASSIGNED, UsageMeasure.ACTIVE)
Told = Mapping[UsageMeasure, int]


@st.composite
def companies(draw: st.DrawFn) -> list[tuple[str, bool, Told, Told]]:
    """Return use cases: of which team, whether confidential, and what is told of the week and the one before."""
    told = st.dictionaries(st.sampled_from(MEASURES), st.integers(0, 12))
    case = st.tuples(st.sampled_from(TEAMS), st.sampled_from([False, False, False, True]), told, told)
    return draw(st.lists(case, min_size=1, max_size=7))


def as_cases(company: Sequence[tuple[str, bool, Told, Told]]) -> list[Case]:
    return [
        Case(
            UUID(int=number),
            team,
            confidential,
            [said(measure, people, THIS_WEEK) for measure, people in now.items()],
            [said(measure, people, LAST_WEEK) for measure, people in before.items()],
        )
        for number, (team, confidential, now, before) in enumerate(company)
    ]


KEY_OF = {team: team for team in TEAMS}


@settings(max_examples=50, deadline=None)  # whatever is wrong with a sum is wrong with most of them
@given(companies())
def test_totals_are_of_all_teams_and_what_nobody_said_is_not_nought(
    company: list[tuple[str, bool, Told, Told]],
) -> None:
    adoption = by_team.adoption(as_cases(company), KEY_OF)

    for name, each in rows(adoption).items():
        of_it = [case for case in company if name == "" or (case[0] == name and not case[1])]
        for measure, window, figure in figures(each):
            told = [case[window][measure] for case in of_it if measure in case[window]]
            assert figure.value == (float(sum(told)) if figure.is_shown else None)
            assert (figure.telling in (Telling.NOT_REPORTED, Telling.NOT_MEASURABLE)) == (not told)
            assert figure.is_shown is False or max(told) >= 5 or name == ""
        assert each.cases == sum(bool(case[2]) for case in of_it)
        if each.change.is_shown:
            assert each.active.value is not None
            assert each.before.value is not None
            assert each.change.value == each.active.value - each.before.value
        both = [case[2] for case in of_it if {UsageMeasure.ELIGIBLE, UsageMeasure.ACTIVE} <= case[2].keys()]
        if each.rate.value is not None:
            share = Fraction(sum(case[UsageMeasure.ACTIVE] for case in both), eligible_in(both))
            assert abs(Fraction(each.rate.value) - 100 * share) <= Fraction(1, 2)
    assert adoption.unreported == sum(not now for _, _, now, _ in company)


@settings(max_examples=150, deadline=None)
@given(companies())
def test_no_number_of_people_follows_from_a_whole_week(company: list[tuple[str, bool, Told, Told]]) -> None:
    adoption = by_team.adoption(as_cases(company), KEY_OF)

    for window in (2, 3):
        unknown = leaves_of(company, window)
        equations = list(shown_of(adoption, unknown, company, window))
        for group in (*TEAMS, UNNAMED):
            for measure in MEASURES:
                wanted = {name: 1 for name in unknown if name[:2] == (group, measure)}
                if wanted and not is_told(adoption, group, measure, window):
                    assert not follows(wanted, equations), (group, measure)


@settings(max_examples=80, deadline=None)
@given(companies())
def test_no_number_of_active_people_follows_because_nobody_is_less_than_nought(
    company: list[tuple[str, bool, Told, Told]],
) -> None:
    adoption = by_team.adoption(as_cases(company), KEY_OF)
    leaves = {name: people for name, people in leaves_of(company, 2).items() if name[1] is UsageMeasure.ACTIVE}
    equations = [
        row for row in shown_of(adoption, leaves, company, 2, exact=True) if row and row.keys() <= leaves.keys()
    ]
    for group in (*TEAMS, UNNAMED):
        own = [name for name in leaves if name[0] == group]
        if own and not is_told(adoption, group, UsageMeasure.ACTIVE, 2):
            found = {sum(tried[name] for name in own) for tried in others(leaves, equations, by=1)}
            found |= (
                set()
                if len(found) > 1
                else {sum(tried[name] for name in own) for tried in others(leaves, equations, by=2)}
            )
            assert len(found) > 1, group


@settings(max_examples=50, deadline=None)
@given(companies())
def test_the_digest_of_a_team_tells_what_that_of_all_does(company: list[tuple[str, bool, Told, Told]]) -> None:
    cases = as_cases(company)
    whole = by_team.adoption(cases, KEY_OF)
    assume(whole.teams)
    for row in whole.teams:
        of_it = by_team.adoption(cases, KEY_OF, team=row.team)

        assert of_it.teams == (row,)
        assert figures(of_it.total) == figures(row)
        assert of_it.total.rate == row.rate


def rows(adoption: Adoption) -> dict[str, TeamUse]:
    return {each.team: each for each in (*adoption.teams, adoption.total)}


def figures(row: TeamUse) -> list[tuple[UsageMeasure, int, Figure]]:
    return [
        (UsageMeasure.ELIGIBLE, 2, row.eligible),
        (UsageMeasure.ASSIGNED, 2, row.assigned),
        (UsageMeasure.ACTIVE, 2, row.active),
        (UsageMeasure.ACTIVE, 3, row.before),
    ]


def eligible_in(cases: Sequence[Told]) -> int:
    return sum(case[UsageMeasure.ELIGIBLE] for case in cases)


def is_told(adoption: Adoption, group: str, measure: UsageMeasure, window: int) -> bool:
    row = rows(adoption).get(group)
    told = {(each, when): figure for each, when, figure in figures(row)} if row else {}
    return (measure, window) in told and told[measure, window].is_shown


def leaves_of(
    company: Sequence[tuple[str, bool, Told, Told]], window: int
) -> dict[tuple[str, UsageMeasure, bool], int]:
    """Return the people of each group by what they are and whether their use case told eligible and active people."""
    found: dict[tuple[str, UsageMeasure, bool], int] = {}
    for case in company:
        told: Told = case[window]  # type: ignore[assignment]
        both = {UsageMeasure.ELIGIBLE, UsageMeasure.ACTIVE} <= told.keys()
        for measure, people in told.items():
            name = (UNNAMED if case[1] else case[0], measure, both and measure is not UsageMeasure.ASSIGNED)
            found[name] = found.get(name, 0) + people
    return found


def shown_of(
    adoption: Adoption,
    leaves: Mapping[tuple[str, UsageMeasure, bool], int],
    company: Sequence[tuple[str, bool, Told, Told]],
    window: int,
    *,
    exact: bool = False,
) -> Iterator[Equation]:
    """Yield what is shown of a window as equations over its people. Rates are told exactly, though they are rounded.

    `exact` lets whoever reads a rate know who is active among those it is of, as if they knew how many are eligible.
    """
    whole = leaves_of(company, window)
    for name, row in rows(adoption).items():
        mine = [leaf for leaf in leaves if name in ("", leaf[0])]
        for measure, when, figure in figures(row):
            if when == window and figure.is_shown:
                yield {leaf: 1 for leaf in mine if leaf[1] is measure}
        if window == 2 and row.rate.is_shown:
            active = {leaf: people for leaf, people in whole.items() if leaf[1] is UsageMeasure.ACTIVE and leaf[2]}
            among = {leaf: people for leaf, people in whole.items() if leaf[1] is UsageMeasure.ELIGIBLE and leaf[2]}
            some = sum(people for leaf, people in active.items() if name in ("", leaf[0]))
            of = sum(people for leaf, people in among.items() if name in ("", leaf[0]))
            if exact:
                yield {leaf: 1 for leaf in active if name in ("", leaf[0])}
            else:
                yield {leaf: of for leaf in active if name in ("", leaf[0])} | {
                    leaf: -some for leaf in among if name in ("", leaf[0])
                }


def test_a_rate_is_told_only_with_the_people_it_is_of() -> None:
    both = {UsageMeasure.ELIGIBLE: 100, UsageMeasure.ACTIVE: 50}
    few = {UsageMeasure.ACTIVE: 3}

    adoption = by_team.adoption(as_cases([("a", False, both, {}), ("a", False, few, {})]), KEY_OF)

    # Fifty-three are active; half of a hundred eligible would say that three of them are of the other use case.
    [row] = adoption.teams
    assert (row.active.value, row.eligible.value) == (53, 100)
    assert row.rate == Figure(Telling.SUPPRESSED)


def test_what_no_source_can_tell_is_not_called_unreported() -> None:
    by_day = [said(UsageMeasure.ACTIVE, 9, kind=Kind.DAYS)]
    cases = [Case(UUID(int=1), "a", confidential=False, now=by_day, before=[])]

    [row] = by_team.adoption(cases, KEY_OF).teams

    assert (row.active, row.eligible.telling, row.assigned.telling) == (
        Figure.of(9),
        Telling.NOT_MEASURABLE,
        Telling.NOT_MEASURABLE,
    )
    assert (row.rate.telling, row.before.telling) == (Telling.NOT_MEASURABLE, Telling.NOT_REPORTED)


def test_at_most_fifty_teams_are_named_by_name_and_the_rest_is_in_the_total() -> None:
    teams = {f"team {number:02}": f"team {number:02}" for number in range(52)}
    told = [{UsageMeasure.ACTIVE: 60 - number} for number in range(52)]
    cases = as_cases([(team, False, each, {}) for team, each in zip(teams, told, strict=True)])

    found = by_team.adoption(cases, teams)

    assert [each.team for each in found.teams] == list(teams)[:50]
    assert found.total.active == Figure.of(sum(60 - number for number in range(52)))
    assert by_team.adoption(cases, teams, team="team 51").total.active == Figure.of(9)


def test_movers_are_the_teams_whose_rate_changed_most_where_both_are_shown() -> None:
    def week(active: int) -> Told:
        return {UsageMeasure.ELIGIBLE: 100, UsageMeasure.ACTIVE: active}

    moves = {"a": (30, 26), "b": (30, 35), "c": (30, 90), "d": (40, 30), "e": (50, 42), "f": (4, 80)}
    cases = as_cases([(team, False, week(now), week(before)) for team, (now, before) in moves.items()])

    assert by_team.adoption(cases, {team: team for team in moves}).movers == ("c", "d", "e")

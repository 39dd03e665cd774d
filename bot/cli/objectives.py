"""Business objectives from the command line: who stands for which, and which serves which."""

from bot.cli.commands import RefusedError, clock, open_database
from bot.cli.slack import full_member
from db.enums import Membership
from handlers.objectives.words import why_text
from workflows import intake, objectives
from workflows.intake import NoOwner, Owned
from workflows.objectives import NotTied, Tied
from workflows.people import Actor


def list_all() -> int:
    """Print every objective with its owner and sponsor, below the one it serves."""
    with open_database().reading() as session:
        found = objectives.tree(session).nodes
    for node in found:
        each = node.objective
        owner = _called(each.owner) if each.owner else "nobody"
        sponsor = f"; sponsored by {_called(each.sponsor)}" if each.sponsor else ""
        print(f"{'  ' * (node.depth - 1)}{each.name}: {owner}{sponsor}")
    if not found:
        print("There is no objective yet. Each begins with the first use case that names it.")
    return 0


def set_owner(name: str, slack_id: str) -> int:
    """Make a full member the owner of an objective, for what is submitted from now on."""
    database = open_database()
    member = full_member(database, slack_id, what="own objectives")
    with database.transaction() as session:
        owned = _owned(name, intake.set_objective_owner(session, name, member, actor=None, now=clock().now()))
    if owned.is_new:
        print(f"{_called(member)} owns “{owned.objective.name}”. Requests in review keep whom they ask.")
    else:
        print(f"{_called(member)} owned “{owned.objective.name}” already.")
    return 0


def clear_owner(name: str) -> int:
    """Leave an objective without an owner; a lane that asks for them asks its fallback."""
    with open_database().transaction() as session:
        owned = _owned(name, intake.set_objective_owner(session, name, None, actor=None, now=clock().now()))
    if owned.is_new:
        print(f"“{owned.objective.name}” has no owner any more. Requests in review keep whom they ask.")
    else:
        print(f"“{owned.objective.name}” had no owner.")
    return 0


def set_sponsor(name: str, slack_id: str | None) -> int:
    """Make a full member the sponsor of an objective, or nobody."""
    database = open_database()
    member = full_member(database, slack_id, what="sponsor objectives") if slack_id else None
    with database.transaction() as session:
        tied = _tied(name, objectives.set_sponsor(session, name, member, actor=None, now=clock().now()))
    now, already = ("now", "already") if member else ("any more", "before either")
    who = f"{_called(member)} sponsors" if member else "Nobody sponsors"
    print(f"{who} “{tied.objective.name}” {now if tied.is_new else already}.")
    return 0


def set_parent(name: str, parent: str | None) -> int:
    """Say which larger objective one serves, or none."""
    with open_database().transaction() as session:
        tied = _tied(name, objectives.set_parent(session, name, parent, actor=None, now=clock().now()))
    where = f"serves “{parent}”" if parent else "stands at the top"
    print(f"“{tied.objective.name}” {where} {'now' if tied.is_new else 'already'}.")
    return 0


def add(name: str, *, by: str) -> int:
    """Add an objective that no use case names yet."""
    database = open_database()
    member = full_member(database, by, what="add objectives")
    with database.transaction() as session:
        added = objectives.add(session, name, actor=member, now=clock().now())
    if isinstance(added, NotTied):
        raise RefusedError(why_text(added))
    print(f"“{added.name}” is there now. Say what serves it: gatehouse objectives under NAME {added.name!r}")
    return 0


def _tied(name: str, outcome: Tied | NotTied) -> Tied:
    if not isinstance(outcome, NotTied):
        return outcome
    if outcome.why is objectives.Why.UNKNOWN:
        raise RefusedError(f"There is no objective “{name}”. Those there are: gatehouse objectives list")
    raise RefusedError(why_text(outcome))


def _owned(name: str, outcome: Owned | NoOwner) -> Owned:
    match outcome:
        case NoOwner.UNKNOWN_OBJECTIVE:
            raise RefusedError(f"There is no objective “{name}”. Those there are: gatehouse objectives list")
        case NoOwner.NOT_A_MEMBER:
            raise RefusedError("Only full members of the organisation own objectives. Nothing was changed.")
        case Owned():
            return outcome


def _called(person: Actor) -> str:
    left = "" if person.membership is Membership.MEMBER else f", {person.membership.value}"
    return f"{person.name} ({person.slack_id}{left})"

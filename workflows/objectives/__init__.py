"""Business objectives: who stands for each, which serves which, and what the use cases on them come to."""

from workflows.objectives.reading import Hanging, hanging_on, node_of, objectives, tree
from workflows.objectives.rules import DEEPEST, Node, Numbers, Objective, Stage, Tree
from workflows.objectives.tying import NotTied, Tied, Ties, Why, add, called, set_parent, set_sponsor, tie

__all__ = [
    "DEEPEST",
    "Hanging",
    "Node",
    "NotTied",
    "Numbers",
    "Objective",
    "Stage",
    "Tied",
    "Ties",
    "Tree",
    "Why",
    "add",
    "called",
    "hanging_on",
    "node_of",
    "objectives",
    "set_parent",
    "set_sponsor",
    "tie",
    "tree",
]

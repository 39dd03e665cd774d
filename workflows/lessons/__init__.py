"""What teams learnt from a use case, and how another team is brought to use it. Use cases are known by their ids."""

from workflows.lessons.listing import publish_checklist, to_list
from workflows.lessons.reading import checklist_of, lesson_of, lessons_for, lessons_of, written_of
from workflows.lessons.rules import (
    FEWEST_STEPS,
    LONGEST,
    LONGEST_REASON,
    LONGEST_STEP,
    MOST_STEPS,
    Answering,
    NoChecklist,
    NoLesson,
    Says,
    longest,
    steps_in,
)
from workflows.lessons.snapshots import ChecklistSnapshot, Kept, LessonSnapshot, NotKept, NotListed, WrittenOf
from workflows.lessons.writing import confirm, edit, publish, to_edit, to_withdraw, to_write, withdraw, write

__all__ = [
    "FEWEST_STEPS",
    "LONGEST",
    "LONGEST_REASON",
    "LONGEST_STEP",
    "MOST_STEPS",
    "Answering",
    "ChecklistSnapshot",
    "Kept",
    "LessonSnapshot",
    "NoChecklist",
    "NoLesson",
    "NotKept",
    "NotListed",
    "Says",
    "WrittenOf",
    "checklist_of",
    "confirm",
    "edit",
    "lesson_of",
    "lessons_for",
    "lessons_of",
    "longest",
    "publish",
    "publish_checklist",
    "steps_in",
    "to_edit",
    "to_list",
    "to_withdraw",
    "to_write",
    "withdraw",
    "write",
    "written_of",
]

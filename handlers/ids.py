"""Every name Slack keeps for us. They outlive deployments in posted messages: never rename one."""

from enum import StrEnum


class Action(StrEnum):
    APPROVE = "approvals.lane.approve"
    REQUEST_CHANGES = "approvals.lane.request_changes"
    REJECT = "approvals.lane.reject"
    OPEN = "approvals.request.open"
    PROPOSE = "intake.use_case.propose"
    EDIT = "intake.use_case.edit"
    PROPOSE_ANEW = "intake.use_case.propose_anew"


class Callback(StrEnum):
    VOTE = "approvals.lane.vote"
    REQUEST = "approvals.request.shown"
    SUBMIT_USE_CASE = "intake.use_case.submit"


class Block(StrEnum):
    DECISION = "approvals.lane.decision"
    REASON = "approvals.lane.reason"
    NAME = "intake.use_case.name"
    PROBLEM = "intake.use_case.problem"
    TEAM = "intake.use_case.team"
    OWNER = "intake.use_case.owner"
    OBJECTIVE = "intake.use_case.objective"
    KPI = "intake.use_case.kpi"
    DATA_CLASS = "intake.use_case.data_class"
    PROCESSING = "intake.use_case.processing"


class Command(StrEnum):
    USE_CASE = "/usecase"


class Event(StrEnum):
    HOME_OPENED = "app_home_opened"
    PERSON_CHANGED = "user_change"
    PERSON_JOINED = "team_join"


INPUT = "input"
"""The action id of every input: its block id already says which field it is."""

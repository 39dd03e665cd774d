"""Every name Slack keeps for us. They outlive deployments in posted messages: never rename one."""

from enum import StrEnum


class Action(StrEnum):
    APPROVE = "approvals.lane.approve"
    REQUEST_CHANGES = "approvals.lane.request_changes"
    REJECT = "approvals.lane.reject"
    OPEN = "approvals.request.open"
    PROPOSE = "intake.use_case.propose"
    ABOUT_ME = "people.details.open"
    SETTINGS = "settings.window.open"
    SETTINGS_PAGE = "settings.page.show"
    WITHDRAW_ROLE = "settings.role.withdraw"
    REMOVE_ROLE_CHANNEL = "settings.role_channel.remove"
    REMOVE_DIGEST = "settings.digest.remove"
    BACK = "intake.draft.back"
    ADD_KPI = "intake.draft.add_kpi"
    RESUME = "intake.draft.resume"
    DISCARD = "intake.draft.discard"
    JOIN = "intake.use_case.join"
    EDIT = "intake.use_case.edit"
    PROPOSE_ANEW = "intake.use_case.propose_anew"


class Callback(StrEnum):
    VOTE = "approvals.lane.vote"
    REQUEST = "approvals.request.shown"
    STEP = "intake.draft.step"
    SUBMIT_USE_CASE = "intake.use_case.submit"
    DRAFT_ENDED = "intake.draft.ended"
    NOT_DONE = "intake.draft.not_done"
    SAVE_ABOUT_ME = "people.details.save"
    SETTINGS = "settings.window.shown"
    SAVE_ROLE = "settings.role.save"
    SAVE_GOVERNANCE = "settings.governance.save"
    SAVE_DIGEST = "settings.digest.save"


class Block(StrEnum):
    DECISION = "approvals.lane.decision"
    REASON = "approvals.lane.reason"
    NAME = "intake.use_case.name"
    PROBLEM = "intake.use_case.problem"
    TEAM = "intake.use_case.team"
    OWNER = "intake.use_case.owner"
    SPONSOR = "intake.use_case.sponsor"
    OBJECTIVE = "intake.use_case.objective"
    OUTPUT_USE = "intake.use_case.output_use"
    CONFIDENTIAL = "intake.use_case.confidential"
    DIFFERS = "intake.use_case.differs"
    DATA_CLASS = "intake.use_case.data_class"
    PROCESSING = "intake.use_case.processing"
    BUILD = "intake.use_case.build"
    AFFECTED = "intake.use_case.affected"
    DECISION_BY = "intake.use_case.decision"
    AREAS = "intake.use_case.areas"
    PRACTICES = "intake.use_case.practices"
    VENDOR = "intake.use_case.vendor"
    MODEL = "intake.use_case.model"
    OVERSIGHT = "intake.use_case.oversight"
    OWN_QUESTION = "intake.use_case.own"
    OUTPUTS = "intake.use_case.outputs"
    BENEFIT = "intake.use_case.benefit"
    KPI_NAME = "intake.use_case.kpi_name"
    KPI_UNIT = "intake.use_case.kpi_unit"
    KPI_DIRECTION = "intake.use_case.kpi_direction"
    KPI_BASELINE = "intake.use_case.kpi_baseline"
    KPI_TARGET = "intake.use_case.kpi_target"
    KPI_DUE = "intake.use_case.kpi_due"
    MY_TEAM = "people.details.team"
    MY_COUNTRY = "people.details.country"
    MY_START = "people.details.starts"
    MY_END = "people.details.ends"
    MY_DAYS = "people.details.days"
    ROLE_PERSON = "settings.role.person"
    ROLE_GROUP = "settings.role.group"
    ROLE_CHANNEL = "settings.role.channel"
    GOVERNANCE_CHANNEL = "settings.governance.channel"
    DIGEST_CHANNEL = "settings.digest.channel"
    DIGEST_WEEKDAY = "settings.digest.weekday"
    DIGEST_TIME = "settings.digest.time"
    DIGEST_ZONE = "settings.digest.zone"


class Shortcut(StrEnum):
    PROPOSE = "intake.use_case.propose"
    FROM_MESSAGE = "intake.message.propose"


class Command(StrEnum):
    USE_CASE = "/usecase"


class Event(StrEnum):
    HOME_OPENED = "app_home_opened"
    PERSON_CHANGED = "user_change"
    PERSON_JOINED = "team_join"
    GROUP_MADE = "subteam_created"
    GROUP_CHANGED = "subteam_updated"
    GROUP_MEMBERS_CHANGED = "subteam_members_changed"


INPUT = "input"
"""The action id of every input: its block id already says which field it is."""

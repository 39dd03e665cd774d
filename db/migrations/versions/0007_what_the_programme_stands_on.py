"""What the programme stands on: foundation, gates, the way into use, lessons, rollouts, and what was found."""

import sqlalchemy as sa
from alembic import op

from db.migrations.vocabularies import reword, words_of

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

NEW_WORDS = (
    (
        "outbox",
        "kind",
        "ck_outbox_outbox_kind",
        (
            "foundation.review",
            "programme.gate_changed",
            "lifecycle.moved",
            "lifecycle.task_given",
            "lifecycle.task_due",
            "lifecycle.first_value_due",
            "rollouts.told",
            "recorded.propose",
        ),
    ),
    ("use_case_suspensions", "cause", "ck_use_case_suspensions_suspension_cause", ("by_hand",)),
)


def upgrade() -> None:
    op.create_table(
        "gate_lapses",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column(
            "phase",
            sa.Enum(
                "foundation",
                "focused_deployment",
                "optimisation",
                "scaling",
                name="phase",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column(
            "criterion",
            sa.Enum(
                "context_pack",
                "data_readiness",
                "governance_framework",
                "stakeholder_map",
                "data_handling",
                "acceptable_use",
                "human_oversight",
                "incident_response",
                "first_value",
                "measured",
                "improved",
                "lesson",
                name="criterion",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("noticed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("held_told_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_gate_lapses")),
    )
    with op.batch_alter_table("gate_lapses", schema=None) as batch_op:
        batch_op.create_index(
            "ix_gate_lapses_open",
            ["phase", "criterion"],
            unique=True,
            sqlite_where=sa.text("ended_at IS NULL"),
            postgresql_where=sa.text("ended_at IS NULL"),
        )

    op.create_table(
        "foundation_parts",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "context_pack",
                "data_readiness",
                "governance_framework",
                "stakeholder_map",
                "data_handling",
                "acceptable_use",
                "human_oversight",
                "incident_response",
                name="foundation_kind",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("owner_id", sa.Uuid(), nullable=True),
        sa.Column("newest", sa.Integer(), nullable=False),
        sa.Column("remind_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reminders", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["owner_id"], ["people.id"], name=op.f("fk_foundation_parts_owner_id_people")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_foundation_parts")),
        sa.UniqueConstraint("kind", name=op.f("uq_foundation_parts_kind")),
    )
    with op.batch_alter_table("foundation_parts", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_foundation_parts_remind_at"), ["remind_at"], unique=False)

    op.create_table(
        "gate_requests",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column(
            "phase",
            sa.Enum(
                "foundation",
                "focused_deployment",
                "optimisation",
                "scaling",
                name="phase",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column(
            "act",
            sa.Enum("open", "waive", name="gate_act", native_enum=False, create_constraint=True, length=32),
            nullable=False,
        ),
        sa.Column("evidence", sa.Text(), nullable=False),
        sa.Column("evidence_digest", sa.String(64), nullable=False),
        sa.Column("asked_by", sa.Uuid(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("took_effect_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("stands", sa.String(64), nullable=False),
        sa.Column("look_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["asked_by"], ["people.id"], name=op.f("fk_gate_requests_asked_by_people")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_gate_requests")),
        sa.UniqueConstraint("number", name=op.f("uq_gate_requests_number")),
    )
    with op.batch_alter_table("gate_requests", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_gate_requests_look_at"), ["look_at"], unique=False)
        batch_op.create_index(
            "ix_gate_requests_open",
            ["phase"],
            unique=True,
            sqlite_where=sa.text("settled_at IS NULL"),
            postgresql_where=sa.text("settled_at IS NULL"),
        )

    op.bulk_insert(
        sa.table("counters", sa.column("name", sa.String), sa.column("value", sa.Integer)),
        [{"name": "gate", "value": 0}],
    )

    op.create_table(
        "first_value_clocks",
        sa.Column("use_case_id", sa.Uuid(), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("ask_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["use_case_id"], ["use_cases.id"], name=op.f("fk_first_value_clocks_use_case_id_use_cases")
        ),
        sa.PrimaryKeyConstraint("use_case_id", name=op.f("pk_first_value_clocks")),
    )
    with op.batch_alter_table("first_value_clocks", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_first_value_clocks_ask_at"), ["ask_at"], unique=False)

    op.create_table(
        "foundation_editors",
        sa.Column("part_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["part_id"], ["foundation_parts.id"], name=op.f("fk_foundation_editors_part_id_foundation_parts")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_foundation_editors_person_id_people")),
        sa.PrimaryKeyConstraint("part_id", "number", "person_id", name=op.f("pk_foundation_editors")),
    )
    op.create_table(
        "foundation_items",
        sa.Column("part_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "voice_guide",
                "client_archetype",
                "terminology",
                "system",
                "ownership",
                "approval_workflow",
                "acceptable_use",
                "approver",
                "affected_group",
                name="item_kind",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("name", sa.String(120), nullable=False),
        sa.Column("says", sa.Text(), nullable=False),
        sa.Column("link", sa.String(400), nullable=True),
        sa.Column("person_id", sa.Uuid(), nullable=True),
        sa.Column(
            "quality",
            sa.Enum(
                "good",
                "partly",
                "poor",
                "unknown",
                name="quality",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=True,
        ),
        sa.Column(
            "accessibility",
            sa.Enum(
                "good",
                "partly",
                "poor",
                "unknown",
                name="accessibility",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=True,
        ),
        sa.Column(
            "compliance",
            sa.Enum(
                "good",
                "partly",
                "poor",
                "unknown",
                name="compliance",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=True,
        ),
        sa.ForeignKeyConstraint(
            ["part_id"], ["foundation_parts.id"], name=op.f("fk_foundation_items_part_id_foundation_parts")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_foundation_items_person_id_people")),
        sa.PrimaryKeyConstraint("part_id", "number", "position", name=op.f("pk_foundation_items")),
    )
    op.create_table(
        "foundation_versions",
        sa.Column("part_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column(
            "status",
            sa.Enum(
                "draft",
                "in_review",
                "changes_requested",
                "approved",
                "rejected",
                "withdrawn",
                "expired",
                name="version_status",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("link", sa.String(400), nullable=False),
        sa.Column("summary", sa.Text(), nullable=False),
        sa.Column("effective_on", sa.Date(), nullable=True),
        sa.Column("review_on", sa.Date(), nullable=True),
        sa.Column("salt", sa.String(64), nullable=False),
        sa.Column("begun_by", sa.Uuid(), nullable=False),
        sa.Column("begun_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("submitted_by", sa.Uuid(), nullable=True),
        sa.Column("submitted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("approved_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("revoked_by", sa.Uuid(), nullable=True),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("revoked_why", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(["begun_by"], ["people.id"], name=op.f("fk_foundation_versions_begun_by_people")),
        sa.ForeignKeyConstraint(
            ["part_id"], ["foundation_parts.id"], name=op.f("fk_foundation_versions_part_id_foundation_parts")
        ),
        sa.ForeignKeyConstraint(["revoked_by"], ["people.id"], name=op.f("fk_foundation_versions_revoked_by_people")),
        sa.ForeignKeyConstraint(["revoked_why"], ["texts.id"], name=op.f("fk_foundation_versions_revoked_why_texts")),
        sa.ForeignKeyConstraint(
            ["submitted_by"], ["people.id"], name=op.f("fk_foundation_versions_submitted_by_people")
        ),
        sa.PrimaryKeyConstraint("part_id", "number", name=op.f("pk_foundation_versions")),
    )
    op.create_table(
        "gate_waivers",
        sa.Column("request_id", sa.Uuid(), nullable=False),
        sa.Column(
            "criterion",
            sa.Enum(
                "context_pack",
                "data_readiness",
                "governance_framework",
                "stakeholder_map",
                "data_handling",
                "acceptable_use",
                "human_oversight",
                "incident_response",
                "first_value",
                "measured",
                "improved",
                "lesson",
                name="criterion",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("until", sa.Date(), nullable=False),
        sa.Column("reason_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["reason_id"], ["texts.id"], name=op.f("fk_gate_waivers_reason_id_texts")),
        sa.ForeignKeyConstraint(
            ["request_id"], ["gate_requests.id"], name=op.f("fk_gate_waivers_request_id_gate_requests")
        ),
        sa.PrimaryKeyConstraint("request_id", "criterion", name=op.f("pk_gate_waivers")),
    )
    op.create_table(
        "lessons",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("use_case_id", sa.Uuid(), nullable=False),
        sa.Column(
            "status",
            sa.Enum("draft", "published", name="lesson_status", native_enum=False, create_constraint=True, length=32),
            nullable=False,
        ),
        sa.Column("worked", sa.Text(), nullable=False),
        sa.Column("did_not", sa.Text(), nullable=False),
        sa.Column("advice", sa.Text(), nullable=False),
        sa.Column("written_by", sa.Uuid(), nullable=False),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("published_by", sa.Uuid(), nullable=True),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("withdrawn_why", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(["published_by"], ["people.id"], name=op.f("fk_lessons_published_by_people")),
        sa.ForeignKeyConstraint(["use_case_id"], ["use_cases.id"], name=op.f("fk_lessons_use_case_id_use_cases")),
        sa.ForeignKeyConstraint(["withdrawn_why"], ["texts.id"], name=op.f("fk_lessons_withdrawn_why_texts")),
        sa.ForeignKeyConstraint(["written_by"], ["people.id"], name=op.f("fk_lessons_written_by_people")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_lessons")),
        sa.UniqueConstraint("number", name=op.f("uq_lessons_number")),
    )
    with op.batch_alter_table("lessons", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_lessons_use_case_id"), ["use_case_id"], unique=False)

    op.create_table(
        "objective_ties",
        sa.Column("objective_id", sa.Uuid(), nullable=False),
        sa.Column("sponsor_id", sa.Uuid(), nullable=True),
        sa.Column("parent_id", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(
            ["objective_id"], ["objectives.id"], name=op.f("fk_objective_ties_objective_id_objectives")
        ),
        sa.ForeignKeyConstraint(["parent_id"], ["objectives.id"], name=op.f("fk_objective_ties_parent_id_objectives")),
        sa.ForeignKeyConstraint(["sponsor_id"], ["people.id"], name=op.f("fk_objective_ties_sponsor_id_people")),
        sa.PrimaryKeyConstraint("objective_id", name=op.f("pk_objective_ties")),
    )
    with op.batch_alter_table("objective_ties", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_objective_ties_parent_id"), ["parent_id"], unique=False)

    op.create_table(
        "onboarding_checklists",
        sa.Column("use_case_id", sa.Uuid(), nullable=False),
        sa.Column("steps", sa.Text(), nullable=False),
        sa.Column("published_by", sa.Uuid(), nullable=False),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["published_by"], ["people.id"], name=op.f("fk_onboarding_checklists_published_by_people")
        ),
        sa.ForeignKeyConstraint(
            ["use_case_id"], ["use_cases.id"], name=op.f("fk_onboarding_checklists_use_case_id_use_cases")
        ),
        sa.PrimaryKeyConstraint("use_case_id", name=op.f("pk_onboarding_checklists")),
    )
    op.create_table(
        "recordings",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(250), nullable=False),
        sa.Column("team", sa.String(80), nullable=True),
        sa.Column("problem", sa.Text(), nullable=True),
        sa.Column("stage", sa.String(120), nullable=True),
        sa.Column("vendor", sa.String(120), nullable=True),
        sa.Column("owner_id", sa.Uuid(), nullable=True),
        sa.Column("origin", sa.String(160), nullable=True),
        sa.Column("propose_by", sa.Date(), nullable=False),
        sa.Column("ask_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("recorded_by", sa.Uuid(), nullable=True),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("use_case_id", sa.Uuid(), nullable=True),
        sa.Column("dropped_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("dropped_by", sa.Uuid(), nullable=True),
        sa.Column("dropped_why", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(["dropped_by"], ["people.id"], name=op.f("fk_recordings_dropped_by_people")),
        sa.ForeignKeyConstraint(["dropped_why"], ["texts.id"], name=op.f("fk_recordings_dropped_why_texts")),
        sa.ForeignKeyConstraint(["owner_id"], ["people.id"], name=op.f("fk_recordings_owner_id_people")),
        sa.ForeignKeyConstraint(["recorded_by"], ["people.id"], name=op.f("fk_recordings_recorded_by_people")),
        sa.ForeignKeyConstraint(["use_case_id"], ["use_cases.id"], name=op.f("fk_recordings_use_case_id_use_cases")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_recordings")),
        sa.UniqueConstraint("number", name=op.f("uq_recordings_number")),
        sa.UniqueConstraint("origin", name=op.f("uq_recordings_origin")),
        sa.UniqueConstraint("use_case_id", name=op.f("uq_recordings_use_case_id")),
    )
    with op.batch_alter_table("recordings", schema=None) as batch_op:
        batch_op.create_index(
            "ix_recordings_open",
            ["ask_at"],
            unique=False,
            sqlite_where=sa.text("use_case_id IS NULL"),
            postgresql_where=sa.text("use_case_id IS NULL"),
        )
        batch_op.create_index(batch_op.f("ix_recordings_owner_id"), ["owner_id"], unique=False)

    op.create_table(
        "rollouts",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("use_case_id", sa.Uuid(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("team", sa.String(80), nullable=False),
        sa.Column("team_key", sa.String(80), nullable=False),
        sa.Column("owner_id", sa.Uuid(), nullable=False),
        sa.Column("people", sa.Integer(), nullable=False),
        sa.Column(
            "status",
            sa.Enum(
                "in_review",
                "changes_requested",
                "approved",
                "rejected",
                "withdrawn",
                "expired",
                "done",
                name="rollout_status",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("salt", sa.String(64), nullable=False),
        sa.Column("asked_by", sa.Uuid(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["asked_by"], ["people.id"], name=op.f("fk_rollouts_asked_by_people")),
        sa.ForeignKeyConstraint(["owner_id"], ["people.id"], name=op.f("fk_rollouts_owner_id_people")),
        sa.ForeignKeyConstraint(["use_case_id"], ["use_cases.id"], name=op.f("fk_rollouts_use_case_id_use_cases")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rollouts")),
        sa.UniqueConstraint("number", name=op.f("uq_rollouts_number")),
    )
    with op.batch_alter_table("rollouts", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_rollouts_owner_id"), ["owner_id"], unique=False)
        batch_op.create_index(
            "ix_rollouts_team",
            ["use_case_id", "team_key"],
            unique=True,
            sqlite_where=sa.text("status IN ('in_review', 'changes_requested', 'approved', 'done')"),
            postgresql_where=sa.text("status IN ('in_review', 'changes_requested', 'approved', 'done')"),
        )
        batch_op.create_index(batch_op.f("ix_rollouts_use_case_id"), ["use_case_id"], unique=False)

    op.create_table(
        "use_case_stages",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("use_case_id", sa.Uuid(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "recorded",
                "draft",
                "in_review",
                "changes_requested",
                "approved",
                "approved_with_conditions",
                "rejected",
                "withdrawn",
                "expired",
                "in_deployment",
                "deployed",
                "optimising",
                "scaling",
                "suspended",
                "retired",
                name="use_case_state",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("entered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("entered_by", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(["entered_by"], ["people.id"], name=op.f("fk_use_case_stages_entered_by_people")),
        sa.ForeignKeyConstraint(
            ["use_case_id"], ["use_cases.id"], name=op.f("fk_use_case_stages_use_case_id_use_cases")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_use_case_stages")),
    )
    with op.batch_alter_table("use_case_stages", schema=None) as batch_op:
        batch_op.create_index("ix_use_case_stages_state", ["state", "entered_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_use_case_stages_use_case_id"), ["use_case_id"], unique=False)

    op.create_table(
        "workstreams",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("use_case_id", sa.Uuid(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "technical_integration",
                "onboarding",
                name="workstream_kind",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("owner_id", sa.Uuid(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("to_train", sa.Integer(), nullable=True),
        sa.Column("trained", sa.Integer(), nullable=False),
        sa.Column("completed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("completed_by", sa.Uuid(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["completed_by"], ["people.id"], name=op.f("fk_workstreams_completed_by_people")),
        sa.ForeignKeyConstraint(["owner_id"], ["people.id"], name=op.f("fk_workstreams_owner_id_people")),
        sa.ForeignKeyConstraint(["use_case_id"], ["use_cases.id"], name=op.f("fk_workstreams_use_case_id_use_cases")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_workstreams")),
        sa.UniqueConstraint("use_case_id", "kind", name=op.f("uq_workstreams_use_case_id_kind")),
    )
    with op.batch_alter_table("workstreams", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_workstreams_owner_id"), ["owner_id"], unique=False)

    op.create_table(
        "recording_drafts",
        sa.Column("draft_id", sa.Uuid(), nullable=False),
        sa.Column("recording_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["draft_id"], ["drafts.id"], name=op.f("fk_recording_drafts_draft_id_drafts")),
        sa.ForeignKeyConstraint(
            ["recording_id"], ["recordings.id"], name=op.f("fk_recording_drafts_recording_id_recordings")
        ),
        sa.PrimaryKeyConstraint("draft_id", name=op.f("pk_recording_drafts")),
    )
    with op.batch_alter_table("recording_drafts", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_recording_drafts_recording_id"), ["recording_id"], unique=False)

    op.create_table(
        "rollout_differences",
        sa.Column("rollout_id", sa.Uuid(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("section", sa.String(32), nullable=False),
        sa.Column("says", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["rollout_id"], ["rollouts.id"], name=op.f("fk_rollout_differences_rollout_id_rollouts")
        ),
        sa.PrimaryKeyConstraint("rollout_id", "revision", "section", name=op.f("pk_rollout_differences")),
    )
    op.create_table(
        "rollout_steps",
        sa.Column("rollout_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("says", sa.Text(), nullable=False),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("done_by", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(["done_by"], ["people.id"], name=op.f("fk_rollout_steps_done_by_people")),
        sa.ForeignKeyConstraint(["rollout_id"], ["rollouts.id"], name=op.f("fk_rollout_steps_rollout_id_rollouts")),
        sa.PrimaryKeyConstraint("rollout_id", "position", name=op.f("pk_rollout_steps")),
    )
    op.create_table(
        "workstream_tasks",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("workstream_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(150), nullable=False),
        sa.Column("owner_id", sa.Uuid(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("created_by", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reminders", sa.Integer(), nullable=False),
        sa.Column("remind_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("done_by", sa.Uuid(), nullable=True),
        sa.Column("dropped_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("dropped_why", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(["created_by"], ["people.id"], name=op.f("fk_workstream_tasks_created_by_people")),
        sa.ForeignKeyConstraint(["done_by"], ["people.id"], name=op.f("fk_workstream_tasks_done_by_people")),
        sa.ForeignKeyConstraint(["dropped_why"], ["texts.id"], name=op.f("fk_workstream_tasks_dropped_why_texts")),
        sa.ForeignKeyConstraint(["owner_id"], ["people.id"], name=op.f("fk_workstream_tasks_owner_id_people")),
        sa.ForeignKeyConstraint(
            ["workstream_id"], ["workstreams.id"], name=op.f("fk_workstream_tasks_workstream_id_workstreams")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_workstream_tasks")),
    )
    with op.batch_alter_table("workstream_tasks", schema=None) as batch_op:
        batch_op.create_index(
            "ix_workstream_tasks_open",
            ["owner_id", "due_on"],
            unique=False,
            sqlite_where=sa.text("done_at IS NULL AND dropped_at IS NULL"),
            postgresql_where=sa.text("done_at IS NULL AND dropped_at IS NULL"),
        )
        batch_op.create_index(batch_op.f("ix_workstream_tasks_workstream_id"), ["workstream_id"], unique=False)

    for table, column, check, words in NEW_WORDS:
        reword(table, column, check, [*words_of(table, check), *words])
    op.bulk_insert(
        sa.table("counters", sa.column("name", sa.String), sa.column("value", sa.Integer)),
        [{"name": "lesson", "value": 0}, {"name": "rollout", "value": 0}],
    )


def downgrade() -> None:
    op.execute("DELETE FROM counters WHERE name IN ('lesson', 'rollout')")
    for table, column, check, words in NEW_WORDS:
        listed = ", ".join(f"'{word}'" for word in words)
        op.execute(f"DELETE FROM {table} WHERE {column} IN ({listed})")  # noqa: S608 - our own names
        reword(table, column, check, [word for word in words_of(table, check) if word not in words])

    with op.batch_alter_table("workstream_tasks", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_workstream_tasks_workstream_id"))
        batch_op.drop_index(
            "ix_workstream_tasks_open",
            sqlite_where=sa.text("done_at IS NULL AND dropped_at IS NULL"),
            postgresql_where=sa.text("done_at IS NULL AND dropped_at IS NULL"),
        )

    op.drop_table("workstream_tasks")
    op.drop_table("rollout_steps")
    op.drop_table("rollout_differences")
    with op.batch_alter_table("recording_drafts", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_recording_drafts_recording_id"))

    op.drop_table("recording_drafts")
    with op.batch_alter_table("workstreams", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_workstreams_owner_id"))

    op.drop_table("workstreams")
    with op.batch_alter_table("use_case_stages", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_use_case_stages_use_case_id"))
        batch_op.drop_index("ix_use_case_stages_state")

    op.drop_table("use_case_stages")
    with op.batch_alter_table("rollouts", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_rollouts_use_case_id"))
        batch_op.drop_index(
            "ix_rollouts_team",
            sqlite_where=sa.text("status IN ('in_review', 'changes_requested', 'approved', 'done')"),
            postgresql_where=sa.text("status IN ('in_review', 'changes_requested', 'approved', 'done')"),
        )
        batch_op.drop_index(batch_op.f("ix_rollouts_owner_id"))

    op.drop_table("rollouts")
    with op.batch_alter_table("recordings", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_recordings_owner_id"))
        batch_op.drop_index(
            "ix_recordings_open",
            sqlite_where=sa.text("use_case_id IS NULL"),
            postgresql_where=sa.text("use_case_id IS NULL"),
        )

    op.drop_table("recordings")
    op.drop_table("onboarding_checklists")
    with op.batch_alter_table("objective_ties", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_objective_ties_parent_id"))

    op.drop_table("objective_ties")
    with op.batch_alter_table("lessons", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_lessons_use_case_id"))

    op.drop_table("lessons")
    op.drop_table("gate_waivers")
    op.drop_table("foundation_versions")
    op.drop_table("foundation_items")
    op.drop_table("foundation_editors")
    with op.batch_alter_table("first_value_clocks", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_first_value_clocks_ask_at"))

    op.drop_table("first_value_clocks")
    with op.batch_alter_table("gate_requests", schema=None) as batch_op:
        batch_op.drop_index(
            "ix_gate_requests_open",
            sqlite_where=sa.text("settled_at IS NULL"),
            postgresql_where=sa.text("settled_at IS NULL"),
        )
        batch_op.drop_index(batch_op.f("ix_gate_requests_look_at"))

    op.drop_table("gate_requests")
    op.execute("DELETE FROM counters WHERE name = 'gate'")
    with op.batch_alter_table("foundation_parts", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_foundation_parts_remind_at"))

    op.drop_table("foundation_parts")
    with op.batch_alter_table("gate_lapses", schema=None) as batch_op:
        batch_op.drop_index(
            "ix_gate_lapses_open",
            sqlite_where=sa.text("ended_at IS NULL"),
            postgresql_where=sa.text("ended_at IS NULL"),
        )

    op.drop_table("gate_lapses")

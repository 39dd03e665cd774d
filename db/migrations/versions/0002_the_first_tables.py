"""The first tables: people, policy, use cases, approvals, ledger, outbox."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "counters",
        sa.Column("name", sa.String(32), nullable=False),
        sa.Column("value", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_counters")),
    )
    op.create_table(
        "deliveries",
        sa.Column("key", sa.String(255), nullable=False),
        sa.Column("outcome", sa.Text(), nullable=False),
        sa.Column("handled_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_deliveries")),
    )
    with op.batch_alter_table("deliveries", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_deliveries_handled_at"), ["handled_at"], unique=False)

    op.create_table(
        "digest_channels",
        sa.Column("channel", sa.String(32), nullable=False),
        sa.Column("weekday", sa.Integer(), nullable=False),
        sa.Column("local_minute", sa.Integer(), nullable=False),
        sa.Column("zone", sa.String(64), nullable=False),
        sa.PrimaryKeyConstraint("channel", name=op.f("pk_digest_channels")),
    )
    op.create_table(
        "ledger_events",
        sa.Column("stream", sa.String(80), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("prev_hash", sa.String(64), nullable=False),
        sa.Column("hash", sa.String(64), nullable=False),
        sa.PrimaryKeyConstraint("stream", "seq", name=op.f("pk_ledger_events")),
    )
    op.create_table(
        "outbox",
        sa.Column("seq", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("key", sa.Uuid(), nullable=False),
        sa.Column("conversation", sa.String(64), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "card_sync",
                "home_sync",
                "approvals.request_settled",
                "approvals.changes_requested",
                "approvals.vote_reminder",
                "approvals.lane_overdue",
                "approvals.lane_blocked",
                "approvals.question_asked",
                "approvals.question_answered",
                "approvals.nudge",
                "approvals.undeliverable",
                "approvals.not_a_vote",
                "approvals.handed_over",
                "approvals.orphaned",
                "people.delegated",
                "people.away_summary",
                "intake.join_asked",
                "intake.suspended",
                "setup.checklist",
                "whisper",
                name="outbox_kind",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("subject_id", sa.Uuid(), nullable=True),
        sa.Column("payload", sa.Text(), nullable=False),
        sa.Column(
            "status",
            sa.Enum(
                "ready",
                "sending",
                "sent",
                "cancelled",
                "dead",
                name="outbox_status",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("attempt", sa.Integer(), nullable=False),
        sa.Column("ambiguous", sa.Boolean(), nullable=False),
        sa.Column("lease_owner", sa.String(64), nullable=True),
        sa.Column("lease_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("not_before", sa.DateTime(timezone=True), nullable=True),
        sa.Column("first_attempt_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("channel", sa.String(32), nullable=True),
        sa.Column("ts", sa.String(32), nullable=True),
        sa.Column("last_error", sa.String(400), nullable=True),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_outbox")),
        sa.UniqueConstraint("key", name=op.f("uq_outbox_key")),
    )
    with op.batch_alter_table("outbox", schema=None) as batch_op:
        batch_op.create_index(
            "ix_outbox_open",
            ["conversation", "seq"],
            unique=False,
            sqlite_where=sa.text("status IN ('ready', 'sending')"),
            postgresql_where=sa.text("status IN ('ready', 'sending')"),
        )
        batch_op.create_index(batch_op.f("ix_outbox_subject_id"), ["subject_id"], unique=False)

    op.create_table(
        "people",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("slack_id", sa.String(32), nullable=False),
        sa.Column("team_id", sa.String(32), nullable=False),
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column(
            "membership",
            sa.Enum(
                "member",
                "guest",
                "bot",
                "deactivated",
                "stranger",
                name="membership",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column(
            "rank",
            sa.Enum(
                "member",
                "admin",
                "owner",
                "primary_owner",
                name="workspace_rank",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("zone", sa.String(64), nullable=False),
        sa.Column("checked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("home_opened_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("manager_id", sa.Uuid(), nullable=True),
        sa.Column("team", sa.String(80), nullable=True),
        sa.Column("country", sa.String(2), nullable=True),
        sa.Column("work_starts", sa.Integer(), nullable=True),
        sa.Column("work_ends", sa.Integer(), nullable=True),
        sa.Column("work_days", sa.String(7), nullable=True),
        sa.ForeignKeyConstraint(["manager_id"], ["people.id"], name=op.f("fk_people_manager_id_people")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_people")),
        sa.UniqueConstraint("slack_id", name=op.f("uq_people_slack_id")),
    )
    op.create_table(
        "role_channels",
        sa.Column("role", sa.String(64), nullable=False),
        sa.Column("channel", sa.String(32), nullable=False),
        sa.PrimaryKeyConstraint("role", name=op.f("pk_role_channels")),
    )
    op.create_table(
        "settings",
        sa.Column("name", sa.String(64), nullable=False),
        sa.Column("value", sa.String(400), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_settings")),
    )
    op.create_table(
        "user_groups",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("handle", sa.String(80), nullable=False),
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("is_active", sa.Boolean(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("refreshed_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_user_groups")),
    )
    op.create_table(
        "approval_requests",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("subject_kind", sa.String(32), nullable=False),
        sa.Column("subject_id", sa.Uuid(), nullable=False),
        sa.Column("reference", sa.String(32), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column(
            "tier",
            sa.Enum(
                "prohibited", "high", "medium", "low", name="tier", native_enum=False, create_constraint=True, length=32
            ),
            nullable=False,
        ),
        sa.Column(
            "status",
            sa.Enum(
                "in_review",
                "changes_requested",
                "approved",
                "rejected",
                "withdrawn",
                "expired",
                name="request_status",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("confidential", sa.Boolean(), nullable=False),
        sa.Column("decided_by_line", sa.String(64), nullable=True),
        sa.Column("distinct_approvers", sa.Boolean(), nullable=False),
        sa.Column("requester_id", sa.Uuid(), nullable=False),
        sa.Column("amends_id", sa.Uuid(), nullable=True),
        sa.Column("orphaned_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["amends_id"], ["approval_requests.id"], name=op.f("fk_approval_requests_amends_id_approval_requests")
        ),
        sa.ForeignKeyConstraint(["requester_id"], ["people.id"], name=op.f("fk_approval_requests_requester_id_people")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_approval_requests")),
        sa.UniqueConstraint(
            "subject_kind", "subject_id", "revision", name=op.f("uq_approval_requests_subject_kind_subject_id_revision")
        ),
    )
    with op.batch_alter_table("approval_requests", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_approval_requests_status"), ["status"], unique=False)
        batch_op.create_index("ix_approval_requests_history", ["subject_kind", "tier", "settled_at"], unique=False)

    op.create_table(
        "delegations",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("delegate_id", sa.Uuid(), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("summed_up_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["delegate_id"], ["people.id"], name=op.f("fk_delegations_delegate_id_people")),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_delegations_person_id_people")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_delegations")),
    )
    with op.batch_alter_table("delegations", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_delegations_delegate_id"), ["delegate_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_delegations_person_id"), ["person_id"], unique=False)

    op.create_table(
        "leaves",
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("first_day", sa.Date(), nullable=False),
        sa.Column("last_day", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_leaves_person_id_people")),
        sa.PrimaryKeyConstraint("person_id", "first_day", name=op.f("pk_leaves")),
    )
    op.create_table(
        "objectives",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(140), nullable=False),
        sa.Column("name_key", sa.String(140), nullable=False),
        sa.Column("owner_id", sa.Uuid(), nullable=True),
        sa.Column("created_by", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["created_by"], ["people.id"], name=op.f("fk_objectives_created_by_people")),
        sa.ForeignKeyConstraint(["owner_id"], ["people.id"], name=op.f("fk_objectives_owner_id_people")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_objectives")),
        sa.UniqueConstraint("name_key", name=op.f("uq_objectives_name_key")),
    )
    op.create_table(
        "policy_versions",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column("content_hash", sa.String(64), nullable=False),
        sa.Column("applied_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("applied_by", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(["applied_by"], ["people.id"], name=op.f("fk_policy_versions_applied_by_people")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_policy_versions")),
        sa.UniqueConstraint("number", name=op.f("uq_policy_versions_number")),
    )
    op.create_table(
        "role_groups",
        sa.Column("role", sa.String(64), nullable=False),
        sa.Column("group_id", sa.String(32), nullable=False),
        sa.Column("granted_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["group_id"], ["user_groups.id"], name=op.f("fk_role_groups_group_id_user_groups")),
        sa.PrimaryKeyConstraint("role", "group_id", name=op.f("pk_role_groups")),
    )
    op.create_table(
        "role_holders",
        sa.Column("role", sa.String(64), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("granted_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_role_holders_person_id_people")),
        sa.PrimaryKeyConstraint("role", "person_id", name=op.f("pk_role_holders")),
    )
    with op.batch_alter_table("role_holders", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_role_holders_person_id"), ["person_id"], unique=False)

    op.create_table(
        "texts",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("salt", sa.String(64), nullable=False),
        sa.Column("written_by", sa.Uuid(), nullable=True),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["written_by"], ["people.id"], name=op.f("fk_texts_written_by_people")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_texts")),
    )
    op.create_table(
        "use_cases",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
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
        sa.Column(
            "suspended_from",
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
                name="suspended_from",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=True,
        ),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("pending_revision", sa.Integer(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("proposer_id", sa.Uuid(), nullable=False),
        sa.Column("confidential", sa.Boolean(), nullable=False),
        sa.Column("token", sa.Uuid(), nullable=False),
        sa.Column("copied_from_id", sa.Uuid(), nullable=True),
        sa.Column("source_link", sa.String(400), nullable=True),
        sa.Column("salt", sa.String(64), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["copied_from_id"], ["use_cases.id"], name=op.f("fk_use_cases_copied_from_id_use_cases")
        ),
        sa.ForeignKeyConstraint(["proposer_id"], ["people.id"], name=op.f("fk_use_cases_proposer_id_people")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_use_cases")),
        sa.UniqueConstraint("number", name=op.f("uq_use_cases_number")),
        sa.UniqueConstraint("token", name=op.f("uq_use_cases_token")),
    )
    with op.batch_alter_table("use_cases", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_use_cases_proposer_id"), ["proposer_id"], unique=False)

    op.create_table(
        "user_group_members",
        sa.Column("group_id", sa.String(32), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["group_id"], ["user_groups.id"], name=op.f("fk_user_group_members_group_id_user_groups")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_user_group_members_person_id_people")),
        sa.PrimaryKeyConstraint("group_id", "person_id", name=op.f("pk_user_group_members")),
    )
    with op.batch_alter_table("user_group_members", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_user_group_members_person_id"), ["person_id"], unique=False)

    op.create_table(
        "approval_exclusions",
        sa.Column("request_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column(
            "why",
            sa.Enum(
                "proposer", "owner", "editor", name="exclusion", native_enum=False, create_constraint=True, length=32
            ),
            nullable=False,
        ),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_approval_exclusions_person_id_people")),
        sa.ForeignKeyConstraint(
            ["request_id"], ["approval_requests.id"], name=op.f("fk_approval_exclusions_request_id_approval_requests")
        ),
        sa.PrimaryKeyConstraint("request_id", "person_id", name=op.f("pk_approval_exclusions")),
    )
    op.create_table(
        "approval_questions",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("request_id", sa.Uuid(), nullable=False),
        sa.Column("asked_by", sa.Uuid(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("text_id", sa.Uuid(), nullable=False),
        sa.Column("answered_by", sa.Uuid(), nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answer_id", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(["answer_id"], ["texts.id"], name=op.f("fk_approval_questions_answer_id_texts")),
        sa.ForeignKeyConstraint(["answered_by"], ["people.id"], name=op.f("fk_approval_questions_answered_by_people")),
        sa.ForeignKeyConstraint(["asked_by"], ["people.id"], name=op.f("fk_approval_questions_asked_by_people")),
        sa.ForeignKeyConstraint(
            ["request_id"], ["approval_requests.id"], name=op.f("fk_approval_questions_request_id_approval_requests")
        ),
        sa.ForeignKeyConstraint(["text_id"], ["texts.id"], name=op.f("fk_approval_questions_text_id_texts")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_approval_questions")),
    )
    with op.batch_alter_table("approval_questions", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_approval_questions_request_id"), ["request_id"], unique=False)

    op.create_table(
        "approval_relations",
        sa.Column("request_id", sa.Uuid(), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("relation", sa.String(32), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_approval_relations_person_id_people")),
        sa.ForeignKeyConstraint(
            ["request_id"], ["approval_requests.id"], name=op.f("fk_approval_relations_request_id_approval_requests")
        ),
        sa.PrimaryKeyConstraint("request_id", "round", "relation", name=op.f("pk_approval_relations")),
    )
    op.create_table(
        "approval_rounds",
        sa.Column("request_id", sa.Uuid(), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column(
            "cause",
            sa.Enum(
                "submitted",
                "resubmitted",
                "rerouted",
                name="round_cause",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column(
            "tier",
            sa.Enum(
                "prohibited", "high", "medium", "low", name="tier", native_enum=False, create_constraint=True, length=32
            ),
            nullable=False,
        ),
        sa.Column("policy_version_id", sa.Uuid(), nullable=False),
        sa.Column("snapshot", sa.Text(), nullable=False),
        sa.Column("snapshot_hash", sa.String(64), nullable=False),
        sa.Column("opened_by", sa.Uuid(), nullable=True),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["opened_by"], ["people.id"], name=op.f("fk_approval_rounds_opened_by_people")),
        sa.ForeignKeyConstraint(
            ["policy_version_id"],
            ["policy_versions.id"],
            name=op.f("fk_approval_rounds_policy_version_id_policy_versions"),
        ),
        sa.ForeignKeyConstraint(
            ["request_id"], ["approval_requests.id"], name=op.f("fk_approval_rounds_request_id_approval_requests")
        ),
        sa.PrimaryKeyConstraint("request_id", "round", name=op.f("pk_approval_rounds")),
    )
    op.create_table(
        "approval_sections",
        sa.Column("request_id", sa.Uuid(), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("section", sa.String(32), nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.ForeignKeyConstraint(
            ["request_id"], ["approval_requests.id"], name=op.f("fk_approval_sections_request_id_approval_requests")
        ),
        sa.PrimaryKeyConstraint("request_id", "round", "section", name=op.f("pk_approval_sections")),
    )
    op.create_table(
        "approval_stages",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("request_id", sa.Uuid(), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(32), nullable=False),
        sa.Column("name", sa.String(80), nullable=False),
        sa.Column(
            "status",
            sa.Enum(
                "waiting",
                "open",
                "approved",
                "rejected",
                "expired",
                "no_longer_required",
                name="stage_status",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["request_id"], ["approval_requests.id"], name=op.f("fk_approval_stages_request_id_approval_requests")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_approval_stages")),
        sa.UniqueConstraint(
            "request_id", "round", "position", name=op.f("uq_approval_stages_request_id_round_position")
        ),
    )
    op.create_table(
        "cards",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("request_id", sa.Uuid(), nullable=False),
        sa.Column(
            "audience",
            sa.Enum(
                "governance", "approver", "role", name="audience", native_enum=False, create_constraint=True, length=32
            ),
            nullable=False,
        ),
        sa.Column("conversation", sa.String(64), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=True),
        sa.Column("channel", sa.String(32), nullable=True),
        sa.Column("ts", sa.String(32), nullable=True),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_cards_person_id_people")),
        sa.ForeignKeyConstraint(
            ["request_id"], ["approval_requests.id"], name=op.f("fk_cards_request_id_approval_requests")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_cards")),
        sa.UniqueConstraint("request_id", "conversation", name=op.f("uq_cards_request_id_conversation")),
    )
    op.create_table(
        "drafts",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("author_id", sa.Uuid(), nullable=False),
        sa.Column(
            "status",
            sa.Enum(
                "open",
                "submitted",
                "joined",
                "discarded",
                name="draft_status",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("step", sa.String(32), nullable=False),
        sa.Column("answers", sa.Text(), nullable=False),
        sa.Column("shown_hash", sa.String(64), nullable=True),
        sa.Column("use_case_id", sa.Uuid(), nullable=True),
        sa.Column("copied_from_id", sa.Uuid(), nullable=True),
        sa.Column("joined_id", sa.Uuid(), nullable=True),
        sa.Column("source_link", sa.String(400), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["author_id"], ["people.id"], name=op.f("fk_drafts_author_id_people")),
        sa.ForeignKeyConstraint(["copied_from_id"], ["use_cases.id"], name=op.f("fk_drafts_copied_from_id_use_cases")),
        sa.ForeignKeyConstraint(["joined_id"], ["use_cases.id"], name=op.f("fk_drafts_joined_id_use_cases")),
        sa.ForeignKeyConstraint(["use_case_id"], ["use_cases.id"], name=op.f("fk_drafts_use_case_id_use_cases")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_drafts")),
    )
    with op.batch_alter_table("drafts", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_drafts_author_id"), ["author_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_drafts_use_case_id"), ["use_case_id"], unique=False)

    op.create_table(
        "revision_answers",
        sa.Column("use_case_id", sa.Uuid(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("question", sa.String(32), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.Column("section", sa.String(32), nullable=True),
        sa.Column("asked", sa.String(300), nullable=True),
        sa.Column("says", sa.String(80), nullable=True),
        sa.ForeignKeyConstraint(
            ["use_case_id"], ["use_cases.id"], name=op.f("fk_revision_answers_use_case_id_use_cases")
        ),
        sa.PrimaryKeyConstraint("use_case_id", "revision", "question", "position", name=op.f("pk_revision_answers")),
    )
    op.create_table(
        "revision_kpis",
        sa.Column("use_case_id", sa.Uuid(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(120), nullable=False),
        sa.Column("unit", sa.String(40), nullable=False),
        sa.Column(
            "direction",
            sa.Enum("up", "down", "band", name="direction", native_enum=False, create_constraint=True, length=32),
            nullable=False,
        ),
        sa.Column("baseline", sa.Float(), nullable=True),
        sa.Column("target", sa.Float(), nullable=False),
        sa.Column("target_high", sa.Float(), nullable=True),
        sa.Column("due", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(["use_case_id"], ["use_cases.id"], name=op.f("fk_revision_kpis_use_case_id_use_cases")),
        sa.PrimaryKeyConstraint("use_case_id", "revision", "position", name=op.f("pk_revision_kpis")),
    )
    op.create_table(
        "use_case_revisions",
        sa.Column("use_case_id", sa.Uuid(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(250), nullable=False),
        sa.Column("problem", sa.Text(), nullable=False),
        sa.Column("team", sa.String(80), nullable=False),
        sa.Column("owner_id", sa.Uuid(), nullable=False),
        sa.Column("sponsor_id", sa.Uuid(), nullable=False),
        sa.Column("objective_id", sa.Uuid(), nullable=False),
        sa.Column(
            "output_use",
            sa.Enum(
                "finding",
                "summarising",
                "drafting",
                "classifying",
                "answering",
                "recommending",
                "forecasting",
                "monitoring",
                "acting",
                "unknown",
                name="output_use",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("outputs", sa.Text(), nullable=False),
        sa.Column("benefit", sa.Text(), nullable=False),
        sa.Column("differs", sa.Text(), nullable=False),
        sa.Column(
            "data_class",
            sa.Enum(
                "public",
                "internal",
                "confidential",
                "personal",
                "sensitive_personal",
                "unknown",
                name="data_class",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column(
            "processing",
            sa.Enum(
                "private_workspace",
                "own_cloud",
                "third_party",
                "unknown",
                name="processing",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column(
            "build",
            sa.Enum(
                "in_house",
                "vendor",
                "both",
                "unknown",
                name="build",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("vendor", sa.String(120), nullable=False),
        sa.Column("model", sa.String(120), nullable=False),
        sa.Column(
            "decision",
            sa.Enum(
                "none",
                "person",
                "machine_reviewed",
                "machine",
                "unknown",
                name="decision",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("oversight", sa.Text(), nullable=False),
        sa.Column("submitted_by", sa.Uuid(), nullable=False),
        sa.Column("submitted_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["objective_id"], ["objectives.id"], name=op.f("fk_use_case_revisions_objective_id_objectives")
        ),
        sa.ForeignKeyConstraint(["owner_id"], ["people.id"], name=op.f("fk_use_case_revisions_owner_id_people")),
        sa.ForeignKeyConstraint(["sponsor_id"], ["people.id"], name=op.f("fk_use_case_revisions_sponsor_id_people")),
        sa.ForeignKeyConstraint(
            ["submitted_by"], ["people.id"], name=op.f("fk_use_case_revisions_submitted_by_people")
        ),
        sa.ForeignKeyConstraint(
            ["use_case_id"], ["use_cases.id"], name=op.f("fk_use_case_revisions_use_case_id_use_cases")
        ),
        sa.PrimaryKeyConstraint("use_case_id", "revision", name=op.f("pk_use_case_revisions")),
    )
    with op.batch_alter_table("use_case_revisions", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_use_case_revisions_objective_id"), ["objective_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_use_case_revisions_owner_id"), ["owner_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_use_case_revisions_sponsor_id"), ["sponsor_id"], unique=False)

    op.create_table(
        "approval_lanes",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("request_id", sa.Uuid(), nullable=False),
        sa.Column("stage_id", sa.Uuid(), nullable=False),
        sa.Column("key", sa.String(32), nullable=False),
        sa.Column("name", sa.String(80), nullable=False),
        sa.Column("role", sa.String(64), nullable=False),
        sa.Column("fallbacks", sa.String(400), nullable=False),
        sa.Column("seated_role", sa.String(64), nullable=True),
        sa.Column(
            "rule",
            sa.Enum(
                "any",
                "all",
                "at_least",
                "percent",
                name="lane_rule",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("amount", sa.Integer(), nullable=True),
        sa.Column("needed", sa.Integer(), nullable=True),
        sa.Column("rejections", sa.Integer(), nullable=False),
        sa.Column("ad_hoc_id", sa.Uuid(), nullable=True),
        sa.Column("kept_from", sa.Uuid(), nullable=True),
        sa.Column("votes_from", sa.Uuid(), nullable=True),
        sa.Column("answer_within_minutes", sa.Integer(), nullable=False),
        sa.Column("escalate_to", sa.String(64), nullable=True),
        sa.Column(
            "escalation",
            sa.Enum("add", "replace", name="escalation_mode", native_enum=False, create_constraint=True, length=32),
            nullable=False,
        ),
        sa.Column("timeouts", sa.Integer(), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("content_digest", sa.String(64), nullable=False),
        sa.Column(
            "status",
            sa.Enum(
                "waiting",
                "open",
                "blocked",
                "changes_requested",
                "approved",
                "rejected",
                "expired",
                "no_longer_required",
                name="lane_status",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["ad_hoc_id"], ["people.id"], name=op.f("fk_approval_lanes_ad_hoc_id_people")),
        sa.ForeignKeyConstraint(
            ["kept_from"], ["approval_lanes.id"], name=op.f("fk_approval_lanes_kept_from_approval_lanes")
        ),
        sa.ForeignKeyConstraint(
            ["votes_from"], ["approval_lanes.id"], name=op.f("fk_approval_lanes_votes_from_approval_lanes")
        ),
        sa.ForeignKeyConstraint(
            ["request_id"], ["approval_requests.id"], name=op.f("fk_approval_lanes_request_id_approval_requests")
        ),
        sa.ForeignKeyConstraint(
            ["stage_id"], ["approval_stages.id"], name=op.f("fk_approval_lanes_stage_id_approval_stages")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_approval_lanes")),
        sa.UniqueConstraint("stage_id", "key", name=op.f("uq_approval_lanes_stage_id_key")),
    )
    with op.batch_alter_table("approval_lanes", schema=None) as batch_op:
        batch_op.create_index(
            "ix_approval_lanes_not_done",
            ["status"],
            unique=False,
            sqlite_where=sa.text("status IN ('open', 'blocked')"),
            postgresql_where=sa.text("status IN ('open', 'blocked')"),
        )
        batch_op.create_index(batch_op.f("ix_approval_lanes_request_id"), ["request_id"], unique=False)

    op.create_table(
        "approval_nudges",
        sa.Column("lane_id", sa.Uuid(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("nudged_by", sa.Uuid(), nullable=False),
        sa.Column("nudged_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["lane_id"], ["approval_lanes.id"], name=op.f("fk_approval_nudges_lane_id_approval_lanes")
        ),
        sa.ForeignKeyConstraint(["nudged_by"], ["people.id"], name=op.f("fk_approval_nudges_nudged_by_people")),
        sa.PrimaryKeyConstraint("lane_id", "day", name=op.f("pk_approval_nudges")),
    )
    op.create_table(
        "approval_seats",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("request_id", sa.Uuid(), nullable=False),
        sa.Column("lane_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("delegate_id", sa.Uuid(), nullable=True),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("vacated_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("remind_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reminders", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["delegate_id"], ["people.id"], name=op.f("fk_approval_seats_delegate_id_people")),
        sa.ForeignKeyConstraint(
            ["lane_id"], ["approval_lanes.id"], name=op.f("fk_approval_seats_lane_id_approval_lanes")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_approval_seats_person_id_people")),
        sa.ForeignKeyConstraint(
            ["request_id"], ["approval_requests.id"], name=op.f("fk_approval_seats_request_id_approval_requests")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_approval_seats")),
        sa.UniqueConstraint("lane_id", "person_id", name=op.f("uq_approval_seats_lane_id_person_id")),
    )
    with op.batch_alter_table("approval_seats", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_approval_seats_delegate_id"), ["delegate_id"], unique=False)
        batch_op.create_index(
            "ix_approval_seats_due",
            ["remind_at"],
            unique=False,
            sqlite_where=sa.text("remind_at IS NOT NULL"),
            postgresql_where=sa.text("remind_at IS NOT NULL"),
        )
        batch_op.create_index(batch_op.f("ix_approval_seats_person_id"), ["person_id"], unique=False)

    op.create_table(
        "approval_votes",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("request_id", sa.Uuid(), nullable=False),
        sa.Column("lane_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("cast_by", sa.Uuid(), nullable=False),
        sa.Column(
            "verb",
            sa.Enum(
                "approve",
                "request_changes",
                "reject",
                name="verb",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("content_digest", sa.String(64), nullable=False),
        sa.Column("reason_id", sa.Uuid(), nullable=True),
        sa.Column("cast_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["cast_by"], ["people.id"], name=op.f("fk_approval_votes_cast_by_people")),
        sa.ForeignKeyConstraint(
            ["lane_id"], ["approval_lanes.id"], name=op.f("fk_approval_votes_lane_id_approval_lanes")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_approval_votes_person_id_people")),
        sa.ForeignKeyConstraint(["reason_id"], ["texts.id"], name=op.f("fk_approval_votes_reason_id_texts")),
        sa.ForeignKeyConstraint(
            ["request_id"], ["approval_requests.id"], name=op.f("fk_approval_votes_request_id_approval_requests")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_approval_votes")),
        sa.UniqueConstraint("lane_id", "person_id", name=op.f("uq_approval_votes_lane_id_person_id")),
    )
    with op.batch_alter_table("approval_votes", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_approval_votes_request_id"), ["request_id"], unique=False)

    op.bulk_insert(
        sa.table("counters", sa.column("name", sa.String), sa.column("value", sa.Integer)),
        [{"name": "use_case", "value": 0}],
    )
    _protect_the_ledger()


def _protect_the_ledger() -> None:
    """Refuse UPDATE and DELETE on the ledger. Batch migrations drop triggers, so the product asserts them at start."""
    if op.get_bind().dialect.name == "sqlite":
        for verb in ("update", "delete"):
            op.execute(
                f"CREATE TRIGGER ledger_events_no_{verb} BEFORE {verb.upper()} ON ledger_events "
                "BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END"
            )
        return
    op.execute(
        "CREATE FUNCTION ledger_is_append_only() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN RAISE EXCEPTION 'the ledger is append-only'; END $$"
    )
    for verb in ("update", "delete", "truncate"):
        op.execute(
            f"CREATE TRIGGER ledger_events_no_{verb} BEFORE {verb.upper()} ON ledger_events "
            "FOR EACH STATEMENT EXECUTE FUNCTION ledger_is_append_only()"
        )


def downgrade() -> None:
    with op.batch_alter_table("approval_votes", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_approval_votes_request_id"))

    op.drop_table("approval_votes")
    with op.batch_alter_table("approval_seats", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_approval_seats_person_id"))
        batch_op.drop_index(
            "ix_approval_seats_due",
            sqlite_where=sa.text("remind_at IS NOT NULL"),
            postgresql_where=sa.text("remind_at IS NOT NULL"),
        )
        batch_op.drop_index(batch_op.f("ix_approval_seats_delegate_id"))

    op.drop_table("approval_seats")
    op.drop_table("approval_nudges")
    with op.batch_alter_table("approval_lanes", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_approval_lanes_request_id"))
        batch_op.drop_index(
            "ix_approval_lanes_not_done",
            sqlite_where=sa.text("status IN ('open', 'blocked')"),
            postgresql_where=sa.text("status IN ('open', 'blocked')"),
        )

    op.drop_table("approval_lanes")
    with op.batch_alter_table("use_case_revisions", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_use_case_revisions_sponsor_id"))
        batch_op.drop_index(batch_op.f("ix_use_case_revisions_owner_id"))
        batch_op.drop_index(batch_op.f("ix_use_case_revisions_objective_id"))

    op.drop_table("use_case_revisions")
    op.drop_table("revision_kpis")
    op.drop_table("revision_answers")
    with op.batch_alter_table("drafts", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_drafts_use_case_id"))
        batch_op.drop_index(batch_op.f("ix_drafts_author_id"))

    op.drop_table("drafts")
    op.drop_table("cards")
    op.drop_table("approval_stages")
    op.drop_table("approval_sections")
    op.drop_table("approval_rounds")
    op.drop_table("approval_relations")
    with op.batch_alter_table("approval_questions", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_approval_questions_request_id"))

    op.drop_table("approval_questions")
    op.drop_table("approval_exclusions")
    with op.batch_alter_table("user_group_members", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_user_group_members_person_id"))

    op.drop_table("user_group_members")
    with op.batch_alter_table("use_cases", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_use_cases_proposer_id"))

    op.drop_table("use_cases")
    op.drop_table("texts")
    with op.batch_alter_table("role_holders", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_role_holders_person_id"))

    op.drop_table("role_holders")
    op.drop_table("role_groups")
    op.drop_table("policy_versions")
    op.drop_table("objectives")
    op.drop_table("leaves")
    with op.batch_alter_table("delegations", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_delegations_person_id"))
        batch_op.drop_index(batch_op.f("ix_delegations_delegate_id"))

    op.drop_table("delegations")
    with op.batch_alter_table("approval_requests", schema=None) as batch_op:
        batch_op.drop_index("ix_approval_requests_history")
        batch_op.drop_index(batch_op.f("ix_approval_requests_status"))

    op.drop_table("approval_requests")
    op.drop_table("user_groups")
    op.drop_table("settings")
    op.drop_table("role_channels")
    op.drop_table("people")
    with op.batch_alter_table("outbox", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_outbox_subject_id"))
        batch_op.drop_index(
            "ix_outbox_open",
            sqlite_where=sa.text("status IN ('ready', 'sending')"),
            postgresql_where=sa.text("status IN ('ready', 'sending')"),
        )

    op.drop_table("outbox")
    op.drop_table("ledger_events")
    op.drop_table("digest_channels")
    with op.batch_alter_table("deliveries", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_deliveries_handled_at"))

    op.drop_table("deliveries")
    op.drop_table("counters")
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP FUNCTION ledger_is_append_only()")

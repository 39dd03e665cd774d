"""What follows a decision."""

from uuid import uuid4

import sqlalchemy as sa
from alembic import op

from db.migrations.vocabularies import reword

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

KINDS = (
    *("card_sync", "home_sync", "approvals.request_settled", "approvals.changes_requested", "approvals.vote_reminder"),
    *("approvals.lane_overdue", "approvals.lane_blocked", "approvals.question_asked", "approvals.question_answered"),
    *("approvals.nudge", "approvals.undeliverable", "approvals.not_a_vote", "approvals.handed_over"),
    *("approvals.orphaned", "people.delegated", "people.away_summary", "intake.join_asked", "intake.suspended"),
    *("setup.checklist", "whisper"),
)
NEW_KINDS = (
    *("conditions.set", "conditions.offered", "conditions.answered", "conditions.reminder", "conditions.overdue"),
    *("recertifying.asked", "recertifying.campaign_ended", "breaking_glass.asked", "breaking_glass.told"),
    *("auditing.fast_lane_changed", "policy_changes.decided", "approvals.where_requests_wait"),
)
# (table, column, name of the CHECK, the words it had, and those that are new)
WORDS = (
    ("outbox", "kind", "ck_outbox_outbox_kind", KINDS, NEW_KINDS),
    (
        "approval_votes",
        "verb",
        "ck_approval_votes_verb",
        ("approve", "request_changes", "reject"),
        ("approve_with_conditions",),
    ),
    (
        "approval_exclusions",
        "why",
        "ck_approval_exclusions_exclusion",
        ("proposer", "owner", "editor"),
        ("broke_glass",),
    ),
)


def upgrade() -> None:
    op.create_table(
        "weekly_posts",
        sa.Column("kind", sa.String(32), nullable=False),
        sa.Column("addressee", sa.String(64), nullable=False),
        sa.Column("week", sa.Date(), nullable=False),
        sa.Column("posted_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("kind", "addressee", "week", name=op.f("pk_weekly_posts")),
    )
    op.create_table(
        "fast_lanes",
        sa.Column("line", sa.String(64), nullable=False),
        sa.Column("counted_from", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reopened_by", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(["reopened_by"], ["people.id"], name=op.f("fk_fast_lanes_reopened_by_people")),
        sa.PrimaryKeyConstraint("line", name=op.f("pk_fast_lanes")),
    )
    op.create_table(
        "policy_proposals",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column("content_hash", sa.String(64), nullable=False),
        sa.Column("based_on", sa.Integer(), nullable=False),
        sa.Column("proposed_by", sa.Uuid(), nullable=False),
        sa.Column("proposed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("applied_number", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["proposed_by"], ["people.id"], name=op.f("fk_policy_proposals_proposed_by_people")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_policy_proposals")),
        sa.UniqueConstraint("number", name=op.f("uq_policy_proposals_number")),
    )
    op.bulk_insert(
        sa.table("counters", sa.column("name", sa.String), sa.column("value", sa.Integer)),
        [{"name": "policy", "value": 0}],
    )
    op.create_table(
        "recertification_campaigns",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column(
            "tier",
            sa.Enum(
                "prohibited", "high", "medium", "low", name="tier", native_enum=False, create_constraint=True, length=32
            ),
            nullable=True,
        ),
        sa.Column("team", sa.String(80), nullable=True),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("started_by", sa.Uuid(), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["started_by"], ["people.id"], name=op.f("fk_recertification_campaigns_started_by_people")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_recertification_campaigns")),
    )
    op.create_table(
        "second_looks",
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_second_looks_person_id_people")),
        sa.PrimaryKeyConstraint("person_id", name=op.f("pk_second_looks")),
    )
    op.create_table(
        "audits",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("use_case_id", sa.Uuid(), nullable=False),
        sa.Column("approved_request_id", sa.Uuid(), nullable=False),
        sa.Column("line", sa.String(64), nullable=False),
        sa.Column("share", sa.Integer(), nullable=False),
        sa.Column("seed", sa.String(64), nullable=False),
        sa.Column("drawn_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column(
            "result",
            sa.Enum(
                "passed",
                "failed",
                "unseen",
                "overtaken",
                name="audit_result",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=True,
        ),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["approved_request_id"],
            ["approval_requests.id"],
            name=op.f("fk_audits_approved_request_id_approval_requests"),
        ),
        sa.ForeignKeyConstraint(["use_case_id"], ["use_cases.id"], name=op.f("fk_audits_use_case_id_use_cases")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audits")),
    )
    with op.batch_alter_table("audits", schema=None) as batch_op:
        batch_op.create_index("ix_audits_line", ["line", "settled_at"], unique=False)
        batch_op.create_index("ix_audits_use_case", ["use_case_id"], unique=False)

    op.create_table(
        "break_glasses",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("request_id", sa.Uuid(), nullable=False),
        sa.Column("subject_kind", sa.String(32), nullable=False),
        sa.Column("subject_id", sa.Uuid(), nullable=False),
        sa.Column("called_by", sa.Uuid(), nullable=False),
        sa.Column("called_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("second_id", sa.Uuid(), nullable=False),
        sa.Column("hours", sa.Integer(), nullable=False),
        sa.Column("reason_id", sa.Uuid(), nullable=False),
        sa.Column(
            "status",
            sa.Enum(
                "called",
                "in_force",
                "declined",
                "ratified",
                "refused",
                "ended",
                "overtaken",
                name="break_glass_status",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("in_force_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["called_by"], ["people.id"], name=op.f("fk_break_glasses_called_by_people")),
        sa.ForeignKeyConstraint(["reason_id"], ["texts.id"], name=op.f("fk_break_glasses_reason_id_texts")),
        sa.ForeignKeyConstraint(
            ["request_id"], ["approval_requests.id"], name=op.f("fk_break_glasses_request_id_approval_requests")
        ),
        sa.ForeignKeyConstraint(["second_id"], ["people.id"], name=op.f("fk_break_glasses_second_id_people")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_break_glasses")),
    )
    with op.batch_alter_table("break_glasses", schema=None) as batch_op:
        batch_op.create_index(
            "ix_break_glasses_open",
            ["request_id"],
            unique=True,
            sqlite_where=sa.text("settled_at IS NULL"),
            postgresql_where=sa.text("settled_at IS NULL"),
        )

    op.create_table(
        "conditions",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("subject_kind", sa.String(32), nullable=False),
        sa.Column("subject_id", sa.Uuid(), nullable=False),
        sa.Column("request_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("text_id", sa.Uuid(), nullable=False),
        sa.Column("owner_id", sa.Uuid(), nullable=False),
        sa.Column(
            "evidence",
            sa.Enum(
                "document",
                "test_result",
                "agreement",
                "statement",
                name="evidence_kind",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column(
            "status",
            sa.Enum(
                "proposed",
                "open",
                "offered",
                "met",
                "waived",
                "dropped",
                name="condition_status",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("remind_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reminders", sa.Integer(), nullable=False),
        sa.Column("overdue_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("offered_id", sa.Uuid(), nullable=True),
        sa.Column("offered_by", sa.Uuid(), nullable=True),
        sa.Column("offered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["offered_by"], ["people.id"], name=op.f("fk_conditions_offered_by_people")),
        sa.ForeignKeyConstraint(["offered_id"], ["texts.id"], name=op.f("fk_conditions_offered_id_texts")),
        sa.ForeignKeyConstraint(["owner_id"], ["people.id"], name=op.f("fk_conditions_owner_id_people")),
        sa.ForeignKeyConstraint(
            ["request_id"], ["approval_requests.id"], name=op.f("fk_conditions_request_id_approval_requests")
        ),
        sa.ForeignKeyConstraint(["text_id"], ["texts.id"], name=op.f("fk_conditions_text_id_texts")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_conditions")),
    )
    with op.batch_alter_table("conditions", schema=None) as batch_op:
        batch_op.create_index(
            "ix_conditions_due",
            ["remind_at"],
            unique=False,
            sqlite_where=sa.text("remind_at IS NOT NULL"),
            postgresql_where=sa.text("remind_at IS NOT NULL"),
        )
        batch_op.create_index(
            "ix_conditions_open",
            ["owner_id"],
            unique=False,
            sqlite_where=sa.text("settled_at IS NULL"),
            postgresql_where=sa.text("settled_at IS NULL"),
        )
        batch_op.create_index(batch_op.f("ix_conditions_request_id"), ["request_id"], unique=False)
        batch_op.create_index("ix_conditions_subject", ["subject_kind", "subject_id"], unique=False)

    op.create_table(
        "recertifications",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("use_case_id", sa.Uuid(), nullable=False),
        sa.Column("campaign_id", sa.Uuid(), nullable=True),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("prompts", sa.Integer(), nullable=False),
        sa.Column("prompt_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column(
            "answer",
            sa.Enum(
                "still_valid",
                "changed",
                "retired",
                "lapsed",
                "overtaken",
                name="recertification_answer",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=True,
        ),
        sa.Column("answered_by", sa.Uuid(), nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("request_id", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(["answered_by"], ["people.id"], name=op.f("fk_recertifications_answered_by_people")),
        sa.ForeignKeyConstraint(
            ["campaign_id"],
            ["recertification_campaigns.id"],
            name=op.f("fk_recertifications_campaign_id_recertification_campaigns"),
        ),
        sa.ForeignKeyConstraint(
            ["request_id"], ["approval_requests.id"], name=op.f("fk_recertifications_request_id_approval_requests")
        ),
        sa.ForeignKeyConstraint(
            ["use_case_id"], ["use_cases.id"], name=op.f("fk_recertifications_use_case_id_use_cases")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_recertifications")),
    )
    with op.batch_alter_table("recertifications", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_recertifications_campaign_id"), ["campaign_id"], unique=False)
        batch_op.create_index(
            "ix_recertifications_due",
            ["prompt_at"],
            unique=False,
            sqlite_where=sa.text("answered_at IS NULL"),
            postgresql_where=sa.text("answered_at IS NULL"),
        )
        batch_op.create_index(
            "ix_recertifications_open",
            ["use_case_id"],
            unique=True,
            sqlite_where=sa.text("answered_at IS NULL"),
            postgresql_where=sa.text("answered_at IS NULL"),
        )

    op.create_table(
        "use_case_suspensions",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("use_case_id", sa.Uuid(), nullable=False),
        sa.Column(
            "cause",
            sa.Enum(
                "tier_rose",
                "condition_overdue",
                "approval_lapsed",
                "break_glass_ended",
                "audit_failed",
                name="suspension_cause",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("about_id", sa.Uuid(), nullable=True),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("lifted_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["use_case_id"], ["use_cases.id"], name=op.f("fk_use_case_suspensions_use_case_id_use_cases")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_use_case_suspensions")),
    )
    with op.batch_alter_table("use_case_suspensions", schema=None) as batch_op:
        batch_op.create_index(
            "ix_use_case_suspensions_open",
            ["use_case_id"],
            unique=False,
            sqlite_where=sa.text("lifted_at IS NULL"),
            postgresql_where=sa.text("lifted_at IS NULL"),
        )

    op.create_table(
        "condition_demands",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("condition_id", sa.Uuid(), nullable=False),
        sa.Column("lane_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column(
            "blocks",
            sa.Enum("deployment", "continuation", name="blocks", native_enum=False, create_constraint=True, length=32),
            nullable=False,
        ),
        sa.Column(
            "status",
            sa.Enum(
                "standing",
                "accepted",
                "waived",
                "dropped",
                name="demand_status",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("settled_by", sa.Uuid(), nullable=True),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reason_id", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(
            ["condition_id"], ["conditions.id"], name=op.f("fk_condition_demands_condition_id_conditions")
        ),
        sa.ForeignKeyConstraint(
            ["lane_id"], ["approval_lanes.id"], name=op.f("fk_condition_demands_lane_id_approval_lanes")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_condition_demands_person_id_people")),
        sa.ForeignKeyConstraint(["reason_id"], ["texts.id"], name=op.f("fk_condition_demands_reason_id_texts")),
        sa.ForeignKeyConstraint(["settled_by"], ["people.id"], name=op.f("fk_condition_demands_settled_by_people")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_condition_demands")),
        sa.UniqueConstraint(
            "condition_id", "lane_id", "person_id", name=op.f("uq_condition_demands_condition_id_lane_id_person_id")
        ),
    )
    with op.batch_alter_table("condition_demands", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_condition_demands_lane_id"), ["lane_id"], unique=False)

    # Other tables refer to this one, so SQLite must not make it anew.
    op.add_column("use_cases", sa.Column("valid_until", sa.Date(), nullable=True))
    op.add_column("use_cases", sa.Column("provisional", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.create_index(op.f("ix_use_cases_valid_until"), "use_cases", ["valid_until"], unique=False)
    _remember_why_suspended()
    for table, column, check, before, more in WORDS:
        reword(table, column, check, [*before, *more])
    op.create_index("ix_approval_votes_cast", "approval_votes", ["cast_by", "cast_at"], unique=False)


def downgrade() -> None:
    op.drop_index("ix_approval_votes_cast", "approval_votes")
    op.execute("UPDATE approval_votes SET verb = 'approve' WHERE verb = 'approve_with_conditions'")
    for table, column, check, before, more in WORDS:
        listed = ", ".join(f"'{word}'" for word in more)
        op.execute(f"DELETE FROM {table} WHERE {column} IN ({listed})")  # noqa: S608 - our own names
        reword(table, column, check, before)
    op.drop_index(op.f("ix_use_cases_valid_until"), "use_cases")
    op.drop_column("use_cases", "provisional")
    op.drop_column("use_cases", "valid_until")

    with op.batch_alter_table("condition_demands", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_condition_demands_lane_id"))

    op.drop_table("condition_demands")
    with op.batch_alter_table("use_case_suspensions", schema=None) as batch_op:
        batch_op.drop_index(
            "ix_use_case_suspensions_open",
            sqlite_where=sa.text("lifted_at IS NULL"),
            postgresql_where=sa.text("lifted_at IS NULL"),
        )

    op.drop_table("use_case_suspensions")
    with op.batch_alter_table("recertifications", schema=None) as batch_op:
        batch_op.drop_index(
            "ix_recertifications_open",
            sqlite_where=sa.text("answered_at IS NULL"),
            postgresql_where=sa.text("answered_at IS NULL"),
        )
        batch_op.drop_index(
            "ix_recertifications_due",
            sqlite_where=sa.text("answered_at IS NULL"),
            postgresql_where=sa.text("answered_at IS NULL"),
        )
        batch_op.drop_index(batch_op.f("ix_recertifications_campaign_id"))

    op.drop_table("recertifications")
    with op.batch_alter_table("conditions", schema=None) as batch_op:
        batch_op.drop_index("ix_conditions_subject")
        batch_op.drop_index(batch_op.f("ix_conditions_request_id"))
        batch_op.drop_index("ix_conditions_open")
        batch_op.drop_index(
            "ix_conditions_due",
            sqlite_where=sa.text("remind_at IS NOT NULL"),
            postgresql_where=sa.text("remind_at IS NOT NULL"),
        )

    op.drop_table("conditions")
    with op.batch_alter_table("break_glasses", schema=None) as batch_op:
        batch_op.drop_index(
            "ix_break_glasses_open",
            sqlite_where=sa.text("settled_at IS NULL"),
            postgresql_where=sa.text("settled_at IS NULL"),
        )

    op.drop_table("break_glasses")
    with op.batch_alter_table("audits", schema=None) as batch_op:
        batch_op.drop_index("ix_audits_use_case")
        batch_op.drop_index("ix_audits_line")

    op.drop_table("audits")
    op.drop_table("second_looks")
    op.drop_table("recertification_campaigns")
    op.drop_table("policy_proposals")
    op.execute("DELETE FROM counters WHERE name = 'policy'")
    op.drop_table("fast_lanes")
    op.drop_table("weekly_posts")


def _remember_why_suspended() -> None:
    """Give what is suspended already its reason: until now there was one, a change that raised the tier."""
    connection = op.get_bind()
    ids, moments = sa.Uuid(), sa.DateTime(timezone=True)
    suspensions = sa.table(
        "use_case_suspensions",
        sa.column("id", ids),
        sa.column("use_case_id", ids),
        sa.column("cause", sa.String()),
        sa.column("since", moments),
    )
    cases = sa.table("use_cases", sa.column("id", ids), sa.column("state", sa.String()))
    for (use_case_id,) in connection.execute(sa.select(cases.c.id).where(cases.c.state == "suspended")).all():
        values = {"id": uuid4(), "use_case_id": use_case_id, "cause": "tier_rose", "since": sa.func.now()}
        connection.execute(suspensions.insert().values(values))

"""When people are asked for numbers, and what they answer."""

import sqlalchemy as sa
from alembic import op

from db.migrations.vocabularies import reword, words_of

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

OUTBOX_KIND = "ck_outbox_outbox_kind"
NEW_KINDS = ("checkins.prompt", "checkins.reminder", "checkins.silent")


def upgrade() -> None:
    op.create_table(
        "check_in_schedules",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("use_case_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("is_whole", sa.Boolean(), nullable=False),
        sa.Column("verifier_id", sa.Uuid(), nullable=True),
        sa.Column("zone", sa.String(64), nullable=False),
        sa.Column("minute", sa.Integer(), nullable=False),
        sa.Column("weekday", sa.Integer(), nullable=False),
        sa.Column(
            "cadence",
            sa.Enum(
                "weekly",
                "fortnightly",
                "monthly",
                "every_weeks",
                name="cadence",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("every_weeks", sa.Integer(), nullable=True),
        sa.Column("next_date", sa.Date(), nullable=False),
        sa.Column("next_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("began_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_check_in_schedules_person_id_people")),
        sa.ForeignKeyConstraint(
            ["use_case_id"], ["use_cases.id"], name=op.f("fk_check_in_schedules_use_case_id_use_cases")
        ),
        sa.ForeignKeyConstraint(["verifier_id"], ["people.id"], name=op.f("fk_check_in_schedules_verifier_id_people")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_check_in_schedules")),
        sa.UniqueConstraint("use_case_id", "person_id", name=op.f("uq_check_in_schedules_use_case_id_person_id")),
    )
    with op.batch_alter_table("check_in_schedules", schema=None) as batch_op:
        batch_op.create_index(
            "ix_check_in_schedules_next",
            ["next_at"],
            unique=False,
            sqlite_where=sa.text("ended_at IS NULL"),
            postgresql_where=sa.text("ended_at IS NULL"),
        )
        batch_op.create_index(
            "ix_check_in_schedules_person",
            ["person_id"],
            unique=False,
            sqlite_where=sa.text("ended_at IS NULL"),
            postgresql_where=sa.text("ended_at IS NULL"),
        )

    op.create_table(
        "check_ins",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("schedule_id", sa.Uuid(), nullable=False),
        sa.Column("use_case_id", sa.Uuid(), nullable=False),
        sa.Column("on_date", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=False),
        sa.Column("closes_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "pending",
                "due",
                "overdue",
                "missed",
                "answered",
                "skipped",
                "away",
                name="check_in_state",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("asked_id", sa.Uuid(), nullable=False),
        sa.Column("prompted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("act_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("counts_from", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reminders", sa.Integer(), nullable=False),
        sa.Column("sponsor_told_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("snoozed_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answered_by", sa.Uuid(), nullable=True),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("skipped_by", sa.Uuid(), nullable=True),
        sa.Column("reason_id", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(["answered_by"], ["people.id"], name=op.f("fk_check_ins_answered_by_people")),
        sa.ForeignKeyConstraint(["asked_id"], ["people.id"], name=op.f("fk_check_ins_asked_id_people")),
        sa.ForeignKeyConstraint(["reason_id"], ["texts.id"], name=op.f("fk_check_ins_reason_id_texts")),
        sa.ForeignKeyConstraint(
            ["schedule_id"], ["check_in_schedules.id"], name=op.f("fk_check_ins_schedule_id_check_in_schedules")
        ),
        sa.ForeignKeyConstraint(["skipped_by"], ["people.id"], name=op.f("fk_check_ins_skipped_by_people")),
        sa.ForeignKeyConstraint(["use_case_id"], ["use_cases.id"], name=op.f("fk_check_ins_use_case_id_use_cases")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_check_ins")),
        sa.UniqueConstraint("schedule_id", "on_date", name=op.f("uq_check_ins_schedule_id_on_date")),
    )
    with op.batch_alter_table("check_ins", schema=None) as batch_op:
        batch_op.create_index(
            "ix_check_ins_act",
            ["act_at"],
            unique=False,
            sqlite_where=sa.text("act_at IS NOT NULL"),
            postgresql_where=sa.text("act_at IS NOT NULL"),
        )
        batch_op.create_index(
            "ix_check_ins_asked",
            ["asked_id"],
            unique=False,
            sqlite_where=sa.text("act_at IS NOT NULL"),
            postgresql_where=sa.text("act_at IS NOT NULL"),
        )
        batch_op.create_index("ix_check_ins_use_case", ["use_case_id", "on_date"], unique=False)

    op.create_table(
        "check_in_answers",
        sa.Column("check_in_id", sa.Uuid(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("answered_by", sa.Uuid(), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("is_unchanged", sa.Boolean(), nullable=False),
        sa.Column(
            "confidence",
            sa.Enum(
                "on_track",
                "at_risk",
                "off_track",
                name="confidence",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=True,
        ),
        sa.Column("why_id", sa.Uuid(), nullable=True),
        sa.Column("help_id", sa.Uuid(), nullable=True),
        sa.Column("eligible", sa.Integer(), nullable=True),
        sa.Column("active", sa.Integer(), nullable=True),
        sa.Column("hours_low", sa.Float(), nullable=True),
        sa.Column("hours_high", sa.Float(), nullable=True),
        sa.Column("hours_method_id", sa.Uuid(), nullable=True),
        sa.Column("looked_at", sa.Integer(), nullable=True),
        sa.Column("corrected_prompt", sa.Integer(), nullable=True),
        sa.Column("corrected_context", sa.Integer(), nullable=True),
        sa.Column("corrected_workflow", sa.Integer(), nullable=True),
        sa.Column("cost", sa.Float(), nullable=True),
        sa.Column("currency", sa.String(3), nullable=True),
        sa.Column("blockers_id", sa.Uuid(), nullable=True),
        sa.Column("wins_id", sa.Uuid(), nullable=True),
        sa.Column("evidence_link", sa.String(400), nullable=True),
        sa.ForeignKeyConstraint(["answered_by"], ["people.id"], name=op.f("fk_check_in_answers_answered_by_people")),
        sa.ForeignKeyConstraint(["blockers_id"], ["texts.id"], name=op.f("fk_check_in_answers_blockers_id_texts")),
        sa.ForeignKeyConstraint(
            ["check_in_id"], ["check_ins.id"], name=op.f("fk_check_in_answers_check_in_id_check_ins")
        ),
        sa.ForeignKeyConstraint(["help_id"], ["texts.id"], name=op.f("fk_check_in_answers_help_id_texts")),
        sa.ForeignKeyConstraint(
            ["hours_method_id"], ["texts.id"], name=op.f("fk_check_in_answers_hours_method_id_texts")
        ),
        sa.ForeignKeyConstraint(["why_id"], ["texts.id"], name=op.f("fk_check_in_answers_why_id_texts")),
        sa.ForeignKeyConstraint(["wins_id"], ["texts.id"], name=op.f("fk_check_in_answers_wins_id_texts")),
        sa.PrimaryKeyConstraint("check_in_id", "revision", name=op.f("pk_check_in_answers")),
    )
    with op.batch_alter_table("check_in_answers", schema=None) as batch_op:
        batch_op.create_index("ix_check_in_answers_at", ["answered_at"], unique=False)

    op.create_table(
        "check_in_prompts",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("check_in_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("channel", sa.String(32), nullable=True),
        sa.Column("ts", sa.String(32), nullable=True),
        sa.ForeignKeyConstraint(
            ["check_in_id"], ["check_ins.id"], name=op.f("fk_check_in_prompts_check_in_id_check_ins")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_check_in_prompts_person_id_people")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_check_in_prompts")),
        sa.UniqueConstraint("check_in_id", "person_id", name=op.f("uq_check_in_prompts_check_in_id_person_id")),
    )
    op.create_table(
        "readings",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("kpi_id", sa.Uuid(), nullable=False),
        sa.Column("value", sa.Float(), nullable=False),
        sa.Column("unit", sa.String(40), nullable=False),
        sa.Column("read_for", sa.Date(), nullable=False),
        sa.Column(
            "source",
            sa.Enum(
                "self", "system", "survey", name="kpi_source", native_enum=False, create_constraint=True, length=32
            ),
            nullable=False,
        ),
        sa.Column("check_in_id", sa.Uuid(), nullable=True),
        sa.Column("revision", sa.Integer(), nullable=True),
        sa.Column("entered_by", sa.Uuid(), nullable=True),
        sa.Column("entered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("supersedes_id", sa.Uuid(), nullable=True),
        sa.Column("superseded_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["check_in_id"], ["check_ins.id"], name=op.f("fk_readings_check_in_id_check_ins")),
        sa.ForeignKeyConstraint(["entered_by"], ["people.id"], name=op.f("fk_readings_entered_by_people")),
        sa.ForeignKeyConstraint(["kpi_id"], ["kpis.id"], name=op.f("fk_readings_kpi_id_kpis")),
        sa.ForeignKeyConstraint(["supersedes_id"], ["readings.id"], name=op.f("fk_readings_supersedes_id_readings")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_readings")),
    )
    with op.batch_alter_table("readings", schema=None) as batch_op:
        batch_op.create_index("ix_readings_check_in", ["check_in_id"], unique=False)
        batch_op.create_index(
            "ix_readings_kpi",
            ["kpi_id", "read_for"],
            unique=False,
            sqlite_where=sa.text("superseded_at IS NULL"),
            postgresql_where=sa.text("superseded_at IS NULL"),
        )
        batch_op.create_index(
            "uq_readings_check_in_kpi",
            ["check_in_id", "kpi_id"],
            unique=True,
            sqlite_where=sa.text("superseded_at IS NULL"),
            postgresql_where=sa.text("superseded_at IS NULL"),
        )

    reword("outbox", "kind", OUTBOX_KIND, [*words_of("outbox", OUTBOX_KIND), *NEW_KINDS])


def downgrade() -> None:
    listed = ", ".join(f"'{word}'" for word in NEW_KINDS)
    op.execute(f"DELETE FROM outbox WHERE kind IN ({listed})")  # noqa: S608 - our own names
    before = [word for word in words_of("outbox", OUTBOX_KIND) if word not in NEW_KINDS]
    reword("outbox", "kind", OUTBOX_KIND, before)
    with op.batch_alter_table("readings", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_readings_check_in_kpi",
            sqlite_where=sa.text("superseded_at IS NULL"),
            postgresql_where=sa.text("superseded_at IS NULL"),
        )
        batch_op.drop_index(
            "ix_readings_kpi",
            sqlite_where=sa.text("superseded_at IS NULL"),
            postgresql_where=sa.text("superseded_at IS NULL"),
        )
        batch_op.drop_index("ix_readings_check_in")

    op.drop_table("readings")
    op.drop_table("check_in_prompts")
    with op.batch_alter_table("check_in_answers", schema=None) as batch_op:
        batch_op.drop_index("ix_check_in_answers_at")

    op.drop_table("check_in_answers")
    with op.batch_alter_table("check_ins", schema=None) as batch_op:
        batch_op.drop_index("ix_check_ins_use_case")
        batch_op.drop_index(
            "ix_check_ins_asked",
            sqlite_where=sa.text("act_at IS NOT NULL"),
            postgresql_where=sa.text("act_at IS NOT NULL"),
        )
        batch_op.drop_index(
            "ix_check_ins_act",
            sqlite_where=sa.text("act_at IS NOT NULL"),
            postgresql_where=sa.text("act_at IS NOT NULL"),
        )

    op.drop_table("check_ins")
    with op.batch_alter_table("check_in_schedules", schema=None) as batch_op:
        batch_op.drop_index(
            "ix_check_in_schedules_person",
            sqlite_where=sa.text("ended_at IS NULL"),
            postgresql_where=sa.text("ended_at IS NULL"),
        )
        batch_op.drop_index(
            "ix_check_in_schedules_next",
            sqlite_where=sa.text("ended_at IS NULL"),
            postgresql_where=sa.text("ended_at IS NULL"),
        )

    op.drop_table("check_in_schedules")

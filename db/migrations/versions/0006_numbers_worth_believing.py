"""Who confirmed a number, what is done about corrections, pictures Slack has, and when people are left in peace."""

import sqlalchemy as sa
from alembic import op

from db.migrations.vocabularies import reword, words_of

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

OUTBOX_KIND = "ck_outbox_outbox_kind"
NEW_KINDS = (
    "checkins.verification_asked",
    "checkins.reading_doubted",
    "checkins.fix_accepted",
    "checkins.fix_due",
    "checkins.kpi_given",
)


def upgrade() -> None:
    op.create_table(
        "pictures",
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("file_id", sa.String(32), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_pictures")),
    )
    op.create_table(
        "quiet_times",
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("checked_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_quiet_times_person_id_people")),
        sa.PrimaryKeyConstraint("person_id", name=op.f("pk_quiet_times")),
    )
    op.create_table(
        "fixes",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("use_case_id", sa.Uuid(), nullable=False),
        sa.Column("check_in_id", sa.Uuid(), nullable=False),
        sa.Column(
            "cause",
            sa.Enum(
                "prompt", "context", "workflow", name="root_cause", native_enum=False, create_constraint=True, length=32
            ),
            nullable=False,
        ),
        sa.Column("text_id", sa.Uuid(), nullable=False),
        sa.Column("owner_id", sa.Uuid(), nullable=False),
        sa.Column("due", sa.Date(), nullable=False),
        sa.Column("accepted_by", sa.Uuid(), nullable=False),
        sa.Column("accepted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("remind_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reminders", sa.Integer(), nullable=False),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("done_by", sa.Uuid(), nullable=True),
        sa.Column("dropped_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("dropped_by", sa.Uuid(), nullable=True),
        sa.Column("reason_id", sa.Uuid(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["accepted_by"], ["people.id"], name=op.f("fk_fixes_accepted_by_people")),
        sa.ForeignKeyConstraint(["check_in_id"], ["check_ins.id"], name=op.f("fk_fixes_check_in_id_check_ins")),
        sa.ForeignKeyConstraint(["done_by"], ["people.id"], name=op.f("fk_fixes_done_by_people")),
        sa.ForeignKeyConstraint(["dropped_by"], ["people.id"], name=op.f("fk_fixes_dropped_by_people")),
        sa.ForeignKeyConstraint(["owner_id"], ["people.id"], name=op.f("fk_fixes_owner_id_people")),
        sa.ForeignKeyConstraint(["reason_id"], ["texts.id"], name=op.f("fk_fixes_reason_id_texts")),
        sa.ForeignKeyConstraint(["text_id"], ["texts.id"], name=op.f("fk_fixes_text_id_texts")),
        sa.ForeignKeyConstraint(["use_case_id"], ["use_cases.id"], name=op.f("fk_fixes_use_case_id_use_cases")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_fixes")),
    )
    with op.batch_alter_table("fixes", schema=None) as batch_op:
        batch_op.create_index(
            "ix_fixes_owner",
            ["owner_id"],
            unique=False,
            sqlite_where=sa.text("done_at IS NULL AND dropped_at IS NULL"),
            postgresql_where=sa.text("done_at IS NULL AND dropped_at IS NULL"),
        )
        batch_op.create_index(
            "ix_fixes_remind",
            ["remind_at"],
            unique=False,
            sqlite_where=sa.text("done_at IS NULL AND dropped_at IS NULL"),
            postgresql_where=sa.text("done_at IS NULL AND dropped_at IS NULL"),
        )
        batch_op.create_index("ix_fixes_use_case", ["use_case_id", "accepted_at"], unique=False)
        batch_op.create_index(
            "uq_fixes_open",
            ["use_case_id", "cause"],
            unique=True,
            sqlite_where=sa.text("done_at IS NULL AND dropped_at IS NULL"),
            postgresql_where=sa.text("done_at IS NULL AND dropped_at IS NULL"),
        )

    op.create_table(
        "verification_requests",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("check_in_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("asked_by", sa.Uuid(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("channel", sa.String(32), nullable=True),
        sa.Column("ts", sa.String(32), nullable=True),
        sa.ForeignKeyConstraint(["asked_by"], ["people.id"], name=op.f("fk_verification_requests_asked_by_people")),
        sa.ForeignKeyConstraint(
            ["check_in_id"], ["check_ins.id"], name=op.f("fk_verification_requests_check_in_id_check_ins")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_verification_requests_person_id_people")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_verification_requests")),
        sa.UniqueConstraint("check_in_id", "person_id", name=op.f("uq_verification_requests_check_in_id_person_id")),
    )
    with op.batch_alter_table("verification_requests", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_verification_requests_person_id"), ["person_id"], unique=False)

    op.create_table(
        "verifications",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("reading_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column(
            "verdict",
            sa.Enum("confirmed", "doubted", name="verdict", native_enum=False, create_constraint=True, length=32),
            nullable=False,
        ),
        sa.Column("reason_id", sa.Uuid(), nullable=True),
        sa.Column("said_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_verifications_person_id_people")),
        sa.ForeignKeyConstraint(["reading_id"], ["readings.id"], name=op.f("fk_verifications_reading_id_readings")),
        sa.ForeignKeyConstraint(["reason_id"], ["texts.id"], name=op.f("fk_verifications_reason_id_texts")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_verifications")),
    )
    with op.batch_alter_table("verifications", schema=None) as batch_op:
        batch_op.create_index("ix_verifications_reading", ["reading_id", "said_at"], unique=False)

    op.create_table(
        "kpis_given",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("use_case_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("given_by", sa.Uuid(), nullable=True),
        sa.Column("given_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("tell_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["given_by"], ["people.id"], name=op.f("fk_kpis_given_given_by_people")),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_kpis_given_person_id_people")),
        sa.ForeignKeyConstraint(["use_case_id"], ["use_cases.id"], name=op.f("fk_kpis_given_use_case_id_use_cases")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_kpis_given")),
        sa.UniqueConstraint("use_case_id", "person_id", name=op.f("uq_kpis_given_use_case_id_person_id")),
    )
    with op.batch_alter_table("kpis_given", schema=None) as batch_op:
        batch_op.create_index(
            "ix_kpis_given_tell",
            ["tell_at"],
            unique=False,
            sqlite_where=sa.text("tell_at IS NOT NULL"),
            postgresql_where=sa.text("tell_at IS NOT NULL"),
        )

    op.create_table(
        "hand_backs",
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("last_day", sa.Date(), nullable=False),
        sa.Column("told_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_hand_backs_person_id_people")),
        sa.PrimaryKeyConstraint("person_id", "last_day", name=op.f("pk_hand_backs")),
    )
    op.create_index(op.f("ix_leaves_last_day"), "leaves", ["last_day"], unique=False)

    op.add_column("outbox", sa.Column("is_bulk", sa.Boolean(), nullable=False, server_default=sa.false()))
    reword("outbox", "kind", OUTBOX_KIND, [*words_of("outbox", OUTBOX_KIND), *NEW_KINDS])


def downgrade() -> None:
    listed = ", ".join(f"'{word}'" for word in NEW_KINDS)
    op.execute(f"DELETE FROM outbox WHERE kind IN ({listed})")  # noqa: S608 - our own names
    before = [word for word in words_of("outbox", OUTBOX_KIND) if word not in NEW_KINDS]
    reword("outbox", "kind", OUTBOX_KIND, before)
    op.drop_column("outbox", "is_bulk")
    op.drop_index(op.f("ix_leaves_last_day"), table_name="leaves")
    op.drop_table("hand_backs")
    with op.batch_alter_table("kpis_given", schema=None) as batch_op:
        batch_op.drop_index(
            "ix_kpis_given_tell",
            sqlite_where=sa.text("tell_at IS NOT NULL"),
            postgresql_where=sa.text("tell_at IS NOT NULL"),
        )

    op.drop_table("kpis_given")
    with op.batch_alter_table("verifications", schema=None) as batch_op:
        batch_op.drop_index("ix_verifications_reading")

    op.drop_table("verifications")
    with op.batch_alter_table("verification_requests", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_verification_requests_person_id"))

    op.drop_table("verification_requests")
    with op.batch_alter_table("fixes", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_fixes_open",
            sqlite_where=sa.text("done_at IS NULL AND dropped_at IS NULL"),
            postgresql_where=sa.text("done_at IS NULL AND dropped_at IS NULL"),
        )
        batch_op.drop_index("ix_fixes_use_case")
        batch_op.drop_index(
            "ix_fixes_remind",
            sqlite_where=sa.text("done_at IS NULL AND dropped_at IS NULL"),
            postgresql_where=sa.text("done_at IS NULL AND dropped_at IS NULL"),
        )
        batch_op.drop_index(
            "ix_fixes_owner",
            sqlite_where=sa.text("done_at IS NULL AND dropped_at IS NULL"),
            postgresql_where=sa.text("done_at IS NULL AND dropped_at IS NULL"),
        )

    op.drop_table("fixes")
    op.drop_table("quiet_times")
    op.drop_table("pictures")

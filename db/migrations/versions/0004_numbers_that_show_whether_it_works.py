"""Numbers that show whether it works."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "kpis",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("use_case_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(120), nullable=False),
        sa.Column("name_key", sa.String(64), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("unit", sa.String(40), nullable=False),
        sa.Column(
            "direction",
            sa.Enum("up", "down", "band", name="direction", native_enum=False, create_constraint=True, length=32),
            nullable=False,
        ),
        sa.Column("target", sa.Float(), nullable=False),
        sa.Column("target_high", sa.Float(), nullable=True),
        sa.Column("due", sa.Date(), nullable=False),
        sa.Column("proposed", sa.Float(), nullable=True),
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
        sa.Column(
            "source",
            sa.Enum(
                "self", "system", "survey", name="kpi_source", native_enum=False, create_constraint=True, length=32
            ),
            nullable=False,
        ),
        sa.Column("owner_id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("retired_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["owner_id"], ["people.id"], name=op.f("fk_kpis_owner_id_people")),
        sa.ForeignKeyConstraint(["use_case_id"], ["use_cases.id"], name=op.f("fk_kpis_use_case_id_use_cases")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_kpis")),
        sa.UniqueConstraint("use_case_id", "name_key", name=op.f("uq_kpis_use_case_id_name_key")),
    )
    with op.batch_alter_table("kpis", schema=None) as batch_op:
        batch_op.create_index(
            "ix_kpis_owner",
            ["owner_id"],
            unique=False,
            sqlite_where=sa.text("retired_at IS NULL"),
            postgresql_where=sa.text("retired_at IS NULL"),
        )

    op.create_table(
        "baselines",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("kpi_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("value", sa.Float(), nullable=False),
        sa.Column("unit", sa.String(40), nullable=False),
        sa.Column("first_day", sa.Date(), nullable=False),
        sa.Column("last_day", sa.Date(), nullable=False),
        sa.Column("n", sa.Integer(), nullable=False),
        sa.Column("method_id", sa.Uuid(), nullable=False),
        sa.Column("locked_by", sa.Uuid(), nullable=False),
        sa.Column("locked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("amends_id", sa.Uuid(), nullable=True),
        sa.Column("reason_id", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(["amends_id"], ["baselines.id"], name=op.f("fk_baselines_amends_id_baselines")),
        sa.ForeignKeyConstraint(["kpi_id"], ["kpis.id"], name=op.f("fk_baselines_kpi_id_kpis")),
        sa.ForeignKeyConstraint(["locked_by"], ["people.id"], name=op.f("fk_baselines_locked_by_people")),
        sa.ForeignKeyConstraint(["method_id"], ["texts.id"], name=op.f("fk_baselines_method_id_texts")),
        sa.ForeignKeyConstraint(["reason_id"], ["texts.id"], name=op.f("fk_baselines_reason_id_texts")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_baselines")),
        sa.UniqueConstraint("kpi_id", "number", name=op.f("uq_baselines_kpi_id_number")),
    )
    op.create_table(
        "kpi_changes",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("kpi_id", sa.Uuid(), nullable=False),
        sa.Column(
            "field",
            sa.Enum(
                "name",
                "unit",
                "direction",
                "target",
                "due",
                "proposed",
                "in_use",
                "cadence",
                "source",
                "owner",
                name="kpi_field",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("before", sa.Text(), nullable=True),
        sa.Column("after", sa.Text(), nullable=True),
        sa.Column("changed_by", sa.Uuid(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["changed_by"], ["people.id"], name=op.f("fk_kpi_changes_changed_by_people")),
        sa.ForeignKeyConstraint(["kpi_id"], ["kpis.id"], name=op.f("fk_kpi_changes_kpi_id_kpis")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_kpi_changes")),
    )
    with op.batch_alter_table("kpi_changes", schema=None) as batch_op:
        batch_op.create_index("ix_kpi_changes_kpi", ["kpi_id", "changed_at"], unique=False)

    # Other tables refer to these two, so SQLite must not make them anew.
    op.add_column("people", sa.Column("locale", sa.String(35), nullable=True))
    op.add_column("use_cases", sa.Column("kpis_revision", sa.Integer(), nullable=False, server_default="0"))
    op.create_index(
        "ix_use_cases_kpis_behind",
        "use_cases",
        ["state"],
        unique=False,
        sqlite_where=sa.text("kpis_revision != revision"),
        postgresql_where=sa.text("kpis_revision != revision"),
    )


def downgrade() -> None:
    with op.batch_alter_table("kpi_changes", schema=None) as batch_op:
        batch_op.drop_index("ix_kpi_changes_kpi")

    op.drop_table("kpi_changes")
    op.drop_table("baselines")
    with op.batch_alter_table("kpis", schema=None) as batch_op:
        batch_op.drop_index(
            "ix_kpis_owner", sqlite_where=sa.text("retired_at IS NULL"), postgresql_where=sa.text("retired_at IS NULL")
        )

    op.drop_table("kpis")
    op.drop_index("ix_use_cases_kpis_behind", "use_cases")
    op.drop_column("use_cases", "kpis_revision")
    op.drop_column("people", "locale")

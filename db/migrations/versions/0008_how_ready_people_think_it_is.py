"""What people think of how ready the organisation is."""

import sqlalchemy as sa
from alembic import op

from db.migrations.vocabularies import reword, words_of

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

OUTBOX_KIND = "ck_outbox_outbox_kind"
NEW_KINDS = ("scorecards.asked", "scorecards.closed", "scorecards.file")


def upgrade() -> None:
    op.create_table(
        "scorecards",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("is_open", sa.Boolean(), nullable=True),
        sa.Column("opened_by", sa.Uuid(), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("closes_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_by", sa.Uuid(), nullable=True),
        sa.Column("tell_at", sa.DateTime(timezone=True), nullable=True),
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
            nullable=True,
        ),
        sa.Column("lacks", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["closed_by"], ["people.id"], name=op.f("fk_scorecards_closed_by_people")),
        sa.ForeignKeyConstraint(["opened_by"], ["people.id"], name=op.f("fk_scorecards_opened_by_people")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_scorecards")),
        sa.UniqueConstraint("is_open", name=op.f("uq_scorecards_is_open")),
        sa.UniqueConstraint("number", name=op.f("uq_scorecards_number")),
    )
    with op.batch_alter_table("scorecards", schema=None) as batch_op:
        batch_op.create_index(
            "ix_scorecards_tell",
            ["tell_at"],
            unique=False,
            sqlite_where=sa.text("tell_at IS NOT NULL"),
            postgresql_where=sa.text("tell_at IS NOT NULL"),
        )

    op.create_table(
        "scorecard_asked",
        sa.Column("scorecard_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("messages", sa.Integer(), nullable=False),
        sa.Column("act_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_scorecard_asked_person_id_people")),
        sa.ForeignKeyConstraint(
            ["scorecard_id"], ["scorecards.id"], name=op.f("fk_scorecard_asked_scorecard_id_scorecards")
        ),
        sa.PrimaryKeyConstraint("scorecard_id", "person_id", name=op.f("pk_scorecard_asked")),
    )
    with op.batch_alter_table("scorecard_asked", schema=None) as batch_op:
        batch_op.create_index(
            "ix_scorecard_asked_due",
            ["act_at"],
            unique=False,
            sqlite_where=sa.text("act_at IS NOT NULL"),
            postgresql_where=sa.text("act_at IS NOT NULL"),
        )

    op.create_table(
        "scorecard_proofs",
        sa.Column("scorecard_id", sa.Uuid(), nullable=False),
        sa.Column(
            "dimension",
            sa.Enum(
                "context_pack",
                "data_readiness",
                "governance_framework",
                "stakeholder_map",
                "data_handling",
                "acceptable_use",
                "human_oversight",
                "incident_response",
                "first_use_cases",
                "technical_integration",
                "team_onboarding",
                "first_value",
                "measurement",
                "refinement",
                "lessons",
                "check_in_discipline",
                "repeatable_onboarding",
                "knowledge_base",
                "governance_at_scale",
                "rollouts",
                name="dimension",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("score", sa.Integer(), nullable=False),
        sa.Column("rests_on", sa.Text(), nullable=False),
        sa.Column("cases", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["scorecard_id"], ["scorecards.id"], name=op.f("fk_scorecard_proofs_scorecard_id_scorecards")
        ),
        sa.PrimaryKeyConstraint("scorecard_id", "dimension", name=op.f("pk_scorecard_proofs")),
    )
    op.create_table(
        "scorecard_scores",
        sa.Column("scorecard_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column(
            "dimension",
            sa.Enum(
                "context_pack",
                "data_readiness",
                "governance_framework",
                "stakeholder_map",
                "data_handling",
                "acceptable_use",
                "human_oversight",
                "incident_response",
                "first_use_cases",
                "technical_integration",
                "team_onboarding",
                "first_value",
                "measurement",
                "refinement",
                "lessons",
                "check_in_discipline",
                "repeatable_onboarding",
                "knowledge_base",
                "governance_at_scale",
                "rollouts",
                name="dimension",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("score", sa.Integer(), nullable=True),
        sa.Column("scored_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_scorecard_scores_person_id_people")),
        sa.ForeignKeyConstraint(
            ["scorecard_id"], ["scorecards.id"], name=op.f("fk_scorecard_scores_scorecard_id_scorecards")
        ),
        sa.PrimaryKeyConstraint("scorecard_id", "person_id", "dimension", name=op.f("pk_scorecard_scores")),
    )
    op.bulk_insert(
        sa.table("counters", sa.column("name", sa.String), sa.column("value", sa.Integer)),
        [{"name": "scorecard", "value": 0}],
    )
    reword("outbox", "kind", OUTBOX_KIND, [*words_of("outbox", OUTBOX_KIND), *NEW_KINDS])


def downgrade() -> None:
    listed = ", ".join(f"'{kind}'" for kind in NEW_KINDS)
    op.execute(f"DELETE FROM outbox WHERE kind IN ({listed})")  # noqa: S608 - our own names
    reword("outbox", "kind", OUTBOX_KIND, [kind for kind in words_of("outbox", OUTBOX_KIND) if kind not in NEW_KINDS])
    op.execute("DELETE FROM counters WHERE name = 'scorecard'")
    op.drop_table("scorecard_scores")
    op.drop_table("scorecard_proofs")
    with op.batch_alter_table("scorecard_asked", schema=None) as batch_op:
        batch_op.drop_index(
            "ix_scorecard_asked_due",
            sqlite_where=sa.text("act_at IS NOT NULL"),
            postgresql_where=sa.text("act_at IS NOT NULL"),
        )

    op.drop_table("scorecard_asked")
    with op.batch_alter_table("scorecards", schema=None) as batch_op:
        batch_op.drop_index(
            "ix_scorecards_tell",
            sqlite_where=sa.text("tell_at IS NOT NULL"),
            postgresql_where=sa.text("tell_at IS NOT NULL"),
        )

    op.drop_table("scorecards")

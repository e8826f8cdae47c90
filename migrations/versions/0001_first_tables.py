"""first tables"""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "account",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("password_hash", sa.String(length=255), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("kana", sa.String(length=80), nullable=False),
        sa.Column("language", sa.String(length=8), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("email_verified_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("state IN ('active', 'closed')", name=op.f("ck_account_state_known")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_account")),
    )
    with op.batch_alter_table("account", schema=None) as batch_op:
        batch_op.create_index("uq_account_email", ["email"], unique=True)

    op.create_table(
        "activity_field",
        sa.Column("code", sa.String(length=64), nullable=False),
        sa.Column("label_ja", sa.String(length=120), nullable=False),
        sa.Column("label_en", sa.String(length=120), nullable=False),
        sa.Column("kana", sa.String(length=120), nullable=False),
        sa.Column("full_ja", sa.String(length=240), nullable=False),
        sa.Column("full_en", sa.String(length=240), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_activity_field")),
    )
    op.create_table(
        "audit_entry",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor_id", sa.String(length=64), nullable=True),
        sa.Column("act", sa.String(length=40), nullable=False),
        sa.Column("subject_type", sa.String(length=40), nullable=False),
        sa.Column("subject_id", sa.String(length=64), nullable=False),
        sa.Column("details", sa.JSON(), nullable=False),
        sa.Column("previous", sa.String(length=64), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_entry")),
        sa.UniqueConstraint("hash", name=op.f("uq_audit_entry_hash")),
    )
    with op.batch_alter_table("audit_entry", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_audit_entry_actor_id"), ["actor_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_audit_entry_at"), ["at"], unique=False)
        batch_op.create_index(
            "ix_audit_entry_subject", ["subject_type", "subject_id"], unique=False
        )

    op.create_table(
        "audit_head",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_head")),
    )
    op.create_table(
        "company",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("kana", sa.String(length=120), nullable=False),
        sa.Column("corporate_number", sa.String(length=13), nullable=True),
        sa.Column("in_city", sa.Boolean(), nullable=True),
        sa.Column("search_text", sa.String(length=400), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_company")),
        sa.UniqueConstraint("corporate_number", name=op.f("uq_company_corporate_number")),
    )
    op.create_table(
        "consent_text",
        sa.Column("purpose", sa.String(length=24), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("text_ja", sa.String(length=4000), nullable=False),
        sa.Column("text_en", sa.String(length=4000), nullable=False),
        sa.Column("published_on", sa.Date(), nullable=False),
        sa.CheckConstraint(
            "purpose IN ('terms', 'employer_report')", name=op.f("ck_consent_text_purpose_known")
        ),
        sa.PrimaryKeyConstraint("purpose", "version", name=op.f("pk_consent_text")),
    )
    op.create_table(
        "district",
        sa.Column("code", sa.String(length=64), nullable=False),
        sa.Column("label_ja", sa.String(length=120), nullable=False),
        sa.Column("label_en", sa.String(length=120), nullable=False),
        sa.Column("kana", sa.String(length=120), nullable=False),
        sa.Column("lat", sa.Float(), nullable=False),
        sa.Column("lon", sa.Float(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_district")),
    )
    op.create_table(
        "indicator",
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("label_ja", sa.String(length=200), nullable=False),
        sa.Column("label_en", sa.String(length=200), nullable=False),
        sa.Column("unit_ja", sa.String(length=20), nullable=False),
        sa.Column("unit_en", sa.String(length=20), nullable=False),
        sa.Column("baseline", sa.Integer(), nullable=False),
        sa.Column("baseline_year", sa.Integer(), nullable=False),
        sa.Column("target", sa.Integer(), nullable=False),
        sa.Column("target_year", sa.Integer(), nullable=False),
        sa.Column("opening_gross", sa.Integer(), nullable=False),
        sa.Column("opening_distinct", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_indicator")),
    )
    op.create_table(
        "menu",
        sa.Column("code", sa.String(length=64), nullable=False),
        sa.Column("label_ja", sa.String(length=120), nullable=False),
        sa.Column("label_en", sa.String(length=120), nullable=False),
        sa.Column("kana", sa.String(length=120), nullable=False),
        sa.Column("summary_ja", sa.String(length=400), nullable=False),
        sa.Column("summary_en", sa.String(length=400), nullable=False),
        sa.Column("body", sa.JSON(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_menu")),
    )
    op.create_table(
        "sign_in_failure",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("email_hash", sa.String(length=64), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sign_in_failure")),
    )
    with op.batch_alter_table("sign_in_failure", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_sign_in_failure_at"), ["at"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_sign_in_failure_email_hash"), ["email_hash"], unique=False
        )

    op.create_table(
        "skill",
        sa.Column("code", sa.String(length=64), nullable=False),
        sa.Column("label_ja", sa.String(length=120), nullable=False),
        sa.Column("label_en", sa.String(length=120), nullable=False),
        sa.Column("kana", sa.String(length=120), nullable=False),
        sa.Column("keywords", sa.String(length=1000), nullable=False),
        sa.Column("parent", sa.String(length=64), nullable=True),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["parent"], ["skill.code"], name=op.f("fk_skill_parent")),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_skill")),
    )
    with op.batch_alter_table("skill", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_skill_parent"), ["parent"], unique=False)

    op.create_table(
        "account_role",
        sa.Column("account_id", sa.String(length=64), nullable=False),
        sa.Column("role", sa.String(length=16), nullable=False),
        sa.CheckConstraint(
            "role IN ('coordinator', 'city', 'admin')", name=op.f("ck_account_role_role_known")
        ),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_account_role_account_id")
        ),
        sa.PrimaryKeyConstraint("account_id", "role", name=op.f("pk_account_role")),
    )
    with op.batch_alter_table("account_role", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_account_role_account_id"), ["account_id"], unique=False
        )

    op.create_table(
        "account_token",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.String(length=64), nullable=False),
        sa.Column("purpose", sa.String(length=16), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "purpose IN ('verify_email', 'reset_password', 'invite', 'change_email')",
            name=op.f("ck_account_token_purpose_known"),
        ),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_account_token_account_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_account_token")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_account_token_token_hash")),
    )
    with op.batch_alter_table("account_token", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_account_token_account_id"), ["account_id"], unique=False
        )

    op.create_table(
        "civic_group",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("kana", sa.String(length=120), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("district", sa.String(length=64), nullable=True),
        sa.Column("about", sa.String(length=2000), nullable=False),
        sa.Column("website", sa.String(length=400), nullable=False),
        sa.Column("eligibility", sa.JSON(), nullable=False),
        sa.Column("declared_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("declared_by", sa.String(length=64), nullable=True),
        sa.Column("contact_name", sa.String(length=80), nullable=False),
        sa.Column("contact_email", sa.String(length=254), nullable=False),
        sa.Column("contact_note", sa.String(length=400), nullable=False),
        sa.Column("public", sa.Boolean(), nullable=False),
        sa.Column("waiting_since", sa.Date(), nullable=True),
        sa.Column("last_supported_on", sa.Date(), nullable=True),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("returned_comment", sa.String(length=2000), nullable=False),
        sa.Column("submitted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("verified_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("search_text", sa.String(length=1000), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "kind IN ('neighbourhood', 'npo', 'volunteer', 'council', 'other')",
            name=op.f("ck_civic_group_kind_known"),
        ),
        sa.CheckConstraint(
            "state IN ('draft', 'submitted', 'returned', 'verified', 'paused', 'left')",
            name=op.f("ck_civic_group_state_known"),
        ),
        sa.ForeignKeyConstraint(
            ["declared_by"], ["account.id"], name=op.f("fk_civic_group_declared_by")
        ),
        sa.ForeignKeyConstraint(
            ["district"], ["district.code"], name=op.f("fk_civic_group_district")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_civic_group")),
    )
    with op.batch_alter_table("civic_group", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_civic_group_district"), ["district"], unique=False)
        batch_op.create_index(batch_op.f("ix_civic_group_state"), ["state"], unique=False)

    op.create_table(
        "company_officer",
        sa.Column("company_id", sa.String(length=64), nullable=False),
        sa.Column("account_id", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_company_officer_account_id")
        ),
        sa.ForeignKeyConstraint(
            ["company_id"], ["company.id"], name=op.f("fk_company_officer_company_id")
        ),
        sa.PrimaryKeyConstraint("company_id", "account_id", name=op.f("pk_company_officer")),
    )
    with op.batch_alter_table("company_officer", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_company_officer_account_id"), ["account_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_company_officer_company_id"), ["company_id"], unique=False
        )

    op.create_table(
        "import_batch",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("filename", sa.String(length=200), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=True),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("counts", sa.JSON(), nullable=False),
        sa.Column("errors", sa.JSON(), nullable=False),
        sa.Column("warnings", sa.JSON(), nullable=False),
        sa.Column("changes", sa.JSON(), nullable=False),
        sa.Column("created_by", sa.String(length=64), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("applied_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "state IN ('checking', 'preview', 'refused', 'applying', 'applied')",
            name=op.f("ck_import_batch_state_known"),
        ),
        sa.ForeignKeyConstraint(
            ["created_by"], ["account.id"], name=op.f("fk_import_batch_created_by")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_import_batch")),
    )
    with op.batch_alter_table("import_batch", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_import_batch_created_by"), ["created_by"], unique=False
        )

    op.create_table(
        "indicator_definition",
        sa.Column("indicator", sa.String(length=64), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("text_ja", sa.String(length=2000), nullable=False),
        sa.Column("text_en", sa.String(length=2000), nullable=False),
        sa.Column("from_on", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(
            ["indicator"], ["indicator.code"], name=op.f("fk_indicator_definition_indicator")
        ),
        sa.PrimaryKeyConstraint("indicator", "version", name=op.f("pk_indicator_definition")),
    )
    with op.batch_alter_table("indicator_definition", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_indicator_definition_indicator"), ["indicator"], unique=False
        )

    op.create_table(
        "indicator_figure",
        sa.Column("indicator", sa.String(length=64), nullable=False),
        sa.Column("fiscal_year", sa.Integer(), nullable=False),
        sa.Column("gross", sa.Integer(), nullable=False),
        sa.Column("distinct_count", sa.Integer(), nullable=True),
        sa.Column("provisional", sa.Boolean(), nullable=False),
        sa.Column("source_ja", sa.String(length=200), nullable=False),
        sa.Column("source_en", sa.String(length=200), nullable=False),
        sa.CheckConstraint(
            "distinct_count IS NULL OR distinct_count <= gross",
            name=op.f("ck_indicator_figure_counts_agree"),
        ),
        sa.ForeignKeyConstraint(
            ["indicator"], ["indicator.code"], name=op.f("fk_indicator_figure_indicator")
        ),
        sa.PrimaryKeyConstraint("indicator", "fiscal_year", name=op.f("pk_indicator_figure")),
    )
    with op.batch_alter_table("indicator_figure", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_indicator_figure_indicator"), ["indicator"], unique=False
        )

    op.create_table(
        "job",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("params", sa.JSON(), nullable=False),
        sa.Column("dedupe_key", sa.String(length=120), nullable=True),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("not_before", sa.DateTime(timezone=True), nullable=False),
        sa.Column("leased_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("error", sa.String(length=1000), nullable=False),
        sa.Column("created_by", sa.String(length=64), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "state IN ('waiting', 'running', 'done', 'failed')", name=op.f("ck_job_state_known")
        ),
        sa.ForeignKeyConstraint(["created_by"], ["account.id"], name=op.f("fk_job_created_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_job")),
        sa.UniqueConstraint("dedupe_key", name=op.f("uq_job_dedupe_key")),
    )
    with op.batch_alter_table("job", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_job_created_by"), ["created_by"], unique=False)
        batch_op.create_index("ix_job_due", ["state", "not_before"], unique=False)

    op.create_table(
        "login_session",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("account_id", sa.String(length=64), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("user_agent", sa.String(length=200), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_login_session_account_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_login_session")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_login_session_token_hash")),
    )
    with op.batch_alter_table("login_session", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_login_session_account_id"), ["account_id"], unique=False
        )

    op.create_table(
        "notice",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("account_id", sa.String(length=64), nullable=True),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("language", sa.String(length=8), nullable=False),
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("params", sa.JSON(), nullable=False),
        sa.Column("dedupe_key", sa.String(length=120), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("not_before", sa.DateTime(timezone=True), nullable=False),
        sa.Column("leased_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("error", sa.String(length=400), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "state IN ('waiting', 'sent', 'failed')", name=op.f("ck_notice_state_known")
        ),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_notice_account_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notice")),
        sa.UniqueConstraint("dedupe_key", name=op.f("uq_notice_dedupe_key")),
    )
    with op.batch_alter_table("notice", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_notice_account_id"), ["account_id"], unique=False)
        batch_op.create_index("ix_notice_due", ["state", "not_before"], unique=False)

    op.create_table(
        "policy_version",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("body", sa.JSON(), nullable=False),
        sa.Column("note", sa.String(length=400), nullable=False),
        sa.Column("created_by", sa.String(length=64), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["created_by"], ["account.id"], name=op.f("fk_policy_version_created_by")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_policy_version")),
    )
    with op.batch_alter_table("policy_version", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_policy_version_created_by"), ["created_by"], unique=False
        )

    op.create_table(
        "professional",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("account_id", sa.String(length=64), nullable=True),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("kana", sa.String(length=80), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("company_id", sa.String(length=64), nullable=True),
        sa.Column("district", sa.String(length=64), nullable=True),
        sa.Column("remote", sa.Boolean(), nullable=False),
        sa.Column("onsite", sa.Boolean(), nullable=False),
        sa.Column("reach_km", sa.Float(), nullable=True),
        sa.Column("hours_per_week", sa.Float(), nullable=False),
        sa.Column("available_from", sa.Date(), nullable=True),
        sa.Column("available_until", sa.Date(), nullable=True),
        sa.Column("slots", sa.JSON(), nullable=False),
        sa.Column("languages", sa.JSON(), nullable=False),
        sa.Column("capacity", sa.Integer(), nullable=False),
        sa.Column("any_project", sa.Boolean(), nullable=False),
        sa.Column("relation", sa.String(length=16), nullable=False),
        sa.Column("about", sa.String(length=2000), nullable=False),
        sa.Column("waiting_since", sa.Date(), nullable=True),
        sa.Column("paused_until", sa.Date(), nullable=True),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("returned_comment", sa.String(length=2000), nullable=False),
        sa.Column("submitted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("verified_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("search_text", sa.String(length=1000), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "relation IN ('resident', 'worker', 'student', 'none')",
            name=op.f("ck_professional_relation_known"),
        ),
        sa.CheckConstraint(
            "state IN ('draft', 'submitted', 'returned', 'verified', 'paused', 'left')",
            name=op.f("ck_professional_state_known"),
        ),
        sa.CheckConstraint(
            "available_until IS NULL OR available_from IS NULL OR available_until >= available_from",
            name=op.f("ck_professional_window_in_order"),
        ),
        sa.CheckConstraint(
            "capacity >= 0 AND capacity <= 9", name=op.f("ck_professional_capacity_range")
        ),
        sa.CheckConstraint(
            "hours_per_week >= 0 AND hours_per_week <= 60", name=op.f("ck_professional_hours_range")
        ),
        sa.CheckConstraint(
            "reach_km IS NULL OR (reach_km >= 0 AND reach_km <= 500)",
            name=op.f("ck_professional_reach"),
        ),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_professional_account_id")
        ),
        sa.ForeignKeyConstraint(
            ["company_id"], ["company.id"], name=op.f("fk_professional_company_id")
        ),
        sa.ForeignKeyConstraint(
            ["district"], ["district.code"], name=op.f("fk_professional_district")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_professional")),
    )
    with op.batch_alter_table("professional", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_professional_account_id"), ["account_id"], unique=True)
        batch_op.create_index(
            batch_op.f("ix_professional_company_id"), ["company_id"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_professional_district"), ["district"], unique=False)
        batch_op.create_index(batch_op.f("ix_professional_state"), ["state"], unique=False)

    op.create_table(
        "consent",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.String(length=64), nullable=True),
        sa.Column("professional_id", sa.String(length=64), nullable=True),
        sa.Column("purpose", sa.String(length=24), nullable=False),
        sa.Column("company_id", sa.String(length=64), nullable=True),
        sa.Column("text_version", sa.Integer(), nullable=False),
        sa.Column("given_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_on", sa.Date(), nullable=True),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "purpose IN ('terms', 'employer_report')", name=op.f("ck_consent_purpose_known")
        ),
        sa.CheckConstraint(
            "(account_id IS NULL) <> (professional_id IS NULL)", name=op.f("ck_consent_one_subject")
        ),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_consent_account_id")),
        sa.ForeignKeyConstraint(["company_id"], ["company.id"], name=op.f("fk_consent_company_id")),
        sa.ForeignKeyConstraint(
            ["professional_id"], ["professional.id"], name=op.f("fk_consent_professional_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_consent")),
    )
    with op.batch_alter_table("consent", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_consent_account_id"), ["account_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_consent_company_id"), ["company_id"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_consent_professional_id"), ["professional_id"], unique=False
        )
        batch_op.create_index(
            "uq_consent_live_account",
            ["account_id", "purpose"],
            unique=True,
            sqlite_where=sa.text("withdrawn_at IS NULL AND account_id IS NOT NULL"),
            postgresql_where=sa.text("withdrawn_at IS NULL AND account_id IS NOT NULL"),
        )
        batch_op.create_index(
            "uq_consent_live_professional",
            ["professional_id", "purpose", "company_id"],
            unique=True,
            sqlite_where=sa.text("withdrawn_at IS NULL AND professional_id IS NOT NULL"),
            postgresql_where=sa.text("withdrawn_at IS NULL AND professional_id IS NOT NULL"),
        )

    op.create_table(
        "declared_conflict",
        sa.Column("professional_id", sa.String(length=64), nullable=False),
        sa.Column("group_id", sa.String(length=64), nullable=False),
        sa.Column("reason", sa.String(length=400), nullable=False),
        sa.ForeignKeyConstraint(
            ["group_id"], ["civic_group.id"], name=op.f("fk_declared_conflict_group_id")
        ),
        sa.ForeignKeyConstraint(
            ["professional_id"],
            ["professional.id"],
            name=op.f("fk_declared_conflict_professional_id"),
        ),
        sa.PrimaryKeyConstraint("professional_id", "group_id", name=op.f("pk_declared_conflict")),
    )
    with op.batch_alter_table("declared_conflict", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_declared_conflict_group_id"), ["group_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_declared_conflict_professional_id"), ["professional_id"], unique=False
        )

    op.create_table(
        "group_field",
        sa.Column("group_id", sa.String(length=64), nullable=False),
        sa.Column("field", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(
            ["field"], ["activity_field.code"], name=op.f("fk_group_field_field")
        ),
        sa.ForeignKeyConstraint(
            ["group_id"], ["civic_group.id"], name=op.f("fk_group_field_group_id")
        ),
        sa.PrimaryKeyConstraint("group_id", "field", name=op.f("pk_group_field")),
    )
    with op.batch_alter_table("group_field", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_group_field_field"), ["field"], unique=False)
        batch_op.create_index(batch_op.f("ix_group_field_group_id"), ["group_id"], unique=False)

    op.create_table(
        "group_invitation",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("group_id", sa.String(length=64), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("invited_by", sa.String(length=64), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("accepted", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["group_id"], ["civic_group.id"], name=op.f("fk_group_invitation_group_id")
        ),
        sa.ForeignKeyConstraint(
            ["invited_by"], ["account.id"], name=op.f("fk_group_invitation_invited_by")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_group_invitation")),
    )
    with op.batch_alter_table("group_invitation", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_group_invitation_email"), ["email"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_group_invitation_group_id"), ["group_id"], unique=False
        )
        batch_op.create_index(
            "uq_group_invitation_open",
            ["group_id", "email"],
            unique=True,
            sqlite_where=sa.text("ended_at IS NULL"),
            postgresql_where=sa.text("ended_at IS NULL"),
        )

    op.create_table(
        "group_member",
        sa.Column("group_id", sa.String(length=64), nullable=False),
        sa.Column("account_id", sa.String(length=64), nullable=False),
        sa.Column("role", sa.String(length=16), nullable=False),
        sa.Column("joined_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "role IN ('contact', 'member')", name=op.f("ck_group_member_role_known")
        ),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_group_member_account_id")
        ),
        sa.ForeignKeyConstraint(
            ["group_id"], ["civic_group.id"], name=op.f("fk_group_member_group_id")
        ),
        sa.PrimaryKeyConstraint("group_id", "account_id", name=op.f("pk_group_member")),
    )
    with op.batch_alter_table("group_member", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_group_member_account_id"), ["account_id"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_group_member_group_id"), ["group_id"], unique=False)
        batch_op.create_index(
            "uq_group_member_contact",
            ["group_id"],
            unique=True,
            sqlite_where=sa.text("role = 'contact'"),
            postgresql_where=sa.text("role = 'contact'"),
        )

    op.create_table(
        "matching_round",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("policy", sa.JSON(), nullable=False),
        sa.Column("policy_version", sa.Integer(), nullable=True),
        sa.Column("seed", sa.Integer(), nullable=False),
        sa.Column("as_of", sa.Date(), nullable=False),
        sa.Column("reply_by", sa.Date(), nullable=True),
        sa.Column("stage", sa.String(length=32), nullable=False),
        sa.Column("progress", sa.Integer(), nullable=False),
        sa.Column("runs", sa.Integer(), nullable=False),
        sa.Column("engine_version", sa.String(length=32), nullable=False),
        sa.Column("inputs_hash", sa.String(length=64), nullable=False),
        sa.Column("snapshot", sa.LargeBinary(), nullable=True),
        sa.Column("levels", sa.JSON(), nullable=False),
        sa.Column("proof", sa.JSON(), nullable=False),
        sa.Column("measures", sa.JSON(), nullable=False),
        sa.Column("seconds", sa.JSON(), nullable=False),
        sa.Column("failure", sa.JSON(), nullable=False),
        sa.Column("created_by", sa.String(length=64), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("computed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "state IN ('draft', 'computing', 'ready', 'sent', 'closed', 'failed', 'cancelled')",
            name=op.f("ck_matching_round_state_known"),
        ),
        sa.CheckConstraint("seed >= 0", name=op.f("ck_matching_round_seed_range")),
        sa.ForeignKeyConstraint(
            ["created_by"], ["account.id"], name=op.f("fk_matching_round_created_by")
        ),
        sa.ForeignKeyConstraint(
            ["policy_version"], ["policy_version.id"], name=op.f("fk_matching_round_policy_version")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_matching_round")),
    )
    with op.batch_alter_table("matching_round", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_matching_round_created_by"), ["created_by"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_matching_round_policy_version"), ["policy_version"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_matching_round_state"), ["state"], unique=False)

    op.create_table(
        "need",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("group_id", sa.String(length=64), nullable=False),
        sa.Column("title", sa.String(length=120), nullable=False),
        sa.Column("summary", sa.String(length=4000), nullable=False),
        sa.Column("deliverable", sa.String(length=2000), nullable=False),
        sa.Column("gain", sa.String(length=1000), nullable=False),
        sa.Column("menu", sa.String(length=64), nullable=True),
        sa.Column("form", sa.String(length=16), nullable=False),
        sa.Column("mode", sa.String(length=16), nullable=False),
        sa.Column("district", sa.String(length=64), nullable=True),
        sa.Column("starts_on", sa.Date(), nullable=True),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.Column("weeks", sa.Integer(), nullable=True),
        sa.Column("hours_per_week", sa.Float(), nullable=False),
        sa.Column("slots", sa.JSON(), nullable=False),
        sa.Column("languages", sa.JSON(), nullable=False),
        sa.Column("urgency", sa.String(length=16), nullable=False),
        sa.Column("urgency_reason", sa.String(length=400), nullable=False),
        sa.Column("readiness", sa.JSON(), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("returned_comment", sa.String(length=2000), nullable=False),
        sa.Column("state_note", sa.String(length=1000), nullable=False),
        sa.Column("submitted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("search_text", sa.String(length=4000), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "form IN ('session', 'day', 'single', 'team')", name=op.f("ck_need_form_known")
        ),
        sa.CheckConstraint(
            "mode IN ('remote', 'onsite', 'hybrid')", name=op.f("ck_need_mode_known")
        ),
        sa.CheckConstraint(
            "state IN ('draft', 'submitted', 'returned', 'open', 'in_round', 'staffed', 'in_progress', 'delivered', 'evaluated', 'followed_up', 'withdrawn', 'unstaffed', 'paused', 'cancelled')",
            name=op.f("ck_need_state_known"),
        ),
        sa.CheckConstraint(
            "urgency IN ('urgent', 'important', 'ordinary')", name=op.f("ck_need_urgency_known")
        ),
        sa.CheckConstraint(
            "ends_on IS NULL OR starts_on IS NULL OR ends_on >= starts_on",
            name=op.f("ck_need_dates_in_order"),
        ),
        sa.CheckConstraint(
            "hours_per_week >= 0 AND hours_per_week <= 60", name=op.f("ck_need_hours_range")
        ),
        sa.CheckConstraint(
            "weeks IS NULL OR weeks BETWEEN 1 AND 52", name=op.f("ck_need_weeks_range")
        ),
        sa.ForeignKeyConstraint(["district"], ["district.code"], name=op.f("fk_need_district")),
        sa.ForeignKeyConstraint(["group_id"], ["civic_group.id"], name=op.f("fk_need_group_id")),
        sa.ForeignKeyConstraint(["menu"], ["menu.code"], name=op.f("fk_need_menu")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_need")),
    )
    with op.batch_alter_table("need", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_need_district"), ["district"], unique=False)
        batch_op.create_index(batch_op.f("ix_need_group_id"), ["group_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_need_menu"), ["menu"], unique=False)
        batch_op.create_index("ix_need_state_opened_at", ["state", "opened_at"], unique=False)

    op.create_table(
        "partnership",
        sa.Column("professional_id", sa.String(length=64), nullable=False),
        sa.Column("group_id", sa.String(length=64), nullable=False),
        sa.Column("ended_on", sa.Date(), nullable=False),
        sa.Column("rating", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "rating IS NULL OR rating BETWEEN 1 AND 5", name=op.f("ck_partnership_rating_range")
        ),
        sa.ForeignKeyConstraint(
            ["group_id"], ["civic_group.id"], name=op.f("fk_partnership_group_id")
        ),
        sa.ForeignKeyConstraint(
            ["professional_id"], ["professional.id"], name=op.f("fk_partnership_professional_id")
        ),
        sa.PrimaryKeyConstraint(
            "professional_id", "group_id", "ended_on", name=op.f("pk_partnership")
        ),
    )
    with op.batch_alter_table("partnership", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_partnership_group_id"), ["group_id"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_partnership_professional_id"), ["professional_id"], unique=False
        )

    op.create_table(
        "professional_field",
        sa.Column("professional_id", sa.String(length=64), nullable=False),
        sa.Column("field", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(
            ["field"], ["activity_field.code"], name=op.f("fk_professional_field_field")
        ),
        sa.ForeignKeyConstraint(
            ["professional_id"],
            ["professional.id"],
            name=op.f("fk_professional_field_professional_id"),
        ),
        sa.PrimaryKeyConstraint("professional_id", "field", name=op.f("pk_professional_field")),
    )
    with op.batch_alter_table("professional_field", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_professional_field_field"), ["field"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_professional_field_professional_id"), ["professional_id"], unique=False
        )

    op.create_table(
        "professional_skill",
        sa.Column("professional_id", sa.String(length=64), nullable=False),
        sa.Column("skill", sa.String(length=64), nullable=False),
        sa.Column("level", sa.Integer(), nullable=False),
        sa.CheckConstraint("level BETWEEN 1 AND 4", name=op.f("ck_professional_skill_level_range")),
        sa.ForeignKeyConstraint(
            ["professional_id"],
            ["professional.id"],
            name=op.f("fk_professional_skill_professional_id"),
        ),
        sa.ForeignKeyConstraint(
            ["skill"], ["skill.code"], name=op.f("fk_professional_skill_skill")
        ),
        sa.PrimaryKeyConstraint("professional_id", "skill", name=op.f("pk_professional_skill")),
    )
    with op.batch_alter_table("professional_skill", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_professional_skill_professional_id"), ["professional_id"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_professional_skill_skill"), ["skill"], unique=False)

    op.create_table(
        "need_field",
        sa.Column("need_id", sa.String(length=64), nullable=False),
        sa.Column("field", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(
            ["field"], ["activity_field.code"], name=op.f("fk_need_field_field")
        ),
        sa.ForeignKeyConstraint(["need_id"], ["need.id"], name=op.f("fk_need_field_need_id")),
        sa.PrimaryKeyConstraint("need_id", "field", name=op.f("pk_need_field")),
    )
    with op.batch_alter_table("need_field", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_need_field_field"), ["field"], unique=False)
        batch_op.create_index(batch_op.f("ix_need_field_need_id"), ["need_id"], unique=False)

    op.create_table(
        "project",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("need_id", sa.String(length=64), nullable=False),
        sa.Column("group_id", sa.String(length=64), nullable=False),
        sa.Column("title", sa.String(length=120), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("agreed_on", sa.Date(), nullable=False),
        sa.Column("started_on", sa.Date(), nullable=True),
        sa.Column("ended_on", sa.Date(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "state IN ('agreed', 'in_progress', 'delivered', 'evaluated', 'followed_up', 'paused', 'cancelled', 'not_used')",
            name=op.f("ck_project_state_known"),
        ),
        sa.CheckConstraint(
            "ended_on IS NULL OR started_on IS NULL OR ended_on >= started_on",
            name=op.f("ck_project_dates_in_order"),
        ),
        sa.ForeignKeyConstraint(["group_id"], ["civic_group.id"], name=op.f("fk_project_group_id")),
        sa.ForeignKeyConstraint(["need_id"], ["need.id"], name=op.f("fk_project_need_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_project")),
    )
    with op.batch_alter_table("project", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_project_agreed_on"), ["agreed_on"], unique=False)
        batch_op.create_index(batch_op.f("ix_project_group_id"), ["group_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_project_need_id"), ["need_id"], unique=True)
        batch_op.create_index(batch_op.f("ix_project_state"), ["state"], unique=False)

    op.create_table(
        "role",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("need_id", sa.String(length=64), nullable=False),
        sa.Column("title", sa.String(length=120), nullable=False),
        sa.Column("seats", sa.Integer(), nullable=False),
        sa.Column("essential", sa.Boolean(), nullable=False),
        sa.Column("hours_per_week", sa.Float(), nullable=True),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "hours_per_week IS NULL OR hours_per_week >= 0", name=op.f("ck_role_hours_range")
        ),
        sa.CheckConstraint("seats BETWEEN 1 AND 20", name=op.f("ck_role_seats_range")),
        sa.ForeignKeyConstraint(["need_id"], ["need.id"], name=op.f("fk_role_need_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_role")),
    )
    with op.batch_alter_table("role", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_role_need_id"), ["need_id"], unique=False)

    op.create_table(
        "round_person",
        sa.Column("round_id", sa.String(length=64), nullable=False),
        sa.Column("professional_id", sa.String(length=64), nullable=False),
        sa.Column("matched", sa.Boolean(), nullable=False),
        sa.Column("reasons", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["professional_id"], ["professional.id"], name=op.f("fk_round_person_professional_id")
        ),
        sa.ForeignKeyConstraint(
            ["round_id"], ["matching_round.id"], name=op.f("fk_round_person_round_id")
        ),
        sa.PrimaryKeyConstraint("round_id", "professional_id", name=op.f("pk_round_person")),
    )
    with op.batch_alter_table("round_person", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_round_person_professional_id"), ["professional_id"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_round_person_round_id"), ["round_id"], unique=False)

    op.create_table(
        "wish",
        sa.Column("professional_id", sa.String(length=64), nullable=False),
        sa.Column("need_id", sa.String(length=64), nullable=False),
        sa.Column("rank", sa.Integer(), nullable=False),
        sa.CheckConstraint("rank BETWEEN 0 AND 5", name=op.f("ck_wish_rank_range")),
        sa.ForeignKeyConstraint(["need_id"], ["need.id"], name=op.f("fk_wish_need_id")),
        sa.ForeignKeyConstraint(
            ["professional_id"], ["professional.id"], name=op.f("fk_wish_professional_id")
        ),
        sa.PrimaryKeyConstraint("professional_id", "need_id", name=op.f("pk_wish")),
    )
    with op.batch_alter_table("wish", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_wish_need_id"), ["need_id"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_wish_professional_id"), ["professional_id"], unique=False
        )

    op.create_table(
        "hours_entry",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("project_id", sa.String(length=64), nullable=False),
        sa.Column("professional_id", sa.String(length=64), nullable=False),
        sa.Column("worked_on", sa.Date(), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("payer", sa.String(length=16), nullable=False),
        sa.Column("note", sa.String(length=400), nullable=False),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("payer IN ('own', 'company')", name=op.f("ck_hours_entry_payer_known")),
        sa.CheckConstraint("minutes BETWEEN 1 AND 1440", name=op.f("ck_hours_entry_minutes_range")),
        sa.ForeignKeyConstraint(
            ["professional_id"], ["professional.id"], name=op.f("fk_hours_entry_professional_id")
        ),
        sa.ForeignKeyConstraint(
            ["project_id"], ["project.id"], name=op.f("fk_hours_entry_project_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_hours_entry")),
    )
    with op.batch_alter_table("hours_entry", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_hours_entry_professional_id"), ["professional_id"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_hours_entry_project_id"), ["project_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_hours_entry_worked_on"), ["worked_on"], unique=False)

    op.create_table(
        "proposal",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("round_id", sa.String(length=64), nullable=False),
        sa.Column("need_id", sa.String(length=64), nullable=False),
        sa.Column("role_id", sa.String(length=64), nullable=False),
        sa.Column("seat", sa.Integer(), nullable=False),
        sa.Column("professional_id", sa.String(length=64), nullable=False),
        sa.Column("score", sa.Integer(), nullable=False),
        sa.Column("contributions", sa.JSON(), nullable=False),
        sa.Column("strengths", sa.JSON(), nullable=False),
        sa.Column("gaps", sa.JSON(), nullable=False),
        sa.Column("pinned", sa.Boolean(), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("state_reason", sa.String(length=40), nullable=False),
        sa.Column("state_note", sa.String(length=1000), nullable=False),
        sa.Column("reply_by", sa.Date(), nullable=True),
        sa.Column("offered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("professional_reply", sa.String(length=16), nullable=False),
        sa.Column("professional_replied_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("group_reply", sa.String(length=16), nullable=False),
        sa.Column("group_replied_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "group_reply IN ('waiting', 'accepted', 'declined')",
            name=op.f("ck_proposal_group_reply_known"),
        ),
        sa.CheckConstraint(
            "professional_reply IN ('waiting', 'accepted', 'declined')",
            name=op.f("ck_proposal_professional_reply_known"),
        ),
        sa.CheckConstraint(
            "state <> 'confirmed' OR (professional_reply = 'accepted' AND group_reply = 'accepted')",
            name=op.f("ck_proposal_confirmed_by_both"),
        ),
        sa.CheckConstraint(
            "state IN ('proposed', 'approved', 'offered', 'confirmed', 'rejected', 'declined', 'expired', 'withdrawn', 'replaced')",
            name=op.f("ck_proposal_state_known"),
        ),
        sa.CheckConstraint("score BETWEEN 0 AND 10000", name=op.f("ck_proposal_score_range")),
        sa.CheckConstraint("seat >= 1", name=op.f("ck_proposal_seat_range")),
        sa.ForeignKeyConstraint(["need_id"], ["need.id"], name=op.f("fk_proposal_need_id")),
        sa.ForeignKeyConstraint(
            ["professional_id"], ["professional.id"], name=op.f("fk_proposal_professional_id")
        ),
        sa.ForeignKeyConstraint(["role_id"], ["role.id"], name=op.f("fk_proposal_role_id")),
        sa.ForeignKeyConstraint(
            ["round_id"], ["matching_round.id"], name=op.f("fk_proposal_round_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_proposal")),
    )
    with op.batch_alter_table("proposal", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_proposal_need_id"), ["need_id"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_proposal_professional_id"), ["professional_id"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_proposal_role_id"), ["role_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_proposal_round_id"), ["round_id"], unique=False)
        batch_op.create_index("ix_proposal_round_state", ["round_id", "state"], unique=False)
        batch_op.create_index(batch_op.f("ix_proposal_state"), ["state"], unique=False)
        batch_op.create_index(
            "uq_proposal_person_once",
            ["need_id", "professional_id"],
            unique=True,
            sqlite_where=sa.text("state IN ('proposed', 'approved', 'offered', 'confirmed')"),
            postgresql_where=sa.text("state IN ('proposed', 'approved', 'offered', 'confirmed')"),
        )
        batch_op.create_index(
            "uq_proposal_seat_held",
            ["role_id", "seat"],
            unique=True,
            sqlite_where=sa.text("state IN ('approved', 'offered', 'confirmed')"),
            postgresql_where=sa.text("state IN ('approved', 'offered', 'confirmed')"),
        )

    op.create_table(
        "role_skill",
        sa.Column("role_id", sa.String(length=64), nullable=False),
        sa.Column("skill", sa.String(length=64), nullable=False),
        sa.Column("min_level", sa.Integer(), nullable=False),
        sa.Column("essential", sa.Boolean(), nullable=False),
        sa.Column("weight", sa.Integer(), nullable=False),
        sa.CheckConstraint("min_level BETWEEN 1 AND 4", name=op.f("ck_role_skill_level_range")),
        sa.CheckConstraint("weight BETWEEN 1 AND 10", name=op.f("ck_role_skill_weight_range")),
        sa.ForeignKeyConstraint(["role_id"], ["role.id"], name=op.f("fk_role_skill_role_id")),
        sa.ForeignKeyConstraint(["skill"], ["skill.code"], name=op.f("fk_role_skill_skill")),
        sa.PrimaryKeyConstraint("role_id", "skill", name=op.f("pk_role_skill")),
    )
    with op.batch_alter_table("role_skill", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_role_skill_role_id"), ["role_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_role_skill_skill"), ["skill"], unique=False)

    op.create_table(
        "round_mark",
        sa.Column("round_id", sa.String(length=64), nullable=False),
        sa.Column("professional_id", sa.String(length=64), nullable=False),
        sa.Column("role_id", sa.String(length=64), nullable=False),
        sa.Column("kind", sa.String(length=8), nullable=False),
        sa.Column("reason", sa.String(length=400), nullable=False),
        sa.Column("created_by", sa.String(length=64), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("kind IN ('pin', 'ban')", name=op.f("ck_round_mark_kind_known")),
        sa.ForeignKeyConstraint(
            ["created_by"], ["account.id"], name=op.f("fk_round_mark_created_by")
        ),
        sa.ForeignKeyConstraint(
            ["professional_id"], ["professional.id"], name=op.f("fk_round_mark_professional_id")
        ),
        sa.ForeignKeyConstraint(["role_id"], ["role.id"], name=op.f("fk_round_mark_role_id")),
        sa.ForeignKeyConstraint(
            ["round_id"], ["matching_round.id"], name=op.f("fk_round_mark_round_id")
        ),
        sa.PrimaryKeyConstraint(
            "round_id", "professional_id", "role_id", name=op.f("pk_round_mark")
        ),
    )
    with op.batch_alter_table("round_mark", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_round_mark_created_by"), ["created_by"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_round_mark_professional_id"), ["professional_id"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_round_mark_role_id"), ["role_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_round_mark_round_id"), ["round_id"], unique=False)

    op.create_table(
        "round_need",
        sa.Column("round_id", sa.String(length=64), nullable=False),
        sa.Column("need_id", sa.String(length=64), nullable=False),
        sa.Column("live", sa.Boolean(), nullable=False),
        sa.Column("staffed", sa.Boolean(), nullable=False),
        sa.Column("blocking_role", sa.String(length=64), nullable=True),
        sa.Column("reasons", sa.JSON(), nullable=False),
        sa.Column("smallest_change", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["blocking_role"], ["role.id"], name=op.f("fk_round_need_blocking_role")
        ),
        sa.ForeignKeyConstraint(["need_id"], ["need.id"], name=op.f("fk_round_need_need_id")),
        sa.ForeignKeyConstraint(
            ["round_id"], ["matching_round.id"], name=op.f("fk_round_need_round_id")
        ),
        sa.PrimaryKeyConstraint("round_id", "need_id", name=op.f("pk_round_need")),
    )
    with op.batch_alter_table("round_need", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_round_need_blocking_role"), ["blocking_role"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_round_need_need_id"), ["need_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_round_need_round_id"), ["round_id"], unique=False)
        batch_op.create_index(
            "uq_round_need_live",
            ["need_id"],
            unique=True,
            sqlite_where=sa.text("live"),
            postgresql_where=sa.text("live"),
        )

    op.create_table(
        "decision",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("proposal_id", sa.String(length=64), nullable=False),
        sa.Column("act", sa.String(length=16), nullable=False),
        sa.Column("side", sa.String(length=16), nullable=False),
        sa.Column("actor_id", sa.String(length=64), nullable=True),
        sa.Column("reason", sa.String(length=40), nullable=False),
        sa.Column("note", sa.String(length=1000), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "act IN ('approve', 'reject', 'undo', 'send', 'accept', 'decline', 'expire', 'withdraw', 'replace')",
            name=op.f("ck_decision_act_known"),
        ),
        sa.ForeignKeyConstraint(["actor_id"], ["account.id"], name=op.f("fk_decision_actor_id")),
        sa.ForeignKeyConstraint(
            ["proposal_id"], ["proposal.id"], name=op.f("fk_decision_proposal_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_decision")),
    )
    with op.batch_alter_table("decision", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_decision_actor_id"), ["actor_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_decision_proposal_id"), ["proposal_id"], unique=False)

    op.create_table(
        "project_member",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("project_id", sa.String(length=64), nullable=False),
        sa.Column("professional_id", sa.String(length=64), nullable=False),
        sa.Column("role_id", sa.String(length=64), nullable=True),
        sa.Column("proposal_id", sa.String(length=64), nullable=True),
        sa.Column("company_id", sa.String(length=64), nullable=True),
        sa.Column("minutes_per_week", sa.Integer(), nullable=False),
        sa.Column("joined_on", sa.Date(), nullable=False),
        sa.Column("left_on", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(
            ["company_id"], ["company.id"], name=op.f("fk_project_member_company_id")
        ),
        sa.ForeignKeyConstraint(
            ["professional_id"], ["professional.id"], name=op.f("fk_project_member_professional_id")
        ),
        sa.ForeignKeyConstraint(
            ["project_id"], ["project.id"], name=op.f("fk_project_member_project_id")
        ),
        sa.ForeignKeyConstraint(
            ["proposal_id"], ["proposal.id"], name=op.f("fk_project_member_proposal_id")
        ),
        sa.ForeignKeyConstraint(["role_id"], ["role.id"], name=op.f("fk_project_member_role_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_project_member")),
    )
    with op.batch_alter_table("project_member", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_project_member_company_id"), ["company_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_project_member_joined_on"), ["joined_on"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_project_member_professional_id"), ["professional_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_project_member_project_id"), ["project_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_project_member_proposal_id"), ["proposal_id"], unique=True
        )
        batch_op.create_index(batch_op.f("ix_project_member_role_id"), ["role_id"], unique=False)
        batch_op.create_index(
            "uq_project_member_active",
            ["project_id", "professional_id"],
            unique=True,
            sqlite_where=sa.text("left_on IS NULL"),
            postgresql_where=sa.text("left_on IS NULL"),
        )

    op.create_table(
        "outcome",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("project_id", sa.String(length=64), nullable=False),
        sa.Column("side", sa.String(length=16), nullable=False),
        sa.Column("member_id", sa.String(length=64), nullable=True),
        sa.Column("goal", sa.Integer(), nullable=False),
        sa.Column("used", sa.Boolean(), nullable=True),
        sa.Column("again", sa.Boolean(), nullable=True),
        sa.Column("comment", sa.String(length=2000), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "(side = 'professional') = (member_id IS NOT NULL)", name=op.f("ck_outcome_who_speaks")
        ),
        sa.CheckConstraint("side IN ('professional', 'group')", name=op.f("ck_outcome_side_known")),
        sa.CheckConstraint("goal BETWEEN 1 AND 5", name=op.f("ck_outcome_goal_range")),
        sa.ForeignKeyConstraint(
            ["member_id"], ["project_member.id"], name=op.f("fk_outcome_member_id")
        ),
        sa.ForeignKeyConstraint(["project_id"], ["project.id"], name=op.f("fk_outcome_project_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outcome")),
        sa.UniqueConstraint(
            "project_id", "side", "member_id", name=op.f("uq_outcome_project_id_side_member_id")
        ),
    )
    with op.batch_alter_table("outcome", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_outcome_member_id"), ["member_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_outcome_project_id"), ["project_id"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("outcome", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_outcome_project_id"))
        batch_op.drop_index(batch_op.f("ix_outcome_member_id"))

    op.drop_table("outcome")
    with op.batch_alter_table("project_member", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_project_member_active",
            sqlite_where=sa.text("left_on IS NULL"),
            postgresql_where=sa.text("left_on IS NULL"),
        )
        batch_op.drop_index(batch_op.f("ix_project_member_role_id"))
        batch_op.drop_index(batch_op.f("ix_project_member_proposal_id"))
        batch_op.drop_index(batch_op.f("ix_project_member_project_id"))
        batch_op.drop_index(batch_op.f("ix_project_member_professional_id"))
        batch_op.drop_index(batch_op.f("ix_project_member_joined_on"))
        batch_op.drop_index(batch_op.f("ix_project_member_company_id"))

    op.drop_table("project_member")
    with op.batch_alter_table("decision", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_decision_proposal_id"))
        batch_op.drop_index(batch_op.f("ix_decision_actor_id"))

    op.drop_table("decision")
    with op.batch_alter_table("round_need", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_round_need_live", sqlite_where=sa.text("live"), postgresql_where=sa.text("live")
        )
        batch_op.drop_index(batch_op.f("ix_round_need_round_id"))
        batch_op.drop_index(batch_op.f("ix_round_need_need_id"))
        batch_op.drop_index(batch_op.f("ix_round_need_blocking_role"))

    op.drop_table("round_need")
    with op.batch_alter_table("round_mark", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_round_mark_round_id"))
        batch_op.drop_index(batch_op.f("ix_round_mark_role_id"))
        batch_op.drop_index(batch_op.f("ix_round_mark_professional_id"))
        batch_op.drop_index(batch_op.f("ix_round_mark_created_by"))

    op.drop_table("round_mark")
    with op.batch_alter_table("role_skill", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_role_skill_skill"))
        batch_op.drop_index(batch_op.f("ix_role_skill_role_id"))

    op.drop_table("role_skill")
    with op.batch_alter_table("proposal", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_proposal_seat_held",
            sqlite_where=sa.text("state IN ('approved', 'offered', 'confirmed')"),
            postgresql_where=sa.text("state IN ('approved', 'offered', 'confirmed')"),
        )
        batch_op.drop_index(
            "uq_proposal_person_once",
            sqlite_where=sa.text("state IN ('proposed', 'approved', 'offered', 'confirmed')"),
            postgresql_where=sa.text("state IN ('proposed', 'approved', 'offered', 'confirmed')"),
        )
        batch_op.drop_index(batch_op.f("ix_proposal_state"))
        batch_op.drop_index("ix_proposal_round_state")
        batch_op.drop_index(batch_op.f("ix_proposal_round_id"))
        batch_op.drop_index(batch_op.f("ix_proposal_role_id"))
        batch_op.drop_index(batch_op.f("ix_proposal_professional_id"))
        batch_op.drop_index(batch_op.f("ix_proposal_need_id"))

    op.drop_table("proposal")
    with op.batch_alter_table("hours_entry", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_hours_entry_worked_on"))
        batch_op.drop_index(batch_op.f("ix_hours_entry_project_id"))
        batch_op.drop_index(batch_op.f("ix_hours_entry_professional_id"))

    op.drop_table("hours_entry")
    with op.batch_alter_table("wish", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_wish_professional_id"))
        batch_op.drop_index(batch_op.f("ix_wish_need_id"))

    op.drop_table("wish")
    with op.batch_alter_table("round_person", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_round_person_round_id"))
        batch_op.drop_index(batch_op.f("ix_round_person_professional_id"))

    op.drop_table("round_person")
    with op.batch_alter_table("role", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_role_need_id"))

    op.drop_table("role")
    with op.batch_alter_table("project", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_project_state"))
        batch_op.drop_index(batch_op.f("ix_project_need_id"))
        batch_op.drop_index(batch_op.f("ix_project_group_id"))
        batch_op.drop_index(batch_op.f("ix_project_agreed_on"))

    op.drop_table("project")
    with op.batch_alter_table("need_field", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_need_field_need_id"))
        batch_op.drop_index(batch_op.f("ix_need_field_field"))

    op.drop_table("need_field")
    with op.batch_alter_table("professional_skill", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_professional_skill_skill"))
        batch_op.drop_index(batch_op.f("ix_professional_skill_professional_id"))

    op.drop_table("professional_skill")
    with op.batch_alter_table("professional_field", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_professional_field_professional_id"))
        batch_op.drop_index(batch_op.f("ix_professional_field_field"))

    op.drop_table("professional_field")
    with op.batch_alter_table("partnership", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_partnership_professional_id"))
        batch_op.drop_index(batch_op.f("ix_partnership_group_id"))

    op.drop_table("partnership")
    with op.batch_alter_table("need", schema=None) as batch_op:
        batch_op.drop_index("ix_need_state_opened_at")
        batch_op.drop_index(batch_op.f("ix_need_menu"))
        batch_op.drop_index(batch_op.f("ix_need_group_id"))
        batch_op.drop_index(batch_op.f("ix_need_district"))

    op.drop_table("need")
    with op.batch_alter_table("matching_round", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_matching_round_state"))
        batch_op.drop_index(batch_op.f("ix_matching_round_policy_version"))
        batch_op.drop_index(batch_op.f("ix_matching_round_created_by"))

    op.drop_table("matching_round")
    with op.batch_alter_table("group_member", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_group_member_contact",
            sqlite_where=sa.text("role = 'contact'"),
            postgresql_where=sa.text("role = 'contact'"),
        )
        batch_op.drop_index(batch_op.f("ix_group_member_group_id"))
        batch_op.drop_index(batch_op.f("ix_group_member_account_id"))

    op.drop_table("group_member")
    with op.batch_alter_table("group_invitation", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_group_invitation_open",
            sqlite_where=sa.text("ended_at IS NULL"),
            postgresql_where=sa.text("ended_at IS NULL"),
        )
        batch_op.drop_index(batch_op.f("ix_group_invitation_group_id"))
        batch_op.drop_index(batch_op.f("ix_group_invitation_email"))

    op.drop_table("group_invitation")
    with op.batch_alter_table("group_field", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_group_field_group_id"))
        batch_op.drop_index(batch_op.f("ix_group_field_field"))

    op.drop_table("group_field")
    with op.batch_alter_table("declared_conflict", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_declared_conflict_professional_id"))
        batch_op.drop_index(batch_op.f("ix_declared_conflict_group_id"))

    op.drop_table("declared_conflict")
    with op.batch_alter_table("consent", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_consent_live_professional",
            sqlite_where=sa.text("withdrawn_at IS NULL AND professional_id IS NOT NULL"),
            postgresql_where=sa.text("withdrawn_at IS NULL AND professional_id IS NOT NULL"),
        )
        batch_op.drop_index(
            "uq_consent_live_account",
            sqlite_where=sa.text("withdrawn_at IS NULL AND account_id IS NOT NULL"),
            postgresql_where=sa.text("withdrawn_at IS NULL AND account_id IS NOT NULL"),
        )
        batch_op.drop_index(batch_op.f("ix_consent_professional_id"))
        batch_op.drop_index(batch_op.f("ix_consent_company_id"))
        batch_op.drop_index(batch_op.f("ix_consent_account_id"))

    op.drop_table("consent")
    with op.batch_alter_table("professional", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_professional_state"))
        batch_op.drop_index(batch_op.f("ix_professional_district"))
        batch_op.drop_index(batch_op.f("ix_professional_company_id"))
        batch_op.drop_index(batch_op.f("ix_professional_account_id"))

    op.drop_table("professional")
    with op.batch_alter_table("policy_version", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_policy_version_created_by"))

    op.drop_table("policy_version")
    with op.batch_alter_table("notice", schema=None) as batch_op:
        batch_op.drop_index("ix_notice_due")
        batch_op.drop_index(batch_op.f("ix_notice_account_id"))

    op.drop_table("notice")
    with op.batch_alter_table("login_session", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_login_session_account_id"))

    op.drop_table("login_session")
    with op.batch_alter_table("job", schema=None) as batch_op:
        batch_op.drop_index("ix_job_due")
        batch_op.drop_index(batch_op.f("ix_job_created_by"))

    op.drop_table("job")
    with op.batch_alter_table("indicator_figure", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_indicator_figure_indicator"))

    op.drop_table("indicator_figure")
    with op.batch_alter_table("indicator_definition", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_indicator_definition_indicator"))

    op.drop_table("indicator_definition")
    with op.batch_alter_table("import_batch", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_import_batch_created_by"))

    op.drop_table("import_batch")
    with op.batch_alter_table("company_officer", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_company_officer_company_id"))
        batch_op.drop_index(batch_op.f("ix_company_officer_account_id"))

    op.drop_table("company_officer")
    with op.batch_alter_table("civic_group", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_civic_group_state"))
        batch_op.drop_index(batch_op.f("ix_civic_group_district"))

    op.drop_table("civic_group")
    with op.batch_alter_table("account_token", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_account_token_account_id"))

    op.drop_table("account_token")
    with op.batch_alter_table("account_role", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_account_role_account_id"))

    op.drop_table("account_role")
    with op.batch_alter_table("skill", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_skill_parent"))

    op.drop_table("skill")
    with op.batch_alter_table("sign_in_failure", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_sign_in_failure_email_hash"))
        batch_op.drop_index(batch_op.f("ix_sign_in_failure_at"))

    op.drop_table("sign_in_failure")
    op.drop_table("menu")
    op.drop_table("indicator")
    op.drop_table("district")
    op.drop_table("consent_text")
    op.drop_table("company")
    op.drop_table("audit_head")
    with op.batch_alter_table("audit_entry", schema=None) as batch_op:
        batch_op.drop_index("ix_audit_entry_subject")
        batch_op.drop_index(batch_op.f("ix_audit_entry_at"))
        batch_op.drop_index(batch_op.f("ix_audit_entry_actor_id"))

    op.drop_table("audit_entry")
    op.drop_table("activity_field")
    with op.batch_alter_table("account", schema=None) as batch_op:
        batch_op.drop_index("uq_account_email")

    op.drop_table("account")

from django.db import migrations

from luodi.ground.tables.frozen.audit import Watch
from luodi.ground.tables.frozen.casework import (
    BY_CASE,
    FILES,
    KEEP,
    READ_BY_OWNER,
    SHARED,
    SHARES,
    keep,
)
from luodi.ground.tables.frozen.scope import IN_RANGE, Policy, ScopeByUnit


def child(table):
    return ScopeByUnit(
        table, via="case_id", parent="casework_case", also=BY_CASE.format(table=table)
    )


class Migration(migrations.Migration):
    """Who sees which case, and its trail. A share opens exactly one case, in both directions."""

    dependencies = [
        ("casework", "0001_initial"),
        ("audit", "0002_trail"),
        ("evidence", "0002_guard"),
        ("scope", "0002_guard"),
    ]

    operations = [
        migrations.RunSQL(SHARES, "DROP FUNCTION casework_shared();"),
        ScopeByUnit("casework_case", also=f"casework_case.id = ANY({SHARED})"),
        ScopeByUnit(
            "casework_share",
            via="case_id",
            parent="casework_case",
            also=IN_RANGE.format(path="casework_share.unit_path"),
        ),
        migrations.RunSQL(
            "ALTER TABLE casework_share ADD CONSTRAINT share_unit_path_fk"
            " FOREIGN KEY (unit_id, unit_path) REFERENCES scope_unit (id, path)"
            " ON UPDATE CASCADE DEFERRABLE INITIALLY DEFERRED;",
            "ALTER TABLE casework_share DROP CONSTRAINT share_unit_path_fk;",
        ),
        child("casework_event"),
        child("casework_responsibility"),
        child("casework_verification"),
        child("casework_measure"),
        child("casework_link"),
        ScopeByUnit("casework_intake"),
        Policy("casework_savedfilter", "account_id = (SELECT luodi_account())"),
        Policy("casework_publicattempt", "(SELECT luodi_has_power('engine'))"),
        migrations.RunSQL(
            f"CREATE POLICY shared_cases ON evidence_file USING {FILES}",
            "DROP POLICY shared_cases ON evidence_file;",
        ),
        migrations.RunSQL(
            READ_BY_OWNER,
            "DROP POLICY found_by_owner ON casework_case; DROP POLICY found_by_owner ON casework_share;",
        ),
        migrations.RunSQL(
            KEEP + keep("casework_event") + keep("casework_verification"),
            "DROP FUNCTION casework_keep() CASCADE;",
        ),
        Watch("casework_case", hidden=["reporter_name", "reporter_phone"], ignored=["search"]),
        Watch("casework_share"),
        Watch("casework_event"),
        Watch("casework_responsibility"),
        Watch("casework_verification"),
        Watch("casework_measure"),
        Watch("casework_link"),
        Watch("casework_category"),
        Watch("casework_template"),
        Watch("casework_intake", hidden=["token"]),
    ]

from django.db import migrations

from luodi.ground.tables.frozen.audit import DROP_FUNCTIONS, FUNCTIONS, Watch, append_only
from luodi.ground.tables.frozen.scope import IN_RANGE


class Migration(migrations.Migration):
    """The triggers, the guard of the trail itself, and the first tables under watch."""

    dependencies = [("audit", "0001_initial"), ("scope", "0002_guard")]

    operations = [
        migrations.RunSQL(FUNCTIONS, DROP_FUNCTIONS),
        migrations.RunSQL(
            f"""
            INSERT INTO audit_epoch VALUES (1, now());
            REVOKE INSERT, UPDATE, DELETE ON audit_epoch FROM luodi_app;
            {append_only("audit_entry")}
            {append_only("audit_seal")}
            REVOKE INSERT ON audit_entry FROM luodi_app;
            ALTER TABLE audit_entry ENABLE ROW LEVEL SECURITY;
            ALTER TABLE audit_entry FORCE ROW LEVEL SECURITY;
            CREATE POLICY written ON audit_entry FOR INSERT TO luodi_owner, luodi_migrate
              WITH CHECK (true);
            CREATE POLICY scope ON audit_entry FOR SELECT USING (
              (SELECT luodi_has_power('trail'))
              OR ((SELECT luodi_scope_ok()) AND {IN_RANGE.format(path="path")}));
            """,
            "DROP POLICY scope ON audit_entry; DROP POLICY written ON audit_entry;",
        ),
        Watch("scope_unit"),
        Watch("scope_account", hidden=["password"], ignored=["last_login"]),
        Watch("scope_roleholding"),
        Watch("scope_apitoken", hidden=["digest"]),
    ]

from django.db import migrations

from luodi.ground.tables.frozen.scope import DROP_FUNCTIONS, FUNCTIONS


class Migration(migrations.Migration):
    """The signed scope: its key, the functions that check it, and what policies refer to."""

    dependencies = [("scope", "0001_initial")]

    operations = [
        migrations.RunSQL(
            "CREATE TABLE scope_key (key text PRIMARY KEY); REVOKE ALL ON scope_key FROM luodi_app;",
            "DROP TABLE scope_key;",
        ),
        migrations.RunSQL(FUNCTIONS, DROP_FUNCTIONS),
        migrations.RunSQL(
            "ALTER TABLE scope_unit ADD CONSTRAINT scope_unit_id_path UNIQUE (id, path);",
            "ALTER TABLE scope_unit DROP CONSTRAINT scope_unit_id_path;",
        ),
        migrations.RunSQL(
            "CREATE TABLE luodi_cache (cache_key varchar(255) PRIMARY KEY, value text NOT NULL,"
            " expires timestamptz NOT NULL); CREATE INDEX ON luodi_cache (expires);",
            "DROP TABLE luodi_cache;",
        ),
    ]

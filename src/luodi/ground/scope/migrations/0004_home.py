import django.db.models.deletion
from django.db import migrations, models

FIRST_ROLE = """
UPDATE scope_account SET home_id = (
  SELECT unit_id FROM scope_roleholding AS held
  WHERE held.account_id = scope_account.id ORDER BY upper_inf(valid) DESC, held.id LIMIT 1)
WHERE home_id IS NULL
"""


class Migration(migrations.Migration):
    """An account belongs to a unit, whose administrators have the power over it."""

    dependencies = [("scope", "0003_written_by")]

    operations = [
        migrations.AddField(
            model_name="account",
            name="home",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="accounts",
                to="scope.unit",
                verbose_name="所属单位",
            ),
        ),
        migrations.AddField(
            model_name="account",
            name="password_ends_at",
            field=models.DateTimeField(editable=False, null=True),
        ),
        migrations.RunSQL(FIRST_ROLE, migrations.RunSQL.noop),
        # what Django's own cache and sessions left: pickles, and keys that open a session
        migrations.RunSQL("DELETE FROM luodi_cache", migrations.RunSQL.noop),
        migrations.RunSQL(
            "DO $$ BEGIN IF to_regclass('django_session') IS NOT NULL THEN DELETE FROM django_session;"
            " END IF; IF to_regclass('usersessions_usersession') IS NOT NULL THEN"
            " DELETE FROM usersessions_usersession; END IF; END $$",
            migrations.RunSQL.noop,
        ),
    ]

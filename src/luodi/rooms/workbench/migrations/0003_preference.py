from django.db import migrations, models

from luodi.ground.scope.api import Policy


class Migration(migrations.Migration):
    """What an account has pinned is its own; the sign-in reads it before it is known who asks."""

    dependencies = [("workbench", "0002_guard")]

    operations = [
        migrations.CreateModel(
            name="Preference",
            fields=[
                ("account_id", models.BigIntegerField(primary_key=True, serialize=False)),
                ("pins", models.JSONField(default=list)),
                ("figures", models.JSONField(default=list)),
            ],
        ),
        Policy("workbench_preference", "account_id = luodi_account() OR luodi_has_power('engine')"),
    ]

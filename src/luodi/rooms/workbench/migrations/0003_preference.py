from django.db import migrations, models


class Migration(migrations.Migration):
    """What an account has pinned."""

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
    ]

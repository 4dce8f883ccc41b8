from django.db import migrations, models

import luodi.rooms.workbench.models


class Migration(migrations.Migration):
    initial = True

    dependencies: list[tuple[str, str]] = []

    operations = [
        migrations.CreateModel(
            name="Feed",
            fields=[
                ("account_id", models.BigIntegerField(primary_key=True, serialize=False)),
                (
                    "nonce",
                    models.CharField(default=luodi.rooms.workbench.models.new_nonce, max_length=24),
                ),
            ],
        ),
    ]

from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies: list[tuple[str, str]] = []

    operations = [
        migrations.CreateModel(
            name="Feed",
            fields=[
                ("account_id", models.BigIntegerField(primary_key=True, serialize=False)),
                ("nonce", models.CharField(max_length=24)),
            ],
        ),
    ]

from django.db import migrations, models

# What has been given out so far: the next case goes on from there.
GIVEN = r"""
INSERT INTO casework_numbering (prefix, year, last)
SELECT substring(code from '^[A-Z]+'), substring(code from '^[A-Z]+(\d{4})-')::int,
       max(substring(code from '-(\d+)$')::bigint)
FROM casework_case WHERE code ~ '^[A-Z]+\d{4}-\d+$' GROUP BY 1, 2;
"""


class Migration(migrations.Migration):
    """Numbers of cases without gaps, by kind and year."""

    dependencies = [("casework", "0009_history")]

    operations = [
        migrations.CreateModel(
            name="Numbering",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("prefix", models.CharField(max_length=8)),
                ("year", models.IntegerField()),
                ("last", models.IntegerField()),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("prefix", "year"), name="numbering_once")
                ],
            },
        ),
        migrations.RunSQL(GIVEN, migrations.RunSQL.noop),
    ]

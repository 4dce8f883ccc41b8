from django.db import migrations

from luodi.ground.tables.frozen.casework import FIND, WORDS


class Migration(migrations.Migration):
    """The first parts of a path are its stem; the other two lists know how many rows a zone has."""

    dependencies = [("casework", "0005_large_zones")]

    operations = [
        migrations.RunSQL(
            WORDS + FIND + "DROP FUNCTION IF EXISTS casework_branch(text);",
            migrations.RunSQL.noop,  # the same by another name
        ),
        *(
            migrations.RunSQL(
                f"ALTER TABLE casework_{table} ALTER path SET STATISTICS 500",
                f"ALTER TABLE casework_{table} ALTER path SET STATISTICS -1",
            )
            for table in ("responsibility", "measure")
        ),
    ]

from django.contrib.postgres.indexes import GinIndex
from django.db import migrations, models

from luodi.apps.casework.sql import FIND, WORDS


class Migration(migrations.Migration):
    """Words are looked up in the reader's branch of the tree, whose size the planner knows."""

    dependencies = [("casework", "0004_open_cases")]

    operations = [
        migrations.RunSQL(
            "DROP FUNCTION IF EXISTS casework_find(text, integer);" + WORDS + FIND,
            "DROP FUNCTION casework_find(text[], integer);"
            "DROP FUNCTION casework_words(tsvector, text); DROP FUNCTION casework_branch(text);",
        ),
        migrations.AddIndex(
            model_name="case",
            index=GinIndex(
                models.Func("search", "path", function="casework_words"), name="case_words"
            ),
        ),
        # With a hundred steps a zone of a hundred falls into one, and was taken for a single row.
        migrations.RunSQL(
            "ALTER TABLE casework_case ALTER path SET STATISTICS 500",
            "ALTER TABLE casework_case ALTER path SET STATISTICS -1",
        ),
    ]

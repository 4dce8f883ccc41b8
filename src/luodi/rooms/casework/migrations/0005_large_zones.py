from django.contrib.postgres.indexes import GinIndex
from django.db import migrations, models

from luodi.ground.tables.frozen.casework import FILES, FIND, SHARES, WORDS, sight


class Migration(migrations.Migration):
    """A zone's lists and search cost what lies in the zone, whatever lies beside it."""

    dependencies = [("casework", "0004_open_cases")]

    operations = [
        migrations.RunSQL(
            "DROP FUNCTION IF EXISTS casework_find(text, integer);" + WORDS + FIND,
            "DROP FUNCTION casework_find(text[], integer);"
            "DROP FUNCTION casework_words(tsvector, text); DROP FUNCTION casework_stem(text);",
        ),
        migrations.AddIndex(
            model_name="case",
            index=GinIndex(
                models.Func("search", "path", function="casework_words"), name="case_words"
            ),
        ),
        migrations.RunSQL(
            SHARES
            + f"ALTER POLICY shared_cases ON evidence_file USING {FILES};"
            + sight("casework_case", "id")
            + "".join(
                sight(f"casework_{table}")
                for table in ("event", "responsibility", "verification", "measure", "link")
            ),
            migrations.RunSQL.noop,  # says the same
        ),
        # With a hundred steps a zone of a hundred falls into one, and was taken for a single row.
        migrations.RunSQL(
            "ALTER TABLE casework_case ALTER path SET STATISTICS 500",
            "ALTER TABLE casework_case ALTER path SET STATISTICS -1",
        ),
    ]

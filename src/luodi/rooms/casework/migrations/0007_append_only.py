from django.db import migrations


class Migration(migrations.Migration):
    """That a history is never changed is said by its model; the triggers follow from there."""

    dependencies = [("casework", "0006_stems")]

    operations = [
        migrations.RunSQL(
            "DROP TRIGGER keep ON casework_event; DROP TRIGGER keep ON casework_verification;"
            "DROP FUNCTION casework_keep();",
        )
    ]

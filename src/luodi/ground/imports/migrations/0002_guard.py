from django.db import migrations

from luodi.ground.scope.api import Policy


class Migration(migrations.Migration):
    """What somebody uploaded and how he answered is his own."""

    dependencies = [("imports", "0001_initial"), ("audit", "0002_trail")]

    operations = [
        Policy("imports_written", "account_id = (SELECT luodi_account())"),
        Policy("imports_habit", "account_id = (SELECT luodi_account())"),
    ]

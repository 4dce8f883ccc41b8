from django.db import migrations

from luodi.ground.scope.api import Policy


class Migration(migrations.Migration):
    """A secret word is compared by the product itself; nobody reads even its hash."""

    dependencies = [("casework", "0007_reminders"), ("scope", "0002_guard")]

    operations = [Policy("casework_reportkey", "(SELECT luodi_has_power('engine'))")]

from django.db import migrations

from luodi.ground.tables.frozen.audit import CHANGED_SINCE, DROP_SINCE, SINCE


class Migration(migrations.Migration):
    """The rows of a table as they were known at an instant, rebuilt from the trail."""

    dependencies = [("audit", "0003_second_factor")]

    operations = [migrations.RunSQL(SINCE + CHANGED_SINCE, DROP_SINCE)]

from django.db import migrations

from luodi.ground.tables.frozen.audit import CHANGED_SINCE


class Migration(migrations.Migration):
    """A table that everybody reads is known to everybody as it was, too."""

    dependencies = [("audit", "0004_known")]

    operations = [migrations.RunSQL(CHANGED_SINCE, migrations.RunSQL.noop)]

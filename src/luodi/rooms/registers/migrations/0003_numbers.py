from django.db import migrations

from luodi.ground.tables.frozen.registers import DROP_NUMBERS, FILL, KEEP_NUMBERS, NUMBERS
from luodi.ground.tables.frozen.scope import IN_RANGE, Policy


class Migration(migrations.Migration):
    """The numbers and days that entries hold get an index; those of entries that exist are taken."""

    dependencies = [("registers", "0002_guard")]

    operations = [
        migrations.RunSQL(NUMBERS + FILL + KEEP_NUMBERS, DROP_NUMBERS),
        Policy("registers_number", IN_RANGE.format(path="registers_number.path")),
    ]

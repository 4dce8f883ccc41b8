from django.db import migrations

from luodi.ground.scope.api import IN_RANGE, Policy
from luodi.rooms.registers.sql import DROP_NUMBERS, FILL, KEEP_NUMBERS, NUMBERS


class Migration(migrations.Migration):
    """The numbers and days that entries hold get an index; those of entries that exist are taken."""

    dependencies = [("registers", "0002_guard")]

    operations = [
        migrations.RunSQL(NUMBERS + FILL + KEEP_NUMBERS, DROP_NUMBERS),
        Policy("registers_number", IN_RANGE.format(path="registers_number.path")),
    ]

from django.db import migrations

from luodi.ground.audit.api import Watch
from luodi.ground.scope.api import Policy

WATCHED_BEFORE = Watch("notices_robot", hidden=["address"])


class Migration(migrations.Migration):
    """Who wants no mail says so for himself; the trail never has a group's secret."""

    dependencies = [("notices", "0003_sending"), ("audit", "0002_trail"), ("scope", "0002_guard")]

    operations = [
        Policy(
            "notices_nomail",
            "account_id = (SELECT luodi_account()) OR (SELECT luodi_has_power('engine'))",
        ),
        migrations.RunSQL(WATCHED_BEFORE.reverse_sql, WATCHED_BEFORE.sql),
        Watch("notices_robot", hidden=["address", "secret"]),
    ]

from django.db import migrations

from luodi.ground.tables.frozen.audit import Watch
from luodi.ground.tables.frozen.scope import Policy, ScopeByUnit


class Migration(migrations.Migration):
    """An inbox is its owner's; anybody's verb may put something in. The log is its unit's."""

    dependencies = [("notices", "0001_initial"), ("audit", "0002_trail")]

    operations = [
        Policy(
            "notices_notice",
            "account_id = (SELECT luodi_account()) OR (SELECT luodi_has_power('engine'))",
            check="true",
        ),
        ScopeByUnit("notices_robot", also="(SELECT luodi_has_power('system'))"),
        Watch("notices_robot", hidden=["address"]),
        ScopeByUnit(
            "notices_delivery",
            also="account_id = (SELECT luodi_account())"
            " OR (SELECT luodi_has_power('system')) OR (SELECT luodi_has_power('engine'))",
        ),
    ]

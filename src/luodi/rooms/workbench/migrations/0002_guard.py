from django.db import migrations

from luodi.ground.tables.frozen.scope import Policy


class Migration(migrations.Migration):
    """A calendar's key is its account's; the feed itself is read before it is known who asks."""

    dependencies = [("workbench", "0001_initial"), ("scope", "0002_guard")]

    operations = [
        Policy("workbench_feed", "account_id = luodi_account() OR luodi_has_power('engine')")
    ]

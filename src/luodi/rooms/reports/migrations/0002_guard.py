from django.db import migrations

from luodi.ground.tables.frozen.audit import Watch
from luodi.ground.tables.frozen.scope import ScopeByUnit


class Migration(migrations.Migration):
    dependencies = [("reports", "0001_initial"), ("audit", "0002_trail")]

    operations = [
        ScopeByUnit("reports_template"),
        Watch("reports_template"),
        ScopeByUnit("reports_report"),
        # the bytes are signed themselves, and too many for the trail
        Watch("reports_report", hidden=["packed"]),
    ]

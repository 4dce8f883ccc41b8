from django.db import migrations

from luodi.ground.tables.frozen.audit import Watch
from luodi.ground.tables.frozen.scope import ScopeByUnit


class Migration(migrations.Migration):
    dependencies = [("evidence", "0001_initial"), ("audit", "0002_trail")]

    operations = [ScopeByUnit("evidence_file"), Watch("evidence_file")]

from django.db import migrations

from luodi.ground.audit.api import Watch
from luodi.ground.scope.api import ScopeByUnit


class Migration(migrations.Migration):
    dependencies = [("evidence", "0001_initial"), ("audit", "0002_trail")]

    operations = [ScopeByUnit("evidence_file"), Watch("evidence_file")]

from django.db import migrations

from luodi.apps.audit.api import Watch
from luodi.apps.scope.api import ScopeByUnit


class Migration(migrations.Migration):
    dependencies = [("evidence", "0001_initial"), ("audit", "0002_trail")]

    operations = [ScopeByUnit("evidence_file"), Watch("evidence_file")]

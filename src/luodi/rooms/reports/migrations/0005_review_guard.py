from django.db import migrations

from luodi.ground.audit.api import Watch
from luodi.ground.scope.api import ScopeByUnit


class Migration(migrations.Migration):
    dependencies = [("reports", "0004_review"), ("audit", "0002_trail")]

    operations = [
        ScopeByUnit("reports_step"),
        Watch("reports_step"),
        # everybody is bound by it, also from units above that he does not see
        Watch("reports_signingrule"),
    ]

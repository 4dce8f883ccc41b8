from django.db import migrations

from luodi.ground.tables.frozen.audit import Watch


class Migration(migrations.Migration):
    """A second factor that comes, is used up or goes stands in the trail, its secret does not."""

    dependencies = [("audit", "0002_trail"), ("mfa", "0003_authenticator_type_uniq")]

    operations = [Watch("mfa_authenticator", hidden=["data"], ignored=["last_used_at"])]

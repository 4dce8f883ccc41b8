from django.db import migrations

from luodi.ground.tables.frozen.scope import Policy


class Migration(migrations.Migration):
    dependencies = [("receipts", "0001_initial"), ("scope", "0002_guard")]

    operations = [Policy("receipts_receipt", "account_id = (SELECT luodi_account())")]

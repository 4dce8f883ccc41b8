from django.db import migrations

OWN = "account_id = (SELECT luodi_account())"
OWN_OR_ENGINE = f"{OWN} OR luodi_has_power('engine')"


def policy(rule: str) -> str:
    guard = f"luodi_scope_ok() AND ({rule})"
    return f"ALTER POLICY scope ON receipts_receipt USING ({guard}) WITH CHECK ({guard})"


class Migration(migrations.Migration):
    """The product itself may remove everybody's old receipts."""

    dependencies = [("receipts", "0002_guard")]

    operations = [migrations.RunSQL(policy(OWN_OR_ENGINE), policy(OWN))]

from django.db import migrations

from luodi.ground.tables.frozen.scope import ACCOUNTS, IN_RANGE, ONESELF, WrittenBy

UNIT = f"{IN_RANGE.format(path='scope_unit.path')} OR (SELECT luodi_has_power('system'))"
ACCOUNT = f"{ACCOUNTS} OR {ONESELF.format(owner='id')}"
FACTOR = f"{ACCOUNTS} OR {ONESELF.format(owner='user_id')}"


class Migration(migrations.Migration):
    """What a scope is found from, everybody reads; who may write it is the database's to say."""

    dependencies = [
        ("scope", "0002_guard"),
        ("mfa", "0003_authenticator_type_uniq"),
    ]

    operations = [
        WrittenBy("scope_unit", UNIT),
        WrittenBy("scope_roleholding", ACCOUNTS),
        WrittenBy("scope_apitoken", ACCOUNTS),
        WrittenBy("scope_account", ACCOUNT, insert=ACCOUNTS),
        WrittenBy("mfa_authenticator", FACTOR),
    ]

from urllib.parse import parse_qsl, urlencode

from django.db import migrations
from django.db.models import Q


def by_key(apps, schema_editor):
    """Saved filters named their units; the key stands there now, as far as a name has one unit."""
    Unit = apps.get_model("scope", "Unit")
    for saved in apps.get_model("casework", "SavedFilter").objects.all():
        pairs = [
            (name, _key(Unit, value) if name in {"unit", "lead"} else value)
            for name, value in parse_qsl(saved.query)
        ]
        if (query := urlencode(pairs)) != saved.query:
            saved.query = query
            saved.save(update_fields=["query"])


def _key(Unit, value):
    name, _sign, number = value.rpartition("#")
    if value.isdecimal() or (name and number.isdecimal()):
        return number or value
    found = list(Unit.objects.filter(Q(name=value) | Q(short_name=value))[:2])
    return str(found[0].pk) if len(found) == 1 else value


class Migration(migrations.Migration):
    dependencies = [("casework", "0010_numbering"), ("scope", "0004_home")]

    operations = [migrations.RunPython(by_key, migrations.RunPython.noop)]

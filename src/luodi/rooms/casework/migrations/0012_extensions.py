import datetime as dt

from django.db import migrations, models


def carry_over(apps, schema_editor):
    """Deadlines that were put off by hand before they were counted."""
    Event = apps.get_model("casework", "Event")
    moved = Event.objects.filter(transition="set_deadline").order_by("case_id", "version")
    found = {}
    for event in moved:
        was, now = (_at(event.payload.get(name)) for name in ("was", "due_at"))
        if was is None or (now is not None and now <= was):
            continue
        one = found.setdefault(
            event.case_id, {"extended": 0, "missed_at": None, "missed_until": None}
        )
        one["extended"] += 1
        if one["missed_at"] is None and was < event.at:
            one |= {"missed_at": was, "missed_until": event.at}
    for pk, values in found.items():
        apps.get_model("casework", "Case").objects.filter(pk=pk).update(**values)


def _at(text):
    return dt.datetime.fromisoformat(text) if text else None


class Migration(migrations.Migration):
    dependencies = [("casework", "0011_kept_by_key")]

    operations = [
        migrations.AddField(
            "case",
            "extended",
            models.PositiveSmallIntegerField("延期次数", default=0),
        ),
        migrations.AddField(
            "case", "missed_at", models.DateTimeField("延期前已超过的期限", null=True)
        ),
        migrations.AddField(
            "case", "missed_until", models.DateTimeField("超期后延期的时间", null=True)
        ),
        migrations.RunPython(carry_over, migrations.RunPython.noop),
    ]

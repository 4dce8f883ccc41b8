from django.db import migrations

from luodi.ground.tables.frozen.audit import Watch


class Migration(migrations.Migration):
    dependencies = [("calendars", "0001_initial"), ("audit", "0002_trail")]

    operations = [Watch("calendars_calendarday"), Watch("calendars_officehours")]

from django.db import migrations

from luodi.ground.audit.api import Watch


class Migration(migrations.Migration):
    dependencies = [("calendars", "0001_initial"), ("audit", "0002_trail")]

    operations = [Watch("calendars_calendarday"), Watch("calendars_officehours")]

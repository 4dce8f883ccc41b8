import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    """A zone has indicators of its own beside the shared ones."""

    dependencies = [("scope", "0004_home"), ("programmes", "0002_guard")]

    operations = [
        migrations.AddField(
            model_name="indicator",
            name="unit",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="scope.unit",
                verbose_name="单位",
            ),
        ),
    ]

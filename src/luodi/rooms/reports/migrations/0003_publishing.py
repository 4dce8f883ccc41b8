from django.db import migrations, models


class Migration(migrations.Migration):
    """A report may wait for the worker to publish it."""

    dependencies = [("reports", "0002_guard")]

    operations = [
        migrations.AddField(
            model_name="report",
            name="asked_at",
            field=models.DateTimeField(editable=False, null=True),
        ),
        migrations.AddField(
            model_name="report",
            name="trouble",
            field=models.CharField(blank=True, editable=False, max_length=300),
        ),
        migrations.AlterField(
            model_name="report",
            name="state",
            field=models.CharField(
                choices=[
                    ("draft", "草稿"),
                    ("publishing", "正在签发"),
                    ("published", "已签发"),
                    ("withdrawn", "已撤回"),
                ],
                default="draft",
                max_length=10,
                verbose_name="状态",
            ),
        ),
    ]

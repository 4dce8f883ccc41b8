from django.db import migrations

# The kinds of problems that the founding document names, and one for all others.
CATEGORIES = [
    ("项目建设", "Project construction"),
    ("生产经营", "Production and operation"),
    ("人才引进", "Recruiting talent"),
    ("其他", "Other"),
]


def add(apps, schema_editor):
    Category = apps.get_model("casework", "Category")
    Category.objects.bulk_create(
        Category(name=name, name_en=english, position=10 * place)
        for place, (name, english) in enumerate(CATEGORIES, 1)
    )


class Migration(migrations.Migration):
    dependencies = [("casework", "0002_guard")]

    operations = [migrations.RunPython(add, migrations.RunPython.noop)]

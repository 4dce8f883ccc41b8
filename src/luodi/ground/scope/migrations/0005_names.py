import unicodedata

import django.contrib.postgres.constraints
import django.contrib.postgres.fields.ranges
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models
from pypinyin import Style, lazy_pinyin

BETWEEN = set("·•‧∙⋅・･●．.。｡")


def form(name):
    """The common form, as far as names of units have been entered: widths, blanks, dots, capitals."""
    text = unicodedata.normalize("NFKC", name)
    kept = (c for c in text if c not in BETWEEN and unicodedata.category(c) not in ("Cc", "Cf"))
    return "".join("".join(kept).split()).casefold()[:240]


def initials(name):
    read = lazy_pinyin(form(name), style=Style.FIRST_LETTER, errors=list)
    return "".join(c for c in read if c.isascii() and c.isalnum())[:240]


def add(apps, schema):
    """The names that units have; those that they had, as far as the trail knows."""
    UnitName = apps.get_model("scope", "UnitName")
    had = former(schema.connection)
    rows = []

    def name(unit, kind, text, since, until):
        if text:
            rows.append(
                UnitName(
                    unit=unit,
                    kind=kind,
                    name=text,
                    form=form(text),
                    initials=initials(text),
                    valid=(since, until),
                )
            )

    for unit in apps.get_model("scope", "Unit").objects.order_by("id"):
        since = None
        for text, until in had.get(unit.pk, ()):
            if since is None or since < until:
                name(unit, "official", text, since, until)
                since = until
        name(unit, "official", unit.name, since, None)
        name(unit, "short", unit.short_name, None, None)
    UnitName.objects.bulk_create(rows, batch_size=1000)


def former(connection):
    """By unit: (name, the day on which it ended), in the order of time."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT to_regclass('audit_entry')")
        if cursor.fetchone()[0] is None:
            return {}
        cursor.execute(
            "SELECT subject_id::bigint, changes -> 'name' ->> 0, at::date FROM audit_entry"
            " WHERE subject = 'scope_unit' AND action = 'update' AND changes ? 'name' ORDER BY id"
        )
        found = {}
        for unit, text, day in cursor.fetchall():
            found.setdefault(unit, []).append((text, day))
        return found


class Migration(migrations.Migration):
    """Names of units with their days and their common form; who is away, and who stands in."""

    dependencies = [
        ("scope", "0004_home"),
    ]

    operations = [
        migrations.CreateModel(
            name="Absence",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "valid",
                    django.contrib.postgres.fields.ranges.DateRangeField(verbose_name="外出时间"),
                ),
                (
                    "account",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="absences",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="外出人",
                    ),
                ),
                (
                    "deputy",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="deputising",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="代理人",
                    ),
                ),
            ],
            options={
                "verbose_name": "外出与代理",
                "ordering": ["-valid", "id"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("valid__isempty", False)), name="absence_valid"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("account", models.F("deputy")), _negated=True),
                        name="absence_deputy_is_another",
                    ),
                    django.contrib.postgres.constraints.ExclusionConstraint(
                        expressions=[
                            (
                                models.Func(
                                    models.F("account_id"),
                                    models.F("account_id"),
                                    models.Value("[]"),
                                    function="int8range",
                                ),
                                "=",
                            ),
                            ("valid", "&&"),
                        ],
                        name="absence_once",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="UnitName",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[("official", "全称"), ("short", "简称"), ("alias", "别名")],
                        max_length=8,
                        verbose_name="种类",
                    ),
                ),
                ("name", models.CharField(max_length=120, verbose_name="名称")),
                ("form", models.CharField(db_index=True, editable=False, max_length=240)),
                ("initials", models.CharField(editable=False, max_length=240)),
                (
                    "valid",
                    django.contrib.postgres.fields.ranges.DateRangeField(verbose_name="使用时间"),
                ),
                (
                    "unit",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="names",
                        to="scope.unit",
                        verbose_name="单位",
                    ),
                ),
            ],
            options={
                "verbose_name": "单位名称",
                "ordering": ["unit_id", "-valid", "id"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("valid__isempty", False)), name="name_valid"
                    ),
                    django.contrib.postgres.constraints.ExclusionConstraint(
                        condition=models.Q(("kind", "alias"), _negated=True),
                        expressions=[
                            (
                                models.Func(
                                    models.F("unit_id"),
                                    models.F("unit_id"),
                                    models.Value("[]"),
                                    function="int8range",
                                ),
                                "=",
                            ),
                            (
                                models.Func(
                                    models.F("kind"),
                                    models.F("kind"),
                                    models.Value("[]"),
                                    function="luodi_paths",
                                ),
                                "=",
                            ),
                            ("valid", "&&"),
                        ],
                        name="name_once",
                    ),
                ],
            },
        ),
        migrations.RunPython(add, migrations.RunPython.noop, elidable=False),
    ]

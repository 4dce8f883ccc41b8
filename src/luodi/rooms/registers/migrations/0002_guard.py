from django.db import migrations

from luodi.ground.tables.frozen.audit import Watch
from luodi.ground.tables.frozen.registers import FIND, KEPT_ABOVE, OWN_BALLOT
from luodi.ground.tables.frozen.scope import ScopeByUnit


def kept_above(table, **via):
    return ScopeByUnit(table, also=KEPT_ABOVE.format(table=table), **via)


def of(parent):
    return {"via": f"{parent}_id", "parent": f"registers_{parent}"}


class Migration(migrations.Migration):
    """Who sees which entry: its unit and those above. What a register asks for, and an award's
    candidates, everyone below the keeping unit may know; a ballot, its voter and the organisers."""

    dependencies = [
        ("registers", "0001_initial"),
        ("scope", "0002_guard"),
        ("audit", "0002_trail"),
    ]

    operations = [
        kept_above("registers_register"),
        kept_above("registers_column", **of("register")),
        kept_above("registers_registerfigure", **of("register")),
        ScopeByUnit("registers_entry"),
        ScopeByUnit("registers_reference", **of("entry")),
        kept_above("registers_round"),
        kept_above("registers_candidacy", **of("round")),
        ScopeByUnit("registers_ballot", also=OWN_BALLOT, **of("candidacy")),
        kept_above("registers_objection", **of("candidacy")),
        migrations.RunSQL(
            FIND,
            "DROP FUNCTION registers_find(bigint, text, integer);"
            "DROP POLICY found_by_owner ON registers_entry;",
        ),
        Watch("registers_register"),
        Watch("registers_column"),
        Watch("registers_registerfigure"),
        Watch("registers_entry", ignored=["search"]),
        Watch("registers_reference"),
        Watch("registers_round"),
        Watch("registers_candidacy"),
        Watch("registers_ballot", hidden=["approves"]),
        Watch("registers_objection", hidden=["by"]),
    ]

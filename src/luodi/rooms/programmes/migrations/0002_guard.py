from django.db import migrations

from luodi.ground.tables.frozen.audit import Watch
from luodi.ground.tables.frozen.scope import ScopeByUnit

# Who answers for a measure sees it, its programme and its targets, wherever their own unit stands.
MINE = (
    "EXISTS (SELECT 1 FROM programmes_measure AS mine WHERE mine.owner_id = luodi_account() AND {})"
)


class Migration(migrations.Migration):
    """Who sees which rows of the programmes, and what the trail holds of them."""

    dependencies = [
        ("programmes", "0001_initial"),
        ("casework", "0002_guard"),
        ("directory", "0002_guard"),
        ("scope", "0002_guard"),
        ("audit", "0002_trail"),
    ]

    operations = [
        ScopeByUnit(
            "programmes_programme", also=MINE.format("mine.programme_id = programmes_programme.id")
        ),
        ScopeByUnit(
            "programmes_measure",
            via="programme_id",
            parent="programmes_programme",
            also="owner_id = luodi_account()",
        ),
        ScopeByUnit(
            "programmes_target",
            via="measure_id",
            parent="programmes_measure",
            also=MINE.format("mine.id = programmes_target.measure_id"),
        ),
        ScopeByUnit(
            "programmes_measurecase",
            via="measure_id",
            parent="programmes_measure",
            also=MINE.format("mine.id = programmes_measurecase.measure_id"),
        ),
        ScopeByUnit(
            "programmes_pledge",
            via="target_id",
            parent="programmes_target",
            also="EXISTS (SELECT 1 FROM programmes_target AS one WHERE one.id = programmes_pledge.target_id)",
        ),
        ScopeByUnit("programmes_observation"),
        Watch("programmes_programme"),
        Watch("programmes_measure"),
        Watch("programmes_measurecase"),
        Watch("programmes_target"),
        Watch("programmes_pledge"),
        Watch("programmes_indicator"),
        Watch("programmes_observation"),
    ]

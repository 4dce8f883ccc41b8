"""The database shows each actor its own rows and no others, whatever the query says."""

from __future__ import annotations

import pytest
from django.db import DatabaseError, connection, transaction
from tests.zone import Zone

from luodi.ground.evidence.api import File
from luodi.ground.scope import api as scope
from luodi.ground.scope.actor import Scope, _merge, below, only
from luodi.ground.scope.api import NOBODY, SYSTEM, acting


def _file(unit: scope.Unit, name: str) -> File:
    return File.objects.create(
        unit=unit,
        subject="t",
        subject_id=1,
        name=name,
        content_type="text/plain",
        size=1,
        sha256="0" * 64,
    )


def seen(actor: scope.Actor) -> set[str]:
    with acting(actor):
        return set(File.objects.values_list("name", flat=True))


def test_each_role_sees_its_reach(zone: Zone) -> None:
    for place in (
        "zone",
        "district",
        "other_district",
        "enterprise",
        "second",
        "elsewhere",
        "department",
    ):
        _file(getattr(zone, place), place)
    assert seen(zone.actor("office")) == {
        "zone", "district", "other_district", "enterprise", "second", "elsewhere",
    }  # fmt: skip
    assert seen(zone.actor("instructor")) == {"district", "enterprise", "second"}
    assert seen(zone.actor("liaison")) == {"enterprise"}
    assert seen(zone.actor("department_officer")) == {"department"}
    assert seen(zone.actor("part_time_member")) == {"zone", "district", "other_district"}
    for role in ("system_admin", "security_admin", "auditor"):
        assert seen(zone.actor(role)) == set()
    assert seen(NOBODY) == set()


def test_a_row_cannot_be_written_outside_the_scope(zone: Zone) -> None:
    with acting(zone.actor("liaison")), pytest.raises(DatabaseError), transaction.atomic():
        _file(zone.second, "forged")


def test_the_path_follows_the_unit_whatever_the_writer_says(zone: Zone) -> None:
    made = File.objects.create(
        unit=zone.second, path=zone.enterprise.path, subject="t", subject_id=1, name="x",
        content_type="", size=1, sha256="0" * 64,
    )  # fmt: skip
    made.refresh_from_db()
    assert made.path == zone.second.path


def test_rows_move_with_their_unit(zone: Zone) -> None:
    _file(zone.enterprise, "moved")
    assert "moved" in seen(zone.actor("instructor"))
    scope.move_unit(actor=SYSTEM, unit=zone.enterprise, parent=zone.other_district)
    assert "moved" not in seen(zone.actor("instructor"))
    assert "moved" in seen(zone.actor("liaison"))


def test_a_unit_moves_to_where_its_parent_is_now(zone: Zone) -> None:
    """Not to where it was when a page of an hour ago was opened."""
    county = scope.create_unit(
        actor=SYSTEM, kind=scope.UnitKind.COUNTY, name="示例邻县", parent=None
    )
    before = scope.Unit.objects.get(pk=zone.other_district.pk)
    scope.move_unit(actor=SYSTEM, unit=zone.zone, parent=county)
    scope.move_unit(actor=SYSTEM, unit=zone.enterprise, parent=before)
    _file(zone.enterprise, "moved")
    zone.enterprise.refresh_from_db()
    assert zone.enterprise.path.startswith(county.path)
    assert "moved" not in seen(zone.actor("county_officer"))


@pytest.mark.parametrize(
    "name",
    ["luodi.scope_from", "luodi.scope_to", "luodi.scope_many", "luodi.account", "luodi.powers"],
)
def test_injected_settings_are_not_believed(zone: Zone, name: str) -> None:
    _file(zone.enterprise, "own")
    with acting(zone.actor("liaison")):
        assert File.objects.exists()
        with connection.cursor() as cursor:
            value = '{["0",":")}' if name == "luodi.scope_many" else "0"
            cursor.execute("SELECT set_config(%s, %s, true)", [name, value])
        assert not File.objects.exists()


def test_the_key_cannot_be_read_nor_the_signature_made(zone: Zone) -> None:
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT key FROM scope_key")
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL row_security = off; SELECT * FROM evidence_file")


def test_nothing_is_seen_after_the_transaction(zone: Zone) -> None:
    _file(zone.enterprise, "own")
    with acting(zone.actor("office")):
        inside = File.objects.count()
        with acting(zone.actor("liaison")), acting(NOBODY):
            assert File.objects.count() == 0
        assert File.objects.count() == inside


def test_ranges_are_merged_and_holes_stay_holes() -> None:
    first, second = below("1.2."), below("1.3.")
    assert _merge((second, first, only("1.2.7."))) == [first, second]
    settings = Scope(5, (first, second)).settings("", 0)
    assert settings["luodi.scope_from"] == "1.2." and settings["luodi.scope_to"] == "1.3/"
    assert settings["luodi.scope_many"] == '{["1.2.","1.2/"),["1.3.","1.3/")}'


def test_path_ranges_do_not_swallow_a_longer_number() -> None:
    start, end = below("1.2.")
    assert start <= "1.2.9." < end
    assert not start <= "1.20." < end
    start, end = only("1.2.")
    assert start <= "1.2." < end and not start <= "1.2.9." < end

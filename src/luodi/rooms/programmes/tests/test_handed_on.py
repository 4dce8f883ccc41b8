"""Programmes, drafts and posts: nothing stays with who is gone."""

from __future__ import annotations

from tests.programmes import measure_of, target_of
from tests.zone import Zone

from luodi.ground.scope import api as scope
from luodi.ground.scope.api import SYSTEM
from luodi.manifest import Heir, Owner
from luodi.rooms.programmes.models import Pledge


def counts(owner: Owner) -> dict[str, int]:
    return {str(one.label): one.count for one in scope.left_behind(SYSTEM, owner)}


def test_measures_and_targets_go_to_the_heir_or_to_the_unit(zone: Zone) -> None:
    gone, heir = zone.accounts["instructor"], zone.accounts["deputy"]
    measure = measure_of(zone, owner=gone, owner_unit=zone.district)
    target = target_of(zone, measure=measure, owner=gone)
    owner = Owner(account=gone)
    assert counts(owner) == {"工程的举措": 1, "工程的目标": 1}
    scope.set_active(actor=SYSTEM, account=gone, active=False, heir=Heir(account=heir), why="示例")
    measure.refresh_from_db()
    assert measure.owner == heir
    pledges = Pledge.objects.known().filter(target=target).order_by("valid")
    assert [one.owner for one in pledges] == [gone, heir]
    assert counts(owner) == {} and scope.adrift() == []
    scope.set_active(actor=SYSTEM, account=heir, active=False)
    measure.refresh_from_db()
    assert (measure.owner, measure.owner_unit) == (None, zone.district)
    assert scope.adrift() == []

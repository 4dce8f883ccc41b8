"""A unit's names: dated, found in any spelling, the former ones too."""

from __future__ import annotations

import datetime as dt

import pytest
from django import forms
from django.urls import reverse
from tests.casework_pages import post, raised
from tests.zone import Zone

from luodi.ground.scope import api as scope
from luodi.ground.scope.api import SYSTEM, Unit, acting
from luodi.ground.scope.fields import UnitField
from luodi.lib.errors import UserError
from luodi.rooms.casework.api import Case

DAY = dt.date(2022, 3, 1)


@pytest.fixture
def renamed(zone: Zone) -> Unit:
    """What was 示例甲公司 is, from a day on, 示例（山西）·铝业公司."""
    return scope.change_unit(
        actor=SYSTEM,
        unit=zone.enterprise,
        name="示例（山西）·铝业公司",
        short_name="示例铝",
        since=DAY,
        aliases=["铝厂"],
    )


@pytest.mark.parametrize(
    "text",
    ["示例(山西)铝业公司", "示例（山西）•鋁業 公司", "示例铝", "铝厂", "示例甲公司", "示例 甲公司"],
)
def test_any_name_and_spelling_finds_the_unit(zone: Zone, renamed: Unit, text: str) -> None:
    field = UnitField()
    assert field.clean(text) == renamed
    page = zone.client("office").get("/units/", {"q": text}).content.decode()
    assert renamed.name in page
    found = zone.client("office").get("/search/", {"q": text})
    assert found.status_code == 200


def test_initials_find_the_unit(zone: Zone, renamed: Unit) -> None:
    assert Unit.objects.filter(scope.called("slsxlygs")).get() == renamed


def test_a_name_in_force_goes_before_a_former_one(zone: Zone, renamed: Unit) -> None:
    scope.change_unit(actor=SYSTEM, unit=zone.second, name="示例甲公司")
    assert UnitField().clean("示例甲公司") == zone.second
    with pytest.raises(forms.ValidationError):
        UnitField().clean("示例")


def test_the_page_lists_former_names_with_their_days(zone: Zone, renamed: Unit) -> None:
    page = zone.client("office").get(f"/units/{renamed.pk}/").content.decode()
    assert "曾用名" in page and "示例甲公司" in page and "2022-03-01" in page


def test_a_correction_leaves_no_former_name(zone: Zone) -> None:
    unit = zone.enterprise
    scope.change_unit(actor=SYSTEM, unit=unit, name="示例甲工司")
    scope.change_unit(actor=SYSTEM, unit=unit, name="示例甲公司", corrects=True)
    assert [one.name for one in scope.former_names(unit)] == ["示例甲公司"]
    scope.change_unit(actor=SYSTEM, unit=zone.second, name="示例乙厂", corrects=True)
    assert scope.former_names(zone.second) == []


def test_what_renaming_refuses(zone: Zone, renamed: Unit) -> None:
    for since in (scope.today() + dt.timedelta(days=1), DAY - dt.timedelta(days=1)):
        with pytest.raises(UserError) as refused:
            scope.change_unit(actor=SYSTEM, unit=renamed, name="示例丁公司", since=since)
        assert refused.value.field == "since"


def test_cases_are_found_by_the_new_name_at_once_and_by_the_old_one(zone: Zone) -> None:
    case = raised(zone)
    with acting(zone.actor("system_admin")) as keeper:
        scope.change_unit(actor=keeper, unit=zone.enterprise, name="示例丁集团")
    with acting(zone.actor("instructor")):
        for name in ("丁集团", "示例甲公司"):
            assert list(Case.objects.all().search(name)) == [case], name


def test_renaming_asks_from_when(zone: Zone) -> None:
    url = f"/units/{zone.enterprise.pk}/change/"
    sent = {
        "name": "示例戊公司",
        "short_name": "",
        "since": "2021-05-06",
        "aliases": "示例老厂、戊厂",
    }
    assert post(zone.client("office"), url, **sent).status_code == 302
    assert [one.valid.upper for one in scope.former_names(zone.enterprise)] == [dt.date(2021, 5, 6)]
    assert scope.aliases_of(zone.enterprise) == ["示例老厂", "戊厂"]


def test_who_keeps_the_tree_reads_what_became_of_a_unit(zone: Zone, renamed: Unit) -> None:
    url = reverse("audit:history", args=["scope_unit", renamed.pk])
    keeper = zone.client("system_admin")
    assert url in keeper.get(f"/units/{renamed.pk}/").content.decode()
    answer = keeper.get(url)
    assert answer.status_code == 200 and "示例甲公司" in answer.content.decode()
    other = zone.client("security_admin")
    assert url not in other.get(f"/units/{renamed.pk}/").content.decode()


def test_the_same_name_in_another_spelling_is_taken(zone: Zone, renamed: Unit) -> None:
    with pytest.raises(UserError, match="已有"):
        scope.create_unit(
            actor=SYSTEM,
            kind=scope.UnitKind.ENTERPRISE,
            name="示例(山西)铝业公司",
            parent=zone.district,
        )

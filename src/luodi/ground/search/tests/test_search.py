"""Searching everywhere, as each role, within the sight of who looks."""

from __future__ import annotations

import datetime as dt

import pytest
from tests.casework_pages import raised
from tests.zone import Zone

from luodi.ground.scope.api import SYSTEM
from luodi.rooms.directory import api as directory


@pytest.fixture
def filled(zone: Zone) -> Zone:
    for unit in (zone.enterprise, zone.elsewhere):
        directory.Enterprise.objects.create(unit=unit)
    directory.add_person(
        actor=SYSTEM, unit=zone.enterprise, name="示例赵某", born_on=dt.date(1980, 1, 1)
    )
    return zone


def found(zone: Zone, role: str, text: str) -> str:
    answer = zone.client(role).get("/search/", {"q": text})
    assert answer.status_code == 200
    page = answer.content.decode()
    return page[page.index("<main") : page.index("</main>")]


def test_by_part_of_a_name_and_by_initials(filled: Zone) -> None:
    case = raised(filled, "示例：五号路灯不亮")
    assert "示例甲公司" in found(filled, "office", "甲公")
    assert "示例甲公司" in found(filled, "office", "sljgs")
    assert "示例赵某" in found(filled, "office", "slzm")
    assert "示例：五号路灯不亮" in found(filled, "office", "不亮")
    assert "示例：五号路灯不亮" in found(filled, "office", "灯")
    assert "示例：五号路灯不亮" in found(filled, "office", case.code[-4:])
    assert "相近" in found(filled, "office", "路灯不修")
    assert "工作日历" in found(filled, "system_admin", "gzrl")
    assert "台账" in found(filled, "office", "台账")


def test_nobody_finds_what_he_may_not_see(filled: Zone) -> None:
    theirs = found(filled, "liaison", "示例")
    assert "示例甲公司" in theirs and "示例丙公司" not in theirs
    assert "示例赵某" not in theirs  # a liaison does not read people
    raised(filled, "示例：五号路灯不亮")
    assert "示例：五号路灯不亮" not in found(filled, "department_officer", "不亮")


@pytest.mark.parametrize(
    "text", ["", "%", "_", "\0", "'", "\\", "<b>", "x" * 500, "·", "(", "[a-z"]
)
def test_any_text_is_safe(filled: Zone, text: str) -> None:
    page = found(filled, "office", text)
    assert "<b>" not in page.replace('<b class="badge-count">', "")
    assert "示例丙公司" not in page  # and is itself, no pattern


def test_nothing_found_says_what_to_do(filled: Zone) -> None:
    assert "没有找到" in found(filled, "office", "查无此物")


def test_the_box_gets_the_short_list(filled: Zone) -> None:
    client = filled.client("office")
    answer = client.get(
        "/search/", {"q": "甲公"}, headers={"HX-Request": "true", "HX-Target": "quick-found"}
    )
    assert "示例甲公司" in answer.content.decode() and "<main" not in answer.content.decode()


def test_pins_stand_first_and_stay(zone: Zone) -> None:
    client = zone.client("office")
    client.post("/pins/", {"chosen": ["registers:registers", "home", "no:place", "audit:trail"]})
    page = client.get("/me/").content.decode()
    assert page.index("常用") < page.index("工作台")
    kept = client.get("/pins/").content.decode()
    assert kept.count(" checked") == 2  # what there is not, or not for this role, is not kept

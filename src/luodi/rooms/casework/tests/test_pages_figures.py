"""Statistics and settings."""

from __future__ import annotations

import html
import re

from tests.casework_pages import handled, post, raised, total
from tests.zone import Zone

from luodi.rooms.casework.api import Category, Template


def test_every_number_opens_to_as_many_cases(zone: Zone) -> None:
    """No figure without its ledger: a number opens to the reading that says the same, and from there
    to a list of as many cases."""
    raised(zone, category=Category.objects.first())
    case = handled(zone)
    post(zone.client("liaison"), f"/cases/{case.code}/do/withdraw/", reason="已自行解决")
    done = raised(zone)
    post(zone.client("instructor"), f"/cases/{done.code}/do/receive/")
    post(zone.client("instructor"), f"/cases/{done.code}/do/submit/", note="已解决")
    post(zone.client("liaison"), f"/cases/{done.code}/do/satisfied/")
    client = zone.client("office")
    page = client.get("/cases/statistics/").content.decode()
    numbers = re.findall(r'href="(/figures/casework[^"]+)">(?:<b>)?(\d+)<', page)
    assert len(numbers) > 20
    for link, number in set(numbers):
        opened = client.get(html.unescape(link)).content.decode()
        said = re.search(r'class="value[^"]*">(\d+)', opened)
        assert said and said[1] == number, link
        [list_of] = re.findall(r'href="(/cases/problems/[^"]+)"', opened)
        assert total(client.get(html.unescape(list_of)).content.decode()) == int(number), link


def test_who_sees_a_part_of_a_zone_is_led_to_the_list_of_that_part(zone: Zone) -> None:
    raised(zone)
    page = zone.client("part_time_member").get("/cases/statistics/").content.decode()
    assert "/figures/casework" not in page and "/cases/problems/?" in page


def test_statistics_of_another_unit_and_of_nonsense(zone: Zone) -> None:
    raised(zone)
    client = zone.client("office")
    here = client.get("/cases/statistics/?unit=示例丙公司").content.decode()
    assert "这段时间没有收到问题" in here
    assert client.get("/cases/statistics/?since=gestern").status_code == 200
    assert "没有叫“哪里”的单位" in client.get("/cases/statistics/?unit=哪里").content.decode()
    assert zone.client("liaison").get("/cases/statistics/").status_code == 200


def test_categories_and_templates_are_set_up_on_pages(zone: Zone) -> None:
    office = zone.client("office")
    form = {"name": "示例类别", "name_en": "Example", "position": 5, "is_active": "on"}
    assert post(office, "/cases/settings/category/", **form).status_code == 302
    made = Category.objects.get(name="示例类别")
    assert made.unit == zone.zone
    twice = post(office, "/cases/settings/category/", **form)
    assert twice.status_code == 422 and "已有这个类别" in twice.content.decode()
    changed = form | {"name": "示例新名"}
    assert post(office, f"/cases/settings/category/{made.pk}/", **changed).status_code == 302
    text = {"kind": "problem", "name": "用电", "text": "示例：时间、影响", "is_active": "on"}
    assert post(office, "/cases/settings/template/", **text).status_code == 302
    starter = Template.objects.get()
    page = zone.client("liaison").get(f"/cases/raise/?template={starter.pk}").content.decode()
    assert "示例：时间、影响" in page and "示例新名" in page
    assert post(zone.client("liaison"), "/cases/settings/category/", **form).status_code == 403
    looks = zone.client("system_admin").get("/cases/settings/").content.decode()
    assert "15 个工作日" in looks and "添加" not in looks

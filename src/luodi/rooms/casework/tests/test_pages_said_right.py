"""The pages say what is so: numbers without gaps, one case for one problem, words that fit."""

from __future__ import annotations

import datetime as dt
import re
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone
from tests.casework_pages import handled, post, raised
from tests.zone import Zone, build_zone

from luodi.ground.scope.api import SYSTEM, UnitKind, acting, create_unit
from luodi.ground.scope.fields import UnitField, unit_name
from luodi.lib.errors import UserError
from luodi.rooms.casework import api
from luodi.rooms.casework.api import Case, Category, Intake

AT = dt.datetime(2026, 3, 2, 1, 0, tzinfo=dt.UTC)


def said(client: Client, url: str) -> str:
    """What the next page says of what was done."""
    page = client.get(url).content.decode()
    return " ".join(re.findall(r'class="alert[^>]*>\s*([^<]+?)\s*<', page))


def test_a_refused_submission_consumes_no_number(zone: Zone) -> None:
    first = raised(zone)
    with acting(zone.actor("liaison")) as actor:
        for text in ("", "长" * 10_001):
            with pytest.raises(UserError):
                api.raise_problem(actor=actor, unit=zone.enterprise, text=text)
    client = zone.client("liaison")
    assert post(client, "/cases/raise/", text="").status_code == 422
    second = raised(zone, "示例：另一件")
    numbers = [int(one.code.rpartition("-")[2]) for one in (first, second)]
    assert numbers[1] == numbers[0] + 1
    with acting(SYSTEM):
        kinds = {
            api.raise_problem(
                actor=SYSTEM, unit=zone.enterprise, text="示例", procedure=kind, at=at
            ).code
            for kind in ("practical_matter", "work_gap")
            for at in (AT, AT.replace(year=2025))
        }
    assert kinds == {"SS2026-000001", "SS2025-000001", "CJ2026-000001", "CJ2025-000001"}


def test_of_many_who_raise_at_once_each_gets_the_next_number(committed_db: None) -> None:
    with acting(SYSTEM):
        zone = build_zone()

    def work(place: int) -> str:
        try:
            with acting(SYSTEM):
                case = api.raise_problem(
                    actor=SYSTEM, unit=zone.enterprise, text=f"示例{place}", at=AT
                )
                if place % 3 == 0:
                    raise UserError("示例：后面的一步不成")
                return case.code
        except UserError:
            return ""
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        codes = sorted(filter(None, pool.map(work, range(12))))
    assert codes == [f"WT2026-{place:06d}" for place in range(1, 9)]


def test_back_and_submit_again_is_the_same_case(zone: Zone) -> None:
    client = zone.client("liaison")
    first = post(client, "/cases/raise/", text="示例：门口积水")
    again = post(client, "/cases/raise/", text="示例：门口积水")
    assert again.url == first.url and Case.objects.count() == 1
    assert "没有重复登记" in said(client, again.url)
    assert post(client, "/cases/raise/", text="示例：门口又积水").url != first.url
    office = zone.client("office")
    form = {"text": "示例：电表异常", "unit": "示例丙"}
    told = [post(office, "/cases/behalf/", **form, reporter_name=name).url for name in "赵赵钱"]
    assert told[0] == told[1] != told[2]


def test_a_closed_case_is_in_nobodys_hands(zone: Zone) -> None:
    case = handled(zone)
    with acting(zone.actor("office")) as actor:
        api.close(actor=actor, case=case, reason="示例：企业已搬走")
    client = zone.client("office")
    for url in ("/cases/responsibilities/?status=all", f"/cases/{case.code}/"):
        for more in ("", "&format=print") if "?" in url else ("", "?format=print"):
            page = client.get(url + more).content.decode()
            rows = page.split('id="responsibilities"')[-1]
            assert "已终止" in rows and ">在办<" not in rows.split("办理经过")[0]
    assert case.title not in client.get("/cases/responsibilities/?status=accepted").content.decode()
    assert case.title in client.get("/cases/responsibilities/?status=over").content.decode()


def test_a_stale_button_says_what_happened_meanwhile(zone: Zone) -> None:
    case = raised(zone)
    with acting(zone.actor("instructor")) as actor:
        api.receive(actor=actor, case=case)
    office, step = zone.client("office"), f"/cases/{case.code}/do/"
    answer = post(office, f"{step}receive/", version=str(case.version))
    assert answer.url == f"/cases/{case.code}/"
    assert "别人已经更改了这个问题" in said(office, answer.url)
    with acting(zone.actor("instructor")) as actor:
        api.submit(actor=actor, case=case, note="示例：已办")
    lost = post(zone.client("instructor"), f"{step}pause/", reason="示例：等材料")
    page = lost.content.decode()
    assert "示例：等材料" in page and "已经不需要您办理" in page
    assert 'type="submit">挂起' not in re.sub(r"\s+", " ", page)


def test_each_step_says_what_happened(zone: Zone) -> None:
    case = raised(zone)
    client, step = zone.client("instructor"), f"/cases/{case.code}/do/"
    assert said(client, post(client, f"{step}receive/").url) == f"{case.code}：已受理。"
    asked = post(client, f"{step}ask_department/", holder=f"{zone.department.pk}-", text="示例")
    assert said(client, asked.url) == f"{case.code}：已发出协办请求。"
    handed = post(client, f"{step}hand_over/", holder=f"{zone.zone.pk}-", reason="示例")
    assert said(client, handed.url) == f"{case.code}：已上报，等上级接收。"
    page = client.get(f"/cases/{case.code}/").content.decode()
    assert "<b>上报</b>" in page and "更多操作" in page


def test_reading_a_poster_makes_no_code(zone: Zone) -> None:
    client, url = zone.client("liaison"), f"/cases/code/{zone.enterprise.pk}/"
    assert "生成二维码" in client.get(url).content.decode()
    assert not Intake.objects.exists()
    assert post(client, url).url == url
    assert "有问题，扫一扫" in client.get(url).content.decode() and Intake.objects.count() == 1


def test_title_and_category_are_set_when_receiving_beside_similar_cases(zone: Zone) -> None:
    old = raised(zone, "示例：三号车间电压不稳")
    case = raised(zone, "示例：电压又不稳了，三号车间停机")
    client, step = zone.client("instructor"), f"/cases/{case.code}/do/"
    form = client.get(f"{step}receive/").content.decode()
    assert old.code in form and f'value="{case.title}"' in form
    category = Category.objects.first()
    assert category is not None
    post(client, f"{step}receive/", title="示例：三号车间供电", category=category.pk)
    case.refresh_from_db()
    assert (case.title, case.category, case.state) == ("示例：三号车间供电", category, "handling")
    assert list(Case.objects.all().search("供电")) == [case]
    linked = post(client, f"{step}link/", other="车间 电压", kind_of="related")
    assert linked.status_code == 302 and old.code in client.get(linked.url).content.decode()
    several = [raised(zone, f"示例：围墙第{place}段破损") for place in "一二"]
    page = post(client, f"{step}link/", other="围墙 破损", kind_of="related")
    assert page.status_code == 422 and all(one.code in page.content.decode() for one in several)


def primary(client: Client, case: Case) -> str:
    page = client.get(f"/cases/{case.code}/").content.decode()
    (found,) = re.findall(r'class="btn btn-primary"[^>]*>([^<]+)<', page)
    return str(found)


def test_the_first_button_fits_who_looks(zone: Zone) -> None:
    long_ago = timezone.now() - dt.timedelta(days=60)
    case = raised(zone, at=long_ago)
    with acting(zone.actor("instructor")) as actor:
        api.receive(actor=actor, case=case, at=long_ago)
        api.ask_department(actor=actor, case=case, unit=zone.department, text="示例", at=long_ago)
    officer = zone.client("department_officer")
    assert primary(zone.client("office"), case) == "督办"
    assert case.title in officer.get("/cases/problems/?whose=me").content.decode()
    count = re.search(r'whose=me"><b>(\d+)', officer.get("/").content.decode())
    assert count and count[1] == "1"
    assert primary(officer, case) == "同意协办"
    post(officer, f"/cases/{case.code}/do/join/")
    assert primary(officer, case) == "答复进展"
    assert case.title not in officer.get("/cases/problems/?whose=me").content.decode()


def test_units_are_named_and_twins_by_their_superior(zone: Zone) -> None:
    page = zone.client("office").get("/cases/statistics/").content.decode()
    assert re.search(r'name="unit"[^>]*value="[^"#]+"', page) or re.search(
        r'value="[^"#]+"[^>]*name="unit"', page
    )
    field = UnitField()
    with acting(SYSTEM):
        twins = [
            create_unit(actor=SYSTEM, kind=UnitKind.ENTERPRISE, name="示例同名", parent=parent)
            for parent in (zone.district, zone.zone)
        ]
        names = [unit_name(one) for one in twins]
        assert names == [f"示例同名（{one.parent.name}）" for one in twins]
        assert [field.clean(name) for name in names] == twins
        assert unit_name(zone.enterprise) == zone.enterprise.name

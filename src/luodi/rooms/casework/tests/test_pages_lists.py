"""The three lists: what they show, narrow, keep, export and do to many at once."""

from __future__ import annotations

import datetime as dt
import io
from importlib import import_module
from typing import Any
from urllib.parse import parse_qsl, urlencode

import openpyxl
import pytest
from django.apps import apps
from django.utils import timezone
from tests.casework_pages import handled, post, queries, raised, total
from tests.zone import Zone

from luodi.ground.scope import api as scope
from luodi.ground.scope.api import SYSTEM, Unit, acting
from luodi.lib.errors import UserError
from luodi.rooms.casework import api
from luodi.rooms.casework.api import Case, Category, SavedFilter


def asked(zone: Zone, role: str, **criteria: object) -> tuple[int, str]:
    page = zone.client(role).get(f"/cases/problems/?{urlencode(criteria)}").content.decode()
    return (total(page) if "共 " in page else 0), page


def test_the_problem_list_narrows(zone: Zone) -> None:
    raised(zone, "示例：天然气计量表读数异常")
    case = handled(zone)
    assert asked(zone, "office")[0] == 2
    assert asked(zone, "office", state="raised")[0] == 1
    assert asked(zone, "instructor", whose="me")[0] == 2
    assert asked(zone, "office", q="计量表")[0] == 1
    assert asked(zone, "office", q=case.code)[0] == 1
    assert asked(zone, "office", unit=zone.enterprise.pk)[0] == 2
    assert asked(zone, "office", unit="示例乙")[0] == 0
    assert asked(zone, "office", category="none")[0] == 2
    tomorrow = timezone.localdate() + dt.timedelta(days=1)
    assert asked(zone, "office", since=tomorrow)[0] == 0
    assert "示例甲公司" in asked(zone, "office", unit=zone.enterprise.pk)[1]
    assert "日期" in asked(zone, "office", since="2026-13-40")[1]


def test_a_light_has_words(zone: Zone) -> None:
    case = raised(zone, at=timezone.now() - dt.timedelta(days=60))
    page = asked(zone, "office", figure="overdue")[1]
    assert case.code in page and "超期 " in page
    assert "没有符合条件的记录" in asked(zone, "office", light="amber")[1]


@pytest.mark.parametrize("page", ["problems", "responsibilities", "rectifications"])
def test_each_list_leaves_as_a_file_and_on_paper(zone: Zone, page: str) -> None:
    handled(zone)
    client = zone.client("office")
    file = client.get(f"/cases/{page}/?format=xlsx")
    sheet = openpyxl.load_workbook(io.BytesIO(b"".join(file))).active
    assert sheet.max_row == 2
    cells = [str(cell.value) for cell in sheet[2]]
    assert not any("<" in cell for cell in cells)
    assert any("示例甲公司" in cell or "示例新材料" in cell for cell in cells)
    assert client.get(f"/cases/{page}/?format=print").status_code == 200


def test_the_responsibility_list_shows_what_lives(zone: Zone) -> None:
    handled(zone)
    client = zone.client("office")
    assert total(client.get("/cases/responsibilities/").content.decode()) == 1
    assert total(client.get("/cases/responsibilities/?status=all").content.decode()) >= 1
    assert total(client.get("/cases/responsibilities/?role=lead&light=green").content.decode()) == 1
    own = zone.client("instructor").get("/cases/responsibilities/?mine=1").content.decode()
    assert total(own) == 1


def test_the_rectification_list_knows_what_is_late(zone: Zone) -> None:
    handled(zone)
    client = zone.client("instructor")
    url = "/cases/rectifications/"
    assert total(client.get(f"{url}?mine=on&status=open").content.decode()) == 1
    assert "没有符合条件" in client.get(f"{url}?status=late").content.decode()
    assert total(client.get(f"{url}?q=修补路面").content.decode()) == 1


def test_the_board_counts_what_its_columns_open(zone: Zone) -> None:
    raised(zone)
    handled(zone)
    client = zone.client("office")
    page = client.get("/cases/board/").content.decode()
    assert page.count('class="card"') == 2
    assert total(client.get("/cases/problems/?state=handling").content.decode()) == 1


def test_many_are_handed_over_together(zone: Zone) -> None:
    cases = [handled(zone) for _ in range(3)]
    ended = raised(zone)
    post(zone.client("liaison"), f"/cases/{ended.code}/do/withdraw/", reason="已自行解决")
    instructor = zone.client("instructor")
    assert "批量交办" in instructor.get("/cases/problems/").content.decode()
    picked = [one.pk for one in (*cases, ended)]
    page = post(instructor, "/cases/assign/", pick=picked).content.decode()
    assert all(one.code in page for one in cases)
    holder = f"{zone.department.pk}-"
    result = post(instructor, "/cases/assign/", pick=picked, holder=holder, reason="", sent="1")
    page = result.content.decode()
    assert page.count("已完成</span>") == 3 and "没有办成" in page
    assert Case.objects.filter(state="offered").count() == 3
    assert post(instructor, "/cases/assign/").status_code == 302  # nothing ticked
    assert post(zone.client("liaison"), "/cases/assign/", pick=picked).status_code == 403


def test_a_filter_is_kept_for_oneself(zone: Zone) -> None:
    office = zone.client("office")
    post(office, "/cases/filters/", name="等我的", query="whose=me")
    assert "等我的" in office.get("/cases/problems/").content.decode()
    assert "等我的" not in zone.client("secretary").get("/cases/problems/").content.decode()
    with acting(zone.actor("office")):
        kept = SavedFilter.objects.get()
    assert post(office, f"/cases/filters/{kept.pk}/remove/").status_code == 302
    assert "等我的" not in office.get("/cases/problems/").content.decode()


PAGES = (
    "/cases/problems/",
    "/cases/board/",
    "/cases/responsibilities/",
    "/cases/rectifications/",
    "/cases/statistics/",
    "/cases/settings/",
    "/",
)  # how often each asks is stored in tests/queries.json


def test_queries_do_not_grow_with_the_rows(zone: Zone) -> None:
    client = zone.client("instructor")
    for _ in range(3):
        _everywhere(zone)
    few = {url: queries(client, url) for url in PAGES}
    for _ in range(27):
        _everywhere(zone)
    many = {url: queries(client, url) for url in PAGES}
    assert many == few


def test_queries_of_a_case_do_not_grow_with_its_history(zone: Zone) -> None:
    case = handled(zone)
    client, url = zone.client("instructor"), f"/cases/{case.code}/"
    with acting(zone.actor("instructor")) as actor:
        api.link(actor=actor, case=case, other=raised(zone))
    few = queries(client, url)
    with acting(zone.actor("instructor")) as actor:
        for number in range(12):
            api.answer(actor=actor, case=case, text=f"示例进展 {number}")
            api.add_measure(
                actor=actor,
                case=case,
                text=f"示例措施 {number}",
                due_on=timezone.localdate(),
                owner_name="示例某",
            )
            api.link(actor=actor, case=case, other=raised(zone))
    assert queries(client, url) == few


def _everywhere(zone: Zone) -> None:
    """One case in each of several states."""
    raised(zone, at=timezone.now() - dt.timedelta(days=90))
    case = handled(zone)
    with acting(zone.actor("instructor")) as actor:
        api.ask_department(actor=actor, case=case, unit=zone.department, text="请核实")


def test_the_first_and_last_days_of_all_are_periods_too(zone: Zone) -> None:
    for place in ("responsibilities", "rectifications", "statistics"):
        address = f"/cases/{place}/?since=0001-01-01&until=9999-12-31"
        assert zone.client("office").get(address).status_code == 200, place


def test_what_cannot_be_understood_lists_nothing_and_says_why(zone: Zone) -> None:
    raised(zone)
    office = zone.client("office")
    for query, why in (
        ("state=spaceship", "状态"),
        ("stat=raised", "stat"),
        ("unit=没有这个单位", "没有这个单位"),
        ("outcome=won", "won"),
        ("since=2026-13-40", "日期"),
    ):
        for page in ("problems", "board"):
            answer = office.get(f"/cases/{page}/?{query}")
            text = answer.content.decode()
            assert answer.status_code == 422 and why in text and "示例" in text, (page, query)
            assert 'class="p-title' not in text and 'class="card"' not in text, (page, query)
        for way in ("xlsx", "print"):
            assert office.get(f"/cases/problems/?{query}&format={way}").status_code == 422
    assert office.get("/cases/responsibilities/?role=x").status_code == 422
    assert office.get("/cases/rectifications/?whose=me").status_code == 422


def test_a_kept_filter_survives_renaming_and_closing(zone: Zone) -> None:
    raised(zone)
    post(
        zone.client("office"), "/cases/filters/", name="甲", query="unit=示例甲公司&sort=-raised_at"
    )
    with acting(zone.actor("office")) as actor:
        kept = SavedFilter.objects.get()
        assert kept.query == f"unit={zone.enterprise.pk}&sort=-raised_at"
        for wrong in ("unit=没有的公司", "nothing=1", "state=x"):
            with pytest.raises(UserError):
                api.save_filter(actor=actor, name="错", query=wrong)
    scope.change_unit(actor=SYSTEM, unit=zone.enterprise, name="示例新名公司")
    assert total(zone.client("office").get(f"/cases/problems/?{kept.query}").content.decode()) == 1
    Unit.objects.filter(pk=zone.enterprise.pk).update(closed_on=timezone.localdate())
    assert total(zone.client("office").get(f"/cases/problems/?{kept.query}").content.decode()) == 1


def test_kept_names_are_carried_over_as_far_as_they_are_unique(zone: Zone) -> None:
    carry = import_module("luodi.rooms.casework.migrations.0011_kept_by_key").by_key
    pk, account = zone.enterprise.pk, zone.accounts["office"].pk
    named = {"a": "unit=示例甲公司", "b": f"lead=旧名 #{pk}&state=raised", "c": "unit=谁也不是"}
    with acting(zone.actor("office")):
        for name, query in named.items():
            SavedFilter.objects.create(account_id=account, name=name, query=query)
        carry(apps, None)
        found = dict(SavedFilter.objects.values_list("name", "query"))
    assert found["a"] == f"unit={pk}" and found["b"] == f"lead={pk}&state=raised"
    assert dict(parse_qsl(found["c"])) == {"unit": "谁也不是"}


def test_several_cases_are_worked_on_together(zone: Zone) -> None:
    cases = [raised(zone, f"示例第{place}件") for place in range(2)]
    picked, office = [one.pk for one in cases], zone.client("office")
    page = office.get("/cases/problems/").content.decode()
    for label in ("全选本页", "批量交办", "催办", "督办", "归类", "导出所选"):
        assert label in page
    assert "归类" not in zone.client("liaison").get("/cases/problems/").content.decode()
    category = Category.objects.first()
    assert category is not None
    send = {"pick": picked, "sent": "1"}
    url = "/cases/assign/"
    assert post(office, url, do="classify", **send, category=category.pk).status_code == 302
    assert set(Case.objects.values_list("category", flat=True)) == {category.pk}
    assert post(office, url, do="supervise", **send, text="").status_code == 422
    assert post(office, url, do="supervise", **send, text="示例：本周办结").status_code == 302
    assert Case.objects.filter(supervised_at__isnull=False).count() == 2
    assert post(office, url, do="urge", **send, text="").status_code == 302
    again = post(office, url, do="urge", **send, text="").content.decode()
    assert again.count("没有办成") == 2 and "已经催办过" in again
    liaison = zone.client("liaison")
    assert post(liaison, url, do="classify", **send, category=category.pk).status_code == 403
    sheet = list(rows_of(post(office, url, do="export", pick=picked[:1])))
    assert len(sheet) == 2 and sheet[1][2] == "示例第0件"


def test_the_file_has_all_that_the_record_has(zone: Zone) -> None:
    raised(zone, "示例：全文。第二句。", phone="13800001234")
    client = zone.client("office")
    answer = client.get(f"/cases/problems/?format=xlsx&unit={zone.enterprise.pk}")
    head, row = rows_of(answer)
    found = dict(zip(head, row, strict=True))
    assert found["问题"] == "示例：全文。第二句。"
    assert found["联系电话"] == "138****1234" and set(found["反映人"][1:]) == {"*"}
    assert isinstance(found["反映时间"], dt.datetime) and isinstance(found["办理期限"], dt.datetime)
    about = [one[0] for one in rows_of(client.get("/cases/problems/?format=xlsx&q=全文"), 1)]
    assert any("单位：" in one for one in about) and "搜索：全文" in about
    paper = client.get(f"/cases/problems/?format=print&unit={zone.enterprise.pk}").content.decode()
    assert "单位（含下级）" in paper and zone.enterprise.name in paper and "导出时间" in paper


def test_columns_are_chosen_and_kept_and_sorted_by(zone: Zone) -> None:
    raised(zone)
    client = zone.client("office")
    names = ("code", "title", "unit", "category", "state", "turn", "light", "raised_at")
    for name in names:
        assert client.get(f"/cases/problems/?sort=-{name}").status_code == 200
    assert client.get("/cases/problems/").content.decode().count("aria-sort=") == len(names)
    client.get("/cases/problems/?cols=unit&cols=state")
    page = client.get("/cases/problems/").content.decode()
    assert page.count('scope="col"') == 4  # tick, title, unit, state
    assert "cols=" not in page.split("<table")[1]


def rows_of(answer: Any, sheet: int = 0) -> list[list[Any]]:
    book = openpyxl.load_workbook(io.BytesIO(b"".join(answer.streaming_content)))
    return [list(row) for row in book.worksheets[sheet].iter_rows(values_only=True)]

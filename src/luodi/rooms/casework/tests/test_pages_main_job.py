"""The main job through the pages alone: raised, received, handed over, solved, refused, confirmed."""

from __future__ import annotations

import datetime as dt
import re
import uuid

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone
from tests.casework_pages import handled, post, raised
from tests.zone import Zone

from luodi.ground.evidence.api import File
from luodi.rooms.casework.api import Case, Measure


def test_from_the_first_sentence_to_the_confirmed_end(zone: Zone) -> None:
    liaison, instructor, officer = (
        zone.client(role) for role in ("liaison", "instructor", "department_officer")
    )
    page = liaison.get("/cases/raise/").content.decode()
    assert page.count("必填") == 1  # one field for a liaison
    photo = SimpleUploadedFile("现场.txt", "三号车间跳闸".encode())
    answer = post(liaison, "/cases/raise/", text="示例：夜班用电负荷不够。", file=photo)
    case = Case.objects.get()
    assert answer.url == f"/cases/{case.code}/"
    assert [file.name for file in File.objects.all()] == ["现场.txt"]

    step = f"/cases/{case.code}/do/"
    assert 'value="' + str(case.version) in instructor.get(f"{step}receive/").content.decode()
    assert post(instructor, f"{step}receive/").status_code == 302
    holder = f"{zone.department.pk}-{zone.accounts['department_officer'].pk}"
    assert post(instructor, f"{step}hand_over/", holder=holder, reason="请牵头").status_code == 302
    assert "待接收" in instructor.get(answer.url).content.decode()
    assert post(officer, f"{step}accept/").status_code == 302
    day = timezone.localdate().isoformat()
    post(officer, f"{step}add_measure/", text="增容", owner_name="示例某", due_on=day)
    measure = Measure.objects.get()
    refused = post(officer, f"{step}submit/", note="已增容")
    assert refused.status_code == 422 and "没有完成" in refused.content.decode()
    assert "已增容" in refused.content.decode()  # it comes back filled
    proof = SimpleUploadedFile("验收.txt", "合格".encode())
    finish = f"/cases/{case.code}/measures/{measure.pk}/finish_measure/"
    assert post(officer, finish, result="已送电", file=proof).status_code == 302
    assert post(officer, f"{step}submit/", note="已增容").status_code == 302
    assert "待评价" in liaison.get(answer.url).content.decode()
    assert post(liaison, f"{step}unsatisfied/", words="还跳闸").status_code == 302
    assert post(officer, f"{step}submit/", note="换了开关").status_code == 302
    assert post(liaison, f"{step}satisfied/").status_code == 302
    case.refresh_from_db()
    assert (case.outcome, case.reopened) == ("solved", 1)
    page = liaison.get(answer.url).content.decode()
    for words in ("已办结", "还跳闸", "验收.txt", "示例县供电公司", "重新办理 1 次"):
        assert words in page
    assert "办理经过" in liaison.get(f"{answer.url}?format=print").content.decode()


def test_while_a_measure_is_open_the_next_thing_is_to_finish_it(zone: Zone) -> None:
    case = raised(zone)
    client = zone.client("instructor")
    post(client, f"/cases/{case.code}/do/receive/")
    assert primary(client, case) == "提请评价"
    for days in (9, 3):
        day = timezone.localdate() + dt.timedelta(days=days)
        form = {"text": f"示例{days}", "owner_name": "示例某", "due_on": day}
        post(client, f"/cases/{case.code}/do/add_measure/", **form)
    soonest = Measure.objects.get(text="示例3")
    assert primary(client, case) == "完成措施"
    assert primary(zone.client("liaison"), case) != "完成措施"
    post(client, f"/cases/{case.code}/measures/{soonest.pk}/finish_measure/", result="示例")
    last = Measure.objects.get(text="示例9")
    page = client.get(f"/cases/{case.code}/").content.decode()
    where = f"/cases/{case.code}/measures/{last.pk}/finish_measure/"
    assert re.search(rf'class="btn btn-primary"\s+href="{where}"', page)
    post(client, f"/cases/{case.code}/measures/{last.pk}/finish_measure/", result="示例")
    assert primary(client, case) == "提请评价"


def primary(client: Client, case: Case) -> str:
    """What stands on the primary button of a case's page."""
    page = client.get(f"/cases/{case.code}/").content.decode()
    (found,) = re.findall(r'class="btn btn-primary"[^>]*>([^<]+)<', page)
    return str(found)


def test_a_written_name_is_not_lost_behind_the_chosen_account(zone: Zone) -> None:
    """The list stands at the lead by itself; who is chosen on purpose beside a name is asked about."""
    url = f"/cases/{handled(zone).code}/do/add_measure/"
    client, day = zone.client("instructor"), timezone.localdate().isoformat()
    lead = str(zone.accounts["instructor"].pk)
    form = {"text": "示例改线", "due_on": day, "owner": lead, "owner_name": "示例王工"}
    assert client.post(url, form).status_code == 302
    measure = Measure.objects.latest("pk")
    assert (measure.owner, measure.owner_name) == (None, "示例王工")
    change = url.replace("do/add_measure", f"measures/{measure.pk}/change_measure")
    refused = client.post(change, form)  # its owner was nobody: this one has been chosen
    assert refused.status_code == 422 and "请只留一个" in refused.content.decode()
    assert client.post(change, {**form, "owner_name": ""}).status_code == 302
    measure.refresh_from_db()
    assert measure.owner == zone.accounts["instructor"]


def test_an_officer_enters_what_somebody_said_at_the_telephone(zone: Zone) -> None:
    office = zone.client("office")
    form = {"text": "示例：电表读数异常", "unit": "示例丙", "reporter_name": "示例赵"}
    answer = post(office, "/cases/behalf/", **form, reporter_phone="13800001234")
    case = Case.objects.get()
    assert (case.unit, case.channel, case.lead_account) == (
        zone.elsewhere,
        "behalf",
        zone.accounts["office"],
    )
    page = office.get(answer.url).content.decode()
    assert "138****1234" in page and "13800001234" not in page
    phone = f"/cases/{case.code}/phone/"
    assert post(office, phone, why="").status_code == 422
    assert "13800001234" in post(office, phone, why="回电核实").content.decode()
    unknown = post(office, "/cases/behalf/", **(form | {"unit": "没有的公司"}))
    assert unknown.status_code == 422 and "没有叫“没有的公司”的单位" in unknown.content.decode()
    several = post(office, "/cases/behalf/", **(form | {"unit": "公司"}))
    assert "示例甲公司" in several.content.decode()


def test_a_stale_page_shows_both_and_then_goes_through(zone: Zone) -> None:
    case = handled(zone)
    instructor = zone.client("instructor")
    where = f"/cases/{case.code}/do/pause/"
    case.refresh_from_db()
    before = case.version
    post(zone.client("office"), f"/cases/{case.code}/do/supervise/", text="请抓紧")
    stale = post(instructor, where, version=before, reason="等配件到货")
    page = stale.content.decode()
    assert stale.status_code == 422
    assert "别人已经更改" in page and "请抓紧" in page and "等配件到货" in page
    assert f'name="version" value="{before + 1}"' in page
    assert post(instructor, where, version=before + 1, reason="等配件到货").status_code == 302


def test_files_count_as_versions_of_ones_own(zone: Zone) -> None:
    case = handled(zone)
    case.refresh_from_db()
    files = [SimpleUploadedFile(f"{n}.txt", b"one") for n in range(2)]
    where = f"/cases/{case.code}/do/answer/"
    answer = post(
        zone.client("instructor"), where, version=case.version, text="已到现场", file=files
    )
    assert answer.status_code == 302 and File.objects.count() == 2
    bad = SimpleUploadedFile("照片.jpg", b"MZ not a picture")
    refused = post(zone.client("instructor"), where, text="再报", file=bad)
    assert refused.status_code == 422 and "请重新选择" in refused.content.decode()
    assert File.objects.count() == 2


def test_a_double_click_writes_once(zone: Zone) -> None:
    liaison, key = zone.client("liaison"), str(uuid.uuid4())
    answers = [
        liaison.post("/cases/raise/", {"_once": key, "text": "示例：用水"}) for _ in range(2)
    ]
    assert Case.objects.count() == 1
    assert answers[0].url == answers[1]["Location"]


def test_who_may_not_is_told_so(zone: Zone) -> None:
    case = raised(zone)
    assert zone.client("liaison").get("/cases/behalf/").status_code == 403
    assert zone.client("auditor").get("/cases/problems/").status_code == 403
    step = f"/cases/{case.code}/do/receive/"
    assert post(zone.client("liaison"), step).status_code == 403
    again = zone.client("liaison").get(step)
    assert again.status_code == 302 and again.url == f"/cases/{case.code}/"
    assert zone.client("department_officer").get(f"/cases/{case.code}/").status_code == 404
    assert zone.client(None).get("/cases/problems/").status_code == 302


def test_every_offered_step_opens(zone: Zone) -> None:
    """No role finds a button that leads nowhere, in any of these states."""
    cases = [raised(zone), handled(zone)]
    handed = handled(zone)
    post(
        zone.client("instructor"),
        f"/cases/{handed.code}/do/hand_over/",
        holder=f"{zone.department.pk}-",
    )
    opened = 0
    for role in ("liaison", "instructor", "office", "department_officer", "branch_secretary"):
        client = zone.client(role)
        for case in [*cases, handed]:
            page = client.get(f"/cases/{case.code}/")
            for where in set(_links(page.content.decode(), case.code)):
                assert client.get(where).status_code == 200, (role, where)
                opened += 1
    assert opened > 40


def _links(page: str, code: str) -> list[str]:
    return re.findall(
        rf'href="(/cases/{code}/(?:do|measures)/[^"]+|/audit/casework_case/[^"]+)"', page
    )


def test_the_office_starts_a_special_rectification(zone: Zone) -> None:
    office = zone.client("office")
    form = {"text": "示例：场地租用手续不全", "unit": zone.zone.name}
    where = "/cases/raise/"
    assert post(office, where, **form, procedure="special_rectification").status_code == 302
    case = Case.objects.get()
    assert (case.procedure, case.unit, case.code[:2]) != ("enterprise_problem", zone.zone, "WT")
    page = office.get(f"/cases/{case.code}/").content.decode()
    assert "专项整治" in page and "已查摆" in page
    post(office, f"/cases/{case.code}/do/receive/")
    refused = post(office, f"/cases/{case.code}/do/submit/", note="已补办")
    assert refused.status_code == 422 and "至少要有一项" in refused.content.decode()


def test_a_merge_is_shown_and_undone(zone: Zone) -> None:
    case, other = handled(zone), handled(zone)
    instructor = zone.client("instructor")
    merge = f"/cases/{case.code}/do/merge/"
    unknown = post(instructor, merge, into="WT2020-000001")
    assert unknown.status_code == 422 and "没有找到这个问题" in unknown.content.decode()
    assert post(instructor, merge, into=other.code.lower()).status_code == 302
    assert other.code in instructor.get(f"/cases/{case.code}/").content.decode()
    assert "已并入本问题" in instructor.get(f"/cases/{other.code}/").content.decode()
    assert post(instructor, f"/cases/{case.code}/do/unmerge/").status_code == 302
    case.refresh_from_db()
    assert case.state == "handling"

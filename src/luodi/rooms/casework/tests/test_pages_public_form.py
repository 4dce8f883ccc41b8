"""The form behind an enterprise's code: no account, a number in return, and no flood."""

from __future__ import annotations

import re

import pytest
from django.conf import LazySettings
from django.core.files.uploadedfile import SimpleUploadedFile
from tests.casework_pages import post
from tests.zone import Zone

from luodi.ground.scope.api import acting
from luodi.rooms.casework.api import Case, intake_of, receive, submit

PNG = b"\x89PNG\r\n\x1a\n" + b"\x00\x00\x00\rIHDR" + b"\x00" * 40


def token_of(zone: Zone) -> str:
    with acting(zone.actor("liaison")) as actor:
        return intake_of(actor=actor, unit=zone.enterprise).token


def test_anybody_with_the_code_may_report(zone: Zone) -> None:
    url = f"/report/{token_of(zone)}/"
    nobody = zone.client(None)
    page = nobody.get(url)
    assert "示例甲公司" in page.content.decode()
    assert set(page.cookies) <= {"csrftoken"}
    empty = post(nobody, url, text="", who="示例某")
    assert empty.status_code == 422 and "示例某" in empty.content.decode()
    answer = post(nobody, url, text="示例：食堂太远", who="示例某", contact="13800001234")
    case = Case.objects.get()
    assert (case.unit, case.channel, case.reporter_name) == (zone.enterprise, "public", "示例某")
    assert case.code in nobody.get(answer.url).content.decode()
    assert nobody.get(f"{url}forged/").url == "/report/progress/"
    assert case.code in zone.client("liaison").get("/cases/problems/").content.decode()


def test_who_reported_without_an_account_sees_how_far_it_is_and_answers(zone: Zone) -> None:
    url, nobody = f"/report/{token_of(zone)}/", zone.client(None)
    answer = post(nobody, url, text="示例：食堂太远", who="示例某")
    code, word = re.findall(r'<dd class="secret">\s*(\S+)', nobody.get(answer.url).content.decode())
    assert word not in answer.url
    wrong = nobody.post("/report/progress/", {"code": code, "word": "wrong"})
    assert wrong.status_code == 422 and "编号或口令不对" in wrong.content.decode()
    opened = nobody.post("/report/progress/", {"code": code.lower(), "word": word}).url
    assert "等待受理" in nobody.get(opened).content.decode()
    case = Case.objects.get()
    with acting(zone.actor("instructor")) as instructor:
        receive(actor=instructor, case=case)
        submit(actor=instructor, case=case, note="示例：已增设班车")
    page = nobody.get(opened).content.decode()
    assert "已增设班车" in page and "没有评价视为确认" in page
    refused = post(nobody, opened, verdict="unsatisfied", words="")
    assert refused.status_code == 422 and "请写明原因" in refused.content.decode()
    assert post(nobody, opened, verdict="satisfied", words="示例：谢谢").status_code == 302
    assert "已收到您的评价" in nobody.get(opened).content.decode()
    case.refresh_from_db()
    assert (case.state, case.confirmed_how) == ("confirmed", "satisfied")
    assert nobody.get("/report/progress/forged/").url == "/report/progress/"


def test_too_many_are_told_so_and_nothing_is_lost(zone: Zone, settings: LazySettings) -> None:
    settings.REPORTS_PER_ADDRESS = 5
    url = f"/report/{token_of(zone)}/"
    answers = [post(zone.client(None), url, text=f"示例 {n}", who="示例某") for n in range(6)]
    assert [one.status_code for one in answers] == [302] * 5 + [422]
    page = answers[-1].content.decode()
    assert "稍后再试" in page and "示例 5" in page


@pytest.mark.parametrize(("proxies", "last"), [(0, 422), (1, 302)])
def test_only_a_proxy_of_ones_own_names_the_sender(
    zone: Zone, settings: LazySettings, proxies: int, last: int
) -> None:
    settings.PROXIES, settings.REPORTS_PER_ADDRESS = proxies, 5
    url, client = f"/report/{token_of(zone)}/", zone.client(None)
    form, answers = {"text": "示例", "who": "示例某"}, []
    for number in range(6):
        forwarded = {"X-Forwarded-For": f"10.0.0.{number}, 192.0.2.{number}"}
        answers.append(client.post(url, form, headers=forwarded).status_code)
    assert answers == [302] * 5 + [last]
    claimed = {"X-Forwarded-For": "10.9.9.9, 192.0.2.1"}  # the left one is anybody's claim
    more = [client.post(url, form, headers=claimed).status_code for _n in range(5)]
    assert more[-1] == 422


def test_a_new_code_makes_the_old_one_useless(zone: Zone) -> None:
    liaison, old = zone.client("liaison"), token_of(zone)
    page = liaison.get(f"/cases/code/{zone.enterprise.pk}/").content.decode()
    assert "<svg" in page and old in page and re.search(r"http\S+/report/", page)
    assert post(liaison, f"/cases/code/{zone.enterprise.pk}/rotate/").status_code == 302
    gone = zone.client(None).get(f"/report/{old}/")
    assert gone.status_code == 404 and "已经失效" in gone.content.decode()
    assert liaison.get(f"/cases/code/{zone.second.pk}/").status_code == 403


def test_photographs_go_along_with_a_report_and_nothing_else(zone: Zone) -> None:
    url = f"/report/{token_of(zone)}/"
    text = SimpleUploadedFile("说明.txt", "示例".encode())
    form = {"text": "示例：路灯不亮", "who": "示例某"}
    refused = zone.client(None).post(url, {**form, "photos": text})
    assert refused.status_code == 422 and "只能上传照片" in refused.content.decode()
    assert not Case.objects.exists()
    page = zone.client(None).get(url).content.decode()
    assert 'capture="environment"' in page and "multipart/form-data" in page
    photo = SimpleUploadedFile("现场.png", PNG, content_type="image/png")
    assert zone.client(None).post(url, {**form, "photos": [photo]}).status_code == 302
    case = Case.objects.get()
    seen = zone.client("instructor").get(f"/cases/{case.code}/").content.decode()
    assert 'class="gallery"' in seen and "现场.png" in seen

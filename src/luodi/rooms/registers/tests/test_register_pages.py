"""The pages, walked as their users walk them: define, record, filter, change, import, award."""

from __future__ import annotations

import datetime as dt
import io
import re
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from tests.zone import Zone

from luodi.ground.scope.api import SYSTEM
from luodi.lib import excel
from luodi.rooms.directory import api as directory
from luodi.rooms.registers import api
from luodi.rooms.registers.models import Entry

D = dt.date


def post(client: Client, name: str, /, *arguments: object, **data: Any) -> Any:
    return client.post(reverse(f"registers:{name}", args=arguments), data)


def get(client: Client, name: str, /, *arguments: object, **query: Any) -> str:
    response = client.get(reverse(f"registers:{name}", args=arguments), query)
    assert response.status_code == 200, response.content.decode()[:2000]
    return str(response.content.decode())


@pytest.fixture
def patents(zone: Zone) -> api.Register:
    return api.install(actor=SYSTEM, unit=zone.zone, key="patents")


def test_an_administrator_defines_a_register_without_code(zone: Zone) -> None:
    office = zone.client("office")
    assert "还没有台账" in get(office, "registers")
    made = post(
        office,
        "define",
        unit=zone.zone.pk,
        name="示例车间",
        date_label="投产日",
        evidence="optional",
        dated="on",
    )
    assert made.status_code == 302, re.findall("<div>(.*?)</div>", made.content.decode())
    register = api.Register.objects.get()
    assert made.url == reverse("registers:definition", args=[register.pk])
    post(
        office, "add_column", register.pk, label="车间名称", kind="text", required="on", listed="on"
    )
    post(
        office,
        "add_column",
        register.pk,
        label="面积",
        kind="number",
        measure="平方米",
        listed="on",
    )
    post(
        office, "add_column", register.pk,
        label="状态", kind="choice", choices="运行=Running\n停产=Stopped", listed="on",
    )  # fmt: skip
    refused = post(office, "add_column", register.pk, label="信用代码", kind="text")
    assert refused.status_code == 422 and "系统里已有" in refused.content.decode()
    post(
        office, "add_column", register.pk,
        label="信用代码", kind="lookup", lookup="unit.code", listed="on",
    )  # fmt: skip
    register = api.Register.objects.get()
    name, area, state, _code = register.living
    assert state.labels and area.title == "面积（平方米）"
    post(
        office, "change", register.pk,
        name="示例车间", date_label="投产日", evidence="optional", dated="on", title_column=name.key,
    )  # fmt: skip
    made = post(
        office, "add_figure", register.pk,
        name="运行车间面积", kind="sum", amount=area.key, time="day", measure="平方米",
        conditions_0_column=state.key, conditions_0_test="is", conditions_0_value="运行",
        **{f"{p}_{n}_test": "is" for p in ("conditions", "side") for n in range(3) if (p, n) != ("conditions", 0)},
    )  # fmt: skip
    assert made.status_code == 302, made.content.decode()
    page = get(office, "definition", register.pk)
    assert "运行车间面积" in page and "预览" in page and "车间名称" in page
    post(office, "move_column", state.pk, "up")
    assert [c.key for c in api.Register.objects.get().living][1] == state.key
    post(
        office, "record", register.pk,
        unit="示例甲公司", since="2022-01-01", **{name.key: "示例一车间", area.key: "1200", state.key: "yunxing"},
    )  # fmt: skip
    assert "示例一车间" in get(office, "entries", register.pk)
    figure = register.figures.get()
    reading = office.get(
        reverse("figures:reading", args=[figure.full_key]), {"unit": zone.zone.pk}
    ).content.decode()
    assert "1200" in reading.replace(",", "") and "示例一车间" in reading


def test_the_history_of_a_register_leads_back_to_it(zone: Zone, patents: api.Register) -> None:
    office = zone.client("office")
    assert "变更记录" in get(office, "definition", patents.pk)
    page = office.get(f"/audit/registers_register/{patents.pk}/").content.decode()
    assert "变更记录：台账 专利" in page and "列名：专利名称" in page
    assert reverse("registers:definition", args=[patents.pk]) in page


def test_an_entry_through_its_pages(zone: Zone, patents: api.Register) -> None:
    liaison = zone.client("liaison")
    page = get(liaison, "record", patents.pk)
    assert 'value="示例甲公司"' in page  # there is only one to write for
    proof = SimpleUploadedFile("证书（示例）.txt", "示例".encode())
    wrong = post(liaison, "record", patents.pk, unit="示例甲公司", title="示例模具", type="x")
    assert wrong.status_code == 422 and 'value="示例模具"' in wrong.content.decode()
    made = post(
        liaison, "record", patents.pk,
        unit="示例甲公司", title="示例模具", type="invention", since="2021-05-01", files=proof,
    )  # fmt: skip
    entry = Entry.objects.get()
    assert made.url == reverse("registers:entry", args=[entry.pk])
    page = get(liaison, "entry", entry.pk)
    assert "证书（示例）.txt" in page and "发明专利" in page
    assert 'value="示例模具"' in get(liaison, "change_entry", entry.pk)
    done = post(
        liaison, "correct_entry", entry.pk,
        unit="示例甲公司", title="示例压铸模具", type="utility", since="2021-06-01", reason="抄错",
    )  # fmt: skip
    assert done.status_code == 302
    page = get(liaison, "entry", entry.pk)
    assert "示例压铸模具" in page and "先后的内容" in page
    assert "示例压铸模具" in get(liaison, "entries", patents.pk, type="utility")
    assert "没有符合条件" in get(liaison, "entries", patents.pk, type="invention")
    assert "没有符合条件" in get(liaison, "entries", patents.pk, on="2021-05-31")
    assert "示例压铸模具" in get(liaison, "entries", patents.pk, q="压铸")
    post(liaison, "end_entry", entry.pk, on="2022-01-01")
    assert "没有符合条件" in get(liaison, "entries", patents.pk, q="压铸")
    assert "示例压铸模具" in get(liaison, "entries", patents.pk, all="on", q="压铸")
    post(liaison, "withdraw_entry", entry.pk, reason="示例")
    assert "已撤回" in get(liaison, "entry", entry.pk)
    assert (
        liaison.get(reverse("audit:history", args=["registers_entry", entry.pk])).status_code == 200
    )


def workbook(register: api.Register, rows: list[dict[str, object]]) -> SimpleUploadedFile:
    from luodi.rooms.registers.sheets import sheet_of

    stream = io.BytesIO()
    excel.export(sheet_of(register), rows, stream)
    return SimpleUploadedFile("示例.xlsx", stream.getvalue())


def send(client: Client, register: api.Register, file: SimpleUploadedFile) -> Any:
    return client.post(reverse("imports:upload", args=[f"register-{register.pk}"]), {"file": file})


def test_excel_in_and_out(zone: Zone, patents: api.Register) -> None:
    office, kind = zone.client("office"), f"register-{patents.pk}"
    assert office.get(reverse("imports:template", args=[kind])).status_code == 200
    good = {"unit": "示例甲公司", "title": "=1+1", "type": "invention", "since": D(2021, 1, 1)}
    bad = {"unit": "没有的公司", "title": "示例", "type": "design", "since": D(2021, 1, 1)}
    told = send(office, patents, workbook(patents, [good, bad]))
    page = office.get(told.url).content.decode()
    assert "没有这个单位" in page and "第3行" in page and not Entry.objects.exists()
    assert office.post(told.url).status_code == 422 and not Entry.objects.exists()
    assert office.get(told.url + "errors/").status_code == 200
    told = send(office, patents, workbook(patents, [good, {**good, "title": "示例二"}]))
    assert office.post(told.url).url == reverse("registers:entries", args=[patents.pk])
    assert {one.title for one in Entry.objects.all()} == {"=1+1", "示例二"}
    out = office.post(reverse("registers:export", args=[patents.pk]))
    content = b"".join(out.streaming_content)
    again = SimpleUploadedFile("示例.xlsx", content)
    told = send(office, patents, again)
    assert "2条没有变化" in office.get(told.url).content.decode()
    first = Entry.objects.get(values__title="示例二")
    told = send(office, patents, workbook(patents, [{**good, "entry": str(first.pk), "title": "示例改"}]),
    )  # fmt: skip
    office.post(told.url)
    assert Entry.objects.known().get(origin=first.pk).title == "示例改"


def test_a_liaison_cannot_import_for_others(zone: Zone, patents: api.Register) -> None:
    liaison = zone.client("liaison")
    row = {"unit": "示例乙公司", "title": "示例", "type": "design", "since": D(2021, 1, 1)}
    said = []
    for name in ("示例乙公司", "从来没有的公司"):
        told = send(liaison, patents, workbook(patents, [{**row, "unit": name}]))
        page = liaison.get(told.url).content.decode()
        said.append(re.findall(r'data-label="问题">([^<]*)<', page))
    assert said[0] == said[1] != []


def test_people_are_shown_to_who_may_see_people(zone: Zone) -> None:
    backbone = api.install(actor=SYSTEM, unit=zone.zone, key="backbone")
    person = directory.add_person(actor=SYSTEM, unit=zone.enterprise, name="示例赵")
    entry = api.record_entry(
        actor=SYSTEM,
        register=backbone,
        unit=zone.enterprise,
        values={"person": person.pk},
        since=D(2022, 1, 1),
    )
    assert "示例赵" in get(zone.client("branch_secretary"), "entries", backbone.pk, q="示例赵")
    liaison = zone.client("liaison")
    for name, pk in (("entries", backbone.pk), ("entry", entry.pk), ("export", backbone.pk)):
        assert liaison.get(reverse(f"registers:{name}", args=[pk])).status_code == 403
    post(
        zone.client("office"),
        "record",
        backbone.pk,
        unit="示例甲公司",
        person="示例赵",
        since="2022-02-01",
    )
    assert Entry.objects.count() == 2


def test_an_award_on_its_pages(zone: Zone) -> None:
    families = api.install(actor=SYSTEM, unit=zone.zone, key="families")
    office, liaison = zone.client("office"), zone.client("liaison")
    made = post(
        office, "open_round", families.pk,
        unit=zone.zone.pk, name="2022年度", seats="2", threshold="50", notice_days="0",
        weight_masses="40", weight_panel="60",
    )  # fmt: skip
    round_ = api.Round.objects.get()
    assert made.url == reverse("registers:round", args=[round_.pk])
    assert "2022年度" in get(liaison, "rounds", families.pk)
    for name in ("示例赵家", "示例钱家"):
        post(liaison, "nominate", round_.pk, unit="示例甲公司", name=name, reason="示例事迹")
    first, second = round_.candidacies.all()
    post(office, "advance", round_.pk)
    for one in (first, second):
        post(office, "review", one.pk, passed="1")
    post(office, "advance", round_.pk)
    post(office, "advance", round_.pk)
    assert "您在“企业和职工代表”投票" in get(liaison, "round", round_.pk)
    post(liaison, "ballot", round_.pk, approves=[first.pk, second.pk])
    post(office, "ballot", round_.pk, approves=[first.pk])
    post(liaison, "object", second.pk, text="示例异议")
    post(office, "advance", round_.pk)
    page = get(office, "round", round_.pk)
    assert "100.00%" in page and "40.00%" in page
    assert "100.00%" not in get(liaison, "round", round_.pk)
    post(office, "advance", round_.pk)
    assert not Entry.objects.exists()  # an objection is open
    post(office, "resolve", second.objections.get().pk, upheld="0", answer="不属实（示例）")
    post(office, "advance", round_.pk)
    assert Entry.objects.get().title == "示例赵家"
    assert "已授予" in get(liaison, "round", round_.pk)
    assert "示例赵家" in get(liaison, "entries", families.pk)


def test_hostile_filters_say_so_or_find_nothing(zone: Zone) -> None:
    investments = api.install(actor=SYSTEM, unit=zone.zone, key="investments")
    api.record_entry(
        actor=SYSTEM,
        register=investments,
        unit=zone.enterprise,
        values={"title": "示例线", "amount": "860.5", "sector": "industry"},
        since=D(2022, 6, 30),
    )
    office = zone.client("office")
    assert "示例线" in get(
        office, "entries", investments.pk, amount_from="860.499", amount_to="861"
    )
    assert "示例线" not in get(office, "entries", investments.pk, amount_to="860")
    odd = ("1e999", "NaN", "-Infinity", "9" * 400, "0001-01-01", "9999-12-31", "'", "\0", "%", "一")
    for name in ("amount_from", "sector", "on", "known", "q", "unit", "sort", "page", "evidence"):
        for value in odd:
            address = reverse("registers:entries", args=[investments.pk])
            answer = office.get(address, {name: value})
            assert answer.status_code in (200, 422), (name, value)
            if answer.status_code == 422:  # what cannot be understood lists nothing
                assert "示例线" not in answer.content.decode()

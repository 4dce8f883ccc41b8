"""Excel in and out: what a dry run says, all or nothing, and importing again."""

from __future__ import annotations

import datetime as dt
import io
from pathlib import Path

import pytest
import xlsxwriter
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from hypothesis import HealthCheck, given
from hypothesis import settings as how
from hypothesis import strategies as st
from python_calamine import CalamineWorkbook

from luodi.ground.audit.api import Entry
from luodi.ground.imports.api import Declared, Outcome, take
from luodi.ground.scope.api import SYSTEM, Actor, acting
from luodi.lib.codes import example_identity, example_uscc
from luodi.lib.errors import NotAllowed, UserError
from luodi.lib.excel import Column
from luodi.rooms.directory import api
from luodi.rooms.directory.api import Chain, Enterprise, Membership, Person
from luodi.rooms.directory.sheets.enterprises import Enterprises
from luodi.rooms.directory.sheets.people import People

PEOPLE = ["姓名", "身份证号", "性别", "手机号", "所在单位", "党组织", "阶段", "阶段起始日期"]
ENTERPRISES = ["统一社会信用代码", "企业名称", "党建区", "规模以上", "联系人"]
BORN = dt.date(1985, 5, 5)


def book(titles: list[str], rows: list[list[object]]) -> bytes:
    stream = io.BytesIO()
    workbook = xlsxwriter.Workbook(stream, {"in_memory": True, "strings_to_formulas": False})
    page = workbook.add_worksheet()
    for number, row in enumerate([titles, *rows]):
        for place, value in enumerate(row):
            page.write(number, place, value)
    workbook.close()
    return stream.getvalue()


@pytest.fixture
def on_disk(tmp_path: Path):
    def write(content: bytes) -> Path:
        path = tmp_path / "book.xlsx"
        path.write_bytes(content)
        return path

    return write


def person(number: int, **changes: object) -> list[object]:
    row: dict[str, object] = {
        "姓名": f"示例赵{number}",
        "身份证号": example_identity(number, BORN),
        "性别": "",
        "手机号": "",
        "所在单位": "示例铝业公司",
        "党组织": "",
        "阶段": "",
        "阶段起始日期": "",
    }
    return [*({**row, **changes}).values()]


def people(actor: Actor, path: Path, *, write: bool) -> Outcome:
    return take(People(actor), path, write=write)


def enterprises(actor: Actor, path: Path, *, write: bool) -> Outcome:
    return take(Enterprises(actor), path, write=write)


MEMBER = {"党组织": "示例铝业公司党支部", "阶段": "正式党员", "阶段起始日期": "2022-03-01"}


def test_people_come_in_and_come_in_again(directory, on_disk) -> None:
    rows = [person(n, **(MEMBER if n % 2 else {})) for n in range(1, 6)]
    path = on_disk(book(PEOPLE, rows))
    dry = people(SYSTEM, path, write=False)
    assert (dry.rows, dry.counts["new"], Person.objects.count()) == (5, 5, 0)
    people(SYSTEM, path, write=True)
    assert Person.objects.count() == 5
    assert api.members(directory.zone.zone, dt.date(2022, 3, 1)).count() == 3
    again = people(SYSTEM, path, write=True)
    assert again.counts == {"same": 5}
    rows[0] = person(1, 姓名="示例赵改名", 手机号="13800000001")
    changed = people(SYSTEM, on_disk(book(PEOPLE, rows)), write=True)
    assert changed.counts == {"changed": 1, "same": 4}
    assert [(one["column"], one["before"], one["after"]) for one in changed.changes] == [
        ("姓名", "示例赵1", "示例赵改名"),
        ("手机号", "", "138****0001"),
    ]
    one = Person.objects.get(name="示例赵改名")
    assert one.phone_masked == "138****0001"
    assert (one.born_on, one.sex, one.version) == (BORN, "male", 2)
    assert Membership.objects.count() == 3


def test_every_problem_is_told_with_row_column_and_what_would_do(directory, on_disk) -> None:
    people(SYSTEM, on_disk(book(PEOPLE, [person(9, **MEMBER)])), write=True)
    rows = [
        person(1, 身份证号="123"),
        person(2, 所在单位="没有的公司"),
        person(3, 性别="女"),
        person(4, **{**MEMBER, "阶段": ""}),
        person(5, **{**MEMBER, "阶段起始日期": "2020-01-01"}),
        person(6),
        person(6),
        person(7, **{**MEMBER, "阶段": "群众"}),
        person(9, **{**MEMBER, "阶段": "预备党员"}),
        person(8, 姓名=""),
    ]
    outcome = people(SYSTEM, on_disk(book(PEOPLE, rows)), write=False)
    told = {(int(one["row"]), one["column"]): one["problem"] for one in outcome.problems}
    assert (outcome.rows, outcome.counts["bad"]) == (10, 9)
    assert "18 位" in told[2, "身份证号"]
    assert "没有这个名称" in told[3, "所在单位"]
    assert "性别与身份证号不一致" in told[4, "性别"]
    assert "三项都要填" in told[5, "阶段"]
    assert "还未成立" in told[6, "阶段起始日期"]
    assert "第 7 行" in told[8, "身份证号"]
    assert "可选范围" in told[9, "阶段"]
    assert "已有组织关系" in told[10, "阶段"]
    assert "必填" in told[11, "姓名"]
    accepted = {int(one["row"]): one["accepted"] for one in outcome.problems}
    assert "正式党员" in accepted[9]


def test_one_bad_row_and_nothing_is_written(directory, on_disk) -> None:
    path = on_disk(book(PEOPLE, [person(1), person(2, 所在单位="没有的公司")]))
    with pytest.raises(UserError, match="第 3 行"):
        people(SYSTEM, path, write=True)
    assert not Person.objects.exists()


def test_a_secretary_may_not_import_and_an_instructor_only_below(directory, on_disk) -> None:
    path = on_disk(book(PEOPLE, [person(1), person(2, 所在单位="示例丙公司")]))
    with pytest.raises(NotAllowed):
        people(directory.zone.actor("branch_secretary"), path, write=False)
    instructor = directory.zone.actor("instructor")
    with acting(instructor):
        outcome = people(instructor, path, write=False)
    assert [one["row"] for one in outcome.problems] == ["3"]


def test_someone_that_another_unit_keeps_stops_the_whole_file(directory, on_disk) -> None:
    directory.person(3, unit=directory.zone.elsewhere, identity=example_identity(3, BORN))
    path = on_disk(book(PEOPLE, [person(1), person(3)]))
    instructor = directory.zone.actor("instructor")
    with acting(instructor), pytest.raises(UserError, match="园区办公室"):
        people(instructor, path, write=True)
    assert Person.objects.count() == 1


def test_enterprises_come_in_and_come_in_again(directory, on_disk) -> None:
    district = directory.zone.district.name
    rows: list[list[object]] = [
        [example_uscc(n), f"示例{n}企业", district, "是" if n == 50 else "", "示例人"]
        for n in range(50, 53)
    ]
    path = on_disk(book(ENTERPRISES, rows))
    enterprises(SYSTEM, path, write=True)
    assert Enterprise.objects.get(code=example_uscc(50)).above_size
    rows[1][4] = "示例新人"
    rows.append([example_uscc(60), "示例50企业", district, "", ""])
    outcome = enterprises(SYSTEM, on_disk(book(ENTERPRISES, rows)), write=False)
    assert outcome.counts == {"changed": 1, "same": 2, "bad": 1}
    assert "同名" in outcome.problems[0]["problem"]


def test_a_closed_enterprise_is_asked_about(directory, on_disk) -> None:
    closed = directory.neighbour
    api.close_enterprise(actor=SYSTEM, enterprise=closed, on=dt.date(2026, 1, 1))
    row = [closed.code, closed.unit.name, directory.zone.district.name, "", "示例钱"]
    path = on_disk(book(ENTERPRISES, [row]))
    asked = enterprises(SYSTEM, path, write=False)
    assert [one["key"] for one in asked.questions] == ["closed"] and not asked.whole
    left = take(Enterprises(SYSTEM), path, write=True, answers={"closed": "skip"})
    assert [one["why"] for one in left.left] == ["已于 2026-01-01 撤销。"]
    done = take(Enterprises(SYSTEM), path, write=True, answers={"closed": "reopen"})
    assert done.counts == {"changed": 1}
    closed.refresh_from_db()
    closed.unit.refresh_from_db()
    assert (closed.contact_name, closed.unit.closed_on) == ("示例钱", None)


def test_brackets_of_either_width_make_no_second_enterprise(directory, on_disk) -> None:
    district = directory.zone.district.name
    first = [example_uscc(50), "示例新能源（山西）有限公司", district, "", ""]
    enterprises(SYSTEM, on_disk(book(ENTERPRISES, [first])), write=True)
    second = [example_uscc(51), "示例新能源(山西) 有限公司\u200b", f"{district} ", "", ""]
    found = enterprises(SYSTEM, on_disk(book(ENTERPRISES, [second])), write=False)
    assert "同名" in found.problems[0]["problem"]
    assert "示例新能源（山西）有限公司" in found.problems[0]["accepted"]


def test_a_credit_code_that_agrees_in_nothing_is_asked_about(directory, on_disk) -> None:
    one = directory.enterprise
    one.contact_name = "示例旧人"
    row = [one.code, "示例完全不同公司", directory.zone.district.name, "", "示例新人"]
    path = on_disk(book(ENTERPRISES, [row]))
    assert enterprises(SYSTEM, path, write=False).whole  # it stands in the same district
    found = people(SYSTEM, on_disk(book(PEOPLE, [person(1)])), write=True)
    assert found.counts == {"new": 1}
    other = person(1, 姓名="示例另一人", 所在单位="示例压铸公司")
    asked = people(SYSTEM, on_disk(book(PEOPLE, [other])), write=False)
    assert [one["key"] for one in asked.questions] == ["another:identity"] and not asked.whole


@pytest.mark.parametrize("number", ["E12345678", "H12345678", "12345678", "G 1234567"])
def test_passports_and_permits_are_documents_too(directory, on_disk, number: str) -> None:
    path = on_disk(book(PEOPLE, [person(1, 身份证号=number, 性别="女")]))
    people(SYSTEM, path, write=True)
    again = people(SYSTEM, path, write=True)
    assert again.counts == {"same": 1} and Person.objects.get().sex == "female"


def test_a_plain_record_declares_its_import_in_a_few_lines(directory, on_disk) -> None:
    chains = Declared(
        "chains",
        ("产业链", "Chains"),
        [Column("name", "名称", "Name", required=True, synonyms=("产业链",))],
        permission="imports.run",
        find=lambda actor, values: Chain.objects.filter(name=values["name"]).first(),
        write=lambda actor, chain, values: chain or api.add_chain(actor=actor, **values),
    )
    rows: list[list[object]] = [["示例铝"], ["示例铝"], ["示例新材料"], ["长" * 61]]
    path = on_disk(book(["产业链"], rows))
    tried = take(chains(SYSTEM, ""), path, write=False)
    assert tried.counts == {"new": 1, "left": 1, "same": 1, "bad": 1}
    assert "60" in tried.problems[0]["problem"] and Chain.objects.count() == 1
    path = on_disk(book(["产业链"], rows[:3]))
    assert take(chains(SYSTEM, ""), path, write=True).counts["new"] == 1
    assert Chain.objects.count() == 2


def test_what_goes_out_comes_in_again_unchanged(directory, on_disk) -> None:
    rows = [person(n, **(MEMBER if n % 2 else {})) for n in range(1, 6)]
    people(SYSTEM, on_disk(book(PEOPLE, rows)), write=True)
    for kind in ("people", "enterprises"):
        stream = io.BytesIO()
        if kind == "people":
            api.export_people(actor=SYSTEM, reason="核对", stream=stream)
        else:
            api.export_enterprises(actor=SYSTEM, stream=stream)
        path = on_disk(stream.getvalue())
        bring = people if kind == "people" else enterprises
        outcome = bring(SYSTEM, path, write=False)
        assert outcome.counts == {"same": outcome.rows}, outcome.problems
        assert outcome.rows


def upload(client, kind: str, content: bytes):
    file = SimpleUploadedFile("名册.xlsx", content)
    return client.post(reverse("imports:upload", args=[kind]), {"file": file})


def test_the_pages_from_template_to_confirmation(
    directory, django_capture_on_commit_callbacks
) -> None:
    client = directory.zone.client("office")
    template = client.get(reverse("imports:template", args=["people"]))
    titles = CalamineWorkbook.from_filelike(
        io.BytesIO(b"".join(template.streaming_content))
    ).get_sheet_by_index(0)
    assert "姓名*" in titles.to_python()[0]

    bad = upload(client, "people", book(PEOPLE, [person(1), person(2, 所在单位="没有的公司")]))
    page = client.get(bad.url).content.decode()
    assert "没有这个名称" in page
    assert "确认写入" not in page
    errors = b"".join(client.get(bad.url + "errors/").streaming_content)
    rows = CalamineWorkbook.from_filelike(io.BytesIO(errors)).get_sheet_by_index(0).to_python()
    assert rows[1][0] == 3

    good = upload(client, "people", book(PEOPLE, [person(1), person(2, **MEMBER)]))
    assert "将新增2条" in client.get(good.url).content.decode()
    assert directory.zone.client("instructor").get(good.url).status_code == 404
    with django_capture_on_commit_callbacks(execute=True):
        assert client.post(good.url).status_code == 302
    assert Person.objects.count() == 2
    assert client.get(good.url).status_code == 404  # the file is gone
    left = [
        one
        for one in (settings.DATA_DIR / "imports").iterdir()
        if good.url.split("/")[-2] in one.name
    ]
    assert not left


@pytest.mark.parametrize("content", [b"", b"not a workbook", b"PK\x03\x04broken"])
def test_a_file_that_is_no_workbook_is_refused_in_a_sentence(directory, content: bytes) -> None:
    answer = upload(directory.zone.client("office"), "people", content)
    assert answer.status_code == 422


def test_an_export_with_full_numbers_asks_why(directory) -> None:
    client = directory.zone.client("office")
    address = reverse("directory:export", args=["people"])
    assert client.post(address, {"reason": ""}).status_code == 422
    assert client.post(address, {"reason": "年度核对"}).status_code == 200
    assert Entry.objects.filter(action="export", subject="directory_person").count() == 1
    assert directory.zone.client("instructor").post(address, {"reason": "x"}).status_code == 403


CELL = st.one_of(
    st.none(), st.text(max_size=12), st.integers(), st.floats(allow_nan=False, allow_infinity=False)
)


@how(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rows=st.lists(st.lists(CELL, min_size=8, max_size=8), max_size=4))
def test_any_cells_give_a_report_and_never_an_error(directory, on_disk, rows) -> None:
    try:
        content = book(PEOPLE, rows)
    except UnicodeEncodeError:
        return  # a lone surrogate cannot stand in a file at all
    outcome = people(SYSTEM, on_disk(content), write=False)
    assert outcome.counts.keys() <= {"new", "bad", "left"}
    assert outcome.rows <= len(rows)

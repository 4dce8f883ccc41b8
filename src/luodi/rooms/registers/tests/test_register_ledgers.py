"""Ledgers as offices really send them: what a dry run understands, asks, leaves out and changes."""

from __future__ import annotations

import datetime as dt
import io
import re
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from openpyxl import Workbook, load_workbook
from openpyxl.worksheet.worksheet import Worksheet
from tests.zone import Zone

from luodi.ground.imports.api import Outcome, importer_for, take
from luodi.ground.scope import api as scope
from luodi.ground.scope.api import SYSTEM
from luodi.lib.errors import UserError
from luodi.rooms.registers import api
from luodi.rooms.registers.models import Entry

TITLES = ["编号", "企业*", "本地用工占比（%）", "投资额（万元）", "开工日期", "备注", "是否达标", "登记日期*"]  # fmt: skip
DAY = dt.date(2026, 3, 2)
UNIT = "示例甲公司"
Cells = Sequence[object]


@pytest.fixture
def ledger(zone: Zone) -> api.Register:
    columns: list[dict[str, Any]] = [
        {"kind": "number", "label": "本地用工占比", "key": "share", "measure": "%", "places": 2},
        {"kind": "money", "label": "投资额", "key": "amount", "measure": "万元"},
        {"kind": "date", "label": "开工日期", "key": "began"},
        {"kind": "text", "label": "备注", "key": "note"},
        {"kind": "yes_no", "label": "是否达标", "key": "met"},
    ]
    return api.define_register(
        actor=SYSTEM, unit=zone.zone, name="示例用工台账", key="labour", unit_label="企业",
        date_label="登记日期", columns=columns,
    )  # fmt: skip


def row(**cells: object) -> list[object]:
    """A good row; cells by the keys of the columns."""
    known: dict[str, object] = {
        "entry": None, "unit": UNIT, "share": 10, "amount": 1, "began": DAY, "note": None,
        "met": None, "since": DAY,
    }  # fmt: skip
    return list({**known, **cells}.values())


def book(
    *rows: Cells, change: Callable[[Worksheet], object] = lambda page: None, name: str = "台账"
) -> bytes:
    """A workbook of one sheet, which `change` may still change."""
    made = Workbook()
    page = made.active
    page.title = name
    for one in rows:
        page.append(one)
    change(page)
    stream = io.BytesIO()
    made.save(stream)
    return stream.getvalue()


@pytest.fixture
def bring(zone: Zone, ledger: api.Register, tmp_path: Path) -> Callable[..., Outcome]:
    """Reads a file as the office does, and writes it where that is wanted."""

    def bring(
        content: bytes,
        *,
        write: bool = False,
        answers: Mapping[str, str] | None = None,
        kind: str = f"register-{ledger.pk}",
    ) -> Outcome:
        path = tmp_path / "file"
        path.write_bytes(content)
        return take(importer_for(zone.actor("office"), kind), path, write=write, answers=answers)

    return bring


def stored(key: str) -> list[Any]:
    return [one.values.get(key) for one in Entry.objects.known().order_by("id")]


def test_a_cell_that_shows_28_per_cent_is_28(bring: Callable[..., Outcome]) -> None:
    def as_percent(page: Worksheet) -> None:
        page["C2"].number_format = "0%"

    bring(book(TITLES, row(share=0.28), change=as_percent), write=True)
    assert stored("share") == ["28.00"]


def test_small_shares_are_asked_about_once_a_file(bring: Callable[..., Outcome]) -> None:
    content = book(TITLES, row(share=0.28), row(share=0.5))
    found = bring(content)
    assert [one["key"] for one in found.questions] == ["percent:share"] and not found.whole
    with pytest.raises(UserError):
        bring(content, write=True)
    bring(content, write=True, answers={"percent:share": "whole"})
    assert stored("share") == ["28.00", "50.00"]
    assert bring(book(TITLES, row(share=0.5), row(share=28))).whole  # one above 1 says it


def test_a_formula_without_result_is_refused_by_cell(bring: Callable[..., Outcome]) -> None:
    found = bring(book(TITLES, row(amount="=100*2")))
    assert [(one["row"], one["column"]) for one in found.problems] == [("2", "投资额（万元）")]
    assert "没有计算结果" in found.problems[0]["problem"]


def test_hidden_rows_are_named_and_left_out(bring: Callable[..., Outcome]) -> None:
    def hide(page: Worksheet) -> None:
        page.row_dimensions[3].hidden = True

    content = book(TITLES, row(note="看得见"), row(note="筛掉的"), change=hide)
    found = bring(content)
    assert found.left == [{"row": "3", "name": UNIT, "why": "隐藏的行。"}]
    bring(content, write=True, answers={"hidden_rows": "read"})
    assert stored("note") == ["看得见", "筛掉的"]


def sheets(*named: tuple[str, Sequence[Cells]]) -> Workbook:
    made = Workbook()
    made.remove(made.active)
    for name, rows in named:
        page = made.create_sheet(name)
        for one in rows:
            page.append(one)
    return made


def saved(made: Workbook) -> bytes:
    stream = io.BytesIO()
    made.save(stream)
    return stream.getvalue()


def test_the_sheet_that_is_seen_is_read(bring: Callable[..., Outcome]) -> None:
    made = sheets(("旧数据", [TITLES, row(note="去年")]), ("Sheet2", [TITLES, row(note="今年")]))
    made["旧数据"].sheet_state = "hidden"
    made.active = 1
    found = bring(saved(made), write=True)
    assert stored("note") == ["今年"]
    assert [(one["name"], one["read"], one["why"]) for one in found.sheets] == [
        ("旧数据", False, "隐藏的工作表。"),
        ("Sheet2", True, ""),
    ]


def test_a_sheet_for_each_month_behind_a_cover(bring: Callable[..., Outcome]) -> None:
    cover: list[Cells] = [["某某开发区企业用工情况"], ["二〇二六年"]]
    months = [(f"{n}月", [TITLES, row(note=f"{n}月")]) for n in (1, 2)]
    content = saved(sheets(("封面", cover), *months))
    found = bring(content)
    assert [(one["read"], one["why"][:6]) for one in found.sheets] == [
        (False, "没有找到表头"), (True, ""), (True, ""),
    ]  # fmt: skip
    assert [one["row"] for one in found.fresh] == ["“1月”2", "“2月”2"]
    bring(content, write=True, answers={"sheet:1月": "no"})
    assert stored("note") == ["2月"]


def test_two_header_rows_titles_sums_and_notes(bring: Callable[..., Outcome]) -> None:
    def merge(page: Worksheet) -> None:
        for area in ("A1:H1", "A2:H2", "A3:A4", "B3:B4", "C3:D3", "E3:F3", "G3:G4", "H3:H4"):
            page.merge_cells(area)

    rows: list[Cells] = [
        ["某某开发区企业用工情况台账"],
        ["填报单位：示例   填报日期：2026年3月2日"],
        ["序号", "企业", "用工情况", None, "投资情况", None, "备注", "登记日期"],
        [None, None, "本地用工占比（%）", "是否达标", "投资额（万元）", "开工日期"],
        [1, UNIT, 33.3, "✔", 120, DAY, "两行表头", DAY],
        [2, "示例乙公司", 20, "✗", 50, DAY, None, DAY],
        ["合计", None, None, None, 170],
        ["注：本表数据截至3月2日。"],
    ]
    found = bring(book(*rows, change=merge), write=True)
    assert (found.sheets[0]["first"], found.sheets[0]["last"]) == (3, 4)
    assert [one["why"] for one in found.left] == ["合计行。", "说明或落款。"]
    assert (stored("share"), stored("met"), stored("amount")) == (
        ["33.30", "20.00"], [True, False], ["120.00", "50.00"],
    )  # fmt: skip


def test_a_merged_cell_speaks_for_all_its_rows(bring: Callable[..., Outcome]) -> None:
    rows = [row(note="1"), row(unit=None, note="2"), row(unit=None, note="3")]
    bring(book(TITLES, *rows, change=lambda page: page.merge_cells("B2:B4")), write=True)
    assert {one.unit.name for one in Entry.objects.all()} == {UNIT} and len(stored("note")) == 3


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("1，200", "1200.00"), ("1200万元", "1200.00"), ("1200万", "1200.00"), ("1.2亿", "12000.00"),
        ("3500000元", "350.00"), ("1 200", "1200.00"), ("/", None), ("—", None), ("无", None),
    ],
)  # fmt: skip
def test_amounts_as_they_are_written(
    bring: Callable[..., Outcome], written: str, kept: str | None
) -> None:
    bring(book(TITLES, row(amount=written)), write=True)
    assert stored("amount") == [kept]


def test_the_unit_of_a_title_or_above_the_table_is_converted(bring: Callable[..., Outcome]) -> None:
    titled = ["企业", "投资额（亿元）", "登记日期"]
    bring(book(titled, [UNIT, 1.2, DAY]), write=True)
    above = [["用工情况", None, "金额单位：元"], ["企业", "投资额", "登记日期"]]
    bring(book(*above, [UNIT, 3500000, DAY]), write=True)
    assert stored("amount") == ["12000.00", "350.00"]
    found = bring(book(["企业", "投资额（吨）", "登记日期"], [UNIT, 1, DAY]))
    assert [one["key"] for one in found.sheets[0]["columns"]] == ["unit", "-", "since"]


def test_dates_as_they_are_written(bring: Callable[..., Outcome]) -> None:
    texts = ["20260302", "2026.3.2", "2026年3月2号", "2026、3、2", "2026-03-02T00:00:00", 46083, "26.3.2"]  # fmt: skip
    bring(book(TITLES, *(row(began=text, note=str(text)) for text in texts)), write=True)
    assert set(stored("began")) == {"2026-03-02"}
    month = book(TITLES, row(began="2026年3月"))
    found = bring(month)
    assert [(one["key"], one["answer"]) for one in found.questions] == [("month_only", "first")]
    bring(month, write=True, answers={"month_only": "last"})
    assert stored("began")[-1] == "2026-03-31"
    assert [one["key"] for one in bring(book(TITLES, row(began="04/03/2026"))).questions] == [
        "date_order"
    ]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_a_csv_of_any_encoding(bring: Callable[..., Outcome], encoding: str) -> None:
    text = f"企业,投资额（万元）,备注,登记日期\r\n{UNIT},1.2亿,“示例”,2026.3.2\r\n合计,1.2亿,,\r\n"
    bring(text.encode(encoding), write=True)
    assert (stored("amount"), stored("note")) == (["12000.00"], ["“示例”"])


def test_a_units_name_in_every_spelling(zone: Zone, bring: Callable[..., Outcome]) -> None:
    unit = zone.second
    scope.change_unit(
        actor=SYSTEM, unit=unit, name="示例新能源（山西）公司", short_name="示例新能源"
    )
    spellings = [
        "示例新能源(山西)公司", "示例 新能源（山西）公司", "\ufeff示例新能源（山西）公司",
        "示例新能源（山西）公司\u200b", "示例新能源", "示例乙公司",
    ]  # fmt: skip
    rows = [row(unit=text, note=str(n)) for n, text in enumerate(spellings)]
    bring(book(TITLES, *rows), write=True)
    assert {one.unit_id for one in Entry.objects.all()} == {unit.pk}
    found = bring(book(TITLES, row(unit="示例新能源（陕西）公司")))
    assert "是不是：示例新能源（山西）公司" in found.problems[0]["accepted"]


def test_an_own_serial_number_is_no_key(zone: Zone, bring: Callable[..., Outcome]) -> None:
    bring(book(TITLES, row(unit="示例丙公司", note="别家的", amount=7, share=7)), write=True)
    entry = Entry.objects.get()
    mine = book(TITLES, row(entry=entry.pk, note="我的", began=dt.date(2026, 1, 1), since=dt.date(2026, 1, 5)))  # fmt: skip
    found = bring(mine)
    assert found.counts == {"asked": 1} and [one["key"] for one in found.questions] == [
        "column:编号"
    ]
    with pytest.raises(UserError):
        bring(mine, write=True)
    bring(mine, write=True, answers={"column:编号": "-"})
    assert stored("note") == ["别家的", "我的"]
    known = book(TITLES, row(entry=entry.pk, unit="示例丙公司", note="改了", amount=7, share=7))
    found = bring(known, write=True)  # the row agrees in much else: it is a key
    assert [(one["column"], one["before"], one["after"]) for one in found.changes] == [
        ("备注", "别家的", "改了")
    ]
    assert Entry.objects.known().get(origin=entry.pk).values["note"] == "改了"


def test_the_same_file_twice_is_the_same_entries_once(bring: Callable[..., Outcome]) -> None:
    content = book(TITLES, row(note="普通"), row(note="普通"))
    found = bring(content, write=True)
    assert [one["why"] for one in found.left] == ["与第 2 行完全相同。"]
    again = bring(content)
    assert [one["why"] for one in again.left] == ["与已有的条目完全相同。"] * 2 and not again.ready
    bring(content, write=True, answers={"repeated": "write"})
    assert len(stored("note")) == 3


def test_a_blank_cell_changes_nothing(bring: Callable[..., Outcome]) -> None:
    bring(book(TITLES, row(note="留着", met="是")), write=True)
    found = bring(book(TITLES, row(entry=Entry.objects.get().pk, note="/", amount=2)), write=True)
    assert [one["column"] for one in found.changes] == ["投资额（万元）"]
    assert (stored("note")[-1], stored("met")[-1]) == ("留着", True)


def send(client: Client, address: str, content: bytes, name: str = "台账.xlsx") -> str:
    answer = client.post(address, {"file": SimpleUploadedFile(name, content)})
    assert answer.status_code == 302, answer.content.decode()[:3000]
    return str(answer.url)


@pytest.fixture
def office(zone: Zone, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Client:
    monkeypatch.setattr(settings, "DATA_DIR", tmp_path)
    return zone.client("office")


def test_corrected_rows_join_the_good_ones(office: Client, ledger: api.Register) -> None:
    upload = f"/imports/register-{ledger.pk}/"
    page = send(
        office, upload, book(TITLES, row(note="0"), row(unit="没有", note="1"), row(note="2"))
    )
    wrong = load_workbook(io.BytesIO(b"".join(office.get(f"{page}errors/").streaming_content)))
    wrong.active["D2"] = UNIT
    assert send(office, upload, saved(wrong)) == page
    wrong.active["D2"] = "又错了"  # and once more by the page itself, in its place
    assert send(office, f"{page}correct/", saved(wrong)) == page
    assert "需要更正1行" in office.get(page).content.decode()
    wrong.active["D2"] = UNIT
    send(office, f"{page}correct/", saved(wrong))
    assert "将新增3条" in office.get(page).content.decode()
    assert office.post(page).status_code == 302
    assert sorted(stored("note")) == ["0", "1", "2"]


def test_a_column_may_be_named_and_is_remembered(office: Client, ledger: api.Register) -> None:
    upload, titles = f"/imports/register-{ledger.pk}/", ["用工主体", "登记日期", "注解"]
    page = send(office, upload, book(titles, [UNIT, DAY, "甲"]))
    shown = office.get(page).content.decode()
    assert "表头缺少这些列：企业" in shown and "注解" in shown and "确认写入" not in shown
    office.post(f"{page}answers/", {"column:用工主体": "unit", "column:注解": "note"})
    assert "将新增1条" in office.get(page).content.decode()
    office.post(page)
    assert stored("note") == ["甲"]
    page = send(
        office, upload, book(titles, [UNIT, DAY, "乙"])
    )  # of the same kind: not asked again
    assert "将新增1条" in office.get(page).content.decode()
    assert office.post(f"{page}discard/").url == upload and office.get(page).status_code == 404


def test_nothing_is_written_that_was_not_shown(office: Client, ledger: api.Register) -> None:
    upload = f"/imports/register-{ledger.pk}/"
    content = book(TITLES, row(note="甲"))
    office.post(send(office, upload, content))
    entry = Entry.objects.get()
    page = send(office, upload, book(TITLES, row(entry=entry.pk, note="丙")))
    said = office.get(page).content.decode()
    assert re.findall(r'data-label="(?:原来|改为)">([^<]*)<', said) == ["甲", "丙"]
    api.correct_entry(
        actor=SYSTEM, entry=entry, values={**entry.values, "note": "乙"}, since=DAY, reason="示例"
    )
    refused = office.post(page)
    assert refused.status_code == 422 and "数据有了变化" in refused.content.decode()
    assert re.findall(r'data-label="原来">([^<]*)<', refused.content.decode()) == ["乙"]
    assert stored("note") == ["乙"]
    office.post(page)
    assert stored("note")[-1] == "丙"
    assert "写入过一次" in office.get(send(office, upload, content)).content.decode()

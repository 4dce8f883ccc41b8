"""Files of readings as they come, and as they come wrong: which meter, which day, which cell."""

from __future__ import annotations

import csv
import datetime as dt
import io
from decimal import Decimal

import openpyxl
import pytest
from tests.zone import Zone

from luodi.ground.scope.api import SYSTEM, acting
from luodi.lib.errors import NotAllowed, UserError
from luodi.rooms.energy.consumption import energy_of
from luodi.rooms.energy.models import DayLoad, Meter, ReadingFile, RegisterReading
from luodi.rooms.energy.storing import loads_of
from luodi.rooms.energy.tests.park import (
    END_LABELS,
    MAY,
    START_LABELS,
    Park,
    build_park,
    days,
    flat,
    take,
    wide,
)
from luodi.rooms.energy.verbs.filling import estimate_gaps
from luodi.rooms.energy.verbs.reading import AskProfile, BadFile, take_in


@pytest.fixture
def park(zone: Zone) -> Park:
    return build_park(zone, limit_kw=200)


def table(rows: list[list[object]]) -> io.BytesIO:
    text = io.StringIO()
    csv.writer(text).writerows(rows)
    return io.BytesIO(text.getvalue().encode())


def test_a_day_is_kept_in_watt_hours_and_summed(park: Park) -> None:
    told = take(wide([("U0", MAY, [1.5] * 95 + [""])]))
    assert (told.new, told.corrected) == (1, 0)
    row = DayLoad.objects.get()
    assert (row.total_wh, row.missing, row.quality) == (142_500, 1, "m" * 95 + "-")
    assert row.hours[:23] == [6000] * 23 and row.hours[23] is None  # a gap is no zero
    assert Meter.objects.get(number="U0").labels == "end"  # as the heading said; never asked again


def test_excel_with_times_and_dates_of_its_own(park: Park) -> None:
    book, out = openpyxl.Workbook(), io.BytesIO()
    sheet = book.active
    assert sheet is not None
    sheet.append(["负荷曲线"])
    sheet.append(["表号", "日期", *(dt.time(at // 4, at % 4 * 15) for at in range(96))])
    sheet.append(["U0", dt.date(2024, 5, 1), *([2] * 96)])
    book.save(out)
    out.seek(0)
    assert take(out).new == 1
    assert Meter.objects.get(number="U0").labels == "start"


def test_what_the_file_leaves_open_is_asked_once(park: Park) -> None:
    meter = park.meters[park.zone.enterprise]
    meter.factor = Decimal(80)
    meter.limit_kw = None
    meter.save()
    with pytest.raises(AskProfile, match="总表"):
        take(wide([("U0", MAY, [1] * 96)]))
    assert not DayLoad.objects.exists()
    take(wide([("U0", MAY, [1] * 96)]), factored="no")
    assert DayLoad.objects.get().total_wh == 96 * 80 * 1000
    take(wide([("U0", days(MAY)[1], [1] * 96)]))  # not asked again


def test_a_correction_supersedes_and_the_former_stays(park: Park) -> None:
    take(wide([("U0", MAY, [1] * 50 + [""] * 46)]))
    before = DayLoad.objects.get().known_from
    told = take(wide([("U0", MAY, [1] * 49 + [2] + [""] * 10 + [3] * 36)]))
    assert told.corrected == 1
    now = DayLoad.objects.get(known_until=None)
    assert now.quality == "m" * 49 + "r" + "-" * 10 + "m" * 36
    assert loads_of(now.meter_id, MAY, MAY + dt.timedelta(days=1), before)[MAY].total == 50_000
    assert take(wide([("U0", MAY, [1] * 49 + [2] + [""] * 46)])).unchanged == 1


BAD = {
    "text": (lambda: wide([("U0", MAY, [1] * 5 + ["约3"] + [1] * 90)]), "H2 · U0 · 2024-05-01：“约3”不是数字"),
    "negative": (lambda: wide([("U0", MAY, [1] * 95 + [-4])]), "CT2 · U0 · 2024-05-01"),
    "double day": (lambda: wide(flat(MAY, "U0", 1)[:2] * 2), "B4 · U0 · 2024-05-01：同一天出现两次"),
    "not a day": (lambda: table([["表号", "日期", *END_LABELS], ["U0", "五月一日", *[1] * 96]]), "B2"),
    "no such meter": (lambda: wide([("X9", MAY, [1] * 96)]), "A2 · X9：没有这块表"),
    "above the limit": (lambda: wide([("U0", MAY, [1] * 40 + [60] + [1] * 55)]), "AQ2 · U0 · 2024-05-01：240 千瓦"),
    "not over": (lambda: wide([("U0", dt.date(2090, 1, 1), [1] * 96)]), "B2 · U0"),
    "shifted an hour": (
        lambda: wide([("U0", MAY, [1] * 96)], [f"{(at // 4 + 1) % 24:02}:{at % 4 * 15:02}" for at in range(96)]),
        "C1：时刻从 01:00 开始",
    ),
    "summer time": (lambda: wide([("U0", MAY, [1] * 100)], [*END_LABELS[:8], *END_LABELS[4:8], *END_LABELS[8:]]), "像是夏令时"),
    "another zone": (
        lambda: table([["表号", "时间", "电量"], ["U0", "2024-05-01T00:15:00+09:00", 1]]),
        "其他时区",
    ),
    "a time twice": (
        lambda: table([["表号", "时间", "电量"], ["U0", "2024-05-01 01:15", 1], ["U0", "2024-05-01 01:15", 1]]),
        "01:15 出现两次",
    ),
    "no heading": (lambda: table([["一", "二"], [1, 2]]), "没有找到表头"),
}  # fmt: skip


@pytest.mark.parametrize("kind", BAD)
def test_a_bad_file_names_the_cell_and_nothing_is_taken_in(park: Park, kind: str) -> None:
    make, said = BAD[kind]
    with pytest.raises(UserError, match=r".*") as told:
        take(make(), labels="end")
    assert said in str(told.value), str(told.value)
    assert not DayLoad.objects.exists() and not ReadingFile.objects.exists()


def test_good_rows_before_a_bad_one_are_not_taken_in(park: Park) -> None:
    rows = flat(MAY, "U0", 1)
    rows[-1] = ("U0", rows[-1][1], ["坏", *[1] * 95])
    with pytest.raises(BadFile) as told:
        take(wide(rows))
    assert told.value.problems[0].cell == "C32" and not DayLoad.objects.exists()


def test_a_factor_applied_twice_or_not_at_all_is_noticed(park: Park) -> None:
    meter = park.meters[park.zone.enterprise]
    meter.factor, meter.factored, meter.limit_kw = Decimal(80), "yes", None
    meter.save()
    take(wide(flat(MAY, "U0", 4)[:20]))
    for value, said in ((4 * 80, "乘了两次"), (4 / 80, "没有乘倍率")):
        with pytest.raises(BadFile, match=said):
            take(wide([("U0", days(MAY)[20], [value] * 96)]))


def test_the_other_labels_are_a_shifted_file(park: Park) -> None:
    take(wide([("U0", MAY, [1] * 96)]))
    with pytest.raises(BadFile, match="C1 · U0：这块表以往按"):
        take(wide([("U0", days(MAY)[1], [1] * 96)], START_LABELS))


def test_a_row_for_each_time(park: Park) -> None:
    rows: list[list[object]] = [["电表资产号", "数据时间", "电量(kWh)"]]
    rows += [["U0", f"2024-05-01 {label}", 1] for label in END_LABELS[:95]]
    rows += [["U0", "2024-05-01 24:00", 5]]
    assert take(table(rows), labels="end").new == 1
    load = loads_of(park.meters[park.zone.enterprise].pk, MAY, days(MAY)[1])[MAY]
    assert load.wh[0] == 1000 and load.wh[95] == 5000 and load.missing == 0


def test_registers_do_not_fall(park: Park) -> None:
    meter = park.meters[park.zone.enterprise]
    meter.kind, meter.factor = "register", Decimal(100)
    meter.save()
    head = ["表号", "抄表日期", "总", "尖", "峰", "平", "谷"]
    take(table([head, ["U0", "2024-05-01", "100.5", 1, 2, 3, 4]]))
    with pytest.raises(BadFile, match="C2 · U0 · 2024-06-01：示数"):
        take(table([head, ["U0", "2024-06-01", "99.5", 2, 3, 4, 5]]))
    take(table([head, ["U0", "2024-06-01", "150.5", 2, 3, 4, 5]]))
    assert RegisterReading.objects.count() == 2
    assert energy_of([meter], MAY)[meter.pk] == 5_000_000


def test_gaps_are_filled_when_asked_and_a_reading_takes_their_place(park: Park) -> None:
    meter = park.meters[park.zone.enterprise]
    month = flat(MAY, "U0", 1)
    month[28] = ("U0", month[28][1], [1] * 10 + [""] * 86)
    take(wide(month[:29]))
    day = month[28][1]
    filled = estimate_gaps(actor=SYSTEM, meter=meter, since=day, until=day, reason="示例")
    assert filled == 86
    row = DayLoad.objects.get(day=day, known_until=None)
    assert row.quality == "m" * 10 + "e" * 86 and row.missing == 0
    with pytest.raises(UserError, match="没有可补的缺口"):
        estimate_gaps(actor=SYSTEM, meter=meter, since=day, until=day, reason="示例")
    take(wide([("U0", day, [1] * 10 + [2] * 86)]))
    assert DayLoad.objects.get(day=day, known_until=None).quality == "m" * 96


def test_an_enterprise_reads_in_its_own_meters_only(park: Park) -> None:
    zone = park.zone
    with acting(zone.actor("liaison")) as liaison:
        done = take_in(actor=liaison, file=wide([("U0", MAY, [1] * 96)]), name="示例.csv")
        assert done.new == 1
        with pytest.raises(BadFile, match="没有这块表，或您无权"):
            take_in(actor=liaison, file=wide([("U1", MAY, [1] * 96)]), name="示例.csv")
    with pytest.raises(NotAllowed):
        take_in(actor=zone.actor("instructor"), file=wide([]), name="示例.csv")


def test_the_page_tells_every_problem(park: Park) -> None:
    client = park.zone.client("office")
    file = wide([("U0", MAY, ["坏", *[1] * 95]), ("X9", MAY, [1] * 96)])
    file.name = "示例.csv"
    answer = client.post("/energy/readings/", {"file": file})
    page = answer.content.decode()
    assert answer.status_code == 422 and "C2" in page and "X9" in page
    good = wide(flat(MAY, "U0", 1))
    good.name = "示例.csv"
    assert client.post("/energy/readings/", {"file": good}).status_code == 302
    meter = park.meters[park.zone.enterprise]
    page = client.get(f"/energy/meters/{meter.pk}/curve/?until=2024-05-31").content.decode()
    assert "<svg" in page and "有读数 31 天" in page
    assert (
        client.get(f"/energy/meters/{meter.pk}/curve/?until=2024-05-31&format=xlsx").status_code
        == 200
    )

"""Tour problems and plans as workbooks."""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from pathlib import Path

import numpy as np

from ..core import Flags, Lang, Text
from ..output import OutSheet, write_workbook
from ..output import write_template as write_sheets
from ..tables import Table, read_workbook
from .example import example
from .plan import PARTS, TourPlan
from .problem import Show, TourProblem, Troupes, Villages, Wishes
from .sheets import SHEETS

LONGEST_SEASON = 3 * 366  # days
FAR_KM = 500.0  # from the middle of the villages: no day's drive
WEEKDAYS = {c: k % 7 + 1 for k, c in enumerate("一二三四五六日1234567")} | {"天": 7}


def read_problem(path: str | Path) -> TourProblem:
    """Read a workbook. Raises :class:`BadData` with sheet, row and column."""
    t = read_workbook(path, SHEETS)
    season = t["season"].only()
    start, days = season["first"], (season["last"] - season["first"]).days + 1
    if days < 1:
        raise t["season"].bad(0, "last", "早于开始日期。", "is before the start.")
    if days > LONGEST_SEASON:
        raise t["season"].bad(0, "last", "一季不能超过三年。", "is more than three years later.")
    troupes, villages = t["troupes"], t["villages"]
    _slips(troupes, villages)
    free, opened = _closed(t, start, days)
    names = villages["name"]
    return TourProblem(
        start=start,
        troupes=Troupes(
            names=tuple(troupes["name"]),
            lon=troupes.array("lon"),
            lat=troupes.array("lat"),
            size=troupes.array("size").astype(np.intp),
            speed_kmh=troupes.array("speed"),
            most_a_day=troupes.array("most").astype(np.intp),
            hours=troupes.array("hours"),
            run=troupes.array("run").astype(np.intp),
            free=free,
        ),
        villages=Villages(
            names=tuple(names),
            township=villages.positions("township", t["townships"]["name"]),
            townships=tuple(t["townships"]["name"]),
            lon=villages.array("lon"),
            lat=villages.array("lat"),
            audience=villages.array("audience"),
            stage_holds=villages.array("holds").astype(np.intp),
            least=villages.array("least").astype(np.intp),
            most=villages.array("most").astype(np.intp),
            open=opened,
        ),
        wishes=_wishes(t["wishes"], names, start, days),
        shows=season["shows"],
        stages=np.full(days, season["stages"], dtype=np.intp),
        township_least=t["townships"].array("least").astype(np.intp),
        spacing=season["spacing"],
        show_hours=season["show_hours"],
        wish_km=season["wish_km"],
        audience_km=season["audience_km"],
        change_km=season["change_km"],
        detour=season["detour"],
        published=_published(t, start, days),
        fixed_before=0 if season["fixed"] is None else (season["fixed"] - start).days,
    )


def _slips(troupes: Table, villages: Table) -> None:
    for table in (villages, troupes):
        table.check_places("lon", "lat", FAR_KM)
    for i, row in enumerate(villages.rows()):
        if row["least"] > row["most"]:
            raise villages.bad(i, "least", "多于最多场次。", "is more than the most.")
        if row["name"] in troupes["name"]:
            raise villages.bad(i, "name", "与剧团同名。", "is a troupe's name too.")


def _rest(table: Table, i: int) -> list[int]:
    """Weekdays from 1 (Monday), written as “1、7” or “周一、周日”."""
    words = [
        w for w in re.split(r"[、,;\s]+", unicodedata.normalize("NFKC", table["rest"][i])) if w
    ]
    days = [WEEKDAYS.get(re.sub("^(周|星期|礼拜)", "", w), 0) for w in words]
    for word, day in zip(words, days, strict=True):
        if not day:
            raise table.bad(i, "rest", f"“{word}”应为 1–7。", f"“{word}” is not 1–7.")
    return days


def _closed(t: dict[str, Table], start: dt.date, days: int) -> tuple[Flags, Flags]:
    """troupes × days and villages × days that are free, after weekly rest and closed days."""
    troupes, villages, closed = t["troupes"]["name"], t["villages"]["name"], t["closed"]
    free = np.ones((len(troupes) + len(villages), days), dtype=bool)
    weekday = (start.weekday() + np.arange(days)) % 7 + 1
    for i in range(len(troupes)):
        free[i, np.isin(weekday, _rest(t["troupes"], i))] = False
    who = closed.positions("name", [*troupes, *villages])
    for k, (i, first, last) in enumerate(zip(who, closed["first"], closed["last"], strict=True)):
        if last < first:
            raise closed.bad(k, "last", "早于开始日期。", "is before the first day.")
        low, high = max((first - start).days, 0), (last - start).days + 1
        free[i, low : max(high, 0)] = False
    return free[: len(troupes)], free[len(troupes) :]


def _wishes(table: Table, villages: list[str], start: dt.date, days: int) -> Wishes:
    first = np.array([(d - start).days for d in table["first"]], dtype=np.intp)
    last = np.array([(d - start).days for d in table["last"]], dtype=np.intp)
    for i in np.flatnonzero(first > last).tolist():
        raise table.bad(i, "last", "早于开始日期。", "is before the first day.")
    for i in np.flatnonzero((last < 0) | (first >= days)).tolist():
        raise table.bad(i, "first", "不在演出季内。", "is outside the season.")
    return Wishes(
        village=table.positions("village", villages),
        first=first,
        last=last,
        weight=table.array("weight"),
        must=np.array(table["must"], dtype=bool),
        names=tuple(table["name"]),
    )


def _published(t: dict[str, Table], start: dt.date, days: int) -> tuple[Show, ...]:
    table = t["published"]
    troupe = table.positions("troupe", t["troupes"]["name"])
    village = table.positions("village", t["villages"]["name"])
    found = []
    for i, day in enumerate(table["day"]):
        if not 0 <= (day - start).days < days:
            raise table.bad(i, "day", "不在演出季内。", "is outside the season.")
        found.append(Show(int(village[i]), int(troupe[i]), (day - start).days))
    return tuple(found)


def write_template(path: str | Path, lang: Lang = "zh") -> None:
    """A workbook to fill, with the example as its content."""
    write_problem(path, example(), lang)


def write_problem(path: str | Path, p: TourProblem, lang: Lang = "zh") -> None:
    """Closed days are written as spans; weekly rest is among them."""
    t, v, w = p.troupes, p.villages, p.wishes
    closed = []
    for names, free in ((t.names, t.free), (v.names, v.open)):
        for i, name in enumerate(names):
            edges = np.flatnonzero(np.diff(np.concatenate([[True], free[i], [True]]).astype(int)))
            for low, high in zip(edges[::2].tolist(), edges[1::2].tolist(), strict=True):
                closed.append([name, p.date(low), p.date(high - 1)])
    season = [p.start, p.date(p.days - 1), p.shows, p.spacing, int(p.stages[0]), p.show_hours]
    fixed = p.date(p.fixed_before) if p.fixed_before else None
    towns = [v.townships[k] for k in v.township]
    shows = [[p.date(s.day), t.names[s.troupe], v.names[s.village]] for s in p.published]
    held = [[p.date(int(d)) for d in days] for days in (w.first, w.last)]
    villages = [v.names[k] for k in w.village]
    rows = {
        "season": [[*season, p.wish_km, p.audience_km, p.change_km, p.detour, fixed]],
        "troupes": zip(
            t.names, t.lon, t.lat, t.size, t.speed_kmh, t.most_a_day, t.hours, t.run, strict=True
        ),
        "townships": zip(v.townships, p.township_least, strict=True),
        "villages": zip(
            v.names, towns, v.lon, v.lat, v.audience, v.stage_holds, v.least, v.most, strict=True
        ),
        "closed": closed,
        "wishes": zip(villages, w.names, *held, w.weight, w.must, strict=True),
        "published": shows,
    }
    write_sheets(path, SHEETS, rows, lang)


def write_plan(path: str | Path, problem: TourProblem, plan: TourPlan, lang: Lang = "zh") -> None:
    """Write calendar (which can be pasted into “published”), villages, cost."""
    p, v, hand = problem, problem.villages, plan.by_hand or {}
    shows = sorted(plan.shows, key=lambda s: s.day)
    calendar = (
        [p.date(t.day), p.troupes.names[t.troupe], v.names[x], v.townships[v.township[x]], k + 1,
         t.km, bool(p.needs_stage[t.troupe, x])]
        for t in plan.trips
        for k, x in enumerate(t.villages)
    )  # fmt: skip
    villages = (
        [n, v.townships[v.township[i]], sum(s.village == i for s in shows), round(v.audience[i]),
         "、".join(p.date(s.day).isoformat() for s in shows if s.village == i)]
        for i, n in enumerate(v.names)
    )  # fmt: skip
    day, village, town = Text("日期", "day"), Text("村", "village"), Text("乡镇", "township")
    sheets = [
        OutSheet(
            Text("日程", "calendar"),
            [
                day, Text("剧团", "troupe"), village, town, Text("当天第几场", "order"),
                Text("当天公里", "km"), Text("带流动舞台", "mobile stage"),
            ],
            calendar,
            number_format="#,##0.0",
        ),
        OutSheet(
            Text("各村", "villages"),
            [village, town, Text("场次", "shows"), Text("观众", "audience"), day],
            villages,
        ),
        OutSheet(
            Text("代价", "cost"),
            [
                Text("项目", "part"), Text("本方案（公里）", "this plan (km)"),
                Text("手工方案（公里）", "by hand (km)"),
            ],
            [[PARTS[k], plan.parts[k], hand.get(k)] for k in PARTS],
        ),
    ]  # fmt: skip
    write_workbook(path, sheets, lang)

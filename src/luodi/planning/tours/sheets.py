"""The sheets of a tour workbook."""

from __future__ import annotations

from ..core import Text
from ..tables import Column, Kind, Sheet

LON = Column("lon", Text("经度", "longitude"), "number", "°", minimum=-180, maximum=180)
LAT = Column("lat", Text("纬度", "latitude"), "number", "°", minimum=-90, maximum=90)
NAME = Column("name", Text("名称", "name"), unique=True)
WHO = Column("name", Text("剧团或村", "troupe or village"))
FIRST = Column("first", Text("开始", "from"), "date")
LAST = Column("last", Text("结束", "to"), "date")


def number(
    key: str,
    zh: str,
    en: str,
    default: float,
    *,
    unit: str = "",
    low: float = 0,
    whole: bool = False,
    high: float = 1e6,
) -> Column:
    kind: Kind = "integer" if whole else "number"
    return Column(
        key, Text(zh, en), kind, unit, required=False, default=default, minimum=low, maximum=high
    )


SHEETS = (
    Sheet(
        "season",
        Text("演出季", "season"),
        (
            FIRST,
            LAST,
            Column("shows", Text("总场次", "shows"), "integer", minimum=0, maximum=10_000),
            number("spacing", "同村间隔", "spacing", 14, unit="d", whole=True),
            number("stages", "流动舞台", "mobile stages", 1, whole=True),
            number("show_hours", "每场用时", "hours a show", 3.0, unit="h"),
            number("wish_km", "愿望折算", "a missed wish", 30.0, unit="km"),
            number("audience_km", "每千人没有演出折算", "1,000 people unserved", 5.0, unit="km"),
            number("change_km", "改动一场折算", "a changed show", 100.0, unit="km"),
            number("detour", "绕行系数", "detour factor", 1.3, low=1),
            Column("fixed", Text("此前固定", "fixed before"), "date", required=False),
        ),
    ),
    Sheet(
        "troupes",
        Text("剧团", "troupes"),
        (
            NAME,
            LON,
            LAT,
            number("size", "人数", "size", 1, whole=True),
            number("speed", "车速", "speed", 40.0, unit="km/h", low=1),
            number("most", "一天最多场次", "most shows a day", 1, low=1, whole=True),
            number("hours", "一天最长", "longest day", 10.0, unit="h", low=1),
            number("run", "最多连续天数", "days in a row", 5, low=1, whole=True),
            Column(
                "rest",
                Text("每周休息", "rest weekdays"),
                required=False,
                default="",
                note=Text("1–7，周一为 1，如“1、7”", "1–7, Monday is 1, e.g. “1, 7”"),
            ),
        ),
    ),
    Sheet(
        "townships",
        Text("乡镇", "townships"),
        (NAME, number("least", "最少场次", "least shows", 0, whole=True)),
    ),
    Sheet(
        "villages",
        Text("村", "villages"),
        (
            NAME,
            Column("township", Text("乡镇", "township")),
            LON,
            LAT,
            number("audience", "观众", "audience", 1.0, low=1e-9),
            number("holds", "本村舞台容纳人数", "own stage holds", 0, whole=True),
            number("least", "最少场次", "least shows", 0, whole=True),
            number("most", "最多场次", "most shows", 1, whole=True),
        ),
    ),
    Sheet(
        "closed",
        Text("不演出的日子", "closed days"),
        (WHO, FIRST, LAST),
        required=False,
        note=Text("剧团或村不能演出的时段。", "When a troupe or a village cannot."),
    ),
    Sheet(
        "wishes",
        Text("愿望", "wishes"),
        (
            Column("village", Text("村", "village")),
            Column("name", Text("事由", "occasion")),
            FIRST,
            LAST,
            number("weight", "分量", "weight", 1.0),
            Column("must", Text("必须", "must"), "boolean", required=False, default=False),
        ),
        required=False,
    ),
    Sheet(
        "published",
        Text("已公布", "published"),
        (
            Column("day", Text("日期", "day"), "date"),
            Column("troupe", Text("剧团", "troupe")),
            Column("village", Text("村", "village")),
        ),
        required=False,
        note=Text("改期时填写；改动会计入代价。", "For replanning: changes are weighed."),
    ),
)

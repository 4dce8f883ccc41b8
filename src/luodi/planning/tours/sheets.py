"""The sheets of a tour workbook."""

from __future__ import annotations

from ..core import Text
from ..tables import LAT, LON, Sheet, day, flag, number, text
from .routes import MOST

NAME = text("name", "名称", "name", unique=True)
FIRST, LAST = day("first", "开始", "from"), day("last", "结束", "to")
LEAST = number("least", "最少场次", "least shows", "", 0, whole=True)
SHEETS = (
    Sheet("season", Text("演出季", "season"), (
        FIRST, LAST, number("shows", "总场次", "shows", high=10_000, whole=True),
        number("spacing", "同村间隔", "spacing", "d", 14, whole=True),
        number("stages", "流动舞台", "mobile stages", "", 1, whole=True),
        number("show_hours", "每场用时", "hours a show", "h", 3.0),
        number("wish_km", "愿望折算", "a missed wish", "km", 30.0),
        number("audience_km", "每千人没有演出折算", "1,000 people unserved", "km", 5.0),
        number("change_km", "改动一场折算", "a changed show", "km", 100.0),
        number("detour", "绕行系数", "detour factor", "", 1.3, 1),
        day("fixed", "此前固定", "fixed before", required=False),
    )),
    Sheet("troupes", Text("剧团", "troupes"), (
        NAME, LON, LAT, number("size", "人数", "size", "", 1, whole=True),
        number("speed", "车速", "speed", "km/h", 40.0, 1),
        number("most", "一天最多场次", "most shows a day", "", 1, 1, MOST, whole=True),
        number("hours", "一天最长", "longest day", "h", 10.0, 1),
        number("run", "最多连续天数", "days in a row", "", 5, 1, whole=True),
        text("rest", "每周休息", "rest weekdays", "",
             note=Text("1–7，周一为 1，如“1、7”", "1–7, Monday is 1, e.g. “1, 7”")),
    )),
    Sheet("townships", Text("乡镇", "townships"), (NAME, LEAST)),
    Sheet("villages", Text("村", "villages"), (
        NAME, text("township", "乡镇", "township"), LON, LAT,
        number("audience", "观众", "audience", "人", 1.0, 1e-9),
        number("holds", "本村舞台容纳人数", "own stage holds", "", 0, whole=True),
        LEAST, number("most", "最多场次", "most shows", "", 1, whole=True),
    )),
    Sheet("closed", Text("不演出的日子", "closed days"),
          (text("name", "剧团或村", "troupe or village"), FIRST, LAST), required=False,
          note=Text("剧团或村不能演出的时段。", "When a troupe or a village cannot.")),
    Sheet("wishes", Text("愿望", "wishes"), (
        text("village", "村", "village"), text("name", "事由", "occasion"), FIRST, LAST,
        number("weight", "分量", "weight", "", 1.0), flag("must", "必须", "must", False),
    ), required=False),
    Sheet("published", Text("已公布", "published"), (
        day("day", "日期", "day"), text("troupe", "剧团", "troupe"), text("village", "村", "village"),
    ), required=False,
          note=Text("改期时填写；改动会计入代价。", "For replanning: changes are weighed.")),
)  # fmt: skip

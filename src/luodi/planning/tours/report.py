"""The season as a report for those who drive and those who wait."""

from __future__ import annotations

import itertools
from collections import Counter

from ..charts import bar, scatter
from ..core import Lang, Text
from ..report import Report
from .plan import PARTS, TourPlan, explain
from .problem import TourProblem


def report(problem: TourProblem, plan: TourPlan, lang: Lang = "zh") -> str:
    p, shows = problem, plan.shows
    served = {s.village for s in shows}
    page = Report(Text("送戏下乡排期", "Touring performances"), lang)
    page.words(explain(problem, plan, lang))
    page.key_figures(
        [
            (Text("场次", "shows"), f"{len(shows)}"),
            (Text("到达的村", "villages served"), f"{len(served)} / {len(p.villages.names)}"),
            (Text("总路程（公里）", "km in all"), f"{plan.parts['travel']:,.0f}"),
            (Text("满足的愿望", "wishes met"), f"{_met(p, plan)} / {len(p.wishes.names)}"),
        ]
    )
    page.heading(Text("与手工排法相比", "Against a plan by hand"))
    page.words(
        Text(
            "手工排法：必须的先排，然后按名单一个村一个村地填进最早的空档。所有代价折算成公里。",
            "By hand: what must be first, then village by village into the first free day. "
            "All costs are told in kilometres.",
        )
    )
    sides = {Text("本方案", "this plan").say(lang): plan.parts}
    if plan.by_hand is not None:
        sides[Text("手工", "by hand").say(lang)] = plan.by_hand
    page.chart(
        bar(
            [PARTS[k].say(lang) for k in PARTS],
            {name: [parts[k] for k in PARTS] for name, parts in sides.items()},
            Text("公里", "km").say(lang),
        ),
        Text("越低越好。", "Lower is better."),
    )
    _map(page, p, plan)
    _townships(page, p, plan)
    _calendar(page, p, plan)
    return page.proof(plan, problem).html()


def _met(p: TourProblem, plan: TourPlan) -> int:
    w = p.wishes
    return sum(
        any(s.village == w.village[i] and w.first[i] <= s.day <= w.last[i] for s in plan.shows)
        for i in range(len(w.village))
    )


def _map(page: Report, p: TourProblem, plan: TourPlan) -> None:
    homes, used = len(p.troupes.names), Counter[tuple[int, int]]()
    for trip in plan.trips:
        stops = [trip.troupe, *(homes + v for v in trip.villages), trip.troupe]
        used.update((min(a, b), max(a, b)) for a, b in itertools.pairwise(stops))
    count = Counter(s.village for s in plan.shows)
    lon = [*p.troupes.lon.tolist(), *p.villages.lon.tolist()]
    lat = [*p.troupes.lat.tolist(), *p.villages.lat.tolist()]
    villages = range(len(p.villages.names))
    page.heading(Text("走过的路", "The ways"))
    page.chart(
        scatter(
            list(zip(lon, lat, strict=True)),
            labels=[*p.troupes.names, *([""] * len(p.villages.names))],
            groups=[1] * homes + [0 if count[v] else 6 for v in villages],
            sizes=[8.0] * homes + [3.0 + 1.5 * count[v] for v in villages],
            edges=[(a, b, 0.6 + 0.6 * n) for (a, b), n in used.items()],
            names=[Text("村", "village").say(page.lang), Text("剧团驻地", "home").say(page.lang)],
            geographic=True,
        ),
        Text(
            "圆越大场次越多，灰色的村本季没有演出；线是两点间往返的次数，不是实际道路。",
            "Larger circles: more shows; grey villages get none; lines count trips, not roads.",
        ),
    )


def _townships(page: Report, p: TourProblem, plan: TourPlan) -> None:
    v = p.villages
    shows = Counter(int(v.township[s.village]) for s in plan.shows)
    served = {s.village for s in plan.shows}
    page.heading(Text("各乡镇", "By township"))
    page.table(
        [
            Text("乡镇", "township"),
            Text("场次", "shows"),
            Text("至少", "at least"),
            Text("到达的村", "villages served"),
            Text("村数", "villages"),
        ],
        [
            [
                name,
                shows[k],
                int(p.township_least[k]),
                sum(int(v.township[i]) == k for i in served),
                int((v.township == k).sum()),
            ]
            for k, name in enumerate(v.townships)
        ],
    )


def _calendar(page: Report, p: TourProblem, plan: TourPlan) -> None:
    week = "一二三四五六日"
    page.heading(Text("日程", "The calendar"))
    rows = []
    for trip in plan.trips:
        day = p.date(trip.day)
        weekday = Text(f"周{week[day.weekday()]}", f"{day:%a}").say(page.lang)
        villages = " → ".join(p.villages.names[x] for x in trip.villages)
        stage = bool(p.needs_stage[trip.troupe, list(trip.villages)].any())
        said = Text("带" if stage else "", "yes" if stage else "")
        where = [f"{day.isoformat()} {weekday}", p.troupes.names[trip.troupe], villages]
        rows.append([*where, trip.km, said])
    page.table(
        [
            Text("日期", "day"),
            Text("剧团", "troupe"),
            Text("行程", "villages"),
            Text("公里", "km"),
            Text("流动舞台", "mobile stage"),
        ],
        rows,
        decimals=0,
    )

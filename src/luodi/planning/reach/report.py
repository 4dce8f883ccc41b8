"""The circle as a report for people who plan a town."""

from __future__ import annotations

from ..charts import bar
from ..core import Floats, Lang, Text
from ..report import Report
from .access import MODES
from .maps import is_sited, new_sites, static_map
from .plan import ReachPlan, explain, people_minutes
from .problem import ReachProblem


def report(problem: ReachProblem, plan: ReachPlan, lang: Lang = "zh") -> str:
    p, mode = problem.people, MODES[problem.mode]
    whole = float(p.total.sum())
    shares = plan.shares(problem)
    page = Report(Text("十五分钟生活圈", "The 15-minute circle"), lang)
    page.words(explain(problem, plan, lang))
    page.key_figures(
        [(Text("居民", "people"), f"{whole:,.0f}")]
        + [
            (Text(f"{k}：时限内", f"{k}: within limit"), f"{shares[i, -1]:.1%}")
            for i, k in enumerate(problem.kinds)
        ]
    )
    page.words(
        Text(
            f"{mode.zh}，平路每小时 {problem.flat_kmh:g} 公里，坡道按坡度折算；"
            "分钟数沿街道计算，不是直线距离。",
            f"Travel {mode.en}, {problem.flat_kmh:g} km/h on level ground, slower on slopes; "
            "minutes along the streets, not straight lines.",
        )
    )
    if plan.sites is not None:
        _sites(page, problem, plan)
    _groups(page, problem, shares)
    for k, name in enumerate(problem.kinds):
        page.heading(Text(f"{name}：离得多远", f"{name}: how far"))
        page.chart(
            static_map(problem, k, plan.minutes[k], plan, lang),
            Text(
                "每个点是一处居民点，颜色是到最近设施的分钟数；黑方块是现有设施，红三角是建议新建。",
                "Dots are homes, coloured by minutes; squares are places, triangles new sites.",
            ),
        )
        _gaps(page, problem, plan, k)
    _tables(page, problem, plan)
    return page.proof(plan, problem).html()


def _groups(page: Report, problem: ReachProblem, shares: Floats) -> None:
    everyone = Text("全体", "everyone").say(page.lang)
    names = [*problem.people.groups, everyone]
    page.heading(Text("各年龄组", "By age group"))
    page.chart(
        bar(list(problem.kinds), {n: list(100 * shares[:, i]) for i, n in enumerate(names)}, "%"),
        Text("时限内能到达的居民比例。", "Share of people within the limit."),
    )


def _gaps(page: Report, problem: ReachProblem, plan: ReachPlan, kind: int) -> None:
    gaps = plan.gaps(problem, kind)
    if not gaps:
        page.words(Text("没有空白区。", "There are no gaps."))
        return
    total = sum(g.people for g in gaps)
    page.words(
        Text(
            f"时限之外有 {total:,.0f} 人，分成 {len(gaps)} 片空白区（一片在一个村或社区以内，大致是"
            "新建一处设施能服务的范围），人数最多的是：",
            f"{total:,.0f} people lie beyond, in {len(gaps)} gaps (each within one village, about "
            "what one new place could serve); the largest:",
        )
    )
    page.table(
        [
            Text("人数", "people"),
            Text("中心经度", "lon"),
            Text("中心纬度", "lat"),
            Text("村（社区）", "area"),
        ],
        [[round(g.people), g.lon, g.lat, g.area] for g in gaps[:8]],
        decimals=3,
    )


def _sites(page: Report, problem: ReachProblem, plan: ReachPlan) -> None:
    assert plan.sites is not None
    assert problem.siting is not None
    assert plan.after is not None
    kind = problem.siting.kind
    name, limit = problem.kinds[kind], problem.limit_minutes[kind]
    before = people_minutes(problem, plan.minutes)[kind] <= limit
    after = people_minutes(problem, plan.after[None])[0] <= limit
    people = problem.people.total
    a, b = people[before].sum() / people.sum(), people[after].sum() / people.sum()
    page.heading(Text(f"{name}：下一批建在哪里", f"{name}: where to build next"))
    page.words(
        Text(
            f"建成后，{limit:g} 分钟内的居民由 {a:.1%} 变为 {b:.1%}。",
            f"Once built, people within {limit:g} minutes go from {a:.1%} to {b:.1%}.",
        )
    )
    page.table(
        [Text("候选点", "site"), Text("经度", "lon"), Text("纬度", "lat")],
        [[n, x, y] for n, x, y in new_sites(problem, plan)],
        decimals=4,
    )
    page.chart(
        static_map(problem, kind, plan.after, plan, page.lang),
        Text("建成后到最近设施的分钟数。", "Minutes to the nearest place once built."),
    )
    assert is_sited(problem, kind)


def _tables(page: Report, problem: ReachProblem, plan: ReachPlan) -> None:
    people, shares, _ = plan.by_area(problem)
    page.heading(Text("各村（社区）", "By village or community"))
    page.table(
        [Text("村（社区）", "area"), Text("人数", "people")]
        + [Text(f"{k}（%）", f"{k} (%)") for k in problem.kinds],
        [[a, round(people[i]), *(100 * shares[:, i])] for i, a in enumerate(problem.people.areas)],
        decimals=1,
    )
    load = plan.load(problem)
    page.heading(Text("每处设施服务多少人", "People per place"))
    page.table(
        [Text("设施", "place"), Text("人数", "people"), Text("容量", "capacity")],
        [
            [n, round(load[i]), problem.places.capacity[i]]
            for i, n in enumerate(problem.places.names)
        ],
        decimals=0,
    )

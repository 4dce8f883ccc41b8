"""A report in one HTML file: no network, no scripts, readable on screen and on paper."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Sequence
from html import escape
from pathlib import Path
from typing import Any

import numpy as np

from . import charts
from .core import STATUS_TEXT, Lang, Plan, Status, Text

_PERCENT = re.compile(r"[-−]?[\d,.]+ ?%")
STYLE = """
:root{--ink:#26302d;--soft:#66736f;--rule:#dfe6e2;--wash:#f4f7f5;--accent:#2f6f62}
*{box-sizing:border-box}
body{margin:0;background:#fbfcfb;color:var(--ink);font:16px/1.75 "Noto Sans CJK SC",
"Source Han Sans SC","PingFang SC","Microsoft YaHei",system-ui,sans-serif}
main{max-width:860px;margin:0 auto;padding:48px 32px 72px}
h1{font-size:30px;line-height:1.35;margin:0 0 6px;font-weight:600}
h2{font-size:20px;margin:44px 0 12px;
padding-top:18px;border-top:1px solid var(--rule);font-weight:600}
p{margin:0 0 12px}.sub,figcaption,.note{color:var(--soft);font-size:14px}
.key{display:grid;grid-template-columns:repeat(auto-fit,minmax(140px,1fr));gap:14px;margin:24px 0}
.key div{background:#fff;border:1px solid var(--rule);border-radius:10px;padding:14px 16px}
.key b{display:block;font-size:24px;font-weight:600;color:var(--accent);line-height:1.3}
.key span{font-size:14px;color:var(--soft)}
figure{margin:18px 0;background:#fff;border:1px solid var(--rule);border-radius:10px;padding:14px}
svg{width:100%;height:auto;display:block}
.wide{overflow-x:auto}
table{border-collapse:collapse;width:100%;font-size:14px;margin:8px 0 16px;background:#fff}
th,td{padding:7px 10px;border-bottom:1px solid var(--rule);text-align:right;white-space:nowrap}
th{background:var(--wash);font-weight:600;white-space:normal;min-width:5.5em}
th.t,td.t{text-align:left;white-space:pre-line;min-width:8em}
tr.total td{font-weight:600;border-top:2px solid var(--rule)}
ul{padding-left:1.2em}
@media(max-width:600px){main{padding:28px 18px 48px}figure{overflow-x:auto}svg{min-width:600px}}
@media print{body{background:#fff;font-size:11pt}main{padding:0;max-width:none}
figure,.key div,tr{break-inside:avoid}h2{break-after:avoid}}
"""


class Report:
    """Built from top to bottom; every method returns the report, so that calls can be chained."""

    def __init__(self, title: Text, lang: Lang = "zh", subtitle: Text | None = None) -> None:
        self.lang: Lang = lang
        self.title = title.say(lang)
        sub = f'<p class="sub">{escape(subtitle.say(lang))}</p>' if subtitle else ""
        self._parts = [f"<h1>{escape(self.title)}</h1>{sub}"]

    def heading(self, text: Text) -> Report:
        self._parts.append(f"<h2>{escape(text.say(self.lang))}</h2>")
        return self

    def words(self, text: Text | str) -> Report:
        """Plain paragraphs, one per line."""
        said = text if isinstance(text, str) else text.say(self.lang)
        self._parts += [f"<p>{escape(row)}</p>" for row in said.splitlines() if row.strip()]
        return self

    def bullets(self, items: Iterable[Text | str]) -> Report:
        said = (i if isinstance(i, str) else i.say(self.lang) for i in items)
        self._parts.append("<ul>" + "".join(f"<li>{escape(s)}</li>" for s in said) + "</ul>")
        return self

    def key_figures(self, figures: Sequence[tuple[Text, str]]) -> Report:
        boxes = "".join(
            f"<div><b>{escape(value)}</b><span>{escape(label.say(self.lang))}</span></div>"
            for label, value in figures
        )
        self._parts.append(f'<div class="key">{boxes}</div>')
        return self

    def table(
        self,
        headers: Sequence[Text],
        rows: Iterable[Sequence[Any]],
        *,
        total: bool = False,
        decimals: int = 2,
    ) -> Report:
        """Numbers right, text left. ``total`` sets off the last row."""
        body = [[_cell(v, decimals, self.lang) for v in row] for row in rows]
        text = [any(is_text and said for is_text, said in c) for c in zip(*body, strict=True)]
        sides = ['class="t"' if t else "" for t in text] or [""] * len(headers)
        head = "".join(
            f"<th {side}>{escape(h.say(self.lang))}</th>"
            for side, h in zip(sides, headers, strict=True)
        )
        out = []
        for i, row in enumerate(body):
            mark = ' class="total"' if total and i == len(body) - 1 else ""
            cells = "".join(
                f"<td {side}>{escape(said)}</td>"
                for side, (_, said) in zip(sides, row, strict=True)
            )
            out.append(f"<tr{mark}>{cells}</tr>")
        self._parts.append(
            f'<div class="wide"><table><thead><tr>{head}</tr></thead>'
            f"<tbody>{''.join(out)}</tbody></table></div>"
        )
        return self

    def chart(self, svg: str, caption: Text) -> Report:
        """An inline SVG from :mod:`luodi.planning.charts`."""
        said = escape(caption.say(self.lang))
        self._parts.append(f"<figure>{svg}<figcaption>{said}</figcaption></figure>")
        return self

    def proof(self, plan: Plan[Any], problem: Any) -> Report:
        """How sure the plan is: status, bound, gap, seconds, and the independent check."""
        broken = plan.check(problem)
        self.heading(Text("这个方案有多可靠", "How sure is this plan"))
        self.words(_sure(plan))
        if broken:
            return self.bullets(v.say(self.lang) for v in broken)
        return self.words(
            Text(
                "所有约束和总费用已由独立程序逐项核对，没有发现违反。",
                "Every constraint and the objective were verified apart from the solver: all hold.",
            )
        )

    def html(self) -> str:
        language = "zh-Hans" if self.lang == "zh" else "en"
        return (
            f'<!doctype html><html lang="{language}"><head><meta charset="utf-8">'
            '<meta name="viewport" content="width=device-width,initial-scale=1">'
            f"<title>{escape(self.title)}</title><style>{STYLE}{charts.STYLE}</style></head>"
            f"<body><main>{''.join(self._parts)}</main></body></html>\n"
        )

    def save(self, path: str | Path) -> None:
        Path(path).write_text(self.html(), encoding="utf-8")


def _sure(plan: Plan[Any]) -> Text:
    """The status and what it means."""
    status, gap = STATUS_TEXT[plan.status], plan.gap
    seconds = Text(f"计算用时 {plan.seconds:.2f} 秒。", f"{plan.seconds:.2f} s.")
    if plan.status is Status.OPTIMAL:
        zh, en = (
            "满足全部条件的方案里，没有比它更好的",
            "no plan that keeps every condition is better",
        )
    elif gap is None:
        zh, en = "满足全部条件，但不知道离最好的还差多少", "it keeps every condition"
    else:
        zh = f"满足全部条件，与理论界限相差 {gap:.2%}，即使有更好的方案也好不过这么多；多给时间可能更好"
        en = f"it keeps every condition; a better one gains {gap:.2%} at most, given more time"
    return Text(f"{status.zh}：{zh}。{seconds.zh}", f"{status.en}: {en}. {seconds.en}")


def _cell(value: Any, decimals: int, lang: Lang) -> tuple[bool, str]:
    """(is text, what to print)."""
    if isinstance(value, Text):
        return True, value.say(lang)
    if value is None:
        return False, "—"
    if isinstance(value, bool):
        return True, Text("是" if value else "否", "yes" if value else "no").say(lang)
    if isinstance(value, int | np.integer):
        return False, f"{value:,}"
    if isinstance(value, dt.date):
        return True, value.isoformat()
    if isinstance(value, str):
        return not _PERCENT.fullmatch(value), value
    return False, f"{float(value):,.{decimals}f}"

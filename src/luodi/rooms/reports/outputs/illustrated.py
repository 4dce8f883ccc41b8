"""The pictures of a published report's article: charts of its figures, evidence of its rows.

The author chooses them; nothing goes out by itself. A chart shows what was known when the report
was published.
"""

from __future__ import annotations

import datetime as dt
import io
import zipfile
from collections.abc import Collection, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from luodi.ground.audit import api as audit
from luodi.ground.evidence.api import location_of
from luodi.ground.figures import api as figures
from luodi.ground.scope.api import Actor
from luodi.lib.errors import UserError
from luodi.rooms.reports.models import Report
from luodi.rooms.reports.outputs.article import (
    CHARACTERS,
    MATERIAL,
    PICTURE_BYTES,
    PICTURES,
    SENT_BYTES,
    UPLOAD,
    Picture,
    article,
)
from luodi.rooms.reports.outputs.chart import chart_png
from luodi.rooms.reports.sealing import frozen_of

ENDINGS = {".jpg": ".jpg", ".jpeg": ".jpg", ".png": ".png"}
STARTS = {".jpg": b"\xff\xd8\xff", ".png": b"\x89PNG\r\n\x1a\n"}
README = """公众号文章及其图片。 An article for a public account, and its pictures.

article.html  正文：在浏览器里打开，全选、复制，粘贴到公众号编辑器。
pictures/     图片：粘贴后图片若没有带上，请在原位置逐张上传。

公众号的限制 limits of the platform:
正文少于 {characters} 字符（标签也算） {draft}
图片手工上传最大 {picture} MB {material}
图片由程序上传最大 {sent} MB，jpg 或 png {upload}
"""


@dataclass(frozen=True, slots=True)
class Choice:
    """A picture that one may choose: the place of its chart's reading, or of its evidence file."""

    place: int
    label: str
    size: int = 0  # bytes, of evidence


def charts_of(report: Report) -> list[Choice]:
    """One for each figure with a number for a unit, where the report first prints it."""
    found: dict[object, Choice] = {}
    for place, reading in enumerate(_sealed(report)["readings"]):
        facts = reading["facts"]
        asked = facts["question"]
        which = (facts["key"], asked["unit"], tuple(sorted(asked["parameters"].items())))
        if facts["kind"] not in {"yes_no", "date", "word"} and facts["value"] is not None:
            found.setdefault(which, Choice(place, _label(report, facts)))
    return list(found.values())


def evidence_of(report: Report) -> list[Choice]:
    """The pictures among the evidence of its rows that the platform takes."""
    return [
        Choice(place, file["name"], file["size"])
        for place, file in enumerate(_sealed(report)["files"])
        if Path(file["name"]).suffix.lower() in ENDINGS
        and file["size"] <= PICTURE_BYTES.most
        and _path(file).is_file()
    ]


def _sealed(report: Report) -> Mapping[str, Any]:
    if report.is_draft:
        raise UserError(_("草稿还没有签发，文章里还不能放图片。"))
    return report.sealed


def _label(report: Report, facts: Mapping[str, Any]) -> str:
    """The figure with its number; of another unit than the report's, with that unit's name."""
    own = facts["question"]["unit"] == report.unit_id
    name = facts["names"]["zh-hans"] if own else _caption(facts)
    return f"{name}（{facts['value']}{facts['unit']['zh-hans']}）"


def _caption(facts: Mapping[str, Any]) -> str:
    return f"{facts['question']['unit_name']} {facts['names']['zh-hans']}"


def _path(file: Mapping[str, Any]) -> Path:
    return location_of(str(file["sha256"]))


def pictures_of(
    *, actor: Actor, report: Report, charts: Collection[int] = (), evidence: Collection[int] = ()
) -> list[Picture]:
    """The chosen pictures. Evidence goes out to everybody: it takes `reports.publish`, and the trail
    says which."""
    actor.require("reports.publish" if evidence else "reports.view", report.unit.path)
    for chosen, offered in ((charts, charts_of), (evidence, evidence_of)):
        if set(chosen) - {one.place for one in (offered(report) if chosen else ())}:
            raise UserError(_("没有这张图片可选。"))
    if len(charts) + len(evidence) > PICTURES:
        raise UserError(_("一篇文章最多%(most)s张图片。") % {"most": PICTURES})
    if evidence:
        names = [report.sealed["files"][place]["name"] for place in sorted(set(evidence))]
        audit.note("report-article", "reports_report", report.pk, report.unit.path, files=names)
    made = [_chart(actor, report, place) for place in sorted(set(charts))]
    return made + [_evidence(report, place) for place in sorted(set(evidence))]


def known_at(report: Report) -> dt.datetime | None:
    """When the report was published; None, for today, where the trail only began afterwards."""
    if report.published_at is not None:
        with suppress(UserError):
            audit.require_begun(report.published_at)
            return report.published_at
    return None


def _chart(actor: Actor, report: Report, place: int) -> Picture:
    """The figure at the ends of twelve months, as known at `known_at`."""
    facts = report.sealed["readings"][place]["facts"]
    frozen = frozen_of(report.sealed["readings"][place])
    question, figure = figures.question_in(frozen), figures.figure(frozen["key"])
    known = question.known_at or known_at(report)
    questions = [
        replace(
            question,
            until=day,
            since=question.since and figures.period_of(figure, day),
            known_at=known,
        )
        for day in figures.months_until(question.until)
    ]
    found = figures.read_values(actor=actor, questions=[(figure.key, one) for one in questions])
    points = [
        (asked.until, one.value, figures.text_of(figure, one.value), "")
        for asked, one in zip(questions, found, strict=True)
    ]
    chart = figures.drawn(points)
    if chart is None:
        raise UserError(_("“%(name)s”这一年的数据不足以画出变化。") % {"name": _caption(facts)})
    caption = _caption(facts)
    return Picture(f"chart-{place + 1:02d}.png", chart_png(caption, chart), caption, place)


def _evidence(report: Report, place: int) -> Picture:
    file = report.sealed["files"][place]
    ending = ENDINGS[Path(file["name"]).suffix.lower()]
    content = _path(file).read_bytes()
    if not content.startswith(STARTS[ending]):
        raise UserError(_("“%(name)s”不是图片，或格式与名称不符。") % {"name": file["name"]})
    reading = next(
        number
        for number, one in enumerate(report.sealed["readings"])
        if any(row["key"] == file["row"] for row in one["rows"])
    )
    return Picture(f"evidence-{place + 1:02d}{ending}", content, Path(file["name"]).stem, reading)


def article_zip(
    *, actor: Actor, report: Report, charts: Collection[int] = (), evidence: Collection[int] = ()
) -> io.BytesIO:
    """The article with its pictures beside it."""
    pictures = pictures_of(actor=actor, report=report, charts=charts, evidence=evidence)
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("article.html", _page(article(report.sealed["document"], pictures)))
        archive.writestr("README.txt", _readme())
        for one in pictures:
            archive.writestr(f"pictures/{one.name}", one.content)
    stream.seek(0)
    return stream


def _page(html: str) -> str:
    return f'<!DOCTYPE html>\n<html lang="zh-Hans"><head><meta charset="utf-8"></head><body>{html}</body></html>\n'


def _readme() -> str:
    return README.format(
        characters=CHARACTERS.most,
        draft=CHARACTERS.source,
        picture=PICTURE_BYTES.most // 2**20,
        material=MATERIAL,
        sent=SENT_BYTES.most // 2**20,
        upload=UPLOAD,
    )

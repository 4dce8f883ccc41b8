"""A report as an article for a public account: HTML with inline styles only, and its pictures.

The platform strips scripts, classes and links to elsewhere, and shows only pictures that were
uploaded to it; so they stand beside the HTML as files, and in what is copied as data.
"""

from __future__ import annotations

import base64
import datetime as dt
import io
import zipfile
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from luodi.ground.audit import api as audit
from luodi.ground.evidence.api import File
from luodi.ground.figures import api as figures
from luodi.ground.scope.api import Actor
from luodi.lib.errors import UserError
from luodi.rooms.reports.exports.html import ARTICLE, part_html
from luodi.rooms.reports.exports.typeset import chart_png
from luodi.rooms.reports.language import Part
from luodi.rooms.reports.models import Report
from luodi.rooms.reports.sealing import frozen_of


@dataclass(frozen=True, slots=True)
class Limit:
    """What the platform takes, and where it says so."""

    most: int
    source: str


DRAFT = "https://developers.weixin.qq.com/doc/service/api/draftbox/draftmanage/api_draft_add"
UPLOAD = "https://developers.weixin.qq.com/doc/service/api/material/permanent/api_uploadimage"
MATERIAL = (
    "https://developers.weixin.qq.com/doc/service/en/Asset_Management/Adding_Permanent_Assets"
)
# "fewer than 20,000 characters, less than 1 MB": all of the HTML is counted, tags too
CHARACTERS, BYTES = Limit(20_000, DRAFT), Limit(1024 * 1024, DRAFT)
PICTURE_BYTES = Limit(10 * 1024 * 1024, MATERIAL)  # uploaded by hand, into the material library
SENT_BYTES = Limit(1024 * 1024, UPLOAD)  # sent by a program, jpg and png only
PICTURES = 20  # ours: a report is no album


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture (PNG or JPEG) that stands after the passage which prints a reading (its place)."""

    name: str
    content: bytes
    caption: str
    reading: int

    @property
    def data(self) -> str:
        kind = "png" if self.name.endswith(".png") else "jpeg"
        return f"data:image/{kind};base64,{base64.b64encode(self.content).decode()}"


def beside(picture: Picture) -> str:
    """Where a picture is, seen from the article in its zip."""
    return f"pictures/{picture.name}"


def article(
    document: Mapping[str, Any],
    pictures: Sequence[Picture] = (),
    address: Callable[[Picture], str] = beside,
) -> str:
    """The article's HTML. Raises UserError where the platform would not take it."""
    html = _html(document, pictures, beside)
    if len(html) >= CHARACTERS.most or len(html.encode()) >= BYTES.most:
        raise UserError(
            _("文章有%(count)s字符，公众号最多%(most)s字符。请删短，或分成几篇。")
            % {"count": len(html), "most": CHARACTERS.most}
        )
    # the platform replaces what a picture is copied with by an address of its own
    return html if address is beside else _html(document, pictures, address)


def _html(
    document: Mapping[str, Any], pictures: Sequence[Picture], address: Callable[[Picture], str]
) -> str:
    head = document["head"]
    return format_html(
        '<section style="padding:0 8px"><h1 style="font-size:22px;line-height:1.4;text-align:center;'
        'margin:0 0 1.2em">{}</h1>{}{}</section>\n',
        document["title"],
        format_html_join(
            "\n", "{}", ((one,) for one in _passages(document["parts"], pictures, address))
        ),
        format_html_join(
            "",
            '<p style="margin:0;text-align:right;color:#555">{}</p>',
            ((one,) for one in (head["signer"], head["signed_on"]) if one),
        ),
    )


def _passages(
    parts: Sequence[Mapping[str, Any]],
    pictures: Sequence[Picture],
    address: Callable[[Picture], str],
) -> Iterator[SafeString]:
    """Each part, and after it the pictures of what it is the first to print."""
    waiting = list(pictures)
    for part in map(Part.from_json, parts):
        yield part_html(part, ARTICLE)
        printed = {run.reading for run in part.all_runs}
        for one in [one for one in waiting if one.reading in printed]:
            waiting.remove(one)
            yield _picture(one, address)
    for one in waiting:
        yield _picture(one, address)


def _picture(one: Picture, address: Callable[[Picture], str]) -> SafeString:
    return format_html(
        '<p style="margin:0 0 .4em;text-align:center"><img src="{}" alt="{}" style="max-width:100%"></p>'
        '<p style="margin:0 0 1.2em;text-align:center;font-size:14px;color:#777">{}</p>',
        address(one),
        one.caption,
        one.caption,
    )


# --- the pictures that may go in: charts of its figures, evidence of its rows -------------------------
# The author chooses them; nothing goes out by itself. A chart shows what was known when the report
# was published.

ENDINGS = {".jpg": ".jpg", ".jpeg": ".jpg", ".png": ".png"}
STARTS = {".jpg": b"\xff\xd8\xff", ".png": b"\x89PNG\r\n\x1a\n"}
PAGE = '<!DOCTYPE html>\n<html lang="zh-Hans"><head><meta charset="utf-8"></head><body>{}</body></html>\n'
README = f"""公众号文章及其图片。 An article for a public account, and its pictures.

article.html  正文：在浏览器里打开，全选、复制，粘贴到公众号编辑器。
pictures/     图片：粘贴后图片若没有带上，请在原位置逐张上传。

公众号的限制 limits of the platform:
正文少于 {CHARACTERS.most} 字符（标签也算） {CHARACTERS.source}
图片手工上传最大 {PICTURE_BYTES.most // 2**20} MB {MATERIAL}
图片由程序上传最大 {SENT_BYTES.most // 2**20} MB，jpg 或 png {UPLOAD}
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
            # a figure of another unit than the report's with that unit's name
            own = asked["unit"] == report.unit_id
            name = facts["names"]["zh-hans"] if own else _caption(facts)
            label = f"{name}（{facts['value']}{facts['unit']['zh-hans']}）"
            found.setdefault(which, Choice(place, label))
    return list(found.values())


def evidence_of(report: Report) -> list[Choice]:
    """The pictures among the evidence of its rows that the platform takes."""
    return [
        Choice(place, file["name"], file["size"])
        for place, file in enumerate(_sealed(report)["files"])
        if Path(file["name"]).suffix.lower() in ENDINGS
        and file["size"] <= PICTURE_BYTES.most
        and File(sha256=file["sha256"]).location.is_file()
    ]


def _sealed(report: Report) -> Mapping[str, Any]:
    if report.is_draft:
        raise UserError(_("草稿还没有签发，文章里还不能放图片。"))
    return report.sealed


def _caption(facts: Mapping[str, Any]) -> str:
    return f"{facts['question']['unit_name']} {facts['names']['zh-hans']}"


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
    caption = _caption(frozen)
    chart = figures.drawn(
        [
            (asked.until, one.value, figures.text_of(figure, one.value), "")
            for asked, one in zip(questions, found, strict=True)
        ]
    )
    if chart is None:
        raise UserError(_("“%(name)s”这一年的数据不足以画出变化。") % {"name": caption})
    return Picture(f"chart-{place + 1:02d}.png", chart_png(caption, chart), caption, place)


def _evidence(report: Report, place: int) -> Picture:
    file = report.sealed["files"][place]
    name = Path(file["name"])
    ending = ENDINGS[name.suffix.lower()]
    content = File(sha256=file["sha256"]).location.read_bytes()
    if not content.startswith(STARTS[ending]):
        raise UserError(_("“%(name)s”不是图片，或格式与名称不符。") % {"name": name})
    reading = next(
        number
        for number, one in enumerate(report.sealed["readings"])
        if any(row["key"] == file["row"] for row in one["rows"])
    )
    return Picture(f"evidence-{place + 1:02d}{ending}", content, name.stem, reading)


def article_zip(
    *, actor: Actor, report: Report, charts: Collection[int] = (), evidence: Collection[int] = ()
) -> io.BytesIO:
    """The article with its pictures beside it."""
    pictures = pictures_of(actor=actor, report=report, charts=charts, evidence=evidence)
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("article.html", PAGE.format(article(report.sealed["document"], pictures)))
        archive.writestr("README.txt", README)
        for one in pictures:
            archive.writestr(beside(one), one.content)
    stream.seek(0)
    return stream

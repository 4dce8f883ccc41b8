"""Setting type with typst: in which fonts (the prescribed ones where the site has them, or stand-ins);
an official document as a PDF, on the same grid as the Word file; a figure over twelve months as a PNG."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources
from pathlib import Path
from typing import Any, Literal

import typst
from django.conf import settings
from django.utils.functional import Promise
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from luodi.ground.figures.api import Chart
from luodi.lib.errors import UserError
from luodi.rooms.reports.exports import grid
from luodi.rooms.reports.sealing import Sealed, canonical


@dataclass(frozen=True, slots=True)
class Face:
    """A role of type: the name that Word files carry, its other names, and free stand-ins."""

    label: str | Promise
    name: str
    also: tuple[str, ...]
    instead: tuple[str, ...]


SERIF = ("Noto Serif CJK SC", "Noto Serif SC", "Source Han Serif SC", "AR PL SungtiL GB")
SANS = ("Noto Sans CJK SC", "Noto Sans SC", "Source Han Sans SC", "WenQuanYi Zen Hei")
FACES = {
    "title": Face(
        _("小标宋（标题）"),
        "方正小标宋简体",
        ("FZXiaoBiaoSong-B05S", "FZXiaoBiaoSong-B05", "方正小标宋_GBK"),
        SERIF,
    ),
    "body": Face(
        _("仿宋（正文）"),
        "仿宋_GB2312",
        ("FangSong_GB2312", "仿宋", "FangSong", "STFangsong", "华文仿宋"),
        ("FandolFang R", "FandolFang", *SERIF),
    ),
    "black": Face(_("黑体（一级标题）"), "黑体", ("SimHei", "STHeiti"), ("FandolHei", *SANS)),
    "kai": Face(
        _("楷体（二级标题）"),
        "楷体_GB2312",
        ("KaiTi_GB2312", "楷体", "KaiTi", "STKaiti", "华文楷体"),
        ("LXGW WenKai", "霞鹜文楷", "AR PL KaitiM GB", "AR PL UKai CN", "FandolKai", *SERIF),
    ),
    "song": Face(_("宋体（页码）"), "宋体", ("SimSun", "STSong"), ("FandolSong", *SERIF)),
}


@dataclass(frozen=True, slots=True)
class StandIn:
    """A prescribed font that the site lacks, and what is used in its place."""

    label: str
    wanted: str
    used: str


def folder() -> Path:
    """Where an operator puts the fonts that the site has a licence for."""
    return Path(settings.DATA_DIR) / "fonts"


def families() -> dict[str, str]:
    """The families at hand by their folded names; looked up anew when the folder changes."""
    return _families(folder().stat().st_mtime if folder().is_dir() else 0.0)


@lru_cache(maxsize=4)
def _families(_changed: float) -> dict[str, str]:
    found = typst.Fonts(include_system_fonts=True, font_paths=_paths()).families()
    return {name.casefold(): name for name in found}


def _paths() -> list[Any]:
    return [folder()] if folder().is_dir() else []


def typeset(
    template: str,
    content: object,
    *,
    seal: str = "",
    format: Literal["pdf", "png"] = "pdf",
    ppi: float | None = None,
) -> bytes:
    """What a template of this folder makes of a content (as JSON); `seal` is attached to it."""
    made: bytes = typst.compile(
        resources.files(__package__).joinpath(template).read_bytes(),
        format=format,
        ppi=ppi,
        font_paths=_paths(),
        sys_inputs={"content": json.dumps(content, ensure_ascii=False), "seal": seal},
    )
    return made


def chosen() -> dict[str, str]:
    """The family for each face. Raises UserError where there is no Chinese font at all."""
    at_hand, found = families(), {}
    for key, face in FACES.items():
        names = (face.name, *face.also, *face.instead)
        name = next((at_hand[one.casefold()] for one in names if one.casefold() in at_hand), None)
        if name is None:
            raise UserError(
                _now(
                    "服务器上没有“%(font)s”可用的字体。请安装 fonts-noto-cjk，或把字体放进 %(folder)s。"
                )
                % {"font": face.name, "folder": folder()}
            )
        found[key] = name
    return found


def stand_ins() -> list[StandIn]:
    """Where the PDF is not set in the prescribed font."""
    found = []
    for key, name in chosen().items():
        face = FACES[key]
        if name.casefold() not in {one.casefold() for one in (face.name, *face.also)}:
            found.append(StandIn(str(face.label), face.name, name))
    return found


def pdf(document: Mapping[str, Any], seal: Sealed | None = None) -> bytes:
    """The PDF of a document; with a seal, attached."""
    measures = {name: value for name, value in vars(grid).items() if name.isupper()}
    content = {
        "document": document,
        "fonts": chosen(),
        "grid": measures | {"ISSUER_PT": grid.issuer_size(document["head"]["issuer"])},
    }
    return typeset("official.typ", content, seal=canonical(seal).decode() if seal else "")


PIXELS_PER_INCH = 144.0  # 1,280 pixels wide: twice a phone's article column


def chart_png(title: str, chart: Chart) -> bytes:
    """The picture of a chart; the first, the last and the highest and lowest point have their words."""
    dots, points = chart.dots, chart.points
    last = len(dots) - 1
    heights = [float(one.y or 0) for one in dots]
    extremes = {heights.index(min(heights)), heights.index(max(heights))}
    # two words side by side need the width of three months
    told = sorted({0, last} | {at for at in extremes if 2 < at < last - 2})
    dated = [at for at in range(0, len(points), 3) if at == 0 or 2 < at < len(points) - 3]
    content = {
        "title": title,
        "font": chosen()["black"],
        "floor": chart.floor,
        "lines": [
            [[float(part) for part in point.split(",")] for point in line.split()]
            for line in chart.lines
        ],
        "points": [{"x": one.x, "y": one.y} for one in dots],
        "values": [
            {"x": dots[at].x, "y": dots[at].y, "text": dots[at].text, "where": _where(at, dots)}
            for at in told
        ],
        "days": [
            {"x": points[at].x, "text": points[at].day, "where": _where(at, points)}
            for at in (*dated, len(points) - 1)
        ],
    }
    return typeset("chart.typ", content, format="png", ppi=PIXELS_PER_INCH)


def _where(at: int, points: Sequence[object]) -> str:
    return "first" if at == 0 else "last" if at == len(points) - 1 else "middle"

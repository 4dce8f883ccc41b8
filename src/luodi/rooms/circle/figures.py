"""What the latest study of a unit says: minutes from each settlement, and who has a ground near."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from luodi.ground.figures.api import Figure, Kind, Question, Row
from luodi.rooms.circle.models import Study


def _latest(question: Question) -> Study | None:
    """The latest finished study of any ground on foot without a clock, made by the end of the day."""
    rows = Study.objects.filter(
        unit=question.unit,
        kind="any",
        mode="walk",
        clock=None,
        state=Study.State.READY,
        asked_at__date__lte=question.until,
    )
    return rows.order_by("-asked_at", "-pk").first()


def minutes_rows(question: Question) -> list[Row]:
    """A row for each settlement: minutes to the nearest ground, those beyond an hour as 60."""
    study = _latest(question)
    if study is None:
        return []
    url = reverse("circle:study", args=[study.pk])
    return [
        Row(
            key=f"circle_settlement:{home['id']}",
            label=f"{home['name']}（{home['nearest'] or '—'}）",
            amount=Decimal(str(60 if home["before"] is None else home["before"])),
            url=url,
        )
        for home in study.result["homes"]
    ]


def covered_rows(question: Question) -> list[Row]:
    """A row for each settlement with its people; its side: whether a ground is within the limit."""
    study = _latest(question)
    if study is None:
        return []
    limit, url = study.result["limit"], reverse("circle:study", args=[study.pk])
    return [
        Row(
            key=f"circle_settlement:{home['id']}",
            label=home["name"],
            amount=Decimal(home["people"]),
            side=home["before"] is not None and home["before"] <= limit,
            url=url,
        )
        for home in study.result["homes"]
    ]


def figures() -> Iterator[Figure]:
    common = {
        "permission": "circle.view",
        "source": "中办国办《关于构建更高水平的全民健身公共服务体系的意见》（2022年）",
    }
    yield Figure(
        key="circle.minutes",
        name=_("到最近体育场地的最长步行时间"),
        unit=_("分钟"),
        kind=Kind.GREATEST,
        rows=minutes_rows,
        places=1,
        definition=_("最近一次测算中，各居民点步行到最近体育场地的分钟数，取最大的。"),
        synonyms=("健身圈", "15分钟健身圈", "fitness circle"),
        **common,  # type: ignore[arg-type]
    )
    yield Figure(
        key="circle.covered",
        name=_("健身圈覆盖人口比例"),
        unit="%",
        kind=Kind.SHARE,
        rows=covered_rows,
        places=1,
        definition=_("最近一次测算中，时限内能走到体育场地的居民占全体居民的比例。"),
        synonyms=("健身圈覆盖率", "share of people within the circle"),
        **common,  # type: ignore[arg-type]
    )

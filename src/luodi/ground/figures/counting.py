"""How many records there are: a figure that opens to its rows."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from luodi.ground.figures.definition import Columns, Figure, Kind, Question
from luodi.ground.records.api import Resource


def count_of(resource: Resource) -> Figure:
    """The figure `app.many`: the records of a unit and below that counted on a day."""

    def rows(question: Question) -> Any:
        counted = resource.model._default_manager.filter(resource.below(question.unit))
        return counted.filter(resource.open_on(question.until))

    def url(pk: Any) -> str:
        return reverse(f"{resource.space}:{resource.name}", args=[pk])

    return Figure(
        key=f"{resource.meta.app_label}.{resource.many}",
        name=resource.labels,
        unit=resource.measure,
        kind=Kind.COUNT,
        rows=rows,
        definition=_("当日在本单位及下级、在用的记录；开始日期不详的也计入，已停用的不计。"),
        synonyms=tuple(resource.synonyms) or (str(resource.many),),
        columns=Columns(resource.search[0], on=resource.opens, url=url),
        permission=resource.view,
    )

"""The rectification list: what will be done, by whom, until when."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from luodi.ground.scope.api import Scoped
from luodi.ground.tables.api import More, Watch
from luodi.rooms.casework.models.history import case_key
from luodi.rooms.casework.queries import MeasureQuerySet
from luodi.rooms.casework.tables import OF_CASE, STEPS


class Measure(Scoped):
    """A step towards a solution. Open until it is done, or dropped for a reason."""

    case = case_key("measures")
    text = models.TextField(_("措施"))
    owner = models.ForeignKey(
        "scope.Account",
        models.PROTECT,
        null=True,
        db_index=False,
        related_name="+",
        verbose_name=_("责任人账号"),
    )
    owner_name = models.CharField(_("责任人"), max_length=60)
    due_on = models.DateField(_("完成期限"))
    created_at = models.DateTimeField(_("制定时间"))
    done_at = models.DateTimeField(_("完成时间"), null=True)
    result = models.TextField(_("完成情况"), blank=True)
    dropped_at = models.DateTimeField(_("取消时间"), null=True)
    dropped_why = models.TextField(_("取消原因"), blank=True)

    guard = OF_CASE
    watch = Watch()
    more = More(statistics=STEPS)

    objects = MeasureQuerySet.as_manager()

    class Meta:
        verbose_name = _("整改措施")
        ordering = ["due_on", "id"]
        indexes = [
            models.Index(fields=["case", "id"], name="measure_case"),
            models.Index(
                fields=["owner", "due_on"],
                name="measure_open",
                condition=Q(done_at__isnull=True, dropped_at__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        return self.text[:40]

    @property
    def is_open(self) -> bool:
        return self.done_at is None and self.dropped_at is None
